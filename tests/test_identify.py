"""A known text is known in any layout; one changed word and it is not."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.fingerprints import WINDOW, Fingerprints, Slot, fingerprint
from caveat.identify import Identification, identify

ROOT = Path(__file__).resolve().parent.parent

AGREEMENT = """\
ORCHARD {version} SHARING LICENSE
Version Release Date: {date}

"Grower" means the nursery named in the notice. "Orchard {version}" means the trees, grafts and weights that the
Grower offers at https://orchard.example/get-{version}/terms under these terms.

1. Grant. You receive a worldwide, non-exclusive, non-transferable and royalty-free right to plant, graft, copy and
   change Orchard {version}, and to hand the fruit to others.
   a. If you hand on Orchard {version}, you shall enclose this license and show "Grown from Orchard" on a page that
      visitors can see.
   b. The name of a hybrid that you raise from Orchard {version} shall begin with the word "Orchard".

2. Large growers. If on {date} the visitors of all gardens of you and your kin were more than 700 million in the month
   before, you must ask the Grower for a permit, which it may grant or refuse, and until then you hold no rights.

3. No warranty. The trees come as they stand; whoever eats of the fruit does so at a risk of 1.5 in 100.
   The Grower owes nothing for indirect, special or incidental loss, even if it was told of the possibility.

4. End. A suit over patents in Orchard {version} ends your rights; sections 3 and 4 last for ever.
"""
POLICY = """\
Orchard {version} Garden Rules

Whoever enters an orchard agrees to keep the following rules, in the month of the first visit and in every later one.
Do not climb trees in a storm, do not shake branches over other visitors, do not light fires within 20 meters of a
hedge, do not sell fruit as medicine, do not tell anyone that a hybrid was raised by hand when a machine raised it, and
do not help others to do any of these things. Report a broken rule of Orchard {version} to the keeper of the gate.
"""
SLOTTED = """\
Planting and passing on of seeds, sown or in bags, are allowed provided that the conditions below are met by everyone:

1. Bags of seed must keep the notice above, this list of conditions and the disclaimer that follows it unchanged.
2. Neither the name of ORGANIZATION nor the names of its gardeners may be used to praise a harvest without their
   written word.

THE SEEDS COME "AS IS", WITHOUT WARRANTY OF ANY KIND, AND NO GARDENER ANSWERS FOR A LOST HARVEST OR FOR A FLOOD.
APPENDIX: write the following on the bag, so that everyone who opens it can see where the seeds in it came from.
Copyright [yyyy] [owner]
Sown under the Seed License, which you find in the shed behind the gate; the seeds come without warranties or promises.
"""
VERSIONS = [("3.1", "July 23, 2024"), ("3.2", "September 25, 2024"), ("3.3", "December 6, 2024")]


def agreement(index: int = 0) -> str:
    return AGREEMENT.format(version=VERSIONS[index][0], date=VERSIONS[index][1])


def policy(index: int = 0) -> str:
    return POLICY.format(version=VERSIONS[index][0])


def seeds() -> dict[str, Any]:
    return fingerprint(
        SLOTTED, license_id="seeds", titles=["Seed License"], notices=True, optional="APPENDIX",
        slots=[
            Slot("Bags of seed", after="met by everyone", gap="number"),
            Slot("Neither the name of", after="follows it unchanged", gap="number"),
            Slot("nor the names of its gardeners", after="Neither the name of"),
            Slot("Sown under the Seed License", after="came from. Copyright"),
        ],
    )


def known() -> Fingerprints:
    texts = [seeds()]
    for index, (version, _) in enumerate(VERSIONS):
        texts.append(fingerprint(agreement(index), license_id=f"orchard-{version}"))
        texts.append(fingerprint(policy(index), license_id=f"orchard-{version}", part="policy"))
    joint = agreement(0) + policy(0)
    texts.append(fingerprint(joint, license_id="orchard-3.1", edition="with the rules"))
    return Fingerprints(json.loads(json.dumps({"version": 1, "window": WINDOW, "texts": texts})))


KNOWN = known()


def look(text: str) -> Identification:
    return identify(text, KNOWN)


def ids(found: Identification) -> list[tuple[str, str]]:
    return [(match.license, match.part) for match in found.matches]


# ---- the same words ----

@pytest.mark.parametrize("index", range(3))
def test_every_version_is_itself_alone(index: int) -> None:
    license_id = f"orchard-{VERSIONS[index][0]}"
    assert (look(agreement(index)).outcome, ids(look(agreement(index)))) == ("exact", [(license_id, "agreement")])
    assert (look(policy(index)).outcome, ids(look(policy(index)))) == ("exact", [(license_id, "policy")])


def test_trailing_white_space_and_line_ends_are_exact() -> None:
    assert look("\n" + agreement().replace("\n", "  \r\n") + "\n\n").outcome == "exact"


def rewrapped(text: str, width: int) -> str:
    paragraphs = (textwrap.fill(part, width, break_long_words=False) for part in text.split("\n\n"))
    return "\n\n".join(paragraphs)


def hyphenated(text: str, every: int) -> str:
    """Split every so many-th long word at a line end."""
    parts = text.split(" ")
    return " ".join(
        f"{part[:5]}-\n{part[5:]}" if number % every == 0 and part.isalpha() and len(part) > 9 else part
        for number, part in enumerate(parts)
    )


def curly(text: str, style: int) -> str:
    opening, closing = [("“", "”"), ("„", "“"), ("&quot;", "&#8221;"), ("''", "''")][style % 4]
    return "".join(opening + part if number % 2 else closing + part for number, part in enumerate(text.split('"')))


def framed(text: str, style: int) -> str:
    frame = ["# ", "// ", " * ", "> ", ";; ", "-- ", "REM ", "\t"][style % 8]
    return "\n".join(frame + line for line in text.split("\n"))


def marked_up(text: str, style: int) -> str:
    opening, closing = [("**", "**"), ("<p class=\"c\">", "</p>"), ("<!-- -->", ""), ("- *", "*")][style % 4]
    return "\n\n".join(opening + part + closing for part in text.split("\n\n"))


def dashed(text: str, style: int) -> str:
    return text.replace("-free", ["‑free", "–free", " free"][style % 3])


LAYOUTS = [rewrapped, hyphenated, curly, marked_up, dashed, framed]


@settings(max_examples=150)
@given(
    index=st.integers(0, 2),
    layouts=st.lists(st.tuples(st.sampled_from(LAYOUTS), st.integers(30, 120)), max_size=4),
)
def test_no_layout_changes_identity(index: int, layouts: list[tuple[Any, int]]) -> None:
    text = agreement(index)
    for layout, number in sorted(layouts, key=lambda pair: LAYOUTS.index(pair[0])):
        text = layout(text, number)
    found = look(text)
    assert found.outcome in ("exact", "same-words")
    assert ids(found) == [(f"orchard-{VERSIONS[index][0]}", "agreement")]
    assert found.similarity == 1.0


def test_two_copies_are_one_license() -> None:
    found = look(agreement() + "\n" + agreement())
    assert (found.outcome, ids(found)) == ("same-words", [("orchard-3.1", "agreement")])


# ---- other words ----

@settings(max_examples=200)
@given(
    index=st.integers(0, 2),
    place=st.integers(0, 10_000),
    word=st.text("abcdefghijklmnopqrstuvwxyz0123456789é许", min_size=1, max_size=9),
    edit=st.sampled_from(["change", "delete", "insert"]),
)
def test_one_word_changed_is_an_edit(index: int, place: int, word: str, edit: str) -> None:
    parts = [part for part in agreement(index).split() if any(map(str.isalnum, part)) and "/" not in part]
    place %= len(parts)
    if edit == "change" and parts[place].lower().strip('.,;:"') == word:
        word += "x"
    parts[place:place + (edit != "insert")] = [] if edit == "delete" else [word]
    found = look(" ".join(parts))
    assert found.outcome == "edited"
    assert found.nearest is not None
    assert found.difference is not None


def edited(old: str, new: str, index: int = 0) -> Identification:
    text = agreement(index)
    assert text.count(old) == 1
    found = look(text.replace(old, new))
    assert found.outcome == "edited"
    assert found.matches == ()
    assert found.nearest == (f"orchard-{VERSIONS[index][0]}", "agreement", "", False)
    assert 0.8 < found.similarity < 1
    return found


@pytest.mark.parametrize(("old", "new", "line", "missing", "shown"), [
    ("700 million", "7 million", 13, False, "more than 7 million"),
    (", and to hand the fruit to others", "", 9, False, "change orchard 3 1 a"),
    (agreement().partition("2. Large")[2].partition("3. No")[0], "", 13, True, "the word orchard"),
    ("1.5 in 100", "15 in 100", 16, False, "risk of 15 in 100"),
    ("ORCHARD 3.1", "ORCHARD 3.9", 1, False, "orchard 3 9 sharing license"),
    ("3. No warranty.", "3. The Grower may end this at will. No warranty.", 16, False, "the grower may end"),
    ("4. End. A suit over patents in Orchard 3.1 ends your rights; sections 3 and 4 last for ever.", "", 17, True,
     "it was told of the possibility"),
    ("worldwide, non-exclusive, ", "", 7, True, "receive a"),
    ("ORCHARD 3.1 SHARING LICENSE\n", "", 1, True, "version release date"),
    ("last for ever.", "last a year.", 19, False, "a year"),
    ("at https://orchard.example/get-3.1/terms under", "at his will under", 5, False, "his will under"),
])
def test_the_place_of_an_edit_is_named(old: str, new: str, line: int, missing: bool, shown: str) -> None:
    difference = edited(old, new).difference
    assert difference is not None
    assert shown in difference.found
    assert abs(difference.line - line) <= 1
    assert difference.missing == missing
    assert len(difference.found.split()) <= 12


def test_words_beside_a_whole_text_are_an_edit() -> None:
    found = look(agreement() + "\nAll of this ends when the Grower says so.\n")
    assert (found.outcome, ids(found), found.extra_words) == ("edited", [("orchard-3.1", "agreement")], 9)
    assert found.nearest == ("orchard-3.1", "agreement", "", True)
    assert found.difference == (21, "all of this ends when the grower says so", False)


def test_a_plain_heading_is_no_edit() -> None:
    assert look("# License\n\n" + agreement()).outcome == "same-words"


def test_a_whole_text_inside_a_long_file_is_named() -> None:
    story = " ".join(f"day {number} in the garden" for number in range(400))
    found = look(story + "\n\n" + agreement(1))
    assert (found.outcome, ids(found)) == ("edited", [("orchard-3.2", "agreement")])
    assert found.extra_words == 2000


def test_scrambled_and_halved_texts_are_not_known() -> None:
    lines = agreement().splitlines()
    assert look("\n".join(reversed(lines))).outcome in ("edited", "none")
    half = len(lines) // 2
    other = agreement(1).splitlines()
    assert look("\n".join(lines[:half] + other[half:])).outcome == "edited"
    assert look(" ".join(sorted(agreement().split()))).outcome == "none"


@pytest.mark.parametrize("text", ["", "MIT", "\n", "No license is granted to anyone for anything, now or later."])
def test_other_texts_are_nothing(text: str) -> None:
    assert look(text) == Identification("none")


# ---- several, parts, excerpts ----

def test_agreement_and_policy_are_several() -> None:
    found = look(agreement(1) + policy(1))
    assert found.outcome == "several"
    assert ids(found) == [("orchard-3.2", "agreement"), ("orchard-3.2", "policy")]


def test_texts_of_two_licenses_are_several() -> None:
    found = look(f"Third party licenses\n{agreement(1)}\n====\nThe seeds\n{SLOTTED}")
    assert (found.outcome, ids(found)) == ("several", [("orchard-3.2", "agreement"), ("seeds", "agreement")])
    assert found.extra_words == 5


def test_a_joint_publication_is_one_text() -> None:
    found = look(agreement(0) + policy(0))
    assert found.outcome == "exact"
    assert found.matches == (
        ("orchard-3.1", "agreement", "with the rules", True), ("orchard-3.1", "policy", "", True),
    )


def test_an_excerpt_is_a_part_and_nothing_else() -> None:
    part = agreement().partition("3. No warranty.")[2]
    found = look(part)
    assert (found.outcome, found.matches, found.difference) == ("excerpt", (), None)
    assert look(part + " The Grower rules.").outcome != "excerpt"
    rules = look(policy(1).partition('later one.')[2].partition('do not tell')[0])
    assert rules.outcome == "excerpt"
    assert rules.nearest is not None
    assert rules.nearest.part == "policy"


# ---- slots ----

TITLED = "Seed License\n\nCopyright (c) 2019-present, Evan You <x@example.org>\n© 2020 Others. All rights reserved.\n\n"
MAIN = SLOTTED.partition("APPENDIX")[0]


@pytest.mark.parametrize("text", [
    SLOTTED,
    TITLED + SLOTTED,
    TITLED + MAIN,
    MAIN.replace("1. Bags", "* Bags").replace("2. Neither", "(b) Neither"),
    MAIN.replace("ORGANIZATION", "Acme Gardening GmbH & Co. KG, Berlin, and its affiliates"),
    SLOTTED.replace("[yyyy] [owner]", "2024 Acme"),
    MAIN + "Copyright 2024 Acme\n" + SLOTTED.partition("[owner]\n")[2],
])
def test_names_and_list_numbers_may_vary(text: str) -> None:
    found = look(text)
    assert (found.outcome in ("exact", "same-words"), ids(found)) == (True, [("seeds", "agreement")])


@pytest.mark.parametrize("text", [
    MAIN.replace("1. Bags", "1. Brown Bags"),
    MAIN.replace("1. Bags", "Paid Bags"),
    MAIN.replace("ORGANIZATION", "Acme must be praised. Neither Acme"),
    MAIN.replace("ORGANIZATION", "Acme " * 21),
    "Copyright 2024 Acme. Commercial gardens must pay.\n" + MAIN,
    "Copyright 2024 " + "Acme " * 21 + "\n" + MAIN,
    "Weed License\n" + MAIN,
    MAIN.replace("FLOOD", "STORM"),
    SLOTTED.replace("shed", "house"),
])
def test_slots_hold_no_clauses(text: str) -> None:
    assert look(text).outcome == "edited"


def test_markers_must_stand_once() -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        fingerprint(SLOTTED, license_id="x", begin="Sowing")
    with pytest.raises(ValueError, match="too short"):
        fingerprint("A short text.", license_id="x")
    with pytest.raises(ValueError, match="out of order"):
        fingerprint(SLOTTED, license_id="x", slots=[Slot("Bags of seed", after="Neither the name of")])


# ---- bounds ----

def test_a_long_file_is_never_unedited() -> None:
    padded = agreement() + "\n" * 400_000
    assert look(padded).outcome == "edited"
    assert look("word " * 200_000).outcome == "none"
    assert look(agreement() * 500).outcome == "edited"


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert look(text).outcome in ("none", "excerpt")


def test_fingerprints_of_another_version_are_refused() -> None:
    with pytest.raises(ValueError, match="another version"):
        Fingerprints({"version": 2, "window": WINDOW, "texts": []})


# ---- the known texts ----

def shipped() -> Fingerprints:
    return Fingerprints(json.loads((ROOT / "rules" / "fingerprints.json").read_text(encoding="utf-8")))


def test_the_license_of_this_repository_is_known() -> None:
    found = identify((ROOT / "LICENSE").read_text(encoding="utf-8"), shipped())
    assert found.outcome in ("exact", "same-words")
    assert ids(found) == [("apache-2.0", "agreement")]


def test_shipped_fingerprints_hold_no_text() -> None:
    data = json.loads((ROOT / "rules" / "fingerprints.json").read_text(encoding="utf-8"))
    for text in data["texts"]:
        assert set(text) == {"license", "part", "edition", "raws", "titles", "notices", "sample", "segments"}
        for segment in text["segments"]:
            assert set(segment) <= {"letters", "digest", "shingles", "gap", "optional"}
