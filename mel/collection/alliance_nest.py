"""How do the flat rows of alliance.xlsx become the nested tables of alliance.toml? Rows find the record they belong to by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mel.collection.alliance_cells import UnclearCell, read_cell, text_of
from mel.collection.alliance_layout import EXAMPLES, Column, Sheet, sheet_of
from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.formats.written_keys import Path as Keys

Cells = dict[Keys, tuple[str, int | None, str | None]]


def nest(rows: Mapping[str, Sequence[Any]], file: str, problems: list[Problem]) -> tuple[dict[str, Any], Cells]:
    """The tables, and for each part of them the sheet, row and column it stands in."""
    nesting = _Nesting(rows, file, problems)
    nesting.run()
    return nesting.data, nesting.cells


class _Nesting:
    def __init__(self, rows: Mapping[str, Sequence[Any]], file: str, problems: list[Problem]) -> None:
        self.rows, self.file, self.problems = rows, file, problems
        self.data: dict[str, Any] = {}
        self.cells: Cells = {}

    def run(self) -> None:
        for name in ("alliance", "disclosure", "report"):
            self.pairs(sheet_of(name))
        for name in ("members", "datasets", "dimensions", "indicators", "own_indicators", "analyses"):
            self.records(sheet_of(name), name)
        self.packs()
        self.children("rounds", "datasets", lambda r: r.text("dataset"), "name", "rounds")
        self.children("cases", "own_indicators", lambda r: r.text("indicator"), "id", "cases")
        self.targets()
        self.categories()
        self.map()
        self.map_codes()
        self.protected()

    # ---- whole sheets

    def pairs(self, sheet: Sheet) -> None:
        """A row per key. Every key has a place, also one whose row was deleted."""
        self.cells[(sheet.name,)] = (sheet.name, None, None)
        record: dict[str, Any] = {}
        seen: dict[str, int] = {}
        for row in self.rows[sheet.name]:
            name = row.text("key").lower()
            column = sheet.column(name)
            if column is None:
                self._unknown_key(sheet, row, name)
            elif name in seen:
                self._say(say.SHEET_ROW_TWICE, sheet.name, row.number, "key", name=name, first=seen[name])
            else:
                seen[name] = row.number
                for end in range(1, len(column.path) + 1):
                    self.cells.setdefault((sheet.name, *column.path[:end]), (sheet.name, row.number, "value"))
                if "value" in row.cells:
                    self._put(record, column.path, self._read(sheet, row, column))
        if record or sheet.name == "alliance":
            self.data[sheet.name] = record

    def records(self, sheet: Sheet, part: str) -> None:
        if self.rows[sheet.name]:
            self.data[part] = [self.record(sheet, row, (part, at)) for at, row in enumerate(self.rows[sheet.name])]
        self.cells[(part,)] = (sheet.name, None, None)

    def record(self, sheet: Sheet, row: Any, path: Keys) -> dict[str, Any]:
        """One row as a record; every column gets a place, so that an empty cell can be pointed at."""
        self.cells[path] = (sheet.name, row.number, None)
        record: dict[str, Any] = {}
        for column in (c for c in sheet.columns if c.path):
            where = (*path, *column.path)
            self.cells[where] = (sheet.name, row.number, column.name)
            for end in range(len(path) + 1, len(where)):
                self.cells.setdefault(where[:end], (sheet.name, row.number, column.name))
            if column.name in row.cells:
                self._put(record, column.path, row.cells[column.name])
        return record

    def packs(self) -> None:
        named = self.rows["packs"]
        self.cells |= {("packs", at): ("packs", row.number, "pack") for at, row in enumerate(named)}
        if named:
            self.data["packs"] = [row.text("pack") for row in named]

    # ---- sheets whose rows belong to a row of another

    def children(self, sheet: str, parent: str, key: Callable[[Any], str], name: str, part: str) -> None:
        for row in self.rows[sheet]:
            at = self._parent(sheet, row, parent, key(row), name)
            if at is not None:
                self._append(sheet, row, (parent, at), part)

    def targets(self) -> None:
        uses = self.data.get("indicators", [])
        for row in self.rows["targets"]:
            wanted = (row.text("indicator"), row.text("dataset"))
            found = [i for i, use in enumerate(uses) if (use.get("id"), use.get("dataset")) == wanted]
            found = found or [i for i, use in enumerate(uses) if use.get("id") == wanted[0] and not wanted[1]]
            if len(found) != 1:
                known = [f"{use.get('id')} of {use.get('dataset')}" for use in uses]
                name = " of ".join(part for part in wanted if part)
                near = closest(name, known) or "none"
                self._say(say.SHEET_ROW_ORPHAN, "targets", row.number, "indicator", name=name, parent="indicators", near=near)
                continue
            self._append("targets", row, ("indicators", found[0]), "targets")

    def categories(self) -> None:
        for row in self.rows["categories"]:
            at = self._parent("categories", row, "dimensions", row.text("dimension"), "name")
            if at is not None:
                labels = self.data["dimensions"][at].setdefault("labels", {})
                self._once(labels, row, "categories", "code", ("dimensions", at, "labels"), row.cells.get("label", ""))

    def map(self) -> None:
        for row in self.rows["map"]:
            found = self._mapped_record("map", row)
            if found is not None:
                record, path = found
                columns = record.setdefault("map", {}).setdefault(row.text("variable"), {"columns": []})["columns"]
                here = (*path, "map", row.text("variable"))
                self.cells.setdefault(here, ("map", row.number, "variable"))
                self.cells[(*here, "columns", len(columns))] = ("map", row.number, "column")
                columns.append({"column": row.cells["column"]} if "column" in row.cells else {})

    def map_codes(self) -> None:
        for row in self.rows["map_codes"]:
            found = self._mapped_record("map_codes", row)
            if found is None:
                continue
            record, path = found
            columns = record.get("map", {}).get(row.text("variable"), {}).get("columns", [])
            at = next((i for i, c in enumerate(columns) if c.get("column") == row.text("column")), None)
            if at is None:
                name = f"{row.text('variable')} from {row.text('column')}"
                self._say(say.SHEET_ROW_ORPHAN, "map_codes", row.number, "column", name=name, parent="map", near="none")
                continue
            here = (*path, "map", row.text("variable"), "columns", at)
            for key, column in (("codes", "code"), ("silences", "silence")):
                if column in row.cells:
                    self._once(columns[at].setdefault(key, {}), row, "map_codes", "form_code", (*here, key), row.text(column))

    def protected(self) -> None:
        for row in self.rows["sensitive"]:
            self._protect(row, "sensitive", "sensitive", row.text("dimension"), "dimension")
        for row in self.rows["at_risk"]:
            part = {"partner": "partners_at_risk", "country": "countries_at_risk"}.get(row.text("what"))
            if part is None:
                place = {"file": self.file, "sheet": "at_risk", "row": row.number, "column": "what"}
                given = row.text("what")
                self.problems.append(say.CHOICE_UNKNOWN.at(**place, given=given, available="partner, country", near="none"))
            else:
                self._protect(row, "at_risk", part, row.text("id"), "id")

    # ---- small parts

    def _protect(self, row: Any, sheet: str, part: str, name: str, column: str) -> None:
        entries = self.data.setdefault("disclosure", {}).setdefault(part, {})
        path: Keys = ("disclosure", part, name)
        self.cells.setdefault(("disclosure", part), (sheet, None, None))
        if name in entries or not name:
            first = self.cells[path][1] if name else "none"
            self._say(say.SHEET_ROW_TWICE, sheet, row.number, column, name="this entry" if name else "an empty name", first=first)
            return
        entries[name] = self.record(sheet_of(sheet), row, path)
        self.cells[path] = (sheet, row.number, column)

    def _append(self, sheet: str, row: Any, owner: Keys, part: str) -> None:
        record = self.data[str(owner[0])][owner[1]]
        there = record.setdefault(part, [])
        there.append(self.record(sheet_of(sheet), row, (*owner, part, len(there))))

    def _parent(self, sheet: str, row: Any, parent: str, name: str, key: str) -> int | None:
        names = [text_of(record.get(key, "")) for record in self.data.get(parent, [])]
        if name in names:
            return names.index(name)
        column = sheet_of(sheet).columns[0].name
        self._say(say.SHEET_ROW_ORPHAN, sheet, row.number, column, name=name, parent=parent, near=closest(name, names) or "none")
        return None

    def _mapped_record(self, sheet: str, row: Any) -> tuple[dict[str, Any], Keys] | None:
        at = self._parent(sheet, row, "datasets", row.text("dataset"), "name")
        if at is None:
            return None
        dataset = self.data["datasets"][at]
        wanted = row.text("round")
        if not wanted:
            return dataset, ("datasets", at)
        names = [text_of(each.get("name", "")) for each in dataset.get("rounds", [])]
        if wanted not in names:
            near = closest(wanted, names) or "none"
            self._say(say.SHEET_ROW_ORPHAN, sheet, row.number, "round", name=wanted, parent="rounds", near=near)
            return None
        return dataset["rounds"][names.index(wanted)], ("datasets", at, "rounds", names.index(wanted))

    def _once(self, into: dict[str, Any], row: Any, sheet: str, column: str, path: Keys, value: Any) -> None:
        name = row.text(column)
        where = (*path, name)
        if name in into:
            self._say(say.SHEET_ROW_TWICE, sheet, row.number, column, name=name, first=self.cells[where][1])
            return
        into[name] = value
        self.cells[where] = (sheet, row.number, column)

    def _read(self, sheet: Sheet, row: Any, column: Column) -> Any:
        try:
            return read_cell(row.cells["value"], column.kind)
        except UnclearCell:
            self._say(say.SHEET_CELL_UNCLEAR, sheet.name, row.number, "value", given=row.text("value")[:60], example=EXAMPLES[column.kind])
            return None

    def _unknown_key(self, sheet: Sheet, row: Any, name: str) -> None:
        names = [column.name for column in sheet.columns]
        near = closest(name, names) or "none"
        self._say(say.KEY_UNKNOWN, sheet.name, row.number, "key", name=name, near=near, available=", ".join(names))

    def _say(self, template: Any, sheet: str, row: int, at: str, **values: Any) -> None:
        self.problems.append(template.at(file=self.file, sheet=sheet, row=row, column=at, **values))

    @staticmethod
    def _put(record: dict[str, Any], path: Sequence[str], value: Any) -> None:
        for part in path[:-1]:
            record = record.setdefault(part, {})
        record[path[-1]] = value
