"""No product that competes with the licensor's."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.truth import Need, Truth, no, unknown, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class CompetingProduct(Prohibition):
    """The model may not serve a product that competes with the licensor's own.

    Fails when `organization.competes_with` names the licensor; asks when it is not stated.
    """

    kind: ClassVar[str] = "competing-product"
    passes: ClassVar[str] = "no competition with the licensor"
    default_remedy: ClassVar[str] = "Use another model, or get a separate license that covers competing-product."

    def brief(self) -> str:
        return "no product that competes with the licensor"

    def breached(self, use: Use) -> Truth:
        fact = use.fact("organization.competes_with")
        if fact is None:
            return unknown(Need("organization.competes_with"))
        rivals = tuple(name for name in fact.value if use.is_licensor(name))
        return yes(use.ground(fact, rivals)) if rivals else no(use.ground(fact))

    def explain(self, use: Use, truth: Truth) -> str:
        licensor = use.term.license.licensor
        return f"the organization competes with {licensor.name if licensor else 'the licensor'}"
