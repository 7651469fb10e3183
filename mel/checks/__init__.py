"""Are these rows fit to be used? Against the form, the Table Schema, consent and common sense; a workbook to work through."""

from mel.checks.check import check
from mel.checks.workbook import write_problems

__all__ = ["check", "write_problems"]
