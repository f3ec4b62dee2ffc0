import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.co_votes import co_votes, co_votes_in_parts
from tessera.engines.opinion.loops.choice import fastest

MATRICES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from((None, -1, 0, 1)), min_size=width, max_size=width), min_size=1, max_size=12
    )
)


def centred(matrix, moderated_out):
    """The matrix as the definition has it: out of moderation all 0, unseen the mean, less the mean."""
    table = np.array(matrix, dtype=float)
    table[:, moderated_out] = 0.0
    mean = np.nanmean(table, axis=0)
    return np.where(np.isnan(table), mean, table) - mean


def test_the_spread_of_three_people_by_hand():
    # Means: 1/3 on the first, 1/2 on the second, which the third person did not see.
    votes = votes_of([[1, 1], [1, 0], [-1, None]])
    sums = co_votes(votes, loops=fastest())
    assert sums.mean.tolist() == [1 / 3, 1 / 2]
    # 2 x (2/3)^2 + (4/3)^2 = 8/3; 2/3 x 1/2 - 2/3 x 1/2 = 0; 2 x (1/2)^2 = 1/2.
    expected = [[8 / 3, 0.0], [0.0, 1 / 2]]
    assert np.allclose(sums.scatter(np.zeros(2, bool)), expected, atol=1e-15)


def test_a_statement_that_is_moderated_out_does_not_spread():
    sums = co_votes(votes_of([[1, 1], [1, 0], [-1, None]]), loops=fastest())
    assert sums.scatter(np.array([True, False])).tolist() == [[0.0, 0.0], [0.0, 0.5]]


@given(MATRICES, st.data())
def test_the_spread_is_that_of_the_filled_matrix(matrix, data):
    seen = [column for column in range(len(matrix[0])) if any(row[column] is not None for row in matrix)]
    matrix = [[row[column] for column in seen] for row in matrix]
    if not seen:
        return
    out = np.array(data.draw(st.lists(st.booleans(), min_size=len(seen), max_size=len(seen))))
    people = [row for row in matrix if any(vote is not None for vote in row)]
    table = centred(people, out)
    sums = co_votes(votes_of(people), loops=fastest())
    assert np.allclose(sums.scatter(out), table.T @ table, rtol=1e-9, atol=1e-12)


@given(MATRICES, st.integers(1, 5))
def test_sums_of_parts_are_the_sums_of_the_whole(matrix, n_parts):
    votes = votes_of(matrix)
    whole = co_votes(votes, loops=fastest())
    assert np.array_equal(co_votes_in_parts(votes, n_parts, map).sums, whole.sums)
