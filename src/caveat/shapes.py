"""Shapes: what a value in a manifest may be. Each reads a node, reports what is wrong, and gives its JSON Schema.

A shape never raises for bad input: it reports every problem to the `Reader`, with the place and what to write instead,
and returns `INVALID`, so that all problems of a file come out in one run.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from typing import Any, Final, NamedTuple, Protocol

from caveat.document import Mapping, Node, Scalar, Sequence, place
from caveat.errors import Problem

MAX_TEXT = 4000
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"


class _Invalid:
    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = _Invalid()


class Stated(NamedTuple):
    """A value as it was read, and the node that states it."""

    value: Any
    node: Node


class Reader:
    """Collects the problems of one file while its shapes are read, and holds the country and region codes."""

    def __init__(self, path: str, countries: SequenceType[str] = (), groups: SequenceType[str] = ()) -> None:
        self.path = path
        self.countries = frozenset(countries)
        self.groups = frozenset(groups)
        self.problems: list[Problem] = []

    def refuse(self, node: Node, message: str, hint: str = "") -> _Invalid:
        """Report a problem at a node and return INVALID."""
        self.problems.append(Problem(message, place(self.path, node), hint))
        return INVALID


class Shape(Protocol):
    """What a value may be."""

    def read(self, node: Node, reader: Reader) -> Any:
        """Return the value of a node, or INVALID after reporting what is wrong with it."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (draft-07) of the values this shape accepts."""


def nearest(word: str, known: SequenceType[str] | frozenset[str]) -> str:
    """Return the known word closest to a misspelled one, or '' when none is close."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower()[:80], sorted(known, key=str.lower), n=1, cutoff=0.6)
    return found[0] if found else ""


def harmless(text: str) -> str:
    """Return text of several lines without the control characters that a terminal would obey."""
    return re.sub(_CONTROL, "?", text)


def printable(text: str) -> str:
    """Return text as one line without control characters, so that no terminal obeys it."""
    return re.sub(_CONTROL, "?", " ".join(text.split()))


def shown(text: str) -> str:
    """Return a stranger's word as it may be shown in a message: one line, short, no control characters."""
    flat = printable(text)
    return flat if len(flat) <= 80 else flat[:77] + "..."


def in_words(node: Node) -> str:
    """Name a node for a message: its text, or what it is."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    return "no value" if node.value is None else f"'{shown(node.text)}'"


class Text:
    """A line of text; numbers are kept as they are written."""

    def __init__(self, pattern: str = "", like: str = "text", multiline: bool = False) -> None:
        self.pattern = pattern
        self.like = like
        self.multiline = multiline

    def read(self, node: Node, reader: Reader) -> Any:
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool) or not node.text.strip():
            return reader.refuse(node, f"{in_words(node)} where {self.like} belongs", f"write {self.like}")
        text = node.text.strip()
        if len(text) > MAX_TEXT:
            return reader.refuse(node, f"longer than {MAX_TEXT} characters", "shorten it")
        if re.search(_CONTROL, text) or (not self.multiline and "\n" in text):
            return reader.refuse(node, "holds control characters or line breaks", "remove them")
        if self.pattern and not re.fullmatch(self.pattern, text):
            return reader.refuse(node, f"'{shown(text)}' is not {self.like}", f"write {self.like}")
        return text

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": ["string", "number"], "description": self.like}
        if self.pattern:
            kinds = ["string", "number"] if re.fullmatch(self.pattern, "2025") else "string"
            found = {"type": kinds, "pattern": f"^(?:{self.pattern})$", "description": self.like}
        return found


class Word:
    """One of a closed list of words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, node: Node, reader: Reader) -> Any:
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        close = nearest(node.text, self.words) if isinstance(node, Scalar) else ""
        known = f"one of {', '.join(self.words)}"
        return reader.refuse(node, f"{in_words(node)} is not {known}", f"did you mean '{close}'?" if close else "")

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Flag:
    """true or false."""

    def read(self, node: Node, reader: Reader) -> Any:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return reader.refuse(node, f"{in_words(node)} where true or false belongs", "write true or false")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Day:
    """A date that exists, as YYYY-MM-DD."""

    def read(self, node: Node, reader: Reader) -> Any:
        text = node.text if isinstance(node, Scalar) else ""
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            return datetime.date.fromisoformat(text)
        except ValueError:
            return reader.refuse(node, f"{in_words(node)} is not a date", "write YYYY-MM-DD, e.g. 2026-11-22")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Country:
    """A country by its ISO 3166-1 alpha-2 code."""

    def read(self, node: Node, reader: Reader) -> Any:
        text = node.text if isinstance(node, Scalar) else ""
        if text in reader.countries:
            return text
        return reader.refuse(node, f"{in_words(node)} is not an ISO 3166-1 country code", _code_hint(text, reader))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{2}$"}


class Region:
    """A country code, a group of countries (EU, EEA), or worldwide."""

    def read(self, node: Node, reader: Reader) -> Any:
        text = node.text if isinstance(node, Scalar) else ""
        if text in reader.countries or text in ("EU", "EEA", "worldwide"):
            return text
        return reader.refuse(node, f"{in_words(node)} is not a country code, EU, EEA or worldwide", _code_hint(text, reader))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([A-Z]{2}|EEA|worldwide)$"}


def _code_hint(text: str, reader: Reader) -> str:
    if text.upper() == "UK":
        return "write GB"
    for code in (text.upper(), text.lower()):
        if code in reader.countries or code in ("EU", "EEA", "worldwide"):
            return f"write {code}"
    return "write two capital letters, e.g. DE"


class ListOf:
    """A list of one kind of value. With `none`, the word none says that there are none, and [] is refused."""

    def __init__(self, item: Shape, *, none: bool = False, single: bool = False, empty: bool = False) -> None:
        self.item = item
        self.none = none
        self.single = single
        self.empty = empty

    def read(self, node: Node, reader: Reader) -> Any:
        if self.none and isinstance(node, Scalar) and node.text == "none":
            return ()
        if self.single and not isinstance(node, Sequence) and not (isinstance(node, Scalar) and node.value is None):
            node = Sequence((node,), node.line, node.column)
        if not isinstance(node, Sequence):
            return reader.refuse(node, f"{in_words(node)} where a list belongs", "write a list: [...]"
                                 + (" or none" if self.none else ""))
        if not node.items and not self.empty:
            hint = "write none if there are none, or leave the key out if you do not know" if self.none else (
                "list at least one, or leave the key out if you do not know")
            return reader.refuse(node, "an empty list says nothing", hint)
        values = [Stated(self.item.read(item, reader), item) for item in node.items]
        return INVALID if any(stated.value is INVALID for stated in values) else tuple(values)

    def schema(self) -> dict[str, Any]:
        items: dict[str, Any] = {"type": "array", "items": self.item.schema()}
        if not self.empty:
            items["minItems"] = 1
        options = [items] + ([{"const": "none"}] if self.none else []) + ([self.item.schema()] if self.single else [])
        return options[0] if len(options) == 1 else {"anyOf": options}


class OrWord:
    """A value of a shape, or one fixed word (such as none)."""

    def __init__(self, word: str, shape: Shape) -> None:
        self.word = word
        self.shape = shape

    def read(self, node: Node, reader: Reader) -> Any:
        if isinstance(node, Scalar) and node.text == self.word:
            return self.word
        return self.shape.read(node, reader)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": self.word}, self.shape.schema()]}


class Struct:
    """A mapping with known keys; gives {key: Stated}. With `short`, a single word may stand for the mapping."""

    def __init__(self, keys: MappingType[str, Shape], required: tuple[str, ...] = (), short: str = "") -> None:
        self.keys = keys
        self.required = required
        self.short = short

    def read(self, node: Node, reader: Reader) -> Any:
        if self.short and isinstance(node, Scalar):
            value = self.keys[self.short].read(node, reader)
            return value if value is INVALID else {self.short: Stated(value, node)}
        if not isinstance(node, Mapping):
            return reader.refuse(node, f"{in_words(node)} where a mapping belongs", f"write {', '.join(self.keys)} as keys")
        values = {key.text: Stated(self._read_key(key, value, reader), value) for key, value in node.pairs}
        missing = [key for key in self.required if key not in values]
        for key in missing:
            reader.refuse(node, f"'{key}' is missing", f"add {key}:")
        invalid = missing or any(stated.value is INVALID for stated in values.values())
        return INVALID if invalid else values

    def _read_key(self, key: Scalar, value: Node, reader: Reader) -> Any:
        shape = self.keys.get(key.text)
        if shape is None:
            close = nearest(key.text, tuple(self.keys))
            hint = f"did you mean '{close}'?" if close else f"known keys: {', '.join(self.keys)}"
            return reader.refuse(key, f"unknown key '{shown(key.text)}'", hint)
        if isinstance(value, Scalar) and value.value is None:
            return reader.refuse(key, f"'{key.text}' has no value", "give it one, or leave the key out")
        return shape.read(value, reader)

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "object", "additionalProperties": False,
                                 "properties": {key: shape.schema() for key, shape in self.keys.items()}}
        if self.required:
            found["required"] = list(self.required)
        return {"anyOf": [found, self.keys[self.short].schema()]} if self.short else found
