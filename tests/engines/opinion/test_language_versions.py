"""Readers of one language against all others, within the groups of opinion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control
from tests.engines.opinion.small_votes import votes_of
from tests.oracles.mantel_haenszel import ADJUSTED, ADMISSIONS, HIGH, LOW, P_VALUES, RATIO, STATISTIC, P

from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.language_versions import adjust_by_number, common_odds, compare_versions
from tessera.engines.opinion.loops.choice import fastest

EVERYWHERE = {"0": ("en", "uk"), "1": ("en", "uk")}

tables = arrays(np.int64, (3, 2, 2), elements=st.integers(1, 50))


def crowd(*parts):
    """Votes on one statement, groups and languages of people who come in parts: group, language, votes."""
    people = [(group, language, vote) for group, language, votes in parts for vote in votes]
    return (
        [[vote] for _, _, vote in people],
        np.array([group for group, _, _ in people], dtype=np.int32),
        [language for _, language, _ in people],
    )


def compare(matrix, groups, languages, versions=EVERYWHERE):
    return compare_versions(votes_of(matrix), groups, languages, versions, loops=fastest())


def two_groups(*, uk=8, en=2, of=10):
    """In both groups so many of ten Ukrainian readers agree, and so many of ten who read English."""
    return crowd(
        *[
            (group, language, [1] * agree + [-1] * (of - agree))
            for group in (0, 1)
            for language, agree in (("uk", uk), ("en", en))
        ]
    )


# The odds


def test_the_common_odds_of_the_admissions_to_Berkeley_are_those_that_R_prints():
    found = common_odds(ADMISSIONS)
    assert (round(float(found.ratio), 7), round(float(found.low), 7), round(float(found.high), 7)) == (
        RATIO,
        LOW,
        HIGH,
    )
    assert (round(float(found.statistic), 4), round(float(found.p), 4)) == (STATISTIC, P)


def test_a_table_is_worked_by_hand():
    """a = 8, b = 2, c = 2, d = 8: odds 64 / 4; (|8 - 5| - 0.5)^2 / (10^4 / (400 * 19)) = 4.75.

    The logarithm of the odds has the variance 1/8 + 1/2 + 1/2 + 1/8.
    """
    found = common_odds([[[8, 2], [2, 8]]])
    half = 1.959963984540054 * np.sqrt(1.25)
    assert float(found.ratio) == 16
    assert float(found.statistic) == pytest.approx(4.75)
    assert (float(found.low), float(found.high)) == pytest.approx((16 / np.exp(half), 16 * np.exp(half)))


@pytest.mark.parametrize(
    ("table", "ratio"), [([[5, 0], [3, 2]], np.inf), ([[0, 5], [3, 2]], 0.0), ([[5, 0], [5, 0]], np.nan)]
)
def test_odds_without_end_have_no_interval(table, ratio):
    found = common_odds([table])
    np.testing.assert_equal(float(found.ratio), ratio)
    assert np.isnan([found.low, found.high]).all()
    # Where all think the same, nothing can be tested.
    assert np.isnan(found.p) == np.isnan(ratio)


def test_the_correction_takes_no_more_away_than_there_is():
    found = common_odds([[[5, 5], [6, 5]]])
    assert (float(found.statistic), float(found.p)) == (0, 1)


def test_a_stratum_of_nobody_or_of_one_changes_nothing():
    with_more = common_odds([*ADMISSIONS, [[0, 0], [0, 0]], [[1, 0], [0, 0]]])
    assert float(with_more.ratio) == pytest.approx(float(common_odds(ADMISSIONS).ratio))
    assert float(with_more.p) == pytest.approx(float(common_odds(ADMISSIONS).p))


@given(tables)
def test_seen_from_the_other_side_the_odds_are_turned_over(counts):
    found, turned = common_odds(counts), common_odds(counts[:, ::-1])
    assert float(turned.ratio) == pytest.approx(1 / float(found.ratio))
    assert (float(turned.low), float(turned.high)) == pytest.approx(
        (1 / float(found.high), 1 / float(found.low))
    )
    assert float(turned.p) == pytest.approx(float(found.p))


@given(tables, st.permutations(range(3)))
def test_the_order_of_the_strata_makes_no_difference(counts, order):
    assert float(common_odds(counts[order]).ratio) == pytest.approx(float(common_odds(counts).ratio))


def test_many_tests_are_made_at_once():
    found = common_odds([ADMISSIONS, ADMISSIONS[::-1]])
    assert found.ratio.shape == (2,)
    assert found.ratio == pytest.approx([RATIO, RATIO])


# Their number


def test_p_values_are_adjusted_as_by_another_program():
    assert adjust_by_number(P_VALUES).tolist() == pytest.approx(ADJUSTED)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_p_values_are_adjusted_as_by_scipy(p):
    assert adjust_by_number(p) == pytest.approx(false_discovery_control(p, method="bh"))


# The comparison


def test_readers_who_vote_otherwise_within_their_group_are_found():
    """In both groups 8 of 10 against 2 of 10: odds (2 * 8 * 8 / 20) / (2 * 2 * 2 / 20) = 16."""
    english, ukrainian = compare(*two_groups())
    assert (english.language, english.ratio, english.statement) == ("en", pytest.approx(1 / 16), 0)
    assert (ukrainian.language, ukrainian.ratio) == ("uk", pytest.approx(16))
    # (6 - 0.5)^2 / (2 * 10^4 / (400 * 19)) = 11.495: p = 0.0007 by a table of chi-square.
    assert ukrainian.adjusted_p == pytest.approx(0.0007, abs=0.00001)
    assert ukrainian.low > 1
    assert english.is_flagged
    assert ukrainian.is_flagged


def test_a_difference_that_is_one_of_groups_is_none_of_language():
    """All readers together: 26 of 40 against 14 of 40. Within each group they vote alike."""
    found = compare(
        *crowd(
            (0, "uk", [1] * 24 + [-1] * 6),
            (0, "en", [1] * 8 + [-1] * 2),
            (1, "uk", [1] * 2 + [-1] * 8),
            (1, "en", [1] * 6 + [-1] * 24),
        )
    )
    assert [each.ratio for each in found] == pytest.approx([1, 1])
    assert not any(each.is_flagged for each in found)


def test_to_pass_is_not_to_agree():
    matrix, groups, languages = two_groups()
    passing = [[vote if vote == 1 else 0] for [vote] in matrix]
    assert [each.ratio for each in compare(passing, groups, languages)] == pytest.approx([1 / 16, 16])


def test_fewer_than_ten_readers_of_a_language_are_not_compared():
    nine = crowd((0, "uk", [1] * 9), (0, "en", [-1] * 30))
    ten = crowd((0, "uk", [1] * 10), (0, "en", [-1] * 30))
    assert compare(*nine) == ()
    assert [each.is_flagged for each in compare(*ten)] == [True, True]


def test_whoever_is_in_no_group_does_not_count():
    for language, other in (("en", "uk"), ("uk", "en")):
        people = crowd((0, language, [1] * 9), (-1, language, [1] * 5), (0, other, [-1] * 30))
        assert compare(*people) == ()


def test_only_languages_in_which_the_statement_stands_are_compared():
    assert [each.language for each in compare(*two_groups(), {"0": ("uk",)})] == ["uk"]
    assert compare(*two_groups(), {}) == ()


def test_a_statement_on_which_all_think_the_same_is_not_compared():
    assert compare(*two_groups(uk=10, en=10)) == ()


def test_a_sure_difference_that_is_small_is_not_flagged():
    """Of 2,000 each, 1,200 against 1,000: odds 1.5, and p far below one in a million."""
    english, ukrainian = compare(
        *crowd((0, "uk", [1] * 1200 + [-1] * 800), (0, "en", [1] * 1000 + [-1] * 1000))
    )
    assert ukrainian.ratio == pytest.approx(1.5)
    assert ukrainian.adjusted_p < 1e-6
    assert not ukrainian.is_flagged
    assert not english.is_flagged


def test_a_large_difference_that_may_be_chance_is_not_flagged():
    """Of ten each, 6 against 4: odds 2.25, chi-square (1 - 0.5)^2 / (10^4 / (400 * 19)) = 0.19."""
    _, ukrainian = compare(*crowd((0, "uk", [1] * 6 + [-1] * 4), (0, "en", [1] * 4 + [-1] * 6)))
    assert ukrainian.ratio == pytest.approx(2.25)
    assert not ukrainian.is_flagged


def test_among_many_comparisons_a_difference_must_be_surer():
    """8 of 10 against 2 of 10 in one group: p = 0.029. Beside nine that are alike it is 0.29."""
    matrix, groups, languages = crowd((0, "uk", [1] * 8 + [-1] * 2), (0, "en", [1] * 2 + [-1] * 8))
    [alone] = compare(matrix, groups, languages, {"0": ("uk",)})
    assert alone.is_flagged
    alike = [1 if place % 2 else -1 for place in range(20)]
    wide = [[vote, *[alike[place]] * 9] for place, [vote] in enumerate(matrix)]
    first, *others = compare(wide, groups, languages, {str(name): ("uk",) for name in range(10)})
    assert first.adjusted_p == pytest.approx(10 * alone.adjusted_p)
    assert not first.is_flagged
    assert [each.statement for each in others] == list(range(1, 10))


def test_no_people_are_no_comparison():
    assert compare([], np.array([], dtype=np.int32), []) == ()


def test_a_language_and_a_group_are_needed_for_each():
    matrix, groups, languages = two_groups()
    with pytest.raises(VotesError, match="39 languages were given for 40 participants"):
        compare(matrix, groups, languages[1:])
    with pytest.raises(VotesError, match="39 groups were given for 40 participants"):
        compare(matrix, groups[1:], languages)
