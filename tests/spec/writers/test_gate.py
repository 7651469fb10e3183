"""The gate: what must never be printed, and the honest sentences that must pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mel.errors import InputError
from mel.reporting.blocks import Callout, Cell, Column, Document, Figure, Finding, Heading, Prose, Quote, Reading, Table
from mel.reporting.gate import gate
from mel.reporting.gate_tables import printed_number

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>{}</text></svg>'
ALT = "Women 21 % of 214, men 43 % of 968: the highest and the lowest of two groups."


def document(*blocks: Any, **changes: Any) -> Document:
    return replace(Document("A title", "", "en", "2026-11-23", False, blocks), **changes)


def figure(alt: str = ALT, caption: str = "Heard in meetings", text: str = "21 %", **changes: Any) -> Figure:
    return replace(Figure("f", caption, alt, SVG.format(text)), **changes)


def table(*rows: tuple[Cell, ...], columns: tuple[str, ...] = ("Group", "Share")) -> Table:
    return Table("t", "A caption", tuple(Column(c) for c in columns), rows)


def refused(*blocks: Any, **changes: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        gate(document(*blocks, **changes))
    return caught.value.codes


def test_a_whole_report_passes(sample: Any) -> None:
    gate(sample.sample_document())


@pytest.mark.parametrize(
    "alt",
    ["", "  ", "chart", "An image", "Figure 3", "alt text", "TODO", "No description has been provided for this image", "heard.png",
     "charts/heard_by_gender.svg", "Heard in meetings.", "HEARD, in meetings", "Women less."],
)  # fmt: skip
def test_words_that_do_not_stand_for_a_chart_are_refused(alt: str) -> None:
    assert refused(figure(alt)) == ("GATE_ALT",)


def test_two_charts_do_not_share_their_words() -> None:
    assert refused(figure(), figure(id="g")) == ("GATE_ALT",)


def test_a_drawing_that_could_run_is_refused_before_any_format_is_written() -> None:
    assert "GATE_DRAWING" in refused(figure(svg='<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script/></svg>'))


@pytest.mark.parametrize(
    "text",
    ["nan % of women", "rose by nan points", "from None to 21 %", "inf", "The share is NaN.", "<NA> people", "NaT", "heard by None", "None",
     "None %", "{group} were heard", "(95 % interval nan to nan)", "-inf"],
)  # fmt: skip
def test_a_computers_word_for_a_hole_is_refused_wherever_it_stands(text: str) -> None:
    hole = "GATE_UNPRINTABLE"
    assert hole in refused(Prose("p", (text,)))
    assert hole in refused(Prose("p", (), (text,)))
    assert hole in refused(Finding("x", text))
    assert hole in refused(Callout("c", text))
    assert hole in refused(Heading("h", text))
    assert hole in refused(table((Cell("Women"), Cell(text))))
    assert hole in refused(table((Cell(text), Cell("1"))))
    assert hole in refused(figure(caption=text))
    assert hole in refused(figure(alt=f"{ALT} {text}"))
    assert hole in refused(figure(text=text.replace("<", "&lt;")))
    assert hole in refused(Prose("p", ("x",)), title=f"x, {text}")


@pytest.mark.parametrize(
    "text",
    ["None of the 12 women who answered said so.", "It was asked. None of them knew.", "Nancy, of the finance team", "information", "Infrastructure",
     "Nan Madol, a place", "Banana, nanny and inference", "(None of them was paid.)"],
)  # fmt: skip
def test_words_that_only_look_like_holes_pass(text: str) -> None:
    gate(document(Prose("p", (text,))))


def test_the_words_of_people_are_theirs() -> None:
    gate(document(Quote("q", "nan, said my grandmother", "a woman"), Finding("f", "It rose.", (), (Reading("nan", "x", "en", "nan"),))))


def test_an_id_means_one_block() -> None:
    assert refused(Prose("p", ("x",)), Prose("p", ("y",))) == ("GATE_SAME_ID",)
    assert refused(table((Cell("a"), Cell("1"))), figure(data=table((Cell("a"), Cell("1"))))) == ("GATE_SAME_ID",)
    assert refused(Prose("a b", ("x",))) == ("GATE_BAD_ID",)


@pytest.mark.parametrize(
    "broken",
    [
        table(),
        table((Cell("Women"),)),
        table((Cell(""), Cell("21 %", 0.21, "percent"))),
        table((Cell("Women"), Cell("1")), columns=("", "Share")),
        table((), columns=()),
    ],
)
def test_a_table_that_cannot_be_read_aloud_is_refused(broken: Table) -> None:
    assert set(refused(broken)) == {"GATE_TABLE"}


def test_a_hidden_cell_has_no_number_behind_it() -> None:
    assert refused(table((Cell("Women"), Cell("not shown", 7.0, "hidden")))) == ("GATE_HIDDEN_VALUE",)


@pytest.mark.parametrize(
    "cell",
    [
        Cell("21 %", 21.0, "percent"),
        Cell("22 %", 0.21, "percent"),
        Cell("−6 points", 6.1, "points"),
        Cell("+6 points", -6.1, "points"),
        Cell("1,240", 1241.0, "count"),
        Cell("4.21", 4.22, "number"),
        Cell("many", 4.0, "number"),
        Cell("fewer than 1 %", 0.02, "percent"),
    ],
)
def test_what_is_printed_is_the_number_behind_it(cell: Cell) -> None:
    assert refused(table((Cell("Women"), cell))) == ("GATE_TWO_NUMBERS",)


@pytest.mark.parametrize(
    "cell",
    [
        Cell("21 %", 0.2149, "percent"),
        Cell("6 points", -6.1, "points"),
        Cell("−0.34", -0.3434, "number"),
        Cell("1,204,000", 1204000.0, "count"),
        Cell("fewer than 1 %", 0.0031, "percent"),
        Cell("more than 99 %", 0.9981, "percent"),
        Cell("", None, "empty"),
    ],
)
def test_a_rounded_number_passes(cell: Cell) -> None:
    gate(document(table((Cell("Women"), cell))))


def test_the_first_number_of_a_text_is_read_with_its_sign_and_decimals() -> None:
    assert printed_number("−1,204.50 days") == (-1204.5, 2)
    assert printed_number("21 % (17 to 26)") == (21.0, 0)
    assert printed_number("none") is None


def test_headings_go_down_one_level_at_a_time() -> None:
    assert refused(Heading("a", "A", 3)) == ("GATE_HEADINGS",)
    assert refused(Heading("a", "A", 2), Heading("b", "B", 4)) == ("GATE_HEADINGS",)
    gate(document(Heading("a", "A", 2), Heading("b", "B", 3), Heading("c", "C", 4), Heading("d", "D", 2)))


def test_an_empty_frame_is_refused() -> None:
    empty = (Heading("a", " "), Prose("b"), Finding("c", ""), Callout("d", ""), Quote("e", "", "x"), Finding("f", "x", (), (), ""))
    assert refused(*empty) == ("GATE_NO_TEXT",) * 6
    assert refused(Finding("f", "x", (), (Reading("g", "d", "en", "well"), Reading("g", "d", "en", " ")))) == ("GATE_NO_TEXT",)


def test_everything_is_found_at_once() -> None:
    found = refused(figure(""), Prose("p", ("nan",)), Prose("p", ("y",)), Heading("h", "H", 4))
    assert set(found) == {"GATE_ALT", "GATE_UNPRINTABLE", "GATE_SAME_ID", "GATE_HEADINGS"}
