"""GitLab's Code Quality: a list of entries of the shape that GitLab reads, each with a fingerprint of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from caveat.report import Location, Report, Style
from caveat.reporters import gitlab

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def entries(text: str) -> list[Any]:
    """Return the entries, each of which must have the shape that GitLab asks for."""
    found = json.loads(text)
    assert isinstance(found, list)
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["description"] and entry["check_name"]
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert re.fullmatch(r"[0-9a-f]{16}", entry["fingerprint"])
        assert set(entry["location"]) == {"path", "lines"}
        assert entry["location"]["path"] and not entry["location"]["path"].startswith("./")
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in found}) == len(found)
    return found


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()))
def test_every_fixture_gives_entries(cli: Cli, folder: str) -> None:
    ran = cli("check", "--as-of", "2026-11-22", "--format", "gitlab", folder=str(ROOT / "fixtures" / folder))
    grave = {entry["severity"] for entry in entries(ran.out)} & {"major", "critical", "blocker"}
    assert bool(grave) == (ran.code in (1, 3))


def test_severities_follow_outcome_and_gate(each: Report) -> None:
    found = entries(gitlab.render(each, Style(verbose=True, waived=True)))
    assert [(entry["check_name"], entry["severity"]) for entry in found] == [
        ("not-evaluated", "blocker"), ("not-evaluated", "blocker"), ("a/blocked", "blocker"), ("a/failed", "critical"),
        ("a/asked", "major"), ("a/owed", "major"), ("waiver-not-applied", "minor"), ("waiver-not-applied", "minor"),
        ("a/noted", "minor"), ("a/minor", "info")]
    assert [entry["location"] for entry in found[:2]] == [
        {"path": "b/caveat.yaml", "lines": {"begin": 3}}, {"path": "caveat.yaml", "lines": {"begin": 1}}]


def test_an_entry_says_what_and_what_to_do(make_finding: MakeFinding, make_report: MakeReport) -> None:
    (entry,) = entries(gitlab.render(make_report(make_finding(location=Location("./a/caveat.yaml", 9, 5))), Style()))
    assert entry["description"] == ("FAIL: llama-3.2/naming (§1.b.i) for acme/eyes. 'eyes' does not begin with 'Llama'. "
                                    "To do: Rename the model.")
    assert entry["location"] == {"path": "a/caveat.yaml", "lines": {"begin": 9}}


def test_a_fingerprint_outlives_moved_lines_and_tells_outcomes_apart(make_finding: MakeFinding, make_report: MakeReport) -> None:
    def mark(**changes: Any) -> str:
        (entry,) = entries(gitlab.render(make_report(make_finding(**changes)), Style()))
        return str(entry["fingerprint"])

    assert mark() == mark(location=Location("caveat.yaml", 99, 1))
    assert len({mark(), mark(outcome="review"), mark(model="acme/other")}) == 3


def test_nothing_open_is_an_empty_list(make_finding: MakeFinding, make_report: MakeReport) -> None:
    passed = make_finding(outcome="pass", gates=False), make_finding(waiver="Legal")
    assert gitlab.render(make_report(*passed), Style(verbose=True)) == "[]\n"


def test_strangers_words_are_one_short_line(hostile: Report) -> None:
    found = entries(gitlab.render(hostile, Style()).encode("utf-8", "replace").decode())
    for entry in found:
        assert len(entry["description"]) <= 2000
        assert not OBEYED.search(entry["description"] + entry["check_name"] + entry["location"]["path"])
