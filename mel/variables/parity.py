"""Is the woman of a household as well off as its man? Only households with one of each, both of whom everything is known, can say.

A household with two women or two men, one whose other members' sex is not said, and people who are neither woman nor man are not
compared, and are counted: who is left out is told, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel.codes import NOT_APPLICABLE, NOT_KNOWN, SILENCES, silence_of
from mel.errors import UsageError
from mel.errors.variables import PARITY_NOT_ASKED
from mel.formats.numbers import as_code
from mel.model.indices import Parity
from mel.model.sample import ROUND
from mel.variables.inadequacies import Inadequacies


@dataclass(frozen=True)
class Compared:
    """The women of households with one woman and one man.

    `lacks`: 1 where she is further behind than he is, else 0; `gap`: (c′ woman − c′ man) / (1 − c′ man), 0 where she is not behind;
    both null for whoever is not compared, and `silence` says why. `several`: women whose household has two women or two men.
    """

    lacks: pd.Series
    gap: pd.Series
    silence: pd.Series
    several: pd.Series


def compare_in_households(frame: pd.DataFrame, counted: Inadequacies) -> Compared:
    """Each woman against the man of her household, by counts raised to the cut-off; households are of one round.

    Source: Alkire et al. (2013): c′ = max(c, k), a household lacks parity where c′ of the woman is above c′ of the man.
    Missing: not_applicable for men, for people who are neither, and for women in a household without a man; not_known where her or
    his count is, where the household is, where it has two women or two men, or where nobody is a man and someone's sex is not said.
    """
    if counted.index.parity is None:
        raise UsageError(PARITY_NOT_ASKED.at(index=counted.index.id))
    written = counted.index.parity
    sex = as_code(frame[written.sex])
    unsaid = sex.isna() | sex.isin(SILENCES)
    woman, man = sex == written.woman, sex == written.man
    home = _households(frame, written)
    women, men, others = (_in_each(home, who) for who in (woman, man, unsaid))
    raised, unit = counted.raised, counted.raised_unit
    his = raised.where(man).groupby(home).transform("sum", min_count=1)
    pair = woman & (women == 1) & (men == 1)
    can = pair & raised.notna() & his.notna()
    # A man with every inadequacy there is (1 − c′ = 0) is never better off than she is.
    behind = can & (raised > his)
    gap = ((raised - his) / (unit - his).where(behind, 1.0)).where(behind, 0.0).where(can)
    several = woman & ((women > 1) | (men > 1))
    no_man = woman & home.notna() & (men == 0) & (others == 0) & ~several
    silence = pd.Series(np.where(woman & ~no_man, NOT_KNOWN, NOT_APPLICABLE), index=frame.index, dtype="str")
    silence = silence.where(~unsaid, sex.where(sex.isin(SILENCES), frame.get(silence_of(written.sex), NOT_KNOWN))).fillna(NOT_KNOWN)
    return Compared(behind.astype("float64").where(can), gap, silence.where(~can).astype("str"), several)


def _households(frame: pd.DataFrame, written: Parity) -> pd.Series:
    """A number for each household of each round; null where a part of its name is not known."""
    parts = [frame[name] for name in (*written.household, *((ROUND,) if ROUND in frame else ()))]
    number, known = np.zeros(len(frame), dtype=np.int64), np.ones(len(frame), dtype=bool)
    for part in parts:
        places, words = pd.factorize(part)
        silent = np.array([str(word).strip() in ("", *SILENCES) for word in words] + [True], dtype=bool)  # the last is for place −1: null
        known &= ~silent[places]
        # Numbered anew each time, so that many parts cannot outgrow a whole number.
        number = pd.factorize(number * (len(words) + 1) + places)[0]
    return pd.Series(number, index=frame.index).astype("float64").where(known)


def _in_each(home: pd.Series, who: pd.Series) -> pd.Series:
    return who.astype("float64").groupby(home).transform("sum")
