"""`[[analyses]]` and `inequality`: what may be asked for, in alliance.toml or the workbook, and what is refused with its way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mel.collection.alliance import load_alliance
from mel.collection.alliance_workbook import write_alliance_workbook
from mel.errors import InputError
from mel.model.alliance import Alliance

ASKED = """
[[analyses]]
kind = "furthest_behind"
indicator = "heard_in_community_meetings"
dimensions = ["disability", "residence"]
share = 0.05
draws = 20
"""


@pytest.fixture
def every_step(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "every-step"
    shutil.copytree(root / "data" / "alliances" / "every-step", folder, ignore=shutil.ignore_patterns("answers", "releases"))
    return folder


def asked(folder: Path, *changes: tuple[str, str], more: str = ASKED) -> Alliance:
    path = folder / "alliance.toml"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("[[analyses]]")
    tail = rest[rest.index("[disclosure]") :]
    written = head + more + tail
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1) if old in more else written.replace(old, new)
    path.write_text(written, encoding="utf-8")
    return load_alliance(folder)


def test_an_analysis_and_its_options(every_step: Path) -> None:
    (one,) = asked(every_step).analyses
    assert (one.kind, one.dimensions, one.options) == ("furthest_behind", ("disability", "residence"), {"share": 0.05, "draws": 20})


def test_the_workbook_has_them_too(every_step: Path) -> None:
    alliance = asked(every_step)
    (every_step / "alliance.toml").unlink()
    write_alliance_workbook(alliance, every_step / "alliance.xlsx")
    back = load_alliance(every_step)
    assert back.analyses == alliance.analyses
    assert back.report.inequality == alliance.report.inequality == ("mean_difference_from_mean", "theil_index")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"heard_in_community_meetings"\ndimensions', '"heard_in_meetings"\ndimensions', "ANALYSIS_INDICATOR_UNKNOWN"),
        ('"disability", "residence"]\nshare', '"disability", "residense"]\nshare', "ALLIANCE_DIMENSION_UNKNOWN"),
        ("draws = 20", 'round = "endline"', "ANALYSIS_ROUND_UNKNOWN"),
        ("draws = 20", 'dataset = "outcomes"', "ANALYSIS_WHICH_DATASET"),
        ("draws = 20", "drawz = 20", "KEY_UNKNOWN"),
        ("draws = 20", "up_to = 2", "RECORD_CONTRADICTS"),
        ('"furthest_behind"', '"lottery"', "CHOICE_UNKNOWN"),
        ('"theil_index"]', '"theil"]', "INEQUALITY_UNKNOWN"),
    ],
)
def test_what_leads_nowhere_is_refused(every_step: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        asked(every_step, (old, new))
    assert code in error.value.codes, error.value


EVERYBODY = """
[[analyses]]
kind = "overlaps"
dataset = "survey"
dimensions = ["disability", "residence"]
belonging = { disability = ["with_disability"], residence = ["rural"] }
[[analyses]]
kind = "exclusion_profile"
dataset = "survey"
dimensions = ["disability"]
voice = ["heard_in_community_meetings"]
scale = [0, 4]
fewest_raters = 6
"""


def test_everybody_in_a_dataset_is_looked_at_without_an_indicator(every_step: Path) -> None:
    overlaps, profile = asked(every_step, more=EVERYBODY).analyses
    assert (overlaps.indicator, overlaps.named) == (None, ())
    assert overlaps.options == {"belonging": {"disability": ("with_disability",), "residence": ("rural",)}}
    assert profile.named == ("heard_in_community_meetings",)
    assert profile.options == {"voice": ("heard_in_community_meetings",), "scale": (0.0, 4.0), "fewest_raters": 6}


def test_the_workbook_asks_for_them_too(every_step: Path) -> None:
    alliance = asked(every_step, more=EVERYBODY)
    (every_step / "alliance.toml").unlink()
    write_alliance_workbook(alliance, every_step / "alliance.xlsx")
    assert load_alliance(every_step).analyses == alliance.analyses


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('dataset = "survey"\ndimensions = ["disability", "residence"]', 'dimensions = ["disability", "residence"]', "RECORD_CONTRADICTS"),
        ('dataset = "survey"\ndimensions = ["disability"]', 'dataset = "survay"\ndimensions = ["disability"]', "DATASET_UNKNOWN"),
        ('dimensions = ["disability"]', 'dimensions = ["disability"]\nround = "endline"', "ANALYSIS_ROUND_UNKNOWN"),
        ('voice = ["heard_in_community_meetings"]', 'voice = ["heard_in_meetings"]', "ANALYSIS_INDICATOR_UNKNOWN"),
        ('dimensions = ["disability", "residence"]\nbelonging', 'dimensions = ["disability"]\nbelonging', "RECORD_CONTRADICTS"),
        ('{ disability = ["with_disability"], residence', '{ gender = ["woman"], residence', "RECORD_CONTRADICTS"),
        ("scale = [0, 4]", "scale = [4, 0]", "RECORD_CONTRADICTS"),
        ("fewest_raters = 6", 'belonging = { disability = ["with_disability"] }', "RECORD_CONTRADICTS"),
    ],
)
def test_what_of_everybody_is_refused(every_step: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        asked(every_step, (old, new), more=EVERYBODY)
    assert code in error.value.codes
