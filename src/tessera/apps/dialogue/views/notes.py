"""Who is at a session, by code, and what is written down there."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import notes as actions
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.sessions import (
    NoteForm,
    NotesFileForm,
    NoteTranslationsForm,
    ParticipantsForm,
    PlacesForm,
    SaidForm,
)
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import Excerpt, Note, Session, TranslationState
from tessera.apps.dialogue.moderation_queue import translation_states
from tessera.apps.dialogue.personal_details import find_personal_details
from tessera.apps.dialogue.session_notes import WrongNotes
from tessera.apps.dialogue.staff_pages import (
    Crumbs,
    ask,
    crumbs_to_sessions,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.views.sessions import back_to_sessions
from tessera.apps.records.moves import MoveError

ON_A_PAGE = 50


def _ask(request: HttpRequest, template: str, session: Session, form: Form, **context: Any) -> HttpResponse:
    """A page with one form, below a session."""
    found = {
        "session": session,
        "marked_title": mark_language(session.title),
        "crumbs": crumbs_to_sessions(session.consultation, session),
        **context,
    }
    return ask(request, template, session.consultation, form, **found)


@login_required
@read_and_write
def show_participants(request: HttpRequest, session: int) -> HttpResponse:
    """The codes, to which group or organisation each belongs, and how somebody is taken out."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    participants = list(kept.participants.select_related("stakeholder"))
    stakeholders = list(kept.consultation.stakeholders.all())
    form = PlacesForm(what_was_sent(request), participants=participants, stakeholders=stakeholders)
    if form.is_valid():
        try:
            actions.place_participants(by=me, session=kept, places=form.places, at=now)
        except MoveError:
            return back_to_sessions(request, kept.consultation)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:participants", kept.pk)
    return _ask(
        request,
        "dialogue/participants.html",
        kept,
        form,
        is_open=not kept.consultation.has_public_themes,
        has_stakeholders=bool(stakeholders),
    )


@login_required
@read_and_write
def add_participants(request: HttpRequest, session: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    if kept.consultation.has_public_themes:
        return back_to_sessions(request, kept.consultation)
    stakeholders = list(kept.consultation.stakeholders.all())
    form = ParticipantsForm(what_was_sent(request), stakeholders=stakeholders)
    if form.is_valid():
        try:
            added = actions.add_participants(
                by=me,
                session=kept,
                count=form.cleaned_data["count"],
                stakeholder=form.chosen,
                at=now,
            )
        except actions.TooManyParticipants:
            form.add_error(
                "count",
                gettext("A session has at most %(most)s people.") % {"most": actions.MOST_PARTICIPANTS},
            )
        except MoveError:
            return back_to_sessions(request, kept.consultation)
        else:
            codes = {"first": added[0].code, "last": added[-1].code}
            messages.success(
                request,
                gettext("%(first)s to %(last)s are there now.") % codes
                if len(added) > 1
                else gettext("%(first)s is there now.") % codes,
            )
            return redirect("dialogue:participants", kept.pk)
    return _ask(request, "dialogue/add_participants.html", kept, form)


@login_required
@read_and_write
def remove_participant(request: HttpRequest, participant: int) -> HttpResponse:
    """Ask once, and take out somebody with all that is written down of them."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_participant_to_keep(me, participant, timezone.localdate(now))
    if request.method == "POST":
        count = actions.remove_participant(by=me, participant=kept, at=now)
        said = ngettext(
            "%(code)s is taken out, with %(count)s note.",
            "%(code)s is taken out, with %(count)s notes.",
            count,
        )
        messages.success(request, said % {"code": kept.code, "count": count})
        return redirect("dialogue:participants", kept.held_in_id)
    return _ask(
        request,
        "dialogue/remove_participant.html",
        kept.held_in,
        Form(),
        participant=kept,
        notes=kept.notes.count(),
        excerpts=Excerpt.objects.filter(note__speaker=kept).count(),
    )


@login_required
@read_and_write
def take_notes(request: HttpRequest, session: int) -> HttpResponse:
    """What was said so far, and below it a form for the next note; who only reads has no form."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        kept = in_the_room.get_session_to_keep(me, session, today)
    else:
        kept = in_the_room.get_session_to_read(me, session, today)
    writes = (
        access.keeps(me, kept.consultation, today)
        and kept.consent_id is not None
        and not kept.consultation.has_public_themes
    )
    form = NoteForm(what_was_sent(request), session=kept, initial=_gone_on_with(request, kept))
    if writes and form.is_valid():
        found = form.cleaned_data
        try:
            actions.write_note(
                by=me,
                session=kept,
                speaker=form.chosen,
                text=found["text"],
                language=found["language"],
                key=found["key"],
                at=now,
            )
        except MoveError:
            return back_to_sessions(request, kept.consultation)
        said = gettext("Saved %(time)s") % {"time": f"{timezone.localtime(now):%H:%M}"}
        messages.success(request, said)
        # Without a fragment: browsers put the cursor nowhere where an address has one.
        return redirect(_notes_url(kept, speaker=found["speaker"] or "", language=found["language"]))
    if request.method == "POST" and not writes:
        return _say_not_now(request, kept)
    form.fields["text"].widget.attrs["autofocus"] = "language" in request.GET and not form.errors
    pages = Paginator(_read(kept), ON_A_PAGE)
    # Whoever writes goes on below what was said last.
    page = pages.get_page(request.GET.get("page", pages.num_pages))
    return _ask(
        request,
        "dialogue/notes.html",
        kept,
        form,
        writes=writes,
        keeps=access.keeps(me, kept.consultation, today),
        page=page,
        rows=_rows(page, kept),
        crumbs=crumbs_to_sessions(kept.consultation, kept, sees=access.sees(me, kept.consultation, today)),
    )


def _read(session: Session) -> Any:
    return session.notes.select_related("speaker").prefetch_related("translations", "excerpts")


def _gone_on_with(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Who spoke, and in which language, just before."""
    language = request.GET.get("language") or session.languages[0]
    return {"speaker": request.GET.get("speaker", ""), "language": language}


def _notes_url(session: Session, **query: object) -> str:
    return f"{reverse('dialogue:notes', args=[session.pk])}?{urlencode(query)}"


def _say_not_now(request: HttpRequest, session: Session) -> HttpResponseRedirect:
    """Why nothing is written down."""
    if session.consultation.has_public_themes:
        return back_to_sessions(request, session.consultation)
    messages.error(request, gettext("First read out the consent text. Nothing was saved."))
    return redirect("dialogue:record-consent", session.pk)


def _rows(page: Page[Note], session: Session) -> list[dict[str, object]]:
    return [
        {
            "note": note,
            "language": find_language(note.language),
            "details": find_personal_details(note.text, note.language),
            "not_translated": [
                language_name(code)
                for code, state in translation_states(note, session.consultation.languages).items()
                if state is not TranslationState.REVIEWED
            ],
            "excerpts": len(note.excerpts.all()),
        }
        for note in page.object_list
    ]


@login_required
@read_and_write
def load_notes(request: HttpRequest, session: int) -> HttpResponse:
    """Notes that were typed elsewhere, from a file: all of them or none."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_session_to_keep(me, session, timezone.localdate(now))
    if kept.consent_id is None or kept.consultation.has_public_themes:
        return _say_not_now(request, kept)
    files = request.FILES if request.method == "POST" else None
    form = NotesFileForm(what_was_sent(request), files, session=kept)
    if form.is_valid():
        found = form.cleaned_data
        try:
            count = actions.load_notes(
                by=me,
                session=kept,
                lines=found["file"],
                language=found["language"],
                key=found["key"],
                at=now,
            )
        except WrongNotes as error:
            form.say_wrong(error)
        except MoveError:
            return back_to_sessions(request, kept.consultation)
        else:
            said = ngettext("%(count)s note loaded.", "%(count)s notes loaded.", count)
            messages.success(request, said % {"count": count} if count else gettext("Loaded already."))
            return redirect("dialogue:notes", kept.pk)
    return _ask(request, "dialogue/load_notes.html", kept, form)


@login_required
@read_and_write
def show_note(request: HttpRequest, note: int) -> HttpResponse:
    """One note, and its words in the other languages of the consultation."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        shown = in_the_room.get_note_to_keep(me, note, today)
    else:
        shown = in_the_room.get_note_to_read(me, note, today)
    session = shown.held_in
    keeps = access.keeps(me, session.consultation, today)
    form = NoteTranslationsForm(what_was_sent(request), note=shown)
    if form.is_valid():
        try:
            actions.translate_note(by=me, note=shown, texts=form.texts, at=now)
        except MoveError:
            return back_to_sessions(request, session.consultation)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:note", shown.pk)
    return _ask(
        request,
        "dialogue/note.html",
        session,
        form,
        note=shown,
        language=find_language(shown.language),
        details=find_personal_details(shown.text, shown.language),
        excerpts=shown.excerpts.count(),
        is_open=keeps and not session.consultation.has_public_themes,
        crumbs=_crumbs_to_notes(session, sees=access.sees(me, session.consultation, today)),
    )


def _crumbs_to_notes(session: Session, *, sees: bool) -> Crumbs:
    notes = (gettext("Notes"), reverse("dialogue:notes", args=[session.pk]))
    return [*crumbs_to_sessions(session.consultation, session, sees=sees), notes]


@login_required
@read_and_write
def change_note(request: HttpRequest, note: int) -> HttpResponse:
    """Put right what was written down, as long as nothing is marked in it."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_note_to_keep(me, note, timezone.localdate(now))
    session = kept.held_in
    if session.consultation.has_public_themes:
        return back_to_sessions(request, session.consultation)
    if kept.excerpts.exists():
        return _say_marked(request, kept)
    standing = {"speaker": kept.speaker_id, "language": kept.language, "text": kept.text}
    form = SaidForm(what_was_sent(request), session=session, initial=standing)
    if form.is_valid():
        found = form.cleaned_data
        try:
            actions.change_note(
                by=me,
                note=kept,
                speaker=form.chosen,
                text=found["text"],
                language=found["language"],
                at=now,
            )
        except actions.ExcerptsRest:
            return _say_marked(request, kept)
        except MoveError:
            return back_to_sessions(request, session.consultation)
        messages.success(request, gettext("Saved."))
        return redirect("dialogue:note", kept.pk)
    return _ask(
        request,
        "dialogue/change_note.html",
        session,
        form,
        note=kept,
        crumbs=_crumbs_to_notes(session, sees=True),
    )


@login_required
@require_POST
def delete_note(request: HttpRequest, note: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_note_to_keep(me, note, timezone.localdate(now))
    try:
        actions.delete_note(by=me, note=kept, at=now)
    except actions.ExcerptsRest:
        return _say_marked(request, kept)
    except MoveError:
        return back_to_sessions(request, kept.held_in.consultation)
    messages.success(request, gettext("The note is deleted."))
    return redirect("dialogue:notes", kept.held_in_id)


def _say_marked(request: HttpRequest, note: Note) -> HttpResponseRedirect:
    messages.error(
        request,
        gettext("Passages of this note are marked, and rest on its words. Take the marks away first."),
    )
    return redirect("dialogue:note", note.pk)
