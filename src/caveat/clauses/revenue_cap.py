"""Revenue above an amount ends the rights, or makes them depend on the licensor."""

from __future__ import annotations

from typing import ClassVar

from caveat.clauses._revenue_limit import RevenueLimit
from caveat.truth import Truth, all_of, no
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class RevenueCap(RevenueLimit):
    """An amount of revenue above which there are no rights without a separate license.

    `more_than` or `at_least`: the amount, in `currency`. `period`: year (the latest full one, a business year too),
    calendar-year (the one before the audit), month (the latest one) or any-12-months (any twelve in a row, so that only a bound
    on every period passes). `counts`: whose revenue (affiliates: the
    organization and its affiliates; licensee: the organization alone; product: this product). `unclear_at_limit`: exactly the
    amount is for a human. `spares_testing`: evaluation and research outside production, without outside users and without
    trade in outputs, are spared.

    Fails when the revenue is over the amount, passes when it is not. Amounts of other periods and scopes decide as far as they
    bound the one that counts. Other currencies need a stated, dated rate; within a tenth of the amount they are for a human.
    """

    spares_testing: bool = False

    kind: ClassVar[str] = "revenue-cap"
    passes: ClassVar[str] = "not over the cap"
    default_remedy: ClassVar[str] = (
        "Get a separate license from the licensor and state it as separate_license, or use another model.")

    def __post_init__(self) -> None:
        if (self.more_than is None) == (self.at_least is None):
            raise ValueError("a cap states one of more_than and at_least")

    def brief(self) -> str:
        return f"no rights with {self.amount()} ({self.counts})"

    def breached(self, use: Use) -> Truth:
        return all_of((self.over(use), ~self._testing(use)))

    def _testing(self, use: Use) -> Truth:
        if not self.spares_testing:
            return no()
        if use.outputs_in_trade().value:
            return no()
        inside = use.equals("end_users", "none", "employees")
        return all_of((use.equals("purpose", "evaluation", "research"), use.equals("environment", "non-production"), inside))

    def explain(self, use: Use, truth: Truth) -> str:
        return f"{self.amount()}: no rights without a separate license"
