"""How to reach people who wished it: for one purpose, and until a day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import get_consultation_to_keep
from tessera.apps.dialogue.access.in_the_room import get_contact_slip_to_keep
from tessera.apps.dialogue.models import Consultation, ContactSlip, Purpose

CONTACTS_ARE_KEPT_DAYS = 183
"""Half a year, unless the form says otherwise: by then most consultations are closed and summed up."""
LONGEST_CONTACT_DAYS = 548
"""A year and a half: within it a city answers, or has to ask people anew whether it may write to them."""

TOLD_WITHIN_DAYS = 60
"""After a consultation was answered: by then whoever wished it was told, and the way to them is of no use."""


class KeptTooLong(ValueError):
    """The day after which it is erased is past, or too far off."""


@transaction.atomic
def keep_contact(
    *,
    by: Person,
    consultation: Consultation,
    purpose: Purpose,
    name: str,
    way: str,
    language: str,
    until: date,
    at: datetime,
) -> ContactSlip:
    """Keep how to reach somebody who agreed to it today.

    Raises Http404 unless `by` keeps the consultation, and KeptTooLong.
    """
    day = timezone.localdate(at)
    consultation = get_consultation_to_keep(by, consultation.pk, day)
    if not day <= until <= day + timedelta(days=LONGEST_CONTACT_DAYS):
        raise KeptTooLong(f"Until {until}; at most {LONGEST_CONTACT_DAYS} days from {day}.")
    return ContactSlip.objects.create(
        consultation=consultation,
        purpose=purpose,
        name=name,
        way=way,
        language=language,
        consented_on=day,
        until=until,
    )


@transaction.atomic
def erase_contact(*, by: Person, slip: ContactSlip, at: datetime) -> None:
    """Forget it at once, as whoever is on it may ask. Raises Http404 unless `by` keeps the consultation."""
    get_contact_slip_to_keep(by, slip.pk, timezone.localdate(at)).delete()
