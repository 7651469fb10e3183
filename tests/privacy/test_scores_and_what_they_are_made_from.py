"""A score tells what its items tell. What is sensitive in the items, or in a dimension made of them, is so in the score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.codes import ALL, silence_of
from mel.comparison import compare
from mel.disclosure import protect
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import Domains, each
from mel.model.indicator import Indicator
from mel.model.policy import Policy
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample
from tests.privacy.protection_tables import alliance, context


def ask(kind: str, numerator: dict[str, Any], **more: Any) -> Indicator:
    return Indicator.model_validate(
        {"id": "asked", "label": "Asked", "kind": kind, "numerator": numerator, "source": "invented", "status": "confirmed", **more}
    )


def sample(columns: dict[str, list[Any]], made_from: dict[str, tuple[str, ...]], *dimensions: Dimension) -> Sample:
    frame = pd.DataFrame(columns).assign(round="midline")
    silent = {silence_of(name): np.where(frame[name].isna(), "not_known", None) for name in columns}
    return Sample("survey", frame.assign(**silent), Design(basis="census"), dimensions, rounds=("midline",), made_from=made_from)


def released(taken: Sample, indicator: Indicator, by: Domains | None = None, policy: Policy = Policy()) -> Release:  # noqa: B008 - frozen
    estimates = measure(taken, [indicator], by=by)
    uses = [{"id": indicator.id, "dataset": "survey"}]
    told = context(alliance=alliance(indicators=uses, own_indicators=[indicator.model_dump(by_alias=True, exclude_none=True)]))
    return protect(estimates, compare(estimates), Narratives(), policy=policy, audience="public", context=told)


def shown(release: Release) -> bool:
    rows = release.estimates
    return bool((rows["disclosure"] == "open").all() and rows["estimate"].notna().all())


HIV = Dimension("hiv", "HIV", {"positive": "Positive", "negative": "Negative"}, sensitive=True, derived_from=("test",))


@pytest.mark.parametrize(("made_from", "open_"), [({"count": ("test", "care")}, False), ({"count": ("care",)}, True)])
def test_a_count_of_a_sensitive_answer_is_as_sensitive_as_the_answer(made_from: dict[str, tuple[str, ...]], open_: bool) -> None:
    """39 of 40 are below, one is above: told of an ordinary count, not of one that reads the test of a sensitive dimension."""
    columns: dict[str, list[Any]] = {"count": ["no"] * 39 + ["yes"], "hiv": ["positive", "negative"] * 20}
    taken = sample(columns, made_from, HIV)
    found = released(taken, ask("proportion", {"column": "count", "is": ["yes"]}), by=each("hiv"))
    assert len(found.estimates) == 1  # nothing is broken down by the sensitive dimension
    assert shown(found) is open_


def test_a_dimension_made_of_a_score_goes_no_further_than_the_items_of_a_sensitive_one() -> None:
    band = Dimension("band", "Band", {"low": "Low", "high": "High"}, derived_from=("score",))
    columns: dict[str, list[Any]] = {
        "heard": ["yes", "no"] * 20,
        "hiv": ["positive", "negative"] * 20,
        "band": ["low"] * 20 + ["high"] * 20,
    }
    indicator = ask("proportion", {"column": "heard", "is": ["yes"]})
    for made_from, kept in (({"score": ("test",)}, False), ({"score": ("care",)}, True)):
        found = released(sample(columns, made_from, HIV, band), indicator, by=each("hiv", "band"))
        assert ("low" in set(found.estimates.get("band", pd.Series([ALL])))) is kept


@pytest.mark.parametrize(
    ("points", "sensitivity", "open_"), [([30] * 40, "sensitive", False), ([30] * 39 + [29], "sensitive", True), ([30] * 40, "none", True)]
)
def test_a_sensitive_score_that_everybody_has_is_not_told(points: list[int], sensitivity: str, open_: bool) -> None:
    indicator = ask("score", {"value": "esteem"}, points=[0, 30], sensitivity=sensitivity)
    assert shown(released(sample({"esteem": points}, {}), indicator)) is open_


def test_a_score_of_few_people_is_not_told() -> None:
    assert not shown(released(sample({"esteem": [3, 9, 20]}, {}), ask("score", {"value": "esteem"}, points=[0, 30])))
