"""Evidence: the files a manifest names, read once, never from outside the folder of the file that names them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from caveat.document import read_text
from caveat.errors import Error
from caveat.manifest import Fact, Manifest

if TYPE_CHECKING:
    from caveat.fingerprints import Fingerprints
    from caveat.identify import Identification

MAX_BYTES = 4 * 1024 * 1024


class Document(NamedTuple):
    """One named file: why it cannot be used (problem, "" when it can), its text, and which license text it is.

    `comparable`: the licenses whose texts it was compared with (None: all).
    """

    path: str
    problem: str = ""
    text: str = ""
    identification: Identification | None = None
    comparable: frozenset[str] | None = None

    def seen(self) -> str:
        """Return what a reader of the file sees: no comments, no hidden elements."""
        from caveat.text import visible  # its patterns cost more than most checks, which read no evidence

        return visible(self.text, self.path)


class Evidence(NamedTuple):
    """The documents by the file that names them and the path as it is written there."""

    documents: Mapping[tuple[str, str], Document]

    def document(self, fact: Fact, path: str) -> Document:
        """Return the document that a fact names by a path."""
        return self.documents.get((fact.path, path)) or Document(path, "was not read")


def is_link(path: str) -> bool:
    """Tell whether a piece of evidence is an address on the web instead of a file."""
    return path.lower().startswith(("http://", "https://"))


def holds(text: str, phrase: str) -> bool:
    """Tell whether a text holds a phrase word for word; white space, quotes and (c) or © may differ."""
    from caveat.text import contains_phrase

    return contains_phrase(text, phrase)


def read_evidence(manifest: Manifest, fingerprints: Callable[[], Fingerprints]) -> Evidence:
    """Read every file that the manifest names; license texts are identified. Unreadable files become documents too.

    `fingerprints` is called only where a license text is named: they cost more than most checks.
    """
    wanted: dict[tuple[str, str], bool] = {}
    for fact in (*manifest.facts.values(), *(fact for model in manifest.models for fact in model.facts.values())):
        for path, is_license in named_paths(fact):
            key = (fact.path, path)
            wanted[key] = wanted.get(key, False) or is_license
    return Evidence({key: _read(*key, fingerprints() if is_license else None) for key, is_license in wanted.items()})


def named_paths(fact: Fact) -> Iterator[tuple[str, bool]]:
    """Give the file paths that a fact names, each with whether a license text is expected there."""
    if fact.name == "license_text":
        yield fact.value, True
    elif fact.name == "evidence.license_copy":
        yield from ((path, True) for path in fact.value if not is_link(path))
    elif fact.name in ("terms", "evidence.attribution"):
        yield from ((record.get("path"), False) for record in fact.value if record.get("path"))
    elif fact.name == "upstream_notice" and fact.value == "none":
        return
    elif fact.name.startswith(("evidence.", "upstream_notice")) and isinstance(fact.value, str) and not is_link(fact.value):
        yield fact.value, False


def _read(stated_in: str, path: str, fingerprints: Fingerprints | None) -> Document:
    folder = os.path.dirname(os.path.abspath(stated_in))
    problem = _outside(folder, path)
    if problem:
        return Document(path, problem)
    try:
        text = read_text(os.path.join(folder, path), max_bytes=MAX_BYTES)
    except Error as error:
        return Document(path, error.problems[0].message)
    if not text.strip():
        return Document(path, "is empty")
    if fingerprints is None:
        return Document(path, "", text)
    from caveat.identify import identify

    return Document(path, "", text, identify(text, fingerprints), fingerprints.licenses)


def _outside(folder: str, path: str) -> str:
    """Say why a path may not be read ("" when it may): it must stay inside the folder, links included."""
    if os.path.isabs(path) or "\0" in path:
        return "is not a path relative to the manifest"
    root = os.path.realpath(folder)
    target = os.path.realpath(os.path.join(root, path))
    inside = target == root or target.startswith(root.rstrip(os.sep) + os.sep)
    return "" if inside else "lies outside the manifest's folder"
