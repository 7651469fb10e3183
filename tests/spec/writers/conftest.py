"""The sample document, and every format written once."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from mel.reporting.blocks import Document


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with `sample_document()` and its parts."""
    path = Path(__file__).with_name("sample_document.py")
    spec = importlib.util.spec_from_file_location("sample_document", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def document(sample: ModuleType) -> Document:
    return sample.sample_document()


@pytest.fixture(scope="session")
def written(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample as s.html, s.docx and s.xlsx."""
    from mel.reporting.docx import write_docx
    from mel.reporting.html import write_html
    from mel.reporting.xlsx import write_xlsx

    folder = tmp_path_factory.mktemp("written")
    (folder / "s.html").write_text(write_html(document), encoding="utf-8")
    write_docx(document, folder / "s.docx")
    write_xlsx(document, folder / "s.xlsx")
    return folder
