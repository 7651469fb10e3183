"""Which colours may a chart use? Few, dark enough on white, apart also for colour-blind eyes, and never alone: shape or a letter says it too."""

from __future__ import annotations

INK = "#1f2328"
"""Text."""
MUTED = "#57606a"
"""Axis, earlier rounds, notes."""
GRID = "#e9edf0"
"""Lines that carry nothing; the only colour that may be faint."""
ACCENT = "#6b2a5e"
"""The figure itself."""
WARN = "#a33b00"
"""Banners."""
PAPER = "#ffffff"
SEGMENTS = ("#6b2a5e", "#a33b00", "#1f5c4d", "#8a5a00", "#57606a", "#3d5a9e", "#9b1c4a", "#2b6a78")
"""Parts of a whole, in order; each carries its letter in white."""
SHADES = (("#f3e9f1", INK), ("#dcc3d6", INK), ("#c09ab8", INK), ("#8d4f81", PAPER), ("#6b2a5e", PAPER))
"""Low to high, each with the colour of the figure that stands in it."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right", "triangle-left")
"""What tells groups apart where they share a line; colour only helps."""

SMALLEST_TEXT, SMALLEST_MARK = 4.5, 3.0
"""Contrast ratios of WCAG 2.2: criteria 1.4.3 (text) and 1.4.11 (marks)."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, relative luminance.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
