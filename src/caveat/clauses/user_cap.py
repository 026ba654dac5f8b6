"""Users above a number end the rights, or make them depend on the licensor."""

from __future__ import annotations

import datetime
from typing import ClassVar, Literal

from caveat.clause import Prohibition
from caveat.truth import Need, Truth, all_of, any_of, unknown
from caveat.use import Use
from caveat.values import value

_METRICS = {"mau": "monthly", "dau": "daily", "muu": "monthly unique"}


@value(kw_only=True)
class UserCap(Prohibition):
    """A number of users above which there are no rights without the licensor's grant.

    `more_than` or `at_least`: the number. `month` (YYYY-MM): the one month that counts, whatever came later;
    `before-release`: the calendar month before the release of the licensed model; `previous`: the calendar month before the
    audit; left out: the latest month. `counts`: whose
    users (affiliates: the organization and its affiliates; licensee: the organization alone; product: this product).
    `metric`: mau, dau or muu. `businesses`: it counts only for organizations in one of these businesses.

    Fails when the figure is over the number, passes when it is not. A bound such as {at_most: n} decides as far as it
    reaches. Asks for the figure of that month when it is missing.
    """

    more_than: int | None = None
    at_least: int | None = None
    month: str = ""
    counts: Literal["affiliates", "licensee", "product"] = "affiliates"
    metric: Literal["mau", "dau", "muu"] = "mau"
    businesses: tuple[str, ...] = ()

    kind: ClassVar[str] = "user-cap"
    passes: ClassVar[str] = "not over the cap"
    default_remedy: ClassVar[str] = (
        "Ask the licensor for a separate license and state it as separate_license, or use another model.")

    def __post_init__(self) -> None:
        if (self.more_than is None) == (self.at_least is None):
            raise ValueError("a cap states one of more_than and at_least")

    def brief(self) -> str:
        words = {"": "in the latest month", "before-release": "in the month before the release", "previous": "in the month before"}
        month = words.get(self.month, f"in {self.month}")
        return f"no rights with {self._limit()} ({self.counts}) {month}"

    def _limit(self) -> str:
        number = f"more than {self.more_than:,}" if self.more_than is not None else f"at least {self.at_least:,}"
        return f"{number} {_METRICS[self.metric]} users"

    def breached(self, use: Use) -> Truth:
        over = self._over(use)
        return all_of((use.includes("organization.businesses", self.businesses), over)) if self.businesses else over

    def _over(self, use: Use) -> Truth:
        if self.month == "previous":
            return self._over_in(use, before(use.as_of), or_latest=True)
        if self.month != "before-release":
            return self._over_in(use, self.month)
        months = {before(day) if day else None for day in use.releases()}
        return any_of(self._over_in(use, month) if month else self._over_whenever(use) for month in months)

    def _over_in(self, use: Use, month: str, *, or_latest: bool = False) -> Truth:
        """Tell whether the figure of a month ("": the latest) is over the number; `or_latest`: a figure of no month will do."""
        limit = self.more_than if self.more_than is not None else self.at_least or 0
        name = "product_mau" if self.counts == "product" else self.metric
        over = use.more_users(name, limit, month, or_equal=self.more_than is None, or_latest=or_latest)
        if self.counts == "licensee" and over.value:
            return self._without_affiliates(use, over, limit, month)
        return over

    def _over_whenever(self, use: Use) -> Truth:
        """Tell whether a bound for every month decides, where the month that counts is not known."""
        over = self._over_in(use, "0000-00")
        return unknown(Need("released"), *over.because) if over.value is None else over

    def _without_affiliates(self, use: Use, over: Truth, limit: int, month: str) -> Truth:
        """A figure that includes affiliates says nothing about the organization alone; that of one product does."""
        name = "product_mau" if self.metric == "mau" else self.metric
        part = use.more_users("product_mau", limit, month, or_equal=self.more_than is None)
        if self.metric == "mau" and part.value:
            return part
        return all_of((over, unknown(Need(name, f"{month or 'the latest month'}, without affiliates"))))

    def explain(self, use: Use, truth: Truth) -> str:
        when = f" in {self.month}" if self.month[:1].isdigit() else ""
        return f"{self._limit()}{when}: no rights without the licensor's express grant"


def before(day: datetime.date) -> str:
    """Return the calendar month before a day's, as YYYY-MM."""
    return f"{day.year - 1}-12" if day.month == 1 else f"{day.year}-{day.month - 1:02d}"
