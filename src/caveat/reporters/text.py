"""The report for a terminal: by model, failures first, each with its section, its reasons and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from caveat.finding import OUTCOMES, SEVERITIES, Outcome
from caveat.report import VERDICTS, Because, Report, ReportedFinding, ReportedModel, ReportedProject, ReportedTerm, Style
from caveat.reporters._words import OPEN, OUTCOME_WORDS, findings_of, notices, section, stated_in, value
from caveat.shapes import harmless, shown

_COLORS = {"fail": "31;1", "review": "33;1", "obligation": "36;1", "pass": "32;1", "not-applicable": "2"}
_INDENT = " " * 9
_COMMAND = re.compile(r"^(\s*)::")
MAX_FINDINGS = 100
MAX_MODELS = 60
MAX_QUESTIONS = 20
"""So much a report lists unless it is verbose; the rest is counted."""


class _Line(NamedTuple):
    """A line: what stands before an outcome, the outcome ("" for none) and the width of its label, what stands after it."""

    before: str
    outcome: Outcome | Literal[""] = ""
    width: int = 0
    after: str = ""

    def written(self, color: bool) -> str:
        """Return the line as the terminal gets it: the only control characters are ours."""
        if not self.outcome:
            return _one_line(self.before)
        label = OUTCOME_WORDS[self.outcome]
        painted = f"\x1b[{_COLORS[self.outcome]}m{label}\x1b[0m" if color else label
        return _one_line(self.before) + painted + " " * (self.width - len(label)) + _one_line(self.after)


def _one_line(text: str) -> str:
    """Return text as one line that neither a terminal nor the log of a GitHub job obeys."""
    return _COMMAND.sub(r"\1: :", harmless(text).replace("\n", " ")).replace("##[", "# #[")


def render(report: Report, style: Style) -> str:
    """Return the report as text; unless it is verbose, only what fails, is open or is owed is listed, and not all of very much.

    A report in which nothing could be evaluated is empty: standard error has said why.
    """
    if not report.projects:
        return ""
    lines = [*_head(report)]
    cut = _Cut(report, style.verbose)
    for project in report.projects:
        lines += [_Line(""), *_project(project, cut)]
    lines += [_Line(""), *cut.told(), _summary(report)]
    return "\n".join(line.written(style.color) for line in lines) + "\n"


class _Cut:
    """Which findings, models and questions are listed: the gravest, as many as a reader may take in."""

    def __init__(self, report: Report, verbose: bool) -> None:
        self.verbose = verbose
        self.outcomes = OUTCOMES if verbose else OPEN
        found = [finding for project in report.projects for finding in self._of_listed_models(project)]
        self.total = sum(finding.outcome in self.outcomes for project in report.projects for finding in project.findings)
        self.listed = frozenset(map(id, sorted(found, key=_gravity)[:self.most(MAX_FINDINGS)]))

    def _of_listed_models(self, project: ReportedProject) -> list[ReportedFinding]:
        by_model = findings_of(project)
        return [finding for model in ("", *(model.id for model in self.models(project))) for finding in by_model.get(model, ())
                if finding.outcome in self.outcomes]

    def models(self, project: ReportedProject) -> list[ReportedModel]:
        """Return the models of a project that are listed, the worst first."""
        return sorted(project.models, key=lambda model: -VERDICTS.index(model.verdict))[:self.most(MAX_MODELS)]

    def split(self, findings: Iterable[ReportedFinding]) -> tuple[list[ReportedFinding], list[ReportedFinding]]:
        """Return the findings that are listed, gravest first, and those that are only counted."""
        wanted = sorted((finding for finding in findings if finding.outcome in self.outcomes), key=_gravity)
        return [one for one in wanted if id(one) in self.listed], [one for one in wanted if id(one) not in self.listed]

    def most(self, number: int) -> int | None:
        """Return how many of a kind may be listed, None for all."""
        return None if self.verbose else number

    def told(self) -> Iterator[_Line]:
        """Say how much was cut."""
        if self.total > len(self.listed):
            yield _Line(f"Listed: {len(self.listed)} of {self.total} open findings, the gravest first. --verbose lists all; "
                        "--output html=report.html is the report in full.")
            yield _Line("")


def _head(report: Report) -> Iterator[_Line]:
    yield _Line(f"{report.tool.name} {report.tool.version} · as of {report.as_of} · {report.rules.licenses} licenses "
           f"({report.rules.digest[:19]}) · policy {report.policy.name}")
    yield from (_Line(f"! {notice}") for notice in notices(report))


def _project(project: ReportedProject, cut: _Cut) -> Iterator[_Line]:
    yield _Line(f"{project.project} ({project.manifest}): ", project.verdict)
    by_model = findings_of(project)
    yield from _findings(by_model.get("", []), cut, of_project=True)
    models = cut.models(project)
    for model in models:
        yield _Line("")
        yield from _model(model, by_model.get(model.id, []), cut)
    more = Counter(model.verdict for model in project.models) - Counter(model.verdict for model in models)
    if more:
        yield from (_Line(""), _Line(f"and {more.total()} more models: {_counted(more.elements())}"))
    if project.questions:
        yield from (_Line(""), _Line("Open questions"))
        yield from _questions(project, cut.most(MAX_QUESTIONS))


def _model(model: ReportedModel, findings: list[ReportedFinding], cut: _Cut) -> Iterator[_Line]:
    terms = "; ".join(map(_term, model.terms)) or "no license found"
    yield _Line("", model.verdict, 7, f"{shown(model.id)} · {terms}")
    yield from _findings(findings, cut)


def _findings(findings: list[ReportedFinding], cut: _Cut, *, of_project: bool = False) -> Iterator[_Line]:
    listed, counted = cut.split(findings)
    for finding in listed:
        yield from _finding(finding, f" for {shown(finding.model)}" if of_project and finding.model else "")
    if counted:
        yield _Line(f"  and {len(counted)} more: {_counted(finding.outcome for finding in counted)}")


def _counted(outcomes: Iterable[str]) -> str:
    """Count outcomes or verdicts, worst first."""
    counts = Counter(outcomes)
    return ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name])


def _term(term: ReportedTerm) -> str:
    choice = ", one of several to choose from" if term.source == "one of several" else ""
    return f"{term.license} ({'; '.join(map(shown, term.via))}{choice})"


def _gravity(finding: ReportedFinding) -> tuple[int, int, str]:
    return OUTCOMES.index(finding.outcome), SEVERITIES.index(finding.severity), finding.rule


def _finding(finding: ReportedFinding, of: str) -> Iterator[_Line]:
    cited = f" {section(finding)}" if finding.section else ""
    yield _Line("  ", finding.outcome, 7, f"{finding.rule}{cited}{of} [{finding.severity}]")
    yield _Line(f"{_INDENT}{finding.message}")
    if finding.because:
        yield _Line(f"{_INDENT}because {'; '.join(_because(finding.because))}")
    if finding.outcome in OPEN and finding.remedy:
        yield _Line(f"{_INDENT}to do: {finding.remedy}")


def _because(grounds: Iterable[Because]) -> Iterator[str]:
    for ground in grounds:
        detail = f" ({shown(ground.detail)})" if ground.detail else ""
        yield f"{ground.fact} = {shown(value(ground.value))}{detail} [{stated_in(ground)}]"


def _questions(project: ReportedProject, most: int | None) -> Iterator[_Line]:
    for number, question in enumerate(project.questions[:most], start=1):
        rules = ", ".join(question.decides[:3]) + (f" and {len(question.decides) - 3} more" if len(question.decides) > 3 else "")
        yield _Line(f"  {number}. {question.ask}")
        detail = f" for {shown(question.month)}" if question.month else ""
        yield _Line(f"{_INDENT}state {question.fact}{detail}; decides {rules}")
    if most and len(project.questions) > most:
        yield _Line(f"  and {len(project.questions) - most} more questions")


def _summary(report: Report) -> _Line:
    counts = ", ".join(f"{report.summary[outcome]} {outcome}" for outcome in OUTCOMES if report.summary.get(outcome))
    missing = len({problem.location.path for problem in report.not_evaluated})
    left_out = f"; {missing} manifest{'s' if missing > 1 else ''} could not be evaluated" if missing else ""
    return _Line("", report.verdict, 0, f": {counts or 'nothing was checked'}{left_out}")
