"""Delivery: where a model runs, as stated or as the name it goes by says (DESIGN section 5)."""

from __future__ import annotations

from caveat.catalogue import Rules
from caveat.manifest import Fact, ModelUse
from caveat.model import Entry


def delivery(use: ModelUse, entry: Entry | None, rules: Rules) -> Fact | None:
    """Return where a model runs: as stated, else by the catalogue and the kind of its name; None where that is open."""
    stated = use.facts.get("delivery")
    if stated:
        return stated
    value = _by_name(use.id, entry, rules)
    return Fact("delivery", value, "", None, None) if value else None


def any_host(use: ModelUse, entry: Entry | None, rules: Rules) -> bool:
    """Tell whether an id is a bare API name of open weights, which the vendor and other hosts use, and nobody says whose."""
    return "delivery" not in use.facts and _is_shared_name(use.id, entry, rules)


def _is_shared_name(model_id: str, entry: Entry | None, rules: Rules) -> bool:
    return entry is not None and entry.weights == "open" and rules.host_of_name(model_id) == "vendor-api"


def _by_name(model_id: str, entry: Entry | None, rules: Rules) -> str | None:
    if entry and entry.weights == "none":
        return "vendor-api"
    if _is_shared_name(model_id, entry, rules):
        return None
    host = rules.host_of_name(model_id)
    if host:
        return host
    is_hub_id = "/" in model_id
    is_tag = ":" in model_id and not model_id.startswith("pkg:")
    return "self-hosted" if is_hub_id or is_tag or (entry is not None and entry.weights == "open") else None
