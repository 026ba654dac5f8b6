"""Fingerprints of license texts: they know the texts, not their wording.

A text is kept as segments: runs of words of which the length, a digest and the shingles are stored. A shingle is the
CRC-32, cut to 24 bits, of the 32 letters that follow the start of a word; letters, not words, so that a word hyphenated
at a line end spoils nothing. Between segments may stand what legitimately varies: a name or the number of a list item.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from caveat.text import Word, letters, words

WINDOW = 32
"""Letters (bytes of UTF-8) in a shingle."""
MAX_COMPARED = 16

Gap: TypeAlias = Literal["none", "name", "number"]


class Match(NamedTuple):
    """A known text: its license id, part (agreement or policy) and edition; whole: it stands in the file unedited."""

    license: str
    part: str
    edition: str
    whole: bool



class Slot(NamedTuple):
    """A place of a known text where other words may stand: before the words `before`.

    What lies between the words `after` and there is cut. gap: `name` lets at most 20 words without a rule stand there,
    `number` the number or letter of a list item.
    """

    before: str
    after: str = ""
    gap: Gap = "name"


class Segment(NamedTuple):
    """A run of words that must stand unbroken; length in letters, gap: what may stand before it."""

    length: int
    digest: str
    gap: Gap
    optional: bool
    shingles: Sequence[int]


class Known(NamedTuple):
    """A known text; `required` and `hashes` are the shingles of its required and of all its segments."""

    match: Match
    raws: frozenset[str]
    titles: tuple[str, ...]
    notices: bool
    segments: tuple[Segment, ...]
    required: frozenset[int]
    hashes: frozenset[int]


class Fingerprints:
    """The known texts, from the JSON that tools/fingerprint.py writes; each is decoded when a file resembles it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Wrap the parsed JSON; raises ValueError where it was written for another way to fingerprint."""
        if data.get("version") != 1 or data.get("window") != WINDOW:
            raise ValueError("fingerprints of another version")
        self._texts: Sequence[Mapping[str, Any]] = data["texts"]
        self._samples: list[frozenset[int]] = []
        self._known: dict[int, Known] = {}

    @property
    def licenses(self) -> frozenset[str]:
        """The ids of the licenses of which an agreement is known."""
        return frozenset(text["license"] for text in self._texts if text["part"] == "agreement")

    def candidates(self, hashes: frozenset[int]) -> list[tuple[float, Known]]:
        """Give the known texts that have most of their sampled shingles in common with a file, and that share.

        Best first: those of which more than half are found, and at least the best 16 of the others.
        """
        if not self._samples:
            self._samples = [frozenset(_numbers(text["sample"])) for text in self._texts]
        shares = ((len(sample & hashes) / len(sample), index) for index, sample in enumerate(self._samples))
        found = sorted(((share, index) for share, index in shares if share), key=lambda pair: (-pair[0], pair[1]))
        likely = [pair for number, pair in enumerate(found) if number < MAX_COMPARED or pair[0] > 0.5]
        return [(share, self._decoded(index)) for share, index in likely]

    def _decoded(self, index: int) -> Known:
        if index not in self._known:
            self._known[index] = _known(self._texts[index])
        return self._known[index]


def fingerprint(
    text: str,
    *,
    license_id: str,
    part: str = "agreement",
    edition: str = "",
    begin: str = "",
    slots: Iterable[Slot] = (),
    optional: str = "",
    titles: Iterable[str] = (),
    notices: bool = False,
) -> dict[str, Any]:
    """Give the fingerprint of a known text, as JSON data.

    The text proper starts with the words `begin`; from the words `optional` on it may be left out; `titles` and, with
    `notices`, copyright statements may stand around it. Raises ValueError where such words are not found exactly once
    or the first segment is too short to be found.
    """
    tokens = [word.text for word in words(text)]
    cuts = _cuts(tokens, begin, slots, optional)
    segments = [_segment(tokens[cut.start:cut.stop], cut.gap, cut.optional) for cut in cuts]
    if segments[0]["letters"] < WINDOW:
        raise ValueError("the first segment is too short to be found by")
    shingles = [number for segment in segments for number in _numbers(segment["shingles"])]
    return {
        "license": license_id,
        "part": part,
        "edition": edition,
        "raws": [raw_digest(text)],
        "titles": ["".join(letters(word.text for word in words(title))) for title in titles],
        "notices": notices,
        "sample": _encoded(_sampled(shingles)),
        "segments": segments,
    }


class _Cut(NamedTuple):
    start: int
    stop: int
    gap: Gap
    optional: bool


def _cuts(tokens: Sequence[str], begin: str, slots: Iterable[Slot], optional: str) -> list[_Cut]:
    """Return the runs of words that are kept, in order."""
    start = _find(tokens, begin) if begin else 0
    tail = _find(tokens, optional) if optional else len(tokens)
    holes: list[tuple[int, int, Gap]] = [_hole(tokens, slot) for slot in slots]
    if optional:
        holes.append((tail, tail, "none"))
    cuts = []
    gap: Gap = "none"
    for hole_start, hole_end, next_gap in [*sorted(holes), (len(tokens), len(tokens), "none")]:
        if hole_start <= start or hole_end < hole_start:
            raise ValueError("a slot is out of order")
        cuts.append(_Cut(start, hole_start, gap, start >= tail))
        start, gap = hole_end, next_gap
    return cuts


def _find(tokens: Sequence[str], marker: str) -> int:
    """Return where the words of `marker` stand; ValueError unless they do so once."""
    wanted = [word.text for word in words(marker)]
    found = [index for index in range(len(tokens)) if tokens[index:index + len(wanted)] == wanted]
    if len(found) != 1:
        raise ValueError(f"'{marker}' stands {len(found)} times in the text")
    return found[0]


def _hole(tokens: Sequence[str], slot: Slot) -> tuple[int, int, Gap]:
    before = _find(tokens, slot.before)
    return _find(tokens, slot.after) + len(words(slot.after)) if slot.after else before, before, slot.gap


def _segment(tokens: Sequence[str], gap: Gap, optional: bool) -> dict[str, Any]:
    run = stream_of([Word(token, 0) for token in tokens])
    data = {"letters": len(run.letters), "digest": digest_of(run.letters), "shingles": _encoded(run.shingles)}
    return data | ({"gap": gap} if gap != "none" else {}) | ({"optional": True} if optional else {})


def _sampled(shingles: Sequence[int]) -> list[int]:
    """Return one shingle in 16, chosen by value so that every text chooses alike; of a short text the lowest eight."""
    ordered = sorted(set(shingles))
    chosen = [shingle for shingle in ordered if shingle % 16 == 0]
    return chosen if len(chosen) >= 8 else ordered[:8]


def digest_of(data: bytes) -> str:
    """Return the first 128 bits of the SHA-256 of letters, in hex."""
    return hashlib.sha256(data).hexdigest()[:32]


def words_digest(text: str) -> str:
    """Return `sha256:` and the digest of a text's words in order, whatever its layout, quotes and capitals."""
    return "sha256:" + hashlib.sha256(stream_of(words(text)).letters).hexdigest()


def raw_digest(text: str) -> str:
    """Return the digest of a text as it is written, but for trailing white space."""
    return digest_of("\n".join(line.rstrip() for line in text.splitlines()).strip().encode("utf-8", "surrogatepass"))


def _encoded(numbers: Iterable[int]) -> str:
    import base64

    return base64.b64encode(b"".join(number.to_bytes(3, "little") for number in numbers)).decode()


def _numbers(encoded: str) -> Sequence[int]:
    import base64
    import struct

    data = base64.b64decode(encoded)
    count = len(data) // 3
    padded = bytearray(4 * count)
    for byte in range(3):
        padded[byte::4] = data[byte::3]
    return struct.unpack(f"<{count}I", padded)


def _known(data: Mapping[str, Any]) -> Known:
    segments = tuple(
        Segment(entry["letters"], entry["digest"], entry.get("gap", "none"), "optional" in entry,
                 _numbers(entry["shingles"]))
        for entry in data["segments"]
    )
    hashes = frozenset(number for segment in segments for number in segment.shingles)
    required = frozenset(number for segment in segments if not segment.optional for number in segment.shingles)
    match = Match(data["license"], data["part"], data["edition"], True)
    raws, titles = frozenset(data["raws"]), tuple(data["titles"])
    return Known(match, raws, titles, data["notices"], segments, hashes if required == hashes else required, hashes)


class Stream(NamedTuple):
    """A file as letters: where each word starts and ends in them, and the shingles of all words but the last few.

    places: at which words each shingle stands.
    """

    words: Sequence[Word]
    letters: bytes
    starts: list[int]
    ends: list[int]
    shingles: list[int]
    places: dict[int, list[int]]


def stream_of(found: Sequence[Word]) -> Stream:
    """Return words as a stream of letters with the shingles that start at each word."""
    pieces = [piece.encode() for piece in letters(word.text for word in found)]
    starts, ends = [], []
    position = 0
    for piece in pieces:
        starts.append(position + piece.startswith(b"."))
        position += len(piece)
        ends.append(position)
    joined = b"".join(pieces)
    last = len(joined) - WINDOW
    shingles = [zlib.crc32(joined[start:start + WINDOW]) & 0xFFFFFF for start in starts if start <= last]
    places: dict[int, list[int]] = {}
    for index, shingle in enumerate(shingles):
        places.setdefault(shingle, []).append(index)
    return Stream(found, joined, starts, ends, shingles, places)
