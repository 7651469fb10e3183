"""The sample document, and every format written once."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mel.model.release import Release
from mel.reporting.blocks import Document


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with `sample_document()` and its parts."""
    return _module(Path(__file__).with_name("sample_document.py"))


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
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
    return _write(document, tmp_path_factory.mktemp("written"))


INVENTED = ("survey", "no_survey", "census_of_twelve", "purposive")


@pytest.fixture(scope="session", params=["sample", *INVENTED])
def told(request: pytest.FixtureRequest, document: Document, tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    """The sample, and each invented release as its sections tell it: (document, the folder it is written in)."""
    name = str(request.param)
    made = document if name == "sample" else _invented(name)[1]
    return made, _write(made, tmp_path_factory.mktemp(name))


@pytest.fixture
def invented() -> Callable[[str], tuple[Release, Document]]:
    """One of the invented releases that stand beside the tests of the sections, and the document its sections make."""
    return _invented


def _invented(name: str) -> tuple[Release, Document]:
    from mel.reporting import sections

    release = _module(Path(__file__).parents[1] / "reporting" / "releases.py").RELEASES[name]()
    parts = ("title_block", *sections.SECTIONS)
    return release, sections.document(release, [block for part in parts for block in getattr(sections, part)(release)])


def _write(document: Document, folder: Path) -> Path:
    from mel.reporting.docx import write_docx
    from mel.reporting.gate import gate
    from mel.reporting.html import write_html
    from mel.reporting.xlsx import write_xlsx

    gate(document)
    (folder / "s.html").write_text(write_html(document), encoding="utf-8")
    write_docx(document, folder / "s.docx")
    write_xlsx(document, folder / "s.xlsx")
    return folder
