"""The document, read back by another library: tagged, dated, complete, and no stranger's text in it is markup."""

from __future__ import annotations

import datetime
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest

from caveat.api import Options, check
from caveat.report import Because, Location, Report, ReportedWaiver, Style
from caveat.reporters._words import OPEN, digest
from caveat.reporters.pdf import render

if TYPE_CHECKING:
    from tests.conftest import Cli, Write
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
A4 = (595, 842)


def squeezed(text: str) -> str:
    """Return text without blanks and break marks: where a line ends is none of a test's business."""
    return re.sub("[\\s\u200b\u00ad]", "", text)


def read(content: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


@pytest.fixture(scope="module")
def demo() -> Report:
    return check([str(ROOT / "fixtures/demo-support-assistant/caveat.yaml")], Options(), datetime.date(2026, 11, 22))


@pytest.fixture(scope="module")
def demo_file(demo: Report) -> bytes:
    return render(demo, Style())


def test_it_is_tagged_titled_and_dated_by_the_report(demo_file: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(demo_file))
    root = reader.root_object
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == "License report: support-assistant, FAIL: potential conflict, as of 2026-11-22"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == datetime.date(2026, 11, 22)
    assert all(tuple(map(round, page.mediabox[2:])) == A4 for page in reader.pages)


def test_everything_that_is_open_is_there_in_full(demo: Report, demo_file: bytes) -> None:
    text = read(demo_file)
    assert squeezed("FAIL: potential conflict") in text
    for finding in demo.projects[0].findings:
        assert squeezed(finding.rule) in text
        if finding.outcome in OPEN:
            assert finding.fingerprint in text
            for part in (finding.says, finding.remedy, *finding.readings, *finding.questions):
                assert squeezed(part) in text
    for duty in demo.projects[0].obligations:
        assert squeezed(duty.what) in text
    for fact in demo.projects[0].facts:
        assert squeezed(fact.fact) in text


def test_it_says_by_what_it_was_judged_and_who_is_to_sign(demo: Report, demo_file: bytes) -> None:
    text = read(demo_file)
    assert digest(demo) in text
    assert demo.rules.digest in text
    for words in ("What was not checked", "read in parts only", "engineering evidence, not legal advice", "Sign-off", "Signature",
                  "Page 1 of", "As of", "Policy"):
        assert squeezed(words) in text


HOSTILE = ('#import "x"', "$x$", "*b*", "_e_", "<script>", "@ref", "[link]", "#read(\"/etc/passwd\")", "= heading", "- item",
           "`raw`", "\\", "//comment", "/*c*/", "~", "\"quoted\"", "https://example.com/x", "javascript:alert(1)")


def test_no_text_is_markup(make_finding: MakeFinding, make_report: MakeReport) -> None:
    for word in HOSTILE:
        finding = make_finding(message=word, says=word, rule=word, model=word, section=word, url=word, remedy=word)
        text = read(render(make_report(finding, project=word, manifest=word), Style()))
        assert text.count(squeezed(word)) >= 8, word


def test_a_hostile_report_is_set(hostile: Report) -> None:
    project = hostile.projects[0]
    fewer = type(project)(**{**project.__dict__, "findings": tuple(one for one in project.findings if one.message[:2] != "ww")})
    content = render(type(hostile)(**{**hostile.__dict__, "projects": (fewer,)}), Style())
    text = read(content)
    for word in ("<script>alert(1)</script>", "=cmd()", "@SUM(1)", "a?gnp?", "`*_|~#", "{0}![y](z)"):
        assert squeezed(word) in text
    assert text.count("w") > 10_240
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for link in page.get("/Annots", []):
            action = link.get_object().get("/A", {})
            assert str(action.get("/URI", "https://")).startswith(("https://", "http://"))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler measures where words end")
@pytest.mark.parametrize("word", ["w" * 10_240, "W" * 10_240, "a." * 5000, "a b" * 4000, "M" * 40_000])
def test_nothing_runs_out_of_the_page(word: str, write: Write, make_finding: MakeFinding, make_report: MakeReport) -> None:
    short = {"rule": word[:100], "section": word[:100], "license": word[:100], "message": word[:500], "model": word[:300]}
    fact = Because(word[:80], word[:500], word[:50], "manifest", word[:100], 1)
    waiver = ReportedWaiver(*(word[:60],) * 7, "not-applied", Location(word[:100], 1, 1))
    report = make_report(make_finding(**short, says=word, because=(fact,)), make_finding(**short, outcome="pass"),
                         project=word[:300], waivers=(waiver,))
    path = Path(write("report.pdf", render(report, Style())))
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    assert max(map(float, re.findall(r'xMax="([0-9.]+)"', boxes))) <= A4[0] - 58


@pytest.mark.parametrize(("text", "seen"), [
    ("猫", "[U+732B]"), ("\U0001f600", "[U+1F600]"), ("\ud800", "[U+D800]"), ("\ufffe", "[U+FFFE]"), ("a\u200bb", "a[U+200B]b"),
    ("a\u202eb", "a?b"), ("e\u0301t\u00e9", "\u00e9t\u00e9"), ("Ωж", "Ωж"), ("\u0301x", "[U+0301]x")])
def test_a_character_without_a_shape_is_named(text: str, seen: str, make_finding: MakeFinding, make_report: MakeReport) -> None:
    assert f"So{seen}." in read(render(make_report(make_finding(message=f"so {text}")), Style()))


def test_every_character_that_is_set_has_a_shape(make_finding: MakeFinding, make_report: MakeReport,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    every = " ".join(chr(code) for code in range(0x20, 0x2600))
    finding = make_finding(message=every, rule=every[:400], says=every)
    runs: list[int] = []
    compiled = typst.compile

    def counted(*args: object, **options: object) -> bytes:
        runs.append(1)
        return compiled(*args, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(typst, "compile", counted)
    assert render(make_report(finding), Style())[:5] == b"%PDF-"
    assert len(runs) == 1


def test_what_cannot_be_shaped_together_is_set_as_ascii(each: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    compiled = typst.compile

    def picky(*args: object, sys_inputs: dict[str, str], **options: object) -> bytes:
        if "ë" in sys_inputs["report"]:
            raise typst.TypstError("PDF/UA-1 error: the text could not be displayed", "")
        return compiled(*args, sys_inputs=sys_inputs, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(typst, "compile", picky)
    named = type(each)(**{**each.__dict__, "tool": type(each.tool)("Zoë", "1")})
    assert "Zo[U+00EB]" in read(render(named, Style()))


def test_a_report_without_a_project_is_set(each: Report) -> None:
    empty = type(each)(**{**each.__dict__, "projects": (), "verdict": "review"})
    text = read(render(empty, Style()))
    assert squeezed("Nothing could be evaluated") in text
    assert squeezed("'models' is missing") in text


def test_waivers_and_every_outcome_are_worded(each: Report) -> None:
    text = read(render(each, Style()))
    assert squeezed("waived by Legal") in text
    for word in ("FAIL", "REVIEW", "OWED", "PASS", "N/A"):
        assert word in text


def made_by_a_process(seed: str, locale: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
    return subprocess.run(
        [sys.executable, "-m", "caveat", "check", "fixtures/mistral-not-apache/caveat.yaml", "--as-of", "2026-11-22",
         "--format", "pdf"], cwd=ROOT, env=environment, capture_output=True, check=False).stdout


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = made_by_a_process("1", "C"), made_by_a_process("2", "C.UTF-8")
    assert first[:5] == b"%PDF-"
    assert first == second


def test_without_its_library_nothing_is_written(cli: Cli, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [mistralai/Mistral-7B-Instruct-v0.3]\n")
    monkeypatch.setitem(sys.modules, "typst", None)
    ran = cli("check", "caveat.yaml", "--output", "pdf=report.pdf", "--output", "json=report.json")
    assert (ran.code, ran.out) == (2, "")
    assert "caveat[pdf]" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["caveat.yaml"]
