"""Which answers a band must consider, worked by hand for each type."""

import math
from fractions import Fraction

from tessera.frameworks.schema import (
    Area,
    Kind,
    Option,
    Pathway,
    Question,
    QuestionType,
    representative_answers,
)
from tessera.frameworks.when_rules import All, AtLeast, AtMost, Is, Rule


def make_question(
    type_: QuestionType,
    *,
    key: str = "question",
    options: tuple[str, ...] = (),
    exclusive: str | None = None,
    scale: tuple[tuple[int, int], ...] = (),
    when: Rule | None = None,
) -> Question:
    return Question(
        key=key,
        area="area",
        type=type_,
        kind=Kind.INPUT,
        weight=Fraction(1),
        pathway=Pathway.FULL,
        may_not_apply=False,
        evidence_wished=False,
        when=when,
        options=tuple(Option(option, Fraction(option != exclusive)) for option in options),
        exclusive=exclusive,
        cap=Fraction(2) if type_ is QuestionType.MULTIPLE else None,
        scale=tuple((Fraction(value), Fraction(points)) for value, points in scale),
        line=1,
    )


def test_a_choice_of_one_is_represented_by_each_option():
    question = make_question(QuestionType.YES_PARTLY_NO, options=("yes", "partly", "no"))
    assert representative_answers(question) == ("yes", "partly", "no")


def test_a_choice_of_several_is_represented_by_every_set_a_city_may_choose():
    question = make_question(
        QuestionType.MULTIPLE, options=("a", "b", "c", "none-of-these"), exclusive="none-of-these"
    )
    assert representative_answers(question) == (
        ("a",),
        ("b",),
        ("c",),
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
        ("a", "b", "c"),
        ("none-of-these",),
    )


def test_a_number_is_represented_by_the_scale_and_both_sides_of_each_threshold():
    question = make_question(QuestionType.NUMBER, scale=((0, 0), (40, 2)))
    assert representative_answers(question, [10.0]) == (
        0.0,
        math.nextafter(10, 0),
        10.0,
        math.nextafter(10, 11),
        40.0,
    )


def test_a_threshold_at_the_end_of_a_scale_adds_only_the_side_that_is_inside():
    question = make_question(QuestionType.NUMBER, scale=((0, 0), (40, 2)))
    assert representative_answers(question, [40.0]) == (0.0, math.nextafter(40, 0), 40.0)


def test_a_period_may_be_longer_than_its_scale_and_never():
    question = make_question(QuestionType.PERIOD, options=("never",), scale=((1, 3), (5, 0)))
    assert representative_answers(question, [8.0]) == (
        1.0,
        5.0,
        math.nextafter(8, 0),
        8.0,
        math.nextafter(8, 9),
        "never",
    )


def test_every_representative_answer_has_points():
    question = make_question(QuestionType.PERIOD, options=("never",), scale=((1, 3), (5, 1)))
    found = representative_answers(question, [1.0, 3.0, 6.0, 200.0])
    points = [question.points(value) for value in found]
    assert (min(points), max(points), len(points)) == (1, 3, 12)


def test_governing_questions_are_those_that_rules_of_the_area_name():
    strategy = make_question(QuestionType.YES_NO, key="strategy", options=("yes", "no"))
    age = make_question(QuestionType.PERIOD, key="age", options=("never",), scale=((0, 1), (9, 0)))
    rule = All((Is("strategy", ("yes",)), AtMost("age", 4.0)))
    budget = make_question(QuestionType.YES_NO, key="budget", options=("yes", "no"), when=rule)
    review = make_question(QuestionType.YES_NO, key="review", options=("yes", "no"), when=AtLeast("age", 2.0))
    area = Area("area", Fraction(1), False, (), (strategy, age, budget, review))
    assert area.governing() == {"strategy": frozenset(), "age": frozenset({2.0, 4.0})}
