"""Documents: YAML 1.2 core, JSON and TOML with places; whatever the input, a tree or errors of one line each."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caveat import document
from caveat.document import MAX_BYTES, MAX_DEPTH, MAX_NODES, Mapping, Scalar, Sequence, plain, read_text
from caveat.errors import Error
from caveat.parse import parse


def value_of(text: str, name: str = "x.yaml") -> Any:
    node = parse(text, name)
    assert node is not None
    return plain(node)


def problem(text: str, name: str = "x.yaml") -> str:
    """Return the one line that refuses a text."""
    with pytest.raises(Error) as raised:
        parse(text, name)
    assert len(raised.value.problems) == 1
    line = str(raised.value)
    assert "\n" not in line
    return line


def refusal(path: str) -> str:
    with pytest.raises(Error) as raised:
        read_text(path)
    line = str(raised.value)
    assert "\n" not in line
    assert line.startswith(path)
    return line.removeprefix(path)


# -- what plain words mean ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["NO", "no", "No", "on", "off", "ON", "y", "Y", "yes", "Yes", "n", "N", "TrUe", "nULL", "none"])
def test_words_of_yaml_1_1_are_words(word: str) -> None:
    assert value_of(f"a: {word}") == {"a": word}
    assert value_of(f"{word}: a") == {word: "a"}


@pytest.mark.parametrize(("text", "value"), [
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
    ("0", 0), ("-7", -7), ("+7", 7), ("012", 12), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0),
    ("1e3", 1000.0), ("-1.5E-2", -0.015),
])
def test_core_schema_values(text: str, value: object) -> None:
    found = value_of(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", [
    "2024-08", "2024-08-01", "1_000", "1.2M", "0b1", "1:30", "12:30:45", "=", ".", "+", "-.", "1e", "0o8", "0xg", "١٢", "1.2.3",
])
def test_what_only_looks_like_a_number_or_a_date_stays_text(text: str) -> None:
    assert value_of(f"a: {text}") == {"a": text}


@pytest.mark.parametrize("quoted", ['"{}"', "'{}'", "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("word", ["true", "null", "12", "~"])
def test_what_is_quoted_stays_text(word: str, quoted: str) -> None:
    assert value_of("a: " + quoted.format(word)) == {"a": word}


def test_a_scalar_keeps_its_text_as_written() -> None:
    node = parse("a: 0o17", "x.yaml")
    assert isinstance(node, Mapping)
    assert node.get("a") == Scalar("0o17", 15, 1, 4)
    assert node.get("b") is None


def test_a_long_row_of_digits_stays_text() -> None:
    assert value_of("a: " + "9" * 5000) == {"a": "9" * 5000}


def test_every_node_knows_its_place() -> None:
    node = parse("# first\na:\n  - b\n  - {c: d}\n", "x.yaml")
    assert isinstance(node, Mapping)
    inner = node.get("a")
    assert isinstance(inner, Sequence)
    assert (node.line, node.column, inner.line, inner.column) == (2, 1, 3, 3)
    assert [(item.line, item.column) for item in inner.items] == [(3, 5), (4, 5)]
    assert str(document.place("x.yaml", inner.items[1])) == "x.yaml:4:5"


# -- YAML that is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "line"), [
    ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: key 'a' stands twice (first on line 1); keep one"),
    ("a: {b: 1, b: 2}", "x.yaml:1:11: key 'b' stands twice (first on line 1); keep one"),
    ("a: 1\n\"a\": 2", "x.yaml:2:1: key 'a' stands twice (first on line 1); keep one"),
    ("? [a]\n: b", "x.yaml:1:3: a key must be a word, not a list or a mapping"),
    ("? {a: b}\n: b", "x.yaml:1:3: a key must be a word, not a list or a mapping"),
    ("a: !!python/object/apply:os.system [true]", "x.yaml:1:4: tag 'tag:yaml.org,2002:python/object/apply:os.system' is not read "
     "here; leave it out"),
    ("a: !mine b", "x.yaml:1:4: tag '!mine' is not read here; leave it out"),
    ("--- !!set {a}", "x.yaml:1:5: tag 'tag:yaml.org,2002:set' is not read here; leave it out"),
    ("a:\n\tb: c", "x.yaml:2:1: not valid YAML: found character that cannot start any token; indent with spaces, not tabs"),
    ("a: @b", "x.yaml:1:4: not valid YAML: found character that cannot start any token; put the value in quotes"),
    ("a: b: c", "x.yaml:1:5: not valid YAML: mapping values are not allowed in this context; put the value in quotes if it "
     "holds ': '"),
    ("a: 1\n---\nb: 2", "x.yaml:2:1: not valid YAML: but found another document"),
    ("a: *b", "x.yaml:1:4: not valid YAML: found undefined alias"),
    ("a: [1, 2", "x.yaml:2:1: not valid YAML: did not find expected ',' or ']'"),
    ("ä: 'x\x00'", "x.yaml:1:6: the character U+0000 is not allowed; remove it"),
    ("a: 1\n\n  \x1b[31m", "x.yaml:3:3: the character U+001B is not allowed; remove it"),
    ("# a comment\u2028b: 1", "x.yaml:1:12: the character U+2028 is not allowed; remove it"),
    ("# a comment\x85b: 1", "x.yaml:1:12: the character U+0085 is not allowed; remove it"),
    ("%YAML 3.0\n---\na: b", "x.yaml:1:1: not valid YAML: found incompatible YAML document"),
])
def test_what_is_refused_is_refused_in_one_line(text: str, line: str) -> None:
    assert problem(text) == line


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n...\n"])
def test_a_document_without_content(text: str) -> None:
    node = parse(text, "x.yaml")
    assert node is None or node == Scalar("", None, node.line, node.column)


def test_a_null_document_is_a_null() -> None:
    assert value_of("null") is None


@pytest.mark.parametrize("text", ["a: 1\r\nb: [2]\r\n", "a: 1\rb: [2]\r", "\ufeffa: 1\nb: [2]\n", "%YAML 1.1\n---\na: 1\nb: [2]"])
def test_line_ends_marks_and_versions_do_not_matter(text: str) -> None:
    assert value_of(text) == {"a": 1, "b": [2]}


# -- size, depth and aliases -------------------------------------------------------------------------------------


def test_an_alias_stands_for_its_anchor() -> None:
    assert value_of("a: &x [1, 2]\nb: *x\nc: *x") == {"a": [1, 2], "b": [1, 2], "c": [1, 2]}


@pytest.mark.parametrize("text", ["a: &a [*a]", "&a {b: *a}", "a: &a {b: {c: *a}}"])
def test_an_alias_inside_itself_ends_at_the_bound(text: str) -> None:
    assert problem(text).endswith(f"nested more than {MAX_DEPTH} levels deep")


def test_a_bomb_of_aliases_is_refused_after_a_bounded_number_of_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    built = 0
    original = document._Builder.build

    def counting(self: Any, node: Any, depth: int) -> Any:
        nonlocal built
        built += 1
        return original(self, node, depth)

    monkeypatch.setattr(document._Builder, "build", counting)
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "too many values (aliases count each time)" in problem("\n".join(layers))
    assert built <= MAX_NODES + 1


@pytest.mark.parametrize("text", [
    "[" * 100_000, "[" * 100_000 + "]" * 100_000, "{a: " * 100_000, "a: [{" * 50_000, "- " * 100_000, "? " * 100_000,
    "".join(" " * depth + "a:\n" for depth in range(2000)),
])
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_deep_nesting_is_refused_before_anything_recurses(text: str, name: str) -> None:
    assert problem(text, name).endswith(f"nested more than {MAX_DEPTH} levels deep")


def test_nesting_up_to_the_bound_is_read() -> None:
    deep = "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH
    long = "{" + ", ".join(f"k{n}: [{n}]" for n in range(500)) + "}"
    assert value_of(f"- {deep[1:-1]}\n- {long}\n")[1]["k7"] == [7]
    assert "nested more than" in problem("[" + deep + "]")


@pytest.mark.parametrize("text", [
    "a = " + "[" * 100_000, "a = " + "[" * 200 + "]" * 200, "a = " + "{b=" * 3000 + "1" + "}" * 3000,
    "a." * 500_000 + "b = 1", "[" + '"a b" . ' * 500_000 + "c]", "x = {y." + "a." * 500_000 + "b = 1}",
])
def test_deep_toml_is_refused(text: str) -> None:
    assert "nested" in problem(text, "x.toml")


def test_toml_is_bounded_too() -> None:
    assert problem("a = [" + "1," * (MAX_NODES + 1) + "]", "x.toml") == "x.toml: too many values"
    assert problem("a = " + "9" * 5000, "x.toml") == "x.toml: a number of thousands of digits"
    assert problem("a = 0x" + "f" * 5000, "x.toml") == "x.toml: a number of thousands of digits"


# -- JSON --------------------------------------------------------------------------------------------------------


def test_json_is_read_as_json() -> None:
    text = '{\n\t"a": [1, 2.5, true, null, "NO"],\n\t"b": {"c\\/d": "\\u00e4\\t\\ud83d\\ude00"}\n}'
    assert value_of(text, "x.json") == {"a": [1, 2.5, True, None, "NO"], "b": {"c/d": "ä\t😀"}}


@pytest.mark.parametrize(("text", "line"), [
    ('{"a": 1, "a": 2}', "x.json:1:10: key 'a' stands twice (first on line 1); keep one"),
    ('{"a": "\\ud83d"}', "x.json:1:10: not valid JSON: found invalid Unicode character escape code"),
    ('{"a": ', "x.json:2:1: not valid JSON: did not find expected node content"),
])
def test_json_that_is_refused(text: str, line: str) -> None:
    assert problem(text, "x.json") == line


@given(st.recursive(st.none() | st.booleans() | st.integers(-10**9, 10**9) | st.text(st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh-_ ", min_size=1, max_size=8), inner, max_size=4),
    max_leaves=12), st.booleans(), st.sampled_from([None, 2]))
def test_whatever_json_writes_is_read_back(data: Any, ascii_only: bool, indent: int | None) -> None:
    import json

    assert value_of(json.dumps(data, ensure_ascii=ascii_only, indent=indent), "x.json") == data


# -- TOML --------------------------------------------------------------------------------------------------------


def test_toml_gives_the_same_kinds_of_node_with_the_line_of_the_key() -> None:
    text = """
title = "x"          # line 2
on = 2024-08-01
flag = true
a.b.c = 1            # line 5
"quoted key" = 'y'

[table]              # line 8
key = [1,
  2]
[[list]]             # line 11
name = "first"
[[list]]             # line 13
name = "second"
[list."sub.key"]     # line 15
z = 1.5
"""
    node = parse(text, "x.toml")
    assert isinstance(node, Mapping)
    assert plain(node) == {
        "title": "x", "on": "2024-08-01", "flag": True, "a": {"b": {"c": 1}}, "quoted key": "y", "table": {"key": [1, 2]},
        "list": [{"name": "first"}, {"name": "second", "sub.key": {"z": 1.5}}]}

    def line(*path: str | int) -> int | None:
        found: Any = node
        for part in path:
            found = found.get(part) if isinstance(part, str) else found.items[part]
        assert isinstance(found, Scalar | Sequence | Mapping)
        return found.line

    assert line("title") == 2
    assert line("on") == 3
    assert line("a", "b", "c") == 5
    assert line("quoted key") == 6
    assert line("table", "key") == 9
    assert line("list", 0, "name") == 12
    assert line("list", 1) == 13
    assert line("list", 1, "name") == 14
    assert line("list", 1, "sub.key") == 15
    assert line("list", 1, "sub.key", "z") == 16
    key = next(key for key, _ in node.pairs if key.text == "flag")
    assert (key.line, key.column) == (4, 1)


@pytest.mark.parametrize(("text", "line"), [
    ("a = 1\na = 2\n", 2), ("a = \n", 1), ("\na = [1,\n", 3), ("[a]\n[a]\n", 2), ("a = 2024-13-01", 1), ("a = '\x1b'", 1),
])
def test_toml_that_is_refused(text: str, line: int) -> None:
    assert re.fullmatch(rf"x\.toml:{line}:[0-9]+: not valid TOML: [^\n]+", problem(text, "x.toml"))


def test_toml_numbers_that_yaml_does_not_have() -> None:
    found = value_of("a = nan\nb = -inf\nc = 1_000\nd = 0b11\n", "x.toml")
    assert math.isnan(found["a"])
    assert (found["b"], found["c"], found["d"]) == (-math.inf, 1000, 3)


# -- whatever comes ----------------------------------------------------------------------------------------------

# Characters that mean something, beside any others.
SALTED = st.text(st.sampled_from("[]{}:,-?&*!|>'\"%@`#~<=. \n\t\r\\0a1é😀\x00\x1b\ufeff\u2028") | st.characters(), max_size=60)


@given(SALTED, st.sampled_from(["x.yaml", "x.json", "x.toml"]))
@example("a: *a", "x.yaml")
@example("[" * 300, "x.yaml")
@example("\\ud800\\udc00", "x.json")
@example('a."b', "x.toml")
def test_any_text_gives_a_tree_or_errors_of_one_line(text: str, name: str) -> None:
    try:
        node = parse(text, name)
    except Error as error:
        for line in map(str, error.problems):
            assert line.startswith(name)
            assert len(line.splitlines()) == 1
    else:
        assert node is None or isinstance(node, Scalar | Sequence | Mapping)


@given(st.binary(max_size=80))
def test_any_bytes_give_text_or_an_error_with_the_place(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    try:
        text = read_text(str(path))
    except Error as error:
        place = error.problems[0].place
        assert place is not None
        assert place.line is not None
        assert 1 <= place.line <= data.count(b"\n") + 1
    else:
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf")


# -- files -------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin-1"
    path.write_bytes("ok: 1\nname: Müller\n".encode("latin-1"))
    assert refusal(str(path)) == ":2: byte 13 is not UTF-8; save it as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wide"
    path.write_bytes("versión: 1\n".encode(encoding))
    with pytest.raises(Error) as raised:
        parse(read_text(str(path)), str(path))
    assert len(raised.value.problems) == 1


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "marked"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_text(str(path)) == "a: 1\n"


def test_a_huge_file_is_refused_without_reading_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    asked: list[int] = []
    original = open

    def watched(*args: Any, **options: Any) -> Any:
        file = original(*args, **options)
        read = file.read

        class Watched:
            """A file that notes how much was asked of it."""

            def __enter__(self) -> Watched:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def fileno(self) -> int:
                return int(file.fileno())

            def read(self, size: int = -1) -> Any:
                asked.append(size)
                return read(size)

        return Watched()

    monkeypatch.setattr(document, "open", watched, raising=False)
    assert refusal(str(path)) == f": larger than {MAX_BYTES // 1024 // 1024} MiB"
    assert asked == [MAX_BYTES + 1]


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full"
    path.write_bytes(b"x" * 100)
    assert len(read_text(str(path), max_bytes=100)) == 100
    with pytest.raises(Error, match="larger than"):
        read_text(str(path), max_bytes=99)


def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path: Path, make_fifo: Callable[[str], str]) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/zero")
    assert refusal(make_fifo("pipe")) == ": not a regular file"
    assert refusal(str(link)) == ": not a regular file"
    assert refusal("/dev/null") == ": not a regular file"
    assert refusal(str(tmp_path)) == ": is a folder, not a file"
    assert refusal(str(tmp_path / "nothing")) == ": no such file"


def test_paths_that_cannot_be_opened_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "cannot be read" in refusal(str(loop))
    assert "cannot be read" in refusal(str(tmp_path / ("x" * 5000)))
    with pytest.raises(Error, match="cannot be read"):
        read_text("a\0b")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "cannot be read" in refusal(os.path.join(tmp_path, "file", "below"))
