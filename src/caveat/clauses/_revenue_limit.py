"""What revenue caps and service gates share: a threshold on revenue."""

from __future__ import annotations

from caveat.clause import Prohibition
from caveat.money import Limit, Period, Scope, more_revenue
from caveat.truth import Truth
from caveat.use import Use
from caveat.values import value

_PERIODS = {"year": "in the latest full year", "calendar-year": "in the calendar year before", "month": "in the latest month",
            "any-12-months": "in any 12 months in a row"}


@value(kw_only=True)
class RevenueLimit(Prohibition):
    """A prohibition that may hang on an amount of revenue."""

    more_than: int | None = None
    at_least: int | None = None
    currency: str = "USD"
    period: Period = "year"
    counts: Scope = "affiliates"
    unclear_at_limit: bool = False

    def over(self, use: Use) -> Truth:
        """Tell whether the revenue that counts is over the amount."""
        amount = self.more_than if self.more_than is not None else self.at_least or 0
        limit = Limit(amount, self.currency, self.period, self.more_than is None, self.unclear_at_limit)
        return more_revenue(use, self.counts, limit)

    def amount(self) -> str:
        """Return the threshold in words."""
        number = f"more than {self.more_than:,}" if self.more_than is not None else f"at least {self.at_least:,}"
        return f"{number} {self.currency} of revenue {_PERIODS[self.period]}"
