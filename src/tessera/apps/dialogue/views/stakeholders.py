"""Whom a consultation should hear and whom it heard, and how to reach people who wished it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import contacts
from tessera.apps.dialogue.actions import stakeholders as actions
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.stakeholders import ContactForm, StakeholderForm
from tessera.apps.dialogue.models import Consultation, Purpose
from tessera.apps.dialogue.published_tables import read_published
from tessera.apps.dialogue.staff_pages import Crumbs, ask, crumbs_to, read_and_write, what_was_sent
from tessera.apps.dialogue.stakeholder_map import read_stakeholder_map


@login_required
@require_safe
def show_stakeholders(request: HttpRequest, consultation: int) -> HttpResponse:
    """The map: those first whom the consultation has not heard."""
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    published = read_published(kept)
    return ask(
        request,
        "dialogue/stakeholders.html",
        kept,
        Form(),
        map=read_stakeholder_map(kept),
        missing=[] if published is None else published.missing(),
    )


@login_required
@read_and_write
def add_stakeholder(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    form = StakeholderForm(
        what_was_sent(request), standing=None, initial={"name": request.GET.get("name", "")}
    )
    if form.is_valid():
        try:
            actions.add_stakeholder(by=me, consultation=kept, plan=form.plan, at=now)
        except actions.NamedAlready:
            form.say_named()
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:stakeholders", kept.pk)
    return ask(request, "dialogue/stakeholder.html", kept, form, **_from_map(kept))


@login_required
@read_and_write
def change_stakeholder(request: HttpRequest, stakeholder: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_stakeholder_to_keep(me, stakeholder, timezone.localdate(now))
    form = StakeholderForm(what_was_sent(request), standing=kept)
    if form.is_valid():
        try:
            actions.change_stakeholder(by=me, stakeholder=kept, plan=form.plan, at=now)
        except actions.NamedAlready:
            form.say_named()
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:stakeholders", kept.consultation_id)
    return ask(
        request,
        "dialogue/stakeholder.html",
        kept.consultation,
        form,
        stakeholder=kept,
        **_from_map(kept.consultation),
    )


def _from_map(consultation: Consultation) -> dict[str, str | Crumbs]:
    """The way to a page below the map, and out of it."""
    url = reverse("dialogue:stakeholders", args=[consultation.pk])
    return {"back": url, "crumbs": [*crumbs_to(consultation), (gettext("Stakeholders"), url)]}


@login_required
@require_POST
def remove_stakeholder(request: HttpRequest, stakeholder: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_stakeholder_to_keep(me, stakeholder, timezone.localdate(now))
    actions.remove_stakeholder(by=me, stakeholder=kept, at=now)
    messages.success(request, gettext("%(name)s is not on the map any more.") % {"name": kept.name})
    return redirect("dialogue:stakeholders", kept.consultation_id)


@login_required
@cache_control(private=True, no_store=True)
@read_and_write
def keep_contacts(request: HttpRequest, consultation: int) -> HttpResponse:
    """How to reach people who wished it, and a form to write down another."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    kept = access.get_consultation_to_keep(me, consultation, today)
    form = ContactForm(what_was_sent(request), today=today, initial={"language": kept.first_language})
    if form.is_valid():
        found = form.cleaned_data
        contacts.keep_contact(
            by=me,
            consultation=kept,
            purpose=Purpose(found["purpose"]),
            name=found["name"],
            way=found["way"],
            language=found["language"],
            until=found["until"],
            at=now,
        )
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:contacts", kept.pk)
    # Nobody reads one past its day, also before the clock comes by to erase it.
    slips = kept.contact_slips.filter(until__gte=today).order_by("purpose", "until", "pk")
    return ask(
        request,
        "dialogue/contacts.html",
        kept,
        form,
        slips=[(slip, language_name(slip.language)) for slip in slips],
        told_within_days=contacts.TOLD_WITHIN_DAYS,
    )


@login_required
@require_POST
def erase_contact(request: HttpRequest, slip: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_contact_slip_to_keep(me, slip, timezone.localdate(now))
    contacts.erase_contact(by=me, slip=kept, at=now)
    messages.success(request, gettext("Erased."))
    return redirect("dialogue:contacts", kept.consultation_id)
