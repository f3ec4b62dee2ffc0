import pytest
from tests.engines.portfolio.small_votes import vote
from tests.oracles.equal_shares_worked import TIES

from tessera.engines.portfolio.errors import RuleError
from tessera.engines.portfolio.outcome import order_of_ties, order_with_lots


@pytest.mark.parametrize(("projects", "expected"), TIES)
def test_ties_go_to_the_lowest_cost_and_then_to_the_most_votes(projects, expected):
    costs = {project: cost for project, (cost, _) in projects.items()}
    ballots = [project for project, (_, count) in projects.items() for _ in range(count)]
    problem = vote(costs, 1000, *ballots)
    assert problem.projects[order_of_ties(problem).index(0)] == expected


def test_ties_of_the_same_cost_and_votes_go_by_the_order_of_the_ids():
    problem = vote({"10": 5, "9": 5, "2": 5}, 10, ["2"], ["9"], ["10"])
    assert problem.projects == ("2", "9", "10")
    assert order_of_ties(problem) == (0, 1, 2)


def test_a_lot_decides_only_what_cost_and_votes_leave_open():
    problem = vote({"a": 5, "b": 5, "c": 5, "d": 4, "e": 5}, 10, "e")
    assert order_with_lots(problem, ["c", "d"]) == ("d", "e", "c", "a", "b")
    assert order_with_lots(problem, ["e", "b", "a"]) == ("d", "e", "b", "a", "c")


@pytest.mark.parametrize("drawn", [["x"], ["a", "a"]])
def test_lots_of_unknown_projects_or_drawn_twice_are_refused(drawn):
    with pytest.raises(RuleError, match=f"drawn by lot were {drawn[0]}"):
        order_with_lots(vote({"a": 5}, 10, "a"), drawn)


def test_an_order_that_is_given_decides_alone():
    problem = vote({"a": 5, "b": 1, "c": 9}, 10, "b", "b")
    assert order_of_ties(problem, ["c", "a", "b"]) == (1, 2, 0)
