"""Trade sanctions and export laws."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.finding import Severity
from caveat.truth import Need, Truth, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class ExportControl(Prohibition):
    """Use complies with trade laws.

    Fails when `organization.restricted_party` is true, or a United States organization offers the product in a comprehensively
    sanctioned country. For others it depends on which laws apply: a human decides. Not stated, or worldwide: listed, without
    deciding the gate.
    """

    kind: ClassVar[str] = "export-control"
    default_severity: ClassVar[Severity] = "high"
    unstated_severity: ClassVar[Severity | None] = "medium"
    default_through_api: ClassVar = "applies"
    liftable: ClassVar[bool] = False
    passes: ClassVar[str] = "no restricted party, no embargoed country"
    default_readings: ClassVar[str] = (
        "Sanctions of the United States may bind the organization, and then the use is barred, or they may not reach it.")
    default_remedy: ClassVar[str] = (
        "Take the embargoed country out of the offer, or have export counsel confirm that it is allowed.")

    def brief(self) -> str:
        return "no listed party, no embargoed country"

    def breached(self, use: Use) -> Truth:
        return any_of((use.equals("organization.restricted_party", True), self._embargoed(use)))

    def _embargoed(self, use: Use) -> Truth:
        fact = use.fact("region")
        if fact is None:
            return unknown(Need("region"))
        day = use.as_of.isoformat()
        embargoed = use.vocabulary.groups["EMBARGOED"].codes(day)
        places = tuple(code for code in fact.value if code != "worldwide" and code in embargoed)
        if "worldwide" in fact.value and not places:
            return unknown(Need("region", "embargoed countries"), use.ground(fact))
        if not places:
            return no(use.ground(fact))
        ground = use.ground(fact, places)
        domicile = use.equals("organization.domicile", "US")
        return yes(ground, *domicile.because) if domicile.value else arguable(self.both_readings, ground)

    def explain(self, use: Use, truth: Truth) -> str:
        return "trade laws bar it: a restricted party, or an offer in an embargoed country"
