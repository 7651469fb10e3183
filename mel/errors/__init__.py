"""What can go wrong, in words someone edited: one catalogue of problems a stage.

A problem says where, what, why it matters and what you can do, then a stable code. It never quotes a value from a
sensitive column. `tests/spec/test_errors.py` holds every text to a reviewed snapshot.
"""

from mel.errors.base import CannotSay, InputError, MelError, Problem, ProtectionRefused, Severity, Template, UsageError, closest

__all__ = ["CannotSay", "InputError", "MelError", "Problem", "ProtectionRefused", "Severity", "Template", "UsageError", "closest"]
