"""Every license identifier of the Hugging Face Hub resolves to a rule set, or to license-unknown on purpose.

The list is the Hub's own (hub-docs, docs/hub/repositories-licenses.md at 242f4a1e, 2026-08-22).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from caveat.catalogue import Rules

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

SAME = (
    "apache-2.0", "mit", "bigscience-openrail-m", "creativeml-openrail-m", "bigscience-bloom-rail-1.0", "afl-3.0",
    "artistic-2.0", "bsl-1.0", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "cc0-1.0", "cc-by-2.0",
    "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0",
    "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0", "cdla-sharing-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "wtfpl", "ecl-2.0", "epl-1.0",
    "epl-2.0", "etalab-2.0", "eupl-1.1", "eupl-1.2", "agpl-3.0", "gpl-2.0", "gpl-3.0", "lgpl-2.1", "lgpl-3.0", "isc",
    "lppl-1.3c", "ms-pl", "apple-amlr", "mpl-2.0", "openmdw-1.0", "openmdw-1.1", "osl-3.0", "postgresql", "ofl-1.1",
    "ncsa", "unlicense", "zlib", "lgpl-lr", "deepfloyd-if-license",
    "fair-noncommercial-research-license",
)
OTHER_NAME = {
    "bigcode-openrail-m": "bigcode-openrail-m-v1", "openrail++": "creativeml-openrail-plusplus-m", "llama2": "llama-2",
    "llama3": "llama-3", "llama3.1": "llama-3.1", "llama3.2": "llama-3.2", "llama3.3": "llama-3.3", "llama4": "llama-4",
    "grok2-community": "grok-2-community", "gemma": "gemma-terms-2025-03-24", "c-uda": "c-uda-1.0", "odc-by": "odc-by-1.0",
    "odbl": "odbl-1.0", "pddl": "pddl-1.0",
}
ON_PURPOSE = {
    "openrail": "a family: which of the RAIL texts is not said",
    "cc": "a family", "bsd": "a family", "gpl": "a family", "lgpl": "a family", "gfdl": "a family",
    "unknown": "the publisher says that it is not known", "other": "the text has to be named",
    "intel-research": "not read", "h-research": "not read",
    "apple-ascl": "stands on weights under other terms, too: the text decides",
}


@pytest.mark.parametrize("hub", [*SAME, *OTHER_NAME])
def test_the_identifier_resolves_to_its_rule_set(rules: Rules, hub: str) -> None:
    assert rules.license_id(hub) == OTHER_NAME.get(hub, hub)
    assert rules.license_id(hub.upper()) == OTHER_NAME.get(hub, hub)


@pytest.mark.parametrize("hub", ON_PURPOSE)
def test_the_identifier_is_unknown_on_purpose(write: Write, cli: Cli, hub: str) -> None:
    write("caveat.yaml", f"version: 1\nproject: p\ndistribution: [internal]\nmodels: [{{id: a/b, license: {hub}}}]\n")
    ran = cli("check", "--format", "json")
    [finding] = json.loads(ran.out)["projects"][0]["findings"]
    assert (finding["rule"], finding["outcome"], finding["severity"]) == ("license-unknown", "review", "high")
    assert finding["remedy"]
    assert ran.code == 3


def test_no_tag_at_all_is_unknown(write: Write, cli: Cli) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [a/b]\n")
    ran = cli("check", "--format", "json")
    assert [finding["rule"] for finding in json.loads(ran.out)["projects"][0]["findings"]] == ["license-unknown"]
    assert ran.code == 3


def test_a_name_of_several_editions_means_the_one_the_catalogue_knows(write: Write, cli: Cli) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels:\n  - {id: google/gemma-2-9b-it, license: gemma}\n"
          "  - {id: google/gemma-3-27b-it, license: gemma}\n  - {id: acme/x, license: gemma}\n"
          "  - {id: acme/tuned, license: gemma, base: [{id: google/gemma-2-9b-it, relation: fine-tune, license: gemma}]}\n")
    project = json.loads(cli("check", "--format", "json").out)["projects"][0]
    terms = {model["id"]: [term["license"] for term in model["terms"]] for model in project["models"]}
    assert terms == {"google/gemma-2-9b-it": ["gemma-terms-2024-04-01"], "google/gemma-3-27b-it": ["gemma-terms-2025-03-24"],
                     "acme/x": ["gemma-terms-2025-03-24"], "acme/tuned": ["gemma-terms-2025-03-24", "gemma-terms-2024-04-01"]}
    assert {finding["model"] for finding in project["findings"] if finding["rule"] == "license-conflict"} <= {"acme/tuned"}
