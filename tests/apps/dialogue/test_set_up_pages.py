"""The pages on which an officer prepares a consultation: nothing typed is lost, nothing missing unnamed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.apps.dialogue.staff import browser_of, days, give_to, make_running, page_of, today
from tests.builders import CHECKED_AT, conclude, make_city, make_review, make_sheet, validate
from tests.people import make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Rule
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.lifecycle import State as ReviewState

pytestmark = pytest.mark.django_db


@pytest.fixture
def riga():
    city = make_city("riga")
    make_officer("ilze", city)
    Person.objects.update(language="en")
    return city


def new_url(**chosen):
    return reverse("dialogue:new", args=["riga"], query=chosen or None)


def change_url(consultation, **chosen):
    return reverse("dialogue:change", args=[consultation.pk], query=chosen or None)


def written_on(day):
    return day.isoformat()


def make_review_with_finding(city, officer):
    """A validated one, of which the city saw the finding before."""
    review = make_review(city, state=ReviewState.IN_REVIEW, officer=officer)
    conclude(review, "Schools do well.")
    show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    review = validate(review)
    Person.objects.update(language="en")
    return review


def form_of(**said):
    """What a whole form in English holds, with one phase that began today."""
    return {
        "title-en": "Arriving in Riga",
        "asked_by-en": "The city asks.",
        "what_follows-en": "The city answers.",
        "contact-en": "Room 12.",
        "slug": "",
        "rule_1": "say-and-vote",
        "starts_1": written_on(today()),
        "ends_1": written_on(today() + timedelta(days=20)),
        "rule_2": "say-and-vote",
        "rule_3": "say-and-vote",
        "has_open_link": "yes",
        "kept_days": "365",
    } | {name.replace("__", "-"): value for name, value in said.items()}


def send(address, **said):
    return browser_of("ilze").post(address, form_of(**said))


# The languages first


def test_the_first_page_asks_for_the_languages(riga):
    page = page_of("ilze", new_url())
    assert 'name="first"' in page
    assert 'value="ar"' in page
    assert "Ukrainian" in page
    # There is no review whose findings stand.
    assert "Which review is it about?" not in page


def test_the_second_page_has_a_place_for_each_language_in_its_own_direction(riga):
    page = page_of("ilze", new_url(first="lv", others=["ar", "lv"]))
    assert "First language: Latvian" in page
    assert "Arabic: nothing written yet" in page
    assert 'name="title-ar"' in page
    assert 'lang="ar" dir="rtl"' in page
    assert 'name="title-en"' not in page


def test_an_unknown_language_is_asked_for_again(riga):
    answer = browser_of("ilze").get(new_url(first="tlh"))
    assert answer.status_code == 400
    assert b'name="first"' in answer.content


# Preparing


def test_a_consultation_is_prepared_and_nobody_else_sees_it(riga):
    answer = send(
        new_url(first="en", others=["ar", "lv"]),
        title__lv="Ierašanās Rīgā",
        starts_2=written_on(today() + timedelta(days=21)),
        ends_2=written_on(today() + timedelta(days=30)),
        rule_2="vote",
        has_open_link="no",
        kept_days="90",
    )

    kept = Consultation.objects.get()
    assert answer["Location"] == kept.get_absolute_url()
    assert (kept.slug, kept.state, kept.city, kept.prepared_by.name) == (
        "arriving-in-riga",
        State.DRAFT,
        riga,
        "Ilze",
    )
    # In the order of the languages everywhere on the site.
    assert kept.languages == ["en", "lv", "ar"]
    assert kept.title == LocalText("en", {"en": "Arriving in Riga", "lv": "Ierašanās Rīgā"})
    assert kept.contact == LocalText("en", {"en": "Room 12."})
    assert [(phase.rule, phase.starts_on, phase.ends_on) for phase in kept.all_phases] == [
        (Rule.SAY_AND_VOTE, today(), today() + timedelta(days=20)),
        (Rule.VOTE, today() + timedelta(days=21), today() + timedelta(days=30)),
    ]
    assert (kept.has_open_link, kept.kept_days) == (False, 90)
    assert browser_of("visitor").get(kept.take_part_url).status_code == 404


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Dzīve Rīgā", "dzive-riga"),
        ("Прибуття", "riga"),
        ("What newcomers need in their first year in the city", "what-newcomers-need-in-their-first-year"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_address_is_made_from_the_title(riga, title, address):
    send(new_url(first="en"), title__en=title)
    assert Consultation.objects.get().slug == address


def test_a_second_consultation_of_the_same_title_gets_another_address(riga):
    for _ in range(3):
        send(new_url(first="en"))
    slugs = set(Consultation.objects.values_list("slug", flat=True))
    assert slugs == {"arriving-in-riga", "arriving-in-riga-2", "arriving-in-riga-3"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title__en": ""}, "“Title” is empty. Fill it in."),
        ({"slug": "taken"}, "Another consultation has this address. Choose a different one."),
        ({"slug": "Not so"}, "Small letters, digits and hyphens only."),
        ({"starts_1": "soon"}, "This is no day."),
        ({"ends_1": ""}, "Give the last day of this phase, too."),
        ({"starts_1": ""}, "Give the first day of this phase, too."),
        ({"ends_1": "2020-01-01"}, "The last day is before the first."),
        ({"kept_days": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"kept_days": "99999999999999999999"}, "Ensure this value is less than or equal to 1095."),
        ({"rule_1": "shout"}, "Select a valid choice."),
        ({"title__en": "x" * 121}, "Ensure this value has at most 120 characters"),
        ({"contact__en": "x" * 1003}, "“Help and contact” is 3 characters too long."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(riga, said, words):
    make_running(riga, slug="taken", state=State.DRAFT)
    address = new_url(first="en", others=["lv"])
    answer = send(address, **{"what_follows__lv": "Pilsēta atbildēs.", **said})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count(words) >= 2
    assert "There is a problem" in page
    assert "Pilsēta atbildēs." in page
    # What is sent again goes to the page with the same languages.
    assert f'action="{address.replace("&", "&amp;")}"' in page
    assert Consultation.objects.count() == 1


def test_two_phases_on_one_day_are_refused_at_the_later(riga):
    answer = send(
        new_url(first="en"),
        starts_2=written_on(today() + timedelta(days=20)),
        ends_2=written_on(today() + timedelta(days=25)),
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_starts_2">Another phase still runs on this day.' in page
    assert not Consultation.objects.exists()


def test_a_consultation_takes_up_findings_and_areas_of_a_review(riga):
    review = make_review_with_finding(riga, "ilze")
    finding = review.findings.get()
    assert f"{review.title}, {review.year}" in page_of("ilze", new_url())

    other = make_review(riga, make_sheet(year=review.year - 1))
    Person.objects.update(language="en")
    assert "Schools do well." not in page_of("ilze", new_url(first="en", review=other.pk))

    address = new_url(first="en", review=review.pk)
    assert "Schools do well." in page_of("ilze", address)
    send(address, findings=[finding.pk], areas=["health"])

    kept = Consultation.objects.get()
    assert kept.review == review
    assert [(item.finding, item.area) for item in kept.brief.all()] == [(finding, ""), (None, "health")]
    page = page_of("ilze", kept.get_absolute_url())
    assert "Schools do well." in page
    assert review.area_title("health") in page


def test_findings_of_another_city_are_not_offered(riga):
    review = make_review_with_finding(make_city("ravenna"), "chiara")
    answer = browser_of("ilze").get(new_url(first="en", review=review.pk))
    assert "Schools do well." not in answer.content.decode()


# Changing


def test_a_facilitator_changes_texts_and_days(riga):
    kept = make_running(riga, languages=("en", "lv"))
    give_to("piotr", kept)
    page = page_of("piotr", change_url(kept))
    assert "Arriving in the city (lv)" in page
    assert "Latvian: all there" in page
    assert 'name="slug"' not in page

    said = form_of(title__en="Arriving well", title__lv="Ierasties labi")
    said |= {f"{name}-lv": "Latviski." for name in ("asked_by", "what_follows", "contact")}
    assert browser_of("piotr").post(change_url(kept), said)["Location"] == kept.get_absolute_url()

    changed = Consultation.objects.get()
    assert changed.title == LocalText("en", {"en": "Arriving well", "lv": "Ierasties labi"})
    assert (changed.last_day, changed.slug) == (today() + timedelta(days=20), "arriving")


def test_a_language_that_is_taken_out_keeps_its_texts(riga):
    kept = make_running(riga, languages=("en", "lv"))
    send(change_url(kept, first="en"))
    changed = Consultation.objects.get()
    assert changed.languages == ["en"]
    assert changed.title.texts == {"en": "Arriving in Riga", "lv": "Arriving in the city (lv)"}


def test_the_languages_are_chosen_again_after_saving(riga):
    kept = make_running(riga, state=State.DRAFT)
    answer = send(change_url(kept), title__en="Typed before", choose="1")
    assert Consultation.objects.get().title.texts["en"] == "Typed before"
    page = page_of("ilze", answer["Location"])
    assert 'name="others"' in page


def test_what_is_open_needs_every_text_and_days_to_come(riga):
    kept = make_running(riga)
    answer = send(change_url(kept, first="en", others=["lv"]))
    assert answer.status_code == 400
    assert "every text has to be there in every language" in answer.content.decode()
    answer = send(change_url(kept), starts_1="", ends_1="")
    assert answer.status_code == 400
    assert "needs days to come" in answer.content.decode()
    kept = Consultation.objects.get()
    assert (kept.languages, kept.last_day) == (["en"], today() + timedelta(days=7))


def test_what_is_closed_is_not_changed(riga):
    kept = make_running(riga, state=State.CLOSED)
    answer = browser_of("ilze").post(change_url(kept), form_of(), follow=True)
    assert "It is closed, and stays as people found it." in answer.content.decode()
    assert Consultation.objects.get().title.texts["en"] == "Arriving in the city (en)"


def test_three_phases_are_kept_and_shown_again(riga):
    kept = make_running(
        riga, state=State.DRAFT, phases=[days(0, 3, Rule.SAY), days(4, 8), days(9, 12, Rule.VOTE)]
    )
    page = page_of("ilze", change_url(kept))
    for number, first in ((1, 0), (2, 4), (3, 9)):
        assert f'name="starts_{number}" value="{written_on(today() + timedelta(days=first))}"' in page
