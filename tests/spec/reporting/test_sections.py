"""What each section says of a release, and what it leaves unsaid when there is nothing."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any

import pandas as pd
import pytest
from releases import OUTCOMES, RELEASES, census_of_twelve, no_survey, outcome, protection, purposive, survey

from mel.errors import UsageError
from mel.model.release import Narratives, Release
from mel.reporting import sections as tell
from mel.reporting.blocks import Block, Callout, Figure, Finding, Heading, Quote, Table

ALL_SECTIONS = (tell.summary, tell.who_we_are, tell.who_is_reached, tell.progress, tell.gaps, tell.what_changed, tell.method)
WRONG = re.compile(
    r"\bnan\b|\bNone\b(?! of)|\{|\}|(?<![\d.,])1 (people|women|men|changes|partners|members|countries|groups|stories|points|figures)\b"
    r"|(?<!\d)0\.0\s?%| ,| \.|\.\.|[ ]{2,}|;\.|,\.|\(\)|beneficiar|target group|\bsubjects?\b",
)


@functools.cache
def told(name: str) -> tuple[Block, ...]:
    """A whole report of one of the four releases, made once."""
    return tuple(whole(RELEASES[name]()))


def whole(release: Release) -> list[Block]:
    return [block for make in (tell.title_block, *ALL_SECTIONS) for block in make(release)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def text_of(blocks: Any) -> str:
    return plain("\n".join(block.as_text() for block in blocks))


def sentences(blocks: Any) -> list[str]:
    said = [b.sentence if isinstance(b, Finding) else b.as_text() for b in blocks if b.kind in ("prose", "finding")]
    return [part for text in said for part in re.split(r"(?<=[.!?])\s+", plain(text)) if part]


@pytest.mark.parametrize("name", RELEASES)
def test_no_wrong_grammar_and_no_hole_reaches_a_reader(name: str) -> None:
    for block in told(name):
        found = WRONG.search(plain(block.as_text()))
        assert found is None, f"{block.id}: {found and found.group()!r} in {block.as_text()}"


@pytest.mark.parametrize("name", RELEASES)
def test_every_block_has_an_id_of_its_own(name: str) -> None:
    blocks = told(name)
    ids = [block.id for block in blocks] + [b.data.id for b in blocks if isinstance(b, Figure) and b.data]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", RELEASES)
def test_every_section_says_invented_on_its_top(name: str) -> None:
    for make in ALL_SECTIONS:
        blocks = list(make(RELEASES[name]()))
        if blocks:
            assert isinstance(blocks[0], Heading)
            assert isinstance(blocks[1], Callout)
            assert blocks[1].tone == "invented"
            assert "nvented" in blocks[1].text


def test_nothing_says_invented_when_it_is_not() -> None:
    release = survey()
    about = dict(release.about) | {"alliance": dict(release.about["alliance"]) | {"invented": False}}
    real = dataclasses.replace(release, about=about)
    assert not [b for b in whole(real) if isinstance(b, Callout) and b.tone == "invented"]
    assert not tell.document(real, ()).invented


@pytest.mark.parametrize("name", RELEASES)
def test_the_summary_has_five_to_eight_sentences(name: str) -> None:
    assert 5 <= len(sentences(tell.summary(RELEASES[name]()))) <= 8


def test_the_summary_says_what_is_known_and_what_is_not() -> None:
    said = text_of(tell.summary(survey()))
    assert "rose from 34 % to 41 %" in said
    assert "heard a smaller share of women" in said
    assert "of 2 targets with a figure, 1 is not reached yet and for 1 we cannot say" in said
    assert "Missing from it: People who live in institutions; 3 groups were heard but are not shown" in said


def test_a_section_without_data_is_absent() -> None:
    release = no_survey()
    for make in (tell.who_is_reached, tell.progress, tell.gaps):
        assert len(make(release)) == 0
    assert len(tell.what_changed(purposive())) == 0


def test_only_the_sections_asked_for_are_told_and_an_unknown_one_is_an_error() -> None:
    edition = tell.edition_of(survey(), sections=["gaps"])
    assert len(tell.gaps(edition)) > 0
    assert len(tell.summary(edition)) == 0
    with pytest.raises(UsageError, match="REPORT_SECTION_UNKNOWN"):
        tell.edition_of(survey(), sections=["gap"])


def test_figures_that_did_not_pass_protection_are_refused() -> None:
    with pytest.raises(UsageError, match="REPORT_NOT_PROTECTED"):
        tell.summary(survey().estimates)


# ---- who ------------------------------------------------------------------------------------------------------------


def test_who_we_are_names_owners_those_asked_and_those_missed() -> None:
    said = text_of(tell.who_we_are(survey()))
    assert "2 in the Global South and 1 in the Global North" in said
    assert "1 partner among them is counted here and never named" in said
    assert "Household survey | The partners | Probability sample | Baseline: 780; Midline: 812 | English and French" in said
    assert "Missed: People who live in institutions." in said
    assert "12 of 14 on the list" in text_of(tell.who_we_are(census_of_twelve()))


def test_who_is_reached_counts_silences_and_what_is_hidden() -> None:
    said = text_of(tell.who_is_reached(survey()))
    assert "Gender | Non-binary | not shown" in said
    assert "Gender | Preferred not to say | 11" in said
    assert "Preferred not to say | fewer than 1 % | 3" in said
    assert "3 groups were heard but are not shown. Fewer than 10 people" in said
    assert "People heard, by gender and disability" in said


# ---- progress and gaps --------------------------------------------------------------------------------------------------


def test_progress_labels_a_definition_that_is_not_confirmed() -> None:
    said = text_of(tell.progress(survey()))
    assert "quoted as people commonly use it" in said
    assert "has still to be filled in" in said
    assert "Chosen by: Young women's assembly." in said


def test_a_finding_carries_its_figures_and_its_own_readings() -> None:
    found = {b.id: b for b in tell.progress(survey()) if isinstance(b, Finding)}
    level, change = found["finding-heard-all-level"], found["finding-heard-all-change-baseline-midline"]
    assert level.figures[0]["indicator"] == "heard"
    assert level.readings[0].meaning == "They let us speak, and then decide without us."
    assert level.readings[0].wrong
    assert level.readings[0].dissent
    assert [f["measure"] for f in change.figures] == ["change", "estimate", "estimate"]
    assert change.readings == ()
    assert "Not yet read" in change.not_read


def test_who_does_not_want_to_be_quoted_is_not() -> None:
    found = [b for b in tell.gaps(survey()) if isinstance(b, Finding) and b.readings]
    assert len(found) == 1
    assert found[0].readings[0].group == "Members with a disability"
    assert "invitées" not in found[0].readings[0].meaning


def test_hidden_numbers_have_no_value_in_any_table_and_no_sentence() -> None:
    for block in told("survey"):
        tables = [block] if isinstance(block, Table) else [block.data] if isinstance(block, Figure) and block.data else []
        for cell in (cell for table in tables for row in table.rows for cell in row):
            assert cell.kind != "hidden" or cell.value is None
    assert "aged 25 to 59 and people aged 15 to 24 | not shown | not shown | not shown" in text_of(tell.gaps(survey()))


def test_no_interval_word_where_people_were_not_drawn_by_chance() -> None:
    for make in (tell.progress, tell.gaps, tell.summary):
        for release in (census_of_twelve(), purposive()):
            assert "interval" not in text_of(make(release))
            assert "in the area" not in text_of(make(release))


def test_indicators_that_could_not_be_asked_are_listed() -> None:
    assert "owns_land" in text_of(tell.progress(survey()))


# ---- what changed ----------------------------------------------------------------------------------------------------------


def with_outcomes(rows: list[dict[str, Any]]) -> Release:
    return dataclasses.replace(no_survey(), narratives=Narratives(pd.DataFrame(rows), pd.DataFrame(), pd.DataFrame()))


def test_setbacks_and_what_held_stand_beside_the_gains() -> None:
    said = text_of(tell.what_changed(no_survey()))
    assert (
        "1 was for the worse, 1 held the line, so that nothing was lost under attack, 1 met backlash and 1 was not intended by anyone"
        in said
    )
    assert "Somebody else was asked about 5 of the 6: confirmed 4, confirmed in part 1, disputed 0" in said


def test_a_register_without_a_setback_is_warned_of() -> None:
    one_sided = [b for b in tell.what_changed(with_outcomes([outcome(1, "KE")])) if isinstance(b, Callout) and b.tone == "limit"]
    assert "no setback, no backlash and nothing that held the line" in one_sided[0].text
    assert not [b for b in tell.what_changed(no_survey()) if isinstance(b, Callout) and b.tone == "limit"]


def test_selected_changes_never_leave_the_hard_ones_out() -> None:
    rows = [outcome(at, "KE") for at in range(40)] + [outcome(99, "BF", "negative", substantiation="none")]
    quotes = [b for b in tell.what_changed(with_outcomes(rows)) if isinstance(b, Quote)]
    assert "outcome-o99" in {b.id for b in quotes}
    assert len(quotes) == 8


def test_people_speak_in_their_own_language() -> None:
    quotes = {b.id: b for b in tell.what_changed(no_survey()) if isinstance(b, Quote)}
    assert quotes["outcome-o5"].language == "fr"
    assert quotes["story-s1"].translation == "We stood together."


# ---- method ----------------------------------------------------------------------------------------------------------------


def test_method_says_burden_return_labour_and_what_was_left_out() -> None:
    said = text_of(tell.method(survey()))
    assert "Household survey | 38 | 1,592 | 24 minutes | 637 hours | not recorded | not yet" in said
    assert "Results have not gone back" in said
    assert "No consent to use the answers | 14" in said
    assert "twelve young women" in said
    assert "3 of 60 figures are hidden" in said
    assert "Orientation is never shown group by group" in said
    assert "abababababababab" in said
    assert "two people" not in said


def test_a_census_says_how_many_were_missed() -> None:
    assert "2024: 12 of 14 on the lists answered; missed: 2 people." in text_of(tell.method(census_of_twelve()))


def test_a_report_without_a_survey_says_so() -> None:
    assert "There is no survey behind this report." in text_of(tell.method(no_survey()))


def test_a_lower_threshold_prints_its_reason() -> None:
    from mel.model.policy import Policy

    kept = protection(policy=Policy(threshold=4, threshold_reason="Everyone in the room agreed."))
    assert "No group of fewer than 4 people is shown. Everyone in the room agreed." in text_of(
        tell.method(dataclasses.replace(survey(), protection=kept))
    )


def test_the_document_has_a_title_a_language_and_the_blocks() -> None:
    blocks = told("survey")
    made = tell.document(survey(), blocks)
    assert made.title == "Mid-term review: Every Step"
    assert made.subtitle == "Every Step, Voices 2021 to 2025, 1 January 2021 to 31 December 2025"
    assert (made.language, made.invented, made.alliance_id, len(made.blocks)) == ("en", True, "invented-one", len(blocks))


def test_the_fixture_has_what_these_tests_need() -> None:
    assert set(OUTCOMES["direction"]) >= {"positive", "negative", "held_the_line"}
