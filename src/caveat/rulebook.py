"""The rule files: read, checked against their schemas with file and line, and turned into plain data ready to load.

Only this module and the commands for rule authors need pydantic; a check loads what was checked here before.
"""

from __future__ import annotations

import datetime
import keyword
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from caveat import document, plugins
from caveat.document import Node
from caveat.errors import Error, Place, Problem, RuleError
from caveat.license import LicenseHead
from caveat.policy import Policy
from caveat.rulefiles import Example, FactWords, Publisher, Regions, Uses
from caveat.shapes import nearest
from caveat.values import as_dataclasses

_DATES = frozenset({"released", "read_on", "from_", "until"})
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])|before-release|previous")
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")

FILES: Mapping[str, type] = {"uses.yaml": Uses, "regions.yaml": Regions, "facts.yaml": FactWords}


@cache
def adapter(shape: type) -> TypeAdapter[Any]:
    """Return the validator of a rule-file class."""
    as_dataclasses()
    return TypeAdapter(shape)


def yaml_files(folder: str) -> list[str]:
    """Return the rule files of a folder, sorted; none where there is no such folder."""
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml"))]


def compile_rules(root: str) -> dict[str, Any]:
    """Return all rules under a folder as plain JSON-ready data; raises RuleError with every problem of every file."""
    problems: list[Problem] = []
    pack: dict[str, Any] = {"licenses": {}, "examples": {}, "models": [], "policies": {}, "vocabulary": {}}
    for path in yaml_files(os.path.join(root, "licenses")):
        with _Collecting(problems):
            data = read_license(path)
            pack["examples"][data["id"]] = data.pop("examples")
            pack["licenses"][data["id"]] = data
    for path in yaml_files(os.path.join(root, "models")):
        with _Collecting(problems):
            pack["models"].append(_read(path, Publisher))
    for path in yaml_files(os.path.join(root, "policies")):
        with _Collecting(problems):
            data = _read(path, Policy)
            pack["policies"][data["name"]] = data
    for name, shape in FILES.items():
        path = os.path.join(root, "vocabulary", name)
        if os.path.exists(path):
            with _Collecting(problems):
                pack["vocabulary"][name.removesuffix(".yaml")] = _read(path, shape)
    if problems:
        raise RuleError(*problems)
    return pack


class _Collecting:
    """Keep the problems of one file and go on with the next."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Error):
            self.problems.extend(error.problems)
        return isinstance(error, Error)


def read_policy(path: str) -> dict[str, Any]:
    """Return one policy file as plain data; raises RuleError."""
    return _read(path, Policy)


def read_license(path: str) -> dict[str, Any]:
    """Return one license file as plain data; raises RuleError with every problem, each with its line."""
    node = _tree(path)
    data = renamed(document.plain(node))
    if not isinstance(data, dict):
        raise RuleError(Problem("a rule set is a mapping", Place(path, 1, 1), "start with id:"))
    problems: list[Problem] = []
    clauses, examples = _listed(data, "clauses", node, path, problems), _listed(data, "examples", node, path, problems)
    head = _checked(LicenseHead, data, (), node, path, problems)
    checked = [_clause(clause, ("clauses", index), node, path, problems) for index, clause in enumerate(clauses)]
    tests = [_checked(Example, example, ("examples", index), node, path, problems)
             for index, example in enumerate(examples)]
    if not clauses:
        problems.append(Problem("has no clauses", Place(path, 1, 1), "add clauses:"))
    problems += _double_names(checked, node, path)
    if head and head["id"] != os.path.basename(path).rsplit(".", 1)[0]:
        problems.append(Problem(f"id '{head['id']}' differs from the file's name", Place(path, 1, 1), "make them equal"))
    if problems or head is None:
        raise RuleError(*problems)
    return {**head, "clauses": checked, "examples": tests}


def _listed(data: dict[str, Any], key: str, node: Node, path: str, problems: list[Problem]) -> list[Any]:
    found = data.pop(key, None) or []
    if isinstance(found, list):
        return found
    problems.append(Problem(f"'{key}' is not a list", _spot(node, (key,), path), "write a list"))
    return []


def _double_names(clauses: list[dict[str, Any] | None], node: Node, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, clause in enumerate(clauses):
        name = (clause.get("id") or clause["kind"]) if clause else ""
        if name and name in seen:
            yield Problem(f"clause '{name}' stands twice", _spot(node, ("clauses", index), path), "give it an id of its own")
        seen.add(name)


def _clause(clause: Any, where: tuple[str | int, ...], node: Node, path: str,
            problems: list[Problem]) -> dict[str, Any] | None:
    kind = clause.get("kind") if isinstance(clause, dict) else None
    known = plugins.names("clauses")
    if kind not in known:
        close = nearest(str(kind), known)
        hint = f"did you mean '{close}'?" if close else f"known: {', '.join(known)}"
        problems.append(Problem(f"unknown clause kind '{kind}'", _spot(node, (*where, "kind"), path), hint))
        return None
    fields = {key: value for key, value in clause.items() if key != "kind"}
    checked = _checked(plugins.clause_kind(str(kind)), fields, where, node, path, problems)
    return {"kind": kind, **checked} if checked is not None else None


def _read(path: str, shape: type) -> dict[str, Any]:
    node = _tree(path)
    problems: list[Problem] = []
    data = _checked(shape, renamed(document.plain(node)), (), node, path, problems)
    if problems or data is None:
        raise RuleError(*problems)
    return data


def _tree(path: str) -> Node:
    try:
        node = document.parse_yaml(document.read_text(path), path)
    except Error as error:
        raise RuleError(*error.problems) from None
    if node is None:
        raise RuleError(Problem("is empty", Place(path, 1, 1)))
    return node


def _checked(shape: type, data: Any, where: tuple[str | int, ...], node: Node, path: str,
             problems: list[Problem]) -> dict[str, Any] | None:
    """Return data that a class accepts, as JSON-ready values without defaults; else None, with the problems."""
    try:
        value = adapter(shape).validate_python(data)
    except ValidationError as error:
        problems.extend(_problem(detail, shape, where, node, path) for detail in error.errors())
        return None
    found: dict[str, Any] = adapter(shape).dump_python(value, mode="json", exclude_defaults=True)
    bad = [(key, text) for key, text in _dated(found) if not _is_date(text)]
    problems.extend(Problem(f"{key.rstrip('_')} '{text}' is not a date", _spot(node, where, path), "write YYYY-MM-DD")
                    for key, text in bad)
    if found.get("month") and not _MONTH.fullmatch(found["month"]):
        problems.append(Problem(f"month '{found['month']}' is not YYYY-MM", _spot(node, where, path)))
    if found.get("id") and not _ID.fullmatch(found["id"]):
        problems.append(Problem(f"id '{found['id']}' is not kebab-case", _spot(node, where, path)))
    return found


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _dated(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in _DATES and isinstance(value, str) and value:
                yield key, value
            elif key != "facts":
                yield from _dated(value)
    elif isinstance(data, list):
        for item in data:
            yield from _dated(item)


def _problem(detail: Any, shape: type, where: tuple[str | int, ...], node: Node, path: str) -> Problem:
    """Return a sentence of ours for pydantic's."""
    location = tuple(part for part in detail["loc"] if isinstance(part, str | int))
    spot = _spot(node, (*where, *location), path)
    name = str(location[-1]).removesuffix("_") if location else ""
    if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        close = nearest(name, tuple(getattr(shape, "_fields", ())))
        return Problem(f"unknown key '{name}'", spot, f"did you mean '{close}'?" if close else "remove it")
    if detail["type"] in ("missing", "missing_argument"):
        return Problem(f"'{name}' is missing", spot, f"add {name}:")
    if detail["type"] == "value_error":
        return Problem(detail["msg"].removeprefix("Value error, "), spot)
    return Problem(f"'{name}': {detail['msg'][0].lower()}{detail['msg'][1:]}", spot)


def _spot(node: Node, location: tuple[str | int, ...], path: str) -> Place:
    """Return the place of the deepest node on the way to a location."""
    for part in location:
        child: Node | None = None
        if isinstance(node, document.Mapping):
            child = node.get(str(part)) or node.get(str(part).removesuffix("_"))
        elif isinstance(node, document.Sequence) and isinstance(part, int) and part < len(node.items):
            child = node.items[part]
        if child is None:
            break
        node = child
    return document.place(path, node)


def renamed(data: Any) -> Any:
    """Return data whose keys that are Python keywords (`from`) end in an underscore; facts of examples stay as they are."""
    if isinstance(data, dict):
        return {f"{key}_" if keyword.iskeyword(key) else key: value if key == "facts" and isinstance(value, dict) else
                renamed(value) for key, value in data.items()}
    return [renamed(item) for item in data] if isinstance(data, list) else data
