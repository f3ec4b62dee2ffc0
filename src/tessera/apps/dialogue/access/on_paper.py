"""Sheets of paper: of a consultation that one keeps."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import consultations_kept_by
from tessera.apps.dialogue.models import (
    Consultation,
    Sheet,
)


def get_sheet_to_enter(person: Person, pk: int, day: date) -> Sheet:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_sheet(_sheets_entered_by(person, day), pk)


def lock_sheet_to_enter(person: Person, pk: int, day: date) -> Sheet:
    """The same, and whoever else types it in, or closes the consultation, waits."""
    found = get_sheet_to_enter(person, pk, day)
    # In the order of closing, which takes the consultation first.
    Consultation.objects.select_for_update(no_key=True).get(pk=found.printing.consultation_id)
    return _get_sheet(_sheets_entered_by(person, day).select_for_update(of=("self",)), pk)


def _sheets_entered_by(person: Person, day: date) -> QuerySet[Sheet]:
    kept = consultations_kept_by(person, day)
    return Sheet.objects.select_related("printing__consultation__city").filter(
        printing__consultation__in=kept
    )


def _get_sheet(sheets: QuerySet[Sheet], pk: int) -> Sheet:
    found = sheets.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_sheet(consultation: Consultation, number: int) -> Sheet | None:
    return Sheet.objects.filter(printing__consultation=consultation, pk=number).first()
