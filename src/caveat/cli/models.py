"""`caveat models`: the models that the catalogue knows."""

from __future__ import annotations

from collections.abc import Iterator

import click

from caveat.catalogue import Rules, load_rules
from caveat.cli.common import complain, format_option, show
from caveat.index import keys
from caveat.library import ModelList, ModelPage, model_page
from caveat.shapes import printable

_WEIGHTS = {"open": "open", "none": "none: offered through the vendor's API only", "unreleased": "never released"}


@click.command(short_help="List, search or show the known models.")
@click.argument("word", required=False)
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
@format_option
def command(word: str | None, rules: tuple[str, ...], form: str) -> int:
    """List the known models, search them by a WORD of their ids, or show the one whose exact id is given."""
    known = load_rules(rules)
    entry = known.entry(word) if word else None
    if word and entry:
        one = model_page(word, entry, known)
        show(ModelList(1, (one,)), describe(one), form)
        return 0
    rows = {row: found for found, row in _rows(known) if word is None or word.lower() in row.lower()}
    if not rows:
        note = " (it names a family; write the exact id)" if word and known.is_family(word) else ""
        complain(f"no model matches '{word}'{note}")
        return 1
    ordered = sorted(rows, key=str.lower)
    show(ModelList(1, tuple(rows[row] for row in ordered)), ordered, form)
    return 0


def _rows(rules: Rules) -> Iterator[tuple[ModelPage, str]]:
    """Give every name that the catalogue knows, as a page and as a line of the list."""
    for publisher in rules.publishers:
        for model in publisher.get("models", ()):
            for name in keys(model):
                entry = rules.entry(name)
                same = "" if name in model["ids"] else f" (= {model['ids'][0]})"
                if entry:
                    what = entry.license or ("API only" if entry.weights == "none" else "never released")
                    yield model_page(name, entry, rules), f"{name}  {what}{same}"
        for pattern in publisher.get("patterns", ()):
            entry = rules.entry(pattern["match"])
            if entry:
                yield model_page(pattern["match"], entry, rules), f"{pattern['match']}  {entry.license or entry.weights}"


def describe(model: ModelPage) -> Iterator[str]:
    """Give what the catalogue knows of a model, a line a fact."""
    yield printable(model.id)
    yield f"  publisher   {model.publisher}"
    yield f"  kind        {model.kind}"
    yield f"  weights     {_WEIGHTS[model.weights]}"
    yield f"  license     {model.license or 'none'}" + ("" if model.encoded or not model.license else " (no rule set)")
    if model.beside:
        yield f"  beside it   {', '.join(model.beside)}"
    if model.disputed:
        yield f"  disputed    the publisher's own sources also say {', '.join(model.disputed)}"
    if model.released:
        yield f"  released    {model.released}"
    if model.multimodal is not None:
        yield f"  multimodal  {'yes' if model.multimodal else 'no'}"
    yield from (f"  made from   {parent}" for parent in model.base)
    yield f"  evidence    {model.source if model.evidence == 'seen' else 'memory: declare its license to confirm it'}"
    if model.note:
        yield f"  note        {model.note}"
