"""`caveat licenses`: the rule sets there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from caveat.catalogue import load_rules
from caveat.cli.common import complain, format_option, show
from caveat.cli.explain import license_lines
from caveat.library import LicenseList, LicensePage, license_page


@click.command(short_help="List, search or show the licenses with a rule set.")
@click.argument("word", required=False)
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
@format_option
def command(word: str | None, rules: tuple[str, ...], form: str) -> int:
    """List the licenses with a rule set, search them by a WORD of their names, or show the one that WORD names."""
    known = load_rules(rules)
    exact = known.license_id(word) if word else None
    pages = [license_page(known.license(license_id)) for license_id in ((exact,) if exact else known.license_ids)]
    found = [one for one in pages if word is None or exact or _matches(one, word.lower())]
    if not found:
        complain(f"no license matches '{word}'")
        return 1
    show(LicenseList(1, tuple(found)), license_lines(found[0]) if exact else _rows(found), form)
    return 0


def _rows(licenses: Sequence[LicensePage]) -> Iterator[str]:
    width = max(len(license.id) for license in licenses)
    yield from (f"{one.id:<{width}}  {one.name} [{len(one.clauses)} clauses, {one.evidence}]" for one in licenses)


def _matches(license: LicensePage, word: str) -> bool:
    return any(word in name.lower() for name in (license.name, *license.names))
