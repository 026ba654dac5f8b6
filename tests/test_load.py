"""Load: the contract of the manifest, in all its forms; every problem of a file is one clear line with its place."""

from __future__ import annotations

import datetime
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat import document
from caveat.catalogue import Rules
from caveat.errors import ManifestError, Place
from caveat.figures import Interval, Monthly
from caveat.load import MAX_EXTENDS, find, load
from caveat.manifest import Fact, Manifest, Record
from caveat.parse import parse

if TYPE_CHECKING:
    from tests.conftest import Cli, Load, Write

SMALL = """\
version: 1
project: support-assistant
mau: {at_most: 2_000_000}          # monthly active users of ALL products of the organization and its affiliates
region: [EU, GB]                   # where the product is offered
intended_use: [customer-support]
models:
  - meta-llama/Llama-3.3-70B-Instruct
"""

FULL = """\
version: 1
project: support-assistant
as_of: 2026-11-22          # optional
extends: ../org.yaml
organization:
  name: Acme Robotics GmbH
  kind: company            # individual | company | nonprofit | academic | government
  domicile: DE
  businesses: none
  competes_with: none
  litigation: none
  restricted_party: false
mau:
  2023-06: 0
  2024-08: {at_most: 1_000_000}
  2026-10: 4_200_000
product_mau: 120_000
dau: {at_most: 50_000}
revenue:
  - {period: 2025, amount: 31_000_000, currency: EUR}
  - {period: 2026-09, amount: {at_most: 4_000_000}, currency: USD}
product_revenue: [{period: 2026-09, amount: 90_000, currency: USD}]
exchange_rates: [{from: EUR, to: USD, rate: 1.09, date: 2026-09-30}]
purpose: commercial
environment: production
end_users: third-parties
region: [EU, GB]
intended_use:
  - customer-support
  - {tag: medical-advice, licensed_professional: true, human_in_loop: true}
ai_disclosure: disclosed
distribution: [hosted-service]
status: live
terms: [{path: TERMS.md, passes_on: [gemma-terms-2025-03-24]}]
models:
  - id: acme/Llama-Acme-Support-8B
    license: llama-3.1
    license_text: models/LICENSE
    base: [{id: meta-llama/Llama-3.1-8B, relation: fine-tune}]
    made_by: us
    delivery: self-hosted
    multimodal: false
    released: 2024-07-23
    name: Llama-Acme-Support-8B
    derivative_license: llama-3.1
    outputs: {commercial: true, train: none}
    safeguards: {altered: false, filter: true, output_review: true}
    upstream_notice: none
    received_in_product: false
    separate_license: {licensor: Meta, reference: MSA-17, covers: [user-cap], until: 2027-01-01}
    registration: {done: true, on: 2026-05-01}
    distribution: [hosted-service]
    evidence:
      license_copy: [models/LICENSE]
      notice_file: models/Notice
      change_notice: models/README.md
      attribution: [{text: Built with Llama, where: website, path: site/about.html}]
      risk_disclosure: docs/limitations.md
      source_offer: https://acme.example/source
waivers: []
"""

ORG = "organization: {name: Other, kind: academic}\npurpose: research\nmuu: 7\nenvironment: non-production\n"


def bare(value: Any) -> Any:
    """Return a fact's value as plain data: records as dicts, intervals as pairs, without lines."""
    if isinstance(value, Record):
        return {key: bare(item) for key, item in value.values.items()}
    if isinstance(value, Monthly):
        found = {month: bare(stated.value) for month, stated in value.months}
        others = (("every", value.every), ("latest", value.latest))
        return {**found, **{name: bare(stated.value) for name, stated in others if stated}}
    if isinstance(value, Interval):
        return (value.low, value.high)
    return [bare(item) for item in value] if isinstance(value, tuple) else value


def facts(manifest: Manifest) -> dict[str, Any]:
    """Return every fact of a manifest as plain data, the models' under their id."""
    found = {name: bare(fact.value) for name, fact in manifest.facts.items()}
    for model in manifest.models:
        found |= {f"{model.id} {name}": bare(fact.value) for name, fact in model.facts.items()}
    return found


def whole(write: Write, rules: Rules) -> Manifest:
    """Load the full manifest with the file that it extends."""
    write("org.yaml", ORG)
    return load(write("app/caveat.yaml", FULL), rules.vocabulary)


# -- the contract --------------------------------------------------------------------------------------------------


def test_the_small_form_is_a_complete_manifest(load_text: Load) -> None:
    manifest = load_text(SMALL)
    assert manifest.project == "support-assistant"
    assert manifest.as_of is None
    assert manifest.waivers == ()
    assert (manifest.policy, manifest.rules) == (None, ())
    assert facts(manifest) == {
        "mau": {"every": (0, 2_000_000)}, "region": ["EU", "GB"], "intended_use": [{"tag": "customer-support"}],
        "meta-llama/Llama-3.3-70B-Instruct id": "meta-llama/Llama-3.3-70B-Instruct"}


def test_the_full_form_gives_every_fact(write: Write, rules: Rules) -> None:
    manifest = whole(write, rules)
    assert manifest.as_of == datetime.date(2026, 11, 22)
    ours = "acme/Llama-Acme-Support-8B"
    assert facts(manifest) == {
        "muu": {"latest": (7, 7)},
        "organization.name": "Acme Robotics GmbH", "organization.kind": "company", "organization.domicile": "DE",
        "organization.businesses": [], "organization.competes_with": [], "organization.litigation": [],
        "organization.restricted_party": False,
        "mau": {"2023-06": (0, 0), "2024-08": (0, 1_000_000), "2026-10": (4_200_000, 4_200_000)},
        "product_mau": {"latest": (120_000, 120_000)}, "dau": {"every": (0, 50_000)},
        "revenue": [{"period": "2025", "amount": (31_000_000, 31_000_000), "currency": "EUR"},
                    {"period": "2026-09", "amount": (0, 4_000_000), "currency": "USD"}],
        "product_revenue": [{"period": "2026-09", "amount": (90_000, 90_000), "currency": "USD"}],
        "exchange_rates": [{"from": "EUR", "to": "USD", "rate": "1.09", "date": datetime.date(2026, 9, 30)}],
        "purpose": "commercial", "environment": "production", "end_users": "third-parties", "region": ["EU", "GB"],
        "intended_use": [{"tag": "customer-support"},
                         {"tag": "medical-advice", "licensed_professional": True, "human_in_loop": True}],
        "ai_disclosure": "disclosed", "distribution": ["hosted-service"], "status": "live",
        "terms": [{"path": "TERMS.md", "passes_on": ["gemma-terms-2025-03-24"]}],
        f"{ours} id": ours, f"{ours} license": "llama-3.1", f"{ours} license_text": "models/LICENSE",
        f"{ours} base": [{"id": "meta-llama/Llama-3.1-8B", "relation": "fine-tune"}],
        f"{ours} made_by": "us", f"{ours} delivery": "self-hosted", f"{ours} multimodal": False,
        f"{ours} released": datetime.date(2024, 7, 23), f"{ours} name": "Llama-Acme-Support-8B",
        f"{ours} derivative_license": "llama-3.1", f"{ours} outputs.commercial": True, f"{ours} outputs.train": [],
        f"{ours} safeguards.altered": False, f"{ours} safeguards.filter": True, f"{ours} safeguards.output_review": True,
        f"{ours} upstream_notice": "none", f"{ours} received_in_product": False,
        f"{ours} separate_license": {"licensor": "Meta", "reference": "MSA-17", "covers": ["user-cap"],
                                     "until": datetime.date(2027, 1, 1)},
        f"{ours} registration": {"done": True, "on": datetime.date(2026, 5, 1)},
        f"{ours} distribution": ["hosted-service"],
        f"{ours} evidence.license_copy": ["models/LICENSE"], f"{ours} evidence.notice_file": "models/Notice",
        f"{ours} evidence.change_notice": "models/README.md",
        f"{ours} evidence.attribution": [{"text": "Built with Llama", "where": "website", "path": "site/about.html"}],
        f"{ours} evidence.risk_disclosure": "docs/limitations.md",
        f"{ours} evidence.source_offer": "https://acme.example/source"}


def start_of(text: str, dotted: str, *, below: str = "") -> tuple[int, int]:
    """Find by eye, as it were, where the value of a key begins: line and column, counted from 1."""
    rows = text.splitlines()
    first = next(number for number, row in enumerate(rows) if row.startswith(below)) if below else 0
    for part in dotted.split("."):
        for number in range(first, len(rows)):
            before, found, _ = f" {rows[number]}".partition(f" {part}:")
            flow = rows[number].find(f"{{{part}:")
            if found or flow >= 0:
                first = number
                column = flow + len(part) + 3 if flow >= 0 and not found else len(before) + len(part) + 2
                value = rows[number][column - 1:].split("#")[0]
                break
        else:
            raise AssertionError(f"{part} not found")
    if value.strip():
        return first + 1, column + len(value) - len(value.lstrip())
    below_it = rows[first + 1]
    return first + 2, len(below_it) - len(below_it.lstrip()) + 1


def test_every_fact_of_the_full_form_knows_its_place(write: Write, rules: Rules) -> None:
    manifest = whole(write, rules)
    wrong = {}
    for fact in manifest.facts.values():
        if fact.name != "muu":
            expected = start_of(FULL, fact.name)
            if (fact.path, fact.line, fact.column) != (manifest.path, *expected):
                wrong[fact.name] = (fact.line, fact.column, expected)
    model = manifest.models[0]
    for fact in model.facts.values():
        expected = start_of(FULL, fact.name, below="models:")
        if (fact.path, fact.line, fact.column) != (manifest.path, *expected):
            wrong[f"model {fact.name}"] = (fact.line, fact.column, expected)
    assert wrong == {}
    assert model.place == Place(manifest.path, 36, 5)
    assert len(manifest.facts) + len(model.facts) > 45


def test_entries_of_lists_keep_their_own_line(write: Write, rules: Rules) -> None:
    manifest = whole(write, rules)
    assert [record.line for record in manifest.facts["revenue"].value] == [20, 21]
    assert [record.line for record in manifest.facts["intended_use"].value] == [29, 30]


# -- other forms of the same ---------------------------------------------------------------------------------------


def as_toml(data: Any) -> str:
    """Write plain data as a TOML value."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(as_toml, data)) + "]"
    return json.dumps(data, ensure_ascii=False)


def as_toml_document(data: dict[str, Any], prefix: str = "") -> str:
    """Write a manifest as people write TOML: tables, dotted keys and an array of tables for the models."""
    top = {key: value for key, value in data.items() if key not in ("models", "organization")}
    lines = [f"[{prefix}]"] if prefix else []
    lines += [f"{key} = {as_toml(value)}" for key, value in top.items()]
    start = f"{prefix}." if prefix else ""
    if "organization" in data:
        lines += [f"[{start}organization]", *(f"{key} = {as_toml(value)}" for key, value in data["organization"].items())]
    for model in data["models"]:
        lines.append(f"[[{start}models]]")
        lines += [f"{key} = {as_toml(value)}" for key, value in model.items() if key != "evidence"]
        lines += [f"[{start}models.evidence]", *(f"{key} = {as_toml(value)}" for key, value in model.get("evidence", {}).items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["caveat.json", "caveat.toml", "pyproject.toml"])
def test_json_and_toml_give_the_same_facts(load_text: Load, name: str) -> None:
    text = FULL.replace("extends: ../org.yaml\n", "")
    node = parse(text, "x.yaml")
    assert node is not None
    data = document.plain(node)
    other = {"caveat.json": json.dumps(data), "caveat.toml": as_toml_document(data),
             "pyproject.toml": "[project]\nname = 'x'\n" + as_toml_document(data, "tool.caveat")}[name]
    manifest = load_text(other, name)
    assert facts(manifest) == facts(load_text(text))
    if name != "caveat.json":
        rows = other.splitlines()
        found = {**manifest.facts, **manifest.models[0].facts}
        for fact in found.values():
            assert fact.line is not None
            assert rows[fact.line - 1].startswith(fact.name.split(".")[-1]) or fact.name.startswith(("outputs.", "safeguards."))


def test_dates_and_numbers_of_toml(load_text: Load) -> None:
    text = "version = 1\nproject = 'p'\nas_of = 2026-11-22\nmau = 1_000\nmodels = ['a/b']\n[product_mau]\n2024-08 = 5\n"
    manifest = load_text(text, "caveat.toml")
    assert manifest.as_of == datetime.date(2026, 11, 22)
    assert facts(manifest) == {"mau": {"latest": (1000, 1000)}, "product_mau": {"2024-08": (5, 5)}, "a/b id": "a/b"}


@pytest.mark.parametrize(("line", "name", "value"), [
    ("region: EU", "region", ["EU"]), ("region: worldwide", "region", ["worldwide"]), ("region: NO", "region", ["NO"]),
    ("intended_use: none", "intended_use", []), ("intended_use: translation", "intended_use", [{"tag": "translation"}]),
    ("distribution: weights", "distribution", ["weights"]), ("revenue: none", "revenue", []),
    ("mau: 1_000", "mau", {"latest": (1000, 1000)}), ("mau: 1.2M", "mau", {"latest": (1_200_000, 1_200_000)}),
    ("mau: 700M", "mau", {"latest": (700_000_000, 700_000_000)}), ("mau: 1.5k", "mau", {"latest": (1500, 1500)}),
    ("mau: '1000'", "mau", {"latest": (1000, 1000)}), ("mau: 2bn", "mau", {"latest": (2_000_000_000, 2_000_000_000)}),
    ("mau: 0", "mau", {"latest": (0, 0)}), ("mau: 1.0", "mau", {"latest": (1, 1)}), ("mau: 012", "mau", {"latest": (12, 12)}),
    ("mau: {at_least: 5}", "mau", {"every": (5, None)}), ("mau: {at_least: 5, at_most: 5}", "mau", {"every": (5, 5)}),
    ("mau: {2024-08: {at_least: 1k}}", "mau", {"2024-08": (1000, None)}),
    ("organization: {name: NO}", "organization.name", "NO"), ("organization: {domicile: NO}", "organization.domicile", "NO"),
    ("organization: {litigation: [{role: plaintiff, about: llama-3.2}]}", "organization.litigation",
     [{"role": "plaintiff", "about": ["llama-3.2"]}]),
])
def test_what_a_fact_may_look_like(load_text: Load, line: str, name: str, value: Any) -> None:
    manifest = load_text(f"version: 1\nproject: p\nmodels: [a/b]\n{line}\n")
    assert facts(manifest)[name] == value


@pytest.mark.parametrize(("model", "name", "value"), [
    ("{id: a/b, base: none}", "base", []), ("{id: a/b, separate_license: none}", "separate_license", "none"),
    ("{id: a/b, upstream_notice: NOTICE}", "upstream_notice", "NOTICE"), ("{id: a/b, region: [US]}", "region", ["US"]),
    ("{id: a/b, outputs: {train: [x/y, {id: z, kind: embedding}]}}", "outputs.train",
     [{"id": "x/y"}, {"id": "z", "kind": "embedding"}]),
    ("{id: a/b, evidence: {license_copy: LICENSE}}", "evidence.license_copy", ["LICENSE"]),
    ("{id: a/b, evidence: {attribution: {text: Built with Llama}}}", "evidence.attribution", [{"text": "Built with Llama"}]),
])
def test_what_a_fact_of_a_model_may_look_like(load_text: Load, model: str, name: str, value: Any) -> None:
    manifest = load_text(f"version: 1\nproject: p\nmodels: [{model}]\n")
    assert bare(manifest.models[0].facts[name].value) == value


# -- every kind of mistake is one line, all of a file at once -------------------------------------------------------

GOOD = "version: 1\nproject: p\nmodels: [a/b]\n"
_KNOWN_BOUND = "known keys: at_most, at_least"
_NUMBER = "write a whole number such as 2_000_000 or 1.2M"
_CODES = "is not a country code, EU, EEA or worldwide"
MISTAKES = {
    "duplicate key": (GOOD + "project: q\n", ["4:1: key 'project' stands twice (first on line 2); keep one"]),
    "unknown keys": (GOOD + "regoin: EU\nzzz: 1\n", [
        "4:1: unknown key 'regoin'; did you mean 'region'?", "5:1: unknown key 'zzz'; known keys: version, project"]),
    "unknown key below": (GOOD + "organization: {domicil: DE}\n", ["4:16: unknown key 'domicil'; did you mean 'domicile'?"]),
    "unknown key of a model": ("version: 1\nproject: p\nmodels:\n  - id: a/b\n    licence: mit\n", [
        "5:5: unknown key 'licence'; did you mean 'license'?"]),
    "missing keys beside others": ("projct: p\nmodels: [a/b]\n", [
        "1:1: unknown key 'projct'; did you mean 'project'?", "1:1: 'version' is missing; add version:",
        "1:1: 'project' is missing; add project:"]),
    "missing keys": ("models: [a/b]\n", ["1:1: 'version' is missing; add version:", "1:1: 'project' is missing; add project:"]),
    "version": ("version: 2\nproject: p\nmodels: [a/b]\n", ["1:10: '2' is not one of 1"]),
    "a word": (GOOD + "purpose: comercial\n", [
        "4:10: 'comercial' is not one of commercial, internal-business, evaluation, research, teaching, personal, charity; "
        "did you mean 'commercial'?"]),
    "a flag": (GOOD + "organization: {restricted_party: no}\n", ["4:34: 'no' where true or false belongs; write true or false"]),
    "a list for a word": (GOOD + "status: [live]\n", ["4:9: a list is not one of planned, live"]),
    "a word for a list": ("version: 1\nproject: p\nmodels: a/b\n", ["3:9: 'a/b' where a list belongs; write a list: [...]"]),
    "a word for a mapping": (GOOD + "organization: Acme\n", ["4:15: 'Acme' where a mapping belongs; write name, kind"]),
    "true for a word": (GOOD + "organization: {name: true}\n", ["4:22: 'true' where a name belongs; write a name"]),
    "a list for a document": ("- a\n- b\n", ["1:1: a list where a mapping belongs; write version, project"]),
    "impossible dates": (GOOD + "as_of: 2026-02-30\nexchange_rates: [{from: EUR, to: USD, rate: 1, date: 22.11.2026}]\n", [
        "4:8: '2026-02-30' is not a date; write YYYY-MM-DD, e.g. 2026-11-22",
        "5:54: '22.11.2026' is not a date; write YYYY-MM-DD, e.g. 2026-11-22"]),
    "codes": (GOOD + "region: [UK, uk, de, eu, Worldwide, XX, EMBARGOED]\norganization: {domicile: Germany}\n", [
        f"4:10: 'UK' {_CODES}; write GB", f"4:14: 'uk' {_CODES}; write GB", f"4:18: 'de' {_CODES}; write DE",
        f"4:22: 'eu' {_CODES}; write EU", f"4:26: 'Worldwide' {_CODES}; write worldwide",
        f"4:37: 'XX' {_CODES}; write two capital letters, e.g. DE", f"4:41: 'EMBARGOED' {_CODES}; write two",
        "5:26: 'Germany' is not an ISO 3166-1 country code; write two capital letters, e.g. DE"]),
    "figures": (GOOD + "mau: -5\nproduct_mau: 1.5\ndau: many\nmuu: 999_999_999_999\n", [
        f"4:6: '-5' is below zero; {_NUMBER}", f"5:14: '1.5' is not a whole number; {_NUMBER}",
        f"6:6: 'many' is not a number; {_NUMBER}", "7:6: '999_999_999_999' is more people than the earth holds; check the figure"]),
    "other figures": (GOOD + "mau: 1e3\nproduct_mau: 0x10\ndau: true\nmuu: '_'\n", [
        f"4:6: '1e3' is not a number; {_NUMBER}", f"5:14: '0x10' is not a number; {_NUMBER}",
        f"6:6: 'true' is not a number; {_NUMBER}", f"7:6: '_' is not a number; {_NUMBER}"]),
    "a figure of thousands of digits": (GOOD + f"mau: {'9' * 9000}\n", ["4:6: '99999"]),
    "months": (GOOD + "mau: {2024-13: 5, August: -1}\n", [
        "4:7: '2024-13' is not a month; write YYYY-MM, e.g. 2024-08", "4:19: 'August' is not a month", "4:27: '-1' is below zero"]),
    "bounds": (GOOD + "mau: {at_most: 5, at_least: 7}\ndau: {}\nmuu: {at_most: 5, 2024-08: 1}\n", [
        "4:6: at least 7 and at most 5 contradict each other; swap them",
        "5:6: no months; write months as 2024-08: 1_000_000, or a number", f"6:19: unknown key '2024-08'; {_KNOWN_BOUND}"]),
    "empty lists": (GOOD + "region: []\nintended_use: []\norganization: {litigation: []}\n", [
        "4:9: an empty list says nothing; list at least one, or leave the key out if you do not know",
        "5:15: an empty list says nothing; write none if there are none, or leave the key out if you do not know",
        "6:28: an empty list says nothing; write none if there are none"]),
    "no models": ("version: 1\nproject: p\nmodels: []\n", ["3:9: an empty list says nothing; list at least one"]),
    "null": (GOOD + "region:\nmau: ~\norganization: {kind: null}\n", [
        "4:1: 'region' has no value; give it one, or leave the key out", "5:1: 'mau' has no value", "6:16: 'kind' has no value"]),
    "null in lists": (GOOD + "region: [~]\nintended_use: [null]\n", [
        f"4:10: no value {_CODES}", "5:16: no value where a use belongs; write a use"]),
    "money": (GOOD + "revenue: [{period: 2025-13, amount: 1.5, currency: eur}, {period: 2025}]\n", [
        "4:20: '2025-13' is not a year, a month or a span", "4:37: '1.5' is not a whole number",
        "4:52: 'eur' is not an ISO 4217 code",
        "4:58: 'amount' is missing; add amount:", "4:58: 'currency' is missing; add currency:"]),
    "a rate": (GOOD + "exchange_rates: [{from: EUR, to: USD, rate: 0, date: 2026-01-01}]\n", [
        "4:45: '0' is not an exchange rate; write a number such as 1.09"]),
    "twins": ("version: 1\nproject: p\nmodels:\n  - a/b\n  - A/b\n  - {id: a/B}\n", [
        "5:5: model 'A/b' is listed twice (first on line 4); merge the two entries",
        "6:5: model 'a/B' is listed twice (first on line 4); merge the two entries"]),
    "models of other kinds": ("version: 1\nproject: p\nmodels: [[a/b], {license: mit}, ~, true, ' ']\n", [
        "3:10: a list where a mapping belongs; write id", "3:17: 'id' is missing; add id:",
        "3:33: no value where a model id belongs; write a model id", "3:36: 'true' where a model id belongs",
        "3:42: '' where a model id belongs"]),
    "control characters": (GOOD + 'organization: {name: "a\\eb"}\nterms: [{path: "a\\u202eb"}]\n', [
        "4:22: holds control characters or line breaks; remove them", "5:16: holds control characters or line breaks"]),
    "too long": (GOOD + f"organization: {{name: {'x' * 5000}}}\n", ["4:22: longer than 4000 characters; shorten it"]),
    "a waiver without an owner": (GOOD + "waivers: [{rule: a/b, reason: x, until: 2027-01-31}]\n", [
        "4:11: 'owner' is missing; add owner:"]),
    "empty": ("", ["1:1: the manifest is empty; write version: 1, project: and models:"]),
    "only comments": ("# nothing\n", ["1:1: the manifest is empty"]),
    "several documents": (GOOD + "---\n" + GOOD, ["4:1: not valid YAML: but found another document"]),
    "a tab": ("version: 1\nproject:\n\tp\n", [
        "3:1: not valid YAML: found character that cannot start any token; indent with spaces"]),
}


def places_and_messages(lines: list[str], path: str) -> list[str]:
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_is_one_line_with_its_place(load_text: Load, tmp_path: Path, mistake: str) -> None:
    text, expected = MISTAKES[mistake]
    with pytest.raises(ManifestError) as raised:
        load_text(text)
    found = places_and_messages([str(problem) for problem in raised.value.problems], str(tmp_path / "caveat.yaml"))
    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)
        assert "\n" not in line


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_ends_the_run_with_exit_code_2(write: Write, cli: Cli, mistake: str) -> None:
    text, expected = MISTAKES[mistake]
    write("caveat.yaml", text)
    ran = cli("check", "caveat.yaml")
    assert ran.code == 2
    assert ran.out == ""
    found = places_and_messages(ran.err.splitlines(), "caveat.yaml")
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True))


@pytest.mark.parametrize(("name", "content", "message"), [
    ("caveat.yaml", b"version: 1\nproject: M\xfcller\n", "caveat.yaml:2: byte 21 is not UTF-8; save it as UTF-8"),
    ("caveat.yaml", "version: 1\nproject: p\n".encode("utf-16"), "caveat.yaml:1: byte 0 is not UTF-8; save it as UTF-8"),
    ("caveat.json", b'{"version": 1,\n "project": ]}', "caveat.json:2:13: not valid JSON: "),
    ("caveat.toml", b"version = 1\nproject = \n", "caveat.toml:2:11: not valid TOML: "),
    ("pyproject.toml", b"[tool.other]\na = 1\n", "pyproject.toml:1:1: has no table [tool.caveat]; add one, or name a caveat.yaml"),
    ("pyproject.toml", b"[tool]\ncaveat = 1\n", "pyproject.toml:2:1: '1' where a mapping belongs"),
])
def test_files_that_cannot_be_read_at_all(write: Write, cli: Cli, name: str, content: bytes, message: str) -> None:
    write(name, content)
    ran = cli("check", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)
    assert len(ran.err.splitlines()) == 1


def test_deep_nesting_is_one_line(write: Write, cli: Cli) -> None:
    write("caveat.yaml", b"[" * 100_000)
    ran = cli("check", "caveat.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"caveat\.yaml:1:[0-9]+: nested more than 48 levels deep\n", ran.err)


def test_one_bad_manifest_does_not_hide_the_others(write: Write, cli: Cli) -> None:
    write("a/caveat.yaml", "version: 1\nproject: bad\nmodels: []\n")
    write("b/caveat.yaml", "version: 1\nproject: good\nmodels: [{id: a/b, license: mit}]\n")
    ran = cli("check", ".")
    assert ran.code == 2
    assert ran.err.startswith(os.path.join("a", "caveat.yaml") + ":3:9: an empty list says nothing")
    assert "good" in ran.out


# -- extends -------------------------------------------------------------------------------------------------------


def test_own_keys_win_whole_and_each_fact_names_its_file(write: Write, rules: Rules) -> None:
    org = write("org.yaml", "organization: {name: Parent, kind: company}\nregion: [US]\npurpose: research\nwaivers: []\n")
    own = write("app/caveat.yaml", GOOD + "extends: ../org.yaml\norganization: {domicile: DE}\nregion: [EU]\n")
    manifest = load(own, rules.vocabulary)
    assert facts(manifest) == {"organization.domicile": "DE", "region": ["EU"], "purpose": "research", "a/b id": "a/b"}
    inherited = manifest.facts["purpose"]
    assert (os.path.realpath(inherited.path), inherited.line, inherited.column) == (os.path.realpath(org), 3, 10)
    assert manifest.facts["region"].path == own
    assert {os.path.realpath(path) for path in manifest.files} == {os.path.realpath(own), os.path.realpath(org)}


def test_required_keys_may_come_from_the_extended_file(write: Write, rules: Rules) -> None:
    write("org.yaml", "version: 1\nmodels: [a/b]\n")
    assert load(write("caveat.yaml", "project: p\nextends: org.yaml\n"), rules.vocabulary).models[0].id == "a/b"
    with pytest.raises(ManifestError, match="'project' is missing"):
        load(write("caveat.yaml", "extends: org.yaml\n"), rules.vocabulary)


@pytest.mark.parametrize(("target", "message"), [
    ("caveat.yaml", "extends 'caveat.yaml', which leads back here; break the circle"),
    ("two.yaml", "which leads back here; break the circle"),
    ("/etc/passwd", "extends '/etc/passwd', which lies outside the repository; name a file of this repository by a relative path"),
    ("../../../../../../../../etc/passwd", "which lies outside the repository"),
    ("link.yaml", "extends 'link.yaml', which lies outside the repository"),
    ("missing.yaml", "extends 'missing.yaml', which is no file; name a manifest"),
    (".", "extends '.', which"),
    ("folder", "extends 'folder', which is no file"),
    ("pipe", "extends 'pipe', which is no file"),
    ("bad.yaml", "bad.yaml:1:1: unknown key 'regoin'; did you mean 'region'?"),
    ("empty.yaml", "empty.yaml:1:1: the manifest is empty"),
])
def test_extends_stays_in_the_repository_and_ends(write: Write, cli: Cli, tmp_path: Path, target: str, message: str) -> None:
    write(".git/HEAD", "")
    write("two.yaml", "extends: caveat.yaml\n")
    write("bad.yaml", "regoin: EU\n")
    write("empty.yaml", "")
    write("folder/x", "")
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    write("caveat.yaml", GOOD + f"extends: {target}\n")
    ran = cli("check", "caveat.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1


def test_extends_is_bounded(write: Write, rules: Rules) -> None:
    for number in range(MAX_EXTENDS + 1):
        write(f"f{number}.yaml", f"extends: f{number + 1}.yaml\n")
    write(f"f{MAX_EXTENDS + 1}.yaml", "purpose: research\n")
    first = GOOD + "extends: f2.yaml\n"
    assert "purpose" in load(write("caveat.yaml", first), rules.vocabulary).facts
    with pytest.raises(ManifestError, match=f"more than {MAX_EXTENDS} files extend each other"):
        load(write("caveat.yaml", GOOD + "extends: f0.yaml\n"), rules.vocabulary)


# -- finding manifests -----------------------------------------------------------------------------------------------


def test_every_manifest_below_a_folder_is_found_once_and_in_order(write: Write, tmp_path: Path) -> None:
    for name in ("caveat.yaml", "b/caveat.json", "a/caveat.toml", "a/caveat.yaml", "c/pyproject.toml", "d/pyproject.toml",
                 ".hidden/caveat.yaml", "node_modules/x/caveat.yaml", "venv/caveat.yaml", "e/other.yaml"):
        write(name, "[tool.caveat]\n" if name == "c/pyproject.toml" else "[tool.x]\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [os.path.relpath(path, tmp_path) for path in find([str(tmp_path)])]
    assert found == ["a/caveat.toml", "a/caveat.yaml", "b/caveat.json", "c/pyproject.toml", "caveat.yaml"] or found == [
        "a/caveat.yaml", "a/caveat.toml", "b/caveat.json", "c/pyproject.toml", "caveat.yaml"]
    assert find([str(tmp_path), str(tmp_path / "caveat.yaml")]) == find([str(tmp_path)])


def test_a_folder_without_a_manifest_is_an_error(write: Write, cli: Cli) -> None:
    write("empty/readme", "")
    ran = cli("check", "empty", "nowhere")
    assert ran.code == 2
    assert "no manifest in this folder" in ran.err


# -- properties ------------------------------------------------------------------------------------------------------

SNIPPETS = st.sampled_from(["\n", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "#", "&a ", "*a", "!x ", "|", ">", "~",
                            "null", "\x00", "\x1b", "😀", "9" * 50, "-1", "1e9", "none", "true", ",", "\u2028", "<<: *a", "?"])


@given(st.data())
@settings(max_examples=150)
def test_a_manifest_with_any_damage_loads_or_says_where_it_is_damaged(load_text: Load, data: st.DataObject) -> None:
    text = FULL.replace("extends: ../org.yaml\n", "")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.sampled_from([0, 0, 1, 3, 20]))
        text = text[:at] + data.draw(SNIPPETS) + text[at + cut:]
    try:
        manifest = load_text(text)
    except ManifestError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.place is not None
            assert problem.place.line is not None
            assert 1 <= problem.place.line <= len(text.splitlines()) + 1
            assert "\n" not in str(problem)
    else:
        assert manifest.models
        assert all(isinstance(fact, Fact) for fact in manifest.facts.values())
