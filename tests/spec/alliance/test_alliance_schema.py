"""The schemas in data/schemas are made from the models, so that an editor and the loader agree."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from mel.formats.schemas import alliance_schema, pack_schema, write_schemas


def test_the_schemas_beside_the_data_are_the_models(root: Path, tmp_path: Path) -> None:
    write_schemas(tmp_path)
    for name in ("alliance", "pack"):
        there = root / "data" / "schemas" / f"{name}.schema.json"
        assert there.read_text(encoding="utf-8") == (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("schema", [alliance_schema(), pack_schema()], ids=["alliance", "pack"])
def test_they_are_schemas(schema: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


def as_json(text: str) -> object:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_the_rich_alliance_fits(rich: Path) -> None:
    jsonschema.validate(as_json((rich / "alliance.toml").read_text(encoding="utf-8")), alliance_schema())


def test_a_typing_error_does_not(small: str) -> None:
    jsonschema.validate(as_json(small), alliance_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(small.replace("basis", "bassis")), alliance_schema())
