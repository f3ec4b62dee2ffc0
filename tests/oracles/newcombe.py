"""Score intervals for a share as printed.

R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion: comparison of seven methods,
Statistics in Medicine 17, 857-872, Table I, method 3 (score without continuity correction): 95 %.
"""

# count, total: low, high
SCORE_INTERVALS = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0000, 0.1611),
    (1, 29): (0.0061, 0.1718),
}
