"""JSON Schemas (draft-07) of everything the program reads and writes, generated from the classes that do it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any

from caveat import manifest, plugins
from caveat.compare import Comparison
from caveat.library import Explanation, LicenseList, ModelList
from caveat.license import LicenseHead
from caveat.policy import Policy
from caveat.report import Report
from caveat.rulebook import adapter
from caveat.rulefiles import Example, Publisher
from caveat.texts import TextsReport

DRAFT = "http://json-schema.org/draft-07/schema#"


def schemas() -> Mapping[str, str]:
    """Return the text of every schema file by its name."""
    found = {
        "manifest.json": manifest.schema(),
        "license.json": _license(),
        "models.json": _titled("caveat catalogue: the models of one publisher", _of(Publisher)),
        "policy.json": _titled("caveat policy", _of(Policy)),
        "report.json": _titled("caveat report (--format json), version 1", _of(Report, mode="serialization")),
        "explain.json": _titled("caveat explain --format json, version 1", _of(Explanation, mode="serialization")),
        "licenses.json": _titled("caveat licenses --format json, version 1", _of(LicenseList, mode="serialization")),
        "model-list.json": _titled("caveat models --format json, version 1", _of(ModelList, mode="serialization")),
        "check-texts.json": _titled("caveat rules check-texts --format json, version 1", _of(TextsReport, mode="serialization")),
        "compare.json": _titled("caveat compare --format json, version 1", _of(Comparison, mode="serialization")),
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n" for name, schema in found.items()}


def _titled(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DRAFT, **schema, "title": title}


def _of(shape: type, *, mode: Any = "validation") -> dict[str, Any]:
    schema = adapter(shape).json_schema(mode=mode, ref_template="#/definitions/{model}")
    if "$defs" in schema:
        schema["definitions"] = schema.pop("$defs")
    found: dict[str, Any] = _plain_names(schema)
    return found


def _license() -> dict[str, Any]:
    """Return the schema of a rule set: its metadata, one branch per clause kind, and its examples."""
    head = _of(LicenseHead)
    definitions = head.pop("definitions", {})
    kinds = []
    for kind in plugins.names("clauses"):
        clause = _of(plugins.clause_kind(kind))
        definitions |= clause.pop("definitions", {})
        clause["properties"] = {"kind": {"const": kind}, **clause["properties"]}
        clause["required"] = ["kind", *clause.get("required", [])]
        clause["description"] = inspect.getdoc(plugins.clause_kind(kind))
        definitions[f"clause-{kind}"] = clause
        kinds.append({"$ref": f"#/definitions/clause-{kind}"})
    example = _of(Example)
    definitions |= example.pop("definitions", {})
    head["properties"] |= {"clauses": {"type": "array", "minItems": 1, "items": {"oneOf": kinds}},
                           "examples": {"type": "array", "items": example}}
    head["required"] = [*head["required"], "clauses"]
    return _titled("caveat rule set: one license", {**head, "definitions": definitions})


def _plain_names(schema: Any) -> Any:
    """Return a schema whose property names are those of the files: `from` where the class says `from_`."""
    if isinstance(schema, dict):
        found = {key: _plain_names(value) for key, value in schema.items()}
        if isinstance(found.get("properties"), dict):
            found["properties"] = {name.removesuffix("_"): value for name, value in found["properties"].items()}
        if isinstance(found.get("required"), list):
            found["required"] = [name.removesuffix("_") for name in found["required"]]
        return found
    return [_plain_names(item) for item in schema] if isinstance(schema, list) else schema
