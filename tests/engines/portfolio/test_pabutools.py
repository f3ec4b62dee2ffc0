"""The rules against pabutools 1.2.3, on 200 recorded instances with many ties."""

from fractions import Fraction

import pytest
from tests.engines.portfolio.small_votes import vote
from tests.oracles.pabutools_selections import INSTANCES

from tessera.engines.portfolio.equal_shares import Completion, equal_shares, one_percent
from tessera.engines.portfolio.greedy import greedy_by_votes, greedy_by_votes_per_cost
from tessera.engines.portfolio.phragmen import phragmen


def of(outcome):
    return "".join(outcome.chosen)


RULES = {
    "cost": lambda problem, order: of(equal_shares(problem, "cost", order=order)),
    "cardinality": lambda problem, order: of(equal_shares(problem, "cardinality", order=order)),
    "cardinality, 5 cents": lambda problem, order: of(
        equal_shares(problem, "cardinality", completion=Completion(Fraction(5)), order=order)
    ),
    "votes": lambda problem, order: of(greedy_by_votes(problem, order=order)),
    "votes per cost": lambda problem, order: of(greedy_by_votes_per_cost(problem, order=order)),
    "phragmen": lambda problem, order: "".join(sorted(phragmen(problem, order=order).chosen)),
}


def cases():
    assert len(INSTANCES) == 200
    for instance in INSTANCES:
        problem = vote(instance["costs"], instance["budget"], *instance["ballots"])
        yield problem, instance["order"], instance["selections"]


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_chooses_what_pabutools_chooses(rule):
    for problem, order, selections in cases():
        assert RULES[rule](problem, order) == selections[rule]


def test_completed_by_steps_of_one_percent_it_chooses_what_pabutools_chooses_filled_or_not():
    for problem, order, selections in cases():
        completion = Completion(one_percent(problem), fill=True)
        outcome = equal_shares(problem, "cost", completion=completion, order=order)
        assert "".join(choice.project for choice in outcome.choices) == selections["cost, 1 %"]
        assert of(outcome) == selections["cost, 1 %, filled"]


def test_many_of_these_instances_have_ties():
    tied = 0
    for problem, order, _ in cases():
        tied += any(choice.tied for choice in equal_shares(problem, order=order).choices)
    assert tied > 50
