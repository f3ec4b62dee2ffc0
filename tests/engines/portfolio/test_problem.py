import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.portfolio.small_votes import ballots_of, vote, votes

from tessera.engines.portfolio.errors import BallotError, ProjectError
from tessera.engines.portfolio.problem import in_order, problem_of, problem_of_rows


def test_supporters_stand_project_after_project_in_the_order_of_the_ids():
    problem = vote({"10": 3, "9": 4}, 5, ["9"], ["10", "9"], ["10"], [])
    assert (problem.projects, problem.costs, problem.votes, problem.n_voters) == (
        ("9", "10"),
        (4, 3),
        (2, 2),
        4,
    )
    assert problem.supporters_of(0).tolist() == [0, 1]
    assert problem.supporters_of(1).tolist() == [1, 2]


def test_ids_are_ordered_by_number_only_if_all_are_whole_numbers():
    assert in_order(["10", "9", "b"]) == ("10", "9", "b")
    assert in_order(["010", "9", "10"]) == ("9", "010", "10")
    assert in_order(["²", "1"]) == ("1", "²")
    assert in_order(["1_0", "9"]) == ("1_0", "9")


def test_whole_numbers_may_have_a_sign_and_any_length():
    assert in_order(["-10", "-9", "10", "9"]) == ("-10", "-9", "9", "10")
    assert in_order(["+1", "10", "2"]) == ("+1", "2", "10")
    assert in_order(["0", "+", "-1"]) == ("+", "-1", "0")
    # Python reads no more than 4,300 digits as a whole number.
    assert in_order(["8" + "0" * 5000, "7" + "9" * 5000, "-1"]) == ("-1", "7" + "9" * 5000, "8" + "0" * 5000)


def test_eligible_is_what_has_a_vote_and_fits_the_budget():
    assert vote({"a": 5, "b": 6, "c": 1}, 5, "ab").eligible == (0,)


@given(problem=votes(), data=st.data())
def test_the_order_of_the_rows_changes_nothing(problem, data):
    costs = dict(zip(problem.projects, problem.costs, strict=True))
    names = data.draw(st.permutations(list(costs)))
    rows = [
        (voter, names.index(project))
        for voter, ballot in enumerate(ballots_of(problem))
        for project in ballot
    ]
    rows = data.draw(st.permutations(rows))
    voters, places = np.array(rows, dtype=np.intp).reshape(-1, 2).T
    again = problem_of_rows(
        {name: costs[name] for name in names}, problem.budget, problem.n_voters, voters, places
    )
    assert (again.projects, again.costs, again.votes) == (problem.projects, problem.costs, problem.votes)
    assert again.supporters.tolist() == problem.supporters.tolist()


@pytest.mark.parametrize("cost", [0, -5, 2.5, 10**15, True])
def test_a_cost_that_is_no_whole_number_of_cents_above_0_is_refused(cost):
    with pytest.raises(ProjectError, match=r"the cost of gym is .*whole number of cents above 0"):
        problem_of({"gym": cost}, 5, {"Ada": ["gym"]})


@pytest.mark.parametrize("budget", [0, -1, 10.0])
def test_a_budget_that_is_no_whole_number_of_cents_above_0_is_refused(budget):
    with pytest.raises(ProjectError, match=r"the budget is .*whole number of cents above 0"):
        problem_of({"gym": 1}, budget, {"Ada": ["gym"]})


def test_without_projects_or_voters_there_is_nothing_to_share():
    with pytest.raises(ProjectError, match="no project"):
        problem_of({}, 5, {"Ada": []})
    with pytest.raises(BallotError, match="nobody voted"):
        problem_of({"gym": 1}, 5, {})


def test_a_ballot_with_an_unknown_project_is_refused():
    with pytest.raises(BallotError, match="the ballot of Ada names pool; on the ballot are gym"):
        problem_of({"gym": 1}, 5, {"Ada": ["gym", "pool"]})


def test_a_project_twice_on_a_ballot_is_refused():
    with pytest.raises(BallotError, match="the ballot of Ada names gym more than once"):
        problem_of({"gym": 1}, 5, {"Ada": ["gym", "gym"]})
    with pytest.raises(BallotError, match="voter number 1 is for gym more than once"):
        problem_of_rows({"gym": 1}, 5, 2, np.array([1, 0, 1]), np.array([0, 0, 0]))


@pytest.mark.parametrize(
    ("voter", "project", "words"), [(2, 0, "voter"), (-1, 0, "voter"), (0, 1, "project")]
)
def test_a_number_out_of_range_is_refused(voter, project, words):
    with pytest.raises(BallotError, match=f"a {words} has a number outside of 0 to"):
        problem_of_rows({"gym": 1}, 5, 2, np.array([voter]), np.array([project]))
