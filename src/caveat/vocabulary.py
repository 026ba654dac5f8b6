"""The vocabulary that manifests and rules share: use tags, regions with dates, and the question behind each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from caveat.license import STRICT


@dataclass(frozen=True)
class UseTag:
    """A word for what a product does; harmless ones are named by no license."""

    tag: str
    meaning: str
    aliases: tuple[str, ...] = ()
    harmless: bool = False

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Uses:
    """The file of use tags."""

    uses: tuple[UseTag, ...]

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Member:
    """A country code in a group, first and last day included (YYYY-MM-DD)."""

    code: str
    from_: str
    until: str = ""

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Group:
    """A group of countries whose members change over time."""

    name: str
    members: tuple[Member, ...]
    note: str = ""

    __pydantic_config__ = STRICT

    def codes(self, day: str) -> frozenset[str]:
        """Return the members' codes on a day (YYYY-MM-DD)."""
        return frozenset(m.code for m in self.members if m.from_ <= day and (not m.until or day <= m.until))


@dataclass(frozen=True)
class Regions:
    """The file of countries and groups."""

    read_on: str
    countries: dict[str, str]
    groups: dict[str, Group]

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class FactWord:
    """A fact of the manifest: its dotted name, where it stands, its type, and the question that asks for it."""

    name: str
    level: Literal["project", "model"]
    type: str
    question: str
    meaning: str = ""

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class FactWords:
    """The file of facts."""

    facts: tuple[FactWord, ...]

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Vocabulary:
    """All words, ready to look up."""

    uses: Mapping[str, UseTag]
    use_names: Mapping[str, str] = field(repr=False)
    countries: Mapping[str, str] = field(repr=False)
    groups: Mapping[str, Group] = field(repr=False)
    facts: Mapping[str, FactWord] = field(repr=False)

    def tag(self, word: str) -> str | None:
        """Return the tag that a word of a manifest means, by its name or an alias in any case; None if unknown."""
        return self.use_names.get(" ".join(word.lower().replace("-", " ").replace("_", " ").split()))

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


def vocabulary(uses: Uses, regions: Regions, facts: FactWords) -> Vocabulary:
    """Return the words of three files as one vocabulary."""
    names = {}
    for use in uses.uses:
        for name in (use.tag, *use.aliases):
            names[" ".join(name.lower().replace("-", " ").replace("_", " ").split())] = use.tag
    return Vocabulary({use.tag: use for use in uses.uses}, names, regions.countries, regions.groups,
                      {fact.name: fact for fact in facts.facts})
