"""Which alliances are to be reported, for whom, and where each report goes. Everything that can be known to be wrong is said now.

It reads what alliances wrote, never their data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mel.codes import Audience
from mel.collection import load_alliance
from mel.errors import InputError, MelError, Problem
from mel.errors.portfolio import NOT_A_FOLDER, SAME_ID
from mel.model.alliance import Alliance


@dataclass(frozen=True, slots=True)
class Job:
    """One alliance to be reported. `problems` are those of what it wrote; a job that has some is not started."""

    folder: Path
    audience: Audience
    into: Path
    alliance: Alliance | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        return self.alliance.alliance.id if self.alliance else self.folder.name


def plan(folders: Sequence[Path], into: Path, audience: Audience = "public") -> tuple[Job, ...]:
    """One job per folder, in the order given. An alliance that cannot be read is a job with problems, so that the others go on."""
    jobs = [_job(Path(folder), into, audience) for folder in dict.fromkeys(folders)]
    by_id: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        by_id[job.name].append(job)
    twice = {name: [str(job.folder) for job in group] for name, group in by_id.items() if len(group) > 1}
    if twice:
        raise InputError(SAME_ID.at(id=name, folders=found) for name, found in twice.items())
    return tuple(jobs)


def report_folder(into: Path, alliance_id: str, audience: Audience) -> Path:
    """Where a report goes. Reports for a narrower audience than the public have it in their folder's name."""
    return into / (alliance_id if audience == "public" else f"{alliance_id}-{audience}")


def _job(folder: Path, into: Path, audience: Audience) -> Job:
    if not folder.is_dir():
        near = sorted(str(found.parent) for found in folder.parent.glob("*/alliance.*")) if folder.parent.is_dir() else []
        return Job(folder, audience, into / folder.name, problems=(NOT_A_FOLDER.at(folder=str(folder), near=near),))
    try:
        alliance = load_alliance(folder)
    except MelError as error:
        return Job(folder, audience, into / folder.name, problems=error.problems)
    return Job(folder, audience, report_folder(into, alliance.alliance.id, audience), alliance)
