"""A browser without a network, and the sample document as a page."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mel.reporting.blocks import Document


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with `sample_document()` and its parts."""
    return importlib.import_module("tests.spec.writers.sample_document")


@pytest.fixture(scope="session")
def document(sample: ModuleType) -> Document:
    return sample.sample_document()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Headless Chromium, driven by selenium; skips where chromedriver is not installed."""
    import shutil

    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    driver = shutil.which("chromedriver")
    if driver is None:
        pytest.skip("no chromedriver on this machine; .ci/run installs Debian's")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    quiet = "headless=new no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync"
    for flag in (*quiet.split(), "disable-dev-shm-usage", "host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    yield opened
    opened.quit()


AXE_IN = {
    "axe_playwright_python": ("axe.min.js",),
    "axe_core_python": ("axe.min.js",),
    "axe_selenium_python": ("node_modules", "axe-core", "axe.min.js"),
}
"""Packages that carry axe-core, and where."""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the newest axe-core that an installed package carries."""
    sources = {}
    for package, inside in AXE_IN.items():
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            source = Path(found.origin).parent.joinpath(*inside).read_text(encoding="utf-8")
            stated = re.search(r'version="(\d+)\.(\d+)\.(\d+)"', source)
            sources[tuple(int(part) for part in stated.groups()) if stated else (0, 0, 0)] = source
    if not sources:
        pytest.skip("none of the packages that carry axe-core is installed")
    return sources[max(sources)]


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Callable[..., Any]:
    """Write a document as a page and open it at a width; network off, logs emptied."""
    from mel.reporting.html import write_html

    def opened(document: Document, width: int = 1200, height: int = 900) -> Any:
        file = tmp_path / "page.html"
        file.write_text(write_html(document), encoding="utf-8")
        browser.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for log in ("browser", "performance"):
            browser.get_log(log)
        browser.get(file.as_uri())
        return browser

    return opened
