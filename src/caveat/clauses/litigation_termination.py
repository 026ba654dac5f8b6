"""Suing over the model ends the rights."""

from __future__ import annotations

from typing import ClassVar, Literal

from caveat.clause import Prohibition
from caveat.finding import Severity
from caveat.manifest import Record
from caveat.truth import Ground, Need, Truth, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value

DEFENSIVE = "A claim that answers a corresponding suit is spared; whether the suit that came first was a corresponding one is open."


@value(kw_only=True)
class LitigationTermination(Prohibition):
    """Rights end on the day the licensee sues over the model.

    `alleging`: claims that count (patent, copyright, other). `effect`: what ends. `against`: suits against anyone, or only
    against the licensor. `counterclaims`: they count as well, are spared, or (open) are spared only in answer to a
    corresponding suit.

    Fails when `organization.litigation` lists such a suit, brought as plaintiff or as counterclaim, about this license or a
    model under it. Not stated: listed, without deciding the gate.
    """

    alleging: tuple[str, ...] = ("patent", "copyright", "other")
    effect: str = "all rights end"
    against: Literal["anyone", "licensor"] = "anyone"
    counterclaims: Literal["count", "open", "spared"] = "count"

    kind: ClassVar[str] = "litigation-termination"
    default_severity: ClassVar[Severity] = "high"
    unstated_severity: ClassVar[Severity | None] = "medium"
    default_through_api: ClassVar = "applies"
    passes: ClassVar[str] = "no such suit"
    default_remedy: ClassVar[str] = "Stop using the model until counsel has cleared the suit, or use another model."

    def brief(self) -> str:
        whom = "the licensor" if self.against == "licensor" else "anyone"
        return f"suing {whom} ({', '.join(self.alleging)}): {self.effect}"

    def breached(self, use: Use) -> Truth:
        fact = use.fact("organization.litigation")
        if fact is None:
            return unknown(Need("organization.litigation"))
        if not fact.value:
            return no(use.ground(fact))
        return any_of(self._suit(use, record, fact.path) for record in fact.value)

    def _suit(self, use: Use, record: Record, path: str) -> Truth:
        get = record.get
        against = get("against") or "somebody"
        ground = Ground("organization.litigation", f"{get('role')} against {against}", path=path, line=record.line)
        spared = {"defendant", *(["counterclaimant"] if self.counterclaims == "spared" else [])}
        if get("role") in spared or (get("filed") and get("filed") > use.as_of):
            return no(ground)
        if get("alleging") and get("alleging") not in self.alleging:
            return no(ground)
        if self.against == "licensor" and get("against") and not use.is_licensor(get("against")):
            return no(ground)
        about = self._about(use, get("about"))
        if about is False:
            return no(ground)
        if about is None or get("alleging") is None or (self.against == "licensor" and not get("against")):
            return unknown(Need("organization.litigation", "against, about and alleging"), ground)
        answers = self.counterclaims == "open" and get("role") == "counterclaimant"
        return arguable(DEFENSIVE, ground) if answers else yes(ground)

    def _about(self, use: Use, about: tuple[str, ...] | None) -> bool | None:
        """Tell whether a suit is about this license's models; None when it is not stated."""
        if not about:
            return None
        names = {name.lower() for name in use.term.license.names if name}
        names |= {bearer.id.lower() for bearer in use.term.bearers} | {use.model.use.id.lower()}
        names |= {hop.parent.lower() for way in use.term.ways for hop in way.hops}
        if any(word.lower() in names for word in about):
            return True
        known = [use.about(word).licenses for word in about]
        if any(use.term.license.id in licenses for licenses in known):
            return True
        return False if all(known) else None

    def explain(self, use: Use, truth: Truth) -> str:
        return f"a suit over the model was brought: {self.effect}"
