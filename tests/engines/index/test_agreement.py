"""Agreement of raters, against Krippendorff's own examples and against listing every pair."""

import itertools
from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.oracles.krippendorff import (
    FOUR_OBSERVERS,
    FOUR_OBSERVERS_ALPHA,
    TWO_OBSERVERS_BINARY,
    TWO_OBSERVERS_BINARY_ALPHA,
    TWO_OBSERVERS_NOMINAL,
    TWO_OBSERVERS_NOMINAL_ALPHA,
)

from tessera.engines.index.agreement import Level, exact_agreement, krippendorff_alpha
from tessera.engines.index.errors import DataError, NotComputable


def table(*rows):
    return np.array(rows, dtype=np.float64)


def alpha_by_pairs(ratings, level):
    """From the definition alone, in fractions: every ordered pair within items, every ordered pair at all."""
    columns = [[int(value) for value in column if not np.isnan(value)] for column in ratings.T]
    columns = [column for column in columns if len(column) > 1]
    values = [value for column in columns for value in column]

    def distance(one, other):
        if level == Level.NOMINAL:
            return Fraction(one != other)
        if level == Level.INTERVAL:
            return Fraction((one - other) ** 2)
        low, high = sorted((one, other))
        between = sum(low <= value <= high for value in values)
        return (between - Fraction(values.count(one) + values.count(other), 2)) ** 2

    observed = sum(
        sum(distance(*pair) for pair in itertools.permutations(column, 2)) / (len(column) - 1)
        for column in columns
    ) / len(values)
    pairs = list(itertools.permutations(values, 2))
    return 1 - observed / (sum(distance(*pair) for pair in pairs) / len(pairs))


tables = st.tuples(st.integers(2, 5), st.integers(2, 8)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0, nan]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    ).map(np.array)
)
levels = st.sampled_from(list(Level))


def assume_alpha_exists(ratings):
    pairable = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    assume(len(np.unique(pairable[~np.isnan(pairable)])) > 1)


@pytest.mark.parametrize("level", list(Level))
def test_four_observers_with_gaps_have_the_published_alpha(level):
    alpha = krippendorff_alpha(table(*FOUR_OBSERVERS), level)
    assert alpha == pytest.approx(FOUR_OBSERVERS_ALPHA[level], abs=0.0005)


@pytest.mark.parametrize(
    ("ratings", "published"),
    [
        (TWO_OBSERVERS_BINARY, TWO_OBSERVERS_BINARY_ALPHA),
        (TWO_OBSERVERS_NOMINAL, TWO_OBSERVERS_NOMINAL_ALPHA),
    ],
)
def test_two_observers_have_the_published_nominal_alpha(ratings, published):
    assert krippendorff_alpha(table(*ratings), Level.NOMINAL) == pytest.approx(published, abs=0.0005)


def test_alpha_by_hand_with_missing_ratings():
    # Pairable: (1, 1), (1, 2), (2, 2, 2); 9 drops out. n = 7, n_1 = 3, n_2 = 4.
    # D_o = 2 unequal ordered pairs / 7; D_e = 2 * 3 * 4 / (7 * 6) = 4/7; alpha = 1/2.
    ratings = table([1, 1, 2, 9], [1, nan, 2, nan], [nan, 2, 2, nan])
    assert krippendorff_alpha(ratings, Level.NOMINAL) == pytest.approx(0.5, rel=1e-12)
    # With two values every level says the same.
    assert krippendorff_alpha(ratings, Level.ORDINAL) == pytest.approx(0.5, rel=1e-12)
    assert krippendorff_alpha(ratings, Level.INTERVAL) == pytest.approx(0.5, rel=1e-12)


def test_raters_who_always_differ_are_below_zero():
    # n = 4, D_o = 1, D_e = 2 * 2 * 2 / (4 * 3) = 2/3.
    assert krippendorff_alpha(table([0, 1], [1, 0]), Level.NOMINAL) == pytest.approx(-0.5, rel=1e-12)


@given(tables, levels)
def test_alpha_agrees_with_listing_every_pair(ratings, level):
    assume_alpha_exists(ratings)
    assert krippendorff_alpha(ratings, level) == pytest.approx(
        float(alpha_by_pairs(ratings, level)), abs=1e-12
    )


@given(tables, levels, st.randoms(use_true_random=False))
def test_the_order_of_raters_and_items_does_not_count(ratings, level, random):
    assume_alpha_exists(ratings)
    raters, items = list(range(ratings.shape[0])), list(range(ratings.shape[1]))
    random.shuffle(raters)
    random.shuffle(items)
    shuffled = krippendorff_alpha(ratings[np.ix_(raters, items)], level)
    assert shuffled == pytest.approx(krippendorff_alpha(ratings, level), abs=1e-12)


@given(tables)
def test_only_what_the_level_means_counts(ratings):
    assume_alpha_exists(ratings)
    nominal, ordinal, interval = (krippendorff_alpha(ratings, level) for level in Level)
    assert krippendorff_alpha((7 * ratings) % 11, Level.NOMINAL) == pytest.approx(nominal, abs=1e-12)
    assert krippendorff_alpha(np.exp(ratings), Level.ORDINAL) == pytest.approx(ordinal, abs=1e-12)
    assert krippendorff_alpha(32 - 1.8 * ratings, Level.INTERVAL) == pytest.approx(interval, abs=1e-12)


@given(tables, levels)
def test_an_item_that_one_rater_rated_changes_nothing(ratings, level):
    assume_alpha_exists(ratings)
    lonely = np.full((len(ratings), 1), nan)
    lonely[0] = 4.0
    assert krippendorff_alpha(np.hstack([ratings, lonely]), level) == krippendorff_alpha(ratings, level)
    assert exact_agreement(np.hstack([ratings, lonely])) == exact_agreement(ratings)


@pytest.mark.parametrize("level", list(Level))
def test_full_agreement_is_one(level):
    ratings = table([1, 2, 5, nan], [1, 2, 5, 3], [nan, 2, 5, 3])
    assert krippendorff_alpha(ratings, level) == 1.0
    assert exact_agreement(ratings) == 1.0


def test_exact_agreement_of_two_is_the_share_of_items_both_rated():
    # Krippendorff's two observers (section A) agree on six of ten; a gap leaves nine, of which they agree on
    # six.
    ratings = table(*TWO_OBSERVERS_BINARY)
    assert exact_agreement(ratings) == 0.6
    ratings[0, 0] = nan
    assert exact_agreement(ratings) == pytest.approx(6 / 9, rel=1e-12)


def test_exact_agreement_of_more_counts_pairs():
    # Items of 3, 2 and 1 ratings: one of 3 pairs, one of 1 pair, none: 2 of 4.
    ratings = table([1, 4, 3], [1, 4, nan], [2, nan, nan])
    assert exact_agreement(ratings) == 0.5


def test_ratings_that_are_all_equal_have_no_alpha():
    ratings = table([3, 3, nan, 1], [3, 3, 3, nan], [nan, 3, 3, nan])
    with pytest.raises(
        NotComputable, match=r"all 7 ratings that can be paired are 3: .* two different values"
    ):
        krippendorff_alpha(ratings, Level.ORDINAL)
    assert exact_agreement(ratings) == 1.0


@pytest.mark.parametrize("ratings", [table([1, nan], [nan, 2]), table([1, 2, 3]), np.empty((3, 0))])
def test_ratings_of_which_none_can_be_paired_are_refused(ratings):
    with pytest.raises(NotComputable, match=f"no item of {ratings.shape[1]} has two ratings"):
        krippendorff_alpha(ratings, Level.NOMINAL)
    with pytest.raises(NotComputable, match="no item"):
        exact_agreement(ratings)


def test_an_infinite_rating_is_refused_by_its_place():
    with pytest.raises(DataError, match="rater 1, item 2: the rating is infinite"):
        krippendorff_alpha(table([1, 2, 3], [1, 2, inf]), Level.INTERVAL)


def test_ratings_that_are_no_table_are_refused():
    with pytest.raises(DataError, match="1 dimensions; expected a table of raters by items"):
        exact_agreement(np.array([1.0, 2.0]))
