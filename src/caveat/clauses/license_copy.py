"""Recipients get a copy of the license."""

from __future__ import annotations

import re
from typing import ClassVar

from caveat.clause import Because, Duty, Met, best, stated
from caveat.evidence import Document, is_link
from caveat.license import License
from caveat.manifest import Fact
from caveat.truth import Truth, all_of, arguable
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class LicenseCopy(Duty):
    """A full, unedited copy of the license goes with the model.

    `on`: ways of distribution that trigger it; `unclear_on`: ways of which it is open. `link_suffices`: an address of the
    license may stand for its text. `unclear_relations`: derivatives of which it is open whether they are copies.

    Met by a file under `evidence.license_copy` whose words are those of the license, however it is laid out. An edited
    text, another version and another license fail, with the first difference named; a link instead of a text is for a
    human.
    """

    on: tuple[str, ...] = ("weights", "embedded-product")
    unclear_on: tuple[str, ...] = ()
    unclear_relations: tuple[str, ...] = ()
    link_suffices: bool = False

    kind: ClassVar[str] = "license-copy"
    not_owed: ClassVar[str] = "no copy reaches others"
    default_readings: ClassVar[str] = (
        "Offering the model as a service may count as making it available, so that users get a copy of the license, or "
        "nothing is handed over and none is owed.")
    default_remedy: ClassVar[str] = "Ship the unedited license text with the model and name the file under evidence.license_copy."

    @property
    def only_open(self) -> bool:
        return not self.on

    def brief(self) -> str:
        return "license text or link goes along" if self.link_suffices else "license text goes along"

    def owed(self, use: Use) -> Truth:
        leaves = use.copies_leave(self.on, self.unclear_on, self.both_readings)
        beside = use.only_beside(self.unclear_relations)
        return all_of((leaves, arguable(self.both_readings, *beside))) if beside else leaves

    def unmet(self, use: Use) -> str:
        return f"a copy of {use.term.license.name} must go with the model, and none is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.license_copy")
        if fact is None:
            return Met("unstated")
        return best(self._one(use, fact, path) for path in fact.value)

    def _one(self, use: Use, fact: Fact, path: str) -> Met:
        if self.link_suffices and is_link(path):
            return _linked(use.term.license, path, (stated(fact, path),))
        document = self.opened(use, fact, path)
        return document if isinstance(document, Met) else self._compare(use.term.license.id, document, (stated(fact, path),))

    def _compare(self, license_id: str, document: Document, because: Because) -> Met:
        found = document.identification
        path = document.path
        if found is None:
            return Met("no", f"{path} {describe(document)}", because)
        whole = [match for match in found.matches if match.license == license_id and match.part == "agreement"]
        if whole and found.unedited:
            return Met("yes", f"{path} is the unedited text", because)
        incomparable = document.comparable is not None and license_id not in document.comparable
        if incomparable and not found.unedited:
            return Met("open", f"{path} cannot be compared: the words of {license_id} are not among those known here", because)
        if whole:
            return Met("open", f"{path} holds the whole text and {found.extra_words} more words: are they terms?", because)
        return Met("no", f"{path} {describe(document)}", because)


def _linked(license: License, link: str, because: Because) -> Met:
    """Judge an address that stands for the text: one of the license's own, another page of the same host, or any other."""
    known = {_address(name) for name in (license.source.url, *license.names) if "/" in name}
    address = _address(link)
    if address in known:
        return Met("yes", f"the license is linked: {link}", because)
    if address.partition("/")[0] in {name.partition("/")[0] for name in known}:
        return Met("no", f"{link} is no address of {license.id}", because)
    return Met("open", f"what stands at {link} is not known here", because)


def _address(link: str) -> str:
    """Return an address without what does not tell licenses apart: scheme, www, and the last part of Creative Commons' pages."""
    bare = re.sub(r"^https?://(www\.)?", "", link.strip().lower())
    return re.sub(r"/(legalcode|deed)?(\.[a-z-]+)?/?$", "", bare.partition("#")[0])


def describe(document: Document) -> str:
    """Say which license text a document holds, and where it first departs from the known one."""
    found = document.identification
    if found is None or found.outcome == "none":
        return "is no license text we know"
    if found.matches:
        names = ", ".join(sorted({f"{match.license} ({match.part})" for match in found.matches}))
        return f"is the text of {names}" if found.outcome != "edited" else f"holds the text of {names} with other words"
    name = f"{found.nearest.license} ({found.nearest.part})" if found.nearest else "a known license"
    if found.outcome == "excerpt":
        return f"holds only a part of {name}"
    spot = found.difference
    if spot is None:
        return f"is an edited text of {name}"
    what = "words are missing after" if spot.missing else "differs at"
    return f"is an edited text of {name}: line {spot.line} {what} '{spot.found}'"
