"""Adding evidence to answers, letting a piece serve further ones, and taking it away."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tessera.apps.records.files.storing import CheckedFile, store_file
from tessera.apps.review.access import OpenArea, evidence_seen_in, may_change_evidence, questions_open
from tessera.apps.review.actions.filling import NotOpen, void_verification
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review, pieces_in

MOST_PIECES = 500
"""In one review: more than any city needs, and few enough to fill no disk."""
_PLACE_OF_WORDS = {EvidenceKind.LINK: "url", EvidenceKind.QUOTATION: "text"}


class TooManyPieces(ValueError):
    """The review has as many pieces of evidence as one can have."""


class KnownSource(ValueError):
    """The source is there already as `piece`, and other things are said about it; nothing was saved."""

    def __init__(self, piece: Evidence) -> None:
        self.piece = piece
        super().__init__(f"{piece} is there already, and other things are said about it.")


class StaleEvidence(Exception):
    """What is said about `piece` was changed in the meantime; nothing was saved."""

    def __init__(self, piece: Evidence) -> None:
        self.piece = piece
        super().__init__(f"What is said about {piece} was changed in the meantime.")


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

    A source that the person sees already serves this answer, too, and is not kept twice; what is left empty
    is as it is said there. Raises KnownSource where something else is said now, NotOpen once the answers are
    sent, KeyError for a question that the area does not ask, and TooManyPieces.
    """
    review = _lock(place, question)
    known = _known_source(place, source, kind)
    fitting = [
        piece
        for piece in known
        if title in ("", piece.title)
        and dated_on in (None, piece.dated_on)
        and language in ("", piece.language)
        and is_public == piece.is_public
    ]
    if known and not fitting:
        raise KnownSource(known[0])
    if fitting:
        piece = fitting[0]
    else:
        _check_room(review)
        piece = Evidence(
            kind=kind,
            title=title,
            **_held(place, source, kind, at),
            dated_on=dated_on,
            language=language,
            is_public=is_public,
        )
        _keep(piece, place, review, at)
    _serve(review, piece, question)
    return piece


@transaction.atomic
def use_evidence(*, place: OpenArea, question: str, evidence: Evidence) -> None:
    """Let a piece of the review serve another answer. Twice is harmless.

    Raises as `add_evidence` does, and Evidence.DoesNotExist for a file that is withdrawn.
    """
    review = _lock(place, question)
    _serve(review, review.evidence.get(pk=evidence.pk, withdrawn_at=None), question)


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
    shown: str,
) -> None:
    """Change what is said about a piece; another source is another piece.

    `shown` is the mark of the piece as the person had it before them. What is said already is not saved
    again. Raises StaleEvidence, PermissionDenied unless the person may change it, as `add_evidence` does, and
    NotOpen where the piece serves an answer, too, that cannot be changed.
    """
    review = _lock(place, question)
    piece = review.evidence.get(pk=evidence.pk)
    if not may_change_evidence(place, piece):
        raise PermissionDenied(f"{piece} serves other areas, too.")
    standing = (piece.title, piece.dated_on, piece.language, piece.is_public)
    if standing == (title, dated_on, language, is_public):
        return
    if piece.mark != shown:
        raise StaleEvidence(piece)
    for use in piece.uses.all():
        _check_open(review, use.question)
    for use in piece.uses.all():
        _count_as_change(review, use.question)
    piece.title, piece.dated_on = title, dated_on
    piece.language, piece.is_public = language, is_public
    piece.save(update_fields=["title", "dated_on", "language", "is_public"])


@transaction.atomic
def drop_evidence(*, place: OpenArea, question: str, evidence: Evidence) -> None:
    """Let a piece no longer serve an answer. One that serves none is deleted, with its file.

    One that belongs to a publication stays, since what is published never changes. Raises as `add_evidence`
    does. Twice is harmless.
    """
    review = _lock(place, question)
    for use in EvidenceUse.objects.filter(evidence__review=review, evidence=evidence, question=question):
        _drop(use)
        _count_as_change(review, question)


@transaction.atomic
def write_evidence(*, place: OpenArea, question: str, before: str, words: str, at: datetime) -> None:
    """Let the pieces that an answer sheet names serve an answer, and no longer those that it named before.

    Those that are named both times, or neither time, stay as they are; of the others, what the review has
    already is used, and what is new is added and kept by the city. Raises NotOpen, KeyError and TooManyPieces
    as `add_evidence` does.
    """
    review = _lock(place, question)
    named_before = {piece.in_words for piece in pieces_in(before)}
    named = {piece.in_words: piece for piece in pieces_in(words)}
    uses = EvidenceUse.objects.filter(evidence__review=review, question=question)
    serving = list(uses.select_related("evidence__file"))
    for use in serving:
        if use.evidence.in_words in named_before - named.keys():
            _drop(use)
    known = {piece.in_words: piece for piece in review.evidence.select_related("file")}
    standing = named_before | {use.evidence.in_words for use in serving}
    for said, piece in named.items():
        if said not in standing:
            if said not in known:
                _check_room(review)
                known[said] = _keep(piece, place, review, at)
            EvidenceUse.objects.create(evidence=known[said], question=question)


def _lock(place: OpenArea, question: str) -> Review:
    if question not in {asked.key for asked in place.questions}:
        raise KeyError(question)
    review = Review.objects.select_for_update().get(pk=place.review.pk)
    _check_open(review, question)
    return review


def _check_open(review: Review, question: str) -> None:
    if question not in questions_open(review):
        raise NotOpen(f"{review} is {review.state}; the evidence for {question} cannot be changed.")


def _serve(review: Review, piece: Evidence, question: str) -> None:
    _, is_new = EvidenceUse.objects.get_or_create(evidence=piece, question=question)
    if is_new:
        _count_as_change(review, question)


def _count_as_change(review: Review, question: str) -> None:
    """What an expert said of an answer, they said of it with the evidence that it had then."""
    if review.state == State.RETURNED:
        void_verification(review, question)
        for answer in review.answers.filter(question=question):
            answer.revision += 1
            answer.save(update_fields=["revision"])


def _held(place: OpenArea, source: CheckedFile | str, kind: EvidenceKind, at: datetime) -> dict[str, Any]:
    if isinstance(source, CheckedFile):
        return {"file": store_file(file=source, by=place.person, at=at)}
    return {_PLACE_OF_WORDS[kind]: source}


def _known_source(place: OpenArea, source: CheckedFile | str, kind: EvidenceKind) -> list[Evidence]:
    pieces = evidence_seen_in(place).filter(withdrawn_at=None)
    if isinstance(source, CheckedFile):
        return list(pieces.filter(file__sha256=source.sha256))
    return list(pieces.filter(**{_PLACE_OF_WORDS[kind]: source}))


def _check_room(review: Review) -> None:
    if review.evidence.count() >= MOST_PIECES:
        raise TooManyPieces(f"{review} has {MOST_PIECES} pieces of evidence already.")


def _keep(piece: Evidence, place: OpenArea, review: Review, at: datetime) -> Evidence:
    piece.review, piece.added_by, piece.added_at = review, place.person, at
    piece.save()
    return piece


def _drop(use: EvidenceUse) -> None:
    piece = use.evidence
    use.delete()
    if piece.uses.exists() or piece.published_as.exists():
        return
    file = piece.file
    piece.delete()
    if file is not None:
        file.delete()
