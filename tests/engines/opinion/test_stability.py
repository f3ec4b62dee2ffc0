import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.stability import (
    Likeness,
    Stability,
    adjusted_rand_index,
    find_stability,
    groups_of,
    why_withheld,
)


def test_the_adjusted_rand_index_of_scikit_learns_documentation():
    # sklearn.metrics.adjusted_rand_score, version 1.5, examples.
    assert adjusted_rand_index([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(0.571428571)
    assert adjusted_rand_index([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(0.571428571)
    assert adjusted_rand_index([0, 0, 0, 0], [0, 1, 2, 3]) == 0.0
    assert adjusted_rand_index([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)


def test_groupings_without_a_choice_are_equal():
    assert adjusted_rand_index([0, 0, 0], [1, 1, 1]) == 1.0
    assert adjusted_rand_index([], []) == 1.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_names_of_groups_do_not_matter(pairs):
    one, other = ([pair[place] for pair in pairs] for place in (0, 1))
    found = adjusted_rand_index(one, other)
    assert found == pytest.approx(adjusted_rand_index(other, [9 - number for number in one]))
    assert adjusted_rand_index(one, one) == 1.0


def two_camps(n=40, n_statements=12):
    rng = np.random.default_rng(4)
    return votes_of(
        [
            [(1 if (row + column) % 2 else -1) if rng.random() < 0.9 else 0 for column in range(n_statements)]
            for row in range(n)
        ]
    )


def no_choice(n=30, n_statements=30):
    return votes_of(np.random.default_rng(4).integers(-1, 2, (n, n_statements)).tolist())


def stability_of(votes, seed=1, through=map):
    out = np.zeros(len(votes.statement_ids), bool)
    groups = groups_of(votes, out, loops=fastest())
    return groups, find_stability(votes, out, groups, seed=seed, through=through)


def test_two_camps_come_back_and_are_shown():
    groups, found = stability_of(two_camps())
    assert (len(found.reruns), found.median, found.lowest) == (20, 1.0, 1.0)
    assert why_withheld(groups.sizes, found) == why_withheld(groups.sizes, found, public=True) == ()


def test_groups_of_people_who_vote_by_chance_are_withheld():
    groups, found = stability_of(no_choice())
    assert found.median < 0.6
    assert "unstable" in why_withheld(groups.sizes, found)


def test_the_same_seed_gives_the_same_reruns_wherever_they_are_made():
    votes = no_choice()

    def backwards(function, items):
        return reversed([function(item) for item in reversed(items)])

    one, same, other = (
        stability_of(votes, seed, through)[1].reruns for seed, through in ((1, map), (1, backwards), (2, map))
    )
    assert one == same
    assert one != other


def test_groups_that_do_not_come_back_are_not_stable():
    # Two people and one statement: in some reruns one of the two has no vote left.
    _, found = stability_of(votes_of([[1], [-1]]))
    assert set(found.reruns) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("median", "likeness"),
    [
        (1.0, Likeness.ALMOST_THE_SAME),
        (0.9, Likeness.ALMOST_THE_SAME),
        (0.89, Likeness.MOSTLY_THE_SAME),
        (0.8, Likeness.MOSTLY_THE_SAME),
        (0.79, Likeness.BROADLY_THE_SAME),
        (0.65, Likeness.BROADLY_THE_SAME),
        (0.64, Likeness.ROUGHLY_THE_SAME),
        (0.6, Likeness.ROUGHLY_THE_SAME),
        (0.59, Likeness.OTHERS),
        (-0.1, Likeness.OTHERS),
    ],
)
def test_bands_of_likeness_begin_where_steinley_put_them(median, likeness):
    # Steinley (2004): excellent from 0.90, good from 0.80, moderate from 0.65. Shown from 0.6 on.
    assert Stability((median, median, 0.0, 1.0)).likeness is likeness


def test_without_groups_nothing_is_to_be_shown():
    groups, found = stability_of(votes_of([[1, 1]] * 20))
    assert found is None
    assert why_withheld(groups.sizes, found) == ("alike",)


@pytest.mark.parametrize(
    ("sizes", "inside", "public"),
    [
        ((10, 90), (), ()),
        ((9, 91), (), ("small",)),
        ((5, 95), (), ("small",)),
        ((4, 96), ("small",), ("small",)),
        # 2 % of 1,000 people.
        ((20, 980), (), ()),
        ((19, 981), ("small",), ("small",)),
    ],
)
def test_the_smallest_group_decides(sizes, inside, public):
    stable = Stability((0.6,))
    assert why_withheld(sizes, stable) == inside
    assert why_withheld(sizes, stable, public=True) == public
