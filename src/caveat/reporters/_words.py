"""Words and orders that several formats share, so that all of them say the same of one report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from caveat.finding import OUTCOMES, SEVERITIES, Outcome
from caveat.report import Because, Location, Report, ReportedFact, ReportedFinding, ReportedProject, Style, Verdict
from caveat.reporters.json import render as as_json

OUTCOME_WORDS: dict[Outcome, str] = {
    "fail": "FAIL", "review": "REVIEW", "obligation": "OWED", "pass": "PASS", "not-applicable": "N/A"}
TRIAGE: dict[Verdict, str] = {"fail": "potential conflict", "review": "research needed", "pass": "OK to use"}
"""The verdicts in the words in which legal teams sort what they read."""
OPEN: tuple[Outcome, ...] = OUTCOMES[:3]
"""The outcomes that ask for something."""


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


def section(finding: ReportedFinding) -> str:
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
