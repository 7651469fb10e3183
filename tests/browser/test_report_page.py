"""The page in a real browser: nothing leaves, nothing runs, everyone can use it, wide and on a phone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mel.reporting.blocks import Callout, Cell, Column, Finding, Heading, Prose, Quote, Reading, Table

pytestmark = pytest.mark.browser
HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">[x](javascript:document.title='ran')\"'></style>"
)


def hostile_blocks(sample: Any) -> tuple[Any, ...]:
    """The same attack in every place a name or a story can reach."""
    return (
        Heading("x-h", HOSTILE),
        Prose("x-p", (HOSTILE,), (HOSTILE,)),
        Finding("x-f", HOSTILE, (), (Reading(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),)),
        Finding("x-g", HOSTILE, (), (), HOSTILE),
        Callout("x-c", HOSTILE),
        Quote("x-q", HOSTILE, HOSTILE, '" onload="x', HOSTILE),
        Table("x-t", HOSTILE, (Column(HOSTILE), Column("n", "end")), ((Cell(HOSTILE), Cell(HOSTILE)),), (HOSTILE,)),
    )


def requests(browser: Any) -> list[str]:
    """Addresses the page asked for, itself left out."""
    said = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = [m["params"]["request"]["url"] for m in said if m["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.endswith("/page.html")]


def violations(browser: Any, axe: str) -> list[str]:
    """What axe-core finds, as `rule: element`."""
    browser.execute_script(axe)
    found = browser.execute_async_script("const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(r => done(r.violations))")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(page: Any, axe: str, sample: Any, width: int) -> None:
    browser = page(sample.sample_document(), width)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert violations(browser, axe) == []


def test_axe_would_find_something(page: Any, axe: str, sample: Any) -> None:
    """The instrument works on this page: a page without its language, and grey letters on grey, are found."""
    browser = page(sample.sample_document())
    browser.execute_script("document.documentElement.removeAttribute('lang'); document.querySelector('.sentence').style.color = '#ccc'")
    assert {found.partition(":")[0] for found in violations(browser, axe)} >= {"html-has-lang", "color-contrast"}


CONTRAST = """
const light = rgb => { const [r, g, b] = rgb.map(c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b };
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const ground = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } };
return [...document.body.querySelectorAll('*')].filter(e => !e.closest('svg') && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
  .map(e => { const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.tagName + '.' + e.className] })"""


def test_every_text_stands_out_from_its_ground(page: Any, sample: Any) -> None:
    """Axe passes over grounds with a pattern; each of ours lies on a plain colour, which is looked at here (WCAG 1.4.3)."""
    browser = page(sample.sample_document())
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    measured = browser.execute_script(CONTRAST)
    assert len(measured) > 100
    assert [where for ratio, where in measured if ratio < 4.5] == []


def test_a_chart_is_one_picture_with_words(page: Any, sample: Any) -> None:
    browser = page(sample.sample_document())
    roles = browser.execute_script("return [...document.querySelectorAll('figure svg, figure svg *')].map(e => e.getAttribute('role'))")
    assert [role for role in roles if role] == ["img"]
    assert browser.execute_script("return document.querySelector('figure svg').getAttribute('aria-label')").startswith(
        "Four groups on one scale."
    )


@pytest.mark.parametrize("width", [1200, 360])
def test_the_page_never_scrolls_sideways(page: Any, sample: Any, width: int) -> None:
    browser = page(sample.sample_document(hostile_blocks(sample)), width)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_wide_table_scrolls_in_its_own_frame_on_a_phone(page: Any, sample: Any) -> None:
    browser = page(sample.sample_document(), 360)
    inner, outer = browser.execute_script(
        "const r = document.querySelector('#table-progress .scroll'); return [r.scrollWidth, r.clientWidth]"
    )
    assert inner > outer


def test_on_a_wide_page_the_reading_stands_beside_the_sentence_and_on_a_phone_below(page: Any, sample: Any) -> None:
    script = """const f = document.querySelector('#finding-heard-disability'), a = f.children[0].getBoundingClientRect(),
        b = f.children[1].getBoundingClientRect(); return [Math.round(a.top - b.top), b.left >= a.right, b.top >= a.bottom]"""
    assert page(sample.sample_document(), 1200).execute_script(script) == [0, True, False]
    assert page(sample.sample_document(), 360).execute_script(script)[1:] == [False, True]


def test_nothing_is_asked_of_any_other_machine(page: Any, sample: Any) -> None:
    browser = page(sample.sample_document())
    assert requests(browser) == []
    assert browser.get_log("browser") == []


def test_every_chart_is_drawn(page: Any, sample: Any) -> None:
    script = (
        "return [...document.querySelectorAll('figure svg')].map(s => [s.getBoundingClientRect().width, s.querySelectorAll('text').length])"
    )
    drawn = page(sample.sample_document()).execute_script(script)
    assert len(drawn) == 1
    assert all(width > 200 and texts > 5 for width, texts in drawn)


def test_hostile_text_is_text_and_nothing_runs(page: Any, sample: Any) -> None:
    browser = page(sample.sample_document(hostile_blocks(sample)))
    assert browser.title == sample.sample_document().title
    assert (
        browser.execute_script("return document.querySelectorAll('script, img, iframe, object, embed, form, [onerror], [onload]').length")
        == 0
    )
    assert browser.execute_script("return [...document.links].filter(a => !a.getAttribute('href').startsWith('#')).length") == 0
    assert browser.execute_script("return document.querySelector('#x-h').textContent") == HOSTILE
    assert requests(browser) == []
    assert browser.get_log("browser") == []


def test_even_markup_that_slipped_in_could_not_run(page: Any, sample: Any) -> None:
    """The page's own policy is the second wall: a handler written into the page afterwards stays dead."""
    browser = page(sample.sample_document())
    browser.execute_script("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,x\" onerror=\"document.title=1\">')")
    browser.execute_async_script("setTimeout(arguments[0], 200)")
    assert browser.title == sample.sample_document().title
    assert any("Content Security Policy" in entry["message"] for entry in browser.get_log("browser"))


def test_the_first_key_skips_to_the_report(page: Any, sample: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    browser = page(sample.sample_document())
    browser.switch_to.active_element.send_keys(Keys.TAB)
    first = browser.switch_to.active_element
    assert first.get_attribute("class") == "skip"
    assert first.rect["y"] >= 0
    first.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.tag_name == "main"


def test_every_stop_of_the_keyboard_has_a_name(page: Any, sample: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    browser, seen = page(sample.sample_document()), []
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        stop = browser.switch_to.active_element
        if stop.tag_name == "body":
            break
        seen.append(stop.get_attribute("aria-label") or stop.text)
    assert len(seen) >= 9
    assert all(seen)


def test_each_printed_page_says_that_it_is_invented(page: Any, sample: Any, tmp_path: Any) -> None:
    import base64
    import shutil
    import subprocess

    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine to read the printed pages with")
    printed = page(sample.sample_document()).execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    (tmp_path / "page.pdf").write_bytes(base64.b64decode(printed["data"]))
    text = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, check=True, text=True).stdout
    pages = [p for p in text.split("\f") if p.strip()]
    assert len(pages) > 2
    assert all("Invented: every person" in p for p in pages)
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
