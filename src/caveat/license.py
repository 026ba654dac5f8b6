"""A license: its metadata and its clauses, as its rule file states them (DESIGN section 4)."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from caveat.values import value

if TYPE_CHECKING:
    from caveat.clause import Clause


@value
class Licensor:
    """Who grants the license, and the other names it goes by."""

    name: str
    aliases: tuple[str, ...] = ()


@value
class Source:
    """Where the text is, when it was read (YYYY-MM-DD), how much of it was, and the digest of the words that were read."""

    url: str
    read_on: str
    evidence: Literal["text", "partial", "secondary"]
    digest: str = ""


@value
class IncorporatedPolicy:
    """An acceptable use policy that the license makes part of itself, when it was read, and the digest of its words."""

    url: str
    read_on: str
    digest: str = ""


@value
class Aliases:
    """Other names of a license: Hugging Face `license:` ids, SPDX ids, and titles; all matched whole, in any case."""

    hub: tuple[str, ...] = ()
    spdx: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@value(kw_only=True)
class LicenseHead:
    """The metadata of a rule set.

    `supersedes`: earlier editions of the same license, which go by the same names.
    """

    id: str
    name: str
    source: Source
    spdx: str = ""
    aliases: Aliases = field(default_factory=Aliases)
    licensor: Licensor | None = None
    released: str = ""
    osi_approved: bool = False
    open_weights: bool = True
    policy: IncorporatedPolicy | None = None
    supersedes: tuple[str, ...] = ()
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the license may be declared."""
        return (self.id, self.spdx, *self.aliases.hub, *self.aliases.spdx, *self.aliases.names)


@value(kw_only=True)
class License(LicenseHead):
    """One rule set: its metadata and its clauses."""

    clauses: tuple[Clause, ...]

    def kinds(self) -> frozenset[str]:
        """The kinds of its prohibitions and duties (information left out)."""
        return frozenset(clause.kind for clause in self.clauses if clause.binds)

    def derived_by_outputs(self) -> tuple[frozenset[str], frozenset[str]]:
        """The output relations that make a derivative of a licensed model, and those of which that is open."""
        for clause in self.clauses:
            if clause.kind == "distillation-derivative":
                return frozenset(getattr(clause, "from_", ())), frozenset(getattr(clause, "unclear", ()))
        return frozenset(), frozenset()
