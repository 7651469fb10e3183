"""What can go wrong with replicate weights: as they are stated, as they stand in the file, and as they are made. No text quotes a weight."""

from __future__ import annotations

from mel.errors.base import Template

# ---- as they are stated ---------------------------------------------------------------------------------------------

REPLICATES_CONTRADICT = Template(
    "REPLICATES_CONTRADICT",
    "stop",
    "The replicate weights of '{dataset}' cannot be used as they are stated: {what}.",
    "Replicates that are read in another way than they were made give standard errors that look right and are not.",
    "{do}",
)

# ---- as they stand in the file ---------------------------------------------------------------------------------------

REPLICATE_COLUMNS_MISSING = Template(
    "REPLICATE_COLUMNS_MISSING",
    "stop",
    "no column is called '{name}', where the design looks for replicate weights.",
    "Without them there are no standard errors.",
    "Columns that look close: {near}. Name them under replicates, one by one or as a pattern such as repw_*.",
)
REPLICATE_IS_WEIGHT = Template(
    "REPLICATE_IS_WEIGHT",
    "stop",
    "'{name}' is the sampling weight and also among the replicate weights.",
    "The estimate itself would count as one of its replicates.",
    "Write a pattern that does not hold it.",
)
REPLICATES_TOO_FEW = Template(
    "REPLICATES_TOO_FEW",
    "stop",
    "there is one replicate weight, '{name}'.",
    "From one replicate nobody can see how far replicates lie apart.",
    "Name all of them, one by one or as a pattern such as repw_*.",
)
REPLICATE_CELLS_BLANK = Template(
    "REPLICATE_CELLS_BLANK",
    "stop",
    "the replicate weights {names} are empty in {count} rows ({first}).",
    "A row without them would fall out of some replicates and not of others.",
    "Fill them in from the file of whoever made the weights; 0 is a weight, empty is none.",
)
REPLICATE_NOT_A_NUMBER = Template(
    "REPLICATE_NOT_A_NUMBER",
    "stop",
    "the replicate weights {names} are no numbers, or below 0, in {count} rows ({first}).",
    "Nobody stands for fewer than no people.",
    "Read the columns as numbers (decimal commas?), or correct them with whoever made the weights.",
)
REPLICATE_SUMS_TO_ZERO = Template(
    "REPLICATE_SUMS_TO_ZERO",
    "stop",
    "the replicate weights {names} add up to zero.",
    "Nothing can be divided by them.",
    "Leave out columns that hold no replicate.",
)
REPLICATE_SCALES_LENGTH = Template(
    "REPLICATE_SCALES_LENGTH",
    "stop",
    "rscales has {given} numbers, and there are {count} replicate weights.",
    "Each replicate has its own; shifted by one, every standard error would be wrong.",
    "Write one number for each of the columns, in their order: {names}.",
)
REPLICATES_COMBINED_UNLIKELY = Template(
    "REPLICATES_COMBINED_UNLIKELY",
    "stop",
    "combined = {combined}, but the replicate weights add up to {ratio} times {what}.",
    "On average a replicate stands for as many people as the sample does; read wrongly, they stand for others.",
    "Write combined = {other} if {meaning}; else look whether these are the right columns.",
)

# ---- as they are made ------------------------------------------------------------------------------------------------

BRR_NEEDS_PAIRS = Template(
    "BRR_NEEDS_PAIRS",
    "stop",
    "dataset '{dataset}', round '{round}': the strata {strata} do not have exactly two PSUs, which balanced replicates need.",
    "Each replicate takes one of the two PSUs of every stratum.",
    "Write kind = jkn, which takes any number, or form pairs as whoever drew the sample would.",
)
REPLICATES_ARE_MANY = Template(
    "REPLICATES_ARE_MANY",
    "stop",
    "dataset '{dataset}', round '{round}': {units} units and {replicates} replicates are more than can be held at once.",
    "The table of their factors would not fit into memory.",
    "Write kind = jkn, or leave replicates out: strata and PSUs give the same variance of a total.",
)

# ---- as they are used ------------------------------------------------------------------------------------------------

QUANTILE_OF_REPLICATES = Template(
    "QUANTILE_OF_REPLICATES",
    "stop",
    "the indicator '{indicator}' is a quantile, and dataset '{dataset}' has replicate weights.",
    "A quantile in each replicate needs every person's answer again, and no tested way to it exists in this version.",
    "Ask a mean, a proportion or a distribution.",
)
OWN_WEIGHT_OF_REPLICATES = Template(
    "OWN_WEIGHT_OF_REPLICATES",
    "stop",
    "the indicator '{indicator}' has a weight of its own, and the replicate weights of dataset '{dataset}' include another one.",
    "Its replicates would be weighted otherwise than its estimate.",
    "Take weight out of the indicator for this dataset, or get replicate weights that multiply (combined = false).",
)
REPLICATE_COLUMNS_NOT_IN_SAMPLE = Template(
    "REPLICATE_COLUMNS_NOT_IN_SAMPLE",
    "stop",
    "dataset '{dataset}' says that its replicate weights were given, and the sample has none (replicate_1, replicate_2 …).",
    "Without them there are no standard errors.",
    "Let derive prepare the sample, or add the columns under these names.",
)
REPLICATES_NEED_ROWS_IN_MEMORY = Template(
    "REPLICATES_NEED_ROWS_IN_MEMORY",
    "stop",
    "dataset '{dataset}' makes replicates of people drawn one by one, and its rows are held by {engine}.",
    "Each person is a PSU here, and only rows in memory have an order by which they can be told apart.",
    "Hand the sample on as a table of pandas or Polars, or name the PSU.",
)
COVARIANCE_OF_ROUNDS = Template(
    "COVARIANCE_OF_ROUNDS",
    "stop",
    "dataset '{dataset}' has replicate weights, and how its rounds vary together is not in them.",
    "The replicates of one round know nothing of the other's.",
    "Say rounds = independent if that is so, or use strata and PSUs.",
)
