"""Multilevel analysis of individual heterogeneity and discriminatory accuracy (MAIHDA), fitted from counted cells."""

from mel.comparison.maihda.intersect import intersections

__all__ = ["intersections"]
