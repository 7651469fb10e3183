"""How SPSS (.sav), Stata (.dta) and Parquet files are read. Labels of variables and values become a questionnaire.

Values that a file declares missing by the user (97 = refused) stay as they are: why nobody answered is an answer too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from mel.errors import InputError
from mel.errors import collection as texts
from mel.errors import files as file_texts
from mel.formats.cells import as_codes, as_numbers, code_of, is_text, whole
from mel.model.records import Choice, Question, Questionnaire, QuestionType


def read_labelled(path: Path, file: str) -> tuple[pd.DataFrame, Questionnaire, str]:
    """The rows, the labels as a questionnaire, and the file's encoding, of a .sav or .dta file.

    A variable all of whose values have a label is a select_one and holds text codes; one with labels for some values only
    (98 = does not know) stays a number and keeps the labels as its choices.
    """
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_dta(str(path)) if path.suffix.lower() == ".dta" else pyreadstat.read_sav(str(path), user_missing=True)
    except Exception:  # noqa: BLE001 (on broken bytes the parser fails in ways it does not name: IndexError, OverflowError, …)
        raise InputError(file_texts.FILE_DAMAGED.at(file=file, format=f"{path.suffix.lower()} data")) from None
    columns, questions, choices = {}, [], {}
    for name in frame.columns:
        labels = {str(code_of(value)): str(label) for value, label in meta.variable_value_labels.get(name, {}).items()}
        kind, column = _typed(frame[name], set(labels))
        columns[name] = column
        spoken = meta.column_names_to_labels.get(name) or ""
        questions.append(Question(name, kind, (), {"": spoken} if spoken else {}, list_name=name if labels else None))
        if labels:
            choices[name] = tuple(Choice(code, {"": label}) for code, label in labels.items())
    form = Questionnaire(meta.file_label or path.stem, path.stem, "", (), tuple(questions), choices, file)
    return pd.DataFrame(columns, index=frame.index), form, str(meta.file_encoding or "").lower() or "utf-8"


def _typed(column: pd.Series, codes: set[str]) -> tuple[QuestionType, pd.Series]:
    if codes:
        as_code = as_codes(column)
        if set(as_code.dropna()) <= codes:
            return "select_one", as_code
    if is_text(column):
        seen = column.dropna()
        if len(seen) and not isinstance(seen.iloc[0], str):
            return _dates(column)
        return "text", pd.Series(
            pd.array([v if isinstance(v, str) and v.strip() else None for v in column], dtype="str"), index=column.index
        )
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _dates(column)
    numbers = whole(column.astype(float))
    return ("integer" if numbers.dtype == "int64" else "decimal"), numbers


def _dates(column: pd.Series) -> tuple[QuestionType, pd.Series]:
    if column.dropna().map(lambda v: not hasattr(v, "year")).any():
        return "time", as_codes(column)
    moments = pd.Series(pd.array([None if pd.isna(v) else pd.Timestamp(v) for v in column], dtype="datetime64[us]"), index=column.index)
    return ("date" if (moments.dropna() == moments.dropna().dt.normalize()).all() else "datetime"), moments


def read_parquet(path: Path, file: str) -> pd.DataFrame:
    """The rows of a Parquet file; truth values become TRUE and FALSE, categories their labels.

    Raises: InputError when it is damaged or a column holds lists or records.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path).replace_schema_metadata(None)
        nested = [f.name for f in table.schema if pa.types.is_nested(f.type)]
        if nested:
            raise InputError(texts.COLUMN_NOT_FLAT.at(file=file, columns=nested))
        kept = [name for name in table.column_names if not name.startswith("__index_level_")]  # pandas' own row names
        frame = table.select(kept).to_pandas(date_as_object=False)
    except (pa.ArrowException, OSError, ValueError):
        raise InputError(file_texts.FILE_DAMAGED.at(file=file, format="Parquet")) from None
    return pd.DataFrame({name: _plain(frame[name]) for name in frame.columns})


def _plain(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        zone = getattr(column.dt, "tz", None)
        return column.dt.tz_convert("UTC").dt.tz_localize(None) if zone is not None else column.astype("datetime64[us]")
    if pd.api.types.is_bool_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype):
        return as_codes(column.astype(object))
    if column.dtype == object and isinstance(_first(column), bool):
        return as_codes(column)
    if column.dtype == object:
        numbers = as_numbers(column.astype(float)) if _all_numbers(column) else None
        return numbers if numbers is not None else as_codes(column)
    return whole(column) if pd.api.types.is_numeric_dtype(column.dtype) else column


def _first(column: pd.Series) -> Any:
    seen = column.dropna()
    return seen.iloc[0] if len(seen) else None


def _all_numbers(column: pd.Series) -> bool:
    from decimal import Decimal as Exact

    return all(isinstance(v, int | float | Exact) for v in column.dropna())
