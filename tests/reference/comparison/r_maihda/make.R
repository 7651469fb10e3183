# Draws invented cells.csv (people asked and people who said yes, by cell) and people.csv (a number, by person), and writes what lme4
# makes of them to expected.json. Run: Rscript make.R (in this folder). Debian: r-base-core r-cran-lme4 r-cran-jsonlite.
suppressPackageStartupMessages({library(lme4); library(jsonlite)})
RNGversion("4.0.0"); set.seed(2026); options(warn = 1)
share <- function(logit) 1 / (1 + exp(-logit))
crossing <- function(...) { d <- expand.grid(..., stringsAsFactors = FALSE); names(d) <- paste0("d", seq_along(d)); d }
main <- function(d, size) rowSums(sapply(d, function(column) { e <- rnorm(length(unique(column)), 0, size); e[match(column, unique(column))] }))
cells_of <- function(set, d, n, logit) { k <- rbinom(length(n), n, share(logit)); one(set, d, n, k) }
one <- function(set, d, n, k) { for (name in setdiff(paste0("d", 1:5), names(d))) d[[name]] <- ""; cbind(set = set, d[paste0("d", 1:5)], n = n, yes = k) }

d3 <- crossing(c("a1", "a2"), c("b1", "b2", "b3", "b4"), c("c1", "c2", "c3", "c4", "c5"))
d5 <- crossing(paste0("a", 1:5), paste0("b", 1:5), paste0("c", 1:5), paste0("e", 1:6), paste0("f", 1:4))
n3 <- function(low, high) sample(low:high, nrow(d3), replace = TRUE)
n <- n3(5, 60); ordinary <- cells_of("ordinary", d3, n, -0.5 + main(d3, 0.5) + rnorm(40, 0, 0.4))
n <- n3(100, 400); rare <- cells_of("rare", d3, n, -4 + main(d3, 0.3) + rnorm(40, 0, 0.5))
n <- n3(30, 60); p <- share(-0.3 + main(d3, 0.4)); singular <- one("singular", d3, n, round(n * p))
n <- ifelse(runif(40) < 0.5, 1, n3(2, 30)); lone <- cells_of("one_person", d3, n, 0.3 + main(d3, 0.4) + rnorm(40, 0, 0.8))
n <- n3(8, 40); apart <- cells_of("far_apart", d3, n, main(d3, 0.5) + rnorm(40, 0, 3))
n <- 1 + rgeom(3000, 1 / 330); many <- cells_of("many", d5, n, -0.8 + main(d5, 0.3) + rnorm(3000, 0, 0.3))
cells <- rbind(ordinary, rare, singular, lone, apart, many)
write.csv(cells, "cells.csv", row.names = FALSE, quote = FALSE)

people_of <- function(set, n, mean, spread, digits = 1) {
  at <- rep(seq_along(n), n); cbind(set = set, d3[at, ], y = round(rnorm(length(at), mean[at], spread), digits))
}
mu <- main(d3, 4)
g_ordinary <- people_of("ordinary", n3(1, 30), 50 + mu + rnorm(40, 0, 3), 10)
g_lone <- people_of("one_person", ifelse(runif(40) < 0.6, 1, n3(2, 20)), 20 + mu + rnorm(40, 0, 4), 6)
g_even <- people_of("singular", n3(20, 40), 10 + mu, 15)
g_even$y <- round(g_even$y - ave(g_even$y, g_even$d1, g_even$d2, g_even$d3) + (10 + mu)[match(do.call(paste, g_even[2:4]), do.call(paste, d3))], 1)
g_money <- people_of("large_numbers", n3(3, 25), 1e6 + 100 * mu + rnorm(40, 0, 200), 400, 0)
people <- rbind(g_ordinary, g_lone, g_even, g_money)
write.csv(people, "people.csv", row.names = FALSE, quote = FALSE)

says <- function(m, logistic) {
  v <- as.data.frame(VarCorr(m)); r <- ranef(m, condVar = TRUE)$cell
  some <- if (nrow(r) > 100) seq(1, nrow(r), 30) else seq_len(nrow(r))  # of 3,000 cells every thirtieth
  list(
    fixef = as.list(fixef(m)), se = unname(sqrt(diag(as.matrix(vcov(m))))), between = v$vcov[1], within = if (logistic) pi^2 / 3 else v$vcov[2],
    effect = setNames(as.list(r[[1]]), rownames(r))[some], effect_se = setNames(as.list(sqrt(attr(r, "postVar")[1, 1, ])), rownames(r))[some],
    messages = paste(unlist(m@optinfo$conv$lme4$messages), collapse = "; ")
  )
}
tight <- function(tolerance) glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 5e5, rhobeg = 0.02, rhoend = 1e-8), tolPwrss = tolerance)
# As tight as it converges: with no variance between cells lme4 gives up on its tightest tolerance.
tightest <- function(fit) for (tolerance in c(1e-13, 1e-11, 1e-9, 1e-7)) { m <- tryCatch(fit(tight(tolerance)), error = function(e) NULL); if (!is.null(m)) return(m) }
glm_of <- function(set, nodes, fixed) {
  d <- droplevels(cells[cells$set == set, ]); dims <- paste0("d", 1:5)[sapply(paste0("d", 1:5), function(x) any(d[[x]] != ""))]
  d$cell <- do.call(paste, c(d[dims], sep = "|"))
  f <- as.formula(paste("cbind(yes, n - yes) ~", if (fixed) paste(dims, collapse = " + ") else "1", "+ (1 | cell)"))
  took <- system.time(m <- tightest(function(control) glmer(f, d, binomial, nAGQ = nodes, control = control)))[["elapsed"]]
  cat(set, nodes, if (fixed) "main" else "null", took, "s", getME(m, "theta"), "\n"); says(m, TRUE)
}
lm_of <- function(set, reml, fixed) {
  d <- people[people$set == set, ]; d$cell <- paste(d$d1, d$d2, d$d3, sep = "|")
  f <- as.formula(paste("y ~", if (fixed) "d1 + d2 + d3" else "1", "+ (1 | cell)"))
  m <- lmer(f, d, REML = reml, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), check.conv.singular = "ignore"))
  cat(set, if (fixed) "main" else "null", getME(m, "theta"), "\n"); says(m, FALSE)
}
both <- function(one, ...) { null <- one(..., fixed = FALSE); main <- one(..., fixed = TRUE); list(null = null, main = main, pcv = (null$between - main$between) / null$between) }
sets <- unique(cells$set)
expected <- list(
  versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4"))),
  laplace = sapply(sets, function(s) both(glm_of, s, 1), simplify = FALSE),
  quadrature = sapply(setdiff(sets, "many"), function(s) list(nodes_7 = both(glm_of, s, 7), nodes_10 = both(glm_of, s, 10)), simplify = FALSE),
  reml = sapply(unique(people$set), function(s) both(lm_of, s, TRUE), simplify = FALSE),
  ml = sapply(unique(people$set), function(s) both(lm_of, s, FALSE), simplify = FALSE)
)
write_json(expected, "expected.json", auto_unbox = TRUE, digits = NA)
