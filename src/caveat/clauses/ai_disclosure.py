"""People are told that they deal with AI, or with its output."""

from __future__ import annotations

from typing import ClassVar, Literal

from caveat.clause import Duty, Met
from caveat.finding import Severity
from caveat.truth import Need, Truth, no, unknown, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class AiDisclosure(Duty):
    """Output of the model is marked as made by AI, where the license makes this a duty of its own.

    `where_law_requires`: only as far as the law asks for it, so that silence is for a human.

    Looks at `ai_disclosure`: disclosed meets it, not-public makes it not applicable, not-disclosed does not meet it.
    """

    where_law_requires: bool = False

    kind: ClassVar[str] = "ai-disclosure"
    default_severity: ClassVar[Severity] = "medium"
    default_through_api: ClassVar[Literal["applies", "open", "exempt"]] = "applies"
    not_owed: ClassVar[str] = "nothing is shown to the public"
    default_remedy: ClassVar[str] = "Mark the output as made with AI and state ai_disclosure: disclosed."

    @property
    def only_open(self) -> bool:
        return self.where_law_requires

    def brief(self) -> str:
        return "mark output as AI-made" + (" where law asks for it" if self.where_law_requires else "")

    def owed(self, use: Use) -> Truth:
        fact = use.fact("ai_disclosure")
        if fact is None:
            return unknown(Need("ai_disclosure"))
        return no(use.ground(fact)) if fact.value == "not-public" else yes(use.ground(fact))

    def met(self, use: Use) -> Met:
        disclosed = use.equals("ai_disclosure", "disclosed")
        because = tuple(disclosed.because)
        if disclosed.value is None:
            return Met("unstated")
        if disclosed.value:
            return Met("yes", "output is disclosed as made by AI, as declared", because)
        if self.where_law_requires:
            return Met("open", "output is not disclosed as made by AI; whether a law asks for it here is open", because)
        return Met("no", "output is not disclosed as made by AI", because)
