# Writes people.csv (invented people of the same 30 villages in three rounds) and expected.json with Debian's r-cran-survey, nlme and
# base R. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite); library(nlme)})
options(survey.lonely.psu = "fail", warn = 1)
set.seed(20261123, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

rounds <- data.frame(round = c("baseline", "midline", "endline"), date = as.Date(c("2020-05-01", "2022-06-15", "2024-04-20")))
villages <- expand.grid(psu = sprintf("v%02d", 1:10), stratum = c("hill", "river", "town"), stringsAsFactors = FALSE)
villages$lift <- rnorm(nrow(villages), 0, 0.6)
people <- do.call(rbind, lapply(seq_len(nrow(rounds)), function(t) do.call(rbind, lapply(seq_len(nrow(villages)), function(v) {
  n <- 12 + (v * 7 + t) %% 5
  g <- sample(c("woman", "man", "non_binary"), n, TRUE, c(.5, .42, .08))
  d <- sample(c("yes", "no"), n, TRUE, c(.25, .75))
  eta <- -0.9 + 0.35 * t + villages$lift[v] + c(woman = -0.8 + 0.25 * t, man = 0.2, non_binary = -0.4)[g] - 0.5 * (d == "yes")
  data.frame(round = rounds$round[t], stratum = villages$stratum[v], psu = villages$psu[v], g = g, d = d,
             w = round(exp(rnorm(n, 3, 0.4)), 3), y = rbinom(n, 1, plogis(eta)), v = round(40 + 3 * eta + rnorm(n, 0, 4), 1))
}))))
people$y[sample(nrow(people), 40)] <- NA
write.csv(people, "people.csv", row.names = FALSE, na = "")
people <- read.csv("people.csv", na.strings = "")
people$time <- factor(people$round, levels = rounds$round)

one <- function(x) unname(as.numeric(x))
designs <- list(
  independent = svydesign(id = ~psu, strata = ~interaction(round, stratum), weights = ~w, nest = TRUE, data = people),
  same_clusters = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
)
# The change of the gap between women and men: the interaction of a saturated model, and again as a contrast of svyby's four means.
did <- function(design, what, before, after) {
  design$variables$told <- !is.na(design$variables[[what]])
  some <- subset(design, round %in% c(before, after) & g %in% c("woman", "man") & told)
  some$variables$late <- as.numeric(some$variables$round == after)
  some$variables$her <- as.numeric(some$variables$g == "woman")
  model <- svyglm(as.formula(paste(what, "~ late * her")), some)
  means <- svyby(as.formula(paste0("~", what)), ~g + round, some, svymean, covmat = TRUE)
  k <- c(woman = 1, man = -1)[sub("\\..*", "", names(coef(means)))] * ifelse(grepl(after, names(coef(means))), 1, -1)
  contrast <- svycontrast(means, setNames(k, names(coef(means))))
  list(est = one(coef(model)["late:her"]), se = one(SE(model)["late:her"]), by_means = list(est = one(coef(contrast)), se = one(SE(contrast))))
}
# Against everyone: each round's domain mean minus everyone's, and its change, from ratios of totals.
everyone <- function(design, before, after) {
  quotes <- list(); columns <- c()
  for (r in c(before, after)) for (who in c("woman", "all")) {
    inside <- design$variables$round == r & !is.na(design$variables$y) & (who == "all" | design$variables$g == who)
    t <- paste0("t_", r, who); b <- paste0("b_", r, who)
    design$variables[[t]] <- ifelse(inside, design$variables$y, 0); design$variables[[b]] <- as.numeric(inside)
    columns <- c(columns, t, b); quotes[[paste0(r, who)]] <- bquote(.(as.name(t)) / .(as.name(b)))
  }
  found <- svycontrast(svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), design), quotes)
  gap <- svycontrast(found, setNames(c(1, -1), paste0(after, c("woman", "all"))))
  moved <- svycontrast(found, setNames(c(1, -1, -1, 1), c(paste0(after, c("woman", "all")), paste0(before, c("woman", "all")))))
  list(gap = list(est = one(coef(gap)), se = one(SE(gap))), change = list(est = one(coef(moved)), se = one(SE(moved))))
}
change <- function(design, before, after) {
  some <- subset(design, round %in% c(before, after) & !is.na(y))
  means <- svyby(~y, ~round, some, svymean, covmat = TRUE)
  a <- as.name(after); b <- as.name(before)
  log_ratio <- svycontrast(means, bquote(log(.(a) / .(b))))
  difference <- svycontrast(means, setNames(c(1, -1), c(after, before)))
  list(est = one(coef(difference)), se = one(SE(difference)), log_ratio = one(coef(log_ratio)), log_se = one(SE(log_ratio)))
}
# A line through three rounds, carried on: nlme's generalised least squares with the rounds' covariance held fixed.
carried <- function(design, what, day) {
  design$variables$told <- !is.na(design$variables[[what]])
  means <- svyby(as.formula(paste0("~", what)), ~time, subset(design, told), svymean, covmat = TRUE)
  value <- one(coef(means)); V <- unname(vcov(means))
  if (what == "y") { slope <- 1 / (value * (1 - value)); V <- V * outer(slope, slope); value <- qlogis(value) }
  years <- as.numeric(rounds$date - rounds$date[1]) / 365.25
  data <- data.frame(value, years, deviation = sqrt(diag(V)), variance = diag(V), id = factor(1))
  R <- cov2cor(V)
  fit <- gls(value ~ years, data, weights = varFixed(~variance), method = "ML", control = glsControl(sigma = 1),
             correlation = if (max(abs(R - diag(3))) > 1e-12) corSymm(R[lower.tri(R)], form = ~1 | id, fixed = TRUE) else NULL)
  at <- c(1, as.numeric(as.Date(day) - rounds$date[1]) / 365.25)
  # gls multiplies its covariance by N / (N - p) as if sigma had been estimated; with sigma fixed at 1 that is taken off again.
  known <- vcov(fit) * (3 - 2) / 3
  off <- value - cbind(1, years) %*% coef(fit)
  list(scale_value = one(at %*% coef(fit)), scale_se = one(sqrt(at %*% known %*% at)), chi2 = one(t(off) %*% solve(V) %*% off))
}
pairs <- list(c("baseline", "midline"), c("midline", "endline"), c("baseline", "endline"))
named <- function(f) setNames(lapply(pairs, f), sapply(pairs, paste, collapse = " "))
p <- c(0.001, 0.2, 0.013, 0.04, 0.04, 0.9, 0.0499, 0.03)
write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey")), nlme = as.character(packageVersion("nlme"))),
  dates = setNames(as.list(format(rounds$date)), rounds$round), day = "2026-12-31",
  designs = lapply(designs, function(d) list(
    did = list(y = named(function(k) did(d, "y", k[1], k[2])), v = named(function(k) did(d, "v", k[1], k[2]))),
    everyone = named(function(k) everyone(d, k[1], k[2])), change = named(function(k) change(d, k[1], k[2])),
    carried = list(y = carried(d, "y", "2026-12-31"), v = carried(d, "v", "2026-12-31")))),
  bh = list(p = p, adjusted = p.adjust(p, "BH"))
), "expected.json", digits = I(17), auto_unbox = TRUE, pretty = 1)
