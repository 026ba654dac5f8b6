"""Break the logic of every clause kind on purpose, one place at a time, and see whether the examples of the rules notice.

A mutant is killed when some example of a built-in license, or of the rule sets in tests/rules, no longer gives what it
expects (or the code raises). Survivors are printed with their place, so that a missing example, or a change that makes no
difference, can be told apart.
"""

from __future__ import annotations
import __future__

import argparse
import ast
import copy
import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caveat import clause as clause_module
from caveat import plugins
from caveat.catalogue import load_rules, root
from caveat.examples import run
from caveat.rulebook import compile_rules

CLAUSES = Path(clause_module.__file__).parent / "clauses"
FOLDERS = (str(Path(__file__).parents[1] / "tests" / "rules"),)
SECONDS = 20

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
_ANSWERS = {"yes": "no", "no": "yes", "all_of": "any_of", "any_of": "all_of", "all": "any", "any": "all"}
_NAMES = "from caveat.truth import all_of, any_of, arguable, no, unknown, yes"


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Give every mutant of a module: its line, what was changed, and the changed tree."""
    for index, node in enumerate(ast.walk(tree)):
        for what, changed in _changes(node):
            mutant = copy.deepcopy(tree)
            target = next(found for place, found in enumerate(ast.walk(mutant)) if place == index)
            _replace(mutant, target, changed)
            yield getattr(node, "lineno", 0), what, ast.fix_missing_locations(mutant)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Give what a node may be changed into, in the bodies of methods and functions."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        flipped = copy.deepcopy(node)
        flipped.ops[0] = _COMPARE[type(node.ops[0])]()
        yield f"{ast.unparse(node)} -> {ast.unparse(flipped)}", flipped
    elif isinstance(node, ast.BoolOp):
        swapped = copy.deepcopy(node)
        swapped.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{ast.unparse(node)} -> {ast.unparse(swapped)}", swapped
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{ast.unparse(node)} -> {ast.unparse(node.operand)}", node.operand
    elif isinstance(node, ast.If | ast.IfExp):
        turned = copy.deepcopy(node)
        turned.test = ast.UnaryOp(ast.Not(), node.test)
        yield f"if {ast.unparse(node.test)} -> if not ...", turned
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ANSWERS:
        other = copy.deepcopy(node)
        other.func = ast.Name(_ANSWERS[node.func.id], ast.Load())
        yield f"{ast.unparse(node)[:60]} -> {_ANSWERS[node.func.id]}(...)", other
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("arguable", "unknown"):
        for answer in ("yes", "no"):
            yield f"{ast.unparse(node)[:60]} -> {answer}()", ast.Call(ast.Name(answer, ast.Load()), [], [])


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[:] = [new if item is old else item for item in value]


def _in_functions(tree: ast.Module) -> set[int]:
    return {line for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
            for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)}


def survives(kind: str, source: str, examples: dict[str, Any]) -> bool:
    """Tell whether no example notices a changed clause module."""
    module = sys.modules[f"caveat.clauses.{kind.replace('-', '_')}"]
    exec(_NAMES, module.__dict__)
    exec(compile(source, kind, "exec", flags=__future__.annotations.compiler_flag), module.__dict__)
    plugins.clause_kind.cache_clear()
    rules = load_rules(FOLDERS)
    for license_id, cases in examples.items():
        chosen = rules.license(license_id)
        if any(clause.kind == kind for clause in chosen.clauses) and any(result.wrong for result in run(cases, chosen, rules)):
            return False
    return True


def _child(kind: str, source: str, examples: dict[str, Any]) -> None:
    try:
        alive = survives(kind, source, examples)
    except Exception:  # a crash is noticed
        alive = False
    raise SystemExit(0 if alive else 1)


def main() -> int:
    """Mutate the kinds named (default: all) and print the survivors and the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=plugins.names("clauses"))
    kinds = parser.parse_args().kinds
    examples = {name: cases for folder in (root(), *FOLDERS) for name, cases in compile_rules(folder)["examples"].items()}
    fork = multiprocessing.get_context("fork")
    total = killed = 0
    for kind in kinds:
        plugins.clause_kind(kind)
        tree = ast.parse((CLAUSES / f"{kind.replace('-', '_')}.py").read_text("utf-8"))
        inside = _in_functions(tree)
        alive = []
        for line, what, mutant in mutants(tree):
            if line not in inside:
                continue
            total += 1
            process = fork.Process(target=_child, args=(kind, ast.unparse(mutant), examples))
            process.start()
            process.join(SECONDS)
            if process.is_alive():
                process.kill()
                process.join()
            if process.exitcode == 0:
                alive.append(f"  {kind}:{line}: {what}")
            else:
                killed += 1
        print("\n".join(alive) if alive else f"  {kind}: none survives", flush=True)
    print(f"{killed} of {total} mutants killed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
