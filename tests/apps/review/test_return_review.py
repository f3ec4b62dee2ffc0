"""An expert returns the answers, and the city changes those that it was asked about, and no others."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    REVIEW,
    answer,
    appoint,
    make_city,
    make_review,
    make_sheet,
    open_area,
    verify,
)
from tests.people import give, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import questions_open
from tessera.apps.review.actions.checking import (
    CannotReturn,
    ask,
    open_answer,
    reply,
    return_review,
    settle,
)
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.evidence import add_evidence, change_evidence, use_evidence
from tessera.apps.review.actions.filling import NotOpen, complete_area
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import QueryAct, State
from tessera.apps.review.models import Evidence, EvidenceKind, Review
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    """Being checked: the area of labour market mobility is verified, and nothing is asked."""
    return make_review(make_city("riga"), state=State.IN_REVIEW)


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def page_of(who, name, *args):
    return as_(who).get(reverse(f"review:{name}", args=args)).content.decode()


def ask_about(review, question):
    return ask(expert=make_person("nuria"), review=review, question=question, text="Why?", at=CHECKED_AT)


def open_for_city(review, question):
    open_answer(expert=make_person("nuria"), review=review, question=question, at=CHECKED_AT)


def return_(review, message=""):
    return_review(expert=make_person("nuria"), review=review, message=message, at=CHECKED_AT)
    return Review.objects.get(pk=review.pk)


def change(review, question, person=None, value=10.0):
    revision = review.answers.get(question=question).revision
    return answer(review, question, Answer(value=value), person=person, revision=revision, at=CHECKED_AT)


# Returning


def test_the_page_says_what_waits_and_the_officers_get_the_message_by_mail(review):
    Person.objects.update(language="en")
    ask_about(review, "education-score")
    ask_about(review, "health-score")
    open_for_city(review, "family-reunion-score")
    page = page_of("nuria", "return-review", review.pk)
    assert "2 queries wait for the city" in page
    for asked in ("for education?", "for health?", "for family reunion?"):
        assert asked in page
    OutgoingMail.objects.all().delete()

    url = reverse("review:return-review", args=[review.pk])
    answered = as_("nuria").post(url, {"message": "Thank you. Two things & one more."}, follow=True)

    assert Review.objects.get(pk=review.pk).state == State.RETURNED
    assert "The answers are with the city" in answered.content.decode()
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("ilze").email, "review-returned")
    text = " ".join(mail.text.split())
    assert "2 queries wait for your reply." in text
    assert "1 further answer was opened for you to change." in text
    assert "Thank you. Two things & one more." in text
    assert reverse("review:tasks", args=[review.pk]).removeprefix("/en") in text


@pytest.mark.parametrize("settled", [False, True])
def test_nothing_is_returned_that_nothing_waits_in(review, settled):
    if settled:
        query = ask_about(review, "education-score")
        settle(expert=make_person("nuria"), query=query, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    page = page_of("nuria", "return-review", review.pk)
    assert "Nothing waits for the city." in page
    assert "<textarea" not in page

    answered = as_("nuria").post(reverse("review:return-review", args=[review.pk]), {"message": ""})
    assert answered.status_code == 400
    assert "no query is open" in answered.content.decode()
    with pytest.raises(CannotReturn):
        return_(review)
    assert Review.objects.get(pk=review.pk).state == State.IN_REVIEW


def test_a_reply_that_waits_for_the_expert_returns_nothing(review):
    query = ask_about(review, "education-score")
    reply(person=make_person("ilze"), query=query, text="So.", at=CHECKED_AT)
    with pytest.raises(CannotReturn):
        return_(review)


def test_an_opened_answer_alone_is_enough_and_begins_the_checking():
    review = make_review(make_city("riga"), state=State.SUBMITTED)
    appoint(review)
    open_for_city(review, "education-score")
    assert Review.objects.get(pk=review.pk).state == State.IN_REVIEW

    OutgoingMail.objects.all().delete()
    assert return_(review).state == State.RETURNED
    [mail] = OutgoingMail.objects.all()
    assert "0 quer" not in mail.text


def test_the_same_tab_pressed_twice_returns_once(review):
    ask_about(review, "education-score")
    OutgoingMail.objects.all().delete()
    nuria, url = as_("nuria"), reverse("review:return-review", args=[review.pk])
    nuria.post(url, {"message": ""})
    answered = nuria.post(url, {"message": ""}, follow=True)

    assert answered.status_code == 200
    assert "You are told once it sends them back." in answered.content.decode()
    assert OutgoingMail.objects.count() == 1


# What the city may change then


@pytest.fixture
def returned(review):
    """Asked: education, where the reply is given, and health. Opened: family reunion."""
    query = ask_about(review, "education-score")
    reply(person=make_person("ilze"), query=query, text="So.", at=CHECKED_AT)
    ask_about(review, "health-score")
    open_for_city(review, "family-reunion-score")
    withdrawn = ask_about(review, "permanent-residence-score")
    settle(expert=make_person("nuria"), query=withdrawn, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    return return_(review)


OPEN = {"education-score", "health-score", "family-reunion-score"}


def test_exactly_what_is_asked_or_opened_can_be_changed(returned):
    assert questions_open(returned) == OPEN
    changed = set()
    for question in returned.framework.questions():
        try:
            change(returned, question.key)
        except NotOpen:
            continue
        changed.add(question.key)

    assert changed == OPEN
    assert {each.question for each in returned.answers.all() if each.value == 10} == OPEN


def test_nothing_can_be_changed_while_experts_check(review):
    ask_about(review, "education-score")
    assert questions_open(Review.objects.get(pk=review.pk)) == set()
    with pytest.raises(NotOpen):
        change(review, "education-score")


def test_a_changed_answer_has_to_be_verified_again_and_no_other_area(review):
    verify(review, "education")
    ask_about(review, "education-score")
    returned = return_(review)

    answer(returned, "education-score", Answer(value=60.0), revision=1)
    assert returned.verifications.filter(area="education").exists()
    change(returned, "education-score")

    assert [each.area for each in returned.verifications.all()] == ["labour-market-mobility"]


def test_the_page_of_a_question_that_is_asked_about_shows_the_talk_and_the_form(returned):
    query = returned.queries.get(question="health-score")
    page = page_of("ilze", "question", returned.pk, "health", "health-score")

    assert "Save and go on" in page
    assert "Add evidence" in page
    assert "Why?" in page
    assert reverse("review:query", args=[query.pk]) in page
    assert "Reply to the query" in page


def test_the_page_of_any_other_question_can_be_read_only(returned):
    page = page_of("ilze", "question", returned.pk, "permanent-residence", "permanent-residence-score")
    assert "Save and go on" not in page
    assert "Add evidence" not in page
    assert "can be changed, and no others" in page


def test_a_change_is_saved_on_the_page_and_another_is_refused_with_the_words(returned):
    ilze = as_("ilze")
    given = {"number": "35", "revision": "1", "act": "save"}
    ilze.post(reverse("review:question", args=[returned.pk, "health", "health-score"]), given)
    refused = ilze.post(
        reverse("review:question", args=[returned.pk, "anti-discrimination", "anti-discrimination-score"]),
        given,
    )

    assert returned.answers.get(question="health-score").value == 35
    assert refused.status_code == 409
    assert "35" in refused.content.decode()
    assert "Save and go on" not in refused.content.decode()
    assert returned.answers.get(question="anti-discrimination-score").value == 60


def test_one_who_saves_goes_on_to_the_next_answer_that_can_be_changed():
    """In a questionnaire whose areas have several questions."""
    framework = find_framework(REVIEW, 2)
    sheet = make_sheet(
        framework=REVIEW,
        version=2,
        answers={
            question.key: Answer(value=representative_answers(question)[0])
            for question in framework.area("education").questions
        },
    )
    review = make_review(make_city("riga"), sheet, state=State.IN_REVIEW)
    first, _, third, fourth, *_ = open_area(
        review, framework.area("education").key, make_person("ilze")
    ).questions
    for question in (first, third):
        open_for_city(review, question.key)
    return_(review)
    ilze = as_("ilze")

    def go_on_from(question):
        address = reverse("review:question", args=[review.pk, "education", question.key])
        page = ilze.get(address)
        form = page.context["form"]
        given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        return ilze.post(address, {**given, "act": "next"})["Location"]

    assert go_on_from(first) == reverse("review:question", args=[review.pk, "education", third.key])
    assert go_on_from(third) == reverse("review:area-to-fill", args=[review.pk, "education"])
    assert fourth.key not in questions_open(Review.objects.get(pk=review.pk))


def test_the_task_list_names_what_waits_and_what_is_open(returned):
    page = page_of("ilze", "tasks", returned.pk)

    assert "The experts have returned them to you." in page
    waits = page[page.index('id="returned"') : page.index('id="areas"')]
    assert "for health?" in waits
    assert "for family reunion?" in waits
    assert "for permanent residence?" not in waits
    assert reverse("review:send-back", args=[returned.pk]) in waits
    assert "Give it to a colleague" not in page


def test_the_pages_of_areas_say_which_answers_can_be_changed(returned):
    health = page_of("ilze", "area-to-fill", returned.pk, "health")
    other = page_of("ilze", "area-to-fill", returned.pk, "political-participation")

    words = "The experts returned this answer: it can be changed."
    assert (health.count(words), other.count(words)) == (1, 0)
    for page in (health, other):
        assert "Mark the area as complete" not in page
        assert "Give this area to a colleague" not in page


def test_an_area_is_neither_marked_nor_given_away(returned):
    ilze = make_person("ilze")
    with pytest.raises(NotOpen):
        complete_area(place=open_area(returned, "health", ilze), at=CHECKED_AT)
    page = page_of("ilze", "give-area", returned.pk, "health")
    assert "No area can be given to anybody" in page


def test_the_page_with_all_answers_leads_to_those_that_are_open(returned):
    page = page_of("ilze", "check-answers", returned.pk)

    for question in returned.framework.questions():
        address = reverse("review:question", args=[returned.pk, question.area, question.key])
        assert (f'href="{address}"' in page) == (question.key in OPEN)
    assert "Go on to sign" not in page


def test_the_receipt_still_says_who_signed_and_that_answers_were_changed_since(returned):
    before = page_of("ilze", "receipt", returned.pk)
    change(returned, "health-score")
    after = page_of("ilze", "receipt", returned.pk)

    words = "Some answers were changed since they were signed"
    assert (words in before, words in after) == (False, True)
    for page in (before, after):
        assert "Signed by" in page
        assert "Take the answers back" not in page


def test_a_signature_that_was_void_before_all_was_sent_is_not_on_the_receipt():
    review = make_review(make_city("riga"), state=State.FILLING)
    jonas = give("jonas", Kind.OFFICER, review.city)
    review.cycle.signatures = 2
    review.cycle.save()
    hashed = Review.objects.get(pk=review.pk).content_hash()
    sign_review(person=jonas, review=review, content_hash=hashed, at=ANSWERED_AT)
    change(review, "health-score")
    greta = give("greta", Kind.OFFICER, review.city)
    hashed = Review.objects.get(pk=review.pk).content_hash()
    for minute, person in enumerate([greta, make_person("ilze")], start=1):
        at = ANSWERED_AT + timedelta(minutes=minute)
        sign_review(person=person, review=review, content_hash=hashed, at=at)

    page = page_of("ilze", "receipt", review.pk)
    assert "Greta, " in page
    assert "Jonas, " not in page


# Colleagues


def with_colleagues(state_after=None):
    """Andris had education, and Dace health by a link that still works; the experts ask about both."""
    review = make_review(make_city("riga"), state=State.FILLING)
    ilze = make_person("ilze")
    about = {"by": ilze, "review": review, "message": "", "at": timezone.now()}
    delegate_area(area="education", colleague=give("andris", Kind.CONTRIBUTOR, review.city), **about)
    link = delegate_by_link(
        area="health",
        email="dace@example.org",
        name="Dace",
        language="en",
        until=timezone.localdate() + timedelta(days=5),
        **about,
    )
    sign_review(person=ilze, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    appoint(review)
    ask_about(review, "education-score")
    ask_about(review, "health-score")
    return return_(review), link


def test_the_colleague_who_had_the_area_changes_the_answer_and_replies():
    review, _ = with_colleagues()
    page = page_of("andris", "question", review.pk, "education", "education-score")

    assert "Save and go on" in page
    assert "Reply to the query" in page
    change(review, "education-score", make_person("andris"))
    assert review.answers.get(question="education-score").value == 10


def test_whoever_has_a_link_reads_the_talk_and_changes_the_answer_and_an_officer_replies():
    review, link = with_colleagues()
    browser = Client()
    browser.get(link)
    address = reverse("review:question", args=[review.pk, "health", "health-score"])
    page = browser.get(address).content.decode()

    assert "Why?" in page
    assert "An officer of the city replies." in page
    assert "Reply to the query" not in page
    browser.post(address, {"number": "35", "revision": "1", "act": "save"})
    kept = review.answers.get(question="health-score")
    assert (kept.value, kept.changed_by.name) == (35, "Dace")


# Evidence


def piece(review, question):
    return add_evidence(
        place=open_area(review, review.framework.question(question).area, make_person("ilze")),
        question=question,
        source="https://example.org/plan",
        kind=EvidenceKind.LINK,
        title="",
        dated_on=None,
        language="",
        is_public=False,
        at=CHECKED_AT,
    )


def test_evidence_is_added_to_open_answers_alone(returned):
    piece(returned, "health-score")
    with pytest.raises(NotOpen):
        piece(returned, "anti-discrimination-score")

    [kept] = Evidence.objects.all()
    assert [use.question for use in kept.uses.all()] == ["health-score"]


def test_a_piece_that_serves_an_answer_that_is_not_open_stays_as_it_is():
    review = make_review(make_city("riga"), state=State.FILLING)
    ilze = make_person("ilze")
    kept = piece(review, "health-score")
    use_evidence(place=open_area(review, "education", ilze), question="education-score", evidence=kept)
    signed = Review.objects.get(pk=review.pk)
    sign_review(person=ilze, review=review, content_hash=signed.content_hash(), at=ANSWERED_AT)
    appoint(review)
    ask_about(review, "health-score")
    return_(review)
    said = {"title": "Another", "dated_on": None, "language": "", "is_public": True, "shown": kept.mark}

    with pytest.raises(NotOpen):
        change_evidence(
            place=open_area(review, "health", ilze), question="health-score", evidence=kept, **said
        )
    kept.refresh_from_db()
    assert (kept.title, kept.is_public) == ("", False)
    open_for_city(review, "education-score")
    change_evidence(place=open_area(review, "health", ilze), question="health-score", evidence=kept, **said)
    kept.refresh_from_db()
    assert (kept.title, kept.is_public) == ("Another", True)


def test_what_an_open_answer_may_rule_in_or_out_is_open_too():
    """Whether there is an action plan is asked of cities with a strategy alone."""
    said = make_sheet(framework=REVIEW, version=2, answers={"strategy": Answer(value="no")})
    review = make_review(make_city("riga"), said, state=State.SUBMITTED)
    appoint(review)
    ask_about(review, "strategy")
    returned = return_(review)
    assert {"strategy", "action-plan"} <= questions_open(returned)
    assert "budget-share" not in questions_open(returned)

    change(returned, "strategy", value="yes")
    answer(returned, "action-plan", Answer(value="yes"), person=make_person("ilze"))
    assert returned.answers.get(question="action-plan").value == "yes"
