"""Users get the source of what runs, or of what they were given."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.clauses.copyleft import MODIFIES
from caveat.finding import Severity
from caveat.truth import Truth, all_of, arguable
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class NetworkSource(Duty):
    """The source is offered to those who use the model over a network, or who got a copy.

    `on`: ways of distribution that trigger it. `modified`: only for what we changed, by one of `relations`. `unclear`: what the
    source of weights is, and so what is owed, is open.

    Met by `evidence.source_offer`.
    """

    on: tuple[str, ...] = ("hosted-service",)
    modified: bool = True
    relations: tuple[str, ...] = MODIFIES
    unclear: bool = False

    kind: ClassVar[str] = "network-source"
    default_severity: ClassVar[Severity] = "blocker"
    not_owed: ClassVar[str] = "nothing that has to come with its source reaches others"
    default_readings: ClassVar[str] = (
        "The source of weights may be the weights themselves, as the form in which they are changed, or also what they were "
        "trained with.")
    default_remedy: ClassVar[str] = "Offer the source to the users and name the address under evidence.source_offer."

    @property
    def only_open(self) -> bool:
        return self.unclear

    def brief(self) -> str:
        return "offer the source" + (" of what you changed" if self.modified else "")

    def owed(self, use: Use) -> Truth:
        reached = use.copies_leave(self.on)
        owed = all_of((use.made(self.relations), reached)) if self.modified else reached
        return all_of((owed, arguable(self.both_readings))) if self.unclear else owed

    def unmet(self, use: Use) -> str:
        return "the source must be offered, and no offer is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.source_offer")
        return Met("yes", "the source is offered, as declared", (use.ground(fact),)) if fact else Met("unstated")
