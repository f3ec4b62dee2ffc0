"""The pages on which a city answers: its task list, an area, and one question after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.records.acting import stand_in
from tessera.apps.review import access
from tessera.apps.review.access import OpenArea
from tessera.apps.review.access.checking import drafts_to_reply_to, queries_about
from tessera.apps.review.actions import filling as actions
from tessera.apps.review.drafts import latest_draft
from tessera.apps.review.filled_area import FilledArea, FilledQuestion, lines_of, read_area
from tessera.apps.review.forms.answers import AnswerForm, fields_of
from tessera.apps.review.inbox import read_opened, read_queries
from tessera.apps.review.last_answers import LastAnswer, last_answers
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Answer, Assignment, Review
from tessera.apps.review.progress import AreaProgress, ReviewProgress, progress_of
from tessera.apps.review.views.delegation import opened_links
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.profile import QuestionState

BAD_REQUEST, CONFLICT, NOT_SAVED_YET = 400, 409, 422
Crumbs = list[tuple[str, str]]
Address = ParamSpec("Address")
STEPS = {
    QuestionState.ANSWERED: "answered",
    QuestionState.MISSING: "open",
    QuestionState.NOT_APPLICABLE: "not-applicable",
    QuestionState.HIDDEN: "hidden",
}

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def in_area(
    view: Callable[Concatenate[HttpRequest, OpenArea, Address], HttpResponse],
) -> Callable[Concatenate[HttpRequest, int, str, Address], HttpResponse]:
    """Open the area of the address for whoever comes, signed in or by a personal link.

    Whoever came by a link that has ended meanwhile is told so, and not only that there is no page.
    """

    @wraps(view)
    def open_area(
        request: HttpRequest, review: int, area: str, *args: Address.args, **kwargs: Address.kwargs
    ) -> HttpResponse:
        person = request.user if isinstance(request.user, Person) else None
        links = opened_links(request)
        if person is None and not links:
            return redirect_to_login(request.get_full_path())
        try:
            place = access.get_area(person, links, review, area, timezone.localdate())
        except Http404:
            if person is not None:
                raise
            return render(request, "review/link_unusable.html", status=404)
        if place.assignment is not None and place.assignment.is_by_link:
            stand_in(place.person)
        return view(request, place, *args, **kwargs)

    return open_area


def _work_crumb() -> tuple[str, str]:
    return gettext("Your work"), reverse("web:work")


# The task list


@dataclass(frozen=True)
class AreaTask:
    """An area in the list of what there is to do."""

    title: str
    url: str
    progress: AreaProgress
    owner: Assignment | None
    shut: access.Shut | None
    """Why the owner cannot open the area any more."""
    give_url: str


@dataclass(frozen=True)
class TaskGroup:
    title: str
    """Of the composite area; empty for areas that stand by themselves."""
    tasks: tuple[AreaTask, ...]


@login_required
@require_safe
def show_tasks(request: HttpRequest, review: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_review(me, review, today)
    # A constraint holds that a review of a cycle has one.
    assert own.due_on is not None
    progress = progress_of(own)
    context = {
        "review": own,
        "is_open": access.may_change(me, own, today),
        "is_returned": own.state == State.RETURNED,
        "queries": read_queries(own, is_of_city=True),
        "opened": read_opened(own),
        "draft": latest_draft(own),
        "awaits_reply": any(draft.review_id == own.pk for draft in drafts_to_reply_to(me, today)),
        "has_findings": own.state in JUDGED and own.findings.exists(),
        "days_left": (own.due_on - today).days,
        "days_late": (today - own.due_on).days,
        "progress": progress,
        "groups": list(_groups(progress, today)),
        "crumbs": [_work_crumb()],
    }
    return render(request, "review/tasks.html", context)


def _groups(progress: ReviewProgress, today: date) -> Iterator[TaskGroup]:
    """In the order of the questionnaire; neighbours that stand by themselves are one group."""
    review = progress.review
    opening = access.let_in([area.assignment for area in progress.areas if area.assignment], today)
    tasks = {area.area.key: _task(review, area, opening, today) for area in progress.areas}
    alone: list[AreaTask] = []
    for top in review.framework.areas:
        found = [tasks[area.key] for area in top.plain_areas() if area.key in tasks]
        if not top.composite:
            alone.extend(found)
        elif found:
            if alone:
                yield TaskGroup("", tuple(alone))
            alone = []
            yield TaskGroup(review.area_title(top.key), tuple(found))
    if alone:
        yield TaskGroup("", tuple(alone))


def _task(review: Review, progress: AreaProgress, opening: set[int], day: date) -> AreaTask:
    address = [review.pk, progress.area.key]
    owner = progress.assignment
    return AreaTask(
        title=review.area_title(progress.area.key),
        url=reverse("review:area-to-fill", args=address),
        progress=progress,
        owner=owner,
        shut=access.why_shut(owner, opening, day) if owner else None,
        give_url=reverse("review:give-area", args=address),
    )


# An area


@in_area
@require_safe
def show_area(request: HttpRequest, place: OpenArea) -> HttpResponse:
    now = timezone.now()
    asked_by = access.own_assignment(place, timezone.localdate(now))
    # A program that checks the mails follows a personal link this far, and no further.
    if place.assignment is None or not place.assignment.is_by_link:
        _look_at(place, now)
    filled = read_area(place, page_language())
    answered, asked = filled.count
    context = {
        **_frame(place, now),
        "assignment": asked_by,
        "today": timezone.localdate(now),
        "filled": filled,
        "rows": [
            {
                "question": question,
                "step": STEPS[question.state],
                "url": _question_url(place, question.key),
                "is_returned": place.review.state == State.RETURNED and place.may_answer(question.key),
            }
            for question in filled.questions
        ],
        "answered": answered,
        "asked": asked,
        "missing": asked - answered,
        "work": place.review.area_works.select_related("done_by").filter(area=place.area.key).first(),
        "about": place.review.framework.text(page_language()).areas[place.area.key].about,
        "crumbs": _crumbs(place),
    }
    return render(request, "review/fill_area.html", context)


@in_area
@require_POST
def complete_area(request: HttpRequest, place: OpenArea) -> HttpResponse:
    try:
        actions.complete_area(place=place, at=timezone.now())
    except actions.NotOpen:
        messages.error(request, gettext("The answers are sent. Nothing can be changed any more."))
    else:
        messages.success(request, gettext("The area is marked as complete."))
    return redirect(_area_url(place))


@in_area
@require_POST
def reopen_area(request: HttpRequest, place: OpenArea) -> HttpResponse:
    try:
        actions.reopen_area(place=place, at=timezone.now())
    except actions.NotOpen:
        messages.error(request, gettext("The answers are sent. Nothing can be changed any more."))
    else:
        messages.success(request, gettext("The area is open again."))
    return redirect(_area_url(place))


@in_area
@require_safe
def show_presence(request: HttpRequest, place: OpenArea) -> HttpResponse:
    """The part of a page that says who else has the area open. Whoever asks for it is there, too."""
    now = timezone.now()
    _look_at(place, now)
    return render(request, "web/components/_who_is_here.html", _presence(place, now))


def _look_at(place: OpenArea, now: datetime) -> None:
    if place.may_change:
        actions.look_at(place, now)


def _frame(place: OpenArea, now: datetime) -> dict[str, object]:
    """What the pages of an area have in common."""
    return {"place": place, "review": place.review, "presence": _presence(place, now)}


def _presence(place: OpenArea, now: datetime) -> dict[str, object]:
    return {
        "names": [person.name for person in actions.others_in(place, now)],
        "url": reverse("review:presence", args=[place.review.pk, place.area.key]),
    }


def _area_url(place: OpenArea) -> str:
    return reverse("review:area-to-fill", args=[place.review.pk, place.area.key])


def _question_url(place: OpenArea, question: str) -> str:
    return reverse("review:question", args=[place.review.pk, place.area.key, question])


def _crumbs(place: OpenArea) -> Crumbs:
    """Whoever comes by a personal link has this area only."""
    if place.assignment is None:
        review = place.review
        return [_work_crumb(), (f"{review.city}, {review.year}", reverse("review:tasks", args=[review.pk]))]
    return [] if place.assignment.is_by_link else [_work_crumb()]


def question_crumbs(place: OpenArea, question: str) -> Crumbs:
    """The way to a page about one answer."""
    title = place.review.framework.text(page_language()).questions[question].text
    return [*_crumbs(place), (place.title, _area_url(place)), (title, _question_url(place, question))]


# A question


@in_area
@read_and_write
def answer_question(request: HttpRequest, place: OpenArea, question: str) -> HttpResponse:
    if question not in {asked.key for asked in place.questions}:
        raise Http404
    page = QuestionPage(request, place, question)
    return page.save() if request.method == "POST" else page.show()


class QuestionPage:
    """One question before somebody: shown, or with what they sent."""

    def __init__(self, request: HttpRequest, place: OpenArea, question: str) -> None:
        self.request, self.place, self.key = request, place, question
        self.now = timezone.now()
        # A form that saves itself asks for the parts of the page that change, not for the page.
        self.wants_parts = request.headers.get("HX-Request") == "true"

    def show(self) -> HttpResponse:
        _look_at(self.place, self.now)
        filled = read_area(self.place, page_language())
        answer = filled.question(self.key).answer
        form = self._form(
            initial={
                "revision": answer.revision if answer else 0,
                **(self._fields(answer) if answer else {}),
            }
        )
        return self._page(filled, form)

    def save(self) -> HttpResponse:
        given = self.request.POST
        if given.get("keep") == "theirs":
            return redirect(self._url)
        form = self._form(data=self._completed(given))
        if not form.is_valid():
            return self._refuse(form)
        newer = form.cleaned_data["newer"] if given.get("keep") == "mine" else None
        try:
            answer = actions.save_answer(
                place=self.place,
                question=self.key,
                given=form.given,
                is_note_public=form.cleaned_data["is_note_public"],
                revision=form.cleaned_data["revision"] if newer is None else newer,
                at=self.now,
            )
        except actions.StaleAnswer as stale:
            return self._show_conflict(form, stale.standing)
        except actions.NotOpen:
            return self._say_closed(form)
        if self.wants_parts:
            return self._parts("review/_saved_parts.html", 200, saved=answer)
        return self._go_on(given.get("act", ""))

    @cached_property
    def last(self) -> tuple[LastAnswer, ...]:
        return last_answers(self.place.review, self.key)

    @property
    def _url(self) -> str:
        return _question_url(self.place, self.key)

    def _form(self, **content: object) -> AnswerForm:
        framework = self.place.review.framework
        question = framework.question(self.key)
        return AnswerForm(framework=framework, question=question, language=page_language(), **content)

    def _fields(self, answer: Answer) -> dict[str, Any]:
        return fields_of(self.place.review.framework.question(self.key), answer, page_language())

    def _completed(self, given: QueryDict) -> QueryDict:
        """What was sent, with the answer that a button stands for."""
        act = given.get("act")
        fields: dict[str, Any] = {}
        if act == "still-true" and self.still_offered is not None:
            fields = self._fields(self.still_offered.answer)
            if given.get("note", "").strip():
                del fields["note"], fields["is_note_public"]
        elif act != "take-back":
            return given
        completed = given.copy()
        for name in ("number", "choice", "reason"):
            completed.pop(name, None)
        for name, value in fields.items():
            completed.setlist(name, value if isinstance(value, list) else [value])
        return completed

    @property
    def still_offered(self) -> LastAnswer | None:
        """The last answer, if it may be said again as it is."""
        return next((last for last in self.last if last.change.comparable), None)

    def _go_on(self, act: str) -> HttpResponse:
        if act in ("next", "still-true"):
            later = read_area(self.place, page_language()).after(self.key)
            return redirect(_question_url(self.place, later.key) if later else _area_url(self.place))
        messages.success(self.request, gettext("Saved."))
        return redirect(self._url)

    def _refuse(self, form: AnswerForm) -> HttpResponse:
        if self.wants_parts:
            return self._parts("review/_not_saved_yet.html", NOT_SAVED_YET, form=form)
        return self._page(read_area(self.place, page_language()), form, status=BAD_REQUEST)

    def _show_conflict(self, form: AnswerForm, standing: Answer) -> HttpResponse:
        conflict = {
            "newer": standing.revision,
            "by": standing.changed_by,
            "is_own": standing.changed_by == self.place.person,
            "sides": [
                {
                    "title": gettext("What you wrote"),
                    "text": self._in_words(form.given, is_public=form.cleaned_data["is_note_public"]),
                    "name": "keep",
                    "value": "mine",
                    "label": gettext("Keep what you wrote"),
                },
                {
                    "title": gettext("What was saved at %(time)s") % {"time": _time_of(standing, self.now)},
                    "text": self._in_words(standing.given(), is_public=standing.is_note_public),
                    "name": "keep",
                    "value": "theirs",
                    "label": gettext("Keep what was saved"),
                },
            ],
        }
        if self.wants_parts:
            return self._parts("review/_conflict.html", CONFLICT, conflict=conflict)
        filled = read_area(self.place, page_language())
        return self._page(filled, form, status=CONFLICT, conflict=conflict)

    def _say_closed(self, form: AnswerForm) -> HttpResponse:
        """The answers were sent while somebody wrote: what they wrote is shown, and not kept."""
        written = self._in_words(form.given, is_public=form.cleaned_data["is_note_public"])
        self.place.review.refresh_from_db()
        if self.wants_parts:
            return self._parts("review/_sent_meanwhile.html", CONFLICT, written=written)
        return self._page(read_area(self.place, page_language()), form, status=CONFLICT, written=written)

    def _in_words(self, given: GivenAnswer, *, is_public: bool) -> str:
        question = self.place.review.framework.question(self.key)
        text = self.place.review.framework.text(page_language()).questions[self.key]
        return "\n".join(lines_of(question, text, given, is_note_public=is_public, language=page_language()))

    def _page(
        self, filled: FilledArea, form: AnswerForm, *, status: int = 200, **more: object
    ) -> HttpResponse:
        keys = [asked.key for asked in filled.questions]
        context = {
            **_frame(self.place, self.now),
            **self._changing_parts(filled),
            "form": form,
            "may_answer": self.place.may_answer(self.key),
            "queries": queries_about(self.place, self.key),
            # Whoever comes by a link has no page of a query; an officer replies.
            "replies": self.place.assignment is None or not self.place.assignment.is_by_link,
            "number": keys.index(self.key) + 1,
            "count": len(keys),
            "pieces": access.evidence_seen_in(self.place).filter(uses__question=self.key),
            "last": [last.in_words(page_language()) for last in self.last],
            "crumbs": [*_crumbs(self.place), (self.place.title, _area_url(self.place))],
            **more,
        }
        return render(self.request, "review/question.html", context, status=status)

    def _changing_parts(self, filled: FilledArea) -> dict[str, object]:
        """What a save may change of the page."""
        question = filled.question(self.key)
        return {
            "filled": filled,
            "question": question,
            "said": self._in_words(
                question.given, is_public=question.answer.is_note_public if question.answer else False
            ),
            "steps": [self._step(step) for step in filled.questions],
        }

    def _step(self, question: FilledQuestion) -> dict[str, object]:
        return {
            "title": question.text.text,
            "state": STEPS[question.state],
            "url": _question_url(self.place, question.key),
            "is_current": question.key == self.key,
        }

    def _parts(self, template: str, status: int, **context: object) -> HttpResponse:
        if template == "review/_saved_parts.html":
            context |= self._changing_parts(read_area(self.place, page_language()))
        return render(self.request, template, {"place": self.place, **context}, status=status)


def _time_of(answer: Answer, now: datetime) -> str:
    """By the clock alone where it was today."""
    # Only answers that were recorded as a whole have none.
    assert answer.changed_at is not None
    at = timezone.localtime(answer.changed_at)
    is_today = at.date() == timezone.localdate(now)
    return date_format(at, "H:i" if is_today else "DATETIME_FORMAT")
