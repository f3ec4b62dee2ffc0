"""The pages on which a facilitator types in what somebody says who sits beside them."""

import secrets
from collections.abc import Sequence

import numpy as np
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions.assisted import Spoken, take_spoken_answers
from tessera.apps.dialogue.actions.taking_part import NotNow, NotShown
from tessera.apps.dialogue.asking import Worded, word_statements
from tessera.apps.dialogue.codes import make_code, spell_code
from tessera.apps.dialogue.forms.on_paper import AssistedForm
from tessera.apps.dialogue.lines_to_type import line_of
from tessera.apps.dialogue.models import KEY_LENGTH, Consultation
from tessera.apps.dialogue.on_paper import draw_for_paper
from tessera.apps.dialogue.resident_pages import answer_json, wants_json
from tessera.apps.dialogue.spoken_words import read_spoken_words
from tessera.apps.dialogue.staff_pages import (
    BAD_REQUEST,
    CONFLICT,
    ask,
    crumbs_to,
    mark_language,
    read_and_write,
)
from tessera.apps.dialogue.visits import read_numbers


@login_required
@require_safe
def choose_language(request: HttpRequest, consultation: int) -> HttpResponse:
    """In which language one reads out; where there is only one, at once to its page."""
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    if not kept.takes_votes_on(today):
        messages.error(request, gettext("Nobody can vote today, so nothing can be typed in either."))
        return redirect(kept)
    if len(kept.languages) == 1:
        return redirect("dialogue:assist", kept.pk, kept.first_language)
    context = {
        "consultation": kept,
        "marked_title": mark_language(kept.title),
        "crumbs": crumbs_to(kept),
    }
    return render(request, "dialogue/assisted.html", context)


@login_required
@read_and_write
def type_in_answers(request: HttpRequest, consultation: int, language: str) -> HttpResponse:
    """What to read out, and a form for the answers; then the code, which is shown once.

    Before the page's script sends what was kept without a network, it asks for a fresh mark of the session,
    and whose session it is.
    """
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    if language not in kept.languages:
        raise Http404(f"{kept} is not held in {language!r}.")
    if request.method == "POST":
        return _take(request, kept, language)
    if wants_json(request):
        return answer_json({"token": get_token(request), "person": me.pk})
    if not kept.takes_votes_on(today):
        messages.error(request, gettext("Nobody can vote today, so nothing can be typed in either."))
        return redirect(kept)
    statements = draw_for_paper(kept, language, np.random.default_rng())
    first = {"key": secrets.token_hex(KEY_LENGTH // 2), "code": make_code()}
    form = AssistedForm(lines=[line_of(each) for each in statements], initial=first)
    return _ask(request, kept, language, form, statements)


def _take(request: HttpRequest, consultation: Consultation, language: str) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    asked = read_numbers(request.POST.get("statements", ""))
    statements = word_statements(consultation, asked, language)
    form = AssistedForm(request.POST, lines=[line_of(each) for each in statements])
    status = BAD_REQUEST
    if form.is_valid():
        code: str = form.cleaned_data["code"]
        votes = {pk: choice for pk, choice in form.answers.items() if choice is not None}
        spoken = Spoken(form.cleaned_data["key"], code, language, votes)
        try:
            take_spoken_answers(by=me, consultation=consultation, spoken=spoken, at=now)
        except (NotNow, NotShown):
            status = CONFLICT
            form.add_error(
                None, gettext("Nothing was kept: nobody can vote today, or these statements are gone.")
            )
        else:
            return _answer_kept(request, consultation, language, code)
    if wants_json(request):
        said = [str(error) for errors in form.errors.values() for error in errors]
        return answer_json({"error": "refused", "message": " ".join(said)}, status=status)
    response = _ask(request, consultation, language, form, statements)
    response.status_code = status
    return response


def _answer_kept(request: HttpRequest, consultation: Consultation, language: str, code: str) -> HttpResponse:
    if wants_json(request):
        return answer_json({"kept": True})
    context = {
        "consultation": consultation,
        "marked_title": mark_language(consultation.title),
        "crumbs": crumbs_to(consultation),
        "spelt_code": spell_code(code),
        "words": read_spoken_words(consultation, language),
        "code_page": _code_page(request, consultation, language),
    }
    return render(request, "dialogue/assisted_done.html", context)


def _ask(
    request: HttpRequest,
    consultation: Consultation,
    language: str,
    form: AssistedForm,
    statements: Sequence[Worded],
) -> HttpResponse:
    context = {
        "lines": list(form.lines()),
        "statements": ",".join(str(each.pk) for each in statements),
        "words": read_spoken_words(consultation, language),
        "code_page": _code_page(request, consultation, language),
        "person": signed_in(request).pk,
    }
    return ask(request, "dialogue/assist.html", consultation, form, **context)


def _code_page(request: HttpRequest, consultation: Consultation, language: str) -> str:
    """Where the code opens what was answered."""
    path = reverse("take_part:code", args=[consultation.slug, language])
    return request.build_absolute_uri(path)
