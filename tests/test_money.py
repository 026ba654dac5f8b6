"""Money: whatever is stated about revenue never decides more than it proves, and never contradicts what is true.

Properties over invented worlds: a world has a true revenue for every month; statements are made of it, exact or as bounds, of
months, spans and years. What the clause answers must then be right of the world, or left open.
"""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.catalogue import Rules, load_rules
from caveat.evidence import Evidence
from caveat.load import load_text
from caveat.money import Limit, Period, Scope, more_revenue
from caveat.resolve import resolve
from caveat.truth import Truth
from caveat.use import Use

AS_OF = datetime.date(2026, 11, 22)
FIRST, LAST = (2024, 1), (2026, 11)
MONTHS = [(year, month) for year in range(2024, 2027) for month in range(1, 13) if FIRST <= (year, month) <= LAST]


class World(NamedTuple):
    """True revenue by month, of the group and of the product."""

    group: dict[tuple[int, int], int]
    product: dict[tuple[int, int], int]

    def of(self, name: str, first: tuple[int, int], last: tuple[int, int]) -> int:
        """Return the true revenue of a span."""
        months = self.product if name == "product_revenue" else self.group
        return sum(amount for month, amount in months.items() if first <= month <= last)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    product = {month: draw(st.integers(0, 40)) for month in MONTHS}
    return World({month: amount + draw(st.integers(0, 60)) for month, amount in product.items()}, product)


@st.composite
def statements(draw: st.DrawFn, world: World, name: str) -> dict[str, Any]:
    """Say something true about a span of months."""
    first, last = sorted((draw(st.sampled_from(MONTHS)), draw(st.sampled_from(MONTHS))))
    kind = draw(st.sampled_from(["month", "year", "span"]))
    if kind == "month":
        last, period = first, f"{first[0]}-{first[1]:02d}"
    elif kind == "year":
        year = draw(st.sampled_from([2024, 2025]))
        first, last, period = (year, 1), (year, 12), str(year)
    else:
        period = f"{first[0]}-{first[1]:02d}..{last[0]}-{last[1]:02d}"
    true = world.of(name, first, last)
    amount: Any = draw(st.sampled_from(["exact", "at_most", "at_least"]))
    if amount == "exact":
        return {"period": period, "amount": true, "currency": "USD"}
    slack = draw(st.integers(0, 200))
    bound = true + slack if amount == "at_most" else max(0, true - slack)
    return {"period": period, "amount": {amount: bound}, "currency": "USD"}


@pytest.fixture(scope="module")
def known(_own_cache: None) -> Rules:
    return load_rules()


def answer(rules: Rules, facts: dict[str, Any], limit: Limit, counts: Scope = "affiliates") -> Truth:
    import json

    text = json.dumps({"version": 1, "project": "p", "models": [{"id": "a/b", "license": "mit"}], **facts}, default=str)
    manifest = load_text(text, "caveat.json", rules.vocabulary)
    [model] = resolve(manifest, rules, Evidence({}))
    return more_revenue(Use(model.terms[0], model, manifest.facts, Evidence({}), rules.vocabulary, AS_OF), counts, limit)


def over(world: World, limit: Limit, counts: Scope) -> set[bool]:
    """Return what is true of a world: over or not, in every period that the clause may mean."""
    name = "product_revenue" if counts == "product" else "revenue"

    def beats(first: tuple[int, int], last: tuple[int, int]) -> bool:
        amount = world.of(name, first, last)
        return amount >= limit.amount if limit.or_equal else amount > limit.amount

    if limit.period == "year":
        return {beats(MONTHS[index], MONTHS[index + 11]) for index in range(12, len(MONTHS) - 11)} | {beats((2025, 1), (2025, 12))}
    if limit.period == "month":
        return {beats(month, month) for month in MONTHS}
    return {any(beats(MONTHS[index], MONTHS[index + 11]) for index in range(len(MONTHS) - 11))}


@given(data=st.data(), world=worlds(), amount=st.integers(0, 1000), or_equal=st.booleans(),
       period=st.sampled_from(["year", "month", "any-12-months"]), counts=st.sampled_from(["affiliates", "product"]))
def test_an_answer_is_true_of_the_world(known: Rules, data: st.DataObject, world: World, amount: int, or_equal: bool,
                                        period: Period, counts: Scope) -> None:
    facts = {name: data.draw(st.lists(statements(world, name), min_size=1, max_size=4)) for name in ("revenue", "product_revenue")
             if data.draw(st.booleans())}
    limit = Limit(amount, "USD", period, or_equal)
    found = answer(known, facts, limit, counts)
    if found.value is not None:
        assert found.value in over(world, limit, counts)


@given(data=st.data(), world=worlds(), amount=st.integers(0, 1000))
def test_some_of_the_months_never_rule_out_any_twelve(known: Rules, data: st.DataObject, world: World, amount: int) -> None:
    facts = {"revenue": data.draw(st.lists(statements(world, "revenue"), max_size=5))} if data.draw(st.booleans()) else {}
    facts = {name: listed for name, listed in facts.items() if listed}
    assert answer(known, facts, Limit(amount, "USD", "any-12-months")).value is not False


@given(data=st.data(), world=worlds(), amount=st.integers(0, 1000))
def test_the_order_of_statements_does_not_matter(known: Rules, data: st.DataObject, world: World, amount: int) -> None:
    stated = data.draw(st.lists(statements(world, "revenue"), min_size=2, max_size=4))
    turned = data.draw(st.permutations(stated))
    limit = Limit(amount, "USD", "year")
    assert answer(known, {"revenue": stated}, limit).value == answer(known, {"revenue": turned}, limit).value


@given(bound=st.integers(0, 1000), amount=st.integers(0, 1000), period=st.sampled_from(["year", "month", "any-12-months"]))
def test_a_bound_for_every_period_decides_as_far_as_it_reaches(known: Rules, bound: int, amount: int, period: Period) -> None:
    limit = Limit(amount, "USD", period)
    most = answer(known, {"revenue": [{"amount": {"at_most": bound}, "currency": "USD"}]}, limit)
    least = answer(known, {"revenue": [{"amount": {"at_least": bound}, "currency": "USD"}]}, limit)
    assert most.value is (False if bound <= amount else None)
    assert least.value is (True if bound > amount else None)


@pytest.mark.parametrize(("facts", "need"), [
    ({}, ("revenue", "2025")),
    ({"revenue": [{"period": 2025, "amount": 5, "currency": "EUR"}, {"period": 2025, "amount": 5, "currency": "GBP"}]},
     ("exchange_rates", "EUR and GBP to USD")),
])
def test_what_is_missing_is_named(known: Rules, facts: dict[str, Any], need: tuple[str, str]) -> None:
    [found] = answer(known, facts, Limit(1000, "USD", "year")).needs
    assert (found.fact, found.detail) == need


def test_the_grounds_show_amount_period_and_rate(known: Rules) -> None:
    facts = {"revenue": [{"period": 2025, "amount": 500, "currency": "EUR"}],
             "exchange_rates": [{"from": "EUR", "to": "USD", "rate": 1.10, "date": "2025-12-31"}]}
    [ground] = answer(known, facts, Limit(1000, "USD", "year")).because
    assert (ground.fact, ground.value, ground.detail) == ("revenue", "500 EUR", "2025, at 1.1 of 2025-12-31")


def test_an_amount_without_a_period_is_for_a_human(known: Rules) -> None:
    [found] = answer(known, {"revenue": [{"amount": 5, "currency": "USD"}]}, Limit(1000, "USD", "year")).needs
    assert "without a period" in found.reading


@pytest.mark.parametrize("period", ["2026-10..2025-11", "2026..2025-12", "2025-13", "25"])
def test_a_period_that_is_none_is_refused(known: Rules, period: str) -> None:
    from caveat.errors import ManifestError

    with pytest.raises(ManifestError, match=r"period|is not a year"):
        answer(known, {"revenue": [{"period": period, "amount": 5, "currency": "USD"}]}, Limit(1000, "USD", "year"))
