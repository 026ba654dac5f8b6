"""Changed files say that they were changed."""

from __future__ import annotations

import re
from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.truth import Truth, all_of, no, yes
from caveat.use import Use
from caveat.values import value

_SAYS_SO = r"\b(modif|chang|fine[- ]?tun|quanti[sz]|merg|convert|prun|adapt|train|distill|deriv|based on|abliterat|edit)"


@value(kw_only=True)
class StateChanges(Duty):
    """Whoever passes on a changed model says so.

    `on`: ways of distribution that trigger it. `relations`: what counts as a change.

    Owed when a model that we changed reaches others as a copy. Met by `evidence.change_notice`: a file (a model card, a
    CHANGES file) that speaks of the change.
    """

    on: tuple[str, ...] = ("weights", "embedded-product")
    relations: tuple[str, ...] = ("fine-tune", "adapter", "quantize", "convert", "prune", "merge")

    kind: ClassVar[str] = "state-changes"
    not_owed: ClassVar[str] = "no changed copy of yours reaches others"
    default_remedy: ClassVar[str] = (
        "Say in the model card or a CHANGES file what was changed, and name it under evidence.change_notice.")

    def owed(self, use: Use) -> Truth:
        made = use.made_by(self.relations)
        return all_of((yes(*made) if made else no(), use.copies_leave(self.on)))

    def unmet(self, use: Use) -> str:
        return "the changed files must say that they were changed, and no notice of it is stated"

    def met(self, use: Use) -> Met:
        fact = use.fact("evidence.change_notice")
        if fact is None:
            return Met("unstated")
        document = self.opened(use, fact, fact.value)
        if isinstance(document, Met):
            return document
        because = (use.ground(fact),)
        if re.search(_SAYS_SO, document.seen(), re.IGNORECASE):
            return Met("yes", f"{fact.value} speaks of the changes", because)
        return Met("open", f"{fact.value} does not seem to speak of changes", because)
