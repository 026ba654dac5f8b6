"""Kleene's three values, the facts they rest on, and the questions that would decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations, product
from typing import Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.truth import MAX_LEAVES, Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes

VALUES = (True, None, False)
NAMES = ("a", "b", "c", "d", "e")

# A formula as plain data, so that an independent reading of it can be compared with the module's.
Formula: TypeAlias = "str | tuple[Literal['not', 'all', 'any'], tuple[Formula, ...]]"
LEAF = st.sampled_from(NAMES)
FORMULA: st.SearchStrategy[Formula] = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), st.tuples(inner)),
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple))),
    max_leaves=9)
STATED = st.dictionaries(LEAF, st.sampled_from(VALUES))


def leaf(name: str, value: bool | None) -> Truth:
    if value is None:
        return unknown(Need(name), Ground(name, "known of it"))
    return yes(Ground(name, True)) if value else no(Ground(name, False))


def built(formula: Formula, stated: Mapping[str, bool | None]) -> Truth:
    """Build a formula with the module under test."""
    if isinstance(formula, str):
        return leaf(formula, stated.get(formula))
    operator, parts = formula
    inner = [built(part, stated) for part in parts]
    if operator == "not":
        return ~inner[0]
    return all_of(inner) if operator == "all" else any_of(inner)


def kleene(formula: Formula, stated: Mapping[str, bool | None]) -> bool | None:
    """Evaluate a formula by Kleene's tables: numbers 0, 1/2, 1 with min, max and 1 - x."""
    return {0.0: False, 0.5: None, 1.0: True}[_degree(formula, stated)]


def _degree(formula: Formula, stated: Mapping[str, bool | None]) -> float:
    if isinstance(formula, str):
        value = stated.get(formula)
        return 0.5 if value is None else float(value)
    operator, parts = formula
    degrees = [_degree(part, stated) for part in parts]
    return 1 - degrees[0] if operator == "not" else (min if operator == "all" else max)(degrees)


def names_in(formula: Formula) -> frozenset[str]:
    return frozenset((formula,)) if isinstance(formula, str) else frozenset().union(*map(names_in, formula[1]))


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_and_or_follow_the_tables(left: bool | None, right: bool | None) -> None:
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert (leaf("a", left) & leaf("b", right)).value is both
    assert (leaf("a", left) | leaf("b", right)).value is either


@pytest.mark.parametrize("value", VALUES)
def test_not_turns_yes_and_no_and_keeps_unknown(value: bool | None) -> None:
    assert (~leaf("a", value)).value is (None if value is None else not value)
    assert ~~leaf("a", value) == leaf("a", value)


def test_nothing_at_all() -> None:
    assert all_of([]) == Truth(True)
    assert any_of([]) == Truth(False)


@given(FORMULA, STATED)
def test_every_formula_has_kleenes_value(formula: Formula, stated: dict[str, bool | None]) -> None:
    assert built(formula, stated).value is kleene(formula, stated)


@given(FORMULA, STATED, st.data())
def test_more_facts_never_unsettle_a_decided_answer(formula: Formula, stated: dict[str, bool | None],
                                                    data: st.DataObject) -> None:
    before = built(formula, stated).value
    more = {name: stated[name] if stated.get(name) is not None else data.draw(st.sampled_from(VALUES)) for name in NAMES}
    if before is not None:
        assert built(formula, more).value is before


@given(FORMULA, STATED)
def test_an_answer_is_open_exactly_when_it_is_unknown(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    assert (truth.open is None) == (truth.value is not None)
    assert bool(truth.needs) == (truth.value is None)


@given(st.sampled_from(["all", "any"]), st.lists(st.tuples(FORMULA, STATED), min_size=1, max_size=4))
def test_the_order_of_operands_changes_nothing(operator: str, operands: list[tuple[Formula, dict[str, bool | None]]]) -> None:
    combine = all_of if operator == "all" else any_of
    truths = [built(*operand) for operand in operands]
    first = combine(truths)
    for order in permutations(truths):
        again = combine(order)
        assert again == first
        assert again.needs == first.needs


@given(st.sampled_from(["all", "any"]), st.lists(st.tuples(FORMULA, STATED), min_size=3, max_size=3))
def test_nesting_changes_nothing(operator: str, operands: list[tuple[Formula, dict[str, bool | None]]]) -> None:
    combine = all_of if operator == "all" else any_of
    a, b, c = (built(*operand) for operand in operands)
    flat = combine((a, b, c))
    for nested in (combine((combine((a, b)), c)), combine((a, combine((b, c))))):
        assert nested.value is flat.value
        assert nested.because == flat.because
        assert nested.open == flat.open


@given(FORMULA, STATED)
def test_double_negation_gives_the_same_answer(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    assert ~~truth == truth


@given(FORMULA, STATED)
def test_the_negation_has_the_same_grounds_and_needs(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    assert (~truth).because == truth.because
    assert (~truth).needs == truth.needs


@given(FORMULA, STATED)
def test_the_needs_are_the_smallest_set_that_always_decides(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    if truth.value is not None:
        return
    open_names = sorted(name for name in names_in(formula) if stated.get(name) is None)
    needs = sorted(need.fact for need in truth.needs)
    assert set(needs) <= set(open_names)
    if decides(formula, stated, open_names, []):
        # Whatever the answers, the outcome is the same (x or not x): then every open fact that is left is named.
        assert needs
        return
    assert decides(formula, stated, open_names, needs)
    for left_out in needs:
        assert not decides(formula, stated, open_names, [name for name in needs if name != left_out])


def decides(formula: Formula, stated: Mapping[str, bool | None], open_names: Sequence[str], asked: Sequence[str]) -> bool:
    """Tell whether answers to `asked`, whatever they are, leave only one outcome, whatever the other open facts are."""
    others = [name for name in open_names if name not in asked]
    for answers in product((True, False), repeat=len(asked)):
        outcomes = {kleene(formula, {**stated, **dict(zip(asked, answers, strict=True)), **dict(zip(others, rest, strict=True))})
                    for rest in product((True, False), repeat=len(others))}
        if len(outcomes) > 1:
            return False
    return True


def test_a_fact_that_cannot_change_the_outcome_is_not_asked_for() -> None:
    a, b = unknown(Need("a")), unknown(Need("b"))
    assert ((a & b) | a).needs == {Need("a")}
    assert ((a | b) & a).needs == {Need("a")}
    assert ((a & b) | (a & ~b)).needs == {Need("a")}
    assert (a & yes()).needs == {Need("a")}
    assert (a & no()).needs == frozenset()


def test_beyond_the_bound_every_open_fact_is_named() -> None:
    open_facts = [unknown(Need(f"f{number}")) for number in range(MAX_LEAVES + 1)]
    wide = all_of(open_facts) | open_facts[0]
    assert wide.needs == {Need(f"f{number}") for number in range(MAX_LEAVES + 1)}
    narrow = all_of(open_facts[:MAX_LEAVES]) | open_facts[0]
    assert narrow.needs == {Need("f0")}


def test_two_readings_stay_open_whatever_else_is_known() -> None:
    reading = arguable("read strictly it binds, read narrowly not", Ground("x", 1))
    assert reading.value is None
    assert reading.needs == {Need("", reading="read strictly it binds, read narrowly not")}
    assert reading.because == {Ground("x", 1)}
    assert (reading & no()).value is False
    assert (reading & yes()).needs == reading.needs


@pytest.mark.parametrize("decisive", [True, False])
def test_a_decided_answer_rests_only_on_the_operands_that_decide(decisive: bool) -> None:
    combine = any_of if decisive else all_of
    operands = [leaf("first", decisive), leaf("second", decisive), leaf("against", not decisive), leaf("open", None)]
    found = combine(operands)
    assert found.value is decisive
    assert {ground.fact for ground in found.because} == {"first", "second"}
    undecisive = combine([leaf("one", not decisive), leaf("two", not decisive)])
    assert {ground.fact for ground in undecisive.because} == {"one", "two"}


@given(FORMULA, STATED)
def test_the_grounds_alone_carry_a_decided_answer(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    if truth.value is not None:
        grounds = {ground.fact for ground in truth.because}
        assert kleene(formula, {name: value for name, value in stated.items() if name in grounds}) is truth.value


@given(FORMULA, STATED)
def test_an_unknown_answer_shows_all_that_is_known(formula: Formula, stated: dict[str, bool | None]) -> None:
    truth = built(formula, stated)
    if truth.value is None:
        assert {need.fact for need in truth.needs} <= {ground.fact for ground in truth.because}
