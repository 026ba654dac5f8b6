"""The commands, as a user types them: what they print, where, and how they end."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from caveat import __version__
from caveat.cli.common import use_color

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

GERMAN = """\
version: 1
project: scanner
organization: {kind: company, domicile: DE}
models:
  - meta-llama/Llama-3.2-11B-Vision-Instruct
"""
SCHEMAS = Path(__file__).parents[1] / "rules" / "schema"
RULE = "llama-3.2/eu-multimodal-exclusion"


# -- explain -----------------------------------------------------------------------------------------------------------


def test_explain_a_finding_names_the_facts_and_their_lines(write: Write, cli: Cli) -> None:
    write("caveat.yaml", GERMAN)
    ran = cli("explain", RULE, "caveat.yaml", "--as-of", "2026-11-22")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"FAIL {RULE} for meta-llama/Llama-3.2-11B-Vision-Instruct\n")
    assert "section     AUP, last paragraph" in ran.out
    assert "organization.domicile = DE, stated in caveat.yaml:3" in ran.out
    assert "multimodal = True (meta-llama/Llama-3.2-11B-Vision-Instruct), stated in catalogue" in ran.out


def test_explain_an_open_finding_asks_the_question(write: Write, cli: Cli) -> None:
    write("caveat.yaml", GERMAN)
    out = cli("explain", "llama-3.2/user-cap", "caveat.yaml").out
    assert "not stated  How many monthly active users" in out
    assert "2024-08" in out


@pytest.mark.parametrize(("what", "says"), [
    ("llama-3.1/naming", "Kind naming: "), ("llama-3.1", "What it forbids"), ("Llama3.1", "Llama 3.1 Community License Agreement"),
    ("license-unknown", "The license is not identified."),
    ("user-cap", "user-cap: "), ("meta-llama/Llama-3.3-70B-Instruct", "license     llama-3.3"),
])
def test_explain_without_a_manifest(cli: Cli, what: str, says: str) -> None:
    ran = cli("explain", what)
    assert (ran.code, ran.err) == (0, "")
    assert says in ran.out


@pytest.mark.parametrize(("args", "message"), [
    (["llama-32"], "did you mean 'llama-3.2'?"), (["llama-3.2/namin"], "did you mean 'naming'?"),
    (["nothing at all"], "see `caveat licenses`"), (["llama-3.2/naming", "missing.yaml"], "missing.yaml: no such file"),
    (["cc"], "it names no single license"), (["qwen2.5"], "it names a family of models"),
])
def test_explain_what_is_not_there(cli: Cli, args: list[str], message: str) -> None:
    ran = cli("explain", *args)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1


def test_explain_a_rule_that_gave_no_finding(write: Write, cli: Cli) -> None:
    write("caveat.yaml", GERMAN)
    ran = cli("explain", "llama-4/naming", "caveat.yaml")
    assert ran.code == 2
    assert "no finding of 'llama-4/naming'" in ran.err


# -- lists -------------------------------------------------------------------------------------------------------------


def test_licenses_lists_searches_and_shows(cli: Cli) -> None:
    everything = cli("licenses").out.splitlines()
    assert [line.split()[0] for line in everything] == sorted(line.split()[0] for line in everything)
    assert {line.split()[0] for line in cli("licenses", "community").out.splitlines()} >= {
        f"llama-{version}" for version in ("2", "3", "3.1", "3.2", "3.3", "4")}
    assert cli("licenses", "code-llama").out.startswith("Llama 2 Community License Agreement (llama-2)\n")
    assert [line.split()[0] for line in cli("licenses", "codellama lic").out.splitlines()] == ["llama-2"]
    assert cli("licenses", "Apache-2.0").out.startswith("Apache License 2.0 (apache-2.0)\n")
    assert cli("licenses", "unheard of") == (1, "", "no license matches 'unheard of'\n")


def test_models_lists_searches_and_shows(cli: Cli) -> None:
    assert len(cli("models").out.splitlines()) > 1000
    assert "codellama:*  llama-2 (= codellama/CodeLlama-7b-hf)" in cli("models", "codellama").out
    shown = cli("models", "META-LLAMA/llama-4-behemoth").out
    assert "weights     never released" in shown
    assert cli("models", "llama").code == 0
    assert cli("models", "zzz").err == "no model matches 'zzz'\n"


# -- rules -------------------------------------------------------------------------------------------------------------


def test_rules_new_writes_a_rule_set_that_lints_and_passes_its_tests(cli: Cli) -> None:
    assert cli("rules", "new", "acme-1.0", "--into", "own").code == 0
    assert cli("rules", "lint", "own") == (0, "rules in own: no problems\n", "")
    ran = cli("rules", "test", "own")
    assert (ran.code, ran.out) == (0, "3 passed, 0 failed\n")
    again = cli("rules", "new", "acme-1.0", "--into", "own")
    assert again.code == 2
    assert "is there already" in again.err
    assert cli("rules", "new", "Acme License").code == 2


def test_rules_test_names_the_example_that_is_wrong(write: Write, cli: Cli) -> None:
    cli("rules", "new", "acme-1.0", "--into", "own")
    with open("own/licenses/acme-1.0.yaml", encoding="utf-8") as file:
        text = file.read().replace("id: acme-1.0", "id: acme-2.0").replace("license-copy: not-applicable", "license-copy: pass")
    write("own/licenses/acme-2.0.yaml", text)
    ran = cli("rules", "test", "own")
    assert ran.code == 1
    assert "WRONG  acme-2.0: nothing is handed over\n         license-copy: not-applicable, expected pass" in ran.out
    assert ran.out.endswith("5 passed, 1 failed\n")


def test_rules_lint_says_what_and_where(write: Write, cli: Cli) -> None:
    write("own/licenses/acme.yaml", """\
id: acme
name: Acme
spdx: apache-2
aliases: {names: [llama]}
source: {url: "https://acme.example", read_on: 2026-01-01, evidence: text}
clauses:
  - {kind: info, section: "1"}
  - {kind: use-restrictions, section: "2", prohibits: {tickling: "2"}}
""")
    ran = cli("rules", "lint", "own")
    assert (ran.code, ran.out) == (2, "")
    for message in ("clause info says nothing", "'tickling' is no tag of the vocabulary", "spdx 'apache-2' is no SPDX id",
                    "alias 'llama' names a family", "use-restrictions has no example that passes"):
        assert message in ran.err
    assert all(line.startswith("own/licenses/acme.yaml: ") for line in ran.err.splitlines())


# -- check -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("purpose", "code", "verdict"), [("commercial", 1, "fail"), ("teaching", 3, "review")])
def test_exit_codes_follow_the_verdict(write: Write, cli: Cli, purpose: str, code: int, verdict: str) -> None:
    write("caveat.yaml", f"version: 1\nproject: p\npurpose: {purpose}\nmodels: [{{id: a/b, license: llama-1}}]\n")
    ran = cli("check", "--format", "json")
    assert (ran.code, json.loads(ran.out)["verdict"]) == (code, verdict)


def test_one_bad_manifest_does_not_stop_the_others(write: Write, cli: Cli) -> None:
    write("a/caveat.yaml", "version: 1\nproject: a\npurpos: commercial\nmodels: [x/y]\n")
    write("b/caveat.yaml", "version: 1\nproject: b\ndistribution: [internal]\nmodels: [{id: a/b, license: mit}]\n")
    ran = cli("check", ".", "--format", "json")
    assert ran.code == 2
    assert [project["project"] for project in json.loads(ran.out)["projects"]] == ["b"]
    assert ran.err.splitlines() == ["a/caveat.yaml:3:1: unknown key 'purpos'; did you mean 'purpose'?",
                                    "caveat: the report names what could not be evaluated (exit code 2)"]


def test_the_report_goes_into_a_file_whole(write: Write, cli: Cli) -> None:
    write("caveat.yaml", GERMAN)
    direct = cli("check", "--as-of", "2026-11-22").out
    ran = cli("check", "--as-of", "2026-11-22", "-o", "report.txt")
    assert (ran.code, ran.out) == (1, "")
    with open("report.txt", encoding="utf-8") as file:
        assert file.read() == direct
    failed = cli("check", "-o", "no/such/folder/report.txt")
    assert (failed.code, failed.out) == (2, "")
    assert "no/such/folder/report.txt: cannot be written" in failed.err


@pytest.mark.parametrize("args", [["--as-of", "2026-02-30"], ["--format", "docx"], ["--policy", "lax"], ["--rules", "nowhere"],
                                  ["missing"], ["--nonsense"]])
def test_a_wrong_call_ends_with_2_and_no_report(write: Write, cli: Cli, args: list[str]) -> None:
    write("caveat.yaml", GERMAN)
    ran = cli("check", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


def test_the_version_names_the_rules(cli: Cli) -> None:
    ran = cli("--version")
    assert re.fullmatch(rf"caveat {re.escape(__version__)} \([0-9]+ licenses, rules sha256:[0-9a-f]{{64}}\)\n", ran.out)


def test_an_unknown_command_names_the_nearest(cli: Cli) -> None:
    ran = cli("chek")
    assert ran.code == 2
    assert "Did you mean 'check'?" in ran.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("choice", "variables", "to_file", "terminal", "colored"), [
    ("auto", {}, False, True, True), ("auto", {}, False, False, False), ("auto", {}, True, True, False),
    ("auto", {"NO_COLOR": "1"}, False, True, False), ("auto", {"NO_COLOR": ""}, False, True, True),
    ("auto", {"FORCE_COLOR": "1"}, False, False, True), ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False, True),
    ("auto", {"TERM": "dumb"}, False, True, False), ("always", {"NO_COLOR": "1"}, True, False, True),
    ("never", {"FORCE_COLOR": "1"}, False, True, False),
])
def test_color(monkeypatch: pytest.MonkeyPatch, choice: str, variables: dict[str, str], to_file: bool, terminal: bool,
               colored: bool) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", _Terminal() if terminal else io.StringIO())
    assert use_color(choice, to_file) is colored


# -- JSON for other programs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("args", "schema", "part"), [
    (["explain", "llama-3.3"], "explain", "license"), (["explain", "llama-3.3/user-cap"], "explain", "clause"),
    (["explain", "user-cap"], "explain", "manual"), (["explain", "meta-llama/Llama-3.3-70B-Instruct"], "explain", "model"),
    (["explain", RULE, "caveat.yaml"], "explain", "findings"), (["licenses"], "licenses", "licenses"),
    (["licenses", "llama-4"], "licenses", "licenses"), (["models", "scout"], "model-list", "models"),
    (["models", "meta-llama/Llama-3.3-70B-Instruct"], "model-list", "models"), (["models"], "model-list", "models"),
])
def test_what_is_shown_can_be_had_as_json(write: Write, cli: Cli, args: list[str], schema: str, part: str) -> None:
    write("caveat.yaml", GERMAN)
    ran = cli(*args, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    data = json.loads(ran.out)
    jsonschema.Draft7Validator(json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8"))).validate(data)
    assert data["version"] == 1
    assert data[part]
    assert cli(*args, "--format", "json").out == ran.out


def test_a_license_page_answers_what_a_lawyer_asks(cli: Cli) -> None:
    page = cli("explain", "llama-3.3").out
    titles = ["What it lets you do", "What it forbids", "What you owe, and when", "What else to know"]
    places = [page.index(f"\n\n{title}\n") for title in titles]
    assert places == sorted(places)
    assert "read on 2026-11-22 from the whole text: https://" in page
    assert "checked: no rights with more than 700,000,000 monthly users (affiliates) in 2024-11" in page
    assert "when: when it reaches others as weights, embedded-product" in page
    assert "medical-advice (AUP 1.4, unless licensed_professional)" in page
    assert max(map(len, page.splitlines())) <= 160


def test_json_of_a_clause_says_when_and_what_is_checked(cli: Cli) -> None:
    clause = json.loads(cli("explain", "llama-3.3/acceptable-use", "--format", "json").out)["clause"]
    assert (clause["kind"], clause["sort"], clause["severity"]) == ("use-restrictions", "prohibition", "blocker")
    states = {use["tag"]: use["state"] for use in clause["uses"]}
    assert (states["military"], states["medical-advice"], states["hate"]) == ("forbidden", "conditional", "open")
