"""Putting right what is published: it goes to the city, and from there through the review once more."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinators_of
from tessera.apps.records.mail import send_mail_to
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import check_acts_for
from tessera.apps.review.access.checking import experts_to_tell
from tessera.apps.review.actions.filling import void_verification
from tessera.apps.review.lifecycle import Act, QueryAct, QueryState, move, move_query
from tessera.apps.review.models import Correction, OpenedAnswer, Query, Review


class CannotCorrect(ValueError):
    """It is not said why, or which answers are to be corrected."""


class CannotGiveUp(ValueError):
    """The city changed something since the correction was begun, or the experts wrote something.

    So what stands is not what is published, and must not be taken for it.
    """


@transaction.atomic
def begin_correction(
    *, person: Person, review: Review, reason: str, questions: Collection[str], at: datetime
) -> Correction:
    """Open answers of a published review to the city again. What is published stays public meanwhile.

    Figures need an expert, and so the areas of these answers have to be verified anew and the review
    validated once more. Whoever checks it is told; where nobody does, the coordinators are told that an
    expert is needed. Raises PermissionDenied for anybody but the officers of the city; MoveError unless the
    review stands as published and came from a cycle; KeyError for a question that it does not ask; and
    CannotCorrect without a reason, which anybody can read, or without a question.
    """
    day = timezone.localdate(at)
    review = _lock(review)
    check_acts_for(person, review, day)
    after = move(review.state, Act.CORRECT)
    if review.cycle is None:
        raise MoveError(f"{review} was recorded as a whole and cannot be corrected on the web.")
    asked = {question.key for question in review.framework.questions(review.sheet_pathway)}
    for question in questions:
        if question not in asked:
            raise KeyError(question)
    if not reason.strip() or not questions:
        raise CannotCorrect("A correction says why, and which answers it is about.")
    correction = Correction.objects.create(
        review=review,
        reason=reason.strip(),
        begun_by=person,
        begun_at=at,
        content_hash_before=review.content_hash(),
    )
    review.state, review.validated_by, review.validated_at = after, None, None
    review.save(update_fields=["state", "validated_by", "validated_at"])
    for question in sorted(questions):
        OpenedAnswer.objects.create(review=review, question=question, opened_by=person, opened_at=at)
        void_verification(review, question)
    context = {"review": review, "correction": correction, "by": person}
    experts = experts_to_tell(review, day)
    for expert in experts:
        send_mail_to(expert, "review/mail/correction-begun", context, "correction-begun")
    if not experts:
        for coordinator in coordinators_of(review.cycle.network, day):
            send_mail_to(
                coordinator, "review/mail/correction-needs-expert", context, "correction-needs-expert"
            )
    return correction


@transaction.atomic
def give_up_correction(*, person: Person, review: Review, at: datetime) -> None:
    """Leave what is published as it is. Queries that are not settled end, since nothing comes of them.

    Raises PermissionDenied for anybody but the officers of the city, MoveError unless a correction is being
    prepared, and CannotGiveUp where an answer, a note or a piece of evidence is not as it was before, or the
    experts have written a finding or an opinion or shown a draft since.
    """
    day = timezone.localdate(at)
    review = _lock(review)
    check_acts_for(person, review, day)
    after = move(review.state, Act.GIVE_UP)
    correction = review.correction
    if correction is None:
        raise MoveError(f"Nothing in {review} is being corrected.")
    if not may_be_given_up(review):
        raise CannotGiveUp(f"Something in {review} was changed or written since the correction was begun.")
    standing = review.publication
    review.state = after
    review.validated_by, review.validated_at = standing.validated_by, standing.validated_at
    review.save(update_fields=["state", "validated_by", "validated_at"])
    correction.ended_at = at
    correction.save(update_fields=["ended_at"])
    for opened in review.opened_answers.all():
        opened.delete()
    for query in Query.objects.unsettled().filter(review=review):
        act = QueryAct.CLOSE if query.state == QueryState.ANSWERED else QueryAct.WITHDRAW
        query.state = move_query(query.state, act)
        query.save(update_fields=["state"])
    context = {"review": review, "correction": correction, "by": person}
    # Who was asked only now, too, and has not answered yet.
    for appointment in review.appointments.standing().select_related("expert"):
        send_mail_to(appointment.expert, "review/mail/correction-given-up", context, "correction-given-up")
    if not experts_to_tell(review, day):
        assert review.cycle is not None
        for coordinator in coordinators_of(review.cycle.network, day):
            send_mail_to(coordinator, "review/mail/correction-given-up", context, "correction-given-up")


def may_be_given_up(review: Review) -> bool:
    """Whether all is as it is published: the city changed nothing, or put it back, and no expert wrote.

    What experts write in a correction was never shown or published; in a review that stands as published
    everybody who reads it would take it for what was.
    """
    correction = review.correction
    if correction is None or review.content_hash() != correction.content_hash_before:
        return False
    since = correction.begun_at
    wrote = (
        review.opinions.filter(given_at__gt=since),
        review.reconciliations.filter(Q(given_at__gt=since) | Q(agreed_at__gt=since)),
        review.findings.filter(written_at__gt=since),
        review.drafts.filter(shown_at__gt=since),
    )
    dropped = review.findings.count() < len(review.publication.words.findings)
    return not dropped and not any(written.exists() for written in wrote)


def _lock(review: Review) -> Review:
    """The review with its answers as they are now. Whoever saves an answer waits here."""
    locked = Review.objects.select_for_update(of=("self",)).with_answers()
    return locked.select_related("city", "cycle__network").get(pk=review.pk)
