"""The chart for exploring: it says in the picture that it is not for publication, and no writer can take it for a block."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from releases import DISABILITY, Rows, census_of_twelve

from mel.errors import UsageError
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.sample import Dimension
from mel.reporting.blocks import MIME, Block
from mel.reporting.charts import explore_dots

HEARD = Indicator.model_validate(
    {"id": "heard", "label": "Heard in meetings", "kind": "proportion", "numerator": {"column": "heard", "is": ["yes"]}, "source": "invented",
     "status": "confirmed", "claim": "were heard in village meetings"}
)  # fmt: skip


def estimates() -> Estimates:
    rows = Rows(("disability",))
    rows.estimate("heard", "midline", 0.41, 800, half=0.04, disclosure="unchecked")
    rows.estimate("heard", "midline", 0.21, 7, {"disability": "with_disability"}, half=0.15, disclosure="unchecked")
    rows.estimate("heard", "midline", 0.43, 793, {"disability": "without_disability"}, half=0.04, disclosure="unchecked")
    table: pd.DataFrame = rows.tables()[0]
    return Estimates(table, (Dimension("disability", "Disability", DISABILITY),), {("heard", "1"): HEARD})


def test_the_banner_is_in_the_picture_and_in_its_words() -> None:
    sketch = explore_dots(estimates(), "heard")
    assert "NOT FOR PUBLICATION" in sketch.svg
    assert sketch.text.startswith("NOT FOR PUBLICATION")
    assert "With a disability" in sketch.svg


def test_no_writer_can_read_it() -> None:
    sketch: Any = explore_dots(estimates(), "heard")
    assert not isinstance(sketch, Block)
    assert MIME not in sketch._repr_mimebundle_()


def test_it_draws_estimates_only() -> None:
    with pytest.raises(UsageError, match="EXPLORE_NEEDS_ESTIMATES"):
        explore_dots(census_of_twelve(), "heard")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="REPORT_NOT_IN_RELEASE"):
        explore_dots(estimates(), "herd")


def test_it_changes_nothing_that_it_was_given() -> None:
    given = estimates()
    before = given.table.copy()
    explore_dots(given, "heard")
    pd.testing.assert_frame_equal(given.table, before)
    assert dataclasses.is_dataclass(given)
