"""Scores of sheets, each figure worked by hand from the definitions in docs/reference/scores.md."""

import pytest
from tests.frameworks.small import DOES_NOT_APPLY, area, framework, question, sheet

from tessera.frameworks.profile import AreaState, QuestionState
from tessera.frameworks.schema import Constraint, Pathway
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.when_rules import Is

ONE_AREA = framework(area("a", question("q1"), question("q2"), question("q3", weight="2")))


def test_the_worked_example_of_the_contract():
    # Weights 1, 1, 2: yes (100), partly (50), missing. Coverage 2/4, score 75, outer band 37.5 to 87.5.
    score = score_sheet(ONE_AREA, sheet(q1="yes", q2="partly")).area("a").score
    assert score.coverage == 0.5
    assert score.points == 75.0
    assert (score.outer_band.low, score.outer_band.high) == (37.5, 87.5)
    # The missing answer gives 37.5, 62.5 or 87.5, a third each: a tenth lies at 37.5, nine tenths at 87.5.
    assert (score.likely_band.low, score.likely_band.high) == (37.5, 87.5)


def test_under_the_minimum_coverage_there_is_a_band_and_no_score():
    profile = score_sheet(ONE_AREA, sheet(q1="yes"))
    found = profile.area("a")
    assert found.state is AreaState.NOT_ENOUGH
    assert found.score.points is None
    assert found.score.coverage == 0.25
    assert (found.score.outer_band.low, found.score.outer_band.high) == (25.0, 100.0)
    assert profile.overall["core"].points is None
    assert profile.overall["core"].left_out == ("a",)


def test_missing_is_not_no():
    missing = score_sheet(ONE_AREA, sheet(q1="yes", q3="yes")).area("a").score
    no = score_sheet(ONE_AREA, sheet(q1="yes", q2="no", q3="yes")).area("a").score
    assert (missing.points, missing.coverage) == (100.0, 0.75)
    assert (no.points, no.coverage) == (75.0, 1.0)


def test_what_does_not_apply_leaves_the_denominator():
    profile = score_sheet(ONE_AREA, sheet(q1="yes", q2="no", q3=DOES_NOT_APPLY))
    score = profile.area("a").score
    assert (score.points, score.coverage) == (50.0, 1.0)
    assert (score.outer_band.low, score.outer_band.high) == (50.0, 50.0)
    assert profile.area("a").questions[2].state is QuestionState.NOT_APPLICABLE


def test_an_area_in_which_nothing_applies_has_no_coverage_and_lowers_none():
    two = framework(area("a", question("q1")), area("b", question("q2")))
    profile = score_sheet(two, sheet(q1="partly", q2=DOES_NOT_APPLY))
    assert profile.area("b").state is AreaState.NOT_APPLICABLE
    assert profile.area("b").score.coverage is None
    assert profile.area("b").score.outer_band is None
    assert profile.overall["core"].points == 50.0
    assert profile.overall["core"].coverage == 1.0


def test_a_composite_area_is_the_weighted_mean_of_its_parts():
    lens = framework(
        area("lens", area("x", question("q1")), area("y", question("q2"), weight="3")),
        area("z", question("q3")),
    )
    profile = score_sheet(lens, sheet(q1="yes", q2="no", q3="yes"))
    assert profile.area("lens").score.points == 25.0
    assert profile.area("x").parent == "lens"
    assert profile.overall["core"].points == 62.5  # the lens counts once: (25 + 100) / 2


WITH_OPTIONAL = framework(
    area("a", question("q1")),
    area("b", question("q2")),
    area("c", question("q3"), question("q4"), optional=True),
)


def test_optional_areas_make_a_second_overall_score_once_they_are_filled():
    profile = score_sheet(WITH_OPTIONAL, sheet(q1="yes", q2="no", q3="yes", q4="yes"))
    assert profile.overall["core"].points == 50.0
    assert profile.overall["extended"].points == pytest.approx(200 / 3)


def test_one_of_two_optional_areas_makes_no_second_overall_score():
    two = framework(
        area("a", question("q1")),
        area("b", question("q2"), optional=True),
        area("c", question("q3"), optional=True),
    )
    assert set(score_sheet(two, sheet(q1="yes", q2="yes")).overall) == {"core"}


def test_an_optional_area_left_out_changes_nothing():
    profile = score_sheet(WITH_OPTIONAL, sheet(q1="yes", q2="no"))
    assert profile.area("c").state is AreaState.NOT_FILLED
    assert set(profile.overall) == {"core"}
    assert profile.overall["core"].coverage == 1.0


def test_an_area_without_a_score_is_named_and_lowers_the_coverage_above():
    three = framework(
        area("a", question("q1")),
        area("b", question("q2")),
        area("c", question("q3"), question("q4", weight="2")),
    )
    overall = score_sheet(three, sheet(q1="yes", q2="partly", q3="yes")).overall["core"]
    assert overall.points == 75.0
    assert overall.left_out == ("c",)
    assert overall.coverage == pytest.approx(2 / 3)  # the third that was answered in c reaches no score
    # c lies between 1/3 × 100 and 100: (100 + 50 + 33.3..) / 3 to (100 + 50 + 100) / 3
    assert overall.outer_band.low == pytest.approx((150 + 100 / 3) / 3)
    assert overall.outer_band.high == pytest.approx(250 / 3)


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        (("museums",), 50.0),
        (("museums", "parks"), 100.0),
        (("museums", "parks", "squares"), 100.0),  # three points, capped at two
        (("none",), 0.0),
    ],
)
def test_several_options_add_up_to_the_cap(chosen, points):
    places = question(
        "places",
        "multiple",
        options={"museums": "1", "parks": "1", "squares": "1", "none": "0"},
        exclusive="none",
        cap="2",
    )
    assert score_sheet(framework(area("a", places)), sheet(places=chosen)).area("a").score.points == points


@pytest.mark.parametrize(
    ("given", "points"), [(0.0, 0.0), (5.0, 25.0), (10.0, 50.0), (30.0, 75.0), (50.0, 100.0), (100.0, 100.0)]
)
def test_a_number_is_scored_on_straight_lines_between_the_pairs(given, points):
    share = question("share", "number", scale=(("0", "0"), ("10", "2"), ("50", "4"), ("100", "4")))
    assert score_sheet(framework(area("a", share)), sheet(share=given)).area("a").score.points == points


@pytest.mark.parametrize(
    ("given", "points"), [(0.0, 100.0), (2.5, 75.0), (5.0, 50.0), (40.0, 0.0), ("never", 0.0)]
)
def test_a_period_is_scored_in_years_and_never_has_its_own_points(given, points):
    wait = question("wait", "period", options={"never": "0"}, scale=(("0", "4"), ("5", "2"), ("10", "0")))
    assert score_sheet(framework(area("a", wait)), sheet(wait=given)).area("a").score.points == points


@pytest.mark.parametrize("given", [200.5, 1e26, float("inf"), float("nan"), -0.0, -1.0], ids=str)
@pytest.mark.parametrize("type_", ["number", "period"])
def test_a_number_is_no_answer_beyond_its_bounds_or_as_a_zero_with_a_sign(type_, given):
    wait = question("wait", type_, scale=(("0", "4"), ("10", "0")))
    with pytest.raises(ValueError, match=r"^wait: "):
        wait.points(given)


def test_the_longest_period_is_two_hundred_years():
    assert question("wait", "period", scale=(("0", "4"), ("10", "0"))).points(200.0) == 0


@pytest.mark.parametrize(
    ("given", "points"), [("often", 100.0), ("sometimes", 200 / 3), ("rarely", 100 / 3), ("never", 0.0)]
)
def test_a_frequency_has_four_even_steps(given, points):
    often = framework(area("a", question("often", "frequency")))
    assert score_sheet(often, sheet(often=given)).area("a").score.points == pytest.approx(points)


def test_a_fact_of_weight_0_is_shown_and_not_scored():
    with_fact = framework(area("a", question("q1"), question("fact", "yes-no", weight="0")))
    profile = score_sheet(with_fact, sheet(q1="partly", fact="yes"))
    assert profile.area("a").score.points == 50.0
    assert profile.area("a").questions[1].points == 100.0
    assert profile.area("a").questions[1].share == 0.0


PLAN = framework(
    area(
        "a",
        question("strategy", "yes-no"),
        question("plan", "yes-partly-no", when=Is("strategy", ("yes",))),
        question("budget", "yes-no", when=Is("plan", ("yes", "partly"))),
    )
)


def states(profile):
    return {question.key: question.state.value for question in profile.area("a").questions}


def test_a_hidden_answer_is_kept_and_does_not_count():
    profile = score_sheet(PLAN, sheet(strategy="no", plan="yes", budget="yes"))
    assert states(profile) == {"strategy": "answered", "plan": "hidden", "budget": "hidden"}
    assert profile.area("a").questions[1].value == "yes"
    assert (profile.area("a").score.points, profile.area("a").score.coverage) == (0.0, 1.0)


def test_a_missing_question_leaves_those_that_it_may_show_counting_as_missing():
    profile = score_sheet(PLAN, sheet(plan="yes"))
    assert states(profile) == {"strategy": "missing", "plan": "missing", "budget": "missing"}
    score = profile.area("a").score
    assert score.coverage == 0.0
    # no strategy: 0 of 1; a strategy: its plan is answered (100), the budget 0 or 100.
    assert (score.outer_band.low, score.outer_band.high) == (0.0, 100.0)


def test_completions_that_reveal_questions_complete_those_too():
    score = score_sheet(PLAN, sheet(strategy="yes")).area("a").score
    # plan no: (100 + 0) / 2 = 50; partly: (100 + 50 + 0 or 100) / 3 = 50 or 83.3; yes: 66.7 or 100.
    assert (score.outer_band.low, score.outer_band.high) == (50.0, 100.0)
    assert score.points is None  # a third of the weight that may apply


def test_the_core_pathway_asks_core_questions_only():
    both = framework(
        area("a", question("q1"), question("q2", pathway=Pathway.FULL)),
        area("b", question("q3", pathway=Pathway.FULL)),
    )
    profile = score_sheet(both, sheet(pathway=Pathway.CORE, q1="yes"))
    assert [question.key for question in profile.area("a").questions] == ["q1"]
    assert profile.area("b").state is AreaState.NOT_ASKED
    assert (profile.overall["core"].points, profile.overall["core"].coverage) == (100.0, 1.0)


def test_contradictory_answers_are_named():
    constraint = Constraint("evaluated-without-plan", Is("evaluated", ("yes",)), Is("plan", ("yes",)))
    two = framework(
        area("a", question("plan", "yes-no")),
        area("b", question("evaluated", "yes-no")),
        constraints=(constraint,),
    )
    assert score_sheet(two, sheet(plan="no", evaluated="yes")).contradictions == ("evaluated-without-plan",)
    assert score_sheet(two, sheet(plan="yes", evaluated="yes")).contradictions == ()
    assert score_sheet(two, sheet(evaluated="yes")).contradictions == ()  # the plan is not answered


def test_strongest_and_weakest_areas_name_their_telling_questions():
    four = framework(
        area("a", question("a1"), question("a2", weight="2")),
        area("b", question("b1"), question("b2", weight="2")),
        area("c", question("c1")),
        area("d", question("d1")),
    )
    profile = score_sheet(four, sheet(a1="yes", a2="yes", b1="no", b2="partly", c1="partly", d1="partly"))
    # c and d lie between, with the same points: neither stands out.
    assert [(h.area, h.questions) for h in profile.strongest] == [("a", ("a2", "a1"))]
    # b: a third of the weight lost whole (33.3 points), two thirds lost by half (33.3 points).
    (weakest,) = profile.weakest
    assert weakest.area == "b"
    assert set(weakest.questions) == {"b1", "b2"}


@pytest.mark.parametrize(
    ("answers", "strongest", "weakest"),
    [
        (("partly", "partly", "partly", "partly"), [], []),
        (("yes", "no", "no", "no"), ["a"], ["b", "c"]),
        (("yes", "yes", "yes", "no"), ["a", "b"], ["d"]),
        (("yes", "partly", "partly", "no"), ["a"], ["d"]),
        (("no", "partly", "yes", "yes"), ["c", "d"], ["a", "b"]),
    ],
)
def test_the_same_points_are_never_both_a_strength_and_a_gap(answers, strongest, weakest):
    four = framework(*(area(key, question(f"q{key}")) for key in "abcd"))
    profile = score_sheet(four, sheet(**dict(zip(("qa", "qb", "qc", "qd"), answers, strict=True))))
    assert [each.area for each in profile.strongest] == strongest
    assert [each.area for each in profile.weakest] == weakest


def test_the_profile_carries_the_hashes_that_reproduce_it():
    first = score_sheet(ONE_AREA, sheet(q1="yes", q2="partly"))
    assert first == score_sheet(ONE_AREA, sheet(q2="partly", q1="yes"))
    other = score_sheet(ONE_AREA, sheet(q1="yes", q2="no"))
    assert first.hashes.answers != other.hashes.answers
    assert (first.hashes.framework, first.hashes.scheme) == ("0" * 64, "1" * 64)


def test_a_sheet_of_another_version_is_refused():
    with pytest.raises(ValueError, match="answers small 2, not small 1"):
        score_sheet(ONE_AREA, sheet(version=2, q1="yes"))
