"""The report as GitLab's Code Quality reads it: a list of what fails, is open or is owed, each with its place and severity."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from caveat.report import Location, Report, ReportedFinding, Style, Unevaluated
from caveat.reporters._words import OPEN, Listed, lasting, listed, notices, sentence, short_hash, slashed, title, to_do
from caveat.shapes import printable

MAX_DESCRIPTION = 2000


def render(report: Report, style: Style) -> str:
    """Return the report as a JSON list; no style changes it."""
    entries = [_entry(sentence(notice), "caveat-notice", short_hash(notice), "info", Location("", None, None), _first(report))
               for notice in notices(report)]
    entries += [_unevaluated(missing) for missing in report.not_evaluated]
    entries += [_finding(one) for one in listed(report, OPEN, waived=False)]
    return json.dumps(_told_apart(entries), ensure_ascii=False, indent=1) + "\n"


def _first(report: Report) -> str:
    """Return the file at which what concerns the whole report is shown."""
    return report.projects[0].manifest if report.projects else "caveat.yaml"


def _told_apart(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries with fingerprints that differ: GitLab takes two that are alike for one."""
    seen: Counter[str] = Counter()
    for entry in entries:
        found = entry["fingerprint"]
        seen[found] += 1
        if seen[found] > 1:
            entry["fingerprint"] = short_hash(f"{found}\0{seen[found]}")
    return entries


def _finding(one: Listed) -> dict[str, Any]:
    finding = one.finding
    asked = to_do(finding)
    told = " ".join(filter(None, (f"{title(finding)}.", sentence(finding.message), f"To do: {asked}" if asked else "")))
    # The outcome is part of the fingerprint: GitLab would not show that an open question has become a failure.
    return _entry(told, finding.rule, short_hash(f"{lasting(one)}\0{finding.outcome}"), _severity(finding), finding.location,
                  one.project.manifest)


def _severity(finding: ReportedFinding) -> str:
    """Return GitLab's word for how grave a finding is: what holds the project back is major at least."""
    if finding.outcome == "fail":
        return "blocker" if finding.severity == "blocker" else "critical"
    if finding.gates:
        return "major"
    return "info" if finding.severity == "info" else "minor"


def _unevaluated(missing: Unevaluated) -> dict[str, Any]:
    told = " ".join(filter(None, ("It could not be evaluated.", sentence(missing.message), sentence(missing.hint))))
    key = short_hash("\0".join(("not-evaluated", slashed(missing.location.path), missing.message)))
    return _entry(told, "not-evaluated", key, "blocker", missing.location, "caveat.yaml")


def _entry(told: str, rule: str, fingerprint: str, severity: str, location: Location, otherwise: str) -> dict[str, Any]:
    """Return an entry; `otherwise` is the file it is shown at where none is known."""
    line = printable(told)
    return {
        "description": line if len(line) <= MAX_DESCRIPTION else line[:MAX_DESCRIPTION - 3] + "...",
        "check_name": printable(rule),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": printable(slashed(location.path or otherwise)), "lines": {"begin": location.line or 1}},
    }
