"""A form's own expressions, computed over a table: what holds, what does not, and what the table cannot tell."""

from __future__ import annotations

import pandas as pd
import pytest

from mel.errors import CannotSay
from mel.formats.xpath import holds, reads

ROWS = pd.DataFrame(
    {
        "age": ["17", "18", "", "60"],
        "sex": ["f", "m", None, "f"],
        "n": [1.0, 2.5, None, -999.0],
        "born": ["2007-01-01", "2006-06-30", None, "1964-02-29"],
        "mail": ["a@b.org", "see a@b.org", "", "none"],
        "word": ["12", "many", "", "3"],
        "why/cost": [1.0, 0.0, None, 1.0],
        "why/other": [1.0, 0.0, None, 0.0],
        "flat": ["cost other", "", None, "cost"],
    }
)
T, F, U = True, False, None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("${age} >= 18", [F, T, F, T]),
        ("${sex} != 'f'", [F, T, T, F]),
        ("not(${sex} = 'f') and ${age} > 17", [F, T, F, F]),
        (".> 0 or .= -999", [T, T, F, T]),
        ("(. >= 0 and . <=120)", [T, T, F, F]),
        (". < 0 or ${age} < 0 - -18 and true()", [T, F, F, T]),
        ("selected(${why}, 'cost')", [T, F, F, T]),
        ('selected (${flat}, "other")', [T, F, F, F]),
        ("count-selected(${why}) > 1", [T, F, F, F]),
        ("count-selected(${flat}) = 1", [F, F, F, T]),
        ("not(selected(${why}, 'other') and count-selected(${why})>1)", [F, T, T, T]),
        ("${why} = 'cost'", [F, F, F, T]),
        ("if(${sex}='f', ${age} < 18, ${age} >= 18)", [T, T, F, F]),
        ("coalesce(${sex}, 'x') = 'x'", [F, F, T, F]),
        ("string-length(${sex}) = 0", [F, F, T, F]),
        ("round(${n}) = 3", [F, T, F, F]),
        ("int(${n}) = 2 and ${n} mod 2 = 0.5 and ${n} div 2 = 1.25 and ${n} * 2 = 5", [F, T, F, F]),
        ("int((today() - ${born}) div 365.25) >= 18", [F, T, F, T]),
        ("${born} <= today()", [T, T, F, T]),
        ("${born} < '2000-01-01'", [F, F, F, T]),
        ("regex(${mail}, '[a-z]+@[a-z.]+')", [T, U, F, F]),
        ("regex(${mail}, '^[a-z]+@[a-z.]+$')", [T, F, F, F]),
        ("contains(${mail}, '@') and not(starts-with(${mail}, 'see'))", [T, F, F, F]),
        ("${word} > 2", [T, U, F, T]),
        ("${gone} = 'yes'", [U, U, U, U]),
        ("${gone} = 'yes' or ${age} >= 18", [U, T, U, T]),
        ("${gone} = 'yes' and ${age} >= 18", [F, U, F, U]),
        ("min(${age}, 30) = 30", [F, F, F, T]),
        ("concat(${sex}, '-', ${age}) = 'f-17'", [T, F, F, F]),
    ],
)
def test_an_expression_in_each_row(expression: str, expected: list[bool | None]) -> None:
    today = pd.Series(["2024-12-01"] * 4)
    found = holds(expression, ROWS, this="n", today=today)
    assert [None if pd.isna(v) else bool(v) for v in found] == expected


@pytest.mark.parametrize(
    "expression",
    ["sum(${x}) > 1", "indexed-repeat(${a}, ${b}, 1) = 1", "${a} >", "/data/age > 1", "../age > 1", "age > 1", "__import__('os')",
     "${sex}", "(" * 300 + "1" + ")" * 300, "position(..) = 1", "selected(${sex})", "if(1, 2)", "'open", "${born} <= now()"],
)  # fmt: skip
def test_what_is_not_computed_says_so_and_never_guesses(expression: str) -> None:
    with pytest.raises(CannotSay, match="XPATH_NOT_COMPUTED"):
        holds(expression, ROWS)


def test_what_an_expression_reads() -> None:
    assert reads("selected(${a}, 'x') and (${b} = ${a} or . > 1)") == ("a", "b", ".")


def test_today_without_a_day_is_not_guessed() -> None:
    with pytest.raises(CannotSay, match="which day"):
        holds("${born} <= today()", ROWS)
