"""`threads-of-courage`: a women's fund consortium with no survey at all. Outcomes, partners, stories: what does its folder hold?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generation import registers
from generation.exports import spoiled, trailing_spaces
from generation.files import copy_written, write_csv, write_xlsx

ID, SEED = "threads-of-courage", 20211


def write(folder: Path) -> None:
    """Every file of the alliance."""
    copy_written(ID, folder)
    rng = np.random.default_rng(SEED)
    write_csv(folder / "partners.csv", registers.PARTNER_COLUMNS, registers.partners(ID, rng))
    outcomes = trailing_spaces(registers.outcomes(ID, rng), "level", (8, 61, 102))
    outcomes = trailing_spaces(outcomes, "direction", (30, 119))
    outcomes = spoiled(
        outcomes, [(17, "contributors", None), (44, "sources", None), (71, "significance_says", None), (90, "written_by", None)]
    )
    write_xlsx(folder / "outcomes.xlsx", {"outcomes": (registers.OUTCOME_COLUMNS, outcomes)}, title="Threads of courage, outcomes")
    write_xlsx(folder / "stories.xlsx", {"stories": (registers.STORY_COLUMNS, registers.stories(ID))}, title="Threads of courage, stories")
