"""The sentences of a report: right numbers, right grammar, by basis, and nothing said that the data do not carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from releases import ROUNDS, Rows, about, dimension_labels, facts, indicator, release

from mel.reporting.edition import Edition, edition_of
from mel.reporting.words.claims import active, claim_of, likely
from mel.reporting.words.figures import level_sentence
from mel.reporting.words.groups import group_of
from mel.reporting.words.pairs import pair_sentence, pair_title, pairs_of
from mel.reporting.words.rounds import change_sentence, target_sentence

DIMENSIONS = ("gender", "disability", "age", "region")
HEARD = "were heard in village meetings"
MEN_WITHOUT = {"gender": "man", "disability": "without_disability"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def told(fill: Callable[[Rows], None], basis: str = "probability", listed: int | None = None, **asked: Any) -> Edition:
    """An edition with one indicator `x`, whose rows `fill` writes."""
    rows = Rows(DIMENSIONS, basis=basis)
    fill(rows)
    n = max((row["n"] or 0 for row in rows.estimates), default=0)
    survey = facts("survey", basis=basis, rows={"baseline": n, "midline": n}, listed={"midline": listed} if listed else {})
    names = {"x": indicator(asked.pop("label", "Heard in meetings"), **{"claim": HEARD} | asked)}
    labels = {"dimensions": dimension_labels(DIMENSIONS), "indicators": names, "rounds": ROUNDS}
    return edition_of(release(rows.tables(), about("Invented", [survey]), labels))


def level(basis: str = "probability", value: float = 0.41, n: int = 200, listed: int | None = None, **more: Any) -> str:
    asked = {key: more.pop(key) for key in ("claim", "label", "kind", "unit", "status") if key in more}
    edition = told(lambda rows: rows.estimate("x", "midline", value, n, more.pop("domain", {}), **more), basis, listed, **asked)
    return plain(level_sentence(edition, edition.estimates[0]))


# ---- one figure -----------------------------------------------------------------------------------------------------


def test_a_sample_speaks_of_the_population_with_its_interval() -> None:
    assert level(half=0.04) == "Of people in the area, 41 % were heard in village meetings (95 % interval 37 to 45)."


def test_a_place_is_not_said_twice() -> None:
    assert level(half=0.04, domain={"region": "coast"}).startswith("Of people in Coast, 41 %")


def test_a_census_counts_all_of_them_only_when_nobody_was_missed() -> None:
    women = {"gender": "woman"}
    assert (
        level("census", 12 / 31, 31, listed=31, domain=women)
        == "Of all 31 women the partners work with, 12 (39 %) were heard in village meetings."
    )
    assert (
        level("census", 12 / 31, 31, listed=40, domain=women) == "Of the 31 women who answered, 12 (39 %) were heard in village meetings."
    )
    assert level("census", 12 / 31, 31, listed=31, domain=women, missing=2).startswith("Of the 31 women who answered")


@pytest.mark.parametrize("basis", ["purposive", "self_selected", "unknown"])
def test_others_count_before_they_divide_and_do_not_divide_a_few(basis: str) -> None:
    assert level(basis, 9 / 12, 12, domain={"gender": "woman"}) == "Of the 12 women who answered, 9 were heard in village meetings."
    assert level(basis, 9 / 24, 24) == "Of the 24 people who answered, 9 (38 %) were heard in village meetings."


@pytest.mark.parametrize("basis", ["census", "purposive", "self_selected", "unknown"])
def test_only_a_sample_has_an_interval_and_a_population_even_if_a_row_carries_one(basis: str) -> None:
    said = level(basis, 0.5, 40, half=0.1)
    assert "interval" not in said
    assert "in the area" not in said


@pytest.mark.parametrize(
    ("yes", "n", "said"),
    [
        (1, 12, "Of the 12 women who answered, 1 was heard in village meetings."),
        (0, 12, "Of the 12 women who answered, none were heard in village meetings."),
        (12, 12, "Of the 12 women who answered, all 12 were heard in village meetings."),
        (1, 1, "Of the 1 woman who answered, 1 was heard in village meetings."),
    ],
)
def test_one_none_and_all(yes: int, n: int, said: str) -> None:
    assert level("purposive", yes / n, n, domain={"gender": "woman"}) == said


def test_none_and_all_of_a_sample_are_counted_not_claimed_of_everyone() -> None:
    assert level(value=0.0, n=120) == "None of the 120 people who answered were heard in village meetings."
    assert level(value=1.0, n=120) == "All 120 people who answered were heard in village meetings."


def test_an_indicator_without_a_claim_speaks_by_its_label() -> None:
    assert level(half=0.04, claim="") == "Heard in meetings: 41 % of people in the area (95 % interval 37 to 45)."
    assert level("purposive", 9 / 12, 12, claim="") == "Heard in meetings: 9 of the 12 people who answered."


def test_a_mean_has_its_unit() -> None:
    said = level(value=3.42, half=0.31, kind="mean", unit="meetings", label="Meetings in a year", claim="")
    assert said == "Meetings in a year: 3.42 meetings on average among people in the area (95 % interval 3.11 to 3.73)."
    said = level("purposive", 3.42, 12, kind="mean", unit="meetings", label="Meetings in a year", claim="")
    assert said == "Meetings in a year: 3.42 meetings on average among the 12 people who answered."


def test_money_carries_its_currency() -> None:
    said = level("census", 12300.0, 12, kind="total", label="Passed on to partners", claim="", category="EUR")
    assert said == "Passed on to partners: 12,300 EUR."


def test_a_hidden_figure_says_that_it_is_hidden_and_why() -> None:
    said = level(hidden=True, domain={"gender": "non_binary"})
    assert said == "Heard in meetings, non-binary people: not shown, to protect the people who answered."


def test_too_few_and_few_answers_of_a_sample() -> None:
    assert level(value=0.3, n=11, half=0.25, reliability="too_few") == "Heard in meetings: too few people answered to say (11)."
    assert level(value=0.3, n=30, half=0.2, reliability="caution").endswith("read this figure with caution.")
    assert "caution" not in level("purposive", 0.5, 12, reliability="caution")


# ---- names of groups --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ({}, "people"),
        ({"gender": "woman"}, "women"),
        ({"gender": "woman", "disability": "with_disability", "age": "15-24"}, "women with a disability aged 15 to 24"),
        ({"age": "60+", "gender": "man"}, "men aged 60 and over"),
        ({"gender": "non_binary", "region": "north"}, "non-binary people in Northern Region"),
        ({"gender": "prefer_not_to_say"}, "people (gender: preferred not to say)"),
        ({"disability": "not_known"}, "people (disability: not known)"),
    ],
)
def test_a_group_is_named_in_words(domain: dict[str, str], said: str) -> None:
    assert group_of(told(lambda rows: None), domain).many == said


def test_a_label_that_names_people_is_their_name() -> None:
    edition = told(lambda rows: None)
    labels = {"label": "Displacement", "categories": {"yes": "Displaced people", "no": "People who were not displaced", "x": "Not stated"}}
    edition.dimensions["displacement"] = labels  # type: ignore[index]
    assert group_of(edition, {"displacement": "yes"}).many == "displaced people"
    assert group_of(edition, {"displacement": "no"}).of(12) == "12 people who were not displaced"
    assert group_of(edition, {"displacement": "x"}).many == "people (displacement: not stated)"
    assert group_of(edition, {"gender": "woman", "displacement": "yes"}).many == "women (displacement: displaced people)"


def test_one_woman_and_one_organisation() -> None:
    edition = told(lambda rows: None)
    assert group_of(edition, {"gender": "woman", "disability": "with_disability"}).of(1) == "1 woman with a disability"
    assert group_of(edition, {}, "organisations").of(3) == "3 organisations"


# ---- two groups ---------------------------------------------------------------------------------------------------------


def gap(a: float, b: float, half: float | None = 0.05, dimension: str = "disability", codes: tuple[str, str] = ("with_disability", "without_disability"),
        basis: str = "probability", n: int = 300, **asked: Any) -> tuple[Edition, Any]:  # fmt: skip
    domain, category = asked.pop("domain", {}), asked.pop("category", "all")

    def fill(rows: Rows) -> None:
        for code, value in zip(codes, (a, b), strict=True):
            rows.estimate("x", "midline", value, n, {**domain, dimension: code}, half=0.045 if basis == "probability" else None,
                          category=category)  # fmt: skip
        rows.gap("x", "midline", dimension, *codes, (a, b), half, domain=domain, category=category)

    edition = told(fill, basis, **asked)
    return edition, pairs_of(edition, "x")[0]


def pair(*args: Any, **asked: Any) -> str:
    return plain(pair_sentence(*gap(*args, **asked)))


def test_the_system_is_the_one_that_did_less() -> None:
    said = pair(0.21, 0.43, domain={"gender": "woman"})
    assert (
        said
        == "Village meetings heard a share of women with a disability (21 %, 95 % interval 16 to 26) that is half as large as of women without (43 %)."
    )


def test_the_sentence_starts_with_those_who_are_served_less() -> None:
    assert pair(0.43, 0.21, codes=("without_disability", "with_disability")).startswith(
        "Village meetings heard a share of people with a disability (21 %"
    )
    said = pair(
        0.16, 0.31, codes=("without_disability", "with_disability"), polarity="lower_is_better", claim="were turned away at a clinic"
    )
    assert said.startswith("People with a disability were twice as likely to be turned away at a clinic (31 %")


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [(0.10, 0.40, "a quarter as"), (0.14, 0.42, "a third as"), (0.2, 0.4, "half as"), (0.28, 0.42, "two thirds as"), (0.33, 0.40, "smaller share")],
)  # fmt: skip
def test_a_ratio_has_a_word_where_there_is_one(a: float, b: float, words: str) -> None:
    assert words in pair(a, b)
    assert words.replace("smaller share", "less likely") in pair(a, b, claim="spoke in a meeting")


@pytest.mark.parametrize(("a", "b", "words"), [(0.30, 0.20, "one and a half times as"), (0.42, 0.21, "twice"), (0.60, 0.20, "three times")])
def test_ratios_above_one_where_less_is_better(a: float, b: float, words: str) -> None:
    assert words in pair(a, b, polarity="lower_is_better")


def test_without_a_word_for_the_ratio_the_difference_is_given() -> None:
    said = pair(0.30, 0.52, 0.07, "gender", ("woman", "man"))
    assert said == (
        "Village meetings heard a smaller share of women (30 %, 95 % interval 26 to 34) than of men (52 %), "
        "a difference of 22 points (95 % interval 15 to 29)."
    )


def test_figures_beside_their_difference_add_up() -> None:
    assert "(30.4 %" in pair(0.304, 0.396, 0.05)
    assert "9.2 points" in pair(0.304, 0.396, 0.05)


def test_no_difference_is_claimed_where_the_interval_holds_none() -> None:
    said = pair(0.40, 0.43, 0.06)
    assert said.endswith("We cannot say whether they differ (95 % interval −9 to 3 points for the difference).")
    assert "likely" not in said


def test_about_the_same_needs_a_narrow_interval() -> None:
    assert "about the same among" in pair(0.42, 0.43, 0.03)


def test_a_verb_that_the_catalogue_does_not_know_goes_another_way_round() -> None:
    assert pair(0.2, 0.4, claim="wandered to the market").startswith(
        "The share who wandered to the market was half as large among people with a disability (20 %"
    )
    assert pair(0.2, 0.4, claim="").startswith("Heard in meetings: lower among people with a disability (20 %")


def test_a_ratio_that_is_not_sure_has_no_word() -> None:
    assert "half as likely" not in pair(0.2, 0.4, 0.3, polarity="neither")


def test_of_many_answers_the_sentence_says_which() -> None:
    answers = {"distance": "Too far"}
    edition, found = gap(0.2, 0.4, kind="distribution", claim="met this barrier", label="Barriers", categories=answers, category="distance")
    assert plain(pair_sentence(edition, found)).startswith("Barriers, “Too far”: lower among people with a disability (20 %")
    assert plain(pair_title(edition, found)).startswith("Barriers, “Too far”: lower among")


def test_an_end_of_an_interval_that_is_not_zero_is_not_printed_as_zero() -> None:
    assert "95 % interval 0.4 to 11.6" in pair(0.44, 0.50, 0.056)


def test_people_who_were_chosen_are_counted_side_by_side() -> None:
    said = pair(3 / 12, 9 / 12, None, basis="purposive", n=12)
    assert said == "Heard in meetings: 3 of the 12 people with a disability who answered, and 9 of the 12 people without a disability."


def test_a_title_names_the_system() -> None:
    assert plain(pair_title(*gap(0.21, 0.43))) == (
        "Village meetings heard a smaller share of people with a disability (21 %) than of people without (43 %)"
    )


# ---- two rounds ----------------------------------------------------------------------------------------------------------


def change(after: float, before: float, half: float | None = 0.05, basis: str = "probability", n: int = 300, **more: Any) -> str:
    row = {key: more.pop(key) for key in ("status", "note") if key in more}

    def fill(rows: Rows) -> None:
        rows.estimate("x", "baseline", before, n, half=0.04)
        rows.estimate("x", "midline", after, n, half=0.04)
        rows.change("x", (after, before), half, **row)

    edition = told(fill, basis, **more)
    return plain(change_sentence(edition, edition.differences[0]))


def test_a_clear_change_rose_or_fell() -> None:
    rose = change(0.41, 0.34)
    assert rose == (
        "The share of people in the area who were heard in village meetings rose from 34 % to 41 % (7 points, 95 % interval 2 to 12) "
        "between baseline and midline. This is the direction the alliance works towards."
    )
    fell = change(0.34, 0.41)
    assert "fell from 41 % to 34 % (7 points, 95 % interval 2 to 12)" in fell
    assert fell.endswith("This is not the direction the alliance works towards.")


def test_direction_follows_polarity_and_takes_no_side_without_one() -> None:
    assert change(0.34, 0.41, polarity="lower_is_better").endswith("This is the direction the alliance works towards.")
    assert "direction" not in change(0.34, 0.41, polarity="neither")


def test_we_cannot_say_where_the_interval_holds_none() -> None:
    said = change(0.37, 0.34)
    assert said.startswith("We cannot say whether this changed between baseline and midline.")
    assert "95 % interval −2 to 8 points for the change" in said
    assert "rose" not in said


def test_what_cannot_be_compared_says_why() -> None:
    edition = told(
        lambda rows: rows.change("x", None, status="cannot_compare", note="The question was asked differently", disclosure="open")
    )
    said = change_sentence(edition, edition.differences[0])
    assert said == "Heard in meetings: baseline and midline cannot be compared. The question was asked differently."


def test_a_withheld_change_is_not_given_back() -> None:
    edition = told(lambda rows: rows.change("x", None))
    assert "not shown, to protect the people who answered" in change_sentence(edition, edition.differences[0])


def test_those_who_were_chosen_are_counted_twice_and_nothing_is_claimed() -> None:
    said = change(9 / 12, 6 / 12, None, "purposive", 12, status="no_test")
    assert said.startswith("At baseline, 6 of the 12 who answered were heard in village meetings; at midline, 9 of 12.")
    assert "rose" not in said
    assert "interval" not in said


# ---- targets ----------------------------------------------------------------------------------------------------------------


def target(status: str, actual: float | None = 0.41, basis: str = "probability", n: int = 300, **row: Any) -> str:
    def fill(rows: Rows) -> None:
        rows.estimate("x", "midline", actual, n, half=0.04, hidden=actual is None)
        rows.target("x", actual, 0.5, status, 0.04)

    edition = told(fill, basis)
    return plain(target_sentence(edition, edition.differences[0], edition.estimates[0]))


def test_targets_are_reached_not_yet_or_cannot_be_said() -> None:
    assert target("reached", 0.6) == "The target for midline, 50 %, is reached: the figure is 60 % (95 % interval 56 to 64)."
    assert target("not_reached") == "The target for midline, 50 %, is not reached yet: the figure is 41 % (95 % interval 37 to 45)."
    assert target("cannot_say", 0.49).startswith("We cannot say whether the target for midline, 50 %, is reached")


def test_an_unknown_status_claims_nothing() -> None:
    assert "is not said" in target("no_rule")


@pytest.mark.parametrize("basis", ["purposive", "self_selected", "unknown"])
def test_only_those_drawn_by_chance_or_everyone_reach_a_target(basis: str) -> None:
    said = target("reached", 9 / 12, basis, 12)
    assert "reached:" not in said
    assert "Of the 12 people who answered, 9 were heard" in said


def test_a_target_beside_a_hidden_figure_does_not_tell_it() -> None:
    assert (
        target("reached", None) == "The target for midline was 50 %. The figure beside it is not shown, to protect the people who answered."
    )


# ---- claims -----------------------------------------------------------------------------------------------------------------


def test_claims_bend() -> None:
    words = told(lambda rows: None).words
    assert claim_of(words, HEARD, 1) == "was heard in village meetings"
    assert likely(words, "could not reach a clinic") == "not to be able to reach a clinic"
    assert likely(words, "wandered") is None
    assert active(words, "were seen by a doctor") is None
    turned = active(words, HEARD)
    assert turned is not None
    assert (turned.system, turned.verb) == ("Village meetings", "heard")


def test_nothing_but_a_release_is_told() -> None:
    with pytest.raises(Exception, match="REPORT_NOT_PROTECTED"):
        edition_of(pd.DataFrame())  # type: ignore[arg-type]
