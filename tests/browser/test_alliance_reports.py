"""The four invented alliances, from their files to their reports, as a reader meets them: whole, the same in every format, and harmless."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from mel.reporting.notebooks import blocks_of

ALLIANCES = ("every-step", "loud-and-clear", "shade-and-rain", "threads-of-courage")
CANARIES = re.compile(r"INVENTED-(?:NAME|PHONE)-\d+")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All four, by the command the README gives."""
    root = Path(__file__).resolve().parents[2]
    into = tmp_path_factory.mktemp("reports")
    folders = [str(root / "data" / "alliances" / name) for name in ALLIANCES]
    command = [sys.executable, "-m", "mel.cli", "report", *folders, "--into", str(into), "--json"]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
    assert ended.stderr == "", "a run that goes well says nothing on standard error"
    return into


def texts(folder: Path) -> dict[str, str]:
    """Every file of a report as text: what is zipped is unzipped."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as parts:
                for part in parts.namelist():
                    found[f"{name}!{part}"] = parts.read(part).decode("utf-8", errors="replace")
        else:
            found[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


def page_of(folder: Path) -> Any:
    return lxml_html.parse(str(next(folder.glob("*.html")))).getroot()


def spoken(page: Any) -> str:
    """What a reader reads: text outside style and charts."""
    copy = lxml_html.fromstring(lxml_html.tostring(page))
    for drawn in copy.xpath("//style | //svg"):
        drawn.drop_tree()
    return re.sub(r"\s+", " ", copy.text_content())


@pytest.mark.slow
@pytest.mark.parametrize("name", ALLIANCES)
class TestReport:
    def test_every_file_is_there(self, reports: Path, name: str) -> None:
        endings = {path.suffix for path in (reports / name).iterdir()}
        assert {".html", ".docx", ".xlsx", ".ipynb"} <= endings
        release = json.loads((reports / name / "release" / "release.json").read_text(encoding="utf-8"))
        assert release["audience"] == "public"

    def test_it_says_on_every_format_that_it_is_invented(self, reports: Path, name: str) -> None:
        found = texts(reports / name)
        for ending in (".html", ".docx!word/header1.xml", ".ipynb"):
            (text,) = [t for n, t in found.items() if n.endswith(ending)]
            assert "nvented" in text, ending

    def test_nothing_unfinished_is_printed(self, reports: Path, name: str) -> None:
        said = spoken(page_of(reports / name))
        assert not re.search(r"(?<!“)\b(nan|NaN|None(?! of| that| is)|inf|undefined|null)\b", said)
        assert "{" not in said
        assert not re.search(r"\b1 (people|women|men|groups|outcomes|partners)\b", said)
        assert ".." not in said.replace("...", "")

    def test_no_name_phone_or_path_of_a_machine_is_in_any_file(self, reports: Path, name: str) -> None:
        for file, text in texts(reports / name).items():
            assert not CANARIES.search(text), file
            assert not re.search(r"(?:/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\Users)", text), file

    def test_the_page_shows_the_notebooks_blocks(self, reports: Path, name: str) -> None:
        import nbformat

        folder = reports / name
        notebook = nbformat.read(next(folder.glob("*.ipynb")), as_version=4)
        blocks = blocks_of(notebook)
        assert len(blocks) > 20
        page = page_of(folder)
        on_page = set(page.xpath("//@id"))
        assert not [block.id for block in blocks if block.id not in on_page]

    def test_axe_finds_nothing_and_nothing_is_requested(self, reports: Path, name: str, browser: Any, axe: str) -> None:
        page = next((reports / name).glob("*.html"))
        browser.get_log("performance")
        browser.get(page.as_uri())
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        wanted = [m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"]
        assert not [url for url in wanted if url.startswith(("http", "ws"))]
        browser.execute_script(axe)
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then(r => done(r.violations.map(v => v.id + ' ' + v.nodes[0].target)))"
        )
        assert found == []

    def test_every_chart_is_drawn_and_the_page_fits_a_phone(self, reports: Path, name: str, browser: Any) -> None:
        browser.set_window_size(1200, 900)
        browser.get(next((reports / name).glob("*.html")).as_uri())
        sizes = browser.execute_script(
            "return [...document.querySelectorAll('figure svg')].map(s => s.getBoundingClientRect()).map(r => [r.width, r.height])"
        )
        assert sizes
        assert all(width > 200 and height > 40 for width, height in sizes)
        phone = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
        stacked = browser.execute_script(
            "const f = document.querySelector('.finding'); if (!f || f.children.length < 2) return true;"
            "const [a, b] = [...f.children].map(c => c.getBoundingClientRect()); return b.top >= a.bottom - 1"
        )
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert stacked, "on a phone what people make of a finding stands below it"
