"""The command itself, its groups, and how every error becomes words and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mel import __version__
from mel.cli import check, new, packs, publish, report
from mel.cli.show import err, show_error, show_problems
from mel.errors import MelError
from mel.portfolio.run import unexpected

app = typer.Typer(
    name="mel",
    help="From people's answers to a mid-term review, and nothing that could harm them gets through.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables would show people's rows
    rich_markup_mode=None,
)
app.command("new", help="Start an alliance: a workbook to fill in, with drop-downs.")(new.new)
app.command("check", help="Read an alliance's data, list every problem, and propose the map of columns.")(check.check)
app.command("report", help="Render the report of one or more alliances (drafts).")(report.report)
app.command("publish", help="Append a draft that people have read to the alliance's ledger of releases.")(publish.publish)
app.command("packs", help="List the indicator packs, or show one.")(packs.packs)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mel {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")] = False,
) -> None:
    """Every command is below."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        code = app(standalone_mode=False)
    except MelError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  (its text and its traceback may quote data)
        shown = getattr(error, "show", None)  # a usage error of the command line itself
        if shown is None:
            show_problems([unexpected(error)], err)
            sys.exit(1)
        shown()
        sys.exit(getattr(error, "exit_code", 2))
    sys.exit(code if isinstance(code, int) else 0)
