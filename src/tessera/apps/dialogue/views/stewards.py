"""Who may take all votes of a consultation, each on its own; and where they take them."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import stewardship as actions
from tessera.apps.dialogue.forms.keeping import StewardForm
from tessera.apps.dialogue.staff_pages import ask, crumbs_to, read_and_write, what_was_sent


@login_required
@read_and_write
def name_steward(request: HttpRequest, consultation: int) -> HttpResponse:
    """Who is steward, who took what and when, and a form to name another."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    shown = access.get_own_consultation(me, consultation, today)
    stewardships = list(shown.stewardships.select_related("person", "named_by"))
    people = access.people_to_name_steward(shown.city, today).exclude(
        pk__in=[each.person_id for each in stewardships]
    )
    form = StewardForm(what_was_sent(request), people=list(people.order_by("name", "pk")))
    if form.is_valid():
        try:
            actions.name_steward(
                by=me, consultation=shown, person=form.chosen, purpose=form.cleaned_data["purpose"], at=now
            )
        except actions.NamedAlready:
            messages.error(request, gettext("Somebody else named this steward meanwhile."))
        else:
            messages.success(request, gettext("%(person)s is steward now.") % {"person": form.chosen})
        return redirect("dialogue:stewards", shown.pk)
    return ask(
        request,
        "dialogue/stewards.html",
        shown,
        form,
        stewardships=stewardships,
        taken=list(shown.votes_taken.select_related("person").order_by("-pk")),
        offered=len(people),
    )


@login_required
@require_POST
def end_stewardship(request: HttpRequest, stewardship: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    ended = access.get_stewardship_to_end(me, stewardship, timezone.localdate(now))
    actions.end_stewardship(by=me, stewardship=ended, at=now)
    messages.success(request, gettext("%(person)s is steward no more.") % {"person": ended.person})
    return redirect("dialogue:stewards", ended.consultation_id)


@login_required
@cache_control(private=True, no_store=True)
@read_and_write
def take_votes(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what the files hold and what for they are given, and give them to the steward."""
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_consultation_as_steward(me, consultation, today)
    if request.method == "POST":
        return _give_votes(request, consultation=consultation)
    return ask(
        request,
        "dialogue/take_votes.html",
        shown,
        Form(),
        stewardship=shown.stewardships.get(person=me),
        is_closed=shown.has_ended,
        taken=list(shown.votes_taken.filter(person=me).order_by("-pk")),
        crumbs=crumbs_to(),
    )


@reauthentication_required  # A session that was left open on a desk is not enough for this.
def _give_votes(request: HttpRequest, *, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = access.get_consultation_as_steward(me, consultation, timezone.localdate(now))
    try:
        taken = actions.take_votes(
            by=me, consultation=shown, url=request.build_absolute_uri(shown.take_part_url), at=now
        )
    except actions.StillOpen:
        messages.error(request, gettext("Votes can be taken once the consultation is closed."))
    except actions.NoVotes:
        messages.error(request, gettext("There are no votes."))
    else:
        headers = {"Content-Disposition": f'attachment; filename="votes-{shown.slug}.zip"'}
        return HttpResponse(taken.archive, content_type="application/zip", headers=headers)
    return redirect("dialogue:take-votes", shown.pk)
