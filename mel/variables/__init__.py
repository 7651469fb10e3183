"""From answers to people ready to be counted: canonical variables, the four silences, dimensions, the design."""

from mel.variables.alpha import cronbach_alpha
from mel.variables.derive import derive
from mel.variables.disability import washington_group
from mel.variables.empowerment import alkire_foster, contributions, gender_parity, over_cut_offs
from mel.variables.groups import any_of, how_many
from mel.variables.scales import score

__all__ = [
    "alkire_foster", "any_of", "contributions", "cronbach_alpha", "derive", "gender_parity", "how_many", "over_cut_offs", "score",
    "washington_group",
]  # fmt: skip
