"""However a margin is reached (from the cube, or by way of larger margins), its people and their spread are the same."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.model.cube import Cube, side_by_side
from mel.model.quantities import Clusters, Quantity, Strata
from mel.model.rollup import added_up, compact, steps

NAMES = ("a", "b", "c", "d")


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    """A cube of up to four dimensions with two rounds, whose sums are whole numbers so that order cannot matter."""
    sizes = {name: draw(st.integers(1, 4)) for name in NAMES[: draw(st.integers(0, 4))]}
    rows = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    clusters = Clusters(np.array([0, 0, 1, 1, 2, 3]), tuple("uvwxyz"))
    unit = rng.integers(0, 6, rows)
    strata = Strata(np.array([0, 0, 1, 1]), tuple("ijkl"), np.array([2.0, 2.0, 1.0, 1.0]), np.zeros(4), "certainty")
    quantity = Quantity("i", "1", "all", "mean", "n", "x", "y", "x", "yy", "y", "x", silences={"not_known": "s"}, missing=("not_known",))
    sums = {name: rng.integers(0, 5, rows).astype(float) for name in ("n", "x", "y", "yy", "s", "z")}
    levels = {name: tuple(f"{name}{k}" for k in range(size)) for name, size in sizes.items()}
    codes = {name: rng.integers(0, size, rows) for name, size in sizes.items()}
    round_ = strata.round[clusters.stratum[unit]]
    return Cube("d", ("r0", "r1"), levels, codes, round_, unit, sums, strata, clusters, (quantity,))


@settings(max_examples=60, deadline=None)
@given(cubes(), st.data())
def test_every_way_to_a_margin_gives_the_same(cube: Cube, data: st.DataObject) -> None:
    every = [names for size in range(len(cube.levels) + 1) for names in combinations(cube.levels, size)]
    wanted = data.draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    wanted = [tuple(data.draw(st.permutations(names))) for names in wanted]
    found = cube.margins(wanted)
    assert set(found) == set(wanted)
    for names in wanted:
        straight, by_way = cube.margin(names), found[names]
        assert straight.shape == by_way.shape
        assert (straight.pair_domain == by_way.pair_domain).all()
        assert (straight.pair_unit == by_way.pair_unit).all()
        for name in cube.sums:
            assert (straight.by_pair(name) == by_way.by_pair(name)).all()
            assert (straight.by_domain(name) == by_way.by_domain(name)).all()


@settings(max_examples=60, deadline=None)
@given(cubes())
def test_side_by_side_is_one_after_the_other(cube: Cube) -> None:
    parts = [cube.margin(names) for size in range(len(cube.levels) + 1) for names in combinations(cube.levels, size)]
    both = side_by_side(parts)
    for name in cube.sums:
        assert (both.by_domain(name) == np.concatenate([part.by_domain(name) for part in parts])).all()
        assert (both.by_pair(name) == np.concatenate([part.by_pair(name) for part in parts])).all()
    one, each = both.linearise(cube.quantities[0]), [part.linearise(cube.quantities[0]) for part in parts]
    for whole, apart in (
        (one.estimate, [e.estimate for e in each]),
        (one.variance(), [e.variance() for e in each]),
        (one.degrees_of_freedom(), [e.degrees_of_freedom() for e in each]),
    ):
        assert np.array_equal(whole, np.concatenate(apart), equal_nan=True)


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(51, 10**12))
def test_keys_are_found_in_order_whatever_the_space(keys: list[int], space: int) -> None:
    found, at = compact(np.array(keys), space)
    assert found.tolist() == sorted(set(keys))
    assert found[at].tolist() == keys


def test_a_table_is_added_up_by_position() -> None:
    table = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    assert added_up(np.array([1, 0, 1]), table, 3).tolist() == [[2.0, 20.0], [5.0, 50.0], [0.0, 0.0]]


def test_a_parent_is_said_before_its_children_and_nothing_twice() -> None:
    every = [names for size in range(5) for names in combinations("abcd", size)]
    order = [(step.names, step.parent) for step in steps("abcd", {"a": 1, "b": 3, "c": 2, "d": 5}, every)]
    said = [names for names, _ in order]
    assert sorted(said) == sorted(every)
    assert all(parent is None or (said.index(parent) < said.index(names) and len(parent) == len(names) + 1) for names, parent in order)
