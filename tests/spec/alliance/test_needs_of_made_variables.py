"""An indicator of a score needs the items: `mel check` lists those that no column is mapped to, and the map may name them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mel.collection.mapping_needs import unmapped
from mel.formats.packs import load_packs
from mel.model.alliance import Alliance


def alliance(maps: dict[str, Any], *asked: str, **more: Any) -> Alliance:
    survey = {
        "name": "survey", "kind": "answers", "owner": "amani", "share": "public", "design": {"basis": "census"}, "map": maps,
        "rounds": [{"name": "midline", "date": "2026-06-01", "files": ["midline.csv"]}],
    }  # fmt: skip
    return Alliance.model_validate(
        {
            "alliance": {"id": "reka", "name": "Reka", "invented": True, "period": {"start": "2024-01-01", "end": "2028-12-31"}},
            "members": [{"id": "reka-hub", "name": "Reka Hub", "side": "south", "country": "KE"}],
            "datasets": [survey],
            "indicators": [{"id": name, "dataset": "survey"} for name in asked],
            **more,
        }
    )


PACKS = load_packs(["lnob", "empowerment", "self-esteem-and-stigma"])


def test_the_items_are_needed_and_not_the_score() -> None:
    missing = unmapped(alliance({"rosenberg_able": "q4"}, "self_esteem_score"), PACKS)["self_esteem_score"]
    assert "rosenberg_worthy" in missing
    assert len(missing) == 9
    assert "self_esteem" not in missing


def test_a_score_that_the_form_worked_out_needs_no_items() -> None:
    assert unmapped(alliance({"self_esteem": "total"}, "self_esteem_score"), PACKS) == {}


def test_parity_needs_gender_and_household_too() -> None:
    columns = {name: name for name in PACKS.indices["aweai"].columns}
    assert unmapped(alliance({**columns, "gender": "sex"}, "aweai_achieved_women"), PACKS) == {}
    assert unmapped(alliance({**columns, "gender": "sex"}, "aweai_parity"), PACKS) == {"aweai_parity": ("household_id",)}


def test_a_dimension_of_who_is_above_the_cut_off_needs_what_the_index_does() -> None:
    rule = {"column": "aweai_disempowered", "is": ["yes"]}
    dimensions = [{"name": "behind", "from": "membership", "rule": rule}]
    uses = [{"id": "self_esteem_score", "dataset": "survey", "by": [["behind"]]}]
    found = unmapped(alliance({"self_esteem": "total"}, dimensions=dimensions, indicators=uses), PACKS)
    assert set(found["self_esteem_score"]) == set(PACKS.indices["aweai"].columns)


def test_the_shipped_packs_say_what_they_make(root: Path) -> None:
    text = (root / "mel" / "packs" / "empowerment.toml").read_text(encoding="utf-8")
    made = {name for index in tomllib.loads(text)["indices"] for name in PACKS.made if name.startswith(f"{index['id']}_")}
    read = {
        name
        for indicator in tomllib.loads(text)["indicators"]
        for name in [indicator["numerator"].get("value") or indicator["numerator"]["column"]]
    }
    assert read <= made
