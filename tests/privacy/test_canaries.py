"""A canary in every column, header, sheet, file name and label: exactly those come out that people agreed to, and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from mel.cli.app import app
from mel.collection import load_alliance
from mel.errors import MelError
from mel.portfolio import plan, publish, run
from mel.portfolio.road import travel

sys.path.insert(0, str(Path(__file__).parent))
import canaries
from canaries import canary, heard, heard_in

OPEN = {
    "outcomes": ("outcomeid", "actor", "actortype", "title", "description", "significance", "significancesays", "contribution",
                 "contributors", "pathway", "basketcodes", "instrumentid"),
    "readings": ("readingid", "group", "whatitmeans", "whatiswrong", "dissent"),
    "stories": ("storyid", "partner", "title", "text", "translation"),
}  # fmt: skip
"""What of an entry may be seen by everyone, where its people said so."""
WORDS = {f"{kind}{column}open" for kind, columns in OPEN.items() for column in columns}
UNQUOTED = {"readingsreadingidunwilling", "readingsgroupunwilling"}
"""A reading that may be known of and not quoted."""
LABELS = {"labelindicator", "aboutwhowasasked", *(f"partnerstype{which}" for which in ("open", "unwilling", "inside"))}


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("canaries")
    folder = canaries.plant(root / "small-lamps")
    (outcome,) = run(plan([folder], root / "reports"), workers=1)
    assert outcome.done, [str(p) for p in outcome.problems]
    publish(folder, root / "reports")
    return folder, root / "reports"


def test_exactly_what_was_agreed_to_leaves(reported: tuple[Path, Path]) -> None:
    folder, into = reported
    files = [p for place in (into, folder / "releases") for p in place.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} == {".csv", ".json", ".html", ".docx", ".xlsx", ".ipynb"}
    came_out = {p.name: heard_in(p) for p in files}
    assert set().union(*came_out.values()) == WORDS | UNQUOTED | LABELS
    assert came_out["estimates.csv"] | came_out["comparisons.csv"] == set()
    assert came_out["ledger.json"] == set()
    assert came_out["release.json"] <= LABELS
    for kind in OPEN:
        assert came_out[f"{kind}.csv"] <= {name for name in WORDS | UNQUOTED if name.startswith(kind)}


def test_check_names_files_and_columns_and_no_answer(reported: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, _ = reported
    app(["check", str(folder), "--json"], standalone_mode=False)
    said = capsys.readouterr()
    assert said.err == ""
    for place in (heard(said.out), heard_in(folder / "problems.xlsx")):
        assert place
        assert not [name for name in place if not name.startswith(("file", "sheet", "header"))]


def spoil(folder: Path, name: str, column: str, rows: int) -> None:
    path = folder / f"{canary('file ' + name)}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[: rows - 1, column] = canary(f"spoilt {column}")
    frame.to_csv(path, index=False)


SPOILT = [("baseline", column) for column in ("sex", "age", "visited", "heard", "consent", "weight", "village", "_uuid")]
SPOILT += [("outcomes", column) for column in ("date", "country", "sensitivity", "publish", "level", "outcome_id", "verifier_independent")]
SPOILT += [("partners", column) for column in ("country", "women_led", "since")]
SPOILT += [("readings", column) for column in ("domain", "measure", "publish", "date")]


def test_no_message_quotes_what_a_cell_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every column that is checked holds somebody's words instead, and a file has lost its header."""
    folder = canaries.plant(tmp_path / "small-lamps")
    for name, column in SPOILT:
        spoil(folder, name, column, 3)
    said = [_words(folder, capsys)]
    assert said[0].count('"code"') > 20
    for name in ("baseline", "readings"):
        path = folder / f"{canary('file ' + name)}.csv"
        path.write_text(path.read_text().split("\n", 1)[1])
    said.append(_words(folder, capsys))
    assert "SCHEMA_NO_HEADER" in said[1]
    came_out = set().union(*map(heard, said)) | heard_in(folder / "problems.xlsx")
    assert not [name for name in came_out if not name.startswith(("file", "sheet", "header"))]


def _words(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Everything that check and the road say of a folder."""
    app(["check", str(folder), "--json"], standalone_mode=False)
    with pytest.raises(MelError) as stopped:
        travel(folder, load_alliance(folder))
    said = capsys.readouterr()
    assert said.err == ""
    return said.out + str(stopped.value)


def test_a_fault_of_mels_own_shows_no_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mel.cli import app as command
    from mel.cli import check

    def broken(_folder: Path) -> None:
        raise RuntimeError(canary("in an error"))

    monkeypatch.setattr(check, "load_alliance", broken)
    monkeypatch.setattr(sys, "argv", ["mel", "check", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        command.main()
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "RuntimeError" in said.err
    assert "Traceback" not in said.err
    assert not heard(said.out + said.err)
