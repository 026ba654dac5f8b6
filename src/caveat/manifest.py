"""The manifest: what a project declares about itself, its organization and its models (contract version 1)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from caveat.errors import Place
from caveat.figures import Amount, Bounded, MonthlyFigures, Period, Rate
from caveat.shapes import Country, Day, Flag, ListOf, OrWord, Region, Shape, Struct, Text, Word

RELATIONS = ("fine-tune", "adapter", "quantize", "convert", "prune", "merge", "distill", "train-on-outputs", "judge",
             "tokenizer")
DELIVERIES = ("self-hosted", "on-device", "vendor-api", "partner-api", "third-party-api")
DISTRIBUTIONS = ("internal", "hosted-service", "embedded-product", "weights", "outputs-only")
PURPOSES = ("commercial", "internal-business", "evaluation", "research", "teaching", "personal", "charity")
ORGANIZATIONS = ("individual", "company", "nonprofit", "academic", "government")
PLACES_SHOWN = ("ui", "website", "docs", "about", "blog", "model-card")
CLAUSE_KINDS = (
    "user-cap", "revenue-cap", "service-gate", "noncommercial", "production-ban", "hosted-service-ban", "territory", "field-of-use",
    "competing-product", "output-training-ban", "output-limits", "distillation-derivative", "naming", "attribution",
    "license-copy", "notice-file", "state-changes", "retain-notices", "pass-through", "use-restrictions", "safeguards",
    "ai-disclosure", "risk-disclosure", "copyleft", "network-source", "litigation-termination", "registration", "transfer")
"""What a separate license may cover; export control is not the licensor's to lift."""
OUTPUT_KINDS = ("llm", "foundation", "embedding", "classifier", "image", "audio", "other")

_PATH = Text(like="a path")
_TERMS = ListOf(Struct({"path": _PATH, "passes_on": ListOf(Text(like="a license id"))}, required=("path",)), empty=False)
_USE = Struct({"tag": Text(like="a use"), "intent": Flag(), "consent": Flag(), "disclosed": Flag(),
               "lawful_basis": Flag(), "licensed_professional": Flag(), "human_in_loop": Flag()},
              required=("tag",), short="tag")
_MONEY = ListOf(Struct({"period": Period(),
                        "amount": Bounded(Amount()), "currency": Text("[A-Z]{3}", "an ISO 4217 code such as EUR")},
                       required=("amount", "currency")), none=True)

PROJECT_FACTS: Mapping[str, Shape] = {
    "mau": MonthlyFigures(),
    "product_mau": MonthlyFigures(),
    "dau": MonthlyFigures(),
    "muu": MonthlyFigures(),
    "revenue": _MONEY,
    "product_revenue": _MONEY,
    "exchange_rates": ListOf(Struct({"from": Text("[A-Z]{3}", "a currency code"), "to": Text("[A-Z]{3}", "a currency code"),
                                     "rate": Rate(), "date": Day()}, required=("from", "to", "rate", "date"))),
    "purpose": Word(*PURPOSES),
    "environment": Word("production", "non-production"),
    "end_users": Word("none", "employees", "third-parties"),
    "region": ListOf(Region(), single=True),
    "intended_use": ListOf(_USE, none=True, single=True),
    "ai_disclosure": Word("disclosed", "not-disclosed", "not-public"),
    "distribution": ListOf(Word(*DISTRIBUTIONS), single=True),
    "status": Word("planned", "live"),
    "terms": _TERMS,
}
"""Facts of the project; each may be narrowed for one model."""

ORGANIZATION = Struct({
    "name": Text(like="a name"),
    "kind": Word(*ORGANIZATIONS),
    "domicile": Country(),
    "businesses": ListOf(Word("model-as-a-service", "ai-work-assistant", "cloud-provider", "software-provider",
                              "image-generation"), none=True),
    "competes_with": ListOf(Text(like="a licensor's id"), none=True),
    "litigation": ListOf(Struct({"role": Word("plaintiff", "counterclaimant", "defendant"),
                                 "against": Text(like="a name"),
                                 "about": ListOf(Text(like="a model or license id"), single=True),
                                 "alleging": Word("patent", "copyright", "other"), "filed": Day()},
                                required=("role",)), none=True),
    "restricted_party": Flag(),
})
"""Facts of the organization."""

_TRAINED = Struct({"id": Text(like="a model id"), "kind": Word(*OUTPUT_KINDS), "same_family": Flag(),
                   "competitive": Flag(), "commercial": Flag(), "distributed": Flag(), "name": Text(like="a name")},
                  short="id")
_ATTRIBUTION = Struct({"text": Text(like="the text shown"), "where": Word(*PLACES_SHOWN), "path": _PATH,
                       "url": Text(like="an address")}, required=("text",))
_BASE = Struct({"id": Text(like="a model id"), "relation": Word(*RELATIONS), "license": Text(like="a license")},
               required=("id", "relation"))

MODEL_FACTS: Mapping[str, Shape] = {
    "id": Text(r"\S.{0,299}", "a model id"),
    "license": Text(like="a license id or an SPDX expression"),
    "license_text": _PATH,
    "base": ListOf(_BASE, none=True),
    "made_by": Word("us", "upstream"),
    "delivery": Word(*DELIVERIES),
    "multimodal": Flag(),
    "released": Day(),
    "name": Text(like="a name"),
    "derivative_license": Text(like="a license id"),
    "outputs": Struct({"commercial": Flag(), "train": ListOf(_TRAINED, none=True)}),
    "safeguards": Struct({"altered": Flag(), "filter": Flag(), "output_review": Flag()}),
    "upstream_notice": OrWord("none", _PATH),
    "received_in_product": Flag(),
    "separate_license": OrWord("none", Struct(
        {"licensor": Text(like="a name"), "reference": Text(like="a reference"),
         "covers": ListOf(Word(*CLAUSE_KINDS), single=True), "from": Day(), "until": Day()},
        required=("licensor", "covers"))),
    "registration": OrWord("none", Struct({"done": Flag(), "on": Day(), "reference": Text(like="a reference")},
                                          required=("done",))),
    "evidence": Struct({"license_copy": ListOf(_PATH, single=True), "notice_file": _PATH, "change_notice": _PATH,
                        "attribution": ListOf(_ATTRIBUTION, single=True), "risk_disclosure": _PATH,
                        "source_offer": Text(like="an address")}),
}
"""Facts of one model, beside the project facts that it may narrow."""

_WAIVER = Struct({"rule": Text(like="a rule id"), "model": Text(like="a model id"), "reason": Text(multiline=True),
                  "owner": Text(like="an owner"), "approved_by": Text(like="a person"), "until": Day(),
                  "digest": Text("[0-9a-f]{4,64}", "a digest in hex"), "evidence": Text(like="a link or a path")},
                 required=("rule", "reason", "owner", "until"))

MODEL = Struct({**MODEL_FACTS, **PROJECT_FACTS}, required=("id",), short="id")
MANIFEST = Struct({
    "version": Word("1"),
    "project": Text(like="the project's name"),
    "as_of": Day(),
    "extends": _PATH,
    "organization": ORGANIZATION,
    **PROJECT_FACTS,
    "models": ListOf(MODEL),
    "waivers": ListOf(_WAIVER, empty=True),
    "policy": Text(like="a policy's name or path"),
    "rules": ListOf(_PATH, single=True),
})
"""The whole manifest. Which keys are required is decided after `extends` is applied."""

REQUIRED = ("version", "project", "models")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of the manifest."""
    found = MANIFEST.schema()
    found["properties"]["version"] = {"const": 1}
    found["required"] = ["version"]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "caveat manifest, version 1", **found}


class Record(NamedTuple):
    """One entry of a list or one mapping in a fact: its values by key, and its line."""

    values: Mapping[str, Any]
    line: int | None

    def get(self, key: str) -> Any:
        """Return a value, or None where the key is absent."""
        return self.values.get(key)


class Fact(NamedTuple):
    """One typed statement: its dotted name, its value, and where it is stated ("" and None: by the catalogue)."""

    name: str
    value: Any
    path: str
    line: int | None
    column: int | None


class ModelUse(NamedTuple):
    """One model of a manifest, with the facts stated for it."""

    id: str
    place: Place
    facts: Mapping[str, Fact]


class Manifest(NamedTuple):
    """A manifest as declared: project facts, models and waivers, each with its place."""

    path: str
    project: str
    as_of: datetime.date | None
    facts: Mapping[str, Fact]
    models: tuple[ModelUse, ...]
    waivers: tuple[Record, ...]
    policy: str | None
    rules: tuple[str, ...]
    files: tuple[str, ...]
