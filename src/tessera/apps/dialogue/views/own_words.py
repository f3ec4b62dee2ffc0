"""Saying something of one's own, and asking to look again at why it is hidden."""

import secrets
from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from tessera.apps.dialogue.access import get_own_statement
from tessera.apps.dialogue.actions import appeals
from tessera.apps.dialogue.actions.taking_part import (
    NotNow,
    WrongStatement,
    is_statement,
    say,
    tidy_words,
)
from tessera.apps.dialogue.asking import Worded, find_similar_statements
from tessera.apps.dialogue.models import KEY_LENGTH, LONGEST_APPEAL, LONGEST_STATEMENT
from tessera.apps.dialogue.own_statements import read_own_statement
from tessera.apps.dialogue.personal_details import Detail, find_personal_details
from tessera.apps.dialogue.refusals import REFUSALS
from tessera.apps.dialogue.resident_pages import (
    GoTo,
    answer_json,
    put_for_script,
    resident_page,
    show,
    url_of,
)
from tessera.apps.dialogue.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def say_something(visit: Visit) -> HttpResponse:
    """The form; what is similar, or looks personal, is shown once before it is taken."""
    if "done" in visit.request.GET:
        return show(visit, "said.html")
    if not visit.takes_statements:
        is_late = visit.request.method == "POST"
        return show(visit, "no_statements_now.html", status=409 if is_late else 200)
    visit.check_may_join()
    if visit.request.method != "POST":
        return _show_form(visit)
    form = visit.request.POST
    text = tidy_words(form.get("text", ""))
    if not is_statement(text):
        return _show_form(visit, error=REFUSALS[WrongStatement].word)
    if "as-it-is" not in form:
        told, similar = find_personal_details(text, visit.language.code), _find_similar(visit, text)
        if told or similar:
            return _show_form(visit, told=told, similar=similar)
    say(
        consultation=visit.consultation,
        entrance=visit.entrance,
        text=text,
        key=form.get("key", ""),
        day=visit.day,
    )
    response = GoTo(url_of(visit, "say", done=1))
    if visit.kept_code is None:
        visit.keep_code(response, visit.code)
    return response


def _show_form(
    visit: Visit, *, error: str = "", told: Sequence[Detail] = (), similar: Sequence[Worded] = ()
) -> HttpResponse:
    form = visit.request.POST
    written = form.get("text", "")
    context = {
        "written": written,
        "length": len(tidy_words(written)),
        "longest": LONGEST_STATEMENT,
        "error": error,
        "told": told,
        "similar": similar,
        # The same form until it is taken: pressed twice, it brings one statement.
        "key": form.get("key") or secrets.token_hex(KEY_LENGTH // 2),
    }
    return show(visit, "say.html", context, status=422 if error else 200)


@require_POST
@resident_page
def similar(visit: Visit) -> HttpResponse:
    """Statements like the one that is being written. By GET its words would stand in the log of a proxy."""
    if not visit.takes_statements:
        raise NotNow(f"{visit.consultation} takes no statements on {visit.day}.")
    said = [
        {**put_for_script(each), "url": url_of(visit, "statement", about=each.pk)}
        for each in _find_similar(visit, tidy_words(visit.request.POST.get("text", "")))
    ]
    return answer_json({"similar": said})


def _find_similar(visit: Visit, text: str) -> list[Worded]:
    return find_similar_statements(visit.consultation, text[: 2 * LONGEST_STATEMENT], visit.language.code)


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def appeal(visit: Visit, pk: int) -> HttpResponse:
    """Say why a statement of one's own should be shown after all. As long as the code works, at any time."""
    me = visit.participant
    if me is None:
        return GoTo(url_of(visit, "answers"))
    statement = get_own_statement(me, pk)
    context = {"statement": statement, "longest": LONGEST_APPEAL}
    if visit.request.method != "POST":
        if not read_own_statement(statement).may_appeal:
            return GoTo(url_of(visit, "answers"))
        return show(visit, "appeal.html", context)
    written = visit.request.POST.get("text", "")
    try:
        appeals.appeal(
            participant=me,
            statement=statement,
            words=written,
            language=visit.language.code,
            day=visit.day,
        )
    except appeals.WrongAppeal as error:
        refusal = REFUSALS[type(error)]
        context |= {"written": written, "length": len(tidy_words(written)), "error": refusal.word}
        return show(visit, "appeal.html", context, status=refusal.status)
    return GoTo(url_of(visit, "answers"))
