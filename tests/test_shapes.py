"""Shapes: what each reads, what it refuses, and that its JSON Schema says the same; whole manifests at random."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from caveat import manifest as contract
from caveat.catalogue import Rules
from caveat.document import plain
from caveat.figures import Amount, Bounded, Count, Interval, Monthly, MonthlyFigures, Rate
from caveat.manifest import MANIFEST, MODEL, MODEL_FACTS, ORGANIZATION, PROJECT_FACTS, RELATIONS, Record
from caveat.parse import parse
from caveat.shapes import (
    INVALID,
    Country,
    Day,
    Flag,
    ListOf,
    OrWord,
    Reader,
    Region,
    Shape,
    Struct,
    Text,
    Word,
    nearest,
    printable,
    shown,
)

if TYPE_CHECKING:
    from tests.conftest import Load

COUNTRIES = ("DE", "FR", "GB", "NO", "US")


def read(shape: Shape, text: str) -> tuple[Any, list[str]]:
    """Read a YAML text with a shape; gives the value and the problems."""
    node = parse(text, "x")
    assert node is not None
    reader = Reader("x", COUNTRIES, ("EU", "EEA"))
    value = shape.read(node, reader)
    assert (value is INVALID) == bool(reader.problems)
    return value, [str(problem) for problem in reader.problems]


def bare(value: Any) -> Any:
    """Return what a shape read as plain data, intervals as pairs."""
    if isinstance(value, Monthly):
        parts = {**dict(value.months), "every": value.every, "latest": value.latest}
        return {name: bare(stated.value) for name, stated in parts.items() if stated}
    if isinstance(value, Interval):
        return (value.low, value.high)
    if isinstance(value, Record):
        return {key: bare(item) for key, item in value.values.items()}
    if isinstance(value, dict):
        return {key: bare(stated.value) for key, stated in value.items()}
    if isinstance(value, tuple):
        return [bare(getattr(item, "value", item)) for item in value]
    return value


# -- numbers and intervals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "value"), [
    ("0", 0), ("007", 7), ("1_000", 1000), ("1_0_0", 100), ("+5", 5), ("1.2M", 1_200_000), ("0.5k", 500), ("3K", 3000),
    ("2m", 2_000_000),
    ("1b", 10**9), ("1.25bn", 1_250_000_000), ("2G", 2 * 10**9), ("1.000", 1), ("100_000_000_000", 10**11),
])
def test_counts(text: str, value: int) -> None:
    assert read(Count(), text) == (value, [])


@pytest.mark.parametrize("text", [
    "-1", "-0.5", "1.5", "0.0001k", "1e3", "0x10", "M", "_", "_1", "1,000", "1 000", "1M5", "1.M", ".5M", "1%", "½", "١٢", "٢M",
    "true", "~", "[1]", "{a: 1}", "100_000_000_001", "1000G", "9" * 4500, "nan", ".inf", "''",
])
def test_what_is_no_count(text: str) -> None:
    assert len(read(Count(), text)[1]) == 1


def test_an_amount_may_be_larger_than_a_crowd() -> None:
    assert read(Amount(), "5_000_000M") == (5 * 10**12, [])
    assert read(Amount(), "2_000_000_000G")[1] == ["x:1:1: '2_000_000_000G' is more money than there is; check the figure"]


@given(st.integers(0, 10**6), st.integers(0, 10**6) | st.none(), st.integers(0, 10**6), st.integers(0, 10**6) | st.none(),
       st.integers(0, 10**6))
def test_two_intervals_together_hold_what_both_hold(low: int, high: int | None, low2: int, high2: int | None, number: int) -> None:
    def holds(interval: Interval) -> bool:
        return interval.low <= number and (interval.high is None or number <= interval.high)

    first, second = Interval(low, high), Interval(low2, high2)
    assert holds(first.within(second)) == (holds(first) and holds(second))
    assert first.within(second) == second.within(first)


def test_intervals_are_shown_in_words() -> None:
    assert [str(interval) for interval in (Interval(1000, 1000), Interval(5), Interval(0, 5000), Interval(2, 3))] == [
        "1,000", "at least 5", "at most 5,000", "2 to 3"]


def test_bounds() -> None:
    assert bare(read(Bounded(Count()), "{at_most: 5}")[0]) == (0, 5)
    assert bare(read(Bounded(Count()), "{at_least: 1k, at_most: 1k}")[0]) == (1000, 1000)
    assert read(Bounded(Count()), "{}")[1] == ["x:1:1: an empty bound; write {at_most: n} or {at_least: n}"]
    assert len(read(Bounded(Count()), "{at_most: -1, at_least: x}")[1]) == 2


def test_months_are_kept_in_order_of_time() -> None:
    value, problems = read(MonthlyFigures(), "{2026-01: 1, 2024-08: {at_most: 2}}")
    assert problems == []
    assert isinstance(value, Monthly)
    assert [month for month, _ in value.months] == ["2024-08", "2026-01"]


# -- words, dates, codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2024-02-29", "2026-12-31", "'2026-01-01'"])
def test_days(text: str) -> None:
    assert read(Day(), text)[0] == datetime.date.fromisoformat(text.strip("'"))


@pytest.mark.parametrize("text", ["2023-02-29", "2026-13-01", "2026-1-1", "20260101", "2026-W01-1", "2026-01-01T00:00",
                                  "０000-01-01", "0000-01-01", "today", "2026", "[2026-01-01]", "~"])
def test_what_is_no_day(text: str) -> None:
    assert len(read(Day(), text)[1]) == 1


@pytest.mark.parametrize(("text", "hint"), [
    ("UK", "write GB"), ("uk", "write GB"), ("de", "write DE"), ("eea", "write EEA"), ("WORLDWIDE", "write worldwide"),
    ("Germany", "write two capital letters, e.g. DE"), ("ZZ", "write two capital letters, e.g. DE"),
])
def test_codes_that_are_nearly_right(text: str, hint: str) -> None:
    assert read(Region(), text)[1][0].endswith(f"; {hint}")


def test_a_domicile_is_one_country() -> None:
    assert read(Country(), "NO") == ("NO", [])
    for text in ("EU", "worldwide", "[DE]", "GERMANY", "null"):
        assert len(read(Country(), text)[1]) == 1


@pytest.mark.parametrize("text", ["0", "-1", "1e2", "1.", "nan", "x", "[1]", "0.0000000000001", "~"])
def test_what_is_no_exchange_rate(text: str) -> None:
    assert len(read(Rate(), text)[1]) == 1


@given(st.text(max_size=200))
def test_what_is_shown_is_one_short_line_without_control_characters(text: str) -> None:
    for made in (printable(text), shown(text)):
        assert not any(character in made for character in "\n\r\t\x1b\x07\x7f\x85\x9b\u2028\u202e\u2066\u200f")
    assert len(shown(text)) <= 80


def test_the_nearest_word_keeps_its_capitals_and_far_ones_are_not_guessed() -> None:
    assert nearest("regoin", ("region", "revenue")) == "region"
    assert nearest("Fine-Tune", RELATIONS) == "fine-tune"
    assert nearest("xyz", ("region", "revenue")) == ""
    assert nearest("", ("region",)) == ""


# -- the schema says what the shapes read ------------------------------------------------------------------------------

SAMPLES = [
    "1", "-1", "1.5", "1_000", "'1.2M'", "text", "''", "true", "~", "[]", "[a]", "[DE]", "DE", "EU", "eu", "worldwide", "none",
    "us", "{}", "{at_most: 5}", "{at_most: -5}", "{at_most: a}", "{2024-08: 1}", "{2024-13: 1}", "live", "lives", "[none]",
    "{id: a/b}", "{tag: a}", "{tag: a, intent: yes}", "{tag: a, intent: true}", "[{tag: a}]", "2026-01-01",
    "{kind: company}", "{kind: firm}",
    "[{path: a}]", "[{path: a, passes_on: []}]", "[{amount: 5, currency: EUR}]", "[{amount: 5, currency: eur}]", "[[a]]"]
# The schema of the word list cannot know the countries of the vocabulary, and its dates are only a format to most readers.
LAXER = {"organization.domicile", "region", "as_of", "released"}


@pytest.mark.parametrize("name", sorted({**PROJECT_FACTS, **MODEL_FACTS}))
def test_what_a_shape_reads_its_schema_allows(name: str) -> None:
    shape = {**PROJECT_FACTS, **MODEL_FACTS}[name]
    validator = Draft7Validator(shape.schema())
    for text in SAMPLES:
        value, _ = read(shape, text)
        node = parse(text, "x")
        assert node is not None
        if value is not INVALID:
            assert validator.is_valid(plain(node)), f"the schema of {name} refuses {text}"
        elif name not in LAXER and not isinstance(plain(node), str):
            assert not validator.is_valid(plain(node)), f"the schema of {name} allows {text}"


# -- manifests at random ---------------------------------------------------------------------------------------------

WORDS = st.text("abcXYZ019-_./ é", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1))
MONTHS = st.builds("{:04}-{:02}".format, st.integers(2000, 2030), st.integers(1, 12))
NUMBERS = st.one_of(
    st.integers(0, 10**11).map(lambda number: (number, number)),
    st.integers(0, 10**11).map(lambda number: (f"{number:_}", number)),
    st.integers(0, 9999).map(lambda number: (f"{number // 10}.{number % 10}M", number * 10**5)))
PATTERNS = {"[A-Z]{3}": st.sampled_from(["EUR", "USD", "JPY"]), "[0-9a-f]{4,64}": st.just("5f0c0a"),
            r"\S.{0,299}": st.from_regex(r"[a-z]{1,6}/[A-Za-z0-9.-]{1,10}", fullmatch=True)}


def made(shape: Shape) -> st.SearchStrategy[tuple[Any, Any]]:
    """Give what may be written for a shape, and what is read from it."""
    maker = next(maker for kind, maker in MAKERS.items() if isinstance(shape, kind))
    found: st.SearchStrategy[tuple[Any, Any]] = maker(shape)
    return found


def _text(shape: Text) -> st.SearchStrategy[tuple[Any, Any]]:
    if not shape.pattern:
        return WORDS.map(lambda word: (word, word))
    spans = st.tuples(MONTHS, MONTHS).map(lambda ends: "..".join(sorted(ends)))
    periods = st.one_of(st.integers(2000, 2030).map(str), MONTHS, spans)
    return PATTERNS.get(shape.pattern, periods).map(lambda word: (word, word))


def _bounded(shape: Bounded) -> st.SearchStrategy[tuple[Any, Any]]:
    exact = NUMBERS.map(lambda pair: (pair[0], (pair[1], pair[1])))
    return exact | _bound()


def _bound() -> st.SearchStrategy[tuple[Any, Any]]:
    return st.one_of(
        NUMBERS.map(lambda pair: ({"at_most": pair[0]}, (0, pair[1]))),
        NUMBERS.map(lambda pair: ({"at_least": pair[0]}, (pair[1], None))),
        st.tuples(NUMBERS, NUMBERS).map(lambda two: sorted(two, key=lambda pair: pair[1])).map(
            lambda two: ({"at_least": two[0][0], "at_most": two[1][0]}, (two[0][1], two[1][1]))))


def _monthly(shape: MonthlyFigures) -> st.SearchStrategy[tuple[Any, Any]]:
    months = st.dictionaries(MONTHS, _bounded(shape.figure), min_size=1, max_size=3)
    return st.one_of(
        NUMBERS.map(lambda pair: (pair[0], {"latest": (pair[1], pair[1])})),
        _bound().map(lambda pair: (pair[0], {"every": pair[1]})),
        months.map(lambda pairs: ({month: pair[0] for month, pair in pairs.items()}, {m: pair[1] for m, pair in pairs.items()})))


def _list(shape: ListOf) -> st.SearchStrategy[tuple[Any, Any]]:
    items = st.lists(made(shape.item), min_size=0 if shape.empty else 1, max_size=3)
    lists = items.map(lambda pairs: ([pair[0] for pair in pairs], [pair[1] for pair in pairs]))
    options: list[st.SearchStrategy[tuple[Any, Any]]] = [lists]
    if shape.none:
        options.append(st.just(("none", [])))
    if shape.single:
        options.append(made(shape.item).filter(lambda pair: not isinstance(pair[0], list) and pair[0] != "none").map(
            lambda pair: (pair[0], [pair[1]])))
    return st.one_of(options)


def _struct(shape: Struct) -> st.SearchStrategy[tuple[Any, Any]]:
    needed = {key: made(shape.keys[key]) for key in shape.required}
    optional = {key: made(inner) for key, inner in shape.keys.items() if key not in shape.required}
    if shape.short and not shape.required:
        needed[shape.short] = optional.pop(shape.short)
    some = st.sets(st.sampled_from(sorted(optional)), max_size=5) if optional else st.just(set())
    whole = some.flatmap(lambda keys: st.fixed_dictionaries({**needed, **{key: optional[key] for key in sorted(keys)}})).map(
        lambda pairs: ({key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}))
    if not shape.short:
        return whole
    return whole | made(shape.keys[shape.short]).map(lambda pair: (pair[0], {shape.short: pair[1]}))


def _or_word(shape: OrWord) -> st.SearchStrategy[tuple[Any, Any]]:
    return st.just((shape.word, shape.word)) | made(shape.shape).filter(lambda pair: pair[0] != shape.word)


MAKERS: dict[type, Any] = {
    Text: _text, Word: lambda shape: st.sampled_from(shape.words).map(lambda word: (word, word)),
    Flag: lambda _: st.booleans().map(lambda flag: (flag, flag)), Day: lambda _: DAYS.map(lambda day: (day.isoformat(), day)),
    Count: lambda _: NUMBERS, Bounded: _bounded, MonthlyFigures: _monthly, ListOf: _list, Struct: _struct, OrWord: _or_word,
    Rate: lambda _: st.integers(1, 10**6).map(lambda number: f"{number}.25").map(lambda rate: (rate, rate)),
    Country: lambda _: st.sampled_from(COUNTRIES).map(lambda code: (code, code)),
    Region: lambda _: st.sampled_from((*COUNTRIES, "EU", "EEA", "worldwide")).map(lambda code: (code, code))}

PARTS = st.fixed_dictionaries({"organization": made(ORGANIZATION), "project": _struct(Struct(PROJECT_FACTS)),
                               "models": st.lists(made(MODEL), min_size=1, max_size=3, unique_by=lambda pair: _id(pair[1]))})


def _id(model: dict[str, Any]) -> str:
    return str(model["id"]).lower()


@given(PARTS)
@settings(max_examples=80)
def test_a_manifest_made_from_the_shapes_is_read_back_in_every_format(load_text: Load, rules: Rules, parts: dict[str, Any]) -> None:
    data = {"version": 1, "project": "p", "organization": parts["organization"][0], **parts["project"][0],
            "models": [pair[0] for pair in parts["models"]]}
    text = json.dumps(data)
    assert not list(Draft7Validator(contract.schema()).iter_errors(data))
    for name in ("caveat.yaml", "caveat.json"):
        manifest = load_text(text, name)
        found = {key: bare(fact.value) for key, fact in manifest.facts.items() if not key.startswith("organization.")}
        assert found == parts["project"][1]
        owned = {key.removeprefix("organization."): bare(fact.value) for key, fact in manifest.facts.items()
                 if key.startswith("organization.")}
        assert owned == parts["organization"][1]
        assert len(manifest.models) == len(parts["models"])
        for model, (_, expected) in zip(manifest.models, parts["models"], strict=True):
            assert {key: bare(fact.value) for key, fact in model.facts.items()} == flat(expected)


def flat(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model's facts with the nested ones under dotted names."""
    found: dict[str, Any] = {}
    for key, value in model.items():
        if key in ("outputs", "safeguards", "evidence"):
            found |= {f"{key}.{name}": item for name, item in value.items()}
        else:
            found[key] = value
    return found


def test_every_fact_of_the_contract_is_read_somewhere() -> None:
    assert set(PROJECT_FACTS) < set(MANIFEST.keys)
    assert {*PROJECT_FACTS, *MODEL_FACTS} == set(MODEL.keys)
    assert not set(PROJECT_FACTS) & set(MODEL_FACTS)
