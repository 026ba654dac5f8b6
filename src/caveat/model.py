"""The catalogue: known models, the license of each release, and what kind of thing each is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from caveat.license import STRICT

Kind = Literal["llm", "embedding", "classifier", "image", "video", "audio", "other"]
Weights = Literal["open", "none", "unreleased"]


@dataclass(frozen=True)
class Parent:
    """A model that another was made from, and how."""

    id: str
    relation: str
    license: str = ""

    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the catalogue knows of one release: `evidence` says whether its license was seen or is remembered."""

    kind: Kind
    weights: Weights
    evidence: Literal["seen", "memory"]
    license: str = ""
    vendor_terms: str = ""
    released: str = ""
    multimodal: bool | None = None
    base: tuple[Parent, ...] = ()
    source: str = ""
    note: str = ""
    publisher: str = ""

    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class OtherNames:
    """Other exact names of the same entry: former hub ids, Ollama names (`name:*` for every tag), API ids."""

    old: tuple[str, ...] = ()
    ollama: tuple[str, ...] = ()
    api: tuple[str, ...] = ()

    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class Model(Entry):
    """An entry for exact hub ids."""

    ids: tuple[str, ...]
    aliases: OtherNames = field(default_factory=OtherNames)

    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class Pattern(Entry):
    """An entry for ids that match a publisher's own naming (`*` stands for anything)."""

    match: str

    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """One file of the catalogue."""

    publisher: str
    name: str
    models: tuple[Model, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    families: tuple[str, ...] = ()

    __pydantic_config__ = STRICT
