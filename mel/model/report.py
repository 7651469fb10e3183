"""A finished report: where it stands and which blocks it holds. And what is decided from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Report:
    """What `report` returns: the folder, its files by format, and the blocks that every format shows."""

    folder: Path
    files: Mapping[str, Path]  # html, docx, xlsx, notebook, release
    blocks: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Decisions:
    """What `learn` returns: questions for the next round, each with the figure it starts from, for people to decide on.

    `table` columns: question, why, figure (FigureId as JSON), asked_of, decision, decided_by, date, reason. The last four are
    empty until people fill them.
    """

    table: pd.DataFrame
