"""License expressions: branches of OR, licenses that bind together, and exceptions that stay with their license."""

from __future__ import annotations

from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.expression import MAX_BRANCHES, MAX_LENGTH, branches, is_expression


@pytest.mark.parametrize(("text", "expected"), [
    ("MIT", [("MIT",)]),
    ("llama 3.2 community license", [("llama 3.2 community license",)]),
    ("MIT AND Apache-2.0", [("MIT", "Apache-2.0")]),
    ("MIT OR Apache-2.0", [("MIT",), ("Apache-2.0",)]),
    ("MIT OR Apache-2.0 AND BSD-3-Clause", [("MIT",), ("Apache-2.0", "BSD-3-Clause")]),
    ("(MIT OR Apache-2.0) AND BSD-3-Clause", [("MIT", "BSD-3-Clause"), ("Apache-2.0", "BSD-3-Clause")]),
    ("(MIT)", [("MIT",)]),
    ("GPL-2.0-only WITH Classpath-exception-2.0", [("GPL-2.0-only WITH Classpath-exception-2.0",)]),
    ("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", [("GPL-2.0-only WITH Classpath-exception-2.0",), ("MIT",)]),
    ("LicenseRef-own AND MIT", [("LicenseRef-own", "MIT")]),
])
def test_what_an_expression_asks_for(text: str, expected: list[tuple[str, ...]]) -> None:
    assert branches(text) == tuple(expected)


@pytest.mark.parametrize("text", [
    "MIT AND", "AND MIT", "OR", "()", "(MIT", "MIT)", "MIT AND (Apache-2.0", "MIT OR OR Apache-2.0", "MIT WITH", "MIT WITH OR",
    "MIT (Apache-2.0)", "(" * 500, "MIT AND " * 300 + "MIT",
])
def test_what_is_no_expression(text: str) -> None:
    assert is_expression(text)
    assert branches(text) is None


def test_an_expression_too_long_to_read_whole_is_not_read_in_part() -> None:
    tail = " AND llama-3.2"
    fits = "MIT AND " * ((MAX_LENGTH - 50) // 8) + "MIT" + tail
    assert len(fits) <= MAX_LENGTH
    found = branches(fits)
    assert found is not None
    assert found[0][-1] == "llama-3.2"
    assert branches(" " * (MAX_LENGTH - len(fits) + 1) + fits) is None


def test_branches_are_bounded_before_they_multiply() -> None:
    two = "(A OR B)"
    assert len(branches(" AND ".join([two] * 4)) or ()) == MAX_BRANCHES == 16
    assert branches(" AND ".join([two] * 5)) is None
    assert branches(" AND ".join([two] * 100)) is None
    assert branches(" OR ".join(f"L{number}" for number in range(MAX_BRANCHES + 1))) is None


Tree: TypeAlias = "str | tuple[str, list[Tree]]"
NAMES = ("A", "B", "C", "D")
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(NAMES), lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=6)


def written(tree: Tree) -> str:
    return tree if isinstance(tree, str) else "(" + f" {tree[0]} ".join(map(written, tree[1])) + ")"


def satisfied(tree: Tree, accepted: frozenset[str]) -> bool:
    if isinstance(tree, str):
        return tree in accepted
    return (all if tree[0] == "AND" else any)(satisfied(part, accepted) for part in tree[1])


@given(TREES)
def test_the_branches_mean_what_the_expression_means(tree: Tree) -> None:
    found = branches(written(tree))
    if found is None:
        return
    for chosen in product((False, True), repeat=len(NAMES)):
        accepted = frozenset(name for name, take in zip(NAMES, chosen, strict=True) if take)
        assert any(accepted.issuperset(branch) for branch in found) == satisfied(tree, accepted)


@given(st.text("ABCMIT-.0() WTHORND\n\t+:é", max_size=60))
def test_any_text_gives_branches_or_nothing(text: str) -> None:
    found = branches(text)
    assert found is None or (found and all(branch and all(branch) for branch in found)) or found == ((text,),)
