"""Decide: a policy turns findings into verdicts; the one place that does (DESIGN section 6)."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence

from caveat.errors import Place
from caveat.factsheet import fact_sheet
from caveat.finding import OUTCOMES, SEVERITIES, Finding, Severity, order
from caveat.manifest import Manifest
from caveat.policy import Policy
from caveat.report import (
    VERDICTS,
    Because,
    LineageStep,
    Location,
    Obligation,
    Question,
    ReportedFinding,
    ReportedLicense,
    ReportedModel,
    ReportedProject,
    ReportedTerm,
    ReportedWaiver,
    Verdict,
)
from caveat.term import Resolved, Term
from caveat.truth import Ground, Need
from caveat.vocabulary import Vocabulary

MAX_STEPS = 60
"""So many steps of a model's lineage are reported; the others are counted."""
_STATES = {"obligation": "open", "pass": "met", "fail": "breached"}


def decide(manifest: Manifest, models: Sequence[Resolved], findings: Iterable[Finding], policy: Policy,
           vocabulary: Vocabulary, as_of: datetime.date) -> ReportedProject:
    """Return a project's part of the report: findings in order, verdicts, obligations and open questions."""
    noted = (*findings, *_waivers(manifest), *_outdated(models, policy, as_of))
    weighed = [finding._replace(severity=policy.severity(finding)) for finding in noted]
    ordered = sorted(weighed, key=order)
    by_model: dict[str, list[Finding]] = {}
    for finding in ordered:
        by_model.setdefault(finding.model, []).append(finding)
    return ReportedProject(
        project=manifest.project, manifest=manifest.path, as_of=as_of.isoformat(), verdict=verdict(ordered, policy),
        models=tuple(_model(model, by_model.get(model.use.id, ()), policy) for model in models),
        findings=tuple(_reported(finding, vocabulary, policy) for finding in ordered),
        obligations=tuple(_obligations(ordered)), questions=_questions(ordered, vocabulary),
        waivers=tuple(_reported_waivers(manifest)), licenses=tuple(_licenses(models)), facts=fact_sheet(manifest, models))


def verdict(findings: Iterable[Finding], policy: Policy) -> Verdict:
    """Return fail if any finding fails, else review if one reaches the policy's gate, else pass."""
    worst = [_verdict_of(finding, policy) for finding in findings]
    return max(worst, key=VERDICTS.index, default="pass")


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of several verdicts."""
    return max(verdicts, key=VERDICTS.index, default="pass")


def _verdict_of(finding: Finding, policy: Policy) -> Verdict:
    if finding.outcome == "fail":
        return "fail"
    line = {"review": policy.gate.review, "obligation": policy.gate.obligation}.get(finding.outcome, "none")
    return "review" if line != "none" and _at_least(finding.severity, line) else "pass"


def _at_least(severity: Severity, line: str) -> bool:
    return SEVERITIES.index(severity) <= SEVERITIES.index(line)


def _waivers(manifest: Manifest) -> Iterable[Finding]:
    """Report each waiver: this version of the program lists them and lets none of them lift a finding."""
    for waiver in manifest.waivers:
        place = Place(manifest.path, waiver.line)
        yield Finding("waiver-not-applied", "waiver-not-applied", "review", "medium",
                      f"the waiver of {waiver.get('rule')} is listed; this version applies no waivers", place,
                      waiver.get("model") or "", remedy="Mend the finding, or gate on it outside caveat.")


def _reported_waivers(manifest: Manifest) -> Iterable[ReportedWaiver]:
    for waiver in manifest.waivers:
        texts = {name: str(waiver.get(name) or "")
                 for name in ("rule", "model", "reason", "owner", "approved_by", "until", "evidence")}
        yield ReportedWaiver(**texts, state="not-applied", location=Location(manifest.path, waiver.line, None))


def _licenses(models: Sequence[Resolved]) -> Iterable[ReportedLicense]:
    """Give every license that binds a model, or may, once, by its id."""
    found = {term.license.id: term.license for model in models for term in _terms(model)}
    for license_id, license in sorted(found.items()):
        source, policy = license.source, license.policy
        yield ReportedLicense(license_id, license.name, license.licensor.name if license.licensor else "", source.url,
                              source.read_on, source.evidence, policy.url if policy else "")


def _terms(model: Resolved) -> tuple[Term, ...]:
    """Return the terms of a model, those of every choice among them."""
    return (*model.terms, *(term for branch in model.choices for term in branch))


def _outdated(models: Sequence[Resolved], policy: Policy, as_of: datetime.date) -> Iterable[Finding]:
    """Note every model whose license, or its use policy, was read longer ago than the policy allows."""
    for model in models:
        for license in {term.license.id: term.license for term in _terms(model) if policy.max_age}.values():
            read_on = min(filter(None, (license.source.read_on, license.policy.read_on if license.policy else "")))
            age = (as_of - datetime.date.fromisoformat(read_on)).days
            if age > policy.max_age:
                told = f"{license.id} was read on {read_on}, {age} days before this audit; the policy allows {policy.max_age}"
                yield Finding("rule-set-outdated", "rule-set-outdated", "review", "info", told,
                              model.place, model.use.id, url=license.source.url,
                              remedy="Compare the text of today with `caveat rules check-texts`, or update caveat.")


def _model(model: Resolved, findings: Sequence[Finding], policy: Policy) -> ReportedModel:
    terms = [_reported_term(term, term.source) for term in model.terms]
    terms += [_reported_term(term, "one of several") for branch in model.choices for term in branch]
    return ReportedModel(model.use.id, tuple(dict.fromkeys(terms)), verdict(findings, policy),
                         tuple(LineageStep(*step) for step in model.lineage[:MAX_STEPS]), max(0, len(model.lineage) - MAX_STEPS),
                         Location(*model.place))


def _reported_term(term: Term, source: str) -> ReportedTerm:
    return ReportedTerm(term.license.id, term.via, source)


def _reported(finding: Finding, vocabulary: Vocabulary, policy: Policy) -> ReportedFinding:
    return ReportedFinding(
        rule=finding.rule, kind=finding.kind, outcome=finding.outcome, severity=finding.severity, model=finding.model,
        license=finding.license or None, section=finding.section or None, via=finding.via, message=finding.message,
        says=finding.says, because=_because(finding.because),
        questions=tuple(vocabulary.question(need.fact, need.detail) for need in finding.needs if need.fact),
        readings=tuple(need.reading for need in finding.needs if need.reading), remedy=finding.remedy, url=finding.url,
        location=Location(*finding.place), waiver=None, fingerprint=_fingerprint(finding),
        gates=_verdict_of(finding, policy) != "pass")


def _because(grounds: Iterable[Ground]) -> tuple[Because, ...]:
    return tuple(Because(g.fact, g.value, g.detail, g.source, g.path, g.line) for g in grounds)


def _fingerprint(finding: Finding) -> str:
    """Return an id of the finding that survives moved lines: what was found about which model in which file."""
    what = "" if finding.license else finding.message  # rules of no license may be found twice for one model
    text = "\0".join((finding.rule, finding.model, finding.place.path, finding.outcome, what))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _obligations(findings: Iterable[Finding]) -> Iterable[Obligation]:
    for finding in findings:
        if finding.duty and finding.outcome in _STATES:
            where = ", ".join(str(ground.value) for ground in finding.because if ground.fact == "distribution")
            shown = _because(ground for ground in finding.because if ground.fact.startswith(("evidence.", "terms")))
            yield Obligation(
                finding.rule, finding.model, _STATES[finding.outcome], finding.remedy,  # type: ignore[arg-type]
                license=finding.license or None, section=finding.section or None, what=finding.says, where=where, evidence=shown,
                finding=_fingerprint(finding))


def _questions(findings: Iterable[Finding], vocabulary: Vocabulary) -> tuple[Question, ...]:
    """Return every open question once, the one that helps to decide most rules first."""
    asked: dict[Need, list[Finding]] = {}
    for finding in findings:
        for need in finding.needs:
            if need.fact and finding.outcome in OUTCOMES[:3]:
                asked.setdefault(need._replace(reading=""), []).append(finding)
    questions = [Question(need.fact, need.detail, vocabulary.question(need.fact, need.detail),
                          tuple(sorted({finding.model for finding in deciding})),
                          tuple(sorted({finding.rule for finding in deciding}))) for need, deciding in asked.items()]
    return tuple(sorted(questions, key=lambda q: (-len(q.decides), q.fact, q.month, q.models)))
