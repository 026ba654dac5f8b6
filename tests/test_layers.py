"""Layers: imports point down only, heavy libraries stay where they are needed, and no file outgrows its reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import caveat

ROOT = Path(caveat.__file__).parent
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted(ROOT.rglob("*.py"))}

# From the ground up: a module imports only from rows above its own.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__init__",),
    ("errors", "truth", "values", "plugins"),
    ("document", "text", "index", "pack"),
    ("toml_document", "shapes", "license", "fingerprints"),
    ("figures",),
    ("manifest", "model", "vocabulary", "finding", "identify", "parse"),
    ("policy", "rulefiles", "report", "term", "own_rules", "limits"),
    ("factsheet", "catalogue", "expression", "evidence"),
    ("use",),
    ("money", "clause"),
    ("clauses.*", "lineage", "delivery"),
    ("conflict",),
    ("load", "resolve", "evaluate", "decide", "render", "importers.*", "scanners.*", "rulebook"),
    ("reporters.*", "examples"),
    ("lint", "api", "library", "texts"),
    ("compare",),
    ("schemas",),
    ("cli.*",),
    ("__main__",),
)
# Imports inside functions go where the program needs them only then; these are the ones that point up or sideways.
LATE = {
    ("license", "clause"),              # for types only
    ("catalogue", "rulebook"),          # rule files are parsed and checked only when no compiled form fits
}


def layer(module: str) -> int:
    folder = module.rpartition(".")[0]
    for number, row in enumerate(LAYERS):
        if module in row or f"{folder}.*" in row:
            return number
    raise AssertionError(f"{module} stands in no layer: add it to LAYERS")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Give every module that a file imports, and whether it does so only late (in a function, or for types)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    def walk(node: ast.AST, late: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            inner = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (
                isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test))
            if isinstance(child, ast.Import):
                yield from ((alias.name, inner) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path.name} imports relatively"
                if child.module in ("caveat", "caveat.reporters"):
                    yield from ((f"{child.module}.{alias.name}", inner) for alias in child.names)
                else:
                    yield str(child.module), inner
            yield from walk(child, inner)

    yield from walk(tree, False)


def own(name: str) -> str | None:
    """Return the name of one of our modules below the package, else None."""
    if name == "caveat":
        return "__init__"
    inside = name.removeprefix("caveat.")
    return None if inside == name or inside == "__version__" else inside


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    for name, late in imports(MODULES[module]):
        target = own(name)
        if target is None:
            continue
        assert target in MODULES or f"{target}.__init__" in MODULES, f"{module} imports {name}, which is no module"
        if (late and (module, target) in LATE) or module.rpartition(".")[2] == "__init__":
            continue
        down = layer(target) < layer(module)
        assert down or one_folder(module, target), f"{module} imports {target}, which stands above or beside it"


def one_folder(module: str, target: str) -> bool:
    """Tell whether two modules may share code as members of one folder: commands may, clause kinds, and reporters."""
    folder = module.rpartition(".")[0]
    return folder in ("cli", "clauses", "reporters") and target.startswith(f"{folder}.")


def test_every_late_import_is_still_made() -> None:
    made = {(module, own(name)) for module, path in MODULES.items() for name, late in imports(path) if late}
    assert made >= LATE


@pytest.mark.parametrize(("library", "homes"), [
    ("click", ("cli.",)), ("pydantic", ("rulebook", "schemas", "cli.rules")), ("yaml", ("document",)),
    ("jinja2", ("reporters.html",)), ("xlsxwriter", ("reporters.xlsx",)), ("typst", ("reporters.pdf",)),
    ("tomllib", ("toml_document",)), ("license_expression", ("expression",)), ("spdx_tools", ("importers.",)), ("subprocess", ()),
    ("socket", ()), ("urllib.request", ()), ("requests", ()), ("importlib", ("plugins",)), ("pickle", ()), ("random", ()),
    ("time", ()),
])
def test_a_library_stays_at_home(library: str, homes: tuple[str, ...]) -> None:
    users = {module for module, path in MODULES.items() for name, _ in imports(path)
             if name == library or name.startswith(f"{library}.")}
    assert {module for module in users if not module.startswith(homes)} == set()


HEAVY = ("jinja2", "xlsxwriter", "typst",
         "license_expression", "spdx_tools", "tomllib", "pydantic", "difflib", "urllib.parse", "tempfile")


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_is_loaded_only_when_it_is_needed(library: str) -> None:
    early = {module for module, path in MODULES.items() for name, late in imports(path)
             if not late and (name == library or name.startswith(f"{library}."))}
    assert early <= {"rulebook", "schemas"}, f"{library} is loaded at once by {early}"


def test_nobody_but_the_entry_imports_the_command_line() -> None:
    users = {module for module, path in MODULES.items() for name, _ in imports(path) if name.startswith("caveat.cli")}
    assert {module for module in users if not module.startswith("cli.")} == {"__main__"}


def test_only_the_loader_the_catalogue_and_the_evidence_reader_read_files() -> None:
    readers = set()
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (
                    (isinstance(node.func, ast.Name) and node.func.id == "open")
                    or (isinstance(node.func, ast.Attribute) and node.func.attr in ("read_text", "read_bytes", "write_text"))):
                readers.add(module)
    pure = {"resolve", "evaluate", "decide", "render", "truth", "shapes", "text", "identify", "use", "clause", "report", "lineage",
            "delivery",
            *(module for module in MODULES if module.startswith(("clauses.", "reporters.")))}
    assert readers & pure == set()
    assert "document" in readers


@pytest.mark.parametrize("module", MODULES)
def test_no_module_runs_strings_or_reads_the_clock(module: str) -> None:
    """No verdict depends on more than its input: the clock is read by the command line alone."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__"), f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow", "urandom"):
            assert module.startswith("cli."), f"line {node.lineno}"


# Each is one closed subject; they may shrink, and no other module may join them.
LONGER = {"text": 530}


@pytest.mark.parametrize("module", MODULES)
def test_no_module_and_no_function_is_long(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGER.get(module, 420)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, f"{node.name} is too long"


def public(body: list[ast.stmt], name: str = "") -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    """Give the public classes and functions of a module, methods of public classes among them."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{name}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


# A method that a base class documents needs no words of its own.
INHERITED = {"judge", "breached", "absent", "explain", "owed", "met", "unmet", "live_outcome", "only_open", "always_decided",
             "brief",
             "read", "schema", "list_commands", "get_command", "resolve_command", "convert"}


@pytest.mark.parametrize("module", [module for module in MODULES if not module.endswith("__init__")])
def test_everything_public_says_what_it_is(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{module} has no docstring"
    silent = [name for name, node in public(tree.body)
              if not ast.get_docstring(node) and not ("." in name and name.rpartition(".")[2] in INHERITED)
              and not any("overload" in ast.dump(decorator) for decorator in node.decorator_list)]
    assert silent == []
