"""What a row of results says about itself when its precision cannot be what a reader would expect."""

from __future__ import annotations

EMPTY = "Nobody in this group was counted."
ONE_ROW = "One person answered: no standard error can be computed."
ONE_PSU = "Everyone in this group who answered is in one PSU: no standard error can be computed."
ONE_FOR_REPLICATES = "The replicate weights of this group move as one, as in one PSU: no standard error can be computed."
LOST_REPLICATES = "Some replicates leave nobody of this group who is counted; they are left out, so it may be less sure than this says."
NO_DF = "No more PSUs than strata hold this group: no interval can be computed."
NO_SPREAD = "The answers of this group show no spread from which an interval could be computed."
NO_TOTAL = "These people are not a sample of a population, so there is no population total; n says how many answered."
NO_PEOPLE_BEHIND = "The weights add up to fewer than answered: this design effect is not defined."
BEYOND_ANSWERS = "Too few answered beyond this number to say how sure it is: its interval would leave the lowest or highest answer behind."
