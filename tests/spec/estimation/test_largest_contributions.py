"""The two largest contributions to a total are kept with the cube, so that protection can see who is told by a sum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import crossings
from mel.model.sample import Sample

MONEY = """
    amount | country | side
    100    | mali    | south
    70     | mali    | north
    70     | mali    | south
    5      | niger   | south
    .      | niger   | north
    -9     | niger   | north
"""


@pytest.fixture
def cube(draw: Any, ask: Any) -> Any:
    sample = draw(MONEY, by={"country": "mali niger chad", "side": "south north"}, counts="things")
    total = ask("spent", "total", {"value": "amount"})
    return measure(sample, [total], by=crossings(["country", "side"], up_to=2)).cubes["village"]


def test_the_largest_two_of_everything_and_of_each_group(cube: Any) -> None:
    first, second = cube.two_largest("spent", "1", ["country"])
    assert first.tolist() == [100, 9, 0]
    assert second.tolist() == [70, 5, 0]
    assert [part.tolist() for part in cube.two_largest("spent", "1")] == [[100], [70]]


def test_two_who_give_the_same_are_two(draw: Any, ask: Any) -> None:
    sample = draw("amount | country\n 7 | mali\n 7 | mali\n 7 | niger", by={"country": "mali niger"}, counts="things")
    cube = measure(sample, [ask("spent", "total", {"value": "amount"})], by=crossings(["country"])).cubes["village"]
    assert cube.two_largest("spent", "1", ["country"])[1].tolist() == [7, 0]


def test_against_sorting_every_row(ask: Any) -> None:
    """Weighted amounts of a drawn sample: every margin equals what sorting the rows gives."""
    from mel.model.alliance import Design
    from mel.model.sample import Dimension

    rng = np.random.default_rng(3)
    people = pd.DataFrame({
        "round": "one", "a": rng.choice(list("xyz"), 300), "b": rng.choice(list("uv"), 300), "weight": rng.integers(1, 5, 300) / 2,
        "spent": rng.integers(0, 40, 300).astype(float),
    })  # fmt: skip
    design = Design(basis="probability", weights="expansion", weight="weight", stratum=False, psu=False)
    dimensions = tuple(Dimension(n, n, {c: c for c in levels}) for n, levels in (("a", "xyz"), ("b", "uv")))
    sample = Sample("p", people, design, dimensions, rounds=("one",))
    total = ask("spent", "total", {"value": "spent"})
    cube = measure(sample, [total], by=crossings(["a", "b"], up_to=2)).cubes["p"]
    given = (people["spent"] * people["weight"]).groupby([people["a"], people["b"]]).nlargest(2)
    first, second = cube.two_largest("spent", "1", ["a", "b"])
    for k, (a, b) in enumerate((a, b) for a in "xyz" for b in "uv"):
        assert [first[k], second[k]] == given[a, b].tolist()
