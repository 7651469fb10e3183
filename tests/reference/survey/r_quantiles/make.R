# Writes expected.json from ../r_live/people.csv (invented people) with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
everyone <- read.csv("../r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
everyone$ten <- 10
everyone$s <- everyone$stratum
everyone$u <- round(everyone$v * 1000) + seq_len(nrow(everyone))  # nobody gave the same answer as another
everyone$h <- floor(everyone$v / 10)                              # many did
probs <- c(0.1, 0.25, 0.5, 0.75, 0.9)
steps <- c("math", "school", "hf3")  # hf1 is math, hf2 is school
lines <- paste0("hf", 4:9)

designs_of <- function(people) list(
  srs = svydesign(id = ~1, weights = ~ten, data = people),
  weights = svydesign(id = ~1, weights = ~w, data = people),
  strata = svydesign(id = ~1, strata = ~stratum, weights = ~w, data = people),
  strata_fpc = svydesign(id = ~1, strata = ~stratum, weights = ~w, fpc = ~of_people, data = people),
  clusters = svydesign(id = ~interaction(stratum, psu), weights = ~w, data = people),
  strata_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people),
  strata_clusters_fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~psus, nest = TRUE, data = people)
)
domains <- list(
  whole = list(), woman = list(g = "woman"), one_psu = list(g = "other"), pair_woman_no = list(g = "woman", d = "no"),
  triple_woman_no_b = list(g = "woman", d = "no", s = "b")
)
one <- function(x) unname(as.numeric(x))

# Quantiles, intervals and standard errors of one variable, by rule and kind of interval. df: of those asked, as for a mean.
asked <- function(part, variable, rule, interval) {
  df <- degf(part)
  f <- as.formula(paste0("~", variable))
  found <- if (df > 0) svyquantile(f, part, probs, na.rm = TRUE, qrule = rule, interval.type = interval, df = df)[[variable]]
           else svyquantile(f, part, probs, na.rm = TRUE, qrule = rule, ci = FALSE)[[variable]]
  if (df > 0) list(quantile = one(found[, 1]), low = one(found[, 2]), high = one(found[, 3]), se = one(found[, 4]))
  else list(quantile = one(found))
}
measures <- function(design, where) {
  keep <- rep(TRUE, nrow(design$variables))
  for (name in names(where)) keep <- keep & design$variables[[name]] == where[[name]]
  part <- subset(design, keep)
  by <- function(variables, rules, intervals) {
    out <- list()
    for (v in variables) for (r in rules) for (i in intervals) out[[paste(v, r, i)]] <- asked(part, v, r, i)
    out
  }
  weighed <- length(unique(weights(design))) > 1
  # For beta R counts degrees of freedom among those who answered, whatever df it is given: only where the two are the same.
  kinds <- c(if (degf(subset(part, !is.na(u))) == degf(part)) "beta", "xlogit")
  c(list(n = sum(!is.na(part$variables$v)), df = degf(part)),
    by(c("u", "h"), steps, "mean"), by(if (weighed) "u" else c("u", "h"), lines, "mean"), by(c("u", "h"), "math", kinds), by("u", "hf8", kinds))
}

lonely <- list()
few <- subset(everyone, round == "r1" & !(stratum == "c" & psu != 1))
few$stratum_number <- match(few$stratum, c("a", "b", "c"))  # numbers, because 4.1.1 and 4.4 fail on letters under adjust
for (how in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = how)
  d <- svydesign(id = ~psu, strata = ~stratum_number, weights = ~w, nest = TRUE, data = few)
  lonely[[how]] <- list(u = asked(d, "u", "math", "mean"), h = asked(d, "h", "math", "mean"))
}
options(survey.lonely.psu = "fail")

r1 <- subset(everyone, round == "r1"); r2 <- subset(everyone, round == "r2")
both <- intersect(r1$person, r2$person)
panel_of <- function(people) svydesign(id = ~person, strata = ~stratum, weights = ~w, data = subset(people, person %in% both))

# Base R: people of equal weight. Its type 3 is not survey's hf3.
types <- c(1, 2, 4:9)
plain <- list()
for (v in c("u", "h")) for (t in types) plain[[paste(v, paste0("hf", t))]] <- one(quantile(r1[[v]], probs, na.rm = TRUE, type = t))
for (n in c(1, 4, 10, 20)) for (t in types) plain[[paste("1 to", n, paste0("hf", t))]] <- one(quantile(seq_len(n), probs, type = t))

# Traps: what R's results change with, though the people are the same.
at <- function(people, weight, rule, p) one(coef(svyquantile(~h, svydesign(id = ~1, weights = weight, data = people), p, na.rm = TRUE, qrule = rule, ci = FALSE)))
tenths <- seq(0.1, 0.9, 0.1)
traps <- list(
  shahvaish = list(once = at(r1, ~w, "shahvaish", 0.5), tenfold = at(r1, ~I(10 * w), "shahvaish", 0.5)),
  order_of_rows = list(as_they_are = at(r1, ~w, "hf8", tenths), turned_round = at(r1[rev(seq_len(nrow(r1))), ], ~w, "hf8", tenths)),
  second_lowest = one(coef(svyquantile(~x, svydesign(id = ~1, weights = ~w, data = data.frame(x = 1:10, w = 1)), 0.05, ci = FALSE))),
  below_the_lowest = one(coef(svyquantile(~x, svydesign(id = ~1, weights = ~w, data = data.frame(x = 1:10, w = 1)), 0.05, qrule = "hf4", ci = FALSE))),
  missed_by_rounding = one(coef(svyquantile(~x, svydesign(id = ~1, weights = ~w, data = data.frame(x = 1:200, w = 30.97)), c(0.1, 0.9), ci = FALSE)))
)

write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))), probs = probs,
  r1 = lapply(designs_of(r1), function(d) lapply(domains, function(w) measures(d, w))),
  r2 = lapply(designs_of(r2)["strata_clusters"], function(d) lapply(domains[1:2], function(w) measures(d, w))),
  panel = lapply(list(r1 = panel_of(r1), r2 = panel_of(r2)), function(d) lapply(domains[1:2], function(w) measures(d, w))),
  lonely = lonely, plain = plain, traps = traps
), "expected.json", digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = 0)
