import subprocess
import sys
from math import sqrt

import numpy as np
import pytest
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.co_votes import co_votes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.project import WHOLE_DECOMPOSITION_UP_TO, find_axes, participant_places


def axes_of(matrix, moderated_out=None):
    votes = votes_of(matrix)
    out = np.zeros(len(votes.statement_ids), bool) if moderated_out is None else np.array(moderated_out)
    return votes, find_axes(co_votes(votes, loops=fastest()), out)


def test_two_camps_lie_on_one_axis_by_hand():
    # Two against two on both statements: the axis is (1, 1)/sqrt 2, all of the spread lies on it.
    votes, axes = axes_of([[1, 1], [1, 1], [-1, -1], [-1, -1]])
    assert axes.components[:, 0] == pytest.approx([1 / sqrt(2), 1 / sqrt(2)])
    assert axes.explained == pytest.approx([1.0, 0.0])
    assert axes.components[:, 1].tolist() == [0.0, 0.0]
    # sqrt(2 / 2) x 2 / sqrt 2; a statement: sqrt 2 x (1 - 0) / sqrt 2.
    places = participant_places(votes, axes, loops=fastest())
    assert places[:, 0] == pytest.approx([sqrt(2), sqrt(2), -sqrt(2), -sqrt(2)])
    assert axes.statement_places[:, 0] == pytest.approx([1.0, 1.0])
    assert axes.extremity == pytest.approx([1.0, 1.0])


def test_whoever_saw_less_is_moved_outwards():
    votes, axes = axes_of([[1, 1], [1, 1], [-1, -1], [-1, -1], [1, None]])
    places = participant_places(votes, axes, loops=fastest())
    # The last one's only vote counts sqrt(S / n) = sqrt 2 times.
    expected = sqrt(2) * (1 - axes.mean[0]) * axes.components[0]
    assert places[4] == pytest.approx(expected)


def test_what_is_moderated_out_counts_as_seen_by_everybody():
    matrix = [[1, 1, 1], [1, 1, None], [-1, -1, -1], [-1, -1, None]]
    votes, axes = axes_of(matrix, [False, False, True])
    places = participant_places(votes, axes, loops=fastest())
    assert axes.components[2].tolist() == [0.0, 0.0]
    assert axes.mean[2] == 0.0
    # S = 3 and n = 3 for all four, whether they voted on the third or not.
    assert places[:, 0] == pytest.approx([sqrt(2), sqrt(2), -sqrt(2), -sqrt(2)])


def test_nobody_differs_so_that_there_is_no_axis():
    votes, axes = axes_of([[1, 0], [1, 0]])
    assert axes.components.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert axes.explained.tolist() == [0.0, 0.0]
    assert participant_places(votes, axes, loops=fastest()).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_one_statement_has_one_axis():
    _, axes = axes_of([[1], [-1]])
    assert axes.components.tolist() == [[1.0, 0.0]]


def test_the_largest_entry_of_an_axis_is_positive_and_of_equal_ones_the_first():
    _, axes = axes_of([[1, -1], [1, -1], [-1, 1], [-1, 1]])
    assert axes.components[:, 0] == pytest.approx([1 / sqrt(2), -1 / sqrt(2)])


@pytest.mark.parametrize("n_statements", [WHOLE_DECOMPOSITION_UP_TO, WHOLE_DECOMPOSITION_UP_TO + 50])
def test_of_many_statements_too_nobody_may_differ(n_statements):
    alike, axes = axes_of([[1] * n_statements] * 20)
    assert not axes.components.any()
    assert not participant_places(alike, axes, loops=fastest()).any()
    _, axes = axes_of([[1] * n_statements, [-1] * n_statements], [True] * n_statements)
    assert not axes.components.any()
    _, axes = axes_of([[1] * n_statements])
    assert axes.explained.tolist() == [0.0, 0.0]


def test_axes_that_are_equally_long_are_the_same_each_time():
    # Three questionnaires of their own, so that no direction is the first; and a table of rank one.
    rng = np.random.default_rng(8)
    apart = [[None] * 120 for _ in range(60)]
    for row, line in enumerate(apart):
        part = slice(40 * (row // 20), 40 * (row // 20) + 40)
        line[part] = rng.integers(-1, 2, 40).tolist()
    for matrix in (apart, [[1] * 150, [-1] * 150]):
        found = {axes_of(matrix)[1].components.tobytes() for _ in range(5)}
        assert len(found) == 1


def test_no_votes_have_no_axes():
    votes, axes = axes_of([])
    assert (axes.n_seen, axes.components.shape) == (0, (0, 2))
    assert participant_places(votes, axes, loops=fastest()).shape == (0, 2)


ON_MANY_STATEMENTS = """
import numpy as np
from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.{module} import {loops}
from tessera.engines.opinion.votes import collect_votes
rng = np.random.default_rng(5)
people, statements = np.nonzero(rng.random((400, 150)) < 0.3)
camp = np.where((people % 2) ^ (statements % 3 > 0), 1, -1)
values = np.where(rng.random(len(people)) < 0.6, camp, rng.integers(-1, 2, len(people))).astype(np.int8)
votes = collect_votes(
    [str(i) for i in range(400)], [str(i) for i in range(150)], people.astype(np.int32),
    statements.astype(np.int32), values, None, loops={loops}())
found = find_landscape(votes, np.zeros(150, bool), loops={loops}())
print(found.axes.components.tobytes().hex(), found.places.tobytes().hex())
print(found.groups.of_participants.tolist())
"""


def test_threads_and_loops_change_no_bit():
    printed = {
        subprocess.run(
            [sys.executable, "-c", ON_MANY_STATEMENTS.format(module=module, loops=loops)],
            env={
                "OPENBLAS_NUM_THREADS": threads,
                "NUMBA_NUM_THREADS": threads,
                "PYTHONPATH": ":".join(sys.path),
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
        for module, loops in (("plain", "Plain"), ("compiled", "Compiled"))
    }
    assert len(printed) == 1
    assert "0, 1" in printed.pop()
