"""Who reads, writes and publishes themes, and who decides what becomes of them."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    consultations_kept_by,
    consultations_seen_as_a_whole_by,
    find_consultation,
    findings_to_discuss,
)
from tessera.apps.dialogue.lifecycle import ENDED, State
from tessera.apps.dialogue.models import (
    Consultation,
    ConsultationQuerySet,
    PriorityArea,
    Theme,
)
from tessera.apps.network.access import cities_acted_for
from tessera.apps.review.models import Finding


def consultations_to_answer(person: Person, day: date) -> ConsultationQuerySet:
    """Those that are over and not answered yet, of cities that the person is officer of.

    Nobody waits for an answer to votes that were taken over from elsewhere.
    """
    over = Consultation.objects.filter(state__in=ENDED).exclude(state=State.ANSWERED)
    return over.filter(city__in=cities_acted_for(person, day), attribution="")


def get_consultation_with_themes(person: Person, pk: int, day: date) -> Consultation:
    """One whose themes a person may read before everybody does. Raises Http404 for any other."""
    return find_consultation(consultations_seen_as_a_whole_by(person, day), pk)


def get_theme_to_read(person: Person, pk: int, day: date) -> Theme:
    """One of a consultation whose themes the person may read. Raises Http404 for any other."""
    return _get_theme(consultations_seen_as_a_whole_by(person, day), pk)


def get_theme_to_keep(person: Person, pk: int, day: date) -> Theme:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_theme(consultations_kept_by(person, day), pk)


def get_theme_to_decide(person: Person, pk: int, day: date) -> Theme:
    """One of a consultation of a city that the person is officer of. Raises Http404 for any other."""
    return _get_theme(Consultation.objects.filter(city__in=cities_acted_for(person, day)), pk)


def _get_theme(consultations: ConsultationQuerySet, pk: int) -> Theme:
    themes = Theme.objects.select_related("consultation__city", "consultation__review")
    found = themes.filter(consultation__in=consultations.values("pk"), pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_theme_of(consultation: Consultation, pk: int) -> Theme:
    """Raises Http404 where it has no such theme."""
    found = consultation.themes.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def findings_for_themes(consultation: Consultation) -> QuerySet[Finding]:
    """Those of the review that it is about."""
    return findings_to_discuss(consultation.city).filter(review=consultation.review_id)


def get_own_priority_area(person: Person, pk: int, day: date) -> PriorityArea:
    """One that a city set up itself of which the person is officer. Raises Http404 for any other."""
    own = PriorityArea.objects.select_related("city").filter(city__in=cities_acted_for(person, day))
    found = own.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
