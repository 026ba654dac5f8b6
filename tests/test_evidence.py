"""Evidence: the files that a manifest names, read once and never from outside its folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caveat.catalogue import Rules
from caveat.document import read_text
from caveat.evidence import MAX_BYTES, Document, Evidence, is_link, read_evidence
from caveat.load import load
from caveat.manifest import Fact

if TYPE_CHECKING:
    from tests.conftest import Write


def manifest_with(facts: str) -> str:
    return f"version: 1\nproject: p\nmodels:\n  - id: a/b\n    license: mit\n{facts}"


@pytest.fixture
def notice(write: Write, rules: Rules) -> Callable[[str], Document]:
    """Read what a manifest in app/ names as its notice file."""

    def read(path: str) -> Document:
        manifest = load(write("app/caveat.yaml", manifest_with(f"    evidence: {{notice_file: '{path}'}}\n")), rules.vocabulary)
        fact = manifest.models[0].facts["evidence.notice_file"]
        return read_evidence(manifest, rules.fingerprints).document(fact, path)

    return read


def test_every_kind_of_fact_that_names_a_file_is_read(write: Write, rules: Rules) -> None:
    names = ["LICENSE", "copy", "second", "notice", "change", "page.html", "risk", "offer", "up", "TERMS.md"]
    for name in names:
        write(name, f"this is {name}")
    manifest = load(write("caveat.yaml", manifest_with(
        "    license_text: LICENSE\n    upstream_notice: up\n"
        "    evidence: {license_copy: [copy, second], notice_file: notice, change_notice: change, risk_disclosure: risk,\n"
        "               source_offer: offer, attribution: {text: x, path: page.html}}\n") + "terms: [{path: TERMS.md}]\n"),
        rules.vocabulary)
    found = read_evidence(manifest, rules.fingerprints).documents
    assert {path: document.text for (_, path), document in found.items()} == {name: f"this is {name}" for name in names}
    identified = {path for (_, path), document in found.items() if document.identification}
    assert identified == {"LICENSE", "copy", "second"}


def test_a_file_named_twice_is_read_once(write: Write, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counting(path: str, *, max_bytes: int) -> str:
        read.append(path)
        return read_text(path, max_bytes=max_bytes)

    monkeypatch.setattr("caveat.evidence.read_text", counting)
    write("LICENSE", "text")
    models = "".join(f"  - {{id: a/m{number}, license: mit, evidence: {{license_copy: LICENSE, notice_file: LICENSE}}}}\n"
                     for number in range(20))
    manifest = load(write("caveat.yaml", f"version: 1\nproject: p\nmodels:\n{models}"), rules.vocabulary)
    read_evidence(manifest, rules.fingerprints)
    assert len(read) == 1


@pytest.mark.parametrize("link", ["https://example.org/LICENSE", "HTTP://example.org", "http://x"])
def test_an_address_is_never_opened(write: Write, rules: Rules, link: str) -> None:
    assert is_link(link)
    manifest = load(write("caveat.yaml", manifest_with(
        f"    evidence: {{license_copy: '{link}', notice_file: '{link}', risk_disclosure: '{link}'}}\n")), rules.vocabulary)
    assert read_evidence(manifest, rules.fingerprints).documents == {}


@pytest.mark.parametrize("path", [
    "../secret", "sub/../../secret", "../app-other/secret", "link", "folder-link/secret", "/etc/passwd", "link-to-link",
])
def test_nothing_outside_the_folder_is_read(write: Write, tmp_path: Path, notice: Callable[[str], Document], path: str) -> None:
    for name in ("secret", "app-other/secret"):
        write(name, "the secret")
    app = tmp_path / "app"
    app.mkdir()
    (app / "link").symlink_to(tmp_path / "secret")
    (app / "link-to-link").symlink_to("link")
    (app / "folder-link").symlink_to(tmp_path)
    found = notice(path)
    assert found.text == ""
    assert found.problem in ("lies outside the manifest's folder", "is not a path relative to the manifest")


def test_a_link_inside_the_folder_and_a_detour_are_fine(write: Write, tmp_path: Path, notice: Callable[[str], Document]) -> None:
    write("app/docs/Notice", "the notice")
    (tmp_path / "app" / "link").symlink_to("docs/Notice")
    for path in ("docs/Notice", "docs/../docs/Notice", "link", "./docs/Notice"):
        assert notice(path) == Document(path, "", "the notice")


def test_a_manifest_reached_by_a_link_may_read_beside_the_link(write: Write, rules: Rules, tmp_path: Path) -> None:
    write("real/caveat.yaml", manifest_with("    evidence: {notice_file: Notice}\n"))
    write("app/Notice", "beside the link")
    (tmp_path / "app" / "caveat.yaml").symlink_to(tmp_path / "real" / "caveat.yaml")
    manifest = load(str(tmp_path / "app" / "caveat.yaml"), rules.vocabulary)
    assert read_evidence(manifest, rules.fingerprints).documents[manifest.path, "Notice"].text == "beside the link"


def test_files_that_cannot_be_used_say_why(write: Write, notice: Callable[[str], Document], make_fifo: Callable[[str], str],
                                           tmp_path: Path) -> None:
    make_fifo("app/pipe")
    write("app/empty", " \n\t\n")
    write("app/latin", b"caf\xe9")
    with (tmp_path / "app" / "huge").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    (tmp_path / "app" / "folder").mkdir()
    found = {name: notice(name) for name in ("pipe", "empty", "latin", "huge", "folder", "missing")}
    assert {name: document.problem for name, document in found.items()} == {
        "pipe": "not a regular file", "empty": "is empty", "latin": "byte 3 is not UTF-8", "huge": "larger than 4 MiB",
        "folder": "is a folder, not a file", "missing": "no such file"}
    assert not any(document.text for document in found.values())


def test_a_file_that_was_not_read_has_a_problem() -> None:
    fact = Fact("evidence.notice_file", "x", "caveat.yaml", 1, 1)
    assert Evidence({}).document(fact, "x").problem == "was not read"


def test_paths_of_an_extended_file_are_relative_to_it(write: Write, rules: Rules) -> None:
    write("org.yaml", "terms: [{path: TERMS.md}]\n")
    write("TERMS.md", "the organization's")
    write("app/TERMS.md", "the application's")
    manifest = load(write("app/caveat.yaml", manifest_with("extends: ../org.yaml\n")), rules.vocabulary)
    (document,) = read_evidence(manifest, rules.fingerprints).documents.values()
    assert document.text == "the organization's"
    assert os.path.basename(manifest.facts["terms"].path) == "org.yaml"
