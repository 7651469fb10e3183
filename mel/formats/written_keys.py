"""Which keys may stand where, and which known key did an unknown one mean? Walks what was written beside the model's fields."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from rapidfuzz.distance import DamerauLevenshtein

from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.model.alliance import ColumnMap, VariableMap

Path = tuple[str | int, ...]
Place = Callable[[Path], dict[str, Any]]


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys a record of this model may have, as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def spelled(model: type[BaseModel], data: Mapping[str, Any], place: Place) -> tuple[dict[str, Any], list[Problem]]:
    """`data` with each misspelt key under the name it most likely meant and other unknown keys left out, and a problem for each.

    So one typing error gives one problem, not a second one about the key that then seems to be missing.
    """
    problems: list[Problem] = []
    return _record(model, data, (), place, problems), problems


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of the record at `path` of a validator's error; None where there is none."""
    here: Any = model
    for part in path:
        here = _inside(_plain(here), part)
        if here is None:
            return None
    return _as_model(_plain(here))


def _record(model: type[BaseModel], data: Mapping[str, Any], path: Path, place: Place, problems: list[Problem]) -> dict[str, Any]:
    known = keys_of(model)
    kept: dict[str, Any] = {}
    for name, value in data.items():
        meant = name if name in known else _meant(name, [k for k in known if k not in data and k not in kept])
        if name not in known:
            near = [meant] if meant else closest(name, known)
            problems.append(say.KEY_UNKNOWN.at(**place((*path, name)), name=name, near=near or "none", available=", ".join(known)))
        if meant:
            kept[meant] = _value(_annotation(model, meant), value, (*path, name), place, problems)
    return kept


def _value(annotation: Any, value: Any, path: Path, place: Place, problems: list[Problem]) -> Any:
    annotation = _plain(annotation)
    inner = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple and isinstance(value, list | tuple):
        return [_value(inner[0], part, (*path, at), place, problems) for at, part in enumerate(value)]
    if typing.get_origin(annotation) is dict and isinstance(value, Mapping):
        return {name: _value(inner[1], part, (*path, name), place, problems) for name, part in value.items()}
    model = _as_model(annotation)
    if model is VariableMap and isinstance(value, Mapping) and "columns" not in value:
        model = ColumnMap
    return _record(model, value, path, place, problems) if model and isinstance(value, Mapping) else value


def _meant(name: str, absent: list[str]) -> str | None:
    """The absent key that differs by a typing error or two; None when none is that near."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    for key in absent:
        allowed = 0 if len(key) < 3 else 1 if len(key) < 5 else 2
        if DamerauLevenshtein.distance(wanted, key) <= allowed:
            return key
    return None


def _annotation(model: type[BaseModel], key: str) -> Any:
    return next((f.annotation for name, f in model.model_fields.items() if key in (f.alias or name, name)), None)


def _plain(annotation: Any) -> Any:
    """`X | None` as X; other unions stay."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return parts[0] if len(parts) == 1 else annotation
    return annotation


def _inside(annotation: Any, part: str | int) -> Any:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple and isinstance(part, int):
        return inner[0]
    if origin is dict:
        return inner[1]
    model = _as_model(annotation)
    return _annotation(model, str(part)) if model else None


def _as_model(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
