"""The report as JUnit: a suite per manifest, a test case per finding, so that any pipeline shows them as tests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree

from caveat.finding import OUTCOMES
from caveat.report import Report, ReportedFinding, ReportedProject, Style, Unevaluated
from caveat.reporters._words import OPEN, facts, gravity, notices, place, section, slashed, to_do
from caveat.shapes import harmless, printable

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class _Names:
    """Gives every test case a name of its own: readers ignore the second of two that are alike."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def __call__(self, wanted: str) -> str:
        name, number = _text(printable(wanted)), 1
        found = name
        while found in self.used:
            number += 1
            found = f"{name} ({number})"
        self.used.add(found)
        return found


def render(report: Report, style: Style) -> str:
    """Return the report as XML; what does not apply is a skipped test when it is verbose."""
    names = _Names()
    root = ElementTree.Element("testsuites", {"name": "caveat"})
    for project in report.projects:
        root.append(_project(report, project, names, style.verbose))
    if report.not_evaluated:
        root.append(_not_evaluated(report.not_evaluated, names))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root, " ")
    return _DECLARATION + ElementTree.tostring(root, encoding="unicode") + "\n"


def _project(report: Report, project: ReportedProject, names: _Names, verbose: bool) -> ElementTree.Element:
    outcomes = OUTCOMES if verbose else OUTCOMES[:4]
    findings = sorted((finding for finding in project.findings if finding.outcome in outcomes), key=gravity)
    suite = _suite(project.project, [_case(project, finding, names) for finding in findings])
    suite.set("file", _text(printable(slashed(project.manifest))))
    suite.insert(0, _properties(report, project))
    return suite


def _properties(report: Report, project: ReportedProject) -> ElementTree.Element:
    """Return by which rules on which day a project was judged, and what a reader must know before."""
    properties = ElementTree.Element("properties")
    told = [("verdict", project.verdict), ("as of", project.as_of), ("rules", report.rules.digest), ("policy", report.policy.name)]
    for name, value in (*told, *(("notice", notice) for notice in notices(report))):
        ElementTree.SubElement(properties, "property", {"name": name, "value": _text(printable(value))})
    return properties


def _suite(name: str, cases: Iterable[ElementTree.Element]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", {"name": _text(printable(name))})
    suite.extend(cases)
    ends = Counter(end.tag for case in suite for end in case)
    suite.set("tests", str(len(suite)))
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(ends[tag]))
    return suite


def _case(project: ReportedProject, finding: ReportedFinding, names: _Names) -> ElementTree.Element:
    """Return a finding as a test case: only what holds the project back is a failure, only what passes is without remark."""
    case = ElementTree.Element("testcase", {
        "classname": _text(printable(project.project)), "name": names(f"{finding.model or 'project'} › {finding.rule}")})
    if finding.waiver is not None:
        _add(case, "skipped", "waived", f"waived by {finding.waiver}: {finding.message}")
    elif finding.outcome == "not-applicable" or (finding.outcome in OPEN and not finding.gates and finding.outcome != "fail"):
        _add(case, "skipped", finding.outcome, finding.message)
    elif finding.outcome in OPEN:
        _add(case, "failure", finding.outcome, finding.message, _details(finding))
    return case


def _details(finding: ReportedFinding) -> str:
    """Return what the rule says, the facts, the mend and the place, a line each."""
    lines = (("says", " ".join(filter(None, (section(finding), finding.says)))), ("because", facts(finding)),
             ("to do", to_do(finding)), ("license", finding.url), ("where", place(finding.location)))
    return "\n".join(f"{name}: {text}" for name, text in lines if text)


def _not_evaluated(missing: Iterable[Unevaluated], names: _Names) -> ElementTree.Element:
    cases = []
    for one in missing:
        case = ElementTree.Element("testcase", {
            "classname": "not evaluated", "name": names(f"{place(one.location) or 'a manifest'} › {one.message}")})
        _add(case, "error", "not-evaluated", one.message, one.hint)
        cases.append(case)
    return _suite("not evaluated", cases)


def _add(case: ElementTree.Element, tag: str, kind: str, message: str, details: str = "") -> None:
    end = ElementTree.SubElement(case, tag, {"type": kind, "message": _text(printable(message))})
    end.text = _text(details) or None


def _text(text: str) -> str:
    """Return text that XML can hold and no reader obeys."""
    return _ILLEGAL.sub("?", harmless(text))
