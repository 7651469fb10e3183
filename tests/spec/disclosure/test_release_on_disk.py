"""A release goes to disk and comes back equal; a folder that was touched is not read; the ledger keeps what was published."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.disclosure import protect
from mel.errors import InputError, ProtectionRefused, UsageError
from mel.formats.ledger import append_release, read_ledger, verify_ledger
from mel.formats.release import read_release, write_release
from mel.model.estimates import figure_of
from mel.model.policy import Policy
from mel.model.records import Provenance
from mel.model.release import Narratives, Release

_spec = importlib.util.spec_from_file_location("protection_tables", Path(__file__).parents[2] / "privacy" / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)
row = tables.row
NASTY = ["=1+1", "+31", "-5", "@cmd", "\tx", "'quoted'", 'a "b", c', "two\nlines", "two\r\nlines", "\r", "العربية", "", None]


@pytest.fixture
def release():
    rows = [row(n=50, note="=HYPERLINK(1)"), row(n=25, gender="woman"), row(n=20, gender="man"), row(n=5, gender="other")]
    given = tables.estimates(rows, ("gender",))
    given = dataclasses.replace(given, provenance=(Provenance("data/midline.csv", "a" * 64, "csv", 50, 3, round="midline"),))
    whole = figure_of(given.table.iloc[0].to_dict(), ("gender",))
    compared = [
        {"measure": "change", "from_round": "baseline", "estimate": 0.1 + 0.2, "inputs": (whole, whole)},
        {"measure": "change", "inputs": ()},
    ]
    told = pd.DataFrame(
        {"story_id": [str(i) for i in range(len(NASTY))], "partner": "p1", "text": NASTY, "consent": "yes", "publish": "public"}
    )
    return protect(
        given, tables.comparisons(given, compared), Narratives(stories=told), policy=Policy(), audience="public",
        context=tables.context(code_version="0.1", made_on="2026-11-23", notes=("n",)),
    )  # fmt: skip


def assert_same(one: Release, other: Release):
    for field in dataclasses.fields(Release):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        elif isinstance(a, Narratives):
            for kind in ("outcomes", "readings", "stories"):
                pd.testing.assert_frame_equal(getattr(a, kind), getattr(b, kind), check_column_type=False, check_index_type=False)
        else:
            assert a == b, field.name


def test_a_release_comes_back_equal(release, tmp_path):
    write_release(release, tmp_path / "r")
    back = read_release(tmp_path / "r")
    assert_same(release, back)
    assert list(back.labels["dimensions"]) == list(release.labels["dimensions"])
    write_release(back, tmp_path / "again")
    for file in (tmp_path / "r").iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


def test_no_text_cell_can_be_taken_for_a_formula(release, tmp_path):
    write_release(release, tmp_path / "r")
    stories = (tmp_path / "r" / "stories.csv").read_text(encoding="utf-8")
    assert not any(f",{sign}" in stories or f',"{sign}' in stories for sign in ("=", "+", "-", "@", "\t"))
    assert read_release(tmp_path / "r").narratives.stories["text"].tolist()[:5] == ["=1+1", "+31", "-5", "@cmd", "x"]


def test_extreme_numbers_come_back_exactly(release, tmp_path):
    numbers = [0.1, 1e-300, -0.0, 123456789.123456789]
    release = dataclasses.replace(release, estimates=release.estimates.assign(estimate=numbers))
    write_release(release, tmp_path / "r")
    assert np.array_equal(read_release(tmp_path / "r").estimates["estimate"].to_numpy(), numbers)


@pytest.mark.parametrize("name", ["estimates.csv", "comparisons.csv", "outcomes.csv", "readings.csv", "stories.csv", "release.json"])
def test_a_folder_with_a_file_edited_or_missing_is_not_read(release, tmp_path, name):
    folder = tmp_path / "r"
    write_release(release, folder)
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(text.replace('"donor"', '"public"') + " ", encoding="utf-8")
    if name == "release.json":
        (folder / name).write_text(text.replace('"primary": 1', '"primary": 0'), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_release(folder)
    assert refused.value.codes == ("RELEASE_FILE_EDITED",)
    (folder / name).unlink()
    with pytest.raises(InputError) as refused:
        read_release(folder)
    assert refused.value.codes == ("RELEASE_FILE_MISSING",)


def test_something_else_called_release_json_is_not_read(release, tmp_path):
    write_release(release, tmp_path / "r")
    for content in ("{", "[]", '{"format": 99}', "\udcff"):
        (tmp_path / "r" / "release.json").write_bytes(content.encode("utf-8", "surrogateescape"))
        with pytest.raises(InputError) as refused:
            read_release(tmp_path / "r")
        assert refused.value.codes == ("RELEASE_UNREADABLE",)


# ---- the ledger ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(release, tmp_path):
    write_release(release, tmp_path / "draft")
    home = tmp_path / "alliance"
    places = [append_release(tmp_path / "draft", home, on) for on in (date(2026, 11, 23), "2026-11-23", "2026-12-01")]
    return home, places


def test_releases_of_one_day_stand_beside_each_other(published):
    home, places = published
    assert [p.name for p in places] == ["2026-11-23", "2026-11-23-2", "2026-12-01"]
    entries = verify_ledger(home)
    assert [e.previous for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert [e.audience for e in read_ledger(home)] == ["public"] * 3
    assert_same(read_release(places[0]), read_release(places[2]))


def test_an_alliance_that_published_nothing_has_an_empty_ledger(tmp_path):
    assert verify_ledger(tmp_path) == ()


def edit(path: Path, old: str, new: str):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        lambda home: shutil.rmtree(home / "releases" / "2026-11-23"),
        lambda home: (home / "releases" / "2026-12-01" / "estimates.csv").unlink(),
        lambda home: edit(home / "releases" / "2026-11-23" / "estimates.csv", "woman", "womon"),
        lambda home: edit(home / "releases" / "ledger.json", '"audience": "public"', '"audience": "own"'),
        lambda home: (home / "releases" / "ledger.json").unlink(),
        lambda home: (home / "releases" / "ledger.json").write_text("{}"),
        lambda home: (home / "releases" / "2027-01-01").mkdir(),
        lambda home: edit(home / "releases" / "ledger.json", '"name": "2026-11-23"', '"name": "../releases/2026-11-23"'),
    ],
)
def test_a_missing_edited_or_added_release_stops_the_next(published, tmp_path, damage):
    home, _ = published
    damage(home)
    with pytest.raises(ProtectionRefused) as refused:
        append_release(tmp_path / "draft", home, "2027-02-02")
    assert set(refused.value.codes) == {"LEDGER_BROKEN"}
    assert not (home / "releases" / "2027-02-02").exists()


def test_an_entry_taken_out_of_the_middle_shows(published):
    home, places = published
    ledger = home / "releases" / "ledger.json"
    record = json.loads(ledger.read_text())
    del record["entries"][1]
    ledger.write_text(json.dumps(record))
    shutil.rmtree(places[1])
    with pytest.raises(ProtectionRefused):
        verify_ledger(home)


def test_a_run_killed_while_publishing_is_finished_or_forgotten(published, tmp_path):
    home, _ = published
    ledger = home / "releases" / "ledger.json"
    before = ledger.read_text()
    place = append_release(tmp_path / "draft", home, "2026-12-24")
    ledger.rename(home / "releases" / "ledger.json.next")
    ledger.write_text(before)
    assert verify_ledger(home)[-1].name == "2026-12-24"
    ledger.rename(home / "releases" / "ledger.json.next")
    ledger.write_text(before)
    shutil.rmtree(place)
    assert verify_ledger(home)[-1].name == "2026-12-01"


def test_a_date_that_is_none_is_a_usage_error(release, tmp_path):
    write_release(release, tmp_path / "draft")
    with pytest.raises(UsageError):
        append_release(tmp_path / "draft", tmp_path, "../../etc")
