"""The workbook, read back by another library: everything is in it, nothing in it runs, and it is the same everywhere."""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from caveat.api import Options, check
from caveat.report import LineageStep, Location, Report, ReportedModel, ReportedTerm, ReportedWaiver, Style
from caveat.reporters import xlsx
from caveat.reporters._words import digest
from caveat.reporters.xlsx import render

if TYPE_CHECKING:
    from tests.conftest import Cli, Write
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ["Summary", "Findings", "Obligations", "Questions", "Models", "Waivers", "Facts"]
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(content: bytes, sheet: str) -> list[dict[str, str]]:
    """Return the rows of a sheet by their headings; an empty cell is ""."""
    head, *rest = opened(content)[sheet].iter_rows(values_only=True)
    return [{name: cell or "" for name, cell in zip(head, row, strict=True)} for row in rest]


@pytest.fixture(scope="module")
def demo() -> Report:
    return check([str(ROOT / "fixtures/demo-support-assistant/caveat.yaml")], Options(), datetime.date(2026, 11, 22))


@pytest.fixture(scope="module")
def demo_book(demo: Report) -> bytes:
    return render(demo, Style())


def test_the_sheets_can_be_filtered_scrolled_and_printed(demo_book: bytes) -> None:
    book = opened(demo_book)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
    assert book.properties.created == datetime.datetime(2026, 11, 22)


def test_everything_of_the_report_is_there(demo: Report, demo_book: bytes) -> None:
    project = demo.projects[0]
    assert sorted(row["Finding"] for row in rows(demo_book, "Findings")) == sorted(one.fingerprint for one in project.findings)
    assert [row["Finding"] for row in rows(demo_book, "Obligations")] == [duty.finding for duty in project.obligations]
    assert [row["Fact"] for row in rows(demo_book, "Questions")] == [asked.fact for asked in project.questions]
    assert [(row["Model"], row["Fact"]) for row in rows(demo_book, "Facts")] == [
        (fact.model or "project", fact.fact) for fact in project.facts]
    assert [row["Model"] for row in rows(demo_book, "Models")] == [model.id for model in project.models]
    worst = rows(demo_book, "Findings")[0]
    assert (worst["Outcome"], worst["Holds back"]) == ("FAIL", "yes")
    assert worst["What the license says"]
    assert re.search(r"= \S.* \[.+\]", worst["Facts"])


def test_questions_and_waivers_are_there(make_report: MakeReport, write: Write) -> None:
    asked = check([write("caveat.yaml", "version: 1\nproject: asked\nmodels: [meta-llama/Llama-3.3-70B-Instruct]\n")], Options(),
                  datetime.date(2026, 11, 22))
    found = rows(render(asked, Style()), "Questions")
    assert found
    assert [(row["Fact"], row["Question"]) for row in found] == [(one.fact, one.ask) for one in asked.projects[0].questions]
    waiver = ReportedWaiver("a/b", "acme/eyes", "why", "Owner", "Boss", "2027-01-01", "mail", "not-applied",
                            Location("caveat.yaml", 7, 3))
    row = rows(render(make_report(waivers=(waiver,)), Style()), "Waivers")[0]
    assert list(row.values()) == ["support", "a/b", "acme/eyes", "why", "Owner", "Boss", "2027-01-01", "mail", "not-applied",
                                  "caveat.yaml:7:3"]


def test_the_summary_says_by_what_and_what_not(demo: Report, demo_book: bytes) -> None:
    summary = [(row["Item"], row["Value"]) for row in rows(demo_book, "Summary")]
    said = dict(summary)
    assert summary[0] == ("Verdict", "FAIL: potential conflict")
    assert said["As of"] == "2026-11-22"
    assert demo.rules.digest in said["Rules"]
    assert digest(demo) in said["Report digest"]
    assert said["Findings: FAIL"] == str(demo.summary["fail"])
    assert any("read in parts only" in value for item, value in summary if item == "Not checked")
    assert any("not legal advice" in value for item, value in summary if item == "Limit")


def test_a_models_terms_and_lineage_are_in_words(make_report: MakeReport) -> None:
    model = ReportedModel("acme/eyes", (ReportedTerm("mit", ("own",), "declared"),), "pass",
                          (LineageStep("acme/eyes", "merge", "acme/base", ("llama-3.2",)),))
    row = rows(render(make_report(models=(model,)), Style()), "Models")[0]
    assert (row["Verdict"], row["Terms"]) == ("PASS", "mit (own; declared)")
    assert row["Lineage"] == "acme/eyes is a merge of acme/base: llama-3.2"


def test_nothing_in_a_hostile_report_runs(hostile: Report) -> None:
    book = opened(render(hostile, Style()))
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type == "s"
            assert not FORMULA.match(cell.value)
            assert not re.search("[\x00-\x08\x0b-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", cell.value)
            assert cell.hyperlink is None
    shown = {row["Message"] for row in rows(render(hostile, Style()), "Findings")}
    assert {"<script>alert(1)</script>", "javascript:alert(1)", "'=cmd()", "' @SUM(1)", "'\t=1", "a?gnp?", "w" * 10_240} <= shown


def test_a_sheet_saved_as_csv_holds_no_formula(hostile: Report) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(opened(render(hostile, Style()))["Findings"].iter_rows(values_only=True))
    assert not [cell for row in csv.reader(io.StringIO(text.getvalue())) for cell in row if FORMULA.match(cell)]


def test_what_looks_like_a_formula_is_marked_as_text(make_finding: MakeFinding, make_report: MakeReport) -> None:
    sheet = opened(render(make_report(make_finding(message="=1+1", says="1=1")), Style()))["Findings"]
    cells = {sheet.cell(1, cell.column).value: cell for cell in sheet[2]}
    assert (cells["Message"].value, cells["Message"].quotePrefix) == ("'=1+1", True)
    assert (cells["What the license says"].value, cells["What the license says"].quotePrefix) == ("1=1", False)


@pytest.mark.parametrize("letter", ["w", "\U0001f600"])
def test_a_cell_too_long_for_excel_is_cut_and_says_so(letter: str, make_finding: MakeFinding, make_report: MakeReport) -> None:
    message = rows(render(make_report(make_finding(message=letter * 40_000)), Style()), "Findings")[0]["Message"]
    assert len(message.encode("utf-16-le")) // 2 <= 32_767
    assert message.startswith(letter * 16_000)
    assert "cut here" in message


def test_text_that_looks_like_an_escape_of_excel_stays_as_it_is(make_finding: MakeFinding, make_report: MakeReport) -> None:
    content = render(make_report(make_finding(message="_x0041_ <b>&amp;")), Style())
    assert rows(content, "Findings")[0]["Message"] in ("_x0041_ <b>&amp;", "_x005F_x0041_ <b>&amp;")


def test_rows_beyond_the_limit_are_cut_and_counted(demo: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 12)
    found = rows(render(demo, Style()), "Findings")
    assert len(found) == 11
    assert found[-1]["Finding"] == f"Cut here: {len(demo.projects[0].findings) - 10} more rows do not fit on a sheet; the report " \
                                   "as JSON has them all."


@pytest.mark.parametrize(("url", "linked"), [
    ("https://example.com/a?b=c#d", True), ("javascript:alert(1)", False), ("https://e.com/\u202e", False),
    ("internal:'Facts'!A1", False), ("file:///etc/passwd", False), ("https://e.com/" + "a" * 3000, False)])
def test_only_addresses_of_the_web_become_links(url: str, linked: bool, make_finding: MakeFinding,
                                                make_report: MakeReport) -> None:
    sheet = opened(render(make_report(make_finding(url=url)), Style()))["Findings"]
    links = [cell.hyperlink for cell in sheet[2] if cell.hyperlink]
    assert [link.target + (f"#{link.location}" if link.location else "") for link in links] == ([url] if linked else [])


def test_every_outcome_is_worded_and_coloured(each: Report) -> None:
    sheet = opened(render(each, Style()))["Findings"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Outcome")
    fills = {row[column - 1].value: row[column - 1].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)}
    assert set(fills) == {"FAIL", "REVIEW", "OWED", "PASS", "N/A"}
    assert len(set(fills.values())) == 5


def test_a_report_without_a_project_is_written(each: Report) -> None:
    empty = type(each)(**{**each.__dict__, "projects": (), "verdict": "review"})
    said = [row["Value"] for row in rows(render(empty, Style()), "Summary") if row["Item"] == "Not checked"]
    assert said[0] == "b/caveat.yaml:3 could not be evaluated: 'models' is missing"


def test_a_projects_own_words_are_kept(make_report: MakeReport) -> None:
    assert "Zoë 猫" in rows(render(make_report(project="Zoë 猫"), Style()), "Summary")[1]["Value"]


def made_by_a_process(form: str, seed: str, locale: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
    return subprocess.run(
        [sys.executable, "-m", "caveat", "check", "fixtures/demo-support-assistant/caveat.yaml", "--as-of", "2026-11-22",
         "--format", form], cwd=ROOT, env=environment, capture_output=True, check=False).stdout


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = made_by_a_process("xlsx", "1", "C"), made_by_a_process("xlsx", "2", "C.UTF-8")
    assert first[:2] == b"PK"
    assert first == second


def test_without_its_library_nothing_is_written(cli: Cli, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [mistralai/Mistral-7B-Instruct-v0.3]\n")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ran = cli("check", "caveat.yaml", "--output", "xlsx=report.xlsx", "--output", "json=report.json")
    assert (ran.code, ran.out) == (2, "")
    assert "caveat[xlsx]" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["caveat.yaml"]
