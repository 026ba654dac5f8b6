"""A prescribed phrase that readers or users must see."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Because, Duty, Met
from caveat.evidence import Document, holds, is_link
from caveat.manifest import Fact, Record
from caveat.truth import Ground, Truth
from caveat.use import REACHES_OTHERS, Use
from caveat.values import value

_RANK = ("yes", "open", "no")


@value(kw_only=True)
class Attribution(Duty):
    """A phrase is shown where people see it.

    `text`: the phrase. `where`: the places that count. `on`: ways of distribution that trigger it.

    Met by an `evidence.attribution` entry with the phrase and a place that counts; where the entry names a file, a reader
    of that file must see the phrase (comments and hidden elements do not count).
    """

    text: str
    where: tuple[str, ...] = ()
    on: tuple[str, ...] = REACHES_OTHERS
    unclear_on: tuple[str, ...] = ()

    kind: ClassVar[str] = "attribution"
    not_owed: ClassVar[str] = "nothing that contains it reaches others"
    default_remedy: ClassVar[str] = "Show the phrase where the license says, and name the place under evidence.attribution."

    def owed(self, use: Use) -> Truth:
        return use.shared(self.on, self.unclear_on, self.both_readings)

    def unmet(self, use: Use) -> str:
        return f"'{self.text}' must be shown, and no place is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.attribution")
        if fact is None:
            return Met("unstated")
        found = [self._one(use, fact, record) for record in fact.value]
        return min(found, key=lambda met: _RANK.index(met.state))

    def _one(self, use: Use, fact: Fact, record: Record) -> Met:
        shown, where, path = record.get("text"), record.get("where"), record.get("path")
        because = (Ground("evidence.attribution", f"{shown} ({where or 'place not stated'})", path or "",
                           path=fact.path, line=record.line),)
        if not holds(shown, self.text):
            if holds(shown.lower(), self.text.lower()):
                return Met("open", f"'{shown}' has other capitals than '{self.text}'", because)
            return Met("no", f"'{shown}' is not the phrase '{self.text}'", because)
        if path and not is_link(path):
            return self._in_file(use.document(fact, path), where, because)
        return self._place(where, because, f"'{self.text}' is shown, as declared")

    def _in_file(self, document: Document, where: str | None, because: Because) -> Met:
        path = document.path
        if document.problem:
            return Met("no", f"{path}: {document.problem}", because)
        seen = document.seen()
        if not holds(seen, self.text):
            if holds(seen.lower(), self.text.lower()):
                return Met("open", f"{path} shows '{self.text}' in other capitals", because)
            return Met("no", f"{path} does not show '{self.text}' to a reader", because)
        if path.rsplit("/", 1)[-1].lower().startswith(("notice", "license")):
            return Met("open", f"the phrase stands in {path}, which few readers open: is that prominent?", because)
        return self._place(where, because, f"{path} shows '{self.text}'")

    def _place(self, where: str | None, because: Because, message: str) -> Met:
        if where is None:
            return Met("open", "where the phrase is shown is not stated", because)
        if self.where and where not in self.where:
            return Met("open", f"'{where}' is not one of the places named: {', '.join(self.where)}", because)
        return Met("yes", message, because)
