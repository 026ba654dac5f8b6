"""End users learn about known dangers."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.finding import Severity
from caveat.truth import Truth, arguable
from caveat.use import Use
from caveat.values import value

_SPEAKS_OF_RISK = (r"\b(risk|danger|limit|hazard|harm|caution|warn|unsafe|wrong|inaccura|bias|mistake|error|hallucinat|"
                   r"invent|do not|never|not suitable)")


@value(kw_only=True)
class RiskDisclosure(Duty):
    """Known dangers of the system are disclosed to its end users.

    Owed when there are end users; whether employees are meant is open. Met by `evidence.risk_disclosure`: a file that speaks
    of limits or dangers.
    """

    kind: ClassVar[str] = "risk-disclosure"
    default_severity: ClassVar[Severity] = "medium"
    default_through_api: ClassVar = "applies"
    not_owed: ClassVar[str] = "there are no end users"
    default_readings: ClassVar[str] = "Employees who use the system may be end users, or part of the licensee itself."
    default_remedy: ClassVar[str] = (
        "Publish the known limits and dangers for users and name the page under evidence.risk_disclosure.")

    def brief(self) -> str:
        return "tell users of known dangers"

    def owed(self, use: Use) -> Truth:
        staff = use.equals("end_users", "employees")
        if staff.value:
            return arguable(self.both_readings, *staff.because)
        return use.equals("end_users", "third-parties")

    def unmet(self, use: Use) -> str:
        return "end users must be told of known dangers, and no disclosure is stated"

    def met(self, use: Use) -> Met:
        return self.speaks(use, "evidence.risk_disclosure", _SPEAKS_OF_RISK, "limits or dangers")
