import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from tests.builders import answer, make_city, make_cycle, make_review, make_sheet
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind, Role
from tessera.apps.records.models import FileKind, OutgoingMail, StoredFile
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.submission import CannotSign, sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review, Signature
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

SIGNED_AT = datetime(2024, 2, 20, 10, tzinfo=UTC)


def make_filled(*, signatures=1, sheet=None):
    """A review of Riga that is being filled; Ilze and Jonas are its officers."""
    riga = make_city()
    ilze = make_officer("ilze", riga)
    make_officer("jonas", riga)
    make_cycle(riga, signatures=signatures)
    review = Review.objects.get()
    for question, given in (sheet or make_sheet()).answers.items():
        answer(review, question, given, person=ilze)
    OutgoingMail.objects.all().delete()
    return review


def sign_url(review):
    return reverse("review:sign", args=[review.pk])


def mark_of(review):
    return Review.objects.get(pk=review.pk).content_hash()


def sign(client, review, *, who="ilze", mark=None, **said):
    client.force_login(make_person(who))
    return client.post(sign_url(review), {"answers": mark or mark_of(review), **(said or {"declared": "on"})})


def change(review, *, value=10.0):
    standing = review.answers.get(question="education-score")
    answer(review, "education-score", Answer(value=value), revision=standing.revision)


def mails():
    return sorted((mail.purpose, mail.person.name) for mail in OutgoingMail.objects.select_related("person"))


def test_an_officer_reads_declares_and_sends(client):
    review = make_filled()
    client.force_login(make_person("ilze"))
    check = client.get(reverse("review:check-answers", args=[review.pk])).content.decode()
    assert f'href="{sign_url(review)}?answers={mark_of(review)}"' in check

    page = client.get(sign_url(review), {"answers": mark_of(review)}).content.decode()
    assert "I, Ilze, sign as an officer of Riga." in page
    assert "The answers are true to the best of the city’s knowledge." in page
    assert f'<input type="hidden" name="answers" value="{mark_of(review)}">' in page
    answered = sign(client, review)

    assert answered.status_code == 302
    assert answered["Location"] == reverse("review:receipt", args=[review.pk])
    signature = Signature.objects.get()
    assert (signature.person, signature.content_hash) == (make_person("ilze"), mark_of(review))
    review.refresh_from_db()
    assert review.state == State.SUBMITTED
    assert review.submitted_at == signature.signed_at


def test_who_sends_without_declaring_is_asked_again_and_nothing_is_sent(client):
    review = make_filled()

    answered = sign(client, review, declared="")

    assert answered.status_code == 400
    assert "is not ticked. Tick it to go on." in answered.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("query", [{}, {"answers": ""}])
def test_who_has_not_read_the_answers_is_led_to_them(client, query):
    review = make_filled()
    client.force_login(make_person("ilze"))

    answered = client.get(sign_url(review), query)

    assert answered.status_code == 302
    assert answered["Location"] == reverse("review:check-answers", args=[review.pk])


def test_answers_that_were_changed_after_they_were_read_are_not_signed(client):
    review = make_filled()
    read = mark_of(review)
    change(review)
    client.force_login(make_person("ilze"))

    for answered in (client.get(sign_url(review), {"answers": read}), sign(client, review, mark=read)):
        assert answered.status_code == 409
        page = answered.content.decode()
        assert "Nothing was signed." in page
        assert f'href="{reverse("review:check-answers", args=[review.pk])}"' in page
        assert 'type="checkbox"' not in page
    assert not Signature.objects.exists()
    with pytest.raises(CannotSign, match="changed in the meantime"):
        sign_review(person=make_person("ilze"), review=review, content_hash=read, at=SIGNED_AT)


def quote(review, text, question="education-score"):
    piece = Evidence.objects.create(review=review, kind=EvidenceKind.QUOTATION, text=text)
    EvidenceUse.objects.create(evidence=piece, question=question)
    return piece


@pytest.mark.parametrize("what", ["note", "publicity of a note", "evidence", "publicity of evidence"])
def test_notes_and_evidence_are_signed_too(what):
    review = make_filled()
    piece = quote(review, "Decision 5")
    review.answers.filter(question="education-score").update(note="A note")
    read = mark_of(review)
    if what == "note":
        review.answers.filter(question="education-score").update(note="Another note")
    elif what == "publicity of a note":
        review.answers.filter(question="education-score").update(is_note_public=True)
    elif what == "evidence":
        piece.delete()
    else:
        Evidence.objects.update(is_public=True)

    with pytest.raises(CannotSign):
        sign_review(person=make_person("ilze"), review=review, content_hash=read, at=SIGNED_AT)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Page 7"},
        {"dated_on": date(2024, 1, 1)},
        {"language": "lv"},
        {"is_public": True},
        {"text": "Decision\n5"},
        {"kind": EvidenceKind.LINK, "url": "Decision 5", "text": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_that_is_said_about_a_piece_is_signed(change):
    review = make_filled()
    quote(review, "Decision 5")
    read = mark_of(review)

    Evidence.objects.update(**change)

    assert mark_of(review) != read


def test_which_answer_a_piece_serves_is_signed():
    review = make_filled()
    one, other = quote(review, "Decision 5"), quote(review, "Decision  5", "health-score")
    read = mark_of(review)

    # The words of both are the same on one line.
    one.uses.update(question="health-score")
    other.uses.update(question="education-score")

    assert mark_of(review) != read


def test_another_file_of_the_same_name_is_not_what_was_signed():
    review = make_filled()
    ilze = make_person("ilze")

    def attach(content):
        file = StoredFile.objects.create(
            name="plan.pdf",
            kind=FileKind.PDF,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            stored_by=ilze,
            stored_at=SIGNED_AT,
        )
        piece = Evidence.objects.create(review=review, kind=EvidenceKind.FILE, file=file)
        EvidenceUse.objects.create(evidence=piece, question="education-score")
        return piece

    first = attach(b"one plan")
    read = mark_of(review)
    first.delete()
    attach(b"another")

    with pytest.raises(CannotSign):
        sign_review(person=ilze, review=review, content_hash=read, at=SIGNED_AT)


def test_an_unusual_mark_is_no_mark(client):
    review = make_filled()

    for mark in ("\x00", "x" * 100_000, "ā", "%00", "0" * 64):
        assert sign(client, review, mark=mark).status_code == 409
    assert not Signature.objects.exists()


def test_nothing_is_signed_where_nothing_was_answered(client):
    review = make_filled(sheet=make_sheet([None] * 8))

    answered = sign(client, review)

    assert answered.status_code == 302
    check = client.get(answered["Location"]).content.decode()
    assert "There is no answer yet, and so nothing to sign." in check
    assert "Go on to sign" not in check
    with pytest.raises(CannotSign, match="no answer yet"):
        sign_review(person=make_person("ilze"), review=review, content_hash=mark_of(review), at=SIGNED_AT)


def test_answers_with_gaps_can_be_sent_and_the_gaps_are_named_before(client):
    review = make_filled(sheet=make_sheet([10, 20, None, None, None, None, None, None]))
    client.force_login(make_person("ilze"))

    page = client.get(sign_url(review), {"answers": mark_of(review)}).content.decode()
    assert "6 questions have no answer. They count as missing, never as zero." in page
    sign(client, review)

    review.refresh_from_db()
    assert review.state == State.SUBMITTED


def test_everybody_whom_it_concerns_is_told(client):
    review = make_filled()
    give("andris", Kind.CONTRIBUTOR, review.city)
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="education",
        colleague=make_person("andris"),
        message="",
        at=SIGNED_AT,
    )
    OutgoingMail.objects.all().delete()

    sign(client, review)

    assert mails() == [
        ("review-receipt", "Ilze"),
        ("review-receipt", "Jonas"),
        ("review-sent", "Andris"),
        ("review-sent", "Mihai"),
    ]


def test_two_signatures_are_asked_for_where_the_cycle_says_so(client):
    review = make_filled(signatures=2)

    first = sign(client, review)
    assert first["Location"] == reverse("review:check-answers", args=[review.pk])
    check = " ".join(client.get(first["Location"]).content.decode().split())
    assert "You have signed these answers." in check
    assert "1 signature is missing." in check
    assert "These officers have not signed: Jonas." in check
    assert "Go on to sign" not in check
    review.refresh_from_db()
    assert review.state == State.FILLING
    assert mails() == [("review-to-sign", "Jonas")]

    client.force_login(make_person("jonas"))
    check = " ".join(client.get(first["Location"]).content.decode().split())
    assert "Signed by Ilze" in check
    page = client.get(sign_url(review), {"answers": mark_of(review)}).content.decode()
    assert "Signed by Ilze" in page
    assert "With your signature the answers are sent." in page
    second = sign(client, review, who="jonas")

    assert second["Location"] == reverse("review:receipt", args=[review.pk])
    review.refresh_from_db()
    assert review.state == State.SUBMITTED
    assert Signature.objects.count() == 2


def test_one_officer_does_not_sign_for_two(client):
    review = make_filled(signatures=2)

    for _ in range(3):
        sign(client, review)
        sign_review(person=make_person("ilze"), review=review, content_hash=mark_of(review), at=SIGNED_AT)

    review.refresh_from_db()
    assert review.state == State.FILLING
    assert Signature.objects.count() == 1
    assert mails() == [("review-to-sign", "Jonas")]


def test_a_signature_under_answers_that_were_changed_since_is_void(client):
    review = make_filled(signatures=2)
    sign(client, review)
    change(review)

    check = " ".join(client.get(reverse("review:check-answers", args=[review.pk])).content.decode().split())
    assert "Ilze signed earlier answers on" in check
    assert "2 signatures are missing, of different officers." in check
    sign(client, review, who="jonas")
    review.refresh_from_db()
    assert review.state == State.FILLING

    sign(client, review, who="ilze")
    review.refresh_from_db()
    assert review.state == State.SUBMITTED


def test_a_city_with_one_officer_is_told_that_it_needs_another(client):
    review = make_filled(signatures=2)
    Role.objects.filter(person=make_person("jonas")).delete()

    sign(client, review)

    check = client.get(reverse("review:check-answers", args=[review.pk])).content.decode()
    assert "The city needs another officer for that." in check
    assert f'href="{reverse("network:add-person")}"' in check


def test_sending_twice_is_harmless(client):
    """As with a double click, or a second tab that is still open."""
    review = make_filled()
    read = mark_of(review)

    first, second = (sign(client, review, mark=read) for _ in range(2))

    assert first["Location"] == second["Location"] == reverse("review:receipt", args=[review.pk])
    again = sign_review(person=make_person("ilze"), review=review, content_hash=read, at=SIGNED_AT)
    assert again.state == State.SUBMITTED
    assert Signature.objects.count() == 1
    assert [purpose for purpose, _ in mails()].count("review-receipt") == 2


def test_a_second_tab_with_older_answers_sends_nothing(client):
    review = make_filled()
    first_tab = mark_of(review)
    change(review)
    second_tab = mark_of(review)

    assert sign(client, review, mark=first_tab).status_code == 409
    assert sign(client, review, mark=second_tab).status_code == 302
    assert Signature.objects.get().content_hash == second_tab


def test_a_colleague_who_was_faster_is_shown_on_the_receipt(client):
    review = make_filled()
    read = mark_of(review)
    sign(client, review, who="jonas", mark=read)

    answered = sign(client, review, who="ilze", mark=read)

    assert answered["Location"] == reverse("review:receipt", args=[review.pk])
    assert "Jonas" in client.get(answered["Location"]).content.decode()
    with pytest.raises(MoveError):
        sign_review(person=make_person("ilze"), review=review, content_hash=read, at=SIGNED_AT)


def test_an_officer_whose_role_has_ended_signs_nothing(client):
    review = make_filled()
    client.force_login(make_person("ilze"))
    page = client.get(sign_url(review), {"answers": mark_of(review)})
    assert page.status_code == 200
    Role.objects.filter(person=make_person("ilze")).update(until=timezone.localdate() - timedelta(days=1))

    assert sign(client, review).status_code == 404
    with pytest.raises(PermissionDenied):
        sign_review(
            person=make_person("ilze"),
            review=review,
            content_hash=mark_of(review),
            at=datetime.now(UTC),
        )
    assert not Signature.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officers_of_the_city_sign(client, who, method):
    riga = make_city()
    review = make_review(riga, state=State.FILLING)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("nuria", Kind.EXPERT, review.cycle.network)
    client.force_login(make_person(who))

    answered = getattr(client, method)(sign_url(review), {"answers": mark_of(review), "declared": "on"})

    review.refresh_from_db()
    if who == "ilze":
        assert answered.status_code == (200 if method == "get" else 302)
    else:
        assert answered.status_code == 404
    assert (review.state == State.SUBMITTED) == (who == "ilze" and method == "post")


def test_a_visitor_is_asked_to_sign_in(client):
    review = make_filled()

    for name in ("check-answers", "sign", "receipt", "withdraw-submission"):
        answered = client.get(reverse(f"review:{name}", args=[review.pk]))
        assert answered.status_code == 302
        assert answered["Location"].startswith("/en/account/sign-in/")


def test_the_receipt_holds_what_was_signed(client):
    """Six of eight questions of the same weight are answered: 75 per cent."""
    review = make_filled(sheet=make_sheet([60, 60, 60, 60, 60, 60, None, None]))
    sign(client, review)

    page = " ".join(client.get(reverse("review:receipt", args=[review.pk])).content.decode().split())

    for fact in ("Riga", "2023", "Ilze", "6 of 8 questions", "75%"):
        assert f">{fact}" in page
    assert f"Mark of the answers: {mark_of(review)}" in page
    assert "What happens next" in page
    assert f'href="{reverse("review:withdraw-submission", args=[review.pk])}"' in page


def test_there_is_no_receipt_before_the_answers_are_sent(client):
    review = make_filled()
    client.force_login(make_person("ilze"))

    answered = client.get(reverse("review:receipt", args=[review.pk]))

    assert answered["Location"] == reverse("review:check-answers", args=[review.pk])


def test_a_signature_counts_only_while_its_person_is_an_officer(client):
    review = make_filled(signatures=2)
    sign(client, review, who="jonas")
    Role.objects.filter(person=make_person("jonas")).update(until=timezone.localdate() - timedelta(days=1))

    client.force_login(make_person("ilze"))
    page = client.get(reverse("review:check-answers", args=[review.pk])).content.decode()
    assert "Jonas signed on" in page
    assert "is no officer of Riga any more. So that signature no longer counts." in page
    sign(client, review)

    review.refresh_from_db()
    assert review.state == State.FILLING
    make_officer("greta", review.city)
    sign(client, review, who="greta")
    review.refresh_from_db()
    assert review.state == State.SUBMITTED
    assert sorted(Signature.objects.values_list("person__name", flat=True)) == ["Greta", "Ilze"]


def test_the_receipt_names_who_signed_also_once_they_have_left(client):
    review = make_filled(signatures=2)
    sign(client, review, who="jonas")
    sign(client, review)
    Role.objects.filter(person=make_person("jonas")).update(until=timezone.localdate() - timedelta(days=1))

    client.force_login(make_person("ilze"))
    assert "Jonas" in client.get(reverse("review:receipt", args=[review.pk])).content.decode()
