"""The rules in force: licenses, known models, words and policies, built in or added by the user.

Built-in rules are read from one compiled file in a wheel, and from a cache keyed by their content in a checkout; the
YAML files are parsed and checked only when neither fits. Rules that a user adds are parsed and checked every time.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caveat import __version__
from caveat.errors import Error, Place, PolicyError, Problem, RuleError
from caveat.index import indexes, keys
from caveat.license import Aliases, IncorporatedPolicy, License, Licensor, Source
from caveat.model import Entry, Parent
from caveat.pack import part, read, written
from caveat.plugins import clause_kind
from caveat.policy import Gate, Policy
from caveat.shapes import nearest
from caveat.vocabulary import FactWord, Group, Member, UseTag, Vocabulary, spelled

if TYPE_CHECKING:
    from caveat.fingerprints import Fingerprints

FAMILY_NAMES = frozenset({
    "llama", "openrail", "rail", "cc", "cc-by", "cc-by-nc", "bsd", "gpl", "lgpl", "agpl", "apache", "qwen", "mistral",
    "deepseek", "falcon", "creativeml", "creative commons", "open source", "proprietary", "commercial", "custom", "other",
    "unknown", "none", "noassertion", "unlicensed", "n/a", "na", "license", "see license", "modified-mit",
})
"""Words that are declared as a license and identify none."""

HOSTS = frozenset({
    "anyscale", "azure_ai", "bedrock", "cerebras", "cloudflare", "deepinfra", "fireworks_ai", "groq", "hyperbolic", "lambda_ai",
    "nebius", "novita", "nscale", "nvidia_nim", "openrouter", "replicate", "sambanova", "together_ai", "vertex_ai", "watsonx",
})
"""Hosts whose names clients put before a model's own name there, as in `groq/llama-3.3-70b-versatile`."""

KEPT_CACHES = 4
"""So many compiled rule files stay in the cache: checkouts and versions that are used in turn."""

_COMPILED = "compiled.pack"
_FOLDERS = ("licenses", "models", "vocabulary", "policies")


class Rules:
    """Everything a check may look up. Licenses and models are built when they are first asked for."""

    def __init__(self, pack: Mapping[str, Any], digest: str, root: str, replaced: Sequence[str] = (),
                 added: Sequence[str] = ()) -> None:
        self._pack = pack
        self._licenses: dict[str, License] = {}
        self._entries: dict[int, Entry] = {}
        self._publishers: Sequence[Mapping[str, Any]] | None = None
        self._fingerprints: Fingerprints | None = None
        self._root = root
        self.digest = digest
        self.replaced = tuple(replaced)
        self.added = tuple(added)
        self.vocabulary = _vocabulary(pack["vocabulary"])

    @property
    def license_ids(self) -> tuple[str, ...]:
        """The ids of all rule sets, sorted."""
        return tuple(sorted(self._pack["licenses"]))

    @property
    def policy_names(self) -> tuple[str, ...]:
        """The names of the packaged policies, sorted."""
        return tuple(sorted(self._pack["policies"]))

    @property
    def publishers(self) -> Sequence[Mapping[str, Any]]:
        """The catalogue as plain data, a publisher each."""
        if self._publishers is None:
            self._publishers = part(self._pack, self._pack["models"])
        return self._publishers

    def license(self, license_id: str) -> License:
        """Return a license by its id; raises KeyError."""
        if license_id not in self._licenses:
            self._licenses[license_id] = license_from(part(self._pack, self._pack["licenses"][license_id]))
        return self._licenses[license_id]

    def license_id(self, name: str) -> str | None:
        """Return the id of the license that a word declares (id, SPDX id, hub id or title, in any case), else None."""
        key = " ".join(name.lower().split())
        return None if key in FAMILY_NAMES else self._pack["names"].get(key)

    def policy(self, name: str) -> Policy:
        """Return a packaged policy by name, or the policy in a file; raises PolicyError."""
        data = self._pack["policies"].get(name)
        if data is None and (os.sep in name or name.endswith((".yaml", ".yml"))):
            from caveat.rulebook import read_policy

            try:
                data = read_policy(name)
            except Error as error:
                raise PolicyError(*error.problems) from None
        if data is None:
            known = ", ".join(self.policy_names)
            raise PolicyError(Problem(f"there is no policy '{name}'", None, f"known: {known}; or name a file"))
        return Policy(**{**data, "gate": Gate(**data.get("gate", {}))})

    def instead_of(self, name: str, more: Iterable[str] = ()) -> str:
        """Return what to write instead of a name that is no license and no model; `more`: further names that were possible."""
        if name.strip().lower() in FAMILY_NAMES:
            return "it names no single license; find the text that is meant and write its id, see `caveat licenses`"
        if self.is_family(name):
            return "it names a family of models; write the exact id of one, see `caveat models`"
        close = nearest(name, (*self.license_ids, *more))
        return f"did you mean '{close}'?" if close else "see `caveat licenses` and `caveat models`"

    def entry(self, model_id: str) -> Entry | None:
        """Return what the catalogue knows of a model, by its exact id or its publisher's own pattern; else None."""
        key = model_key(model_id)
        index = self._pack["ids"].get(model_id.strip().lower(), self._pack["ids"].get(key))
        if index is None and ":" in key:
            index = self._pack["ids"].get(key.split(":", 1)[0] + ":*")
        if index is None:
            index = self._matching(key)
        if index is None:
            index = self._pack["ids"].get(_without_host(key))
        return None if index is None else self._entry(index)

    def is_family(self, model_id: str) -> bool:
        """Tell whether an id is a bare word that names only a family of models."""
        return model_key(model_id) in self._pack["families"]

    def is_bare_ollama_name(self, model_id: str) -> bool:
        """Tell whether an id is the name of an Ollama library without a tag, which says neither size nor variant."""
        return model_key(model_id) in self._pack["bare"]

    def host_of_name(self, model_id: str) -> str | None:
        """Return at whose API a catalogued name is used: another host's (names with a prefix), else the vendor's (bare names).

        None for ids that are no API names. Bare names of open weights are used by other hosts, too.
        """
        key = next((name for name in (model_id.strip().lower(), model_key(model_id)) if name in self._pack["api"]), None)
        if key is None:
            return "third-party-api" if _without_host(model_key(model_id)) in self._pack["ids"] else None
        return "third-party-api" if re.search(r"[/@]|^[a-z]{2,6}\.|^[a-z0-9]+\.[a-z]", key) else "vendor-api"

    def has_patterns(self, model_id: str) -> bool:
        """Tell whether the catalogue has patterns for the owner of a model."""
        return model_key(model_id).split("/", 1)[0] in self._pack["patterns"]

    def _matching(self, key: str) -> int | None:
        for pattern, index in self._pack["patterns"].get(key.split("/", 1)[0], ()):
            if fnmatch.fnmatchcase(key, pattern):
                return int(index)
        return None

    def _entry(self, index: int) -> Entry:
        if index not in self._entries:
            data = part(self._pack, self._pack["entries"][index])
            base = tuple(Parent(**parent) for parent in data.get("base", ()))
            self._entries[index] = Entry(**{**data, "base": base, "disputed": tuple(data.get("disputed", ())),
                                            "beside": tuple(data.get("beside", ()))})
        return self._entries[index]

    def fingerprints(self) -> Fingerprints:
        """The fingerprints of known license texts."""
        if self._fingerprints is None:
            from caveat.fingerprints import Fingerprints

            path = os.path.join(self._root, "fingerprints.json")
            with open(path, encoding="utf-8") as file:
                self._fingerprints = Fingerprints(json.load(file))
        return self._fingerprints


def model_key(model_id: str) -> str:
    """Return an id as the catalogue's key: lower case, without revision; purls and hf.co names as owner/name."""
    key = model_id.strip()
    if key.lower().startswith("pkg:"):
        from urllib.parse import unquote

        key = unquote(key.split("?", 1)[0].split("#", 1)[0].removeprefix("pkg:"))
        key = re.sub(r"^huggingface/", "", key, flags=re.IGNORECASE)
    key = re.sub(r"^(https?://)?(huggingface\.co|hf\.co)/", "", key, flags=re.IGNORECASE)
    owner, slash, name = key.partition("/")
    if slash and ":" in name and key != model_id.strip():
        key = f"{owner}/{name.split(':', 1)[0]}"
    return (key[:1] + key[1:].split("@", 1)[0]).rstrip("/").lower()  # some hosts' ids begin with "@"


def _without_host(key: str) -> str:
    """Return what follows a host's name in a model's key; "" where none stands before it."""
    host, _, name = key.partition("/")
    return name if host in HOSTS else ""


def license_from(data: Mapping[str, Any]) -> License:
    """Return a license from checked plain data."""
    data = _frozen(data)
    parts = {
        "source": Source(**data["source"]),
        "aliases": Aliases(**data.get("aliases", {})),
        "licensor": Licensor(**data["licensor"]) if data.get("licensor") else None,
        "policy": IncorporatedPolicy(**data["policy"]) if data.get("policy") else None,
        "clauses": tuple(clause_kind(clause["kind"])(**{k: v for k, v in clause.items() if k != "kind"})
                         for clause in data["clauses"]),
    }
    return License(**{**data, **parts})


def _frozen(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _frozen(value) for key, value in data.items()}
    return tuple(_frozen(item) for item in data) if isinstance(data, list) else data


def _vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    uses = {use["tag"]: UseTag(**use) for use in data["uses"]["uses"]}
    names = {spelled(name): use.tag for use in uses.values() for name in (use.tag, *use.aliases)}
    groups = {code: Group(group["name"], tuple(Member(**member) for member in group["members"]), group.get("note", ""))
              for code, group in data["regions"]["groups"].items()}
    facts = {fact["name"]: FactWord(**fact) for fact in data["facts"]["facts"]}
    return Vocabulary(uses, names, data["regions"]["countries"], groups, facts)


def root() -> str:
    """Return the folder of the built-in rules: package data in a wheel, ./rules in a checkout."""
    here = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(here, "_rules")
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(os.path.dirname(here)), "rules")


def load_rules(extra: Iterable[str] = ()) -> Rules:
    """Return the built-in rules and those in the folders `extra`, whose rule sets win; raises RuleError."""
    folder = root()
    built_in = _built_in(folder)
    folders = tuple(extra)
    if not folders:
        return Rules(built_in, built_in["digest"], folder)
    from caveat.rulebook import compile_rules

    pack, digest = _unpacked(built_in), built_in["digest"]
    replaced: list[str] = []
    for path in folders:
        if not os.path.isdir(path):
            raise RuleError(Problem("no such folder of rules", Place(path), "name a folder that holds licenses/"))
        added = compile_rules(path)
        replaced += _replaced(Rules({**pack, **indexes(pack)}, digest, folder), added)
        pack = _merged(pack, added)
        digest = hashlib.sha256(f"{digest}\n{content_digest(path)}".encode()).hexdigest()
    return Rules({**pack, **indexes(pack)}, digest, folder, replaced, folders)


def _replaced(rules: Rules, added: Mapping[str, Any]) -> Iterator[str]:
    """Name what added rules put over those in force: licenses by their id, policies, models and words for uses."""
    yield from (license_id for license_id in added["licenses"] if license_id in rules.license_ids)
    yield from (f"policy {name}" for name in added["policies"] if name in rules.policy_names)
    for publisher in added["models"]:
        names = dict.fromkeys(name for model in publisher.get("models", ()) for name in keys(model))
        yield from (f"model {name}" for name in names if rules.entry(name))
        matches = (pattern["match"] for pattern in publisher.get("patterns", ()))
        yield from (f"models {match}" for match in matches if rules.has_patterns(match))
    for use in added["vocabulary"].get("uses", {}).get("uses", ()):
        yield from (f"use {name}" for name in (use["tag"], *use.get("aliases", ())) if rules.vocabulary.tag(name))


def _merged(pack: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    vocabulary = dict(pack["vocabulary"])
    if "uses" in added["vocabulary"]:
        vocabulary["uses"] = {"uses": pack["vocabulary"]["uses"]["uses"] + added["vocabulary"]["uses"]["uses"]}
    return {**pack, "licenses": {**pack["licenses"], **added["licenses"]}, "models": added["models"] + pack["models"],
            "policies": {**pack["policies"], **added["policies"]}, "vocabulary": vocabulary}


def _built_in(folder: str) -> dict[str, Any]:
    compiled = os.path.join(folder, _COMPILED)
    if os.path.exists(compiled):
        return read(compiled) or compiled_pack(folder)
    digest = content_digest(folder)
    key = hashlib.sha256(f"{__version__}{_code_state()}{digest}".encode()).hexdigest()
    cached = os.path.join(_cache_folder(), f"rules-{key[:32]}.pack")
    pack = read(cached)
    if pack is None or pack["digest"] != digest:
        pack = compiled_pack(folder)
        _keep(cached, pack)
    return pack


def _code_state() -> str:
    """Return what changes when the program's own files do: what is compiled depends on them too."""
    here = os.path.dirname(os.path.abspath(__file__))
    states = []
    for folder in (here, os.path.join(here, "clauses")):
        with os.scandir(folder) as entries:
            states += [f"{entry.name} {entry.stat().st_size} {entry.stat().st_mtime_ns}" for entry in entries
                       if entry.name.endswith(".py")]
    return "\n".join(sorted(states))


def compiled_pack(folder: str) -> dict[str, Any]:
    """Return the rules of a folder, checked, indexed and with their digest, as JSON-ready data; raises RuleError.

    Licenses, entries and publishers are JSON texts inside it, so that a check parses only those it uses.
    """
    from caveat.rulebook import compile_rules

    pack = compile_rules(folder)
    del pack["examples"]
    found = {**pack, **indexes(pack), "digest": content_digest(folder)}
    found["licenses"] = {name: json.dumps(data) for name, data in pack["licenses"].items()}
    found["entries"] = [json.dumps(data) for data in found["entries"]]
    found["models"] = json.dumps(pack["models"])
    return found


def _unpacked(pack: Mapping[str, Any]) -> dict[str, Any]:
    """Return compiled rules with all their parts parsed, to be joined with others."""
    licenses = {name: part(pack, found) for name, found in pack["licenses"].items()}
    return {**pack, "licenses": licenses, "models": part(pack, pack["models"])}


def content_digest(folder: str) -> str:
    """Return the SHA-256 (hex) of all rule files of a folder: their names and bytes, in order."""
    total = hashlib.sha256()
    for path in sorted(_rule_files(folder)):
        with open(os.path.join(folder, path), "rb") as file:
            total.update(f"{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return total.hexdigest()


def _rule_files(folder: str) -> Iterable[str]:
    yield from (name for name in ("fingerprints.json",) if os.path.exists(os.path.join(folder, name)))
    for kind in _FOLDERS:
        inside = os.path.join(folder, kind)
        names = os.listdir(inside) if os.path.isdir(inside) else ()
        yield from (f"{kind}/{name}" for name in names if name.endswith((".yaml", ".yml")))


def _cache_folder() -> str:
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "caveat")


def _cached(folder: str) -> list[str]:
    return [os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("rules-") and name.endswith(".pack")]


def _keep(path: str, pack: Mapping[str, Any]) -> None:
    """Write the cache atomically; without a writable cache the next run parses again."""
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        scratch = f"{path}.{os.getpid()}"
        with open(scratch, "wb") as file:
            file.write(written(pack))
        os.replace(scratch, path)
        for stale in sorted(_cached(os.path.dirname(path)), key=os.path.getmtime)[:-KEPT_CACHES]:
            os.unlink(stale)
    except OSError:
        pass
