"""Load: manifest files become a `Manifest`; every problem of a file is reported at once."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

from caveat import document
from caveat.document import Node
from caveat.errors import Error, ManifestError, Place, Problem
from caveat.figures import Monthly
from caveat.manifest import MANIFEST, MODEL_FACTS, PROJECT_FACTS, REQUIRED, Fact, Manifest, ModelUse, Record
from caveat.parse import parse
from caveat.shapes import INVALID, Reader, Stated
from caveat.vocabulary import Vocabulary

NAMES = ("caveat.yaml", "caveat.yml", "caveat.json", "caveat.toml")
MAX_EXTENDS = 8
SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "build", "dist"})


class _Source(NamedTuple):
    """The keys of one manifest file, each with the file that states it."""

    path: str
    keys: Mapping[str, tuple[str, Stated]]


def find(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the manifests that paths name: files as they are, and every manifest in a folder's tree, sorted.

    Hidden folders, virtual environments and links are left out. Raises ManifestError where a path does not exist or a
    folder holds none.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = sorted(_walk(path))
        if not inside:
            hint = f"write {NAMES[0]}, or name the file"
            problems.append(Problem("no manifest in this folder", Place(path), hint))
        found += inside
    if problems:
        raise ManifestError(*problems)
    return tuple(dict.fromkeys(os.path.normpath(path) for path in found))


def _walk(folder: str) -> list[str]:
    found = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        present = [name for name in NAMES if name in files]
        if not present and "pyproject.toml" in files and _has_table(os.path.join(root, "pyproject.toml")):
            present = ["pyproject.toml"]
        found += [os.path.join(root, name) for name in present]
    return found


def _has_table(path: str) -> bool:
    try:
        return "[tool.caveat" in document.read_text(path)
    except Error:
        return False


def load(path: str, vocabulary: Vocabulary) -> Manifest:
    """Return the manifest in a file; raises ManifestError with every problem, each with its place and mend."""
    return _manifest(_read(path, vocabulary, ()))


def load_text(text: str, path: str, vocabulary: Vocabulary) -> Manifest:
    """Return the manifest in a text, as if it stood in a file at `path`; see `load`."""
    slips: list[Problem] = []
    return _manifest(_keys(parse(text, path, slips), path, vocabulary, (), slips))


def _manifest(source: _Source) -> Manifest:
    path = source.path
    problems = _missing(source.keys, path)
    if problems:
        raise ManifestError(*problems)
    values = {key: stated.value for key, (_, stated) in source.keys.items()}
    models_path, models = source.keys["models"]
    manifest = Manifest(
        path=path, project=values["project"], as_of=values.get("as_of"), facts=_project_facts(source),
        models=tuple(_model(stated, models_path) for stated in models.value),
        waivers=tuple(_bare(stated) for stated in values.get("waivers", ())),
        policy=_relative(source, "policy"), rules=tuple(_rules(source)),
        files=tuple(dict.fromkeys((path, *(file for file, _ in source.keys.values())))))
    _refuse_twins(manifest)
    return manifest


def _missing(keys: Container[str], path: str) -> list[Problem]:
    return [Problem(f"'{key}' is missing", Place(path, 1, 1), f"add {key}:") for key in REQUIRED if key not in keys]


def _refuse_twins(manifest: Manifest) -> None:
    seen: dict[str, ModelUse] = {}
    problems = []
    for model in manifest.models:
        key = model.id.lower()
        if key in seen:
            problems.append(Problem(f"model '{model.id}' is listed twice (first on line {seen[key].place.line})", model.place,
                                    "merge the two entries"))
        seen.setdefault(key, model)
    if problems:
        raise ManifestError(*problems)


def _read(path: str, vocabulary: Vocabulary, chain: tuple[str, ...]) -> _Source:
    """Read one file and those it extends; its own keys win."""
    slips: list[Problem] = []
    try:
        node = parse(document.read_text(path), path, slips)
        if os.path.basename(path) == "pyproject.toml":
            node = _tool_table(node, path)
    except ManifestError:
        raise
    except Error as error:
        raise ManifestError(*error.problems) from None
    return _keys(node, path, vocabulary, chain, slips)


def _keys(node: Node | None, path: str, vocabulary: Vocabulary, chain: tuple[str, ...], slips: list[Problem]) -> _Source:
    if node is None:
        hint = "write version: 1, project: and models:"
        raise ManifestError(Problem("the manifest is empty", Place(path, 1, 1), hint))
    reader = Reader(path, tuple(vocabulary.countries), tuple(vocabulary.groups))
    reader.problems += slips
    keys = MANIFEST.read(node, reader)
    if keys is INVALID or reader.problems:
        stated = [key.text for key, _ in node.pairs] if isinstance(node, document.Mapping) else [*REQUIRED]
        if not chain and "extends" not in stated:
            reader.problems += _missing(stated, path)
        raise ManifestError(*sorted(dict.fromkeys(reader.problems), key=lambda problem: (problem.place or Place(path))[1:]))
    own = {key: (path, stated) for key, stated in keys.items()}
    if "extends" not in keys:
        return _Source(path, own)
    parent = _read(_parent(path, keys["extends"], chain), vocabulary, (*chain, os.path.realpath(path)))
    return _Source(path, {**parent.keys, **own})


def _tool_table(node: Node | None, path: str) -> Node:
    tool = node.get("tool") if isinstance(node, document.Mapping) else None
    table = tool.get("caveat") if isinstance(tool, document.Mapping) else None
    if table is None:
        raise ManifestError(Problem("has no table [tool.caveat]", Place(path, 1, 1), "add one, or name a caveat.yaml"))
    return table


def _parent(path: str, stated: Stated, chain: tuple[str, ...]) -> str:
    """Return the file that a manifest extends; it must lie in the same repository and not lead back."""
    target = os.path.join(os.path.dirname(path), stated.value)
    spot = document.place(path, stated.node)
    real = os.path.realpath(target)
    if os.path.isabs(stated.value) or not _in_repository(real, path):
        raise ManifestError(Problem(f"extends '{stated.value}', which lies outside the repository", spot,
                                    "name a file of this repository by a relative path"))
    if real in chain or real == os.path.realpath(path):
        raise ManifestError(Problem(f"extends '{stated.value}', which leads back here", spot, "break the circle"))
    if len(chain) >= MAX_EXTENDS:
        raise ManifestError(Problem(f"more than {MAX_EXTENDS} files extend each other", spot, "extend one file"))
    if not os.path.isfile(real):
        raise ManifestError(Problem(f"extends '{stated.value}', which is no file", spot, "name a manifest"))
    return os.path.normpath(target)


def _in_repository(target: str, path: str) -> bool:
    """Tell whether a file lies in the repository around a manifest (without one: in the folder above it)."""
    folder = os.path.dirname(os.path.realpath(path))
    root, above = os.path.dirname(folder), folder
    while above != os.path.dirname(above):
        if os.path.exists(os.path.join(above, ".git")):
            root = above
            break
        above = os.path.dirname(above)
    return target.startswith(root.rstrip(os.sep) + os.sep)


def _project_facts(source: _Source) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for key, (path, stated) in source.keys.items():
        if key in PROJECT_FACTS:
            facts[key] = _fact(key, stated, path)
        elif key == "organization":
            facts |= _nested(key, stated, path)
    return facts


def _model(stated: Stated, path: str) -> ModelUse:
    facts: dict[str, Fact] = {}
    for key, value in stated.value.items():
        if key in ("outputs", "safeguards", "evidence"):
            facts |= _nested(key, value, path)
        elif key in PROJECT_FACTS or key in MODEL_FACTS:
            facts[key] = _fact(key, value, path)
    return ModelUse(stated.value["id"].value, document.place(path, stated.node), facts)


def _nested(key: str, stated: Stated, path: str) -> dict[str, Fact]:
    return {f"{key}.{name}": _fact(f"{key}.{name}", value, path) for name, value in stated.value.items()}


def _fact(name: str, stated: Stated, path: str) -> Fact:
    return Fact(name, _bare(stated), path, stated.node.line, stated.node.column)


def _bare(stated: Stated) -> Any:
    """Return a value without its nodes; mappings become records that keep their line."""
    value = stated.value
    if isinstance(value, Monthly):
        return value
    if isinstance(value, dict):
        return Record({key: _bare(item) for key, item in value.items()}, stated.node.line)
    if isinstance(value, tuple) and all(isinstance(item, Stated) for item in value):
        return tuple(_bare(item) for item in value)
    return value


def _relative(source: _Source, key: str) -> str | None:
    """Return a policy's name, or its path relative to where the command runs."""
    if key not in source.keys:
        return None
    path, stated = source.keys[key]
    looks_like_path = "/" in stated.value or stated.value.endswith((".yaml", ".yml"))
    return _inside(path, stated) if looks_like_path else stated.value


def _rules(source: _Source) -> list[str]:
    if "rules" not in source.keys:
        return []
    path, stated = source.keys["rules"]
    return [_inside(path, item) for item in stated.value]


def _inside(path: str, stated: Stated) -> str:
    """Return a path that a manifest names; it must stay inside the repository."""
    target = os.path.join(os.path.dirname(path), stated.value)
    if os.path.isabs(stated.value) or not _in_repository(os.path.realpath(target), path):
        raise ManifestError(Problem(f"'{stated.value}' lies outside the repository", document.place(path, stated.node),
                                    "name it by a relative path; --rules and --policy may name any"))
    return target
