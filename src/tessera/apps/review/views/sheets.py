"""Answers out and back in: as a sheet, and by a form that works without a connection."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network.local_text import page_language
from tessera.apps.review import access
from tessera.apps.review.actions import sheets as actions
from tessera.apps.review.actions.evidence import TooManyPieces
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.filled_area import lines_of
from tessera.apps.review.forms.sheets import DifferencesForm, SheetForm
from tessera.apps.review.models import Answer, Review
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.sheets.returned import Difference, Kind
from tessera.frameworks.sheets.write import write_sheet
from tessera.frameworks.xlsforms.write import write_xlsform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLORS = {Kind.NEW: "info", Kind.CHANGED: "accent", Kind.CLEARED: "neutral", Kind.CONFLICT: "warning"}

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _own(request: HttpRequest, review: int) -> Review:
    return access.get_own_review(signed_in(request), review, timezone.localdate())


def _with_answers(own: Review) -> Review:
    return Review.objects.with_answers().prefetch_related("answers__changed_by").get(pk=own.pk)


def _language(review: Review) -> str:
    """That of the page, or else the questionnaire's own."""
    return review.framework.text(page_language()).language


def _crumbs(review: Review, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    tasks = (f"{review.city}, {review.year}", reverse("review:tasks", args=[review.pk]))
    return [(gettext("Your work"), reverse("web:work")), tasks, *steps]


# Out


@login_required
@require_safe
def download_answers(request: HttpRequest, review: int) -> HttpResponse:
    own = _with_answers(_own(request, review))
    return _sheet(own, own.sheet(), "answers")


@login_required
@require_safe
def download_empty_sheet(request: HttpRequest, review: int) -> HttpResponse:
    own = _with_answers(_own(request, review))
    return _sheet(own, replace(own.sheet(), answers={}), "empty")


def _sheet(own: Review, answers: AnswerSheet, what: str) -> HttpResponse:
    target, language = BytesIO(), _language(own)
    write_sheet(
        own.framework,
        pathway=own.sheet_pathway,
        language=language,
        target=target,
        answers=replace(answers, city=own.city.name.in_language(language)),
    )
    return _download(target, f"{own.city.slug}-{own.framework_id}-{own.year}-{what}-{language}.xlsx")


@login_required
@require_safe
def download_form(request: HttpRequest, review: int) -> HttpResponse:
    own = _own(request, review)
    target = BytesIO()
    write_xlsform(own.framework, pathway=own.sheet_pathway, language=_language(own), target=target)
    return _download(target, f"{own.framework_id}-{own.version}-{own.pathway}-form.xlsx")


def _download(target: BytesIO, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=headers)


# Back in


@login_required
@read_and_write
def show_sheets(request: HttpRequest, review: int) -> HttpResponse:
    """Where the files are had, and where one of them comes back."""
    own = _own(request, review)
    form = SheetForm(review=own)
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES, review=own)
        if form.is_valid():
            return _bring_back(request, own, form)
    address = [own.pk]
    context = {
        "review": own,
        "is_open": access.may_change(signed_in(request), own, timezone.localdate()),
        "form": form,
        "sheets": [
            _file(gettext("The answers as they are now"), reverse("review:download-answers", args=address)),
            _file(
                gettext("The same sheet without answers"),
                reverse("review:download-empty-sheet", args=address),
            ),
        ],
        "forms": [_file(gettext("The form"), reverse("review:download-form", args=address))],
        "crumbs": _crumbs(own),
    }
    return render(request, "review/sheets.html", context, status=400 if form.is_bound else 200)


def _file(label: str, url: str) -> dict[str, str]:
    return {"label": label, "format": "XLSX", "url": url}


def _bring_back(request: HttpRequest, own: Review, form: SheetForm) -> HttpResponse:
    try:
        upload = actions.bring_back(
            person=signed_in(request), review=own, filled=form.cleaned_data["file"], at=timezone.now()
        )
    except NotOpen:
        return _say_sent(request, own)
    if upload is None:
        messages.info(request, gettext("The file says nothing that is not here already."))
        return redirect("review:sheets", own.pk)
    return redirect("review:take-over-sheet", own.pk, upload.pk)


def _say_sent(request: HttpRequest, own: Review) -> HttpResponse:
    messages.error(request, gettext("The answers are sent. Nothing can be changed any more."))
    return redirect("review:sheets", own.pk)


@login_required
@read_and_write
def take_over(request: HttpRequest, review: int, upload: int) -> HttpResponse:
    """What a sheet would change, before anything of it is saved."""
    own = _own(request, review)
    brought = access.find_upload(signed_in(request), own, upload)
    if brought is None:
        messages.error(
            request,
            gettext(
                "This file is settled already, or was forgotten after a day. If answers are missing, bring "
                "it back once more."
            ),
        )
        return redirect("review:sheets", own.pk)
    if not access.may_change(signed_in(request), own, timezone.localdate()):
        return _say_sent(request, own)
    shown = _with_answers(own)
    differences = brought.differences(shown)
    form = DifferencesForm(
        request.POST if request.method == "POST" else None, upload=brought, differences=differences
    )
    if form.is_valid():
        try:
            taken = actions.take_over(upload=brought, choices=form.choices, at=timezone.now())
        except NotOpen:
            return _say_sent(request, own)
        except TooManyPieces:
            messages.error(
                request,
                gettext(
                    "The review would have more pieces of evidence than one can have. Nothing was saved: "
                    "keep what is here for some answers."
                ),
            )
            return redirect(request.path)
        return _go_on(request, own, taken)
    context = {
        "review": own,
        "form": form,
        "counts": _counts(shown, differences),
        "differences": _rows(shown, differences, form),
        "has_conflicts": any(each.kind is Kind.CONFLICT for each in differences),
        "back": reverse("review:sheets", args=[own.pk]),
        "crumbs": _crumbs(own, (gettext("Answers as a file"), reverse("review:sheets", args=[own.pk]))),
    }
    return render(request, "review/sheet_take_over.html", context, status=400 if form.is_bound else 200)


def _go_on(request: HttpRequest, own: Review, taken: actions.Taken) -> HttpResponse:
    if taken.saved:
        words = ngettext(
            "%(count)s answer was taken from the file.",
            "%(count)s answers were taken from the file.",
            taken.saved,
        )
        messages.success(request, words % {"count": taken.saved})
    elif not taken.left:
        messages.info(request, gettext("Nothing was changed."))
    if not taken.left:
        return redirect("review:tasks", own.pk)
    words = ngettext(
        "%(count)s answer was changed here meanwhile and was left as it is. Choose once more.",
        "%(count)s answers were changed here meanwhile and were left as they are. Choose once more.",
        taken.left,
    )
    messages.warning(request, words % {"count": taken.left})
    return redirect(request.path)


def _counts(review: Review, differences: Iterable[Difference]) -> list[str]:
    found = Counter(each.kind for each in differences)
    same = sum(1 for _ in review.framework.questions(review.sheet_pathway)) - found.total()
    said: Mapping[Kind, Callable[[int], str]] = {
        Kind.NEW: lambda n: ngettext("%(count)s answer is new.", "%(count)s answers are new.", n),
        Kind.CHANGED: lambda n: ngettext("%(count)s answer is changed.", "%(count)s answers are changed.", n),
        Kind.CLEARED: lambda n: ngettext(
            "%(count)s answer is taken back.", "%(count)s answers are taken back.", n
        ),
        Kind.CONFLICT: lambda n: ngettext(
            "To %(count)s question there is another answer here: choose one of the two.",
            "To %(count)s questions there are other answers here: choose one of the two each time.",
            n,
        ),
    }
    sentences = [words(found[kind]) % {"count": found[kind]} for kind, words in said.items() if found[kind]]
    words = ngettext("%(count)s answer is the same.", "%(count)s answers are the same.", same)
    return [*sentences, words % {"count": same}]


def _rows(
    review: Review, differences: Iterable[Difference], form: DifferencesForm
) -> list[dict[str, object]]:
    states = {
        Kind.NEW: gettext("New"),
        Kind.CHANGED: gettext("Changed"),
        Kind.CLEARED: gettext("Taken back"),
        Kind.CONFLICT: gettext("Another answer is here"),
    }
    kept = {answer.question: answer for answer in review.answers.all()}
    return [
        {
            "title": form[each.question].label,
            "url": reverse(
                "review:question",
                args=[review.pk, review.framework.question(each.question).area, each.question],
            ),
            "state": states[each.kind],
            "color": COLORS[each.kind],
            "now": _present(review, each, kept.get(each.question)),
            "returned": _returned(review, each, kept.get(each.question)),
            "field": form[each.question],
        }
        for each in differences
    ]


def _present(review: Review, difference: Difference, kept: Answer | None) -> str:
    lines = _lines(review, difference.question, difference.present, kept is not None and kept.is_note_public)
    if difference.kind is Kind.CONFLICT and kept is not None and kept.changed_by and kept.changed_at:
        saved = {
            "name": kept.changed_by.name,
            "time": date_format(timezone.localtime(kept.changed_at), "DATETIME_FORMAT"),
        }
        lines.append(gettext("Saved by %(name)s, %(time)s") % saved)
    return "\n".join(lines)


def _returned(review: Review, difference: Difference, kept: Answer | None) -> str:
    # A note that is changed stays with the city until somebody says otherwise.
    is_public = (
        kept is not None and kept.is_note_public and difference.returned.note == difference.present.note
    )
    lines = _lines(review, difference.question, difference.returned, is_public)
    return "\n".join([*lines, *_deleted(review, difference)])


def _deleted(review: Review, difference: Difference) -> Iterator[str]:
    """The files that go with an answer where the sheet is taken."""
    returned = difference.returned.evidence.splitlines()
    dropped = {said for said in difference.present.evidence.splitlines() if said not in returned}
    for piece in review.evidence.all():
        serves = {use.question for use in piece.uses.all()}
        if piece.file is None or difference.question not in serves or piece.in_words not in dropped:
            continue
        if len(serves) == 1:
            yield gettext("“%(file)s” is deleted.") % {"file": piece.file.name}
        else:
            yield gettext("“%(file)s” is deleted unless another answer keeps it.") % {"file": piece.file.name}


def _lines(review: Review, key: str, given: GivenAnswer, is_note_public: bool) -> list[str]:
    language = page_language()
    question, text = review.framework.question(key), review.framework.text(language).questions[key]
    lines = lines_of(question, text, given, is_note_public=is_note_public, language=language)
    return lines + [
        gettext("Evidence: %(piece)s") % {"piece": piece} for piece in given.evidence.splitlines()
    ]
