"""What is said of a file that was shown as the license's text."""

from __future__ import annotations

import pytest

from caveat.clauses.license_copy import describe
from caveat.evidence import Document
from caveat.fingerprints import Match
from caveat.identify import Difference, Identification

from .conftest import Judged

RULE = "test-license-copy/license-copy"
OURS = Match("test-license-copy", "agreement", "", True)
POLICY = Match("test-license-copy", "policy", "", True)
MIT = Match("mit", "agreement", "", True)
NEAR = OURS._replace(whole=False)


@pytest.mark.parametrize(("found", "said"), [
    (None, "is no license text we know"),
    (Identification("none"), "is no license text we know"),
    (Identification("none", (), NEAR, 0.1), "is no license text we know"),
    (Identification("same-words", (MIT,)), "is the text of mit (agreement)"),
    (Identification("several", (OURS, MIT)), "is the text of mit (agreement), test-license-copy (agreement)"),
    (Identification("edited", (POLICY,), NEAR, 0.9, Difference(3, "and", False), 90),
     "holds the text of test-license-copy (policy) with other words"),
    (Identification("excerpt", (), NEAR, 0.4), "holds only a part of test-license-copy (agreement)"),
    (Identification("edited", (), NEAR, 0.9), "is an edited text of test-license-copy (agreement)"),
    (Identification("edited"), "is an edited text of a known license"),
    (Identification("edited", (), NEAR, 0.9, Difference(3, "except on Sundays", False)),
     "is an edited text of test-license-copy (agreement): line 3 differs at 'except on Sundays'"),
    (Identification("edited", (), NEAR, 0.9, Difference(3, "as it is", True)),
     "is an edited text of test-license-copy (agreement): line 3 words are missing after 'as it is'"),
])
def test_a_file_is_described_with_its_first_difference(found: Identification | None, said: str) -> None:
    assert describe(Document("LICENSE", "", "", found)) == said


@pytest.mark.parametrize(("found", "outcome"), [
    (Identification("exact", (OURS,)), "pass"),
    (Identification("same-words", (OURS,)), "pass"),
    (Identification("several", (MIT, OURS)), "pass"),
    (Identification("edited", (OURS,), NEAR, 0.8, Difference(9, "You also", False), 120), "review"),
    (Identification("same-words", (POLICY,)), "fail"),
    (Identification("several", (MIT, POLICY)), "fail"),
    (Identification("excerpt", (), NEAR, 0.5), "fail"),
    (Identification("edited", (), NEAR, 0.9, Difference(3, "except on Sundays", False)), "fail"),
    (Identification("none"), "fail"),
])
def test_only_the_whole_agreement_meets_the_duty(found: Identification, outcome: str, judged: Judged) -> None:
    text = "distribution: [weights]\nmodels: [{id: example/model, license: test-license-copy, evidence: {license_copy: [LICENSE]}}]"
    assert judged(RULE, text, {"LICENSE": Document("LICENSE", "", "", found)}).outcome == outcome


def test_more_words_around_the_whole_text_are_counted(judged: Judged) -> None:
    found = Identification("edited", (OURS,), NEAR, 0.8, Difference(9, "You also", False), 120)
    text = "distribution: [weights]\nmodels: [{id: example/model, license: test-license-copy, evidence: {license_copy: [LICENSE]}}]"
    message = judged(RULE, text, {"LICENSE": Document("LICENSE", "", "", found)}).message
    assert message == "LICENSE holds the whole text and 120 more words: are they terms?"
