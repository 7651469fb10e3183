"""Publishing: a draft that people have read is appended to the alliance's ledger of releases. Nothing is computed again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mel.codes import Audience
from mel.collection import load_alliance
from mel.errors import InputError
from mel.errors.portfolio import NO_DRAFT
from mel.formats.ledger import append_release, verify_ledger
from mel.formats.release import read_release
from mel.portfolio.plan import report_folder


def publish(folder: Path, reports: Path, audience: Audience = "public", on: date | None = None) -> Path:
    """Append the draft's release to `<folder>/releases/<date>/` and return that place.

    Raises: InputError where there is no draft or it was edited; ProtectionRefused where the ledger is missing an entry or was edited.
    """
    alliance = load_alliance(folder)
    draft = report_folder(reports, alliance.alliance.id, audience) / "release"
    if not (draft / "release.json").is_file():
        raise InputError(NO_DRAFT.at(id=alliance.alliance.id, folder=str(draft.parent)))
    verify_ledger(folder)
    release = read_release(draft)
    return append_release(draft, folder, on or date.fromisoformat(release.made_on))
