# Draws invented people.csv (clustered, weighted) and writes what R makes of them to expected.json: glm's logit of cells and
# survey::svyglm's of people, D-index, HOI and geometric HOI of both kinds of access, Shapley parts over all orders, and empirical best
# predictions of domains by REML (own code: numerical search on the restricted likelihood written with matrices). Run: Rscript make.R.
# Debian: r-base-core r-cran-survey r-cran-jsonlite.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
RNGversion("4.0.0"); set.seed(710)
villages <- 60; n <- 900; v <- sample(villages, n, replace = TRUE)
d <- data.frame(stratum = paste0("s", v %% 4), psu = paste0("v", v), weight = round(runif(n, .5, 3), 3),
  residence = c("rural", "town", "city")[1 + (v %% 3)], gender = sample(c("woman", "man"), n, TRUE), disability = sample(c("with", "without"), n, TRUE, c(.25, .75)))
b <- rnorm(villages, 0, .4)
eta <- .2 - .7 * (d$gender == "woman") - .5 * (d$residence == "rural") - .9 * (d$disability == "with") * (d$gender == "woman") + b[v]
d$heard <- ifelse(runif(n) < 1 / (1 + exp(-eta)), "yes", "no")
write.csv(d, "people.csv", row.names = FALSE, quote = FALSE)
d$y <- as.numeric(d$heard == "yes"); x <- c("residence", "gender", "disability")
access <- function(d, by, method) {
  if (!length(by)) return(rep(weighted.mean(d$y, d$weight), nrow(d)))
  if (method == "cells") { g <- interaction(d[by], drop = TRUE); return(ave(d$y * d$weight, g, FUN = sum) / ave(d$weight, g, FUN = sum)) }
  fitted(suppressWarnings(glm(reformulate(by, "y"), quasibinomial, d, weights = weight, control = glm.control(1e-14, 100))))
}
dindex <- function(d, p) { c <- weighted.mean(p, d$weight); weighted.mean(abs(p - c), d$weight) / (2 * c) }
orders <- function(v) if (length(v) <= 1) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(orders(v[-i]), function(o) c(v[i], o))))
says <- function(method) {
  p <- access(d, x, method); c <- weighted.mean(d$y, d$weight); D <- dindex(d, p); g <- exp(weighted.mean(log(p), d$weight))
  parts <- setNames(numeric(3), x)
  for (o in orders(x)) for (i in seq_along(o)) parts[o[i]] <- parts[o[i]] + (dindex(d, access(d, o[seq_len(i)], method)) - dindex(d, access(d, o[seq_len(i - 1)], method))) / 6
  list(coverage = c, d_index = D, hoi = c * (1 - D), hoi_geometric = g, d_index_geometric = 1 - g / c, parts = as.list(parts))
}
# Standard errors: each person's influence as the numerical derivative to their weight, and svytotal's standard error of its sum.
one <- function(d, method) { p <- access(d, x, method); c <- weighted.mean(d$y, d$weight); D <- dindex(d, p); g <- exp(weighted.mean(log(p), d$weight))
  parts <- sapply(x, function(k) { others <- setdiff(x, k); sets <- list(NULL, others[1], others[2], others); share <- c(2, 1, 1, 2) / 6
    sum(share * sapply(sets, function(s) dindex(d, access(d, c(s, k), method)) - dindex(d, access(d, s, method)))) })
  c(coverage = c, d_index = D, hoi = c * (1 - D), hoi_geometric = g, d_index_geometric = 1 - g / c, parts) }
se_of <- function(method) {
  kind <- interaction(d[c(x, "heard")], drop = TRUE); h <- 1e-3; slope <- list()
  for (k in levels(kind)) { i <- which(kind == k)[1]; up <- d; up$weight[i] <- up$weight[i] + h; down <- d; down$weight[i] <- down$weight[i] - h
    slope[[k]] <- (one(up, method) - one(down, method)) / (2 * h) }
  z <- t(sapply(as.character(kind), function(k) slope[[k]])); rownames(z) <- NULL
  as.list(setNames(SE(svytotal(z, design)), colnames(z)))
}
design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
fit <- suppressWarnings(svyglm(reformulate(x, "y"), design, family = quasibinomial(), control = glm.control(1e-14, 100)))
cells <- aggregate(cbind(w = weight, wy = weight * y) ~ residence + gender + disability, d, sum)
on_cells <- suppressWarnings(glm(reformulate(x, "wy / w"), quasibinomial, cells, weights = w, control = glm.control(1e-14, 100)))
stopifnot(max(abs(coef(on_cells) - coef(fit))) < 1e-10)
# Domains: y around X beta with known variances.
G <- 30; X <- cbind(1, rep(0:1, 15), rep(c(0, 0, 1), 10)); V <- runif(G, .002, .03); y <- drop(X %*% c(.5, -.1, .08)) + rnorm(G, 0, .09) + rnorm(G, 0, sqrt(V))
loss <- function(A, y, X, V) { S <- diag(A + V); Si <- solve(S); P <- Si - Si %*% X %*% solve(t(X) %*% Si %*% X) %*% t(X) %*% Si
  as.numeric(determinant(S)$modulus + determinant(t(X) %*% Si %*% X)$modulus + t(y) %*% P %*% y) }
eblup <- function(y, X, V) {
  A <- optimize(loss, c(0, 1), y = y, X = X, V = V, tol = 1e-12)$minimum; S <- A + V
  XSX <- solve(t(X / S) %*% X); beta <- XSX %*% t(X / S) %*% y; g <- A / S; fixed <- drop(X %*% beta)
  list(y = y, v = V, x = X, A = A, beta = drop(beta), estimate = fixed + g * (y - fixed),
    mse = g * V + (1 - g)^2 * rowSums((X %*% XSX) * X) + 2 * V^2 / S^3 * 2 / sum(S^-2))
}
quiet <- X %*% c(.5, -.1, .08) + rnorm(G, 0, sqrt(V) / 20)
write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  cells = says("cells"), logit = says("logit"), se = list(cells = se_of("cells"), logit = se_of("logit")),
  logit_coefficients = as.list(coef(fit)), domains = eblup(y, X, V), no_variance = eblup(drop(quiet), X, V)
), "expected.json", auto_unbox = TRUE, digits = NA)
