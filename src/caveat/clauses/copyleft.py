"""Derivatives go out under the same terms."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.finding import Judgement
from caveat.truth import Need, Truth, all_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value

MODIFIES = ("fine-tune", "adapter", "quantize", "convert", "prune", "merge")

OR_LATER = (
    "Whether the original allows later versions of its license is not stated; if it came under this version only, 'or later' is "
    "too wide.")


@value(kw_only=True)
class Copyleft(Prohibition):
    """A derivative that is passed on stays under the license's own terms, or is not passed on at all.

    `unclear_other: true`: whether other terms on a derivative are allowed is open, so they are for a human. `compatible`:
    other licenses that are allowed too; `unclear_compatible`: licenses of which it is open. `forbidden: true`: no derivative
    may be passed on, whatever its terms. `relations`: what makes a derivative; `unclear_relations`: what perhaps does.
    `on`: ways of distribution that trigger it.

    Looks at `derivative_license` of a model we made from this one and pass on.
    """

    unclear_other: bool = False
    compatible: tuple[str, ...] = ()
    unclear_compatible: tuple[str, ...] = ()
    forbidden: bool = False
    relations: tuple[str, ...] = MODIFIES
    unclear_relations: tuple[str, ...] = ()
    on: tuple[str, ...] = ("weights", "embedded-product")

    kind: ClassVar[str] = "copyleft"
    passes: ClassVar[str] = "passed on under the same terms"
    default_readings: ClassVar[str] = (
        "Own terms on a derivative may be terms on the licensed material too, or only on what you added.")
    default_remedy: ClassVar[str] = "Pass the derivative on under this license, and state it as derivative_license."

    @property
    def only_open(self) -> bool:
        return self.unclear_other

    def absent(self, use: Use) -> Judgement | None:
        shared = self._shared(use)
        return Judgement("not-applicable", "no derivative of yours is passed on", shared.because) if shared.value is False else None

    def brief(self) -> str:
        if self.forbidden:
            return "no derivative may be passed on"
        return "derivatives may need the same terms" if self.unclear_other else "derivatives under the same terms"

    def breached(self, use: Use) -> Truth:
        return self._shared(use) if self.forbidden else all_of((self._shared(use), self._other_terms(use)))

    def _shared(self, use: Use) -> Truth:
        return all_of((use.made(self.relations, self.unclear_relations, self.both_readings), use.copies_leave(self.on)))

    def _other_terms(self, use: Use) -> Truth:
        fact = use.fact("derivative_license")
        if fact is None:
            return unknown(Need("derivative_license"))
        name = fact.value.lower()
        if name.endswith("-or-later") and not self._came_as_or_later(use):
            return arguable(OR_LATER, use.ground(fact))
        if name in {known.lower() for known in (*use.term.license.names, *self.compatible) if known}:
            return no(use.ground(fact))
        open_ = self.unclear_other or name in {known.lower() for known in self.unclear_compatible}
        return arguable(self.both_readings, use.ground(fact)) if open_ else yes(use.ground(fact))

    def _came_as_or_later(self, use: Use) -> bool:
        """Tell whether a model that this one was made from is stated to be under the license or any later version."""
        base = use.fact("base")
        stated = [str(record.get("license") or "").lower() for record in base.value] if base else []
        return any(name.endswith(("-or-later", "+")) for name in stated)

    def explain(self, use: Use, truth: Truth) -> str:
        if self.forbidden:
            return f"a derivative is passed on, which {use.term.license.name} does not allow under any terms"
        return f"a derivative is passed on under other terms than {use.term.license.name}"
