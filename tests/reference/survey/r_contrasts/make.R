# Writes expected.json from ../r_live/people.csv (invented people) with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
# Each figure is a ratio of two totals; their covariance matrix is svycontrast's (delta method) over svytotal of all numerators and
# denominators at once, so that overlapping domains, two questions and two rounds vary together as the design says.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
all_rounds <- read.csv("../r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
all_rounds$ten <- 10
people <- subset(all_rounds, round == "r1")

designs <- list(
  srs = svydesign(id = ~1, weights = ~ten, data = people),
  weights = svydesign(id = ~1, weights = ~w, data = people),
  strata = svydesign(id = ~1, strata = ~stratum, weights = ~w, data = people),
  strata_fpc = svydesign(id = ~1, strata = ~stratum, weights = ~w, fpc = ~of_people, data = people),
  clusters = svydesign(id = ~interaction(stratum, psu), weights = ~w, data = people),
  strata_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people),
  strata_clusters_fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~psus, nest = TRUE, data = people)
)
stacked <- list(
  independent = svydesign(id = ~psu, strata = ~interaction(round, stratum), weights = ~w, nest = TRUE, data = all_rounds),
  same_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = all_rounds)
)
both <- intersect(people$person, all_rounds$person[all_rounds$round == "r2"])
stacked$panel <- svydesign(id = ~person, strata = ~stratum, weights = ~w, data = subset(all_rounds, person %in% both))

one <- function(x) unname(as.numeric(x))
number <- function(design, kind) {
  d <- design$variables
  # a mean or a ratio is the same whatever is taken off its numerator; a number near it keeps R's digits
  switch(kind, proportion = d$y, mean = d$v - 38, ratio = d$v - d$x, count = d$y)
}
below <- function(design, kind) if (kind == "ratio") design$variables$x else rep(1, nrow(design$variables))
shift <- c(proportion = 0, mean = 38, ratio = 1, count = 0)

# figures: a named list of list(kind, where)
figures_of <- function(design, figures) {
  quotes <- list()
  for (name in names(figures)) {
    f <- figures[[name]]
    inside <- rep(TRUE, nrow(design$variables))
    for (column in names(f$where)) inside <- inside & design$variables[[column]] == f$where[[column]]
    y <- number(design, f$kind); x <- below(design, f$kind)
    counted <- inside & !is.na(y) & !is.na(x)
    design$variables[[paste0("t_", name)]] <- ifelse(counted, y, 0)
    design$variables[[paste0("b_", name)]] <- ifelse(counted, x, 0)
    t <- as.name(paste0("t_", name)); b <- as.name(paste0("b_", name))
    quotes[[name]] <- if (f$kind == "count") t else bquote(.(t) / .(b) + .(shift[[f$kind]]))
  }
  columns <- c(paste0("t_", names(figures)), paste0("b_", names(figures)))
  totals <- svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), design)
  svycontrast(totals, quotes)
}
asked <- function(found, contrasts, ratios) {
  list(
    names = names(coef(found)), est = one(coef(found)), vcov = unname(vcov(found)),
    contrasts = lapply(contrasts, function(k) { r <- svycontrast(found, list(k = k)); list(est = one(coef(r)), se = one(SE(r))) }),
    ratios = lapply(ratios, function(k) {
      r <- svycontrast(found, bquote(.(as.name(k[1])) / .(as.name(k[2])))); l <- svycontrast(found, bquote(log(.(as.name(k[1])) / .(as.name(k[2])))))
      list(est = one(coef(r)), se = one(SE(r)), log_se = one(SE(l)))
    })
  )
}

figures <- list(
  all = list(kind = "proportion", where = list()), woman = list(kind = "proportion", where = list(g = "woman")),
  man = list(kind = "proportion", where = list(g = "man")), disabled = list(kind = "proportion", where = list(d = "yes")),
  woman_disabled = list(kind = "proportion", where = list(g = "woman", d = "yes")),
  mean = list(kind = "mean", where = list()), mean_woman = list(kind = "mean", where = list(g = "woman")),
  mean_disabled = list(kind = "mean", where = list(d = "yes")), ratio = list(kind = "ratio", where = list()),
  count = list(kind = "count", where = list()), count_man = list(kind = "count", where = list(g = "man"))
)
contrasts <- list(
  overlapping = c(woman = 1, disabled = -1), part_and_whole = c(woman = 1, all = -1), inner = c(woman_disabled = 1, woman = -1),
  apart = c(woman = 1, man = -1), two_questions = c(mean = 1, ratio = -1), two_questions_overlapping = c(mean_woman = 1, mean_disabled = -1),
  share_and_mean = c(woman = 100, mean_disabled = -1), totals = c(count = 1, count_man = -2), of_four = c(woman = 1, man = -1, disabled = -1, all = 1)
)
ratios <- list(overlapping = c("woman", "disabled"), two_questions = c("mean_woman", "ratio"), whole = c("count_man", "count"))

rounds <- list(
  early = list(kind = "proportion", where = list(round = "r1")), late = list(kind = "proportion", where = list(round = "r2")),
  early_woman = list(kind = "proportion", where = list(round = "r1", g = "woman")), late_woman = list(kind = "proportion", where = list(round = "r2", g = "woman")),
  early_mean = list(kind = "mean", where = list(round = "r1")), late_mean = list(kind = "mean", where = list(round = "r2"))
)
changes <- list(
  change = c(late = 1, early = -1), overlapping = c(late_woman = 1, early = -1), two_questions = c(late_mean = 1, early = -1),
  change_of_the_gap = c(late_woman = 1, late = -1, early_woman = -1, early = 1)
)

# Partitions as svyby gives them, with its own covariance.
partition <- function(design, kind) {
  column <- c(proportion = "y", mean = "v")[[kind]]
  design$variables$here <- !is.na(design$variables[[column]])
  found <- svyby(as.formula(paste0("~", column)), ~d, subset(design, here), svymean, covmat = TRUE)
  r <- svycontrast(found, c(yes = 1, no = -1))
  list(names = names(coef(found)), vcov = unname(vcov(found)), est = one(coef(r)), se = one(SE(r)))
}
# Several answers of one question, and two questions of those who answered both, as svymean gives them.
answers <- function(design) { q <- svymean(~factor(q), design, na.rm = TRUE); list(names = sub("^factor\\(q\\)", "", names(coef(q))), vcov = unname(vcov(q))) }
complete <- function(design) { m <- svymean(~y + v, subset(design, !is.na(y) & !is.na(v))); list(vcov = unname(vcov(m))) }

# Degrees of freedom of two domains taken together: of the part of the design that holds either.
either <- function(design) list(overlapping = degf(subset(design, g == "woman" | d == "yes")), apart = degf(subset(design, g %in% c("woman", "man"))))

write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  figures = figures, rounds = rounds, contrasts = lapply(contrasts, as.list), ratios = ratios, changes = lapply(changes, as.list),
  designs = lapply(designs, function(d) c(asked(figures_of(d, figures), contrasts, ratios), list(
    partition = lapply(list(proportion = "proportion", mean = "mean"), function(k) partition(d, k)), answers = answers(d), complete = complete(d), df = either(d)))),
  stacked = lapply(stacked, function(d) asked(figures_of(d, rounds), changes, list()))
), "expected.json", digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = 1)
