"""The tree against R's rpart: the same partings, the same people in every leaf, the same figures.

`r_tree/make.R` draws invented people and writes the trees. rpart has no rule for a share of the weights: where a fit has one, R used
the same criterion as a user's method (which R itself holds against "anova" where the share is zero). A node's number tells its
place. A parting that the rules forbid is passed over for the best that they allow, in both.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison.furthest import furthest_behind
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.furthest import FurthestBehind, TreeRules
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

HERE = Path(__file__).parent / "r_tree"
TREES = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))["trees"]
PEOPLE = pd.read_csv(HERE / "people.csv", dtype={"age": str})
LEAVES = pd.read_csv(HERE / "leaves.csv")
ORDERED = {"age": ["15-24", "25-34", "35-49", "50-64", "65+"], "wealth": ["poorest", "poor", "middle", "rich"]}
HEARD = {"kind": "proportion", "numerator": {"column": "heard", "is": ["yes"]}}
HOURS = {"kind": "mean", "numerator": {"value": "hours"}}
EXACT = 1e-10


@pytest.fixture(scope="module")
def estimates() -> Any:
    names = ["gender", "residence", "age", "disability", "region", "wealth"]
    listed = {name: ORDERED.get(name, sorted(PEOPLE[name].unique())) for name in names}
    dimensions = tuple(Dimension(name, name, {c: c for c in listed[name]}, ordered=name in ORDERED) for name in names)
    design = Design(basis="probability", weights="expansion", weight="weight", stratum=False, psu=False)
    made = [
        Indicator(id=id_, label=id_, source="invented", status="confirmed", polarity="higher_is_better", **definition)
        for id_, definition in (("heard", HEARD), ("hours", HOURS))
    ]
    return measure(Sample("r", PEOPLE.assign(round="once"), design, dimensions, rounds=("once",)), made, by=cross(*names))


def grown(estimates: Any, name: str) -> FurthestBehind:
    r = TREES[name]
    rules = TreeRules(depth=r["depth"], fewest=r["fewest"], share=r["share"])
    return furthest_behind(estimates, r["y"], r["x"], rules=rules, draws=0, folds=0)


@pytest.mark.parametrize("name", list(TREES))
def test_the_same_partings(estimates: Any, name: str) -> None:
    found, nodes = grown(estimates, name), pd.DataFrame(TREES[name]["nodes"]).set_index("node")
    parted = nodes[nodes["dimension"] != ""].sort_index()
    splits = found.splits.set_index("node").sort_index()
    assert dict(splits["dimension"]) == dict(parted["dimension"])
    np.testing.assert_array_equal(splits["n"], parted["n"])
    np.testing.assert_allclose(splits["estimate"], parted["y"], rtol=EXACT)
    gain = [nodes.loc[k, "deviance"] - nodes.loc[2 * k, "deviance"] - nodes.loc[2 * k + 1, "deviance"] for k in splits.index]
    np.testing.assert_allclose(splits["explained"], np.array(gain) / nodes.loc[1, "deviance"], atol=EXACT)


@pytest.mark.parametrize("name", list(TREES))
def test_the_same_leaves(estimates: Any, name: str) -> None:
    found, nodes = grown(estimates, name), pd.DataFrame(TREES[name]["nodes"]).set_index("node")
    expected, table = nodes[nodes["dimension"] == ""].sort_index(), found.leaves.set_index("leaf").sort_index()
    assert list(table.index) == list(expected.index)
    np.testing.assert_array_equal(table["n"], expected["n"])
    np.testing.assert_allclose(table["share"], expected["w"] / PEOPLE["weight"].sum(), rtol=EXACT)
    np.testing.assert_allclose(table["estimate"], expected["y"], rtol=EXACT)


@pytest.mark.parametrize("name", list(TREES))
def test_the_same_people_in_each_leaf(estimates: Any, name: str) -> None:
    """The domain of a leaf, read as a filter, holds exactly the people whom R puts there."""
    placed = pd.Series(0, index=PEOPLE.index)
    for leaf, domain in grown(estimates, name).leaves[["leaf", "domain"]].itertuples(index=False):
        inside = np.logical_and.reduce([PEOPLE[dimension].isin(categories) for dimension, categories in domain])
        placed[inside] += leaf
    np.testing.assert_array_equal(placed, LEAVES[name])


def test_the_trees_hold_what_they_are_for(estimates: Any) -> None:
    """Ordered and unordered dimensions are parted, the share rule binds, and so does the rule of how many."""
    assert {"age", "region"} <= {one["dimension"] for one in TREES["small"]["nodes"]}
    unruled = furthest_behind(estimates, "heard", TREES["escap"]["x"], rules=TreeRules(share=0.0), draws=0, folds=0)
    assert unruled.leaves["share"].min() < 0.09 <= grown(estimates, "escap").leaves["share"].min()
    assert min(one["n"] for one in TREES["small"]["nodes"]) < 10
