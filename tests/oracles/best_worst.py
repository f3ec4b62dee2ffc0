"""Best-worst answers, their intervals and balanced tasks, as others print them.

COUNTED: the worked example of Displayr's page "Counts Analysis of MaxDiff Data"
(https://docs.displayr.com/wiki/Counts_Analysis_of_MaxDiff_Data): six tasks of three out of six alternatives,
one respondent; best, worst and their difference as printed there.

PAIRED_SHARES: the interval of Bonett and Price (2012) for a difference of two shares of the same people, as
a published collection of Bonett's R functions gives it (function CIpropWS, example "CIpropWS(.05, 26, 4,
40)"): of 40 people 26 differ one way and 4 the other. It takes the normal quantile.

BALANCED_DESIGNS: parameters under which every pair can meet equally often (balanced incomplete block
designs); searched for with R's crossdes in M. Foley, Survey Design and Analysis, chapter 7
(https://bookdown.org/mpfoley1973/survey/best-worst-scaling.html). How often a pair meets follows: n_tasks *
n_shown * (n_shown - 1) / (n_items * (n_items - 1)).
"""

ALTERNATIVES = ("A", "B", "C", "D", "E", "F")
COUNTED_TASKS = (
    # shown, best, worst
    (("C", "D", "E"), "C", "E"),
    (("A", "D", "E"), "A", "E"),
    (("B", "D", "F"), "B", "F"),
    (("A", "C", "F"), "C", "F"),
    (("A", "B", "C"), "C", "B"),
    (("B", "E", "F"), "B", "F"),
)
COUNTED_BEST = (1, 2, 3, 0, 0, 0)
COUNTED_WORST = (0, 1, 0, 0, 2, 3)
COUNTED_DIFFERENCE = (1, 1, 3, 0, -2, -3)
COUNTED_ORDER = (2, 2, 1, 4, 5, 6)
"""C > B = A > D > E > F."""

PAIRED_SHARES = {"n": 40, "one_way": 26, "other_way": 4, "low": 0.3126438, "high": 0.7349752}

# items, shown in a task, tasks, tasks in which a pair meets
BALANCED_DESIGNS = (
    (6, 3, 10, 2),
    (7, 3, 7, 1),
    (7, 4, 7, 2),
    (9, 6, 12, 5),
    (11, 5, 11, 2),
    (13, 4, 13, 1),
)
