"""The report as an Excel workbook: sheets to filter, sort and print, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from caveat.errors import ExtraMissingError
from caveat.finding import OUTCOMES
from caveat.limits import LIMITS
from caveat.report import Report, ReportedProject, Style
from caveat.reporters._words import (
    FORMULA,
    NO_LICENSE,
    OUTCOME_WORDS,
    Listed,
    about,
    change,
    fact_lines,
    lineage_words,
    listed,
    not_checked,
    place,
    section,
    stated_in,
    term_words,
    value,
    verdict_words,
)
from caveat.shapes import harmless

MAX_CELL = 32_767
MAX_ROWS = 1_048_576
"""So much a cell and a sheet of Excel hold."""
MAX_LINKS = 60_000
"""Excel refuses a sheet with more than 65,530 links; later ones are plain text."""
_CUT = " [... cut here: a cell holds no more; the report as JSON has the whole text]"
# Excel's XML holds neither lone surrogates nor these two; U+061C turns text around, as those do that `harmless` replaces.
_ILLEGAL = re.compile("[\ud800-\udfff\ufffe\uffff\u061c]")
_LINK = re.compile(r"https?://[!-~]{1,240}")
_FILLS = {"fail": ("#FBE3E1", "#8F1414"), "review": ("#FDF0D5", "#714000"), "obligation": ("#E1ECF8", "#12426E"),
          "pass": ("#E2F2E5", "#14562A"), "not-applicable": ("#EEEEEE", "#4A4A4A")}
"""Background and ink of each outcome."""


class _Column(NamedTuple):
    """A column: its heading, its width in characters, and what stands in it."""

    title: str
    width: int
    kind: str = "text"


class _Table(NamedTuple):
    """A sheet: its name, its columns and its rows of text; a cell of the kind outcome holds the outcome's name."""

    name: str
    columns: tuple[_Column, ...]
    rows: Iterable[tuple[str, ...]]


def render(report: Report, style: Style) -> bytes:
    """Return the report as a workbook; no style changes it: every outcome is in it, and the reader filters."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise ExtraMissingError("xlsx") from None
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": f"License report as of {report.as_of}: {verdict_words(report.verdict)}",
                         "comments": "Engineering evidence, not legal advice.",
                         "created": datetime.datetime.fromisoformat(report.as_of)})
    paint = _Paint(book)
    for table in _tables(report):
        _write(book.add_worksheet(table.name), table, paint)
    book.close()
    return file.getvalue()


def _tables(report: Report) -> Iterator[_Table]:
    yield _Table("Summary", (_Column("Item", 28), _Column("Value", 110)), _summary(report))
    yield _Table("Findings", _FINDING, map(_finding, listed(report, OUTCOMES, waived=True)))
    yield _Table("Obligations", _OBLIGATION, _each(report, _obligations))
    yield _Table("Questions", _QUESTION, _each(report, _questions))
    yield _Table("Models", _MODEL, _each(report, _models))
    yield _Table("Waivers", _WAIVER, _each(report, _waivers))
    yield _Table("Facts", _FACT, _each(report, _facts))


def _each(report: Report, rows: Any) -> Iterator[tuple[str, ...]]:
    for project in report.projects:
        yield from ((project.project, *row) for row in rows(project))


def _summary(report: Report) -> Iterator[tuple[str, ...]]:
    yield "Verdict", verdict_words(report.verdict)
    yield from about(report)
    for outcome in OUTCOMES:
        yield f"Findings: {OUTCOME_WORDS[outcome]}", str(report.summary.get(outcome, 0))
    yield "Findings: waived", str(report.summary.get("waived", 0))
    for missing in dict.fromkeys(not_checked(report)):
        yield "Not checked", missing
    for limit in LIMITS:
        yield "Limit", limit


_FINDING = (
    _Column("Finding", 18), _Column("Project", 18), _Column("Model", 30), _Column("License", 16), _Column("Rule", 30),
    _Column("Section", 12), _Column("Outcome", 10, "outcome"), _Column("Severity", 10), _Column("Holds back", 8),
    _Column("Message", 46), _Column("What the license says", 50), _Column("Facts", 46), _Column("What would change it", 46),
    _Column("To do", 40), _Column("Readings", 36), _Column("Questions", 36), _Column("Via", 28), _Column("Link", 34, "link"),
    _Column("Stated at", 28), _Column("Waived by", 14))


def _finding(one: Listed) -> tuple[str, ...]:
    project, found = one
    return (found.fingerprint, project.project, found.model, found.license or "", found.rule, section(found), found.outcome,
            found.severity, "yes" if found.gates else "no", found.message, found.says, "\n".join(fact_lines(found.because)),
            "\n".join(change(found)), found.remedy, "\n".join(found.readings), "\n".join(found.questions), "\n".join(found.via),
            found.url, place(found.location), found.waiver or "")


_OBLIGATION = (
    _Column("Project", 18), _Column("Model", 30), _Column("Rule", 30), _Column("Section", 12), _Column("What", 60),
    _Column("Where", 24), _Column("Evidence", 46), _Column("State", 11), _Column("To do", 46), _Column("Finding", 18))


def _obligations(project: ReportedProject) -> Iterator[tuple[str, ...]]:
    for duty in project.obligations:
        yield (duty.model, duty.rule, section(duty),
               duty.what, duty.where, "\n".join(fact_lines(duty.evidence)), duty.state, duty.remedy, duty.finding)


_QUESTION = (_Column("Project", 18), _Column("Fact", 26), _Column("Month or use", 14), _Column("Question", 60),
             _Column("Models", 36), _Column("Decides", 46))


def _questions(project: ReportedProject) -> Iterator[tuple[str, ...]]:
    for asked in project.questions:
        yield asked.fact, asked.month, asked.ask, "\n".join(asked.models), "\n".join(asked.decides)


_MODEL = (_Column("Project", 18), _Column("Model", 40), _Column("Verdict", 10, "outcome"), _Column("Terms", 60),
          _Column("Lineage", 70), _Column("Stated at", 28))


def _models(project: ReportedProject) -> Iterator[tuple[str, ...]]:
    for model in project.models:
        yield (model.id, model.verdict, "\n".join(map(term_words, model.terms)) or NO_LICENSE,
               "\n".join(lineage_words(model)), place(model.location) if model.location else "")


_WAIVER = (
    _Column("Project", 18), _Column("Rule", 30), _Column("Model", 30), _Column("Reason", 50), _Column("Owner", 18),
    _Column("Approved by", 18), _Column("Until", 12), _Column("Evidence", 40), _Column("State", 14), _Column("Stated at", 28))


def _waivers(project: ReportedProject) -> Iterator[tuple[str, ...]]:
    for waiver in project.waivers:
        yield (waiver.rule, waiver.model, waiver.reason, waiver.owner, waiver.approved_by, waiver.until, waiver.evidence,
               waiver.state, place(waiver.location))


_FACT = (_Column("Project", 18), _Column("Model", 34), _Column("Fact", 30), _Column("Value", 50), _Column("Detail", 18),
         _Column("Who stated it", 16), _Column("Where", 40))


def _facts(project: ReportedProject) -> Iterator[tuple[str, ...]]:
    for fact in project.facts:
        yield fact.model or "project", fact.fact, value(fact.value), fact.detail, fact.source, stated_in(fact)


class _Paint:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}
        self.header = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F2A44", "text_wrap": True,
                                       "valign": "vcenter", "border": 1, "border_color": "#1F2A44"})

    def cell(self, outcome: str, *, quoted: bool) -> Any:
        """Return the format of a cell: coloured for an outcome, and marked as text where it might be taken for a formula."""
        if (outcome, quoted) not in self._made:
            made = {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#D5D8DE", "quote_prefix": quoted}
            if outcome:
                fill, ink = _FILLS[outcome]
                made |= {"bg_color": fill, "font_color": ink, "bold": True}
            self._made[outcome, quoted] = self._book.add_format(made)
        return self._made[outcome, quoted]


def _write(sheet: Any, table: _Table, paint: _Paint) -> None:
    """Write a table with its heading, and say in its last row how much did not fit."""
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title, paint.header)
    rows = iter(table.rows)
    last = 0
    for last, row in enumerate(islice(rows, MAX_ROWS - 2), start=1):
        _write_row(sheet, last, row, table.columns, paint)
    left = sum(1 for _ in rows)
    if left:
        sheet.write_string(last + 1, 0, f"Cut here: {left} more rows do not fit on a sheet; the report as JSON has them all.",
                           paint.header)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&CEngineering evidence, not legal advice&RPage &P of &N")


def _write_row(sheet: Any, number: int, row: tuple[str, ...], columns: Sequence[_Column], paint: _Paint) -> None:
    for place_in_row, (text, column) in enumerate(zip(row, columns, strict=True)):
        outcome = text if column.kind == "outcome" else ""
        shown = _cell(OUTCOME_WORDS.get(text, text) if outcome else text)  # type: ignore[call-overload]
        paint_with = paint.cell(outcome, quoted=bool(FORMULA.match(text)))
        if column.kind == "link" and number <= MAX_LINKS and _LINK.fullmatch(text):
            sheet.write_url(number, place_in_row, text, paint_with, shown)
        else:
            sheet.write_string(number, place_in_row, shown, paint_with)


def _cell(text: str) -> str:
    """Return text as a cell may hold it: harmless, short enough, and no formula even where the sheet is saved as CSV."""
    shown = _ILLEGAL.sub("?", harmless(text))
    if FORMULA.match(shown):
        shown = f"'{shown}"
    return shown if _length(shown) <= MAX_CELL else _fitting(shown, MAX_CELL - len(_CUT)) + _CUT


def _length(text: str) -> int:
    """Return the length as Excel counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _fitting(text: str, units: int) -> str:
    """Return the beginning of a text that takes so many units of UTF-16, with no half of a character at its end."""
    return text.encode("utf-16-le")[:2 * units].decode("utf-16-le", "ignore")
