"""`mel check`: every problem in an alliance's data, as a workbook a person can work through, and a proposed map of columns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mel.checks import check as check_records
from mel.checks import write_problems
from mel.cli.show import echo_json, out, problems_json, seen, short, show_problems, table
from mel.collection import collect_dataset, load_alliance, propose_map
from mel.collection.mapping import as_toml
from mel.collection.mapping_needs import unmapped
from mel.errors import MelError, Problem
from mel.formats.packs import load_packs
from mel.model.alliance import Alliance
from mel.model.pack import Packs
from mel.model.records import Records
from mel.portfolio.road import sample_of

WORKBOOK = "problems.xlsx"


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The alliance's folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> int:
    """Read an alliance's data, list every problem, and propose the map of columns."""
    alliance = load_alliance(folder)
    found, problems = _gather(alliance, folder)
    packs = load_packs(alliance.packs, folder)
    missing = unmapped(alliance, packs)
    problems += _of_the_map(alliance, packs, found, missing)
    proposals = _proposals(alliance, folder, found, missing)
    stop = any(problem.severity == "stop" for problem in problems)
    if problems:
        write_problems(tuple(problems), folder / WORKBOOK)
    if as_json:
        echo_json({"alliance": alliance.alliance.id, "problems": problems_json(problems), "unmapped": missing, "proposed_map": proposals})
    else:
        _say(alliance, found, problems, missing, proposals, folder)
    return 1 if stop else 0


def _gather(alliance: Alliance, folder: Path) -> tuple[dict[str, Records], list[Problem]]:
    """Every dataset that can be read, and the problems of all."""
    found: dict[str, Records] = {}
    problems: list[Problem] = []
    for dataset in alliance.datasets:
        try:
            records = check_records(collect_dataset(dataset, folder), consent=dataset.consent, raise_on_stop=False)
        except MelError as error:
            problems += error.problems
            continue
        found[dataset.name] = records
        problems += records.problems
    return found, problems


def _of_the_map(alliance: Alliance, packs: Packs, found: dict[str, Records], missing: dict[str, tuple[str, ...]]) -> list[Problem]:
    """What the map says of columns and codes that the data do not have: a report would stop there, so it is told now."""
    problems: list[Problem] = []
    for dataset in alliance.datasets:
        uses = tuple(use for use in alliance.indicators if use.dataset == dataset.name and use.id not in missing)
        records = found.get(dataset.name)
        if not uses or records is None or any(problem.severity == "stop" for problem in records.problems):
            continue
        try:
            sample_of(alliance, packs, dataset, records, uses)
        except MelError as error:
            problems += error.problems
    return problems


def _proposals(alliance: Alliance, folder: Path, found: dict[str, Records], missing: dict[str, tuple[str, ...]]) -> str:
    """The map that could be, as TOML to paste; empty when nothing is unmapped."""
    wanted = {name for names in missing.values() for name in names}
    variables = [variable for name, variable in load_packs(alliance.packs, folder).variables.items() if name in wanted]
    asked = {use.dataset for use in alliance.indicators if use.id in missing}
    parts = [as_toml(propose_map(records, variables)) for name, records in found.items() if name in asked and variables]
    return "\n".join(part for part in parts if part)


def _say(
    alliance: Alliance,
    found: dict[str, Records],
    problems: list[Problem],
    missing: dict[str, tuple[str, ...]],
    proposals: str,
    folder: Path,
) -> None:
    rows = ((name, records.kind, str(len(records.frame)), str(sum(records.dropped.values()))) for name, records in found.items())
    out.print(table(alliance.alliance.name, ("dataset", "kind", "rows to use", "rows left out"), rows))
    out.print()
    show_problems(problems)
    if missing:
        out.print(table("Indicators without a map", ("indicator", "needs"), ((name, ", ".join(needs)) for name, needs in missing.items())))
    if proposals:
        workbook = (folder / "alliance.xlsx").exists()
        where = "bring into the sheets map and map_codes of alliance.xlsx, a row each" if workbook else "paste into alliance.toml"
        out.print(f"\nA map to look at, correct and {where} (nothing is guessed for you):\n")
        typer.echo(proposals)
    many = "1 problem; it stands with its cell" if len(problems) == 1 else f"{len(problems)} problems; all of them stand with their cells"
    out.print(seen(f"{many} in {short(folder / WORKBOOK)}" if problems else "No problems."), soft_wrap=True)
