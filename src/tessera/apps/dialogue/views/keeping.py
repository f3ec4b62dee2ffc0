"""The pages on which a consultation is kept: how it stands, who keeps it, when it opens and closes."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import setting_up as actions
from tessera.apps.dialogue.coding_progress import read_coding_progress
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.keeping import ClosingForm, FacilitatorsForm
from tessera.apps.dialogue.forms.setting_up import TEXT_LABELS
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.live_counts import STEP, count_live
from tessera.apps.dialogue.models import Consultation, Sheet, Statement
from tessera.apps.dialogue.moderation_queue import count_to_moderate
from tessera.apps.dialogue.session_list import count_in_the_room
from tessera.apps.dialogue.staff_pages import ask, crumbs_to, mark_language, read_and_write, what_was_sent
from tessera.apps.dialogue.themes_page import count_summing_up
from tessera.apps.network.access import cities_acted_for
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError


@login_required
@require_safe
def show_consultations(request: HttpRequest) -> HttpResponse:
    """Those that somebody keeps or sees, and the cities for which one can begin another."""
    me, today = signed_in(request), timezone.localdate()
    seen = access.consultations_seen_by(me, today)
    waiting = count_to_moderate(access.consultations_kept_by(me, today))
    context = {
        "consultations": [
            {"consultation": each, "waiting": waiting.get(each.pk, 0)}
            for each in seen.prefetch_related("phases")
        ],
        "as_steward": access.consultations_of_steward(me, today),
        "as_expert": access.consultations_checked_by(me, today),
        "own_cities": cities_acted_for(me, today).alphabetical(),
        "crumbs": crumbs_to()[:1],
    }
    return render(request, "dialogue/consultations.html", context)


@login_required
@require_safe
def show_consultation(request: HttpRequest, consultation: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_consultation_to_see(me, consultation, today)
    keepers = list(access.roles_that_keep(shown, today))
    own_kinds = {role.kind for role in keepers if role.person == me}
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "is_own": Kind.OFFICER in own_kinds,
        "keeps": bool(own_kinds),
        "obstacles": _obstacles(shown, today) if shown.state == State.DRAFT else [],
        "running": shown.phase_on(today),
        "coming": shown.next_phase_after(today),
        "counts": None if shown.state == State.DRAFT else count_live(shown),
        "step": STEP,
        "statements": _count_statements(shown),
        "summing_up": count_summing_up(shown) if shown.has_ended else None,
        "fewest_statements": actions.FEWEST_STATEMENTS,
        "languages": [language_name(code) for code in shown.languages],
        "brief": _brief(shown),
        "keepers": keepers,
        "about_oneself": list(shown.attributes.all()),
        "coding": read_coding_progress(shown, me) if own_kinds else None,
        "is_steward": shown.has_ended
        and access.consultations_of_steward(me, today).filter(pk=shown.pk).exists(),
        "address": request.build_absolute_uri(shown.take_part_url),
        "links_made": shown.own_links.count(),
        "in_the_room": count_in_the_room(shown),
        "crumbs": crumbs_to(),
    }
    return render(request, "dialogue/consultation.html", context)


def _obstacles(consultation: Consultation, day: date) -> list[dict[str, object]]:
    return [
        {"name": obstacle.value, "missing": _missing_texts(consultation)}
        for obstacle in actions.obstacles_to_opening(consultation, day)
    ]


def _missing_texts(consultation: Consultation) -> list[dict[str, object]]:
    return [
        {
            "language": language_name(code),
            "texts": [str(TEXT_LABELS[name]) for name in names],
            "is_all": len(names) == len(actions.TEXTS),
        }
        for code, names in actions.missing_texts(consultation).items()
    ]


def _count_statements(consultation: Consultation) -> dict[str, int]:
    """By state, of the city's own to begin with, and of those about which one decides now."""
    to_begin_with = Statement.objects.to_begin_with().values("pk")
    to_decide = Statement.objects.to_decide().values("pk")
    return consultation.statements.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in StatementState},
        to_begin_with=Count("pk", filter=Q(pk__in=to_begin_with)),
        to_decide=Count("pk", filter=Q(pk__in=to_decide)),
    )


def _brief(consultation: Consultation) -> dict[str, list[object]]:
    items = consultation.brief.select_related("finding")
    review = consultation.review
    return {
        "findings": [item.finding.text for item in items if item.finding is not None],
        "areas": [review.area_title(item.area) for item in items if item.area and review is not None],
    }


@login_required
@read_and_write
def open_to_people(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what opening means, and do it."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    shown = access.get_own_consultation(me, consultation, today)
    if request.method == "POST":
        try:
            actions.open_consultation(by=me, consultation=shown, at=now)
        except MoveError:
            messages.error(request, gettext("It was opened already."))
        except actions.CannotOpen:
            messages.error(request, gettext("It cannot be opened yet. See below what is missing."))
        else:
            messages.success(request, gettext("The consultation is open."))
        return redirect(shown)
    if shown.state != State.DRAFT or actions.obstacles_to_opening(shown, today):
        return redirect(shown)
    context = {"phases": shown.all_phases, "shown_count": shown.statements.to_begin_with().count()}
    return ask(request, "dialogue/open.html", shown, Form(), **context)


@login_required
@read_and_write
def close(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what closing means, ask for the reason where it is early, and do it."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    shown = access.get_own_consultation(me, consultation, today)
    if shown.state != State.OPEN:
        return redirect(shown)
    is_early = shown.last_day is not None and today <= shown.last_day
    form = (ClosingForm if is_early else Form)(what_was_sent(request))
    if form.is_valid():
        try:
            actions.close_consultation(
                by=me, consultation=shown, reason=form.cleaned_data.get("reason", ""), at=now
            )
        except MoveError:
            messages.error(request, gettext("It was closed already."))
        else:
            messages.success(request, gettext("The consultation is closed."))
        return redirect(shown)
    return ask(
        request,
        "dialogue/close.html",
        shown,
        form,
        is_early=is_early,
        unfinished_sheets=Sheet.objects.filter(printing__consultation=shown).unfinished().count(),
    )


@login_required
@read_and_write
def choose_facilitators(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    shown = access.get_own_consultation(me, consultation, today)
    offered = list(access.facilitators_of(shown.city, today).order_by("name"))
    kept = list(shown.facilitations.values_list("person", flat=True))
    form = FacilitatorsForm(what_was_sent(request), facilitators=offered, initial={"people": kept})
    if form.is_valid():
        actions.choose_facilitators(by=me, consultation=shown, people=form.chosen, at=now)
        messages.success(request, gettext("Saved."))
        return redirect(shown)
    return ask(request, "dialogue/facilitators.html", shown, form, offered=offered)
