"""Changed files say that they were changed."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.clauses.copyleft import MODIFIES
from caveat.truth import Truth, all_of, arguable
from caveat.use import Use
from caveat.values import value

_A_DATE = r"\b(19|20)[0-9]{2}\b"
_SAYS_SO = r"\b(modif|chang|fine[- ]?tun|quanti[sz]|merg|convert|prun|adapt|train|distill|deriv|based on|abliterat|edit)"


@value(kw_only=True)
class StateChanges(Duty):
    """Whoever passes on a changed model says so.

    `on`: ways of distribution that trigger it. `relations`: what counts as a change; `unclear_relations`: what perhaps
    does. `in_notice_file`: the statement belongs into the notice file. `unclear`: whether it is owed at all is open.
    `dated`: the statement gives a date.

    Owed when a model that we changed reaches others as a copy. Met by `evidence.change_notice`: a file (a model card, a
    CHANGES file) that speaks of the change.
    """

    on: tuple[str, ...] = ("weights", "embedded-product")
    relations: tuple[str, ...] = MODIFIES
    unclear_relations: tuple[str, ...] = ()
    in_notice_file: bool = False
    unclear: bool = False
    dated: bool = False

    kind: ClassVar[str] = "state-changes"
    not_owed: ClassVar[str] = "no changed copy of yours reaches others"
    default_remedy: ClassVar[str] = (
        "Say in the model card or a CHANGES file what was changed, and name it under evidence.change_notice.")

    @property
    def only_open(self) -> bool:
        return self.unclear

    def brief(self) -> str:
        return "say what was changed"

    def owed(self, use: Use) -> Truth:
        owed = all_of((use.made(self.relations, self.unclear_relations, self.both_readings), use.copies_leave(self.on)))
        return all_of((owed, arguable(self.both_readings))) if self.unclear else owed

    def unmet(self, use: Use) -> str:
        return "the changed files must say that they were changed, and no notice of it is stated"

    def met(self, use: Use) -> Met:
        stated, notice = use.fact("evidence.change_notice"), use.fact("evidence.notice_file")
        if not self.in_notice_file or (stated and notice and stated.value == notice.value):
            return self._told(use, "evidence.change_notice")
        told = self._told(use, "evidence.notice_file")
        if stated is None or told.state == "yes":
            return told
        where = notice.value if notice else "the notice file"
        return Met("open", f"the changes are stated in {stated.value}; the license wants them in {where}", (use.ground(stated),))

    def _told(self, use: Use, name: str) -> Met:
        """Judge a file that should speak of the changes and, where the license asks for it, give their date."""
        told = self.speaks(use, name, _SAYS_SO, "the changes")
        if told.state != "yes" or not self.dated:
            return told
        dated = self.speaks(use, name, _A_DATE, "the date of the changes")
        return told if dated.state == "yes" else dated
