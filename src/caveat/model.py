"""The catalogue: known models, the license of each release, and what kind of thing each is."""

from __future__ import annotations

from typing import Literal

from caveat.values import value

Kind = Literal["llm", "embedding", "classifier", "image", "video", "audio", "other"]
Weights = Literal["open", "none", "unreleased"]


@value
class Parent:
    """A model that another was made from, and how."""

    id: str
    relation: str
    license: str = ""


@value(kw_only=True)
class Entry:
    """What the catalogue knows of one release.

    `evidence` says whether its license was seen or is remembered; `disputed` names other licenses that the publisher's
    own sources give it, `beside` the policies that the publisher puts beside it.
    """

    kind: Kind
    weights: Weights
    evidence: Literal["seen", "memory"]
    license: str = ""
    disputed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    vendor_terms: str = ""
    released: str = ""
    multimodal: bool | None = None
    base: tuple[Parent, ...] = ()
    source: str = ""
    note: str = ""
    publisher: str = ""
    publisher_name: str = ""
