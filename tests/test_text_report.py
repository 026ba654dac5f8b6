"""The report for a terminal: what it says first, what it leaves out, and that color changes nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

MANIFEST = """\
version: 1
project: support
status: live
end_users: third-parties
distribution: [hosted-service]
region: [EU]
organization: {kind: company, domicile: DE, litigation: none}
models:
  - {id: acme/eyes, license: llama-3.2, multimodal: true}
  - {id: acme/plain, license: mit}
"""
DAY = ("--as-of", "2026-11-22")


@pytest.fixture
def text(write: Write, cli: Cli) -> str:
    write("caveat.yaml", MANIFEST)
    ran = cli("check", "caveat.yaml", *DAY)
    assert (ran.code, ran.err) == (1, "")
    return ran.out


def test_the_head_says_by_which_rules_on_which_day(text: str) -> None:
    assert re.fullmatch(r"caveat [0-9.]+\S* · as of 2026-11-22 · [0-9]+ licenses \(sha256:[0-9a-f]{12}\) · policy default",
                        text.splitlines()[0])


def test_the_verdict_of_the_project_and_the_worst_model_come_first(text: str) -> None:
    lines = text.splitlines()
    assert "support (caveat.yaml): FAIL" in lines
    models = [line for line in lines if re.match(r"(FAIL|REVIEW|PASS) +acme/", line)]
    assert [line.split()[:2] for line in models] == [["FAIL", "acme/eyes"], ["PASS", "acme/plain"]]
    assert "llama-3.2 (own)" in models[0]


def test_a_finding_names_rule_section_severity_reason_place_and_remedy(text: str) -> None:
    start = text.index("llama-3.2/eu-multimodal-exclusion")
    block = text[start:].split("\n  ")[0]
    lines = text[start:].splitlines()[:4]
    assert "AUP" in lines[0]
    assert lines[0].endswith("[blocker]")
    assert lines[2].strip().startswith("because ")
    assert "organization.domicile = DE [caveat.yaml:7]" in lines[2]
    assert "multimodal = true [caveat.yaml:9]" in lines[2]
    assert lines[3].strip().startswith("to do: ")
    assert block


def test_open_questions_are_numbered_and_say_what_they_decide(text: str) -> None:
    questions = text.split("Open questions\n")[1]
    numbers = re.findall(r"^  (\d+)\. ", questions, re.MULTILINE)
    assert numbers == [str(number + 1) for number in range(len(numbers))]
    assert "state mau for 2024-08; decides llama-3.2/user-cap" in questions


def test_what_passes_is_left_out_unless_it_is_asked_for(text: str, cli: Cli) -> None:
    assert " N/A " not in text
    verbose = cli("check", "caveat.yaml", *DAY, "-v").out
    assert " N/A " in verbose
    assert " PASS " in verbose
    assert set(text.splitlines()) <= set(verbose.splitlines())


def test_the_last_line_counts_every_outcome(text: str, cli: Cli) -> None:
    verbose = cli("check", "caveat.yaml", *DAY, "-v").out
    labels = {"fail": "FAIL", "review": "REVIEW", "obligation": "OWED", "pass": "PASS", "not-applicable": "N/A"}
    last = text.splitlines()[-1]
    assert last.startswith("FAIL: ")
    counts = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z-]+)", last)}
    for name, number in counts.items():
        assert len(re.findall(rf"^  {re.escape(labels[name])} ", verbose, re.MULTILINE)) == number, name


def test_color_is_for_terminals_and_changes_no_word(text: str, cli: Cli) -> None:
    assert "\x1b" not in text
    painted = cli("check", "caveat.yaml", *DAY, "--color", "always").out
    assert "\x1b[31;1mFAIL\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text


def test_a_report_goes_whole_into_a_file(text: str, cli: Cli, write: Write) -> None:
    ran = cli("check", "caveat.yaml", *DAY, "-o", "out.txt")
    assert (ran.code, ran.out) == (1, "")
    with open(write("marker", "").replace("marker", "out.txt"), encoding="utf-8") as file:
        assert file.read() == text
    failed = cli("check", "caveat.yaml", *DAY, "-o", "nowhere/out.txt")
    assert failed.code == 2
    assert "nowhere/out.txt: cannot be written" in failed.err


@pytest.mark.parametrize(("models", "code", "word"), [
    ("[{id: a/b, license: mit}]", 0, "PASS"), ("[a/b]", 3, "REVIEW"),
    ("[{id: a/b, license: llama-3.2, multimodal: true, region: [EU]}]", 1, "FAIL"),
])
def test_the_exit_code_is_the_verdict(write: Write, cli: Cli, models: str, code: int, word: str) -> None:
    write("caveat.yaml", "version: 1\nproject: p\ndistribution: internal\norganization: {kind: company, domicile: DE}\n"
          f"models: {models}\n")
    ran = cli("check", "caveat.yaml")
    assert ran.code == code
    assert f"p (caveat.yaml): {word}" in ran.out
