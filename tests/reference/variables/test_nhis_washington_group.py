"""The official composites of the National Health Interview Survey 2024, adult by adult.

NCHS publishes disability1 to 3 with the file (columns d1, d2, d3): 32,577 adults, 60 of whom answered some of the six, one none.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mel.codes import FILE, ROUND, ROW
from mel.model.alliance import Design, DimensionSpec, VariableMap
from mel.model.records import Records
from mel.variables import derive, washington_group

SIX = {
    "wg_seeing": "vision", "wg_hearing": "hearing", "wg_walking": "mobility", "wg_remembering": "cognition",
    "wg_self_care": "self_care", "wg_communicating": "communication",
}  # fmt: skip
CODES = {"No difficulty": "no", "Some difficulty": "some", "A lot of difficulty": "a_lot_or_cannot"}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def adults(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "nhis2024_wgss" / "people.csv")


@pytest.mark.parametrize("identifier", [1, 2, 3])
def test_every_adult_is_classed_as_the_survey_classes_them(adults: pd.DataFrame, identifier: int) -> None:
    ours = washington_group(adults, list(SIX.values()), cannot_merged=True)[f"disability{identifier}"].astype("Int64")
    official = adults[f"d{identifier}"].astype("Int64")
    assert len(ours) == 32577
    assert ours.isna().sum() == 1
    assert (ours.fillna(-1) == official.fillna(-1)).all()


def test_the_strictest_line_is_unknown_where_cannot_and_a_lot_are_one(adults: pd.DataFrame) -> None:
    ours = washington_group(adults, list(SIX.values()), cannot_merged=True)
    assert (ours["disability4"].isna() == (ours["disability3"].fillna(True))).all()


def test_the_same_through_the_map_as_a_dimension(adults: pd.DataFrame) -> None:
    frame = adults.assign(**{ROUND: "y2024", FILE: "people.csv", ROW: range(2, len(adults) + 2)})
    sample = derive(
        Records("nhis", "answers", frame),
        design=Design(basis="probability", weights="expansion", weight="wtfa_a", stratum="pstrat", psu="ppsu"),
        map={name: VariableMap.model_validate({"column": column, "codes": CODES}) for name, column in SIX.items()},
        dimensions=[DimensionSpec.model_validate({"name": "disability", "from": "disability"})],
    )
    expected = adults["d3"].map({1: "with_disability", 0: "without_disability"}).fillna("not_known")
    assert (sample.frame["disability"] == expected).all()
    assert any("Of 60 people only some" in note for note in sample.notes)
