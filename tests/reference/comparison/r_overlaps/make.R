# Writes expected.json from ../../survey/r_live/people.csv (invented people) with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
people <- read.csv("../../survey/r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
people <- subset(people, round == "r1")
state <- function(x, yes) factor(ifelse(is.na(x), "not_known", ifelse(x == yes, "yes", "no")), levels = c("yes", "no", "not_known"))
people$woman <- state(people$g, "woman"); people$disabled <- state(people$d, "yes"); people$never <- state(people$q, "never")
sets <- people[c("woman", "disabled", "never")]
people$combination <- factor(paste(people$woman, people$disabled, people$never, sep = "+"))
people$count <- rowSums(sets == "yes"); people$some <- ifelse(rowSums(sets == "not_known") > 0, "yes", "no")
people$many <- factor(paste(people$count, people$some, sep = "+"))
people$any <- factor(ifelse(people$count > 0, "yes", ifelse(people$some == "yes", "not_known", "no")))

plain <- list(
  srs = svydesign(id = ~1, data = people, probs = ~rep(1, nrow(people))),
  strata_fpc = svydesign(id = ~1, strata = ~stratum, weights = ~w, fpc = ~of_people, data = people),
  strata_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people),
  strata_clusters_fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~psus, nest = TRUE, data = people)
)
given <- read.csv("../../survey/r_replicates/weights.csv", colClasses = c(person = "character"))
given <- as.matrix(given[match(people$person, given$person), grep("^subbootstrap_", names(given))])
boot <- svrepdesign(weights = ~w, repweights = given, data = people, type = "bootstrap", combined.weights = TRUE, scale = 1 / 39, rscales = rep(1, 40))
designs <- c(plain, list(jkn = as.svrepdesign(plain$strata_clusters, type = "JKn"), bootstrap = boot))
one <- function(x) unname(as.numeric(x))

shares <- function(design, name) {
  m <- svymean(as.formula(paste0("~interaction(", name, ")")), design)
  keys <- sub("^interaction\\(.*\\)", "", names(coef(m)))
  lapply(seq_along(keys), function(k) {
    design$variables$.part <- as.numeric(design$variables[[name]] == keys[k])
    ci <- svyciprop(~.part, design, method = "xlogit", df = degf(design))
    list(key = keys[k], n = sum(design$variables$.part), est = one(coef(m))[k], se = one(SE(m))[k], ci = one(confint(ci)), df = degf(design))
  })
}
figures <- function(design, name) {
  lapply(levels(design$variables[[name]]), function(key) {
    design$variables$.in <- design$variables[[name]] == key
    part <- subset(design, .in & !is.na(y))
    n <- nrow(part$variables)
    if (n == 0) return(list(key = key, n = 0))
    m <- svymean(~y, part)
    list(key = key, n = n, est = one(coef(m)), se = one(SE(m)))
  })
}
# The share of women among those who know where they answered y = 1, out of those whose q is known: who takes part, and who they are.
taking_part <- function(design) {
  part <- subset(design, !is.na(q) & !is.na(y) & y == 1)
  m <- svymean(~q, part)
  list(category = sub("^q", "", names(coef(m))), est = one(coef(m)), se = one(SE(m)), n = nrow(part$variables))
}
make_up <- function(design) {
  part <- subset(design, !is.na(q))
  m <- svymean(~q, part)
  list(category = sub("^q", "", names(coef(m))), est = one(coef(m)), se = one(SE(m)), n = nrow(part$variables), df = degf(part))
}
everything <- lapply(designs, function(design) list(
  combination = shares(design, "combination"), many = shares(design, "many"), any = shares(design, "any"),
  y_by_many = figures(design, "many"), taking_part = taking_part(design), make_up = make_up(design)
))
versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")))
write_json(list(versions = versions, designs = everything), "expected.json", digits = 17, auto_unbox = TRUE, pretty = TRUE)
