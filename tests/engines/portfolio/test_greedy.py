from hypothesis import given
from tests.engines.portfolio.small_votes import vote, votes
from tests.oracles import equal_shares_worked as worked

from tessera.engines.portfolio.greedy import fill, greedy_by_votes, greedy_by_votes_per_cost


def test_the_worked_example_of_equalshares_net():
    problem = vote(worked.COSTS, worked.BUDGET, *worked.FIRST_BALLOTS)
    outcome = greedy_by_votes(problem)
    assert outcome.chosen == worked.FIRST_GREEDY
    assert [choice.figure for choice in outcome.choices] == [7, 6]


def test_what_does_not_fit_is_passed_over():
    # Votes 3, 2, 1; a and b do not fit together. For a cent: 3/70, 2/50, 1/20.
    problem = vote({"a": 70, "b": 50, "c": 20}, 100, "ab", "ab", "ac")
    assert greedy_by_votes(problem).chosen == ("a", "c")
    assert greedy_by_votes_per_cost(problem).chosen == ("c", "a")
    assert greedy_by_votes(problem).cost == 90


def test_the_fill_goes_on_with_the_most_votes_that_fit_beside_what_is_chosen():
    # 50 of 100 are left: d with 3 votes is too dear, c and e have 2, and b has 1.
    problem = vote({"a": 50, "b": 10, "c": 40, "d": 51, "e": 30}, 100, "abcde", "ced", "d")
    assert [choice.project for choice in fill(problem, ["a"], (0, 1, 2, 3, 4))] == ["c", "b"]
    assert [choice.project for choice in fill(problem, ["a"], (0, 1, 4, 3, 2))] == ["e", "b"]


def test_a_tie_is_named_among_those_that_still_fit():
    problem = vote({"a": 30, "b": 30, "c": 80, "d": 10}, 100, "abc", "d", "d")
    first, second, third = greedy_by_votes(problem).choices
    assert (first.project, first.tied) == ("d", ())
    assert (second.project, second.tied) == ("a", ("b", "c"))
    assert (third.project, third.tied) == ("b", ())


def test_a_project_without_votes_is_not_chosen_even_if_it_fits():
    assert greedy_by_votes(vote({"a": 1, "b": 1}, 9, "a")).chosen == ("a",)


@given(problem=votes())
def test_the_budget_is_never_exceeded_and_nothing_more_would_fit(problem):
    for rule in (greedy_by_votes, greedy_by_votes_per_cost):
        outcome = rule(problem)
        left = problem.budget - problem.cost_of(outcome.chosen)
        assert outcome.cost + left == problem.budget
        assert left >= 0
        rest = {problem.projects[place] for place in problem.eligible} - set(outcome.chosen)
        assert all(problem.cost_of([project]) > left for project in rest)
