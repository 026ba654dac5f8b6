"""The published schemas are those of the code, and they hold for what the program reads and writes."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from caveat import document
from caveat.api import Options, check
from caveat.render import render
from caveat.report import Style
from caveat.schemas import schemas

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "rules" / "schema"


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return found


def _data(path: Path) -> Any:
    node = document.parse_yaml(path.read_text("utf-8"), str(path))
    assert node is not None
    return document.plain(node)


def _numbers(data: Any) -> Any:
    """YAML 1.2 reads 1_000 as a word; schema-minded editors read it as YAML 1.1 does."""
    if isinstance(data, dict):
        return {key: _numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_numbers(item) for item in data]
    return int(data) if isinstance(data, str) and data.replace("_", "").isdigit() and "_" in data else data


@pytest.mark.parametrize("name", sorted(schemas()))
def test_files_equal_the_code(name: str) -> None:
    assert (SCHEMAS / name).read_text("utf-8") == schemas()[name], "run make schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_is_a_schema(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(_schema(name))


@pytest.mark.parametrize(("folder", "name"), [("licenses", "license.json"), ("models", "models.json"), ("policies", "policy.json")])
def test_our_rule_files_are_valid(folder: str, name: str) -> None:
    validator = jsonschema.Draft7Validator(_schema(name))
    for path in sorted((ROOT / "rules" / folder).glob("*.yaml")):
        validator.validate(_numbers(_data(path)))


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures").glob("*/caveat.yaml")), ids=lambda path: path.parent.name)
def test_manifests_and_reports_of_fixtures_are_valid(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jsonschema.Draft7Validator(_schema("manifest.json")).validate(_data(path))
    monkeypatch.chdir(path.parent)
    report = check(["caveat.yaml"], Options(), datetime.date(2026, 11, 22))
    jsonschema.Draft7Validator(_schema("report.json")).validate(json.loads(render(report, "json", Style())))


@pytest.mark.parametrize("broken", [{"version": 2}, {"version": 1, "unknown": 1}, {"version": 1, "purpose": "fun"},
                                    {"version": 1, "models": []}, {"version": 1, "region": ["germany"]}])
def test_the_manifest_schema_refuses(broken: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(_schema("manifest.json")).validate(broken)


def test_a_clause_with_an_unknown_key_is_refused() -> None:
    broken = _numbers(_data(ROOT / "rules" / "licenses" / "mit.yaml"))
    broken["clauses"][0]["color"] = "blue"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(_schema("license.json")).validate(broken)
