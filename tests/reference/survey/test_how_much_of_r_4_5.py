"""How many of the results of R `survey` 4.5 are compared, in which file, and for which named reason are the others not?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.reference.survey import test_quantiles as quantiles
from tests.reference.survey import test_r_4_5 as closed
from tests.reference.survey import test_replicates as replicates

EXCEPTIONS = {
    *closed.NOT_ASKED,
    *(name for name in quantiles.NOT_ASKED),
}


def where(result: dict[str, object]) -> str:
    """The file that compares this result, or the reason why none does."""
    if result["op"] == "quantile":
        return quantiles.why_not(result) or "test_quantiles"
    if "variance" in result:
        return "test_replicates" if result["id"] in (*replicates.REAL, "scd.brr") else "replicates not compared"
    return closed.why_not(result) or "test_r_4_5"


@pytest.mark.shared
def test_how_many_results_are_compared(shared: Path) -> None:
    results = json.loads((shared / "reference/survey/expected_r_survey_4.5.json").read_text())["results"]
    found = Counter(where(result) for result in results)
    compared = sum(found[name] for name in ("test_r_4_5", "test_quantiles", "test_replicates"))
    assert compared >= 600, found
    assert sum(found.values()) == len(results) == 1171
    assert set(found) - {"test_r_4_5", "test_quantiles", "test_replicates"} <= EXCEPTIONS, found
    assert len({result["id"] for result in results}) == len(results)
