"""Lineage: every way from a model to the models it was made from, over any depth, by the manifest and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from caveat.catalogue import Rules, model_key
from caveat.manifest import ModelUse
from caveat.model import Entry
from caveat.term import Hop, Step, Target, Way

MAX_ANCESTORS = 500


class Ancestor(NamedTuple):
    """A model in the lineage: the way to it, its id, the license stated beside it, and what is known of it."""

    way: Way
    id: str
    stated: str
    entry: Entry | None
    use: ModelUse | None


class Circle(NamedTuple):
    """A lineage that leads back to a model on its own way."""

    id: str


class TooLong(NamedTuple):
    """A lineage of more than MAX_ANCESTORS ancestors; the rest was not walked."""


class Lineage:
    """The lineage of the models of one manifest."""

    def __init__(self, models: Mapping[str, ModelUse], rules: Rules) -> None:
        self.models = models
        self.rules = rules

    def ancestors(self, use: ModelUse) -> Iterator[Ancestor | Circle | TooLong]:
        """Give every way to every ancestor of a model, nearest first, and where the walk met a circle or its bound."""
        queue: list[tuple[Way, str, tuple[str, ...]]] = [(Way(), use.id, ())]
        count = 0
        while queue:
            way, model_id, path = queue.pop(0)
            for hop, stated in self.parents(model_id, None if way.hops else use):
                if model_key(hop.parent) in (*path, model_key(model_id)):
                    yield Circle(hop.parent)
                    continue
                count += 1
                if count > MAX_ANCESTORS:
                    yield TooLong()
                    return
                longer = Way((*way.hops, hop))
                yield Ancestor(longer, hop.parent, stated, self.rules.entry(hop.parent), self.models.get(model_key(hop.parent)))
                queue.append((longer, hop.parent, (*path, model_key(model_id))))

    def parents(self, model_id: str, use: ModelUse | None = None) -> Iterator[tuple[Hop, str]]:
        """Give the steps to a model's parents, and the license stated beside each, by the manifest and the catalogue."""
        use = use or self.models.get(model_key(model_id))
        entry = self.rules.entry(model_id)
        by_us = use is not None and made_by_us(use, entry)
        seen = set()
        if use and "base" in use.facts:
            for record in use.facts["base"].value:
                seen.add((model_key(record.get("id")), record.get("relation")))
                yield Hop(record.get("relation"), record.get("id"), by_us), record.get("license") or ""
        for parent in entry.base if entry else ():
            if (model_key(parent.id), parent.relation) not in seen:
                yield Hop(parent.relation, parent.id, False), parent.license

    def target(self, name: str, stated: str = "") -> Target:
        """Return the kind and the licenses of the weights of a model that a fact names, its ancestors' among them."""
        licenses = {self.rules.license_id(name), self.rules.license_id(stated) if stated else None}
        kind, queue, seen = None, [name], set[str]()
        while queue and len(seen) < MAX_ANCESTORS:
            current = queue.pop(0)
            key = model_key(current)
            if key in seen:
                continue
            seen.add(key)
            entry, use = self.rules.entry(current), self.models.get(key)
            kind = kind or (entry.kind if entry else None)
            licenses.add(entry.license if entry else None)
            if use and "license" in use.facts:
                licenses.add(self.rules.license_id(use.facts["license"].value))
            queue += [hop.parent for hop, _ in self.parents(current) if Way((hop,)).reach == "base"]
        return Target(kind, frozenset(name for name in licenses if name))


def steps(model_id: str, ancestors: Iterable[Ancestor], licenses: Mapping[Way, tuple[str, ...]]) -> tuple[Step, ...]:
    """Return each step of a lineage once, nearest first, with the licenses that its parent brings by that way."""
    found: dict[tuple[str, str, str], Step] = {}
    for ancestor in ancestors:
        *before, last = ancestor.way.hops
        child = before[-1].parent if before else model_id
        step = Step(child, last.relation, last.parent, licenses.get(ancestor.way, ()))
        found.setdefault(step[:3], step)
    return tuple(found.values())


def made_by_us(use: ModelUse, entry: Entry | None) -> bool:
    """Tell who made a model: as stated, else us where a base is given here and the catalogue does not know the model."""
    stated = use.facts.get("made_by")
    return bool(stated.value == "us") if stated else entry is None and "base" in use.facts
