"""`mel packs`: which frameworks there are, and how sure we are of each entry."""

from __future__ import annotations

from typing import Annotated

import typer

from mel.cli.show import echo_json, out, table
from mel.errors import UsageError, closest
from mel.errors.alliance import PACK_UNKNOWN
from mel.formats.packs import shipped_packs
from mel.model.pack import Pack


def packs(
    name: Annotated[str | None, typer.Argument(help="A pack to show; all are listed when left out.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> int:
    """List the indicator packs, or show one."""
    found = {pack.id: pack for pack in shipped_packs()}
    if name is None:
        _list(found, as_json)
        return 0
    if name not in found:
        raise UsageError(PACK_UNKNOWN.at(name=name, available=list(found), near=closest(name, list(found))))
    _show(found[name], as_json)
    return 0


def _list(found: dict[str, Pack], as_json: bool) -> None:
    if as_json:
        echo_json({"packs": [{"id": p.id, "version": p.version, "label": p.label, "status": p.status} for p in found.values()]})
        return
    rows = ((p.id, p.label, str(len(p.indicators)), p.status.replace("_", " ")) for p in found.values())
    out.print(table("", ("pack", "what it is", "indicators", "status"), rows))


def _show(pack: Pack, as_json: bool) -> None:
    if as_json:
        echo_json(pack.model_dump(mode="json", by_alias=True, exclude_none=True))
        return
    about = " ".join(pack.about.split())
    out.print(f"{pack.label} ({pack.status.replace('_', ' ')})\n{about}\nSource: {pack.source}\n", markup=False)
    rows = [(i.id, i.label, i.kind, i.status.replace("_", " ")) for i in pack.indicators]
    if rows:
        out.print(table("", ("indicator", "label", "kind", "status"), rows))
    entries = [(e.id, e.label, e.status.replace("_", " ")) for e in pack.entries]
    if entries:
        out.print(table("", ("entry", "label", "status"), entries))
