"""The priorities of a city as a consultation found them, and the areas that the city adds itself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import summing_up
from tessera.apps.dialogue.actions import priority_areas as actions
from tessera.apps.dialogue.forms.themes import AreaForm
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.priority_areas import areas_of
from tessera.apps.dialogue.staff_pages import (
    ask,
    crumbs_to_themes,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.themes_page import by_area, read_themes
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import page_language


@login_required
@require_safe
def show_priorities(request: HttpRequest, consultation: int) -> HttpResponse:
    """From each area to its themes, and what each rests on."""
    me, today = signed_in(request), timezone.localdate()
    shown = summing_up.get_consultation_with_themes(me, consultation, today)
    areas = areas_of(shown.city)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "areas": by_area(read_themes(shown, page_language()), areas),
        "own_areas": list(shown.city.own_priority_areas.all()),
        "is_own": acts_for(me, shown.city, today),
        "crumbs": crumbs_to_themes(shown, me, today),
    }
    return render(request, "dialogue/priorities.html", context)


@login_required
@read_and_write
def add_area(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    own = access.get_own_consultation(me, consultation, timezone.localdate(now))
    form = AreaForm(what_was_sent(request), languages=own.languages, standing={})
    if form.is_valid():
        actions.add_priority_area(by=me, city=own.city, name=form.text("name"), at=now)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:priorities", own.pk)
    return _ask(request, own, form, "dialogue/priority_area.html")


@login_required
@read_and_write
def rename_area(request: HttpRequest, consultation: int, area: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    own, standing = (
        access.get_own_consultation(me, consultation, today),
        summing_up.get_own_priority_area(me, area, today),
    )
    form = AreaForm(what_was_sent(request), languages=own.languages, standing={"name": standing.name})
    if form.is_valid():
        actions.rename_priority_area(by=me, area=standing, name=form.text("name"), at=now)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:priorities", own.pk)
    return _ask(request, own, form, "dialogue/priority_area.html", area=standing)


@login_required
@read_and_write
def remove_area(request: HttpRequest, consultation: int, area: int) -> HttpResponse:
    """Ask once, and remove it."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    own, standing = (
        access.get_own_consultation(me, consultation, today),
        summing_up.get_own_priority_area(me, area, today),
    )
    if request.method == "POST":
        try:
            actions.remove_priority_area(by=me, area=standing, at=now)
        except actions.AreaInUse:
            messages.error(request, gettext("A theme is in this area. Give it another area first."))
        else:
            messages.success(request, gettext("The area is removed."))
        return redirect("dialogue:priorities", own.pk)
    return _ask(request, own, Form(), "dialogue/remove_area.html", area=standing)


def _ask(request: HttpRequest, own: Consultation, form: Form, template: str, **context: Any) -> HttpResponse:
    back = reverse("dialogue:priorities", args=[own.pk])
    crumbs = [*crumbs_to_themes(own, signed_in(request), timezone.localdate()), (gettext("Priorities"), back)]
    return ask(request, template, own, form, back=back, crumbs=crumbs, **context)
