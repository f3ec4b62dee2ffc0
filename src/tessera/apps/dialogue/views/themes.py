"""The pages on which staff sum up what people said in themes, and publish them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room, summing_up
from tessera.apps.dialogue.actions import themes as actions
from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.themes import BasesForm, ThemeForm
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Theme
from tessera.apps.dialogue.priority_areas import areas_of
from tessera.apps.dialogue.staff_pages import (
    as_conflict,
    ask,
    crumbs_to_themes,
    mark_language,
    read_and_write,
    what_was_sent,
)
from tessera.apps.dialogue.themes_page import list_statements, read_themes
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.reports.landscape.parts import ListedStatement

ON_A_PAGE = 50
"""Statements that are offered for a theme at a time."""


@login_required
@require_safe
def show_themes(request: HttpRequest, consultation: int) -> HttpResponse:
    """The themes as they stand, and what is missing before they can be published."""
    me, today = signed_in(request), timezone.localdate()
    shown = summing_up.get_consultation_with_themes(me, consultation, today)
    keeps = access.keeps(me, shown, today)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "themes": read_themes(shown, page_language()),
        "keeps": keeps,
        "may_write": keeps and shown.state != State.DRAFT and not shown.has_public_themes,
        "is_own": acts_for(me, shown.city, today),
        "obstacles": _obstacles(shown) if not shown.has_public_themes else [],
        "crumbs": crumbs_to_themes(shown, me, today)[:-1],
    }
    return render(request, "dialogue/themes.html", context)


def _obstacles(consultation: Consultation) -> list[dict[str, object]]:
    return [
        {
            "name": obstacle.value,
            "without_basis": actions.themes_without_basis(consultation),
            "not_translated": [
                {"theme": theme, "languages": [language_name(code) for code in codes]}
                for theme, codes in actions.themes_not_translated(consultation).items()
            ],
        }
        for obstacle in actions.obstacles_to_synthesis(consultation)
    ]


@login_required
@require_safe
def show_theme(request: HttpRequest, theme: int) -> HttpResponse:
    """One theme with all that it rests on; who coordinates a network reads no words of sessions."""
    me, today = signed_in(request), timezone.localdate()
    found = summing_up.get_theme_to_read(me, theme, today)
    consultation = found.consultation
    [shown] = [each for each in read_themes(consultation, page_language()) if each.theme == found]
    keeps = access.keeps(me, consultation, today)
    context = {
        "consultation": consultation,
        "marked_title": mark_language(consultation.title),
        "marked_theme": mark_language(found.title),
        "shown": shown,
        "hears": access.hears(me, consultation, today),
        "may_write": keeps and not consultation.has_public_themes,
        "may_decide": acts_for(me, consultation.city, today) and consultation.state == State.SYNTHESISED,
        "crumbs": crumbs_to_themes(consultation, me, today),
    }
    return render(request, "dialogue/theme.html", context)


@login_required
@read_and_write
def begin_theme(request: HttpRequest, consultation: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    return _write(request, access.get_consultation_to_keep(me, consultation, today), None)


@login_required
@read_and_write
def change_theme(request: HttpRequest, theme: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    standing = summing_up.get_theme_to_keep(me, theme, today)
    return _write(request, standing.consultation, standing)


def _write(request: HttpRequest, kept: Consultation, standing: Theme | None) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    form = ThemeForm(
        what_was_sent(request),
        languages=kept.languages,
        standing={} if standing is None else {"title": standing.title, "summary": standing.summary},
        areas=areas_of(kept.city),
        initial={"area": "" if standing is None else standing.area},
    )
    is_late = False
    if form.is_valid():
        try:
            theme = actions.write_theme(
                by=me,
                consultation=kept,
                pk=None if standing is None else standing.pk,
                title=form.text("title"),
                summary=form.text("summary"),
                area=form.cleaned_data["area"],
                at=now,
            )
        except MoveError:
            form.add_error(None, _why_fixed(kept))
            is_late = True
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:theme-bases" if standing is None else "dialogue:theme", theme.pk)
    page = ask(
        request,
        "dialogue/write_theme.html",
        kept,
        form,
        theme=standing,
        back=_url_of(kept, standing),
        crumbs=crumbs_to_themes(kept, me, timezone.localdate(now)),
    )
    return as_conflict(page) if is_late else page


def _url_of(consultation: Consultation, theme: Theme | None) -> str:
    if theme is None:
        return reverse("dialogue:themes", args=[consultation.pk])
    return reverse("dialogue:theme", args=[theme.pk])


def _why_fixed(consultation: Consultation) -> str:
    if consultation.state == State.DRAFT:
        return gettext("Nobody was asked yet: themes are written once the consultation is open.")
    return gettext("The themes were published: they stay as they are. Nothing was saved.")


@login_required
@read_and_write
def choose_bases(request: HttpRequest, theme: int) -> HttpResponse:
    """Tick what a theme rests on. What it rests on already always stands there; the rest can be searched."""
    me, now = signed_in(request), timezone.now()
    kept = summing_up.get_theme_to_keep(me, theme, timezone.localdate(now))
    consultation = kept.consultation
    bases = _bases_of(kept)
    listed = list_statements(consultation, page_language()).by_key
    sought = tidy_words(request.GET.get("search", ""))[:100]
    others = [key for key, each in listed.items() if key not in bases.statements and _has(each, sought)]
    page = Paginator(others, ON_A_PAGE).get_page(request.GET.get("page"))
    offered = [*(key for key in listed if key in bases.statements), *page.object_list]
    form = BasesForm(
        what_was_sent(request),
        kept=bases,
        statements={key: listed[key] for key in offered},
        excerpts=list(in_the_room.excerpts_of(consultation)),
        findings=list(summing_up.findings_for_themes(consultation)),
    )
    if form.is_valid():
        try:
            actions.choose_bases(by=me, theme=kept, add=form.add, remove=form.remove, at=now)
        except MoveError:
            messages.error(request, _why_fixed(consultation))
        except actions.NotOfTheConsultation:
            messages.error(request, gettext("Something that you ticked is gone. Nothing was saved."))
            return redirect("dialogue:theme-bases", kept.pk)
        else:
            messages.success(request, gettext("Saved."))
        return redirect("dialogue:theme", kept.pk)
    return ask(
        request,
        "dialogue/theme_bases.html",
        consultation,
        form,
        theme=kept,
        marked_theme=mark_language(kept.title),
        sought=sought,
        found=len(others),
        page=page,
        back=_url_of(consultation, kept),
        crumbs=crumbs_to_themes(consultation, me, timezone.localdate(now)),
    )


def _bases_of(theme: Theme) -> actions.Bases:
    rows = list(theme.bases.values_list("statement", "excerpt", "finding"))
    kinds = (frozenset(key for key in column if key is not None) for column in zip(*rows, strict=True))
    return actions.Bases(*kinds)


def _has(listed: ListedStatement, sought: str) -> bool:
    return sought.casefold() in listed.statement.text.casefold()


@login_required
@read_and_write
def delete_theme(request: HttpRequest, theme: int) -> HttpResponse:
    """Ask once, and delete it; what it rests on stays."""
    me, now = signed_in(request), timezone.now()
    kept = summing_up.get_theme_to_keep(me, theme, timezone.localdate(now))
    consultation = kept.consultation
    if request.method == "POST":
        try:
            actions.delete_theme(by=me, theme=kept, at=now)
        except MoveError:
            messages.error(request, _why_fixed(consultation))
        else:
            messages.success(request, gettext("The theme is deleted."))
        return redirect("dialogue:themes", consultation.pk)
    return ask(
        request,
        "dialogue/delete_theme.html",
        consultation,
        Form(),
        theme=kept,
        back=_url_of(consultation, kept),
        crumbs=crumbs_to_themes(consultation, me, timezone.localdate(now)),
    )


@login_required
@read_and_write
def publish_themes(request: HttpRequest, consultation: int) -> HttpResponse:
    """Say what publishing means, and do it."""
    me, now = signed_in(request), timezone.now()
    own = access.get_own_consultation(me, consultation, timezone.localdate(now))
    if request.method == "POST":
        try:
            actions.publish_themes(by=me, consultation=own, at=now)
        except MoveError:
            messages.error(request, gettext("The themes cannot be published now, or were published already."))
        except actions.CannotSynthesise:
            messages.error(request, gettext("They cannot be published yet. See below what is missing."))
        else:
            messages.success(request, gettext("The themes are public."))
        return redirect("dialogue:themes", own.pk)
    if own.state != State.CLOSED or actions.obstacles_to_synthesis(own):
        return redirect("dialogue:themes", own.pk)
    return ask(
        request,
        "dialogue/publish_themes.html",
        own,
        Form(),
        theme_count=own.themes.count(),
        back=_url_of(own, None),
        crumbs=crumbs_to_themes(own, me, timezone.localdate(now)),
    )
