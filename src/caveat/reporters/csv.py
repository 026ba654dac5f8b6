"""The report as a table for a spreadsheet: one row per finding, whatever its outcome, the gravest first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from caveat.finding import OUTCOMES
from caveat.report import Report, Style, Unevaluated
from caveat.reporters._words import FORMULA, Listed, facts, listed, notices, section, to_do
from caveat.shapes import harmless

COLUMNS = ("project", "manifest", "model", "license", "rule", "kind", "section", "outcome", "severity", "gates", "message", "facts",
           "to_do", "questions", "url", "path", "line", "waiver", "fingerprint")
MAX_CELL = 32_000
"""A spreadsheet's cell holds 32,767 characters."""


def render(report: Report, style: Style) -> str:
    """Return the report as CSV; no style changes it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row.get(name, "")) for name in COLUMNS] for row in _rows(report))
    return text.getvalue()


def _rows(report: Report) -> Iterator[dict[str, str]]:
    yield from ({"outcome": "notice", "gates": "no", "message": notice} for notice in notices(report))
    yield from map(_unevaluated, report.not_evaluated)
    yield from map(_finding, listed(report, OUTCOMES, waived=True))


def _finding(one: Listed) -> dict[str, str]:
    project, finding = one
    return {
        "project": project.project, "manifest": project.manifest, "model": finding.model, "license": finding.license or "",
        "rule": finding.rule, "kind": finding.kind, "section": section(finding), "outcome": finding.outcome,
        "severity": finding.severity, "gates": "yes" if finding.gates else "no", "message": finding.message,
        "facts": facts(finding), "to_do": to_do(finding), "questions": "\n".join(finding.questions), "url": finding.url,
        "path": finding.location.path, "line": str(finding.location.line or ""), "waiver": finding.waiver or "",
        "fingerprint": finding.fingerprint}


def _unevaluated(missing: Unevaluated) -> dict[str, str]:
    return {"outcome": "not-evaluated", "gates": "yes", "message": missing.message, "to_do": missing.hint,
            "path": missing.location.path, "line": str(missing.location.line or "")}


def _cell(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not run."""
    shown = harmless(text)
    shown = shown if len(shown) <= MAX_CELL else shown[:MAX_CELL - 3] + "..."
    return f"'{shown}" if FORMULA.match(text) or FORMULA.match(shown) else shown
