"""Money: what is known of revenue in the period and the currency that a clause counts (DESIGN section 3).

Amounts of other periods bound each other: a month or a span inside the period from below, one around it from above.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from caveat.figures import Interval
from caveat.manifest import Fact
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Use

Period = Literal["year", "calendar-year", "month", "any-12-months"]
Scope = Literal["affiliates", "licensee", "product"]

TOLERANCE = Fraction(1, 10)
"""A converted amount this near to the threshold does not decide: rates of other days would turn it."""
CLOSE = "Converted into the clause's currency the amount lies so near the threshold that another day's rate may turn it."
AT_LIMIT = "The text says 'more than' in one place and 'less than' in another, so that exactly the amount is open."
NO_PERIOD = "An amount without a period may be a month's or a year's; only a bound counts for every period."


class Limit(NamedTuple):
    """A threshold: over `amount` (at it, with `or_equal`) of a currency in a period; `open_at`: exactly at it is open."""

    amount: int
    currency: str
    period: Period
    or_equal: bool = False
    open_at: bool = False


class Span(NamedTuple):
    """Months in a row, both ends included, counted from year 0."""

    first: int
    last: int

    def holds(self, other: Span) -> bool:
        """Tell whether another span lies inside this one."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        if self.first % 12 == 0 and self.last == self.first + 11:
            return f"{self.first // 12:04d}"
        return _month(self.first) if self.first == self.last else f"{_month(self.first)}..{_month(self.last)}"


class Amount(NamedTuple):
    """What one entry says in the clause's currency: its span (None: every period), and whether it is usable without one."""

    span: Span | None
    known: Interval
    bound: bool
    converted: bool
    ground: Ground

    @property
    def every_period(self) -> bool:
        """Whether it speaks of every period: one amount without a period does not say of which it is."""
        return self.span is None and self.bound

    @property
    def is_month(self) -> bool:
        """Whether it speaks of a single month."""
        return self.span is not None and self.span.first == self.span.last


def more_revenue(use: Use, counts: Scope, limit: Limit) -> Truth:
    """Tell whether the revenue that a clause counts is over its limit, as far as the stated amounts decide it."""
    group, product = _Ledger(use, "revenue", limit), _Ledger(use, "product_revenue", limit)
    if counts == "product":
        return product.over(above=group)
    whole = group.over(below=product)
    if counts == "affiliates" or not whole.value:
        return whole
    part = product.over()
    if part.value:
        return part
    return all_of((whole, unknown(Need("revenue", "without affiliates"))))


class _Ledger:
    """The amounts that one fact states, in the currency of a limit."""

    def __init__(self, use: Use, fact: str, limit: Limit) -> None:
        self.use = use
        self.name = fact
        self.limit = limit
        self.stated = use.fact(fact)
        self.unconverted: list[Ground] = []
        self.amounts = tuple(self._amounts(self.stated)) if self.stated else ()

    # -- reading -------------------------------------------------------------------------------------------------

    def _amounts(self, fact: Fact) -> Iterator[Amount]:
        if not fact.value:
            yield Amount(None, Interval(0, 0), True, False, self.use.ground(fact))
        for record in fact.value:
            span, known = _span(record.get("period")), record.get("amount")
            bound = known.low != known.high or known.high == 0  # nothing is nothing in every period
            if span and span.last > self._done() + 1:
                continue  # not over yet: a forecast is no fact
            if span and span.last > self._done():
                known = Interval(known.low)  # the month still runs: what was made so far is only a part
            ground = Ground(fact.name, f"{known} {record.get('currency')}", record.get("period") or "every period",
                            path=fact.path, line=record.line)
            if record.get("currency") == self.limit.currency:
                yield Amount(span, known, bound, False, ground)
                continue
            rate = self._rate(record.get("currency"))
            if rate is None:
                self.unconverted.append(ground)
            else:
                value, shown = rate
                yield Amount(span, _converted(known, value), bound, True, ground._replace(detail=f"{ground.detail}, {shown}"))

    def _done(self) -> int:
        """Return the latest month that is over on the day of the audit."""
        tomorrow = self.use.as_of + datetime.timedelta(days=1)
        return _index(tomorrow.year, tomorrow.month) - 1

    def _rate(self, currency: str) -> tuple[Fraction, str] | None:
        """Return the latest stated rate into the clause's currency, and how it is shown."""
        fact = self.use.fact("exchange_rates")
        usable = [record for record in fact.value if record.get("date") <= self.use.as_of] if fact else []
        for record in sorted(usable, key=lambda record: record.get("date"), reverse=True):
            pair, shown = (record.get("from"), record.get("to")), f"at {record.get('rate')} of {record.get('date')}"
            if pair == (currency, self.limit.currency):
                return Fraction(record.get("rate")), shown
            if pair == (self.limit.currency, currency):
                return 1 / Fraction(record.get("rate")), shown
        return None

    # -- deciding ------------------------------------------------------------------------------------------------

    def over(self, *, above: _Ledger | None = None, below: _Ledger | None = None) -> Truth:
        """Tell whether the amounts are over the limit; `above` states a larger scope, `below` a smaller one."""
        if self.limit.period == "any-12-months":
            return self._any_twelve(above, below)
        return any_of(self._in(window, above, below) for window in self._windows(above))

    def _windows(self, above: _Ledger | None) -> list[Span]:
        """Return the periods to look at: the latest full years, or the latest month, that are stated, else the latest there is."""
        done = self._done()
        year = (done + 1) // 12 - 1
        last_year = Span(_index(year, 1), _index(year, 12))
        if self.limit.period == "calendar-year":
            return [last_year]
        ledgers = [self, above] if above else [self]
        for ledger in ledgers:
            spans = {amount.span for amount in ledger.amounts if amount.span and amount.span.last <= done}
            if self.limit.period == "year":
                found = {span for span in spans if span.last - span.first == 11 and span.last > done - 12} | (
                    spans & {last_year})
            else:
                found = {max(months)} if (months := {span for span in spans if span.first == span.last}) else set()
            if found:
                return sorted(found)
        return [last_year] if self.limit.period == "year" else [Span(done, done)]

    def _in(self, window: Span, above: _Ledger | None, below: _Ledger | None) -> Truth:
        """Tell whether the amount of one period is over the limit."""
        known, used = self._within(window)
        if above:
            upper, more = above._within(window)
            used += more if upper.high is not None and (known.high is None or upper.high < known.high) else []
            known = known.within(Interval(0, upper.high))
        if below:
            lower, more = below._within(window)
            used += more if lower.low > known.low else []
            known = known.within(Interval(lower.low))
        return self._compared(known, used, str(window), [ledger for ledger in (self, above, below) if ledger])

    def _any_twelve(self, above: _Ledger | None, below: _Ledger | None) -> Truth:
        """Tell whether any twelve months in a row are over: any stated ones are enough, only a bound rules all out."""
        ledgers = [ledger for ledger in (self, below) if ledger]
        for ledger in ledgers:
            for last in sorted({amount.span.last for amount in ledger.amounts if amount.span}):
                low, used = ledger._at_least(Span(last - 11, last))
                if self._compared(Interval(low), used, "", []).value:
                    return yes(*(amount.ground for amount in used))
        own = [amount for amount in self.amounts if amount.every_period]
        upper = [amount for amount in above.amounts if amount.every_period] if above else []
        known, used = Interval(), [*own, *upper]
        for amount in used:
            known = known.within(Interval(amount.known.low if amount in own else 0, amount.known.high))
        every = [ledger for ledger in (self, above, below) if ledger]
        return self._compared(known, used, "any 12 months in a row", every)

    def _within(self, window: Span) -> tuple[Interval, list[Amount]]:
        """Return what is known of a period, and the entries that say so."""
        low, used = self._at_least(window)
        known = Interval(low)
        for amount in self.amounts:
            if amount.every_period or (amount.span and amount.span.holds(window)):
                known = known.within(Interval(amount.known.low if amount.span in (None, window) else 0, amount.known.high))
                used.append(amount)
        parts = self._tiles(window)
        if parts:
            known = known.within(Interval(0, sum(part.known.high or 0 for part in parts)))
            used += parts
        return known, list(dict.fromkeys(used))

    def _tiles(self, window: Span) -> list[Amount]:
        """Return the entries that fill a period without gap or overlap and bound it lowest from above; none: []."""
        best: dict[int, tuple[int, list[Amount]]] = {window.first: (0, [])}
        for span, amount in self._inside(window):
            if span.first in best and amount.known.high is not None:
                total = best[span.first][0] + amount.known.high
                if span.last + 1 not in best or total < best[span.last + 1][0]:
                    best[span.last + 1] = (total, [*best[span.first][1], amount])
        return best.get(window.last + 1, (0, []))[1]

    def _at_least(self, window: Span) -> tuple[int, list[Amount]]:
        """Return the amount that the entries inside a period prove together, as far as they do not overlap."""
        best: list[tuple[int, list[Amount]]] = [(0, [])] * (window.last - window.first + 2)
        inside = self._inside(window)
        for month in range(window.first, window.last + 1):
            here = best[month - window.first]
            steps = [(month, here)] + [(span.last, (here[0] + amount.known.low, [*here[1], amount]))
                                       for span, amount in inside if span.first == month and amount.known.low]
            for last, found in steps:
                after = last + 1 - window.first
                best[after] = found if found[0] > best[after][0] else best[after]
        return best[-1]

    def _inside(self, window: Span) -> list[tuple[Span, Amount]]:
        """Return the entries inside a period, in the order of their first month."""
        found = [(amount.span, amount) for amount in self.amounts if amount.span and window.holds(amount.span)]
        return sorted(found, key=lambda pair: pair[0])

    def _compared(self, known: Interval, used: list[Amount], window: str, ledgers: list[_Ledger]) -> Truth:
        grounds = [amount.ground for amount in used]
        if known.high is not None and known.low > known.high:
            return arguable(f"the amounts stated for {self.name} contradict each other", *grounds)
        more = _more(known, self.limit.amount + (0 if self.limit.or_equal else 1))
        if self.limit.open_at and more != _more(known, self.limit.amount) and more is False:
            return arguable(AT_LIMIT, *grounds)
        foreign = [ground for ledger in ledgers for ground in ledger.unconverted if ground.detail == window]
        if more is False and foreign:  # the same period in a currency that cannot be compared
            return unknown(Need("exchange_rates", f"to {self.limit.currency}"), *foreign, *grounds)
        if more is not None:
            return yes(*grounds) if more else no(*grounds)
        if known.high is not None and any(amount.converted for amount in used):
            return arguable(CLOSE, *grounds)
        unconverted = [ground for ledger in ledgers for ground in ledger.unconverted]
        if unconverted and not used:
            currencies = sorted({str(ground.value).rsplit(" ", 1)[-1] for ground in unconverted})
            return unknown(Need("exchange_rates", f"{' and '.join(currencies)} to {self.limit.currency}"), *unconverted)
        bare = [amount.ground for ledger in ledgers for amount in ledger.amounts if not amount.span and not amount.bound]
        if bare and not used:
            return arguable(NO_PERIOD, *bare)
        return unknown(Need(self.name, window), *grounds)


def _more(known: Interval, floor: int) -> bool | None:
    """Tell whether a number is at least `floor`."""
    if known.low >= floor:
        return True
    return False if known.high is not None and known.high < floor else None


def _converted(known: Interval, rate: Fraction) -> Interval:
    """Return an interval in another currency, wider by what counts as too near to decide, rounded outward."""
    low = math.floor(known.low * rate / (1 + TOLERANCE))
    high = None if known.high is None else math.ceil(known.high * rate / (1 - TOLERANCE)) + 1
    return Interval(max(0, low - 1), high)


def _span(period: str | None) -> Span | None:
    """Return the months of a stated period: a year, a month, or a span of either."""
    if not period:
        return None
    first, _, last = period.partition("..")
    return Span(_edge(first, 1), _edge(last or first, 12))


def _edge(text: str, month: int) -> int:
    year, _, stated = text.partition("-")
    return _index(int(year), int(stated) if stated else month)


def _index(year: int, month: int) -> int:
    return year * 12 + month - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
