"""The rules in force: built-in files, cache, folders that add to them, and what is wrong with a rule file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caveat import catalogue
from caveat.catalogue import FAMILY_NAMES, Rules, compiled_pack, content_digest, load_rules, root
from caveat.errors import Error, PolicyError, RuleError
from caveat.finding import SEVERITIES
from caveat.pack import part, read, written

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

GOOD = """\
id: {id}
name: Own
source: {{url: 'https://example.org', read_on: 2026-01-01, evidence: text}}
clauses:
  - {{kind: noncommercial, section: '1'}}
"""


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of a small part of the built-in rules, which compiles quickly, with a cache of its own."""
    folder = tmp_path / "copy"
    shutil.copytree(root(), folder, ignore=lambda path, names: [name for name in names if _is_left_out(path, name)])
    monkeypatch.setattr(catalogue, "root", lambda: str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return str(folder)


def _is_left_out(folder: str, name: str) -> bool:
    kept = {"licenses": ("mit.yaml", "apache-2.0.yaml", "llama-3.2.yaml"), "models": ("meta.yaml", "mistral.yaml")}
    return name not in kept.get(os.path.basename(folder), (name,))


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were compiled, in order."""
    done: list[str] = []
    original = compiled_pack

    def counting(folder: str) -> dict[str, object]:
        done.append(folder)
        return original(folder)

    monkeypatch.setattr(catalogue, "compiled_pack", counting)
    return done


# -- what is built in ------------------------------------------------------------------------------------------------------


def test_every_built_in_rule_set_is_built(rules: Rules) -> None:
    assert len(rules.license_ids) >= 10
    for license_id in rules.license_ids:
        license = rules.license(license_id)
        assert license.id == license_id
        assert license.clauses
        names = [clause.name for clause in license.clauses]
        assert len(names) == len(set(names)), f"{license_id} has clauses of one id"
        for clause in license.clauses:
            assert clause.section
            assert (clause.severity or clause.default_severity) in SEVERITIES


def test_every_entry_of_the_catalogue_is_built_and_found_by_each_of_its_names(rules: Rules) -> None:
    count = 0
    for publisher in rules.publishers:
        for model in publisher.get("models", ()):
            names = [*model["ids"], *(name for group in model.get("aliases", {}).values() for name in group)]
            for name in names:
                entry = rules.entry(name.replace(":*", ":anything"))
                assert entry is not None, name
                assert entry.publisher == publisher["publisher"], name
                count += 1
        for pattern in publisher.get("patterns", ()):
            assert rules.entry(pattern["match"].replace("*", "x")) is not None
    assert count > 6_000


def test_the_catalogue_is_as_wide_as_promised(rules: Rules) -> None:
    entries = sum(len(one.get("models", ())) + len(one.get("patterns", ())) for one in rules.publishers)
    assert len(rules.publishers) >= 200
    assert entries >= 1_600


RELEASES = {
    "Qwen/Qwen2.5-3B-Instruct": "qwen-research-2024",
    "Qwen/Qwen2.5-7B-Instruct": "apache-2.0",
    "Qwen/Qwen2.5-72B-Instruct": "qwen-2024",
    "google/gemma-3-27b-it": "gemma-terms-2025-03-24",
    "google/gemma-4-31B-it": "apache-2.0",
    "deepseek-ai/DeepSeek-V3": "deepseek-license-1.0",
    "deepseek-ai/DeepSeek-V3-0324": "mit",
    "mistralai/Ministral-8B-Instruct-2410": "mrl-0.1",
    "mistralai/Ministral-3-8B-Instruct-2512": "apache-2.0",
    "mistralai/Devstral-2-123B-Instruct-2512": "mistral-modified-mit",
    "mistralai/Devstral-Small-2-24B-Instruct-2512": "apache-2.0",
    "meta-llama/LlamaGuard-7b": "llama-2",
    "meta-llama/Llama-Guard-4-12B": "llama-4",
    "tencent/HunyuanVideo": "tencent-hunyuan-community",
    "tencent/HunyuanImage-3.0": "tencent-hunyuan-community-image-3.0",
    "tencent/Hunyuan3D-2": "tencent-hunyuan-3d-2.0",
    "THUDM/chatglm3-6b": "chatglm3",
    "MiniMaxAI/MiniMax-M2.7": "minimax-m2.7-nc",
    "codestral:22b": "mnpl-0.1",
    "llama3.3": "llama-3.3",
    "meta.llama3-3-70b-instruct-v1:0": "llama-3.3",
}


@pytest.mark.parametrize("model", RELEASES)
def test_releases_of_one_family_are_told_apart(rules: Rules, model: str) -> None:
    entry = rules.entry(model)
    assert entry is not None
    assert entry.license == RELEASES[model]


def test_no_two_models_share_a_name(rules: Rules) -> None:
    owners: dict[str, str] = {}
    for publisher in rules.publishers:
        for model in publisher.get("models", ()):
            first = f"{publisher['publisher']} {model['ids'][0]}"
            for name in {*model["ids"], *(name for group in model.get("aliases", {}).values() for name in group)}:
                assert owners.setdefault(name.lower(), first) == first, f"{name} belongs to two models"


def test_no_two_licenses_share_a_name_and_none_is_called_like_a_family(rules: Rules) -> None:
    owners: dict[str, str] = {}
    for license_id in rules.license_ids:
        for name in filter(None, rules.license(license_id).names):
            assert owners.setdefault(name.lower(), license_id) == license_id, f"'{name}' names two licenses"
            assert rules.license_id(name) == license_id or name.lower() in FAMILY_NAMES
    for word in FAMILY_NAMES:
        assert rules.license_id(word) is None
        assert rules.license_id(word.upper()) is None


def test_what_entries_name_exists(rules: Rules) -> None:
    for publisher in rules.publishers:
        for entry in (*publisher.get("models", ()), *publisher.get("patterns", ())):
            assert entry["weights"] != "open" or entry.get("license"), entry
            assert entry["weights"] == "open" or not entry.get("license"), entry


# -- digest and cache ------------------------------------------------------------------------------------------------------


def test_the_digest_follows_the_content_of_every_rule_file(copy: str) -> None:
    first = content_digest(copy)
    assert content_digest(copy) == first
    path = Path(copy, "licenses", "mit.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "# one more line\n", encoding="utf-8")
    changed = content_digest(copy)
    path.rename(path.with_name("tim.yaml"))
    renamed = content_digest(copy)
    assert len({first, changed, renamed}) == 3
    path.with_name("tim.yaml").rename(path)
    path.write_text(text, encoding="utf-8")
    assert content_digest(copy) == first
    Path(copy, "licenses", "notes.txt").write_text("no rule", encoding="utf-8")
    assert content_digest(copy) == first


def test_rules_are_compiled_once_per_content(copy: str, compilations: list[str]) -> None:
    first = load_rules()
    assert load_rules().digest == first.digest
    assert compilations == [copy]
    path = Path(copy, "licenses", "mit.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("name: MIT", "name: New MIT"), encoding="utf-8")
    changed = load_rules()
    assert changed.digest != first.digest
    assert changed.license("mit").name.startswith("New MIT")
    assert compilations == [copy, copy]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"digest": "of other rules"}', "\x00\xff"])
def test_a_cache_that_does_not_fit_is_ignored(copy: str, compilations: list[str], tmp_path: Path, content: str) -> None:
    expected = load_rules()
    (cached,) = (tmp_path / "cache").rglob("*.pack")
    cached.write_bytes(content.encode("latin-1"))
    again = load_rules()
    assert again.license_ids == expected.license_ids
    assert compilations == [copy, copy]
    load_rules()
    assert compilations == [copy, copy], "the cache was not mended"


@pytest.mark.parametrize("place", ["file", "odd", "missing"])
def test_without_a_writable_cache_everything_works(copy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    places = {"file": str(tmp_path / "file"), "missing": "/proc/nowhere", "odd": "\x01/\x02"}
    monkeypatch.setenv("XDG_CACHE_HOME", places[place])
    monkeypatch.chdir(tmp_path)
    assert "mit" in load_rules().license_ids


def test_the_compiled_file_of_a_wheel_is_used_as_it_is(copy: str, compilations: list[str]) -> None:
    pack = compiled_pack(copy)
    Path(copy, "compiled.pack").write_bytes(written(pack))
    shutil.rmtree(os.path.join(copy, "licenses"))
    assert load_rules().license("mit").id == "mit"
    assert compilations == []


def test_a_pack_is_read_back_part_by_part(copy: str, tmp_path: Path) -> None:
    pack = compiled_pack(copy)
    path = tmp_path / "some.pack"
    path.write_bytes(written(pack))
    found = read(str(path))
    assert found is not None
    assert {name: part(found, place) for name, place in found["licenses"].items()} == {
        name: part(pack, text) for name, text in pack["licenses"].items()}
    assert [part(found, place) for place in found["entries"]] == [part(pack, text) for text in pack["entries"]]
    assert part(found, found["models"]) == part(pack, pack["models"])
    assert written(pack) == path.read_bytes()


def test_a_piece_of_a_pack_is_none(copy: str, tmp_path: Path) -> None:
    whole = written(compiled_pack(copy))
    for piece in (whole[:-1], whole[:len(whole) // 2], whole[:100], b"", whole + b"!"):
        (tmp_path / "some.pack").write_bytes(piece)
        assert read(str(tmp_path / "some.pack")) is None


# -- folders of one's own -----------------------------------------------------------------------------------------------------


def test_a_rule_set_of_ones_own_is_added(write: Write, tmp_path: Path, rules: Rules) -> None:
    write("own/licenses/acme.yaml", GOOD.format(id="acme"))
    added = load_rules((str(tmp_path / "own"),))
    assert set(added.license_ids) == {*rules.license_ids, "acme"}
    assert added.replaced == ()
    assert added.digest != rules.digest


def test_everything_that_replaces_a_built_in_rule_is_named(write: Write, tmp_path: Path) -> None:
    write("own/licenses/mit.yaml", GOOD.format(id="mit"))
    write("own/policies/default.yaml", "name: default\ngate: {review: none, obligation: none}\n")
    write("own/models/meta.yaml", "publisher: acme\nname: Acme\nmodels:\n  - {ids: [meta-llama/llama-3.3-70b-instruct, acme/new], "
          "kind: llm, license: mit, weights: open, evidence: seen}\n")
    write("own/vocabulary/uses.yaml", "uses:\n  - {tag: fluffy, meaning: kind, aliases: [Military, fluffiness], harmless: true}\n")
    added = load_rules((str(tmp_path / "own"),))
    assert set(added.replaced) == {"mit", "policy default", "model meta-llama/llama-3.3-70b-instruct", "use Military"}
    entry = added.entry("meta-llama/Llama-3.3-70B-Instruct")
    assert entry is not None
    assert entry.license == "mit"


@pytest.mark.parametrize("how", ["option", "manifest"])
def test_replaced_rules_stand_at_the_top_of_the_report(write: Write, cli: Cli, how: str) -> None:
    write("own/licenses/mit.yaml", GOOD.format(id="mit"))
    rules_line = "rules: own\n" if how == "manifest" else ""
    write("caveat.yaml", f"version: 1\nproject: p\nmodels: [{{id: a/b, license: mit}}]\n{rules_line}")
    ran = cli("check", "caveat.yaml", *(("--rules", "own") if how == "option" else ()))
    assert ran.out.splitlines()[1:3] == ["! rules added from: own", "! built-in rule sets replaced: mit"]
    found = cli("check", "caveat.yaml", "--format", "json", *(("--rules", "own") if how == "option" else ()))
    assert json.loads(found.out)["rules"]["replaced"] == ["mit"]


def test_an_added_license_cannot_take_the_name_of_a_built_in_one(write: Write, tmp_path: Path) -> None:
    write("own/licenses/acme.yaml", GOOD.format(id="acme") + "aliases: {names: [llama3.2, MIT], hub: [apache-2.0]}\n")
    added = load_rules((str(tmp_path / "own"),))
    assert [added.license_id(name) for name in ("llama3.2", "mit", "Apache-2.0")] == ["llama-3.2", "mit", "apache-2.0"]


def test_what_any_of_several_manifests_replaces_stands_at_the_top(write: Write, cli: Cli) -> None:
    write("a/own/licenses/mit.yaml", GOOD.format(id="mit"))
    write("b/own/licenses/acme.yaml", GOOD.format(id="acme"))
    write("c/house.yaml", "name: house\n")
    for name, line in {"a": "rules: own", "b": "rules: own", "c": "policy: house.yaml"}.items():
        write(f"{name}/caveat.yaml", f"version: 1\nproject: {name}\n{line}\nmodels: [{{id: a/b, license: mit}}]\n")
    report = json.loads(cli("check", "a", "b", "c", "--format", "json").out)
    assert (report["rules"]["replaced"], len(report["rules"]["added"])) == (["mit"], 2)
    assert report["policy"] == {"name": "default, house", "own": True}
    assert report["rules"]["digest"] == json.loads(cli("check", "c", "b", "a", "--format", "json").out)["rules"]["digest"]


def test_a_policy_may_forbid_replaced_rules(write: Write, cli: Cli) -> None:
    write("own/licenses/mit.yaml", GOOD.format(id="mit"))
    write("strict.yaml", "name: house\nforbid_replaced_rules: true\n")
    write("caveat.yaml", "version: 1\nproject: p\nrules: own\nmodels: [{id: a/b, license: mit}]\n")
    ran = cli("check", "caveat.yaml", "--policy", "strict.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "policy 'house' forbids replaced rule sets: mit" in ran.err


def test_a_folder_that_is_none(cli: Cli, write: Write) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [a/b]\n")
    ran = cli("check", "caveat.yaml", "--rules", "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere: no such folder of rules" in ran.err


# -- policies -------------------------------------------------------------------------------------------------------------------


def test_policies_are_found_by_name_or_path(write: Write, rules: Rules) -> None:
    assert rules.policy("default").gate.review == "high"
    assert rules.policy(write("own.yaml", "name: own\ngate: {review: medium}\n")).gate.review == "medium"
    with pytest.raises(PolicyError, match=r"there is no policy 'lax'; known: default"):
        rules.policy("lax")
    with pytest.raises(PolicyError, match="no such file"):
        rules.policy("nowhere/lax.yaml")
    with pytest.raises(PolicyError, match=r"bad\.yaml:2:[0-9]+: unknown key 'reviw'"):
        rules.policy(write("bad.yaml", "name: bad\ngate: {reviw: high}\n"))


# -- rule files with mistakes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def problems(write: Write, tmp_path: Path) -> Callable[[str], list[str]]:
    """Give what is wrong with a rule set, without the path of the file."""

    def found(clauses: str) -> list[str]:
        path = write("own/licenses/acme.yaml", GOOD.format(id="acme").split("clauses:")[0] + clauses)
        with pytest.raises(RuleError) as raised:
            load_rules((str(tmp_path / "own"),))
        lines = [str(problem) for problem in raised.value.problems]
        assert all(line.startswith(f"{path}:") and "\n" not in line for line in lines)
        return [line.removeprefix(f"{path}:") for line in lines]

    return found


def test_all_mistakes_of_a_rule_set_come_at_once(problems: Callable[[str], list[str]]) -> None:
    found = problems("""\
clauses:
  - {kind: user-capp, section: '1'}
  - {kind: user-cap, section: '2', more_than: 5, mor_than: 5}
  - {kind: noncommercial}
  - {kind: user-cap, section: '3', more_than: 5, month: 2024-13}
  - {kind: attribution, section: '4', text: x}
  - {kind: attribution, section: '5', text: y}
  - {kind: info, id: Not Kebab, section: '6'}
  - {kind: use-restrictions, section: '7', conditional: {weapons: {section: '1'}}}
  - {kind: user-cap, id: third, section: '8', more_than: many}
relesed: 2026-01-01
""")
    expected = [
        "14:10: unknown key 'relesed'; did you mean 'released'?", "5:12: unknown clause kind 'user-capp'; did you mean 'user-cap'?",
        "6:60: unknown key 'mor_than'; did you mean 'more_than'?", "7:5: 'section' is missing; add section:",
        "8:5: month '2024-13' is not YYYY-MM", "11:5: id 'Not Kebab' is not kebab-case", "12:5: ",
        "13:58: 'more_than': input should be a valid integer", "10:5: clause 'attribution' stands twice"]
    assert len(found) == len(expected), found
    for start in expected:
        assert any(line.startswith(start) for line in found), (start, found)


@pytest.mark.parametrize(("text", "message"), [
    ("clauses: []\n", "1:1: has no clauses; add clauses:"), ("", "1:1: has no clauses"),
    ("clauses: [{kind: info, section: '1'}]\nreleased: 2026-13-01\n", "1:1: released '2026-13-01' is not a date; write YYYY-MM-DD"),
    ("clauses: [hello]\n", "4:11: unknown clause kind 'None'"),
    ("clauses: [{kind: ../os, section: '1'}]\n", "4:18: unknown clause kind '../os'"),
    ("clauses: [{kind: info, section: '1', kind: info}]\n", "4:38: key 'kind' stands twice"),
])
def test_a_mistake_in_a_rule_set(problems: Callable[[str], list[str]], text: str, message: str) -> None:
    found = problems(text)
    assert any(line.startswith(message) for line in found), found


def test_a_date_in_a_rule_set_exists(problems: Callable[[str], list[str]]) -> None:
    assert problems("clauses: [{kind: info, section: '1'}]\nreleased: 2026-02-30\n")


def test_clauses_are_a_list(problems: Callable[[str], list[str]]) -> None:
    assert problems("clauses: 5\n")


def test_a_cap_needs_a_number(problems: Callable[[str], list[str]]) -> None:
    assert problems("clauses: [{kind: user-cap, section: '1', month: 2024-08}]\n")


def test_the_id_is_the_name_of_the_file(write: Write, tmp_path: Path) -> None:
    write("own/licenses/other.yaml", GOOD.format(id="acme"))
    with pytest.raises(RuleError, match="id 'acme' differs from the file's name; make them equal"):
        load_rules((str(tmp_path / "own"),))


def test_mistakes_in_all_files_come_at_once(write: Write, tmp_path: Path) -> None:
    write("own/licenses/acme.yaml", "- a list\n")
    write("own/licenses/none.yaml", "")
    write("own/models/acme.yaml", "publisher: acme\nmodels: [{ids: [a/b], kind: lm, weights: open, evidence: seen}]\n")
    write("own/policies/acme.yaml", "name: acme\ngate: {review: hgh}\n")
    write("own/vocabulary/uses.yaml", "uses: [{tag: x}]\n")
    with pytest.raises(Error) as raised:
        load_rules((str(tmp_path / "own"),))
    files = [os.path.relpath(str(problem.place).split(":")[0], tmp_path / "own") for problem in raised.value.problems]
    assert set(files) == {"licenses/acme.yaml", "licenses/none.yaml", "models/acme.yaml", "policies/acme.yaml",
                          "vocabulary/uses.yaml"}


@pytest.mark.parametrize(("model", "host"), [
    ("groq/llama-3.3-70b-versatile", "third-party-api"), ("openrouter/meta-llama/llama-3.3-70b-instruct", "third-party-api"),
    ("bedrock/meta.llama3-3-70b-instruct-v1:0", "third-party-api"), ("llama-3.3-70b-versatile", "vendor-api"),
    ("somewhere/llama-3.3-70b-versatile", None), ("groq/a-model-nobody-knows", None), ("groq", None),
])
def test_a_name_at_a_host_means_the_model_behind_it(rules: Rules, model: str, host: str | None) -> None:
    entry = rules.entry(model)
    assert (entry.license if entry else None) == ("llama-3.3" if host else None)
    assert rules.host_of_name(model) == host
