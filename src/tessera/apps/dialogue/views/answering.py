"""The pages on which officers say what becomes of what people said, and publish it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import summing_up
from tessera.apps.dialogue.actions import answering as actions
from tessera.apps.dialogue.forms.answering import DispositionForm, StatementsForm
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Disposition, Statement
from tessera.apps.dialogue.staff_pages import (
    as_conflict,
    ask,
    crumbs_to_themes,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.themes_page import list_statements
from tessera.apps.dialogue.what_became import contributions_outside
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError


@login_required
@require_safe
def show_answer(request: HttpRequest, consultation: int) -> HttpResponse:
    """Every theme and every contribution outside one, with what becomes of it, or that it is missing."""
    me, today = signed_in(request), timezone.localdate()
    shown = summing_up.get_consultation_with_themes(me, consultation, today)
    if not shown.has_public_themes:
        return redirect("dialogue:themes", shown.pk)
    is_own = acts_for(me, shown.city, today)
    listed = list_statements(shown, page_language()).by_key
    outside = [each for each in _outside(shown) if each.pk in listed]
    missing = actions.reasons_not_translated(shown)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "themes": [
            {"theme": theme, **_decided(getattr(theme, "disposition", None), missing)}
            for theme in shown.themes.select_related("disposition")
        ],
        "outside": [
            {
                "key": each.pk,
                "listed": listed[each.pk],
                **_decided(getattr(each, "disposition", None), missing),
            }
            for each in outside
        ],
        "obstacles": [each.value for each in actions.obstacles_to_answering(shown)],
        "is_own": is_own,
        "may_decide": is_own and shown.state == State.SYNTHESISED,
        "crumbs": crumbs_to_themes(shown, me, today),
    }
    return render(request, "dialogue/answer.html", context)


def _outside(consultation: Consultation) -> list[Statement]:
    return list(contributions_outside(consultation).select_related("disposition"))


def _decided(disposition: Disposition | None, missing: dict[Disposition, list[str]]) -> dict[str, object]:
    codes = [] if disposition is None else missing.get(disposition, [])
    return {"disposition": disposition, "languages_missing": [language_name(code) for code in codes]}


@login_required
@read_and_write
def decide_theme(request: HttpRequest, theme: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    decided = summing_up.get_theme_to_decide(me, theme, timezone.localdate(now))
    own = decided.consultation
    standing = getattr(decided, "disposition", None)
    form = DispositionForm(what_was_sent(request), languages=own.languages, **_standing(standing))
    is_late = False
    if form.is_valid():
        try:
            actions.decide_theme(by=me, theme=decided, outcome=form.chosen, reason=form.reason, at=now)
        except MoveError:
            form.add_error(None, _why_fixed(own))
            is_late = True
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:answer", own.pk)
    page = ask(
        request,
        "dialogue/decide_theme.html",
        own,
        form,
        theme=decided,
        marked_theme=mark_language(decided.title),
        back=reverse("dialogue:answer", args=[own.pk]),
        crumbs=crumbs_to_themes(own, me, timezone.localdate(now)),
    )
    return as_conflict(page) if is_late else page


def _standing(disposition: Disposition | None, **initial: object) -> dict[str, Any]:
    """What a form begins with."""
    if disposition is None:
        return {"standing": {}, "initial": initial}
    return {
        "standing": {"reason": disposition.reason},
        "initial": {"outcome": disposition.outcome, **initial},
    }


def _why_fixed(consultation: Consultation) -> str:
    if consultation.has_public_themes:
        return gettext("The answer was published: it stays as it is. Nothing was saved.")
    return gettext("The themes come first: what becomes of them is decided once they are public.")


@login_required
@read_and_write
def decide_statements(request: HttpRequest, consultation: int) -> HttpResponse:
    """The same outcome and reason for all that is ticked; a link to one brings it ticked, as it stands."""
    me, now = signed_in(request), timezone.now()
    own = access.get_own_consultation(me, consultation, timezone.localdate(now))
    listed = list_statements(own, page_language()).by_key
    outside = {each.pk: each for each in _outside(own) if each.pk in listed}
    asked = outside.get(_number(request.GET.get("statement", "")))
    ticked = [asked.pk] if asked is not None else []
    standing = _standing(getattr(asked, "disposition", None), statements=ticked)
    # What nothing was decided about comes first; what was decided is fixed once everybody can read it.
    keys = sorted(outside, key=lambda key: (hasattr(outside[key], "disposition"), key))
    if own.state == State.ANSWERED:
        keys = [key for key in keys if not hasattr(outside[key], "disposition")]
    form = StatementsForm(
        what_was_sent(request),
        languages=own.languages,
        statements={key: listed[key] for key in keys},
        **standing,
    )
    is_late = False
    if form.is_valid():
        try:
            actions.decide_statements(
                by=me,
                consultation=own,
                statements=form.ticked,
                outcome=form.chosen,
                reason=form.reason,
                at=now,
            )
        except actions.NotInEveryLanguage:
            form.say_not_in_every_language()
        except actions.NotOutside:
            form.add_error(None, gettext("Something that you ticked is gone. Nothing was saved."))
            is_late = True
        except MoveError:
            form.add_error(None, _why_fixed(own))
            is_late = True
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:answer", own.pk)
    page = ask(
        request,
        "dialogue/decide_statements.html",
        own,
        form,
        back=reverse("dialogue:answer", args=[own.pk]),
        crumbs=crumbs_to_themes(own, me, timezone.localdate(now)),
    )
    return as_conflict(page) if is_late else page


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 19 else 0


@login_required
@read_and_write
def publish_answer(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what publishing means, and do it."""
    me, now = signed_in(request), timezone.now()
    own = access.get_own_consultation(me, consultation, timezone.localdate(now))
    if request.method == "POST":
        try:
            actions.publish_answer(by=me, consultation=own, at=now)
        except MoveError:
            messages.error(request, gettext("The answer cannot be published now, or was published already."))
        except actions.CannotAnswer:
            messages.error(request, gettext("It cannot be published yet. See below what is missing."))
        else:
            messages.success(request, gettext("The answer is public."))
        return redirect("dialogue:answer", own.pk)
    if own.state != State.SYNTHESISED or actions.obstacles_to_answering(own):
        return redirect("dialogue:answer", own.pk)
    return ask(
        request,
        "dialogue/publish_answer.html",
        own,
        Form(),
        back=reverse("dialogue:answer", args=[own.pk]),
        crumbs=crumbs_to_themes(own, me, timezone.localdate(now)),
    )
