"""Signing a city's answers and sending them to be checked, and taking them back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinators_of, officers_of
from tessera.apps.records.mail import send_mail_to, send_notice_to
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import check_acts_for
from tessera.apps.review.access.checking import experts_to_tell
from tessera.apps.review.lifecycle import MOVES, Act, State, move
from tessera.apps.review.models import Assignment, Review, Signature
from tessera.apps.review.signing import read_signing


class CannotSign(ValueError):
    """The answers are not those that the person had before them, or there are none."""


@transaction.atomic
def sign_review(*, person: Person, review: Review, content_hash: str, at: datetime) -> Review:
    """Sign the answers; with the last signature that the cycle asks for they are sent.

    `content_hash` is the mark of the answers that the person declared to be right. Signing again what one
    signed is harmless. Raises PermissionDenied unless the person acts for the city, CannotSign where the
    answers are others by now, or none at all, and MoveError where they are sent already by somebody else.
    """
    day = timezone.localdate(at)
    review = _lock(review)
    check_acts_for(person, review, day)
    mine = Signature.objects.filter(review=review, person=person, content_hash=content_hash)
    if review.state == State.SUBMITTED and mine.exists():
        return review
    after = move(review.state, Act.SUBMIT)
    if content_hash != review.content_hash():
        raise CannotSign(f"The answers of {review} were changed in the meantime.")
    if not any(answer.says_something for answer in review.answers.all()):
        raise CannotSign(f"{review} has no answer yet.")
    if mine.exists():
        return review
    Signature.objects.create(review=review, person=person, content_hash=content_hash, signed_at=at)
    signing = read_signing(review, day)
    for signature in signing.left:
        signature.delete()
    if signing.missing:
        for officer in signing.unsigned:
            send_mail_to(officer, "review/mail/to-sign", {"review": review, "by": person}, "review-to-sign")
        return review
    review.state, review.submitted_at = after, at
    review.save(update_fields=["state", "submitted_at"])
    _tell_of_submission(review, person, at)
    return review


@transaction.atomic
def withdraw_submission(*, person: Person, review: Review, at: datetime) -> None:
    """Take the answers back to change them. The signatures under them are void, and so is what was verified.

    Raises PermissionDenied unless the person acts for the city, and MoveError where they are not with the
    experts, or these have asked something, returned them before or shown a draft.
    """
    day = timezone.localdate(at)
    review = _lock(review)
    check_acts_for(person, review, day)
    after = move(review.state, Act.WITHDRAW)
    if not can_be_taken_back(review):
        raise MoveError(
            f"The experts have asked about {review}, returned it or shown a draft; it cannot be taken back."
        )
    review.state, review.submitted_at = after, None
    review.save(update_fields=["state", "submitted_at"])
    # Every answer is open to the city again.
    for void in (*review.signatures.all(), *review.verifications.all(), *review.opened_answers.all()):
        void.delete()
    context = {"review": review, "by": person}
    for officer in officers_of(review.city, day).exclude(pk=person.pk):
        send_mail_to(officer, "review/mail/signatures-void", context, "review-signatures-void")
    for expert in experts_to_tell(review, day):
        send_mail_to(expert, "review/mail/taken-back-from-experts", context, "review-withdrawn")
    assert review.cycle is not None
    for coordinator in coordinators_of(review.cycle.network, day):
        send_notice_to(coordinator, "review/mail/withdrawn", context, "review-withdrawn")
    for colleague in _helpers(review, day):
        send_notice_to(colleague, "review/mail/withdrawn-with-your-help", context, "review-withdrawn")


def can_be_taken_back(review: Review) -> bool:
    """Whether its answers are with the experts, who have asked nothing about them and never returned them.

    Nor have they shown a draft: answers are not changed because of what experts conclude from them. What is
    published is corrected instead.
    """
    if review.returned_at is not None or review.drafts.exists() or review.standing_publication_id is not None:
        return False
    return (State(review.state), Act.WITHDRAW) in MOVES and not review.queries.exists()


def _lock(review: Review) -> Review:
    """The review with its answers as they are now. Whoever saves an answer, signs or sends waits here."""
    locked = Review.objects.select_for_update(of=("self",)).with_answers()
    return locked.select_related("city", "cycle__network").get(pk=review.pk)


def _tell_of_submission(review: Review, person: Person, at: datetime) -> None:
    """The officers get a receipt; the experts, the coordinators, and who filled an area, are told."""
    day = timezone.localdate(at)
    context = {"review": review, "by": person}
    for officer in officers_of(review.city, day):
        send_mail_to(officer, "review/mail/receipt", context, "review-receipt")
    for expert in experts_to_tell(review, day):
        send_mail_to(expert, "review/mail/sent-to-experts", context, "review-sent")
    assert review.cycle is not None
    for coordinator in coordinators_of(review.cycle.network, day):
        send_notice_to(coordinator, "review/mail/sent", context, "review-sent")
    for colleague in _helpers(review, day):
        send_notice_to(colleague, "review/mail/sent-with-your-help", context, "review-sent")


def _helpers(review: Review, day: date) -> QuerySet[Person]:
    """Who has an area of the review, but for the officers, who hear of it in any case."""
    helped = Assignment.objects.filter(review=review, withdrawn_at=None)
    return Person.objects.filter(pk__in=helped.values("person")).exclude(pk__in=officers_of(review.city, day))
