"""Charts that everyone can read: contrast, shape, size on a phone, words for those who do not see them, and nothing that was hidden."""

from __future__ import annotations

import itertools
import re

import pytest
from lxml import etree
from releases import RELEASES, ROUNDS, Rows, about, census_of_twelve, dimension_labels, facts, indicator, release, survey

from mel.errors import UsageError
from mel.reporting import sections as tell
from mel.reporting.blocks import Figure
from mel.reporting.charts import composition_bars, group_dots, palette
from mel.reporting.charts.canvas import FONT_SIZE, WIDTH
from mel.reporting.svg import check_svg

PHONE, MARGINS = 360, 32


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def figures() -> list[Figure]:
    makes = (tell.who_is_reached, tell.progress, tell.gaps, tell.what_changed)
    return [block for name in RELEASES for make in makes for block in make(RELEASES[name]()) if isinstance(block, Figure)]


@pytest.fixture(scope="module")
def drawn() -> list[Figure]:
    return figures()


def texts(svg: str) -> list[str]:
    root = etree.fromstring(svg.encode())
    return [plain("".join(element.itertext())) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_text_and_marks_have_contrast() -> None:
    for colour in (palette.INK, palette.MUTED, palette.WARN):
        assert palette.contrast(colour, palette.PAPER) >= palette.SMALLEST_TEXT
    for colour in (palette.ACCENT, palette.MUTED):
        assert palette.contrast(colour, palette.PAPER) >= palette.SMALLEST_MARK
    for colour in palette.SEGMENTS:
        assert palette.contrast(palette.PAPER, colour) >= palette.SMALLEST_TEXT


def test_contrast_is_the_one_of_wcag() -> None:
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_chart_is_a_named_image_without_script_or_anything_from_outside(drawn: list[Figure]) -> None:
    for figure in drawn:
        root = etree.fromstring(figure.svg.encode())
        assert root.get("role") == "img"
        assert root.get("aria-label") == figure.alt
        assert len(figure.alt) > 40
        assert figure.alt != figure.caption
        check_svg(figure.svg)
        assert "<script" not in figure.svg
        assert not re.search(r"(href|src)=|@import|@font-face|url\((?!#)", figure.svg)


def test_letters_are_eleven_pixels_on_a_phone(drawn: list[Figure]) -> None:
    assert FONT_SIZE * (PHONE - MARGINS) / WIDTH >= 11
    for figure in drawn:
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', figure.svg)]
        assert sizes
        assert min(sizes) >= FONT_SIZE
        assert etree.fromstring(figure.svg.encode()).get("viewBox", "").startswith(f"0 0 {WIDTH} ")


def test_every_chart_has_its_data_and_hidden_ones_stay_hidden(drawn: list[Figure]) -> None:
    for figure in drawn:
        assert figure.data is not None
        assert figure.data.rows
        for row in figure.data.rows:
            assert all(cell.kind != "hidden" or cell.value is None for cell in row)


def test_no_label_runs_into_its_figure(drawn: list[Figure]) -> None:
    for figure in drawn:
        rows: dict[str, list[tuple[float, str, str]]] = {}
        for element in etree.fromstring(figure.svg.encode()).iter("{http://www.w3.org/2000/svg}text"):
            x, y = re.findall(r"-?[\d.]+", element.get("transform", ""))[:2]
            rows.setdefault(y, []).append((float(x), element.get("text-anchor", "start"), plain("".join(element.itertext()))))
        for placed in rows.values():
            spans = sorted(_span(*one) for one in placed)
            assert all(left[1] <= right[0] + 1 for left, right in itertools.pairwise(spans)), (figure.id, placed)


def _span(x: float, anchor: str, text: str) -> tuple[float, float]:
    wide = len(text) * 7.2
    return {"start": (x, x + wide), "end": (x - wide, x), "middle": (x - wide / 2, x + wide / 2)}[anchor]


def test_a_hidden_group_keeps_its_line() -> None:
    figure = group_dots(tell.edition_of(survey()), "heard", "midline")
    assert figure is not None
    said = texts(figure.svg)
    assert said[said.index("Non-binary") :]
    assert "not shown" in said
    assert any("Hatched: not shown, to protect" in text for text in said)
    assert "too few answers" in said


def test_the_alt_text_tells_highest_lowest_hidden_and_how_many() -> None:
    figure = group_dots(tell.edition_of(survey()), "heard", "midline")
    assert figure is not None
    alt = plain(figure.alt)
    assert "Highest of those shown: Man, 52 %." in alt
    assert "Lowest: With a disability, 21 %." in alt
    assert "1 group is not shown" in alt
    assert "812 people answered." in alt


def test_a_title_tells_the_finding_and_names_the_system() -> None:
    figure = group_dots(tell.edition_of(survey()), "heard", "midline")
    assert figure is not None
    assert plain(figure.caption) == "Village meetings heard a smaller share of women (30 %) than of men (52 %)"


def test_people_who_are_counted_are_drawn_as_people() -> None:
    figure = group_dots(tell.edition_of(census_of_twelve()), "heard", "all")
    assert figure is not None
    said = texts(figure.svg)
    assert "9 of 12" in said
    assert not [text for text in said if "%" in text]


def test_parts_of_a_whole_carry_letters_and_not_colour_alone() -> None:
    figure = composition_bars(tell.edition_of(survey()), "reached", "midline")
    assert figure is not None
    said = texts(figure.svg)
    assert said.count("A") == 2
    assert said.count("B") == 2
    assert "not shown" in said


def test_charts_of_one_page_share_no_id(drawn: list[Figure]) -> None:
    first = [figure for figure in drawn if figure.id.startswith("chart-")]
    ids = [found for figure in first[:8] for found in re.findall(r'\bid="([^"]+)"', figure.svg)]
    assert len(ids) == len(set(ids))


def test_an_indicator_that_is_not_there_is_an_error_that_names_the_closest() -> None:
    with pytest.raises(UsageError, match=r"(?s)hears.*'heard'"):
        group_dots(tell.edition_of(survey()), "hears", "midline")


def test_a_title_prefers_figures_that_rest_on_enough_answers() -> None:
    rows = Rows(("gender",))
    for code, share, trust in (("woman", 0.30, "ok"), ("man", 0.52, "ok"), ("non_binary", 0.90, "caution")):
        rows.estimate("heard", "midline", share, 300, {"gender": code}, half=0.05, reliability=trust)
    rows.gap("heard", "midline", "gender", "non_binary", "woman", (0.90, 0.30), 0.1)
    rows.gap("heard", "midline", "gender", "man", "woman", (0.52, 0.30), 0.07)
    labels = {"dimensions": dimension_labels(("gender",)), "indicators": {"heard": indicator("Heard")}, "rounds": ROUNDS}
    figure = group_dots(tell.edition_of(release(rows.tables(), about("Invented", [facts("survey")]), labels)), "heard", "midline")
    assert figure is not None
    assert plain(figure.caption) == "Heard: lower among women (30 %) than among men (52 %)"
