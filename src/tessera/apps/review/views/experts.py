"""The pages on which a coordinator finds experts for a review, and on which they say yes or no."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.review.access import get_review_of_cycle, may_validate
from tessera.apps.review.access.checking import (
    experts_offered_for,
    get_appointment_to_release,
    get_own_appointment,
)
from tessera.apps.review.actions import experts as actions
from tessera.apps.review.forms.experts import AcceptanceForm, ExpertForm, RefusalForm
from tessera.apps.review.lifecycle import JUDGED
from tessera.apps.review.models import Appointment, Review

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@read_and_write
def find_experts(request: HttpRequest, review: int) -> HttpResponse:
    """Who checks a review, who was asked before, and whom to ask."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_review_of_cycle(me, review, today)
    offered = experts_offered_for(shown, today)
    form = ExpertForm(request.POST or None, experts=offered)
    if form.is_valid():
        try:
            actions.appoint_expert(by=me, review=shown, expert=form.chosen, at=timezone.now())
        except actions.CannotAppoint:
            form.add_error("expert", gettext("This person cannot check the review any more."))
        else:
            said = gettext("%(name)s was asked by e-mail.") % {"name": form.chosen}
            messages.success(request, said)
            return redirect("review:experts", shown.pk)
    asked = shown.appointments.select_related("expert")
    standing = [each for each in asked if each.stands]
    context = {
        "review": shown,
        "appointments": [_row(each, shown, today) for each in asked],
        "form": form,
        "has_room": len(standing) < actions.MOST_EXPERTS and shown.state not in JUDGED,
        "offered": offered,
        "crumbs": _cycle_crumbs(shown),
    }
    return render(request, "review/experts.html", context, status=400 if form.is_bound else 200)


def _row(appointment: Appointment, review: Review, today: date) -> dict[str, object]:
    label, color = appointment.in_words, "success" if appointment.checks else "info"
    if not appointment.stands:
        color = "neutral"
    elif not may_validate(appointment.expert, review.city, today):
        label, color = gettext("has a tie to the city by now"), "warning"
    return {
        "appointment": appointment,
        "label": label,
        "color": color,
        "may_release": appointment.stands and review.state not in JUDGED,
    }


@login_required
@require_POST
def release_expert(request: HttpRequest, appointment: int) -> HttpResponse:
    me = signed_in(request)
    ending = get_appointment_to_release(me, appointment, timezone.localdate())
    try:
        actions.release_expert(by=me, appointment=ending, at=timezone.now())
    except actions.CannotRelease:
        messages.error(request, gettext("The review is validated. There is nothing left to check."))
        return redirect("review:experts", ending.review_id)
    said = gettext("%(name)s does not check this review any more, and is told by e-mail.")
    messages.success(request, said % {"name": ending.expert})
    return redirect("review:experts", ending.review_id)


@login_required
@read_and_write
def answer_appointment(request: HttpRequest, appointment: int) -> HttpResponse:
    """An expert takes a review on, with a declaration, or does not, with a reason."""
    me, today = signed_in(request), timezone.localdate()
    asked = get_own_appointment(me, appointment, today)
    way = request.POST.get("way")
    accepting = AcceptanceForm(request.POST if way == "accept" else None)
    refusing = RefusalForm(request.POST if way == "decline" else None)
    try:
        if accepting.is_valid():
            actions.accept_appointment(expert=me, appointment=asked, at=timezone.now())
            messages.success(request, gettext("You have taken the review on."))
            return redirect("review:appointment", asked.pk)
        if refusing.is_valid():
            reason = refusing.cleaned_data["reason"]
            actions.decline_appointment(expert=me, appointment=asked, reason=reason, at=timezone.now())
            messages.success(request, gettext("Thank you. Somebody else is asked now."))
            return redirect("web:work")
    except actions.CannotAccept:
        messages.error(
            request,
            gettext(
                "Nothing was changed: you have a tie to this city, were released, or the review is validated."
            ),
        )
        return redirect("web:work")
    context = {
        "appointment": asked,
        "review": asked.review,
        "is_tied": not may_validate(me, asked.review.city, today),
        "is_judged": asked.review.state in JUDGED,
        "accepting": accepting,
        "refusing": refusing,
        # That which was sent: the page's title says whether there is an error.
        "form": refusing if refusing.is_bound else accepting,
        "due_on": date_format(asked.review.due_on) if asked.review.due_on else "",
        "crumbs": [(gettext("Your work"), reverse("web:work"))],
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "review/appointment.html", context, status=status)


def _cycle_crumbs(review: Review) -> list[tuple[str, str]]:
    cycle = review.cycle
    # `get_review_of_cycle` finds no other.
    assert cycle is not None
    return [
        (gettext("Your work"), reverse("web:work")),
        (gettext("Review cycles"), reverse("review:cycles")),
        (f"{cycle.title}, {cycle.year}", cycle.get_absolute_url()),
    ]
