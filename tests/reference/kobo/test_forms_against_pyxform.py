"""The forms of the field, as pyxform (the reference compiler of XLSForms) understands them.

Names, types and choices must be the same wherever pyxform accepts the form. Where it refuses one that we read leniently, the
warning that says so is stated here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mel.errors import InputError
from mel.formats.xlsform import read_form

LENIENT: dict[str, list[str]] = {
    "pyxform_forms/allow_comment_rows_test.xls": [],
    "pyxform_forms/badly_named_choices_sheet.xls": [],
    "pyxform_forms/choice_name_same_as_select_name.xls": [],
    "pyxform_forms/extra_columns.xlsx": [],
    "pyxform_forms/ict_survey_fails.xls": [],
    "pyxform_forms/xlsform_spec_test.xlsx": [],
    "reach_msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx": [],
    "unhcr_forms/KoBoXLSFormExamples.xlsx": ["FORM_NAME_TWICE"],
    "unhcr_forms/demo.xlsx": ["FORM_CHOICE_TWICE"],
    "unhcr_forms/demo_adapt1.xlsx": ["FORM_CHOICE_TWICE"],
    "unhcr_forms/demo_adapt2.xlsx": ["FORM_CHOICE_TWICE"],
}
REFUSED = {
    "reach_msna_2024/dummy_raw_data.xlsx": ("FORM_SHEET_MISSING",),
    "reach_msna_2024/loa.xlsx": ("FORM_SHEET_MISSING",),
}
PYXFORM_REFUSES = ("unhcr_forms/demo.xlsx", "unhcr_forms/demo_adapt1.xlsx", "unhcr_forms/demo_adapt2.xlsx")
SIZES = {  # questions, repeats, languages; counted by hand in the survey sheets
    "reach_msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx": (275, 4, ("english", "french")),
    "pyxform_forms/xlsform_spec_test.xlsx": (46, 1, ("english", "chinese")),
    "unhcr_forms/demo.xlsx": (69, 1, ("English", "Tigirigna", "Amharic", "Oromiffa")),
    "unhcr_forms/demo_adapt1.xlsx": (66, 1, ("English", "Tigirigna", "Amharic", "Oromiffa")),
    "unhcr_forms/demo_adapt2.xlsx": (69, 1, ("English", "Tigirigna", "Amharic", "Oromiffa")),
    "unhcr_forms/KoBoXLSFormExamples.xlsx": (15, 0, ()),
    "pyxform_forms/badly_named_choices_sheet.xls": (3, 0, ()),
    "pyxform_forms/allow_comment_rows_test.xls": (1, 0, ("English",)),
}


@pytest.fixture(scope="module")
def kobo(shared: Path) -> Path:
    return shared / "data" / "kobo"


def test_every_form_beside_the_project_is_stated_here(kobo: Path):
    found = {p.relative_to(kobo).as_posix() for p in kobo.rglob("*.xls*")}
    assert found == set(LENIENT) | set(REFUSED)


@pytest.mark.parametrize("name", sorted(LENIENT))
def test_the_form_is_read_and_what_was_lenient_is_told(kobo: Path, name: str):
    form, told = read_form(kobo / name)
    assert form.questions
    assert [p.code for p in told] == LENIENT[name]
    assert {p.severity for p in told} <= {"warn"}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_form_is_refused_with_one_clear_error(kobo: Path, name: str):
    with pytest.raises(InputError, match="Sheets in it: '") as raised:
        read_form(kobo / name)
    assert raised.value.codes == REFUSED[name]


@pytest.mark.parametrize("name", sorted(SIZES))
def test_the_number_of_questions_repeats_and_languages(kobo: Path, name: str):
    form, _ = read_form(kobo / name)
    repeats = {q.repeat for q in form.questions} - {None}
    assert (len(form.questions), len(repeats), form.languages) == SIZES[name]


# ---- pyxform ---------------------------------------------------------------------------------------------------------

OURS = {
    "integer": {"integer", "int"},
    "decimal": {"decimal", "range"},
    "select_one": {"select one", "select1", "select one external"},
    "select_multiple": {"select all that apply", "select"},
    "date": {"date", "today"},
    "datetime": {"dateTime", "datetime", "start", "end"},
    "time": {"time"},
    "geo": {"geopoint", "gps", "geotrace", "geoshape"},
    "calculate": {"calculate"},
    "note": {"note"},
    "text": {"text", "string", "barcode", "deviceid", "phonenumber", "simserial", "uri:deviceid", "username", "email"},
    "other": {"acknowledge", "photo", "image", "audio", "video", "audit", "trigger"},
}


def _flat(node: dict[str, Any]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    found = []
    for child in node.get("children", []):
        if child["type"] in ("group", "repeat"):
            found += [((child["name"], *path), question) for path, question in _flat(child)]
        elif child["name"] not in ("instanceID", "instanceName"):
            found.append(((), child))
    return found


@pytest.fixture(scope="module")
def compiled() -> Any:
    pyxform = pytest.importorskip("pyxform.xls2xform")
    done: dict[Path, Any] = {}

    def compile_form(path: Path) -> Any:
        if path not in done:
            done[path] = pyxform.convert(str(path), validate=False)._pyxform
        return done[path]

    return compile_form


ACCEPTED = sorted(set(LENIENT) - set(PYXFORM_REFUSES))


def _theirs(survey: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """What pyxform asks, without what it adds itself (a node for each repeat's count, the labels of a table-list) and with
    the audit log, which it moves to the form's metadata, where the survey sheet has it."""
    repeats = {child["name"] for child in _nodes(survey) if child["type"] == "repeat"}
    added = {f"{name}_count" for name in repeats}
    own = [
        (path, q) for path, q in _flat(survey) if not q["name"].startswith(("generated_", "reserved_name_for_")) and q["name"] not in added
    ]
    asked = [((*path, q["name"]), q["type"]) for path, q in own]
    return [((("audit",) if path[-1] == "audit" else path), kind) for path, kind in asked if path[0] != "meta" or path[-1] == "audit"]


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [child for one in node.get("children", []) for child in (one, *_nodes(one))]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", ACCEPTED)
def test_names_groups_and_types_are_pyxforms(kobo: Path, compiled: Any, name: str):
    form, _ = read_form(kobo / name)
    theirs = sorted(_theirs(compiled(kobo / name)))
    ours = sorted(((*q.path, q.name.rsplit("/", 1)[-1]), q.type) for q in form.questions)
    assert [path for path, _ in ours] == [path for path, _ in theirs]
    assert not [(path, kind, their) for (path, kind), (_, their) in zip(ours, theirs) if their not in OURS[kind]]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", ACCEPTED)
def test_choices_are_pyxforms(kobo: Path, compiled: Any, name: str):
    form, _ = read_form(kobo / name)
    theirs = {key: [str(choice["name"]) for choice in offered] for key, offered in (compiled(kobo / name).get("choices") or {}).items()}
    used = {q.list_name for q in form.questions if q.list_name}
    assert used <= set(theirs)
    assert {key: [c.name for c in form.choices[key]] for key in used} == {key: theirs[key] for key in used}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", PYXFORM_REFUSES)
def test_pyxform_refuses_these_for_the_reason_we_warn_of(kobo: Path, compiled: Any, name: str):
    with pytest.raises(Exception, match="Choice names must be unique"):
        compiled(kobo / name)
    form, told = read_form(kobo / name)
    assert "'never'" in told[0].what
    assert [c.name for c in form.choices["school_list"]].count("never") == 1
