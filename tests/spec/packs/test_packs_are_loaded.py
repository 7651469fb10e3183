"""A pack is read whole or refused with every reason; two packs may not define the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel.errors import InputError
from mel.formats.packs import load_packs, read_pack

HEAD = 'id = "{id}"\nversion = "1"\nlabel = "Own"\nsource = "Ours"\nstatus = "for_you_to_fill"\n'
INDICATOR = """
[[indicators]]
id = "{id}"
label = "Said yes"
kind = "proportion"
numerator = {{ column = "said", is = ["yes"] }}
source = "Ours"
status = "for_you_to_fill"
"""


def written(folder: Path, text: str, name: str = "own.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def problems_of(names: list[str], folder: Path | None) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(InputError) as caught:
        load_packs(names, folder)
    return [(p.code, p.file, p.key) for p in caught.value.problems]


def test_shipped_and_own_in_the_order_given(tmp_path: Path) -> None:
    written(tmp_path, HEAD.format(id="own") + INDICATOR.format(id="said_yes"))
    packs = load_packs(["own.toml", "lnob"], tmp_path)
    assert [pack.id for pack in packs.packs] == ["own", "lnob"]
    assert packs.indicators["said_yes"].kind == "proportion"
    assert "saddd" in packs.age_bands


def test_an_own_pack_may_lie_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    written(tmp_path / "packs", HEAD.format(id="own"))
    assert load_packs(["packs/own.toml"], tmp_path).packs[0].id == "own"


def test_two_packs_with_one_indicator_are_both_named(tmp_path: Path) -> None:
    written(tmp_path, HEAD.format(id="own") + INDICATOR.format(id="heard_in_meetings"))
    with pytest.raises(InputError) as caught:
        load_packs(["outreach", "own.toml"], tmp_path)
    assert str(caught.value) == (
        "The indicator 'heard_in_meetings' is defined in the pack 'outreach' and again in the pack 'own'.\n"
        "Two definitions under one name give figures that cannot be compared. "
        "Rename it in the pack that is yours, or name only one of the two packs. [PACK_ID_TWICE]"
    )


@pytest.mark.parametrize("name", ["../own.toml", "/tmp/own.toml", "..\\own.toml", "a/../../own.toml", "C:/own.toml"])
def test_a_path_that_leaves_is_refused(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    written(tmp_path, HEAD.format(id="own"))
    assert [code for code, *_ in problems_of([name], inner)] == ["PATH_LEAVES_FOLDER"]


def test_a_link_that_leaves_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "own.toml").symlink_to(written(tmp_path, HEAD.format(id="own")))
    assert [code for code, *_ in problems_of(["own.toml"], inner)] == ["PATH_LEAVES_FOLDER"]


def test_several_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    assert [code for code, *_ in problems_of(["lnbo", "own.toml", "dsh"], tmp_path)] == [
        "PACK_UNKNOWN",
        "PACK_FILE_MISSING",
        "PACK_UNKNOWN",
    ]


def test_a_path_needs_a_folder_to_be_relative_to() -> None:
    assert [code for code, *_ in problems_of(["own.toml"], None)] == ["PACK_UNKNOWN"]


def test_one_pack_twice() -> None:
    assert [code for code, *_ in problems_of(["lnob", "lnob"], None)] == ["PACK_TWICE"]


@pytest.mark.parametrize(
    ("more", "code", "key"),
    [
        (INDICATOR.format(id="a") + INDICATOR.format(id="a"), "NAME_TWICE", "indicators[1].id"),
        (INDICATOR.format(id="A b"), "ID_NOT_ALLOWED", "indicators[0].id"),
        (INDICATOR.format(id="a").replace("proportion", "percentage"), "CHOICE_UNKNOWN", "indicators[0].kind"),
        (INDICATOR.format(id="a").replace("numerator", "numerater"), "KEY_UNKNOWN", "indicators[0].numerater"),
        (INDICATOR.format(id="a").replace("is =", "iss ="), "KEY_UNKNOWN", "indicators[0].numerator.iss"),
        (INDICATOR.format(id="a").replace("is = [", "like = ["), "KEY_UNKNOWN", "indicators[0].numerator.like"),
        (INDICATOR.format(id="a").replace('{ column = "said", is = ["yes"] }', '"said == 1"'), "TYPE_NOT_TABLE", "indicators[0].numerator"),
        (INDICATOR.format(id="a").replace("proportion", "mean"), "RECORD_CONTRADICTS", "indicators[0]"),
        ('entries = [{ id = "a", label = "A", parent = "b", source = "Ours", status = "confirmed" }]', "PACK_PARENT_UNKNOWN", "entries[0].parent"),
        ('variables = [{ id = "a", label = "A", type = "numbers" }]', "CHOICE_UNKNOWN", "variables[0].type"),
        (INDICATOR.format(id="a").replace('is = ["yes"]', "between = [1]"), "VALUE_NOT_ACCEPTED", "indicators[0].numerator.between"),
        (INDICATOR.format(id="a").replace('is = ["yes"]', "between = [1, 2, 3]"), "VALUE_NOT_ACCEPTED", "indicators[0].numerator.between"),
        ("valid_from = 2021", "TYPE_NOT_DATE", "valid_from"),
    ],
)  # fmt: skip
def test_a_spoilt_pack(tmp_path: Path, more: str, code: str, key: str) -> None:
    path = written(tmp_path, HEAD.format(id="own") + more)
    with pytest.raises(InputError) as caught:
        read_pack(path)
    assert (code, "own.toml", key) in [(p.code, p.file, p.key) for p in caught.value.problems]


def test_bands_with_a_gap(tmp_path: Path) -> None:
    bands = '[[age_bands]]\nid = "x"\nlabel = "X"\nsource = "Ours"\nstatus = "confirmed"\nbands = [{ code = "a", label = "A", from = 0, to = 4 }, '
    path = written(tmp_path, HEAD.format(id="own") + bands + '{ code = "b", label = "B", from = 6 }]')
    with pytest.raises(InputError, match="must start one year after a ends"):
        read_pack(path)


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_pack(tmp_path / "none.toml")
    assert caught.value.codes == ("WRITTEN_FILE_MISSING",)
    assert str(tmp_path) not in str(caught.value)
