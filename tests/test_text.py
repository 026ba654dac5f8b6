"""Layout must not matter, wording must; and only what a reader sees counts as shown."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.text import contains_phrase, letters, sentence, visible, words


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


def joined(text: str) -> str:
    return "".join(letters(texts(text)))


class TestWords:
    def test_are_folded_and_know_their_lines(self) -> None:
        assert words("The “Work”\r\nmeans ﬁles\rhere") == [
            ("the", 1), ("work", 1), ("means", 2), ("files", 2), ("here", 3),
        ]

    @pytest.mark.parametrize(("written", "read"), [
        ("Copyright © 2024", "copyright c 2024"),
        ("see https://example.org/a-b_c?e=f, or www.example.org.", "see or"),
        ("[policy](docs/policy.md) and [yyyy](name)", "policy and yyyy name"),
        ("<p class=\"x\">a</p><br/><a href=/x>b</a >", "a b"),
        ("<year> <name of author>", "year name of author"),
        ("AT&amp;T &quot;as is&quot; &#8220;x&#8221;", "at t as is x"),
        ("a <!-- b\nc --> d", "a b c d"),
        ("# a\n// b\n * c\n> d\n; e\n-- f\nREM g", "a b c d e f g"),
        ("li\u00adcen\u200bse", "license"),
        ("$5 or €5 at 3 %", "dollar 5 or euro 5 at 3 percent"),
        ("cafe\u0301 naïve", "café naïve"),
        ("许可 ok", "许 可 ok"),
        ("Section 2(b), 700 million", "section 2 b 700 million"),
    ])
    def test_of(self, written: str, read: str) -> None:
        assert " ".join(texts(written)) == read

    def test_keep_their_lines_behind_dropped_markup(self) -> None:
        assert words("<!--\n\n--><b\nclass='x'>a</b>&#10;b") == [("a", 4), ("b", 4)]

    @pytest.mark.parametrize(("one", "other"), [
        ("distribution", "distri-\nbution"),
        ("non-transferable", "non-\ntransferable"),
        ("non-transferable", "non‑transferable"),
        ("see https://example.org/meta-models/x now", "# see https://example.org/meta-\n# models/x now"),
        ("**License**", "_Lic_ense"),
    ])
    def test_of_one_wording_have_the_same_letters(self, one: str, other: str) -> None:
        assert joined(one) == joined(other)

    @pytest.mark.parametrize(("one", "other"), [
        ("1.5 million", "15 million"), ("3.1", "31"), ("licеnse", "license"), ("$5", "€5"), ("5", "5 %"),
    ])
    def test_of_another_wording_have_other_letters(self, one: str, other: str) -> None:
        assert joined(one) != joined(other)

    @given(st.text())
    def test_never_fail(self, text: str) -> None:
        for word in words(text):
            assert word.text
            assert 1 <= word.line <= len(text) + 1


class TestSentence:
    @pytest.mark.parametrize(("written", "read"), [
        ("> Built with\n> **Example**.", "Built with Example."),
        ("/*\n * Copyright © Example,\n * All Rights Reserved. */", "Copyright (c) Example, All Rights Reserved."),
        ("“It’s” – _so_", "\"It's\" - so"),
        ("# snake_case and 2 * 3\u00a0m", "snake_case and 2 * 3 m"),
    ])
    def test_is_one_plain_line(self, written: str, read: str) -> None:
        assert sentence(written) == read


class TestContainsPhrase:
    @pytest.mark.parametrize("text", [
        "Built with Example", "(Built with *Example*)", "“Built\nwith Example”.",
        "Built with Examples Built with Example", "Built with Example - see", "Built with Example, 3",
    ])
    def test_finds(self, text: str) -> None:
        assert contains_phrase(text, "Built with Example")

    @pytest.mark.parametrize("text", [
        "", "built with example", "Rebuilt with Example", "xBuilt with Example", "Built with Examples",
        "Built with Example-like", "Built with_Example", "Pre-Built with Example", "Built with Example2",
    ])
    def test_does_not_find(self, text: str) -> None:
        assert not contains_phrase(text, "Built with Example")

    def test_keeps_numbers_whole(self) -> None:
        assert contains_phrase("Example 3.", "Example 3")
        assert not contains_phrase("Example 3.1", "Example 3")
        assert not contains_phrase("13 of Example", "3 of Example")
        assert not contains_phrase("1.3 of Example", "3 of Example")

    def test_finds_no_empty_phrase(self) -> None:
        assert not contains_phrase("anything", " ")


class TestVisibleHtml:
    @pytest.mark.parametrize(("written", "seen"), [
        ("<title>t</title><body>Built with\n<a href='x>y'>Example</a>", "Built with Example"),
        ("<p>a</p><p>b</p>c<br>d", "a\nb\nc\nd"),
        ("a<b>b</b>c", "abc"),
        ("a<!-- b --> c<!-- d", "a c"),
        ("<script>if (a<b) 'x'</script ><style>x</style>a<template><p>x</p></template>", "a"),
        ("<div hidden>x<p>y</div>a", "a"),
        ("<div style='color: red; DISPLAY : none'><i>x</i></div>a", "a"),
        ("<span style=\"visibility:hidden\">x</span>a<span aria-hidden=true>b</span>", "ab"),
        ("<li hidden>x<li>a", "a"),
        ("<img src=x alt='Built with Example'>", "Built with Example"),
        ("<img hidden alt=x>a", "a"),
        ("&copy; &lt;p&gt; 1 < 2", "© <p> 1 < 2"),
        ("a</b></i><b>c</p>d", "ac\nd"),
        ("a <p title='never closed>b", "a"),
        ("a <p", "a"),
        ("<!doctype html><?x?></>a", "a"),
        ("<input hidden>a<details>b</details><dialog>c</dialog>", "a\nb"),
    ])
    def test_is_the_text_of_the_body(self, written: str, seen: str) -> None:
        assert visible(written, "about.html") == seen


class TestVisibleMarkdown:
    @pytest.mark.parametrize(("written", "seen"), [
        ("---\ntitle: x\n---\n# Built with **Example**", "Built with Example"),
        ("[Built with](http://x/(y) \"t\") [Example][1]\n\n[1]: http://x", "Built with Example"),
        ("[![Built with Example](a.png)](b)", "Built with Example"),
        ("a <!-- Built\n\nwith --> b", "a\nb"),
        ("a <!-- never closed", "a"),
        ("```\n<!-- shown -->\n# shown\n```\nb", "<!-- shown -->\n# shown\n\nb"),
        ("<p align=\"center\">Built with\n<a href=\"x\">Example</a></p>", "Built with Example"),
        ("<div hidden>\n\nx\n\n</div>\n\na", "a"),
        ("1 <2 and `<b>` <https://x.y>", "1 <2 and <b> https://x.y"),
        ("> quoted _text_ of snake_case", "quoted text of snake_case"),
    ])
    def test_is_what_is_rendered(self, written: str, seen: str) -> None:
        assert visible(written, "README.md").split() == seen.split()

    def test_knows_the_comments_of_restructured_text(self) -> None:
        assert visible(".. Built with\n   Example\n\n.. note:: shown\n\n..\n   x\nend", "a.rst").split() == [
            "..", "note::", "shown", "end",
        ]


class TestVisibleCode:
    @pytest.mark.parametrize(("name", "written", "seen"), [
        ("a.tsx", "<p>Built with{\" \"}\n  <a href={x}>Example</a></p> // no", "Built with Example"),
        ("a.jsx", "<p>Don't {/* Built with Example */} show</p>", "Don't { } show"),
        ("a.js", "x = 'Built // with'; /* no */ y = `a /* b */`; // no\nz = \"\\\"//\"",
         "x = 'Built // with';   y = `a /* b */`;  \nz = \"\\\"//\""),
        ("a.ts", "const u = https://x.y", "const u = https://x.y"),
        ("a.vue", "<template><!-- no --><p>a&nbsp;b</p></template>", "a b"),
        ("a.tsx", "<><img alt=\"Built with Example\" /></>", "Built with Example"),
        ("a.py", "x = '# yes' # no\ny = '''# yes\n''' # no", "x = '# yes'  \ny = '''# yes\n'''"),
        ("a.yaml", "a: b#c # no\n# no\nd: Don't # no", "a: b#c  \n \nd: Don't"),
        ("a.rs", "fn f<'a>(x: &'a str) // no\n{ '\"' /* no */ }", "fn f<'a>(x: &'a str)  \n{ '\"'   }"),
        ("a.css", ".x::after { content: 'Built with'; } /* no */", ".x::after { content: 'Built with'; }"),
        ("NOTICE", "# <b>as it is</b>", "# <b>as it is</b>"),
    ])
    def test_has_no_comments_and_tags(self, name: str, written: str, seen: str) -> None:
        assert visible(written, name).split() == seen.split()


ENDINGS = ["html", "md", "rst", "tsx", "py", "rs", "vue", "txt", "bin"]
HOSTILE = ["<a ", "<", "<a \"", "<a =\" ", "<!--", "[a](", "![a](x", "\\\"\\\n", "\\`", "'", "/*", "{\"", "<a b={",
           " *", "<b></i>", "<p hidden>", "\u0301\u0315", "&amp", "https://-\n"]


@pytest.mark.parametrize("ending", ENDINGS)
@given(text=st.text(alphabet="<>!-/'\"`\\#*_[]()={} \nabp&;.:~", max_size=80))
def test_visible_never_fails(ending: str, text: str) -> None:
    assert isinstance(visible(text, f"x.{ending}"), str)


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_input_takes_linear_time(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.perf_counter()
    for ending in ENDINGS:
        visible(text, f"x.{ending}")
    words(text)
    contains_phrase(text, part * 2)
    assert time.perf_counter() - start < 10


def test_no_group_has_a_possessive_quantifier() -> None:
    """Python 3.11 up to 3.11.4 matches such groups wrongly (gh-106052); an atomic group says the same and works."""
    text = (Path(__file__).parents[1] / "src" / "caveat" / "text.py").read_text("utf-8")
    assert re.findall(r"\)(?:[*+?]|\{[0-9,]+\})\+", text) == []
