"""The page of a query, the list of one review's, and the inbox of all that wait for somebody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.builders import ANSWERED_AT, CHECKED_AT, appoint, make_city, make_review, make_sheet
from tests.people import give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, ask_again, reply, return_review, settle
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.inbox import count_waiting, read_inbox
from tessera.apps.review.lifecycle import QueryAct, QueryState, State
from tessera.apps.review.models import Query, Review

pytestmark = pytest.mark.django_db


def make_asked_review(city, *questions, officer="ilze", colleague=None):
    """Nuria asks about the answers; the colleague, if any, had the area of education."""
    review = make_review(city, state=State.FILLING, officer=officer)
    by = make_person(officer)
    if colleague:
        person = give(colleague, Kind.CONTRIBUTOR, city)
        delegate_area(by=by, review=review, area="education", colleague=person, message="", at=ANSWERED_AT)
    sign_review(person=by, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    nuria = appoint(review)
    for question in questions:
        ask(expert=nuria, review=review, question=question, text=f"Why {question}?", at=CHECKED_AT)
    return Review.objects.get(pk=review.pk)


@pytest.fixture
def review():
    return make_asked_review(make_city("riga"), "education-score", "health-score", colleague="andris")


@pytest.fixture
def query(review):
    return review.queries.get(question="education-score")


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def url(query):
    return reverse("review:query", args=[query.pk])


def page_of(who, address):
    return as_(who).get(address).content.decode()


def state_of(query):
    return Query.objects.get(pk=query.pk).state


def test_the_page_shows_the_answer_who_wrote_what_for_whom_and_what_it_waits_for(query):
    reply(person=make_person("andris"), query=query, text="Read <page 12>.", at=CHECKED_AT)
    page = page_of("nuria", url(query))

    assert "Query about an answer of Riga, 2023" in page
    assert "<p>60 points</p>" in page
    assert "Why education-score?" in page
    assert "Read &lt;page 12&gt;." in page
    assert "<bdi>Nuria</bdi></strong>, expert" in page
    assert "<bdi>Andris</bdi></strong>, for the city" in page
    assert "The city has replied. An expert closes the query, or asks again." in page


def test_the_city_replies_and_has_nothing_more_to_write_then(query):
    ilze = as_("ilze")
    assert "Send the reply" in ilze.get(url(query)).content.decode()
    assert "Close the query" not in ilze.get(url(query)).content.decode()

    answered = ilze.post(url(query), {"text": "Because of the new school."})

    assert answered["Location"] == url(query)
    assert state_of(query) == QueryState.ANSWERED
    page = ilze.get(url(query)).content.decode()
    assert "Sent. The other side is told by e-mail." in page
    assert "Because of the new school." in page
    assert "Send the reply" not in page


def test_the_colleague_who_has_the_area_replies_and_finds_no_page_of_the_whole_review(query):
    andris = as_("andris")
    page = andris.get(url(query)).content.decode()
    tasks = reverse("review:tasks", args=[query.review_id])
    assert f'href="{tasks}"' not in page
    assert f'href="{tasks}"' in page_of("ilze", url(query))

    andris.post(url(query), {"text": "Because of the new school."})
    assert query.messages.latest("pk").author.name == "Andris"


def test_an_empty_reply_is_refused_with_words(query):
    answered = as_("ilze").post(url(query), {"text": " "})

    assert answered.status_code == 400
    assert "There is a problem" in answered.content.decode()
    assert state_of(query) == QueryState.OPEN


def test_who_was_slower_keeps_the_words_and_is_told(query):
    reply(person=make_person("andris"), query=query, text="Of 2022.", at=CHECKED_AT)
    answered = as_("ilze").post(url(query), {"text": "Of 2021, I think."})

    assert answered.status_code == 400
    page = answered.content.decode()
    assert "somebody was faster" in page
    assert "Of 2021, I think." in page
    assert query.messages.count() == 2


def test_the_expert_asks_again_and_closes(query):
    nuria = as_("nuria")
    assert "Withdraw the query" in nuria.get(url(query)).content.decode()
    assert "What is still open?" not in nuria.get(url(query)).content.decode()
    reply(person=make_person("ilze"), query=query, text="Of 2022.", at=CHECKED_AT)

    nuria.post(url(query), {"text": "And 2023?"})
    assert state_of(query) == QueryState.REOPENED
    reply(person=make_person("ilze"), query=query, text="In May.", at=CHECKED_AT)
    page = nuria.get(url(query)).content.decode()
    assert "Close the query" in page
    assert "Withdraw the query" not in page
    nuria.post(reverse("review:settle-query", args=[query.pk]), {"act": "close"})

    assert state_of(query) == QueryState.CLOSED
    assert "An expert has closed the query." in nuria.get(url(query)).content.decode()


def test_the_expert_withdraws_and_twice_is_harmless(query):
    nuria, settle_url = as_("nuria"), reverse("review:settle-query", args=[query.pk])
    nuria.post(settle_url, {"act": "withdraw"})
    answered = nuria.post(settle_url, {"act": "withdraw"}, follow=True)

    assert state_of(query) == QueryState.WITHDRAWN
    assert "cannot be done with this query any more" in answered.content.decode()


@pytest.mark.parametrize("act", ["", "reply", "reopen", "nonsense"])
def test_a_query_is_settled_in_no_other_way(query, act):
    assert as_("nuria").post(reverse("review:settle-query", args=[query.pk]), {"act": act}).status_code == 404
    assert state_of(query) == QueryState.OPEN


def test_once_all_is_replied_the_officer_is_led_on(review):
    nuria = make_person("nuria")
    return_review(expert=nuria, review=review, message="", at=CHECKED_AT)
    first, second = review.queries.all()
    send_back = reverse("review:send-back", args=[review.pk])
    reply(person=make_person("ilze"), query=first, text="So.", at=CHECKED_AT)
    assert send_back not in page_of("ilze", url(first))
    reply(person=make_person("ilze"), query=second, text="So.", at=CHECKED_AT)

    assert send_back in page_of("ilze", url(second))
    assert send_back not in page_of("andris", url(first))
    assert send_back not in page_of("nuria", url(second))


def test_nothing_is_asked_again_once_the_review_is_validated(review):
    nuria = make_person("nuria")
    for query in review.queries.all():
        settle(expert=nuria, query=query, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    query = ask(expert=nuria, review=review, question="education-score", text="So?", at=CHECKED_AT)
    reply(person=make_person("ilze"), query=query, text="So.", at=CHECKED_AT)
    settle(expert=nuria, query=query, act=QueryAct.CLOSE, at=CHECKED_AT)
    assert "What is still open?" in page_of("nuria", url(query))
    Review.objects.filter(pk=review.pk).update(
        state=State.VALIDATED, validated_by=nuria, validated_at=CHECKED_AT
    )

    assert "What is still open?" not in page_of("nuria", url(query))


# Lists


def titles(listed):
    return [(entry.query.review.city.slug, entry.query.question) for entry in listed]


def test_the_inbox_of_each_side_begins_with_what_waits_for_it(review):
    first, _ = review.queries.order_by("pk")
    reply(person=make_person("ilze"), query=first, text="So.", at=CHECKED_AT)
    ask(expert=make_person("nuria"), review=review, question="family-reunion-score", text="?", at=CHECKED_AT)
    third = review.queries.latest("pk")
    settle(expert=make_person("nuria"), query=third, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    today = timezone.localdate()
    of_city, of_expert = (read_inbox(make_person(who), today) for who in ("ilze", "nuria"))

    education, health = ("riga", "education-score"), ("riga", "health-score")
    assert (titles(of_city.waiting), titles(of_city.elsewhere)) == ([health], [education])
    assert (titles(of_expert.waiting), titles(of_expert.elsewhere)) == ([education], [health])
    assert titles(of_city.settled) == titles(of_expert.settled) == [("riga", "family-reunion-score")]
    assert titles(read_inbox(make_person("andris"), today).elsewhere) == [education]
    page = page_of("ilze", reverse("review:inbox"))
    assert page.index("Waiting for you") < page.index("Waiting for the other side") < page.index("Settled")


def test_one_who_replies_in_one_city_and_asks_another_has_both_in_one_inbox(review):
    """Nuria acts for Ravenna, whose review Piotr checks."""
    ravenna = make_city("ravenna", country="IT")
    other = make_review(ravenna, make_sheet(year=2022), state=State.SUBMITTED, officer="chiara")
    piotr = appoint(other, "piotr")
    give("nuria", Kind.OFFICER, ravenna)
    ask(expert=piotr, review=other, question="health-score", text="?", at=CHECKED_AT)
    reply(
        person=make_person("ilze"),
        query=review.queries.get(question="education-score"),
        text="So.",
        at=CHECKED_AT,
    )

    inbox = read_inbox(make_person("nuria"), timezone.localdate())
    assert set(titles(inbox.waiting)) == {("riga", "education-score"), ("ravenna", "health-score")}
    assert titles(inbox.elsewhere) == [("riga", "health-score")]
    assert count_waiting(make_person("nuria"), timezone.localdate()) == 2


def test_what_has_waited_longest_comes_first():
    review = make_asked_review(make_city("riga"))
    for minute, question in enumerate(["health-score", "education-score", "family-reunion-score"]):
        at = CHECKED_AT.replace(minute=minute)
        ask(expert=make_person("nuria"), review=review, question=question, text="?", at=at)

    waiting = titles(read_inbox(make_person("ilze"), timezone.localdate()).waiting)
    assert [question for _, question in waiting] == [
        "health-score",
        "education-score",
        "family-reunion-score",
    ]


def test_another_citys_officer_has_an_empty_inbox(review):
    make_officer("chiara", make_city("ravenna", country="IT"))
    page = page_of("chiara", reverse("review:inbox"))

    assert "No queries" in page
    assert "Waiting" not in page
    assert "Queries about answers" not in page_of("chiara", reverse("web:work"))


@pytest.mark.parametrize(("who", "words"), [("ilze", "2 queries wait"), ("andris", "1 query waits")])
def test_the_work_page_says_how_many_wait(review, who, words):
    assert f"{words} for you." in page_of(who, reverse("web:work"))


def test_the_work_page_of_the_expert_counts_replies(query):
    assert "Nothing waits for you." in page_of("nuria", reverse("web:work"))
    reply(person=make_person("ilze"), query=query, text="So.", at=CHECKED_AT)
    assert "1 query waits for you." in page_of("nuria", reverse("web:work"))
    ask_again(expert=make_person("nuria"), query=query, text="Why?", at=CHECKED_AT)
    assert "Nothing waits for you." in page_of("nuria", reverse("web:work"))


def test_the_list_of_a_review_leads_each_side_on(review):
    address = reverse("review:queries", args=[review.pk])
    back, forth = (reverse(f"review:{name}", args=[review.pk]) for name in ("return-review", "send-back"))
    assert back in page_of("nuria", address)
    assert back not in page_of("ilze", address)
    assert forth not in page_of("ilze", address)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)

    assert forth in page_of("ilze", address)
    assert forth not in page_of("nuria", address)
    assert "Why health-score?" not in page_of("ilze", address)


@pytest.mark.parametrize("name", ["inbox", "queries"])
def test_a_list_takes_as_many_database_queries_however_long_it_is(
    review, name, django_assert_num_queries, django_assert_max_num_queries
):
    address = reverse(f"review:{name}", args=[review.pk] if name == "queries" else [])
    browser = as_("ilze")
    browser.get(address)
    with django_assert_max_num_queries(60) as short:
        browser.get(address)
    for question in ("family-reunion-score", "permanent-residence-score", "anti-discrimination-score"):
        ask(expert=make_person("nuria"), review=review, question=question, text="?", at=CHECKED_AT)

    with django_assert_num_queries(len(short)):
        browser.get(address)
