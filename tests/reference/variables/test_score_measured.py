"""kind = score: the mean of a scale, made by derive and measured, is R's svymean of the score. `r_alpha/make.R`; 1e-12 relative."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mel.codes import FILE, PARTNER, ROUND, ROW, SHEET
from mel.estimation import measure
from mel.model.alliance import Design, DimensionSpec
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.pack import Pack, Packs
from mel.model.records import Records
from mel.variables import derive

HERE = Path(__file__).parent / "r_alpha"
EXPECTED = json.loads((HERE / "expected.json").read_text())
OWN = {"source": "invented for a test", "status": "for_you_to_fill"}
SCALE = {
    "id": "esteem", "label": "Esteem", "low": 0, "high": 3, **OWN,
    "items": [{"id": "worthy"}, {"id": "failure", "reverse": True}, {"id": "able"}, {"id": "useless", "reverse": True}, {"id": "proud"}],
}  # fmt: skip
ASKED = Indicator.model_validate(
    {"id": "esteem", "label": "Esteem", "kind": "score", "numerator": {"value": "esteem"}, "points": [0, 15], "unit": "points", **OWN}
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    people = pd.read_csv(HERE / "people.csv")
    n = len(people)
    rows = {ROUND: ["midline"] * n, FILE: ["people.csv"] * n, SHEET: [None] * n, ROW: range(2, n + 2), PARTNER: ["p1"] * n}
    packs = Packs((Pack.model_validate({"id": "drawn", "version": "1", "label": "Drawn", "scales": [SCALE], **OWN}),))
    design = Design(basis="probability", weights="expansion", weight="w", stratum="stratum", psu="village")
    place = DimensionSpec.model_validate({"name": "part", "variable": "part"})
    records = Records("answers", "answers", people.assign(part=people["stratum"], **rows))
    sample = derive(records, design=design, packs=packs, variables=("esteem",), dimensions=(place,))
    return measure(sample, [ASKED], by=each("part")).table.set_index("part")


@pytest.mark.parametrize(("group", "domain"), [("whole", "all"), ("north", "north")])
def test_the_mean_of_a_scale_is_r_s(table: pd.DataFrame, group: str, domain: str) -> None:
    row, expected = table.loc[domain], EXPECTED["sampled"][group]
    assert (row["n"], row["df"]) == (expected["n"], expected["df"])
    for name in ("estimate", "se", "deff"):
        assert row[name] == pytest.approx(expected["est" if name == "estimate" else name], rel=1e-12), name
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(expected["ci"], rel=1e-12)
