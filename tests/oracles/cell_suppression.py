"""Matteo Fischetti and Juan José Salazar-González, "Models and algorithms for optimizing cell suppression in
tabular data with linear constraints", Journal of the American Statistical Association 95 (2000), section 1:
investment of enterprises by activity (I, II, III) and region (A, B, C), an example of Willenborg and de Waal
(1996). The cell of activity II in region C is sensitive; three others are hidden with it.
"""

INVESTMENT = ((20, 50, 10), (8, 19, 22), (17, 32, 12))
BY_ACTIVITY = (80, 49, 61)
BY_REGION = (45, 101, 44)
TOTAL = 190
SENSITIVE = (1, 2)
HIDDEN_CELLS = ((1, 0), (1, 2), (2, 0), (2, 2))
SENSITIVE_INTERVAL = (5, 30)
"""What an attacker can work out of the sensitive cell once the four cells are hidden: with t in it, the other
three hold 30 - t, 34 - t and t - 5."""
