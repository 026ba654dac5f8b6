"""SARIF: valid by its schema, within what GitHub takes in, with alerts that are known again, and nothing a viewer would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from caveat.report import Location, Report, Style, Tool
from caveat.reporters import sarif

if TYPE_CHECKING:
    from tests.conftest import Cli, Write
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MANIFEST = """\
version: 1
project: support
status: live
distribution: [weights]
organization: {kind: company, domicile: DE}
models:
  - {id: acme/eyes, license: llama-3.2, multimodal: true}
"""


def run_of(report: Report, style: Style | None = None) -> Any:
    """Return the one run of a report's SARIF, which must be valid."""
    return run_in(sarif.render(report, style or Style()))


def run_in(text: str) -> Any:
    """Return the one run of a SARIF text, after a look at everything that GitHub asks for."""
    log = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {result["ruleId"] for result in run["results"]}
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"] and rule["help"]["markdown"]
        assert 0 < len(rule["name"]) <= 255 or rule["name"] == rule["id"]
        assert len(rule["properties"]["tags"]) == len(set(rule["properties"]["tags"])) <= 20
        assert "security-severity" not in rule["properties"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["kind"] == "fail") == (result["level"] != "none")
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert list(region) == ["startLine", "startColumn", "endLine", "endColumn"]
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~%/:-]+", uri)
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(hashes)) == len(hashes)
    assert all(re.fullmatch(r"[0-9a-f]{16}:[1-9][0-9]*", one) for one in hashes)
    assert "" not in list(strings(log))
    return run


def strings(value: Any) -> Any:
    """Give every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()))
def test_the_sarif_of_every_fixture_is_valid(cli: Cli, folder: str) -> None:
    for more in ((), ("-v",)):
        run_in(cli("check", "--as-of", "2026-11-22", "--format", "sarif", *more, folder=str(ROOT / "fixtures" / folder)).out)


def test_each_outcome_has_its_kind_and_level(each: Report) -> None:
    def levels(style: Style) -> dict[str, tuple[str, str]]:
        return {result["ruleId"]: (result["kind"], result["level"]) for result in run_of(each, style)["results"]}

    usual = {"a/blocked": ("fail", "error"), "a/failed": ("fail", "error"), "a/asked": ("fail", "warning"),
             "a/noted": ("fail", "note"), "a/owed": ("fail", "warning"), "a/minor": ("fail", "note"),
             "waiver-not-applied": ("fail", "note")}
    assert levels(Style()) == usual
    assert levels(Style(verbose=True)) == {**usual, "a/passed": ("pass", "none"), "a/absent": ("notApplicable", "none")}


def test_what_is_waived_is_written_only_where_it_is_asked_for(each: Report) -> None:
    assert "a/waived" not in sarif.render(each, Style(verbose=True))
    results = run_of(each, Style(waived=True))["results"]
    (waived,) = [result for result in results if "suppressions" in result]
    assert waived["ruleId"] == "a/waived"
    assert waived["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "Waived by Legal."}]
    assert len(results) == len(run_of(each)["results"]) + 1


def test_the_run_names_the_tool_and_the_verdict(replaced: Callable[..., Any], each: Report) -> None:
    run = run_of(each)
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("caveat", "0.1.0", "0.1.0")
    assert run["automationDetails"] == {"id": "caveat/"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"] == {"verdict": "fail", "as_of": "2026-11-22", "rules": "sha256:00"}
    odd = run_of(replaced(each, tool=Tool("caveat", "0.1.dev0")))["tool"]["driver"]
    assert "semanticVersion" not in odd


def test_what_could_not_be_evaluated_is_a_notification(replaced: Callable[..., Any], each: Report) -> None:
    (invocation,) = run_of(each)["invocations"]
    assert invocation["executionSuccessful"] is False
    placed, bare = invocation["toolExecutionNotifications"]
    assert (placed["level"], bare["level"]) == ("error", "error")
    assert placed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b/caveat.yaml"
    assert placed["message"]["text"] == "It could not be evaluated. 'models' is missing. List the models."
    assert "locations" not in bare
    whole = run_of(replaced(each, not_evaluated=()))["invocations"]
    assert whole == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_result_says_what_why_and_what_to_do(make_finding: MakeFinding, make_report: MakeReport) -> None:
    run = run_of(make_report(make_finding()))
    (result,), (rule,) = run["results"], run["tool"]["driver"]["rules"]
    assert result["message"]["text"] == (
        "FAIL: llama-3.2/naming (§1.b.i) for acme/eyes. 'eyes' does not begin with 'Llama'. Because name = eyes [caveat.yaml:9]. "
        "To do: Rename the model.")
    assert result["properties"] == {"outcome": "fail", "severity": "high", "model": "acme/eyes", "section": "§1.b.i",
                                    "via": ["own"], "project": "support"}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "caveat.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 9, "startColumn": 5, "endLine": 9, "endColumn": 14}}
    assert rule["name"] == "Llama32Naming"
    assert rule["shortDescription"]["text"] == "Llama 3.2 Community License Agreement, §1.b.i: naming"
    assert "[Llama 3.2 Community License Agreement §1.b.i](<https://example.com/license>)" in rule["help"]["markdown"]
    assert rule["properties"] == {"tags": ["license", "ai-model", "naming", "llama-3.2"], "precision": "high",
                                  "problem.severity": "error"}


def test_a_rule_of_ours_is_described_in_our_words(each: Report) -> None:
    (rule,) = [one for one in run_of(each)["tool"]["driver"]["rules"] if one["id"] == "waiver-not-applied"]
    assert rule["shortDescription"]["text"] == "The waiver lifts nothing"
    assert "helpUri" not in rule


@pytest.mark.parametrize(("path", "uri", "based"), [
    ("caveat.yaml", "caveat.yaml", True), ("./a b/ü#?.yaml", "a%20b/%C3%BC%23%3F.yaml", True),
    ("/srv/a b.yaml", "file:///srv/a%20b.yaml", False), ("C:/x/caveat.yaml", "file:///C:/x/caveat.yaml", False),
    ("../x.yaml", "../x.yaml", True), ("a:b", "a%3Ab", True), ("", "caveat.yaml", True),
])
def test_paths_are_addresses(make_finding: MakeFinding, make_report: MakeReport, path: str, uri: str, based: bool) -> None:
    run = run_of(make_report(make_finding(location=Location(path, None, None))))
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": uri, **({"uriBaseId": "%SRCROOT%"} if based else {})}
    assert physical["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 10}


def test_an_alert_is_known_again_after_lines_moved(cli: Cli, write: Write) -> None:
    def hashes(text: str) -> list[tuple[str, str]]:
        write("caveat.yaml", text)
        results = run_in(cli("check", "--format", "sarif", "--as-of", "2026-11-22").out)["results"]
        return [(result["ruleId"], result["partialFingerprints"]["primaryLocationLineHash"]) for result in results]

    assert hashes(MANIFEST) == hashes(f"# moved\n\n\n{MANIFEST}")
    assert len(hashes(MANIFEST)) > 3


def test_an_alert_is_known_again_by_outcome_style_and_day(make_finding: MakeFinding, make_report: MakeReport) -> None:
    def hashes(style: Style | None = None, /, **changes: Any) -> set[str]:
        findings = (make_finding(**changes), make_finding(rule="b/c", outcome="pass", gates=False),
                    make_finding(rule="d/e", waiver="x"))
        results = run_of(make_report(*findings), style)["results"]
        return {result["partialFingerprints"]["primaryLocationLineHash"] for result in results}

    assert hashes() == hashes(outcome="review", location=Location("caveat.yaml", 77, 1))
    assert hashes() < hashes(Style(verbose=True))
    assert hashes() < hashes(Style(waived=True))
    assert hashes() != hashes(model="acme/other")
    own: dict[str, Any] = {"license": None, "rule": "rule-set-outdated"}
    assert hashes(**own, message="read 400 days before") == hashes(**own, message="read 401 days before")
    assert hashes(**own, message="x was read") != hashes(**own, message="y was read")


def test_two_findings_about_the_same_are_numbered(make_finding: MakeFinding, make_report: MakeReport) -> None:
    one = make_finding()
    numbers = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(make_report(one, one))["results"]]
    assert [number.partition(":")[2] for number in numbers] == ["1", "2"]


def test_the_gravest_are_written_where_there_are_too_many(make_finding: MakeFinding, make_report: MakeReport,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    findings = [make_finding(rule="a/noted", outcome="review", gates=False), make_finding(rule="a/failed"),
                make_finding(rule="a/asked", outcome="review")]
    run = run_of(make_report(*findings))
    assert [result["ruleId"] for result in run["results"]] == ["a/failed", "a/asked"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("1 findings are left out")


def test_strangers_words_are_shown_and_not_obeyed(hostile: Report) -> None:
    text = sarif.render(hostile, Style(verbose=True, waived=True))
    run = run_in(text.encode("utf-8", "replace").decode())
    assert not any(OBEYED.search(one) for one in strings(run))
    assert not any("](javascript:" in one or "{0}" in one for one in messages(run))
    assert all(rule.get("helpUri", "https://").startswith("https://") for rule in run["tool"]["driver"]["rules"])
    markdown = [rule["help"]["markdown"] for rule in run["tool"]["driver"]["rules"]]
    assert not any(re.search(r"(?<!\\)[<`|]|(?<!\\)\](?!\(<https)", one) for one in markdown)


def messages(run: Any) -> list[str]:
    """Return every message of a run, those of notifications too."""
    said = run["results"] + run["invocations"][0]["toolExecutionNotifications"]
    texts = [one["message"]["text"] for one in said]
    assert all(len(text) <= 4000 for text in texts)
    return texts
