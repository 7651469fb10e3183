# Writes expected.json from people.csv (invented people): the Alkire-Foster measures by the published formulas in base R, and design-based
# standard errors with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
people <- read.csv("people.csv", na.strings = "", colClasses = c(village = "character"))
items <- c("production", "assets", "credit", "income", "group", "workload")
weight <- c(1/5, 2/15, 1/15, 1/5, 1/5, 1/5)  # A-WEAI
edge <- 1e-9  # strict above: the weights are binary numbers here
g <- as.matrix(people[items])
people$c <- as.numeric(g %*% weight)
k <- 1/5

measures <- function(x, k) {
  x <- x[!is.na(x$c), ]
  poor <- x$c > k + edge
  H <- sum(x$w * poor) / sum(x$w)
  A <- sum(x$w * poor * x$c) / sum(x$w * poor)
  list(n = nrow(x), weighted_total = sum(x$w), H = H, A = if (any(poor)) A else NULL, M0 = if (any(poor)) H * A else 0,
       achieved = if (any(poor)) 1 - H * A else 1)
}
breakdown <- function(x, k) {
  m0 <- measures(x, k)$M0
  x <- x[!is.na(x$c), ]
  poor <- x$c > k + edge
  censored <- sapply(items, function(j) sum(x$w * poor * x[[j]]) / sum(x$w))
  raw <- sapply(items, function(j) sum(x$w * x[[j]]) / sum(x$w))
  list(indicator = items, inadequate = unname(raw), censored = unname(censored), contribution = unname(weight * censored / m0))
}
groups <- split(people, people$age)
whole <- measures(people, k)
by_age <- lapply(groups, measures, k = k)
shares <- sapply(by_age, function(m) m$M0 * m$weighted_total) / (whole$M0 * whole$weighted_total)
cut_offs <- c(0, 0.05, 1/15, 0.2, 1/3, 0.4, 0.6, 0.8, 1)

# Gender parity: households of one woman and one man, both complete. Counts raised to k.
home <- interaction(people$village, people$household, drop = TRUE)
people$raised <- pmax(people$c, k)
people$lacks <- NA; people$gap <- NA
for (h in levels(home)) {
  here <- which(home == h)
  f <- here[!is.na(people$sex[here]) & people$sex[here] == "woman"]
  m <- here[!is.na(people$sex[here]) & people$sex[here] == "man"]
  if (length(f) != 1 || length(m) != 1 || is.na(people$c[f]) || is.na(people$c[m])) next
  behind <- people$raised[f] > people$raised[m] + edge
  people$lacks[f] <- as.numeric(behind)
  people$gap[f] <- if (behind) (people$raised[f] - people$raised[m]) / (1 - people$raised[m]) else 0
}
pairs <- people[!is.na(people$lacks), ]
H_GPI <- sum(pairs$w * pairs$lacks) / sum(pairs$w)
I_GPI <- sum(pairs$w * pairs$gap * pairs$lacks) / sum(pairs$w * pairs$lacks)
GPI <- 1 - H_GPI * I_GPI
women <- people[!is.na(people$sex) & people$sex == "woman", ]
five <- measures(women, k)$achieved

# Standard errors: a stratified sample of villages.
people$poor <- as.numeric(people$c > k + edge)
people$censored <- people$c * people$poor
people$achieved <- 1 - people$censored
people$parity <- 1 - people$gap
people$woman <- as.numeric(!is.na(people$sex) & people$sex == "woman")
for (j in seq_along(items)) people[[paste0("part_", items[j])]] <- weight[j] * people[[items[j]]] * people$poor
design <- svydesign(id = ~village, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
of <- function(formula, keep) {
  found <- svymean(formula, subset(design, keep), na.rm = TRUE)
  list(est = unname(coef(found)), se = unname(as.numeric(SE(found))))
}
of_ratio <- function(top, bottom, keep) {
  found <- svyratio(top, bottom, subset(design, keep), na.rm = TRUE)
  list(est = unname(as.numeric(coef(found))), se = unname(as.numeric(SE(found))))
}
f <- people$woman == 1
sampled <- list(
  H = of(~poor, f), M0 = of(~censored, f), achieved = of(~achieved, f), A = of(~c, f & !is.na(people$poor) & people$poor == 1),
  lacks_parity = of(~lacks, f), parity = of(~parity, f), contribution_income = of_ratio(~part_income, ~censored, f)
)
# The whole index is 0.9 of one mean and 0.1 of another, of different women: its influence values, and the total of those.
influence <- function(y, keep) {
  inside <- keep & !is.na(y)
  ifelse(inside, (y - sum(people$w[inside] * y[inside]) / sum(people$w[inside])) / sum(people$w[inside]), 0)
}
people$u <- 0.9 * influence(people$achieved, f) + 0.1 * influence(people$parity, f)
with_u <- svydesign(id = ~village, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
sampled$whole <- list(est = 0.9 * sampled$achieved$est + 0.1 * sampled$parity$est, se = unname(as.numeric(SE(svytotal(~u, with_u)))))
write_json(list(
  versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey"))),
  whole = whole, left_out = sum(is.na(people$c)), by_age = by_age, share_of_m0 = as.list(shares), breakdown = breakdown(people, k),
  cut_offs = lapply(cut_offs, function(k) c(list(k = k), measures(people, k))),
  parity = list(n = nrow(pairs), weighted_total = sum(pairs$w), H_GPI = H_GPI, I_GPI = I_GPI, GPI = GPI, achieved = five, whole = 0.9 * five + 0.1 * GPI),
  sampled = sampled
), "expected.json", auto_unbox = TRUE, digits = NA, pretty = TRUE, null = "null")
