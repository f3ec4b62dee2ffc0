from fractions import Fraction

import pytest
from hypothesis import given
from tests.engines.portfolio.small_votes import vote, votes
from tests.oracles import equal_shares_worked as worked

from tessera.engines.portfolio.compare import Preference, Service, preference, service
from tessera.engines.portfolio.equal_shares import equal_shares
from tessera.engines.portfolio.errors import RuleError
from tessera.engines.portfolio.greedy import greedy_by_votes


def test_the_worked_example_of_equalshares_net():
    # Equal Shares: bike path for 7, playground for 4, library for 3 of them. Greedy: bike path, gym for 6.
    problem = vote(worked.COSTS, worked.BUDGET, *worked.FIRST_BALLOTS)
    ours, theirs = equal_shares(problem), greedy_by_votes(problem)
    money = 7 * 700 + 4 * 200 + 3 * 100
    assert service(problem, ours) == Service(11, Fraction(14, 11), Fraction(money, 11 * 1100))
    assert service(problem, theirs) == Service(7, Fraction(13, 11), Fraction(7 * 700 + 6 * 400, 11 * 1100))
    assert preference(problem, ours, theirs) == Preference(first=4, second=6, neither=1)


@given(problem=votes())
def test_the_other_way_round_the_preferences_change_places(problem):
    ours, theirs = equal_shares(problem), greedy_by_votes(problem)
    found, swapped = preference(problem, ours, theirs), preference(problem, theirs, ours)
    assert (found.first, found.second, found.neither) == (swapped.second, swapped.first, swapped.neither)
    assert found.first + found.second + found.neither == problem.n_voters


def test_an_outcome_of_other_projects_is_refused():
    outcome = greedy_by_votes(vote({"x": 1}, 1, "x"))
    problem = vote({"a": 1}, 1, "a")
    with pytest.raises(RuleError, match="the outcome has x, which is not on the ballot"):
        service(problem, outcome)
