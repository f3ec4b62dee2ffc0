"""The Technology Achievement Index, the worked example of the Handbook, and the small examples beside it.

OECD/JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide,
ISBN 978-92-64-04345-9; tables and printed pages stand beside the figures. COUNTRIES are the 23 countries of
the case study in the order of Table A.2.

GOALPOSTS: the Handbook uses those of the original index without printing them. They are in Saisana, Saltelli
and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality assessment of
composite indicators, Journal of the Royal Statistical Society A 168, 307-323, Table 1, p. 313: a paper on the
same example, which the Handbook cites (p. 117).

Where the Handbook contradicts itself or its data, a figure is left out:

- Tables 18 and 22 (pp. 91 and 100) print different weights from the same factor analysis: exports 0.07 and
  0.06, electricity 0.12 and 0.13, schooling 0.14 and 0.13, university 0.16 and 0.17. Table 23 goes with
  Table 22.
- The ranks of the non-compensatory method (Table 38, p. 116) are not the ranking with the most support: the
  United Kingdom is 5th and Norway 6th, but by Table A.2 only 3 of the 8 indicators are for the United Kingdom
  and 5 for Norway, so that to swap the two would have more.
- Singapore is 8th of the index with equal weights in Tables 23 and 38, and 10th in Table 41 (p. 134) and in
  the order of Table A.2. The data make it the 8th.
- Of 42 the fourth root is 2.5457, printed as 2.54, and of 6 x 6 x 6 x 7 it is 6.2357, printed as 6.23
  (p. 104): both cut off, not rounded.
- Of the rule to drop all factors with eigenvalues below 1.0 it is said that three should be retained (Box 6,
  p. 70). The third explains 12.3 % (Table 7), which is 0.98 of 8.
"""

import math

INDICATORS = (
    "patents",
    "royalties",
    "internet",
    "exports",
    "telephones",
    "electricity",
    "schooling",
    "university",
)

# Table A.2, p. 152; units in Table A.1, p. 151. Telephones and electricity are common logarithms.
COUNTRIES = {
    "Finland": (187, 125.6, 200.2, 50.7, 3.08, 4.15, 10, 27.4),
    "United States": (289, 130, 179.1, 66.2, 3.00, 4.07, 12, 13.9),
    "Sweden": (271, 156.6, 125.8, 59.7, 3.10, 4.14, 11.4, 15.3),
    "Japan": (994, 64.6, 49, 80.8, 3.00, 3.86, 9.5, 10),
    "Korea": (779, 9.8, 4.8, 66.7, 2.97, 3.65, 10.8, 23.2),
    "Netherlands": (189, 151.2, 136, 50.9, 3.02, 3.77, 9.4, 9.5),
    "United Kingdom": (82, 134, 57.4, 61.9, 3.02, 3.73, 9.4, 14.9),
    "Canada": (31, 38.6, 108, 48.7, 2.94, 4.18, 11.6, 14.2),
    "Australia": (75, 18.2, 125.9, 16.2, 2.94, 3.94, 10.9, 25.3),
    "Singapore": (8, 25.5, 72.3, 74.9, 2.95, 3.83, 7.1, 24.2),
    "Germany": (235, 36.8, 41.2, 64.2, 2.94, 3.75, 10.2, 14.4),
    "Norway": (103, 20.2, 193.6, 19, 3.12, 4.39, 11.9, 11.2),
    "Ireland": (106, 110.3, 48.6, 53.6, 2.97, 3.68, 9.4, 12.3),
    "Belgium": (72, 73.9, 58.9, 47.6, 2.91, 3.86, 9.3, 13.6),
    "New Zealand": (103, 13, 146.7, 15.4, 2.86, 3.91, 11.7, 13.1),
    "Austria": (165, 14.8, 84.2, 50.3, 2.99, 3.79, 8.4, 13.6),
    "France": (205, 33.6, 36.4, 58.9, 2.97, 3.80, 7.9, 12.6),
    "Israel": (74, 43.6, 43.2, 45, 2.96, 3.74, 9.6, 11),
    "Spain": (42, 8.6, 21, 53.4, 2.86, 3.62, 7.3, 15.6),
    "Italy": (13, 9.8, 30.4, 51, 3.00, 3.65, 7.2, 13),
    "Czech Republic": (28, 4.2, 25, 51.7, 2.75, 3.68, 9.5, 8.2),
    "Hungary": (26, 6.2, 21.6, 63.5, 2.73, 3.46, 9.1, 7.7),
    "Slovenia": (105, 4, 20.3, 49.5, 2.84, 3.71, 7.1, 10.6),
}

# The last digit that Table A.2 prints of each indicator.
LAST_DIGIT = (1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.1, 0.1)

# Saisana et al. (2005), Table 1, p. 313: observed lowest and highest. Telephones are per 1,000 people,
# electricity is in kWh per head. What lies above counts as the highest.
GOALPOSTS = (
    (0.0, 994.0),
    (0.0, 272.6),
    (0.0, 232.4),
    (0.0, 80.8),
    (math.log10(1), math.log10(901)),
    (math.log10(22), math.log10(6_969)),
    (0.8, 12.0),
    (0.1, 27.4),
)

# The groups of indicators by dimension: Table A.1, p. 151.
DIMENSIONS = {
    "creation": ("patents", "royalties"),
    "recent-innovations": ("internet", "exports"),
    "old-innovations": ("telephones", "electricity"),
    "human-skills": ("schooling", "university"),
}

# Figure 4, p. 38: the index and its eight indicators, 0 to 100.
SCORES = {
    "Finland": (74, (19, 46, 86, 63, 100, 100, 82, 100)),
    "Japan": (70, (100, 24, 21, 100, 100, 100, 78, 36)),
}

# Table 6, p. 64: above the diagonal, row by row.
CORRELATIONS = (
    (0.13, -0.09, 0.45, 0.28, 0.03, 0.22, 0.08),
    (0.46, 0.25, 0.56, 0.32, 0.30, 0.06),
    (-0.45, 0.56, 0.84, 0.63, 0.27),
    (0.00, -0.36, -0.35, -0.03),
    (0.64, 0.30, 0.33),
    (0.65, 0.26),
    (0.08,),
)

# Table 7, p. 65, and again Table 16, p. 90.
EIGENVALUES = (3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1)
VARIANCE_PERCENT = (41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9)
CUMULATIVE_PERCENT = (41.9, 63.7, 76.0, 87.2, 93.2, 96.9, 99.1, 100.0)

# Table 8, p. 69: a row for each indicator, a column for each component. The sign of a component is free.
LOADINGS = (
    (-0.11, -0.75, 0.13, 0.60, -0.10, -0.12, -0.17, 0.05),
    (-0.56, -0.48, 0.22, -0.54, 0.27, -0.17, -0.04, 0.10),
    (-0.92, 0.21, 0.02, -0.10, 0.04, 0.11, -0.27, -0.13),
    (0.35, -0.85, 0.01, -0.13, 0.11, 0.35, 0.06, -0.08),
    (-0.76, -0.39, -0.16, -0.16, -0.41, -0.16, 0.16, -0.09),
    (-0.91, 0.13, 0.01, 0.07, -0.19, 0.30, 0.04, 0.16),
    (-0.74, 0.11, 0.37, 0.39, 0.33, -0.02, 0.20, -0.07),
    (-0.36, -0.12, -0.87, 0.15, 0.26, -0.03, 0.02, 0.02),
)

# Table 9, p. 71: the share of each indicator's variance that the first four factors explain, and what each of
# these explains in the unit of an indicator. A rotation changes neither the shares nor the sum of the latter.
COMMUNALITIES = (0.95, 0.89, 0.89, 0.86, 0.77, 0.85, 0.85, 0.93)
ROTATED_VARIANCES = (2.64, 1.39, 1.19, 1.76)

# P. 72, and Table 11, p. 73: without an indicator at a time, and its correlation with the sum of the others.
ALPHA = 0.70
ALPHA_WITHOUT = (0.704, 0.645, 0.636, 0.774, 0.603, 0.624, 0.662, 0.706)
CORRELATION_WITH_TOTAL = (0.261, 0.527, 0.566, -0.108, 0.701, 0.614, 0.451, 0.249)

# Table 15, p. 87, of schooling: rank from the lowest, z-score, min-max, and ratio to the best country.
SCHOOLING = {
    "Finland": (15, 0.26, 0.59, 0.83),
    "United States": (23, 1.52, 1.00, 1.00),
    "Sweden": (19, 1.14, 0.88, 0.95),
    "Japan": (12, -0.06, 0.49, 0.79),
    "Korea": (17, 0.76, 0.76, 0.90),
    "Netherlands": (9, -0.12, 0.47, 0.78),
    "United Kingdom": (9, -0.12, 0.47, 0.78),
    "Canada": (20, 1.27, 0.92, 0.97),
    "Australia": (18, 0.83, 0.78, 0.91),
    "Singapore": (1, -1.58, 0.00, 0.59),
    "Germany": (16, 0.38, 0.63, 0.85),
    "Norway": (22, 1.46, 0.98, 0.99),
    "Ireland": (9, -0.12, 0.47, 0.78),
    "Belgium": (8, -0.19, 0.45, 0.78),
    "New Zealand": (21, 1.33, 0.94, 0.98),
    "Austria": (6, -0.76, 0.27, 0.70),
    "France": (5, -1.08, 0.16, 0.66),
    "Israel": (14, 0.00, 0.51, 0.80),
    "Spain": (4, -1.46, 0.04, 0.61),
    "Italy": (3, -1.52, 0.02, 0.60),
    "Czech Republic": (12, -0.06, 0.49, 0.79),
    "Hungary": (7, -0.31, 0.41, 0.76),
    "Slovenia": (1, -1.58, 0.00, 0.59),
}

# Table 22, p. 100, as printed, with two decimals; those of AHP sum to 1.01. Equal weights are 1/8.
WEIGHTS = {
    "equal": (1 / 8,) * 8,
    "factor analysis": (0.17, 0.15, 0.11, 0.06, 0.08, 0.13, 0.13, 0.17),
    "budget allocation": (0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18),
    "analytic hierarchy": (0.09, 0.10, 0.07, 0.21, 0.05, 0.06, 0.18, 0.25),
}

# Table 23, p. 100, under the four sets of weights above in their order, of which the first is the linear
# method of Table 38, p. 116, too; and last the geometric method of Table 38.
RANKS = {
    "Finland": (1, 1, 1, 1, 2),
    "United States": (2, 2, 2, 3, 1),
    "Sweden": (3, 3, 3, 4, 3),
    "Japan": (4, 4, 5, 5, 4),
    "Korea": (5, 5, 4, 2, 16),
    "Netherlands": (6, 6, 8, 11, 5),
    "United Kingdom": (7, 8, 7, 7, 6),
    "Singapore": (8, 11, 6, 6, 18),
    "Canada": (9, 10, 10, 10, 13),
    "Australia": (10, 7, 11, 9, 14),
    "Germany": (11, 12, 9, 8, 8),
    "Norway": (12, 9, 13, 16, 11),
    "Ireland": (13, 14, 12, 12, 7),
    "Belgium": (14, 15, 14, 13, 9),
    "New Zealand": (15, 13, 17, 18, 17),
    "Austria": (16, 16, 15, 15, 12),
    "France": (17, 17, 16, 14, 10),
    "Israel": (18, 18, 18, 17, 15),
    "Spain": (19, 19, 19, 19, 19),
    "Italy": (20, 20, 21, 21, 21),
    "Czech Republic": (21, 21, 22, 22, 23),
    "Hungary": (22, 23, 20, 20, 22),
    "Slovenia": (23, 22, 23, 23, 20),
}

# Table 41, p. 134: ranks in the index, and in the one without telephones and electricity.
RANKS_WITHOUT_OLD = {
    "Finland": (1, 1),
    "United States": (2, 2),
    "Sweden": (3, 3),
    "Japan": (4, 4),
    "Korea": (5, 5),
    "Netherlands": (6, 6),
    "United Kingdom": (7, 7),
    "Canada": (8, 9),
    "Australia": (9, 10),
    "Singapore": (10, 8),
    "Germany": (11, 11),
    "Norway": (12, 12),
    "Ireland": (13, 13),
    "Belgium": (14, 14),
    "New Zealand": (15, 15),
    "Austria": (16, 16),
    "France": (17, 17),
    "Israel": (18, 18),
    "Spain": (19, 19),
    "Italy": (20, 22),
    "Czech Republic": (21, 21),
    "Hungary": (22, 20),
    "Slovenia": (23, 23),
}

# Table 35, p. 113: these five countries as in Table A.2, but the logarithms with a digit more.
LOGARITHMS_OF_FIVE = {
    "Finland": (3.080, 4.150),
    "United States": (2.997, 4.073),
    "Sweden": (3.096, 4.145),
    "Japan": (3.003, 3.865),
    "Korea": (2.972, 3.653),
}
# Table 36, p. 114: the share of the indicators by which the country of a row is ahead of that of a column.
OUTRANKING_OF_FIVE = (
    (0, 0.5, 0.375, 0.75, 0.625),
    (0.5, 0, 0.5, 0.625, 0.625),
    (0.625, 0.5, 0, 0.75, 0.625),
    (0.25, 0.375, 0.25, 0, 0.75),
    (0.375, 0.375, 0.375, 0.25, 0),
)
# Table 37, p. 114: orders of the five, named by their places above, and the support each has.
SUPPORT_OF_FIVE = {
    (1, 2, 0, 3, 4): 6.375,
    (2, 0, 1, 3, 4): 6.375,
    (2, 1, 0, 3, 4): 6.375,
    (0, 1, 2, 3, 4): 6.125,
    (0, 2, 1, 3, 4): 6.125,
    (1, 0, 2, 3, 4): 6.125,
}

# Orders of countries from the first to the last, each with the number of indicators that give it, and the
# points by Borda's rule of the countries in alphabetical order.
BORDA = {
    "Tables 25 and 26, pp. 106-107": ({"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6}, (24, 44, 38, 20)),
    "Tables 28 and 29, p. 108": ({"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}, (58, 69, 53)),
    "Tables 31 and 32, p. 109": ({"cbad": 3, "badc": 2, "adcb": 2}, (13, 12, 11, 6)),
    "Table 33, p. 110": ({"cba": 3, "bac": 2, "acb": 2}, (6, 7, 8)),
    "Table 34, p. 112": ({"abc": 1, "cab": 1, "bca": 1}, (3, 3, 3)),
}
# Tables 27 and 30, pp. 107-108: how many indicators are for the country of a row against that of a column.
OUTRANKING = {
    "Tables 25 and 26, pp. 106-107": ((0, 8, 8, 8), (13, 0, 10, 21), (13, 11, 0, 14), (13, 0, 7, 0)),
    "Tables 28 and 29, p. 108": ((0, 33, 25), (27, 0, 42), (35, 18, 0)),
}
# P. 107: the ranking by Condorcet's rule. Pp. 109 and 112: none, the majorities go in a circle.
CONDORCET = {
    "Tables 25 and 26, pp. 106-107": "cbda",
    "Tables 28 and 29, p. 108": None,
    "Table 34, p. 112": None,
}
# P. 111: the support of each order, by the outranking matrix of Table 30.
SUPPORT = {"abc": 100, "bca": 104, "cab": 86, "bac": 94, "cba": 80, "acb": 76}

# Table 14, p. 83: temperature and humidity of countries A and B in a year, each divided by the value of the
# leading country, and their mean. The year, the figures of A and of B, and their composites.
LEADING_COUNTRY = {
    "2003, Celsius": ((35, 75), (39, 50), (0.949, 0.833)),
    "2004, Celsius": ((35.9, 70), (40, 45), (0.949, 0.821)),
    "2003, Fahrenheit": ((95, 75), (102.2, 50), (0.965, 0.833)),
    "2004, Fahrenheit": ((96.62, 70), (104, 45), (0.965, 0.821)),
}

# Pp. 103-104: four scores and their geometric mean; their arithmetic means are both 6. One unit more of the
# second score raises the two by this many per cent.
GEOMETRIC = {(21, 1, 1, 1): 2.14, (6, 6, 6, 6): 6}
GAIN_PERCENT = {(21, 1, 1, 1): 19, (6, 6, 6, 6): 4}

# Box 7, pp. 81-82: ranks of eight persons and Kendall's coefficient (4 P / (n (n - 1)) - 1, called W there).
BY_HEIGHT = (1, 2, 3, 4, 5, 6, 7, 8)
BY_WEIGHT = (3, 4, 1, 2, 5, 7, 8, 6)
KENDALL = 0.57
