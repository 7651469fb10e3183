"""`mel report`: drafts for one or many alliances, with progress; one that fails does not stop the others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from mel.cli.show import echo_json, err, out, problems_json, seen, short, show_problems, table
from mel.codes import AUDIENCES
from mel.portfolio.plan import plan
from mel.portfolio.run import Outcome, Step, run


def report(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR…", help="The alliances' folders.", show_default=False)],
    into: Annotated[Path, typer.Option(help="Where the reports go, one folder each.")] = Path("reports"),
    audience: Annotated[str, typer.Option(help=f"Who may see it: {', '.join(AUDIENCES)}.")] = "public",
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many alliances at once.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> int:
    """Render the report of one or more alliances (drafts)."""
    if audience not in AUDIENCES:
        raise typer.BadParameter(f"'{audience}' is not one of {', '.join(AUDIENCES)}", param_hint="--audience")
    jobs = plan(folders, into, audience)  # type: ignore[arg-type]
    with _progress(quiet=as_json) as progress:
        tasks = {job.name: progress.add_task(str(seen(job.name)), total=None, what="waiting") for job in jobs}
        outcomes = run(jobs, workers=workers, step=_step(progress, tasks))
    if as_json:
        echo_json({"alliances": [_as_json(outcome) for outcome in outcomes]})
    else:
        _summarise(outcomes)
    return max((outcome.exit_code for outcome in outcomes), default=0)


def _progress(quiet: bool) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[what]}", markup=False),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=err, disable=quiet, transient=True)


def _step(progress: Progress, tasks: dict[str, TaskID]) -> Step:
    def tell(name: str, what: str) -> None:
        progress.update(tasks[name], what=what)
        if what in ("done", "stopped"):
            progress.update(tasks[name], total=1, completed=1)

    return tell


def _summarise(outcomes: tuple[Outcome, ...]) -> None:
    for outcome in outcomes:
        if not outcome.done:
            err.print(seen(f"\n{outcome.name}"), style="bold")
            show_problems(outcome.problems, err)
    out.print(table("", ("alliance", "outcome"), ((outcome.name, _said(outcome)) for outcome in outcomes)))
    for outcome in outcomes:
        if outcome.done:  # a path on a line of its own is never cut in two, so that it can be copied
            out.print(seen(short(outcome.files.get("html", outcome.folder))), soft_wrap=True)
    if any(outcome.dropped for outcome in outcomes):
        out.print("Each report says which rows were left out and why; `mel check` lists them with their cells.")


def _said(outcome: Outcome) -> str:
    if outcome.done:
        left = sum(outcome.dropped.values())
        return f"done; {left} row{'' if left == 1 else 's'} left out" if left else "done"
    codes = sorted({problem.code for problem in outcome.problems if problem.severity == "stop"})
    why = "protection refused" if outcome.exit_code == 3 else "problems stop it"
    earlier = "the earlier report is untouched" if outcome.folder.exists() else "no report"
    return f"{why}: {', '.join(codes)}; {earlier}"


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "alliance": outcome.name,
        "exit_code": outcome.exit_code,
        "files": dict(outcome.files),
        "rows_left_out": dict(outcome.dropped),
        "problems": problems_json(outcome.problems),
    }
