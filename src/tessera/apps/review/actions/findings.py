"""What experts conclude: they write findings, show the city a draft of the report, and the city replies."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.network.local_text import LocalText, page_language
from tessera.apps.records.mail import send_mail_to
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import check_acts_for
from tessera.apps.review.access.checking import experts_to_tell
from tessera.apps.review.actions.locks import (
    begin_checking,
    check_is_with_experts,
    lock_review,
    lock_to_check,
)
from tessera.apps.review.drafts import latest_draft
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.findings import Bases, bases_of, bases_offered, read_offered
from tessera.apps.review.models import CityReply, Draft, Finding, FindingBasis, FindingKind, Review


class CannotWrite(ValueError):
    """A finding rests on nothing, or on what the review does not have."""


class StaleFinding(Exception):
    """The other expert saved the finding in the meantime. `standing` is what they left; nothing was saved."""

    def __init__(self, standing: Finding) -> None:
        self.standing = standing
        super().__init__(f"{standing} is at revision {standing.revision} by now.")


class FindingDropped(Exception):
    """The finding was dropped in the meantime. Nothing was saved."""


class CannotShow(ValueError):
    """The experts say nothing yet that could be shown."""


class CannotReply(ValueError):
    """No draft was shown, or the reply says nothing."""


class NewerDraft(Exception):
    """The experts showed another draft since the city read this one. Nothing was saved."""


@transaction.atomic
def write_finding(
    *,
    expert: Person,
    review: Review,
    finding: int | None,
    kind: FindingKind,
    text: LocalText,
    next_step: LocalText | None,
    bases: Bases,
    revision: int,
    at: datetime,
) -> Finding:
    """Write a finding, or change one.

    `finding` is the number of the one to change, None for a new one, which comes last in the order.
    `revision` is that of the finding which the expert read, 0 for a new one. The same again is harmless, new
    or not. Raises PermissionDenied for anybody but an expert who took on the review, MoveError unless experts
    have it, CannotWrite for a finding that rests on nothing or on what the review does not have, StaleFinding
    and FindingDropped.
    """
    review = lock_to_check(expert, review, at)
    if not bases:
        raise CannotWrite("A finding rests on at least one area, answer or piece of evidence.")
    strange = bases - bases_offered(read_offered(review, page_language()))
    if strange:
        raise CannotWrite(f"{review} has nothing of this that a finding could rest on: {strange}")
    said = {"kind": kind, "text": text, "next_step": next_step}
    if finding is None:
        for other in review.findings.prefetch_related("bases"):
            if _says(other, said, bases):
                return other
        standing = Finding.objects.create(
            review=review, place=review.findings.count() + 1, written_by=expert, written_at=at, **said
        )
    else:
        found = review.findings.filter(pk=finding).first()
        if found is None:
            raise FindingDropped(f"{review} has no finding {finding} any more.")
        standing = found
        if _says(standing, said, bases):
            return standing
        if standing.revision != revision:
            raise StaleFinding(standing)
        for name, value in said.items():
            setattr(standing, name, value)
        standing.revision += 1
        standing.written_by, standing.written_at = expert, at
        standing.save(update_fields=[*said, "revision", "written_by", "written_at"])
    _rest(standing, bases)
    begin_checking(review)
    return standing


@transaction.atomic
def drop_finding(*, expert: Person, review: Review, finding: int, at: datetime) -> None:
    """Delete a finding; twice is harmless. Raises PermissionDenied and MoveError as `write_finding` does."""
    review = lock_to_check(expert, review, at)
    dropped = review.findings.filter(pk=finding).first()
    if dropped is None:
        return
    dropped.delete()
    _number(review.findings.all())
    begin_checking(review)


@transaction.atomic
def move_finding(*, expert: Person, review: Review, finding: int, up: bool, at: datetime) -> None:
    """Let a finding change places with the one above it, or below it where not `up`.

    Harmless at the ends, and for a finding that was dropped. Raises PermissionDenied and MoveError as
    `write_finding` does.
    """
    review = lock_to_check(expert, review, at)
    findings = list(review.findings.all())
    place = next((place for place, each in enumerate(findings) if each.pk == finding), None)
    if place is None:
        return
    other = place - 1 if up else place + 1
    if not 0 <= other < len(findings):
        return
    findings[place], findings[other] = findings[other], findings[place]
    _number(findings)
    begin_checking(review)


@transaction.atomic
def show_draft(*, expert: Person, review: Review, message: str, at: datetime) -> Draft:
    """Show the city what the experts say as it stands now, and tell its officers.

    What is shown stays as it is, whatever the experts write afterwards. The same again, with the same
    message, is harmless. Raises PermissionDenied and MoveError as `write_finding` does, and CannotShow where
    there is neither a finding nor an opinion.
    """
    review = lock_to_check(expert, review, at)
    words = read_expert_words(review, only_public=False)
    if not (words.findings or words.opinions):
        raise CannotShow(f"The experts have written no finding and no opinion about {review}.")
    last = latest_draft(review)
    if last is not None and (last.words, last.message) == (words, message):
        return last
    draft = Draft.objects.create(
        review=review, shown_by=expert, shown_at=at, message=message, words_json=words.to_json()
    )
    begin_checking(review)
    context = {"review": review, "by": expert, "message": message}
    for officer in officers_of(review.city, timezone.localdate(at)):
        send_mail_to(officer, "review/mail/draft-shown", context, "review-draft-shown")
    return draft


@transaction.atomic
def reply_to_draft(*, person: Person, draft: Draft, text: str, at: datetime) -> CityReply:
    """Say something to the latest draft for the city, and tell the experts. The same again is harmless.

    Raises PermissionDenied for anybody but the officers of the city, MoveError unless experts have the
    review, CannotReply for an empty reply, and NewerDraft where `draft`, which the person read, is not the
    latest one any more.
    """
    day = timezone.localdate(at)
    review = lock_review(draft.review)
    check_acts_for(person, review, day)
    check_is_with_experts(review)
    if not text.strip():
        raise CannotReply("An empty reply says nothing.")
    if not Draft.objects.not_past().filter(pk=draft.pk).exists():
        raise MoveError(f"What {draft} led to is published.")
    if draft != latest_draft(review):
        raise NewerDraft(f"The experts showed {review.city} another draft meanwhile.")
    same = draft.replies.filter(person=person, text=text).first()
    if same is not None:
        return same
    reply = CityReply.objects.create(draft=draft, person=person, text=text, written_at=at)
    context = {"review": review, "by": person, "text": text}
    for expert in experts_to_tell(review, day):
        send_mail_to(expert, "review/mail/draft-replied", context, "review-draft-replied")
    return reply


def _says(finding: Finding, said: dict[str, object], bases: Bases) -> bool:
    same = all(getattr(finding, name) == value for name, value in said.items())
    return same and bases_of(finding) == bases


def _rest(finding: Finding, bases: Bases) -> None:
    before = bases_of(finding)
    gone, new = before - bases, bases - before
    left = Q(area__in=gone.areas) | Q(question__in=gone.questions) | Q(evidence__in=gone.evidence)
    for basis in finding.bases.filter(left):
        basis.delete()
    for area in sorted(new.areas):
        FindingBasis.objects.create(finding=finding, area=area)
    for question in sorted(new.questions):
        FindingBasis.objects.create(finding=finding, question=question)
    for piece in sorted(new.evidence):
        FindingBasis.objects.create(finding=finding, evidence_id=piece)


def _number(findings: Iterable[Finding]) -> None:
    for place, finding in enumerate(findings, start=1):
        if finding.place != place:
            finding.place = place
            finding.save(update_fields=["place"])
