"""What do we ask next? `learn` starts from a Release, never from rows."""

from mel.learning.agenda import learn

__all__ = ["learn"]
