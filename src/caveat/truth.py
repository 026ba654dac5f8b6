"""Three-valued logic (Kleene's strong logic) whose answers carry the facts they rest on.

A `Truth` is yes, no or unknown. Decided answers name their grounds. An unknown answer keeps the formula of what is
still open, so that it can say which facts would decide it: exactly those on which the formula really depends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple, TypeAlias

MAX_LEAVES = 10
"""Up to this many open facts the smallest deciding set is computed; beyond it all of them are named."""


class Ground(NamedTuple):
    """A fact that an answer rests on: its value as stated, and who stated it where."""

    fact: str
    value: str | int | bool
    detail: str = ""
    source: str = "manifest"
    path: str = ""
    line: int | None = None


class Need(NamedTuple):
    """What is missing for an answer: a fact (detail: the month or use), or a judgement on two readings of a text."""

    fact: str
    detail: str = ""
    reading: str = ""


class _Node(NamedTuple):
    operator: str
    parts: frozenset[Formula]


Formula: TypeAlias = "Need | _Node"


class Truth(NamedTuple):
    """An answer: value True, False or None (unknown), its grounds and, when unknown, the open formula."""

    value: bool | None
    because: frozenset[Ground] = frozenset()
    open: Formula | None = None

    @property
    def needs(self) -> frozenset[Need]:
        """The smallest set of needs whose answers decide, whatever they turn out to be; empty when decided."""
        if self.open is None:
            return frozenset()
        leaves = frozenset(_leaves(self.open))
        if len(leaves) > MAX_LEAVES:
            return leaves
        return frozenset(leaf for leaf in leaves if _matters(self.open, leaf, leaves - {leaf})) or leaves

    def __and__(self, other: Truth) -> Truth:
        return all_of((self, other))

    def __or__(self, other: Truth) -> Truth:
        return any_of((self, other))

    def __invert__(self) -> Truth:
        if self.value is None:
            assert self.open is not None
            return Truth(None, self.because, _negated(self.open))
        return Truth(not self.value, self.because)


def yes(*grounds: Ground) -> Truth:
    """Give the answer yes, resting on these grounds."""
    return Truth(True, frozenset(grounds))


def no(*grounds: Ground) -> Truth:
    """Give the answer no, resting on these grounds."""
    return Truth(False, frozenset(grounds))


def unknown(need: Need, *grounds: Ground) -> Truth:
    """Give the answer unknown: `need` would decide it, `grounds` are what is known about it."""
    return Truth(None, frozenset(grounds), need)


def arguable(reading: str, *grounds: Ground) -> Truth:
    """Give the answer unknown because careful lawyers differ; `reading` names both readings."""
    return unknown(Need("", reading=reading), *grounds)


def all_of(operands: Iterable[Truth]) -> Truth:
    """Give Kleene's AND: no if any operand is no, yes if all are yes, else unknown."""
    return _combined(operands, "all", decisive=False)


def any_of(operands: Iterable[Truth]) -> Truth:
    """Give Kleene's OR: yes if any operand is yes, no if all are no, else unknown."""
    return _combined(operands, "any", decisive=True)


def _combined(operands: Iterable[Truth], operator: str, *, decisive: bool) -> Truth:
    answers = tuple(operands)
    deciding = [answer for answer in answers if answer.value is decisive]
    if deciding:
        return Truth(decisive, frozenset().union(*(answer.because for answer in deciding)))
    because: frozenset[Ground] = frozenset().union(*(answer.because for answer in answers))
    formulas = frozenset(answer.open for answer in answers if answer.open is not None)
    if not formulas:
        return Truth(not decisive, because)
    return Truth(None, because, _joined(operator, formulas))


def _joined(operator: str, parts: frozenset[Formula]) -> Formula:
    flat: set[Formula] = set()
    for part in parts:
        flat |= part.parts if isinstance(part, _Node) and part.operator == operator else {part}
    return next(iter(flat)) if len(flat) == 1 else _Node(operator, frozenset(flat))


def _negated(formula: Formula) -> Formula:
    if isinstance(formula, _Node) and formula.operator == "not":
        return next(iter(formula.parts))
    return _Node("not", frozenset({formula}))


def _leaves(formula: Formula) -> Iterable[Need]:
    if isinstance(formula, Need):
        yield formula
    else:
        for part in formula.parts:
            yield from _leaves(part)


def _matters(formula: Formula, leaf: Need, others: frozenset[Need]) -> bool:
    names = tuple(others)
    for values in product((False, True), repeat=len(names)):
        answers = dict(zip(names, values, strict=True))
        if _value(formula, {**answers, leaf: True}) != _value(formula, {**answers, leaf: False}):
            return True
    return False


def _value(formula: Formula, answers: Mapping[Need, bool]) -> bool:
    if isinstance(formula, Need):
        return answers[formula]
    values = (_value(part, answers) for part in formula.parts)
    if formula.operator == "not":
        return not next(values)
    return all(values) if formula.operator == "all" else any(values)
