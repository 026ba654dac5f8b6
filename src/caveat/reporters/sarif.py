"""The report as SARIF 2.1.0, as GitHub's code scanning takes it in: one run, a rule per clause, a result per finding."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from caveat.finding import OUTCOMES, Outcome, Severity
from caveat.own_rules import OWN_RULES
from caveat.report import Location, Report, ReportedFinding, ReportedLicense, Style, Unevaluated
from caveat.reporters._words import (
    OPEN,
    Listed,
    facts,
    lasting,
    listed,
    notices,
    section,
    sentence,
    short_hash,
    slashed,
    title,
    to_do,
)
from caveat.shapes import harmless, printable

MAX_RESULTS = 25_000
"""GitHub refuses a run with more results; the gravest are written, and a notification counts the rest."""
MAX_DESCRIPTION = 1024
MAX_MESSAGE = 4000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS: dict[Severity, str] = {"blocker": "error", "high": "error", "medium": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_KINDS: dict[Outcome, str] = {"pass": "pass", "not-applicable": "notApplicable"}
_SEMANTIC = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")


def render(report: Report, style: Style) -> str:
    """Return the report as one SARIF run; what passes is written when it is verbose, what is waived when it is asked for."""
    wanted = OUTCOMES if style.verbose else OPEN
    found = [(one, line_hash) for one, line_hash in _hashed(report)
             if one.finding.outcome in wanted and (style.waived or one.finding.waiver is None)]
    written = found[:MAX_RESULTS]
    rules = _rules(report, (one for one, _ in written))
    index = {rule: number for number, rule in enumerate(rules)}
    driver = {"name": report.tool.name, "version": report.tool.version, "rules": list(rules.values())}
    if _SEMANTIC.fullmatch(report.tool.version):
        driver["semanticVersion"] = report.tool.version
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "caveat/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [{"executionSuccessful": not report.not_evaluated,
                         "toolExecutionNotifications": _notifications(report, len(found) - len(written))}],
        "results": [_result(one, index[one.finding.rule], line_hash) for one, line_hash in written],
        "properties": {"verdict": report.verdict, "as_of": report.as_of, "rules": report.rules.digest},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(_clean(log), ensure_ascii=False, indent=1) + "\n"


def _clean(value: Any) -> Any:
    """Return a value of the log without the control characters that a terminal or a page would obey."""
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return harmless(value) if isinstance(value, str) else value


# -- rules -------------------------------------------------------------------------------------------------------------------


def _rules(report: Report, found: Iterable[Listed]) -> dict[str, dict[str, Any]]:
    """Return the metadata of every rule that a result names, by its id, in the order of the results."""
    licenses = {license.id: license for project in report.projects for license in project.licenses}
    rules: dict[str, dict[str, Any]] = {}
    for one in found:
        finding = one.finding
        if finding.rule not in rules:
            rules[finding.rule] = _rule(finding, licenses.get(finding.license or ""))
    return rules


def _rule(finding: ReportedFinding, license: ReportedLicense | None) -> dict[str, Any]:
    level = _LEVELS[finding.severity]
    url = _web(finding.url) or _web(license.url if license else "")
    tags = dict.fromkeys(filter(None, ("license", "ai-model", finding.kind, finding.license or "")))
    rule = {
        "id": finding.rule,
        "name": "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", finding.rule))[:255] or finding.rule,
        "shortDescription": {"text": _text(_name(finding, license), MAX_DESCRIPTION)},
        "fullDescription": {"text": _text(_says(finding, license), MAX_DESCRIPTION)},
        "help": {"text": _text(_help(finding, license, url), MAX_MESSAGE), "markdown": _markdown(finding, license, url)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": list(tags),
            "precision": "high" if license and license.evidence == "text" else "medium",
            "problem.severity": _PROBLEMS[level],
        },
    }
    return {**rule, "helpUri": url} if url else rule


def _name(finding: ReportedFinding, license: ReportedLicense | None) -> str:
    """Return the title of a rule."""
    if finding.rule in OWN_RULES:
        return OWN_RULES[finding.rule].title
    of = (license.name if license else "") or finding.license or finding.rule
    cited = section(finding)
    return f"{of}{f', {cited}' if cited else ''}: {finding.kind.replace('-', ' ')}"


def _says(finding: ReportedFinding, license: ReportedLicense | None) -> str:
    """Return what a rule says: in the rule set's words, in ours, or at least by its name."""
    own = OWN_RULES[finding.rule].says if finding.rule in OWN_RULES else ""
    return finding.says or own or _name(finding, license)


def _help(finding: ReportedFinding, license: ReportedLicense | None, url: str) -> str:
    parts = [_says(finding, license), f"Where it says so: {_source(finding, license)} {url}".strip(),
             f"How to mend it: {finding.remedy}" if finding.remedy else ""]
    return "\n\n".join(filter(None, parts))


def _markdown(finding: ReportedFinding, license: ReportedLicense | None, url: str) -> str:
    source = _marked(_source(finding, license))
    parts = [_marked(_says(finding, license)),
             f"**Where it says so:** {f'[{source}](<{url}>)' if url else source}",
             f"**How to mend it:** {_marked(finding.remedy)}" if finding.remedy else ""]
    return "\n\n".join(filter(None, parts))


def _source(finding: ReportedFinding, license: ReportedLicense | None) -> str:
    """Name the license and the section that a rule comes from."""
    if finding.license is None:
        return "a rule of caveat's own"
    of = (license.name if license else "") or finding.license
    return " ".join(filter(None, (of, section(finding))))


def _marked(text: str) -> str:
    """Return a stranger's text as Markdown that shows it, and obeys none of it."""
    return _MARKUP.sub(r"\\\1", _short(printable(text), MAX_MESSAGE))


def _web(url: str) -> str:
    """Return an address of the web as it is, "" for anything else: no page of ours links to a script."""
    return url if _WEB.fullmatch(url) else ""


# -- results -----------------------------------------------------------------------------------------------------------------


def _hashed(report: Report) -> Iterator[tuple[Listed, str]]:
    """Give every finding, gravest first, with the hash of what it is about, numbered where several are about the same.

    All findings are numbered, those that are not written among them, so that no style moves a number.
    """
    seen: Counter[str] = Counter()
    for one in listed(report, OUTCOMES, waived=True):
        key = short_hash(lasting(one))
        seen[key] += 1
        yield one, f"{key}:{seen[key]}"


def _result(one: Listed, index: int, line_hash: str) -> dict[str, Any]:
    finding = one.finding
    properties = {"outcome": finding.outcome, "severity": finding.severity, "model": finding.model, "section": section(finding),
                  "via": list(finding.via), "project": one.project.project}
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": _KINDS.get(finding.outcome, "fail"),
        "level": _level(finding),
        "message": {"text": _message(finding)},
        "locations": [_location(finding.location, one.project.manifest, finding.model)],
        "partialFingerprints": {"primaryLocationLineHash": line_hash, "caveat/v1": finding.fingerprint or line_hash},
        "properties": {key: value for key, value in properties.items() if value},
    }
    if finding.waiver is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted",
                                   "justification": f"Waived by {finding.waiver or 'the manifest'}."}]
    return result


def _level(finding: ReportedFinding) -> str:
    """Return the level of a result: whatever holds a project back shows up, and no kind but "fail" may have one."""
    if finding.outcome == "fail":
        return "error"
    if finding.outcome in OPEN:
        return "warning" if finding.gates else "note"
    return "none"


def _message(finding: ReportedFinding) -> str:
    """Return title, reason, facts and mend; the first sentence is what GitHub shows as the title."""
    because, asked = facts(finding), to_do(finding)
    parts = (f"{title(finding)}.", sentence(finding.message), f"Because {because}." if because else "",
             f"To do: {asked}" if asked else "")
    return _text(" ".join(filter(None, parts)), MAX_MESSAGE)


def _text(text: str, most: int) -> str:
    """Return text as a SARIF message: short enough, and with nothing that a viewer would take for a link or a placeholder."""
    plain = re.sub(r"\](?=\()", "] ", harmless(text))
    return _short(re.sub(r"\{(\d+)\}", r"(\1)", plain), most)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 3] + "..."


def _location(location: Location, otherwise: str, model: str = "") -> dict[str, Any]:
    """Return a place as SARIF wants it: the file, or another where none is known, and the words of the model in it."""
    line, column = location.line or 1, location.column or 1
    region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + (len(model) or 1)}
    return {"physicalLocation": {"artifactLocation": _artifact(location.path or otherwise or "caveat.yaml"), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    """Return a file's address: below the root of the repository, or, where the path is absolute, its own."""
    from urllib.parse import quote

    address = quote(slashed(path), safe="/", errors="replace")
    if re.match(r"[A-Za-z]%3A/", address):  # a drive
        return {"uri": f"file:///{address[0]}:{address[4:]}"}
    if address.startswith("/"):
        return {"uri": f"file:///{address.lstrip('/')}"}
    return {"uri": address, "uriBaseId": _ROOT}


# -- what was left out -------------------------------------------------------------------------------------------------------


def _notifications(report: Report, cut: int) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = [{"level": "warning", "message": {"text": _text(sentence(notice), MAX_MESSAGE)}}
                                  for notice in notices(report)]
    said += [_unevaluated(missing) for missing in report.not_evaluated]
    if cut:
        said.append({"level": "warning", "message": {
            "text": f"{cut} findings are left out: one run holds {MAX_RESULTS} at most, and the gravest are written."}})
    return said


def _unevaluated(missing: Unevaluated) -> dict[str, Any]:
    text = " ".join(filter(None, ("It could not be evaluated.", sentence(missing.message), sentence(missing.hint))))
    said: dict[str, Any] = {"level": "error", "message": {"text": _text(text, MAX_MESSAGE)}}
    if missing.location.path:
        said["locations"] = [_location(missing.location, "")]
    return said
