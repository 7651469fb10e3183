"""What may stand in alliance.toml and in a pack, as JSON Schema, so that an editor can help while someone types.

Made from the models, never written by hand; data/schemas holds them and a test holds the two equal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mel.model.alliance import Alliance
from mel.model.pack import Pack

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def alliance_schema() -> dict[str, Any]:
    """The schema of alliance.toml."""
    return {"$schema": _DIALECT, **_with_short_maps(Alliance.model_json_schema(by_alias=True, mode="validation"))}


def pack_schema() -> dict[str, Any]:
    """The schema of a pack."""
    return {"$schema": _DIALECT, **Pack.model_json_schema(by_alias=True, mode="validation")}


def write_schemas(folder: Path) -> None:
    """Write both into `folder` (data/schemas)."""
    for name, schema in (("alliance", alliance_schema()), ("pack", pack_schema())):
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")


def _with_short_maps(schema: dict[str, Any]) -> dict[str, Any]:
    """A map's entry may also be a column's name, or one column with its codes; the model reads these before its fields do."""
    definitions = schema["$defs"]
    several = definitions["VariableMap"]
    short = [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/ColumnMap"}, several]
    return {**schema, "$defs": {**definitions, "VariableMap": {"anyOf": short, "title": "VariableMap"}}}
