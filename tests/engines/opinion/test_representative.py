import numpy as np
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.representative import (
    FEWEST_VOTES,
    majority_statements,
    representative_statements,
)
from tessera.engines.opinion.statistics import count_votes, group_statistics

HALVES = np.array([0] * 12 + [1] * 12, dtype=np.int32)


def by_camp(*statements):
    """Twelve people of each of two groups; for each statement the votes of both, twelve or one for all."""
    columns = [
        [vote for votes in pair for vote in (votes if isinstance(votes, list) else [votes] * 12)]
        for pair in statements
    ]
    return votes_of(np.array(columns, dtype=object).T.tolist())


def listed(votes, out=()):
    statistics = group_statistics(votes, HALVES, loops=fastest())
    moderated_out = np.isin(np.arange(len(votes.statement_ids)), out)
    found = representative_statements(statistics, moderated_out)
    return {
        number: [(each.statement, each.direction, each.agreed_most) for each in group]
        for number, group in found.items()
    }


def test_what_parts_two_groups_represents_both_with_agreement_first():
    votes = by_camp((1, -1), (-1, 1), ([1, -1] * 6, [1, -1] * 6))
    assert listed(votes) == {
        0: [(0, "agree", True), (1, "disagree", False)],
        1: [(1, "agree", True), (0, "disagree", False)],
    }


def test_the_statement_agreed_with_best_comes_first_even_if_others_differ_more():
    # The group is for both; for the first as all are, for the second alone.
    votes = by_camp((1, [1] * 11 + [-1]), ([1] * 11 + [-1], -1))
    assert listed(votes)[0][0] == (1, "agree", True)


def test_what_is_moderated_out_represents_nobody():
    votes = by_camp((1, -1), (-1, 1))
    assert listed(votes, out=[0]) == {0: [(1, "disagree", False)], 1: [(1, "agree", True)]}
    assert listed(votes, out=[0, 1]) == {0: [], 1: []}


def test_five_are_listed_at_most():
    votes = by_camp(*[(1, -1)] * 4, *[(-1, 1)] * 4)
    assert [len(group) for group in listed(votes).values()] == [5, 5]


def test_where_nothing_is_sure_the_likeliest_is_listed():
    # Seven of twelve against, and six of twelve in the other group: sure is neither.
    votes = by_camp(([-1] * 7 + [0] * 5, [-1] * 6 + [0] * 6), ([0] * 12, [0] * 12))
    assert listed(votes)[0] == [(0, "disagree", False)]


def majority(matrix, fewest_votes=FEWEST_VOTES, out=()):
    votes = votes_of(matrix)
    tally = count_votes(votes, np.ones(len(votes.participant_ids), bool), loops=fastest())
    moderated_out = np.isin(np.arange(len(votes.statement_ids)), out)
    found = majority_statements(tally, moderated_out, fewest_votes=fewest_votes)
    return {
        direction: [(each.statement, each.count, each.n) for each in found[direction]] for direction in found
    }


def test_majorities_are_listed_in_both_directions():
    matrix = [[1, -1, 1 if row % 2 else -1] for row in range(12)]
    assert majority(matrix) == {"agree": [(0, 12, 12)], "disagree": [(1, 12, 12)]}
    assert majority(matrix, out=[0])["agree"] == []


def test_a_statement_with_nine_votes_is_no_consensus_yet():
    matrix = [[1, 1] for _ in range(9)] + [[1, None]]
    assert majority(matrix)["agree"] == [(0, 10, 10)]
    assert majority(matrix, fewest_votes=1)["agree"] == [(0, 10, 10), (1, 9, 9)]


def test_one_more_than_half_is_no_sure_majority():
    # z = 2 sqrt(13) (8/13 - 1/2) = 0.83 for seven of twelve, 1.94 for nine.
    assert majority([[1]] * 7 + [[-1]] * 5)["agree"] == []
    assert majority([[1]] * 9 + [[-1]] * 3)["agree"] == [(0, 9, 12)]
