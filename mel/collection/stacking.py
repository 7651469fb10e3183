"""Files and rounds put under each other, so that one column is one question throughout."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel.codes import RESERVED
from mel.formats.cells import as_text
from mel.formats.repeats import PARENT


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of every frame, columns in the order they first appear, the reserved ones last.

    A column that holds numbers here and text or dates there becomes text. A column a file does not have is null in its rows.
    """
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    names = list(dict.fromkeys(str(c) for frame in frames for c in frame.columns if c not in RESERVED))
    ordered = [*(name for name in names if name not in RESERVED), *RESERVED]
    mixed = {name for name in ordered if len({_family(f[name]) for f in frames if name in f and f[name].notna().any()}) > 1}
    ready = [frame.assign(**{name: as_text(frame[name]) for name in mixed if name in frame}) for frame in frames]
    ready = [_without_empty(frame, ready) for frame in ready]
    return pd.concat(ready, ignore_index=True, sort=False).reindex(columns=ordered)


def _family(column: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column.dtype) else "text"


def _without_empty(frame: pd.DataFrame, others: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Leave out a wholly empty column that another frame fills, so that its kind there is kept."""
    empty = [c for c in frame.columns if c not in RESERVED and not frame[c].notna().any()]
    filled = [c for c in empty if any(c in other and other[c].notna().any() for other in others)]
    return frame.drop(columns=filled)


def stack_repeats(parts: Sequence[tuple[int, pd.DataFrame]]) -> pd.DataFrame:
    """The rows of one repeat from every file, `_parent` counted in the stacked answer sheets (`int`: rows before that file's)."""
    moved = [frame.assign(**{PARENT: frame[PARENT] + before}) for before, frame in parts]
    stacked = stack(moved)
    return stacked[[PARENT, *(c for c in stacked.columns if c != PARENT)]]
