"""The city publishes its own review, after reading what becomes public and what does not."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import (
    ANSWERED_AT,
    SCORES,
    add_quotation,
    answer,
    make_city,
    make_review,
    make_sheet,
    validate,
)
from tests.people import make_officer, make_person

from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Publication, Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEPT, PUBLIC = "Between us.", "Anybody may know."


@pytest.fixture
def review():
    """Validated: three notes, of which one is public, and three pieces of evidence, of which two are."""
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    for question, note in (
        ("health", PUBLIC),
        ("education", KEPT),
        ("family-reunion", KEPT),
        ("permanent-residence", ""),
    ):
        said = Answer(value=40.0, note=note)
        answer(review, f"{question}-score", said, is_note_public=note == PUBLIC)
    add_quotation(review, "Decision 7", "health-score", is_public=True)
    add_quotation(review, "Decision 8", "education-score", is_public=True)
    add_quotation(review, "A letter", "education-score", is_public=False)
    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    return validate(review)


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def url(review):
    return reverse("review:publish", args=[review.pk])


def test_the_page_counts_what_becomes_public_and_what_stays(review):
    page = as_("ilze").get(url(review)).content.decode()
    public, kept = page[: page.index('id="kept"')], page[page.index('id="kept"') :]

    assert "4 answers, with the reason" in public
    assert "1 note that is marked as public." in public
    assert "2 pieces of evidence that are marked as public" in public
    assert "That Nuria checked the review, and that Ilze published it for the city." in public
    assert "2 notes." in kept
    assert "1 piece of evidence." in kept


def test_what_the_page_promised_is_what_anybody_reads_then(review):
    assert Client().get(review.get_absolute_url()).status_code == 404
    answered = as_("ilze").post(url(review))

    assert answered["Location"] == review.get_absolute_url()
    page = Client().get(answered["Location"]).content.decode()
    for words in (PUBLIC, "Decision 7", "Decision 8", "Nuria", "Ilze"):
        assert words in page
    for words in (KEPT, "A letter"):
        assert words not in page
    assert Publication.objects.get().published_by.name == "Ilze"


def test_the_same_tab_pressed_twice_publishes_once_and_says_that_it_is_done(review):
    ilze = as_("ilze")
    ilze.post(url(review))
    first = Publication.objects.get()
    answered = ilze.post(url(review), follow=True)

    assert answered.status_code == 200
    page = answered.content.decode()
    assert "It is published" in page
    assert review.get_absolute_url() in page
    assert "What anybody can read then" not in page
    assert Publication.objects.get() == first


@pytest.mark.parametrize("state", [State.FILLING, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_nothing_is_published_before_an_expert_has_validated_it(state):
    review = make_review(make_city("riga"), state=state)
    ilze = as_("ilze")

    assert "once an expert has validated it" in ilze.get(url(review)).content.decode()
    answered = ilze.post(url(review), follow=True)
    assert "Nothing was published now." in answered.content.decode()
    assert Review.objects.get(pk=review.pk).state == state


def test_a_review_of_an_earlier_year_does_not_follow_a_later_one(review):
    later = make_sheet(framework=SCORES, year=review.year + 1)
    make_review(review.city, later, state=State.PUBLISHED)
    ilze = as_("ilze")

    assert f"A review of {review.year + 1} is public already" in ilze.get(url(review)).content.decode()
    ilze.post(url(review))
    assert Review.objects.get(pk=review.pk).state == State.VALIDATED


@pytest.mark.parametrize("who", ["nuria", "mihai", "chiara", "andris"])
def test_nobody_else_publishes_it_or_reads_the_page(review, who):
    make_officer("chiara", make_city("ravenna", country="IT"))
    browser = as_(who)

    assert browser.get(url(review)).status_code == 404
    assert browser.post(url(review)).status_code == 404
    assert Review.objects.get(pk=review.pk).state == State.VALIDATED


def test_the_task_list_leads_there_and_then_to_the_public_page(review):
    tasks = reverse("review:tasks", args=[review.pk])
    ilze = as_("ilze")
    page = ilze.get(tasks).content.decode()
    assert "It is yours to publish." in page
    assert f'href="{url(review)}"' in page
    assert "is yours to publish" in ilze.get(reverse("web:work")).content.decode()
    ilze.post(url(review))

    page = ilze.get(tasks).content.decode()
    assert f'href="{review.get_absolute_url()}"' in page
    assert f'href="{url(review)}"' not in page
