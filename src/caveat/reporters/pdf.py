"""The report as a PDF to file and to sign: tagged for readers (PDF/UA-1), the same bytes from the same report everywhere."""

from __future__ import annotations

import datetime
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from caveat.errors import ExtraMissingError
from caveat.finding import OUTCOMES
from caveat.limits import LIMITS
from caveat.own_rules import OWN_RULES
from caveat.report import (
    VERDICTS,
    Because,
    Obligation,
    Report,
    ReportedFact,
    ReportedFinding,
    ReportedLicense,
    ReportedModel,
    ReportedProject,
    Style,
)
from caveat.reporters._words import (
    ALL_CHECKED,
    NO_DUTY,
    NO_LICENSE,
    NO_QUESTION,
    OPEN,
    OUTCOME_WORDS,
    about,
    change,
    digest,
    fact_and_detail,
    fact_lines,
    gravity,
    lineage_words,
    listed,
    not_checked,
    place,
    section,
    sentence,
    stated_in,
    term_words,
    value,
    verdict_words,
)
from caveat.shapes import harmless, shown

_TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
# What the fonts inside of typst can show: Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation, money, arrows, mathematics.
# Fonts of the system would make other bytes on other machines, and a PDF/UA document may hold no character without a shape.
_HAS_NO_SHAPE = re.compile(
    "[^\\n -~\u00a1-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u1e00-\u1eff"
    "\u2010-\u2027\u20a0-\u20bf\u2190-\u21ff\u2200-\u222e\u2500-\u257f]")
_NOT_ASCII = re.compile(r"[^\n -~]")
# A line breaks at blanks, hyphens and slashes by itself; elsewhere a long word gets places to break that nobody sees.
_LONG_WORD = re.compile(r"[^\s\-/]{17,}")
_JOINT = re.compile(r"[._:,=&?](?=.)")
_LONG_RUN = re.compile("[^\u200b]{17,}")
_PIECE = re.compile(".{6}(?=.)")
_LINK = re.compile(r"https?://[!-~]{1,2000}")
MAX_REASONS = 12
"""So many findings stand on the first page as what holds back; the rest is counted there, and each stands in full later."""
_STATE_INKS = {"open": "obligation", "met": "pass", "breached": "fail"}


def render(report: Report, style: Style) -> bytes:
    """Return the report as a PDF; no style changes it: everything is in it."""
    try:
        import typst
    except ImportError:
        raise ExtraMissingError("pdf") from None

    def made(unseen: re.Pattern[str]) -> bytes:
        return typst.compile(
            os.path.join(_TEMPLATES, "report.typ"), root=_TEMPLATES, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(_Paper(report, unseen).data(), ensure_ascii=False)},
            timestamp=datetime.datetime.fromisoformat(f"{report.as_of}T00:00:00+00:00"))

    try:
        return made(_HAS_NO_SHAPE)
    except typst.TypstError:
        # A sequence of characters can lack a shape where each of them has one; plain ASCII never does.
        return made(_NOT_ASCII)


def _brief(text: str) -> str:
    """Return the beginning of a text that stands in full on a later page."""
    return text if len(text) <= 260 else f"{text[:257]}..."


def _breakable(word: re.Match[str]) -> str:
    """Return a long word with places to break: after its dots and the like, and anywhere in what is long without any."""
    joints = _JOINT.sub("\\g<0>\u200b", word[0])
    return _LONG_RUN.sub(lambda run: _PIECE.sub("\\g<0>\u200b", run[0]), joints)


class _Paper:
    """A report as the data that the template sets; every string in it went through `text`."""

    def __init__(self, report: Report, unseen: re.Pattern[str]) -> None:
        self.report = report
        self.unseen = unseen

    def text(self, text: str) -> str:
        """Return a stranger's text as it may be set: characters without a shape by their number, long words with breaks."""
        clean = unicodedata.normalize("NFC", harmless(text.replace("\t", " ")))
        seen = self.unseen.sub(lambda match: f"[U+{ord(match[0]):04X}]", clean)
        return _LONG_WORD.sub(_breakable, seen)

    def texts(self, texts: Iterable[str]) -> list[str]:
        """Return several texts as they may be set."""
        return [self.text(one) for one in texts]

    def href(self, url: str) -> str:
        """Return the address that a link may lead to; "" for none."""
        return url if _LINK.fullmatch(url) else ""

    def data(self) -> dict[str, Any]:
        """Return the whole document as data."""
        report = self.report
        name = ", ".join(project.project for project in report.projects) or "Nothing could be evaluated"
        counts = ", ".join(f"{report.summary[outcome]} {OUTCOME_WORDS[outcome]}" for outcome in OUTCOMES
                           if report.summary.get(outcome))
        day = datetime.date.fromisoformat(report.as_of)
        reasons = [one.finding for one in listed(report, OPEN, waived=False) if one.finding.gates]
        return {
            "reasons": [[finding.outcome, self.text(finding.rule), self.text(finding.model or "project"),
                         self.text(_brief(sentence(finding.message)))] for finding in reasons[:MAX_REASONS]],
            "more_reasons": max(0, len(reasons) - MAX_REASONS),
            "title": self.text(f"License report: {shown(name)}, {verdict_words(report.verdict)}, as of {report.as_of}"),
            "name": self.text(name), "running": self.text(shown(name)), "verdict": report.verdict,
            "verdict_words": verdict_words(report.verdict), "as_of": report.as_of, "day": [day.year, day.month, day.day],
            "tool": self.text(f"{report.tool.name} {report.tool.version}"), "digest": f"sha256:{digest(report)}",
            "counts": f"Clauses: {counts}" if counts else "No clause was checked.",
            "about": [[label, self.text(text)] for label, text in about(report)],
            "none": {"duty": NO_DUTY, "question": NO_QUESTION, "license": NO_LICENSE, "unchecked": ALL_CHECKED},
            "not_checked": self.texts(dict.fromkeys(not_checked(report))), "limits": self.texts(LIMITS),
            "projects": [self.project(number, project) for number, project in enumerate(report.projects)]}

    def project(self, number: int, project: ReportedProject) -> dict[str, Any]:
        """Return a project: its models, the worst first, and its registers."""
        by_model: dict[str, list[ReportedFinding]] = {}
        for finding in sorted(project.findings, key=gravity):
            by_model.setdefault(finding.model, []).append(finding)
        models = sorted(project.models, key=lambda model: -VERDICTS.index(model.verdict))
        parts = [self.model(model, by_model.pop(model.id, [])) for model in models]
        rest = [self.part(f"Findings about {model}" if model else "Findings about no one model", found)
                for model, found in by_model.items()]
        for index, part in enumerate(all_parts := [*rest, *parts]):
            part["anchor"] = f"part-{number}-{index}"
        return {
            "name": self.text(project.project), "manifest": self.text(project.manifest), "verdict": project.verdict,
            "verdict_words": verdict_words(project.verdict), "parts": all_parts,
            "obligations": [self.obligation(duty) for duty in project.obligations],
            "questions": [{"ask": self.text(asked.ask),
                           "fact": self.text(f"{asked.fact} ({asked.month})" if asked.month else asked.fact),
                           "models": self.text(", ".join(asked.models)), "decides": self.text(", ".join(asked.decides))}
                          for asked in project.questions],
            "waivers": [[self.texts(cell) for cell in (
                (waiver.rule, waiver.model), (waiver.reason, waiver.evidence), (waiver.owner, waiver.approved_by), (waiver.until,),
                (waiver.state, place(waiver.location)))] for waiver in project.waivers],
            "licenses": [self.license(license) for license in project.licenses],
            "facts": [self.fact(fact) for fact in project.facts]}

    def model(self, model: ReportedModel, findings: list[ReportedFinding]) -> dict[str, Any]:
        """Return a model with its terms, the way they came, and its findings."""
        licenses = ", ".join(dict.fromkeys(term.license for term in model.terms))
        return self.part(model.id, findings) | {
            "model": True, "verdict": model.verdict, "verdict_words": verdict_words(model.verdict),
            "licenses": self.text(licenses or NO_LICENSE), "terms": self.texts(map(term_words, model.terms)),
            "way": self.texts(lineage_words(model))}

    def part(self, name: str, findings: list[ReportedFinding]) -> dict[str, Any]:
        """Return findings under a name: the open ones in full, the others as rows."""
        return {
            "model": False, "name": self.text(name),
            "open": [self.finding(finding) for finding in findings if finding.outcome in OPEN],
            "closed": [[self.text(finding.rule), self.text(section(finding)), finding.outcome, self.text(finding.message)]
                       for finding in findings if finding.outcome not in OPEN]}

    def finding(self, finding: ReportedFinding) -> dict[str, Any]:
        """Return a finding in full."""
        own = OWN_RULES.get(finding.rule)
        state = [finding.severity, "holds the project back" if finding.gates else "", finding.license or "",
                 f"waived by {finding.waiver}" if finding.waiver is not None else "", place(finding.location),
                 f"finding {finding.fingerprint}"]
        others = [way for way in change(finding) if way != finding.remedy]
        return {
            "outcome": finding.outcome, "rule": self.text(finding.rule), "section": self.text(section(finding)),
            "facts_line": self.text(" · ".join(part for part in state if part)),
            "message": self.text(sentence(finding.message)),
            "says": self.text(finding.says or (own.says if own else "")),
            "says_label": "The license says" if finding.license else "What this means",
            "url": self.text(finding.url), "href": self.href(finding.url),
            "via": self.texts(finding.via) if finding.via != ("own",) else [], "to_do": self.text(finding.remedy),
            "change": self.texts(others), "readings": self.texts(finding.readings), "questions": self.texts(finding.questions),
            "because": [self.ground(ground) for ground in finding.because]}

    def ground(self, ground: Because) -> list[str]:
        """Return a fact behind a finding as a row."""
        return self.texts((fact_and_detail(ground), value(ground.value), stated_in(ground)))

    def obligation(self, duty: Obligation) -> dict[str, Any]:
        """Return a duty as a row of the register."""
        return {
            "rule": self.text(duty.rule), "section": self.text(section(duty)),
            "model": self.text(duty.model), "what": self.text(duty.what), "where": self.text(duty.where), "state": duty.state,
            "ink": _STATE_INKS[duty.state], "to_do": self.text(duty.remedy), "evidence": self.texts(fact_lines(duty.evidence)),
            "finding": self.text(duty.finding)}

    def license(self, license: ReportedLicense) -> dict[str, str]:
        """Return a license as a row: where, when and how much of it was read."""
        how = {"text": "whole", "partial": "in parts only", "secondary": "at second hand only"}[license.evidence]
        return {
            "id": self.text(license.id), "name": self.text(license.name), "licensor": self.text(license.licensor),
            "read": self.text(f"{license.read_on}, {how}"), "url": self.text(license.url), "href": self.href(license.url),
            "policy_url": self.text(license.policy_url), "policy_href": self.href(license.policy_url)}

    def fact(self, fact: ReportedFact) -> list[str]:
        """Return a statement of the fact sheet as a row."""
        name = f"{fact.fact} ({fact.detail})" if fact.detail else fact.fact
        return self.texts((fact.model or "project", name, value(fact.value), stated_in(fact)))
