"""The use is registered with, or announced to, the licensor."""

from __future__ import annotations

from typing import ClassVar, Literal

from caveat.clause import Duty, Met
from caveat.finding import Judgement
from caveat.truth import Ground, Truth, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class Registration(Duty):
    """The licensee registers with the licensor, or gives notice.

    `on`: ways of distribution that trigger it (left out: any use that the clause concerns). `first: true`: the license begins only
    with it, so that without it the use is not allowed, planned or not.

    Met by `registration: {done: true}`, not later than the day of the audit.
    """

    on: tuple[str, ...] = ()
    first: bool = False

    kind: ClassVar[str] = "registration"
    default_through_api: ClassVar[Literal["applies", "open", "exempt"]] = "open"
    not_owed: ClassVar[str] = "it is not used in a way that has to be registered"
    default_remedy: ClassVar[str] = "Register with the licensor and state it as registration."

    def brief(self) -> str:
        return "register first" if self.first else "register with the licensor"

    def owed(self, use: Use) -> Truth:
        return use.shared(self.on) if self.on else yes()

    def unmet(self, use: Use) -> str:
        return "the use must be registered with the licensor, and no registration is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("registration")
        record = None if fact is None or fact.value == "none" else fact.value
        if fact is None or record is None or not record.get("done"):
            return Met("unstated")
        if record.get("on") and record.get("on") > use.as_of:
            return Met("unstated")
        return Met("yes", "registered, as declared", (use.ground(fact, f"done {record.get('on') or ''}".strip()),))

    def _unstated(self, use: Use, because: frozenset[Ground], note: str) -> Judgement:
        if self.first:
            return Judgement("fail", self.unmet(use) + note, because)
        return super()._unstated(use, because, note)
