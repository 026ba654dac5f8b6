"""What the tests of the clause kinds share: one finding of a small manifest, by the built-in and the invented licenses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from caveat.api import examine
from caveat.catalogue import Rules, load_rules
from caveat.evidence import Document, Evidence
from caveat.load import load_text
from caveat.report import ReportedFinding, ReportedProject

AS_OF = datetime.date(2026, 11, 22)
PATH = "caveat.yaml"

Judged: TypeAlias = Callable[..., ReportedFinding]


@pytest.fixture(scope="session")
def all_rules(_own_cache: None) -> Rules:
    """The built-in rules and the invented licenses."""
    return load_rules((str(Path(__file__).resolve().parents[1] / "rules"),))


@pytest.fixture
def judged(all_rules: Rules) -> Judged:
    """Return the finding of one rule for one model, from the keys of a manifest and the documents it names."""

    def found(rule: str, text: str, files: Mapping[str, Document | str] | None = None, model: str = "") -> ReportedFinding:
        [finding] = [finding for finding in project(all_rules, rule, text, files).findings
                     if finding.rule == rule and model in ("", finding.model)]
        return finding

    return found


def project(rules: Rules, rule: str, text: str, files: Mapping[str, Document | str] | None = None) -> ReportedProject:
    """Return the whole project; a manifest without `models:` has one under the license of the rule."""
    lines = text if "models:" in text else f"{text}\nmodels: [{{id: example/model, license: {rule.split('/', 1)[0]}}}]"
    manifest = load_text(f"version: 1\nproject: example\n{lines}\n", PATH, rules.vocabulary)
    documents = {(PATH, name): made if isinstance(made, Document) else Document(name, "", made)
                 for name, made in (files or {}).items()}
    return examine(manifest, rules, Evidence(documents), rules.policy("default"), AS_OF)
