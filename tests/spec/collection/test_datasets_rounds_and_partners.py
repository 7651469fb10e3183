"""Several rounds, files and partners put under each other, each row with its place. Everything here is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mel.codes import RESERVED
from mel.collection import collect, collect_dataset
from mel.errors import InputError
from mel.model.alliance import Dataset


def dataset(*rounds: dict, **more: object) -> Dataset:
    given = [{"name": f"round{i}", "date": f"202{i}-01-01", **r} for i, r in enumerate(rounds, start=1)]
    design = {"basis": "census"} | ({"rounds": "independent"} if len(given) > 1 else {})
    return Dataset.model_validate(
        {"name": "survey", "kind": "answers", "owner": "us", "share": "alliance", "design": design, "rounds": given, **more}
    )


def codes(wrong: pytest.ExceptionInfo[InputError]) -> tuple[str, ...]:
    return wrong.value.codes


def test_rows_are_stacked_with_file_sheet_row_round_and_partner(text, workbook, tmp_path):
    text("q\nyes\nno\n", "base/ada.csv")
    workbook("mid.xlsx", {"Answers": [["q"], ["no"]]})
    records = collect_dataset(dataset({"files": ["base/*.csv"]}, {"files": ["mid.xlsx"]}, partner_from="file"), tmp_path)
    assert records.rounds == ("round1", "round2")
    assert list(records.frame["q"]) == ["yes", "no", "no"]
    assert records.frame[list(RESERVED)].fillna("").values.tolist() == [
        ["round1", "base/ada.csv", "", 2, "ada"],
        ["round1", "base/ada.csv", "", 3, "ada"],
        ["round2", "mid.xlsx", "Answers", 2, "mid"],
    ]
    assert [(p.file, p.round, p.rows) for p in records.provenance] == [("base/ada.csv", "round1", 2), ("mid.xlsx", "round2", 1)]
    assert len(records.provenance[0].sha256) == 64


def test_the_partner_comes_from_the_folder(text, tmp_path):
    text("q\nyes\n", "data/zahra-fund/a.csv")
    text("q\nno\n", "data/nour/a.csv")
    records = collect_dataset(dataset({"files": ["data/*/*.csv"]}, partner_from="folder"), tmp_path)
    assert list(records.frame["_partner"]) == ["nour", "zahra-fund"]


def test_the_partner_comes_from_a_column_and_an_empty_one_is_told(text, form, tmp_path):
    text("Partner,q\nada,yes\n,no\n", "a.csv")
    records = collect_dataset(dataset({"files": ["a.csv"]}, partner_from="column:partner"), tmp_path)
    assert records.frame["_partner"].tolist()[0] == "ada"
    (problem,) = records.problems
    assert (problem.code, problem.column) == ("PARTNER_EMPTY", "Partner")
    assert "row 3" in problem.what


def test_a_partner_column_that_is_not_there_names_the_closest(text, tmp_path):
    text("partner_id,q\nada,yes\n", "a.csv")
    with pytest.raises(InputError, match="'partner_id'") as wrong:
        collect_dataset(dataset({"files": ["a.csv"]}, partner_from="column:partner_code"), tmp_path)
    assert codes(wrong) == ("PARTNER_COLUMN_MISSING",)


def test_a_file_in_no_folder_has_no_partner_by_folder(text, tmp_path):
    text("q\nyes\n", "a.csv")
    with pytest.raises(InputError) as wrong:
        collect_dataset(dataset({"files": ["a.csv"]}, partner_from="folder"), tmp_path)
    assert codes(wrong) == ("PARTNER_FOLDER_NONE",)


@pytest.mark.parametrize(
    "path", ["../secret.csv", "/etc/passwd", "data/../../secret.csv", "..\\secret.csv", "C:\\secret.csv", "../*.csv", "/tmp/*"]
)
def test_a_path_that_leads_outside_the_alliance_is_refused(text, tmp_path, path):
    text("q\nyes\n", "secret.csv")
    text("q\nyes\n", "alliance/a.csv")
    with pytest.raises(InputError) as wrong:
        collect_dataset(dataset({"files": [path]}), tmp_path / "alliance")
    assert codes(wrong) == ("FILE_OUTSIDE",)
    with pytest.raises(InputError) as wrong:
        collect_dataset(dataset({"files": ["a.csv"], "form": path.replace("*", "x")}), tmp_path / "alliance")
    assert codes(wrong) == ("FILE_OUTSIDE",)


def test_a_link_that_leads_outside_is_refused(text, tmp_path):
    text("q\nyes\n", "secret.csv")
    (tmp_path / "alliance").mkdir()
    (tmp_path / "alliance" / "a.csv").symlink_to(tmp_path / "secret.csv")
    for files in (["a.csv"], ["*.csv"]):
        with pytest.raises(InputError) as wrong:
            collect_dataset(dataset({"files": files}), tmp_path / "alliance")
        assert codes(wrong) == ("FILE_OUTSIDE",)


def test_everything_wrong_in_every_round_is_told_at_once(text, tmp_path):
    text("q\n", "empty.csv")
    text("q,q\n1,2\n", "twice.csv")
    rounds = ({"files": ["nowhere.csv", "empty.csv"]}, {"files": ["twice.csv", "../x.csv"], "form": "no form.xlsx"})
    with pytest.raises(InputError) as wrong:
        collect_dataset(dataset(*rounds), tmp_path)
    assert sorted(codes(wrong)) == ["FILE_MISSING", "FILE_MISSING", "FILE_OUTSIDE", "HEADER_DUPLICATE", "NO_ROWS"]
    keys = {p.key for p in wrong.value.problems}
    assert keys == {"datasets.survey.rounds[0].files", "datasets.survey.rounds[1].files", "datasets.survey.rounds[1].form", None}


def test_the_same_file_in_two_rounds_is_refused(text, tmp_path):
    text("q\nyes\n", "a.csv")
    with pytest.raises(InputError) as wrong:
        collect_dataset(dataset({"files": ["a.csv"]}, {"files": ["a.csv"]}), tmp_path)
    assert codes(wrong) == ("FILE_TWICE",)


def test_two_sheets_of_one_workbook_may_be_two_rounds(workbook, tmp_path):
    workbook("a.xlsx", {"base": [["q"], [1]], "mid": [["q"], [2]]})
    records = collect_dataset(dataset({"files": ["a.xlsx"], "sheet": "base"}, {"files": ["a.xlsx"], "sheet": "mid"}), tmp_path)
    assert list(records.frame["q"]) == [1, 2]
    assert list(records.frame["_sheet"]) == ["base", "mid"]


def test_a_file_named_twice_by_overlapping_patterns_is_read_once(text, tmp_path):
    text("q\nyes\n", "a.csv")
    assert len(collect_dataset(dataset({"files": ["*.csv", "a.csv"]}), tmp_path).frame) == 1


def test_the_locks_that_office_leaves_are_not_data(text, tmp_path):
    text("q\nyes\n", "a.csv")
    text("x", "~$a.csv")
    text("x", ".a.csv")
    assert len(collect_dataset(dataset({"files": ["*.csv"]}), tmp_path).frame) == 1


def test_a_form_that_changed_half_way_is_kept_by_round(text, form, workbook, tmp_path):
    workbook("new.xlsx", {"survey": [["type", "name", "label"], ["integer", "age", "Age"], ["text", "why", "Why"]]})
    text("gender,age\n1,31\n", "base.csv")
    text("age,why\n40,because\n", "mid.csv")
    records = collect_dataset(dataset({"files": ["base.csv"]}, {"files": ["mid.csv"], "form": "new.xlsx"}, form="form.xlsx"), tmp_path)
    assert {name: one.file for name, one in records.forms.items()} == {"round1": "form.xlsx", "round2": "new.xlsx"}
    assert list(records.frame["age"]) == [31, 40]
    assert records.frame["gender"].isna().tolist() == [False, True]


def test_form_versions_are_recorded_with_the_file(text, tmp_path):
    text("q,__version__\nyes,v1\nno,v2\nyes,v1\n", "a.csv")
    assert collect_dataset(dataset({"files": ["a.csv"]}), tmp_path).provenance[0].form_versions == ("v1", "v2")


def test_a_column_that_is_numbers_here_and_text_there_becomes_text_without_dot_zero(text, tmp_path):
    text("age\n31\n\n40\n", "a.csv")
    text("age,x\nforty,1\n", "b.csv")
    records = collect_dataset(dataset({"files": ["a.csv", "b.csv"]}), tmp_path)
    assert list(records.frame["age"]) == ["31", "40", "forty"]


def test_dates_of_a_workbook_and_of_a_text_file_meet_as_text(text, workbook, tmp_path):
    workbook("a.xlsx", {"data": [["day"], [dt.date(2026, 3, 1)]]})
    text("day\n2026-03-02\n", "b.csv")
    records = collect_dataset(dataset({"files": ["a.xlsx", "b.csv"]}), tmp_path)
    assert list(records.frame["day"]) == ["2026-03-01", "2026-03-02"]


def test_nothing_of_this_machine_is_in_the_records(text, tmp_path):
    text("q\nyes\n", "deep/down/a.csv")
    records = collect_dataset(dataset({"files": ["deep/down/a.csv"]}), tmp_path)
    assert str(tmp_path) not in repr(records)
    assert collect(tmp_path / "deep" / "down" / "a.csv").provenance[0].file == "a.csv"
    assert Path(records.provenance[0].file) == Path("deep/down/a.csv")


def test_a_register_keeps_its_columns_as_written(text, tmp_path):
    text("outcome_id,date,title\n001,2026-03-01,Water rights\n", "outcomes.csv")
    records = collect(tmp_path / "outcomes.csv", kind="outcomes", dataset="outcomes")
    assert records.kind == "outcomes"
    assert records.frame.iloc[0][["outcome_id", "date", "title"]].tolist() == ["001", "2026-03-01", "Water rights"]


def test_collecting_does_not_touch_the_files(text, tmp_path):
    path = text("q\nyes\n", "a.csv")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    collect(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_missing_file_does_not_hide_what_is_wrong_in_the_others(text, tmp_path):
    text("q\n", "empty.csv")
    with pytest.raises(InputError) as wrong:
        collect([tmp_path / "nowhere.csv", tmp_path / "empty.csv"], form=tmp_path / "no form.xlsx")
    assert codes(wrong) == ("FILE_MISSING", "FILE_MISSING", "NO_ROWS")


def test_a_pattern_may_go_through_folders(text, tmp_path):
    text("q\nyes\n", "data/ada/a.csv")
    text("q\nno\n", "data/bo/a.csv")
    records = collect(tmp_path / "data" / "*" / "*.csv", partner_from="folder")
    assert list(records.frame["_file"]) == ["ada/a.csv", "bo/a.csv"]
    assert list(records.frame["_partner"]) == ["ada", "bo"]


def test_the_partners_column_may_be_named_as_the_form_or_as_the_file_has_it(text, workbook, tmp_path):
    survey = [["type", "name", "label"], ["begin group", "intro"], ["text", "org", "Organisation"], ["end group"]]
    workbook("form.xlsx", {"survey": survey})
    text("intro/org,q\nada,yes\n", "a.csv")
    for name in ("org", "intro/org"):
        records = collect_dataset(dataset({"files": ["a.csv"]}, form="form.xlsx", partner_from=f"column:{name}"), tmp_path)
        assert list(records.frame["_partner"]) == ["ada"]


def test_a_hidden_sheet_is_not_taken_for_the_answers(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        lists, data = book.add_worksheet("lists"), book.add_worksheet("data")
        lists.write_column(0, 0, ["choices", "yes", "no"])
        data.write_column(0, 0, ["q", "yes"])
        data.activate()
        lists.hide()
    records = collect(tmp_path / "a.xlsx")
    assert list(records.frame["q"]) == ["yes"]
    assert not records.problems
