"""The shapes of rule files that a check never builds: a publisher's models, the vocabulary's files, and examples."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from caveat.model import Entry
from caveat.values import value
from caveat.vocabulary import FactWord, Group, UseTag


@value(kw_only=True)
class OtherNames:
    """Other exact names of the same entry: former hub ids, Ollama names (`name:*` for every tag), API ids."""

    old: tuple[str, ...] = ()
    ollama: tuple[str, ...] = ()
    api: tuple[str, ...] = ()


@value(kw_only=True)
class Model(Entry):
    """An entry for exact hub ids."""

    ids: tuple[str, ...]
    aliases: OtherNames = field(default_factory=OtherNames)


@value(kw_only=True)
class Pattern(Entry):
    """An entry for ids that match a publisher's own naming (`*` stands for anything)."""

    match: str


@value(kw_only=True)
class Publisher:
    """One file of the catalogue."""

    publisher: str
    name: str
    models: tuple[Model, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    families: tuple[str, ...] = ()


@value
class Uses:
    """The file of use tags."""

    uses: tuple[UseTag, ...]


@value
class Regions:
    """The file of countries and groups."""

    read_on: str
    countries: dict[str, str]
    groups: dict[str, Group]


@value
class FactWords:
    """The file of facts."""

    facts: tuple[FactWord, ...]


@value
class Example:
    """A test of the rule set: manifest facts (project and model keys together), files, and outcomes by clause id."""

    case: str
    expect: dict[str, Literal["fail", "review", "obligation", "pass", "not-applicable"]]
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
