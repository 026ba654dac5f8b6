"""The report as Markdown: short enough for a comment, and no word of a stranger is markup for a GFM renderer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from caveat.api import Options, check
from caveat.report import Report, Style
from caveat.reporters.markdown import MARK, MAX_LENGTH, render

DAY = datetime.date(2026, 11, 22)
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
HOSTILE = ("<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://evil.example/a.png)", "https://evil.example",
           "www.evil.example", "@everyone", "#1", "`code` | cell", "**bold** _it_ ~~no~~", "</details></summary>", "``` fence",
           "1. list", "| a | b |", "<!-- hidden", "a\\", "&lt;b&gt;", "w" * 10_240)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(FIXTURES / "demo-support-assistant")
    return check(["caveat.yaml"], Options(as_of=DAY), DAY)


class Rendered(HTMLParser):
    """What a renderer of GFM makes of a report: its tags, its links and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.feed(MarkdownIt("gfm-like", {"html": True}).render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_it_says_the_verdict_first_and_what_holds_back(report: Report) -> None:
    text = render(report, Style())
    assert text.splitlines()[:2] == [MARK, "## FAIL: support\\-assistant"]
    words = "".join(Rendered(text).words)
    for finding in report.projects[0].findings:
        assert (finding.rule in words) or finding.outcome in ("pass", "not-applicable")
    assert "Engineering evidence, not legal advice" in words


def test_verbose_adds_what_passes(report: Report) -> None:
    assert "### PASS" not in render(report, Style())
    assert "### PASS (16)" in render(report, Style(verbose=True))


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_of_a_stranger_is_markup(report: Report, poisoned: Callable[[Report, str], Report], word: str) -> None:
    clean, found = Rendered(render(report, Style())), Rendered(render(poisoned(report, word), Style()))
    assert found.tags <= clean.tags | {"em"}  # the note that something was cut
    assert not any("evil" in link or "javascript" in link for link in found.links)
    outside_code = re.sub(r"`[^`]*`|<code>.*?</code>", "", render(poisoned(report, word), Style()))
    assert not re.search(r"(?:@|&#64;)everyone|(?<!&)#1\b", outside_code)


def test_a_big_report_is_cut_between_findings_and_says_so(report: Report, multiplied: Callable[[Report, int, int], Report]) -> None:
    text = render(multiplied(report, 200, 60), Style())
    assert len(text) <= MAX_LENGTH
    assert re.search(r"Cut here: [0-9,]+ of [0-9,]+ characters are left out", text)
    assert text.count("<details") == text.count("</details>")
    assert "and 150 more models" in text


def test_one_finding_that_is_too_long_is_cut_as_well(report: Report, poisoned: Callable[[Report, str], Report]) -> None:
    assert len(render(poisoned(report, "word " * 20_000), Style())) <= MAX_LENGTH
