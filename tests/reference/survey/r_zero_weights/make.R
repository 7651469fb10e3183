# Writes expected.json: people of ../r_live/people.csv (invented) of whom every fifth weighs nothing. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "certainty")
people <- read.csv("../r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
people <- subset(people, round == "r1")
people$w[seq(1, nrow(people), 5)] <- 0
designs <- list(
  people = svydesign(id = ~1, strata = ~stratum, weights = ~w, data = people),
  psus = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
)
one <- function(design, formula, where) {
  part <- if (is.null(where)) design else subset(design, eval(parse(text = where)))
  column <- all.vars(formula)
  answered <- subset(part, !is.na(part$variables[[column]]))
  found <- svymean(formula, answered, deff = "replace")
  list(estimate = unname(coef(found)), se = unname(c(SE(found))), deff = unname(c(deff(found))), df = degf(part))
}
results <- list()
for (name in names(designs)) for (column in c("y", "v")) for (where in list(NULL, "g == 'woman'", "d == 'yes'"))
  results[[length(results) + 1]] <- c(list(design = name, column = column, where = where), one(designs[[name]], as.formula(paste0("~", column)), where))
write_json(list(R = R.version.string, survey = as.character(packageVersion("survey")), results = results), "expected.json",
           digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null")
