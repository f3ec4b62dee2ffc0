"""What all groups accept.

No published list follows this rule: that every group must be for is ours. The products and shares
that it rests on are held against the references elsewhere.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tessera.engines.opinion.consensus import Accepted, accepted_by_all, group_consensus
from tessera.engines.opinion.statistics import GroupStatistics, Tally


def statistics_of(*groups, numbers=None):
    """A group is a list of (agree, disagree, pass) for each statement."""
    counts = np.array(groups, dtype=np.int64).reshape(len(groups), len(groups[0]) if groups else 2, 3)
    tally = Tally(counts[..., 0], counts[..., 1], counts[..., 2])
    return GroupStatistics(numbers or tuple(range(len(groups))), tally)


def found_in(statistics, out=()):
    n_statements = statistics.tally.agree.shape[1]
    moderated_out = np.isin(np.arange(n_statements), out)
    return accepted_by_all(statistics, group_consensus(statistics), moderated_out)


def places(found):
    return [one.statement for one in found]


def test_those_that_the_groups_share_most_come_first():
    # Smoothed shares: 9/12 and 9/12; 11/12 and 7/12; 10/12 and 10/12. Products in 144ths: 81, 77, 100.
    statistics = statistics_of(
        [(8, 2, 0), (10, 0, 0), (9, 1, 0)], [(8, 2, 0), (6, 4, 0), (9, 1, 0)], numbers=(3, 7)
    )
    found = found_in(statistics)
    assert places(found) == [2, 0, 1]
    assert found[2] == Accepted(statement=1, product=77 / 144, worst_group=7, count=6, n=10, share=7 / 12)


def test_a_statement_that_one_group_does_not_accept_is_left_out_however_much_the_others_do():
    # 1 of 100 against; of the other group 5 of 10, which is a half and not more.
    assert found_in(statistics_of([(99, 1, 0)], [(5, 5, 0)])) == ()
    assert places(found_in(statistics_of([(99, 1, 0)], [(6, 4, 0)]))) == [0]


def test_a_pass_is_no_agreement():
    assert found_in(statistics_of([(20, 0, 0)], [(6, 0, 6)])) == ()


def test_each_group_needs_five_votes_on_it():
    assert found_in(statistics_of([(50, 0, 0)], [(4, 0, 0)])) == ()
    assert places(found_in(statistics_of([(50, 0, 0)], [(5, 0, 0)]))) == [0]


def test_a_single_group_needs_the_ten_votes_of_any_consensus():
    assert found_in(statistics_of([(9, 0, 0)])) == ()
    assert places(found_in(statistics_of([(10, 0, 0)]))) == [0]


def test_what_is_moderated_out_is_not_accepted():
    statistics = statistics_of([(9, 0, 0), (8, 1, 0)], [(9, 0, 0), (8, 1, 0)])
    assert places(found_in(statistics, out=[0])) == [1]


def test_equally_shared_ones_stay_in_their_order():
    alike = [(9, 1, 0), (8, 2, 0)] * 20
    evens, odds = list(range(0, 40, 2)), list(range(1, 40, 2))
    assert places(found_in(statistics_of(alike, alike))) == [*evens, *odds]


def test_without_a_group_nothing_is_accepted():
    assert found_in(statistics_of()) == ()


counts = st.integers(1, 4).flatmap(lambda k: arrays.arrays(np.int64, (k, 6, 3), elements=st.integers(0, 12)))


@given(counts, st.randoms())
def test_the_order_of_the_groups_changes_nothing_but_their_numbers(given_counts, random):
    order = list(range(len(given_counts)))
    random.shuffle(order)
    one = found_in(statistics_of(*given_counts))
    other = found_in(statistics_of(*given_counts[order], numbers=tuple(order)))
    # Products of the same shares in another order differ in their last digit, and near-equal ones may swap.
    assert sorted(places(one)) == sorted(places(other))
    assert {a.statement: a.share for a in one} == {b.statement: b.share for b in other}


@given(counts)
def test_whatever_is_accepted_is_accepted_by_a_majority_of_every_group_and_of_all(given_counts):
    for found in found_in(statistics_of(*given_counts)):
        agree, n = given_counts[:, found.statement, 0], given_counts[:, found.statement].sum(axis=1)
        assert (2 * agree > n).all()
        assert 2 * agree.sum() > n.sum() >= 10
        assert found.share == min((agree + 1) / (n + 2)) == (found.count + 1) / (found.n + 2)
