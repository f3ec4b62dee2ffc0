"""Examples 9 and 11 of M. Lackner and P. Skowron (2023), Multi-Winner Voting with Approval Preferences.

Figures as in the program of the first author (abcvoting, tests/expected_output/test_abcbook_example09_py and
test_abcbook_example11_py). Twelve voters, every candidate costs 1, four are elected.
"""

from fractions import Fraction

CANDIDATES = "abcdefg"
SEATS = 4
BALLOTS = ("ab", "ab", "ab", "ac", "ac", "ac", "ad", "ad", "bcf", "e", "f", "g")

SEQUENTIAL = (("a", Fraction(1, 8)), ("b", Fraction(11, 32)), ("c", Fraction(55, 128)), ("d", Fraction(5, 8)))
"""Example 9: the elected by sequential Phragmén and the load of their supporters. b is tied with c."""

EQUAL_SHARES = (("a", Fraction(1, 8)),)
"""Example 11, phase 1: bought by the Method of Equal Shares, and at what price."""
EQUAL_SHARES_LEFT = (Fraction(5, 24),) * 8 + (Fraction(1, 3),) * 4
