"""Numbered random numbers: found again by their place, and spread as they should be."""

import hashlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tessera.engines.index.draws.streams import (
    fractions,
    gammas,
    level_rows,
    stream,
)

SHAPES = np.array([0.3, 1.0, 4.5])


def test_a_stream_is_philox_with_the_seed_and_the_hash_of_the_name_as_its_key():
    own = int(hashlib.sha256(b"weights").hexdigest()[:16], 16)
    bits = np.random.Philox(key=np.array([7, own], dtype=np.uint64))
    assert stream("weights", 7).random(5).tolist() == np.random.Generator(bits).random(5).tolist()


def test_a_stream_can_be_entered_at_any_step_of_its_counter():
    # One step makes four 64-bit words.
    whole = stream("weights", 7).random(40)
    assert stream("weights", 7, 3).random(28).tolist() == whole[12:].tolist()


@given(st.integers(0, 300), st.integers(1, 60), st.integers(1, 40), st.sampled_from([0, 1, 2**64 - 1]))
@example(63, 2, 8, 1)
@example(0, 1, 9, 1)
def test_any_range_of_rows_is_that_part_of_a_longer_one(first, draws, width, seed):
    whole = level_rows("x", seed, 0, 400, width)
    assert np.array_equal(level_rows("x", seed, first, draws, width), whole[first : first + draws])


@given(st.integers(0, 70), st.integers(1, 5), st.sampled_from([4_000, 40_001]), st.integers(0, 3))
def test_any_range_of_wide_rows_is_that_part_of_a_longer_one(first, draws, width, seed):
    whole = level_rows("x", seed, 0, first + draws + 9, width)
    assert whole.shape == (first + draws + 9, width)
    assert np.array_equal(level_rows("x", seed, first, draws, width), whole[first : first + draws])


def test_levels_are_even_over_all_of_them_and_no_column_tells_of_another():
    levels = level_rows("x", 3, 0, 20_000, 5).T
    assert levels.dtype == np.uint16
    # 64 drawers of 1,024 levels: each has its share of all 100,000 within five standard errors.
    counts = np.bincount((levels // 1024).ravel(), minlength=64)
    assert np.abs(counts / 100_000 - 1 / 64).max() < 5 * np.sqrt(1 / 64 * 63 / 64 / 100_000)
    # Their low bits are as even as the high ones.
    counts = np.bincount((levels % 64).ravel(), minlength=64)
    assert np.abs(counts / 100_000 - 1 / 64).max() < 5 * np.sqrt(1 / 64 * 63 / 64 / 100_000)
    assert np.abs(np.corrcoef(levels) - np.eye(5)).max() < 5 / np.sqrt(20_000)
    neighbours = np.corrcoef(levels[:, 1:].ravel(), levels[:, :-1].ravel())[0, 1]
    assert abs(neighbours) < 5 / np.sqrt(100_000)


@given(st.integers(0, 300), st.integers(1, 200), st.sampled_from([0, 1, 2**64 - 1]))
@example(64, 64, 1)
@example(63, 2, 1)
@example(10, 54, 1)
def test_any_range_of_gammas_is_that_part_of_a_longer_one(first, draws, seed):
    whole = gammas("x", seed, 0, 512, SHAPES)
    assert np.array_equal(gammas("x", seed, first, draws, SHAPES), whole[first : first + draws])


@given(st.integers(0, 300), st.integers(1, 60), st.sampled_from([0, 1, 2**64 - 1]))
@example(3, 2, 1)
def test_any_range_of_fractions_is_that_part_of_a_longer_one(first, draws, seed):
    whole = fractions("x", seed, 0, 400)
    assert np.array_equal(fractions("x", seed, first, draws), whole[first : first + draws])


def test_far_draws_are_reached_at_once():
    far = 10**15
    assert np.array_equal(level_rows("x", 1, far, 3, 9)[1:], level_rows("x", 1, far + 1, 2, 9))
    assert np.array_equal(gammas("x", 1, far, 100, SHAPES)[90:], gammas("x", 1, far + 90, 10, SHAPES))


@pytest.mark.parametrize(
    "draw", [lambda n, s: fractions(n, s, 0, 200), lambda n, s: gammas(n, s, 0, 50, SHAPES)]
)
def test_other_names_and_other_seeds_draw_other_numbers(draw):
    drawn = [draw(name, seed).ravel() for name in ("a", "b", "a ") for seed in (0, 1, 2**63)]
    assert np.unique(np.concatenate(drawn)).size == sum(x.size for x in drawn)


def test_no_number_stands_in_two_draws():
    drawn = gammas("x", 5, 0, 2000, SHAPES)
    assert np.unique(drawn).size == drawn.size
    even = fractions("x", 5, 0, 20_000)
    assert np.unique(even).size == even.size


def test_rows_of_levels_have_the_moments_of_even_numbers():
    levels = level_rows("x", 3, 0, 50_000, 4)
    assert levels.dtype == np.uint16
    even = (levels + 0.5) / 65_536
    # Five standard errors of a mean of 50,000: 1 / sqrt(12 n); of a variance: sqrt(1/180 n).
    assert np.abs(even.mean(axis=0) - 1 / 2).max() < 5 / np.sqrt(12 * 50_000)
    assert np.abs(even.var(axis=0) - 1 / 12).max() < 5 / np.sqrt(180 * 50_000)
    # And no column tells of another, nor of its own next draw.
    r = np.corrcoef(np.hstack([even[1:], even[:-1]]), rowvar=False)
    assert np.abs(r - np.eye(8)).max() < 5 / np.sqrt(50_000)


def test_gammas_have_the_mean_and_the_variance_of_their_shape():
    drawn = gammas("x", 3, 0, 50_000, SHAPES)
    assert drawn.min() >= 0
    assert (np.abs(drawn.mean(axis=0) - SHAPES) < 5 * np.sqrt(SHAPES / 50_000)).all()
    # The variance of (x - k)^2 is 2 k^2 + 6 k.
    error = np.sqrt((2 * SHAPES**2 + 6 * SHAPES) / 50_000)
    assert (np.abs(drawn.var(axis=0) - SHAPES) < 5 * error).all()


def test_a_seed_beyond_64_bits_is_refused():
    with pytest.raises(OverflowError):
        stream("x", 2**64)
