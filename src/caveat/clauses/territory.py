"""Places, or licensees by their domicile, that get no rights."""

from __future__ import annotations

from typing import ClassVar, Literal

from caveat.clause import Prohibition
from caveat.finding import Judgement
from caveat.truth import Ground, Need, Truth, all_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value

SEAT = (
    "Nothing is offered in an excluded place, but the licensee sits in one: read narrowly only where the model and its outputs "
    "are used counts, read widely running or steering it from the seat is use there."
)


@value(kw_only=True)
class Territory(Prohibition):
    """Places where nothing is granted.

    `excludes`: country codes or groups (EU, EEA). `by`: domicile (where the licensee is) or place (where the product
    is offered). `of`: kinds of licensee that are named; `unclear`: kinds of which it is open whether they are meant.
    `only: multimodal`: only models that take or give more than text. `no_such_models`: the version holds no such
    model, so the clause has no object.

    A licensee who sits in an excluded place but offers nothing there is for a human: it may well use the model at home.
    Membership of a group is that of the day of the audit. Fails when every condition is met; asks for those not stated.
    """

    excludes: tuple[str, ...]
    by: Literal["domicile", "place"] = "place"
    of: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    only: Literal["multimodal", ""] = ""
    no_such_models: bool = False

    kind: ClassVar[str] = "territory"
    passes: ClassVar[str] = "not excluded"
    default_remedy: ClassVar[str] = "Use a model without this exclusion, or get a separate license that covers territory."
    default_readings: ClassVar[str] = "Whether this kind of organization is one of those named is open."

    @property
    def only_open(self) -> bool:
        return self.no_such_models

    @property
    def always_decided(self) -> bool:
        return self.no_such_models

    def absent(self, use: Use) -> Judgement | None:
        if self.no_such_models:
            return Judgement("not-applicable", "this version holds no model that the paragraph speaks of")
        return None

    def brief(self) -> str:
        what = " (no model of this version)" if self.no_such_models else " (multimodal models)" if self.only else ""
        where = "offered in" if self.by == "place" else f"{', '.join(self.of) or 'licensees'} seated in"
        return f"no rights if {where} {', '.join(self.excludes)}{what}"

    def breached(self, use: Use) -> Truth:
        parts = [self.located(use)]
        if self.of:
            parts.append(self.named(use))
        if self.only == "multimodal":
            parts.append(multimodal(use))
        return all_of(parts)

    def located(self, use: Use) -> Truth:
        """Tell whether the licensee, or the product, is in an excluded place."""
        day = use.as_of.isoformat()
        excluded = frozenset().union(*(use.vocabulary.region(code, day) for code in self.excludes))
        if self.by == "domicile":
            return use.equals("organization.domicile", *excluded)
        fact = use.fact("region")
        if fact is None:
            return unknown(Need("region"))
        met = tuple(code for code in fact.value if use.vocabulary.region(code, day) & excluded)
        if met:
            return yes(use.ground(fact, met))
        seat = use.equals("organization.domicile", *excluded)
        return arguable(SEAT, use.ground(fact), *seat.because) if seat.value else no(use.ground(fact))

    def named(self, use: Use) -> Truth:
        """Tell whether the licensee is of a kind that the clause names."""
        return use.one_of("organization.kind", self.of, self.unclear, self.both_readings)

    def explain(self, use: Use, truth: Truth) -> str:
        whom = f" to {' or '.join(self.of)} licensees" if self.of else ""
        what = " for its multimodal models" if self.only else ""
        where = ", ".join(self.excludes)
        return f"no rights are granted{whom}{what} in: {where}"


def multimodal(use: Use) -> Truth:
    """Tell whether the licensed model is multimodal: what its catalogued ancestors are, else what is stated.

    A model of text only, cut out of a multimodal one, and a statement against the catalogue, are arguable.
    """
    stated = use.fact("multimodal")
    known = [bearer for bearer in use.term.bearers if bearer.entry and bearer.entry.multimodal is not None]
    grounds = tuple(Ground("multimodal", bool(b.entry and b.entry.multimodal), b.id, "catalogue") for b in known)
    said = (use.ground(stated),) if stated else ()
    if any(ground.value for ground in grounds):
        if stated and not stated.value:
            return arguable("Stated as text-only although the catalogue's model is multimodal: a part of a multimodal "
                            "model may still be one of the models meant, or no longer be one.", *grounds, *said)
        return yes(*grounds)
    if known and len(known) == len(use.term.bearers):
        if stated and stated.value and any(way.reach == "own" for way in use.term.ways) and use.model.entry:
            return arguable("Stated as multimodal although the catalogue knows it as text-only.", *grounds, *said)
        return no(*grounds)
    if stated is None:
        return unknown(Need("multimodal"), *grounds)
    return yes(*said) if stated.value else no(*said)
