"""`mel new`: start an alliance with a workbook to fill in, for someone who will never open a TOML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mel.cli.show import out, short
from mel.collection.alliance_workbook import write_alliance_workbook


def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.", show_default=False)]) -> int:
    """Start an alliance: a workbook to fill in, with drop-downs."""
    path = folder / "alliance.xlsx"
    if path.exists() or (folder / "alliance.toml").exists():
        raise typer.BadParameter(f"{short(folder)} already holds an alliance; nothing was changed", param_hint="DIR")
    folder.mkdir(parents=True, exist_ok=True)
    write_alliance_workbook(None, path)
    out.print(f"fill in {short(path)}, put your data beside it, then: mel check {short(folder)}", markup=False)
    return 0
