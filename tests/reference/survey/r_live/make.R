# Writes expected.json from people.csv (invented people) with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
all_rounds <- read.csv("people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
all_rounds$g <- factor(all_rounds$g, levels = c("woman", "man", "other", "nobody"))
all_rounds$q <- factor(all_rounds$q)
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
domains <- list(
  whole = list(),
  woman = list(g = "woman"), man = list(g = "man"), one_psu = list(g = "other"), disabled = list(d = "yes"),
  pair_woman_yes = list(g = "woman", d = "yes"), pair_man_no = list(g = "man", d = "no")
)
one <- function(x) unname(as.numeric(x))

measures <- function(design, where) {
  keep <- rep(TRUE, nrow(design$variables))
  for (name in names(where)) keep <- keep & design$variables[[name]] == where[[name]]
  part <- subset(design, keep)
  asked <- function(column) subset(part, !is.na(part$variables[[column]]))
  y <- svymean(~y, part, na.rm = TRUE, deff = "replace"); y2 <- svymean(~y, part, na.rm = TRUE, deff = TRUE)
  v <- svymean(~v, part, na.rm = TRUE, deff = "replace"); t <- svytotal(~v, part, na.rm = TRUE, deff = "replace")
  yes <- svytotal(~y, part, na.rm = TRUE)
  r <- svyratio(~v, ~x, part, na.rm = TRUE, deff = "replace")
  q <- svymean(~q, part, na.rm = TRUE)
  df <- degf(part)
  # With one PSU there are no degrees of freedom and no interval.
  ci <- function(method) if (df > 0) one(confint(svyciprop(~y, part, method = method, na.rm = TRUE, df = df))) else NULL
  list(
    n = nrow(part$variables), n_answered = sum(!is.na(part$variables$y)), df = df, sum_of_weights = sum(weights(asked("y"))),
    proportion = list(est = one(coef(y)), se = one(SE(y)), deff = one(deff(y)), deff_r = one(deff(y2)), logit = ci("logit"), beta = ci("beta")),
    mean = list(est = one(coef(v)), se = one(SE(v)), deff = one(deff(v)), ci = if (df > 0) one(confint(v, df = df)) else NULL),
    total = list(est = one(coef(t)), se = one(SE(t)), deff = one(deff(t)), ci = if (df > 0) one(confint(t, df = df)) else NULL),
    count = list(est = one(coef(yes)), se = one(SE(yes))),
    ratio = list(est = one(coef(r)), se = one(SE(r)), deff = one(attr(r, "deff"))),
    distribution = list(category = sub("^q", "", names(coef(q))), est = one(coef(q)), se = one(SE(q)))
  )
}

# Differences and ratios of two domains of one sample.
gap <- function(design) {
  by <- svyby(~y, ~g, subset(design, !is.na(y)), svymean, covmat = TRUE, drop.empty.groups = TRUE)  # 4.1.1 has no covmat with na.rm
  V <- vcov(by); b <- coef(by); a <- "woman"; c <- "man"
  difference <- b[[a]] - b[[c]]
  list(difference = difference, se = sqrt(V[a, a] + V[c, c] - 2 * V[a, c]),
       log_ratio_se = sqrt(V[a, a] / b[[a]]^2 + V[c, c] / b[[c]]^2 - 2 * V[a, c] / (b[[a]] * b[[c]])), covariance = V[a, c])
}

# Change between rounds: the stacked design, in which a round is a domain.
rounds <- list(
  independent = svydesign(id = ~psu, strata = ~interaction(round, stratum), weights = ~w, nest = TRUE, data = all_rounds),
  same_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = all_rounds),
  same_clusters_fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~psus, nest = TRUE, data = all_rounds),
  unstratified_same_clusters = svydesign(id = ~interaction(stratum, psu), weights = ~w, data = all_rounds),
  independent_people = svydesign(id = ~1, strata = ~round, weights = ~w, data = all_rounds)
)
change <- function(design, by) {
  out <- list()
  for (kind in c("y", "v")) {
    design$variables$here <- !is.na(design$variables[[kind]])
    found <- svyby(as.formula(paste0("~", kind)), by, subset(design, here), svymean, covmat = TRUE, drop.empty.groups = TRUE)
    V <- vcov(found); b <- coef(found); late <- grep("r2", names(b), value = TRUE)
    for (name in late) {
      early <- sub("r2", "r1", name)
      out[[paste(kind, name)]] <- list(est = b[[name]] - b[[early]], se = sqrt(V[name, name] + V[early, early] - 2 * V[name, early]))
    }
  }
  out
}
# A panel: only people asked in both rounds, and the person is what was drawn.
both <- intersect(all_rounds$person[all_rounds$round == "r1"], all_rounds$person[all_rounds$round == "r2"])
panel <- subset(all_rounds, person %in% both)
rounds$panel <- svydesign(id = ~person, strata = ~stratum, weights = ~w, data = panel)

lonely <- list()
few <- subset(people, !(stratum == "c" & psu != 1))
few$stratum_number <- match(few$stratum, c("a", "b", "c"))  # numbers, because 4.1.1 and 4.4 fail on letters under adjust
for (how in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = how)
  d <- svydesign(id = ~psu, strata = ~stratum_number, weights = ~w, nest = TRUE, data = few)
  v <- svymean(~v, d, na.rm = TRUE); t <- svytotal(~v, d, na.rm = TRUE)
  lonely[[how]] <- list(mean = list(est = one(coef(v)), se = one(SE(v))), total = list(est = one(coef(t)), se = one(SE(t))))
}

write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  domains = lapply(designs, function(d) lapply(domains, function(w) measures(d, w))),
  gaps = lapply(designs, gap),
  changes = lapply(rounds, function(d) c(change(d, ~round), if (!identical(d, rounds$panel)) change(d, ~round + g) else list())),
  lonely = lonely
), "expected.json", digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = 1)
