"""An index is measured like everything else: its derived variables have R's means, ratios and design-based standard errors.

`r_alkire_foster/make.R` has them from `survey` (stratified villages, weights, women as a domain); 1e-12 relative.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from drawn_indices import index, with_parity

from mel.codes import FILE, PARTNER, ROUND, ROW, SHEET
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.indicator import Indicator
from mel.model.pack import Pack, Packs
from mel.model.records import Records
from mel.variables import derive

HERE = Path(__file__).parent / "r_alkire_foster"
EXPECTED = json.loads((HERE / "expected.json").read_text())
NEAR = {"rel": 1e-12, "abs": 1e-14}

WOMEN = {"column": "sex", "is": ["woman"]}


def asked(name: str, kind: str, numerator: dict[str, Any], **more: Any) -> Indicator:
    given = {"id": name.lower(), "label": name, "kind": kind, "numerator": numerator, "source": "invented", "status": "for_you_to_fill"}
    return Indicator.model_validate({"population": WOMEN, **given, **more})


MEASURED = (
    asked("H", "proportion", {"column": "aweai_disempowered", "is": ["yes"]}),
    asked("M0", "mean", {"value": "aweai_censored"}),
    asked("achieved", "mean", {"value": "aweai_achieved"}),
    asked("A", "mean", {"value": "aweai_count"}, population={"all_of": [WOMEN, {"column": "aweai_disempowered", "is": ["yes"]}]}),
    asked("lacks_parity", "proportion", {"column": "aweai_lacks_parity", "is": ["yes"]}),
    asked("parity", "mean", {"value": "aweai_parity"}),
    asked("contribution_income", "ratio", {"value": "aweai_part_income"}, denominator={"value": "aweai_censored"}),
)


def test_derived_and_measured_they_have_r_s_standard_errors() -> None:
    people = pd.read_csv(HERE / "people.csv", dtype={"village": "str"})
    n = len(people)
    rows = {ROUND: ["midline"] * n, FILE: ["people.csv"] * n, SHEET: [None] * n, ROW: range(2, n + 2), PARTNER: ["p1"] * n}
    of_villages = index(**with_parity(household=["village", "household"]))
    pack = Pack(id="drawn", version="1", label="Drawn", source="invented", status="for_you_to_fill", indices=(of_villages,))
    design = Design(basis="probability", weights="expansion", weight="w", stratum="stratum", psu="village")
    names = tuple(dict.fromkeys(name for one in MEASURED for name in one.columns))
    sample = derive(Records("answers", "answers", people.assign(**rows)), design=design, packs=Packs((pack,)), variables=names)
    estimates = measure(sample, MEASURED)
    table = estimates.table.set_index("indicator")
    whole = estimates.contrast([({"indicator": "achieved"}, 0.9), ({"indicator": "parity"}, 0.1)])
    assert whole.estimate == pytest.approx(EXPECTED["parity"]["whole"], **NEAR)
    assert whole.estimate == pytest.approx(EXPECTED["sampled"]["whole"]["est"], **NEAR)
    assert whole.se == pytest.approx(EXPECTED["sampled"]["whole"]["se"], **NEAR)
    for name, expected in EXPECTED["sampled"].items():
        if name == "whole":
            continue
        assert table.loc[name.lower(), "estimate"] == pytest.approx(expected["est"], **NEAR), name
        assert table.loc[name.lower(), "se"] == pytest.approx(expected["se"], **NEAR), name
    assert table.loc["parity", "n"] == EXPECTED["parity"]["n"]
    assert table.loc["parity", "n"] + table.loc["parity", "n_missing"] < table.loc["h", "n"] + table.loc["h", "n_missing"]
    assert all(note for note in sample.notes)
