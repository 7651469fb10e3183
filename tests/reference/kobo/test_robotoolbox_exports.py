"""The csv files that R's robotoolbox writes: its own spelling of select_multiple (`q_opt`), three languages, form versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel.collection import collect

PETS = {  # name: what the text column says (3 dog, 4 cat, 5 turtle), read by eye
    "Moh": "345", "Joe": None, "Remus": "5", "Romulus": "4", "Rufus": "34",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "kobo" / "robotoolbox"


@pytest.mark.parametrize("name", ["data_sm.csv", "data_sm_label.csv"])
def test_select_multiple_in_robotoolbox_spelling(folder: Path, name: str):
    records = collect(folder / name)
    frame = records.frame.set_index("full_name")
    assert "pet_type" not in frame.columns
    for who, ticked in PETS.items():
        ticks = [frame.loc[who, f"pet_type/{n}"] for n in "12345"]
        if ticked is None:
            assert all(v != v for v in ticks)
        else:
            assert ticks == [float(n in ticked) for n in "12345"]
    assert [p.code for p in records.problems] == ["TICKS_TAKEN"]
    assert records.provenance[0].form_versions == ("vjPe5qiVxTmyviYSrQE3x4",)


@pytest.mark.parametrize("language", ["ar", "fr", "default"])
def test_the_language_editions_have_the_same_rows_and_codes(folder: Path, language: str):
    records = collect(folder / f"data_ml_{language}.csv")
    assert list(records.frame["full_name"]) == ["Jean-Pierre", "Fatim", "Ahmad", "Michelle", "إبراهيم"]
    assert list(records.frame["pet_yesno"]) == [0, 1, 0, 1, 1]
    assert records.provenance[0].encoding == "utf-8"
    assert not records.problems


def test_three_copies_of_the_same_answers_are_refused(folder: Path):
    from mel.errors import InputError

    with pytest.raises(InputError) as raised:
        collect(folder / "data_ml_*.csv")
    assert raised.value.codes == ("FILE_TWICE", "FILE_TWICE")
