"""The pages on which staff mark excerpts in what was said, and clear quotations for everybody."""

from collections.abc import Callable

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
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import coding as actions
from tessera.apps.dialogue.forms.coding import FindingForm, QuoteForm, SelectionForm, SentencesForm
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.marked_text import find_pieces, read_excerpt
from tessera.apps.dialogue.models import Consultation, Excerpt, Note, Session, Theme
from tessera.apps.dialogue.staff_pages import (
    BAD_REQUEST,
    ask,
    crumbs_for,
    crumbs_to,
    mark_language,
    read_and_write,
    say_frozen,
    what_was_sent,
)
from tessera.apps.records.moves import MoveError
from tessera.apps.review.models import Finding

NOTES_ON_A_PAGE = 50


@login_required
@read_and_write
def show_text(request: HttpRequest, session: int) -> HttpResponse:
    """All that was said at a session, with the excerpts in it; who keeps it marks others."""
    me, today = signed_in(request), timezone.localdate()
    if request.method == "POST":
        return _mark(request, session=in_the_room.get_session_to_keep(me, session, today))
    return _show_text(request, in_the_room.get_session_to_read(me, session, today), None)


def _mark(request: HttpRequest, *, session: Session) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    note = _find_note(session, request.POST.get("note", ""))
    findings = findings_of_brief(session.consultation)
    is_selection = "starts" in request.POST
    form = (
        SelectionForm(request.POST)
        if is_selection
        else SentencesForm(request.POST, note=note, findings=findings)
    )
    if not form.is_valid():
        if isinstance(form, SentencesForm):
            return _show_text(request, session, form)
        messages.error(request, gettext("Nothing was marked. Select words within one note."))
        return _to_note(request, note)
    starts, ends = form.passage
    finding = form.cleaned_data.get("finding")
    try:
        actions.mark_excerpt(by=me, note=note, starts=starts, ends=ends, finding=finding, at=now)
    except actions.MarkedAlready:
        if isinstance(form, SentencesForm):
            form.say_marked()
            return _show_text(request, session, form)
        messages.error(request, gettext("These words are an excerpt already."))
    except actions.WrongPassage:
        messages.error(request, gettext("Nothing was marked. Select words within one note."))
    except actions.NotOfTheBrief:
        messages.error(request, gettext("The brief was changed meanwhile. Nothing was marked."))
    except MoveError:
        say_frozen(request)
    else:
        messages.success(request, gettext("Marked."))
    return _to_note(request, note)


def _find_note(session: Session, said: str) -> Note:
    """The one that the form is about. Raises Http404 for anything that no page of the session sends."""
    found = next((note for note in session.notes.all() if str(note.pk) == said), None)
    if found is None:
        raise Http404
    return found


def _to_note(request: HttpRequest, note: Note) -> HttpResponse:
    page = request.GET.get("page", "")
    query = {"page": page} if page.isdigit() else None
    address = reverse("dialogue:session-text", args=[note.held_in_id], query=query)
    return HttpResponseRedirect(f"{address}#note-{note.pk}")


def _show_text(request: HttpRequest, session: Session, sent: SentencesForm | None) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    consultation = session.consultation
    keeps = access.keeps(me, consultation, today)
    may_mark = keeps and not consultation.has_public_themes
    findings = findings_of_brief(consultation)
    notes = session.notes.select_related("speaker").prefetch_related("translations", "excerpts__finding")
    page = Paginator(notes, NOTES_ON_A_PAGE).get_page(request.GET.get("page"))

    def form_for(note: Note) -> SentencesForm | None:
        if not may_mark:
            return None
        if sent is not None and sent.note == note:
            return sent
        return SentencesForm(note=note, findings=findings)

    context = {
        "session": session,
        "consultation": consultation,
        "marked_title": mark_language(session.title),
        "keeps": keeps,
        "may_mark": may_mark,
        "page": page,
        "notes": [_on_page(note, form_for(note)) for note in page.object_list],
        "form": sent,
        "crumbs": crumbs_for(consultation, sees=keeps),
    }
    return render(request, "dialogue/session_text.html", context, status=200 if sent is None else BAD_REQUEST)


def _on_page(note: Note, form: SentencesForm | None) -> dict[str, object]:
    excerpts = list(note.excerpts.all())
    return {
        "note": note,
        "language": find_language(note.language),
        "translations": [(each, find_language(each.language)) for each in note.translations.all()],
        "pieces": list(find_pieces(note.text, excerpts)),
        "excerpts": excerpts,
        "form": form,
    }


@login_required
@read_and_write
def show_excerpt(request: HttpRequest, excerpt: int) -> HttpResponse:
    """One excerpt: the finding that it is about, and the quotation that everybody may read."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_excerpt_to_keep(me, excerpt, timezone.localdate(now))
    consultation = kept.note.held_in.consultation
    form = QuoteForm(what_was_sent(request), excerpt=kept, consultation=consultation)
    details = form.personal_details()
    if form.is_valid() and ("as-it-is" in request.POST or not details):
        try:
            actions.clear_quote(by=me, excerpt=kept, quote=form.quote, at=now)
        except MoveError:
            say_frozen(request)
        else:
            messages.success(request, gettext("The quotation is cleared: it can be shown with a theme."))
        return redirect("dialogue:excerpt", kept.pk)
    findings = findings_of_brief(consultation)
    session = kept.note.held_in
    context = {
        "excerpt": kept,
        "read": read_excerpt(kept),
        "is_frozen": consultation.has_public_themes,
        "finding_form": FindingForm(excerpt=kept, findings=findings) if findings else None,
        "details": details,
        "was_sent": request.method == "POST",
        "themes": list(Theme.objects.filter(bases__excerpt=kept)),
        "coded": kept.codings.count(),
        "quotes": _quotes(kept),
        "text_url": _text_url(session, kept),
        "crumbs": [*crumbs_to(consultation), (str(session.title), _text_url(session, kept))],
    }
    return ask(request, "dialogue/excerpt.html", consultation, form, **context)


def _quotes(excerpt: Excerpt) -> list[tuple[str, object]]:
    """As it is cleared, in each of its languages."""
    if excerpt.quote is None:
        return []
    return [(text, find_language(code)) for code, text in excerpt.quote.texts.items()]


def _text_url(session: Session, excerpt: Excerpt) -> str:
    before = session.notes.filter(pk__lt=excerpt.note_id).count()
    query = {"page": before // NOTES_ON_A_PAGE + 1} if before >= NOTES_ON_A_PAGE else None
    return f"{reverse('dialogue:session-text', args=[session.pk], query=query)}#note-{excerpt.note_id}"


@login_required
@require_POST
def set_finding(request: HttpRequest, excerpt: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_excerpt_to_keep(me, excerpt, timezone.localdate(now))
    findings = findings_of_brief(kept.note.held_in.consultation)
    form = FindingForm(request.POST, excerpt=kept, findings=findings)
    if not form.is_valid():
        raise Http404
    finding = form.cleaned_data["finding"]
    return _done(
        request,
        kept,
        lambda: actions.set_finding(by=me, excerpt=kept, finding=finding, at=now),
        gettext("Saved."),
    )


@login_required
@require_POST
def take_quote_back(request: HttpRequest, excerpt: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_excerpt_to_keep(me, excerpt, timezone.localdate(now))
    return _done(
        request,
        kept,
        lambda: actions.take_quote_back(by=me, excerpt=kept, at=now),
        gettext("Nobody can quote it now."),
    )


def _done(request: HttpRequest, excerpt: Excerpt, do: Callable[[], None], said: str) -> HttpResponse:
    try:
        do()
    except actions.NotOfTheBrief:
        messages.error(request, gettext("The brief was changed meanwhile. Nothing was saved."))
    except MoveError:
        say_frozen(request)
    else:
        messages.success(request, said)
    return redirect("dialogue:excerpt", excerpt.pk)


@login_required
@require_POST
def remove_excerpt(request: HttpRequest, excerpt: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    removed = in_the_room.get_excerpt_to_keep(me, excerpt, timezone.localdate(now))
    address = _text_url(removed.note.held_in, removed)
    try:
        actions.remove_excerpt(by=me, excerpt=removed, at=now)
    except actions.ThemesRestOnIt as error:
        themes = ", ".join(f"“{theme}”" for theme in error.themes)
        messages.error(request, gettext("It stays: a theme rests on it. %(themes)s") % {"themes": themes})
        return redirect("dialogue:excerpt", removed.pk)
    except MoveError:
        say_frozen(request)
        return redirect("dialogue:excerpt", removed.pk)
    messages.success(request, gettext("The excerpt is removed. What was said stays."))
    return HttpResponseRedirect(address)


def findings_of_brief(consultation: Consultation) -> list[Finding]:
    """In the order of the brief."""
    items = consultation.brief.exclude(finding=None).select_related("finding")
    return [item.finding for item in items if item.finding is not None]
