"""From answers to people ready to be counted: canonical variables, the four silences, dimensions, the design."""

from mel.variables.derive import derive
from mel.variables.disability import washington_group
from mel.variables.groups import any_of, how_many
from mel.variables.scales import score

__all__ = ["any_of", "derive", "how_many", "score", "washington_group"]
