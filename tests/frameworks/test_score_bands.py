"""Properties of scores and bands, against brute force over every completion of small random frameworks."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frameworks.small import DOES_NOT_APPLY, area, framework, question, sheet

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import representative_answers
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.when_rules import Is, holds

TYPES = ("yes-no", "yes-partly-no", "frequency")


@st.composite
def small_frameworks(draw, rules, most_areas):
    areas = []
    for a in range(draw(st.integers(1, most_areas))):
        questions = []
        for q in range(draw(st.integers(1, 4))):
            when = None
            if rules and questions and draw(st.booleans()):
                above = draw(st.sampled_from(questions))
                options = [option.key for option in above.options]
                when = Is(above.key, tuple(draw(st.lists(st.sampled_from(options), min_size=1, unique=True))))
            weight = draw(st.sampled_from(["1", "2", "0.3"]))
            questions.append(question(f"q{a}{q}", draw(st.sampled_from(TYPES)), weight=weight, when=when))
        areas.append(area(f"a{a}", *questions, weight=draw(st.sampled_from(["1", "2.5"]))))
    return framework(*areas)


@st.composite
def frameworks_with_answers(draw, rules=True, most_areas=2):
    made = draw(small_frameworks(rules, most_areas))
    answers = {}
    for each in made.questions():
        state = draw(st.sampled_from(["missing", "answered", "answered", "n/a"]))
        if state == "answered":
            answers[each.key] = draw(st.sampled_from(representative_answers(each)))
        elif state == "n/a":
            answers[each.key] = DOES_NOT_APPLY
    return made, sheet(**answers)


def brute_force(made, given_sheet):
    """Every overall score that a completion gives, by plain loops; of the product, only the rules."""
    open_questions = [each.key for each in made.questions() if each.key not in given_sheet.answers]
    found = []
    choices = [[option.key for option in made.question(key).options] for key in open_questions]
    for values in itertools.product(*choices):
        answers = {
            **given_sheet.answers,
            **{k: Answer(v) for k, v in zip(open_questions, values, strict=True)},
        }
        area_scores = []
        for each_area in made.areas:
            counted, total, weight = {}, 0.0, 0.0
            for each in each_area.questions:
                answer = answers[each.key]
                if (each.when is not None and not holds(each.when, counted)) or answer.not_applicable:
                    continue
                counted[each.key] = answer.value
                best = max(option.points for option in each.options)
                points = next(option.points for option in each.options if option.key == answer.value)
                total += float(each.weight) * float(100 * points / best)
                weight += float(each.weight)
            if weight:
                area_scores.append((float(each_area.weight), total / weight))
        if area_scores:
            found.append(sum(w * s for w, s in area_scores) / sum(w for w, _ in area_scores))
    return found


@given(frameworks_with_answers())
@settings(max_examples=200, deadline=None)
def test_the_outer_band_equals_brute_force_over_all_completions(made_and_sheet):
    made, given_sheet = made_and_sheet
    outcomes = brute_force(made, given_sheet)
    band = score_sheet(made, given_sheet).overall["core"].outer_band
    if not outcomes:
        assert band is None
        return
    assert band.low == pytest.approx(min(outcomes))
    assert band.high == pytest.approx(max(outcomes))


@given(frameworks_with_answers(), st.data())
@settings(max_examples=100, deadline=None)
def test_the_true_score_lies_within_the_outer_band(made_and_sheet, data):
    made, given_sheet = made_and_sheet
    before = score_sheet(made, given_sheet).overall["core"].outer_band
    complete = dict(given_sheet.answers)
    for each in made.questions():
        if each.key not in complete:
            complete[each.key] = Answer(data.draw(st.sampled_from(representative_answers(each))))
    truth = score_sheet(made, replace(given_sheet, answers=complete)).overall["core"].points
    if truth is None:
        return  # nothing applies
    assert before.low - 1e-9 <= truth <= before.high + 1e-9


@given(frameworks_with_answers(), st.data())
@settings(max_examples=100, deadline=None)
def test_answering_a_question_that_governs_no_rule_never_widens_the_outer_band(made_and_sheet, data):
    made, given_sheet = made_and_sheet
    governing = {key for each in made.plain_areas() for key in each.governing()}
    free = [q for q in made.questions() if q.key not in given_sheet.answers and q.key not in governing]
    if not free:
        return
    chosen = data.draw(st.sampled_from(free))
    answers = {
        **given_sheet.answers,
        chosen.key: Answer(data.draw(st.sampled_from(representative_answers(chosen)))),
    }
    before = score_sheet(made, given_sheet)
    after = score_sheet(made, replace(given_sheet, answers=answers))
    for was, now in zip(before.areas, after.areas, strict=True):
        if was.score.outer_band is None:
            assert now.score.outer_band is None
            continue
        assert now.score.outer_band.low >= was.score.outer_band.low - 1e-9
        assert now.score.outer_band.high <= was.score.outer_band.high + 1e-9


@given(frameworks_with_answers(rules=False, most_areas=4), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_permuting_questions_and_areas_changes_nothing(made_and_sheet, random):
    made, given_sheet = made_and_sheet
    shuffled_areas = []
    for each in made.areas:
        questions = list(each.questions)
        random.shuffle(questions)
        shuffled_areas.append(replace(each, questions=tuple(questions)))
    random.shuffle(shuffled_areas)
    one = score_sheet(made, given_sheet)
    two = score_sheet(replace(made, areas=tuple(shuffled_areas)), given_sheet)
    assert one.overall["core"].points == two.overall["core"].points
    assert one.overall["core"].outer_band == two.overall["core"].outer_band
    assert one.overall["core"].likely_band == two.overall["core"].likely_band
    for each in one.areas:
        assert each.score == two.area(each.key).score


@given(frameworks_with_answers())
@settings(max_examples=100, deadline=None)
def test_the_likely_band_lies_within_the_outer_band(made_and_sheet):
    for each in score_sheet(*made_and_sheet).areas:
        if each.score.outer_band is not None:
            assert each.score.outer_band.low <= each.score.likely_band.low
            assert each.score.likely_band.low <= each.score.likely_band.high
            assert each.score.likely_band.high <= each.score.outer_band.high


def test_with_rules_the_likely_band_follows_the_chances_of_each_completion():
    # strategy no (chance 1/2): 0. yes: (100 + plan) / 2 with plan 0, 50, 100, a sixth each: 50, 75, 100.
    plan = framework(
        area(
            "a",
            question("strategy", "yes-no"),
            question("plan", "yes-partly-no", when=Is("strategy", ("yes",))),
        )
    )
    likely = score_sheet(plan, sheet()).area("a").score.likely_band
    assert (likely.low, likely.high) == (0.0, 100.0)
    # With a class in which nearly nobody has a strategy, nine tenths of the draws give 0.
    others = [sheet(city=f"c{i}", strategy="no") for i in range(19)] + [
        sheet(city="d", strategy="yes", plan="yes")
    ]
    likely = score_sheet(plan, sheet(), class_sheets=others).area("a").score.likely_band
    assert (likely.low, likely.high) == (0.0, 0.0)


def test_missing_answers_are_drawn_from_the_class_where_five_answered():
    one = framework(area("a", question("q1"), question("q2")))
    five = [sheet(city=f"c{i}", q1="yes", q2="yes") for i in range(5)]
    with_class = score_sheet(one, sheet(q1="no"), class_sheets=five).area("a").score
    assert (with_class.likely_band.low, with_class.likely_band.high) == (50.0, 50.0)
    with_four = score_sheet(one, sheet(q1="no"), class_sheets=five[:4]).area("a").score
    assert (with_four.likely_band.low, with_four.likely_band.high) == (0.0, 50.0)
    assert (with_class.outer_band.low, with_class.outer_band.high) == (0.0, 50.0)


def test_the_likely_band_names_what_its_missing_answers_were_drawn_from():
    four = framework(
        area("a", question("q1")),
        area("b", question("q2")),
        area("c", question("q3")),
        area("d", question("fact", weight="0"), question("q4")),
    )
    five = [sheet(city=f"c{i}", q1="yes") for i in range(5)]
    profile = score_sheet(four, sheet(q3="yes", q4="no"), class_sheets=five)
    found = {each.key: each.score.likely_from for each in profile.areas}
    # q1 was answered by five cities, q2 by none; a fact without weight moves no score.
    assert found == {"a": ("class",), "b": ("options",), "c": (), "d": ()}
    assert profile.overall["core"].likely_from == ("class", "options")


def test_nothing_missing_means_no_width():
    band = score_sheet(framework(area("a", question("q1"))), sheet(q1="partly")).overall["core"]
    assert (band.outer_band.low, band.outer_band.high) == (50.0, 50.0)
    assert (band.likely_band.low, band.likely_band.high) == (50.0, 50.0)
    assert not math.isnan(band.points)
