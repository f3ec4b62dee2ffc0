"""What somebody can do here, in every phase, by the roles they hold today."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.dialogue import access as consultations
from tessera.apps.dialogue.access import summing_up
from tessera.apps.dialogue.moderation_queue import count_to_moderate
from tessera.apps.network import access as people
from tessera.apps.network.models import Kind, Role
from tessera.apps.review import access as reviews
from tessera.apps.review import inbox as queries
from tessera.apps.review.access import checking, sharing
from tessera.apps.review.lifecycle import State


@login_required
@require_safe
def show_work(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    coordinates = people.holds(me, Kind.COORDINATOR, today)
    tied = set(reviews.cities_not_judged_by(me, today).values_list("pk", flat=True))
    context = {
        "roles": Role.objects.on(today).filter(person=me).select_related("city", "network", "organisation"),
        "manages_people": people.manages_people(me, today),
        "coordinates": coordinates,
        "declares_ties": people.declares_ties(me, today),
        "own_cities": people.cities_acted_for(me, today).alphabetical(),
        "reviews": reviews.reviews_of_own_cities(me, today),
        "assignments": reviews.assignments_of(me, today),
        "appointments": [
            {
                "appointment": appointment,
                "is_tied": appointment.review.city_id in tied,
            }
            for appointment in checking.appointments_of(me, today)
        ],
        "cycles": reviews.cycles_kept_by(me, today) if coordinates else [],
        "drafts": checking.drafts_to_reply_to(me, today),
        # A coordinator goes there from the page of the cycle.
        "comparisons": sharing.cycles_compared_by(me, today).exclude(
            network__in=people.networks_of(me, today)
        ),
        "queries_waiting": queries.count_waiting(me, today),
        "has_queries": queries.has_queries(me, today),
        "consultations": _consultations(me, today),
        "sees_consultations": consultations.consultations_seen_by(me, today).exists(),
        "filling": State.FILLING,
        "today": today,
    }
    return render(request, "web/your_work.html", context)


def _consultations(me: Person, day: date) -> list[dict[str, object]]:
    """Those that somebody keeps and that are not closed, not answered, or in which a statement waits."""
    kept = consultations.consultations_kept_by(me, day).prefetch_related("phases")
    if not kept:
        return []
    waiting = count_to_moderate(kept)
    awaited = set(summing_up.consultations_to_answer(me, day).values_list("pk", flat=True))
    return [
        {"consultation": each, "waiting": waiting.get(each.pk, 0), "is_awaited": each.pk in awaited}
        for each in kept
        if not each.has_ended or each.pk in waiting or each.pk in awaited
    ]
