"""TOML documents as trees: the standard library reads the values, the lines are found here."""

from __future__ import annotations

import re
from typing import Any

from caveat.document import MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence
from caveat.errors import Error, Place, Problem


def parse_toml(text: str, path: str) -> Node:
    """Return the tree of a TOML document; places are those of the line that sets the key."""
    import tomllib

    long_key = _TOML_LONG_KEY.search(text)
    if long_key:
        raise Error(Problem(f"nested more than {MAX_DEPTH} levels deep", Place(path, text.count("\n", 0, long_key.end()) + 1)))
    if text.count(",") + text.count("=") > MAX_NODES:
        raise Error(Problem("too many values", Place(path)))
    try:
        data = tomllib.loads(text)
        return _from_toml(data, (), _toml_lines(text), 1, path)
    except RecursionError:
        raise Error(Problem("nested too deeply", Place(path))) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        spot = Place(path, int(found[1]), int(found[2])) if found else Place(path, text.count("\n") + 1, 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise Error(Problem(f"not valid TOML: {message}", spot)) from None
    except ValueError:  # Python refuses to read, or to write, an integer of more than 4,300 digits
        raise Error(Problem("a number of thousands of digits", Place(path))) from None


def _from_toml(value: Any, key: tuple[str, ...], lines: dict[tuple[str, ...], int], line: int, path: str) -> Node:
    if len(key) > MAX_DEPTH:
        raise Error(Problem(f"nested more than {MAX_DEPTH} levels deep", Place(path, line)))
    line = lines.get(key, line)
    if isinstance(value, dict):
        pairs = ((Scalar(name, name, lines.get((*key, name), line), 1),
                  _from_toml(item, (*key, name), lines, line, path)) for name, item in value.items())
        return Mapping(tuple(pairs), line, 1)
    if isinstance(value, list):
        items = (_from_toml(item, (*key, str(index)), lines, line, path) for index, item in enumerate(value))
        return Sequence(tuple(items), line, 1)
    if isinstance(value, bool | int | float | str):
        return Scalar(str(value).lower() if isinstance(value, bool) else str(value), value, line, 1)
    return Scalar(str(value), str(value), line, 1)


_TOML_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_TOML_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
# tomllib needs the square of a dotted key's length.
_TOML_LONG_KEY = re.compile(
    rf"""(?:^|[\[{{,])[ \t]*+(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH + 1}}}""", re.MULTILINE)
_TOML_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def _toml_lines(text: str) -> dict[tuple[str, ...], int]:
    """Map each key that starts a line, and each table, to its line; values inside one line share that line."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(text.splitlines(), start=1):
        header = _TOML_TABLE.match(row)
        if header:
            table = ()
            for part in _toml_path(header[2]):
                table = (*table, str(counts[table]), part) if table in counts else (*table, part)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
            continue
        key = _TOML_KEY.match(row)
        if key:
            lines.setdefault((*table, *_toml_path(key[1])), number)
    return lines


def _toml_path(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _TOML_PART.findall(text))
