"""No use in production."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.truth import Truth, any_of
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class ProductionBan(Prohibition):
    """The model may not be used in production.

    `end_users`: neither may it serve end users outside the organization, whatever the environment is called.

    Fails when `environment` is production or, with `end_users`, when `end_users` is third-parties. Asks for what is not stated.
    """

    end_users: bool = True

    kind: ClassVar[str] = "production-ban"
    passes: ClassVar[str] = "not in production"
    default_remedy: ClassVar[str] = "Keep the model out of production, or get a separate license that covers production-ban."

    def brief(self) -> str:
        return "not in production" + (", not for outside users" if self.end_users else "")

    def breached(self, use: Use) -> Truth:
        live = use.equals("environment", "production")
        return any_of((live, use.equals("end_users", "third-parties"))) if self.end_users else live

    def explain(self, use: Use, truth: Truth) -> str:
        return "production use" + (", or use by people outside the organization," if self.end_users else "") + " is not allowed"
