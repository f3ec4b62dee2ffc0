"""The pages on which an expert writes a finding: what one typed is never lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.builders import appoint, conclude, make_city, make_review, make_sheet, put_in_state
from tests.people import make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.findings import Bases, bases_of
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Finding, FindingKind

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    "=1+1",
    "{{ 7*7 }}",
    "{% now 'Y' %}",
    "\"'><img src=x onerror=alert(1)>",
    "a" * 2_000,
    "مرحبا بالعالم",
    "zero\u200bwidth",
    "javascript:alert(1)",
    "line\nline\r\nline",
    "left\u202eright",
]


@pytest.fixture
def review():
    """Education is not answered."""
    sheet = make_sheet([60.0] * 2 + [None] + [60.0] * 5)
    review = make_review(make_city("riga"), sheet, state=State.IN_REVIEW)
    Person.objects.update(language="en")
    return review


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def new_url(review):
    return reverse("review:new-finding", args=[review.pk])


def url_of(review, finding):
    return reverse("review:finding", args=[review.pk, finding.pk])


def form_of(**said):
    return {
        "kind": "gap",
        "source": "en",
        "text": "Health is weak.",
        "areas": ["health"],
        "revision": "0",
    } | said


def send(review, url=None, who="nuria", **said):
    return as_(who).post(url or new_url(review), form_of(**said))


def page_of(who, url):
    return as_(who).get(url).content.decode()


def test_whoever_saves_is_told_so(review):
    answered = as_("nuria").post(new_url(review), form_of(), follow=True)
    assert "The finding is saved." in answered.content.decode()


def test_a_new_finding_has_no_other_side_to_be_kept(review):
    assert send(review, keep="theirs").status_code == 302
    assert review.findings.count() == 1


def test_an_empty_list_says_what_a_finding_is(review):
    page = page_of("nuria", reverse("review:findings", args=[review.pk]))
    assert "No findings yet" in page
    assert "A strength is to be kept, a gap to be closed" in page
    assert f'href="{new_url(review)}"' in page


def test_a_finding_is_written_in_two_languages_with_all_kinds_of_basis(review):
    answered = send(
        review,
        text_lv="Veselība ir vāja.",
        next_step="Ask the clinics.",
        next_step_lv="Jautājiet klīnikām.",
        questions=["health-score"],
    )

    assert answered["Location"] == reverse("review:findings", args=[review.pk])
    kept = Finding.objects.get()
    assert kept.kind == FindingKind.GAP
    assert kept.text == LocalText("en", {"en": "Health is weak.", "lv": "Veselība ir vāja."})
    assert kept.next_step == LocalText("en", {"en": "Ask the clinics.", "lv": "Jautājiet klīnikām."})
    assert bases_of(kept) == Bases(frozenset({"health"}), frozenset({"health-score"}))
    page = page_of("nuria", answered["Location"])
    for words in ("Health is weak.", "Ask the clinics.", "Rests on:", "for health?"):
        assert words in page
    assert "Veselība" not in page


def test_a_finding_in_another_language_than_the_page_says_so(review):
    conclude(review, LocalText("lv", {"lv": "Veselība ir vāja."}))
    page = page_of("nuria", reverse("review:findings", args=[review.pk]))
    assert 'lang="lv">Veselība ir vāja.' in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"areas": []}, "Say what the finding rests on: tick an area, an answer or a piece of evidence."),
        ({"areas": ["no-such-area"]}, "Something that you ticked is not there any more."),
        ({"questions": ["education-score"]}, "Something that you ticked is not there any more."),
        ({"evidence": ["99999999999999999999"]}, "Something that you ticked is not there any more."),
        ({"evidence": ["x"]}, "Something that you ticked is not there any more."),
        ({"text": " "}, "“What you find” is empty. Fill it in."),
        ({"kind": ""}, "“Kind of finding” has no answer. Choose one."),
        ({"kind": "threat"}, "Select a valid choice."),
        ({"text_en": "Other words."}, "This is the language that you write in."),
        ({"next_step_lv": "Jautājiet."}, "You gave the next step in a further language only."),
        ({"text": "a" * 2_001}, "“What you find” is 1 character too long."),
        ({"text": "zero\x00byte"}, "holds a sign that cannot be kept"),
    ],
)
def test_a_slip_is_named_and_nothing_that_was_typed_is_lost(review, said, words):
    refused = send(review, **{"next_step": "Ask the clinics." if "next_step_lv" not in said else ""} | said)
    page = refused.content.decode()

    assert refused.status_code == 400
    assert words in page
    assert not Finding.objects.exists()
    if "text" not in said:
        assert "Health is weak.</textarea>" in page
    if "areas" not in said:
        assert 'id="id_areas_health" checked' in page


def test_what_is_ticked_lies_open_and_translations_too(review):
    finding = conclude(review, LocalText("en", {"en": "One.", "lv": "Viens."}), areas=["health"])
    page = page_of("nuria", url_of(review, finding))

    assert "One.</textarea>" in page
    assert "Viens.</textarea>" in page
    assert page.count('<details class="ds-details" open>') == 2
    assert 'id="id_areas_health" checked' in page
    assert page.count(" checked") == 2, "the kind, and the area"
    assert "education-score" not in page, "it has no answer"
    new = page_of("nuria", new_url(review))
    assert '<details class="ds-details" open>' not in new


def test_a_language_that_the_finding_is_in_already_can_be_changed_though_the_site_has_it_not(review):
    text = LocalText("pl", {"pl": "Szkoły są dobre.", "de": "Die Schulen sind gut."})
    finding = conclude(review, text)
    page = page_of("nuria", url_of(review, finding))
    assert "Szkoły są dobre.</textarea>" in page
    assert "Die Schulen sind gut.</textarea>" in page

    send(
        review,
        url_of(review, finding),
        source="pl",
        text="Szkoły są bardzo dobre.",
        text_de="Die Schulen sind sehr gut.",
        areas=["education"],
        revision="1",
    )
    kept = Finding.objects.get().text
    assert kept == LocalText("pl", {"pl": "Szkoły są bardzo dobre.", "de": "Die Schulen sind sehr gut."})


def test_a_stale_save_shows_both_texts_and_either_can_be_kept(review):
    appoint(review, "piotr")
    Person.objects.update(language="en")
    finding = conclude(review)
    conclude(review, "Piotr's words.", key="piotr", finding=finding.pk, revision=1)

    refused = send(review, url_of(review, finding), text="Nuria's words.", revision="1")
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Which finding shall stand?" in page
    assert "Piotr has saved this finding meanwhile." in page
    assert "Piotr&#x27;s words." in page
    assert "Nuria&#x27;s words.</textarea>" in page
    assert str(Finding.objects.get().text) == "Piotr's words."

    theirs = send(
        review, url_of(review, finding), text="Nuria's words.", revision="1", newer="2", keep="theirs"
    )
    assert theirs["Location"] == url_of(review, finding)
    assert str(Finding.objects.get().text) == "Piotr's words."
    send(review, url_of(review, finding), text="Nuria's words.", revision="1", newer="2", keep="mine")
    assert (str(Finding.objects.get().text), Finding.objects.get().revision) == ("Nuria's words.", 3)


def test_what_was_deleted_meanwhile_can_be_saved_as_a_new_one(review):
    finding = conclude(review)
    url = url_of(review, finding)
    as_("nuria").post(reverse("review:drop-finding", args=[review.pk, finding.pk]))
    assert as_("nuria").get(url).status_code == 404

    refused = send(review, url, text="Changed.", revision="1")
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "If you save now, what you wrote becomes a new one." in page
    assert f'action="{new_url(review)}"' in page
    assert "Changed.</textarea>" in page


def test_a_form_that_comes_after_the_validation_saves_nothing_and_keeps_the_words(review):
    put_in_state(review, State.VALIDATED)
    refused = send(review)
    assert refused.status_code == 409
    assert "The review is no longer with the experts." in refused.content.decode()
    assert "Health is weak.</textarea>" in refused.content.decode()
    assert not Finding.objects.exists()


def test_findings_are_moved_and_deleted_from_the_list(review):
    one, two = conclude(review, "One."), conclude(review, "Two.")
    page = page_of("nuria", reverse("review:findings", args=[review.pk]))
    assert (page.count("Move up"), page.count("Move down")) == (1, 1)

    moved = as_("nuria").post(reverse("review:move-finding", args=[review.pk, two.pk]), {"way": "up"})
    assert moved["Location"].endswith(f"#finding-{two.pk}")
    assert [str(each) for each in review.findings.all()] == ["Two.", "One."]
    assert (
        as_("nuria")
        .post(reverse("review:move-finding", args=[review.pk, two.pk]), {"way": "sideways"})
        .status_code
        == 404
    )
    as_("nuria").post(reverse("review:drop-finding", args=[review.pk, one.pk]))
    assert [str(each) for each in review.findings.all()] == ["Two."]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_shown_as_they_are_and_harm_no_page(review, words):
    """On the list, on the page of the finding, and in the draft that the city reads."""
    answered = send(review, text=words, next_step=words)
    if answered.status_code == 400:
        assert not Finding.objects.exists()
        return
    finding = Finding.objects.get()
    as_("nuria").post(reverse("review:show-draft", args=[review.pk]), {"message": words})
    as_("ilze").post(
        reverse("review:reply-to-draft", args=[review.pk]),
        {"text": words, "draft": review.drafts.get().pk},
    )
    for who, url in (
        ("nuria", reverse("review:findings", args=[review.pk])),
        ("nuria", url_of(review, finding)),
        ("nuria", reverse("review:draft", args=[review.pk])),
        ("ilze", reverse("review:draft", args=[review.pk])),
        ("nuria", reverse("review:validate", args=[review.pk])),
    ):
        answered = as_(who).get(url)
        page = answered.content.decode()
        assert answered.status_code == 200
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert ">49<" not in page
    assert review.drafts.get().replies.count() == 1


@pytest.mark.parametrize("name", ["findings", "draft"])
def test_the_pages_make_the_same_number_of_queries_however_many_findings(review, name):
    nuria, url = as_("nuria"), reverse(f"review:{name}", args=[review.pk])
    conclude(review)
    nuria.get(url)
    with CaptureQueriesContext(connection) as few:
        nuria.get(url)
    for number in range(10):
        conclude(review, f"Finding {number}.", areas=["health", "education"], questions=["health-score"])
    with CaptureQueriesContext(connection) as many:
        nuria.get(url)
    assert len(few) == len(many)
