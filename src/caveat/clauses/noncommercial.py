"""Only some purposes are allowed."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from caveat.clause import Prohibition
from caveat.truth import Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class Noncommercial(Prohibition):
    """Commercial purposes, or all purposes but some, are excluded.

    `allows`, `forbids`, `unclear`: values of `purpose`. `unclear_for`: purposes that are open for some kinds of organization
    (research inside a company). `production: true`: production use is excluded too. `outputs: true`: what the model produced is
    bound as well, so selling it breaches the clause.
    """

    allows: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ("commercial",)
    unclear: tuple[str, ...] = ()
    unclear_for: dict[str, tuple[str, ...]] = field(default_factory=dict)
    production: bool = False

    kind: ClassVar[str] = "noncommercial"
    passes: ClassVar[str] = "the purpose is allowed"
    default_readings: ClassVar[str] = "This purpose may or may not be one of those that the license allows."
    default_remedy: ClassVar[str] = (
        "Use a model whose license allows this purpose, or get a separate license that covers noncommercial.")

    def brief(self) -> str:
        return f"only {', '.join(self.allows)}" if self.allows else f"not {', '.join(self.forbids)}"

    def breached(self, use: Use) -> Truth:
        return any_of((self._purpose(use), self._production(use), self._outputs(use)))

    def _purpose(self, use: Use) -> Truth:
        forbidden = use.equals("purpose", *self.forbids)
        if forbidden.value is not False:
            return forbidden
        fact = use.fact("purpose")
        assert fact is not None
        if fact.value in self.unclear:
            return arguable(self.both_readings, *forbidden.because)
        kinds = self.unclear_for.get(fact.value, ())
        kind = use.equals("organization.kind", *kinds)
        if kinds and kind.value:
            return arguable(self.both_readings, *forbidden.because, *kind.because)
        if kinds and kind.value is None:
            return unknown(Need("organization.kind"), *forbidden.because)
        if self.allows and fact.value not in self.allows:
            return yes(*forbidden.because)
        return forbidden

    def _production(self, use: Use) -> Truth:
        live = use.equals("environment", "production")
        if not self.production or not live.value:
            return live if self.production else no()
        allowed = use.equals("purpose", *self.allows)
        if allowed.value:
            return arguable("An allowed purpose and a production environment are both stated.", *live.because)
        return all_of((live, ~allowed))

    def _outputs(self, use: Use) -> Truth:
        """Tell whether what the model wrote is sold; of a model that only learned from its outputs that is not asked."""
        bound = self.outputs and use.term.reaches & {"own", "base"}
        return use.outputs_in_trade() if bound else no()

    def explain(self, use: Use, truth: Truth) -> str:
        allowed = f"only {', '.join(self.allows)} is allowed" if self.allows else "commercial purposes are excluded"
        return f"{allowed} (section {self.section})"
