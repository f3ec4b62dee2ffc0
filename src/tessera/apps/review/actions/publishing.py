"""Recording a validated review, and publishing it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import City
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import may_publish, may_validate
from tessera.apps.review.lifecycle import Act, State, move
from tessera.apps.review.models import (
    Answer,
    Evidence,
    EvidenceUse,
    Publication,
    PublishedPiece,
    Review,
    pieces_in,
    written_value,
)
from tessera.apps.review.to_publish import read_public_result, standing_before
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.load import find_framework


class WrongNote(ValueError):
    """A correction says what it puts right; a first publication corrects nothing."""


@transaction.atomic
def record_review(
    *,
    city: City,
    sheet: AnswerSheet,
    validated_by: Person,
    validated_at: datetime,
    public_notes: Iterable[str] = (),
) -> Review:
    """Keep a city's sheet that an expert has validated.

    `public_notes` are the questions whose note and evidence the city lets anybody read. Raises
    PermissionDenied where the expert works, or lately worked, for the city; KeyError for an answer to a
    question that the questionnaire does not have, and ValueError for an answer that it does not take.
    """
    if not may_validate(validated_by, city, timezone.localdate(validated_at)):
        raise PermissionDenied(
            f"{validated_by} works or lately worked for {city} and cannot validate its review."
        )
    framework = find_framework(sheet.framework_id, sheet.version)
    for key, answer in sheet.answers.items():
        question = framework.question(key)
        if answer.value is not None:
            question.points(answer.value)
        if answer.not_applicable and not question.may_not_apply:
            raise ValueError(f"{key}: a city cannot say that this question does not apply")
    review = Review.objects.create(
        city=city,
        framework_id=framework.id,
        version=framework.version,
        pathway=sheet.pathway,
        year=sheet.year,
        invented=sheet.invented,
        state=State.VALIDATED,
        validated_by=validated_by,
        validated_at=validated_at,
    )
    _record_answers(review, sheet, frozenset(public_notes))
    return review


def _record_answers(review: Review, sheet: AnswerSheet, public: frozenset[str]) -> None:
    answers: list[Answer] = []
    pieces: dict[tuple[str, bool], Evidence] = {}
    uses: list[EvidenceUse] = []
    for question, given in sheet.answers.items():
        answers.append(
            Answer(
                review=review,
                question=question,
                value=written_value(given.value),
                not_applicable=given.not_applicable,
                reason=given.reason,
                note=given.note,
                is_note_public=question in public,
            )
        )
        for piece in pieces_in(given.evidence):
            piece.review, piece.is_public = review, question in public
            # The same piece for several answers is kept once.
            kept = pieces.setdefault((piece.in_words, piece.is_public), piece)
            uses.append(EvidenceUse(evidence=kept, question=question))
    Answer.objects.bulk_create(answers)
    Evidence.objects.bulk_create(pieces.values())
    EvidenceUse.objects.bulk_create(uses)


@transaction.atomic
def publish_review(*, review: Review, person: Person, at: datetime, note: str = "") -> Publication:
    """Freeze the result of a validated review and show it to all; the city's earlier one becomes history.

    The result compares with the earlier review and with the class as validated at this moment; cities that
    come later do not change it. Where the review is published already, this is a correction: `note` says what
    it puts right, and the publication before stays readable. Raises PermissionDenied unless the person acts
    for the city that day; MoveError where the review is not waiting to be published, a later one stands
    already, or the earlier one is being corrected; and WrongNote for a correction without a note, or a note
    without a correction.
    """
    # Two reviews of a city that are published at the same moment would both find nothing that stands.
    City.objects.select_for_update().get(pk=review.city_id)
    review = Review.objects.select_for_update().get(pk=review.pk)
    if not may_publish(person, review, timezone.localdate(at)):
        raise PermissionDenied(f"{person} does not act for {review.city} and cannot publish its review.")
    review.state = move(review.state, Act.PUBLISH)
    # A constraint holds that a validated review has both.
    assert review.validated_by is not None
    assert review.validated_at is not None
    last = review.publications.last()
    note = note.strip()
    if (last is None) != (note == ""):
        raise WrongNote(f"{review}: a correction, and nothing else, says what it puts right.")
    previous = last.previous if last else _supersede_earlier(review)
    result = read_public_result(review, previous)
    profile_json = result.profile.model_dump_json()
    publication = Publication.objects.create(
        review=review,
        number=last.number + 1 if last else 1,
        note=note,
        published_by=person,
        published_at=at,
        validated_by=review.validated_by,
        validated_at=review.validated_at,
        previous=previous,
        size_class=review.city.size or "",
        sheet_json=Publication.write_sheet(result.sheet),
        profile_json=profile_json,
        profile_hash=hashlib.sha256(profile_json.encode()).hexdigest(),
        words_json=result.words.to_json(),
    )
    publication.class_reviews.set(result.class_reviews)
    _publish_evidence(review, publication)
    review.standing_publication = publication
    review.save(update_fields=["state", "standing_publication"])
    correction = review.correction
    if correction is not None:
        correction.ended_at, correction.publication = at, publication
        correction.save(update_fields=["ended_at", "publication"])
    return publication


def _supersede_earlier(review: Review) -> Review | None:
    """What stands for the city makes room, if anything does."""
    earlier = standing_before(review).select_for_update().first()
    if earlier is None:
        return None
    if earlier.year > review.year:
        raise MoveError(
            f"The review of {earlier.year} stands already; one of {review.year} cannot follow it."
        )
    if earlier.is_being_corrected:
        raise MoveError(
            f"The review of {earlier.year} is being corrected; publish the correction, or give it up, first."
        )
    earlier.state = move(earlier.state, Act.SUPERSEDE)
    earlier.save(update_fields=["state"])
    return earlier


def _publish_evidence(review: Review, publication: Publication) -> None:
    """What the published answers name as public evidence, anybody may have from now on."""
    serving = EvidenceUse.objects.filter(
        evidence__review=review, question__in=publication.sheet.answers, evidence__is_public=True
    )
    PublishedPiece.objects.bulk_create(
        PublishedPiece(
            publication=publication,
            evidence=piece,
            title=piece.title,
            dated_on=piece.dated_on,
            language=piece.language,
        )
        for piece in Evidence.objects.filter(pk__in=serving.values("evidence"))
    )
