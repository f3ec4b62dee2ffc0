"""Kendall's W and McNemar's exact test, as others print them.

ANXIETY: the data set of that name in R's irr, 20 persons judged by three raters, in the example of `KendallW`
in R's DescTools with correction for ties (https://andrisignorell.github.io/DescTools/reference/KendallW.html);
irr's `kendall` prints the same.

CONFERENCE: Siegel and Castellan (1988), Nonparametric Statistics for the Behavioral Sciences, 2nd edition:
three groups rank eight reasons to go to a conference. Data and result as on the same page of DescTools. No
ties.

CULTURES: Armitage and Berry (1994), Statistical Methods in Medical Research, p. 127: two media for 50
specimens, 12 grow only on the one and 2 only on the other; the exact two-sided p as StatsDirect prints it
(http://www.statsdirect.com/help/chi_square_tests/mat.htm).
"""

ANXIETY = (
    (3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3),
    (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
    (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2),
)
ANXIETY_PRINTED = {"w": 0.5396569, "chi_square": 30.76, "df": 19, "p": 0.04288}

CONFERENCE = (
    # airfare, climate, season, people, program, publicity, present, interest
    (5, 6, 7, 1, 2, 4, 3, 8),
    (1, 7, 6, 2, 3, 5, 4, 8),
    (4, 5, 1, 3, 2, 7, 6, 8),
)
CONFERENCE_PRINTED = {"w": 0.6560847, "chi_square": 13.778, "df": 7, "p": 0.05528}

CULTURES = {"both": 20, "one": 12, "other": 2, "neither": 16, "p": 0.0129}
