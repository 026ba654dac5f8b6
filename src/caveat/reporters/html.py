"""The report for people who read, question and sign it: one HTML file that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from caveat.finding import OUTCOMES
from caveat.limits import LIMITS
from caveat.own_rules import OWN_RULES
from caveat.report import VERDICTS, Report, ReportedFinding, ReportedLicense, ReportedModel, ReportedProject, Style
from caveat.reporters import _lineage, _words
from caveat.shapes import harmless

if TYPE_CHECKING:
    import jinja2

_TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
MAX_REASONS = 40
"""So many findings stand in the list of what holds the report back; the rest is counted."""


class _Anchors:
    """Gives every finding an id of its own: its fingerprint, numbered where two findings share one."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()

    def __call__(self, finding: ReportedFinding) -> str:
        self.used[finding.fingerprint] += 1
        number = self.used[finding.fingerprint]
        return f"f-{finding.fingerprint}" + (f"-{number}" if number > 1 else "")


class _Entry(NamedTuple):
    """A finding as a page shows it."""

    anchor: str
    finding: ReportedFinding
    title: str
    says: str
    license: ReportedLicense | None


class _ModelPart(NamedTuple):
    """A model as a page shows it: its anchor, its lineage as rows of a picture, and its findings in three groups."""

    anchor: str
    model: ReportedModel
    rows: list[_lineage.Row]
    open: list[_Entry]
    passed: list[_Entry]
    absent: list[_Entry]
    counts: Mapping[str, int]


class _ProjectPart(NamedTuple):
    """A project as a page shows it; `general` are the findings that are about none of its models."""

    anchor: str
    project: ReportedProject
    general: list[_Entry]
    models: list[_ModelPart]
    anchors: Mapping[str, str]
    counts: Mapping[str, int]


def render(report: Report, style: Style) -> str:
    """Return the report as HTML; no style changes it: everything is in it, and the reader filters."""
    page = _environment()
    css, script = (page.loader.get_source(page, name)[0] for name in ("report.css", "report.js"))  # type: ignore[union-attr]
    projects = _projects(report)
    reasons = [(part, entry) for part in projects for entry in _held_back(part)]
    reasons.sort(key=lambda reason: _words.gravity(reason[1].finding))
    return page.get_template("report.html").render(
        report=report, projects=projects, reasons=reasons[:MAX_REASONS], more_reasons=max(0, len(reasons) - MAX_REASONS),
        css=css, script=script, style_hash=_hash(css), script_hash=_hash(script), digest=_words.digest(report),
        not_checked=list(dict.fromkeys(_words.not_checked(report))), limits=LIMITS,
        licenses=sorted({one.id for project in report.projects for one in project.licenses}),
        words=_words, outcomes=OUTCOMES, picture=_lineage, triage=_words.TRIAGE)


@cache
def _environment() -> jinja2.Environment:
    """Return the environment of our templates: everything is escaped, and what is missing is an error."""
    import jinja2

    return jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
                              finalize=_shown, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def _shown(value: Any) -> Any:
    """Return what a template prints without characters that turn text around; marked-up text of ours stays."""
    return harmless(value) if type(value) is str else value


def _hash(text: str) -> str:
    """Return the source expression by which the Content-Security-Policy allows one inline script or style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _projects(report: Report) -> list[_ProjectPart]:
    anchors = _Anchors()
    return [_project(number, project, anchors) for number, project in enumerate(report.projects, start=1)]


def _project(number: int, project: ReportedProject, anchors: Callable[[ReportedFinding], str]) -> _ProjectPart:
    licenses = {license.id: license for license in project.licenses}
    by_model = {model: [_entry(finding, anchors, licenses) for finding in sorted(found, key=_words.gravity)]
                for model, found in sorted(_words.findings_of(project).items())}
    worst_first = sorted(project.models, key=lambda model: -VERDICTS.index(model.verdict))
    models = [_model(f"p{number}-m{index}", model, by_model.get(model.id, []))
              for index, model in enumerate(worst_first, start=1)]
    return _ProjectPart(
        f"p{number}", project, by_model.get("", []), models,
        {entry.finding.fingerprint: entry.anchor for entries in by_model.values() for entry in entries},
        Counter(finding.outcome for finding in project.findings))


def _entry(finding: ReportedFinding, anchors: Callable[[ReportedFinding], str],
           licenses: Mapping[str, ReportedLicense]) -> _Entry:
    own = OWN_RULES.get(finding.rule)
    return _Entry(anchors(finding), finding, own.title if own else "", finding.says or (own.says if own else ""),
                  licenses.get(finding.license or ""))


def _model(anchor: str, model: ReportedModel, entries: list[_Entry]) -> _ModelPart:
    groups = {group: [entry for entry in entries if entry.finding.outcome in outcomes]
              for group, outcomes in (("open", _words.OPEN), ("pass", ("pass",)), ("absent", ("not-applicable",)))}
    rows = _lineage.rows(model, [entry.finding for entry in entries])
    return _ModelPart(anchor, model, rows, groups["open"], groups["pass"], groups["absent"],
                      Counter(entry.finding.outcome for entry in entries))


def _held_back(part: _ProjectPart) -> Iterable[_Entry]:
    """Give the findings that hold a project back."""
    for entry in (*part.general, *(entry for model in part.models for entry in model.open)):
        if entry.finding.gates:
            yield entry
