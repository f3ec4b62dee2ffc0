"""What moved between two reviews. The figures are worked by hand."""

import pytest
from tests.frameworks.small import DOES_NOT_APPLY, area, framework, question, sheet

from tessera.frameworks.errors import NotComparable
from tessera.frameworks.schema import Change, ChangeMap
from tessera.frameworks.scores.movement import changes_since
from tessera.frameworks.scoring import score_sheet

BOTH = framework(
    area("a", question("q1"), question("q2"), question("q3", weight="2")),
    area("b", question("q4")),
)


def movement(made, now, then, earlier=None):
    return score_sheet(made, now, previous=(earlier or made, then)).movement


def test_contributions_of_questions_add_up_to_the_area_and_areas_to_the_whole():
    then = sheet(year=2020, q1="no", q2="partly", q3="yes", q4="no")
    now = sheet(year=2023, q1="yes", q2="no", q3="yes", q4="partly")
    found = movement(BOTH, now, then)
    a, b = found.areas
    # a: (100 × 1 - 50 × 1 + 0 × 2) / 4 = 12.5; b: 50; overall (12.5 + 50) / 2 = 31.25
    assert a.difference == 12.5
    assert {q.key: q.contribution for q in a.questions} == {"q1": 25.0, "q2": -12.5, "q3": 0.0}
    assert (a.contribution, b.contribution) == (6.25, 25.0)
    assert found.overall == {"core": 31.25}
    assert found.previous_points == {"a": 62.5, "b": 0.0}
    assert found.previous_overall == {"core": 31.25}
    assert (found.previous_year, found.previous_version) == (2020, 1)


def test_with_every_answer_given_twice_the_difference_is_that_of_the_scores():
    then = sheet(year=2020, q1="no", q2="partly", q3="yes", q4="no")
    now = sheet(year=2023, q1="yes", q2="no", q3="yes", q4="partly")
    profile = score_sheet(BOTH, now, previous=(BOTH, then))
    for move in profile.movement.areas:
        before = profile.movement.previous_points[move.key]
        assert move.difference == profile.area(move.key).score.points - before


def test_only_questions_answered_both_times_are_compared():
    then = sheet(year=2020, q1="no", q3="no", q4="no")
    now = sheet(year=2023, q1="yes", q2="yes", q3="no", q4=DOES_NOT_APPLY)
    a, b = movement(BOTH, now, then).areas
    assert a.difference == pytest.approx(100 / 3)  # q1 and q3 with weights 1 and 2
    assert a.compared_share == 0.75
    assert [(n.key, n.reason) for n in a.not_compared] == [("q2", "not-answered-then")]
    assert b.difference is None
    assert [(n.key, n.reason) for n in b.not_compared] == [("q4", "not-answered-now")]


def test_too_little_to_compare_gives_no_difference():
    then = sheet(year=2020, q1="no", q4="no")
    now = sheet(year=2023, q1="yes", q2="yes", q3="yes", q4="no")
    a = movement(BOTH, now, then).areas[0]
    assert a.difference is None
    assert a.compared_share == 0.25


CHANGES = ChangeMap(
    from_version=1,
    old={"q1": Change.REWORDED, "q2": Change.CHANGED, "q3": Change.SAME, "q4": Change.DROPPED},
    new={"q1": Change.REWORDED, "q2": Change.CHANGED, "q3": Change.SAME, "q5": Change.NEW},
    origin={},
    heirs={},
)
SECOND = framework(
    area("a", question("q1"), question("q2", "yes-no"), question("q3", weight="3")),
    area("b", question("q5")),
    version=2,
    changes=CHANGES,
)


def test_invariant_1_between_versions_only_the_same_and_the_reworded_are_compared():
    then = sheet(year=2020, q1="no", q2="no", q3="partly", q4="yes")
    now = sheet(year=2023, version=2, q1="yes", q2="yes", q3="yes", q5="no")
    a, b = movement(SECOND, now, then, earlier=BOTH).areas
    # q1 (weight 1) rose by 100, q3 (weight 3 in the newer version) by 50: 250 / 4
    assert a.difference == 62.5
    assert [(n.key, n.reason) for n in a.not_compared] == [("q2", "changed")]
    assert b.difference is None
    assert [(n.key, n.reason) for n in b.not_compared] == [("q5", "new")]


def test_over_several_versions_a_question_must_be_comparable_at_each_step():
    third = framework(
        area("a", question("q1"), question("q2"), question("q3"), question("q5")),
        version=3,
        changes=ChangeMap(
            from_version=2,
            old={},
            new={"q1": Change.CHANGED, "q2": Change.SAME, "q3": Change.SAME, "q5": Change.REWORDED},
            origin={},
            heirs={},
        ),
    )
    versions = {1: BOTH, 2: SECOND}
    since = changes_since(third, 1, find=lambda _, version: versions[version])
    assert since == {"q1": Change.CHANGED, "q2": Change.CHANGED, "q3": Change.SAME, "q5": Change.NEW}


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (sheet(year=2023), sheet(year=2023), "describes 2023, this one 2023"),
        (sheet(year=2020), sheet(year=2023), "describes 2023, this one 2020"),
    ],
)
def test_an_earlier_review_must_be_earlier(now, then, words):
    with pytest.raises(NotComparable, match=words):
        score_sheet(BOTH, now, previous=(BOTH, then))


def test_a_later_version_cannot_be_the_earlier_review():
    with pytest.raises(NotComparable, match="answers version 2 of small"):
        score_sheet(BOTH, sheet(year=2023), previous=(SECOND, sheet(year=2020, version=2)))
