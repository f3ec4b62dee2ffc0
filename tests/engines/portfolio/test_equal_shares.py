from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.engines.portfolio.small_votes import ballots_of, vote, votes
from tests.oracles import equal_shares_worked as worked
from tests.oracles import phragmen_worked

from tessera.engines.portfolio.equal_shares import Completion, equal_shares, one_percent
from tessera.engines.portfolio.errors import RuleError

UTILITIES = ("cost", "cardinality")


def test_the_first_worked_example_of_equalshares_net():
    problem = vote(worked.COSTS, worked.BUDGET, *worked.FIRST_BALLOTS)
    outcome = equal_shares(problem)
    assert outcome.chosen == worked.FIRST_CHOSEN
    assert [float(choice.pays_at_most) for choice in outcome.choices] == pytest.approx(
        worked.FIRST_PAYMENTS, abs=0.05
    )
    assert worked.BUDGET - outcome.cost == pytest.approx(worked.FIRST_LEFT, abs=0.11)


def test_the_second_worked_example_of_equalshares_net_where_some_pay_all_they_have():
    problem = vote(worked.COSTS, worked.BUDGET, *worked.SECOND_BALLOTS)
    outcome = equal_shares(problem)
    assert outcome.chosen == worked.SECOND_CHOSEN
    assert [float(choice.pays_at_most) for choice in outcome.choices] == pytest.approx(
        worked.SECOND_PAYMENTS, abs=0.25
    )
    assert [choice.pay_all for choice in outcome.choices] == [0, 3, 2]
    assert float(1 / outcome.choices[1].figure) == pytest.approx(worked.SECOND_PARK_EFFECTIVE_VOTES, abs=0.05)


def test_example_11_of_lackner_and_skowron():
    costs = dict.fromkeys(phragmen_worked.CANDIDATES, 1)
    outcome = equal_shares(vote(costs, phragmen_worked.SEATS, *phragmen_worked.BALLOTS), "cardinality")
    assert (
        tuple((choice.project, choice.figure) for choice in outcome.choices) == phragmen_worked.EQUAL_SHARES
    )
    assert phragmen_worked.SEATS - outcome.cost == sum(phragmen_worked.EQUAL_SHARES_LEFT)


def test_by_cost_the_larger_group_of_voters_comes_first_and_by_number_the_cheaper_project():
    # 300 each. School: 3 x 200 or 600/3 = 1/3 cent a cent. Tree: 2 x 50, 1/2 cent a cent.
    problem = vote(
        {"school": 600, "tree": 100}, 1500, ["school"], ["school"], ["school", "tree"], ["tree"], []
    )
    assert [choice.project for choice in equal_shares(problem, "cost").choices] == ["school", "tree"]
    assert [choice.project for choice in equal_shares(problem, "cardinality").choices] == ["tree", "school"]
    assert equal_shares(problem, "cost").choices[0].figure == Fraction(1, 3)


def left_after(problem, payments):
    """What each voter has left, voter by voter in fractions, and what the payments came to."""
    left, ballots = [Fraction(payments.endowment)] * problem.n_voters, ballots_of(problem)
    for choice in payments.choices:
        given = [
            min(money, choice.pays_at_most) if choice.project in ballot else Fraction(0)
            for money, ballot in zip(left, ballots, strict=True)
        ]
        yield choice, left, given
        left = [money - paid for money, paid in zip(left, given, strict=True)]
    yield None, left, []


@pytest.mark.parametrize("utility", UTILITIES)
@given(problem=votes(), raised=st.booleans())
def test_each_purchase_is_paid_in_full_and_none_would_have_been_cheaper(utility, problem, raised):
    completion = Completion(one_percent(problem) * 7) if raised else None
    outcome = equal_shares(problem, utility, completion=completion)
    open_ones = {problem.projects[place] for place in problem.eligible}
    ballots = ballots_of(problem)
    costs = dict(zip(problem.projects, problem.costs, strict=True))
    worth = costs if utility == "cost" else dict.fromkeys(costs, 1)

    def raised_at(rho, project, left):
        """What the supporters pay together at this price for a unit of utility."""
        return sum(
            min(money, rho * worth[project])
            for money, ballot in zip(left, ballots, strict=True)
            if project in ballot
        )

    for choice, left, given_ in left_after(problem, outcome):
        if choice is None:
            for project in open_ones:
                assert raised_at(problem.budget, project, left) < costs[project]
            continue
        assert sum(given_) == costs[choice.project]
        assert min(left) >= 0
        equal = {
            project for project in open_ones if raised_at(choice.figure, project, left) == costs[project]
        }
        assert equal == {choice.project, *choice.tied}
        assert all(raised_at(choice.figure, project, left) <= costs[project] for project in open_ones)
        open_ones.remove(choice.project)


@given(problem=votes(), filled=st.booleans())
def test_the_budget_is_never_exceeded(problem, filled):
    for completion in (None, Completion(one_percent(problem) * 10, fill=filled)):
        outcome = equal_shares(problem, completion=completion)
        assert outcome.cost == problem.cost_of(outcome.chosen) <= problem.budget
        assert len(set(outcome.chosen)) == len(outcome.chosen)


@given(problem=votes(), data=st.data())
def test_the_order_of_the_voters_changes_nothing(problem, data):
    shuffled = data.draw(st.permutations(ballots_of(problem)))
    again = vote(dict(zip(problem.projects, problem.costs, strict=True)), problem.budget, *shuffled)
    assert equal_shares(problem) == equal_shares(again)


@given(problem=votes(), factor=st.integers(2, 1000))
def test_other_units_of_money_change_nothing(problem, factor):
    costs = {project: factor * cost for project, cost in zip(problem.projects, problem.costs, strict=True)}
    scaled = vote(costs, factor * problem.budget, *ballots_of(problem))
    assert equal_shares(problem).chosen == equal_shares(scaled).chosen


@pytest.mark.parametrize(("dearer", "cheaper"), ["ab", "ba"])
def test_a_difference_below_what_floating_point_can_tell_decides(dearer, cheaper):
    # 63t+1 over 63 voters is t + 1/63, 64t+1 over 64 is t + 1/64; beyond 2**42 the floats are 1/1024 apart.
    t = 2**42
    costs = {dearer: 63 * t + 1, cheaper: 64 * t + 1}
    assert costs[dearer] / 63 == costs[cheaper] / 64
    problem = vote(costs, 130 * t, *[dearer] * 63, *[cheaper] * 64)
    outcome = equal_shares(problem, "cardinality", order=[dearer, cheaper])
    assert [(choice.project, choice.tied) for choice in outcome.choices] == [(cheaper, ()), (dearer, ())]


def test_supporters_who_have_exactly_what_it_costs_can_pay():
    # A seventh of the budget each: as floats, 7 of them are not the whole.
    problem = vote({"all": 100}, 100, *[["all"]] * 7)
    assert equal_shares(problem).chosen == ("all",)
    assert equal_shares(problem).choices[0].pays_at_most == Fraction(100, 7)


def test_supporters_who_lack_a_fraction_of_a_cent_cannot_pay():
    # 3 voters with 100/3 each; two of them have 66 2/3.
    assert equal_shares(vote({"p": 66}, 100, "p", "p", "")).chosen == ("p",)
    assert equal_shares(vote({"p": 67}, 100, "p", "p", "")).chosen == ()


def test_a_tie_is_named_and_the_order_given_decides_it():
    problem = vote({"a": 10, "b": 10, "c": 9}, 40, "a", "b", "c", "")
    by_itself, by_lot = equal_shares(problem), equal_shares(problem, order=["b", "a", "c"])
    assert [(choice.project, choice.tied) for choice in by_itself.choices] == [
        ("c", ("a", "b")),
        ("a", ("b",)),
        ("b", ()),
    ]
    assert [choice.project for choice in by_lot.choices] == ["b", "a", "c"]


def test_without_completion_money_of_voters_whose_projects_fail_stays():
    problem = vote({"a": 50, "b": 60}, 100, "a", "b")
    assert equal_shares(problem).chosen == ("a",)


def test_the_endowment_rises_until_what_is_left_fits_nothing():
    # b costs 60 and its voter has 50; with 20 steps of 1 % (50 cents of 100) it is 60. Then 110 > 100: stop.
    problem = vote({"a": 40, "b": 60}, 100, "a", "b")
    outcome = equal_shares(problem, completion=Completion(one_percent(problem)))
    assert (outcome.chosen, outcome.raises, outcome.endowment) == (("a", "b"), 20, 60)


def test_the_endowment_does_not_rise_to_where_the_budget_is_exceeded():
    # A third each is 33 1/3. From 12 cents more the first voter has 45 and buys c; from 17 more 50, and buys
    # a instead, which is as cheap for its cost and comes first. c would still fit then. From 27 more the
    # second voter would buy b: 110 in all.
    problem = vote({"a": 50, "b": 60, "c": 45}, 100, "ac", "b", "")
    outcome = equal_shares(problem, completion=Completion(Fraction(1)), order="abc")
    assert (outcome.chosen, outcome.raises, outcome.endowment) == (("a",), 26, Fraction(178, 3))


def test_a_project_of_one_among_thousands_is_reached_in_as_many_raises_as_it_takes():
    # One cent each, and raises of a hundredth of it. b has one supporter and costs 4,000: 3,999 x 100 raises.
    problem = vote({"a": 5_000, "b": 4_000}, 10_000, *["a"] * 9_999, "b")
    outcome = equal_shares(problem, completion=Completion(one_percent(problem)))
    assert (outcome.chosen, outcome.raises, outcome.endowment) == (("a", "b"), 399_900, 4_000)


def counted_step_by_step(problem, step):
    """The completion as it is defined: count after count, none left out."""
    eligible = {problem.projects[place] for place in problem.eligible}
    raises, bought = 0, equal_shares(problem)
    while True:
        left = problem.budget - bought.cost
        if all(problem.cost_of([project]) > left for project in eligible - set(bought.chosen)):
            return bought.choices, raises
        # More money for all: as if the budget were larger, with the same projects on the ballot.
        wider = replace(problem, budget=problem.budget + (raises + 1) * step * problem.n_voters)
        richer = equal_shares(wider)
        if richer.cost > problem.budget:
            return bought.choices, raises
        raises, bought = raises + 1, richer


@given(problem=votes(), step=st.integers(1, 3))
def test_raises_that_are_passed_over_change_nothing(problem, step):
    costs = dict(zip(problem.projects, problem.costs, strict=True))
    within = {project: cost for project, cost in costs.items() if cost <= problem.budget}
    assume(within)
    ballots = [[project for project in ballot if project in within] for ballot in ballots_of(problem)]
    problem = vote(within, problem.budget, *ballots)
    outcome = equal_shares(problem, completion=Completion(Fraction(step)))
    assert (outcome.choices, outcome.raises) == counted_step_by_step(problem, step)


def test_what_is_filled_in_stands_apart_and_nobody_pays_for_it():
    problem = vote({"a": 50, "b": 60, "c": 45}, 100, "ac", "b", "")
    outcome = equal_shares(problem, completion=Completion(Fraction(1), fill=True), order="abc")
    assert [(choice.project, choice.figure) for choice in outcome.choices] == [("a", 1)]
    assert [(choice.project, choice.figure, choice.pays_at_most) for choice in outcome.filled] == [
        ("c", 1, None)
    ]
    assert (outcome.chosen, outcome.cost) == (("a", "c"), 95)


def test_a_project_without_votes_or_above_the_budget_is_not_chosen_however_much_is_given():
    # From 51 cents each the two could buy the dear one; the first buys the other from 60.
    problem = vote({"none": 1, "dear": 101, "fits": 60}, 100, ["dear", "fits"], ["dear"])
    outcome = equal_shares(problem, completion=Completion(Fraction(1), fill=True))
    assert (outcome.chosen, outcome.filled, outcome.raises) == (("fits",), (), 10)


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_that_raises_nothing_is_refused(step):
    with pytest.raises(RuleError, match="more than 0 is expected"):
        equal_shares(vote({"a": 1}, 2, "a"), completion=Completion(Fraction(step)))


@pytest.mark.parametrize(
    ("order", "words"),
    [(["a"], "lacks b"), (["a", "b", "b"], "b, b too often"), (["a", "b", "x"], "x too often")],
)
def test_an_order_for_ties_that_is_not_of_these_projects_is_refused(order, words):
    with pytest.raises(RuleError, match=words):
        equal_shares(vote({"a": 1, "b": 1}, 2, "a"), order=order)
