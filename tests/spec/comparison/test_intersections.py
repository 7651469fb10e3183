"""The manual of `intersections`: is a group more than the sum of its parts? On tables small enough to see through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

from mel.comparison import intersections
from mel.errors import CannotSay, UsageError
from mel.estimation import measure
from mel.model.domains import cross, each
from mel.model.intersections import Intersections

GENDERS, PLACES, STAGES = ("woman", "man", "other"), ("camp", "town"), ("young", "adult", "old")
BY = {"gender": " ".join(GENDERS), "place": " ".join(PLACES), "stage": " ".join(STAGES)}
NAMES = list(BY)
HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
HOURS = ("hours", "mean", {"value": "hours"})
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
Group = tuple[str, str, str]
GROUPS = list(product(GENDERS, PLACES, STAGES))


def village(people: Mapping[Group, list[Any]], column: str, **more: list[str]) -> str:
    """A table of people: whatever each group's people said. `more`: further columns, a value a person."""
    rows = [[*group, str(said)] for group, answers in people.items() for said in answers]
    extra = [list(values) for values in zip(*more.values(), strict=True)] or [[] for _ in rows]
    lines = [" | ".join([*row, *added]) for row, added in zip(rows, extra, strict=True)]
    return "\n".join([" | ".join([*NAMES, column, *more]), *lines])


def yes_of(share: Callable[[Group], float], n: Callable[[Group], int] = lambda _: 40) -> dict[Group, list[str]]:
    return {g: ["yes"] * round(n(g) * share(g)) + ["no"] * (n(g) - round(n(g) * share(g))) for g in GROUPS}


def spread_around(mean: Callable[[Group], float], n: int = 6) -> dict[Group, list[float]]:
    """People of a group lie evenly around its mean."""
    return {g: [mean(g) + k for k in range(-(n // 2), n // 2 + 1) if k] for g in GROUPS}


PARTS = {"woman": -0.2, "man": 0.0, "other": -0.1, "camp": -0.15, "town": 0.0, "young": -0.1, "adult": 0.0, "old": 0.05}
SILENCED: Group = ("woman", "camp", "young")


def added(group: Group) -> float:
    return 0.6 + sum(PARTS[part] for part in group)


def less_than_its_parts(group: Group) -> float:
    more = {("woman", "town", "young"): 0.4, ("other", "camp", "old"): 0.35, ("man", "camp", "young"): 0.45}
    return 0.0 if group == SILENCED else added(group) + more.get(group, 0.0)


@pytest.fixture
def share(draw: Any, ask: Any) -> Callable[..., Intersections]:
    def made(answers: Mapping[Group, list[str]], **options: Any) -> Intersections:
        design = options.pop("design", CHANCE)
        return intersections(
            measure(draw(village(answers, "heard"), by=BY, **design), [ask(*HEARD)], by=cross(*NAMES)), "heard", NAMES, **options
        )

    return made


@pytest.fixture
def mean(draw: Any, ask: Any) -> Callable[..., Intersections]:
    def made(answers: Mapping[Group, list[float]], **options: Any) -> Intersections:
        sample = draw(village(answers, "hours"), by=BY, **CHANCE)
        return intersections(measure(sample, [ask(*HOURS)], by=cross(*NAMES)), "hours", NAMES, **options)

    return made


def at(found: Intersections, group: Group) -> Any:
    return found.table.set_index(NAMES).loc[group]


def test_a_group_below_what_its_parts_lead_one_to_expect_stands_out(share: Any) -> None:
    """Of young women in the camp nobody was heard; the parts alone would have let some be heard."""
    found = share(yes_of(less_than_its_parts))
    row = at(found, SILENCED)
    assert row["observed"] == 0
    assert row["status"] == "lower"
    assert row["estimate"] < row["additive"]
    assert row["interaction"] == pytest.approx(row["estimate"] - row["additive"])
    assert row["interaction_low"] < row["interaction"] < row["interaction_high"] < 0


def test_a_figure_lies_between_what_people_said_and_what_their_parts_say(share: Any) -> None:
    table = share(yes_of(less_than_its_parts)).table
    low, high = table[["observed", "additive"]].min(axis=1), table[["observed", "additive"]].max(axis=1)
    assert table["estimate"].between(low - 1e-6, high + 1e-6).all()
    assert table["shrinkage"].between(0, 1).all()


def test_where_few_answered_the_parts_say_more(share: Any) -> None:
    """The same share of yes; 4 people against 40."""
    few = share(yes_of(less_than_its_parts, lambda g: 4 if g == SILENCED else 40))
    assert at(few, SILENCED)["shrinkage"] < few.table["shrinkage"].drop(few.table.index[few.table["n"] == 4]).min()


def test_parts_that_add_up_leave_no_interaction(mean: Any) -> None:
    """Every group's mean is the sum of its parts: nothing is left, and a zero that was found is not a zero that is sure."""
    found = mean(spread_around(lambda g: 100 * added(g)))
    summary = found.summary.set_index("model")
    assert summary.loc["null", "between"] > 0
    assert summary.loc["additive", "between"] == 0
    assert summary.loc["additive", "pcv"] == 1
    assert found.table["interaction"].abs().max() == 0
    assert found.table[["interaction_low", "interaction_high", "effect_se"]].isna().all(axis=None)
    assert (found.table["status"] == "unclear").all()
    assert found.table["note"].str.contains("would not see a small one").all()
    np.testing.assert_allclose(found.table["estimate"], found.table["observed"])


def test_the_variance_partition_of_groups_that_are_alike_is_zero(mean: Any) -> None:
    found = mean(spread_around(lambda _: 40.0))
    assert (found.summary["vpc"] == 0).all()
    assert found.summary["pcv"].isna().all()
    assert found.summary["note"].str.contains("nothing for the parts to explain").all()


def test_the_variance_partition_by_hand(mean: Any) -> None:
    """As many people in every group: σ²_e is their variance within groups, σ²_u that of the means less what chance puts there."""
    people = spread_around(lambda g: 10 * hash_free(g), n=6)
    found = mean(people).summary.set_index("model").loc["null"]
    means = np.array([np.mean(v) for v in people.values()])
    within = np.mean([np.var(v, ddof=1) for v in people.values()])
    between = np.var(means, ddof=1) - within / 6
    assert found["within"] == pytest.approx(within, rel=1e-9)
    assert found["between"] == pytest.approx(between, rel=1e-7)
    assert found["vpc"] == pytest.approx(between / (between + within), rel=1e-7)


def hash_free(group: Group) -> float:
    """A number for each group that no sum of parts makes."""
    return (7 * GENDERS.index(group[0]) + 3 * PLACES.index(group[1]) + 5 * STAGES.index(group[2])) ** 2 % 11 / 3


def test_the_variance_within_a_share_is_that_of_the_logit(share: Any) -> None:
    found = share(yes_of(less_than_its_parts)).summary.set_index("model")
    assert found.loc["null", "within"] == pytest.approx(np.pi**2 / 3)
    between = found.loc["null", "between"]
    assert found.loc["null", "vpc"] == pytest.approx(between / (between + np.pi**2 / 3))
    assert found.loc["null", "mor"] == pytest.approx(np.exp(np.sqrt(2 * between) * 0.6744897501960817))
    assert found.loc["additive", "pcv"] == pytest.approx(1 - found.loc["additive", "between"] / between)


def test_nobody_is_the_yardstick_unless_someone_says_so(share: Any, draw: Any, ask: Any) -> None:
    """Without a reference a category is set against everyone: the effects, counted by people, add up to nothing."""
    effects = share(yes_of(added, lambda g: 20 if g[0] == "woman" else 40)).effects
    additive = effects[(effects["model"] == "additive") & (effects["dimension"] != "")]
    assert set(additive["against"]) == {"everyone"}
    assert list(additive["group"]) == [*GENDERS, *PLACES, *STAGES]
    for _, rows in additive.groupby("dimension"):
        assert (rows["n"] * rows["estimate"]).sum() == pytest.approx(0, abs=1e-9)


def test_a_reference_that_is_named_is_the_yardstick(draw: Any, ask: Any) -> None:
    from dataclasses import replace

    sample = draw(village(yes_of(added), "heard"), by=BY, **CHANCE)
    gender = replace(sample.dimensions[0], reference="man", reference_reason="invented")
    named = replace(sample, dimensions=(gender, *sample.dimensions[1:]))
    free, found = (intersections(measure(s, [ask(*HEARD)], by=cross(*NAMES)), "heard", NAMES) for s in (sample, named))
    of = {key: e.effects.set_index(["model", "dimension", "group"])["estimate"] for key, e in (("free", free), ("named", found))}
    assert ("additive", "gender", "man") not in of["named"]
    assert set(found.effects.loc[found.effects["dimension"] == "gender", "against"]) == {"man"}
    apart = of["free"]["additive", "gender", "woman"] - of["free"]["additive", "gender", "man"]
    assert of["named"]["additive", "gender", "woman"] == pytest.approx(apart, rel=1e-9)


def test_every_row_names_the_figures_it_came_from(share: Any) -> None:
    found = share(yes_of(added))
    (figure,) = at(found, SILENCED)["inputs"]
    assert figure.domain == tuple(zip(NAMES, SILENCED, strict=True))
    assert (figure.indicator, figure.round, figure.dataset) == ("heard", "baseline", "village")
    for table in (found.effects, found.summary):
        assert table["inputs"].map(len).eq(len(GROUPS)).all()
    for table in (found.table, found.effects, found.summary):
        assert (table["disclosure"] == "unchecked").all()
        assert table["note"].str.contains("weights and clusters of the design are not in this model").all()


def test_who_is_silent_on_a_dimension_is_left_out_and_counted(draw: Any, ask: Any) -> None:
    """Not to have been asked is no identity."""
    text = village(yes_of(added), "heard") + "\nnot_asked | camp | old | yes\nwoman | prefer_not_to_say | old | no"
    by = BY | {"gender": f"{BY['gender']} not_asked", "place": f"{BY['place']} prefer_not_to_say"}
    found = intersections(measure(draw(text, by=by, **CHANCE), [ask(*HEARD)], by=cross(*NAMES)), "heard", NAMES)
    assert set(found.table["gender"]) == set(GENDERS)
    assert (found.summary["n_left_out"] == 2).all()
    assert (found.summary["n"] == 40 * len(GROUPS)).all()


def test_a_group_in_which_nobody_answered_has_no_row(share: Any) -> None:
    answers = {g: said for g, said in yes_of(added).items() if g != SILENCED}
    found = share(answers)
    assert len(found.table) == len(GROUPS) - 1
    assert (found.summary["cells"] == len(GROUPS) - 1).all()


@pytest.mark.parametrize("basis", ["census", "purposive", "self_selected"])
def test_where_nobody_was_drawn_by_chance_nothing_has_an_interval(share: Any, basis: str) -> None:
    found = share(yes_of(less_than_its_parts), design={"basis": basis})
    assert at(found, SILENCED)["status"] == "no_test"
    assert found.table["estimate"].notna().all()
    for table in (found.table, found.effects):
        uncertain = [name for name in table if name.endswith(("se", "_low", "_high"))]
        assert len(uncertain) >= 3
        assert table[uncertain].isna().all(axis=None)
    told = "Everyone listed was asked" if basis == "census" else "Nobody was drawn by chance"
    for table in (found.table, found.summary):
        assert table["note"].str.contains(told).all()
        assert not table["note"].str.contains("too narrow").any(), "of intervals that are not there"


def test_weights_do_not_enter_a_share(draw: Any, ask: Any, share: Any) -> None:
    answers = yes_of(less_than_its_parts)
    heavy = [str(1 + k % 7) for k in range(sum(map(len, answers.values())))]
    weighted = draw(
        village(answers, "heard", weight=heavy), by=BY, basis="probability", weights="expansion", weight="weight", stratum=False, psu=False
    )
    found = intersections(measure(weighted, [ask(*HEARD)], by=cross(*NAMES)), "heard", NAMES)
    plain = share(answers)
    np.testing.assert_allclose(found.table["estimate"], plain.table["estimate"], rtol=1e-9)


def test_any_crossing_of_what_was_counted_can_be_asked_for(draw: Any, ask: Any) -> None:
    """Counted by three dimensions and tabled one by one: the cells are in the cube all the same."""
    sample = draw(village(yes_of(less_than_its_parts), "heard"), by=BY, **CHANCE)
    estimates = measure(sample, [ask(*HEARD)], by=each(*NAMES))
    found = intersections(estimates, "heard", ["stage", "gender", "place"])
    assert list(found.table.columns[4:7]) == ["stage", "gender", "place"]
    (figure,) = found.table["inputs"].iloc[0]
    assert [name for name, _ in figure.domain] == NAMES, "a figure's identity keeps the order of the table"


def test_quadrature_comes_near_the_integral_that_laplace_approximates(share: Any) -> None:
    answers = yes_of(less_than_its_parts, lambda g: 10 + 3 * STAGES.index(g[2]))
    between = [share(answers, method="quadrature", nodes=k).summary["between"].iloc[0] for k in (9, 25)]
    laplace = share(answers).summary["between"].iloc[0]
    assert between[0] == pytest.approx(between[1], rel=1e-4)
    assert abs(laplace - between[1]) > abs(between[0] - between[1])


def test_rounds_are_modelled_one_at_a_time(draw: Any, ask: Any) -> None:
    people = village(yes_of(less_than_its_parts), "heard").splitlines()
    text = "\n".join([f"round | {people[0]}", *(f"{r} | {row}" for r in ("baseline", "midline") for row in people[1:])])
    estimates = measure(draw(text, by=BY, **CHANCE, rounds="independent"), [ask(*HEARD)], by=cross(*NAMES))
    with pytest.raises(UsageError, match=r"(?s)more than one round.*'baseline', 'midline'") as error:
        intersections(estimates, "heard", NAMES)
    assert error.value.codes == ("CROSSING_WHICH",)
    found = intersections(estimates, "heard", NAMES, round="midline")
    assert set(found.table["round"]) == {"midline"}
    assert (found.summary["n"] == 40 * len(GROUPS)).all()


def test_fewer_than_twenty_groups_say_roughly(share: Any) -> None:
    assert share(yes_of(added)).summary["note"].str.contains("known only roughly").all()


def test_many_parts_for_few_groups_make_intervals_of_a_share_too_narrow_and_the_row_says_so(share: Any, mean: Any) -> None:
    """REML, which fits a mean, counts the coefficients; maximum likelihood, which fits a share, does not."""
    assert share(yes_of(less_than_its_parts)).table["note"].str.contains("intervals are too narrow").all()
    assert not mean(spread_around(hash_free)).table["note"].str.contains("too narrow").any()


WRONG: dict[str, tuple[tuple[Any, ...], dict[str, Any], str, str]] = {
    "one dimension": (("heard", ["gender"]), {}, "CROSSING_DIMENSIONS", "1 dimension"),
    "none": (("heard", []), {}, "CROSSING_DIMENSIONS", "no dimension"),
    "a bare name": (("heard", "gender"), {}, "CROSSING_DIMENSIONS", "two to five"),
    "twice the same": (("heard", ["gender", "gender"]), {}, "CROSSING_DIMENSIONS", "different"),
    "a dimension that was not crossed": (("heard", ["gender", "plase"]), {}, "CROSSING_DIMENSION_UNKNOWN", "Looks close: 'place'"),
    "an indicator that is not there": (("herd", NAMES), {}, "CROSSING_INDICATOR_UNKNOWN", "Looks close: 'heard'"),
    "a round that is not there": (("heard", NAMES), {"round": "endline"}, "CROSSING_NOT_THERE", "'baseline'"),
    "a dataset that is not there": (("heard", NAMES), {"dataset": "vilage"}, "CROSSING_NOT_THERE", "'village'"),
    "a version that is not there": (("heard", NAMES), {"version": "2"}, "CROSSING_NOT_THERE", "version '2'"),
    "a method of means": (("heard", NAMES), {"method": "reml"}, "CROSSING_OPTION", "'laplace' or 'quadrature'"),
    "a method of shares": (("hours", NAMES), {"method": "laplace"}, "CROSSING_OPTION", "'reml'"),
    "half a node": (("heard", NAMES), {"method": "quadrature", "nodes": 0}, "CROSSING_OPTION", "nodes = 0"),
    "a level in percent": (("heard", NAMES), {"level": 95}, "CROSSING_OPTION", "level = 95"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_call_is_told_before_any_work(draw: Any, ask: Any, name: str) -> None:
    args, options, code, words = WRONG[name]
    people = village(spread_around(added), "hours", heard=["yes", "no"] * (3 * len(GROUPS)))
    estimates = measure(draw(people, by=BY, **CHANCE), [ask(*HEARD), ask(*HOURS)], by=cross(*NAMES))
    with pytest.raises(UsageError) as error:
        intersections(estimates, *args, **options)
    assert error.value.codes == (code,)
    assert words in str(error.value)


def cannot(draw: Any, ask: Any, answers: Mapping[Group, list[Any]], what: Any = HEARD, names: list[str] = NAMES, **more: Any) -> CannotSay:
    design = more.pop("design", CHANCE)
    by = BY | more.pop("by", {})
    sample = draw(village(answers, what[0], **more), by=by, **design)
    with pytest.raises(CannotSay) as error:
        intersections(measure(sample, [ask(*what)], by=cross(*by)), what[0], names)
    return error.value


def test_few_intersections_carry_no_variance(draw: Any, ask: Any) -> None:
    error = cannot(draw, ask, yes_of(added), names=["gender", "place"])
    assert error.codes == ("CROSSING_TOO_FEW",)
    assert "only 6 intersections" in str(error)


def test_more_parts_than_the_intersections_can_tell_apart(draw: Any, ask: Any) -> None:
    """Twelve intersections and as many coefficients would leave nothing over."""
    towns = [f"t{k}" for k in range(12)]
    answers = {("woman" if k % 2 else "man", "camp", t): ["yes", "no", "no"] for k, t in enumerate(towns)}
    error = cannot(draw, ask, answers, names=["gender", "stage"], by={"stage": " ".join(towns)})
    assert error.codes == ("CROSSING_TOO_FEW",)


def test_one_person_in_each_group(draw: Any, ask: Any) -> None:
    error = cannot(draw, ask, {g: ["yes" if k % 2 else "no"] for k, g in enumerate(GROUPS)})
    assert error.codes == ("CROSSING_ONE_EACH",)


def test_all_answers_alike(draw: Any, ask: Any) -> None:
    assert cannot(draw, ask, yes_of(lambda _: 1.0)).codes == ("CROSSING_ALIKE",)
    assert cannot(draw, ask, {g: [5, 5] for g in GROUPS}, HOURS).codes == ("CROSSING_ALIKE",)


def test_a_category_in_which_nobody_said_yes_is_named(draw: Any, ask: Any) -> None:
    error = cannot(draw, ask, yes_of(lambda g: 0.0 if "young" in g else added(g)))
    assert error.codes == ("CROSSING_ALIKE",)
    assert "in category 'young' of 'stage'" in str(error)


def test_answers_that_the_parts_foretell_have_no_finite_model(draw: Any, ask: Any) -> None:
    """Yes from everyone above a line, no from everyone below: in no category are all alike, and no coefficient is large enough."""
    height = {g: (g[0] == "woman") + (g[1] == "camp") + STAGES.index(g[2]) / 2 for g in GROUPS}
    error = cannot(draw, ask, yes_of(lambda g: float(height[g] >= 1.5)))
    assert error.codes == ("CROSSING_NOT_FOUND",)


def test_a_dimension_in_which_all_are_alike(draw: Any, ask: Any) -> None:
    error = cannot(draw, ask, {g: said for g, said in yes_of(added).items() if g[1] == "camp"})
    assert error.codes == ("CROSSING_ONE_CATEGORY",)
    assert "'place'" in str(error)


def test_a_dimension_that_follows_from_another(draw: Any, ask: Any) -> None:
    answers = yes_of(added)
    host = ["host" if g[1] == "town" else "displaced" for g, said in answers.items() for _ in said]
    error = cannot(draw, ask, answers, names=[*NAMES, "status"], by={"status": "displaced host"}, status=host)
    assert error.codes == ("CROSSING_SAME_THING",)
    assert "'status'" in str(error)


def test_a_kind_without_a_tested_model(draw: Any, ask: Any) -> None:
    shares = ("heard", "distribution", {"value": "heard"})
    assert cannot(draw, ask, yes_of(added), shares).codes == ("CROSSING_KIND",)


def test_weights_do_not_enter_a_mean(draw: Any, ask: Any, mean: Any) -> None:
    answers = spread_around(hash_free)
    weight = [str(1 + k % 3) for k in range(6 * len(GROUPS))]
    sample = draw(
        village(answers, "hours", weight=weight), by=BY, basis="probability", weights="expansion", weight="weight", stratum=False, psu=False
    )
    found = intersections(measure(sample, [ask(*HOURS)], by=cross(*NAMES)), "hours", NAMES)
    plain = mean(answers)
    np.testing.assert_allclose(found.table["estimate"], plain.table["estimate"], rtol=1e-9)
    np.testing.assert_allclose(found.summary["within"], plain.summary["within"], rtol=1e-9)


def test_estimates_read_back_from_disk_hold_no_cells(draw: Any, ask: Any) -> None:
    from dataclasses import replace

    estimates = measure(draw(village(yes_of(added), "heard"), by=BY, **CHANCE), [ask(*HEARD)], by=cross(*NAMES))
    with pytest.raises(CannotSay) as error:
        intersections(replace(estimates, cubes={}), "heard", NAMES)
    assert error.value.codes == ("COMPARISON_NEEDS_CUBE",)
