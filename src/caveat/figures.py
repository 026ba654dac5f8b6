"""The shapes of figures: users by month, amounts of money, bounds on either, periods and rates."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from caveat.document import Mapping, Node, Scalar
from caveat.shapes import INVALID, Reader, Shape, Stated, Struct, Text, in_words, shown

MAX_COUNT = 100_000_000_000
_SUFFIX = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9, "bn": 10**9, "G": 10**9}
_COUNT = r"\+?([0-9][0-9_]*)(?:\.([0-9]+))?(k|K|m|M|bn|b|B|G)?"
_MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"


class Interval(NamedTuple):
    """What is known of a number: at least `low`, at most `high` (None: no upper bound)."""

    low: int = 0
    high: int | None = None

    def within(self, other: Interval) -> Interval:
        """Return what both intervals say together; it may be empty (low above high) when they contradict."""
        highs = [high for high in (self.high, other.high) if high is not None]
        return Interval(max(self.low, other.low), min(highs) if highs else None)

    def __str__(self) -> str:
        if self.high == self.low:
            return f"{self.low:,}"
        if self.high is None:
            return f"at least {self.low:,}"
        return f"at most {self.high:,}" if self.low == 0 else f"{self.low:,} to {self.high:,}"


class Monthly(NamedTuple):
    """A figure that changes by month: a bound for every month, figures of months, and the latest month's figure."""

    every: Stated | None = None
    months: tuple[tuple[str, Stated], ...] = ()
    latest: Stated | None = None


class Count:
    """A number of users or an amount of money: digits, `1_000`, `1.2M` or `700M`; never negative."""

    def read(self, node: Node, reader: Reader) -> Any:
        hint = "write a whole number such as 2_000_000 or 1.2M"
        match = re.fullmatch(_COUNT, node.text.strip()) if isinstance(node, Scalar) else None
        if match is None or len(node.text) > 40:  # type: ignore[union-attr]
            negative = isinstance(node, Scalar) and node.text.startswith("-")
            return reader.refuse(node, f"{in_words(node)} is {'below zero' if negative else 'not a number'}", hint)
        whole, decimals, suffix = match[1].replace("_", ""), match[2] or "", match[3]
        scaled = int(whole + decimals) * _SUFFIX.get(suffix or "", 1)
        value, rest = divmod(scaled, 10 ** len(decimals))
        if rest:
            return reader.refuse(node, f"{in_words(node)} is not a whole number", hint)
        return value if value <= self.most else reader.refuse(node, f"{in_words(node)} is {self.limit}", "check the figure")

    most, limit = MAX_COUNT, "more people than the earth holds"

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{_COUNT}$"}]}


class Amount(Count):
    """An amount of money in whole units of its currency."""

    most, limit = 10**18, "more money than there is"


class Rate:
    """An exchange rate: a decimal number above zero, kept as it is written."""

    def read(self, node: Node, reader: Reader) -> Any:
        text = node.text if isinstance(node, Scalar) else ""
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text) and float(text) > 0:
            return text
        return reader.refuse(node, f"{in_words(node)} is not an exchange rate", "write a number such as 1.09")

    def schema(self) -> dict[str, Any]:
        return {"type": ["number", "string"], "exclusiveMinimum": 0, "pattern": r"^[0-9]{1,12}(\.[0-9]{1,12})?$"}


class Period(Text):
    """A year, a month, or a span of either whose end is not before its beginning."""

    def __init__(self) -> None:
        super().__init__(r"[0-9]{4}(-(0[1-9]|1[0-2]))?(\.\.[0-9]{4}-(0[1-9]|1[0-2]))?",
                         "a year, a month or a span 2025-11..2026-10")

    def read(self, node: Node, reader: Reader) -> Any:
        text = super().read(node, reader)
        if text is INVALID or ".." not in text:
            return text
        first, last = text.split("..")
        if (first if "-" in first else f"{first}-01") > (last if "-" in last else f"{last}-12"):
            return reader.refuse(node, f"the period {text} ends before it begins", "write the earlier month first")
        return text


class Bounded:
    """A number, or a bound on it: {at_most: n}, {at_least: n} or both."""

    def __init__(self, number: Shape) -> None:
        self.number = number
        self.bound = Struct({"at_most": number, "at_least": number})

    def read(self, node: Node, reader: Reader) -> Any:
        if not isinstance(node, Mapping):
            value = self.number.read(node, reader)
            return value if value is INVALID else Interval(value, value)
        stated = self.bound.read(node, reader)
        if stated is INVALID:
            return INVALID
        if not stated:
            return reader.refuse(node, "an empty bound", "write {at_most: n} or {at_least: n}")
        low = stated["at_least"].value if "at_least" in stated else 0
        high = stated["at_most"].value if "at_most" in stated else None
        if high is not None and low > high:
            return reader.refuse(node, f"at least {low:,} and at most {high:,} contradict each other", "swap them")
        return Interval(low, high)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.number.schema(), {**self.bound.schema(), "minProperties": 1}]}


class MonthlyFigures:
    """A figure of the latest month, a bound for every month, or a mapping of months to figures or bounds."""

    def __init__(self) -> None:
        self.figure = Bounded(Count())

    def read(self, node: Node, reader: Reader) -> Any:
        if not isinstance(node, Mapping):
            value = self.figure.read(node, reader)
            return value if value is INVALID else Monthly(latest=Stated(value, node))
        if any(key.text in ("at_most", "at_least") for key, _ in node.pairs):
            value = self.figure.read(node, reader)
            return value if value is INVALID else Monthly(every=Stated(value, node))
        return self._read_months(node, reader)

    def _read_months(self, node: Mapping, reader: Reader) -> Any:
        if not node.pairs:
            return reader.refuse(node, "no months", "write months as 2024-08: 1_000_000, or a number")
        months = []
        for key, figure in node.pairs:
            if not re.fullmatch(_MONTH, key.text):
                reader.refuse(key, f"'{shown(key.text)}' is not a month", "write YYYY-MM, e.g. 2024-08")
            value = self.figure.read(figure, reader)
            months.append((key.text, Stated(value, figure)))
        broken = any(stated.value is INVALID or not re.fullmatch(_MONTH, month) for month, stated in months)
        return INVALID if broken else Monthly(months=tuple(sorted(months)))

    def schema(self) -> dict[str, Any]:
        months = {"type": "object", "minProperties": 1, "additionalProperties": False,
                  "patternProperties": {f"^{_MONTH}$": self.figure.schema()}}
        return {"anyOf": [self.figure.schema(), months]}
