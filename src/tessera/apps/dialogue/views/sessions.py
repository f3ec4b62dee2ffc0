"""The sessions of a consultation: planning them, the consent text, and what came out of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import sessions as actions
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.sessions import ConsentForm, ConsentTextForm, SessionForm
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import ConsentText, Consultation, Session
from tessera.apps.dialogue.session_list import (
    ROUND_TABLES_PER_CITY,
    count_round_tables,
    list_sessions,
    participants_by_stakeholder,
)
from tessera.apps.dialogue.staff_pages import (
    ask,
    crumbs_for,
    crumbs_to_sessions,
    mark_language,
    read_and_write,
    say_frozen,
    what_was_sent,
)
from tessera.apps.records.moves import MoveError


@login_required
@require_safe
def show_sessions(request: HttpRequest, consultation: int) -> HttpResponse:
    """When and where each was, how many people were there, and how many round tables the city held."""
    me, today = signed_in(request), timezone.localdate()
    shown = in_the_room.get_consultation_with_sessions(me, consultation, today)
    keeps = access.keeps(me, shown, today)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "sessions": list_sessions(shown),
        "round_tables": count_round_tables(shown.city, today),
        "round_tables_asked": ROUND_TABLES_PER_CITY,
        "keeps": keeps,
        "is_open": keeps and not shown.has_public_themes,
        "consent": actions.latest_consent_text(shown) if keeps else None,
        "crumbs": crumbs_for(shown, sees=access.sees(me, shown, today)),
    }
    return render(request, "dialogue/sessions.html", context)


@login_required
@require_safe
def show_session(request: HttpRequest, session: int) -> HttpResponse:
    """One, to read and to print: agenda, who was there, and what came out of it."""
    me, today = signed_in(request), timezone.localdate()
    shown = in_the_room.get_session_to_see(me, session, today)
    consultation = shown.consultation
    keeps, hears = access.keeps(me, consultation, today), access.hears(me, consultation, today)
    context = {
        "consultation": consultation,
        "session": shown,
        "marked_title": mark_language(shown.title),
        "languages": [language_name(code) for code in shown.languages],
        "people": shown.participants.count(),
        "by_stakeholder": participants_by_stakeholder(shown) if hears else [],
        "notes": shown.notes.count() if hears else 0,
        "read_out_in": language_name(shown.consent_language) if shown.consent_language else "",
        "hears": hears,
        "is_open": keeps and not consultation.has_public_themes,
        "keeps": keeps,
        "crumbs": crumbs_to_sessions(consultation, sees=access.sees(me, consultation, today)),
    }
    return render(request, "dialogue/session.html", context)


@login_required
@read_and_write
def plan_session(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_public_themes:
        return back_to_sessions(request, kept)
    form = _form_for(request, kept, None)
    if form.is_valid():
        try:
            begun = actions.begin_session(by=me, consultation=kept, plan=form.plan, at=now)
        except (MoveError, actions.NotAKeeper):
            return back_to_sessions(request, kept)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:session", begun.pk)
    return ask(request, "dialogue/plan_session.html", kept, form, crumbs=crumbs_to_sessions(kept))


@login_required
@read_and_write
def change_session(request: HttpRequest, session: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    if kept.consultation.has_public_themes:
        return back_to_sessions(request, kept.consultation)
    form = _form_for(request, kept.consultation, kept)
    if form.is_valid():
        try:
            actions.change_session(by=me, session=kept, plan=form.plan, at=now)
        except (MoveError, actions.NotAKeeper):
            return back_to_sessions(request, kept.consultation)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:session", kept.pk)
    return ask(
        request,
        "dialogue/plan_session.html",
        kept.consultation,
        form,
        session=kept,
        crumbs=crumbs_to_sessions(kept.consultation, kept),
    )


def _form_for(request: HttpRequest, consultation: Consultation, standing: Session | None) -> SessionForm:
    roles = access.roles_that_keep(consultation, timezone.localdate())
    return SessionForm(
        what_was_sent(request),
        keepers=list({role.person_id: role.person for role in roles}.values()),
        language=consultation.first_language,
        standing=standing,
    )


def back_to_sessions(request: HttpRequest, consultation: Consultation) -> HttpResponseRedirect:
    """To the list, where nothing can be changed any more."""
    say_frozen(request)
    return redirect("dialogue:sessions", consultation.pk)


@login_required
@read_and_write
def delete_session(request: HttpRequest, session: int) -> HttpResponse:
    """Ask once, and take back a session at which nothing was written down."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    if kept.notes.exists():
        return _say_has_notes(request, kept)
    if request.method == "POST":
        try:
            actions.delete_session(by=me, session=kept, at=now)
        except actions.HasNotes:
            return _say_has_notes(request, kept)
        except MoveError:
            return back_to_sessions(request, kept.consultation)
        messages.success(request, gettext("The session is deleted."))
        return redirect("dialogue:sessions", kept.consultation_id)
    return ask(
        request,
        "dialogue/delete_session.html",
        kept.consultation,
        Form(),
        session=kept,
        marked_title=mark_language(kept.title),
        people=kept.participants.count(),
        crumbs=crumbs_to_sessions(kept.consultation, kept),
    )


def _say_has_notes(request: HttpRequest, session: Session) -> HttpResponseRedirect:
    messages.error(
        request, gettext("Something was written down at this session. Delete its notes first, one by one.")
    )
    return redirect("dialogue:session", session.pk)


@login_required
@read_and_write
def write_consent_text(request: HttpRequest, consultation: int) -> HttpResponse:
    """What is read out before anything is written down; each change is a new version."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_public_themes:
        return back_to_sessions(request, kept)
    latest = actions.latest_consent_text(kept)
    initial = {
        f"text_{code}": text
        for code, text in (_offered(kept) if latest is None else latest.text.texts).items()
    }
    form = ConsentTextForm(what_was_sent(request), languages=kept.languages, initial=initial)
    if form.is_valid():
        try:
            written = actions.write_consent_text(by=me, consultation=kept, text=form.text, at=now)
        except MoveError:
            return back_to_sessions(request, kept)
        messages.success(request, gettext("Saved as version %(version)s.") % {"version": written.version})
        return redirect("dialogue:sessions", kept.pk)
    return ask(
        request,
        "dialogue/consent_text.html",
        kept,
        form,
        latest=latest,
        crumbs=crumbs_to_sessions(kept),
    )


def _offered(consultation: Consultation) -> dict[str, str]:
    """Words to begin with, in those of its languages that the site speaks."""
    found = {}
    for code in consultation.languages:
        if code in dict(settings.LANGUAGES):
            with translation.override(code):
                context = {"consultation": consultation}
                found[code] = render_to_string("dialogue/files/consent.txt", context).strip()
    return found


def _consent_to_read(request: HttpRequest, consultation: Consultation) -> ConsentText | None:
    """That of a form which was sent, since another may have been written while it was read out."""
    sent = request.POST.get("version")
    versions = list(consultation.consent_texts.order_by("-version"))
    return next((each for each in versions if str(each.version) == sent), next(iter(versions), None))


@login_required
@read_and_write
def record_consent(request: HttpRequest, session: int) -> HttpResponse:
    """The text to read aloud, and a form to say that it was: the version that stood above the form."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    consultation = kept.consultation
    consent = _consent_to_read(request, consultation)
    if consent is None:
        messages.error(request, gettext("First write the text that is read out."))
        return redirect("dialogue:consent-text", consultation.pk)
    if kept.notes.exists():
        return redirect("dialogue:session", kept.pk)
    form = ConsentForm(
        what_was_sent(request), consent=consent, initial={"language": consultation.first_language}
    )
    if form.is_valid():
        try:
            actions.record_consent(
                by=me, session=kept, consent=consent, language=form.cleaned_data["language"], at=now
            )
        except MoveError:
            return back_to_sessions(request, consultation)
        messages.success(request, gettext("Written down. Now you can take notes."))
        return redirect("dialogue:session", kept.pk)
    return ask(
        request,
        "dialogue/record_consent.html",
        consultation,
        form,
        session=kept,
        marked_title=mark_language(kept.title),
        consent=consent,
        texts=[(find_language(code), language_name(code), text) for code, text in consent.text.texts.items()],
        crumbs=crumbs_to_sessions(consultation, kept),
    )
