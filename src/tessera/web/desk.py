"""What somebody can do here, in every phase, by the roles they hold today."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network import access as people
from tessera.apps.network.models import Kind, Role
from tessera.apps.review import access as reviews
from tessera.apps.review import inbox as queries
from tessera.apps.review.access import checking
from tessera.apps.review.lifecycle import State


@login_required
@require_safe
def show_work(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    coordinates = people.holds(me, Kind.COORDINATOR, today)
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
                "is_tied": not reviews.may_validate(me, appointment.review.city, today),
            }
            for appointment in checking.appointments_of(me, today)
        ],
        "cycles": reviews.cycles_kept_by(me, today) if coordinates else [],
        "drafts": checking.drafts_to_reply_to(me, today),
        "queries_waiting": queries.count_waiting(me, today),
        "has_queries": queries.has_queries(me, today),
        "filling": State.FILLING,
        "today": today,
    }
    return render(request, "web/your_work.html", context)
