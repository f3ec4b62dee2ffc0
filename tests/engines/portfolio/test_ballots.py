import pytest

from tessera.engines.portfolio.ballots import approvals_of_points, approvals_of_ranks
from tessera.engines.portfolio.errors import BallotError, RuleError

POINTS = {"Ada": {"a": 5, "b": 3, "c": 3, "d": 0, "e": 1}, "Bo": {"a": 0}}


@pytest.mark.parametrize(
    ("top", "approved"),
    [
        (None, ("a", "b", "c", "e")),
        (1, ("a",)),
        (2, ("a", "b", "c")),
        (3, ("a", "b", "c")),
        (9, ("a", "b", "c", "e")),
    ],
)
def test_points_approve_what_got_the_most_and_all_that_are_equal_at_the_limit(top, approved):
    assert approvals_of_points(POINTS, top=top) == {"Ada": approved, "Bo": ()}


@pytest.mark.parametrize(
    ("top", "approved"), [(None, ("c", "a", "b")), (1, ("c",)), (2, ("c", "a")), (5, ("c", "a", "b"))]
)
def test_a_ranking_approves_its_first_places(top, approved):
    assert approvals_of_ranks({"Ada": ["c", "a", "b"]}, top=top) == {"Ada": approved}


def test_a_project_without_points_is_not_approved_to_reach_the_limit():
    assert approvals_of_points({"Ada": {"a": 5, "b": 0, "c": 0}}, top=2) == {"Ada": ("a",)}


def test_points_below_0_are_refused():
    with pytest.raises(BallotError, match="the ballot of Ada gives a -1 points"):
        approvals_of_points({"Ada": {"a": -1}})


@pytest.mark.parametrize("approvals", [approvals_of_points, approvals_of_ranks])
def test_a_limit_below_1_is_refused(approvals):
    with pytest.raises(RuleError, match="the first 0 places"):
        approvals({}, top=0)
