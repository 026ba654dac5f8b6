"""Which of several names decides, and which name is asked for."""

from __future__ import annotations

import pytest

from caveat.clauses.naming import begins

from .conftest import Judged


@pytest.mark.parametrize(("name", "prefix", "answer"), [
    ("Llama-X", "Llama", "yes"), ("Llama", "Llama", "yes"), ("Llama3", "Llama", "yes"),
    ("Llamas", "Llama", "open"), ("llama-x", "Llama", "open"), ("LLAMA-X", "Llama", "open"),
    ("X-Llama", "Llama", "no"), ("", "Llama", "no"), ("Lla", "Llama", "no"),
    ("Llama 3", "Llama 3", "yes"), ("Llama.3", "Llama 3", "yes"), ("Llama_3-x", "Llama 3", "yes"), ("Llama3", "Llama 3", "yes"),
    ("Llama 30B", "Llama 3", "no"), ("Llama-3.1", "Llama 3", "open"), ("Llama-3.x", "Llama 3", "yes"),
    ("Llama--3", "Llama 3", "no"), ("Llama+3", "Llama+3", "yes"), ("Llamaa3", "Llama+3", "no"),
    ("Llama.1", "Llama", "yes")])
def test_a_name_begins_with_a_prefix(name: str, prefix: str, answer: str) -> None:
    assert begins(name, prefix) == answer


def test_the_worst_of_several_names_decides(judged: Judged) -> None:
    found = judged("llama-3.1/naming", """
distribution: [weights]
models:
  - id: acme/Llama-Acme
    base: [{id: meta-llama/Llama-3.1-8B, relation: fine-tune}]
    outputs: {train: [{id: acme/student, distributed: true}]}
""")
    assert found.outcome == "fail"
    assert found.message == "'student' does not begin with 'Llama'"


def test_a_model_made_from_another_of_the_manifest_is_named_too(judged: Judged) -> None:
    found = judged("llama-3.1/naming", """
distribution: [weights]
models:
  - {id: acme/Llama-Acme, base: [{id: meta-llama/Llama-3.1-8B, relation: fine-tune}]}
  - {id: acme/offspring, base: [{id: acme/Llama-Acme, relation: merge}]}
""", model="acme/offspring")
    assert found.outcome == "fail"


def test_whether_a_student_reaches_others_is_asked_by_its_name(judged: Judged) -> None:
    found = judged("test-naming/naming", "models: [{id: lab/x, license: test-naming, outputs: {train: [acme/student]}}]")
    assert found.outcome == "review"
    assert "outputs.train.distributed (student)" in found.message


@pytest.mark.parametrize(("relation", "outcome"), [
    ("train-on-outputs", "review"), ("judge", "review"), ("fine-tune", "fail")])
def test_a_step_of_ours_from_a_model_without_the_licensed_weights_is_for_a_human(judged: Judged, relation: str,
                                                                               outcome: str) -> None:
    found = judged("llama-3.1/naming", f"""
distribution: [weights]
models:
  - {{id: acme/offspring, base: [{{id: lab/student, relation: fine-tune}}], outputs: {{train: none}}}}
  - id: lab/student
    made_by: upstream
    license: mit
    base: [{{id: meta-llama/Llama-3.1-8B, relation: {relation}}}]
""", model="acme/offspring")
    assert found.outcome == outcome
