"""A notice file with a prescribed sentence, or with the notices that came from upstream."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Because, Duty, Met
from caveat.evidence import holds
from caveat.truth import Ground, Need, Truth, all_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class NoticeFile(Duty):
    """A notice goes with every copy.

    `text`: the prescribed sentence; `or_texts`: others that serve as well. `file_name`: the prescribed name of the file (any
    case and ending). `upstream: true` (instead of a text): only what an upstream NOTICE file holds must go along, if there is
    one. `on`: ways of distribution that trigger it; `unclear_on`: ways of which it is open. `unclear_relations`: derivatives of
    which it is open whether they are copies.

    Met by `evidence.notice_file`. The sentence must stand there word for word; white space, quotes and (c) or © may differ.
    A file of another name with the right sentence is for a human; another version's sentence fails. Where no file is
    prescribed, `evidence.attribution` may show it.
    """

    text: str = ""
    or_texts: tuple[str, ...] = ()
    file_name: str = ""
    upstream: bool = False
    on: tuple[str, ...] = ("weights", "embedded-product")
    unclear_on: tuple[str, ...] = ()
    unclear_relations: tuple[str, ...] = ()

    kind: ClassVar[str] = "notice-file"
    not_owed: ClassVar[str] = "no copy reaches others"
    default_readings: ClassVar[str] = (
        "What is passed on may hold none of the licensed material itself, so that it is no copy of it, or it may count as one.")
    default_remedy: ClassVar[str] = (
        "Put the prescribed sentence into a text file of the prescribed name, ship it, and name it under evidence.notice_file.")

    @property
    def only_open(self) -> bool:
        return not self.on

    def brief(self) -> str:
        return "upstream's NOTICE goes along" if self.upstream else f"{self.file_name or 'notice'} with the prescribed sentence"

    def owed(self, use: Use) -> Truth:
        leaves = use.copies_leave(self.on, self.unclear_on, self.both_readings)
        if self.upstream:
            return all_of((leaves, self._upstream_has_one(use)))
        beside = use.only_beside(self.unclear_relations)
        return all_of((leaves, arguable(self.both_readings, *beside))) if beside else leaves

    def _upstream_has_one(self, use: Use) -> Truth:
        fact = use.fact("upstream_notice")
        if fact is None:
            return unknown(Need("upstream_notice"))
        return no(use.ground(fact)) if fact.value == "none" else yes(use.ground(fact))

    def unmet(self, use: Use) -> str:
        what = f"holding \"{self.text}\"" if self.text else "with upstream's notices"
        return f"a notice file {what} must go with the copies, and none is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.notice_file")
        if fact is None:
            return self._shown(use) if self.text and not self.file_name else Met("unstated")
        path = fact.value
        document = self.opened(use, fact, path)
        if isinstance(document, Met):
            return document
        because = (use.ground(fact),)
        if not self.text:
            return self._carries_upstream(use, document.text, path, because)
        if not any(holds(document.text, text) for text in (self.text, *self.or_texts)):
            return self._near(document.text, path, because)
        stem = path.rsplit("/", 1)[-1].split(".", 1)[0]
        if self.file_name and stem.lower() != self.file_name.lower():
            return Met("open", f"the sentence stands in {path}; the license wants a file named '{self.file_name}'", because)
        return Met("yes", f"{path} holds the prescribed sentence", because)

    def _shown(self, use: Use) -> Met:
        """Judge a sentence that may stand anywhere by the attributions that are stated."""
        fact = use.fact("evidence.attribution")
        shown = [record for record in fact.value if any(holds(record.get("text"), text) for text in (self.text, *self.or_texts))
                 ] if fact else []
        if not fact or not shown:
            return Met("unstated")
        because = (Ground("evidence.attribution", self.text, path=fact.path, line=shown[0].line),)
        return Met("yes", "the prescribed sentence is shown, as declared", because)

    def _near(self, text: str, path: str, because: Because) -> Met:
        if holds(text.lower(), self.text.lower()):
            return Met("open", f"{path} holds the prescribed sentence in other capitals", because)
        return Met("no", f"{path} does not hold the prescribed sentence \"{self.text}\"", because)

    def _carries_upstream(self, use: Use, text: str, path: str, because: Because) -> Met:
        fact = use.fact("upstream_notice")
        if fact is None or fact.value == "none":
            return Met("open", f"{path} is there; whether it carries upstream's notices cannot be seen", because)
        upstream = use.document(fact, fact.value)
        if upstream.problem:
            return Met("open", f"upstream's notice {fact.value}: {upstream.problem}", because)
        if holds(text, upstream.text):
            return Met("yes", f"{path} carries upstream's notices", because)
        return Met("no", f"{path} does not carry all of upstream's notices ({fact.value})", because)
