"""From a Sample to Estimates: the people are counted once, and every figure carries how sure it is."""

from mel.estimation.measure import measure

__all__ = ["measure"]
