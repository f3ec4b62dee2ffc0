"""What the pages of staff share: the way to them, and how they ask with one form."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import sees
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import Consultation, Session
from tessera.apps.network.local_text import LocalText

BAD_REQUEST, CONFLICT = 400, 409

Crumbs = list[tuple[str, str]]

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def crumbs_to(*consultations: Consultation) -> Crumbs:
    """The way to the list, or to a consultation in it."""
    return [
        (gettext("Your work"), reverse("web:work")),
        (gettext("Consultations"), reverse("dialogue:consultations")),
        *((str(each), each.get_absolute_url()) for each in consultations),
    ]


def crumbs_for(consultation: Consultation, *, sees: bool) -> Crumbs:
    """The way to a consultation; past itself for an expert, who only reads what it comes to."""
    return crumbs_to(consultation) if sees else crumbs_to()


def crumbs_to_statements(consultation: Consultation) -> Crumbs:
    """The way to the statements of a consultation, for the page of one of them."""
    statements = reverse("dialogue:statements", args=[consultation.pk])
    return [*crumbs_to(consultation), (gettext("Statements"), statements)]


def crumbs_to_themes(consultation: Consultation, person: Person, day: date) -> Crumbs:
    """The way to the themes of a consultation; past itself only for those who see it."""
    themes = (gettext("Themes"), reverse("dialogue:themes", args=[consultation.pk]))
    return [*crumbs_for(consultation, sees=sees(person, consultation, day)), themes]


def crumbs_to_sessions(consultation: Consultation, *sessions: Session, sees: bool = True) -> Crumbs:
    """The way to the sessions of a consultation, or to one of them. Not all who read them see it itself."""
    listed = (gettext("Sessions"), reverse("dialogue:sessions", args=[consultation.pk]))
    to_each = [(str(each), reverse("dialogue:session", args=[each.pk])) for each in sessions]
    return [*crumbs_for(consultation, sees=sees), listed, *to_each]


def mark_language(text: LocalText) -> str:
    """For a heading: a text that may be in another language than the page."""
    if not text.is_foreign:
        return str(text)
    language = find_language(text.language)
    return format_html('<span lang="{}" dir="{}">{}</span>', language.code, language.direction, text)


def say_frozen(request: HttpRequest) -> None:
    """That nothing was saved, because somebody published the themes before."""
    messages.error(
        request, gettext("Nothing was saved: the themes are public, and what they rest on stays as it is.")
    )


def what_was_sent(request: HttpRequest) -> QueryDict | None:
    """For a form: nothing where somebody only came to see it, else what was sent, even if that is empty."""
    return request.POST if request.method == "POST" else None


def ask(
    request: HttpRequest, template: str, consultation: Consultation, form: forms.BaseForm, **context: Any
) -> HttpResponse:
    """A page with one form. A form with errors is no success, and says so to programs, too."""
    found = {
        "consultation": consultation,
        "marked_title": mark_language(consultation.title),
        "form": form,
        "crumbs": crumbs_to(consultation),
        **context,
    }
    return render(request, template, found, status=BAD_REQUEST if form.errors else 200)


def as_conflict(page: HttpResponse) -> HttpResponse:
    """A page that still holds what was typed, but somebody else was quicker."""
    page.status_code = CONFLICT
    return page
