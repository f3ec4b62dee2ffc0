from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.reports.wording import UnknownLanguageError, Wording, display_parts, display_points


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (62.5, 63),
        (62.4, 62),
        (-0.5, -1),
        (-0.4, 0),
        (-1.5, -2),
        (0.5, 1),
        (100.0, 100),
        # 0.1 + 0.2 is a little more than 0.3, and 62.5 reached through thirds a little less than itself.
        (62.49999999999999, 63),
        (62.50000000000001, 63),
    ],
)
def test_points_are_shown_whole_with_halves_away_from_zero(points: float, shown: int) -> None:
    assert display_points(points) == shown


def test_parts_are_shown_in_tenths_that_add_up() -> None:
    # Each alone would be 0.3, together 0.9; their sum is 1.0.
    assert display_parts([1 / 3, 1 / 3, 1 / 3]) == [Decimal("0.3"), Decimal("0.3"), Decimal("0.4")]


@given(st.lists(st.integers(-100_000, 100_000), max_size=20))
def test_shown_parts_always_sum_to_the_shown_sum(thousandths: list[int]) -> None:
    shown = display_parts([part / 1000 for part in thousandths])
    total = (Decimal(sum(thousandths)) / 1000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert sum(shown) == total
    assert all(
        abs(part - Decimal(exact) / 1000) < Decimal("0.1")
        for part, exact in zip(shown, thousandths, strict=True)
    )


@pytest.mark.parametrize(
    ("points", "english", "latvian"),
    [
        (12.25, "12.3", "12,3"),
        # A part of 0.15 as floats make it: 0.149999...
        (0.45 - 0.3, "0.2", "0,2"),
        (100, "100.0", "100,0"),
        (-0.25, "−0.3", "−0,3"),
        (-0.04, "0.0", "0,0"),
    ],
)
def test_a_small_part_is_shown_to_a_tenth(points: float, english: str, latvian: str) -> None:
    assert Wording("en").tenths(points) == english
    assert Wording("lv").tenths(points) == latvian


@pytest.mark.parametrize(
    ("figure", "english", "latvian"),
    [
        (0.599, "0.59", "0,59"),
        (0.999999, "0.99", "0,99"),
        (1.0, "1.00", "1,00"),
        (-0.001, "−0.01", "−0,01"),
        # 0.1 + 0.2 - 0.01, as floats make it a little less than 0.29.
        (0.1 + 0.2 - 0.01, "0.29", "0,29"),
    ],
)
def test_what_must_not_look_better_is_rounded_down(figure: float, english: str, latvian: str) -> None:
    assert Wording("en").hundredths(figure) == english
    assert Wording("lv").hundredths(figure) == latvian


def test_a_day_is_written_as_people_of_the_language_write_it() -> None:
    assert Wording("en").day(date(2026, 5, 4)) == "4 May 2026"
    assert Wording("lv").day(date(2026, 5, 4)) == "2026. gada 4. maijs"


@pytest.mark.parametrize(
    ("difference", "english", "latvian"),
    [
        (3.2, "+3", "+3"),
        (-0.5, "−1", "−1"),
        (-0.4, "0", "0"),
        (Decimal("-1.2"), "−1.2", "−1,2"),
        (Decimal("2.0"), "+2.0", "+2,0"),
    ],
)
def test_a_difference_has_its_sign_and_a_real_minus(
    difference: float | Decimal, english: str, latvian: str
) -> None:
    assert Wording("en").signed(difference) == english
    assert Wording("lv").signed(difference) == latvian


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0%"), (0.001, "1%"), (0.925, "93%"), (0.999, "99%"), (1.0, "100%")]
)
def test_only_all_is_shown_as_all_and_only_nothing_as_nothing(share: float, shown: str) -> None:
    assert Wording("en").percent(share) == shown


def test_latvian_counts_in_three_forms() -> None:
    words = Wording("lv")
    forms = [words.ngettext("point of 100", "points of 100", n) for n in (1, 21, 57, 11, 0)]
    assert forms == ["punkts no 100", "punkts no 100", "punkti no 100", "punkti no 100", "punktu no 100"]


def test_a_language_without_reports_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownLanguageError, match=r"'xx'.*en, lv"):
        Wording("xx")


def test_a_range_of_shares_is_one_figure_where_both_ends_look_the_same():
    assert Wording("en").percent_range(0.25, 1 / 3) == "25%–33%"
    assert Wording("en").percent_range(0.25, 0.254) == "25%"
