"""Safeguards stay as they are."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from caveat.clause import Prohibition
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value

_TELLTALE = r"ablit|uncensor|heretic|jailbr|unfilter|no-?refus"


@value(kw_only=True)
class Safeguards(Prohibition):
    """Safety measures and usage limits are not removed or got round.

    Fails when `safeguards.altered` is true or guardrail-bypass is an intended use. For a model that upstream made and that
    is used as it came, the list of intended uses decides. A name that speaks of removed safeguards is for a human.

    `needs` (instead): safeguards of one's own, filter or output_review, at least one of which must be in place. None of
    them fails; one denied while the other is not stated is for a human. `unclear`: whether altering safeguards is forbidden at
    all is open.
    """

    needs: tuple[Literal["filter", "output_review"], ...] = ()
    unclear: bool = False

    kind: ClassVar[str] = "safeguards"
    passes: ClassVar[str] = "safeguards are left alone"
    default_remedy: ClassVar[str] = "Use the model with its safeguards, or one whose license allows removing them."

    def brief(self) -> str:
        return f"{' or '.join(self.needs)} needed" if self.needs else "safeguards stay in place"

    def breached(self, use: Use) -> Truth:
        if self.needs:
            return all_of(use.equals(f"safeguards.{name}", False) for name in self.needs)
        found = any_of((self._altered(use), self._intended(use)))
        return all_of((found, arguable(self.both_readings, *found.because))) if self.unclear else found

    @property
    def only_open(self) -> bool:
        return self.unclear

    def _altered(self, use: Use) -> Truth:
        fact = use.fact("safeguards.altered")
        names = (use.model.use.id, *(hop.parent for way in use.term.ways for hop in way.hops))
        telltale = next((name for name in names if re.search(_TELLTALE, name, re.IGNORECASE)), None)
        if fact is not None and (fact.value or not telltale):
            return yes(use.ground(fact)) if fact.value else no(use.ground(fact))
        if telltale:
            ground = Ground("id", telltale, path=use.model.place.path, line=use.model.place.line)
            return arguable(f"the name {telltale} speaks of removed safeguards", ground)
        return unknown(Need("safeguards.altered")) if use.own_hops() or use.is_ours_from_unstated() else no()

    def _intended(self, use: Use) -> Truth:
        fact = use.fact("intended_use")
        if fact is None:
            return no() if use.own_hops() or use.fact("safeguards.altered") else unknown(Need("intended_use"))
        tags = [record for record in fact.value if use.vocabulary.tag(str(record.get("tag"))) == "guardrail-bypass"]
        grounds = [Ground("intended_use", "guardrail-bypass", path=fact.path, line=record.line) for record in tags]
        return yes(*grounds) if grounds else no(use.ground(fact))

    def explain(self, use: Use, truth: Truth) -> str:
        if self.needs:
            return f"none of the safeguards that the license wants is in place: {', '.join(self.needs)}"
        return "safeguards are removed or got round"
