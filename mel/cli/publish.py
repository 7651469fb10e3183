"""`mel publish`: what people have read and agreed goes into the ledger of releases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mel.cli.show import echo_json, out, seen, short
from mel.codes import AUDIENCES
from mel.portfolio.publish import publish as publish_draft


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The alliance's folder.", show_default=False)],
    reports: Annotated[Path, typer.Option(help="Where the drafts are.")] = Path("reports"),
    audience: Annotated[str, typer.Option(help=f"Whose draft: {', '.join(AUDIENCES)}.")] = "public",
    as_json: Annotated[bool, typer.Option("--json", help="Print the place as JSON.")] = False,
) -> int:
    """Append a draft that people have read to the alliance's ledger of releases."""
    if audience not in AUDIENCES:
        raise typer.BadParameter(f"'{audience}' is not one of {', '.join(AUDIENCES)}", param_hint="--audience")
    place = publish_draft(folder, reports, audience)  # type: ignore[arg-type]
    if as_json:
        echo_json({"published": place})
    else:
        out.print(seen(f"published: {short(place)}"))
    return 0
