"""Seconds of everyone, drawn: a bar each on a logarithmic scale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

MEL, OTHERS = "#5b2a86", "#9aa0a6"


def draw(lines: list[dict[str, Any]], path: Path) -> None:
    """One row a contender and size, shortest bar fastest; mel's in its own colour and named."""
    table = pd.DataFrame(lines).assign(
        label=lambda t: t["what"] + " · " + t["people"].map("{:,}".format),
        whose=lambda t: t["what"].str.startswith("mel").map({True: "mel", False: "others"}),
        said=lambda t: t["seconds"].map("{:.2f} s".format),
        low=0.001,
    )
    base = alt.Chart(table).encode(y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    bars = base.mark_bar().encode(
        x=alt.X("low:Q", scale=alt.Scale(type="log", domainMin=0.001), title="seconds (each step is ten times the one before)"),
        x2="seconds:Q",
        color=alt.Color("whose:N", scale=alt.Scale(domain=["mel", "others"], range=[MEL, OTHERS]), title=None),
    )
    numbers = base.mark_text(align="left", dx=4).encode(x="seconds:Q", text="said:N")
    title = "From the Parquet file to every single dimension, pair and triple of six"
    (bars + numbers).properties(width=520, title=title).configure_view(strokeWidth=0).save(str(path))
