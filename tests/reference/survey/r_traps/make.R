# Writes expected.json from ../r_live/people.csv (invented people) with Debian's r-cran-survey. Run: Rscript make.R (in this folder).
# What R says where its definition, or its default, is not ours; and the NCHS presentation standards for proportions, step by step.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", warn = 1)
people <- subset(read.csv("../r_live/people.csv", na.strings = "", colClasses = c(stratum = "character", person = "character", q = "character")), round == "r1")
one <- function(x) unname(as.numeric(x))

# Design effect under weights that add up to about the number of answers, as they are shipped: rounded.
people$share <- round(people$w / mean(people$w), 3)
normalised <- svydesign(id = ~psu, strata = ~stratum, weights = ~share, nest = TRUE, data = people)
expansion <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = people)
deffs <- function(d) { v <- svymean(~v, subset(d, !is.na(v)), deff = TRUE); r <- svymean(~v, subset(d, !is.na(v)), deff = "replace")
  list(r_default = one(deff(v)), with_replacement = one(deff(r)), people = sum(weights(subset(d, !is.na(v))))) }

# A domain in one PSU, and of one row.
alone <- svyby(~v, ~g, subset(expansion, !is.na(v)), svymean)
expansion$variables$me <- ifelse(expansion$variables$person == people$person[which(!is.na(people$v))[1]], "me", "others")
me <- svyby(~v, ~me, subset(expansion, !is.na(v)), svymean)

# Lonely PSUs under adjust, the strata as letters and as numbers.
few <- subset(people, !(stratum == "c" & psu != 1)); few$number <- match(few$stratum, c("a", "b", "c"))
options(survey.lonely.psu = "adjust")
letters_se <- tryCatch(one(SE(svymean(~v, svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = few), na.rm = TRUE))), warning = function(w) NA)
numbers_se <- one(SE(svymean(~v, svydesign(id = ~psu, strata = ~number, weights = ~w, nest = TRUE, data = few), na.rm = TRUE)))
options(survey.lonely.psu = "fail")

# NCHS, Vital and Health Statistics 2 (175): every step from svymean, qt and qbeta.
judged <- function(design, where) {
  keep <- !is.na(design$variables$y)
  for (name in names(where)) keep <- keep & design$variables[[name]] == where[[name]]
  part <- subset(design, keep)
  p <- one(coef(svymean(~y, part))); se <- one(SE(svymean(~y, part))); n <- sum(keep); df <- degf(subset(design, Reduce(`&`, lapply(names(where), function(k) design$variables[[k]] == where[[k]]), rep(TRUE, nrow(design$variables)))))
  if (min(p, 1 - p) < 1e-12) p <- round(p)  # NCHS's macro does the same
  if (p %in% c(0, 1)) { effective <- n; people <- n } else {
    effective <- min(p * (1 - p) / se^2, n)
    people <- min(n, p * (1 - p) / se^2 * (if (df > 0) qt(.975, n - 1) / qt(.975, df) else NA)^2)
  }
  if (!is.finite(people)) people <- 0  # no degrees of freedom: the interval is everything, and too wide
  low <- if (p == 0) 0 else qbeta(.025, people * p, people * (1 - p) + 1)
  high <- if (p == 1) 1 else qbeta(.975, people * p + 1, people * (1 - p))
  width <- high - low
  known <- is.finite(width) && !(se == 0 && !p %in% c(0, 1))
  suppress <- !known || n < 30 || effective < 30 || width >= .30 || (width > .05 && width / p > 1.30)
  review <- !suppress && (df < 8 || p %in% c(0, 1))
  list(where = where, n = n, p = p, se = se, df = df, low = low, high = high, verdict = if (suppress) "too_few" else if (review) "caution" else "ok")
}
# The people again and again: copies are other PSUs (`apart`) or more people in the same ones; y as it is, or drawn by a rule.
answers <- list(
  as_it_is = function(row, copy, y) y, even = function(row, copy, y) as.numeric((row * 7 + copy * 3) %% 5 == 0),
  rare = function(row, copy, y) as.numeric((row * 7 + copy * 3) %% 61 == 0), most = function(row, copy, y) as.numeric((row * 7 + copy * 3) %% 61 != 0)
)
grow <- function(times, apart, how) {
  many <- people[rep(seq_len(nrow(people)), times), ]
  copy <- rep(seq_len(times), each = nrow(people)); row <- rep(seq_len(nrow(people)), times)
  if (apart) many$psu <- paste(many$psu, copy)
  many$y <- answers[[how]](row, copy, many$y)
  many
}
wheres <- c(list(list()), lapply(c("woman", "man", "other"), function(g) list(g = g)), lapply(c("yes", "no"), function(d) list(d = d)),
            unlist(lapply(c("woman", "man"), function(g) lapply(c("yes", "no"), function(d) list(g = g, d = d))), recursive = FALSE))
samples <- list(
  list(times = 1, apart = TRUE, how = "as_it_is"), list(times = 4, apart = TRUE, how = "as_it_is"), list(times = 40, apart = TRUE, how = "as_it_is"),
  list(times = 8, apart = FALSE, how = "even"), list(times = 30, apart = FALSE, how = "even"), list(times = 6, apart = TRUE, how = "rare"),
  list(times = 60, apart = FALSE, how = "rare"), list(times = 20, apart = FALSE, how = "most"), list(times = 90, apart = TRUE, how = "most")
)
nchs <- lapply(samples, function(s) {
  many <- grow(s$times, s$apart, s$how)
  c(s, list(
    strata_clusters = lapply(wheres, function(w) judged(svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = many), w)),
    weights = lapply(wheres, function(w) judged(svydesign(id = ~1, weights = ~w, data = many), w))
  ))
})

write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  deff = list(normalised = deffs(normalised), expansion = deffs(expansion)),
  alone = list(se_of_one_psu = alone["other", "se"], estimate_of_one_psu = alone["other", "v"], se_of_one_row = me["me", "se"],
               person = people$person[which(!is.na(people$v))[1]]),
  adjust = list(letters = letters_se, numbers = numbers_se),
  nchs = nchs
), "expected.json", digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = 1)
