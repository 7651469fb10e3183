# Draws invented people.csv and writes the trees that rpart grows of them to expected.json, and each person's leaf to leaves.csv.
# Run: Rscript make.R (in this folder). Debian: r-base-core r-cran-rpart r-cran-jsonlite.
# rpart's own method "anova" has no rule for a share of the weights; `shared` is the same criterion as a user's method that has it.
suppressPackageStartupMessages({library(rpart); library(jsonlite)})
RNGversion("4.0.0"); set.seed(1610)
n <- 1800
pick <- function(from, p) sample(from, n, replace = TRUE, prob = p)
d <- data.frame(
  gender = pick(c("woman", "man", "non_binary"), c(.5, .46, .04)), residence = pick(c("rural", "town", "city"), c(.5, .3, .2)),
  age = pick(c("15-24", "25-34", "35-49", "50-64", "65+"), c(.25, .25, .25, .15, .1)), disability = pick(c("with", "without"), c(.16, .84)),
  region = pick(letters[1:7], 7:1), wealth = pick(c("poorest", "poor", "middle", "rich"), c(.3, .3, .2, .2))
)
d$weight <- round(runif(n, 0.4, 3.5), 3)
is <- function(x, v) as.numeric(x == v)
eta <- .2 - .6 * is(d$gender, "woman") - .4 * is(d$residence, "rural") - 1.1 * is(d$gender, "woman") * is(d$residence, "rural") * is(d$disability, "with") +
  .5 * is(d$region, "c") - .4 * is(d$region, "f") + .35 * (match(d$wealth, c("poorest", "poor", "middle", "rich")) - 2) - .5 * is(d$age, "65+")
d$heard <- ifelse(runif(n) < 1 / (1 + exp(-eta)), "yes", "no")
d$hours <- round(1000 + 12 * eta + rnorm(n, 0, 15), 1)
write.csv(d, "people.csv", row.names = FALSE, quote = FALSE)

as_asked <- function(d) {
  for (k in c("gender", "residence", "disability", "region")) d[[k]] <- factor(d[[k]])
  d$age <- factor(d$age, c("15-24", "25-34", "35-49", "50-64", "65+"), ordered = TRUE)
  d$wealth <- factor(d$wealth, c("poorest", "poor", "middle", "rich"), ordered = TRUE); d
}
total <- 0; share <- 0; fewest <- 0  # for the user's method, to which rpart does not hold minbucket where a category parts
shared <- list(
  init = function(y, offset, parms, wt) list(y = y, parms = NULL, numresp = 1, numy = 1, summary = function(yval, dev, wt, ylevel, digits) ""),
  eval = function(y, wt, parms) { m <- sum(y * wt) / sum(wt); list(label = m, deviance = sum(wt * (y - m)^2)) },
  split = function(y, wt, x, parms, continuous) {
    y <- y - sum(y * wt) / sum(wt)
    if (continuous) {
      n <- seq_along(y)[-length(y)]; left <- cumsum(wt)[-length(y)]; sums <- cumsum(y * wt)[-length(y)]; right <- sum(wt) - left
      goodness <- (sums^2 / left + sums^2 / right) / sum(wt * y^2); direction <- sign(sums / left)
    } else {
      ux <- sort(unique(x)); w <- tapply(wt, x, sum); s <- tapply(y * wt, x, sum); o <- order(s / w); k <- length(ux); n <- cumsum(table(x)[o])[-k]
      left <- cumsum(w[o])[-k]; right <- sum(wt) - left; sums <- cumsum(s[o])[-k]
      goodness <- (sums^2 / left + sums^2 / right) / sum(wt * y^2); direction <- ux[o]
    }
    goodness[pmin(left, right) < share * total | pmin(n, length(y) - n) < fewest] <- 0
    list(goodness = unname(goodness), direction = unname(direction))
  }
)
fits <- list(
  escap = list(y = "heard", fewest = 49, share = .09, depth = 6, x = c("gender", "residence", "age", "disability", "region", "wealth")),
  small = list(y = "heard", fewest = 7, share = 0, depth = 30, x = c("gender", "residence", "age", "disability", "region", "wealth")),
  few = list(y = "heard", fewest = 20, share = .03, depth = 4, x = c("region", "wealth", "disability", "gender")),
  numbers = list(y = "hours", fewest = 49, share = .09, depth = 6, x = c("gender", "residence", "age", "disability", "region", "wealth")),
  many_numbers = list(y = "hours", fewest = 10, share = 0, depth = 8, x = c("age", "wealth", "region", "gender", "residence"))
)
p <- as_asked(d); total <- sum(p$weight); where <- list()
says <- function(name) {
  one <- fits[[name]]; share <<- one$share; fewest <<- one$fewest
  p$y <- if (one$y == "heard") is(p$heard, "yes") else p$hours
  control <- rpart.control(minsplit = 2, minbucket = one$fewest, maxdepth = one$depth, cp = 0, xval = 0, maxcompete = 0, maxsurrogate = 0)
  grown <- function(method) rpart(reformulate(one$x, "y"), p, weights = weight, method = method, control = control)
  m <- grown(if (one$share > 0) shared else "anova"); f <- m$frame; node <- as.integer(rownames(f))
  where[[name]] <<- node[m$where]
  if (one$share == 0) { share <<- 0; other <- grown(shared); stopifnot(identical(other$where, m$where)) }  # the user's method is anova
  c(one, list(nodes = data.frame(node = node, dimension = ifelse(f$var == "<leaf>", "", as.character(f$var)), n = f$n, w = f$wt, y = f$yval, deviance = f$dev)))
}
trees <- sapply(names(fits), says, simplify = FALSE)
write.csv(as.data.frame(where), "leaves.csv", row.names = FALSE, quote = FALSE)
write_json(list(versions = list(R = R.version.string, rpart = as.character(packageVersion("rpart"))), trees = trees), "expected.json", auto_unbox = TRUE, digits = NA)
for (k in names(trees)) cat(k, sum(trees[[k]]$nodes$dimension == ""), "leaves\n")
