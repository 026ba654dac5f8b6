"""License expressions: what an SPDX expression with AND, OR and WITH asks for."""

from __future__ import annotations

import re
from typing import Any

_OPERATOR = re.compile(r"\b(AND|OR|WITH)\b|[()]")
MAX_LENGTH = 2000
MAX_BRANCHES = 16


def is_expression(text: str) -> bool:
    """Tell whether a declared license is an expression, not a single name."""
    return bool(_OPERATOR.search(text))


def branches(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Return the ways to satisfy an expression: branches of OR, each the licenses that bind together; None if invalid.

    `WITH` stays part of its name ("GPL-2.0-only WITH Classpath-exception-2.0"). A single name is one branch of one.
    """
    if not is_expression(text):
        return ((text,),)
    if len(text) > MAX_LENGTH:
        return None
    from license_expression import Licensing

    try:
        parsed = Licensing().parse(text)
        found = None if parsed is None else _branches(parsed)
    except Exception:  # the library raises many kinds of its own for malformed input
        return None
    return found or None


def _branches(node: Any) -> tuple[tuple[str, ...], ...]:
    operator = getattr(node, "operator", "").strip()
    if operator == "OR":
        return _bounded(tuple(branch for part in node.args for branch in _branches(part)))
    if operator == "AND":
        joined: tuple[tuple[str, ...], ...] = ((),)
        for part in node.args:
            joined = _bounded(tuple(left + right for left in joined for right in _branches(part)))
        return joined
    return ((node.render(),),)


def _bounded(found: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    if len(found) > MAX_BRANCHES:
        raise ValueError("too many branches")
    return found
