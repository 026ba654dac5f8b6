"""A prescribed phrase, or a credit in free words, that readers or users must see."""

from __future__ import annotations

import fnmatch
from functools import partial
from typing import ClassVar, Literal

from caveat.clause import Because, Duty, Met, best
from caveat.clauses.territory import multimodal
from caveat.evidence import Document, holds, is_link
from caveat.finding import OUTCOMES, Judgement
from caveat.manifest import Fact, Record
from caveat.money import Limit, more_revenue
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import REACHES_OTHERS, Use
from caveat.values import value


@value(kw_only=True)
class Attribution(Duty):
    """A phrase, or a credit, is shown where people see it.

    `text`: the phrase; `or_texts`: others that serve as well. `credit` (instead of a phrase): what a credit in free words must
    name, each as a list of spellings of which one must be seen; `creator`: it names the model or whoever made it, too. `where`:
    the places that count. `on`: ways of distribution that trigger it; `unclear_on`: ways of which it is open.

    Owed only by some: `from`: for models made from this one by these relations. `trained`: for models trained on its outputs
    and distributed, too; `trained_only`: for these alone. `inside: open`: whether it is owed for those
    that stay inside is open. `only_models`: for models of these ids (`*` stands for anything), or made from them, `except_models`
    apart; `only: multimodal`: for models that take or give more than text. `users_more_than`, `revenue_more_than` (in
    `currency`): for a product with more users or revenue in the latest month.

    Met by an `evidence.attribution` entry with the phrase and a place that counts; where the entry names a file, a reader
    of that file must see the phrase (comments and hidden elements do not count).
    """

    text: str = ""
    or_texts: tuple[str, ...] = ()
    credit: tuple[tuple[str, ...], ...] = ()
    creator: bool = False
    where: tuple[str, ...] = ()
    on: tuple[str, ...] = REACHES_OTHERS
    unclear_on: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    trained: bool = False
    trained_only: bool = False
    inside: Literal["exempt", "open"] = "exempt"
    only_models: tuple[str, ...] = ()
    except_models: tuple[str, ...] = ()
    only: Literal["multimodal", ""] = ""
    users_more_than: int | None = None
    revenue_more_than: int | None = None
    currency: str = "USD"

    kind: ClassVar[str] = "attribution"
    not_owed: ClassVar[str] = "nothing of which it must be said reaches others"
    default_remedy: ClassVar[str] = "Show the phrase where the license says, and name the place under evidence.attribution."

    def __post_init__(self) -> None:
        if bool(self.text) == bool(self.credit):
            raise ValueError("an attribution states one of text and credit")

    def brief(self) -> str:
        what = f'show "{self.text}"' if self.text else f"credit naming {', '.join(names[0] for names in self.credit)}"
        numbers = ((self.users_more_than, "users a month"), (self.revenue_more_than, f"{self.currency} a month"))
        limits = [f"{number:,} {unit}" for number, unit in numbers if number is not None]
        return what + (f" above {' or '.join(limits)}" if limits else "")

    @property
    def only_open(self) -> bool:
        return not self.on and not self.trained and not self.trained_only

    # -- owed ----------------------------------------------------------------------------------------------------

    def judge(self, use: Use) -> Judgement:
        """Judge the model itself and what is trained on its outputs; the worst of them decides."""
        owed = [] if self.trained_only and not self.from_ else [self._itself(use)]
        students = self._students(use)
        if owed and owed[0].value:  # owed anyway: what is not stated of others makes no difference
            students = [truth for truth in students if truth.value is not None]
        found = [self.settle(use, truth, partial(self.met, use)) for truth in owed + students]
        return min(found, key=lambda judgement: OUTCOMES.index(judgement.outcome))

    def _itself(self, use: Use) -> Truth:
        conditions = [use.shared(self.on, self.unclear_on, self.both_readings)]
        if self.from_:
            conditions.append(use.made(self.from_, (), self.both_readings))
        if self.users_more_than is not None or self.revenue_more_than is not None:
            conditions.append(self._large(use))
        return all_of((*conditions, self._named(use)))

    def _students(self, use: Use) -> list[Truth]:
        """Tell of every model trained on the outputs whether it is distributed."""
        if not (self.trained or self.trained_only) or not use.term.reaches & {"own", "base"}:
            return []
        fact = use.fact("outputs.train")
        if fact is None:
            return [all_of((unknown(Need("outputs.train")), self._named(use)))]
        return [all_of((self._distributed(record, fact.path), self._named(use))) for record in fact.value] or [
            no(use.ground(fact))]

    def _distributed(self, record: Record, path: str) -> Truth:
        name, distributed = record.get("id"), record.get("distributed")
        ground = Ground("outputs.train", name, path=path, line=record.line)
        if distributed is None:
            return unknown(Need("outputs.train.distributed", name), ground)
        if not distributed and self.inside == "open":
            return arguable(self.both_readings, ground)
        return yes(ground) if distributed else no(ground)

    def _large(self, use: Use) -> Truth:
        """Tell whether the product is over one of the thresholds."""
        parts = []
        if self.users_more_than is not None:
            parts.append(use.more_users("product_mau", self.users_more_than, "", or_equal=False))
        if self.revenue_more_than is not None:
            parts.append(more_revenue(use, "product", Limit(self.revenue_more_than, self.currency, "month")))
        return any_of(parts)

    def _named(self, use: Use) -> Truth:
        """Tell whether the model is, or comes from, one of those that the clause speaks of."""
        ids = [use.model.use.id, *(hop.parent for way in use.term.ways for hop in way.hops)]
        if any(_matches(name, self.except_models) for name in ids):
            return no(Ground("id", ids[0], path=use.model.place.path, line=use.model.place.line))
        return all_of((multimodal(use) if self.only else yes(), self._of_these_ids(use, ids) if self.only_models else yes()))

    def _of_these_ids(self, use: Use, ids: list[str]) -> Truth:
        named = [name for name in ids if _matches(name, self.only_models)]
        place = use.model.place
        if named:
            return yes(Ground("id", named[0], path=place.path, line=place.line))
        known = all(bearer.entry for bearer in use.term.bearers) and bool(use.term.bearers)
        return no(Ground("id", ids[0], path=place.path, line=place.line)) if known else unknown(Need("base"))

    def unmet(self, use: Use) -> str:
        wanted = f"'{self.text}'" if self.text else f"a credit that names {', '.join(names[0] for names in self.credit)}"
        return f"{wanted} must be shown, and no place is stated"

    # -- met -----------------------------------------------------------------------------------------------------

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.attribution")
        if fact is None:
            return Met("unstated")
        return best(self._one(use, fact, record) for record in fact.value)

    def _one(self, use: Use, fact: Fact, record: Record) -> Met:
        shown, where, path = record.get("text"), record.get("where"), record.get("path")
        because = (Ground("evidence.attribution", f"{shown} ({where or 'place not stated'})", path or "",
                           path=fact.path, line=record.line),)
        document = use.document(fact, path) if path and not is_link(path) else None
        if self.credit:
            return self._credited(use, shown, document, where, because)
        phrase = next((text for text in self._phrases() if holds(shown, text)), "")
        if not phrase:
            if any(holds(shown.lower(), text.lower()) for text in self._phrases()):
                return Met("open", f"'{shown}' has other capitals than '{self.text}'", because)
            return Met("no", f"'{shown}' is not the phrase '{self.text}'", because)
        if document:
            return self._in_file(document, phrase, where, because)
        return self._place(where, because, f"'{phrase}' is shown, as declared")

    def _phrases(self) -> tuple[str, ...]:
        return (self.text, *self.or_texts)

    def _in_file(self, document: Document, phrase: str, where: str | None, because: Because) -> Met:
        path = document.path
        if document.problem:
            return Met("no", f"{path}: {document.problem}", because)
        seen = document.seen()
        if not holds(seen, phrase):
            if holds(seen.lower(), phrase.lower()):
                return Met("open", f"{path} shows '{phrase}' in other capitals", because)
            return Met("no", f"{path} does not show '{phrase}' to a reader", because)
        if path.rsplit("/", 1)[-1].lower().startswith(("notice", "license")):
            return Met("open", f"the phrase stands in {path}, which few readers open: is that prominent?", because)
        return self._place(where, because, f"{path} shows '{phrase}'")

    def _credited(self, use: Use, shown: str, document: Document | None, where: str | None, because: Because) -> Met:
        """Judge a credit in free words: what it must name is either seen or for a human to look for."""
        if document and document.problem:
            return Met("no", f"{document.path}: {document.problem}", because)
        seen = document.seen() if document else shown
        if document and not holds(seen, shown):
            return Met("no", f"{document.path} does not show '{shown}' to a reader", because)
        wanted = [*self.credit, *([("its creator", *_creators(use))] if self.creator else [])]
        missing = [names[0] for names in wanted if not any(holds(seen.lower(), name.lower()) for name in names)]
        if missing:
            return Met("open", f"the credit '{shown}' does not seem to name {', '.join(missing)}", because)
        return self._place(where, because, "the credit is shown, as declared")

    def _place(self, where: str | None, because: Because, message: str) -> Met:
        if where is None:
            return Met("open", "where the phrase is shown is not stated", because)
        if self.where and where not in self.where:
            return Met("open", f"'{where}' is not one of the places named: {', '.join(self.where)}", because)
        return Met("yes", message, because)


def _creators(use: Use) -> tuple[str, ...]:
    """Return the names of the licensed models and of their makers, by any of which a credit may name them."""
    ids = [use.model.use.id, *(hop.parent for way in use.term.ways for hop in way.hops)]
    makers = [bearer.entry.publisher_name for bearer in use.term.bearers if bearer.entry]
    parts = [part for name in ids for part in name.split("@")[0].split("/")]
    return tuple(name for name in (*parts, *makers) if name)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)
