"""The page of one area while a city answers, its check, and marking it as complete."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.builders import (
    ANSWERED_AT,
    REVIEW,
    answer,
    make_city,
    make_review,
    make_sheet,
    open_area,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.filled_area import read_area
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import AreaWork, Evidence, EvidenceKind, EvidenceUse, Review
from tessera.apps.review.progress import AreaState, progress_of
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.scoring import score_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(make_city(), make_sheet(framework=REVIEW, version=2, answers={}), state=State.FILLING)


@pytest.fixture
def ilze(client):
    client.force_login(make_person("ilze"))
    return client


@pytest.fixture
def andris(review):
    """Has been given the area of languages."""
    colleague = give("andris", Kind.CONTRIBUTOR, review.city)
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="language",
        colleague=colleague,
        message="You know\nthe courses.",
        at=ANSWERED_AT,
    )
    client = Client()
    client.force_login(colleague)
    return client


def address_of(review, area, name="area-to-fill"):
    return reverse(f"review:{name}", args=[review.pk, area])


def text_of(client, review, area):
    page = client.get(address_of(review, area))
    assert page.status_code == 200
    return page.content.decode()


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def row_of(text, question):
    rows = re.findall(r'<li class="t-tasks__task">.*?</li>', text, flags=re.S)
    found = [row for row in rows if question in row]
    assert len(found) == 1
    return words_of(found[0])


def check_of(text):
    """The section with the area's check, in words."""
    return words_of(
        re.search(r'<section class="t-section" aria-labelledby="check">.*?</section>', text, re.S)[0]
    )


def test_every_question_stands_there_with_its_state_and_its_answer(ilze, review):
    answer(review, "strategy", GivenAnswer("partly"))
    answer(review, "public-commitment", GivenAnswer("council-decision"))
    answer(review, "integration-budget", GivenAnswer("no"))
    text = text_of(ilze, review, "commitment")

    assert "What the city has promised, planned and paid for." in text
    assert row_of(text, "/strategy/").endswith("In preparation Answered")
    assert "A decision of the city council Answered" in row_of(text, "/public-commitment/")
    assert row_of(text, "/action-plan/").endswith("Not answered")
    budget = "the answer to “Is money set aside for integration in this year&#x27;s city budget?” is “Yes”"
    assert row_of(text, "/budget-share/").endswith(f"Asked only if {budget}. Not asked")
    # Of eight, without the share of the budget, and without the evaluation that only a strategy in force has.
    assert "3 of 6 answered" in text


def test_the_reason_stands_beside_what_does_not_apply(ilze, review):
    answer(review, "school-mix", GivenAnswer(not_applicable=True, reason="Only one school."))

    assert row_of(text_of(ilze, review, "education"), "/school-mix/").endswith(
        "Only one school. Does not apply"
    )


def test_invariant_2_missing_is_never_zero(review):
    answer(review, "public-commitment", GivenAnswer("council-decision"))
    alone = score_sheet(review.framework, review.sheet()).area("commitment").score
    assert alone.coverage < 0.5
    assert alone.points is None
    assert (alone.outer_band.low, alone.outer_band.high) != (0.0, 0.0)
    answer(review, "strategy", GivenAnswer("yes"))
    review.refresh_from_db()
    answer(review, "integration-budget", GivenAnswer("yes"))

    # 2 + 3 + 3 of 15: the plan, its evaluation, coordination and speaking are missing and cost no point.
    scored = score_sheet(review.framework, review.sheet()).area("commitment").score
    assert scored.points == 100.0
    assert scored.coverage == pytest.approx(8 / 15)
    progress = progress_of(review).area("commitment")
    assert (progress.answered, progress.asked, progress.missing) == (3, 8, 5)
    assert progress.state is AreaState.STARTED


def test_invariant_2_does_not_apply_needs_a_reason_and_leaves_the_denominator(ilze, review):
    address = reverse("review:question", args=[review.pk, "commitment", "strategy-evaluated"])
    assert ilze.post(address, {"revision": 0, "choice": "n/a"}).status_code == 400
    answer(review, "strategy", GivenAnswer("yes"))
    before = score_sheet(review.framework, review.sheet()).area("commitment").score.coverage
    assert before == pytest.approx(3 / 15)

    ilze.post(address, {"revision": 0, "choice": "n/a", "reason": "In force since May."})
    after = score_sheet(review.framework, review.sheet()).area("commitment").score.coverage
    assert after == pytest.approx(3 / 13)


def test_invariant_3_a_hidden_answer_is_left_out_of_progress_and_score(ilze, review):
    answer(review, "strategy", GivenAnswer("no"))
    answer(review, "action-plan", GivenAnswer("yes"))
    text = text_of(ilze, review, "commitment")

    assert "Its answer is kept, and counts again once the question applies." in row_of(text, "/action-plan/")
    # Without a strategy there are six questions, of which one is answered.
    assert "1 of 6 answered" in text
    profile = score_sheet(review.framework, review.sheet()).area("commitment")
    plan = next(question for question in profile.questions if question.key == "action-plan")
    assert (plan.state, plan.points) == ("hidden", None)
    assert profile.score.coverage == pytest.approx(3 / 11)

    answer(review, "strategy", GivenAnswer("yes"), revision=1)
    assert "2 of 8 answered" in text_of(ilze, review, "commitment")


# The check of an area


def test_the_check_names_what_has_no_answer(ilze, review):
    # Where there is no course, neither waiting time nor completion is asked.
    answer(review, "local-language-courses", GivenAnswer(("none",)))

    place = open_area(review, "language", make_person("ilze"))
    assert [question.key for question in read_area(place, "en").unanswered] == ["home-languages"]
    check = check_of(text_of(ilze, review, "language"))
    home_languages = review.framework.text("en").questions["home-languages"].text
    assert f"These questions have no answer {home_languages}" in check.replace("&#x27;", "'")


def test_the_check_names_answers_of_the_area_that_contradict_others(ilze, review):
    answer(review, "population-data", GivenAnswer("no-figures"))
    answer(review, "staff-mirrors-city", GivenAnswer("all-levels"))
    sentence = review.framework.text("en").constraints["mirror-without-figures"]

    for area in ("intelligence-and-competence", "public-services"):
        check = check_of(text_of(ilze, review, area))
        assert "These answers do not fit together" in check
        assert sentence in check.replace("&#x27;", "'")
    assert "do not fit together" not in check_of(text_of(ilze, review, "commitment"))

    answer(review, "staff-mirrors-city", GivenAnswer("no-level"), revision=1)
    assert "do not fit together" not in check_of(text_of(ilze, review, "public-services"))


def test_the_check_names_answers_that_lack_evidence(ilze, review):
    answer(review, "strategy", GivenAnswer("yes"))
    answer(review, "leaders-speak", GivenAnswer("often"))
    place = open_area(review, "commitment", make_person("ilze"))
    assert [question.key for question in read_area(place, "en").without_evidence] == ["strategy"]
    assert "Evidence is wished for these answers" in check_of(text_of(ilze, review, "commitment"))

    piece = Evidence.objects.create(review=review, kind=EvidenceKind.LINK, url="https://example.org/strategy")
    EvidenceUse.objects.create(evidence=piece, question="strategy")
    assert "Evidence is wished for these answers" not in check_of(text_of(ilze, review, "commitment"))


def test_the_check_says_so_when_nothing_is_missing(ilze, review):
    for question in review.framework.area("media-and-communication").questions:
        value = {
            "communication-guide": "no",
            "media-watch": "often",
            "rumour-response": "no-answer",
            "new-voices": ("none",),
            "news-languages": 3.0,
        }[question.key]
        answer(review, question.key, GivenAnswer(value))
        piece = Evidence.objects.create(review=review, kind=EvidenceKind.QUOTATION, text=f"On {question.key}")
        EvidenceUse.objects.create(evidence=piece, question=question.key)

    check = check_of(text_of(ilze, review, "media-and-communication"))
    assert "Nothing is missing, and no answer contradicts another." in check


# Complete


def test_an_area_is_marked_as_complete_and_opened_again(ilze, review):
    page = ilze.post(address_of(review, "commitment", "complete-area"), follow=True)
    assert "The area is marked as complete." in page.content.decode()
    work = AreaWork.objects.get()
    assert (work.area, work.done_by) == ("commitment", make_person("ilze"))
    assert "Ilze marked the area as complete on" in check_of(page.content.decode())

    page = ilze.post(address_of(review, "commitment", "reopen-area"), follow=True)
    assert "The area is open again." in page.content.decode()
    work.refresh_from_db()
    assert (work.done_at, work.done_by) == (None, None)


def test_open_questions_are_said_before_an_area_is_marked_as_complete(ilze, review):
    answer(review, "local-language-courses", GivenAnswer(("none",)))

    sentence = "1 question then counts as missing, never as zero."
    assert sentence in check_of(text_of(ilze, review, "language"))


def test_the_officers_are_told_once_when_a_colleague_has_finished(andris, review):
    OutgoingMail.objects.all().delete()
    andris.post(address_of(review, "language", "complete-area"))
    andris.post(address_of(review, "language", "complete-area"))

    assert [mail.to for mail in OutgoingMail.objects.all()] == [make_person("ilze").email]


def test_no_mail_goes_out_when_an_officer_has_finished(ilze, review):
    OutgoingMail.objects.all().delete()
    ilze.post(address_of(review, "language", "complete-area"))
    assert not OutgoingMail.objects.exists()


def test_the_answers_of_a_complete_area_can_still_be_changed(ilze, review):
    ilze.post(address_of(review, "commitment", "complete-area"))
    address = reverse("review:question", args=[review.pk, "commitment", "strategy"])
    assert ilze.post(address, {"revision": 0, "choice": "yes"}).status_code == 302


@pytest.mark.parametrize("name", ["complete-area", "reopen-area"])
def test_nothing_is_marked_once_the_answers_are_sent(ilze, review, name):
    review.state, review.submitted_at = State.SUBMITTED, ANSWERED_AT
    review.save()

    page = ilze.post(address_of(review, "commitment", name), follow=True)
    assert "The answers are sent. Nothing can be changed any more." in page.content.decode()
    assert not AreaWork.objects.exists()


def test_marking_needs_a_form(ilze, review):
    for name in ("complete-area", "reopen-area"):
        assert ilze.get(address_of(review, "commitment", name)).status_code == 405


# Who


def test_a_colleague_reads_who_asks_and_until_when(andris, review):
    text = text_of(andris, review, "language")

    assert "Ilze asks you to answer this area. The answers were due on 1 March 2024." in text
    assert "You know<br>the courses." in text
    assert reverse("review:give-area", args=[review.pk, "language"]) not in text
    assert f'href="{reverse("review:tasks", args=[review.pk])}"' not in text


def test_a_colleague_reads_later_what_became_of_it(andris, review):
    review.state, review.submitted_at = State.SUBMITTED, ANSWERED_AT
    review.save()
    text = text_of(andris, review, "language")

    assert "The answers were sent on 5 February 2024. They can be read, and not changed." in text
    assert "asks you to answer" not in text


ACTS = ["area-to-fill", "complete-area", "reopen-area", "presence"]


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("who", [*EVERYBODY, "visitor"])
def test_only_the_city_and_whoever_has_the_area_open_it(review, andris, who, name):
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    give("nuria", Kind.EXPERT, make_network())
    client = Client()
    if who != "visitor":
        client.force_login(make_person(who))
    found = {}
    for area in ("language", "commitment"):
        ask = client.post if name in ("complete-area", "reopen-area") else client.get
        found[area] = ask(address_of(review, area, name)).status_code

    own = 302 if name in ("complete-area", "reopen-area") else 200
    nothing = 302 if who == "visitor" else 404
    assert found == {
        "language": own if who in ("ilze", "andris") else nothing,
        "commitment": own if who == "ilze" else nothing,
    }
    assert AreaWork.objects.count() == {"ilze": 2, "andris": 1}.get(who, 0)


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, review):
    address = address_of(review, "language")
    page = client.get(address)
    assert page.status_code == 302
    assert page["Location"].endswith(f"?next={address}")


def test_the_page_of_the_day_of_sending_reads_in_the_present(ilze, review):
    review.state, review.submitted_at = State.SUBMITTED, timezone.now()
    review.save()
    assert "They can be read, and not changed." in text_of(ilze, review, "language")


def test_an_officer_who_was_given_an_area_reads_who_asks_and_why(review):
    andris = make_officer("andris", review.city)
    Review.objects.update(due_on=timezone.localdate())
    about = {"area": "language", "colleague": andris, "message": "Ask the school board.", "at": ANSWERED_AT}
    delegate_area(by=make_person("ilze"), review=review, **about)
    client = Client()
    client.force_login(andris)

    text = text_of(client, review, "language")

    assert "Ilze asks you to answer this area by" in text
    assert "Ask the school board." in text
    assert "Give this area to a colleague" in text
    assert "asks you" not in text_of(client, review, "commitment")


def test_an_area_that_is_opened_and_completed_again_is_news_once_a_day(review, andris):
    OutgoingMail.objects.all().delete()
    for _ in range(3):
        andris.post(address_of(review, "language", "complete-area"))
        andris.post(address_of(review, "language", "reopen-area"))
    assert OutgoingMail.objects.count() == 1

    AreaWork.objects.update(told_on=timezone.localdate() - timedelta(days=1))
    andris.post(address_of(review, "language", "complete-area"))
    assert OutgoingMail.objects.count() == 2
