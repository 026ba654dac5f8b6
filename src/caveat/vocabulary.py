"""The vocabulary that manifests and rules share: use tags, regions with dates, and the question behind each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from caveat.values import value


@value
class UseTag:
    """A word for what a product does; harmless ones are named by no license.

    `implies`: sub-facts that the word itself says, as long as the manifest does not say otherwise.
    """

    tag: str
    meaning: str
    aliases: tuple[str, ...] = ()
    harmless: bool = False
    implies: dict[str, bool] = field(default_factory=dict)


@value
class Member:
    """A country code in a group, first and last day included (YYYY-MM-DD)."""

    code: str
    from_: str
    until: str = ""


@value
class Group:
    """A group of countries whose members change over time."""

    name: str
    members: tuple[Member, ...]
    note: str = ""

    def codes(self, day: str) -> frozenset[str]:
        """Return the members' codes on a day (YYYY-MM-DD)."""
        return frozenset(m.code for m in self.members if m.from_ <= day and (not m.until or day <= m.until))


@value
class FactWord:
    """A fact of the manifest: its dotted name, where it stands, its type, and the question that asks for it."""

    name: str
    level: Literal["project", "model"]
    type: str
    question: str
    meaning: str = ""


@value
class Vocabulary:
    """All words, ready to look up."""

    uses: Mapping[str, UseTag]
    use_names: Mapping[str, str]
    countries: Mapping[str, str]
    groups: Mapping[str, Group]
    facts: Mapping[str, FactWord]

    def tag(self, word: str) -> str | None:
        """Return the tag that a word of a manifest means, by its name or an alias in any case; None if unknown."""
        return self.use_names.get(spelled(word))

    def region(self, code: str, day: str) -> frozenset[str]:
        """Return the country codes a region stands for on a day."""
        if code == "worldwide":
            return frozenset(self.countries)
        return self.groups[code].codes(day) if code in self.groups else frozenset((code,))

    def question(self, fact: str, detail: str) -> str:
        """Return the question in plain words that asks for a fact."""
        word = self.facts.get(fact)
        text = word.question if word else f"What is {fact}?"
        return text.replace("{month}", detail or "the latest month").replace("{use}", detail or "this use")


def spelled(word: str) -> str:
    """Return a use's name in the form in which names are compared: small letters, one blank between words."""
    return " ".join(word.lower().replace("-", " ").replace("_", " ").split())
