"""The report as workflow commands: annotations in the log and on the changed lines of a GitHub job, the gravest first."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from caveat.finding import OUTCOMES
from caveat.report import Location, Report, ReportedFinding, Style, Unevaluated
from caveat.reporters._words import OPEN, OUTCOME_WORDS, Listed, facts, listed, notices, slashed, title, to_do
from caveat.shapes import printable

MAX_PER_LEVEL = 10
"""GitHub shows no more annotations of one level in a step, and says nothing of the others."""
MAX_LINE = 2000
_VERDICTS = {"pass": "PASS", "review": "REVIEW", "fail": "FAIL"}


class _Annotation(NamedTuple):
    """An annotation: level, place, the length of the words that are meant (0: not known), title, and lines of text."""

    level: str
    location: Location
    length: int
    title: str
    lines: tuple[str, ...]


def render(report: Report, style: Style) -> str:
    """Return ten annotations of each level at most, and a last line that counts all there is; no style changes it."""
    made = [_Annotation("warning", Location("", None, None), 0, "caveat", (notice,)) for notice in notices(report)]
    made += [_unevaluated(missing) for missing in report.not_evaluated]
    made += [_finding(one) for one in listed(report, OPEN, waived=False)]
    seen: Counter[str] = Counter()
    shown = []
    for annotation in made:
        seen[annotation.level] += 1
        if seen[annotation.level] <= MAX_PER_LEVEL:
            shown.append(_command(annotation))
    return "\n".join((*shown, _last(report, len(shown), len(made)))) + "\n"


def _unevaluated(missing: Unevaluated) -> _Annotation:
    return _Annotation("error", missing.location, 0, "caveat: could not be evaluated", (missing.message, missing.hint))


def _finding(one: Listed) -> _Annotation:
    finding = one.finding
    because, asked = facts(finding), to_do(finding)
    lines = (finding.message, f"Because {because}" if because else "", f"To do: {asked}" if asked else "", finding.url)
    return _Annotation(_level(finding), finding.location, len(finding.model), title(finding), lines)


def _level(finding: ReportedFinding) -> str:
    """Return the level of an annotation: a notice holds nothing back."""
    if finding.outcome == "fail":
        return "error"
    return "warning" if finding.gates else "notice"


def _command(annotation: _Annotation) -> str:
    """Return an annotation as the line that a runner obeys: a stranger's words stand in it escaped."""
    line, column = annotation.location.line, annotation.location.column
    properties = {"file": slashed(annotation.location.path)}
    if line:
        properties |= {"line": str(line), "endLine": str(line)}
    if line and column:
        properties |= {"col": str(column), "endColumn": str(column + (annotation.length or 1))}
    properties["title"] = annotation.title
    named = ",".join(f"{name}={_property(text)}" for name, text in properties.items() if text)
    told = "\n".join(_cut(printable(text)) for text in annotation.lines if text)
    return f"::{annotation.level} {named}::{_data(told)}"


def _cut(line: str) -> str:
    return line if len(line) <= MAX_LINE else line[:MAX_LINE - 3] + "..."


def _data(text: str) -> str:
    """Return text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return text as a property of a command."""
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


def _last(report: Report, shown: int, total: int) -> str:
    """Return the verdict and the counts in our own words: nothing in this line comes from a manifest."""
    counts = Counter(finding.outcome for project in report.projects for finding in project.findings if finding.waiver is None)
    waived = sum(finding.waiver is not None for project in report.projects for finding in project.findings)
    told = [f"{counts[outcome]} {OUTCOME_WORDS[outcome].lower()}" for outcome in OUTCOMES if counts[outcome]]
    told += [f"{waived} waived"] if waived else []
    missing = f"; {len(report.not_evaluated)} problems kept something from being evaluated" if report.not_evaluated else ""
    return (f"caveat: {_VERDICTS[report.verdict]}: {', '.join(told) or 'nothing was checked'}{missing}. "
            f"Annotated: {shown} of {total}; the others stand in the other reports.")
