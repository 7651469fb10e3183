"""The drawn tables of tests/drawn.py, for this chapter."""

from tests.drawn import ask, draw

__all__ = ["ask", "draw"]
