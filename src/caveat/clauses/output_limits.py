"""What the model wrote may not be used for trade."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.finding import Severity
from caveat.truth import Truth, arguable
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class OutputLimits(Prohibition):
    """Outputs of the model may not be used commercially.

    `unclear`: the text contradicts itself, so that commercial use of outputs is for a human.

    Looks at `outputs.commercial`, and at models for trade that are trained on outputs.
    """

    unclear: bool = False

    kind: ClassVar[str] = "output-limits"
    passes: ClassVar[str] = "outputs are not used commercially"
    default_readings: ClassVar[str] = "The text allows commercial use of outputs in one place and rules it out in another."
    default_remedy: ClassVar[str] = "Do not use its outputs commercially, or get a separate license that covers output-limits."

    @property
    def only_open(self) -> bool:
        return self.unclear

    def severity_if_unstated(self) -> Severity | None:
        """Where the text contradicts itself, what is not stated is listed without deciding the gate."""
        return "medium" if self.unclear else None

    def brief(self) -> str:
        return "commercial use of outputs is open" if self.unclear else "no commercial use of outputs"

    def breached(self, use: Use) -> Truth:
        sold = use.outputs_in_trade()
        return arguable(self.both_readings, *sold.because) if self.unclear and sold.value else sold

    def explain(self, use: Use, truth: Truth) -> str:
        return "outputs are used commercially, which the license does not allow"
