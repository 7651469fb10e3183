# Seconds that lme4's glmer takes, with its defaults: on aggregated cells (null and main effects), and on a row for each person (null).
# Rscript maihda.R cells.csv, and the word rows where the million rows are wanted; prints JSON.
suppressPackageStartupMessages({library(lme4); library(jsonlite)})
given <- commandArgs(trailingOnly = TRUE)
d <- read.csv(given[1], colClasses = c(d1 = "character", d2 = "character", d3 = "character", d4 = "character", d5 = "character"))
d$cell <- factor(paste(d$d1, d$d2, d$d3, d$d4, d$d5))
seconds <- function(fit) system.time(fit)[["elapsed"]]
out <- list(R = R.version.string, lme4 = as.character(packageVersion("lme4")))
out$null <- seconds(null <- glmer(cbind(yes, n - yes) ~ 1 + (1 | cell), d, binomial))
out$main <- seconds(main <- glmer(cbind(yes, n - yes) ~ d1 + d2 + d3 + d4 + d5 + (1 | cell), d, binomial))
out$between <- c(VarCorr(null)$cell[1], VarCorr(main)$cell[1])
if ("rows" %in% given) {
  rows <- data.frame(cell = rep(d$cell, d$n), y = unlist(Map(function(k, n) rep(1:0, c(k, n - k)), d$yes, d$n)))
  out$rows <- seconds(glmer(y ~ 1 + (1 | cell), rows, binomial))
}
cat(toJSON(out, auto_unbox = TRUE, digits = NA), "\n")
