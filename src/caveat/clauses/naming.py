"""A prescribed beginning of the name of models made from this one."""

from __future__ import annotations

import re
from functools import partial
from typing import ClassVar, Literal, NamedTuple

from caveat.clause import Because, Duty, Met
from caveat.finding import OUTCOMES, Judgement
from caveat.manifest import Record
from caveat.term import Reach
from caveat.truth import Ground, Need, Truth, all_of, no, unknown, yes
from caveat.use import REACHES_OTHERS, Use
from caveat.values import value


class Named(NamedTuple):
    """A model whose name matters: what it is called ("": not known), whether the duty falls on it, who says its name."""

    name: str
    owed: Truth
    because: Because = ()


@value(kw_only=True)
class Naming(Duty):
    """The name of a model made from this one begins with a prescribed word.

    `prefix`: the word. `from`: relations that make such a model (with train-on-outputs also models trained on what
    this one wrote). `unclear`: relations of which it is open. `on`: the ways of distribution that count (none: all use).
    `itself`: a copy that is passed on unchanged keeps such a name, too.

    Owed by whoever makes the model, when others get it or get to use it. The name is the manifest's `name`, else the
    last part of the id; `-`, `_`, `.`, a blank or nothing may stand where the prefix has a blank. A name that begins with
    the prefix passes, another name fails; other capitals, or a small letter right after the prefix, are for a human.
    """

    prefix: str
    from_: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    on: tuple[str, ...] = REACHES_OTHERS
    itself: bool = False

    kind: ClassVar[str] = "naming"
    reach: ClassVar[frozenset[Reach]] = frozenset({"own", "base", "outputs", "arguable"})
    default_through_api: ClassVar[Literal["applies", "open", "exempt"]] = "applies"
    not_owed: ClassVar[str] = "no model of yours made from it reaches others"
    default_readings: ClassVar[str] = (
        "Making this kind of derivative may count as creating or improving a model, so that the name must begin with "
        "the prefix, or only as passing the same model on.")
    default_remedy: ClassVar[str] = "Rename the model so that its name begins with the prescribed word."

    def brief(self) -> str:
        return f'derivatives are named "{self.prefix} …"'

    def judge(self, use: Use) -> Judgement:
        """Judge every model whose name matters; the worst of them decides."""
        found = [self.settle(use, named.owed, partial(self._met, named)) for named in self.subjects(use)]
        return min(found, key=lambda judgement: OUTCOMES.index(judgement.outcome))

    def subjects(self, use: Use) -> list[Named]:
        """Return the model itself and every model trained on its outputs."""
        subjects = [self._itself(use)]
        if "train-on-outputs" not in self.from_ or not use.term.reaches & {"own", "base"}:
            return subjects
        fact = use.fact("outputs.train")
        if fact is None:
            return [*subjects, Named("", unknown(Need("outputs.train")))]
        return subjects + [self._trained(record, fact.path) for record in fact.value]

    def _itself(self, use: Use) -> Named:
        fact = use.fact("name")
        name = fact.value if fact else use.model.use.id.split("@")[0].rsplit("/", 1)[-1]
        ground = use.ground(fact) if fact else Ground("name", name, "last part of the id", path=use.model.place.path,
                                                      line=use.model.place.line)
        made = use.made(self.from_, (*self.unclear, "judge", "tokenizer"), self.both_readings)
        if self.itself and not use.own_hops():
            made = yes(ground)
        return Named(name, all_of((made, use.shared(self.on) if self.on else yes())), (ground,))

    def _trained(self, record: Record, path: str) -> Named:
        name = record.get("name") or record.get("id").split("@")[0].rsplit("/", 1)[-1]
        ground = Ground("outputs.train", name, path=path, line=record.line)
        distributed = record.get("distributed")
        if distributed is None:
            return Named(name, unknown(Need("outputs.train.distributed", name), ground), (ground,))
        return Named(name, yes(ground) if distributed else no(ground), (ground,))

    def _met(self, named: Named) -> Met:
        if not named.name:
            return Met("unstated")
        state = begins(named.name, self.prefix)
        if state == "yes":
            return Met("yes", f"'{named.name}' begins with '{self.prefix}'", named.because)
        if state == "open":
            message = f"'{named.name}' begins with '{self.prefix}' only if capitals, or what follows, do not matter"
            return Met("open", message, named.because)
        return Met("no", f"'{named.name}' does not begin with '{self.prefix}'", named.because)


def begins(name: str, prefix: str) -> Literal["yes", "no", "open"]:
    """Tell whether a model's name begins with a prefix as a word of its own.

    Between the words of the prefix `-`, `_`, `.`, a blank or nothing may stand. A digit after a prefix that ends in a
    digit is another number ("Llama 30B" does not begin with "Llama 3"), a decimal after it another version: open.
    """
    pattern = r"[-_. ]?".join(re.escape(word) for word in prefix.split())
    match = re.match(pattern, name, re.IGNORECASE)
    if not match:
        return "no"
    rest = name[match.end():]
    if prefix[-1].isdigit() and rest[:1].isdigit():
        return "no"
    another_version = prefix[-1].isdigit() and re.match(r"\.[0-9]", rest)
    exact = re.match(pattern, name) is not None
    joined = rest[:1].islower()
    return "yes" if exact and not another_version and not joined else "open"


