"""A policy: what an organization makes of findings."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from caveat.finding import Finding, Severity
from caveat.values import value


@value
class Gate:
    """What holds a project back beside a fail: reviews and obligations of this severity or above; "none" lets them through."""

    review: Severity | Literal["none"] = "high"
    obligation: Severity | Literal["none"] = "high"


@value
class Policy:
    """House rules over findings: severities by rule or kind, and the gate. A fail always holds the project back.

    `max_age`: rule sets read more than so many days before the day of the audit are noted (0: none is).
    """

    name: str
    description: str = ""
    gate: Gate = field(default_factory=Gate)
    severities: dict[str, Severity] = field(default_factory=dict)
    forbid_replaced_rules: bool = False
    max_age: int = 0

    def __post_init__(self) -> None:
        if self.max_age < 0:
            raise ValueError("max_age counts days; it is not below zero")

    def severity(self, finding: Finding) -> Severity:
        """Return the severity of a finding under this policy; the rule's own entry wins over its kind's."""
        return self.severities.get(finding.rule) or self.severities.get(finding.kind) or finding.severity
