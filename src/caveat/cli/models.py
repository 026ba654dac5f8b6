"""`caveat models`: the models that the catalogue knows."""

from __future__ import annotations

import click

from caveat.catalogue import Rules, load_rules
from caveat.cli.common import complain, page
from caveat.model import Entry
from caveat.shapes import printable


@click.command(short_help="List, search or show the known models.")
@click.argument("word", required=False)
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
def command(word: str | None, rules: tuple[str, ...]) -> int:
    """List the known models, search them by a WORD of their ids, or show the one whose exact id is given."""
    found = load_rules(rules)
    entry = found.entry(word) if word else None
    if word and entry:
        page(describe(word, entry))
        return 0
    rows = [row for row in _rows(found) if word is None or word.lower() in row.lower()]
    if not rows:
        note = " (it names a family; write the exact id)" if word and found.is_family(word) else ""
        complain(f"no model matches '{word}'{note}")
        return 1
    page(rows)
    return 0


def _rows(rules: Rules) -> list[str]:
    rows = []
    for publisher in rules.publishers:
        for model in publisher.get("models", ()):
            what = model.get("license") or ("API only" if model["weights"] == "none" else "never released")
            rows += [f"{model_id}  {what}" for model_id in model["ids"]]
            rows += [f"{name}  {what} (= {model['ids'][0]})" for group in model.get("aliases", {}).values() for name in group]
        rows += [f"{pattern['match']}  {pattern.get('license') or pattern['weights']}" for pattern in publisher.get("patterns", ())]
    return sorted(rows, key=str.lower)


def describe(model_id: str, entry: Entry) -> list[str]:
    """Return what the catalogue knows of a model, a line a fact."""
    weights = {"open": "open", "none": "none: offered through the vendor's API only", "unreleased": "never released"}
    lines = [f"{printable(model_id)}", f"  publisher   {entry.publisher}", f"  kind        {entry.kind}",
             f"  weights     {weights[entry.weights]}", f"  license     {entry.license or 'none'}"]
    if entry.released:
        lines.append(f"  released    {entry.released}")
    if entry.multimodal is not None:
        lines.append(f"  multimodal  {'yes' if entry.multimodal else 'no'}")
    lines += [f"  made from   {parent.relation} of {parent.id}" for parent in entry.base]
    lines.append(f"  evidence    {entry.source if entry.evidence == 'seen' else 'memory: declare its license to confirm it'}")
    if entry.note:
        lines.append(f"  note        {entry.note}")
    return lines
