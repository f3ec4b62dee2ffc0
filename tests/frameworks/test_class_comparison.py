"""A city beside its class. The figures are worked by hand."""

from dataclasses import replace

from tests.frameworks.small import area, framework, question, sheet

from tessera.frameworks.profile import ClassRange
from tessera.frameworks.schema import Pathway
from tessera.frameworks.scoring import score_sheet

TWO = framework(area("a", question("q1")), area("b", question("q2"), question("q3")))
FIVE = [
    sheet(city="c1", q1="no", q2="yes", q3="yes"),
    sheet(city="c2", q1="partly", q2="yes", q3="no"),
    sheet(city="c3", q1="partly", q2="no", q3="no"),
    sheet(city="c4", q1="yes", q2="partly", q3="no"),
    sheet(city="c5", q1="yes"),
]
CITY = sheet(q1="yes", q2="yes", q3="yes")


def test_five_scores_give_a_range_and_four_give_none():
    comparison = score_sheet(TWO, CITY, class_sheets=FIVE).comparison
    assert comparison.areas["a"] == ClassRange(n=5, median=50.0, low=0.0, high=100.0)
    assert comparison.areas["b"] is None  # c5 has no score there
    assert comparison.overall["core"] == ClassRange(n=5, median=50.0, low=25.0, high=100.0)
    assert (comparison.cities, comparison.minimum) == (5, 5)


def test_sheets_of_another_version_pathway_or_framework_are_named_and_left_out():
    others = [
        replace(FIVE[0], city="other framework", framework_id="other"),
        replace(FIVE[1], city="other version", version=2),
        replace(FIVE[2], city="other pathway", pathway=Pathway.CORE),
    ]
    comparison = score_sheet(TWO, CITY, class_sheets=[*FIVE, *others]).comparison
    assert comparison.cities == 5
    assert comparison.left_out == ("other framework", "other version", "other pathway")


def test_without_a_class_there_is_no_comparison():
    assert score_sheet(TWO, CITY).comparison is None
