"""The license's terms, or its forbidden uses, go into your own terms."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.finding import Outcome
from caveat.truth import Ground, Truth, all_of, any_of
from caveat.use import REACHES_OTHERS, Use
from caveat.values import value


@value(kw_only=True)
class PassThrough(Duty):
    """Third parties who use the model are held to the license's restrictions.

    `on`: ways of distribution that trigger it, `unclear_on`: ways of which it is open; `end_users`: so do third parties as end
    users. `relations`: owed only for what we made by these (none named: always).

    Met by an entry of `terms` that lists this license under `passes_on` and whose file exists. A live product without any
    terms is for a human.
    """

    on: tuple[str, ...] = REACHES_OTHERS
    unclear_on: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    end_users: bool = True

    kind: ClassVar[str] = "pass-through"
    default_through_api: ClassVar = "applies"
    not_owed: ClassVar[str] = "no third party gets to use it"
    default_remedy: ClassVar[str] = "Put the restrictions into your terms and list the license under terms: passes_on."

    @property
    def only_open(self) -> bool:
        return not self.on and not self.end_users

    def brief(self) -> str:
        return "restrictions go into your terms"

    def owed(self, use: Use) -> Truth:
        shared = use.shared(self.on, self.unclear_on, self.both_readings)
        reached = any_of((use.equals("end_users", "third-parties"), shared)) if self.end_users else shared
        return all_of((use.made(self.relations), reached)) if self.relations else reached

    def unmet(self, use: Use) -> str:
        return "third parties use it, and no terms are stated that pass the restrictions on"

    def live_outcome(self) -> Outcome:
        return "review"

    def met(self, use: Use) -> Met:
        fact = use.fact("terms")
        if fact is None:
            return Met("unstated")
        names = {name.lower() for name in use.term.license.names if name}
        for record in fact.value:
            if not any(listed.lower() in names for listed in record.get("passes_on") or ()):
                continue
            document = self.opened(use, fact, record.get("path"))
            if isinstance(document, Met):
                return document
            because = (Ground("terms", document.path, path=fact.path, line=record.line),)
            return Met("yes", f"{document.path} passes the restrictions on, as declared", because)
        return Met("no", f"the stated terms do not pass on {use.term.license.id}", (use.ground(fact),))
