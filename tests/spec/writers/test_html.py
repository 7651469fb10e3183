"""The page: one file, one main, a policy that fetches nothing, everybody's words in their own language and direction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mel.errors import CannotSay
from mel.reporting.blocks import Callout, Document, Figure, Heading, Prose, Quote
from mel.reporting.html import POLICY, write_html
from mel.reporting.markup import clean, tag


def page(document: Document) -> Any:
    from lxml import html

    return html.fromstring(write_html(document))


def small(*blocks: Any, **changes: Any) -> Document:
    return replace(Document("A title", "", "en", "2026-11-23", False, blocks), **changes)


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", '5 < 6 & "so"', tag("b", "<i>")) == "<p>5 &lt; 6 &amp; &quot;so&quot;<b>&lt;i&gt;</b></p>"


def test_an_attribute_cannot_be_left() -> None:
    assert tag("a", "x", href='#"><script>') == '<a href="#&quot;&gt;&lt;script&gt;">x</a>'


def test_characters_no_file_can_carry_are_left_out() -> None:
    assert clean("a\x00b\x0bc\ud800\r\nd") == "ab\nc\nd"


def test_a_number_stays_with_its_per_cent_sign() -> None:
    assert clean("21 % of 100 %") == "21\u00a0% of 100\u00a0%"


def test_the_page_is_one_file_without_code(document: Document) -> None:
    written = write_html(document)
    assert written.startswith('<!doctype html>\n<html lang="en" dir="ltr">')
    assert written.count("<main") == 1
    for outside in ("<script", "<link", "@import", "url(http", 'src="', "<iframe", "<img"):
        assert outside not in written, outside
    assert page(document).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content') == [POLICY]


def test_the_page_has_its_landmarks(document: Document) -> None:
    made = page(document)
    assert [len(made.xpath(f"/html/body/{mark}")) for mark in ("header", "footer")] == [1, 1]
    assert len(made.xpath("//main")) == len(made.xpath("//h1")) == len(made.xpath("//nav")) == 1
    assert made.xpath("string(/html/body/*[1]/@href)") == "#report"


def test_the_contents_lead_to_each_section(document: Document) -> None:
    made = page(document)
    links = made.xpath("//nav//a/@href")
    assert links == [f"#{block.id}" for block in document.blocks if isinstance(block, Heading) and block.level == 2]
    assert all(len(made.xpath(f'//h2[@id="{link[1:]}"]')) == 1 for link in links)


def test_heads_of_tables_say_what_they_head(document: Document) -> None:
    made = page(document)
    assert {th.get("scope") for th in made.xpath("//thead//th")} == {"col"}
    assert {th.get("scope") for th in made.xpath("//tbody//th")} == {"row"}
    assert all(len(table.xpath("./caption")) == 1 for table in made.xpath("//table"))
    assert all(frame.get("tabindex") == "0" and frame.get("aria-label") for frame in made.xpath('//*[@role="region"]'))


def test_the_reading_stands_in_the_findings_own_frame(document: Document) -> None:
    (frame,) = page(document).xpath('//*[@id="finding-heard-disability"]')
    assert [child.get("class") for child in frame] == ["sentence", "beside read"]
    (other,) = page(document).xpath('//*[@id="finding-heard-change"]')
    assert other[1].text_content() == "Not yet read with the people it is about."


def test_words_keep_their_language_and_direction(document: Document) -> None:
    made = page(document)
    assert made.xpath('//*[@id="quote-ar"]//blockquote/p[@lang="ar"]/@dir') == ["rtl"]
    assert made.xpath('//*[@id="quote-fr"]//blockquote/p[@lang="fr"]/@dir') == ["ltr"]
    assert made.xpath('//*[@id="finding-heard-disability"]//p[@lang="ar"]/@dir') == ["rtl"]


def test_a_language_that_is_none_is_left_out_and_the_letters_decide() -> None:
    made = page(small(Quote("q", "نحن هنا", "someone", "the language of my mother")))
    (said,) = made.xpath('//*[@id="q"]//blockquote/p')
    assert (said.get("lang"), said.get("dir")) == (None, "rtl")


def test_invented_is_said_first_and_only_when_true(document: Document) -> None:
    assert page(document).xpath("string(//header/p)").startswith("Invented: this alliance")
    assert page(small(Prose("p", ("x",)), invented=True)).xpath("string(//header/p)").startswith("Invented: every person")
    assert "made up" not in write_html(small(Prose("p", ("x",))))


def test_the_first_lines_stand_on_the_cover_in_place_of_subtitle_and_day(document: Document) -> None:
    made = page(document)
    assert [p.text_content() for p in made.xpath('//header//*[@id="title"]/p')] == list(document.blocks[1].as_json()["paragraphs"])
    assert document.subtitle not in made.text_content()
    assert made.xpath('count(//*[@id="title"])') == 1


def test_a_title_cannot_leave_the_style_sheet() -> None:
    written = write_html(small(Prose("p", ("x",)), title='a"}</style><script>alert(1)</script>\\'))
    assert "<script>alert" not in written
    assert written.count("</style>") == 1


def test_two_charts_cannot_mix_their_parts(sample: Any) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><defs><clipPath id="c"><rect width="5" height="5"/></clipPath></defs>'
        '<g clip-path="url(#c)"><text>a</text></g></svg>'
    )
    written = write_html(small(*(Figure(f"f{i}", f"Chart {i}", f"What chart {i} shows, in words.", svg) for i in (1, 2))))
    assert 'id="f1-c"' in written
    assert 'clip-path="url(#f2-c)"' in written


def test_the_day_is_written_out() -> None:
    assert "Written 23 November 2026" in write_html(small(Callout("c", "x")))


def test_a_language_without_words_is_refused(document: Document) -> None:
    with pytest.raises(CannotSay, match="LANGUAGE_NOT_OFFERED"):
        write_html(replace(document, language="fr"))


def test_the_same_document_is_the_same_page(document: Document, written: Path) -> None:
    assert write_html(document) == (written / "s.html").read_text(encoding="utf-8")
