"""Frozen value classes without generated code.

A check builds some fifty classes, and `dataclasses` would spend a quarter of its time on writing and compiling their
methods. `value` gives the same kind of class (fields by annotation, defaults, keyword or positional arguments, equality,
`__post_init__`) with methods written once. Where a class must be a real dataclass, for validation, `as_dataclasses` makes it one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")

_classes: list[tuple[type, bool]] = []


@overload
def value(cls: type[T]) -> type[T]: ...


@overload
def value(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T] | None = None, *, kw_only: bool = False) -> Any:
    """Make a class a frozen value; its annotations are its fields, those that begin with ClassVar apart."""
    return _made(cls, kw_only) if cls is not None else lambda made: _made(made, kw_only)


def _made(cls: type, kw_only: bool) -> type:
    own = {name: cls.__dict__.get(name, _MISSING) for name, hint in cls.__annotations__.items()
           if not str(hint).startswith("ClassVar")}
    inherited = getattr(cls, "_fields", {})
    for name, method in _METHODS.items():
        setattr(cls, name, method)
    cls._fields = {**inherited, **own}  # type: ignore[attr-defined]
    cls.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    _classes.append((cls, kw_only))
    return cls


_MISSING = object()


def _init(self: Any, *args: Any, **given: Any) -> None:
    fields = self._fields
    given.update(zip(fields, args, strict=False))
    for name, default in fields.items():
        if name not in given:
            given[name] = _default(type(self).__name__, name, default)
    if len(given) > len(fields) or len(args) > len(fields):
        unknown = ", ".join(sorted(set(given) - set(fields))) or "too many arguments"
        raise TypeError(f"{type(self).__name__} has no {unknown}")
    self.__dict__.update(given)
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _default(owner: str, name: str, default: Any) -> Any:
    if default is _MISSING:
        raise TypeError(f"{owner} needs {name}")
    return default.default_factory() if isinstance(default, Field) else default  # type: ignore[operator]


def _setattr(self: Any, name: str, new: Any) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen")


def _eq(self: Any, other: object) -> bool:
    return type(self) is type(other) and bool(self.__dict__ == other.__dict__)


def _hash(self: Any) -> int:
    return hash(tuple(self.__dict__[name] for name in self._fields))


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in self._fields)})"


_METHODS = {"__init__": _init, "__setattr__": _setattr, "__eq__": _eq, "__hash__": _hash, "__repr__": _repr}


def plain(found: Any) -> Any:
    """Return a value as JSON-ready data: values and mappings as dicts, tuples as lists."""
    if hasattr(found, "_fields") and not isinstance(found, tuple):
        return {name: plain(found.__dict__[name]) for name in found._fields}
    if isinstance(found, dict):
        return {key: plain(item) for key, item in found.items()}
    return [plain(item) for item in found] if isinstance(found, tuple | list) else found


def as_dataclasses() -> None:
    """Make every value class so far a real dataclass, bases before their subclasses."""
    for cls, kw_only in _classes:
        for name in _METHODS:
            delattr(cls, name)
        dataclass(frozen=True, kw_only=kw_only)(cls)
    _classes.clear()
