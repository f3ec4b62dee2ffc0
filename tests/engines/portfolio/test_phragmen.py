from fractions import Fraction

from hypothesis import given
from tests.engines.portfolio.small_votes import ballots_of, vote, votes
from tests.oracles import phragmen_worked as worked

from tessera.engines.portfolio.phragmen import phragmen


def test_example_9_of_lackner_and_skowron():
    problem = vote(dict.fromkeys(worked.CANDIDATES, 1), worked.SEATS, *worked.BALLOTS)
    outcome = phragmen(problem)
    assert tuple((choice.project, choice.figure) for choice in outcome.choices) == worked.SEQUENTIAL
    assert [choice.tied for choice in outcome.choices] == [(), ("c",), (), ()]


def test_it_ends_where_the_next_costs_more_than_is_left_even_if_another_would_fit():
    # park 40 for one; pool 90 for one; then gym (40 + 200) / 2 = 120, but 170 are left. hut comes at 150.
    problem = vote(
        {"gym": 200, "park": 40, "pool": 90, "hut": 150},
        300,
        *map(str.split, ("gym park", "gym", "pool", "hut")),
    )
    assert phragmen(problem).chosen == ("park", "pool")


def test_it_ends_if_one_of_those_tied_does_not_fit():
    problem = vote({"a": 60, "b": 30, "c": 60}, 100, "a", "c", "", "bb"[:1])
    assert phragmen(problem, order="abc").chosen == ("b", "a")
    # a for two at 30, b for one at 30, c for three at 30: together next, and c is above 80.
    problem = vote({"a": 60, "b": 30, "c": 90, "d": 1}, 90, "a", "a", "b", "c", "c", "c", "d")
    assert phragmen(problem).chosen == ("d",)


def test_what_a_supporter_takes_on_at_most_is_the_load_beyond_that_of_the_least_laden():
    # c: 5 each for the first and the third. a: (5 + 0 + 20) / 2 = 12.5, of which the second takes on all.
    # b: (12.5 + 5 + 20) / 2 = 18.75, of which the third takes on 13.75.
    outcome = phragmen(vote({"a": 20, "b": 20, "c": 10}, 50, "abc", "a", "bc"), order="abc")
    assert [(choice.project, choice.figure, choice.pays_at_most) for choice in outcome.choices] == [
        ("c", 5, 5),
        ("a", Fraction(25, 2), Fraction(25, 2)),
        ("b", Fraction(75, 4), Fraction(55, 4)),
    ]


@given(problem=votes())
def test_the_load_of_all_voters_is_what_the_chosen_projects_cost(problem):
    outcome = phragmen(problem)
    loads = [Fraction(0)] * problem.n_voters
    for choice in outcome.choices:
        for voter, ballot in enumerate(ballots_of(problem)):
            if choice.project in ballot:
                assert loads[voter] <= choice.figure
                loads[voter] = choice.figure
    assert sum(loads) == outcome.cost <= problem.budget
    figures = [choice.figure for choice in outcome.choices]
    assert figures == sorted(figures)
