"""The look-up tables of a rule pack: which license a name declares, which entry a model id means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def indexes(pack: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a pack as JSON-ready data.

    names: license id by every name. entries: what is known of models; ids and patterns (by namespace) point into them.
    families: publisher by bare word. api, bare: names of APIs, and of Ollama libraries without a tag.
    """
    publishers = pack["models"]
    return {"names": _license_names(pack["licenses"]), **_models(publishers),
            "families": {word.lower(): one["publisher"] for one in publishers for word in one.get("families", ())},
            "api": _names_under("api", publishers), "bare": _names_under("ollama", publishers, without=":")}


def _license_names(licenses: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for license_id, data in licenses.items():
        aliases = (name for group in data.get("aliases", {}).values() for name in group)
        for name in filter(None, (license_id, data.get("spdx", ""), *aliases)):
            names.setdefault(" ".join(name.lower().split()), license_id)
    return names


def _models(publishers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    ids: dict[str, int] = {}
    patterns: dict[str, list[tuple[str, int]]] = {}
    for publisher in publishers:
        for model in publisher.get("models", ()):
            for key in keys(model):
                ids.setdefault(key.lower(), len(entries))
            entries.append(_as_entry(model, publisher))
        for pattern in publisher.get("patterns", ()):
            match = pattern["match"].lower()
            patterns.setdefault(match.split("/", 1)[0], []).append((match, len(entries)))
            entries.append(_as_entry(pattern, publisher))
    return {"ids": ids, "patterns": patterns, "entries": entries}


def _names_under(group: str, publishers: Iterable[Mapping[str, Any]], *, without: str = "") -> dict[str, bool]:
    """Return the other names of one group, those that are hub ids as well left out, and those that hold a character."""
    models = [model for publisher in publishers for model in publisher.get("models", ())]
    hub_ids = {model_id.lower() for model in models for model_id in model["ids"]}
    found = {name.lower() for model in models for name in model.get("aliases", {}).get(group, ())
             if not without or without not in name}
    return dict.fromkeys(sorted(found - hub_ids), True)


def keys(model: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every exact name of a model in the catalogue."""
    aliases = model.get("aliases", {})
    return (*model["ids"], *(name for group in aliases.values() for name in group))


def _as_entry(data: Mapping[str, Any], publisher: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key not in ("ids", "aliases", "match")}
    return {**kept, "publisher": publisher["publisher"], "publisher_name": publisher["name"]}
