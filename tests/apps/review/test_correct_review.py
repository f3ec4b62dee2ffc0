"""What is published is put right by a further publication, which goes through the review once more."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.builders import (
    CHECKED_AT,
    CORRECTED_AT,
    SCORES,
    answer,
    appoint,
    correct,
    make_city,
    make_finding,
    make_review,
    make_sheet,
    open_area,
    publish,
    validate,
)
from tests.people import give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import areas_asked, public_reviews, questions_open
from tessera.apps.review.access.checking import drafts_to_reply_to
from tessera.apps.review.actions.checking import (
    ask,
    give_opinion,
    obstacles_to,
    reply,
    return_review,
    send_back,
)
from tessera.apps.review.actions.correcting import (
    CannotCorrect,
    CannotGiveUp,
    begin_correction,
    give_up_correction,
)
from tessera.apps.review.actions.evidence import add_evidence, drop_evidence
from tessera.apps.review.actions.experts import appoint_expert, release_expert
from tessera.apps.review.actions.findings import drop_finding, reply_to_draft, show_draft, write_finding
from tessera.apps.review.actions.publishing import WrongNote
from tessera.apps.review.actions.submission import can_be_taken_back, withdraw_submission
from tessera.apps.review.findings import Bases
from tessera.apps.review.last_answers import previous_review
from tessera.apps.review.lifecycle import QueryState, State
from tessera.apps.review.models import Correction, EvidenceKind, FindingKind, Publication, Review, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

REASON = "The year was wrong."
NOTE = "Health: 100 instead of 60."


@pytest.fixture
def review():
    """Riga's, of 60 points in every area, published; Nuria checked it."""
    review = validate(make_review(make_city("riga"), state=State.IN_REVIEW))
    publish(review)
    OutgoingMail.objects.all().delete()
    return now(review)


def now(review):
    return Review.objects.get(pk=review.pk)


def change(review, question="health-score", value=100.0):
    kept = review.answers.get(question=question)
    person = make_person("ilze")
    answer(review, question, Answer(value=value), person=person, revision=kept.revision, at=CORRECTED_AT)


def give_up(review):
    give_up_correction(person=make_person("ilze"), review=review, at=CORRECTED_AT)


def publish_corrected(review, note=NOTE):
    """The health score becomes 100: the mean of eight areas goes from 60 to 65."""
    corrected = correct(review)
    change(corrected)
    send_back(person=make_person("ilze"), review=corrected, at=CORRECTED_AT)
    return publish(validate(corrected), note=note, at=CORRECTED_AT)


def address(review, name, *more):
    return reverse(f"review:{name}", args=[review.pk, *more])


def public(review, name="review", *more):
    return reverse(f"review:{name}", args=[review.city.slug, SCORES, review.year, *more])


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def page_of(who, url):
    browser = Client() if who == "visitor" else as_(who)
    return " ".join(browser.get(url).content.decode().split())


# Beginning


def test_the_answers_that_were_named_are_open_and_no_others(review):
    corrected = correct(review, "health-score", "education-score")

    assert questions_open(corrected) == {"health-score", "education-score"}
    assert (corrected.state, corrected.validated_by, corrected.validated_at) == (State.RETURNED, None, None)
    begun = corrected.correction
    assert (begun.reason, begun.begun_by, begun.begun_at) == (REASON, make_person("ilze"), CORRECTED_AT)
    assert begun.content_hash_before == review.content_hash()


def test_the_areas_of_these_answers_have_to_be_verified_again_and_no_others(review):
    correct(review, "health-score", state=State.IN_REVIEW)

    assert obstacles_to(now(review)).areas == ("health",)


def test_whoever_checks_the_review_is_told(review):
    correct(review)

    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("nuria").email, "correction-begun")
    assert REASON in mail.text
    assert address(review, "board") in mail.text


def test_where_nobody_checks_it_any_more_the_coordinator_is_told_that_an_expert_is_needed(review):
    network = review.cycle.network
    make_person("nuria").roles.filter(network=network).delete()
    correct(review)

    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("mihai").email, "correction-needs-expert")
    assert "needs an expert" in " ".join(mail.text.split())
    assert address(review, "experts") in mail.text


def test_another_expert_takes_the_place_of_one_who_left(review):
    """What the first one verified counts no longer, and so every area is verified anew."""
    correct(review, state=State.IN_REVIEW)
    release_expert(by=make_person("mihai"), appointment=review.appointments.get(), at=CORRECTED_AT)
    appoint(now(review), "piotr")

    assert len(obstacles_to(now(review)).areas) == len(areas_asked(review))
    assert validate(now(review), "piotr").validated_by == make_person("piotr")


@pytest.mark.parametrize(("reason", "questions"), [("  ", ["health-score"]), (REASON, [])])
def test_a_correction_says_why_and_which_answers_it_is_about(review, reason, questions):
    with pytest.raises(CannotCorrect):
        begin_correction(
            person=make_person("ilze"), review=review, reason=reason, questions=questions, at=CORRECTED_AT
        )
    assert now(review).state == State.PUBLISHED


def test_a_question_that_is_not_asked_is_refused(review):
    with pytest.raises(KeyError):
        correct(review, "no-such-question")
    assert now(review).state == State.PUBLISHED


def test_a_review_that_was_recorded_as_a_whole_is_not_corrected_on_the_web():
    recorded = make_review(make_city("graz"), state=State.PUBLISHED)
    with pytest.raises(MoveError, match="recorded as a whole"):
        correct(recorded)


def test_a_review_has_one_correction_at_a_time(review):
    correct(review)
    with pytest.raises(MoveError):
        correct(review)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            review=review,
            reason="Another.",
            begun_by=make_person("ilze"),
            begun_at=CORRECTED_AT,
            content_hash_before="x",
        )


def test_answers_that_are_corrected_are_not_taken_back_as_a_whole(review):
    """Though no expert ever asked about one."""
    corrected = correct(review, state=State.IN_REVIEW)

    assert not can_be_taken_back(corrected)
    with pytest.raises(MoveError):
        withdraw_submission(person=make_person("ilze"), review=corrected, at=CORRECTED_AT)


# What the public reads meanwhile


@pytest.mark.parametrize("state", [State.RETURNED, State.IN_REVIEW, State.VALIDATED])
def test_what_is_published_stays_public_and_its_page_says_that_it_is_being_corrected(review, state):
    before = Client().get(public(review, "profile")).content
    corrected = correct(review)
    change(corrected)
    if state is not State.RETURNED:
        send_back(person=make_person("ilze"), review=corrected, at=CORRECTED_AT)
    if state is State.VALIDATED:
        validate(now(review))

    assert review in public_reviews()
    page = page_of("visitor", public(review))
    assert "A correction has been in preparation since 8 April 2024" in page
    assert REASON in page
    assert "60 points of 100" in page
    assert "65 points of 100" not in page
    assert "Checked by Nuria on 4 March 2024." in page
    assert Client().get(public(review, "profile")).content == before
    for name in ("report", "sheet"):
        assert Client().get(public(review, name)).status_code == 200
    assert public(review) in page_of("visitor", reverse("web:city", args=["riga"]))
    overview = reverse("review:area", args=[SCORES, review.year, "health"])
    assert "Riga" in page_of("visitor", overview)


def test_the_class_of_another_city_holds_what_stands_and_not_what_is_being_corrected(review):
    """Five cities with 60 points each; one of them is about to have 65."""
    corrected = correct(review)
    change(corrected)
    for number in range(4):
        make_review(make_city(f"other-{number}"))

    later = make_review(make_city("graz"), state=State.PUBLISHED, officer="jonas").publication
    assert review in later.class_reviews.all()
    similar = later.profile.comparison.overall["core"]
    assert (similar.n, similar.low, similar.high) == (5, 60, 60)


def test_the_citys_next_review_still_shows_what_was_said_last_time(review):
    correct(review)
    later = make_review(review.city, make_sheet([None] * 8, year=review.year + 1), state=State.FILLING)

    assert previous_review(later) == review


# Publishing it


def test_the_correction_is_a_further_publication_with_a_note(review):
    first = review.publication
    second = publish_corrected(review)

    review = now(review)
    assert (review.state, review.standing_publication) == (State.PUBLISHED, second)
    assert [(each.number, each.note) for each in review.publications.order_by("number")] == [
        (1, ""),
        (2, NOTE),
    ]
    assert (first.profile.overall["core"].points, second.profile.overall["core"].points) == (60, 65)
    ended = Correction.objects.get()
    assert (ended.publication, ended.ended_at) == (second, CORRECTED_AT)
    assert review.correction is None


def test_a_correction_without_a_note_is_refused_and_so_is_a_note_without_a_correction(review):
    correct(review, state=State.VALIDATED)
    with pytest.raises(WrongNote):
        publish(now(review), note="  ", at=CORRECTED_AT)
    fresh = make_review(make_city("graz"))
    with pytest.raises(WrongNote):
        publish(fresh, note=NOTE)

    assert Publication.objects.count() == 1
    assert now(review).state == State.VALIDATED


@pytest.mark.parametrize(("number", "note"), [(1, NOTE), (2, "")])
def test_the_database_holds_that_corrections_alone_have_notes(review, number, note):
    kept = review.publication
    review.standing_publication = None
    Review.objects.filter(pk=review.pk).update(
        state=State.RETURNED, validated_by=None, validated_at=None, standing_publication=None
    )
    fields = {
        field.name: getattr(kept, field.name) for field in kept._meta.concrete_fields if field.name != "id"
    }
    kept.delete()
    with pytest.raises(IntegrityError, match="a_correction_says_what_it_puts_right"), transaction.atomic():
        Publication.objects.create(**{**fields, "number": number, "note": note})


def test_a_correction_compares_with_the_same_earlier_review_as_before():
    city = make_city("riga")
    earlier = make_review(city, make_sheet(40, year=2022), state=State.PUBLISHED)
    review = validate(make_review(city, state=State.IN_REVIEW))
    first = publish(review)
    second = publish_corrected(now(review))

    earlier.refresh_from_db()
    assert earlier.state == State.SUPERSEDED
    assert (first.previous, second.previous) == (earlier, earlier)
    assert (first.profile.movement.overall["core"], second.profile.movement.overall["core"]) == (20, 25)


def test_nothing_follows_a_review_that_is_being_corrected(review):
    later = make_review(review.city, make_sheet(year=review.year + 1))
    correct(review)
    with pytest.raises(MoveError, match="is being corrected"):
        publish(later, at=CORRECTED_AT)
    assert now(later).state == State.VALIDATED

    give_up(review)
    publish(later, at=CORRECTED_AT)
    assert now(review).state == State.SUPERSEDED


def test_the_database_holds_that_one_review_stands_for_a_city_also_while_it_is_corrected(review):
    correct(review)
    later = make_review(review.city, make_sheet(year=review.year + 1))
    kept = review.publication
    fields = {
        field.name: getattr(kept, field.name) for field in kept._meta.concrete_fields if field.name != "id"
    }
    publication = Publication.objects.create(**{**fields, "review": later})
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=later.pk).update(state=State.PUBLISHED, standing_publication=publication)


def test_a_review_that_is_corrected_can_be_corrected_again(review):
    publish_corrected(review)
    corrected = correct(now(review), "education-score", state=State.VALIDATED)

    assert publish(corrected, note="Nothing else.", at=CORRECTED_AT).number == 3


def test_the_page_says_what_was_corrected_and_every_publication_can_be_read(review):
    first = review.publication
    second = publish_corrected(review)

    page = page_of("visitor", public(review))
    assert "Corrected on 8 April 2024" in page
    assert page.count(NOTE) == 2
    assert "65 points of 100" in page
    for publication in (first, second):
        assert publication.profile_hash in page
        url = public(review, "published-profile", publication.number)
        assert f'href="{url}"' in page
        content = Client().get(url).content
        assert hashlib.sha256(content).hexdigest() == publication.profile_hash
    assert Client().get(public(review, "published-profile", 3)).status_code == 404


def test_a_page_without_a_correction_says_nothing_of_one(review):
    page = page_of("visitor", public(review))
    assert "orrect" not in page
    assert "Every publication" not in page


# Giving up


def test_what_was_given_up_stands_as_it_was(review):
    correct(review)
    OutgoingMail.objects.all().delete()
    give_up(review)

    after = now(review)
    assert (after.state, after.validated_by, after.validated_at) == (
        State.PUBLISHED,
        review.validated_by,
        review.validated_at,
    )
    assert after.standing_publication == review.standing_publication
    assert not after.opened_answers.exists()
    assert (after.correction, Correction.objects.get().publication) == (None, None)
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("nuria").email, "correction-given-up")
    assert "in preparation" not in page_of("visitor", public(review))


def test_what_was_changed_stands_against_giving_up_until_it_is_put_back(review):
    corrected = correct(review)
    change(corrected)
    with pytest.raises(CannotGiveUp):
        give_up(corrected)
    change(corrected, value=60.0)
    give_up(corrected)

    assert now(review).state == State.PUBLISHED


def test_a_piece_of_evidence_that_was_added_stands_against_giving_up_until_it_is_dropped(review):
    corrected = correct(review)
    place = open_area(corrected, "health", make_person("ilze"))
    piece = add_evidence(
        place=place,
        question="health-score",
        source="https://example.org/plan",
        kind=EvidenceKind.LINK,
        title="",
        dated_on=None,
        language="",
        is_public=False,
        at=CORRECTED_AT,
    )
    with pytest.raises(CannotGiveUp):
        give_up(corrected)
    drop_evidence(place=place, question="health-score", evidence=piece)
    give_up(corrected)
    assert now(review).state == State.PUBLISHED


def test_queries_that_are_not_settled_end_with_the_correction(review):
    corrected, nuria = correct(review, state=State.IN_REVIEW), make_person("nuria")
    about = {"expert": nuria, "review": corrected, "text": "Why?", "at": CORRECTED_AT}
    answered = ask(question="health-score", **about)
    ask(question="education-score", **about)
    return_review(expert=nuria, review=corrected, message="", at=CORRECTED_AT)
    reply(person=make_person("ilze"), query=answered, text="So.", at=CORRECTED_AT)
    give_up(corrected)

    states = dict(corrected.queries.values_list("question", "state"))
    assert states == {"health-score": QueryState.CLOSED, "education-score": QueryState.WITHDRAWN}


# The pages


def test_an_officer_begins_a_correction_and_lands_where_the_answers_are(review):
    ilze = as_("ilze")
    tasks = address(review, "tasks")
    assert f'href="{address(review, "published")}"' in page_of("ilze", tasks)
    assert f'href="{address(review, "begin-correction")}"' in page_of("ilze", address(review, "published"))

    sent = {"reason": REASON, "area-health": ["health-score"], "area-education": ["education-score"]}
    answered = ilze.post(address(review, "begin-correction"), sent, follow=True)

    assert answered.redirect_chain[-1][0] == tasks
    page = answered.content.decode()
    assert "A correction has been in preparation since" in page
    assert "They are with you to be corrected." in page
    assert "The experts have returned them to you." not in page
    assert questions_open(now(review)) == {"health-score", "education-score"}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "", "area-health": ["health-score"]}, "“What is wrong?” is empty."),
        ({"reason": REASON}, "Choose at least one answer that is to be corrected."),
        ({"reason": REASON, "area-health": ["education-score"]}, "is not one of the available choices"),
    ],
)
def test_a_form_that_is_not_whole_begins_nothing(review, sent, words):
    answered = as_("ilze").post(address(review, "begin-correction"), sent)

    assert answered.status_code == 400
    assert words in answered.content.decode()
    assert now(review).state == State.PUBLISHED


def test_the_same_tab_pressed_twice_begins_once(review):
    ilze, sent = as_("ilze"), {"reason": REASON, "area-health": ["health-score"]}
    for _ in range(2):
        answered = ilze.post(address(review, "begin-correction"), sent, follow=True)

    assert answered.status_code == 200
    assert "Nothing was begun now" in answered.content.decode()
    assert Correction.objects.count() == 1
    assert ilze.get(address(review, "begin-correction"))["Location"] == address(review, "published")


def test_the_page_offers_to_give_up_only_what_is_as_it_was(review):
    corrected = correct(review)
    url = address(review, "published")
    form = f'action="{address(review, "give-up-correction")}"'
    assert form in page_of("ilze", url)
    change(corrected)
    assert form not in page_of("ilze", url)

    answered = as_("ilze").post(address(review, "give-up-correction"), follow=True)
    assert "Not given up: something was changed" in answered.content.decode()
    change(corrected, value=60.0)
    answered = as_("ilze").post(address(review, "give-up-correction"), follow=True)
    assert "The correction is given up." in answered.content.decode()
    answered = as_("ilze").post(address(review, "give-up-correction"), follow=True)
    assert "Nothing is being corrected at present." in answered.content.decode()


def test_the_correction_is_published_with_its_note_and_not_without(review):
    correct(review, state=State.VALIDATED)
    ilze, url = as_("ilze"), address(review, "publish")
    page = page_of("ilze", url)
    assert "What was corrected?" in page
    assert "Publish the correction" in page

    assert ilze.post(url, {"note": " "}).status_code == 400
    assert now(review).state == State.VALIDATED
    answered = ilze.post(url, {"note": NOTE})
    assert answered["Location"] == public(review)
    assert now(review).publication.note == NOTE
    assert "It is published" in page_of("ilze", url)


def test_the_page_of_a_later_review_says_that_the_earlier_one_is_being_corrected(review):
    later = make_review(review.city, make_sheet(year=review.year + 1), state=State.IN_REVIEW)
    later = validate(later)
    correct(review)
    page = page_of("ilze", address(later, "publish"))

    assert "The review of 2023 is being corrected." in page
    assert f'href="{address(review, "published")}"' in page
    assert "What anybody can read then" not in page


def test_no_other_city_corrects_and_nobody_corrects_what_is_not_published(review):
    make_officer("chiara", make_city("ravenna", country="IT"))
    unpublished = make_review(review.city, make_sheet(year=2025), state=State.FILLING)
    for who in ("chiara", "nuria", "mihai"):
        for name in ("published", "begin-correction"):
            assert as_(who).get(address(review, name)).status_code == 404
    for name in ("published", "begin-correction"):
        assert as_("ilze").get(address(unpublished, name)).status_code == 404


def test_words_with_markup_are_shown_and_not_run(review):
    correct(review, reason="<script>alert(1)</script>")
    for who, url in (("visitor", public(review)), ("ilze", address(review, "published"))):
        page = page_of(who, url)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


# What experts write meanwhile

LATER = CORRECTED_AT + timedelta(hours=1)


def write_finding_later(review):
    write_finding(
        expert=make_person("nuria"),
        review=review,
        finding=None,
        kind=FindingKind.GAP,
        text=LocalText("en", {"en": "Nobody was told of this."}),
        next_step=None,
        bases=Bases(frozenset(["health"])),
        revision=0,
        at=LATER,
    )


def judge_later(review):
    give_opinion(
        expert=make_person("nuria"),
        review=review,
        question="education-score",
        other=None,
        reason="",
        strength=Strength.HIGH,
        answer_revision=1,
        at=LATER,
    )


@pytest.mark.parametrize("act", [write_finding_later, judge_later])
def test_what_an_expert_wrote_stands_against_giving_up_and_is_shown_to_nobody(review, act):
    corrected = correct(review, state=State.IN_REVIEW)
    act(corrected)

    with pytest.raises(CannotGiveUp):
        give_up(corrected)
    assert now(review).state == State.IN_REVIEW
    assert as_("ilze").get(address(review, "findings")).status_code == 404
    assert "Give the correction up</button>" not in page_of("ilze", address(review, "published"))


def test_a_finding_that_was_dropped_meanwhile_stands_against_giving_up():
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    make_finding(review, "One.", areas=["health"])
    gone = make_finding(review, "Two.", areas=["health"], place=2)
    show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    publish(validate(review))
    corrected = correct(now(review), state=State.IN_REVIEW)
    drop_finding(expert=make_person("nuria"), review=corrected, finding=gone.pk, at=LATER)

    with pytest.raises(CannotGiveUp):
        give_up(corrected)


def test_who_was_asked_to_check_a_correction_hears_that_it_is_given_up(review):
    release = review.appointments.get()
    corrected = correct(review)
    release_expert(by=make_person("mihai"), appointment=release, at=CORRECTED_AT)
    piotr = give("piotr", Kind.EXPERT, review.cycle.network)
    appoint_expert(by=make_person("mihai"), review=corrected, expert=piotr, at=CORRECTED_AT)
    OutgoingMail.objects.all().delete()

    give_up(now(review))

    told = OutgoingMail.objects.filter(purpose="correction-given-up").values_list("to", flat=True)
    assert set(told) == {piotr.email, make_person("mihai").email}


def test_an_expert_whose_account_is_closed_checks_nothing_and_the_coordinator_is_told(review):
    Person.objects.filter(pk=make_person("nuria").pk).update(is_active=False)
    mihai = make_person("mihai").email

    corrected = correct(review)
    assert set(OutgoingMail.objects.values_list("to", "purpose")) == {(mihai, "correction-needs-expert")}

    OutgoingMail.objects.all().delete()
    send_back(person=make_person("ilze"), review=corrected, at=CORRECTED_AT)
    assert set(OutgoingMail.objects.values_list("to", "purpose")) == {(mihai, "review-nobody-checks")}


def test_a_draft_that_led_to_what_is_published_waits_for_nobody():
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    make_finding(review, "One.", areas=["health"])
    draft = show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    publish(validate(review))
    corrected = correct(now(review))

    assert drafts_to_reply_to(make_person("ilze"), CORRECTED_AT.date()) == []
    assert "The experts show you a draft" not in page_of("ilze", address(review, "tasks"))
    assert "What this draft led to is published." in page_of("ilze", address(review, "draft"))
    with pytest.raises(MoveError):
        reply_to_draft(person=make_person("ilze"), draft=draft, text="We see.", at=LATER)

    send_back(person=make_person("ilze"), review=corrected, at=CORRECTED_AT)
    again = show_draft(expert=make_person("nuria"), review=corrected, message="Again.", at=LATER)
    assert drafts_to_reply_to(make_person("ilze"), CORRECTED_AT.date()) == [again]


def test_pages_say_that_the_review_is_corrected_and_not_that_experts_returned_it(review):
    correct(review)

    assert "The city corrects what it has published" in page_of("nuria", address(review, "board"))
    assert "a correction is being prepared" in page_of(
        "mihai", reverse("review:cycle", args=[review.cycle_id])
    )
