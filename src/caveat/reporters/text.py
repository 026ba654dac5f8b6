"""The report for a terminal: by model, failures first, each with its section, its reasons and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from caveat.finding import OUTCOMES
from caveat.report import Because, Report, ReportedFinding, ReportedModel, ReportedProject, ReportedTerm
from caveat.shapes import printable, shown

_COLORS = {"fail": "31;1", "review": "33;1", "obligation": "36;1", "pass": "32;1", "not-applicable": "2"}
_LABEL = {"fail": "FAIL", "review": "REVIEW", "obligation": "OWED", "pass": "PASS", "not-applicable": "N/A"}
_INDENT = " " * 9


def render(report: Report, *, verbose: bool, color: bool) -> str:
    """Return the report as text; without `verbose` only what fails, is open or is owed is listed."""
    lines = [*_head(report)]
    for project in report.projects:
        lines += ["", *_project(project, verbose, color)]
    lines += ["", _summary(report, color)]
    return "\n".join(lines) + "\n"


def _head(report: Report) -> Iterator[str]:
    yield (f"{report.tool.name} {report.tool.version} · as of {report.as_of} · {report.rules.licenses} licenses "
           f"({report.rules.digest[:19]}) · policy {report.policy.name}")
    if report.rules.replaced:
        yield f"! built-in rule sets replaced: {', '.join(report.rules.replaced)}"
    if report.policy.own:
        yield f"! the policy is this repository's own: {report.policy.name}"


def _project(project: ReportedProject, verbose: bool, color: bool) -> Iterator[str]:
    yield f"{shown(project.project)} ({project.manifest}): {_paint(project.verdict, color)}"
    by_model = {model: list(found) for model, found in groupby(
        sorted(project.findings, key=lambda finding: finding.model), key=lambda finding: finding.model)}
    for finding in by_model.pop("", []):
        yield from _finding(finding, color)
    for model in sorted(project.models, key=lambda model: -("pass", "review", "fail").index(model.verdict)):
        yield ""
        yield from _model(model, by_model.get(model.id, []), verbose, color)
    if project.questions:
        yield from ("", "Open questions")
        yield from _questions(project)


def _model(model: ReportedModel, findings: list[ReportedFinding], verbose: bool, color: bool) -> Iterator[str]:
    terms = "; ".join(map(_term, model.terms)) or "no license found"
    yield f"{_paint(model.verdict, color):<6} {shown(model.id)} · {terms}"
    wanted = OUTCOMES if verbose else OUTCOMES[:3]
    for finding in sorted(findings, key=_gravity):
        if finding.outcome in wanted:
            yield from _finding(finding, color)


def _term(term: ReportedTerm) -> str:
    choice = ", one of several to choose from" if term.source == "one of several" else ""
    return f"{term.license} ({'; '.join(map(shown, term.via))}{choice})"


def _gravity(finding: ReportedFinding) -> tuple[int, int, str]:
    return OUTCOMES.index(finding.outcome), ("blocker", "high", "medium", "info").index(finding.severity), finding.rule


def _finding(finding: ReportedFinding, color: bool) -> Iterator[str]:
    section = f" §{finding.section}" if finding.section and finding.section[:1].isdigit() else (
        f" {finding.section}" if finding.section else "")
    pad = " " * (6 - len(_LABEL[finding.outcome]))
    yield f"  {_paint(finding.outcome, color)}{pad} {finding.rule}{section} [{finding.severity}]"
    yield f"{_INDENT}{printable(finding.message)}"
    if finding.because:
        yield f"{_INDENT}because {'; '.join(_because(finding.because))}"
    if finding.outcome in OUTCOMES[:3] and finding.remedy:
        yield f"{_INDENT}to do: {finding.remedy}"


def _because(grounds: Iterable[Because]) -> Iterator[str]:
    for ground in grounds:
        where = f"{ground.path}:{ground.line}" if ground.line else ground.source
        detail = f" ({shown(ground.detail)})" if ground.detail else ""
        value = str(ground.value).lower() if isinstance(ground.value, bool) else shown(str(ground.value))
        yield f"{ground.fact} = {value}{detail} [{where}]"


def _questions(project: ReportedProject) -> Iterator[str]:
    for number, question in enumerate(project.questions, start=1):
        rules = ", ".join(question.decides[:3]) + (f" and {len(question.decides) - 3} more" if len(question.decides) > 3 else "")
        yield f"  {number}. {printable(question.ask)}"
        yield f"{_INDENT}state {question.fact}{f' for {shown(question.month)}' if question.month else ''}; decides {rules}"


def _summary(report: Report, color: bool) -> str:
    counts = ", ".join(f"{report.summary[outcome]} {outcome}" for outcome in OUTCOMES if report.summary.get(outcome))
    return f"{_paint(report.verdict, color)}: {counts or 'nothing to check'}"


def _paint(word: str, color: bool) -> str:
    label = _LABEL[word]
    return f"\x1b[{_COLORS[word]}m{label}\x1b[0m" if color else label
