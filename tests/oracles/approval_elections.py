"""Elections by approval with the committees that sequential PAV and greedy Chamberlin-Courant choose.

A ballot is a string of the candidates approved of, a letter each, with the number of voters who cast it.

RUNNING, BOOK: M. Lackner and P. Skowron (2023), Multi-Winner Voting with Approval Preferences, Springer: the
running example (Example 1 of the survey of the same name, arXiv:2007.01795), of which the committee of the
largest coverage is printed; and Example 2.5, with the gain of each step.

SEQUENTIAL_PAV, GREEDY_CHAMBERLIN_COURANT: the elections in the proofs of Propositions A.3 and A.4 of the
survey (two of them from L. Sánchez-Fernández and J. A. Fisteus (2019), Monotonicity axioms in approval-based
multi-winner voting rules, AAMAS). The committees are those that the program abcvoting records for them
(github.com/martinlackner/abcvoting, survey/propositionA3.py and propositionA4.py), where there is only one.

UNJUSTIFIED: H. Aziz, M. Brill, V. Conitzer, E. Elkind, R. Freeman and T. Walsh (2017), Justified
representation in approval-based committee voting, Social Choice and Welfare 48, 461-485, section 3: of 1,199
voters 119.9 deserve one of ten seats, but sequential PAV leaves out the 120 of k.

TWO_OF_SIX: the example of check_JR in abcvoting's documentation (abcvoting/properties.py), and what it says
of two committees.
"""

RUNNING = {"ab": 3, "ac": 3, "ad": 2, "bcf": 1, "e": 1, "f": 1, "g": 1}
RUNNING_LARGEST_COVERAGE = set("aefg")

BOOK = {"ab": 3, "ad": 6, "b": 4, "c": 5, "cd": 5}
BOOK_STEPS = "dc"

# ballots, seats, the one committee of sequential PAV
SEQUENTIAL_PAV = {
    "support": ({"abd": 7, "abe": 4, "acd": 3, "ace": 5}, 4, "abcd"),
    "support-and-cd": ({"abd": 7, "abe": 4, "acd": 3, "ace": 5, "cd": 1}, 4, "abde"),
    "monotone": ({"bc": 1, "bd": 1, "ef": 1, "ae": 2, "cf": 1, "ab": 1, "bf": 1}, 3, "bef"),
    "honest": ({"ab": 1, "bd": 1, "cf": 1, "abf": 1, "bf": 1, "bc": 1}, 3, "bcf"),
    "manipulated": ({"a": 1, "bd": 1, "cf": 1, "abf": 1, "bf": 1, "bc": 1}, 3, "abf"),
}

# ballots, seats, the one committee of greedy Chamberlin-Courant
_REST = {"ab": 1, "def": 1, "de": 1, "bf": 1, "cd": 2, "abc": 1, "ac": 1, "abe": 1, "aef": 1, "bcd": 1}
GREEDY_CHAMBERLIN_COURANT = {
    "support": ({"a": 2, "abc": 1, "ad": 2, "b": 2, "bd": 1, "c": 3, "d": 1}, 3, "abc"),
    "honest": ({"bef": 1, **_REST}, 3, "abd"),
    "manipulated": ({"c": 1, **_REST}, 3, "bce"),
}

UNJUSTIFIED = {
    "ab": 81, "ac": 81, "b": 80, "c": 80,
    "de": 81, "df": 81, "e": 80, "f": 80,
    "gh": 49, "gi": 49, "gj": 49, "h": 96, "i": 96, "j": 96,
    "k": 120,
}  # fmt: skip
UNJUSTIFIED_SEATS = 10
UNJUSTIFIED_LEFT_OUT = "k"

TWO_OF_SIX = {"abc": 4, "d": 2}
TWO_OF_SIX_LISTS = {"abc": False, "bcd": True}
