"""What hangs on one answer: by hand, against the scores made anew, and against the engine for indices."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from tests.frameworks.small import DOES_NOT_APPLY, area, framework, question, sheet
from tests.frameworks.test_score_bands import frameworks_with_answers

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.explanation.leverage import band_narrowing
from tessera.engines.index.explanation.leverage import leverage as slopes
from tessera.engines.index.method import Method
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Pathway, representative_answers
from tessera.frameworks.scores.leverage import BandPart, Reach, read_leverage, read_leverages
from tessera.frameworks.scores.reading import read_answers
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.when_rules import AtLeast, Is

# The example of docs/reference/scores.md.
THREE = framework(area("a", question("q1"), question("q2"), question("q3", weight="2")))


def leverages(made, **answers):
    return {each.question: each for each in read_leverages(read_answers(made, sheet(**answers)))}


def test_an_answer_moves_the_score_by_its_share_of_it():
    found = leverages(THREE, q1="yes", q2="partly")

    # The score is (100 + 50) / 2.
    assert found["q1"].area == Reach(75, 25, 75, may_be_lost=False)
    assert found["q1"].area.points == 50
    assert found["q2"].area == Reach(75, 50, 100, may_be_lost=False)
    assert found["q2"].area.points == 25
    assert found["q1"].overall == found["q1"].area


def test_a_missing_answer_may_move_the_score_that_there_is():
    # (100 + 50 + 2 * 0) / 4 to (100 + 50 + 2 * 100) / 4.
    found = leverages(THREE, q1="yes", q2="partly")["q3"]

    assert found.area == Reach(75, 37.5, 87.5, may_be_lost=False)
    assert found.area.points == 37.5


def test_the_whole_band_rests_on_the_only_missing_answer():
    found = leverages(THREE, q1="yes", q2="partly")["q3"]

    assert found.area_band == BandPart(points=50, width=50)
    assert found.area_band.share == 1
    assert found.overall_band == found.area_band


def test_missing_answers_share_the_band_by_their_weight():
    found = leverages(THREE, q1="yes")

    # From (100 + 0 + 0) / 4 to 100: a quarter of the weight is q2, half of it q3.
    assert found["q1"].area_band is None
    assert found["q2"].area_band == BandPart(points=25, width=75)
    assert found["q3"].area_band == BandPart(points=50, width=75)
    assert found["q3"].area_band.share == pytest.approx(2 / 3)


def test_an_area_counts_in_the_overall_score_by_its_weight():
    made = framework(area("a", question("q1"), question("q2"), weight="3"), area("b", question("q3")))

    found = leverages(made, q1="partly", q3="yes")

    # Area a has 50, and 3/4 of the whole: (3 * 50 + 100) / 4.
    assert found["q1"].area == Reach(50, 0, 100, may_be_lost=False)
    assert found["q1"].overall == Reach(62.5, 25, 100, may_be_lost=False)
    assert found["q2"].area == Reach(50, 25, 75, may_be_lost=False)
    assert found["q2"].overall == Reach(62.5, 43.75, 81.25, may_be_lost=False)
    assert (found["q2"].area_band.points, found["q2"].overall_band.points) == (50, 37.5)
    assert found["q3"].overall == Reach(62.5, 37.5, 62.5, may_be_lost=False)


def test_in_a_composite_area_the_way_leads_through_the_part():
    made = framework(
        area("top", area("a", question("q1")), area("b", question("q2"))), area("c", question("q3"))
    )

    found = leverages(made, q1="no", q2="yes", q3="yes")["q1"]

    assert found.area == Reach(0, 0, 100, may_be_lost=False)
    assert found.overall == Reach(75, 75, 100, may_be_lost=False)


def test_in_an_optional_area_an_answer_does_not_move_the_overall_score():
    made = framework(area("a", question("q1")), area("b", question("q2"), question("q3"), optional=True))

    found = leverages(made, q1="yes", q2="yes")

    assert found["q2"].overall.points == 0
    assert found["q2"].area.points == 100
    assert found["q3"].overall.points == 0
    assert (found["q3"].overall_band.points, found["q3"].area_band.points) == (0, 50)


def test_an_answer_without_weight_moves_nothing():
    found = leverages(framework(area("a", question("q1"), question("q2", weight="0"))), q1="yes", q2="no")

    assert found["q2"].area == Reach(100, 100, 100, may_be_lost=False)
    assert found["q2"].overall.points == 0


def test_where_there_is_no_score_nothing_moves():
    found = leverages(THREE, q1="yes")["q1"]

    assert found.area == Reach(None, None, None, may_be_lost=False)
    assert found.area.points is None
    assert found.overall.points is None


def test_a_missing_answer_may_give_a_score_where_there_is_none():
    found = leverages(THREE, q1="yes")

    # With q2, 2 of 4; with q3, 3 of 4 parts of the weight are answered, and the least is half.
    assert found["q2"].area == Reach(None, 50, 100, may_be_lost=False)
    assert found["q3"].area == Reach(None, pytest.approx(100 / 3), 100, may_be_lost=False)
    assert found["q3"].area.points is None


def test_an_answer_that_the_city_did_not_want_to_give_is_held_against_those_that_it_could_give():
    found = leverages(THREE, q1="yes", q2=DOES_NOT_APPLY, q3="yes")["q2"]

    # (100 + 2 * 100 + 0) / 4; it counts for nothing now.
    assert found.area == Reach(100, 75, 100, may_be_lost=False)
    assert found.area_band is None


GOVERNED = framework(
    area(
        "a",
        question("g", "yes-no"),
        question("q1", when=Is("g", ("yes",))),
        question("q2", when=Is("g", ("yes",))),
    )
)


def test_what_is_hidden_has_no_leverage():
    assert set(leverages(GOVERNED, g="no", q1="yes")) == {"g"}
    reading = read_answers(GOVERNED, sheet(g="no"))
    assert read_leverage(reading, "q1") is None
    assert read_leverage(reading, "g") is not None


def test_another_answer_reveals_what_a_rule_hides():
    # yes: (100 + 0 + 50) / 3, with the answers that are kept.
    assert leverages(GOVERNED, g="no", q1="no", q2="partly")["g"].area == Reach(0, 0, 50, may_be_lost=False)


def test_another_answer_may_leave_too_little_for_a_score():
    # yes: 1 of 3 is answered, which is less than half.
    found = leverages(GOVERNED, g="no")["g"]

    assert found.area == Reach(0, 0, 0, may_be_lost=True)
    assert found.overall == found.area


def test_a_missing_answer_that_governs_narrows_the_band_by_what_it_does_in_any_case():
    found = leverages(GOVERNED)

    # no: 0; yes: 100/3 to 100. Together 0 to 100; the wider one that is left has 200/3.
    assert found["g"].area_band == BandPart(points=pytest.approx(100 / 3), width=100)
    # Whether q1 applies is not known: with no, nothing of the band goes away.
    assert found["q1"].area_band == BandPart(points=0, width=100)


def test_the_sides_of_a_rule_about_a_number_are_tried():
    scale = (("0", "0"), ("100", "100"))
    made = framework(
        area("a", question("n", "number", scale=scale), question("q", weight="3", when=AtLeast("n", 50))),
    )

    found = leverages(made, n=10.0, q="no")["n"]

    # Just below 50 only n counts; from 50 on n and three times 0 do, at most (100 + 0) / 4.
    assert found.area == Reach(10, 0, pytest.approx(50), may_be_lost=False)


def test_a_question_that_is_not_asked_is_refused():
    with pytest.raises(KeyError):
        read_leverage(read_answers(THREE, sheet()), "q4")


def test_one_question_is_read_as_all_are():
    reading = read_answers(GOVERNED, sheet(g="yes", q1="partly"))

    assert [read_leverage(reading, key) for key in ("g", "q1", "q2")] == list(read_leverages(reading))


# Against the scores made anew


def profiles_with_each_answer(made, given_sheet, key):
    rules = next(each for each in made.plain_areas() if key in {q.key for q in each.questions}).governing()
    for value in representative_answers(made.question(key), rules.get(key, ())):
        answers = {**given_sheet.answers, key: Answer(value)}
        yield score_sheet(
            made,
            AnswerSheet(made.id, made.version, given_sheet.pathway, "A city", 2023, True, answers),
        )


def area_of(profile, key):
    return next(each for each in profile.areas if key in {question.key for question in each.questions})


def check_reach(found, now, then):
    scores = [points for points in then if points is not None]
    assert found.now == (None if now is None else pytest.approx(now))
    assert found.low == (pytest.approx(min(scores), abs=1e-9) if scores else None)
    assert found.high == (pytest.approx(max(scores), abs=1e-9) if scores else None)
    assert found.may_be_lost == (now is not None and len(scores) < len(then))


def check_part(found, now, then):
    widths = [band.high - band.low if band else 0.0 for band in then]
    if now is None:
        assert found is None
        return
    assert found.width == pytest.approx(now.high - now.low)
    assert found.points == pytest.approx(max(0.0, now.high - now.low - max(widths)), abs=1e-9)


def check_against_scores(made, given_sheet, keys=None):
    now = score_sheet(made, given_sheet)
    for each in read_leverages(read_answers(made, given_sheet)):
        if keys is not None and each.question not in keys:
            continue
        then = list(profiles_with_each_answer(made, given_sheet, each.question))
        own = [area_of(profile, each.question).score for profile in then]
        core = [profile.overall["core"] for profile in then]
        check_reach(each.overall, now.overall["core"].points, [score.points for score in core])
        here = area_of(now, each.question)
        check_reach(each.area, here.score.points, [score.points for score in own])
        state = next(question.state for question in here.questions if question.key == each.question)
        if state is QuestionState.MISSING:
            check_part(each.area_band, here.score.outer_band, [score.outer_band for score in own])
            check_part(
                each.overall_band, now.overall["core"].outer_band, [score.outer_band for score in core]
            )
        else:
            assert each.area_band is None
            assert each.overall_band is None


@given(frameworks_with_answers())
@settings(max_examples=60, deadline=None)
def test_leverage_is_how_far_the_scores_made_anew_lie(made_and_sheet):
    check_against_scores(*made_and_sheet)


@pytest.mark.parametrize("answered", [0.5, 1])
def test_leverage_in_the_review_is_how_far_the_scores_made_anew_lie(answered):
    made = find_framework("intercultural-review", 2)
    questions = list(made.questions())
    answers = {
        each.key: Answer(representative_answers(each)[place % 3 % len(representative_answers(each))])
        for place, each in enumerate(questions)
        if place % 4 < 4 * answered
    }
    given_sheet = AnswerSheet(made.id, made.version, Pathway.FULL, "A city", 2023, True, answers)
    some = {"strategy", "library-offer", "local-vote", "school-mix", "welcome-guide"}

    assert some <= {each.key for each in questions}
    check_against_scores(made, given_sheet, some)


# Against the engine for indices


@given(frameworks_with_answers(rules=False, most_areas=3))
@settings(max_examples=60, deadline=None)
def test_without_rules_it_is_the_leverage_and_the_narrowing_of_the_engine(made_and_sheet):
    made, given_sheet = made_and_sheet
    reading = read_answers(made, given_sheet)
    nodes = [Node("index", None)]
    for each in made.areas:
        nodes.append(Node(each.key, "index", float(each.weight)))
        nodes += [Node(q.key, each.key, float(q.weight)) for q in each.questions]
    keys = [q.key for q in made.questions()]
    points = np.array([[reading.points.get(key, math.nan) for key in keys]])
    applies = np.array([[reading.states[key] is not QuestionState.NOT_APPLICABLE for key in keys]])
    data = Data(("U",), tuple(keys), points, applies)
    result = compute(Tree(tuple(nodes)), data, Method(normalise=Normalise("none")))
    slope = dict(zip(keys, slopes(result)[0], strict=True))
    steps = [sorted({float(q.score(value)) for value in representative_answers(q)}) for q in made.questions()]
    narrowing = dict(zip(keys, band_narrowing(result, steps)[0], strict=True))
    all_scored = all(not math.isnan(reading.area_points(each.key)) for each in made.areas)
    for each in read_leverages(reading):
        if each.overall_band is not None:
            assert each.overall_band.points == pytest.approx(narrowing[each.question], abs=1e-9)
        if reading.states[each.question] is QuestionState.ANSWERED and all_scored:
            way = max(reading.points[each.question], 100 - reading.points[each.question])
            assert each.overall.points == pytest.approx(slope[each.question] * way, abs=1e-9)
