"""Workflow commands: what a runner reads back is what was meant, and no word of a stranger is a command."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from caveat.report import Location, Report, Style
from caveat.reporters import github

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Read(NamedTuple):
    """A command as a runner reads it."""

    level: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, *marks: tuple[str, str]) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), *marks, ("%25", "%")):
        text = text.replace(code, sign)
    return text


def read(text: str) -> tuple[list[Read], str]:
    """Read commands as the runner does, and return them with the last line, which must be no command."""
    assert text.endswith("\n")
    *lines, last = text[:-1].split("\n")
    commands = []
    for line in lines:
        found = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line)
        assert found, line
        pairs = [pair.partition("=") for pair in found[2].split(",")]
        properties = {name: unescaped(value, ("%3A", ":"), ("%2C", ",")) for name, _, value in pairs}
        assert set(properties) <= {"file", "line", "col", "endLine", "endColumn", "title"}
        assert len(properties) == len(pairs)
        commands.append(Read(found[1], properties, unescaped(found[3])))
    assert "::" not in last
    assert max(Counter(command.level for command in commands).values(), default=0) <= github.MAX_PER_LEVEL
    return commands, last


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()))
def test_every_fixture_gives_commands(cli: Cli, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    ran = cli("check", "--as-of", "2026-11-22", "--format", "github", folder=str(ROOT / "fixtures" / folder))
    commands, last = read(ran.out)
    levels = {command.level for command in commands}
    assert ran.code == (1 if "error" in levels else 3 if "warning" in levels else 0)
    assert last.startswith(f"caveat: {({0: 'PASS', 1: 'FAIL', 3: 'REVIEW'})[ran.code]}: ")


def test_levels_follow_outcome_and_gate_and_what_was_not_evaluated_comes_first(each: Report) -> None:
    commands, last = read(github.render(each, Style(verbose=True, waived=True)))
    assert [(command.level, command.properties["title"].partition(" (")[0]) for command in commands] == [
        ("error", "caveat: could not be evaluated"), ("error", "caveat: could not be evaluated"),
        ("error", "FAIL: a/blocked"), ("error", "FAIL: a/failed"), ("warning", "REVIEW: a/asked"), ("warning", "OWED: a/owed"),
        ("notice", "REVIEW: waiver-not-applied"), ("notice", "REVIEW: waiver-not-applied"), ("notice", "REVIEW: a/noted"),
        ("notice", "OWED: a/minor")]
    assert commands[0].properties | {"title": ""} == {"file": "b/caveat.yaml", "line": "3", "endLine": "3", "title": ""}
    assert set(commands[1].properties) == {"title"}
    assert last == ("caveat: FAIL: 2 fail, 4 review, 2 owed, 1 pass, 1 n/a, 1 waived; 2 problems kept something from being "
                    "evaluated. Annotated: 10 of 10; the others stand in the other reports.")


def test_a_command_says_where_what_why_and_what_to_do(make_finding: MakeFinding, make_report: MakeReport) -> None:
    (command,), _ = read(github.render(make_report(make_finding(model="acme/50%:a,b")), Style()))
    assert command == ("error", {
        "file": "caveat.yaml", "line": "9", "endLine": "9", "col": "5", "endColumn": "17",
        "title": "FAIL: llama-3.2/naming (§1.b.i) for acme/50%:a,b",
    }, "'eyes' does not begin with 'Llama'\nBecause name = eyes [caveat.yaml:9]\nTo do: Rename the model.\nhttps://example.com/license")


def test_ten_of_a_level_are_written_the_gravest_first(make_finding: MakeFinding, make_report: MakeReport) -> None:
    many = [make_finding(rule=f"a/{number}", severity="blocker" if number > 20 else "high") for number in range(30)]
    some = [make_finding(rule=f"b/{number}", outcome="review", gates=False) for number in range(12)]
    commands, last = read(github.render(make_report(*some, *many), Style()))
    assert Counter(command.level for command in commands) == {"error": 10, "notice": 10}
    assert sum(int(command.properties["title"].split()[1].removeprefix("a/")) > 20 for command in commands[:9]) == 9
    assert "Annotated: 20 of 42" in last


def test_strangers_words_are_no_commands(hostile: Report, make_report: MakeReport) -> None:
    text = github.render(hostile, Style(verbose=True, waived=True))
    commands, last = read(text)
    assert not OBEYED.search(text)
    assert len(commands) == 10  # what was not evaluated
    findings = hostile.projects[0].findings
    for finding in findings:
        (command,), last = read(github.render(make_report(finding), Style())) if finding.waiver is None else ([None], last)
        assert command is None or command.level == "error"
        assert "cmd" not in last and "error" not in last


def test_a_place_without_a_line_has_no_column(make_finding: MakeFinding, make_report: MakeReport) -> None:
    (command,), _ = read(github.render(make_report(make_finding(location=Location("./x.yaml", None, 4))), Style()))
    assert set(command.properties) == {"file", "title"}
    assert command.properties["file"] == "x.yaml"
