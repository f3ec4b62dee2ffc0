"""The pages on which staff keep the codes that are given to excerpts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import coding as actions
from tessera.apps.dialogue.codebook_files import write_codebook
from tessera.apps.dialogue.forms.coding import CodebookForm, CodeForm
from tessera.apps.dialogue.models import Code, Consultation
from tessera.apps.dialogue.staff_pages import (
    Crumbs,
    ask,
    crumbs_for,
    crumbs_to,
    read_and_write,
    say_frozen,
    what_was_sent,
)
from tessera.apps.records.moves import MoveError


@login_required
@read_and_write
def show_codebook(request: HttpRequest, consultation: int) -> HttpResponse:
    """All codes, and a form that takes more of them from a file."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        shown = access.get_consultation_to_keep(me, consultation, today)
    else:
        shown = in_the_room.get_consultation_to_hear(me, consultation, today)
    form = CodebookForm(what_was_sent(request), request.FILES or None)
    if form.is_valid():
        _take_codebook(request, shown, form)
        return redirect("dialogue:codebook", shown.pk)
    keeps = access.keeps(me, shown, today)
    return ask(
        request,
        "dialogue/codebook.html",
        shown,
        form,
        codes=list(shown.codes.all()),
        may_change=keeps and not shown.has_public_themes,
        keeps=keeps,
        crumbs=crumbs_for(shown, sees=keeps),
    )


def _take_codebook(request: HttpRequest, consultation: Consultation, form: CodebookForm) -> None:
    words = form.cleaned_data["file"]
    try:
        new = actions.take_codebook(
            by=signed_in(request), consultation=consultation, words=words, at=timezone.now()
        )
    except MoveError:
        say_frozen(request)
        return
    changed = len(words) - new
    said = [
        ngettext("%(n)s code is new.", "%(n)s codes are new.", new) % {"n": new},
        ngettext(
            "%(n)s was there and says what the file says.",
            "%(n)s were there and say what the file says.",
            changed,
        )
        % {"n": changed},
    ]
    messages.success(request, " ".join(said))


@login_required
@require_safe
def give_codebook(request: HttpRequest, consultation: int) -> HttpResponse:
    shown = in_the_room.get_consultation_to_hear(signed_in(request), consultation, timezone.localdate())
    headers = {"Content-Disposition": f'attachment; filename="codebook-{shown.slug}.csv"'}
    return HttpResponse(
        write_codebook(shown.codes.all()), content_type="text/csv; charset=utf-8", headers=headers
    )


@login_required
@read_and_write
def add_code(request: HttpRequest, consultation: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_public_themes:
        say_frozen(request)
        return redirect("dialogue:codebook", kept.pk)
    form = CodeForm(what_was_sent(request))
    if form.is_valid():
        try:
            actions.add_code(by=me, consultation=kept, words=form.words, at=now)
        except actions.KeyTaken:
            form.say_taken()
        except MoveError:
            say_frozen(request)
            return redirect("dialogue:codebook", kept.pk)
        else:
            messages.success(request, gettext("The code is added."))
            return redirect("dialogue:codebook", kept.pk)
    return _ask_about_code(request, "dialogue/code.html", kept, form, code=None)


@login_required
@read_and_write
def change_code(request: HttpRequest, code: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_code_to_keep(me, code, timezone.localdate(now))
    if kept.consultation.has_public_themes:
        say_frozen(request)
        return redirect("dialogue:codebook", kept.consultation_id)
    form = CodeForm(what_was_sent(request), code=kept)
    if form.is_valid():
        try:
            actions.change_code(by=me, code=kept, words=form.words, at=now)
        except MoveError:
            say_frozen(request)
        else:
            messages.success(request, gettext("Saved."))
        return redirect("dialogue:codebook", kept.consultation_id)
    return _ask_about_code(request, "dialogue/code.html", kept.consultation, form, code=kept)


@login_required
@read_and_write
def remove_code(request: HttpRequest, code: int) -> HttpResponse:
    """Say how often it was given, and take it away."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_code_to_keep(me, code, timezone.localdate(now))
    consultation = kept.consultation
    if request.method == "POST" or consultation.has_public_themes:
        try:
            actions.remove_code(by=me, code=kept, at=now)
        except MoveError:
            say_frozen(request)
        else:
            messages.success(request, gettext("The code is removed."))
        return redirect("dialogue:codebook", consultation.pk)
    times = kept.codings.count()
    return _ask_about_code(
        request, "dialogue/remove_code.html", consultation, Form(), code=kept, times_given=times
    )


def _ask_about_code(
    request: HttpRequest,
    template: str,
    consultation: Consultation,
    form: Form,
    *,
    code: Code | None,
    **context: object,
) -> HttpResponse:
    back = reverse("dialogue:codebook", args=[consultation.pk])
    crumbs: Crumbs = [*crumbs_to(consultation), (gettext("Codebook"), back)]
    return ask(request, template, consultation, form, code=code, back=back, crumbs=crumbs, **context)
