"""The pages on which staff prepare a panel, keep its rounds, and read what it came to."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import panels
from tessera.apps.dialogue.actions import panels as actions
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.panels import CommentsForm, ItemsForm, MembersForm, PanelForm, RoundForm
from tessera.apps.dialogue.invitation import print_panel_links
from tessera.apps.dialogue.lifecycle import PanelState, StatementState
from tessera.apps.dialogue.models import Consultation, Panel, PanelKind
from tessera.apps.dialogue.panel_results import FEWEST_PUBLIC, FEWEST_SHOWN, read_results, rounds_with_answers
from tessera.apps.dialogue.panel_tables import word_results
from tessera.apps.dialogue.staff_pages import (
    Crumbs,
    ask,
    crumbs_for,
    crumbs_to,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.views.invite_kit import give_file, why_not_printed
from tessera.apps.records.moves import MoveError
from tessera.reports.typesetting import DoesNotFitError, NoLetterError


@login_required
@require_safe
def show_panels(request: HttpRequest, consultation: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    shown = panels.get_consultation_to_see_panels(me, consultation, today)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "panels": list(shown.panels.all()),
        "keeps": access.keeps(me, shown, today),
        "crumbs": _crumbs_to_consultation(me, shown, today),
    }
    return render(request, "dialogue/panels.html", context)


@login_required
@read_and_write
def prepare(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    form = PanelForm(what_was_sent(request), languages=kept.languages, standing=None)
    if form.is_valid():
        panel = actions.prepare_panel(by=me, consultation=kept, plan=form.plan, at=now)
        messages.success(request, gettext("Saved. Now choose what the panel weighs."))
        return redirect("dialogue:panel-items", panel.pk)
    back = reverse("dialogue:panels", args=[kept.pk])
    crumbs = [*crumbs_to(kept), (gettext("Panels"), back)]
    return ask(request, "dialogue/panel_plan.html", kept, form, back=back, crumbs=crumbs)


@login_required
@read_and_write
def change(request: HttpRequest, panel: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    if kept.state != PanelState.PREPARING:
        return _say_fixed(request, kept)
    form = PanelForm(what_was_sent(request), languages=kept.consultation.languages, standing=kept)
    if form.is_valid():
        try:
            actions.change_panel(by=me, panel=kept, plan=form.plan, at=now)
        except MoveError:
            return _say_fixed(request, kept)
        messages.success(request, gettext("Saved."))
        return redirect(kept)
    return _ask(request, "dialogue/panel_plan.html", kept, form)


@login_required
@read_and_write
def choose_items(request: HttpRequest, panel: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    if kept.state != PanelState.PREPARING:
        return _say_fixed(request, kept)
    form = ItemsForm(
        what_was_sent(request),
        languages=kept.consultation.languages,
        themes=list(kept.consultation.themes.all()),
        standing=list(kept.items.all()),
    )
    if form.is_valid():
        try:
            actions.choose_items(by=me, panel=kept, themes=form.themes, own=form.own, at=now)
        except MoveError:
            return _say_fixed(request, kept)
        messages.success(request, gettext("Saved."))
        return redirect(kept)
    return _ask(request, "dialogue/panel_items.html", kept, form)


def _say_fixed(request: HttpRequest, panel: Panel) -> HttpResponse:
    messages.error(request, gettext("A round was opened: what is asked and the rule stay as they are."))
    return redirect(panel)


@login_required
@require_safe
def show_panel(request: HttpRequest, panel: int) -> HttpResponse:
    """How it stands; of answers only how many members gave some."""
    me, today = signed_in(request), timezone.localdate()
    shown = panels.get_panel_to_see(me, panel, today)
    obstacles = actions.obstacles_to_round(shown)
    items, members = list(shown.items.all()), list(shown.members.select_related("stakeholder"))
    rounds = list(rounds_with_answers(shown))
    context = {
        "panel": shown,
        "consultation": shown.consultation,
        "marked_title": mark_language(shown.title),
        "keeps": access.keeps(me, shown.consultation, today),
        "items": items,
        "members": members,
        "stakeholders": sorted({str(each.stakeholder) for each in members if each.stakeholder}),
        "rounds": rounds,
        "open_round": next((each for each in rounds if each.closed_on is None), None),
        "obstacles": [each.value for each in obstacles],
        "languages_missing": [language_name(code) for code in actions.languages_missing(shown)],
        "fewest_items": actions.FEWEST_ITEMS[PanelKind(shown.kind)],
        "most_items": actions.MOST_ITEMS,
        "fewest_members": actions.FEWEST_MEMBERS,
        "comments": actions.comments_of(shown).count(),
        "unread": actions.comments_of(shown).filter(comment_state=StatementState.PENDING).count(),
        "fewest_public": FEWEST_PUBLIC,
        "crumbs": _crumbs_to_panels(me, shown.consultation, today),
    }
    return render(request, "dialogue/panel.html", context)


@login_required
@read_and_write
def make_links(request: HttpRequest, panel: int) -> HttpResponse:
    """Make members, and give their links on cards: nobody can look them up afterwards."""
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    if kept.state == PanelState.ENDED:
        messages.error(request, gettext("The panel ended, and nobody can answer any more."))
        return redirect(kept)
    form = MembersForm(what_was_sent(request), stakeholders=list(kept.consultation.stakeholders.all()))
    if form.is_valid():
        try:
            # A card that cannot be printed is found out before there are links that nobody can know.
            print_panel_links(kept, [_member_link(request, kept, "x" * 22)])
            tokens = actions.make_member_links(
                by=me, panel=kept, count=form.cleaned_data["count"], stakeholder=form.chosen, at=now
            )
            cards = print_panel_links(kept, [_member_link(request, kept, token) for token in tokens])
        except MoveError:
            messages.error(request, gettext("The panel ended, and nobody can answer any more."))
            return redirect(kept)
        except (NoLetterError, DoesNotFitError) as error:
            form.add_error(None, why_not_printed(error))
        else:
            # Saved at once: a page that shows it would ask for others when it is loaded again.
            return give_file(cards, "application/pdf", f"panel-{kept.pk}-cards.pdf", "attachment")
    return _ask(request, "dialogue/panel_members.html", kept, form, n_members=kept.members.count())


def _member_link(request: HttpRequest, panel: Panel, token: str) -> str:
    path = reverse("take_part:panel-link", args=[panel.consultation.slug, token])
    return request.build_absolute_uri(path)


@login_required
@read_and_write
def open_round(request: HttpRequest, panel: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    if kept.state == PanelState.ENDED or actions.obstacles_to_round(kept):
        return _say_not_opened(request, kept)
    form = RoundForm(what_was_sent(request))
    if form.is_valid():
        try:
            actions.open_round(by=me, panel=kept, last_day=form.cleaned_data["last_day"], at=now)
        except (MoveError, actions.CannotOpenRound):
            return _say_not_opened(request, kept)
        except actions.LastDayPast:
            form.say_past()
        else:
            messages.success(request, gettext("The round is open. The members can answer."))
            return redirect(kept)
    number = kept.rounds.count() + 1
    return _ask(request, "dialogue/panel_round.html", kept, form, number=number)


def _say_not_opened(request: HttpRequest, panel: Panel) -> HttpResponse:
    messages.error(request, gettext("No round can be opened now. See below what is missing."))
    return redirect(panel)


@login_required
@require_POST
def close_round(request: HttpRequest, panel: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    try:
        actions.close_round(by=me, panel=kept, at=now)
    except (MoveError, actions.NoRoundOpen):
        messages.error(request, gettext("No round is open."))
    else:
        messages.success(request, gettext("The round is closed."))
    return redirect(kept)


@login_required
@require_POST
def end(request: HttpRequest, panel: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    try:
        actions.end_panel(by=me, panel=kept, at=now)
    except MoveError:
        messages.error(request, gettext("It cannot be ended: it does not run."))
    except actions.RoundStillOpen:
        messages.error(request, gettext("Close the round first."))
    else:
        messages.success(request, gettext("The panel ended. Its results stand."))
    return redirect(kept)


@login_required
@read_and_write
def read_comments(request: HttpRequest, panel: int) -> HttpResponse:
    """Decide which comments of the last round the panel reads, without knowing whose they are."""
    me, now = signed_in(request), timezone.now()
    kept = panels.get_panel_to_keep(me, panel, timezone.localdate(now))
    comments = list(actions.comments_of(kept))
    if kept.state != PanelState.RUNNING or not comments:
        messages.error(request, gettext("There are no comments to decide about now."))
        return redirect(kept)
    form = CommentsForm(what_was_sent(request), comments=comments)
    if form.is_valid():
        try:
            actions.decide_comments(by=me, panel=kept, shown=form.shown, at=now)
        except (MoveError, actions.RoundStillOpen, actions.OfAnotherConsultation):
            messages.error(request, gettext("There are no comments to decide about now."))
        else:
            messages.success(request, gettext("Saved."))
        return redirect(kept)
    return _ask(request, "dialogue/panel_comments.html", kept, form)


@login_required
@require_safe
def show_results(request: HttpRequest, panel: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    shown = panels.get_panel_to_see(me, panel, today)
    results = read_results(shown, fewest=FEWEST_SHOWN)
    context = {
        "panel": shown,
        "marked_title": mark_language(shown.title),
        "results": None if results is None else word_results(shown, results),
        "fewest_shown": FEWEST_SHOWN,
        "fewest_public": FEWEST_PUBLIC,
        "crumbs": _crumbs_to_panel(me, shown, today),
    }
    return render(request, "dialogue/panel_results.html", context)


def _ask(request: HttpRequest, template: str, panel: Panel, form: Form, **context: object) -> HttpResponse:
    about = {
        "panel": panel,
        "marked_title": mark_language(panel.title),
        "back": panel.get_absolute_url(),
        "crumbs": _crumbs_to_panel(signed_in(request), panel, timezone.localdate()),
        **context,
    }
    return ask(request, template, panel.consultation, form, **about)


def _crumbs_to_consultation(me: Person, consultation: Consultation, day: date) -> Crumbs:
    """Experts read the panels of a consultation that they do not see otherwise."""
    return crumbs_for(consultation, sees=access.sees(me, consultation, day))


def _crumbs_to_panels(me: Person, consultation: Consultation, day: date) -> Crumbs:
    panels = reverse("dialogue:panels", args=[consultation.pk])
    return [*_crumbs_to_consultation(me, consultation, day), (gettext("Panels"), panels)]


def _crumbs_to_panel(me: Person, panel: Panel, day: date) -> Crumbs:
    return [*_crumbs_to_panels(me, panel.consultation, day), (str(panel.title), panel.get_absolute_url())]
