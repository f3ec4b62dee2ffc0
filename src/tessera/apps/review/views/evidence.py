"""The pages on which evidence is added to an answer, and from which a file is had."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.records.files.serving import serve_file
from tessera.apps.review import access
from tessera.apps.review.access import OpenArea
from tessera.apps.review.actions import evidence as actions
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.forms.evidence import ChangeForm, FileForm, KnownForm, LinkForm, QuotationForm
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind
from tessera.apps.review.views.delegation import opened_links
from tessera.apps.review.views.filling import CONFLICT, in_area, question_crumbs, read_and_write

ABOUT = ("title", "dated_on", "language", "is_public")


@in_area
@read_and_write
def add_evidence(request: HttpRequest, place: OpenArea, question: str) -> HttpResponse:
    """Four ways on one page: a file, a link, a quotation, or a piece that is there already."""
    access.check_asked(place, question)
    if request.method != "POST" and not place.may_answer(question):
        return _say_closed(request, place, question)
    way = request.POST.get("way", "")
    known = access.evidence_seen_in(place).filter(withdrawn_at=None).exclude(uses__question=question)
    options: dict[str, forms.Form] = {
        "file": FileForm(*((request.POST, request.FILES) if way == "file" else ()), prefix="file"),
        "link": LinkForm(request.POST if way == "link" else None, prefix="link"),
        "quotation": QuotationForm(request.POST if way == "quotation" else None, prefix="quotation"),
        "known": KnownForm(request.POST if way == "known" else None, prefix="known", pieces=known),
    }
    sent = options.get(way)
    if (
        sent is not None
        and sent.is_valid()
        and _try(place, sent, question, lambda: _add(place, question, way, sent))
    ):
        messages.success(request, gettext("The evidence was added."))
        return _to_question(place, question)
    context = {
        "place": place,
        "question": place.review.framework.text(page_language()).questions[question],
        "ways": options,
        "has_known": known.exists(),
        # That which was sent: the page's title says whether there is an error.
        "form": sent or options["file"],
        "crumbs": question_crumbs(place, question),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "review/evidence_add.html", context, status=status)


def _add(place: OpenArea, question: str, way: str, form: forms.Form) -> None:
    given = form.cleaned_data
    if way == "known":
        actions.use_evidence(place=place, question=question, evidence=given["evidence"])
        return
    source = {"file": "file", "link": "url", "quotation": "text"}[way]
    actions.add_evidence(
        place=place,
        question=question,
        source=given[source],
        kind=EvidenceKind(way),
        at=timezone.now(),
        **{name: given[name] for name in ABOUT},
    )


@in_area
@read_and_write
def change_evidence(request: HttpRequest, place: OpenArea, question: str, evidence: int) -> HttpResponse:
    piece = access.get_evidence(place, question, evidence)
    if request.method != "POST" and not place.may_answer(question):
        return _say_closed(request, place, question)
    if request.POST.get("keep") == "theirs":
        return _to_question(place, question)
    said = {name: getattr(piece, name) for name in ABOUT}
    form = ChangeForm(request.POST or None, initial={**said, "shown": piece.mark})
    sides: list[dict[str, str]] = []
    try:
        if form.is_valid() and _try(place, form, question, lambda: _change(place, question, piece, form)):
            messages.success(request, gettext("Saved."))
            return _to_question(place, question)
    except actions.StaleEvidence as stale:
        sides = _two_versions(stale.piece, form)
    status = CONFLICT if sides else 400 if form.is_bound else 200
    context = {
        "place": place,
        "piece": piece,
        "form": form,
        "sides": sides,
        "may_change": access.may_change_evidence(place, piece),
        "others": piece.uses.exclude(question=question).count(),
        "drop_url": reverse(
            "review:drop-evidence", args=[place.review.pk, place.area.key, question, piece.pk]
        ),
        "crumbs": question_crumbs(place, question),
    }
    return render(request, "review/evidence_change.html", context, status=status)


def _change(place: OpenArea, question: str, piece: Evidence, form: ChangeForm) -> None:
    given = form.cleaned_data
    actions.change_evidence(
        place=place,
        question=question,
        evidence=piece,
        # Who keeps what they wrote has seen what was saved meanwhile.
        shown=form.data.get("keep") or given["shown"],
        **{name: given[name] for name in ABOUT},
    )


def _two_versions(standing: Evidence, form: ChangeForm) -> list[dict[str, str]]:
    written = Evidence(**{name: form.cleaned_data[name] for name in ABOUT})
    return [
        {
            "title": gettext("What you wrote"),
            "text": "\n".join(_about(written)),
            "name": "keep",
            "value": standing.mark,
            "label": gettext("Keep what you wrote"),
        },
        {
            "title": gettext("What was saved meanwhile"),
            "text": "\n".join(_about(standing)),
            "name": "keep",
            "value": "theirs",
            "label": gettext("Keep what was saved"),
        },
    ]


def _about(piece: Evidence) -> list[str]:
    """All that is said about a piece."""
    dated = date_format(piece.dated_on, "DATE_FORMAT") if piece.dated_on else ""
    seen = gettext("public once the result is published") if piece.is_public else gettext("kept by the city")
    return [said for said in (piece.title, dated, piece.language_name, seen) if said]


@in_area
@require_POST
def drop_evidence(request: HttpRequest, place: OpenArea, question: str, evidence: int) -> HttpResponse:
    """The piece no longer serves this answer; one that serves no other is deleted."""
    piece = access.get_evidence(place, question, evidence)
    try:
        actions.drop_evidence(place=place, question=question, evidence=piece)
    except NotOpen:
        return _say_closed(request, place, question)
    messages.success(request, gettext("The evidence was taken away from this answer."))
    return _to_question(place, question)


@require_safe
def download_evidence(request: HttpRequest, review: int, evidence: int) -> HttpResponseBase:
    """A file, for those who read the review or fill an area that it serves."""
    person = request.user if isinstance(request.user, Person) else None
    links = opened_links(request)
    if person is None and not links:
        return redirect_to_login(request.get_full_path())
    piece = access.get_evidence_file(person, links, review, evidence, timezone.localdate())
    return give_file(request, piece)


def give_file(request: HttpRequest, piece: Evidence, *, kept_seconds: int = 0) -> HttpResponseBase:
    """The file of a piece; of one that is withdrawn, a page that says when and why.

    `kept_seconds` is as `serve_file` takes it.
    """
    assert piece.file is not None
    if piece.withdrawn_at is not None:
        return render(request, "review/withdrawn_file.html", {"piece": piece}, status=410)
    return serve_file(request, piece.file, kept_seconds=kept_seconds)


def _to_question(place: OpenArea, question: str) -> HttpResponse:
    return redirect("review:question", place.review.pk, place.area.key, question)


def _say_closed(request: HttpRequest, place: OpenArea, question: str) -> HttpResponse:
    messages.error(request, _closed(place))
    return _to_question(place, question)


def _try(place: OpenArea, form: forms.Form, question: str, act: Callable[[], None]) -> bool:
    """Whether it could be done; what stands against it is said at the form."""
    try:
        act()
    except NotOpen:
        form.add_error(None, _closed(place))
    except actions.TooManyPieces:
        form.add_error(
            None,
            gettext("The review has as many pieces of evidence as one can have. Let one serve more answers."),
        )
    except actions.KnownSource as known:
        form.add_error(None, _is_known(known.piece, question))
    else:
        return True
    return False


def _is_known(piece: Evidence, question: str) -> str:
    about = {"about": ", ".join([piece.in_words, *_about(piece)[bool(piece.title) :]])}
    if piece.uses.filter(question=question).exists():
        return (
            gettext(
                "This source serves the answer already, and something else is said about it: %(about)s. "
                "To say what you typed, change that piece."
            )
            % about
        )
    return (
        gettext(
            "This source is here already, and something else is said about it: %(about)s. Choose it under “A "
            "piece that is here already”; then you can change what is said about it."
        )
        % about
    )


def _closed(place: OpenArea) -> str:
    if place.review.state == State.RETURNED:
        return gettext("Not saved: an answer that this evidence serves cannot be changed at present.")
    return gettext("The answers are sent. Nothing can be changed any more.")
