"""What the scores of a review hang on, as an expert reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.review.test_board_page import add_link, contradicting
from tests.apps.review.test_give_opinion import judge
from tests.builders import (
    CHECKED_AT,
    REVIEW,
    answer,
    appoint,
    make_city,
    make_review,
    make_sheet,
)
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, return_review
from tessera.apps.review.analysis import Reason, analyse_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review
from tessera.apps.review.views.analysis import FIRST
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

pytestmark = pytest.mark.django_db

KEY = "education-score"


def make_sent(sheet=None, city=None):
    """A review that Nuria took on."""
    review = make_review(city or make_city(), sheet, state=State.SUBMITTED)
    appoint(review)
    return review


@pytest.fixture
def expert(client):
    client.force_login(make_person("nuria"))
    return client


def url(review):
    return reverse("review:analysis", args=[review.pk])


def texts(table):
    return [[cell["text"] for cell in row] for row in table["rows"]]


def words_of(page):
    return " ".join(page.content.decode().split())


def reasons(review):
    analysis = analyse_review(make_person("nuria"), review, "en")
    return {each.key: set(each.reasons) for each in analysis.to_check}


# What the bands rest on


def test_missing_answers_stand_by_what_of_the_bands_rests_on_them(expert):
    # Eight areas of one number from 0 to 100: each is an eighth of the whole, and the whole of its area.
    review = make_sent(make_sheet([60, 60, None, 60, 60, None, 60, 60]))

    page = expert.get(url(review))

    assert "2 answers are missing." in words_of(page)
    # Six times 60 and twice 0, or twice 100: 45 to 70.
    assert texts(page.context["bands"]) == [
        ["Overall score (core)", "2", "60", "45\N{EN DASH}70", "25.0"],
        ["Education", "1", "no score", "0\N{EN DASH}100", "100.0"],
        ["Permanent residence", "1", "no score", "0\N{EN DASH}100", "100.0"],
    ]
    rows = page.context["missing"]["rows"]
    assert [row[0]["url"] for row in rows] == [
        reverse("review:judge", args=[review.pk, key]) for key in (KEY, "permanent-residence-score")
    ]
    assert [[cell["text"] for cell in row[1:]] for row in rows] == [
        ["Education", "12.5 (50%)", "100.0 (100%)"],
        ["Permanent residence", "12.5 (50%)", "100.0 (100%)"],
    ]


def test_missing_answers_with_more_of_the_overall_band_come_first():
    framework = find_framework(REVIEW, 2)
    answers = {each.key: Answer(representative_answers(each)[0]) for each in framework.questions()}
    missing = {"strategy", "library-offer", "local-vote"}
    sheet = make_sheet(
        framework=REVIEW, version=2, answers={k: v for k, v in answers.items() if k not in missing}
    )

    analysis = analyse_review(make_person("nuria"), make_sent(sheet), "en")

    parts = [each.leverage.overall_band.points for each in analysis.missing]
    assert missing <= {each.key for each in analysis.missing}
    assert parts == sorted(parts, reverse=True)
    assert parts[0] > parts[-1]


def test_an_optional_area_that_the_city_left_out_leaves_no_band_open():
    framework = find_framework(REVIEW, 2)
    optional = {area.key for area in framework.areas if area.optional}
    answers = {
        each.key: Answer(representative_answers(each)[0])
        for each in framework.questions()
        if each.area not in optional
    }
    sheet = make_sheet(framework=REVIEW, version=2, answers=answers)

    analysis = analyse_review(make_person("nuria"), make_sent(sheet), "en")

    assert optional
    assert not optional & {each.area for each in analysis.missing}
    assert not optional & {band.area.key for band in analysis.bands if band.area}


def test_without_missing_answers_it_says_that_there_is_no_band(expert):
    page = expert.get(url(make_sent()))

    assert "No answer is missing in the areas" in words_of(page)


# What to check first


def test_answers_to_check_stand_by_how_far_they_move_the_score(expert):
    # 60 may be 0, 90 may be 0, 10 may be 100: by 60, 90 and 90 points, and by an eighth of that.
    review = make_sent(make_sheet([60, 60, 90, 60, 60, 10, 60, 60]))

    rows = texts(expert.get(url(review)).context["to_check"])

    assert [row[1:4] for row in rows[:3]] == [
        ["Education", "11.3", "90.0"],
        ["Permanent residence", "11.3", "90.0"],
        ["Labour market mobility", "7.5", "60.0"],
    ]
    assert rows[0][4] == "no opinion yet, no evidence"
    assert len(rows) == 8


def test_an_answer_with_evidence_and_an_opinion_is_not_named():
    review = make_sent()
    add_link(review, KEY)
    assert reasons(review)[KEY] == {Reason.UNJUDGED}

    judge(review)

    assert KEY not in reasons(review)


def test_an_answer_that_was_changed_since_ones_opinion_is_named_for_that():
    review = make_sent()
    add_link(review, KEY)
    judge(review)
    ask(expert=make_person("nuria"), review=review, question=KEY, text="Which year?", at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)

    answer(review, KEY, Answer(value=50.0), revision=1)

    assert reasons(review)[KEY] == {Reason.CHANGED}


def test_that_the_experts_differ_is_no_reason_before_ones_own_opinion():
    review = make_sent()
    add_link(review, KEY)
    appoint(review, "piotr")
    judge(review, who="piotr", other=Answer(value=20.0), reason="So.")
    assert reasons(review)[KEY] == {Reason.UNJUDGED}

    judge(review)

    assert reasons(review)[KEY] == {Reason.APART}


def test_answers_that_contradict_each_other_are_named_for_that():
    framework = find_framework(REVIEW, 2)
    constraint = framework.constraints[0]
    review = make_sent(contradicting(framework, constraint))

    found = reasons(review)

    assert {key for key, why in found.items() if Reason.CONTRADICTION in why} == constraint.questions


def test_it_names_the_first_and_counts_the_others(expert):
    framework = find_framework(REVIEW, 2)
    answers = {each.key: Answer(representative_answers(each)[0]) for each in framework.questions()}
    review = make_sent(make_sheet(framework=REVIEW, version=2, answers=answers))

    page = expert.get(url(review))

    others = len(page.context["analysis"].to_check) - FIRST
    assert others > 0
    assert len(page.context["to_check"]["rows"]) == FIRST
    assert f"{others} further answers would move it less." in words_of(page)


# What moved


def test_what_moved_is_that_since_the_last_published_review(expert):
    city = make_city()
    make_review(city, make_sheet(50.0, year=2021), state=State.PUBLISHED)
    make_review(city, make_sheet(10.0, year=2022), state=State.VALIDATED)
    review = make_sent(make_sheet([60, *[50] * 7], year=2023), city)

    page = expert.get(url(review))

    said = words_of(page)
    # One of eight areas has ten points more.
    assert "What moved since 2021" in said
    assert "differs from that of 2021 by +1 points" in said
    assert page.context["report"].moved.areas[0].table.rows[0][1:] == (
        "50 points (50)",
        "60 points (60)",
        "+10.0",
    )
    assert Review.objects.get(city=city, year=2021).get_absolute_url() in page.content.decode()


def test_without_a_published_review_there_is_nothing_to_compare_with(expert):
    city = make_city()
    make_review(city, make_sheet(10.0, year=2022), state=State.VALIDATED)
    make_review(make_city("ravenna"), make_sheet(10.0, year=2022), state=State.PUBLISHED, officer="chiara")

    page = expert.get(url(make_sent(city=city)))

    assert "the city has published no earlier review" in words_of(page)
    assert page.context["moved"] is None


def test_a_review_of_an_earlier_version_is_not_comparable_and_it_says_why(expert):
    city = make_city()
    answers = {"strategy": Answer("yes")}
    make_review(
        city,
        make_sheet(framework=REVIEW, version=2, year=2021, answers=answers),
        state=State.PUBLISHED,
    )
    review = make_sent(make_sheet(framework=REVIEW, version=1, year=2023, answers=answers), city)

    said = words_of(expert.get(url(review)))

    assert "Not comparable: the review of 2021 answers version 2 of the questionnaire" in said
    assert "and this one the earlier version 1." in said


# The page


def test_the_board_leads_there(expert):
    review = make_sent()

    board = expert.get(reverse("review:board", args=[review.pk])).content.decode()

    assert f'href="{url(review)}"' in board


def test_the_page_of_an_answer_says_how_far_another_one_would_move_its_area(expert):
    review = make_sent(make_sheet([60, 60, 90, 60, None, 60, 60, 60]))

    def said(key):
        return words_of(expert.get(reverse("review:judge", args=[review.pk, key])))

    assert "Another answer would move the score of the area by up to 90.0 points." in said(KEY)
    assert "would move the score" not in said("political-participation-score")


def test_an_answer_that_is_missing_is_not_called_another_one(expert):
    framework = find_framework(REVIEW, 2)
    answers = {each.key: Answer(representative_answers(each)[0]) for each in framework.questions()}
    del answers["action-plan"]
    review = make_sent(make_sheet(framework=REVIEW, version=2, answers=answers))

    page = words_of(expert.get(reverse("review:judge", args=[review.pk, "action-plan"])))

    assert "An answer would move the score of the area by up to" in page


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_it_is_for_the_experts_who_took_the_review_on(client, who):
    review = make_sent()
    give("piotr", Kind.EXPERT, review.cycle.network)
    make_officer("chiara", make_city("ravenna", country="IT"))
    client.force_login(make_person(who))

    assert client.get(url(review)).status_code == 404


def test_it_is_there_only_once_the_answers_are_sent(expert):
    review = make_review(make_city(), state=State.FILLING)
    appoint(review)

    assert expert.get(url(review)).status_code == 404


def test_it_takes_the_same_number_of_queries_however_much_was_said(expert):
    review = make_sent()
    appoint(review, "piotr")

    def queries_after_judging(questions):
        for question in questions:
            judge(review, question=question.key)
            judge(review, question=question.key, who="piotr", other=Answer(value=20.0), reason="So.")
            ask(
                expert=make_person("nuria"),
                review=review,
                question=question.key,
                text="?",
                at=CHECKED_AT + timedelta(hours=1),
            )
        with CaptureQueriesContext(connection) as found:
            expert.get(url(review))
        return len(found)

    first, *rest = review.framework.questions()
    queries_after_judging([])
    assert queries_after_judging([first]) == queries_after_judging(rest)
