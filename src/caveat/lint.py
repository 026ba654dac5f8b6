"""Lint: what a schema cannot see in rule files, for those who write them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from caveat.catalogue import FAMILY_NAMES, Rules, load_rules
from caveat.errors import Place, Problem, RuleError
from caveat.examples import untested
from caveat.license import License
from caveat.rulebook import compile_rules


def lint(folder: str, *, built_in: bool) -> Iterator[Problem]:
    """Give every problem of the rule files in a folder; `built_in`: it is the program's own."""
    try:
        pack = compile_rules(folder)
        rules = load_rules(() if built_in else (folder,))
    except RuleError as error:
        yield from error.problems
        return
    for license_id in pack["licenses"]:
        path = os.path.join(folder, "licenses", f"{license_id}.yaml")
        yield from (Problem(message, Place(path))
                    for message in _license(rules.license(license_id), rules, pack["examples"][license_id]))
    yield from _names(pack["licenses"], folder)
    yield from _models(pack["models"], folder)
    yield from _beside(pack["models"], rules, folder)


def _license(license: License, rules: Rules, examples: list[dict[str, Any]]) -> Iterator[str]:
    for clause in license.clauses:
        if not clause.says and not clause.binds:
            yield f"clause {clause.name} says nothing: add says:"
        for table in ("prohibits", "conditional", "unclear"):
            words = getattr(clause, table, None)
            if isinstance(words, dict):
                yield from (f"clause {clause.name}: '{tag}' is no tag of the vocabulary" for tag in words
                            if tag not in rules.vocabulary.uses)
    if license.spdx and not license.spdx.startswith("LicenseRef-"):
        yield from _spdx(license.spdx)
    yield from untested(examples, license)


def _spdx(name: str) -> Iterator[str]:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonical = canonicalize_license_expression(name)
    except InvalidLicenseExpression:
        yield f"spdx '{name}' is no SPDX id: write LicenseRef-..."
    else:
        if canonical != name:
            yield f"spdx '{name}' is written '{canonical}'"


def _names(licenses: dict[str, dict[str, object]], folder: str) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for license_id, data in licenses.items():
        aliases = data.get("aliases") or {}
        assert isinstance(aliases, dict)
        names = {str(name).lower() for name in (license_id, data.get("spdx") or license_id, *sum(aliases.values(), []))}
        for name in sorted(names):
            path = Place(os.path.join(folder, "licenses", f"{license_id}.yaml"))
            if name in FAMILY_NAMES:
                yield Problem(f"alias '{name}' names a family, not a license", path, "remove it")
            if owners.setdefault(name, license_id) != license_id:
                yield Problem(f"alias '{name}' belongs to {owners[name]} too", path, "keep it in one of them")


def _models(publishers: list[dict[str, object]], folder: str) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for publisher in publishers:
        place = Place(os.path.join(folder, "models", f"{publisher['publisher']}.yaml"))
        models = publisher.get("models") or []
        assert isinstance(models, list)
        for model in models:
            yield from (Problem(f"{model['ids'][0]}: {message}", place) for message in _entry(model))
            for name in (*model["ids"], *sum((model.get("aliases") or {}).values(), [])):
                if owners.setdefault(name.lower(), model["ids"][0]) != model["ids"][0] or list(model["ids"]).count(name) > 1:
                    yield Problem(f"'{name}' is listed twice", place, "keep one")


def _beside(publishers: list[dict[str, Any]], rules: Rules, folder: str) -> Iterator[Problem]:
    for publisher in publishers:
        place = Place(os.path.join(folder, "models", f"{publisher['publisher']}.yaml"))
        for entry in (*publisher.get("models", ()), *publisher.get("patterns", ())):
            name = entry["ids"][0] if "ids" in entry else entry["match"]
            yield from (Problem(f"{name}: beside '{policy}' is no rule set", place) for policy in entry.get("beside", ())
                        if policy not in rules.license_ids)


def _entry(model: dict[str, object]) -> Iterator[str]:
    if (model["weights"] == "open") != bool(model.get("license")):
        yield "a license is stated for open weights, and only for them"
    if (model["evidence"] == "seen") != bool(model.get("source")):
        yield "a source is stated for what was seen, and only for that"
