"""The two worked examples of equalshares.net, page Explanation (D. Peters and P. Skowron, read in 2026).

Eleven voters, 1,100 of money; ballots column by column as in the table of each example. The second example
goes on with 43 for 300/7, so its later payments are printed to about half a unit.
"""

COSTS = {
    "bike path": 700,
    "outdoor gym": 400,
    "new park": 250,
    "new playground": 200,
    "library for kids": 100,
}
BUDGET = 1100

_SPORT = ("bike path", "outdoor gym")
_SPORT_AND_PARK = ("bike path", "outdoor gym", "new park")
_KIDS_AND_PARK = ("new park", "new playground", "library for kids")
_KIDS = ("new playground", "library for kids")
_FIRST_TEN = (
    _SPORT,
    _SPORT_AND_PARK,
    _SPORT,
    _SPORT_AND_PARK,
    _SPORT_AND_PARK,
    _SPORT,
    _KIDS_AND_PARK,
    ("new playground",),
    _KIDS,
    _KIDS_AND_PARK,
)

FIRST_BALLOTS = (*_FIRST_TEN, ("bike path",))
FIRST_CHOSEN = ("bike path", "new playground", "library for kids")
FIRST_PAYMENTS = (100, 50, 33.3)
FIRST_LEFT = 16.7 + 50 + 16.7 + 16.7
"""Of all voters together, at the end."""
FIRST_GREEDY = ("bike path", "outdoor gym")

SECOND_BALLOTS = (*_FIRST_TEN, ("outdoor gym",))
SECOND_CHOSEN = ("outdoor gym", "new park", "new playground")
SECOND_PAYMENTS = (57.14, 60.5, 60.5)
SECOND_PARK_EFFECTIVE_VOTES = 4.1

TIES = (
    ({"1": (600, 500), "2": (700, 300)}, "1"),
    ({"1": (600, 500), "2": (600, 300), "3": (600, 150)}, "1"),
)
"""Page Tie breaking, examples 1 and 2: cost and votes of projects that are tied, and which is chosen."""
