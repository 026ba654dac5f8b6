"""Which known license text is this, whole and unedited?

Only equal digests make a text known; shingles find candidates, the nearest text and the place of departure.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from caveat.fingerprints import WINDOW, Fingerprints, Gap, Known, Match, Segment, Stream, digest_of, raw_digest, stream_of
from caveat.text import Word, letters, words

MAX_CHARACTERS = 400_000
"""So much of a file is read; a longer one is never found to be unedited."""
MAX_WORDS = 60_000
NAME_WORDS = 20
"""The longest name or copyright statement that may fill a slot, in words."""
FEW_WORDS = 30
"""So many words may stand between several whole texts: headings, separators."""

Outcome: TypeAlias = Literal["exact", "same-words", "edited", "several", "excerpt", "none"]


class Difference(NamedTuple):
    """The first place where a file departs from a known text: its line (from 1) and at most 12 of the file's words.

    missing: the file lacks words of the known text behind those given (before them, where it lacks its beginning).
    """

    line: int
    found: str
    missing: bool


class Identification(NamedTuple):
    """What a file was found to be.

    exact: one known text, letter for letter but for trailing white space. same-words: one known text in any layout.
    several: whole texts of several licenses or parts, with at most 30 other words. edited: it departs from `nearest`
    at `difference`, or has words beside the whole texts. excerpt: a smaller part of `nearest` and nothing else.
    `matches` are the known texts that stand in the file whole, whatever the outcome; `similarity` (0 to 1) compares
    file and nearest text; `extra_words` counts the file's words beside the matches that are no title, copyright
    statement or name.
    """

    outcome: Outcome
    matches: tuple[Match, ...] = ()
    nearest: Match | None = None
    similarity: float = 0.0
    difference: Difference | None = None
    extra_words: int = 0

    @property
    def unedited(self) -> bool:
        """Whether the file is nothing but whole known texts."""
        return self.outcome in ("exact", "same-words", "several")


# ---- whole texts ----

class _Span(NamedTuple):
    """Words start..stop of a file that are a known text, its slots included."""

    known: Known
    start: int
    stop: int


MAX_OCCURRENCES = 16
# A name or a copyright statement that says any of these is a clause.
_RULES = (
    "your may must not shall cannot only except unless agree agrees prohibited forbidden permitted permission "
    "granted pay fee fees restricted provided commercial noncommercial subject terms conditions "
    "use used uses using require requires required need needs royalty royalties purchase buy"
)
_RULE_WORDS = frozenset(_RULES.split())
_HEADINGS = frozenset({"license", "licence"})
_LIST_NUMBER = re.compile(r"[0-9]{1,2}|[a-z]|[ivx]{1,4}")


def _occurrences(known: Known, file: Stream) -> list[_Span]:
    """Return where a known text stands whole in a file, at most 16 times."""
    spans: list[_Span] = []
    for index in file.places.get(known.segments[0].shingles[0], ())[:MAX_OCCURRENCES]:
        stop = _whole(known, file, index)
        if stop and (not spans or index >= spans[-1].stop):
            spans.append(_Span(known, index, stop))
    return spans


def _whole(known: Known, file: Stream, index: int) -> int:
    """Return the word behind a known text that starts at word `index`, or 0."""
    stop = _fits(known.segments[0], file, index)
    for segment in known.segments[1:] if stop else ():
        after = _next_fit(segment, file, stop)
        if not after and not segment.optional:
            return 0
        stop = after or stop
    return stop


def _fits(segment: Segment, file: Stream, index: int) -> int:
    """Return the word behind a segment that starts at word `index`, or 0."""
    start = file.starts[index]
    end = start + segment.length
    stop = bisect_left(file.ends, end) + 1
    if stop > len(file.ends) or file.ends[stop - 1] != end:
        return 0
    return stop if digest_of(file.letters[start:end]) == segment.digest else 0


def _next_fit(segment: Segment, file: Stream, index: int) -> int:
    """Return the word behind a segment that starts at word `index` or behind what its gap admits there, or 0."""
    for start in range(index, min(index + _WIDTH[segment.gap], len(file.starts) - 1) + 1):
        if segment.shingles and (start >= len(file.shingles) or file.shingles[start] != segment.shingles[0]):
            continue
        stop = _fits(segment, file, start)
        if stop and _admits(segment.gap, [word.text for word in file.words[index:start]]):
            return stop
    return 0


_WIDTH = {"none": 0, "name": NAME_WORDS, "number": 1}


def _admits(gap: Gap, tokens: Sequence[str]) -> bool:
    if gap == "number":
        return all(_LIST_NUMBER.fullmatch(token) for token in tokens)
    return _RULE_WORDS.isdisjoint(tokens)


def _matched(candidates: Iterable[tuple[float, Known]], file: Stream) -> list[_Span]:
    """Return the known texts that stand whole in a file, without those inside a longer one of another text.

    A policy inside the text of its license as published stays: it is a part of its own.
    """
    spans = [span for share, known in candidates if share > 0.5 for span in _occurrences(known, file)]
    return sorted(
        (span for span in spans if not any(_swallows(other, span) for other in spans)),
        key=lambda span: (span.start, -span.stop),
    )


def _swallows(outer: _Span, inner: _Span) -> bool:
    one, other = outer.known.match, inner.known.match
    return _holds(outer, inner) and (one.license != other.license or one.part == other.part)


def _holds(outer: _Span, inner: _Span) -> bool:
    """Tell whether one span lies inside another, longer one."""
    longer = outer.stop - outer.start > inner.stop - inner.start
    return longer and outer.start <= inner.start and inner.stop <= outer.stop


# ---- the rest of a file ----

def _unexplained(spans: Sequence[_Span], file: Stream) -> list[range]:
    """Return the runs of words outside the spans that are neither titles nor copyright statements."""
    titles = sorted(_HEADINGS.union(*(span.known.titles for span in spans)), key=len, reverse=True)
    notices = any(span.known.notices for span in spans)
    runs = []
    position = 0
    for span in [*spans, None]:
        start = span.start if span else len(file.words)
        if start > position and not _explained(file.words[position:start], titles, notices):
            runs.append(range(position, start))
        position = max(position, span.stop) if span else start
    return runs


def _explained(run: Sequence[Word], titles: Sequence[str], notices: bool) -> bool:
    tokens = [word.text for word in run]
    while tokens:
        width = _title_width(tokens, titles) or (_notice_width(tokens) if notices else 0)
        if not width:
            return False
        tokens = tokens[width:]
    return True


def _title_width(tokens: Sequence[str], titles: Sequence[str]) -> int:
    """Return how many words at the start are a title, or 0."""
    longest = len(titles[0]) if titles else 0
    joined = ""
    width = 0
    for count, piece in enumerate(letters(tokens[:NAME_WORDS]), start=1):
        joined += piece
        if len(joined) > longest:
            break
        width = count if joined in titles else width
    return width


def _notice_width(tokens: Sequence[str]) -> int:
    """Return how many words at the start are one copyright statement, or 0."""
    if not _begins_notice(tokens, 0):
        return 0
    stop = next((index for index in range(2, len(tokens)) if _begins_notice(tokens, index)), len(tokens))
    return stop if stop <= NAME_WORDS and _RULE_WORDS.isdisjoint(tokens[:stop]) else 0


def _begins_notice(tokens: Sequence[str], index: int) -> bool:
    if tokens[index] in ("copyright", "copyrights", "portions"):
        return True
    return tokens[index] == "c" and index + 1 < len(tokens) and tokens[index + 1][:4].isdigit()


# ---- the nearest text ----

MIN_SHINGLES = 8


class _Nearness(NamedTuple):
    """How a file and a known text compare; of_file and of_known are the shares of their shingles that they have."""

    similarity: float
    of_file: float
    of_known: float
    known: Known


def _nearness(known: Known, hashes: frozenset[int]) -> _Nearness:
    common = len(known.hashes & hashes)
    required = common if known.required is known.hashes else len(known.required & hashes)
    expected = len(known.required) + common - required  # optional segments that are absent are no difference
    similarity = 2 * common / (expected + len(hashes))
    return _Nearness(similarity, common / len(hashes), required / len(known.required), known)


def _nearest(candidates: Iterable[tuple[float, Known]], hashes: frozenset[int]) -> _Nearness:
    return max((_nearness(known, hashes) for _, known in candidates), key=lambda nearness: nearness.similarity)


def _is_pure(known: Known, file: Stream) -> bool:
    """Tell whether every letter of a file stands in a shingle of the known text (but the last, fewer than a word)."""
    covered = 0
    for start, shingle in zip(file.starts, file.shingles, strict=False):
        if shingle in known.hashes:
            if start > covered:
                return False
            covered = start + WINDOW
    return len(file.letters) - covered < WINDOW // 2


# ---- where a file departs from a text ----

_SHOWN = 12


class _Step(NamedTuple):
    """How far a walk came: the next word of the file, the letters that agree, the shingle that does not, or None."""

    at: int
    agreed: int
    shingle: int | None


def _departure(known: Known, file: Stream) -> Difference:
    """Return the first place where a file departs from a known text that does not stand in it whole."""
    index = agreed = 0
    for number, segment in enumerate(known.segments):
        later = [shingle for rest in known.segments[number:] for shingle in rest.shingles]
        start = _start(segment, file, index, anchor=number == 0)
        if start is None:
            if segment.optional:
                continue
            return _at_gap(file, index, agreed, later) if number else _at_beginning(file, later)
        step = _walk(segment, file, start)
        if step.shingle is not None:
            return _at_gap(file, step.at, step.agreed, later[step.shingle:])
        stop = _fits(segment, file, start)
        if not stop:
            return _at_gap(file, step.at, step.agreed, later[len(segment.shingles):],
                           cut=len(file.letters) < file.starts[start] + segment.length)
        index, agreed = stop, file.ends[stop - 1]
    return _at_gap(file, index, agreed, [])


def _start(segment: Segment, file: Stream, index: int, *, anchor: bool) -> int | None:
    """Return the word at which a segment starts in a file, as far as its first letters tell, or None."""
    if anchor:
        return next(iter(file.places.get(segment.shingles[0], ())), None)
    for start in range(index, min(index + _WIDTH[segment.gap], len(file.starts) - 1) + 1):
        if segment.shingles:
            fits = start < len(file.shingles) and file.shingles[start] == segment.shingles[0]
        else:
            fits = _fits(segment, file, start) > 0
        if fits and _admits(segment.gap, [word.text for word in file.words[index:start]]):
            return start
    return None


def _walk(segment: Segment, file: Stream, start: int) -> _Step:
    """Compare the shingles of a segment with the file's, from word `start` on, up to the first that differs."""
    index = start
    agreed = file.starts[start]
    shingles = file.shingles
    for number, shingle in enumerate(segment.shingles):
        # A word that is split or joined moves no letters: the shingle before still covers the place.
        if index + 1 < len(shingles) and shingles[index] != shingle and file.starts[index + 1] < agreed:
            joined = segment.shingles[number + 1:number + 2] == (shingles[index],)
            if joined:
                continue
            index += shingles[index + 1] == shingle
        if index >= len(shingles) or shingles[index] != shingle:
            return _Step(index, agreed, number)
        agreed = file.starts[index] + WINDOW
        index += 1
    return _Step(index, agreed, None)


def _at_beginning(file: Stream, later: Sequence[int]) -> Difference:
    """Return the difference of a file that lacks the first letters of a text: right before it first agrees."""
    known = frozenset(later)
    first = next((index for index, shingle in enumerate(file.shingles) if shingle in known), 0)
    if first == 0:
        return _difference(file, 0, 0, missing=True)
    return _difference(file, first - 1, max(0, first - _SHOWN // 2), missing=False)


def _at_gap(file: Stream, index: int, agreed: int, later: Sequence[int], *, cut: bool = False) -> Difference:
    """Return the difference behind the letters that agree, where `later` are the shingles of the text from there on."""
    ahead = {shingle: number for number, shingle in reversed(list(enumerate(later)))}
    meets = next((at for at in range(index, len(file.shingles)) if file.shingles[at] in ahead), None)
    reach = file.starts[index] + WINDOW if index < len(file.starts) else 0  # the first shingle that differs ends here
    place = _first_other(file, agreed, reach)
    if meets is None:
        missing = cut or (index >= len(file.shingles) and bool(later))
        meets = len(file.words)
    else:
        lacking = ahead[file.shingles[meets]] - (meets - index)
        number = any(word.text.isdigit() for word in file.words[bisect_right(file.ends, agreed):meets])
        missing = lacking > (_SHOWN if number else 0) and file.starts[meets] < reach
    if missing or place >= len(file.words):
        return _difference(file, max(0, meets - 1), max(0, meets - _SHOWN), missing=True)
    return _difference(file, place, max(0, place - 3), missing=False)


def _first_other(file: Stream, agreed: int, reach: int) -> int:
    """Return the first word that may differ; of two, rather the one of which no letter is known to agree."""
    place = bisect_right(file.ends, agreed)
    begun = place + 1 < len(file.starts) and file.starts[place] < agreed and not file.words[place].text.isdigit()
    return place + 1 if begun and file.starts[place + 1] < reach else place


def _difference(file: Stream, place: int, start: int, *, missing: bool) -> Difference:
    shown = file.words[start:start + _SHOWN]
    return Difference(file.words[place].line, " ".join(word.text for word in shown), missing)


# ---- the answer ----

def identify(text: str, fingerprints: Fingerprints) -> Identification:
    """Give what a file is, compared with the known texts; never raises.

    A file of more than 400,000 characters or 60,000 words is read that far and found `edited` or `none`.
    """
    found = words(text[:MAX_CHARACTERS])
    overlong = len(text) > MAX_CHARACTERS or len(found) > MAX_WORDS
    file = stream_of(found[:MAX_WORDS])
    hashes = frozenset(file.shingles)
    candidates = fingerprints.candidates(hashes)
    if not candidates:
        return Identification("none")
    spans = _matched(candidates, file)
    runs = _unexplained(spans, file)
    unedited = _unedited(text, spans, sum(map(len, runs))) if spans and not overlong else None
    if unedited:
        return unedited
    nearest = _nearest(candidates, hashes)
    return _edited(file, spans, runs, nearest) if spans else _resembling(file, nearest, overlong)


def _unedited(text: str, spans: Sequence[_Span], extra: int) -> Identification | None:
    """Return what a file is that consists of known texts and `extra` other words, or None where those are too many."""
    matches = tuple(dict.fromkeys(span.known.match for span in spans))
    outer = [span for span in spans if not any(_holds(other, span) for other in spans)]
    parts = {(span.known.match.license, span.known.match.part) for span in outer}
    if len(parts) > 1 and extra <= FEW_WORDS:
        return Identification("several", matches, similarity=1.0, extra_words=extra)
    if extra or len(parts) > 1:
        return None
    exact = len(outer) == 1 and raw_digest(text) in outer[0].known.raws
    return Identification("exact" if exact else "same-words", matches, similarity=1.0)


def _edited(file: Stream, spans: Sequence[_Span], runs: Sequence[range], nearest: _Nearness) -> Identification:
    """Return what a file is in which known texts stand whole beside other words, or beside more than was read."""
    matches = tuple(dict.fromkeys(span.known.match for span in spans))
    inside = any(span.known is nearest.known for span in spans)
    difference = _beside(file, runs) if inside else _departure(nearest.known, file)
    match = nearest.known.match._replace(whole=inside)
    return Identification("edited", matches, match, nearest.similarity, difference, sum(map(len, runs)))


def _beside(file: Stream, runs: Sequence[range]) -> Difference | None:
    return _difference(file, runs[0].start, runs[0].start, missing=False) if runs else None


def _resembling(file: Stream, nearest: _Nearness, overlong: bool) -> Identification:
    """Return what a file is in which no known text stands whole."""
    match = nearest.known.match._replace(whole=False)
    if len(file.shingles) < MIN_SHINGLES:
        return Identification("none")
    if nearest.of_known < 0.5 and not overlong and _is_pure(nearest.known, file):
        return Identification("excerpt", (), match, nearest.similarity)
    if nearest.of_known < 0.8 and (nearest.of_file < 0.5 or nearest.similarity < 0.1):
        return Identification("none")
    return Identification("edited", (), match, nearest.similarity, _departure(nearest.known, file))
