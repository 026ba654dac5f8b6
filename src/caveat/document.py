"""Documents as trees that know their places: YAML 1.2 core, JSON and TOML give the same three kinds of node.

PyYAML's C parser composes the tree; the meaning of plain scalars is decided here by the YAML 1.2 core schema, in which
`NO` and `on` are words. Nothing is constructed from tags, and size, depth and aliases are bounded.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Any, NamedTuple, TypeAlias

import yaml

from caveat.errors import Error, Place, Problem

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 48
MAX_NODES = 400_000
_SURELY_FLAT = 256

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE_TAGS = {"null", "bool", "int", "float", "str", "timestamp", "merge", "value", "seq", "map"}
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|(?P<oct>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)|(?P<float>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)"
)
# Not printable, or (NEL, LS, PS) the end of a line, and so of a comment, to PyYAML but not to editors and YAML 1.2.
_NOT_ALLOWED = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class Scalar(NamedTuple):
    """A single value: its text as written, its value by the core schema, and its place."""

    text: str
    value: str | int | float | bool | None
    line: int | None
    column: int | None


class Sequence(NamedTuple):
    """A list of nodes and its place."""

    items: tuple[Node, ...]
    line: int | None
    column: int | None


class Mapping(NamedTuple):
    """Pairs of key and node, in the order written, and its place. Keys are unique."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int | None
    column: int | None

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None."""
        return next((node for name, node in self.pairs if name.text == key), None)


Node: TypeAlias = "Scalar | Sequence | Mapping"


def place(path: str, node: Node) -> Place:
    """Return where a node stands."""
    return Place(path, node.line, node.column)


def plain(node: Node) -> Any:
    """Return the node as plain Python data, values by the YAML 1.2 core schema."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def read_text(path: str, *, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a regular UTF-8 file of bounded size.

    Raises Error, with one sentence, where there is no such file, it is a folder or a device, it is too large or it is
    not UTF-8.
    """
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Error(Problem("not a regular file", Place(path)))
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise Error(Problem("no such file", Place(path))) from None
    except IsADirectoryError:
        raise Error(Problem("is a folder, not a file", Place(path))) from None
    except (OSError, ValueError) as error:
        raise Error(Problem(f"cannot be read ({_reason(error)})", Place(path))) from None
    if len(data) > max_bytes:
        raise Error(Problem(f"larger than {max_bytes // (1024 * 1024)} MiB", Place(path)))
    return _decoded(data, path)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or "" if isinstance(error, OSError) else str(error)


def _decoded(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8"
        raise Error(Problem(f"byte {error.start} is not UTF-8", Place(path, line), hint)) from None
    return text


_OWN_BOUND = "nesting depth"


def parse_yaml(text: str, path: str, slips: list[Problem] | None = None) -> Node | None:
    """Return the tree of a YAML document (or None for an empty one); see `caveat.parse`."""
    bad = None if text.isascii() and text.isprintable() else re.search(_NOT_ALLOWED, text)
    if bad:
        spot = Place(path, text.count("\n", 0, bad.start()) + 1, bad.start() - text.rfind("\n", 0, bad.start()))
        raise Error(Problem(f"the character U+{ord(bad[0]):04X} is not allowed", spot, "remove it"))
    loader = _LOADER(text)
    try:
        _refuse_depth(text, path)
        root = loader.get_single_node()
        builder = _Builder(path)
        tree = None if root is None else builder.build(root, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        if _OWN_BOUND in (error.problem or ""):  # newer versions of libyaml have a bound of their own
            raise Error(Problem(f"nested more than {MAX_DEPTH} levels deep", spot)) from None
        hint = _yaml_hint(error.problem or "", text[mark.index:mark.index + 1] if mark else "")
        kind = "JSON" if path.endswith(".json") else "YAML"
        raise Error(Problem(f"not valid {kind}: {error.problem or error.context}", spot, hint)) from None
    except yaml.YAMLError as error:
        raise Error(Problem(f"not valid YAML: {' '.join(str(error).split())[:120]}", Place(path))) from None
    except RecursionError:
        raise Error(Problem("nested too deeply", Place(path))) from None
    finally:
        loader.dispose()
    if builder.slips and slips is None:
        raise Error(*builder.slips)
    (slips if slips is not None else []).extend(builder.slips)
    return tree


def _refuse_depth(text: str, path: str) -> None:
    """Refuse deep nesting before PyYAML's C composer recurses into it and overflows the stack.

    A level of nesting costs at least one of these characters, so that most texts need no second look.
    """
    if sum(map(text.count, "[{-?:")) <= _SURELY_FLAT:
        return
    depth = 0
    loader = _LOADER(text)
    try:
        while (event := loader.get_event()) is not None:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH + 1:
                mark = event.start_mark
                raise Error(Problem(f"nested more than {MAX_DEPTH} levels deep", Place(path, mark.line + 1, mark.column + 1)))
    finally:
        loader.dispose()


def _yaml_hint(problem: str, character: str) -> str:
    if "cannot start any token" in problem:
        return "indent with spaces, not tabs" if character == "\t" else "put the value in quotes"
    if "mapping values are not allowed" in problem:
        return "put the value in quotes if it holds ': '"
    return ""


class _Builder:
    """Turns PyYAML's nodes into ours, and stops at the bounds."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.count = 0
        self.slips: list[Problem] = []

    def build(self, node: yaml.Node, depth: int) -> Node:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.count += 1
        if depth > MAX_DEPTH:
            raise Error(Problem(f"nested more than {MAX_DEPTH} levels deep", Place(self.path, line, column)))
        if self.count > MAX_NODES:
            raise Error(Problem("too many values (aliases count each time)", Place(self.path, line, column)))
        self.refuse_tag(node, line, column)
        if isinstance(node, yaml.ScalarNode):
            value = node.value if node.style else core_value(node.value)
            return Scalar(node.value, value, line, column)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(tuple(self.build(item, depth + 1) for item in node.value), line, column)
        return self.build_mapping(node, depth, line, column)

    def build_mapping(self, node: yaml.Node, depth: int, line: int, column: int) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        for key_node, value_node in node.value:
            key = self.build(key_node, depth + 1)
            spot = place(self.path, key)
            value = self.build(value_node, depth + 1)
            if not isinstance(key, Scalar):
                self.slips.append(Problem("a key must be a word, not a list or a mapping", spot))
            elif key.text in seen:
                first = seen[key.text].line
                self.slips.append(Problem(f"key '{key.text}' stands twice (first on line {first})", spot, "keep one"))
            else:
                seen[key.text] = key
                pairs.append((key, value))
        return Mapping(tuple(pairs), line, column)

    def refuse_tag(self, node: yaml.Node, line: int, column: int) -> None:
        tag = str(node.tag)
        if tag.removeprefix("tag:yaml.org,2002:") not in _CORE_TAGS:
            self.slips.append(Problem(f"tag '{tag[:60]}' is not read here", Place(self.path, line, column), "leave it out"))


def core_value(text: str) -> str | int | float | bool | None:
    """Return what a plain scalar means in the YAML 1.2 core schema."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > 40:
        return text
    if match["int"]:
        return int(text)
    if match["oct"] or match["hex"]:
        return int(text, 0)
    return float(text)
