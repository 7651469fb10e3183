"""Pictures of comparisons: what is drawn is what is in the table, what is hidden is hatched, and nothing unprotected passes for a figure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest
from comparisons_drawn import (
    CATEGORIES,
    SETS,
    compared,
    crossed,
    intersections_found,
    labels_of,
    overlaps_found,
    profile_found,
    ranking_found,
    rows_of_two_rounds,
    tree_found,
)
from lxml import etree
from releases import Rows, about, facts, release

from mel.errors import UsageError
from mel.model.analyses import Analysis
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates
from mel.model.exclusion import ExclusionProfile
from mel.model.indicator import Indicator
from mel.model.overlaps import Overlaps
from mel.model.release import Release
from mel.model.sample import Dimension
from mel.reporting import charts, edition_of, pictures
from mel.reporting.blocks import MIME, Block, Document, Figure, Table
from mel.reporting.charts import palette
from mel.reporting.charts.canvas import FONT_SIZE, WIDTH
from mel.reporting.charts.equiplot import draw_equiplot
from mel.reporting.charts.exclusion import draw_exclusion
from mel.reporting.charts.explore import Draft, Sketch
from mel.reporting.charts.gap_over_time import draw_gap_over_time
from mel.reporting.charts.heat_map import draw_heat_map
from mel.reporting.charts.picture import Picture
from mel.reporting.charts.ranked import draw_ranked
from mel.reporting.charts.rounds import draw_dumbbell
from mel.reporting.charts.tree import draw_tree
from mel.reporting.charts.upset import draw_upset
from mel.reporting.edition import Edition
from mel.reporting.gate import gate
from mel.reporting.words import words_in

LONG = "as its members named it themselves in their own assembly, of sixty"
DRAW: dict[str, Callable[[Edition], Picture | None]] = {
    "tree": lambda e: draw_tree(e, analysis(e, "furthest_behind")),
    "ranked": lambda e: draw_ranked(e, analysis(e, "ranking")),
    "upset": lambda e: draw_upset(e, analysis(e, "overlaps")),
    "exclusion": lambda e: draw_exclusion(e, analysis(e, "exclusion_profile")),
    "radar": lambda e: draw_exclusion(e, analysis(e, "exclusion_profile"), radar=True),
    "equiplot": lambda e: draw_equiplot(e, "heard", "gender"),
    "equiplot_of_two": lambda e: draw_equiplot(e, ["heard", "invited"], "age"),
    "dumbbell": lambda e: draw_dumbbell(e, "heard", "gender"),
    "gap": lambda e: draw_gap_over_time(e, "heard", "gender"),
    "heat": lambda e: draw_heat_map(e, "heard", ["gender", "disability"]),
}


def analysis(edition: Edition, kind: str) -> Analysis:
    return next(one for one in edition.told.analyses if one.kind == kind)


def drawn_of(given: Release) -> dict[str, Picture]:
    edition, found = edition_of(given), {}
    for name, draw in DRAW.items():
        picture = draw(edition)
        assert picture is not None, name
        found[name] = picture
    return found


@pytest.fixture(scope="module")
def drawn() -> dict[str, Picture]:
    return drawn_of(compared())


@pytest.fixture(scope="module")
def figures(drawn: dict[str, Picture]) -> dict[str, Figure]:
    return {name: picture.figure(edition_of(compared())) for name, picture in drawn.items()}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def layers(picture: Picture, kind: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each mark of one kind, and how it looks."""
    for layer in spec_of(picture)["layer"]:
        if layer["mark"]["type"] == kind:
            values = spec_of(picture)["datasets"][layer["data"]["name"]]
            yield from ((row, layer["mark"]) for row in values)


@cache
def spec_of(picture: Picture) -> dict[str, Any]:
    return picture.canvas.spec()


def texts(picture: Picture) -> list[str]:
    return [plain(row["text"]) for row, _ in layers(picture, "text")]


def numbers(table: Table) -> list[float]:
    """The numbers of a data table in the release's unit: points are differences of shares."""
    cells = [cell for row in table.rows for cell in row if cell.value is not None]
    return [cell.value / 100 if cell.kind == "points" else cell.value for cell in cells if cell.value is not None]


def release_numbers(given: Release) -> list[float]:
    tables = [given.estimates, given.comparisons, *(t for one in given.analyses for t in one.tables.values())]
    columns = (pd.to_numeric(table[name], errors="coerce") for table in tables for name in table.columns)
    return sorted({float(v) for column in columns for v in column.dropna()})


def values_at(picture: Picture, below: float = 0.0) -> Callable[[float], float]:
    """From pixels back to the figure, by the labels of the first axis at or below a height."""
    axes = itertools.groupby((row for row, look in layers(picture, "text") if look.get("align") == "center"), key=lambda row: row["y"])
    for y, group in axes:
        ticks = [(row["x"], re.fullmatch(r"([−\d.]+)( %)?", plain(row["text"]))) for row in group]
        if y >= below and len(ticks) >= 3 and all(found for _, found in ticks):
            scale = 100.0 if any(found and found[2] for _, found in ticks) else 1.0
            known = [(x, float(found[1].replace("−", "-")) / scale) for x, found in ticks if found]
            (x0, v0), (x1, v1) = known[0], known[-1]
            return lambda x: v0 + (x - x0) / (x1 - x0) * (v1 - v0)
    raise AssertionError("no axis")


def near(value: float, among: list[float]) -> bool:
    return any(abs(value - one) < 1e-6 for one in among)


# ---- what is drawn is what is in the table, and that is what is in the release ---------------------------------------


def test_every_number_of_a_picture_is_one_of_the_release(drawn: dict[str, Picture]) -> None:
    known = release_numbers(compared())
    for name, picture in drawn.items():
        found = numbers(picture.data)
        assert found
        assert [v for v in found if not near(v, known)] == [], name


@pytest.mark.parametrize("name", ["ranked", "equiplot", "equiplot_of_two", "dumbbell"])
def test_every_mark_stands_at_a_figure_of_its_table(drawn: dict[str, Picture], name: str) -> None:
    picture = drawn[name]
    value, known, keys = values_at(picture), numbers(picture.data), [8]
    marks = [row["x"] for row, _ in layers(picture, "point") if row["x"] not in keys]
    assert len(marks) >= 4
    assert [x for x in marks if not near(value(x), known)] == []


def test_marks_and_intervals_of_a_gap_stand_where_the_table_says(drawn: dict[str, Picture]) -> None:
    picture = drawn["gap"]
    ticks = [row["x"] for row, look in layers(picture, "text") if look.get("align") == "center"]
    at = {min(ticks): -0.3, max(ticks): 0.0}
    (x0, v0), (x1, v1) = at.items()
    marks = sorted(v0 + (row["x"] - x0) / (x1 - x0) * (v1 - v0) for row, _ in layers(picture, "point"))
    assert marks == pytest.approx([-0.22, -0.17])
    assert "−22 points (−28 to −16)" in texts(picture)


def test_a_bar_of_the_tree_ends_at_its_figure(drawn: dict[str, Picture]) -> None:
    value = values_at(drawn["tree"])
    ends = sorted(value(row["x2"]) for row, _ in layers(drawn["tree"], "rect"))
    assert ends == pytest.approx([0.18, 0.43])


def test_bars_of_combinations_are_as_long_as_the_people_in_them(drawn: dict[str, Picture]) -> None:
    bars = [row["x2"] - row["x"] for row, _ in layers(drawn["upset"], "rect") if row["y2"] - row["y"] == 12]
    assert [bar / bars[0] for bar in bars] == pytest.approx([1, 160 / 430, 80 / 430, 40 / 430])


def test_dots_say_who_belongs_and_a_question_mark_whom_we_do_not_know(drawn: dict[str, Picture]) -> None:
    filled = [row for row, look in layers(drawn["upset"], "point") if look["fill"] == palette.ACCENT]
    assert len(filled) == 0 + 1 + 2 + 1 + 3
    assert texts(drawn["upset"]).count("?") == 1


def test_a_profile_marks_its_groups_measure_by_measure(drawn: dict[str, Picture]) -> None:
    picture = drawn["exclusion"]
    value, first = values_at(picture), [row for row, look in layers(picture, "point") if look["shape"] == "circle"][:3]
    assert sorted(value(row["x"]) for row in first) == pytest.approx([0.62, 0.95, 1.06])
    assert [look["shape"] for _, look in layers(picture, "point")].count("diamond") == 2


def test_a_radar_has_its_marks_inside_and_outside_the_ring_of_parity(drawn: dict[str, Picture]) -> None:
    rows = [row for row, _ in layers(drawn["radar"], "point")]
    middle = WIDTH / 2
    ring = {round(((row["x"] - middle) ** 2 + (row["y"] - 170) ** 2) ** 0.5 / 70, 6) for row in rows}
    assert ring == {1.06, 0.95, 0.62}


def test_the_size_of_a_mark_says_nothing(drawn: dict[str, Picture]) -> None:
    for name, picture in drawn.items():
        for layer in spec_of(picture)["layer"]:
            assert set(layer["encoding"]) <= {"x", "y", "x2", "y2", "text"}, name


def test_what_is_drawn_says_how_many_people_it_rests_on(drawn: dict[str, Picture]) -> None:
    for name, picture in drawn.items():
        said = " ".join([*texts(picture), *(column.label for column in picture.data.columns)])
        assert re.search(r"\bn \d|people", said, re.IGNORECASE), name


def test_a_figure_without_its_number_of_people_is_not_drawn() -> None:
    given = compared()
    estimates = given.estimates.assign(
        n=[None if g == "man" else n for g, n in zip(given.estimates["gender"], given.estimates["n"], strict=True)]
    )
    picture = draw_heat_map(edition_of(replace(given, estimates=estimates)), "heard", ["gender", "disability"])
    assert picture is not None
    assert "55 %" not in texts(picture)
    assert "33 %" in texts(picture)


# ---- hidden, missing and nobody --------------------------------------------------------------------------------------


def test_hidden_missing_and_nobody_are_three_marks_with_a_key(drawn: dict[str, Picture]) -> None:
    said = texts(drawn["heat"])
    assert "hidden, to protect those who answered" in said
    assert "no figure: not asked, or too few answers" in said
    assert "nobody in this group answered" in said
    assert (said.count("?"), said.count("0")) == (2 + 1, 1 + 1)  # the cells, and the key


def test_a_hidden_cell_is_hatched_and_holds_no_text(drawn: dict[str, Picture]) -> None:
    top = next(row["y"] for row, _ in layers(drawn["heat"], "text") if row["text"] == "Man")
    cell = (0, WIDTH / 3, top + 10, top + 60)
    inside = [row for row, _ in layers(drawn["heat"], "text") if cell[0] < row["x"] < cell[1] and cell[2] < row["y"] < cell[3]]
    slanted = [
        row for row, _ in layers(drawn["heat"], "rule") if row["x"] != row["x2"] and row["y"] != row["y2"] and cell[2] < row["y"] < cell[3]
    ]
    assert inside == []
    assert len(slanted) > 8


def test_hidden_rows_have_no_number_anywhere(drawn: dict[str, Picture]) -> None:
    found = 0
    for picture in drawn.values():
        for row in picture.data.rows:
            if any(cell.kind == "hidden" for cell in row):
                found += 1
                assert [cell for cell in row if cell.value is not None] == []
    assert found >= 8


def test_a_number_that_slipped_past_protection_is_still_not_drawn() -> None:
    """Withheld rows are null; should one not be, it stays unsaid."""
    leaves = tree_found().tables["leaves"]
    slipped = leaves.assign(estimate=leaves["estimate"].fillna(0.777), n=leaves["n"].fillna(7), ci_high=leaves["ci_high"].fillna(0.888))
    given = replace(compared(), analyses=(tree_found().with_tables({**tree_found().tables, "leaves": slipped}),))
    picture = draw_tree(edition_of(given), given.analyses[0])
    assert picture is not None
    assert not [v for v in numbers(picture.data) if v in (0.777, 7.0, 0.888)]
    assert not re.search(r"78 %|89|n 7\b", plain(" ".join([*texts(picture), picture.alt, picture.title])))


def test_the_place_of_a_hidden_group_in_the_ranking_is_not_told(drawn: dict[str, Picture]) -> None:
    assert [row[1].kind for row in drawn["ranked"].data.rows] == ["percent"] * 4 + ["hidden"]


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_titles_say_the_finding_and_name_the_system(figures: dict[str, Figure]) -> None:
    said = {name: plain(figure.caption) for name, figure in figures.items()}
    assert said["ranked"] == "Village meetings heard 18 % of women with a disability; of everyone, 41 %"
    assert said["heat"] == "Village meetings heard 18 % of women with a disability and 55 % of men without a disability"
    assert said["equiplot"] == "Village meetings heard a smaller share of women (30 %) than of men (52 %)"
    assert said["dumbbell"] == "Heard in village meetings: up among men (42 % to 52 %); for the others we cannot say"
    assert said["gap"] == "Heard in village meetings: we cannot say whether the distance between women and men changed"
    assert said["exclusion"] == "Taking part: people with a disability at 0.62 times their part of the population"


def test_a_gap_that_clearly_closed_is_said_to_be_smaller() -> None:
    rows = crossed(rows_of_two_rounds())
    rows.comparisons = [row for row in rows.comparisons if row["measure"] != "gap_change"]
    named = {"dimension": "gender", "group_a": "woman", "group_b": "man", "from_round": "baseline", "status": "closing"}
    rows.compare("gap_change", "heard", "midline", (-0.08, -0.22), half=0.05, **named)
    given = release(rows.tables(), about("Every Step", [facts("survey")]), labels_of(rows))
    picture = draw_gap_over_time(edition_of(given), "heard", "gender")
    assert picture is not None
    assert (
        plain(picture.title) == "Heard in village meetings: the distance between women and men became smaller, from 22 points to 8 points"
    )


def test_a_ranking_without_a_clear_group_crowns_nobody() -> None:
    groups = ranking_found().tables["groups"]
    unclear = ranking_found().with_tables({**ranking_found().tables, "groups": groups.assign(status="unclear")})
    picture = draw_ranked(edition_of(compared()), unclear)
    assert picture is not None
    assert picture.title == "Heard in village meetings: no group is clearly apart from everyone"


def test_a_model_of_intersections_speaks_of_the_sum_of_parts_and_not_of_everyone() -> None:
    given = intersections_found()
    picture = draw_ranked(edition_of(compared()), given)
    assert picture is not None
    assert plain(picture.title) == (
        "Heard in village meetings: 22 % among women with a disability, where the group's parts alone would lead one to expect 30 %"
    )
    assert "Clearly not the sum of their parts: Woman, with a disability." in picture.alt
    table = given.tables["intersections"]
    unclear = given.with_tables({"intersections": table.assign(status="unclear")})
    assert "of no group can we say that it is not the sum of its parts" in (draw_ranked(edition_of(compared()), unclear) or picture).title


def test_the_words_for_those_who_do_not_see_it_hold_the_numbers(figures: dict[str, Figure]) -> None:
    said = {name: plain(figure.alt) for name, figure in figures.items()}
    assert "Furthest behind: With a disability, woman or non-binary, 18 % (11 to 28), 9 % of people." in said["tree"]
    assert "1 group is not shown" in said["tree"]
    assert "Lowest: Woman, with a disability, 18 %. Highest: Man, without a disability, 55 %." in said["heat"]
    assert "Midline: from 30 % (Woman) to 52 % (Man)." in said["equiplot"]
    assert "With a disability, 0.62 (0.50 to 0.74)" in said["exclusion"]
    for name, figure in figures.items():
        assert etree.fromstring(figure.svg.encode()).get("aria-label") == figure.alt, name


def test_pictures_pass_the_gate_of_the_report(figures: dict[str, Figure]) -> None:
    gate(Document("Invented", "For a test", "en", "2026-11-23", True, tuple(figures.values())))


# ---- everyone can read it --------------------------------------------------------------------------------------------


def test_shapes_and_letters_tell_groups_apart_and_shades_carry_their_figure(drawn: dict[str, Picture]) -> None:
    looks = {(look["shape"], look["fill"]) for _, look in layers(drawn["equiplot_of_two"], "point")}
    assert len({shape for shape, _ in looks}) == 3
    for fill, ink in palette.SHADES:
        assert palette.contrast(fill, ink) >= palette.SMALLEST_TEXT


def test_letters_are_large_enough_on_a_phone(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)', figure.svg)) >= FONT_SIZE


def test_long_names_stay_on_the_sheet_and_run_into_nothing() -> None:
    for name, picture in drawn_of(_relabelled(lambda text: f"{text} {LONG}"[:60])).items():
        _fits(name, picture)


def test_names_from_right_to_left_stay_on_the_sheet() -> None:
    found = drawn_of(_relabelled(lambda text: f"النساء ذوات الإعاقة {len(text)}"))
    for name, picture in found.items():
        _fits(name, picture)
    assert 'direction="ltr"' in found["heat"].canvas.svg("name", "words")


def test_short_names_run_into_nothing(drawn: dict[str, Picture]) -> None:
    for name, picture in drawn.items():
        _fits(name, picture)


def _relabelled(how: Callable[[str], str]) -> Release:
    given = compared()
    labels = {**given.labels}
    labels["dimensions"] = {
        name: {**d, "label": how(d["label"]), "categories": {c: how(text) for c, text in d["categories"].items()}}
        for name, d in given.labels["dimensions"].items()
    }
    labels["rounds"] = {"survey": {r: {**told, "label": how(told["label"])} for r, told in given.labels["rounds"]["survey"].items()}}
    return replace(given, labels=labels)


def _fits(name: str, picture: Picture) -> None:
    """No text leaves the sheet, and no two texts of one line overlap."""
    lines: dict[float, list[tuple[float, float, str]]] = {}
    for row, look in layers(picture, "text"):
        wide = len(row["text"]) * 7.2
        left = row["x"] - {"left": 0.0, "right": wide, "center": wide / 2}[look.get("align", "left")]
        assert left >= -8, (name, row)
        assert left + wide <= WIDTH + 12, (name, row)
        assert 0 < row["y"] < picture.canvas.height, (name, row)
        lines.setdefault(row["y"], []).append((left, left + wide, row["text"]))
    for placed in lines.values():
        for one, other in itertools.pairwise(sorted(placed)):
            assert one[1] <= other[0] + 1, (name, one, other)


# ---- a Release becomes a figure, Comparisons a sketch ----------------------------------------------------------------


def _unprotected() -> tuple[Comparisons, Estimates]:
    given = compared()
    names = {**{k: (k.capitalize(), v) for k, v in CATEGORIES.items()}, **{k: (v, {"yes": "Yes", "no": "No"}) for k, v in SETS.items()}}
    dimensions = tuple(Dimension(name, label, categories) for name, (label, categories) in names.items())
    asked = {
        (name, "1"): Indicator.model_validate(
            {"id": name, "label": name.capitalize(), "kind": "proportion", "numerator": {"column": "heard", "is": ["yes"]}, "source": "invented",
             "status": "confirmed"}
        )
        for name in ("heard", "invited")
    }  # fmt: skip
    unchecked = [one.with_tables({k: t.assign(disclosure="unchecked") for k, t in one.tables.items()}) for one in given.analyses]
    table = given.comparisons.assign(disclosure="unchecked")
    return Comparisons(table, dimensions, asked, analyses=tuple(unchecked)), Estimates(
        given.estimates.assign(disclosure="unchecked"), dimensions, asked
    )


def test_of_a_release_each_picture_is_a_block() -> None:
    given = compared()
    made = [
        pictures.tree(given), pictures.ranked_intersections(given), pictures.upset(given), pictures.exclusion(given),
        pictures.equiplot(given, "heard", "gender"), pictures.dumbbell(given, "heard", "gender"), pictures.gap_over_time(given, "heard", "gender"),
        pictures.heat_map(given, "heard", ["gender", "disability"]),
    ]  # fmt: skip
    assert all(isinstance(one, Figure) for one in made)
    assert not any("NOT FOR PUBLICATION" in one.svg for one in made)


def test_of_comparisons_the_banner_is_in_the_picture_and_no_writer_can_take_it() -> None:
    comparisons, estimates = _unprotected()
    made: list[Any] = [
        pictures.tree(comparisons), pictures.ranked_intersections(comparisons, indicator="heard"), pictures.upset(comparisons),
        pictures.exclusion(comparisons), pictures.exclusion(comparisons, radar=True),
        pictures.equiplot(comparisons, "heard", "gender", estimates=estimates), pictures.dumbbell(comparisons, "heard", "gender", estimates=estimates),
        pictures.gap_over_time(comparisons, "heard", "gender", estimates=estimates),
        pictures.heat_map(comparisons, "heard", ["gender", "disability"], estimates=estimates),
    ]  # fmt: skip
    for sketch in made:
        assert isinstance(sketch, Sketch)
        assert not isinstance(sketch, Block)
        assert MIME not in sketch._repr_mimebundle_()
        assert "NOT FOR PUBLICATION" in sketch.svg
        assert sketch.text.startswith("NOT FOR PUBLICATION")
        assert sketch.data is not None


def test_what_a_method_returned_is_drawn_as_it_is_and_one_round_at_a_time() -> None:
    comparisons, _ = _unprotected()
    people = overlaps_found().tables["people"].assign(disclosure="unchecked")
    before = people.assign(round="baseline", n=people["n"] + 1)
    found = Overlaps(pd.concat([before, people]), pd.DataFrame(), SETS, {}, {}, comparisons.dimensions)
    last, first = pictures.upset(comparisons, found), pictures.upset(comparisons, found, round="baseline")
    assert isinstance(last, Sketch)
    assert isinstance(first, Sketch)
    assert ("n 430" in plain(last.text), "n 431" in plain(first.text)) == (True, True)
    profile = profile_found().tables["profile"]
    two = ExclusionProfile(pd.concat([profile.assign(round="baseline"), profile]), comparisons.dimensions, "everyone", 5, (0.0, 4.0))
    once = pictures.exclusion(comparisons, two)
    assert isinstance(once, Sketch)
    assert once.data is not None
    assert len(once.data.rows) == len(profile)
    with pytest.raises(UsageError, match="no round 'endline'"):
        pictures.upset(comparisons, found, round="endline")


def test_the_chart_of_a_section_refuses_what_is_not_protected() -> None:
    comparisons, estimates = _unprotected()
    draft = Draft(None, words_in("en"), (), estimates, comparisons)
    with pytest.raises(UsageError, match="REPORT_NOT_PROTECTED"):
        charts.equiplot(draft, "heard", "gender")
    with pytest.raises(UsageError, match="REPORT_NOT_PROTECTED"):
        charts.tree(draft, comparisons.analyses[0])


def test_an_analysis_from_elsewhere_is_not_drawn_beside_a_release() -> None:
    with pytest.raises(UsageError, match="PICTURE_NOT_PROTECTED"):
        pictures.tree(compared(), tree_found())


def test_it_changes_nothing_that_it_was_given() -> None:
    comparisons, estimates = _unprotected()
    before = comparisons.table.copy(), estimates.table.copy()
    pictures.heat_map(comparisons, "heard", ["gender", "disability"], estimates=estimates)
    pd.testing.assert_frame_equal(comparisons.table, before[0])
    pd.testing.assert_frame_equal(estimates.table, before[1])


# ---- what cannot be drawn is refused ---------------------------------------------------------------------------------


def _empty() -> Release:
    rows = Rows(("gender", "disability"))
    for code in ("woman", "man"):
        rows.estimate("heard", "midline", None, None, {"gender": code}, hidden=True)
    return release(rows.tables(), about("Nobody", [facts("survey")]), labels_of(Rows(("gender", "disability"))))


@pytest.mark.parametrize(
    "draw",
    [
        lambda r: pictures.equiplot(r, "heard", "gender"),
        lambda r: pictures.dumbbell(r, "heard", "gender"),
        lambda r: pictures.gap_over_time(r, "heard", "gender"),
        lambda r: pictures.heat_map(r, "heard", ["gender", "disability"]),
    ],
)
def test_where_nothing_may_be_shown_there_is_an_error_and_no_empty_picture(draw: Callable[[Release], Any]) -> None:
    with pytest.raises(UsageError, match=r"(?s)nothing to draw.*PICTURE_EMPTY"):
        draw(_empty())


def test_a_withheld_or_unanswered_analysis_says_so() -> None:
    withheld = tree_found().with_tables({k: t.assign(disclosure="withheld") for k, t in tree_found().tables.items()})
    with pytest.raises(UsageError, match="PICTURE_EMPTY"):
        pictures.tree(replace(compared(), analyses=(withheld,)))
    silent = replace(tree_found(), tables={}, cannot_say="TREE_TOO_FEW")
    with pytest.raises(UsageError, match=r"(?s)TREE_TOO_FEW.*PICTURE_EMPTY"):
        pictures.tree(replace(compared(), analyses=(silent,)))
    with pytest.raises(UsageError, match="PICTURE_NO_ANALYSIS"):
        pictures.tree(replace(compared(), analyses=()))
    with pytest.raises(UsageError, match="PICTURE_WHICH_ANALYSIS"):
        pictures.tree(replace(compared(), analyses=(tree_found(), tree_found())))


def test_sections_get_nothing_instead_of_an_error() -> None:
    edition = edition_of(_empty())
    assert charts.equiplot(edition, "heard", "gender") is None
    assert charts.heat_map(edition, "heard", ["gender", "disability"]) is None
    assert charts.gap_over_time(edition, "heard", "gender") is None
    assert charts.tree(edition, replace(tree_found(), tables={})) is None
    assert charts.ranked_intersections(edition, replace(ranking_found(), tables={})) is None
    assert charts.upset(edition, replace(overlaps_found(), tables={})) is None
    assert charts.exclusion(edition, replace(profile_found(), tables={})) is None


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        (lambda r: pictures.equiplot(r, "herd", "gender"), r"(?s)herd.*'heard'"),
        (lambda r: pictures.equiplot(r, "heard", "gendr"), r"(?s)gendr.*'gender'"),
        (lambda r: pictures.equiplot(r, ["heard", "meetings"], "gender"), "PICTURE_UNITS"),
        (lambda r: pictures.heat_map(r, "heard", ["gender"]), "PICTURE_TWO_DIMENSIONS"),
        (lambda r: pictures.heat_map(r, "heard", ["gender", "gender"]), "PICTURE_TWO_DIMENSIONS"),
        (lambda r: pictures.tree(r, r.analyses[1]), "PICTURE_WRONG_ANALYSIS"),
        (lambda r: pictures.tree(r.estimates), "PICTURE_SOURCE"),
        (lambda r: pictures.equiplot(_unprotected()[0], "heard", "gender"), "PICTURE_NEEDS_ESTIMATES"),
    ],
)
def test_a_wrong_call_is_told_what_there_is(draw: Callable[[Any], Any], code: str) -> None:
    with pytest.raises(UsageError, match=code):
        draw(compared())


def test_a_radar_of_two_groups_is_refused() -> None:
    profile = profile_found().tables["profile"]
    two = profile_found().with_tables({"profile": profile[profile["category"] != "man"]})
    with pytest.raises(UsageError, match="PICTURE_RADAR"):
        pictures.exclusion(replace(compared(), analyses=(two,)), radar=True)


def test_few_people_who_were_not_drawn_get_no_percent() -> None:
    rows = Rows(("gender",), basis="purposive")
    for round_ in ("baseline", "midline"):
        for code, share, n in (("woman", 0.5, 40), ("man", 0.4, 50), ("non_binary", 0.75, 12)):
            rows.estimate("heard", round_, share, n, {"gender": code})
    given = release(rows.tables(), about("Chosen", [facts("survey", basis="purposive")]), labels_of(rows))
    picture = draw_equiplot(edition_of(given), "heard", "gender")
    assert picture is not None
    assert "Too few for a percent: Non-binary" in texts(picture)
    assert not any("75 %" in text for text in texts(picture))
