"""The page on which an expert judges one answer, as experts meet it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.records.given_files import make_pdf, upload
from tests.apps.review.test_give_opinion import judge
from tests.builders import (
    CHECKED_AT,
    REVIEW,
    VALIDATED_AT,
    answer,
    appoint,
    make_city,
    make_review,
    make_sheet,
    open_area,
)
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.files.storing import check_upload
from tessera.apps.review.actions.checking import ask, open_answer, return_review
from tessera.apps.review.actions.evidence import add_evidence
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import EvidenceKind, OpenedAnswer, Opinion, Phrase, Query, Review, Strength
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework

pytestmark = pytest.mark.django_db

KEY = "education-score"
ACCEPT = {"act": "accept", "answer_revision": "1", "own-strength": "medium", "own-reason": ""}
OTHER = {
    "act": "other",
    "answer_revision": "1",
    "own-number": "40",
    "own-strength": "high",
    "own-reason": "The report says 40.",
}


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    return review


@pytest.fixture
def expert(client):
    client.force_login(make_person("nuria"))
    return client


def url(review, question=KEY):
    return reverse("review:judge", args=[review.pk, question])


def text_of(answered):
    return " ".join(answered.content.decode().replace("&#x27;", "'").split())


def test_to_accept_goes_on_to_the_next_answer_without_an_opinion(expert, review):
    judge(review, question="health-score")

    answered = expert.post(url(review), ACCEPT)

    opinion = Opinion.objects.get(question=KEY)
    assert (opinion.expert, opinion.accepts, opinion.answer_revision) == (make_person("nuria"), True, 1)
    assert answered["Location"] == url(review, "political-participation-score")


def test_behind_the_last_answer_the_first_comes_and_then_the_board(expert, review):
    *others, last = [question.key for question in review.framework.questions()]
    for key in others[1:]:
        judge(review, question=key)
    assert expert.post(url(review, last), ACCEPT)["Location"] == url(review, others[0])

    answered = expert.post(url(review, others[0]), ACCEPT)

    assert answered["Location"] == reverse("review:board", args=[review.pk])


def test_to_accept_never_minds_what_stands_in_the_fields_of_another_answer(expert, review):
    expert.post(url(review), ACCEPT | {"own-number": "many", "own-reason": "As in the report."})

    opinion = Opinion.objects.get()
    assert (opinion.accepts, opinion.reason) == (True, "As in the report.")


def test_another_answer_is_kept_with_its_reason_and_strength(expert, review):
    expert.post(url(review), OTHER)

    opinion = Opinion.objects.get()
    assert (opinion.value, opinion.strength) == (40.0, Strength.HIGH)
    page = expert.get(url(review))
    assert "Holds another answer right: 40 points" in text_of(page)
    assert page.context["opinion_form"]["number"].value() == "40"
    assert page.context["opinion_form"]["strength"].value() == Strength.HIGH


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"own-reason": " "}, "Say why it should be another answer."),
        ({"own-number": ""}, "Say which answer it should be."),
        ({"own-number": "140"}, "Give a number from 0 to 100."),
        ({"own-strength": "huge"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(expert, review, change, said):
    answered = expert.post(url(review), OTHER | change)

    assert answered.status_code == 400
    page = text_of(answered)
    assert "There is a problem" in page
    assert said in page
    assert (OTHER | change)["own-reason"].strip() in page
    assert not Opinion.objects.exists()


def test_an_option_that_goes_with_no_other_does_so_for_experts_too(expert):
    framework = find_framework(REVIEW, 2)
    question = next(each for each in framework.questions() if each.exclusive)
    sheet = make_sheet(framework=REVIEW, version=2, answers={"strategy": Answer(value="yes")})
    review = make_review(make_city(), sheet, state=State.SUBMITTED)
    appoint(review)
    another = next(option.key for option in question.options if option.key != question.exclusive)
    said = OTHER | {"answer_revision": "0", "own-choice": [question.exclusive, another]}

    refused = expert.post(url(review, question.key), said)
    expert.post(url(review, question.key), said | {"own-choice": [another]})

    assert "goes with no other answer" in text_of(refused)
    assert Opinion.objects.get().value == [another]


def test_an_answer_that_was_changed_meanwhile_is_read_first(expert, review):
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    answer(review, KEY, Answer(value=50.0), revision=1)

    answered = expert.post(url(review), OTHER)

    page = text_of(answered)
    assert answered.status_code == 409
    assert "The city has changed the answer meanwhile." in page
    assert "50 points" in page
    assert "The report says 40." in page
    assert 'name="answer_revision" value="2"' in page
    assert not Opinion.objects.exists()
    expert.post(url(review), OTHER | {"answer_revision": "2"})
    assert Opinion.objects.get().answer_revision == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "²"])
def test_a_form_that_does_not_say_which_answer_was_read_judges_none(expert, review, revision):
    assert expert.post(url(review), ACCEPT | {"answer_revision": revision}).status_code == 409
    assert not Opinion.objects.exists()


def test_two_experts_are_blind_to_each_other_until_both_have_given_an_opinion(client, review):
    appoint(review, "piotr")
    judge(review, who="piotr", other=Answer(value=40.0), reason="Piotr's words")
    client.force_login(make_person("nuria"))
    assert "Piotr's words" not in text_of(client.get(url(review)))
    assert "Other opinions" not in text_of(client.get(url(review)))
    judge(review, question="health-score")
    assert "Piotr's words" not in text_of(client.get(url(review)))

    judge(review)

    page = text_of(client.get(url(review)))
    assert "Piotr's words" in page
    assert "Holds another answer right: 40 points" in page


def test_who_takes_over_is_blind_to_the_one_before(client, review):
    judge(review, other=Answer(value=40.0), reason="Nuria's words")
    appointment = review.appointments.get()
    release_expert(by=appointment.appointed_by, appointment=appointment, at=CHECKED_AT)
    appoint(review, "piotr")
    client.force_login(make_person("piotr"))
    assert "Nuria's words" not in text_of(client.get(url(review)))

    judge(review, who="piotr")

    assert "Nuria's words" in text_of(client.get(url(review)))


def test_an_opinion_on_an_earlier_answer_says_so(expert, review):
    judge(review)
    ask(expert=make_person("nuria"), review=review, question=KEY, text="Which year?", at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    answer(review, KEY, Answer(value=50.0), revision=1)

    assert "the city has changed it since" in text_of(expert.get(url(review)))


def test_the_city_is_asked_and_its_talk_is_shown(expert, review):
    refused = expert.post(url(review), {"act": "ask", "query-text": " "})
    assert refused.status_code == 400
    assert "Write what you want to know." in text_of(refused)

    page = expert.post(url(review), {"act": "ask", "query-text": "Which year is this?"}, follow=True)

    query = Query.objects.get()
    assert (query.question, query.messages.get().text) == (KEY, "Which year is this?")
    said = text_of(page)
    assert "Which year is this?" in said
    assert f'href="{reverse("review:query", args=[query.pk])}"' in said
    assert "Ask the city</button>" not in said
    again = expert.post(url(review), {"act": "ask", "query-text": "And where?"})
    assert again.status_code == 409
    assert "There is a query about this answer already." in text_of(again)


def test_a_kept_phrase_is_put_before_what_one_writes(expert, review):
    expert.post(reverse("review:phrases"), {"text": "Which year\n is this?"})
    phrase = Phrase.objects.get().text
    assert phrase == "Which year is this?"

    expert.post(url(review), {"act": "ask", "query-phrase": phrase, "query-text": "The law says 2021."})

    assert Query.objects.get().messages.get().text == "Which year is this?\nThe law says 2021."


def test_a_phrase_alone_is_enough_and_another_person_s_is_none(expert, review):
    Phrase.objects.create(person=make_person("nuria"), text="Which year is this?")
    Phrase.objects.create(person=make_person("piotr"), text="Says who?")
    stolen = expert.post(url(review), {"act": "ask", "query-phrase": "Says who?", "query-text": ""})
    assert stolen.status_code == 400
    assert "Says who?" not in text_of(expert.get(url(review)))

    expert.post(url(review), {"act": "ask", "query-phrase": "Which year is this?", "query-text": ""})

    assert Query.objects.get().messages.get().text == "Which year is this?"


def test_phrases_are_kept_and_dropped_by_their_owner(expert, review):
    page = reverse("review:phrases")
    expert.post(page, {"text": "Which year is this?"})
    other = Phrase.objects.create(person=make_person("piotr"), text="Says who?")
    assert "You have kept this phrase already." in text_of(expert.post(page, {"text": "Which year is this?"}))
    assert expert.post(page, {"text": "x" * 1001}).status_code == 400

    assert expert.post(page, {"drop": other.pk}).status_code == 404
    expert.post(page, {"drop": Phrase.objects.get(person=make_person("nuria")).pk})

    assert [phrase.text for phrase in Phrase.objects.all()] == ["Says who?"]


def test_an_answer_is_opened_for_the_city(expert, review):
    page = expert.post(reverse("review:open-answer", args=[review.pk, KEY]), follow=True)

    assert OpenedAnswer.objects.get().question == KEY
    assert "This answer is opened" in text_of(page)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    assert answer(review, KEY, Answer(value=50.0), revision=1).revision == 2


def test_the_keys_are_listed_and_can_be_switched_off(expert, review):
    page = text_of(expert.get(url(review)))
    assert "review/keys.js" in page
    for key in "aoqnp?":
        assert f"<kbd>{key}</kbd>" in page

    expert.post(url(review), {"act": "without-keys"})

    page = text_of(expert.get(url(review, "health-score")))
    assert "review/keys.js" not in page
    assert "<kbd>" not in page
    expert.post(url(review), {"act": "with-keys"})
    assert "review/keys.js" in text_of(expert.get(url(review)))


def test_the_next_and_the_previous_answer_follow_the_questionnaire(expert, review):
    page = expert.get(url(review))
    assert page.context["previous_url"] == url(review, "family-reunion-score")
    assert page.context["next_url"] == url(review, "health-score")
    keys = [question.key for question in review.framework.questions()]
    assert expert.get(url(review, keys[0])).context["previous_url"] == ""
    assert expert.get(url(review, keys[-1])).context["next_url"] == ""


def test_it_shows_what_the_city_said_the_last_time(expert):
    riga = make_city()
    make_review(riga, make_sheet(30.0, year=2021), state=State.PUBLISHED)
    review = make_review(riga, state=State.SUBMITTED)
    appoint(review)

    page = text_of(expert.get(url(review)))

    assert "In 2021 the city said" in page
    assert "30 points" in page
    assert "Still true" not in page


@pytest.mark.usefixtures("files_folder")
def test_the_files_of_the_evidence_are_open_to_the_expert_and_to_no_other(client):
    review = make_review(make_city(), make_sheet(), state=State.FILLING)
    plan = make_pdf()
    add_evidence(
        place=open_area(review, "education", make_person("ilze")),
        question=KEY,
        source=check_upload(upload(plan, "plan.pdf")),
        kind=EvidenceKind.FILE,
        title="The plan",
        dated_on=None,
        language="",
        is_public=False,
        at=CHECKED_AT,
    )
    appoint(review)
    give("piotr", Kind.EXPERT, review.cycle.network)
    file_url = reverse("review:evidence-file", args=[review.pk, review.evidence.get().pk])

    def asked(who):
        client.force_login(make_person(who))
        answered = client.get(file_url)
        if answered.streaming:
            assert b"".join(answered.streaming_content) == plan
        return answered.status_code

    assert (asked("nuria"), asked("piotr")) == (404, 404)
    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=CHECKED_AT)
    assert (asked("nuria"), asked("piotr")) == (200, 404)
    client.force_login(make_person("nuria"))
    assert f'href="{file_url}"' in text_of(client.get(url(review)))
    check_answers = client.get(reverse("review:check-answers", args=[review.pk]))
    assert check_answers.status_code == 200
    assert reverse("review:board", args=[review.pk]) in text_of(check_answers)

    appointment = review.appointments.get()
    release_expert(by=appointment.appointed_by, appointment=appointment, at=timezone.now())
    assert asked("nuria") == 404


def test_a_question_that_the_review_does_not_ask_has_no_page(expert, review):
    assert expert.get(url(review, "strategy")).status_code == 404
    assert expert.post(reverse("review:open-answer", args=[review.pk, "strategy"])).status_code == 404


def test_once_it_is_validated_one_reads_and_writes_nothing(expert, review):
    judge(review)
    Review.objects.filter(pk=review.pk).update(
        state=State.VALIDATED, validated_by=make_person("nuria"), validated_at=VALIDATED_AT
    )

    page = text_of(expert.get(url(review)))
    assert "Accepts the city's answer." in page
    assert 'value="accept"' not in page
    answered = expert.post(url(review), OTHER)

    assert answered.status_code == 409
    assert "no longer with the experts" in text_of(answered)
    assert Opinion.objects.get().accepts


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_it_is_for_the_experts_who_took_the_review_on(client, review, who):
    give("piotr", Kind.EXPERT, review.cycle.network)
    make_officer("chiara", make_city("ravenna", country="IT"))
    client.force_login(make_person(who))

    assert client.get(url(review)).status_code == 404
    assert client.post(url(review), ACCEPT).status_code == 404
    assert client.get(reverse("review:phrases")).status_code == (200 if who == "piotr" else 403)
    assert not Opinion.objects.exists()
