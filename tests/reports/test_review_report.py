from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.frameworks.small import area, framework, question, sheet
from tests.reports.reviews import answered, large_framework, large_review

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.profile import (
    AreaMove,
    AreaState,
    ClassRange,
    Comparison,
    Interval,
    Movement,
    NotCompared,
    Profile,
    QuestionMove,
    Score,
)
from tessera.frameworks.schema import AreaText, Change, Framework, Pathway, QuestionText, Texts
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.when_rules import Is
from tessera.reports.parts import DotPlot, QuestionDetail, ReviewReport
from tessera.reports.review import build_review_report

PLAN = "Is there a plan?"
COURSES = "Are there courses?"


def plan_and_courses() -> Framework:
    """Two areas of one question each, worded in English."""
    made = framework(area("policy", question("plan")), area("language", question("courses")))
    labels = {"yes": "Yes", "partly": "Partly", "no": "No"}
    texts = Texts(
        "en",
        "Small review",
        "",
        True,
        {
            "policy": AreaText("Policy", "What is decided."),
            "language": AreaText("Language", "What is taught."),
        },
        {
            "plan": QuestionText(PLAN, "", "", labels, ""),
            "courses": QuestionText(COURSES, "", "", labels, ""),
        },
        {},
    )
    return replace(made, texts={"en": texts})


def report_of(
    answers: AnswerSheet, changes: Mapping[str, object] | None = None, language: str = "en"
) -> ReviewReport:
    """The report of answers to the two questions, with figures of the profile as given by hand."""
    made = plan_and_courses()
    profile = score_sheet(made, answers).model_copy(update=changes or {})
    return build_review_report(made, answers, profile, language=language)


def band(low: float, high: float) -> Interval:
    return Interval(low=low, high=high)


def overall(**score: object) -> dict[str, dict[str, Score]]:
    given = {"coverage": 1.0, "outer_band": None, "likely_band": None, **score}
    return {"overall": {"core": Score(**given)}}  # type: ignore[arg-type]


def detail(report: ReviewReport, key: str) -> QuestionDetail:
    return next(asked for part in report.details.areas for asked in part.questions if asked.key == key)


PART_ANSWERED = {
    "points": 56.5,
    "coverage": 0.92,
    "outer_band": band(52.5, 62.4),
    "likely_band": band(54.6, 60.2),
    "likely_from": ("options",),
}


def test_a_score_says_what_it_rests_on_and_where_it_can_lie() -> None:
    score = report_of(sheet(plan="yes"), overall(**PART_ANSWERED)).overall[0].score
    assert score.sentence == (
        "57 points of 100. The answers cover 92% of the weight. "
        "With every question answered, the score would lie between 53 and 62. "
        "With a chance of 80% it would lie between 55 and 60, if every possible answer is equally likely."
    )


@pytest.mark.parametrize(
    ("likely_from", "condition"),
    [
        (("class",), "if the missing answers are like those of the class."),
        (
            ("class", "options"),
            "if the missing answers are like those of the class (all equally likely where it gave too few).",
        ),
    ],
)
def test_a_chance_says_what_it_rests_on(likely_from: tuple[str, ...], condition: str) -> None:
    changes = overall(**PART_ANSWERED | {"likely_from": likely_from})
    assert report_of(sheet(plan="yes"), changes).overall[0].score.sentence.endswith(condition)


def test_a_score_says_the_same_in_latvian() -> None:
    score = report_of(sheet(plan="yes"), overall(**PART_ANSWERED), language="lv").overall[0].score
    assert score.sentence == (
        "57 punkti no 100. Atbildes aptver 92\u00a0% svara. "
        "Ja būtu atbildēts uz visiem jautājumiem, vērtējums būtu no 53 līdz 62. "
        "Ar 80\u00a0% varbūtību tas būtu no 55 līdz 60, ja visas iespējamās atbildes ir vienlīdz ticamas."
    )


def test_a_fully_answered_score_has_no_band_to_speak_of() -> None:
    score = report_of(sheet(plan="yes"), overall(points=62.5, outer_band=band(62.5, 62.5))).overall[0].score
    assert score.sentence == "63 points of 100. Every question that applies was answered."


def test_a_band_within_one_point_is_said_as_that_point() -> None:
    changes = overall(points=57.2, coverage=0.99, outer_band=band(56.8, 57.4))
    assert "the score would round to 57." in report_of(sheet(plan="yes"), changes).overall[0].score.sentence


def test_too_few_answers_give_words_and_a_band_but_no_figure() -> None:
    score = report_of(
        sheet(plan="yes"), overall(points=None, coverage=0.38, outer_band=band(20, 80))
    ).overall[0]
    assert score.score.sentence == (
        "Not enough answers. The answers cover 38% of the weight; a score needs 50%. "
        "With every question answered, the score would lie between 20 and 80."
    )
    assert not score.score.scored
    assert isinstance(score.chart.drawing, DotPlot)
    assert score.chart.drawing.rows[0].points is None
    assert score.chart.drawing.rows[0].outer == (20, 80)


def test_an_area_without_a_score_is_named_where_it_is_left_out() -> None:
    changes = overall(points=60.0, coverage=0.5, left_out=("language",))
    assert (
        report_of(sheet(plan="yes"), changes)
        .overall[0]
        .score.basis.endswith("Left out of this score, because they have none of their own: Language.")
    )


def test_missing_and_inapplicable_answers_are_words_and_never_nought() -> None:
    report = report_of(sheet(courses=Answer(not_applicable=True, reason="The state runs them.")))
    assert (detail(report, "plan").answer, detail(report, "plan").points) == ("Not answered", "–")
    courses = detail(report, "courses")
    assert (courses.answer, courses.points, courses.share) == ("Does not apply", "–", "–")
    assert courses.remarks == (("Reason", "The state runs them."),)
    assert [row[:3] for row in report.areas.chart.table.rows] == [
        ("Policy", "not enough answers", "0%"),
        ("Language", "does not apply", "–"),
    ]


def test_where_all_areas_score_the_same_no_area_is_a_strength_or_a_gap() -> None:
    report = report_of(sheet(plan="yes", courses="yes"))
    assert (report.strengths.items, report.gaps.items) == ((), ())
    assert report.strengths.intro == "No area has a higher score than the others."
    assert report.gaps.intro == "No area has a lower score than the others."


def test_notes_and_evidence_stand_beside_the_answer() -> None:
    report = report_of(sheet(plan=Answer(value="partly", note="In the making.", evidence="Protocol 7")))
    plan = detail(report, "plan")
    assert (plan.answer, plan.points, plan.weight, plan.share) == ("Partly", "50", "1", "100%")
    assert plan.remarks == (("Note", "In the making."), ("Evidence", "Protocol 7"))


def test_what_was_said_to_a_question_that_a_rule_hides_is_not_shown() -> None:
    plain = plan_and_courses()
    policy = area("policy", question("plan"), question("budget", when=Is("plan", ("yes",))))
    made = replace(plain, areas=(policy, plain.areas[1]))
    texts = plain.texts["en"]
    texts = replace(texts, questions={**texts.questions, "budget": texts.questions["plan"]})
    made = replace(made, texts={"en": texts})
    answers = sheet(plan="no", budget=Answer(value="yes", note="From last time"), courses="yes")
    report = build_review_report(made, answers, score_sheet(made, answers), language="en")
    budget = detail(report, "budget")
    assert budget.answer == "Not asked: another answer rules it out"
    assert budget.remarks == ()
    assert report.lead.endswith("The city answered 2 of the 2 questions that apply to it.")


def test_a_short_review_says_near_its_title_that_only_the_core_was_asked() -> None:
    core = report_of(replace(sheet(plan="yes"), pathway=Pathway.CORE))
    assert core.lead.endswith("It was asked the core questions only.")
    assert "core questions" not in report_of(sheet(plan="yes")).lead


def test_an_answer_that_waits_for_another_is_shown_as_not_counted() -> None:
    plain = plan_and_courses()
    policy = area("policy", question("plan"), question("budget", when=Is("plan", ("yes",))))
    texts = plain.texts["en"]
    texts = replace(texts, questions={**texts.questions, "budget": texts.questions["plan"]})
    made = replace(plain, areas=(policy, plain.areas[1]), texts={"en": texts})
    answers = sheet(budget="yes", courses="yes")
    report = build_review_report(made, answers, score_sheet(made, answers), language="en")
    assert detail(report, "budget").answer == "Yes (not counted yet: it is open whether the question applies)"


def test_areas_are_compared_with_the_median_of_the_class_and_never_with_fewer_than_five() -> None:
    comparison = Comparison(
        cities=7,
        minimum=5,
        overall={"core": ClassRange(n=7, median=40.5, low=10, high=90)},
        areas={"policy": ClassRange(n=6, median=49.4, low=10, high=90), "language": None},
        left_out=(),
    )
    answers = sheet(plan="partly", courses="yes")
    made = plan_and_courses()
    profile = score_sheet(made, answers).model_copy(update={"comparison": comparison})
    report = build_review_report(made, answers, profile, language="en", class_name="small towns")
    assert report.areas.chart.sentence == (
        "Highest: Language (100). Lowest: Policy (50). The class: 7 cities (small towns). "
        "Comparable scores above the median of the class: 1; below it: 0; at it: 0."
    )
    table = report.areas.chart.table
    assert table.header[5:] == ("Cities in the class", "Median of the class", "Range of the class")
    assert [row[5:] for row in table.rows] == [("6", "49", "10–90"), ("fewer than 5", "–", "–")]
    assert isinstance(report.areas.chart.drawing, DotPlot)
    assert [row.class_range for row in report.areas.chart.drawing.rows] == [(10, 49.4, 90), None]


def moved_report(previous_sheet: AnswerSheet | None = None) -> ReviewReport:
    """By hand: the plan went from no to partly, the courses stayed; 25 points come from the one area."""
    movement = Movement(
        previous_year=2020,
        previous_version=1,
        previous_answers_hash="2" * 64,
        overall={"core": 25.0},
        areas=(
            AreaMove(
                key="policy",
                difference=50.0,
                contribution=25.0,
                compared_share=1.0,
                questions=(QuestionMove(key="plan", change=Change.SAME, before=0, now=50, contribution=50),),
                not_compared=(),
            ),
            AreaMove(
                key="language",
                difference=None,
                contribution=None,
                compared_share=0.0,
                questions=(),
                not_compared=(NotCompared(key="courses", reason="changed"),),
            ),
        ),
        previous_points={"policy": 0.0, "language": None},
        previous_overall={"core": 31.4},
    )
    made = plan_and_courses()
    answers = sheet(plan="partly", courses="yes")
    profile = score_sheet(made, answers).model_copy(update={"movement": movement})
    return build_review_report(made, answers, profile, language="en", previous_sheet=previous_sheet)


def test_what_moved_is_told_by_area_and_by_question() -> None:
    moved = moved_report(previous_sheet=sheet(year=2020, plan="no", courses="no")).moved
    assert moved is not None
    assert moved.sentences[0] == (
        "Like for like, the overall score (core) differs from that of 2020 by +25 points."
    )
    assert moved.chart is not None
    assert moved.chart.table.rows == (("Policy", "0", "50", "+50", "100%", "+25.0"),)
    assert moved.chart.table.total == ("Sum", "", "", "", "", "+25.0")
    policy, language = moved.areas
    assert policy.table is not None
    assert policy.table.rows == ((PLAN, "No (0)", "Partly (50)", "+50.0"),)
    assert language.table is None
    assert [(each.question, each.answer) for each in language.not_compared] == [
        (COURSES, "the question or its options were changed")
    ]


def test_without_the_earlier_sheet_points_stand_for_the_answers_then() -> None:
    moved = moved_report().moved
    assert moved is not None
    assert moved.areas[0].table is not None
    assert moved.areas[0].table.rows == ((PLAN, "0", "Partly (50)", "+50.0"),)


def test_the_score_of_last_time_is_drawn_and_in_the_table() -> None:
    report = moved_report()
    chart = report.overall[0].chart
    assert isinstance(chart.drawing, DotPlot)
    assert chart.drawing.rows[0].previous == 31.4
    assert (chart.table.header[-1], chart.table.rows[0][-1]) == ("Points in 2020", "31")


def test_a_first_review_speaks_of_no_movement() -> None:
    report = report_of(sheet(plan="yes"))
    assert report.moved is None
    assert "moved" not in dict(report.contents)


def test_invented_answers_are_called_invented_and_real_ones_are_not() -> None:
    invented = report_of(sheet(plan="yes"))
    real = report_of(replace(sheet(plan="yes"), invented=False), {"invented": False})
    assert invented.notice.startswith("The answers are invented")
    assert real.notice == ""


def test_real_answers_beside_invented_ones_say_so() -> None:
    made, real = plan_and_courses(), replace(sheet(plan="yes"), invented=False)
    earlier = replace(sheet(plan="no", year=2020), invented=True)
    for given in ({"class_sheets": [earlier]}, {"previous": (made, earlier)}):
        report = build_review_report(made, real, score_sheet(made, real, **given), language="en")
        assert report.notice.startswith("Some of the answers that these are compared with are invented")
    alone = score_sheet(made, real, class_sheets=[real])
    assert build_review_report(made, real, alone, language="en").notice == ""


def test_core_and_extended_scores_never_share_a_chart() -> None:
    made = large_framework()
    answers = answered(made, missing=0)
    report = build_review_report(made, answers, score_sheet(made, answers), language="en")
    drawn = [part.chart.drawing for part in report.overall]
    assert [part.score.title for part in report.overall] == [
        "Overall score (core)",
        "Overall score (extended)",
    ]
    assert [len(drawing.rows) for drawing in drawn if isinstance(drawing, DotPlot)] == [1, 1]


def test_a_contradiction_is_named_in_the_words_of_the_framework() -> None:
    made, answers, _, profile = large_review()
    report = build_review_report(made, answers, profile, language="lv")
    assert report.contradictions is not None
    assert report.contradictions.items == ("Stratēģija ir, bet plāna nav.",)


def test_an_optional_area_that_the_city_left_out_is_in_the_table_and_not_drawn() -> None:
    made, answers, _, profile = large_review()
    assert profile.area("interaction").state is AreaState.NOT_FILLED
    chart = build_review_report(made, answers, profile, language="en").areas.chart
    assert isinstance(chart.drawing, DotPlot)
    assert "Interaction (optional)" not in [row.label for row in chart.drawing.rows]
    assert chart.table.rows[-1][:5] == ("Interaction (optional)", "left out", "0%", "–", "–")
    assert chart.sentence.endswith("Left out by the city: Interaction (optional).")


@pytest.mark.parametrize("language", ["en", "lv"])
def test_every_chart_has_a_sentence_a_description_and_a_table_with_each_of_its_rows(language: str) -> None:
    made, answers, before, profile = large_review()
    report = build_review_report(made, answers, profile, language=language, previous_sheet=before)
    assert [chart.name for chart in report.charts] == ["overall-core", "areas", "moved"]
    for chart in report.charts:
        assert chart.sentence
        assert chart.sentence in chart.description
        labels = [row[0] for row in chart.table.rows]
        assert [row.label for row in chart.drawing.rows] == [
            label for label in labels if label in {row.label for row in chart.drawing.rows}
        ]
        assert chart.drawing.rows


def test_all_weights_of_areas_and_questions_are_shown() -> None:
    made = plan_and_courses()
    heavy = replace(made.areas[0], weight=Fraction(3, 2), questions=(question("plan", weight="2.5"),))
    made = replace(made, areas=(heavy, made.areas[1]))
    answers = sheet(plan="yes", courses="yes")
    report = build_review_report(made, answers, score_sheet(made, answers), language="lv")
    assert report.method.weights.rows == (
        ("Policy", "kopējais vērtējums", "1", "1,5"),
        ("Language", "kopējais vērtējums", "1", "1"),
    )
    assert detail(report, "plan").weight == "2,5"


def test_a_question_without_weight_is_shown_without_points() -> None:
    made = plan_and_courses()
    made = replace(made, areas=(area("policy", question("plan", weight="0"), question("courses")),))
    answers = sheet(plan="partly", courses="yes")
    report = build_review_report(made, answers, score_sheet(made, answers), language="en")
    plan = detail(report, "plan")
    assert (plan.answer, plan.points, plan.weight, plan.share) == ("Partly", "–", "0", "–")


def test_the_origin_names_the_hashes_that_the_profile_rests_on() -> None:
    report = report_of(sheet(plan="yes"))
    hashes = Profile.model_validate(score_sheet(plan_and_courses(), sheet(plan="yes"))).hashes
    values = [value for _, value in report.method.origin]
    assert {hashes.answers, hashes.framework, hashes.scheme, "EUPL-1.2"} <= set(values)
