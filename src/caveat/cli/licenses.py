"""`caveat licenses`: the rule sets there are."""

from __future__ import annotations

import click

from caveat.catalogue import load_rules
from caveat.cli.common import complain, page
from caveat.cli.explain import license_page
from caveat.license import License


@click.command(short_help="List, search or show the licenses with a rule set.")
@click.argument("word", required=False)
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
def command(word: str | None, rules: tuple[str, ...]) -> int:
    """List the licenses with a rule set, search them by a WORD of their names, or show the one that WORD names."""
    found = load_rules(rules)
    exact = found.license_id(word) if word else None
    if exact:
        page(license_page(found.license(exact)))
        return 0
    licenses = [found.license(license_id) for license_id in found.license_ids]
    wanted = [license for license in licenses if word is None or _matches(license, word.lower())]
    if not wanted:
        complain(f"no license matches '{word}'")
        return 1
    width = max(len(license.id) for license in wanted)
    page(f"{license.id:<{width}}  {license.name} [{len(license.clauses)} clauses, {license.source.evidence}]" for license in wanted)
    return 0


def _matches(license: License, word: str) -> bool:
    return any(word in name.lower() for name in (license.name, *license.names))
