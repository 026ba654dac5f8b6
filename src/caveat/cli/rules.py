"""`caveat rules`: check, test and begin rule sets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from caveat import catalogue
from caveat.cli.common import complain, format_option, page, show, write
from caveat.errors import Place, Problem, UsageError
from caveat.shapes import printable

if TYPE_CHECKING:
    from caveat.texts import TextsReport

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
id: {id}
name: {id}                       # its title
spdx: LicenseRef-{id}
aliases: {{hub: [], names: []}}    # Hugging Face license ids; titles and license_name values, lower case
released: 2026-01-01
osi_approved: false
open_weights: true
source: {{url: 'https://example.org/license', read_on: 2026-01-01, evidence: secondary}}   # text | partial | secondary
clauses:
  - kind: license-copy           # `caveat explain KIND` is the manual of a kind
    section: "1"
    says: Recipients of a copy get the license text.
examples:                        # its tests: caveat rules test DIR
  - case: nothing is handed over
    facts: {{distribution: [internal]}}
    expect: {{license-copy: not-applicable}}
  - case: weights are published without the text (review at most, until the text itself was read)
    facts: {{distribution: [weights], status: live}}
    expect: {{license-copy: review}}
  - case: how it is distributed is not stated
    facts: {{}}
    expect: {{license-copy: review}}
"""


@click.group()
def command() -> None:
    """Check, test and begin rule sets."""


@command.command()
@click.argument("folder", required=False, metavar="[DIR]")
def lint(folder: str | None) -> int:
    """Check rule files against their schemas and for what a reader would miss; without DIR the built-in ones."""
    from caveat.lint import lint as problems_of

    found = tuple(problems_of(folder or catalogue.root(), built_in=folder is None))
    for problem in found:
        complain(problem)
    if not found:
        page([f"rules in {folder or 'the package'}: no problems"])
    return 2 if found else 0


@command.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("-v", "--verbose", is_flag=True, help="List the examples that hold, too.")
def test(folder: str | None, verbose: bool) -> int:
    """Run the examples of the rule sets; without DIR those of the built-in ones."""
    lines, failed, total = [], 0, 0
    for license_id, case, wrong in _results(folder):
        total += 1
        failed += bool(wrong)
        if wrong or verbose:
            lines.append(f"{'WRONG' if wrong else 'right'}  {license_id}: {case}" + "".join(f"\n         {line}" for line in wrong))
    lines.append(f"{total - failed} passed, {failed} failed")
    page(lines)
    return 1 if failed or not total else 0


def _results(folder: str | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    from caveat.examples import run
    from caveat.rulebook import compile_rules

    rules = catalogue.load_rules((folder,) if folder else ())
    for license_id, examples in compile_rules(folder or catalogue.root())["examples"].items():
        for result in run(examples, rules.license(license_id), rules):
            yield result.license, result.case, result.wrong


@command.command("check-texts")
@click.argument("folder", metavar="DIR")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
@click.option("-v", "--verbose", is_flag=True, help="List the texts that are the same, and the rule sets without a text, too.")
@format_option
def check_texts(folder: str, rules: tuple[str, ...], verbose: bool, form: str) -> int:
    """Tell which license texts in DIR differ from what the rule sets encode.

    Exit codes: 0 all known texts are the same, 1 some differ, 2 some file could not be read, or none is a known text.
    """
    from caveat.texts import check_texts as compared

    found = compared(folder, catalogue.load_rules(rules))
    states = [file.state for file in found.files]
    show(found, _texts(found, verbose), form)
    if set(states) <= {"unknown", "unreadable"}:
        complain(f"{printable(folder)} holds no license text that is known here")
        return 2
    return 2 if "unreadable" in states else int("differs" in states)


def _texts(found: TextsReport, verbose: bool) -> Iterator[str]:
    for file in found.files:
        if verbose or file.state != "same":
            detail = f" ({printable(file.detail)})" if file.detail else ""
            yield f"{file.state:<11}  {printable(file.path)}  {', '.join(file.licenses)}{detail}".rstrip()
    if verbose:
        yield from (f"{'no text':<11}  {license_id}" for license_id in found.missing)
    counts = {state: sum(file.state == state for file in found.files) for state in sorted({file.state for file in found.files})}
    yield f"{len(found.files)} files: " + (", ".join(f"{count} {state}" for state, count in counts.items()) or "nothing to compare")


@command.command()
@click.argument("license_id", metavar="ID")
@click.option("--into", default="rules", show_default=True, metavar="DIR", help="The folder of rules to write into.")
def new(license_id: str, into: str) -> int:
    """Begin a rule set: writes DIR/licenses/ID.yaml with a clause and its examples."""
    import re

    if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", license_id):
        raise UsageError(Problem(f"'{license_id}' is not kebab-case", None, "write small letters, digits, - and ."))
    path = os.path.join(into, "licenses", f"{license_id}.yaml")
    if os.path.exists(path):
        raise UsageError(Problem("is there already", Place(path), "edit it"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path, _TEMPLATE.format(id=license_id, schema="../schema/license.json").encode())
    page([f"{path}: written; now `caveat rules lint {into}` and `caveat rules test {into}`"])
    return 0
