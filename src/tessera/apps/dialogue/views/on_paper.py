"""The pages on which sheets of paper are printed and typed in."""

import numpy as np
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import on_paper
from tessera.apps.dialogue.actions import on_paper as actions
from tessera.apps.dialogue.actions.taking_part import NotNow, NotShown
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.forms.on_paper import LinesForm, PrintSheetsForm, SheetNumberForm
from tessera.apps.dialogue.lifecycle import SheetState
from tessera.apps.dialogue.lines_to_type import Line, read_lines, with_readings
from tessera.apps.dialogue.models import Consultation, Sheet
from tessera.apps.dialogue.numbers_on_paper import spell_number
from tessera.apps.dialogue.on_paper import draw_for_paper, set_sheets
from tessera.apps.dialogue.staff_pages import Crumbs, ask, crumbs_to, read_and_write, what_was_sent
from tessera.apps.dialogue.views.invite_kit import give_file
from tessera.apps.records.moves import MoveError
from tessera.reports.typesetting import DoesNotFitError, NoLetterError


@login_required
@read_and_write
def show_sheets(request: HttpRequest, consultation: int) -> HttpResponse:
    """How many sheets there are, which of them wait, and a form to type one in."""
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    form = SheetNumberForm(what_was_sent(request))
    if form.is_valid():
        sheet = on_paper.find_sheet(kept, form.cleaned_data["number"])
        if sheet is not None:
            return redirect("dialogue:sheet", sheet.pk)
        form.say_unknown()
    sheets = Sheet.objects.filter(printing__consultation=kept)
    context = {
        "counts": sheets.aggregate(
            printed=Count("pk"),
            once=Count("pk", filter=Q(state=SheetState.ENTERED_ONCE)),
            differing=Count("pk", filter=Q(state=SheetState.DIFFERING)),
            taken_in=Count("pk", filter=Q(state=SheetState.TAKEN_IN)),
        ),
        "waiting": [
            {"sheet": each, "number": spell_number(each.pk)}
            for each in sheets.unfinished().select_related("first_by", "second_by")
        ],
        "takes_votes": kept.takes_votes_on(today),
    }
    return ask(request, "dialogue/sheets.html", kept, form, **context)


@login_required
@read_and_write
def make_sheets(request: HttpRequest, consultation: int) -> HttpResponse:
    """Make sheets, and give them at once: their codes are kept nowhere."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    kept = access.get_consultation_to_keep(me, consultation, today)
    crumbs = _crumbs_to_sheets(kept)
    if kept.has_ended:
        messages.error(request, gettext("It is closed, and nobody can take part any more."))
        return redirect("dialogue:sheets", kept.pk)
    form = PrintSheetsForm(what_was_sent(request), consultation=kept, today=today)
    if form.is_valid():
        language = form.cleaned_data["language"]
        statements = draw_for_paper(kept, language, np.random.default_rng())
        if not statements:
            form.add_error(None, gettext("No statement is shown. There is nothing to print."))
            return ask(request, "dialogue/print_sheets.html", kept, form, crumbs=crumbs)
        code_page = reverse("take_part:code", args=[kept.slug, language])

        def set_all(sheets: list[actions.NewSheet]) -> bytes:
            return set_sheets(
                kept,
                language,
                statements=statements,
                sheets=sheets,
                hand_in_by=form.cleaned_data["hand_in_by"],
                address=request.build_absolute_uri(code_page),
            )

        try:
            # What cannot be printed is found out before there are codes that nobody can know.
            set_all([actions.NewSheet(10**9, make_code())])
            made = actions.print_sheets(
                by=me,
                consultation=kept,
                language=language,
                statements=[each.pk for each in statements],
                count=form.cleaned_data["count"],
                at=now,
            )
            pdf = set_all(made)
        except MoveError:
            messages.error(request, gettext("It was closed meanwhile. No sheets were made."))
            return redirect("dialogue:sheets", kept.pk)
        except (NoLetterError, DoesNotFitError) as error:
            form.add_error(None, _why_not_printed(error))
        else:
            # Saved at once: a page that shows it would ask for others when it is loaded again.
            return give_file(pdf, "application/pdf", f"sheets-{kept.slug}-{language}.pdf", "attachment")
    return ask(
        request,
        "dialogue/print_sheets.html",
        kept,
        form,
        crumbs=crumbs,
        most_lines=actions.MOST_LINES,
    )


def _why_not_printed(error: NoLetterError | DoesNotFitError) -> str:
    if isinstance(error, NoLetterError):
        return gettext(
            "This cannot be printed: our letters have no %(signs)s. They stand in a statement, or in the "
            "texts of the consultation."
        ) % {"signs": " ".join(sorted(error.signs))}
    return gettext("This cannot be printed: the texts of the consultation are too long. Shorten them.")


@login_required
@read_and_write
def type_in(request: HttpRequest, sheet: int) -> HttpResponse:
    """One sheet: a form for its first reading, its second, or what differs between them."""
    me, now = signed_in(request), timezone.now()
    typed = on_paper.get_sheet_to_enter(me, sheet, timezone.localdate(now))
    consultation = typed.printing.consultation
    if request.method == "POST" and request.POST.get("state") != typed.state:
        # A form that is sent twice is no second reading.
        messages.error(request, gettext("This sheet changed meanwhile. Nothing was kept this time."))
        return redirect("dialogue:sheet", typed.pk)
    if typed.state == SheetState.TAKEN_IN or not consultation.takes_votes_on(timezone.localdate(now)):
        return _show_sheet(request, typed, Form())
    form = LinesForm(what_was_sent(request), lines=_lines_to_type(typed))
    if form.is_valid():
        try:
            return _keep(request, typed, form)
        except actions.EmptySheet:
            form.say_empty()
        except NotShown:
            form.add_error(
                None, gettext("Nothing was kept: every statement that is answered is hidden meanwhile.")
            )
        except (MoveError, NotNow, actions.OtherDifferences):
            messages.error(request, gettext("This sheet changed meanwhile. Nothing was kept this time."))
            return redirect("dialogue:sheet", typed.pk)
    return _show_sheet(request, typed, form)


def _lines_to_type(sheet: Sheet) -> list[Line]:
    """All of them, but of a sheet that was read in two ways only those that differ, with both readings."""
    lines = read_lines(sheet.printing)
    if sheet.state != SheetState.DIFFERING:
        return lines
    return with_readings(lines, sheet)


def _keep(request: HttpRequest, sheet: Sheet, form: LinesForm) -> HttpResponse:
    me, now, number = signed_in(request), timezone.now(), spell_number(sheet.pk)
    if sheet.state == SheetState.PRINTED:
        actions.enter_first(by=me, sheet=sheet, answers=form.answers, at=now)
        said = gettext("Sheet %(number)s is typed in once. Put it where it waits for the second time.")
    elif sheet.state == SheetState.ENTERED_ONCE:
        after = actions.enter_second(by=me, sheet=sheet, answers=form.answers, at=now)
        if after.state == SheetState.DIFFERING:
            return redirect("dialogue:sheet", sheet.pk)
        said = gettext("Sheet %(number)s was typed in the same both times, and is taken in.")
    else:
        actions.decide_differences(by=me, sheet=sheet, decided=form.answers, at=now)
        said = gettext("Sheet %(number)s is taken in.")
    messages.success(request, said % {"number": number})
    return redirect("dialogue:sheets", sheet.printing.consultation_id)


def _show_sheet(request: HttpRequest, sheet: Sheet, form: Form) -> HttpResponse:
    consultation = sheet.printing.consultation
    context = {
        "sheet": sheet,
        "number": spell_number(sheet.pk),
        "lines": list(form.lines()) if isinstance(form, LinesForm) else [],
        "is_mine": sheet.first_by_id == signed_in(request).pk,
        "takes_votes": consultation.takes_votes_on(timezone.localdate()),
        "crumbs": _crumbs_to_sheets(consultation),
    }
    return ask(request, "dialogue/sheet.html", consultation, form, **context)


@login_required
@require_POST
def begin_anew(request: HttpRequest, sheet: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    typed = on_paper.get_sheet_to_enter(me, sheet, timezone.localdate(now))
    try:
        actions.begin_anew(by=me, sheet=typed, at=now)
    except MoveError:
        messages.error(request, gettext("This sheet changed meanwhile. Nothing was kept this time."))
    return redirect("dialogue:sheet", typed.pk)


def _crumbs_to_sheets(consultation: Consultation) -> Crumbs:
    sheets = reverse("dialogue:sheets", args=[consultation.pk])
    return [*crumbs_to(consultation), (gettext("On paper"), sheets)]
