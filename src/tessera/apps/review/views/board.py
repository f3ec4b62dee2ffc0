"""The pages on which an expert reads a city's answers, judges each, and verifies area after area."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network.access import check_declares_ties
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access.checking import get_review_to_check, joint_opinion_shown_to, opinions_shown_to
from tessera.apps.review.actions import checking as actions
from tessera.apps.review.analysis import leverage_of
from tessera.apps.review.board import (
    Board,
    BoardArea,
    JudgedAnswer,
    next_to_judge,
    read_answers_to_judge,
    read_board,
)
from tessera.apps.review.filled_area import lines_of
from tessera.apps.review.forms.answers import value_fields_of
from tessera.apps.review.forms.board import JudgementForm, OpinionForm, PhraseForm, QueryForm
from tessera.apps.review.last_answers import last_answers
from tessera.apps.review.lifecycle import WITH_EXPERTS, State
from tessera.apps.review.models import Opinion, Phrase, Reconciliation, Review, Strength
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.profile import QuestionState
from tessera.reports.answer_words import answer_in_words
from tessera.reports.wording import Wording

BAD_REQUEST, CONFLICT = 400, 409
WITHOUT_KEYS = "review-without-keys"
"""Of the session: the expert has switched the keys of the answer page off."""
STEPS = {
    QuestionState.ANSWERED: "answered",
    QuestionState.MISSING: "open",
    QuestionState.NOT_APPLICABLE: "not-applicable",
    QuestionState.HIDDEN: "hidden",
}

Cell = dict[str, object]
Crumbs = list[tuple[str, str]]

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _work_crumb() -> tuple[str, str]:
    return gettext("Your work"), reverse("web:work")


def _board_url(review: Review) -> str:
    return reverse("review:board", args=[review.pk])


def _answer_url(review: Review, question: str) -> str:
    return reverse("review:judge", args=[review.pk, question])


# The board


@login_required
@require_safe
def show_board(request: HttpRequest, review: int) -> HttpResponse:
    me = signed_in(request)
    shown = get_review_to_check(me, review, timezone.localdate())
    board = read_board(me, shown, page_language())
    following = next_to_judge(board.answers)
    context = {
        "review": shown,
        "board": board,
        "report": board.checked.report,
        "findings": shown.findings.count(),
        "is_with_experts": shown.state in WITH_EXPERTS,
        "next_url": _answer_url(shown, following.key) if following else "",
        "table": _areas_table(board),
        "areas": [_area(area) for area in board.areas],
        "crumbs": [_work_crumb()],
    }
    return render(request, "review/board.html", context)


def _areas_table(board: Board) -> dict[str, object]:
    columns = [
        (gettext("Area"), "text"),
        (gettext("Answered"), "text"),
        (gettext("Your opinions"), "text"),
        (gettext("Queries not settled"), "number"),
        (gettext("To look at"), "number"),
        (gettext("Provisional score"), "text"),
        (gettext("State"), "text"),
    ]
    return {
        "caption": gettext("How far the areas are checked"),
        "columns": [{"label": label, "kind": kind} for label, kind in columns],
        "rows": [_area_row(area) for area in board.areas],
    }


def _area_row(area: BoardArea) -> list[Cell]:
    progress = area.checked.progress
    state = _tag(gettext("verified"), "success") if area.verification else _tag(gettext("open"), "neutral")
    return [
        {"text": area.checked.title, "url": f"#area-{area.key}"},
        {"text": _part(progress.answered, progress.asked)},
        {"text": _part(area.judged, area.asked)},
        {"text": str(area.queries)},
        {"text": str(area.flags)},
        {"text": area.checked.score.figure},
        {"tag": state},
    ]


def _part(part: int, total: int) -> str:
    return gettext("%(part)s of %(total)s") % {"part": part, "total": total}


def _tag(label: str, color: str) -> dict[str, str]:
    return {"label": label, "color": color}


def _area(area: BoardArea) -> dict[str, object]:
    return {
        "area": area,
        "rows": [{"answer": answer, "tags": list(_tags(answer))} for answer in area.answers],
    }


def _tags(answer: JudgedAnswer) -> Iterator[dict[str, str]]:
    if answer.filled.is_hidden:
        yield _tag(gettext("not asked"), "neutral")
    elif answer.opinion is None:
        yield _tag(gettext("no opinion yet"), "neutral")
    elif answer.was_changed:
        yield _tag(gettext("changed since your opinion"), "warning")
    elif answer.opinion.accepts:
        yield _tag(gettext("accepted"), "success")
    else:
        yield _tag(gettext("other answer"), "info")
    if answer.query is not None:
        is_with_city = answer.query.waits_for_city
        yield _tag(gettext("query with the city") if is_with_city else gettext("query answered"), "ochre")
    if answer.is_apart:
        yield _tag(gettext("the experts differ"), "clay")
    if answer.awaits_agreement:
        yield _tag(gettext("joint opinion proposed"), "accent")
    if answer.filled.lacks_evidence:
        yield _tag(gettext("no evidence"), "warning")


@login_required
@require_POST
def verify_area(request: HttpRequest, review: int, area: str) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    try:
        actions.verify_area(expert=me, review=shown, area=area, shown=request.POST.get("shown", ""), at=now)
    except KeyError:
        raise Http404 from None
    except actions.Overtaken:
        messages.error(
            request,
            gettext(
                "The answers of this area changed since you opened the page. Nothing was verified; "
                "look again."
            ),
        )
    except MoveError:
        messages.error(
            request, gettext("The city can change answers of this area. It was not marked as verified.")
        )
    else:
        messages.success(request, gettext("%(area)s is verified.") % {"area": shown.area_title(area)})
    return redirect(f"{_board_url(shown)}#area-{area}")


@login_required
@require_POST
def unverify_area(request: HttpRequest, review: int, area: str) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    try:
        actions.unverify_area(expert=me, review=shown, area=area, at=now)
    except KeyError:
        raise Http404 from None
    except MoveError:
        messages.error(request, _not_with_experts())
    else:
        messages.success(request, gettext("The area is to be verified again."))
    return redirect(f"{_board_url(shown)}#area-{area}")


def _two_are_needed() -> str:
    return gettext("There are no longer two opinions by experts who check the review.")


def _not_with_experts() -> str:
    return gettext("The review is no longer with the experts. Nothing was saved.")


# An answer


@login_required
@read_and_write
def judge_answer(request: HttpRequest, review: int, question: str) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    _check_asked(shown, question)
    page = JudgePage(request, shown, question, now)
    return page.save() if request.method == "POST" else page.show()


def _check_asked(review: Review, question: str) -> None:
    if question not in {asked.key for asked in review.framework.questions(review.sheet_pathway)}:
        raise Http404


def _number(said: str) -> int:
    """Of a row or a revision; -1, which none has, where the words are none."""
    return int(said) if re.fullmatch("[0-9]{1,18}", said) else -1


class JudgePage:
    """One answer before an expert: shown, or with what the expert sent."""

    def __init__(self, request: HttpRequest, review: Review, question: str, now: datetime) -> None:
        self.request, self.review, self.key, self.now = request, review, question, now
        self.expert = signed_in(request)
        self.question = review.framework.question(question)
        self.text = review.framework.text(page_language()).questions[question]

    def show(self) -> HttpResponse:
        return self._page()

    def save(self) -> HttpResponse:
        act = self.request.POST.get("act", "")
        if act in ("with-keys", "without-keys"):
            self.request.session[WITHOUT_KEYS] = act == "without-keys"
            return redirect(self._url)
        if act == "ask":
            return self._ask()
        if act in ("accept-together", "other-together"):
            return self._reconcile(accepts=act == "accept-together")
        if act == "agree":
            return self._agree()
        return self._judge(accepts=act == "accept")

    @property
    def _url(self) -> str:
        return _answer_url(self.review, self.key)

    @property
    def _read_revision(self) -> int:
        """Of the answer that the expert had before them; one that was never kept where nothing says it."""
        return _number(self.request.POST.get("answer_revision", ""))

    def _judge(self, *, accepts: bool) -> HttpResponse:
        form = self._opinion_form(accepts=accepts, data=self.request.POST)
        if not form.is_valid():
            return self._page(form, status=BAD_REQUEST)
        try:
            actions.give_opinion(
                expert=self.expert,
                review=self.review,
                question=self.key,
                other=form.other,
                reason=form.cleaned_data["reason"],
                strength=Strength(form.cleaned_data["strength"]),
                answer_revision=self._read_revision,
                at=self.now,
            )
        except actions.Overtaken:
            return self._overtaken(form)
        except MoveError:
            return self._closed(form)
        following = next_to_judge(self._answers(), self.key)
        if following is None:
            messages.success(self.request, gettext("You have given an opinion on every answer."))
            return redirect(_board_url(self.review))
        return redirect(_answer_url(self.review, following.key))

    def _reconcile(self, *, accepts: bool) -> HttpResponse:
        form = self._joint_form(accepts=accepts, data=self.request.POST)
        if not form.is_valid():
            return self._page(form, status=BAD_REQUEST)
        try:
            actions.reconcile(
                expert=self.expert,
                review=self.review,
                question=self.key,
                other=form.other,
                reason=form.cleaned_data["reason"],
                answer_revision=self._read_revision,
                at=self.now,
            )
        except actions.CannotJudge:
            form.add_error(None, _two_are_needed())
            return self._page(form, status=CONFLICT)
        except actions.Overtaken:
            return self._overtaken(form)
        except MoveError:
            return self._closed(form)
        messages.success(
            self.request,
            gettext("Your proposal is saved. It counts once the other expert agrees, who is told by e-mail."),
        )
        return redirect(self._url)

    def _agree(self) -> HttpResponse:
        try:
            actions.agree(
                expert=self.expert,
                review=self.review,
                question=self.key,
                shown=self.request.POST.get("shown", ""),
                at=self.now,
            )
        except actions.CannotJudge:
            messages.error(self.request, _two_are_needed())
        except actions.Overtaken:
            messages.error(
                self.request,
                gettext(
                    "The proposal or the answer changed since you opened the page. Nothing was saved; "
                    "read it once more."
                ),
            )
        except MoveError:
            messages.error(self.request, _not_with_experts())
        else:
            messages.success(self.request, gettext("This is now the joint opinion of both of you."))
        return redirect(self._url)

    def _ask(self) -> HttpResponse:
        form = self._query_form(data=self.request.POST)
        if not form.is_valid():
            return self._page(form, status=BAD_REQUEST)
        try:
            actions.ask(
                expert=self.expert, review=self.review, question=self.key, text=form.asked, at=self.now
            )
        except actions.CannotAsk:
            form.add_error(
                None, gettext("There is a query about this answer already. What you wrote was not sent.")
            )
            return self._page(form, status=CONFLICT)
        except MoveError:
            return self._closed(form)
        messages.success(self.request, gettext("The query is asked. The city is told by e-mail."))
        return redirect(self._url)

    def _overtaken(self, form: JudgementForm) -> HttpResponse:
        form.add_error(
            None, gettext("The city has changed the answer meanwhile. Read it below; nothing was saved yet.")
        )
        return self._page(form, status=CONFLICT)

    def _closed(self, form: JudgementForm | QueryForm) -> HttpResponse:
        form.add_error(None, _not_with_experts())
        self.review.refresh_from_db()
        return self._page(form, status=CONFLICT)

    def _answers(self) -> tuple[JudgedAnswer, ...]:
        return read_answers_to_judge(self.expert, self.review, page_language())

    def _opinion_form(self, *, accepts: bool, **content: object) -> OpinionForm:
        return OpinionForm(accepts=accepts, prefix="own", **self._asked, **content)

    def _joint_form(self, *, accepts: bool, **content: object) -> JudgementForm:
        return JudgementForm(accepts=accepts, prefix="joint", **self._asked, **content)

    def _query_form(self, **content: object) -> QueryForm:
        phrases = [phrase.text for phrase in self.expert.phrases.all()]
        return QueryForm(phrases=phrases, prefix="query", **content)

    @property
    def _asked(self) -> dict[str, object]:
        return {"framework": self.review.framework, "question": self.question, "language": page_language()}

    def _page(self, sent: JudgementForm | QueryForm | None = None, *, status: int = 200) -> HttpResponse:
        """The page, with the form that was sent as it was sent."""
        answers = self._answers()
        answer = next(each for each in answers if each.key == self.key)
        joint = joint_opinion_shown_to(self.expert, self.review, self.key)
        opinion_form: JudgementForm = self._opinion_form(
            accepts=False, initial=self._said_before(answer.opinion)
        )
        joint_form = self._joint_form(accepts=False, initial=self._said_before(joint))
        query_form = self._query_form()
        if isinstance(sent, OpinionForm):
            opinion_form = sent
        elif isinstance(sent, JudgementForm):
            joint_form = sent
        elif sent is not None:
            query_form = sent
        context = {
            "review": self.review,
            "answer": answer,
            "question": answer.filled,
            "said": self._lines(answer),
            "leverage": leverage_of(self.review, self.key),
            "pieces": self.review.evidence.filter(uses__question=self.key).select_related("file", "added_by"),
            # The part of an area's page that shows evidence asks for its place; an expert changes none.
            "place": {"review": self.review},
            "last": [last.in_words(page_language()) for last in last_answers(self.review, self.key)],
            "others": [self._in_words(each, answer) for each in self._others()],
            "own": self._in_words(answer.opinion, answer) if answer.opinion else None,
            "joint": self._in_words(joint, answer) if joint else None,
            "may_agree": answer.awaits_agreement and self.review.state in WITH_EXPERTS,
            "queries": self.review.queries.filter(question=self.key).prefetch_related("messages__author"),
            "is_opened": self.review.opened_answers.filter(question=self.key).exists(),
            "may_shut": self.review.state in WITH_EXPERTS and self.review.state != State.RETURNED,
            "is_with_experts": self.review.state in WITH_EXPERTS,
            "may_reconcile": self.review.state in WITH_EXPERTS and (answer.is_apart or joint is not None),
            "opinion_form": opinion_form,
            "joint_form": joint_form,
            "query_form": query_form,
            # That which was sent: the page's title says whether there is an error.
            "form": sent or opinion_form,
            "has_keys": not self.request.session.get(WITHOUT_KEYS, False),
            "crumbs": [_work_crumb(), (f"{self.review.city}, {self.review.year}", _board_url(self.review))],
            **self._around(answers),
        }
        return render(self.request, "review/judge.html", context, status=status)

    def _around(self, answers: tuple[JudgedAnswer, ...]) -> dict[str, object]:
        """Where the answer stands among the others."""
        asked = [each.key for each in answers if not each.filled.is_hidden or each.key == self.key]
        place = asked.index(self.key)
        in_area = [each for each in answers if each.filled.question.area == self.question.area]
        return {
            "area": self.review.area_title(self.question.area),
            "number": [each.key for each in in_area].index(self.key) + 1,
            "count": len(in_area),
            "previous_url": _answer_url(self.review, asked[place - 1]) if place else "",
            "next_url": _answer_url(self.review, asked[place + 1]) if place + 1 < len(asked) else "",
            "steps": [
                {
                    "title": each.filled.text.text,
                    "state": STEPS[each.filled.state],
                    "url": _answer_url(self.review, each.key),
                    "is_current": each.key == self.key,
                }
                for each in in_area
            ],
        }

    def _others(self) -> list[Opinion]:
        shown = opinions_shown_to(self.expert, self.review).filter(question=self.key)
        return list(shown.exclude(expert=self.expert))

    def _said_before(self, judgement: Opinion | Reconciliation | None) -> dict[str, object]:
        """What the fields hold where the expert comes back to what was said."""
        if judgement is None:
            return {}
        said: dict[str, object] = {"reason": judgement.reason}
        if isinstance(judgement, Opinion):
            said["strength"] = judgement.strength
        if judgement.accepts:
            return said
        return said | value_fields_of(self.question, judgement.given(GivenAnswer()), page_language())

    def _in_words(self, judgement: Opinion | Reconciliation, answer: JudgedAnswer) -> dict[str, object]:
        held = judgement.given(GivenAnswer())
        words = ""
        if held.value is not None:
            words = answer_in_words(Wording(page_language()), self.question, self.text, held.value)
        return {
            "judgement": judgement,
            "words": words,
            "is_of_earlier_answer": judgement.answer_revision != answer.revision,
        }

    def _lines(self, answer: JudgedAnswer) -> str:
        kept = answer.filled.answer
        lines = lines_of(
            self.question,
            self.text,
            answer.filled.given,
            is_note_public=kept is not None and kept.is_note_public,
            language=page_language(),
        )
        return "\n".join(lines)


@login_required
@require_POST
def open_answer(request: HttpRequest, review: int, question: str) -> HttpResponse:
    """The city may change the answer once the review is returned, though nothing is asked about it."""
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    _check_asked(shown, question)
    try:
        actions.open_answer(expert=me, review=shown, question=question, at=now)
    except MoveError:
        messages.error(request, _not_with_experts())
    else:
        messages.success(
            request, gettext("The city can change this answer while the review is returned to it.")
        )
    return redirect(_answer_url(shown, question))


@login_required
@require_POST
def shut_answer(request: HttpRequest, review: int, question: str) -> HttpResponse:
    """The city may not change the answer after all."""
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    _check_asked(shown, question)
    try:
        actions.shut_answer(expert=me, review=shown, question=question, at=now)
    except MoveError:
        messages.error(
            request,
            gettext("The answers are with the city, or the review is validated. Nothing was changed."),
        )
    else:
        messages.success(request, gettext("The city cannot change this answer unless you ask about it."))
    return redirect(_answer_url(shown, question))


# Phrases


@login_required
@read_and_write
def edit_phrases(request: HttpRequest) -> HttpResponse:
    """Sentences that an expert uses often when asking."""
    me = signed_in(request)
    check_declares_ties(me, timezone.localdate())
    if dropped := request.POST.get("drop", ""):
        get_object_or_404(me.phrases, pk=_number(dropped)).delete()
        messages.success(request, gettext("The phrase is deleted."))
        return redirect("review:phrases")
    kept = list(me.phrases.all())
    form = PhraseForm(request.POST or None, kept=kept)
    if form.is_valid():
        Phrase.objects.create(person=me, text=form.cleaned_data["text"])
        messages.success(request, gettext("The phrase is kept."))
        return redirect("review:phrases")
    context = {"phrases": kept, "form": form, "crumbs": [_work_crumb()]}
    return render(request, "review/phrases.html", context, status=BAD_REQUEST if form.is_bound else 200)
