"""What a facilitator types in for somebody who sits beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import get_consultation_to_keep
from tessera.apps.dialogue.actions.taking_part import check_key, take_in_votes
from tessera.apps.dialogue.models import Channel, Choice, Consultation, SpokenConsent


@dataclass(frozen=True)
class Spoken:
    """What somebody answered, who agreed that it is typed in."""

    key: str
    """Of the form, made anew for each person."""
    code: str
    """That they are given."""
    language: str
    votes: Mapping[int, Choice]
    """By the keys of the statements."""


@transaction.atomic
def take_spoken_answers(*, by: Person, consultation: Consultation, spoken: Spoken, at: datetime) -> None:
    """Keep what a resident said, and that they agreed to it. A form that comes again does nothing.

    Nothing leads from the consent to the answers. Those that were withdrawn do not come back with the form.

    Raises Http404 unless `by` keeps the consultation, WrongKey, NotNow, NoLink and NotShown of `taking_part`.
    """
    day = timezone.localdate(at)
    consultation = get_consultation_to_keep(by, consultation.pk, day)
    check_key(spoken.key)
    _, is_new = SpokenConsent.objects.get_or_create(
        consultation=consultation, key=spoken.key, defaults={"heard_by": by, "heard_on": day}
    )
    if is_new:
        take_in_votes(
            consultation=consultation,
            code_hash=token_hash(spoken.code),
            channel=Channel.ASSISTED,
            language=spoken.language,
            votes=spoken.votes,
            day=day,
        )
