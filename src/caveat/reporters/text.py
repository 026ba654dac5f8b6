"""The report for a terminal: by model, failures first, each with its section, its reasons and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from caveat.finding import OUTCOMES, SEVERITIES
from caveat.report import VERDICTS, Because, Report, ReportedFinding, ReportedModel, ReportedProject, ReportedTerm
from caveat.shapes import harmless, shown

_COLORS = {"fail": "31;1", "review": "33;1", "obligation": "36;1", "pass": "32;1", "not-applicable": "2"}
_LABEL = {"fail": "FAIL", "review": "REVIEW", "obligation": "OWED", "pass": "PASS", "not-applicable": "N/A"}
_INDENT = " " * 9


class _Line(NamedTuple):
    """A line: what stands before an outcome, the outcome ("" for none) and the width of its label, what stands after it."""

    before: str
    outcome: str = ""
    width: int = 0
    after: str = ""

    def written(self, color: bool) -> str:
        """Return the line as the terminal gets it: the only control characters are ours."""
        if not self.outcome:
            return _one_line(self.before)
        label = _LABEL[self.outcome]
        painted = f"\x1b[{_COLORS[self.outcome]}m{label}\x1b[0m" if color else label
        return _one_line(self.before) + painted + " " * (self.width - len(label)) + _one_line(self.after)


def _one_line(text: str) -> str:
    return harmless(text).replace("\n", " ")


def render(report: Report, *, verbose: bool, color: bool) -> str:
    """Return the report as text; without `verbose` only what fails, is open or is owed is listed."""
    lines = [*_head(report)]
    for project in report.projects:
        lines += [_Line(""), *_project(project, verbose)]
    lines += [_Line(""), _summary(report)]
    return "\n".join(line.written(color) for line in lines) + "\n"


def _head(report: Report) -> Iterator[_Line]:
    yield _Line(f"{report.tool.name} {report.tool.version} · as of {report.as_of} · {report.rules.licenses} licenses "
           f"({report.rules.digest[:19]}) · policy {report.policy.name}")
    if report.rules.added:
        yield _Line(f"! rules added from: {', '.join(report.rules.added)}")
    if report.rules.replaced:
        yield _Line(f"! built-in rule sets replaced: {', '.join(report.rules.replaced)}")
    if report.policy.own:
        yield _Line(f"! the policy is this repository's own: {report.policy.name}")


def _project(project: ReportedProject, verbose: bool) -> Iterator[_Line]:
    yield _Line(f"{project.project} ({project.manifest}): ", project.verdict)
    by_model = {model: list(found) for model, found in groupby(
        sorted(project.findings, key=lambda finding: finding.model), key=lambda finding: finding.model)}
    for finding in by_model.pop("", []):
        yield from _finding(finding)
    for model in sorted(project.models, key=lambda model: -VERDICTS.index(model.verdict)):
        yield _Line("")
        yield from _model(model, by_model.get(model.id, []), verbose)
    if project.questions:
        yield from (_Line(""), _Line("Open questions"))
        yield from _questions(project)


def _model(model: ReportedModel, findings: list[ReportedFinding], verbose: bool) -> Iterator[_Line]:
    terms = "; ".join(map(_term, model.terms)) or "no license found"
    yield _Line("", model.verdict, 7, f"{shown(model.id)} · {terms}")
    wanted = OUTCOMES if verbose else OUTCOMES[:3]
    for finding in sorted(findings, key=_gravity):
        if finding.outcome in wanted:
            yield from _finding(finding)


def _term(term: ReportedTerm) -> str:
    choice = ", one of several to choose from" if term.source == "one of several" else ""
    return f"{term.license} ({'; '.join(map(shown, term.via))}{choice})"


def _gravity(finding: ReportedFinding) -> tuple[int, int, str]:
    return OUTCOMES.index(finding.outcome), SEVERITIES.index(finding.severity), finding.rule


def _finding(finding: ReportedFinding) -> Iterator[_Line]:
    section = f" §{finding.section}" if finding.section and finding.section[:1].isdigit() else (
        f" {finding.section}" if finding.section else "")
    yield _Line("  ", finding.outcome, 7, f"{finding.rule}{section} [{finding.severity}]")
    yield _Line(f"{_INDENT}{finding.message}")
    if finding.because:
        yield _Line(f"{_INDENT}because {'; '.join(_because(finding.because))}")
    if finding.outcome in OUTCOMES[:3] and finding.remedy:
        yield _Line(f"{_INDENT}to do: {finding.remedy}")


def _because(grounds: Iterable[Because]) -> Iterator[str]:
    for ground in grounds:
        where = f"{ground.path}:{ground.line}" if ground.line else ground.source
        detail = f" ({shown(ground.detail)})" if ground.detail else ""
        value = str(ground.value).lower() if isinstance(ground.value, bool) else shown(str(ground.value))
        yield f"{ground.fact} = {value}{detail} [{where}]"


def _questions(project: ReportedProject) -> Iterator[_Line]:
    for number, question in enumerate(project.questions, start=1):
        rules = ", ".join(question.decides[:3]) + (f" and {len(question.decides) - 3} more" if len(question.decides) > 3 else "")
        yield _Line(f"  {number}. {question.ask}")
        detail = f" for {shown(question.month)}" if question.month else ""
        yield _Line(f"{_INDENT}state {question.fact}{detail}; decides {rules}")


def _summary(report: Report) -> _Line:
    counts = ", ".join(f"{report.summary[outcome]} {outcome}" for outcome in OUTCOMES if report.summary.get(outcome))
    return _Line("", report.verdict, 0, f": {counts or 'nothing to check'}")
