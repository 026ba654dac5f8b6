"""`caveat compare`: licenses or models side by side, and what each would mean for a project."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import click

from caveat.catalogue import load_rules
from caveat.cli.common import Date, show
from caveat.compare import Candidate, Cell, Comparison, compare, compare_for
from caveat.load import load
from caveat.shapes import printable

_PARTS = {"not allowed": "fails", "open": "open", "owed": "duties"}
_READ = {"text": "", "partial": "read in part", "secondary": "known at second hand"}


@click.command(short_help="Put licenses or models side by side, also for a project.")
@click.argument("names", nargs=-1, required=True, metavar="LICENSE|MODEL...")
@click.option("--for", "manifest", metavar="MANIFEST", help="Say what each would mean for this project in place of its models.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True,
              help="How to write the table.")
@click.option("--as-of", type=Date(), metavar="DATE", help="Judge as of this day (YYYY-MM-DD) instead of today.")
@click.option("--policy", metavar="NAME|FILE", help="The policy to apply instead of the manifest's.")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
def command(names: tuple[str, ...], manifest: str | None, form: str, as_of: datetime.date | None, policy: str | None,
            rules: tuple[str, ...]) -> int:
    """Compare licenses, or models by the licenses that bind them, clause kind by clause kind.

    With --for MANIFEST: which of them pass for that project, what stands against each, and which duties each would cost.
    """
    known = load_rules(rules)
    if manifest is None:
        found = compare(names, known)
    else:
        project = load(manifest, known.vocabulary)
        if project.rules:
            known = load_rules((*rules, *project.rules))
        chosen = known.policy(policy or project.policy or "default")
        found = compare_for(names, known, project, chosen, as_of or project.as_of or datetime.date.today())
    show(found, _markdown(found) if form == "markdown" else _text(found), form)
    return 0


# -- text ----------------------------------------------------------------------------------------------------------


def _text(found: Comparison) -> Iterator[str]:
    width = max(len(candidate.name) for candidate in found.candidates)
    for candidate in found.candidates:
        yield f"{printable(candidate.name):<{width}}  {_of(candidate)}"
        yield from (f"{'':<{width}}  ! {printable(note)}" for note in candidate.notes)
    for row in found.rows:
        yield ""
        yield f"{row.kind} ({row.sort})"
        for candidate, cells in zip(found.candidates, row.cells, strict=True):
            for index, text in enumerate([_cell(cell) for cell in cells] or ["-"]):
                yield f"  {printable(candidate.name) if not index else '':<{width}}  {text}"
    yield from _costs(found)


def _of(candidate: Candidate) -> str:
    licenses = ", ".join(candidate.licenses) or "no license with a rule set"
    read = "; ".join(filter(None, (_READ.get(part, "") for part in candidate.evidence.split("/"))))
    return (licenses if candidate.what == "model" else "license") + (f" ({read}: review at most)" if read else "")


def _cell(cell: Cell) -> str:
    return f"{cell.brief or 'yes'} (section {cell.section})" + (f", {cell.when}" if cell.when else "")


def _costs(found: Comparison) -> Iterator[str]:
    if not found.project:
        return
    yield ""
    yield f"For {printable(found.project)} as of {found.as_of}, in place of its models"
    for candidate in found.candidates:
        if candidate.cost:
            yield f"  {candidate.cost.verdict.upper():<6} {printable(candidate.name)}"
            for title, part in _PARTS.items():
                yield from (f"         {title:<12} {printable(line)}" for line in getattr(candidate.cost, part))


# -- Markdown ------------------------------------------------------------------------------------------------------


def _markdown(found: Comparison) -> Iterator[str]:
    yield f"| | {' | '.join(_escaped(candidate.name) for candidate in found.candidates)} |"
    yield "|---" * (len(found.candidates) + 1) + "|"
    for row in found.rows:
        columns = ["<br>".join(_short(cell, row.sort == "prohibition") for cell in cells) or "–" for cells in row.cells]
        yield f"| {row.kind} | {' | '.join(map(_escaped, columns))} |"
    if found.project:
        verdicts = [candidate.cost.verdict if candidate.cost else "" for candidate in found.candidates]
        yield f"| **verdict for {_escaped(found.project)}, {found.as_of}** | {' | '.join(verdicts)} |"
        for title, part in _PARTS.items():
            columns = ["<br>".join(getattr(candidate.cost, part)) or "–" for candidate in found.candidates]
            yield f"| {title} | {' | '.join(map(_escaped, columns))} |"


def _short(cell: Cell, with_scope: bool) -> str:
    """Return a clause for a table; of a prohibition also whom it concerns."""
    return f"{cell.brief or 'yes'}{f', {cell.when}' if with_scope and cell.when else ''} (§ {cell.section})"


def _escaped(text: str) -> str:
    """Return text for one cell of a Markdown table; line breaks of ours stay."""
    lines = (printable(line).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for line in text.split("<br>"))
    return "<br>".join(lines)
