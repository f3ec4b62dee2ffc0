"""Worked examples of Klaus Krippendorff's "Computing Krippendorff's Alpha-Reliability" (2011).

Departmental papers of the Annenberg School for Communication, University of Pennsylvania,
https://repository.upenn.edu/asc_papers/43. Alphas as printed, to three decimals.
"""

from math import nan

TWO_OBSERVERS_BINARY = (
    (0, 1, 0, 0, 0, 0, 0, 0, 1, 0),
    (1, 1, 1, 0, 0, 1, 0, 0, 0, 0),
)
"""Section A: Meg and Owen, ten articles."""
TWO_OBSERVERS_BINARY_ALPHA = 0.095

TWO_OBSERVERS_NOMINAL = (
    (1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1),
    (2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4),
)
"""Section B: Ben and Gerry, twelve items; the letters a to e as 1 to 5."""
TWO_OBSERVERS_NOMINAL_ALPHA = 0.692

FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3),
    (nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan),
)
"""Section C: observers A to D, twelve units; the last has one rating and drops out."""
FOUR_OBSERVERS_ALPHA = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
