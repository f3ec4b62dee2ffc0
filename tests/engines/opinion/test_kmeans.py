import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.engines.opinion.errors import NotComputable
from tessera.engines.opinion.kmeans import CELLS_FROM, kmeans
from tessera.engines.opinion.loops.choice import fastest


def rng():
    return np.random.default_rng(1)


def test_four_corners_in_two_pairs_by_hand(loops):
    found = kmeans(np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 0.0], [9.0, 2.0]]), 2, rng(), loops=loops)
    assert found.inertia == 4.0
    assert sorted(map(tuple, found.centres.tolist())) == [(0.0, 1.0), (9.0, 1.0)]


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 3))
def test_it_settles_and_claims_no_more_than_the_most_compact_of_all_splits(seed, k):
    points = np.random.default_rng(seed).normal(size=(7, 2))
    splits = np.stack(np.meshgrid(*[np.arange(k)] * 7), axis=-1).reshape(-1, 7)
    least = min(
        sum(((points[split == part] - points[split == part].mean(axis=0)) ** 2).sum() for part in set(split))
        for split in splits
    )
    found = kmeans(points, k, rng(), loops=fastest())
    assert found.inertia >= least * (1 - 1e-12)
    away = ((points[:, np.newaxis] - found.centres) ** 2).sum(axis=2)
    assert found.labels.tolist() == away.argmin(axis=1).tolist()
    for part in range(k):
        assert found.centres[part] == pytest.approx(points[found.labels == part].mean(axis=0))


def test_many_points_are_as_compact_as_when_all_starts_are_tried_on_them():
    # Four clouds in a row, far apart: the best split is known.
    cloud = np.random.default_rng(2).normal(size=(CELLS_FROM // 2, 2))
    points = np.concatenate([cloud + np.array([40 * place, 0]) for place in range(4)])
    within = 4 * float(((cloud - cloud.mean(axis=0)) ** 2).sum())
    assert kmeans(points, 4, rng(), loops=fastest()).inertia == pytest.approx(within)


def test_more_groups_than_places_are_refused():
    with pytest.raises(NotComputable, match="3 groups need at least 3 different places"):
        kmeans(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), 3, rng(), loops=fastest())
