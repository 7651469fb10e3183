"""How does someone who will never open a TOML file write an alliance? As a workbook with a sheet a table, drop-downs and a page that explains.

`mel.collection.alliance_sheets` reads it back into the same model.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mel.collection.alliance_cells import write_cell
from mel.collection.alliance_layout import EXAMPLES, README, SHEETS, Column, Sheet
from mel.collection.alliance_sheets import read_sheets
from mel.errors import UsageError
from mel.errors import alliance as say
from mel.formats.packs import shipped_packs
from mel.formats.workbooks import new_workbook, write_table
from mel.formats.written import validated
from mel.model.alliance import Alliance

_LAST_ROW = 1000
_LONGEST_LIST = 255  # Excel's limit for a drop-down written in place


def write_alliance_workbook(alliance: Alliance | None, path: Path) -> None:
    """Write an alliance as alliance.xlsx, or an empty one to fill in.

    Raises: UsageError when the workbook would not read back as the same alliance; nothing is written then.
    """
    if alliance is not None:
        _refuse_unless_equal(alliance)
    _write(alliance, Path(path))


def _refuse_unless_equal(alliance: Alliance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alliance.xlsx"
        _write(alliance, path)
        data, place, problems = read_sheets(path, path.name)
        back = validated(Alliance, data, place)
    if back.model == alliance and not problems:
        return
    parts = [name for name in Alliance.model_fields if back.model is None or getattr(back.model, name) != getattr(alliance, name)]
    raise UsageError(say.WORKBOOK_CANNOT_HOLD.at(parts=parts))


def _write(alliance: Alliance | None, path: Path) -> None:
    data = alliance.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True) if alliance else {}
    with new_workbook(path, title="Alliance") as workbook:
        _write_readme(workbook)
        for sheet in SHEETS:
            if sheet.pairs:
                record = data.get(sheet.name, {})
                rows = [[c.name, write_cell(_get(record, c.path), c.kind), c.help] for c in sheet.columns]
                written = write_table(workbook, sheet.name, ["key", "value", "meaning"], rows)
                for at, column in enumerate(sheet.columns, start=1):
                    _offer(written, column, at, at, 1)
            else:
                rows = [[_cell(row, column) for column in sheet.columns] for row in _ROWS[sheet.name](data)]
                written = write_table(workbook, sheet.name, [column.name for column in sheet.columns], rows)
                for at, column in enumerate(sheet.columns):
                    _offer(written, column, 1, _LAST_ROW, at)


def _offer(sheet: Any, column: Column, first: int, last: int, at: int) -> None:
    """A drop-down where the answers are known: strict for a closed list, a suggestion where a name stands in another sheet."""
    commas = any("," in choice for choice in column.choices)  # a list in a cell's rule is parted by commas: it could not offer one
    if column.choices and not commas and len(",".join(column.choices)) <= _LONGEST_LIST:
        options: dict[str, Any] = {
            "validate": "list",
            "source": list(column.choices),
            "error_title": column.name,
            "error_message": "Choose from the list.",
        }
    elif column.listed_in:
        options = {"validate": "list", "source": f"={column.listed_in}!$A$2:$A${_LAST_ROW}", "show_error": False}
    elif column.name == "pack":
        options = {"validate": "list", "source": [pack.id for pack in shipped_packs()], "show_error": False}
    else:
        return
    sheet.data_validation(first, at, last, at, {**options, "input_title": column.name[:32], "input_message": column.help[:255]})


def _write_readme(workbook: Any) -> None:
    lines = (
        "This workbook says who your alliance is, what data it has, what it asks, and whom to protect.",
        "Fill in the sheets from left to right. Save it as alliance.xlsx in a folder of its own and put your data files beside it.",
        "Then run: mel check FOLDER. Everything that is missing or unclear is listed, with its sheet, row and column.",
        "A sheet you do not need stays empty. Headings stay as they are. Cells are text: nothing in here is calculated.",
        "Several things in one cell are parted by semicolons. Notes of your own go into a sheet whose name begins with 'note'.",
        "Keep either alliance.xlsx or alliance.toml, not both.",
    )
    rows = [[sheet.name, column.name, column.help, _how(column)] for sheet in SHEETS for column in sheet.columns]
    table = write_table(
        workbook, README, ["sheet", "column", "what it means", "how to write it"], rows, title="How to fill in this workbook"
    )
    note = workbook.add_format({"text_wrap": True, "valign": "top"})
    table.merge_range(1, 0, 1, 3, "\n".join(lines), note)
    table.set_row(1, 120)


def _how(column: Column) -> str:
    return ", ".join(column.choices) or EXAMPLES.get(column.kind, "")


def _cell(row: Mapping[str, Any], column: Column) -> str | float | None:
    """A cell of a row: a key of its record, or (no path) a name that says whose row it is."""
    return write_cell(_get(row.get("record", {}), column.path) if column.path else row.get(column.name), column.kind)


def _get(record: Mapping[str, Any], path: Sequence[str]) -> Any:
    for part in path:
        record = record.get(part, {}) if isinstance(record, Mapping) else {}
    return None if isinstance(record, Mapping) and not record else record


# ---- the rows of each sheet -----------------------------------------------------------------------------------------


def _records(part: str) -> Any:
    return lambda data: [{"record": record} for record in data.get(part, ())]


def _children(part: str, key: str, inner: str, called: str) -> Any:
    return lambda data: [{called: owner[key], "record": record} for owner in data.get(part, ()) for record in owner.get(inner, ())]


def _target_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"indicator": use["id"], "dataset": use["dataset"], "record": target}
        for use in data.get("indicators", ())
        for target in use.get("targets", ())
    ]


def _category_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"dimension": each["name"], "code": code, "label": label}
        for each in data.get("dimensions", ())
        for code, label in each.get("labels", {}).items()
    ]


def _map_rows(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for dataset in data.get("datasets", ()):
        for record, name in ((dataset, ""), *((each, each["name"]) for each in dataset.get("rounds", ()))):
            for variable, entry in record.get("map", {}).items():
                for column in entry["columns"]:
                    head = {"dataset": dataset["name"], "round": name, "variable": variable, "column": column["column"]}
                    yield {**head, "entry": column}


def _code_rows(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in _map_rows(data):
        for code, name in row["entry"].get("codes", {}).items():
            yield {**row, "form_code": code, "code": name}
        for code, silence in row["entry"].get("silences", {}).items():
            yield {**row, "form_code": code, "silence": silence}


def _sensitive_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"dimension": name, "record": record} for name, record in data.get("disclosure", {}).get("sensitive", {}).items()]


def _at_risk_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    policy = data.get("disclosure", {})
    parts = (("partner", "partners_at_risk"), ("country", "countries_at_risk"))
    return [{"what": what, "id": name, "record": record} for what, part in parts for name, record in policy.get(part, {}).items()]


_ROWS: dict[str, Any] = {
    "members": _records("members"),
    "packs": lambda data: [{"pack": name} for name in data.get("packs", ())],
    "datasets": _records("datasets"),
    "rounds": _children("datasets", "name", "rounds", "dataset"),
    "map": _map_rows,
    "map_codes": _code_rows,
    "dimensions": _records("dimensions"),
    "categories": _category_rows,
    "indicators": _records("indicators"),
    "targets": _target_rows,
    "own_indicators": _records("own_indicators"),
    "cases": _children("own_indicators", "id", "cases", "indicator"),
    "analyses": _records("analyses"),
    "sensitive": _sensitive_rows,
    "at_risk": _at_risk_rows,
}

__all__ = ["Sheet", "write_alliance_workbook"]
