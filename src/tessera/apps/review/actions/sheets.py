"""Taking over the answers of a sheet that was filled in elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.review.access import OpenArea, areas_of_own, check_acts_for
from tessera.apps.review.actions.evidence import write_evidence
from tessera.apps.review.actions.filling import NotOpen, save_answer
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, Review, Upload
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.sheets.read import FilledSheet
from tessera.frameworks.sheets.returned import Difference


@dataclass(frozen=True)
class Choice:
    """Which of two answers to a question shall stand."""

    shown: str
    """The mark of the answer that was here when the person chose."""
    takes_sheet: bool


@dataclass(frozen=True)
class Taken:
    saved: int
    left: int
    """Differences that nobody has chosen about as they are now."""


@transaction.atomic
def bring_back(*, person: Person, review: Review, filled: FilledSheet, at: datetime) -> Upload | None:
    """Keep a sheet until the person chooses, in place of an earlier one of theirs.

    Returns None, and keeps nothing, where the sheet would change nothing. Raises PermissionDenied unless the
    person acts for the city, and NotOpen once the answers are sent.
    """
    review = _lock(review)
    check_acts_for(person, review, timezone.localdate(at))
    Upload.objects.filter(review=review, person=person).delete()
    upload = Upload(review=review, person=person, brought_at=at)
    upload.hold(filled.sheet, dict(filled.marks))
    if not upload.differences(review):
        return None
    upload.save()
    return upload


@transaction.atomic
def take_over(*, upload: Upload, choices: Mapping[str, Choice], at: datetime) -> Taken:
    """Save the answers for which the sheet was chosen, and no others.

    `choices` are by question. A question whose answer here is no longer the one that was shown is left as it
    is, to be chosen again; once none is left the sheet is forgotten. Twice is harmless. Raises as
    `bring_back` does, and TooManyPieces, after which nothing is saved.
    """
    review = _lock(upload.review)
    areas = areas_of_own(upload.person, review, timezone.localdate(at))
    found = Upload.objects.filter(pk=upload.pk).first()
    if found is None:
        return Taken(saved=0, left=0)
    standing = {answer.question: answer for answer in review.answers.all()}
    saved, left = 0, []
    for difference in found.differences(review):
        question = difference.question
        choice = choices.get(question)
        if choice is None or choice.shown != found.mark_of_present(difference):
            left.append(question)
        elif choice.takes_sheet:
            _save(areas[review.framework.question(question).area], difference, standing.get(question), at)
            saved += 1
    if left:
        found.hold_only(left)
        found.save(update_fields=["sheet_json", "marks"])
    else:
        found.delete()
    return Taken(saved, len(left))


def _save(place: OpenArea, difference: Difference, standing: Answer | None, at: datetime) -> None:
    # Cells hold fewer digits and one kind of line end: what they did not change stays as it was written.
    changed = {
        part.name: getattr(difference.returned, part.name)
        for part in fields(GivenAnswer)
        if getattr(difference.returned, part.name) != getattr(difference.present, part.name)
    }
    evidence = changed.pop("evidence", None)
    if changed:
        before = standing.given() if standing else GivenAnswer()
        save_answer(
            place=place,
            question=difference.question,
            given=replace(before, **changed),
            # That anybody may read it was agreed of the earlier words.
            is_note_public=standing is not None and standing.is_note_public and "note" not in changed,
            revision=standing.revision if standing else 0,
            at=at,
        )
    if evidence is not None:
        write_evidence(
            place=place,
            question=difference.question,
            before=difference.present.evidence,
            words=evidence,
            at=at,
        )


def _lock(review: Review) -> Review:
    """The review with its answers as they are now. Whoever saves an answer, signs or sends waits here."""
    locked = Review.objects.select_for_update(of=("self",)).with_answers().get(pk=review.pk)
    if locked.state != State.FILLING:
        raise NotOpen(f"{locked} is {locked.state}; its answers cannot be changed.")
    return locked
