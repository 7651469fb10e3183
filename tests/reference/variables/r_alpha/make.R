# Writes expected.json from people.csv (invented people): Cronbach's alpha from cov(), plain and weighted (cov.wt), in base R; the scale's
# mean with Debian's r-cran-survey; and alpha of R's own public table `attitude`. Run: Rscript make.R (in this folder).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
people <- read.csv("people.csv", na.strings = "")
items <- c("worthy", "failure", "able", "useless", "proud")
turned <- c("failure", "useless")
points <- people[items]
points[turned] <- 0 + 3 - points[turned]

alpha_of <- function(V) { k <- ncol(V); k / (k - 1) * (1 - sum(diag(V)) / sum(V)) }
about <- function(x, V) {
  k <- ncol(V)
  rest <- sapply(1:k, function(i) sum(V[i, -i]) / sqrt(V[i, i] * sum(V[-i, -i])))
  dropped <- sapply(1:k, function(i) if (k > 2) alpha_of(V[-i, -i]) else NA)
  list(alpha = alpha_of(V), n = nrow(x), item_rest = rest, alpha_if_dropped = dropped)
}
whole <- points[complete.cases(points), ]
w <- people$w[complete.cases(points)]
plain <- about(whole, cov(whole))
plain$mean <- unname(colMeans(whole)); plain$n_floor <- unname(colSums(whole == 0)); plain$n_ceiling <- unname(colSums(whole == 3))
plain$item_rest_by_cor <- sapply(items, function(i) cor(whole[[i]], rowSums(whole[setdiff(items, i)])))
weighted <- about(whole, cov.wt(whole, w, method = "ML")$cov)

# The score: a fifth of five items may be missing; those answered stand for the others.
answered <- rowSums(!is.na(points))
people$score <- ifelse(answered >= 4, rowMeans(points, na.rm = TRUE) * length(items), NA)
design <- svydesign(id = ~village, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
by <- function(keep) {
  found <- svymean(~score, subset(design, keep), na.rm = TRUE, deff = "replace")
  df <- degf(subset(design, keep))
  list(n = sum(!is.na(people$score[keep])), est = unname(coef(found)), se = unname(as.numeric(SE(found))), df = df,
       ci = unname(as.numeric(confint(found, df = df))), deff = unname(as.numeric(deff(found))))
}
everyone <- rep(TRUE, nrow(people))
write_json(list(
  versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey"))),
  plain = plain, weighted = weighted, score = people$score,
  sampled = list(whole = by(everyone), north = by(people$stratum == "north")),
  attitude = list(rows = as.matrix(attitude), alpha = alpha_of(cov(attitude)), if_dropped = about(attitude, cov(attitude))$alpha_if_dropped)
), "expected.json", auto_unbox = TRUE, digits = NA, pretty = FALSE, null = "null", na = "null")
