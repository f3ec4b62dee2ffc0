"""The pages on which staff give codes to excerpts, each for oneself, and see how far they agree."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import coding as actions
from tessera.apps.dialogue.coding_agreement import (
    disagreements_shown_to,
    read_agreement,
    write_disagreements,
)
from tessera.apps.dialogue.forms.coding import CodingForm
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.marked_text import read_excerpt
from tessera.apps.dialogue.models import Coding, Excerpt
from tessera.apps.dialogue.staff_pages import (
    ask,
    crumbs_for,
    crumbs_to,
    mark_language,
    read_and_write,
    say_frozen,
    what_was_sent,
)
from tessera.apps.records.moves import MoveError

ON_A_PAGE = 50


@login_required
@require_safe
def show_coding(request: HttpRequest, consultation: int) -> HttpResponse:
    """The next excerpt that somebody has not coded, and those that they have, with the codes of others."""
    me, today = signed_in(request), timezone.localdate()
    kept = access.get_consultation_to_keep(me, consultation, today)
    codes = list(kept.codes.all())
    coded = in_the_room.excerpts_coded_by(me, kept)
    left = in_the_room.excerpts_to_code(me, kept)
    upcoming = None if kept.has_public_themes else _with_words(left).first()
    shown = coded.prefetch_related("codings__codes", "codings__coder")
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "consultation": kept,
        "marked_title": mark_language(kept.title),
        "codes": codes,
        "is_frozen": kept.has_public_themes,
        "coded_count": page.paginator.count,
        "excerpt_count": in_the_room.excerpts_of(kept).count(),
        "read": None if upcoming is None else read_excerpt(upcoming),
        "form": CodingForm(codes=codes, given=None),
        "page": page,
        "rows": [_row(me, excerpt) for excerpt in page.object_list],
        "crumbs": crumbs_to(kept),
    }
    return render(request, "dialogue/coding.html", context)


def _with_words(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    return excerpts.select_related("finding").prefetch_related("note__translations")


def _row(person: Person, excerpt: Excerpt) -> dict[str, object]:
    own = [each for each in excerpt.codings.all() if each.coder_id == person.pk]
    others = [each for each in excerpt.codings.all() if each.coder_id != person.pk]
    return {
        "excerpt": excerpt,
        "language": find_language(excerpt.note.language),
        "own": own[0],
        "others": others,
        "differs": len({_given(each) for each in (*own, *others)}) > 1,
    }


def _given(coding: Coding) -> frozenset[int]:
    return frozenset(code.pk for code in coding.codes.all())


@login_required
@read_and_write
def code_excerpt(request: HttpRequest, excerpt: int) -> HttpResponse:
    """Code an excerpt, or change how one coded it; then go on with the next."""
    me, now = signed_in(request), timezone.now()
    kept = in_the_room.get_excerpt_to_keep(me, excerpt, timezone.localdate(now))
    consultation = kept.note.held_in.consultation
    back = reverse("dialogue:coding", args=[consultation.pk])
    if consultation.has_public_themes:
        say_frozen(request)
        return HttpResponseRedirect(back)
    codings = list(in_the_room.codings_shown_to(me, kept))
    own = next((each for each in codings if each.coder == me), None)
    given = None if own is None else list(own.codes.all())
    form = CodingForm(what_was_sent(request), codes=list(consultation.codes.all()), given=given)
    if form.is_valid():
        try:
            actions.code_excerpt(by=me, excerpt=kept, codes=form.chosen, at=now)
        except actions.NotOfTheCodebook:
            messages.error(request, gettext("A code was removed meanwhile. Nothing was saved: look again."))
            return redirect("dialogue:code-excerpt", kept.pk)
        except MoveError:
            say_frozen(request)
        else:
            messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(f"{back}#next")
    others = [each for each in codings if each.coder != me]
    context = {"read": read_excerpt(kept), "others": others, "back": back}
    crumbs = [*crumbs_to(consultation), (gettext("Coding"), back)]
    return ask(request, "dialogue/code_excerpt.html", consultation, form, crumbs=crumbs, **context)


@login_required
@require_safe
def show_agreement(request: HttpRequest, consultation: int) -> HttpResponse:
    """How far those who code agree, over all and for each code."""
    me, today = signed_in(request), timezone.localdate()
    shown = in_the_room.get_consultation_to_hear(me, consultation, today)
    agreement = read_agreement(shown)
    keeps = access.keeps(me, shown, today)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "agreement": agreement,
        "keeps": keeps,
        "crumbs": crumbs_for(shown, sees=keeps),
    }
    return render(request, "dialogue/agreement.html", context)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def give_disagreements(request: HttpRequest, consultation: int) -> HttpResponse:
    """Where others who coded what somebody coded, too, gave other codes."""
    me = signed_in(request)
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate())
    headers = {"Content-Disposition": f'attachment; filename="disagreements-{kept.slug}.csv"'}
    content = write_disagreements(disagreements_shown_to(me, kept))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
