"""How a dataset becomes rows: every round and file read, named by its form, stacked, with where each row came from.

Nothing is judged here; that is `mel.checks`'s. What had to be assumed in reading is in `Records.problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import pandas as pd

from mel.collection.bundles import ReadAs, bundles_of, open_file
from mel.collection.files import common_folder, files_in, has_pattern, missing, one_file, relative
from mel.collection.reading import ReadRows, read_bundle
from mel.collection.stacking import stack, stack_repeats
from mel.errors import InputError, Problem, UsageError, closest
from mel.errors import files as file_texts
from mel.formats.cells import Decimal
from mel.formats.tables import TableFile, check_options
from mel.formats.xlsform import read_form
from mel.model.alliance import Dataset, Round
from mel.model.records import Questionnaire, Records, RecordsKind

Source = str | Path | Sequence[str | Path]
T = TypeVar("T")


def collect(
    source: Source,
    *,
    dataset: str = "data",
    kind: RecordsKind = "answers",
    round: str = "all",  # noqa: A002 (the word of the field)
    form: str | Path | Questionnaire | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    decimal: Decimal | None = None,
    encoding: str | None = None,
    day_first: bool | None = None,
    partner_from: str | None = None,
) -> Records:
    """Read one or more files of one round: csv, tsv, xlsx, xls, parquet, sav, dta; with their XLSForm where there is one.

    Shape: see `Records`. A date question becomes dates when every cell is one; a question's numbers become numbers when every
    cell is one; else the column stays text and `check` says which cell is wrong.
    Missing: an empty cell is null; why, `derive` decides.
    Raises: InputError with everything that stops the reading; UsageError for an impossible option.
    Checked: tests/reference/kobo
    """
    _check_call(kind, delimiter, decimal, partner_from)
    paths, problems = _paths(source)
    gathered = _Gathered(stops=list(problems))
    read = gathered.attempt(partial(_form, form, gathered))
    how = ReadAs(round, read, sheet, delimiter, decimal, encoding, day_first, partner_from)
    gathered.read(paths, common_folder(paths), how)
    return gathered.records(dataset, kind)


def collect_dataset(dataset: Dataset, folder: Path | str) -> Records:
    """Read every round and file of a dataset that an alliance declares; paths are relative to `folder` and stay inside it.

    Raises: InputError with everything that is wrong in any round and file, at once.
    """
    folder, gathered = Path(folder), _Gathered()
    forms: dict[str, Questionnaire | None] = {}
    for number, round_ in enumerate(dataset.rounds):
        key = f"datasets.{dataset.name}.rounds[{number}]"
        wanted = round_.form or dataset.form
        if wanted is not None and wanted not in forms:
            forms[wanted] = gathered.attempt(partial(gathered.dataset_form, folder, wanted, f"{key}.form"))
        paths, problems = files_in(folder, round_.files, f"{key}.files")
        gathered.stops += problems
        gathered.read(paths, folder, _how(dataset, round_, forms.get(wanted or "")))
    return gathered.records(dataset.name, dataset.kind)


def _how(dataset: Dataset, round_: Round, form: Questionnaire | None) -> ReadAs:
    return ReadAs(
        round_.name, form, round_.sheet, round_.delimiter, round_.decimal, round_.encoding, round_.day_first, dataset.partner_from
    )


# ---- gathering -------------------------------------------------------------------------------------------------------


@dataclass
class _Gathered:
    """What has been read so far, and everything that is wrong with it."""

    rows: list[tuple[str, ReadRows]] = field(default_factory=list)
    told: list[Problem] = field(default_factory=list)
    stops: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str | None], str] = field(default_factory=dict)  # content and sheet: the file they were read from

    def attempt(self, do: Callable[[], T]) -> T | None:
        """Do it, or keep what is wrong and go on, so that all findings come at once."""
        try:
            return do()
        except InputError as wrong:
            self.stops += wrong.problems
            return None

    def form(self, path: Path, folder: Path) -> Questionnaire:
        form, told = read_form(path, relative(path, folder))
        self.told += told
        return form

    def dataset_form(self, folder: Path, wanted: str, key: str) -> Questionnaire:
        return self.form(one_file(folder, wanted, key), folder)

    def read(self, paths: Iterable[Path], folder: Path, how: ReadAs) -> None:
        """Every file of one round."""
        sources = []
        for path in paths:
            source = self.attempt(partial(open_file, path, relative(path, folder), how))
            if source is not None and not self._twice(source, how):
                sources.append(source)
        bundles = self.attempt(partial(bundles_of, sources, how)) or ()
        for bundle in bundles:
            rows = self.attempt(partial(read_bundle, bundle, how))
            if rows is not None:
                self.rows.append((how.round, rows))

    def _twice(self, source: TableFile, how: ReadAs) -> bool:
        """True, and a problem, when this content was read before, in this round or another: nobody is counted twice."""
        content = (source.sha256, how.sheet)
        if content in self.seen:
            self.stops.append(file_texts.FILE_TWICE.at(file=source.file, other=self.seen[content]))
            return True
        self.seen[content] = source.file
        return False

    def stop_if_any(self) -> None:
        if self.stops:
            raise InputError(self.stops)

    def records(self, dataset: str, kind: RecordsKind) -> Records:
        """All rows as Records; raises with every problem that stops."""
        self.stop_if_any()
        frames = [rows.frame for _, rows in self.rows]
        return Records(
            dataset=dataset,
            kind=kind,
            frame=stack(frames),
            forms={round_: rows.form for round_, rows in self.rows if rows.form is not None},
            repeats=_repeats([rows for _, rows in self.rows]),
            provenance=tuple(p for _, rows in self.rows for p in rows.provenance),
            positions={place: columns for _, rows in self.rows for place, columns in rows.positions.items()},
            problems=tuple(dict.fromkeys((*self.told, *(p for _, rows in self.rows for p in rows.problems)))),
        )


def _repeats(rows: Sequence[ReadRows]) -> dict[str, pd.DataFrame]:
    before = 0
    parts: dict[str, list[tuple[int, pd.DataFrame]]] = {}
    for one in rows:
        for name, frame in one.repeats.items():
            parts.setdefault(name, []).append((before, frame))
        before += len(one.frame)
    return {name: stack_repeats(found) for name, found in parts.items()}


# ---- the call --------------------------------------------------------------------------------------------------------


def _check_call(kind: str, delimiter: str | None, decimal: str | None, partner_from: str | None) -> None:
    check_options(delimiter, decimal)
    known = get_args(RecordsKind)
    if kind not in known:
        raise UsageError(file_texts.READING_OPTION.at(option="kind", given=repr(kind), known=closest(kind, known) or known))
    if partner_from is not None and partner_from not in ("file", "folder") and not partner_from.startswith("column:"):
        raise UsageError(
            file_texts.READING_OPTION.at(option="partner_from", given=repr(partner_from), known="'file', 'folder', 'column:NAME'")
        )


def _paths(source: Any) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The files a caller named: paths or patterns, anywhere the caller may read."""
    given: list[Any] = [source] if isinstance(source, str | Path) else list(source) if isinstance(source, list | tuple) else []
    if not given or not all(isinstance(one, str | Path) for one in given):
        raise UsageError(file_texts.SOURCE_KIND.at(given=type(source).__name__))
    found: list[Path] = []
    problems: list[Problem] = []
    for path in map(Path, given):
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            problems.append(file_texts.FILE_IS_FOLDER.at(wanted=path.name))
        elif has_pattern(str(path)):
            fixed = next(up for up in path.parents if not has_pattern(str(up)))
            hits, wrong = files_in(fixed, [path.relative_to(fixed).as_posix()])
            found += hits
            problems += wrong
        else:
            problems.append(missing(path, path.name, None, shown="its folder"))
    return tuple(dict.fromkeys(found)), tuple(problems)


def _form(form: str | Path | Questionnaire | None, gathered: _Gathered) -> Questionnaire | None:
    if form is None or isinstance(form, Questionnaire):
        return form
    path = Path(form)
    if not path.is_file():
        raise InputError(missing(path, path.name, None, shown="its folder"))
    return gathered.form(path, path.parent)
