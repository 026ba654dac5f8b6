"""Some businesses, or some ways of distribution, need a separate agreement first."""

from __future__ import annotations

from typing import ClassVar

from caveat.clauses._revenue_limit import RevenueLimit
from caveat.truth import Truth, all_of, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class ServiceGate(RevenueLimit):
    """A separate agreement comes before certain businesses or ways of distribution.

    `businesses`: those that need it, of the organization or its affiliates (left out: any). `on`: ways of distribution that need it
    (left out: any). `more_than` or `at_least`, `currency`, `period`, `counts`, `unclear_at_limit`: only above an amount of revenue,
    as for a revenue-cap (left out: at any size).

    Fails when every condition is met and no `separate_license` covers it; asks for those not stated.
    """

    businesses: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    kind: ClassVar[str] = "service-gate"
    passes: ClassVar[str] = "no separate agreement is needed"
    default_remedy: ClassVar[str] = (
        "Conclude the separate agreement with the licensor first and state it as separate_license, or use another model.")

    def __post_init__(self) -> None:
        if self.more_than is not None and self.at_least is not None:
            raise ValueError("a gate states at most one of more_than and at_least")

    @property
    def has_threshold(self) -> bool:
        """Whether it applies only above an amount."""
        return self.more_than is not None or self.at_least is not None

    def brief(self) -> str:
        who = " or ".join(self.businesses) or "whoever passes it on"
        return f"agreement first: {who}" + (f" with {self.amount()}" if self.has_threshold else "")

    def breached(self, use: Use) -> Truth:
        return all_of((
            use.includes("organization.businesses", self.businesses) if self.businesses else yes(),
            use.shared(self.on) if self.on else yes(),
            self.over(use) if self.has_threshold else yes()))

    def explain(self, use: Use, truth: Truth) -> str:
        who = f"the business is {' or '.join(self.businesses)}" if self.businesses else "others get to use it"
        size = f" with {self.amount()}" if self.has_threshold else ""
        return f"{who}{size}: a separate agreement with the licensor comes first"
