"""Taking over a consultation that was held elsewhere, with the votes that people gave there."""

from datetime import date, datetime

import numpy as np
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import check_prepares
from tessera.apps.dialogue.actions.setting_up import AddressTaken
from tessera.apps.dialogue.languages import CODES
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.models import (
    Channel,
    Consultation,
    HidingReason,
    Participant,
    Statement,
    Vote,
)
from tessera.apps.dialogue.votes_from_elsewhere import FoundConversation
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City

_AT_ONCE = 5_000


class CannotImport(ValueError):
    """What is said about the votes is not enough, or not right; the message says what to give instead."""


@transaction.atomic
def import_consultation(
    *,
    by: Person,
    city: City,
    slug: str,
    title: str,
    language: str,
    attribution: str,
    found: FoundConversation,
    closed_on: date | None,
    invented: bool,
    at: datetime,
) -> Consultation:
    """Keep a conversation from elsewhere as a closed consultation of a city, all in one language.

    Nobody has a code for what is taken over. `attribution` says where it comes from and under which licence,
    and stands on all its pages. `closed_on` is asked for only where the votes have no times. What was taken
    out there stays out. Raises PermissionDenied unless `by` is officer of the city, AddressTaken, and
    CannotImport.
    """
    day = timezone.localdate(at)
    check_prepares(by, city, day)
    ended_on = found.ended_on or closed_on
    _check(slug, title, language, attribution, ended_on, day)
    assert ended_on is not None
    words = LocalText(language, {language: attribution.strip()})
    consultation = Consultation(
        city=city,
        slug=slug,
        state=State.CLOSED,
        title=LocalText(language, {language: title.strip()}),
        # Nobody here asks, or answers for it: the pages show where it comes from in the place of these.
        asked_by=words,
        what_follows=words,
        contact=words,
        languages=[language],
        invented=invented,
        attribution=attribution.strip(),
        prepared_by=by,
        closed_on=ended_on,
        # There never were any.
        codes_forgotten_on=ended_on,
    )
    try:
        with transaction.atomic():
            consultation.save()
    except IntegrityError:
        if Consultation.objects.filter(slug=slug).exists():
            raise AddressTaken(f"There is a consultation at {slug!r} already.") from None
        raise
    _keep_votes(consultation, found, _keep_statements(consultation, found), ended_on)
    return consultation


def _check(slug: str, title: str, language: str, attribution: str, ended_on: date | None, day: date) -> None:
    try:
        Consultation._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        raise CannotImport(f"{slug!r} is no address: {' '.join(error.messages)}") from None
    if language not in CODES:
        raise CannotImport(f"There are no pages in {language!r}; accepted: {', '.join(CODES)}.")
    if not title.strip():
        raise CannotImport("A title is expected.")
    if not attribution.strip():
        raise CannotImport("An attribution is expected: where the votes come from, and under which licence.")
    if ended_on is None:
        raise CannotImport("The votes have no times. Say on which day the consultation was closed.")
    if ended_on > day:
        raise CannotImport(f"It would be closed on {ended_on}, which is still to come.")


def _keep_statements(consultation: Consultation, found: FoundConversation) -> dict[str, int]:
    """Their numbers here, by their ids there: in the same order."""
    kept = Statement.objects.bulk_create(
        [
            Statement(
                consultation=consultation,
                text=each.text,
                language=consultation.first_language,
                state=StatementState.HIDDEN if each.is_out else StatementState.SHOWN,
                hiding_reason=HidingReason.ELSEWHERE if each.is_out else "",
                is_seeded=False,
            )
            for each in found.statements
        ],
        batch_size=_AT_ONCE,
    )
    return {each.key: statement.pk for each, statement in zip(found.statements, kept, strict=True)}


def _keep_votes(
    consultation: Consultation, found: FoundConversation, numbers: dict[str, int], ended_on: date
) -> None:
    votes = found.votes
    names = votes.participant_ids.tolist()
    # In the order from there: so the groups that are found here are those that are found there.
    people = Participant.objects.bulk_create(
        [
            Participant(
                consultation=consultation,
                # No hash looks so: whatever code comes, it is none of these.
                code_hash=f"imported {consultation.pk} {place}",
                channel=Channel.IMPORTED,
                language=consultation.first_language,
                joined_on=found.joined_on.get(name, ended_on),
            )
            for place, name in enumerate(names)
        ],
        batch_size=_AT_ONCE,
    )
    keys = [person.pk for person in people]
    statements = [numbers[name] for name in votes.statement_ids.tolist()]
    voters = np.repeat(np.arange(len(keys)), votes.n_votes).tolist()
    Vote.objects.bulk_create(
        (
            Vote(participant_id=keys[voter], statement_id=statements[statement], value=value, recent_keys="")
            for voter, statement, value in zip(
                voters, votes.statements.tolist(), votes.values.tolist(), strict=True
            )
        ),
        batch_size=_AT_ONCE,
    )
