"""The pages on which staff read statements, decide about them, and put them into languages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import moderation as actions
from tessera.apps.dialogue.asking import find_others_like
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.statements import (
    FindingForm,
    MergeForm,
    SeedForm,
    TranslationsForm,
    WrittenInForm,
)
from tessera.apps.dialogue.languages import find_language, find_translator_host
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import REASONS_TO_HIDE, Appeal, Consultation, HidingReason, TranslationState
from tessera.apps.dialogue.moderation_queue import read_statements, translation_states
from tessera.apps.dialogue.staff_pages import (
    ask,
    crumbs_to,
    crumbs_to_statements,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.version_flags import read_flags
from tessera.apps.records.moves import MoveError

IN_QUEUE = 20
"""Shown at a time; with each decision the next one comes up."""
ON_A_PAGE = 50
WITHOUT_KEYS = "moderation-without-keys"
"""Of the session: somebody has switched the keys of the queue off."""


@login_required
@read_and_write
def show_statements(request: HttpRequest, consultation: int) -> HttpResponse:
    """Appeals, then what waits for a decision, the oldest first; then all statements, by their state."""
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    if request.method == "POST":
        request.session[WITHOUT_KEYS] = request.POST.get("act") == "without-keys"
        return HttpResponseRedirect(_queue_url(kept))
    waiting = access.statements_to_moderate(kept)
    queue, appeals = list(waiting[: IN_QUEUE + 1]), access.appeals_to_answer(kept)
    context = {
        "consultation": kept,
        "marked_title": mark_language(kept.title),
        "queue": read_statements(queue[:IN_QUEUE]),
        "has_more": len(queue) > IN_QUEUE,
        "waiting_count": waiting.count(),
        "appeals": [
            {"appeal": each, "language": find_language(each.language)} for each in appeals[:IN_QUEUE]
        ],
        "appeal_count": appeals.count(),
        "reasons": [(each.value, each.label) for each in REASONS_TO_HIDE],
        "is_closed": kept.has_ended,
        "has_keys": not request.session.get(WITHOUT_KEYS, False),
        "translator_host": find_translator_host(kept.languages),
        "crumbs": crumbs_to(kept),
        **_listed(request, kept),
    }
    return render(request, "dialogue/statements.html", context)


def _queue_url(consultation: Consultation) -> str:
    return f"{reverse('dialogue:statements', args=[consultation.pk])}#queue"


def _listed(request: HttpRequest, consultation: Consultation) -> dict[str, object]:
    """The statements of one state, page by page."""
    state = request.GET.get("state", StatementState.SHOWN.value)
    if state not in StatementState.values:
        raise Http404
    statements = consultation.statements.filter(state=state).prefetch_related("translations")
    page = Paginator(statements, ON_A_PAGE).get_page(request.GET.get("page"))
    flags = read_flags(consultation)
    return {
        "state": state,
        "tabs": [
            {
                "label": label,
                "url": f"?state={value}#all",
                "is_current": value == state,
            }
            for value, label in (
                (StatementState.SHOWN.value, gettext("Shown")),
                (StatementState.PENDING.value, gettext("Waiting")),
                (StatementState.HIDDEN.value, gettext("Hidden")),
            )
        ],
        "page": page,
        "rows": [
            {
                "statement": statement,
                "language": find_language(statement.language),
                "versions": _by_state(translation_states(statement, consultation.languages)),
                "flagged": [language_name(code) for code in flags.get(statement.pk, [])],
            }
            for statement in page.object_list
        ],
    }


def _by_state(states: dict[str, TranslationState]) -> list[tuple[TranslationState, list[str]]]:
    """The names of the languages in each state in which there is one, what is to be done first."""
    found = ((state, [code for code, each in states.items() if each is state]) for state in TranslationState)
    return [(state, [language_name(code) for code in codes]) for state, codes in found if codes]


@login_required
@require_POST
def decide(request: HttpRequest, statement: int) -> HttpResponse:
    """Show a statement, hide it, or leave it shown, and go on with the next."""
    me, now = signed_in(request), timezone.now()
    decided = access.get_statement_to_moderate(me, statement, timezone.localdate(now))
    act = request.POST.get("act")
    try:
        if act == "accept":
            actions.accept_statement(by=me, statement=decided, at=now)
            said = gettext("Statement %(number)s is shown now.")
        elif act == "keep":
            actions.keep_shown(by=me, statement=decided, at=now)
            said = gettext("Statement %(number)s stays, and the reports are set aside.")
        elif act in REASONS_TO_HIDE:
            actions.hide_statement(by=me, statement=decided, reason=HidingReason(act), at=now)
            said = gettext("Statement %(number)s is hidden now.")
        else:
            raise Http404
    except actions.AppealWaits:
        messages.error(
            request,
            gettext("The author of statement %(number)s asked to look at it again. Answer that.")
            % {"number": decided.pk},
        )
    except MoveError:
        messages.error(
            request,
            gettext("Somebody decided about statement %(number)s meanwhile. Nothing was changed.")
            % {"number": decided.pk},
        )
    else:
        messages.success(request, said % {"number": decided.pk})
    if request.POST.get("back") == "statement":
        return redirect("dialogue:statement", decided.pk)
    return HttpResponseRedirect(_queue_url(decided.consultation))


@login_required
@require_POST
def set_language(request: HttpRequest, statement: int) -> HttpResponse:
    """Say in which language a statement is written."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_statement_to_moderate(me, statement, timezone.localdate(now))
    form = WrittenInForm(request.POST, statement=kept)
    if not form.is_valid():
        raise Http404
    try:
        actions.set_language(by=me, statement=kept, language=form.cleaned_data["language"], at=now)
    except actions.IsTranslated:
        messages.error(request, gettext("Somebody translated it meanwhile. Nothing was changed."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("dialogue:statement", kept.pk)


@login_required
@require_POST
def set_finding(request: HttpRequest, statement: int) -> HttpResponse:
    """Say which finding a statement is about."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_statement_to_moderate(me, statement, timezone.localdate(now))
    form = FindingForm(request.POST, findings=access.findings_to_be_about(kept.consultation))
    if not form.is_valid():
        raise Http404
    try:
        actions.set_finding(by=me, statement=kept, finding=form.cleaned_data["finding"], at=now)
    except MoveError:
        messages.error(
            request, gettext("The themes are public, and rest on it as it is. Nothing was changed.")
        )
    else:
        messages.success(request, gettext("Saved."))
    return redirect("dialogue:statement", kept.pk)


@login_required
@read_and_write
def merge(request: HttpRequest, statement: int) -> HttpResponse:
    """Choose the other statement that says the same."""
    me, now = signed_in(request), timezone.now()
    shown = access.get_statement_to_moderate(me, statement, timezone.localdate(now))
    similar = find_others_like(shown, shown.language)
    form = MergeForm(what_was_sent(request), statement=shown, similar=similar)
    if shown.state == StatementState.HIDDEN or shown.consultation.has_public_themes:
        return redirect("dialogue:statement", shown.pk)
    if form.is_valid():
        try:
            kept = actions.merge_statement(by=me, statement=shown, into=form.into, at=now)
        except (MoveError, actions.WrongTarget):
            messages.error(
                request,
                gettext("Somebody decided about statement %(number)s meanwhile. Nothing was changed.")
                % {"number": form.into.pk},
            )
            return redirect("dialogue:merge", shown.pk)
        messages.success(
            request,
            gettext("Statement %(number)s is merged into statement %(other)s, and hidden.")
            % {"number": shown.pk, "other": kept.pk},
        )
        return redirect("dialogue:statement", shown.pk)
    context = {"read": read_statements([shown])[0], "crumbs": crumbs_to_statements(shown.consultation)}
    return ask(request, "dialogue/merge.html", shown.consultation, form, **context)


@login_required
@read_and_write
def add_statement(request: HttpRequest, consultation: int) -> HttpResponse:
    """Write a statement of the city's own, with its translations, one after the other."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_ended:
        messages.error(request, gettext("It is closed, and takes no statements any more."))
        return redirect(kept)
    findings = access.findings_to_be_about(kept)
    form = SeedForm(what_was_sent(request), languages=kept.languages, findings=findings)
    if form.is_valid():
        try:
            actions.seed_statement(by=me, consultation=kept, text=form.text, at=now, finding=form.finding)
        except MoveError:
            messages.error(request, gettext("It was closed meanwhile. Nothing was saved."))
            return redirect(kept)
        messages.success(request, gettext("The statement is added. Write the next one, or go back."))
        return redirect("dialogue:add-statement", kept.pk)
    count = kept.statements.filter(is_seeded=True).count()
    return ask(request, "dialogue/add_statement.html", kept, form, count=count)


@login_required
@read_and_write
def show_statement(request: HttpRequest, statement: int) -> HttpResponse:
    """One statement: its words in every language, what to do with it, and what was decided before."""
    me, now = signed_in(request), timezone.now()
    shown = access.get_statement_to_moderate(me, statement, timezone.localdate(now))
    form = TranslationsForm(what_was_sent(request), statement=shown)
    if form.is_valid():
        actions.translate_statement(by=me, statement=shown, texts=form.texts, at=now)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:statement", shown.pk)
    findings = access.findings_to_be_about(shown.consultation)
    about = shown.finding
    context = {
        "read": read_statements([shown])[0],
        "duplicates": [
            {"statement": each, "language": find_language(each.language)} for each in shown.duplicates.all()
        ],
        "about": about,
        "finding_form": FindingForm(findings=findings, initial={"finding": about})
        if not shown.consultation.has_public_themes and findings.exists()
        else None,
        "reasons": [(each.value, each.label) for each in REASONS_TO_HIDE],
        "flagged": [language_name(code) for code in read_flags(shown.consultation).get(shown.pk, [])],
        "translator_host": find_translator_host(shown.consultation.languages),
        "history": shown.moderations.select_related("by").order_by("-at", "-pk"),
        "crumbs": crumbs_to_statements(shown.consultation),
        "appeal": Appeal.objects.waiting().filter(moderation__statement=shown).first(),
        "language_form": None if shown.is_translated_by_people else WrittenInForm(statement=shown),
    }
    return ask(request, "dialogue/statement.html", shown.consultation, form, **context)
