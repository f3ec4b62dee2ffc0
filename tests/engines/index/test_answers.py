"""Distributions over options, against cases by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.answers import ordinal_doubt, posterior_shares, with_evidence
from tessera.engines.index.errors import DataError

PRIOR = np.array([0.5, 0.3, 0.2])


def test_evidence_of_some_quality_mixes_answer_and_prior():
    # 0.6 on the answer and 0.4 of the prior.
    assert with_evidence(1, 3, 0.6, PRIOR) == pytest.approx([0.2, 0.72, 0.08])


def test_the_best_evidence_settles_the_answer_and_none_leaves_the_prior():
    assert with_evidence(2, 3, 1.0, PRIOR).tolist() == [0, 0, 1]
    assert with_evidence(2, 3, 0.0, PRIOR).tolist() == PRIOR.tolist()


def test_a_missing_answer_has_the_prior_whatever_the_evidence():
    found = with_evidence(None, 3, 0.9, PRIOR)
    assert found.tolist() == PRIOR.tolist()
    found[0] = 0.0
    assert PRIOR[0] == 0.5


def test_an_option_that_is_not_there_is_refused():
    for given_option in (-1, 3):
        with pytest.raises(DataError, match=f"no option {given_option}; the question has 3"):
            with_evidence(given_option, 3, 0.5, PRIOR)
        with pytest.raises(DataError, match=f"no option {given_option}; the question has 3"):
            ordinal_doubt(given_option, 3, 0.5)


def test_a_quality_that_is_no_share_is_refused():
    for quality in (-0.1, 1.1, np.nan):
        with pytest.raises(DataError, match=r"quality of the evidence is .*; a share from 0 to 1"):
            with_evidence(0, 3, quality, PRIOR)


def test_a_prior_that_is_no_distribution_is_refused():
    for prior in ([0.5, 0.3, 0.3], [1.2, -0.2, 0.0], [np.nan, 0.5, 0.5]):
        with pytest.raises(DataError, match="is no distribution: shares from 0 that sum to 1"):
            with_evidence(None, 3, 0.5, np.array(prior))
    with pytest.raises(DataError, match=r"prior has the shape \(3,\); the question has 4 options"):
        with_evidence(None, 4, 0.5, PRIOR)


def test_doubt_decays_with_the_distance():
    # 1, 1/3, 1/9, 1/27: of 40/27.
    assert ordinal_doubt(0, 4, 1 / 3) == pytest.approx([27 / 40, 9 / 40, 3 / 40, 1 / 40])
    assert ordinal_doubt(2, 4, 0.5) == pytest.approx([1 / 9, 2 / 9, 4 / 9, 2 / 9])


def test_an_answer_without_doubt_is_certain():
    assert ordinal_doubt(1, 3, 0.0).tolist() == [0, 1, 0]
    assert ordinal_doubt(0, 1, 0.5).tolist() == [1]


def test_a_doubt_outside_its_range_is_refused():
    for doubt in (-0.1, 1.0, np.nan):
        with pytest.raises(DataError, match=r"the doubt is .*; a number from 0 to below 1"):
            ordinal_doubt(0, 3, doubt)


@given(st.integers(1, 8), st.floats(0, 0.99), st.data())
def test_doubt_is_a_distribution_with_its_top_at_the_answer(n_options, doubt, draw):
    option = draw.draw(st.integers(0, n_options - 1))
    found = ordinal_doubt(option, n_options, doubt)
    assert found.sum() == pytest.approx(1)
    assert found[option] == found.max()
    # Counted from the other end it is the same.
    assert found[::-1] == pytest.approx(ordinal_doubt(n_options - 1 - option, n_options, doubt))


def test_counts_are_added_to_those_of_the_prior():
    # (1 + 3, 1 + 0, 2 + 1) of 8; a second question with 2.5 answers in all; a third without any.
    counts = np.array([[3.0, 0.0, 1.0], [0.0, 0.5, 2.0], [0.0, 0.0, 0.0]])
    found = posterior_shares(counts, np.array([1.0, 1.0, 2.0]))
    assert np.allclose(found, [[4 / 8, 1 / 8, 3 / 8], [1 / 6.5, 1.5 / 6.5, 4 / 6.5], [0.25, 0.25, 0.5]])


def test_laplace_rule_of_succession():
    # Laplace (1774): after s successes in n trials the next is one with the chance (s + 1) / (n + 2).
    assert posterior_shares(np.array([9.0, 1.0]), np.ones(2)) == pytest.approx([10 / 12, 2 / 12])


def test_counts_that_are_none_are_refused():
    with pytest.raises(DataError, match="counts hold -1; numbers from 0"):
        posterior_shares(np.array([1.0, -1.0]), np.ones(2))
    with pytest.raises(DataError, match="prior counts hold nan; numbers from 0"):
        posterior_shares(np.ones(2), np.array([1.0, np.nan]))
    with pytest.raises(DataError, match=r"shape \(2,\) and the prior \(3,\)"):
        posterior_shares(np.ones(2), np.ones(3))
    with pytest.raises(DataError, match="nothing is counted and the prior is 0"):
        posterior_shares(np.array([[1.0, 0.0], [0.0, 0.0]]), np.zeros(2))
