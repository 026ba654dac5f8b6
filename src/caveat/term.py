"""Terms: which license binds a model use, and by which way it got there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from caveat.errors import Place
from caveat.finding import Finding
from caveat.license import License
from caveat.manifest import Fact, ModelUse
from caveat.model import Entry

OUTPUT_RELATIONS = frozenset({"distill", "train-on-outputs"})
ARGUABLE_RELATIONS = frozenset({"judge", "tokenizer"})

MAX_STEPS = 6
"""So many steps of a way are written out; a longer one is shortened in the middle."""
MAX_WAYS = 6
"""So many ways of a term are written out."""

Reach = Literal["own", "base", "outputs", "arguable"]


class Hop(NamedTuple):
    """One step of lineage: how a model was made from its parent, and whether we made it."""

    relation: str
    parent: str
    by_us: bool


class Way(NamedTuple):
    """The steps from a model to the ancestor whose license binds; no steps: the model's own license."""

    hops: tuple[Hop, ...] = ()

    @property
    def reach(self) -> Reach:
        """Tell what of the ancestor arrives: its weights, its outputs, or arguably neither."""
        relations = {hop.relation for hop in self.hops}
        if relations & ARGUABLE_RELATIONS:
            return "arguable"
        if relations & OUTPUT_RELATIONS:
            return "outputs"
        return "base" if self.hops else "own"

    def brings_weights_to(self, hop: Hop) -> bool:
        """Tell whether the parent of a step holds the ancestor's weights, so that the step works on them directly."""
        before = self.hops[self.hops.index(hop) + 1:]
        return not {step.relation for step in before} & (OUTPUT_RELATIONS | ARGUABLE_RELATIONS)

    def __str__(self) -> str:
        steps = [f"{hop.relation} of {hop.parent}" for hop in self.hops]
        if len(steps) > MAX_STEPS:
            steps[MAX_STEPS - 1:-1] = [f"({len(steps) - MAX_STEPS} more steps)"]
        return " ← ".join(steps) or "own"


class Bearer(NamedTuple):
    """A model in the lineage that carries a license itself, and what the catalogue knows of it."""

    id: str
    entry: Entry | None


class Term(NamedTuple):
    """A license that binds a model use: by which ways, on whose word, and which models of the lineage carry it.

    `given`: it is only the license that we put on a model of ours, so it binds those who receive the model.
    """

    license: License
    ways: tuple[Way, ...]
    source: str
    bearers: tuple[Bearer, ...]
    given: bool = False

    @property
    def reaches(self) -> frozenset[Reach]:
        """The reaches of all its ways."""
        return frozenset(way.reach for way in self.ways)

    @property
    def via(self) -> tuple[str, ...]:
        """The ways in words; many are cut short."""
        written = tuple(str(way) for way in self.ways[:MAX_WAYS])
        more = len(self.ways) - MAX_WAYS
        return (*written, f"{more} more ways") if more > 0 else written


class Target(NamedTuple):
    """What is known of a model that a fact names: its kind, and the licenses its weights are under."""

    kind: str | None = None
    licenses: frozenset[str] = frozenset()


class Step(NamedTuple):
    """One step of lineage as it is reported: how a model was made from its parent, and the licenses the parent brings."""

    model: str
    relation: str
    parent: str
    licenses: tuple[str, ...]


class Resolved(NamedTuple):
    """A model use with everything that binds it.

    `choices` are the branches of an OR, each a tuple of terms. `parents` are the models whose weights it was made from.
    `targets` are the models and licenses that its facts name (what it trains, what a suit is about). `any_host`: its id is a
    name that APIs give it, and nobody says whose. `lineage` are the steps to its ancestors, nearest first.
    """

    use: ModelUse
    place: Place
    delivery: Fact | None
    made_by_us: bool
    entry: Entry | None
    terms: tuple[Term, ...]
    choices: tuple[tuple[Term, ...], ...]
    findings: tuple[Finding, ...]
    parents: Mapping[str, Target]
    targets: Mapping[str, Target]
    any_host: bool = False
    lineage: tuple[Step, ...] = ()
