"""What experts say is frozen with a review: on its page, in its files, and before it is published."""

import hashlib
import io
import json
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.review.test_give_opinion import judge
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    PUBLISHED_AT,
    SCORES,
    add_quotation,
    appoint,
    make_city,
    make_finding,
    make_review,
    make_sheet,
    validate,
)
from tests.people import make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import FindingKind, Review
from tessera.apps.review.published import build_report, file_hash, preview_report, print_report
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

ADDRESS = f"/cities/riga/reviews/{SCORES}/2023/"
KEPT = "A letter that stays in the town hall"
HOSTILE = "<script>alert(1)</script> #panic() *bold* $x$ @label \\"


def words(response):
    """What a person reads: the text without the markup."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("&amp;", "&"))


@pytest.fixture
def validated():
    """Riga answered 60 everywhere. Nuria accepts one answer and holds 20 right in health; two findings."""
    riga = make_city(name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))
    review = make_review(riga, make_sheet(60), state=State.FILLING)
    shown = add_quotation(review, "Decision 7", is_public=True)
    kept = add_quotation(review, KEPT, is_public=False)
    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    appoint(review)
    judge(review)
    judge(review, question="health-score", other=Answer(value=20.0), reason=f"The report says 20. {HOSTILE}")
    make_finding(
        review,
        LocalText("lv", {"lv": "Vispirms veselība."}),
        kind=FindingKind.PRIORITY,
        areas=["health"],
        evidence=[shown, kept],
        next_step=LocalText("en", {"en": f"Ask the clinics. {HOSTILE}", "lv": "Jautāt klīnikām."}),
    )
    make_finding(
        review, "Schools do well.", kind=FindingKind.STRENGTH, questions=["education-score"], place=2
    )
    show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    return validate(review)


@pytest.fixture
def published(validated):
    publish_review(review=validated, person=make_person("ilze"), at=PUBLISHED_AT)
    return Review.objects.get(pk=validated.pk)


def test_the_page_shows_findings_in_their_order_with_what_they_rest_on(client, published):
    response = client.get(f"/en{ADDRESS}")
    page, html = words(response), response.content.decode()

    first, second = page.index("1. Priority"), page.index("2. Strength")
    assert first < page.index("Vispirms veselība.") < page.index("Ask the clinics.") < second
    assert second < page.index("Schools do well.")
    assert "Evidence: Decision 7" in page
    assert "1 piece of evidence that the city keeps to itself" in page
    assert '<p class="t-measure" dir="auto" lang="lv">Vispirms veselība.</p>' in html
    assert '<a class="t-sections-nav__link" href="#findings">Findings</a>' in html
    assert '<a href="#area-health">' in html


def test_the_page_in_the_language_of_a_finding_marks_none(client, published):
    html = client.get(f"/lv{ADDRESS}").content.decode()

    assert '<p class="t-measure" dir="auto">Vispirms veselība.</p>' in html
    assert '<p class="t-measure" dir="auto">Jautāt klīnikām.</p>' in html
    assert '<p class="t-measure" dir="auto" lang="en">Schools do well.</p>' in html


def test_an_opinion_stands_beside_the_answer_and_the_score_of_the_city_stays(client, published):
    """By hand: eight areas at 60 make 60; with health at 20 it would be (7 x 60 + 20) / 8 = 55."""
    page = words(client.get(f"/en{ADDRESS}"))

    assert "60 points of 100" in page
    assert "With the experts' answers the score would be 55 points of 100 (the city's: 60)." in page
    assert "With the experts' answers the score would be 20 points of 100 (the city's: 60)." in page
    assert "Nuria gave an opinion on 2 answers." in page
    assert "Accepted as the city gave it: 1. Another answer held right: 1." in page
    assert "Opinion: Nuria (sure)" in page
    assert "Holds another answer right: 20" in page
    assert "The report says 20." in page
    assert published.publication.profile.overall["core"].points == 60


def test_print_says_what_the_page_says_of_experts(published, read_print):
    said = re.sub(r"\s", "", read_print(print_report(published, "en")))

    for sentence in (
        "Vispirms veselība.",
        f"Ask the clinics. {HOSTILE}",
        "Schools do well.",
        "Decision 7",
        "1 piece of evidence that the city keeps to itself",
        "With the experts' answers the score would be 55 points of 100 (the city's: 60).",
        f"The report says 20. {HOSTILE}",
    ):
        assert re.sub(r"\s", "", sentence) in said
    assert re.sub(r"\s", "", KEPT) not in said


def test_what_experts_wrote_cannot_act_as_markup(client, published):
    html = client.get(f"/en{ADDRESS}").content.decode()

    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; #panic() *bold* $x$ @label \\") == 2
    assert "<script" not in html


@pytest.mark.parametrize("file", ["", "findings.json", "profile.json", "answers.xlsx"])
def test_evidence_that_the_city_keeps_is_on_no_page_and_in_no_file(client, published, file):
    content = client.get(f"/en{ADDRESS}{file}").content
    if file == "answers.xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        content = repr([row for sheet in book for row in sheet.values]).encode()
        assert b"Decision 7" in content

    assert KEPT.encode() not in content


def test_the_file_is_what_was_frozen_to_the_byte_and_bears_the_hash_of_the_page(client, published):
    answer = client.get(f"/en{ADDRESS}findings.json")
    page = words(client.get(f"/en{ADDRESS}"))

    assert answer.content.decode() == published.publication.words_json
    assert answer.headers["Content-Type"] == "application/json"
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="riga-{SCORES}-2023-findings-en.json"'
    )
    assert f"SHA-256 of the findings and opinions: {hashlib.sha256(answer.content).hexdigest()}" in page
    assert [finding["kind"] for finding in json.loads(answer.content)["findings"]] == ["priority", "strength"]
    again = client.get(f"/en{ADDRESS}findings.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_changed_afterwards_changes_nothing_that_is_published(client, published):
    before = client.get(f"/en{ADDRESS}").content, client.get(f"/en{ADDRESS}findings.json").content
    published.findings.update(text=LocalText("en", {"en": "Other words."}))
    published.opinions.all().delete()

    assert (client.get(f"/en{ADDRESS}").content, client.get(f"/en{ADDRESS}findings.json").content) == before


def test_the_mark_of_files_changes_with_what_experts_say(published):
    before = file_hash(published, "en")
    published.publication.words_json = '{"findings":[],"opinions":[]}'

    assert file_hash(published, "en") != before


def test_a_review_of_which_experts_say_nothing_has_no_such_section_and_offers_no_such_file(client):
    make_review(make_city(), state=State.PUBLISHED)
    html = client.get(f"/en{ADDRESS}").content.decode()

    assert "#findings" not in html
    assert "findings.json" not in html
    assert "With the experts" not in html
    assert "SHA-256 of the findings" not in html
    assert client.get(f"/en{ADDRESS}findings.json").json() == {"findings": [], "opinions": []}


def test_the_page_names_who_validated_what_is_published(client, published):
    """Not who validates the review again, while that is put right."""
    Review.objects.filter(pk=published.pk).update(validated_by=make_person("piotr"))

    assert "Checked by Nuria on 4 March 2024." in words(client.get(f"/en{ADDRESS}"))


# Before it is published


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def test_the_city_reads_how_many_findings_and_opinions_become_public_and_whose(validated):
    page = words(as_("ilze").get(reverse("review:publish", args=[validated.pk])))
    public = page[: page.index("What stays with the city")]

    assert "2 findings of the experts, with what they rest on." in public
    assert (
        "2 opinions on your answers, with their reasons, under the names of those who gave them: Nuria."
        in public
    )


def test_a_review_without_opinions_promises_none():
    review = validate(make_review(make_city("riga"), state=State.SUBMITTED))
    page = words(as_("ilze").get(reverse("review:publish", args=[review.pk])))

    assert "0 findings of the experts" in page
    assert "opinion" not in page[page.index("What anybody can read") :]


def test_the_preview_is_the_report_that_is_published_then():
    """With an earlier review, and a class of five."""
    for n in range(5):
        make_review(make_city(f"other-{n}"), make_sheet(10 * n))
    riga = make_city("riga")
    make_review(riga, make_sheet(50, year=2020), state=State.PUBLISHED)
    review = make_review(riga, make_sheet(60), state=State.SUBMITTED)
    appoint(review)
    judge(review, other=Answer(value=20.0), reason="Seen.")
    make_finding(review, "Too little.", areas=["health"])
    show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    review = validate(review)

    before = {language: preview_report(review, language) for language in ("en", "lv")}
    publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)
    review = Review.objects.get(pk=review.pk)

    assert before["en"].findings is not None
    assert before["en"].moved is not None
    assert "The class: 5 cities" in before["en"].areas.chart.sentence
    assert before == {language: build_report(review, language) for language in ("en", "lv")}


def test_the_city_reads_the_report_as_anybody_will_and_nothing_of_it_is_public(validated):
    preview = reverse("review:publish-preview", args=[validated.pk])
    ilze = as_("ilze")
    assert f'href="{preview}"' in ilze.get(reverse("review:publish", args=[validated.pk])).content.decode()
    response = ilze.get(preview)
    page = words(response)

    assert "Nobody but your city sees this page." in page
    assert "The answers are invented" in page
    assert "Schools do well." in page
    assert "Holds another answer right: 20" in page
    assert KEPT not in page
    assert "no-store" in response.headers["Cache-Control"]
    assert Client().get(validated.get_absolute_url()).status_code == 404
    assert Review.objects.get(pk=validated.pk).state == State.VALIDATED


@pytest.mark.parametrize("who", ["nuria", "mihai", "chiara", "andris"])
def test_nobody_else_reads_the_preview(validated, who):
    make_officer("chiara", make_city("ravenna", country="IT"))

    assert as_(who).get(reverse("review:publish-preview", args=[validated.pk])).status_code == 404


@pytest.mark.parametrize("state", [State.FILLING, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_there_is_no_preview_before_an_expert_has_validated_the_review(state):
    review = make_review(make_city("riga"), state=state)
    answer = as_("ilze").get(reverse("review:publish-preview", args=[review.pk]))

    assert (answer.status_code, answer["Location"]) == (302, reverse("review:publish", args=[review.pk]))


def test_once_it_is_published_the_preview_leads_to_what_is(published):
    answer = as_("ilze").get(reverse("review:publish-preview", args=[published.pk]), follow=True)

    assert "It is published" in words(answer)


def test_the_page_of_a_review_needs_no_more_questions_to_the_database_for_more_findings(
    client, published, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        client.get(f"/en{ADDRESS}")
