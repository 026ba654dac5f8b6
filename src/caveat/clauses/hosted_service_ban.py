"""The model may not be offered as a service, or not be passed on at all."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.finding import Judgement
from caveat.truth import Truth, all_of
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class HostedServiceBan(Prohibition):
    """The model may not be offered to third parties.

    `on`: ways of distribution that are barred. `of`: kinds of organization that are barred (left out: everyone);
    `unclear_of`: kinds of which it is open.

    Fails when the model reaches others in one of these ways; asks how it is distributed.
    """

    on: tuple[str, ...] = ("hosted-service",)
    of: tuple[str, ...] = ()
    unclear_of: tuple[str, ...] = ()

    kind: ClassVar[str] = "hosted-service-ban"
    passes: ClassVar[str] = "not offered in a way that is barred"
    default_readings: ClassVar[str] = "Whether this kind of organization is one of those barred is open."
    default_remedy: ClassVar[str] = "Do not offer it this way, or get a separate license that covers hosted-service-ban."

    def absent(self, use: Use) -> Judgement | None:
        offered = use.shared(self.on)
        return Judgement("not-applicable", "it is not offered to others", offered.because) if offered.value is False else None

    def brief(self) -> str:
        return "not offered to others" + (f" by {', '.join(self.of)}" if self.of else "")

    def breached(self, use: Use) -> Truth:
        offered = use.shared(self.on)
        if not self.of:
            return offered
        return all_of((offered, use.one_of("organization.kind", self.of, self.unclear_of, self.both_readings)))

    def explain(self, use: Use, truth: Truth) -> str:
        whom = f" by {' or '.join(self.of)}" if self.of else ""
        return f"offering it{whom} as {', '.join(self.on)} is not allowed"
