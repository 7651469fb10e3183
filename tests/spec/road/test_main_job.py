"""The main job on several alliances: one that fails stops nobody, and the summary says why it failed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec.road.conftest import Small, fingerprint


def mel(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mel.cli", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_one_alliance_that_fails_does_not_stop_the_other(small: Small, tmp_path: Path) -> None:
    other = tmp_path / "broken-lamps"
    shutil.copytree(small.folder, other)
    text = (other / "alliance.toml").read_text().replace('id = "small-lamps"', 'id = "broken-lamps"')
    (other / "alliance.toml").write_text(text)
    (other / "midline.csv").unlink()
    ended = mel("report", other, small.folder, "--json", cwd=tmp_path)
    assert ended.returncode == 1, ended.stderr
    broken, good = json.loads(ended.stdout)["alliances"]
    assert (broken["alliance"], broken["exit_code"]) == ("broken-lamps", 1)
    assert "midline.csv" in broken["problems"][0]["what"] + str(broken["problems"][0]["file"])
    assert (good["alliance"], good["exit_code"]) == ("small-lamps", 0)
    assert {"html", "docx", "xlsx", "notebook", "release"} <= set(good["files"])
    assert not (tmp_path / "reports" / "broken-lamps").exists()


@pytest.mark.slow
def test_a_draft_becomes_a_release_in_the_ledger(small: Small, tmp_path: Path) -> None:
    assert mel("report", small.folder, cwd=tmp_path).returncode == 0
    before = fingerprint(small.folder)
    assert mel("publish", small.folder, cwd=tmp_path).returncode == 0
    after = fingerprint(small.folder)
    assert {name: hashed for name, hashed in after.items() if name in before} == before
    assert any(name.startswith("releases/") and name.endswith("release.json") for name in after)


def test_publishing_without_a_draft_says_so(small: Small, tmp_path: Path) -> None:
    ended = mel("publish", small.folder, cwd=tmp_path)
    assert ended.returncode == 1
    assert "PUBLISH_NO_DRAFT" in ended.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["report"], 2),
        (["report", "x", "--audience", "everyone"], 2),
        (["reprot"], 2),
        (["packs", "nothing-like-it"], 2),
        (["report", "nowhere"], 1),
    ],
)
def test_exit_codes_tell_usage_from_problems(tmp_path: Path, words: list[str], code: int) -> None:
    ended = mel(*words, cwd=tmp_path)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr


def test_check_lists_the_problems_in_a_workbook(small: Small, tmp_path: Path) -> None:
    frame = small.answers()
    frame.loc[5, "age"] = "430"
    small.put(frame)
    ended = mel("check", small.folder, cwd=tmp_path)
    assert (small.folder / "problems.xlsx").is_file(), ended.stdout + ended.stderr
    assert "430" not in ended.stdout + ended.stderr, "a value of a person stands in the output"


def test_packs_are_listed_with_their_status(tmp_path: Path) -> None:
    ended = mel("packs", "--json", cwd=tmp_path)
    listed = {pack["id"]: pack["status"] for pack in json.loads(ended.stdout)["packs"]}
    assert {"lnob", "dhs", "scs-2021-25", "feminist-mel"} <= set(listed)
