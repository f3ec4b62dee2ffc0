"""The pages on which staff choose what people are asked about themselves, and read who takes part."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import about_oneself as actions
from tessera.apps.dialogue.forms.about_oneself import OwnQuestionForm, PopulationForm, QuestionsForm
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Attribute, Consultation
from tessera.apps.dialogue.publish_tables import WAIT
from tessera.apps.dialogue.published_tables import PublishedAttribute, read_published
from tessera.apps.dialogue.shipped_questions import shipped_questions
from tessera.apps.dialogue.staff_pages import ask, crumbs_to, mark_language, read_and_write, what_was_sent
from tessera.apps.network.local_text import LocalText, page_language
from tessera.apps.records.moves import MoveError
from tessera.reports.landscape.compared_groups import Comparison, CountedGroup, Share
from tessera.reports.wording import Wording


@login_required
@read_and_write
def choose_questions(request: HttpRequest, consultation: int) -> HttpResponse:
    """Which questions are asked; once people answer them, only read here."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    asked = list(kept.attributes.prefetch_related("values"))
    form = QuestionsForm(what_was_sent(request), standing=asked, language=kept.first_language)
    if form.is_valid():
        try:
            actions.choose_questions(by=me, consultation=kept, keys=form.chosen, at=now)
        except MoveError:
            _say_fixed(request)
        except actions.TooManyQuestions:
            form.say_too_many()
            return _show_questions(request, kept, form, asked)
        else:
            messages.success(request, gettext("Saved."))
        return redirect("dialogue:about", kept.pk)
    return _show_questions(request, kept, form, asked)


def _show_questions(
    request: HttpRequest, consultation: Consultation, form: QuestionsForm, asked: Sequence[Attribute]
) -> HttpResponse:
    context = {
        "asked": [
            {
                "question": attribute,
                "is_own": attribute.key not in shipped_questions(),
                "answers": list(attribute.values.all()),
            }
            for attribute in asked
        ],
        "is_draft": consultation.state == State.DRAFT,
        "may_ask_more": len(asked) < actions.MOST_QUESTIONS,
        "most": actions.MOST_QUESTIONS,
    }
    return ask(request, "dialogue/about_oneself.html", consultation, form, **context)


@login_required
@read_and_write
def write_question(request: HttpRequest, consultation: int, question: int | None = None) -> HttpResponse:
    """Write a question of one's own, or change it before people answer it."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    standing = None if question is None else access.get_own_question(kept, question)
    if kept.state != State.DRAFT:
        _say_fixed(request)
        return redirect("dialogue:about", kept.pk)
    form = OwnQuestionForm(what_was_sent(request), languages=kept.languages, standing=standing)
    if form.is_valid():
        try:
            actions.write_own_question(
                by=me,
                consultation=kept,
                pk=question,
                question=form.question,
                answers=form.answers,
                at=now,
            )
        except MoveError:
            _say_fixed(request)
        except actions.TooManyQuestions:
            messages.error(
                request, gettext("At most %(most)s questions are asked.") % {"most": actions.MOST_QUESTIONS}
            )
        else:
            messages.success(request, gettext("Saved."))
        return redirect("dialogue:about", kept.pk)
    return ask(request, "dialogue/own_question.html", kept, form, back=_questions_url(kept))


@login_required
@read_and_write
def state_population(request: HttpRequest, consultation: int, question: int) -> HttpResponse:
    """Say how many residents are in each group, until the consultation is closed."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    asked = access.get_question_about_oneself(kept, question)
    if kept.has_ended:
        messages.error(request, gettext("It is closed, and stays as people found it."))
        return redirect("dialogue:about", kept.pk)
    form = PopulationForm(what_was_sent(request), asked=asked)
    if form.is_valid():
        try:
            actions.state_population(
                by=me,
                consultation=kept,
                pk=question,
                residents=form.residents,
                source=form.source,
                counted_on=form.counted_on,
                at=now,
            )
        except actions.IncompletePopulation:
            form.say_incomplete()
        except MoveError:
            messages.error(request, gettext("It was closed meanwhile. Nothing was saved."))
            return redirect("dialogue:about", kept.pk)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("dialogue:about", kept.pk)
    return ask(request, "dialogue/population.html", kept, form, asked=asked, back=_questions_url(kept))


@login_required
@require_safe
def show_who_takes_part(request: HttpRequest, consultation: int) -> HttpResponse:
    """Who takes part beside who lives in the city, as it was made public last; nothing is counted here."""
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_consultation_to_see(me, consultation, today)
    published = read_published(shown)
    context = {
        "consultation": shown,
        "marked_title": mark_language(shown.title),
        "published": published,
        "missing": [] if published is None else _missing(published.missing()),
        "attributes": [] if published is None else [_tabled(each) for each in published.attributes],
        "wait_days": WAIT.days,
        "crumbs": crumbs_to(shown),
    }
    return render(request, "dialogue/who.html", context)


def _say_fixed(request: HttpRequest) -> None:
    messages.error(request, gettext("It was opened: what people are asked about themselves stays as it is."))


def _questions_url(consultation: Consultation) -> str:
    return reverse("dialogue:about", args=[consultation.pk])


def _missing(found: Sequence[tuple[PublishedAttribute, Comparison[LocalText]]]) -> list[dict[str, object]]:
    return [
        {
            "question": attribute.question,
            "group": each.group.label,
            "share": _share(each.share)["text"],
            "share_of_city": each.share_of_city,
        }
        for attribute, each in found
    ]


def _tabled(attribute: PublishedAttribute) -> dict[str, object]:
    """One table as `_data_table.html` draws it: those first that are missing most."""
    rows = [_row(attribute, each.group, each) for each in attribute.comparisons()]
    rows += [_row(attribute, group, None) for group in attribute.left_out()]
    rows.append([{"text": gettext("did not say")}, _count(attribute.not_said), *([{"text": "–"}] * 3)])
    columns = [
        {"label": gettext("Group"), "kind": "text"},
        {"label": gettext("People"), "kind": "number"},
        {"label": gettext("Share"), "kind": "number"},
        {"label": gettext("Share of the city"), "kind": "number"},
        {"label": gettext("Difference in points"), "kind": "number"},
    ]
    return {
        "about": attribute,
        "table": {"caption": gettext("How many people are in each group"), "columns": columns, "rows": rows},
    }


def _row(
    attribute: PublishedAttribute, group: CountedGroup[LocalText], compared: Comparison[LocalText] | None
) -> list[dict[str, str]]:
    wording = Wording(page_language())
    about = [{"text": mark_language(group.label)}, _count(group.people)]
    if compared is not None:
        apart = compared.difference
        return [
            *about,
            _share(compared.share),
            {"text": wording.percent(compared.share_of_city)},
            _hidden() if apart is None else {"text": wording.signed(100 * apart)},
        ]
    share = _share(attribute.share(group)) if group in attribute.compared else {"text": "–"}
    return [*about, share, {"text": ""}, {"text": "–"}]


def _share(share: Share | None) -> dict[str, str]:
    if share is None:
        return _hidden()
    return {"text": Wording(page_language()).percent_range(share.least, share.most)}


def _count(people: int | None) -> dict[str, str]:
    return _hidden() if people is None else {"text": Wording(page_language()).number(people)}


def _hidden() -> dict[str, str]:
    return {"text": gettext("not shown")}
