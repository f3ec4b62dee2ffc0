"""From a finding to what people said about it, and back: one page for each city."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.dialogue.finished import hold_evening
from tests.apps.dialogue.staff import browser_of, give_to, make_running
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    CORRECTED_AT,
    add_quotation,
    appoint,
    make_city,
    make_finding,
    make_review,
    publish,
    validate,
)
from tests.dialogues import TODAY, words
from tests.people import EVERYBODY, make_person
from tests.reports.landscape.evening import camps

from tessera.apps.dialogue.lifecycle import State as Stage
from tessera.apps.dialogue.models import (
    BriefItem,
    ConsentText,
    Consultation,
    Disposition,
    Excerpt,
    Note,
    Outcome,
    Session,
    SessionKind,
    Statement,
    Theme,
    ThemeBasis,
)
from tessera.apps.review.actions.correcting import begin_correction
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Finding, Review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


@pytest.fixture
def review():
    """Of Riga, validated, with a finding on an answer and on evidence of which one piece is kept."""
    review = make_review(make_city("riga"), state=State.FILLING)
    shown = add_quotation(review, "A public report", is_public=True)
    kept = add_quotation(review, "A kept letter", is_public=False)
    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    nuria = appoint(review)
    make_finding(review, "Health lags behind.", questions=["health-score"], evidence=[shown, kept])
    show_draft(expert=nuria, review=review, message="", at=CHECKED_AT)
    validated = validate(review)
    for who in EVERYBODY:
        make_person(who)
    return validated


def plain(answer):
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def public_page(city):
    return plain(Client().get(reverse("web:thread", args=[city.slug])))


def whole_page(who, city):
    return plain(browser_of(who).get(reverse("web:whole-thread", args=[city.slug])))


def say_in_room(consultation, text, *, finding=None, quote=None):
    ilze = make_person("ilze")
    consent, _ = ConsentText.objects.get_or_create(
        consultation=consultation,
        version=1,
        defaults={"text": words("We write down what you say."), "written_by": ilze, "written_on": TODAY},
    )
    held, _ = Session.objects.get_or_create(
        consultation=consultation,
        kind=SessionKind.FOCUS_GROUP,
        title=words("Parents"),
        held_on=TODAY,
        place="Library",
        languages=["en"],
        led_by=ilze,
        consent=consent,
        consent_language="en",
    )
    note = Note.objects.create(held_in=held, text=text, language="en", written_by=ilze)
    return Excerpt.objects.create(
        note=note,
        starts=0,
        ends=len(text),
        marked_by=ilze,
        finding=finding,
        quote=words(quote) if quote else None,
        cleared_by=ilze if quote else None,
    )


def sum_up(consultation, title, **bases):
    theme = Theme.objects.create(
        consultation=consultation,
        title=words(title),
        summary=words(f"What was said: {title}"),
        written_by=make_person("ilze"),
    )
    for name, things in bases.items():
        for thing in things:
            ThemeBasis.objects.create(theme=theme, **{name: thing})
    return theme


def settle(theme, reason="There is money for it."):
    return Disposition.objects.create(
        consultation=theme.consultation,
        theme=theme,
        outcome=Outcome.ADOPTED,
        reason=words(reason),
        decided_by=make_person("ilze"),
        decided_on=TODAY,
    )


def bring_to(stage, consultation):
    """As if its themes, or its answers, were made public today."""
    dates = {"synthesised_on": TODAY, "closed_on": TODAY}
    if stage is Stage.ANSWERED:
        dates["answered_on"] = TODAY
    Consultation.objects.filter(pk=consultation.pk).update(state=stage, **dates)


# What a finding rests on


def test_a_published_finding_stands_with_the_answer_and_the_public_evidence_it_rests_on(review):
    publish(review)
    page = public_page(review.city)
    assert "Health lags behind." in page
    assert re.search(r"[Hh]ealth.* 60", page)
    assert "A public report" in page
    assert "A kept letter" not in page
    assert "1 piece of evidence that the city keeps to itself" in page
    assert "A kept letter" in whole_page("ilze", review.city)


def test_before_it_is_published_only_those_who_may_see_findings_do(review):
    """Nuria checked it, Ilze acts for the city, Mihai coordinates its network."""
    sees = {who for who in EVERYBODY if "Health lags behind." in whole_page(who, review.city)}
    assert sees == {"ilze", "nuria", "mihai"}
    assert "Health lags behind." not in public_page(review.city)
    publish(review)
    assert {who for who in EVERYBODY if "Health lags behind." in whole_page(who, review.city)} == {*EVERYBODY}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.FILLING, set()),
        (State.SUBMITTED, set()),
        (State.IN_REVIEW, {"nuria"}),
        (State.RETURNED, {"nuria"}),
    ],
)
def test_until_it_is_validated_only_the_expert_who_checks_it_sees_them(state, expected):
    review = make_review(make_city("riga"), state=state)
    make_finding(review, "Health lags behind.", questions=["health-score"])
    for who in EVERYBODY:
        make_person(who)
    sees = {who for who in EVERYBODY if "Health lags behind." in whole_page(who, review.city)}
    assert sees == expected
    assert "Health lags behind." not in public_page(review.city)


def test_a_facilitator_sees_what_a_consultation_can_be_about_and_not_the_answers(review):
    give_to("piotr", make_running(review.city))
    page = whole_page("piotr", review.city)
    assert "Health lags behind." in page
    assert "The answers are not published, and not shown to you." in page
    assert "A public report" not in page


def test_what_is_changed_in_a_correction_is_read_once_that_is_published(review):
    publish(review)
    begin_correction(
        person=make_person("ilze"),
        review=review,
        reason="A wrong figure.",
        questions=["health-score"],
        at=CORRECTED_AT,
    )
    assert "Health lags behind." in public_page(review.city)
    Finding.objects.update(text=words("Health does well."))
    page = public_page(review.city)
    assert "Health does well." not in page
    assert "Health lags behind." not in page


# What people said about it


def test_loose_ends_stand_on_top_until_they_are_tied(review):
    publish(review)
    [finding] = Finding.objects.all()
    running = make_running(review.city)
    bring_to(Stage.SYNTHESISED, running)
    theme = sum_up(running, "Doctors")

    def loose():
        top = Client().get(reverse("web:thread", args=[review.city.slug])).content.decode()
        return re.findall(r'href="#([a-z]+-\d+)"', top.partition("</section>")[0])

    assert loose() == [f"finding-{finding.pk}", f"theme-{theme.pk}"]
    BriefItem.objects.create(consultation=running, finding=finding)
    assert loose() == [f"theme-{theme.pk}"]
    ThemeBasis.objects.create(theme=theme, finding=finding)
    assert loose() == []


def test_a_consultation_that_is_only_prepared_discusses_nothing(review):
    publish(review)
    draft = make_running(review.city, state=Stage.DRAFT)
    BriefItem.objects.create(consultation=draft, finding=Finding.objects.get())
    assert "Arriving in the city" not in public_page(review.city)
    for page in (public_page(review.city), whole_page("ilze", review.city)):
        assert "not discussed yet" in page
    assert "Arriving in the city" in whole_page("ilze", review.city)


def test_a_statement_stands_with_how_many_agree_once_that_is_final(review):
    """In the camps of `hold_evening`, 20 of 32 people agree with the first statement."""
    publish(review)
    consultation = hold_evening(city=review.city)
    first = consultation.statements.order_by("pk").first()
    agree = first.votes.filter(value=1).count()
    answered = first.votes.count()
    Statement.objects.filter(pk=first.pk).update(finding=Finding.objects.get())
    page = public_page(review.city)
    assert "Words of statement 0" in page
    assert "Words of statement 1" not in page
    assert f"{agree} of {answered} who answered" in page


def test_a_share_of_fewer_than_ten_votes_is_not_shown(review):
    """As in the results; ten votes are enough."""
    publish(review)
    nine_and_ten = [
        [1 if place < 9 else None, 1 if place < 10 else None, *row[2:]] for place, row in enumerate(camps())
    ]
    consultation = hold_evening(nine_and_ten, city=review.city)
    pair = consultation.statements.order_by("pk")[:2]
    Statement.objects.filter(pk__in=[each.pk for each in pair]).update(finding=Finding.objects.get())
    page = public_page(review.city)
    assert "Words of statement 0" in page
    assert "9 of 9" not in page
    assert "100% agree: 10 of 10 who answered." in page


def test_what_is_hidden_is_on_no_thread_and_a_duplicate_on_that_of_those_who_keep_it(review):
    publish(review)
    running = make_running(review.city)
    finding = Finding.objects.get()
    kept, other = running.statements.order_by("pk")[:2]
    Statement.objects.filter(pk__in=[kept.pk, other.pk]).update(finding=finding)
    Statement.objects.filter(pk=other.pk).update(state="hidden", hiding_reason="repeated", merged_into=kept)
    assert kept.text in public_page(review.city)
    for page in (public_page(review.city), whole_page("mihai", review.city)):
        assert other.text not in page
    assert other.text in whole_page("ilze", review.city)


def test_what_was_said_in_the_room_is_read_by_its_team_and_the_expert_and_quoted_with_the_themes(review):
    publish(review)
    running = make_running(review.city)
    Consultation.objects.filter(pk=running.pk).update(review=review)
    give_to("piotr", running)
    finding = Finding.objects.get()
    say_in_room(running, "My doctor has no time for me.", finding=finding)
    say_in_room(running, "I waited for Anna for a year.", finding=finding, quote="I waited for a year.")
    team = {
        who
        for who in EVERYBODY
        if "My doctor has no time" in whole_page(who, review.city)
        and "I waited for Anna" in whole_page(who, review.city)
    }
    assert team == {"ilze", "piotr", "nuria"}
    for page in (public_page(review.city), whole_page("mihai", review.city)):
        assert "My doctor" not in page
        assert "Anna" not in page
        assert "I waited for a year." not in page
        assert "2 passages of what was said at sessions" in page
    bring_to(Stage.SYNTHESISED, running)
    for page in (public_page(review.city), whole_page("mihai", review.city)):
        assert "I waited for a year." in page
        assert "1 passage of what was said at sessions" in page


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.SYNTHESISED, Stage.ANSWERED])
def test_themes_are_read_by_all_once_they_are_public_and_what_became_of_them_once_answered(review, stage):
    publish(review)
    consultation = make_running(review.city, state=Stage.CLOSED)
    settle(sum_up(consultation, "Doctors", finding=[Finding.objects.get()]))
    if stage is not Stage.CLOSED:
        bring_to(stage, consultation)
    inside = {"ilze", "mihai"}
    sees = {who for who in EVERYBODY if "Doctors" in whole_page(who, review.city)}
    knows = {who for who in EVERYBODY if "There is money" in whole_page(who, review.city)}
    page = public_page(review.city)
    assert sees == (inside if stage is Stage.CLOSED else {*EVERYBODY})
    assert knows == ({*EVERYBODY} if stage is Stage.ANSWERED else inside)
    assert ("Doctors" in page, "There is money" in page) == (
        stage is not Stage.CLOSED,
        stage is Stage.ANSWERED,
    )


@pytest.mark.parametrize("who", ["ilze", "mihai", "nuria"])
def test_whoever_sees_a_consultation_before_its_themes_are_public_goes_on_from_it(review, who):
    publish(review)
    consultation = make_running(review.city, state=Stage.CLOSED)
    Consultation.objects.filter(pk=consultation.pk).update(review=review)
    sum_up(consultation, "Doctors", finding=[Finding.objects.get()])
    browser = browser_of(who)
    page = browser.get(reverse("web:whole-thread", args=[review.city.slug])).content.decode()
    links = set(re.findall(r'href="(/en/desk/consultations/[^"#]*)"', page))
    assert links
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_theme_on_a_finding_that_the_reader_does_not_see_is_no_loose_end(review):
    consultation = make_running(review.city)
    bring_to(Stage.SYNTHESISED, consultation)
    sum_up(consultation, "Doctors", finding=[Finding.objects.get()])
    page = public_page(review.city)
    assert "Health lags behind." not in page
    assert "1 that is not published" in page
    assert "Themes that rest on no finding None." in page


def test_the_thread_of_a_city_without_anything_says_what_would_come(client):
    make_city("riga")
    assert "Nothing to follow yet" in public_page(make_city("ravenna"))
    assert client.get(reverse("web:thread", args=["nowhere"])).status_code == 404


def test_who_is_not_signed_in_has_the_public_page_alone(review):
    answer = Client().get(reverse("web:whole-thread", args=[review.city.slug]))
    assert answer.status_code == 302
    answer = Client().get(reverse("web:thread", args=[review.city.slug]))
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_it_asks_as_often_for_many_as_for_few(review):
    publish(review)
    finding = Finding.objects.get()

    def discuss(slug):
        consultation = make_running(review.city, slug=slug)
        Consultation.objects.filter(pk=consultation.pk).update(review=review)
        bring_to(Stage.ANSWERED, consultation)
        said = consultation.statements.first()
        Statement.objects.filter(pk=said.pk).update(finding=finding)
        excerpt = say_in_room(consultation, "It takes long.", finding=finding, quote="It takes long.")
        settle(sum_up(consultation, slug, finding=[finding], statement=[said], excerpt=[excerpt]))
        BriefItem.objects.create(consultation=consultation, finding=finding)

    def count(browser, name):
        with CaptureQueriesContext(connection) as asked:
            page = plain(browser.get(reverse(f"web:{name}", args=[review.city.slug])))
        assert "It takes long." in page
        return len(asked)

    discuss("one")
    ilze = browser_of("ilze")
    count(ilze, "whole-thread")
    few = count(Client(), "thread"), count(ilze, "whole-thread")
    for slug in ("two", "three"):
        discuss(slug)
    many = count(Client(), "thread"), count(ilze, "whole-thread")
    assert many == few
    assert many[0] <= 16
    assert many[1] <= 28
