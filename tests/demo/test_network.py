"""The demonstration as it is built: real facts with sources, and everything else said to be invented."""

import re
from datetime import date

import pytest
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import City, CityFact, SizeClass, Topic
from tessera.apps.review.access import areas_asked
from tessera.apps.review.lifecycle import QueryState, State
from tessera.apps.review.models import Publication, Review
from tessera.apps.review.progress import AreaState as AreaProgressState
from tessera.apps.review.progress import progress_of
from tessera.frameworks.profile import AreaState, QuestionState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]

MEMBERS = ["cartagena", "cluj-napoca", "dietzenbach", "linkoping", "lublin", "ravenna", "riga"]


def publications(year=2023):
    return Publication.objects.filter(review__year=year).select_related("review__city")


def test_seven_cities_are_members_one_left_before_and_24_are_invented():
    members = City.objects.filter(memberships__until=date(2022, 6, 30)).order_by("slug")
    left = City.objects.get(memberships__left_before=date(2020, 1, 1))

    assert [city.slug for city in members] == MEMBERS
    assert (left.slug, left.reviews.count()) == ("alimos", 0)
    assert City.objects.filter(invented=True).count() == 24


def test_every_city_has_a_review_of_each_cycle_and_the_last_one_stands():
    assert Review.objects.filter(year=2020, version=1, state=State.SUPERSEDED).count() == 31
    past = Review.objects.filter(year=2023, version=2)
    assert past.filter(state=State.PUBLISHED).count() == 30
    assert past.get(state=State.SUPERSEDED).city.slug == "quintaria"
    assert Review.objects.filter(cycle=None).count() == 62


def test_a_cycle_runs_in_which_riga_fills_ravenna_is_checked_and_lublin_is_asked():
    running = {review.city.slug: review for review in Review.objects.exclude(cycle=None)}

    assert {slug: review.state for slug, review in running.items()} == {
        "riga": State.FILLING,
        "ravenna": State.IN_REVIEW,
        "lublin": State.RETURNED,
        "cartagena": State.FILLING,
        "korvanta": State.FILLING,
        "gorlanow": State.VALIDATED,
        "quintaria": State.PUBLISHED,
    }
    progress = progress_of(running["riga"])
    assert {AreaProgressState.UNTOUCHED, AreaProgressState.STARTED, AreaProgressState.DONE} <= {
        area.state for area in progress.areas
    }
    assert progress.area("welcoming").assignment.person.name == "Andris"
    assert progress.area("cultural-and-social-life").assignment.is_by_link
    assert running["riga"].due_on > timezone.localdate() > running["cartagena"].due_on


def test_nuria_has_begun_to_check_ravenna_and_returned_lublin_with_two_queries():
    ravenna, lublin = (
        Review.objects.exclude(cycle=None).get(city__slug=slug) for slug in ("ravenna", "lublin")
    )

    for review in (ravenna, lublin):
        assert [each.expert.name for each in review.appointments.accepted()] == ["Nuria"]
        assert 0 < review.verifications.count() < len(areas_asked(review))
    assert ravenna.opinions.filter(accepts=True).count() > 10
    assert ravenna.opinions.filter(accepts=False).count() == 2
    assert [query.state for query in ravenna.queries.all()] == [QueryState.OPEN]
    assert sorted(query.state for query in lublin.queries.all()) == [
        QueryState.ANSWERED,
        QueryState.OPEN,
        QueryState.OPEN,
    ]
    asked = {query.question for query in (*ravenna.queries.all(), *lublin.queries.all())}
    assert asked <= set(lublin.answers.values_list("question", flat=True))
    for review in (ravenna, lublin):
        assert all(query.asked_at > review.submitted_at for query in review.queries.all())


def test_every_answer_is_marked_as_invented():
    assert not Review.objects.filter(invented=False).exists()
    assert all(publication.profile.invented for publication in Publication.objects.all())


def test_the_real_figures_are_those_that_were_published():
    """As read in the sources named beside them; nothing else is known."""
    facts = CityFact.objects.filter(city__invented=False, figure__isnull=False)

    assert {(fact.city.slug, fact.topic, float(fact.figure), fact.year) for fact in facts} == {
        ("cartagena", "population", 218_528, 2014),
        ("cartagena", "diversity", 13.4, 2014),
        ("cartagena", "published-index", 67, 2022),
        ("cartagena", "published-index", 100, 2022),
        ("dietzenbach", "population", 35_000, None),
        ("dietzenbach", "diversity", 115, None),
        ("linkoping", "published-index", 53, None),
        ("lublin", "population", 340_000, None),
        ("lublin", "diversity", 1_085, None),
        ("lublin", "diversity", 11.6, 2020),
    }


def test_every_fact_about_a_real_city_names_its_source_and_is_there_in_both_languages():
    facts = CityFact.objects.filter(city__invented=False)

    assert facts.count() == 29
    for fact in facts:
        assert fact.source_name
        assert fact.source_url.startswith("http") or fact.source_name == "Founding documents of the project"
        assert fact.text is None or {"en", "lv"} <= fact.text.texts.keys()


def test_ilze_published_for_riga_chiara_for_ravenna_and_nuria_checked_everything():
    publisher = {
        publication.review.city.slug: publication.published_by.name for publication in publications()
    }

    assert (publisher["riga"], publisher["ravenna"]) == ("Ilze", "Chiara")
    assert set(Review.objects.filter(cycle=None).values_list("validated_by__name", flat=True)) == {"Nuria"}
    assert all(email.endswith("@example.org") for email in Person.objects.values_list("email", flat=True))


@pytest.mark.parametrize("year", [2020, 2023])
@pytest.mark.parametrize("size", SizeClass)
def test_every_class_is_large_enough_to_show_a_range(year, size):
    compared = [
        publication
        for publication in publications(year)
        if publication.size_class == size and publication.review.pathway == "full"
    ]

    assert len(compared) >= 6
    for publication in compared:
        assert publication.profile.comparison.overall["core"].n >= 5


def test_a_city_of_unknown_size_is_compared_with_all_others_that_answered_the_same():
    riga = publications().get(review__city__slug="riga")

    assert riga.review.city.size is None
    assert riga.profile.comparison.cities == 29


def test_the_short_questionnaire_few_answers_and_what_does_not_apply_are_there_to_be_seen():
    profiles = {publication.review.city.slug: publication.profile for publication in publications()}
    states = {question.state for area in profiles["riga"].areas for question in area.questions}

    assert profiles["rosenfurt"].pathway == "core"
    assert profiles["rosenfurt"].comparison is None
    for slug in ("falkenmoor", "palverde"):
        assert profiles[slug].overall["core"].points is None
        assert AreaState.NOT_ENOUGH in {area.state for area in profiles[slug].areas}
    assert states == set(QuestionState)


def test_answers_that_a_rule_hides_are_kept_without_counting():
    """And without being published."""
    kept = [
        (publication, question)
        for publication in publications()
        for area in publication.profile.areas
        for question in area.questions
        if question.state is QuestionState.HIDDEN
        and publication.review.answers.filter(question=question.key).exists()
    ]

    assert kept
    assert all((question.value, question.points) == (None, None) for _, question in kept)
    assert not any(question.key in publication.sheet.answers for publication, question in kept)


def test_most_cities_moved_up_and_not_all():
    moved = [publication.profile.movement.overall["core"] for publication in publications()]
    known = [difference for difference in moved if difference is not None]

    assert len(known) == 29
    assert 0 < sum(difference <= 0 for difference in known) < 6


def test_some_notes_are_public_and_some_are_not():
    riga = publications().get(review__city__slug="riga")

    noted = riga.review.answers.exclude(note="")
    assert noted.filter(is_note_public=True).exists()
    assert noted.filter(is_note_public=False).exists()


@pytest.mark.parametrize("language", ["en", "lv"])
@pytest.mark.parametrize(
    "address",
    [
        "/cities/riga/",
        "/cities/zelmarin/",
        "/cities/riga/reviews/intercultural-review/2020/",
        "/cities/falkenmoor/reviews/intercultural-review/2023/",
        "/cities/rosenfurt/reviews/intercultural-review/2023/",
        "/areas/intercultural-review/2023/education/",
        "/areas/intercultural-review/2020/participation/",
    ],
)
def test_every_page_with_answers_says_that_they_are_invented(client, language, address):
    page = client.get(f"/{language}{address}").content.decode()
    main = page[page.index("<main") :]

    assert re.search({"en": "invented", "lv": "izdomāt"}[language], main)
    assert 'data-kind="invented"' in main


def test_published_figures_stand_on_the_page_of_the_city_apart_from_our_scores(client):
    page = client.get("/en/cities/cartagena/").content.decode()
    ours, theirs = page.split('id="published-index"')

    assert "67 points of 100" not in ours
    assert "67 points of 100 in the review made for the project (2022)" in theirs
    assert "cannot be compared" in theirs


def test_topics_without_a_source_are_not_known(client):
    riga = City.objects.get(slug="riga")

    assert not riga.facts.filter(topic=Topic.POPULATION).exists()
    assert "not known" in client.get("/en/cities/riga/").content.decode()
