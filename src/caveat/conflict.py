"""Conflict: whether a license on a model is looser than what an ancestor's license asks for (DESIGN section 4 and 5.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from caveat.catalogue import Rules
from caveat.clauses.copyleft import Copyleft

Answer = Literal["allowed", "open", "forbidden"]


class Looser(NamedTuple):
    """How grave it is that a declared license is looser, and the clause kinds that it lacks or that shut it out."""

    outcome: Literal["fail", "review"]
    lacking: tuple[str, ...]


def looser(tag: Iterable[str], license_id: str, relations: Collection[str], rules: Rules) -> Looser | None:
    """Tell how licenses on a model fall short of an ancestor's, from which it was made by `relations`; None where they do not.

    The ancestor's own words on other licenses come first: it may allow some, forbid the rest, or forbid derivatives at all.
    """
    declared = tuple(tag)
    answers = set(_answers(declared, license_id, relations, rules))
    missing = tuple(sorted(asked_for((license_id,), rules) - asked_for(declared, rules)))
    if "forbidden" in answers:
        return Looser("fail", missing or ("copyleft",))
    if "open" in answers:
        return Looser("review", missing or ("copyleft",))
    return None if answers or not missing else Looser("review", missing)


def asked_for(licenses: Iterable[str], rules: Rules) -> frozenset[str]:
    """Return the kinds of prohibitions and duties of some licenses together."""
    return frozenset().union(*(rules.license(name).kinds() for name in licenses))


def _answers(declared: tuple[str, ...], license_id: str, relations: Collection[str], rules: Rules) -> Iterator[Answer]:
    """Give what each copyleft clause of an ancestor's license says of the declared licenses."""
    for clause in rules.license(license_id).clauses:
        if not isinstance(clause, Copyleft) or clause.unclear_other:
            continue
        surely = bool(set(relations) & set(clause.relations))
        if surely or set(relations) & set(clause.unclear_relations):
            answer = _answer(clause, declared, rules)
            yield "open" if answer == "forbidden" and not surely else answer


def _answer(clause: Copyleft, declared: tuple[str, ...], rules: Rules) -> Answer:
    if clause.forbidden:
        return "forbidden"
    if set(declared) & {rules.license_id(name) for name in clause.compatible}:
        return "allowed"
    return "open" if set(declared) & {rules.license_id(name) for name in clause.unclear_compatible} else "forbidden"
