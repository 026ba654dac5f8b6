"""Texts: which license texts in a folder are still those that the rule sets encode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal

from caveat.catalogue import Rules
from caveat.document import read_text
from caveat.errors import Error, Place, Problem, UsageError
from caveat.evidence import MAX_BYTES
from caveat.fingerprints import words_digest
from caveat.identify import identify
from caveat.values import value

MAX_FILES = 10_000

State = Literal["same", "differs", "not-encoded", "unknown", "unreadable"]


@value
class TextState:
    """One file: same words as what was encoded, a changed text, a known text without a rule set, or none we know."""

    path: str
    state: State
    licenses: tuple[str, ...]
    detail: str


@value
class TextsReport:
    """The files of a folder, and the rule sets whose text was not among them."""

    version: Literal[1]
    files: tuple[TextState, ...]
    missing: tuple[str, ...]


def check_texts(folder: str, rules: Rules) -> TextsReport:
    """Compare every file under a folder with the texts that the rule sets encode; raises UsageError for no folder."""
    if not os.path.isdir(folder):
        raise UsageError(Problem("no such folder", Place(folder), "name a folder of license texts"))
    digests = _digests(rules)
    files = tuple(_state(folder, path, digests, rules) for path in _files(folder))
    seen = {license_id for file in files if file.state != "unknown" for license_id in file.licenses}
    return TextsReport(1, files, tuple(name for name in rules.license_ids if name not in seen))


def _digests(rules: Rules) -> dict[str, str]:
    """Return the license whose text, or whose policy, has a digest."""
    found: dict[str, str] = {}
    for license_id in rules.license_ids:
        license = rules.license(license_id)
        for digest in (license.source.digest, license.policy.digest if license.policy else ""):
            if digest:
                found.setdefault(digest, license_id)
    return found


def _files(folder: str) -> Iterator[str]:
    """Give the paths of the regular files under a folder, sorted; links and hidden ones are left out."""
    count = 0
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(base, name)
            if name.startswith(".") or os.path.islink(path):
                continue
            count += 1
            if count > MAX_FILES:
                raise UsageError(Problem(f"more than {MAX_FILES} files", Place(folder), "name a smaller folder"))
            yield os.path.relpath(path, folder)


def _state(folder: str, path: str, digests: dict[str, str], rules: Rules) -> TextState:
    try:
        text = read_text(os.path.join(folder, path), max_bytes=MAX_BYTES)
    except Error as error:
        return TextState(path, "unreadable", (), error.problems[0].message)
    known = digests.get(words_digest(text))
    if known:
        return TextState(path, "same", (known,), "")
    found = identify(text, rules.fingerprints())
    licenses = tuple(dict.fromkeys(match.license for match in found.matches))
    if found.unedited and licenses:
        encoded = all(name in rules.license_ids for name in licenses)
        return TextState(path, "same" if encoded else "not-encoded", licenses, "")
    if found.outcome == "none":
        return TextState(path, "unknown", (), "")
    near = tuple(dict.fromkeys((*licenses, *((found.nearest.license,) if found.nearest else ()))))
    spot = found.difference
    where = f"line {spot.line}: '{spot.found}'" if spot else f"{found.extra_words} more words"
    return TextState(path, "differs", near, f"{found.outcome}, {where}")
