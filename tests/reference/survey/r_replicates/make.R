# Writes expected.json and weights.csv from ../r_live/people.csv (invented people) with Debian's r-cran-survey.
# Run: Rscript make.R (in this folder). weights.csv holds replicate weights that R made, to be read as given ones.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
set.seed(20261123)
people <- read.csv("../r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character"))
people <- subset(people, round == "r1")
people$g <- factor(people$g); people$q <- factor(people$q); people$cluster <- paste0(people$stratum, people$psu); people$whole <- 30
people$gw <- ifelse(people$g == "woman", "woman", "else")
# Pairs: strata of exactly two PSUs, for balanced half-samples.
people$pair <- paste0(people$stratum, (people$psu - 1) %/% 2)
pairs <- subset(people, !(stratum == "c" & psu == 3))

clusters <- svydesign(id = ~cluster, weights = ~w, data = people)
clusters_fpc <- svydesign(id = ~cluster, weights = ~w, fpc = ~whole, data = people)
strata <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
strata_fpc <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~psus, nest = TRUE, data = people)
persons <- svydesign(id = ~1, weights = ~w, data = people)
strata_of_persons <- svydesign(id = ~1, strata = ~stratum, weights = ~w, data = people)
halves <- svydesign(id = ~psu, strata = ~pair, weights = ~w, nest = TRUE, data = pairs)

designs <- list(
  jk1 = as.svrepdesign(clusters, type = "JK1"),
  jk1_fpc = as.svrepdesign(clusters_fpc, type = "JK1"),
  jk1_persons = as.svrepdesign(persons, type = "JK1"),
  jkn = as.svrepdesign(strata, type = "JKn"),
  jkn_mse = as.svrepdesign(strata, type = "JKn", mse = TRUE),
  jkn_fpc = as.svrepdesign(strata_fpc, type = "JKn"),
  jkn_persons = as.svrepdesign(strata_of_persons, type = "JKn"),
  brr = as.svrepdesign(halves, type = "BRR"),
  brr_mse = as.svrepdesign(halves, type = "BRR", mse = TRUE),
  fay = as.svrepdesign(halves, type = "Fay", fay.rho = 0.3),
  bootstrap = as.svrepdesign(strata, type = "bootstrap", replicates = 40),
  subbootstrap = as.svrepdesign(strata, type = "subbootstrap", replicates = 40),
  mrbbootstrap = as.svrepdesign(strata, type = "mrbbootstrap", replicates = 30)
)
# Raked weights: each person's replicate weights differ from everybody else's, and no PSU can be seen in them.
raked <- rake(designs$jkn, list(~gw, ~d), list(data.frame(gw = c("else", "woman"), Freq = c(64, 90)), data.frame(d = c("no", "yes"), Freq = c(104, 50))))
designs$raked <- svrepdesign(weights = ~rw, repweights = weights(raked, "analysis"), data = transform(people, rw = weights(raked, "sampling")),
                             type = "JKn", scale = raked$scale, rscales = raked$rscales, combined.weights = TRUE)

domains <- list(
  whole = list(),
  woman = list(g = "woman"), man = list(g = "man"), other = list(g = "other"), disabled = list(d = "yes"), able = list(d = "no"),
  woman_yes = list(g = "woman", d = "yes"), man_no = list(g = "man", d = "no"), man_yes = list(g = "man", d = "yes"),
  woman_yes_b = list(g = "woman", d = "yes", stratum = "b"), woman_no_a = list(g = "woman", d = "no", stratum = "a"),
  one_psu = list(g = "man", d = "yes", stratum = "a"), c_woman = list(g = "woman", stratum = "c")
)
one <- function(x) unname(as.numeric(x))

measures <- function(design, where) {
  keep <- rep(TRUE, nrow(design$variables))
  for (name in names(where)) keep <- keep & design$variables[[name]] == where[[name]]
  part <- subset(design, keep)
  df <- degf(part)
  ci <- function(x) if (df > 0) one(confint(x, df = df)) else NULL
  spread <- function(x) list(est = one(coef(x)), se = one(SE(x)), ci = ci(x))
  y <- svymean(~y, part, na.rm = TRUE); v <- svymean(~v, part, na.rm = TRUE); t <- svytotal(~v, part, na.rm = TRUE)
  yes <- svytotal(~y, part, na.rm = TRUE); r <- svyratio(~v, ~x, part, na.rm = TRUE); q <- svymean(~q, part, na.rm = TRUE)
  usable <- df > 0 && one(SE(y)) > 0 && one(coef(y)) > 0 && one(coef(y)) < 1
  interval <- function(method) if (usable) one(confint(svyciprop(~y, part, method = method, na.rm = TRUE, df = df))) else NULL
  list(
    n = nrow(part$variables), n_answered = sum(!is.na(part$variables$y)), df = df,
    proportion = c(spread(y), list(xlogit = interval("xlogit"), beta = interval("beta"))),
    mean = spread(v), total = spread(t), count = spread(yes),
    ratio = list(est = one(coef(r)), se = one(SE(r))),
    distribution = list(category = sub("^q", "", names(coef(q))), est = one(coef(q)), se = one(SE(q)))
  )
}

# How two domains vary together. Without the third: where it has nobody in a replicate, svyby drops that replicate for all.
gap <- function(design) {
  by <- svyby(~y, ~g, subset(design, !is.na(y) & g != "other"), svymean, covmat = TRUE)
  V <- vcov(by); b <- coef(by)
  list(difference = b[["woman"]] - b[["man"]], covariance = V["woman", "man"],
       se = sqrt(V["woman", "woman"] + V["man", "man"] - 2 * V["woman", "man"]))
}

given <- designs[c("brr", "fay", "bootstrap", "subbootstrap", "mrbbootstrap", "raked", "jkn")]
files <- lapply(names(given), function(name) {
  d <- given[[name]]
  W <- weights(d, "analysis")
  colnames(W) <- paste0(name, "_", seq_len(ncol(W)))
  data.frame(person = d$variables$person, W, check.names = FALSE)
})
sheet <- Reduce(function(a, b) merge(a, b, by = "person", all = TRUE), files)
sheet <- merge(data.frame(person = people$person, raked_weight = weights(designs$raked, "sampling")), sheet, by = "person")
write.csv(format(sheet, digits = 17, trim = TRUE, scientific = FALSE), "weights.csv", row.names = FALSE, quote = FALSE)

write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  scales = lapply(given, function(d) list(scale = d$scale, rscales = d$rscales)),
  domains = lapply(designs, function(d) lapply(domains, function(w) measures(d, w))),
  gaps = lapply(designs, gap)
), "expected.json", digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = 1)
