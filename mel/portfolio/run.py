"""Doing the planned jobs, several at once; one that fails stops nobody and says why.

Each alliance has two tasks in processes of their own: the road (rows in, release out) and the rendering (release in, report out).
The second never sees a row.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from mel.errors import MelError, Problem
from mel.errors.portfolio import NOTHING_TO_REPORT, UNEXPECTED, WORKER_DIED
from mel.model.release import Release
from mel.portfolio.plan import Job

Step = Callable[[str, str], None]
"""Told (alliance, what is being done) as the run goes on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended. `exit_code` 0 done, 1 problems, 3 protection refused."""

    name: str
    folder: Path
    exit_code: int
    files: Mapping[str, Path] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.exit_code == 0


def run(jobs: Sequence[Job], *, workers: int = 2, step: Step | None = None) -> tuple[Outcome, ...]:
    """Every job's outcome, in the order of the jobs. Never raises for what one alliance did wrong."""
    ended: dict[str, Outcome] = {job.name: Outcome(job.name, job.into, 1, problems=job.problems) for job in jobs if job.alliance is None}
    ready = [job for job in jobs if job.alliance is not None]
    tell = step or (lambda _name, _what: None)
    with tempfile.TemporaryDirectory(prefix="mel-") as scratch:
        for outcome in _work(ready, Path(scratch), max(1, min(workers, len(ready) or 1)), tell):
            ended[outcome.name] = outcome
            tell(outcome.name, "done" if outcome.done else "stopped")
    return tuple(ended[job.name] for job in jobs)


def _work(jobs: Sequence[Job], scratch: Path, workers: int, tell: Step) -> Iterator[Outcome]:
    """Roads first come, renderings as their releases are ready, one pool for both."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: dict[Future[Outcome], tuple[Job, str]] = {}
        for job in jobs:
            tell(job.name, "reading and counting")
            waiting[pool.submit(_release, job, scratch / job.name)] = (job, "road")
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                job, task = waiting.pop(future)
                outcome = _outcome(future, job)
                if task == "road" and outcome.done:
                    tell(job.name, "writing the report")
                    try:
                        waiting[pool.submit(_render, job, scratch / job.name, outcome)] = (job, "rendering")
                    except BrokenProcessPool:
                        yield _died(job)
                else:
                    yield outcome


def _release(job: Job, folder: Path) -> Outcome:
    """In a worker: the road, and the release on disk."""
    from mel.formats.release import write_release
    from mel.portfolio.road import travel

    assert job.alliance is not None
    travelled = travel(job.folder, job.alliance, job.audience)
    if _empty(travelled.release):
        raise MelError(NOTHING_TO_REPORT.at(id=job.name, audience=job.audience))
    write_release(travelled.release, folder)
    return Outcome(job.name, job.into, 0, problems=travelled.problems, dropped=travelled.dropped)


def _render(job: Job, release_folder: Path, before: Outcome) -> Outcome:
    """In a worker: the report, from the release alone."""
    from mel.formats.release import read_release
    from mel.reporting import report

    made = report(read_release(release_folder), job.into)
    return Outcome(job.name, job.into, 0, made.files, before.problems, before.dropped)


def _empty(release: Release) -> bool:
    """No number that may be shown and nothing said in words. (Figures that protection hides still are a report: it says so.)"""
    told = release.narratives
    return not len(release.estimates) and not any(len(frame) for frame in (told.outcomes, told.readings, told.stories))


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    try:
        return future.result()
    except MelError as error:
        return Outcome(job.name, job.into, error.exit_code, problems=error.problems)
    except BrokenProcessPool:
        return _died(job)
    except Exception as error:  # noqa: BLE001
        return Outcome(job.name, job.into, 1, problems=(unexpected(error),))


def _died(job: Job) -> Outcome:
    return Outcome(job.name, job.into, 1, problems=(WORKER_DIED.at(name=job.name),))


def unexpected(error: BaseException) -> Problem:
    """A fault of mel's own, said by its kind and place only: its text and its values may be people's data."""
    return UNEXPECTED.at(kind=type(error).__name__, place=_place(error))


def _place(error: BaseException) -> str:
    """The last place inside mel that the error passed, without the machine's path."""
    # A worker's traceback comes back as text in __cause__; the frames of this process end at future.result().
    told = str(error.__cause__ or "") or "".join(traceback.format_exception(error))
    seen = [line.strip() for line in told.splitlines() if line.strip().startswith("File ") and "/mel/" in line.replace("\\", "/")]
    if not seen:
        return "an unknown place"
    file, line, *_ = seen[-1].split(", ")
    return f"mel/{file.replace(chr(92), '/').rsplit('/mel/', 1)[1].rstrip(chr(34))} {line}"
