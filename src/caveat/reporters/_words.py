"""Words and orders that several formats share, so that all of them say the same of one report."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from caveat.finding import OUTCOMES, SEVERITIES, Outcome
from caveat.report import (
    Because,
    Location,
    Obligation,
    Report,
    ReportedFact,
    ReportedFinding,
    ReportedModel,
    ReportedProject,
    ReportedTerm,
    Style,
    Verdict,
)
from caveat.reporters.json import render as as_json
from caveat.shapes import shown

OUTCOME_WORDS: dict[Outcome, str] = {
    "fail": "FAIL", "review": "REVIEW", "obligation": "OWED", "pass": "PASS", "not-applicable": "N/A"}
TRIAGE: dict[Verdict, str] = {"fail": "potential conflict", "review": "research needed", "pass": "OK to use"}
"""The verdicts in the words in which legal teams sort what they read."""
OPEN: tuple[Outcome, ...] = OUTCOMES[:3]
"""The outcomes that ask for something."""
NO_LICENSE = "no license counted"
"""What stands where a model brings none: it has none, none that was identified, or one that another replaces; the findings say."""
NO_DUTY = "None is owed for certain; where it is open whether one is owed, a finding says so."
NO_QUESTION = "None: no missing fact keeps a clause open."
ALL_CHECKED = "Nothing that is known of. What a verdict never covers stands under Limits."
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""A spreadsheet runs what begins so as a formula: past blanks and marks without width, and by wide forms of the signs, too."""
_DAYS = re.compile(r"\b[0-9]+ days\b")


class Listed(NamedTuple):
    """A finding, and the project it belongs to."""

    project: ReportedProject
    finding: ReportedFinding


def digest(report: Report) -> str:
    """Return the SHA-256 of the report as JSON: it ties a report in any format to the one that machines read."""
    return hashlib.sha256(as_json(report, Style()).encode("utf-8", "replace")).hexdigest()


def gravity(finding: ReportedFinding) -> tuple[bool, int, int, str, str]:
    """Return the sort key that puts first what holds the project back, then the worst outcome and the gravest severity."""
    return (not finding.gates, OUTCOMES.index(finding.outcome), SEVERITIES.index(finding.severity), finding.model, finding.rule)


def listed(report: Report, outcomes: Iterable[Outcome], *, waived: bool) -> list[Listed]:
    """Return the findings of these outcomes, gravest first; waived ones only where they are asked for."""
    wanted = frozenset(outcomes)
    found = [Listed(project, finding) for project in report.projects for finding in project.findings
             if finding.outcome in wanted and (waived or finding.waiver is None)]
    return sorted(found, key=lambda one: gravity(one.finding))


def section(finding: ReportedFinding | Obligation) -> str:
    """Return the section as it is cited: §2 for a numbered one, its words for another, "" for none."""
    text = finding.section or ""
    return f"§{text}" if text[:1].isdigit() else text


def value(stated: str | int | bool) -> str:
    """Return a fact's value as the manifest writes it."""
    return str(stated).lower() if isinstance(stated, bool) else str(stated)


def stated_in(fact: Because | ReportedFact) -> str:
    """Say who stated a fact and where: the line of a file, or the catalogue."""
    return f"{fact.path}:{fact.line}" if fact.line else fact.path or fact.source


def place(location: Location) -> str:
    """Return a place as file:line:column, as far as it is known."""
    return ":".join(str(part) for part in (location.path, location.line, location.column) if part)


def fact_and_detail(fact: Because) -> str:
    """Return the name of a fact with the month, use or part that is meant."""
    return f"{fact.fact} ({fact.detail})" if fact.detail else fact.fact


def change(finding: ReportedFinding) -> tuple[str, ...]:
    """Say what would change the outcome: the mend, the answers, the choice of a reading, or a change of the facts."""
    said = []
    if finding.outcome in OPEN and finding.remedy:
        said.append(finding.remedy)
    if finding.questions:
        said.append("An answer to: " + " ".join(finding.questions))
    if finding.readings:
        said.append("A decision by counsel on which reading holds.")
    facts = ", ".join(dict.fromkeys(fact_and_detail(ground) for ground in finding.because))
    if facts:
        said.append(f"A change of the facts it rests on: {facts}.")
    elif not said:
        said.append("Nothing that the manifest states: the clause has no subject here, or holds on any facts.")
    return tuple(said)


def notices(report: Report) -> Iterator[str]:
    """Give what a reader must know before the verdict: rules and policies that are not the built-in ones."""
    if report.rules.added:
        yield f"rules added from: {', '.join(report.rules.added)}"
    if report.rules.replaced:
        yield f"built-in rule sets replaced: {', '.join(report.rules.replaced)}"
    if report.policy.own:
        yield f"the policy is this repository's own: {report.policy.name}"


def findings_of(project: ReportedProject) -> dict[str, list[ReportedFinding]]:
    """Return the findings of a project by its models; under "" those about the project, or about a model that it does not list."""
    listed_models = {model.id for model in project.models}
    found: dict[str, list[ReportedFinding]] = {}
    for finding in project.findings:
        found.setdefault(finding.model if finding.model in listed_models else "", []).append(finding)
    return found


def not_checked(report: Report) -> Iterator[str]:
    """Give what the verdict does not cover in this report: what was not evaluated, not identified, not read whole."""
    for missing in report.not_evaluated:
        yield f"{place(missing.location) or 'A manifest'} could not be evaluated: {missing.message}"
    for project in report.projects:
        for finding in project.findings:
            if finding.rule in ("license-unknown", "model-unknown", "vendor-terms-unknown", "lineage-too-long"):
                yield f"{finding.model}: {finding.message}"
        for license in project.licenses:
            if license.evidence != "text":
                how = "read in parts only" if license.evidence == "partial" else "known at second hand only"
                yield f"{license.id} ({license.name}) is {how}; its clauses give at most a review"


def slashed(path: str) -> str:
    """Return a path as forges write it: with forward slashes, and no ./ before it."""
    return path.replace(os.sep, "/").removeprefix("./")


def lasting(one: Listed) -> str:
    """Return what a finding is about, as one text that outlives moved lines, another outcome and another day.

    A rule of no license may be found several times for one model, and only its message tells which is which.
    """
    finding = one.finding
    told = "" if finding.license else _DAYS.sub("days", finding.message)
    return "\0".join((finding.rule, slashed(one.project.manifest), finding.model, finding.license or "", told))


def short_hash(text: str) -> str:
    """Return 16 hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fact_lines(grounds: Iterable[Because]) -> Iterator[str]:
    """Give facts, each with its value and who stated it where."""
    for ground in grounds:
        yield f"{fact_and_detail(ground)} = {value(ground.value)} [{stated_in(ground)}]"


def facts(finding: ReportedFinding) -> str:
    """Return the facts behind a finding on one line."""
    return "; ".join(fact_lines(finding.because))


def to_do(finding: ReportedFinding) -> str:
    """Say on one line what an open finding asks for: its mend, the answers and decisions it waits for."""
    if finding.outcome not in OPEN:
        return ""
    readings = ["Counsel decides which reading holds: " + "; ".join(finding.readings)] if finding.readings else []
    return " ".join(part for part in (finding.remedy, *finding.questions, *readings) if part)


def title(finding: ReportedFinding) -> str:
    """Return outcome, rule, section and model on one short line; a waived finding says so."""
    waived = ", waived" if finding.waiver is not None else ""
    cited = section(finding)
    of = f" for {shown(finding.model)}" if finding.model else ""
    return f"{OUTCOME_WORDS[finding.outcome]}{waived}: {shown(finding.rule)}{f' ({shown(cited)})' if cited else ''}{of}"


def sentence(text: str) -> str:
    """Return a message as a sentence; a path or an id at its beginning keeps its letters."""
    begun = text[:1].upper() + text[1:] if re.match(r"[a-z]+ ", text) else text
    return begun + ("" if begun.endswith((".", "?", "!")) else ".") if text.strip() else ""


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict with the words in which legal teams sort."""
    return f"{OUTCOME_WORDS[verdict]}: {TRIAGE[verdict]}"


def about(report: Report) -> Iterator[tuple[str, str]]:
    """Give what identifies a report, as pairs of a label and a text: what was judged, on which day, by which rules."""
    for project in report.projects:
        yield "Project", f"{project.project} ({project.manifest}), as of {project.as_of}: {verdict_words(project.verdict)}"
    yield "As of", report.as_of
    yield "Tool", f"{report.tool.name} {report.tool.version}"
    yield "Rules", f"{report.rules.licenses} licenses, {report.rules.digest}"
    yield "Policy", (report.policy.name or "none applied") + (" (this repository's own)" if report.policy.own else "")
    yield "Rules added from", ", ".join(report.rules.added) or "nowhere: the built-in rules only"
    yield "Built-in rule sets replaced", ", ".join(report.rules.replaced) or "none"
    yield "Report digest", f"sha256:{digest(report)} (of the same report as JSON)"


def term_words(term: ReportedTerm) -> str:
    """Say which license binds, which way, and on whose word."""
    return f"{term.license} ({'; '.join(term.via)}; {term.source})"


def lineage_words(model: ReportedModel) -> Iterator[str]:
    """Give the steps of a lineage: how each model was made from its parent, and which licenses that brings."""
    for step in model.lineage:
        yield f"{step.model} is a {step.relation} of {step.parent}: {', '.join(step.licenses) or NO_LICENSE}"
    if model.more_steps:
        yield f"and {model.more_steps} more steps"
