"""What has been published: `<alliance>/releases/<date>/` for each release, tied together in `releases/ledger.json`.

Each entry holds the fingerprints of its files and of the entry before, so that a missing, edited or added release shows. It is no
signature: someone who rewrites the whole folder, or takes it away altogether, is not found out here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mel.errors import ProtectionRefused, UsageError
from mel.errors.disclosure import LEDGER_BROKEN, LEDGER_DATE
from mel.formats.folders import staged
from mel.formats.release import FILES, files_of, read_release

FOLDER, LEDGER, NEXT = "releases", "ledger.json", "ledger.json.next"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One published release."""

    name: str
    """Its folder under `releases`: the date, with -2, -3 … for more on one day."""
    date: str
    audience: str
    files: Mapping[str, str]
    previous: str
    hash: str


def append_release(release_folder: Path, alliance_folder: Path, on: date | str) -> Path:
    """Copy a written release into the alliance's ledger and return its place there.

    Raises: InputError where the release is not whole; ProtectionRefused where the ledger does not fit what is there; UsageError
    for a date that is none.
    """
    day = _day(on)
    release = read_release(release_folder)
    entries = verify_ledger(alliance_folder)
    home = Path(alliance_folder) / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    taken = {entry.name for entry in entries}
    name = next(n for n in (day, *(f"{day}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    entry = _entry(
        name, day, release.audience, _hashes(Path(release_folder), files_of(Path(release_folder))), entries[-1].hash if entries else FIRST
    )
    with staged(home / name) as new:
        for file in files_of(Path(release_folder)):
            shutil.copyfile(Path(release_folder) / file, new / file)
        # written before the folder appears, so that a run killed in between can be finished
        _write(home / NEXT, (*entries, entry))
    (home / NEXT).replace(home / LEDGER)
    return home / name


def read_ledger(alliance_folder: Path) -> tuple[Entry, ...]:
    """The entries as written, oldest first, unverified; empty where nothing was published. Raises ProtectionRefused if unreadable."""
    path = Path(alliance_folder) / FOLDER / LEDGER
    if not path.exists():
        return ()
    try:
        return tuple(Entry(**record) for record in json.loads(path.read_text(encoding="utf-8"))["entries"])
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        raise ProtectionRefused(LEDGER_BROKEN.at(broken=f"{FOLDER}/{LEDGER} cannot be read")) from None


def verify_ledger(alliance_folder: Path) -> tuple[Entry, ...]:
    """The entries, after every fingerprint was found to fit. An alliance that has published nothing has none.

    Raises: ProtectionRefused with every entry that is missing, edited or not in the ledger.
    """
    home = Path(alliance_folder) / FOLDER
    _finish(home)
    entries = read_ledger(alliance_folder)
    broken = [*_chain(entries), *(found for entry in entries for found in _contents(home, entry)), *_strays(home, entries)]
    if broken:
        raise ProtectionRefused([LEDGER_BROKEN.at(broken=what) for what in broken])
    return entries


def _finish(home: Path) -> None:
    """A run that was killed while publishing: finish it if its folder is there and whole, else forget it."""
    pending = home / NEXT
    if not pending.is_file():
        return
    try:
        last = Entry(**json.loads(pending.read_text(encoding="utf-8"))["entries"][-1])
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, IndexError, TypeError):
        pending.unlink()
        return
    if _contents(home, last):
        pending.unlink()
    else:
        pending.replace(home / LEDGER)


def _chain(entries: tuple[Entry, ...]) -> list[str]:
    broken, previous = [], FIRST
    for entry in entries:
        whole = _entry(entry.name, entry.date, entry.audience, entry.files, previous)
        if entry != whole:
            broken.append(f"the entry {_name(entry)} was edited, or the one before it is missing")
        previous = entry.hash
    return broken


def _contents(home: Path, entry: Entry) -> list[str]:
    """What of an entry's files is not as published."""
    name = _name(entry)
    place = home / name
    if name != entry.name or place.is_symlink() or not place.is_dir():
        return [f"the release {name} is missing"]
    listed = tuple(dict.fromkeys((*FILES, *(Path(file).name for file in entry.files))))
    found = _hashes(place, listed)
    return [f"{name}/{file} is missing or was edited" for file in listed if file not in found or found[file] != entry.files.get(file)]


def _name(entry: Entry) -> str:
    """The folder's name without any way out of `releases`."""
    return Path(str(entry.name)).name


def _strays(home: Path, entries: tuple[Entry, ...]) -> list[str]:
    known = {entry.name for entry in entries}
    there = sorted(p.name for p in home.iterdir() if p.is_dir() and not p.name.startswith(".")) if home.is_dir() else []
    return [f"the release {name} is not in the ledger" for name in there if name not in known]


def _day(on: date | str) -> str:
    try:
        return (on if isinstance(on, date) else date.fromisoformat(on)).isoformat()[:10]
    except ValueError:
        raise UsageError(LEDGER_DATE.at(given=str(on))) from None


def _hashes(folder: Path, files: tuple[str, ...]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files if (folder / name).is_file()}


def _entry(name: str, day: str, audience: str, files: Mapping[str, str], previous: str) -> Entry:
    content: dict[str, Any] = {"name": name, "date": day, "audience": audience, "files": dict(files), "previous": previous}
    return Entry(**content, hash=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest())


def _write(path: Path, entries: tuple[Entry, ...]) -> None:
    with path.open("w", encoding="utf-8") as handle:
        json.dump({"entries": [asdict(entry) for entry in entries]}, handle, indent=1)
        handle.write("\n")
        handle.flush()
        os.fsync(handle.fileno())
