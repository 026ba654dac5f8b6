"""What a notice-file clause asks for."""

from __future__ import annotations

from .conftest import Judged


def test_the_prescribed_sentence_is_named(judged: Judged) -> None:
    message = judged("test-notice-file/any-name", "distribution: [weights]").message
    assert message == 'a notice file holding "Copyright Test Lab" must go with the copies, and none is stated'


def test_upstreams_notices_are_named(judged: Judged) -> None:
    text = "distribution: [weights]\nmodels: [{id: example/model, license: test-notice-file, upstream_notice: NOTICE}]"
    message = judged("test-notice-file/from-upstream", text, {"NOTICE": "By Test Lab"}).message
    assert message == "a notice file with upstream's notices must go with the copies, and none is stated"


def test_a_copy_of_an_adapter_is_no_surer_a_copy_than_the_adapter(judged: Judged) -> None:
    text = """\
distribution: [weights]
models:
  - {id: acme/Llama-lora, base: [{id: meta-llama/Llama-3.2-3B, relation: adapter}]}
  - {id: acme/Llama-lora-q4, base: [{id: acme/Llama-lora, relation: quantize}]}
"""
    assert judged("llama-3.2/notice-file", text, model="acme/Llama-lora-q4").outcome == "review"
