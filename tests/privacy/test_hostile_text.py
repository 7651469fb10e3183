"""Text that would be code, a formula, a link or a turned line elsewhere stays text in every format."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import pandas as pd

from mel.cli.show import seen
from mel.portfolio import plan, run

sys.path.insert(0, str(Path(__file__).parent))
import canaries
from canaries import canary

CODE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}[x](javascript:alert(1))[bold]\u202e24\x1b[31m"
FORMULA = '=HYPERLINK("http://x.test","go")'


def hostile(folder: Path) -> None:
    """Names, labels, outcomes and readings all say something a program might run."""
    quoted = {text: json.dumps(text) for text in (CODE, FORMULA)}
    path = folder / "alliance.toml"
    text = path.read_text().replace('"Small Lamps (invented)"', quoted[CODE]).replace('"Lamp House"', quoted[FORMULA])
    path.write_text(text.replace('label = "Gender"', f"label = {quoted[FORMULA]}\nlabels = {{ woman = {quoted[CODE]}, man = '@SUM(A1)' }}"))
    pack = folder / "own.toml"
    pack.write_text(re.sub('label = "zqx.*"', lambda _: f"label = {quoted[CODE]}", pack.read_text()))
    for kind, columns in (("outcomes", ("title", "description", "significance")), ("readings", ("group", "what_it_means"))):
        file = folder / f"{canary('file ' + kind)}.csv"
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        frame.assign(**{c: FORMULA if at == 0 else f"+1 {CODE}" for at, c in enumerate(columns)}).to_csv(file, index=False)


def test_text_stays_text(tmp_path: Path) -> None:
    folder = canaries.plant(tmp_path / "small-lamps")
    hostile(folder)
    (outcome,) = run(plan([folder], tmp_path / "reports"), workers=1)
    assert outcome.done, [str(p) for p in outcome.problems]
    page = outcome.files["html"].read_text()
    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|<img|href=\"(?!#)|\u202e|\x1b", page)
    for kind in ("xlsx", "docx"):
        with zipfile.ZipFile(outcome.files[kind]) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
        assert not re.search(r"<f[ >]|TargetMode=\"External\"|\u202e|\x1b", text), kind
    for table in (tmp_path / "reports" / "small-lamps" / "release").glob("*.csv"):
        cells = pd.read_csv(table, dtype=str, keep_default_na=False)
        words = cells[[c for c in cells.columns if cells[c].str.contains("[A-Za-z]").any()]]
        assert not words.map(lambda cell: cell.startswith(("=", "+", "@", "\t"))).any(axis=None), table.name


def test_a_terminal_is_not_steered() -> None:
    shown = seen(f"{CODE}\x1b]0;title\x07")
    assert shown.spans == []
    assert not set(shown.plain) & set("\x1b\x07\u202e")
    assert "[bold]" in shown.plain
