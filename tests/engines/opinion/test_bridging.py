"""The bridging score, against an optimiser that knows nothing of sweeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.bridging import bridging_scores
from tessera.engines.opinion.co_votes import co_votes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.compiled import Compiled
from tessera.engines.opinion.loops.plain import Plain
from tessera.engines.opinion.project import find_axes

LOOPS = fastest()

SEEDS = st.integers(0, 2**32 - 1)


def camps(seed, n_people=24, n_statements=8, unseen=0.2):
    """Two camps that each agree on their own half of the statements, mostly."""
    rng = np.random.default_rng(seed)
    sign = np.outer(
        np.where(np.arange(n_people) % 2, 1, -1),
        np.where(np.arange(n_statements) < n_statements // 2, 1, -1),
    )
    vote = np.where(rng.random(sign.shape) < 0.75, sign, rng.integers(-1, 2, sign.shape))
    # The first statement and the first person are seen, and see, everything: nobody is left without a vote.
    seen = rng.random(sign.shape) >= unseen
    seen[0], seen[:, 0] = True, True
    return [
        [int(value) if shown else None for value, shown in zip(*line, strict=True)]
        for line in zip(vote, seen, strict=True)
    ]


def scores_of(votes, out=(), loops=LOOPS):
    moderated_out = np.isin(np.arange(len(votes.statement_ids)), list(out))
    axes = find_axes(co_votes(votes, loops=LOOPS), moderated_out)
    return bridging_scores(votes, axes, loops=loops)


def as_table(matrix):
    """Votes less their mean, and which were seen."""
    table = np.array([[np.nan if cell is None else cell for cell in line] for line in matrix], dtype=float)
    seen = ~np.isnan(table)
    return np.where(seen, table - table[seen].mean(), 0.0), seen


def objective(unknown, rest, seen):
    """What the model minimises, and its slope, from all a, f, b and g one after the other."""
    n, m = rest.shape
    a, f, b, g = np.split(unknown, [n, 2 * n, 2 * n + m])
    error = np.where(seen, rest - a[:, np.newaxis] - b - np.outer(f, g), 0.0)
    value = (error**2).sum() + 5 * (a @ a + b @ b) + f @ f + g @ g
    slope = [
        5 * a - error.sum(axis=1),
        f - error @ g,
        5 * b - error.sum(axis=0),
        g - error.T @ f,
    ]
    return value, 2 * np.concatenate(slope)


def least_objective(rest, seen):
    """The least value from several starts, and where it is."""
    rng = np.random.default_rng(5)
    n, m = rest.shape
    found = [
        minimize(
            objective,
            rng.standard_normal(2 * (n + m)),
            args=(rest, seen),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 10_000, "ftol": 1e-15, "gtol": 1e-9},
        )
        for _ in range(6)
    ]
    best = min(found, key=lambda result: result.fun)
    return best.fun, best.x[2 * n : 2 * n + m]


def objective_of(fitted, rest, seen):
    """The value for given b and g, with the best a and f there are for each person."""
    value = 5 * fitted[:, 0] @ fitted[:, 0] + fitted[:, 1] @ fitted[:, 1]
    for line, shown in zip(rest - fitted[:, 0], seen, strict=True):
        # The ridge as two more votes of 0.
        left = np.stack([np.ones(shown.sum()), fitted[shown, 1]], axis=1)
        left = np.vstack([left, np.diag(np.sqrt([5.0, 1.0]))])
        right = np.append(line[shown], [0.0, 0.0])
        value += ((right - left @ np.linalg.lstsq(left, right)[0]) ** 2).sum()
    return value


def sweeps(votes, mean, start, n_sweeps, loops=LOOPS):
    n_votes = np.bincount(votes.statements, minlength=len(start))
    fitted = [start]
    for _ in range(n_sweeps):
        fitted.append(
            loops.sweep(votes.starts, votes.statements, votes.values, n_votes, mean, fitted[-1], 5.0, 1.0)
        )
    return fitted[1:]


def test_where_nobody_differs_the_score_is_a_mean_drawn_to_nothing(loops):
    # The mean of all votes is 0; four votes of 1 are drawn to 4 / (4 + 5), and there is no second side.
    scores = scores_of(votes_of([[1, -1]] * 4), loops=loops)
    assert scores == pytest.approx([4 / 9, -4 / 9], abs=1e-12)


def test_what_both_sides_agree_with_is_above_what_one_large_side_agrees_with(loops):
    # 30 of 40 agree with the first statement, all of one side; 28 with the second, of both sides alike. The
    # other statements set the sides apart.
    large = [[1, 1 if place % 10 < 7 else -1, 1, 1, -1, -1] for place in range(30)]
    small = [[-1, 1 if place % 10 < 7 else -1, -1, -1, 1, 1] for place in range(10)]
    scores = scores_of(votes_of(large + small), loops=loops)
    assert scores[1] > scores[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_scores_are_those_of_an_optimiser_from_several_starts(seed):
    matrix = camps(seed)
    _, intercepts = least_objective(*as_table(matrix))
    assert scores_of(votes_of(matrix)) == pytest.approx(intercepts, abs=1e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_sweeps_reach_the_least_value_there_is(seed):
    matrix = camps(seed)
    rest, seen = as_table(matrix)
    votes = votes_of(matrix)
    start = np.stack([np.zeros(len(rest[0])), np.linspace(-1, 1, len(rest[0]))], axis=1)
    last = sweeps(votes, votes.values.mean(), start, 500)[-1]
    least, intercepts = least_objective(rest, seen)
    assert objective_of(last, rest, seen) == pytest.approx(least, rel=1e-9)
    assert last[:, 0] == pytest.approx(intercepts, abs=1e-4)


@settings(max_examples=40)
@given(SEEDS)
def test_no_sweep_fits_worse_than_the_one_before(seed):
    matrix = camps(seed, 9, 5, unseen=0.5)
    rest, seen = as_table(matrix)
    votes = votes_of(matrix)
    start = np.random.default_rng(seed).standard_normal((5, 2))
    found = [start, *sweeps(votes, votes.values.mean(), start, 8)]
    values = np.array([objective_of(fitted, rest, seen) for fitted in found])
    assert (np.diff(values) <= 1e-9 * values[0]).all()


@settings(max_examples=40)
@given(SEEDS)
def test_numpy_and_compiled_loops_give_the_same_scores_to_the_last_bit(seed):
    votes = votes_of(camps(seed))
    one, other = (scores_of(votes, out=[1], loops=loops) for loops in (Plain(), Compiled()))
    np.testing.assert_array_equal(one, other)


@settings(max_examples=40)
@given(SEEDS)
def test_votes_on_what_is_moderated_out_do_not_count(seed):
    matrix = camps(seed)
    kept = [[cell for place, cell in enumerate(line) if place not in (2, 5)] for line in matrix]
    scores = scores_of(votes_of(matrix), out=[2, 5])
    assert np.isnan(scores[[2, 5]]).all()
    assert np.delete(scores, [2, 5]) == pytest.approx(scores_of(votes_of(kept)), abs=1e-9)


@settings(max_examples=40)
@given(SEEDS)
def test_the_order_of_people_and_statements_changes_no_score(seed):
    matrix = camps(seed)
    rng = np.random.default_rng(seed)
    people, statements = rng.permutation(len(matrix)), rng.permutation(len(matrix[0]))
    moved = [[matrix[row][column] for column in statements] for row in people]
    assert scores_of(votes_of(moved)) == pytest.approx(scores_of(votes_of(matrix))[statements], abs=1e-9)


def test_a_statement_without_a_vote_has_no_score():
    votes = votes_of([[1, 1, -1], [-1, 1, 1]])
    votes = votes.thinned(votes.statements != 1, loops=LOOPS)
    assert np.isnan(scores_of(votes)).tolist() == [False, True, False]


def test_without_any_vote_there_is_no_score(loops):
    votes = votes_of([[1, 1]])
    votes = votes.thinned(np.zeros(2, dtype=bool), loops=LOOPS)
    assert np.isnan(scores_of(votes, loops=loops)).all()
    assert np.isnan(scores_of(votes_of([[1, -1]]), out=[0, 1], loops=loops)).all()
