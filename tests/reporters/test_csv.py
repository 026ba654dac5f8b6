"""CSV: a row per finding of every outcome, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv as reader
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caveat.report import Report, Style
from caveat.reporters import csv

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows by their columns."""
    table = reader.DictReader(io.StringIO(text, newline=""), strict=True)
    found = list(table)
    assert tuple(table.fieldnames or ()) == csv.COLUMNS
    assert all(None not in row and None not in row.values() for row in found)
    return found


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()))
def test_every_finding_of_a_fixture_has_its_row(cli: Cli, folder: str) -> None:
    day = ("check", "--as-of", "2026-11-22", "--format")
    place = str(ROOT / "fixtures" / folder)
    found = rows(cli(*day, "csv", folder=place).out)
    assert len(found) == cli(*day, "json", folder=place).out.count('"fingerprint":')


def test_rows_come_gravest_first_and_name_everything(each: Report) -> None:
    text = csv.render(each, Style())
    assert text.endswith("\r\n")
    found = rows(text)
    assert [row["outcome"] for row in found] == [
        "not-evaluated", "not-evaluated", "fail", "fail", "fail", "review", "obligation", "review", "review", "review",
        "obligation", "pass", "not-applicable"]
    assert [row["waiver"] for row in found if row["rule"] == "a/waived"] == ["Legal"]
    assert found[0]["path"] == "b/caveat.yaml"
    assert found[2] == {
        "project": "support", "manifest": "caveat.yaml", "model": "acme/eyes", "license": "llama-3.2", "rule": "a/blocked",
        "kind": "naming", "section": "§1.b.i", "outcome": "fail", "severity": "blocker", "gates": "yes",
        "message": "'eyes' does not begin with 'Llama'", "facts": "name = eyes [caveat.yaml:9]", "to_do": "Rename the model.",
        "questions": "", "url": "https://example.com/license", "path": "caveat.yaml", "line": "9", "waiver": "",
        "fingerprint": "0123456789abcdef"}


@pytest.mark.parametrize("word", [
    "=cmd()", "+1", "-1", "@SUM(1)", " =1", "\t1", "\r1", "\n=1", "\u200b=1", "＝1", "\xa0=1", "\x00=1"])
def test_no_cell_is_a_formula(make_finding: MakeFinding, make_report: MakeReport, word: str) -> None:
    (row,) = rows(csv.render(make_report(make_finding(model=word, message=word, waiver=word), project=word), Style()))
    for column in ("project", "model", "message", "waiver"):
        assert row[column][0] in "'?"
        assert "\r" not in row[column]


def test_strangers_words_are_cells(hostile: Report) -> None:
    text = csv.render(hostile, Style())
    found = rows(text)
    assert len(found) == len(hostile.projects[0].findings) + len(hostile.not_evaluated)
    for row in found:
        for cell in row.values():
            assert not OBEYED.search(cell)
            assert not re.match(r"\s*[=+\-@]|[\t\r\n]", cell)
            assert len(cell) < 32_767
