from math import sqrt

import numpy as np
import pytest
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.consensus import group_consensus
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.statistics import count_votes, group_statistics

# Nine people of group 0: four agree, three disagree, two pass. Nine of group 1: one agrees, eight disagree.
NINE_AND_NINE = [[1]] * 4 + [[-1]] * 3 + [[0]] * 2 + [[1]] + [[-1]] * 8


def statistics_of(matrix, groups):
    return group_statistics(votes_of(matrix), np.array(groups, dtype=np.int32), loops=fastest())


def test_the_figures_of_two_groups_by_hand():
    found = statistics_of(NINE_AND_NINE, [0] * 9 + [1] * 9)
    assert found.numbers == (0, 1)
    assert found.tally.agree.tolist() == [[4], [1]]
    assert found.tally.disagree.tolist() == [[3], [8]]
    assert found.tally.passed.tolist() == [[2], [0]]
    assert found.tally.smoothed_agree.tolist() == [[5 / 11], [2 / 11]]
    # 2 sqrt(10) (5/10 - 1/2) and 2 sqrt(10) (2/10 - 1/2).
    assert found.agree_z[:, 0] == pytest.approx([0.0, -0.6 * sqrt(10)])
    # 2 sqrt(10) (4/10 - 1/2) and 2 sqrt(10) (9/10 - 1/2).
    assert found.disagree_z[:, 0] == pytest.approx([-0.2 * sqrt(10), 0.8 * sqrt(10)])
    assert found.agree_ratio[:, 0] == pytest.approx([5 / 2, 2 / 5])
    assert found.disagree_ratio[:, 0] == pytest.approx([4 / 9, 9 / 4])
    # Pooled (5 + 2) / 20 = 0.35: (0.5 - 0.2) / sqrt(0.35 x 0.65 x 0.2).
    assert found.agree_ratio_z[0, 0] == pytest.approx(0.3 / sqrt(0.35 * 0.65 * 0.2))
    # Pooled (4 + 9) / 20 = 0.65: (0.4 - 0.9) / sqrt(0.65 x 0.35 x 0.2).
    assert found.disagree_ratio_z[0, 0] == pytest.approx(-0.5 / sqrt(0.35 * 0.65 * 0.2))


def test_where_all_agree_no_group_agrees_more():
    found = statistics_of([[1]] * 6, [0, 0, 0, 1, 1, 1])
    assert found.agree_ratio_z.tolist() == [[0.0], [0.0]]


def test_a_statement_that_a_group_did_not_see_is_a_half():
    found = statistics_of([[1, None], [1, 1]], [0, 1])
    assert found.tally.n.tolist() == [[1, 0], [1, 1]]
    assert found.tally.smoothed_agree[0, 1] == 0.5
    assert found.agree_z[0, 1] == 1.0


def test_shares_are_reckoned_once_and_not_for_each_statement_that_is_described():
    tally = statistics_of([[1, None], [1, 1]], [0, 1]).tally
    assert tally.n is tally.n
    assert tally.smoothed_agree is tally.smoothed_agree
    assert tally.smoothed_disagree is tally.smoothed_disagree


def test_who_has_no_group_is_not_counted():
    votes = votes_of([[1], [1], [-1]])
    found = group_statistics(votes, np.array([0, -1, 1], np.int32), loops=fastest())
    assert found.everybody.agree.tolist() == [1]
    assert count_votes(votes, np.array([True, True, True]), loops=fastest()).agree.tolist() == [2]


def test_groups_keep_their_numbers():
    assert statistics_of([[1], [1], [-1]], [4, -1, 2]).numbers == (2, 4)


def test_without_groups_there_are_no_rows():
    found = statistics_of([[1], [-1]], [-1, -1])
    assert (found.numbers, found.tally.n.shape) == ((), (0, 1))
    consensus = group_consensus(found)
    assert np.isnan(consensus.product).all()
    assert consensus.worst_group.tolist() == [-1]


def test_groups_that_do_not_fit_are_refused():
    with pytest.raises(VotesError, match="2 groups were given for 1 participants"):
        statistics_of([[1]], [0, 1])
    with pytest.raises(VotesError, match="the group -2 is not accepted"):
        statistics_of([[1]], [-2])


def test_consensus_of_two_groups_by_hand():
    found = group_consensus(statistics_of(NINE_AND_NINE, [3] * 9 + [5] * 9))
    assert found.product == pytest.approx([5 / 11 * 2 / 11])
    assert found.geometric == pytest.approx([sqrt(10) / 11])
    assert (found.worst_group.tolist(), found.worst_row.tolist()) == ([5], [1])
