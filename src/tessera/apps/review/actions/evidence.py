"""Adding evidence to answers, letting a piece serve further ones, and taking it away."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tessera.apps.records.files.storing import CheckedFile, store_file
from tessera.apps.review.access import OpenArea, questions_open
from tessera.apps.review.actions.filling import NotOpen, void_verification
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review, pieces_in

MOST_PIECES = 500
"""In one review: more than any city needs, and few enough to fill no disk."""


class TooManyPieces(ValueError):
    """The review has as many pieces of evidence as one can have."""


@transaction.atomic
def add_evidence(
    *,
    place: OpenArea,
    question: str,
    source: CheckedFile | str,
    kind: EvidenceKind,
    title: str,
    dated_on: date | None,
    language: str,
    is_public: bool,
    at: datetime,
) -> Evidence:
    """Add a piece that serves the answer to a question: a file, the address of a link, or a quotation.

    A source that the review has already serves this answer, too, and is not kept twice. Raises NotOpen once
    the answers are sent, KeyError for a question that the area does not ask, and TooManyPieces.
    """
    review = _lock(place, question)
    known = _known_source(review, source)
    if known is None:
        if review.evidence.count() >= MOST_PIECES:
            raise TooManyPieces(f"{review} has {MOST_PIECES} pieces of evidence already.")
        known = Evidence.objects.create(
            review=review,
            kind=kind,
            title=title,
            **_held(place, source, kind, at),
            dated_on=dated_on,
            language=language,
            is_public=is_public,
            added_by=place.person,
            added_at=at,
        )
    EvidenceUse.objects.get_or_create(evidence=known, question=question)
    return known


@transaction.atomic
def use_evidence(*, place: OpenArea, question: str, evidence: Evidence) -> None:
    """Let a piece of the review serve another answer. Twice is harmless. Raises as `add_evidence` does."""
    review = _lock(place, question)
    EvidenceUse.objects.get_or_create(evidence=review.evidence.get(pk=evidence.pk), question=question)


@transaction.atomic
def change_evidence(
    *,
    place: OpenArea,
    question: str,
    evidence: Evidence,
    title: str,
    dated_on: date | None,
    language: str,
    is_public: bool,
) -> None:
    """Change what is said about a piece; another source is another piece.

    Raises as `add_evidence` does, and NotOpen where the piece serves an answer, too, that cannot be changed.
    """
    review = _lock(place, question)
    piece = review.evidence.get(pk=evidence.pk)
    for use in piece.uses.all():
        _check_open(review, use.question)
        void_verification(review, use.question)
    piece.title, piece.dated_on = title, dated_on
    piece.language, piece.is_public = language, is_public
    piece.save(update_fields=["title", "dated_on", "language", "is_public"])


@transaction.atomic
def drop_evidence(*, place: OpenArea, question: str, evidence: Evidence) -> None:
    """Let a piece no longer serve an answer. One that serves none is deleted, with its file.

    Raises as `add_evidence` does. Twice is harmless.
    """
    review = _lock(place, question)
    for use in EvidenceUse.objects.filter(evidence__review=review, evidence=evidence, question=question):
        _drop(use)


@transaction.atomic
def write_evidence(*, place: OpenArea, question: str, words: str, at: datetime) -> None:
    """Let exactly the pieces that an answer sheet names serve an answer.

    Those that serve it and are named in the same words stay as they are; of the others, what the review has
    already is used, and what is new is added and kept by the city. Raises as `add_evidence` does.
    """
    review = _lock(place, question)
    named = {piece.in_words: piece for piece in pieces_in(words)}
    uses = EvidenceUse.objects.filter(evidence__review=review, question=question)
    serving = {use.evidence.in_words: use for use in uses.select_related("evidence__file")}
    for said, use in serving.items():
        if said not in named:
            _drop(use)
    known = {piece.in_words: piece for piece in review.evidence.select_related("file")}
    for said, piece in named.items():
        if said in serving:
            continue
        if said in known:
            EvidenceUse.objects.create(evidence=known[said], question=question)
        else:
            add_evidence(
                place=place,
                question=question,
                source=piece.url or piece.text,
                kind=EvidenceKind(piece.kind),
                title=piece.title,
                dated_on=None,
                language="",
                is_public=False,
                at=at,
            )


def _lock(place: OpenArea, question: str) -> Review:
    if question not in {asked.key for asked in place.questions}:
        raise KeyError(question)
    review = Review.objects.select_for_update().get(pk=place.review.pk)
    _check_open(review, question)
    void_verification(review, question)
    return review


def _check_open(review: Review, question: str) -> None:
    if question not in questions_open(review):
        raise NotOpen(f"{review} is {review.state}; the evidence for {question} cannot be changed.")


def _held(place: OpenArea, source: CheckedFile | str, kind: EvidenceKind, at: datetime) -> dict[str, Any]:
    if isinstance(source, CheckedFile):
        return {"file": store_file(file=source, by=place.person, at=at)}
    return {"url" if kind == EvidenceKind.LINK else "text": source}


def _known_source(review: Review, source: CheckedFile | str) -> Evidence | None:
    if isinstance(source, CheckedFile):
        return review.evidence.filter(file__sha256=source.sha256).first()
    return review.evidence.filter(Q(url=source) | Q(text=source)).first()


def _drop(use: EvidenceUse) -> None:
    piece = use.evidence
    use.delete()
    if piece.uses.exists():
        return
    file = piece.file
    piece.delete()
    if file is not None:
        file.delete()
