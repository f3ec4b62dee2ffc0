from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.portfolio.purses import UNPAYABLE, Estimate, Purses

ANY = float("inf")


def bought(purses, supporters, cost):
    supporters = np.array(supporters, dtype=np.intp)
    price = purses.exact(supporters, cost, purses.estimate(supporters, cost, 0.0, ANY))
    if price is not None:
        purses.pay(supporters, price)
    return price


def test_who_has_less_than_the_price_pays_what_is_left():
    # equalshares.net, Explanation, How to split: 10, 10, 10, 20, 30 left and a cost of 60: 3 x 10 and 2 x 15.
    purses = Purses(5, Fraction(30))
    bought(purses, [0, 1, 2], 60)
    bought(purses, [3], 10)
    price = bought(purses, [0, 1, 2, 3, 4], 60)
    assert (price.amount, price.pay_all) == (15, 3)
    assert [purses.money(np.array([voter])) for voter in range(5)] == [0, 0, 0, 5, 15]
    assert purses.with_money(np.arange(5)) == 2


def test_above_80_the_same_five_cannot_pay():
    purses = Purses(5, Fraction(30))
    bought(purses, [0, 1, 2], 60)
    bought(purses, [3], 10)
    assert bought(purses, range(5), 81) is None
    assert bought(purses, range(5), 80).amount == 30


def follow(endowment, purchases):
    """Let six voters buy, beside them every one in fractions of his or her own; how often it was paid."""
    purses, left, paid = Purses(6, endowment), [endowment] * 6, 0
    for supporters, cost in purchases:
        price = bought(purses, sorted(supporters), cost)
        if price is None:
            assert sum(left[voter] for voter in supporters) < cost
            continue
        paid += 1
        assert sum(min(left[voter], price.amount) for voter in supporters) == cost
        for voter in supporters:
            left[voter] -= min(left[voter], price.amount)
        assert [purses.money(np.array([voter])) for voter in range(6)] == left
        assert purses.with_money(np.arange(6)) == sum(money > 0 for money in left)
    return paid


@given(
    purchases=st.lists(st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(1, 40)), max_size=24),
    budget=st.integers(1, 150),
)
def test_payments_are_those_of_fractions_voter_by_voter(purchases, budget):
    follow(Fraction(budget, 7), purchases)


def test_so_they_are_after_many_payments():
    purchases = [({number % 6, number * number % 6, 5}, 1 + number % 4) for number in range(40)]
    assert follow(Fraction(100, 7), purchases) > 24


@pytest.mark.parametrize("wrong", [0.0, 1e-3, 14.9, 15.1, 29.0, 1e6])
def test_a_wrong_estimate_does_not_change_the_price(wrong):
    purses = Purses(5, Fraction(30))
    bought(purses, [0, 1, 2], 60)
    bought(purses, [3], 10)
    assert purses.exact(np.arange(5), 60, Estimate(wrong, 1e-12)).amount == 15
    assert purses.exact(np.arange(5), 81, Estimate(wrong, 1e-12)) is None


@given(left=st.lists(st.integers(0, 30), min_size=1, max_size=8), cost=st.integers(1, 120))
def test_the_estimate_is_no_more_than_its_error_above_the_price(left, cost):
    purses = Purses(len(left), Fraction(30))
    for voter, money in enumerate(left):
        if money < 30:
            bought(purses, [voter], 30 - money)
    everyone = np.arange(len(left))
    near = purses.estimate(everyone, cost, 0.0, ANY)
    price = purses.exact(everyone, cost, near)
    if price is None:
        assert near is UNPAYABLE
    else:
        assert near.price - near.error <= price.amount <= near.price + max(near.error, 1e-9)
