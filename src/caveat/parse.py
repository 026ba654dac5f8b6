"""Parse: a document of any of the three syntaxes becomes a tree."""

from __future__ import annotations

import re

from caveat.document import Node, parse_yaml
from caveat.errors import Problem

_SURROGATES = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
"""A character beyond U+FFFF as JSON escapes it and YAML does not."""


def parse(text: str, path: str, slips: list[Problem] | None = None) -> Node | None:
    """Return the tree of a document, by the ending of its name (.json, .toml, else YAML); None when it is empty.

    Raises Error with the place where the text is no document of that kind or is built to exhaust. What leaves the rest
    readable (a key that stands twice, a tag) is appended to `slips`; without such a list it raises too.
    """
    if path.endswith(".toml"):
        from caveat.toml_document import parse_toml

        return parse_toml(text, path)
    if path.endswith(".json"):
        text = re.sub(_SURROGATES, lambda pair: pair.group().encode().decode("unicode-escape").encode(
            "utf-16", "surrogatepass").decode("utf-16"), text)
    return parse_yaml(text, path, slips)
