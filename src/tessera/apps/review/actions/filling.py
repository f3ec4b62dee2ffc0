"""Saving answers one by one, and the state of an area."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.records.mail import send_notice_to
from tessera.apps.review.access import OpenArea, questions_open
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, AreaWork, Presence, Review, written_value
from tessera.frameworks.answers import Answer as GivenAnswer

SEEN_WITHIN = timedelta(seconds=60)
"""Who asked for a page of an area within this time is in it."""
FORGOTTEN_AFTER = timedelta(days=1)


class NotOpen(Exception):
    """The review is not being filled any more: nothing was saved."""


class StaleAnswer(Exception):
    """Somebody else saved the answer in the meantime. `standing` is what they left; nothing was saved."""

    def __init__(self, standing: Answer) -> None:
        self.standing = standing
        super().__init__(f"{standing} is at revision {standing.revision} by now.")


@transaction.atomic
def save_answer(
    *,
    place: OpenArea,
    question: str,
    given: GivenAnswer,
    is_note_public: bool,
    revision: int,
    at: datetime,
) -> Answer | None:
    """Save what somebody says to one question, and nothing else.

    `revision` is that of the answer which the person had before them; 0 where there was none. What is saved
    already is not saved again, so that sending a form twice is harmless. Returns None where nothing is said
    and nothing was. Raises NotOpen; StaleAnswer; KeyError for a question that the area does not ask; and
    ValueError for an answer that it does not take.
    """
    check_answer(place, question, given)
    # Whoever saves or sends the same review waits here.
    review = Review.objects.select_for_update().get(pk=place.review.pk)
    if question not in questions_open(review):
        raise NotOpen(f"{review} is {review.state}; the answer to {question} cannot be changed.")
    standing = Answer.objects.filter(review=review, question=question).first()
    said = {
        "value": written_value(given.value),
        "not_applicable": given.not_applicable,
        "reason": given.reason,
        "note": given.note,
        "is_note_public": is_note_public,
    }
    if standing is None:
        if given == GivenAnswer():
            return None
        void_verification(review, question)
        return Answer.objects.create(
            review=review, question=question, changed_by=place.person, changed_at=at, **said
        )
    if standing.given() == given and standing.is_note_public == is_note_public:
        return standing
    if standing.revision != revision:
        raise StaleAnswer(standing)
    for name, value in said.items():
        setattr(standing, name, value)
    void_verification(review, question)
    standing.revision += 1
    standing.changed_by, standing.changed_at = place.person, at
    standing.save(update_fields=[*said, "revision", "changed_by", "changed_at"])
    return standing


def void_verification(review: Review, question: str) -> None:
    """An expert stood for the area as it was, and has to look again."""
    for verification in review.verifications.filter(area=review.framework.question(question).area):
        verification.delete()


def check_answer(place: OpenArea, question: str, given: GivenAnswer) -> None:
    """Raises KeyError for a question that the area does not ask, ValueError for what it does not take."""
    asked = {asked.key: asked for asked in place.questions}[question]
    if given.value is not None:
        asked.points(given.value)
    if given.not_applicable:
        if not asked.may_not_apply:
            raise ValueError(f"{question}: a city cannot say that this question does not apply")
        if not given.reason:
            raise ValueError(f"{question}: what does not apply needs a reason")
        if given.value is not None:
            raise ValueError(f"{question}: what does not apply has no answer")


def look_at(place: OpenArea, at: datetime) -> None:
    """Note that somebody has an area before them."""
    AreaWork.objects.get_or_create(review=place.review, area=place.area.key, defaults={"opened_at": at})
    Presence.objects.update_or_create(
        review=place.review, area=place.area.key, person=place.person, defaults={"seen_at": at}
    )


def others_in(place: OpenArea, at: datetime) -> list[Person]:
    """Who else has the area before them, by name."""
    recent = Presence.objects.filter(
        review=place.review, area=place.area.key, seen_at__gte=at - SEEN_WITHIN
    ).exclude(person=place.person)
    return [presence.person for presence in recent.select_related("person").order_by("person__name")]


@transaction.atomic
def complete_area(*, place: OpenArea, at: datetime) -> None:
    """Mark an area as complete; the officers are told when a colleague does, once on a day.

    Twice is harmless. Raises NotOpen once the answers are sent.
    """
    day = timezone.localdate(at)
    work = _lock_work(place, at)
    if work.done_at is not None:
        return
    is_news = place.assignment is not None and work.told_on != day
    work.done_at, work.done_by = at, place.person
    if is_news:
        work.told_on = day
    work.save(update_fields=["done_at", "done_by", "told_on"])
    if is_news:
        for officer in officers_of(place.review.city, day):
            send_notice_to(officer, "review/mail/area-complete", {"place": place}, "area-complete")


@transaction.atomic
def reopen_area(*, place: OpenArea, at: datetime) -> None:
    """Take back that an area is complete. Raises NotOpen once the answers are sent."""
    work = _lock_work(place, at)
    work.done_at = work.done_by = None
    work.save(update_fields=["done_at", "done_by"])


def _lock_work(place: OpenArea, at: datetime) -> AreaWork:
    review = Review.objects.select_for_update().get(pk=place.review.pk)
    if review.state != State.FILLING:
        raise NotOpen(f"{review} is {review.state}; its areas cannot be changed.")
    work, _ = AreaWork.objects.get_or_create(review=review, area=place.area.key, defaults={"opened_at": at})
    return work


def forget_presences(at: datetime) -> int:
    """Delete who was where a day ago; returns how many there were."""
    count, _ = Presence.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()
    return count
