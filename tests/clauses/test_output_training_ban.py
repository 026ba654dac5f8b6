"""What stands in the reasons of an output-training ban, and bases in the same manifest."""

from __future__ import annotations

import pytest

from .conftest import Judged

RULE = "test-output-training-ban/output-training-ban"


@pytest.mark.parametrize(("kind", "detail"), [("", ""), (", kind: llm", "llm")])
def test_the_trained_model_is_named_with_its_stated_kind(kind: str, detail: str, judged: Judged) -> None:
    found = judged(RULE, f"models: [{{id: testlab/base-7b, outputs: {{train: [{{id: otherlab/llm-7b{kind}}}]}}}}]")
    reasons = [(reason.fact, reason.value, reason.detail) for reason in found.because]
    assert reasons == [("outputs.train", "otherlab/llm-7b", detail)]


def test_a_model_of_the_manifest_that_was_made_from_the_exempt_family_is_excepted(judged: Judged) -> None:
    found = judged(RULE, """
models:
  - {id: testlab/base-7b, outputs: {train: [{id: acme/tuned, kind: llm}]}}
  - {id: acme/tuned, base: [{id: testlab/chat-7b, relation: fine-tune}], outputs: {train: none}}
""", model="testlab/base-7b")
    assert found.outcome == "pass"


def test_training_stated_as_lineage_alone_counts(judged: Judged) -> None:
    found = judged(RULE, """
models:
  - {id: testlab/base-7b, outputs: {train: none}}
  - {id: acme/student, license: mit,
     base: [{id: testlab/base-7b, relation: train-on-outputs}, {id: otherlab/llm-7b, relation: fine-tune}]}
""", model="acme/student")
    assert found.outcome == "fail"
