"""Plug-ins found by folder: a new file in `clauses/`, `reporters/`, `importers/` or `scanners/` is a new one."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


@cache
def names(folder: str) -> tuple[str, ...]:
    """Return the names of a folder's plug-ins in kebab-case, sorted, without importing them."""
    files = os.listdir(os.path.join(_HERE, folder))
    modules = (file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))
    return tuple(sorted(module.replace("_", "-") for module in modules))


def load(folder: str, name: str) -> Any:
    """Import one plug-in's module by its kebab-case name; raises KeyError when there is none."""
    if name not in names(folder):
        raise KeyError(name)
    return import_module(f"caveat.{folder}.{name.replace('-', '_')}")


@cache
def clause_kind(kind: str) -> Any:
    """Return the class of a clause kind: `user-cap` is `UserCap` in clauses/user_cap.py; raises KeyError."""
    return getattr(load("clauses", kind), "".join(part.capitalize() for part in kind.split("-")))
