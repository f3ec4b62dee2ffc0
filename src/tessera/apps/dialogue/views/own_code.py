"""The receipt code: seeing it, coming back with it, and taking everything away that stands under it."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.asking import read_progress
from tessera.apps.dialogue.codes import spell_code, tidy_code
from tessera.apps.dialogue.resident_pages import GoTo, resident_page, show, url_of
from tessera.apps.dialogue.visits import Visit

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@read_and_write
@resident_page
def show_code(visit: Visit) -> HttpResponse:
    """One's code, to write it down; and a field for the one that was written down."""
    if visit.request.method != "POST":
        return show(visit, "code.html", {"spelt_code": _spelt(visit)})
    written = visit.request.POST.get("code", "")
    code = tidy_code(written)
    if code is None or find_participant(visit.consultation, code) is None:
        return show(visit, "code.html", {"written": written, "is_unknown": True}, status=422)
    response = GoTo(url_of(visit, "answers"))
    visit.keep_code(response, code)
    return response


@require_safe
@resident_page
def finish(visit: Visit) -> HttpResponse:
    progress = read_progress(visit.consultation, visit.participant)
    context = {
        "spelt_code": _spelt(visit),
        "progress": progress,
        "asks_about_oneself": visit.asks_about_oneself,
    }
    return show(visit, "finish.html", context)


@read_and_write
@resident_page
def withdraw(visit: Visit) -> HttpResponse:
    if "done" in visit.request.GET:
        return show(visit, "withdrawn.html")
    me = visit.participant
    # A second tap finds nobody any more: all is erased then, too, unless it is the codes that are forgotten.
    is_erased = me is None and "code" in visit.request.POST and visit.consultation.codes_forgotten_on is None
    if visit.request.method == "POST" and (me is not None or is_erased):
        if me is not None:
            withdraw_everything(me)
        response = GoTo(url_of(visit, "withdraw", done=1))
        # Another code is that of the next person on a shared device.
        if visit.kept_code == visit.code:
            visit.forget(response)
        return response
    context = {
        "spelt_code": _spelt(visit),
        # That one agrees with oneself is no answer that one gave.
        "vote_count": me.votes.exclude(statement__author=me).count() if me is not None else 0,
        "statement_count": me.statements.count() if me is not None else 0,
    }
    return show(visit, "withdraw.html", context)


def _spelt(visit: Visit) -> str:
    """The code, where it is somebody's; else nothing."""
    return spell_code(visit.code) if visit.participant is not None else ""
