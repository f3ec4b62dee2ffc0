"""One statement after the other, what is thought of each, and everything that one thinks."""

import hashlib
import secrets
from collections.abc import Sequence

import numpy as np
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.dialogue.access import get_shown_statement
from tessera.apps.dialogue.actions.taking_part import NotNow, cast_vote, check_key, join_and_report
from tessera.apps.dialogue.asking import (
    Progress,
    Worded,
    draw_statements,
    own_answers,
    read_own,
    read_progress,
)
from tessera.apps.dialogue.models import KEY_LENGTH, REPORT_REASONS, Choice, HidingReason, Participant
from tessera.apps.dialogue.own_statements import read_own_statements
from tessera.apps.dialogue.refusals import WrongForm
from tessera.apps.dialogue.resident_pages import (
    GoTo,
    answer_json,
    put_for_script,
    resident_page,
    show,
    url_of,
    wants_json,
)
from tessera.apps.dialogue.visits import Visit, read_numbers
from tessera.engines.opinion.cluster import VOTES_TO_BE_GROUPED

MOST_FETCHED = 10
MOST_AFTER_A_VOTE = 2
ENOUGH_AHEAD = 4
"""Statements that a phone holds already: it asks for a batch of them when it has fewer."""
ABOUT_ME_AFTER = 7
"""Answers, after which people are offered to say something about themselves: once, and they can go on."""
MOST_BYTES_AFTER_A_VOTE = 2048
"""So that it fits into one or two packets of a slow network."""


@require_safe
@resident_page
def show_statement(visit: Visit) -> HttpResponse:
    """The next statement, or the one that `about` names; those that `after` names were put off."""
    if not visit.takes_votes:
        return show(visit, "no_votes_now.html")
    visit.check_may_join()
    about, put_off = read_numbers(visit.request.GET.get("about", "")), _put_off(visit.request.GET)
    progress = read_progress(visit.consultation, visit.participant)
    if about:
        shown = get_shown_statement(visit.consultation, about[0])
        statement = read_own(visit.participant, shown, visit.language.code)
    elif drawn := _draw(visit, progress, put_off, most=1):
        statement = drawn[0]
    else:
        return GoTo(url_of(visit, "finish"))
    context = {
        "statement": statement,
        "progress": progress,
        "after": _join(put_off),
        "skip_url": url_of(visit, "statement", after=_join([*_without(put_off, statement.pk), statement.pk])),
        "key": secrets.token_hex(KEY_LENGTH // 2),
        "picture_from": VOTES_TO_BE_GROUPED,
        # With the script, the page stays the same while one answers.
        "asks_about_oneself": progress.answered <= ABOUT_ME_AFTER and visit.asks_about_oneself,
        "about_me_after": ABOUT_ME_AFTER,
    }
    return show(visit, "statement.html", context)


@require_POST
@resident_page
def vote(visit: Visit) -> HttpResponse:
    form = visit.request.POST
    choice = _read_choice(form.get("choice", ""))
    participant = cast_vote(
        consultation=visit.consultation,
        entrance=visit.entrance,
        statement=visit.number("statement"),
        choice=choice,
        key=_key_of_act(form.get("key", ""), choice),
        day=visit.day,
    )
    response = _answer_vote(visit, participant)
    # A vote that waited on a shared device for somebody who has left it makes nobody known there.
    if visit.kept_code is None and "gone" not in form:
        visit.keep_code(response, visit.code)
    return response


def _answer_vote(visit: Visit, participant: Participant) -> HttpResponse:
    put_off = _put_off(visit.request.POST)
    if not wants_json(visit.request):
        if visit.request.POST.get("back") == "answers":
            return GoTo(url_of(visit, "answers"))
        return GoTo(url_of(visit, "statement", after=_join(put_off)))
    progress = read_progress(visit.consultation, participant)
    wanted = 0 if len(put_off) >= ENOUGH_AHEAD else MOST_AFTER_A_VOTE
    statements = _draw(visit, progress, put_off, most=wanted)
    while True:
        response = _say_what_is_next(progress, statements)
        if not statements or len(response.content) <= MOST_BYTES_AFTER_A_VOTE:
            return response
        # In letters of two bytes, a translation alone may take more than half of it.
        statements.pop()


@require_safe
@resident_page
def next_statements(visit: Visit) -> HttpResponse:
    """What a phone keeps so that it can go on without a network."""
    if not visit.takes_votes:
        raise NotNow(f"{visit.consultation} takes no votes on {visit.day}.")
    wanted = read_numbers(visit.request.GET.get("most", "")) or [MOST_FETCHED]
    progress = read_progress(visit.consultation, visit.participant)
    statements = _draw(visit, progress, _put_off(visit.request.GET), most=min(wanted[0], MOST_FETCHED))
    return _say_what_is_next(progress, statements)


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def report(visit: Visit, pk: int) -> HttpResponse:
    if "done" in visit.request.GET:
        return show(visit, "reported.html", {"next_url": url_of(visit, "statement", after=pk)})
    statement = get_shown_statement(visit.consultation, pk)
    reason = visit.request.POST.get("reason", "")
    if reason in REPORT_REASONS:
        join_and_report(
            consultation=visit.consultation,
            entrance=visit.entrance,
            statement=statement,
            reason=HidingReason(reason),
            day=visit.day,
        )
        response = GoTo(url_of(visit, "report", pk, done=1))
        if visit.kept_code is None:
            visit.keep_code(response, visit.code)
        return response
    is_sent = visit.request.method == "POST"
    context = {"statement": read_own(None, statement, visit.language.code), "reason_is_missing": is_sent}
    return show(visit, "report.html", context, status=422 if is_sent else 200)


@require_safe
@resident_page
def show_answers(visit: Visit) -> HttpResponse:
    """All that somebody thinks, and all that they said, shown or not."""
    me = visit.participant
    context = {
        "answers": own_answers(me, visit.language.code) if me is not None else [],
        "own_statements": read_own_statements(me) if me is not None else [],
        "asks_about_oneself": me is not None and visit.asks_about_oneself,
    }
    return show(visit, "answers.html", context)


def _draw(visit: Visit, progress: Progress, put_off: list[int], *, most: int) -> list[Worded]:
    rng = np.random.default_rng()
    return draw_statements(
        visit.consultation, progress, visit.language.code, most=most, after=put_off, rng=rng
    )


def _say_what_is_next(progress: Progress, statements: list[Worded]) -> HttpResponse:
    said = [_with_original(each) for each in statements]
    return answer_json({"answered": progress.answered, "total": progress.total, "next": said})


def _with_original(statement: Worded) -> dict[str, object]:
    """What a machine said, with what it was given: a tap shows it, without a connection, too."""
    original = statement.by_machine_from
    said = put_for_script(statement)
    if original is not None:
        said["original"] = {
            "text": original.text,
            "lang": original.language.code,
            "dir": original.language.direction,
        }
    return said


def _put_off(query: QueryDict) -> list[int]:
    return read_numbers(query.get("after", ""))


def _without(keys: Sequence[int], key: int) -> list[int]:
    return [each for each in keys if each != key]


def _join(keys: Sequence[int]) -> str:
    return ",".join(map(str, keys))


def _read_choice(written: str) -> Choice:
    try:
        return Choice(int(written))
    except ValueError:
        raise WrongForm("A vote is 1, -1 or 0.") from None


def _key_of_act(key: str, choice: Choice) -> str:
    """A page that a browser brings back has its key still; another choice on it is another act."""
    check_key(key)
    return hashlib.sha256(f"{key} {choice.value}".encode()).hexdigest()[:KEY_LENGTH]
