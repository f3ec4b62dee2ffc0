from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from tests.engines.portfolio.small_votes import vote, votes
from tests.oracles import equal_shares_worked as worked

from tessera.engines.portfolio.equal_shares import equal_shares
from tessera.engines.portfolio.errors import RuleError
from tessera.engines.portfolio.explanation import LeftOut, Offer, explain
from tessera.engines.portfolio.greedy import greedy_by_votes


def test_the_second_worked_example_round_by_round():
    problem = vote(worked.COSTS, worked.BUDGET, *worked.SECOND_BALLOTS)
    first, second, third = explain(problem, equal_shares(problem), "cost").rounds
    # Nobody has paid: a supporter pays one part of the votes of each euro. The bike path has 6 x 100 of 700.
    assert [(offer.project, offer.figure, offer.missing) for offer in first.offers] == [
        ("outdoor gym", Fraction(1, 7), 0),
        ("new park", Fraction(1, 5), 0),
        ("new playground", Fraction(1, 4), 0),
        ("library for kids", Fraction(1, 3), 0),
        ("bike path", None, 100),
    ]
    assert (first.money, second.money, third.money) == (1100, 700, 450)
    # Three supporters of the park have 300/7 left, two have 100.
    park = second.offers[0]
    pays = (250 - 3 * Fraction(300, 7)) / 2
    assert park == Offer("new park", 5, 3 * Fraction(300, 7) + 200, pays / 250, pays, Fraction(0))
    # In the third round the two that paid for the park have 100 - 425/7 left each.
    library = next(offer for offer in third.offers if offer.project == "library for kids")
    assert library.money == 2 * (100 - pays) + 100


def test_what_is_left_out_is_told_with_what_was_missing():
    problem = vote(worked.COSTS, worked.BUDGET, *worked.SECOND_BALLOTS)
    explained = explain(problem, equal_shares(problem), "cost")
    # The three supporters of the library: two have nothing, one has 100 less what the playground took.
    pays = (250 - 3 * Fraction(300, 7)) / 2
    playground = (200 - 2 * (100 - pays)) / 2
    assert explained.left_out == (
        LeftOut("bike path", "supporters lack money", 700 - 3 * Fraction(300, 7)),
        LeftOut("library for kids", "supporters lack money", playground),
    )
    assert explained.money == 1100 - 850


def test_no_votes_and_a_cost_above_the_budget_are_reasons_of_their_own():
    problem = vote({"none": 1, "dear": 101, "fits": 60}, 100, ["dear", "fits"])
    assert explain(problem, equal_shares(problem), "cost").left_out == (
        LeftOut("dear", "above the budget", None),
        LeftOut("none", "no votes", None),
    )


@given(problem=votes())
def test_the_first_offer_of_each_round_is_as_cheap_as_the_chosen_one(problem):
    for utility in ("cost", "cardinality"):
        outcome = equal_shares(problem, utility)
        explained = explain(problem, outcome, utility)
        assert [done.chosen for done in explained.rounds] == list(outcome.chosen)
        for done, choice in zip(explained.rounds, outcome.choices, strict=True):
            equal = {offer.project for offer in done.offers if offer.figure == choice.figure}
            assert equal == {choice.project, *choice.tied}
        left_out = {left.project for left in explained.left_out}
        assert left_out == set(problem.projects) - set(outcome.chosen)
        assert all(left.missing is None or left.missing > 0 for left in explained.left_out)


def test_an_outcome_of_another_rule_or_other_ballots_is_refused():
    problem = vote({"a": 40, "b": 40}, 100, "a", "a", "b")
    with pytest.raises(RuleError, match="greedy by votes gives no money out"):
        explain(problem, greedy_by_votes(problem), "cost")
    with pytest.raises(RuleError, match="a was not the cheapest"):
        explain(vote({"a": 40, "b": 40}, 100, "a", "b", "b"), equal_shares(problem), "cost")
    outcome = equal_shares(problem)
    with pytest.raises(RuleError, match="a could not be chosen here"):
        explain(problem, replace(outcome, choices=outcome.choices * 2), "cost")
