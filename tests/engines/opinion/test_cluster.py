import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.opinion.cluster import (
    Groups,
    find_groups,
    first_distinct,
    in_conversation,
    inertia,
    mean_silhouette,
    renumbered,
)


def test_whoever_has_seven_votes_is_in_the_conversation():
    n_votes = np.array([7, 6, 30] + [9] * 13)
    assert in_conversation(n_votes, 50).tolist() == [True, False, True] + [True] * 13


def test_where_there_are_fewer_statements_all_of_them_are_enough():
    assert in_conversation(np.array([3, 2] + [3] * 15), 3).tolist() == [True, False] + [True] * 15


def test_the_most_active_fill_up_to_fifteen_and_of_equals_the_first():
    n_votes = np.array([1, 2, 3, 3, 3, 0] + [8] * 12)
    assert in_conversation(n_votes, 50).tolist() == [False, False, True, True, True, False] + [True] * 12


def test_nobody_without_a_vote_is_in_the_conversation():
    assert in_conversation(np.array([0, 0, 1]), 50).tolist() == [False, False, True]
    assert in_conversation(np.array([], dtype=np.int64), 0).tolist() == []


def blobs(*middles, n=20, seed=3):
    """So many points around each of the middles, one of each after the other."""
    rng = np.random.default_rng(seed)
    around = rng.normal(scale=0.2, size=(n, len(middles), 2)) + np.array(middles)
    return around.reshape(-1, 2)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_camps_that_stand_apart_are_the_groups(loops, k):
    middles = [(0, 0), (9, 0), (0, 9), (9, 9), (4, 20)][:k]
    found = find_groups(blobs(*middles), np.ones(20 * k, bool), loops=loops)
    assert found.of_participants.tolist() == list(range(k)) * 20
    assert found.sizes == (20,) * k


def test_few_base_clusters_make_two_groups_at_most(loops):
    # 2 + floor(11 / 12) = 2.
    points = blobs((0, 0), (9, 0), (0, 9), n=4)[:11]
    found = find_groups(points, np.ones(11, bool), loops=loops)
    assert (found.n_base, list(found.splits)) == (11, [2])


def test_a_centre_that_loses_everybody_is_given_up(loops):
    # Of the first three places, one is left by all after a few rounds.
    x = [-8, 0, -9, 1, 0, -3, -5, 7, 1, 0, 3, -4, 3, 2, 0]
    y = [1, 5, -1, -2, -5, 1, 1, -5, -4, 0, -3, 3, -1, -3, -4]
    found = find_groups(np.stack([x, y], axis=1).astype(float), np.ones(15, bool), loops=loops)
    assert (found.n_base, sum(found.splits[3].sizes), len(found.splits[3].sizes)) == (15, 15, 2)


def test_people_on_one_place_are_no_groups(loops):
    found = find_groups(np.ones((30, 2)), np.ones(30, bool), loops=loops)
    assert (found.numbers, found.sizes, found.n_base, found.splits) == ((), (), 1, {})
    assert set(found.of_participants.tolist()) == {-1}


def test_nobody_makes_no_groups(loops):
    found = find_groups(np.empty((0, 2)), np.empty(0, bool), loops=loops)
    assert (found.numbers, found.n_base) == ((), 0)


def test_two_places_are_two_groups(loops):
    found = find_groups(np.array([[0.0, 1.0], [3.0, 1.0], [0.0, 1.0]]), np.ones(3, bool), loops=loops)
    assert found.of_participants.tolist() == [0, 1, 0]
    # Each base cluster is alone in its group.
    assert found.splits[2].silhouette == 0.0
    assert found.splits[2].sizes == (2, 1)


def test_who_is_not_grouped_moves_nobody(loops):
    points = blobs((0, 0), (9, 0))
    grouped = np.ones(len(points), bool)
    grouped[::5] = False
    among = find_groups(points, grouped, loops=loops)
    alone = find_groups(points[grouped], np.ones(int(grouped.sum()), bool), loops=loops)
    assert among.of_participants[grouped].tolist() == alone.of_participants.tolist()
    assert set(among.of_participants[~grouped].tolist()) == {-1}


def test_silhouettes_by_hand():
    # On a line at 0, 1 | 4, 6: a = 1, 1, 2, 2; b = (4 + 6) / 2 = 5, (3 + 5) / 2 = 4, 3.5, 5.5.
    points = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 0.0], [6.0, 0.0]])
    expected = (4 / 5 + 3 / 4 + 1.5 / 3.5 + 3.5 / 5.5) / 4
    assert mean_silhouette(points, np.array([0, 0, 1, 1])) == pytest.approx(expected)


def test_inertia_by_hand(loops):
    points = np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 9.0]])
    assert inertia(points, np.array([0, 0, 1], np.int32), 2, loops=loops) == 2.0


def test_the_first_places_that_differ_are_taken_in_order():
    points = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 5.0], [2.0, 2.0]])
    assert first_distinct(points, 2).tolist() == [[1.0, 1.0], [0.0, 5.0]]
    assert first_distinct(points[:2], 5).tolist() == [[1.0, 1.0]]


def as_groups(*labels):
    return Groups(np.array(labels, dtype=np.int32), len(labels), {})


IDS = np.array([str(number) for number in range(9)])


def numbered(labels, earlier):
    before = {str(person): number for person, number in enumerate(earlier)}
    return renumbered(as_groups(*labels), IDS[: len(labels)], before).of_participants.tolist()


def test_groups_keep_the_numbers_of_those_they_share_people_with():
    assert numbered([0, 0, 0, 1, 1, -1], [1, 1, 0, 0, 0, 0]) == [1, 1, 1, 0, 0, -1]


def test_the_shared_people_of_all_groups_together_decide():
    # Group 0 shares 3 with the old 0 and 2 with the old 1; group 1 shares 2 with the old 0 only. Taking the
    # largest first would give 3 + 0; together 2 + 2 is more.
    assert numbered([0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0, 0]) == [1, 1, 1, 1, 1, 0, 0]


def test_a_group_that_is_new_takes_a_number_that_was_not_used():
    assert numbered([0, 0, 1, 1, 2, 2], [0, 0, 2, 2, -1, -1]) == [0, 0, 2, 2, 1, 1]
    assert numbered([0, 0, 1, 1], [0, 0, -1, -1]) == [0, 0, 1, 1]


def test_without_shared_people_all_numbers_are_new():
    assert renumbered(as_groups(0, 1), IDS[:2], {"x": 0, "y": 1}).of_participants.tolist() == [2, 3]


@given(
    st.lists(st.integers(-1, 4), min_size=1, max_size=9), st.lists(st.integers(-1, 4), min_size=9, max_size=9)
)
def test_new_numbers_part_the_same_people(labels, earlier):
    found = numbered(labels, earlier)
    assert [number == -1 for number in found] == [number == -1 for number in labels]
    pairs = set(zip(labels, found, strict=True))
    assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
