"""How numbers are written: details that a reader would stumble over."""

from __future__ import annotations

import pytest

from mel.errors import CannotSay
from mel.reporting.words import numbers as write
from mel.reporting.words import words_in

EN = words_in("en")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.21, "21 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.004, "fewer than 1 %"),
        (0.9964, "more than 99 %"),
        (0.005, "fewer than 1 %"),
        (0.0051, "1 %"),
    ],
)
def test_a_share_is_never_rounded_to_nobody_or_everybody(share: float, said: str) -> None:
    assert plain(write.percent(EN, share)) == said


def test_a_tiny_share_with_decimals_keeps_its_size() -> None:
    assert plain(write.percent(EN, 0.0042, 1)) == "0.4 %"
    assert plain(write.percent(EN, 0.0001, 1)) == "fewer than 0.1 %"


@pytest.mark.parametrize(
    ("difference", "said"), [(0.07, "7 points"), (-0.07, "7 points"), (0.01, "1 point"), (0.001, "fewer than 1 point"), (0.0, "0 points")]
)
def test_a_difference_of_shares_is_in_points(difference: float, said: str) -> None:
    assert plain(write.points(EN, difference)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3.42, "3.42 meetings"),
        (12.3456, "12.3 meetings"),
        (1234.5, "1,234 meetings"),
        (2.0, "2 meetings"),
        (-0.5, "−0.50 meetings"),
        (0.0, "0 meetings"),
    ],
)
def test_an_amount_has_three_figures_that_matter_and_its_unit(value: float, said: str) -> None:
    assert plain(write.number(EN, value, "meetings")) == said


def test_counting_one_and_many() -> None:
    assert EN.counted(1, "person") == "1 person"
    assert EN.counted(1240, "person") == "1,240 people"
    assert EN.counted(0, "woman") == "0 women"


def test_lists_read_like_speech() -> None:
    assert EN.listed([]) == ""
    assert EN.listed(["a"]) == "a"
    assert EN.listed(["a", "b", "c"]) == "a, b and c"


def test_an_interval_keeps_its_sign() -> None:
    assert plain(write.interval(EN, -0.03, 0.09, kind="points")) == "95 % interval −3 to 9"


def test_a_date_and_what_is_none() -> None:
    assert write.day(EN, "2024-05-03") == "3 May 2024"
    assert write.day(EN, "spring") == "spring"


def test_another_language_is_never_put_in_the_place_of_one_we_lack() -> None:
    with pytest.raises(CannotSay, match="REPORT_LANGUAGE_UNKNOWN"):
        words_in("xx")
    assert words_in("en-GB") == EN
