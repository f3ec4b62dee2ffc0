"""Where those who keep a consultation get a link to try it out, and erase what came of that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions.trial import clear_trial, make_trial_link
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.staff_pages import ask, read_and_write
from tessera.apps.records.moves import MoveError
from tessera.reports.qr import draw_qr


@login_required
@cache_control(private=True, no_store=True)
@read_and_write
def try_out(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what a trial is, and make its link, which is shown this once."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.state != State.DRAFT:
        return _go_back(request, kept)
    made: dict[str, object] = {}
    if request.method == "POST":
        try:
            token = make_trial_link(by=me, consultation=kept, at=now)
        except MoveError:
            return _go_back(request, kept)
        address = request.build_absolute_uri(reverse("take_part:trial-link", args=[kept.slug, token]))
        made = {"address": address, "drawing": mark_safe(draw_qr(address))}
    return ask(
        request,
        "dialogue/trial.html",
        kept,
        Form(),
        has_trial=bool(made) or kept.trial_hash != "",
        **made,
    )


@login_required
@require_POST
def clear(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    try:
        clear_trial(by=me, consultation=kept, at=now)
    except MoveError:
        return _go_back(request, kept)
    messages.success(request, gettext("All that came of the trial is erased, and its link works no more."))
    return redirect("dialogue:trial", kept.pk)


def _go_back(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    messages.error(request, gettext("It was opened: there is nothing to try out any more."))
    return redirect(consultation)
