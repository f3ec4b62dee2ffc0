"""The pages on which experts and the city talk about answers, and give them to each other."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import get_own_review
from tessera.apps.review.access.checking import (
    drafts_to_reply_to,
    experts_to_tell,
    get_query,
    get_review_to_check,
    get_review_to_talk_about,
    may_reply,
)
from tessera.apps.review.actions import checking as actions
from tessera.apps.review.checking import read_answer_to
from tessera.apps.review.forms.queries import AskAgainForm, ReplyForm, ReturnForm
from tessera.apps.review.inbox import read_inbox, read_opened, read_queries
from tessera.apps.review.lifecycle import QUERY_MOVES, SETTLING, WITH_EXPERTS, QueryAct, QueryState, State
from tessera.apps.review.models import Query, Review

Crumbs = list[tuple[str, str]]

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(review: Review, *, is_officer: bool) -> Crumbs:
    """The way to a review, which its officers and its experts have before them in different ways."""
    page = reverse("review:tasks" if is_officer else "review:board", args=[review.pk])
    return [(gettext("Your work"), reverse("web:work")), (f"{review.city}, {review.year}", page)]


# Lists


@login_required
@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Every query of a person, of whatever review and on either side."""
    me, today = signed_in(request), timezone.localdate()
    context = {
        "inbox": read_inbox(me, today),
        "drafts": drafts_to_reply_to(me, today),
        "crumbs": [(gettext("Your work"), reverse("web:work"))],
    }
    return render(request, "review/inbox.html", context)


@login_required
@require_safe
def show_queries(request: HttpRequest, review: int) -> HttpResponse:
    """Every query about the answers of one review."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_review_to_talk_about(me, review, today)
    is_officer = acts_for(me, shown.city, today)
    context = {
        "review": shown,
        "inbox": read_queries(shown, is_of_city=is_officer),
        "is_officer": is_officer,
        "crumbs": _crumbs(shown, is_officer=is_officer),
    }
    return render(request, "review/queries.html", context)


# A query


@login_required
@read_and_write
def show_query(request: HttpRequest, query: int) -> HttpResponse:
    """What was written about an answer, and the place to write on."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_query(me, query, today)
    is_of_city = may_reply(me, shown, today)
    form: forms.Form = (ReplyForm if is_of_city else AskAgainForm)(request.POST or None)
    if form.is_valid() and _write(me, shown, form, is_of_city=is_of_city):
        messages.success(request, gettext("Sent. The other side is told by e-mail."))
        return redirect("review:query", shown.pk)
    shown.refresh_from_db()
    review, is_officer = shown.review, acts_for(me, shown.review.city, today)
    # A colleague who has the area opens no page of the whole review.
    crumbs = _crumbs(review, is_officer=is_officer)[: 1 if is_of_city and not is_officer else 2]
    context = {
        "query": shown,
        "review": review,
        "answer": read_answer_to(review, shown.question, page_language()),
        "area": review.framework.question(shown.question).area,
        "messages_written": shown.messages.select_related("author"),
        "is_of_city": is_of_city,
        "is_officer": is_officer,
        "form": form if _may_write(shown, is_of_city=is_of_city) or form.is_bound else None,
        "ways_to_settle": [] if is_of_city else _ways_to_settle(shown),
        "is_all_replied": is_officer
        and review.state == State.RETURNED
        and not Query.objects.waiting_for_city().filter(review=review).exists(),
        "crumbs": [*crumbs, (gettext("Queries"), reverse("review:inbox"))],
    }
    return render(request, "review/query.html", context, status=400 if form.is_bound else 200)


def _write(me: Person, query: Query, form: forms.Form, *, is_of_city: bool) -> bool:
    """Whether it could be said; what stands against it is said at the form."""
    text, now = form.cleaned_data["text"], timezone.now()
    try:
        if is_of_city:
            actions.reply(person=me, query=query, text=text, at=now)
        else:
            actions.ask_again(expert=me, query=query, text=text, at=now)
    except MoveError:
        form.add_error(
            None,
            gettext(
                "Not sent: somebody was faster, and the query no longer waits for this. Read it once more."
            ),
        )
        return False
    return True


def _may_write(query: Query, *, is_of_city: bool) -> bool:
    if is_of_city:
        return query.waits_for_city
    return _can_be(query, QueryAct.REOPEN)


def _ways_to_settle(query: Query) -> list[QueryAct]:
    return [act for act in SETTLING if _can_be(query, act)]


def _can_be(query: Query, act: QueryAct) -> bool:
    return query.review.state in WITH_EXPERTS and (QueryState(query.state), act) in QUERY_MOVES


@login_required
@require_POST
def settle_query(request: HttpRequest, query: int) -> HttpResponse:
    """An expert closes a query that is answered, or withdraws one that is not."""
    me, today = signed_in(request), timezone.localdate()
    settled = get_query(me, query, today)
    act = request.POST.get("act")
    if act not in SETTLING:
        raise Http404
    try:
        actions.settle(expert=me, query=settled, act=QueryAct(act), at=timezone.now())
    except MoveError:
        messages.error(request, gettext("That cannot be done with this query any more. Read it once more."))
    else:
        done = {
            QueryAct.CLOSE: gettext("The query is closed."),
            QueryAct.WITHDRAW: gettext("The query is withdrawn."),
        }
        messages.success(request, done[QueryAct(act)])
    return redirect("review:query", settled.pk)


# The whole review, to and fro


@login_required
@read_and_write
def return_review(request: HttpRequest, review: int) -> HttpResponse:
    """An expert gives the answers back to the city, with what waits for it."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_review_to_check(me, review, today)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            actions.return_review(
                expert=me, review=shown, message=form.cleaned_data["message"], at=timezone.now()
            )
        except actions.CannotReturn:
            form.add_error(None, gettext("Nothing waits for the city: no query is open, and no answer."))
        except MoveError:
            # A tab that was pressed twice, or the other expert was faster: the page says what is.
            return redirect("review:return-review", shown.pk)
        else:
            messages.success(request, gettext("The answers are with the city, whose officers are told."))
            return redirect("review:return-review", shown.pk)
    context = {
        "review": shown,
        "form": form,
        "waiting": read_queries(shown, is_of_city=True).waiting,
        "opened": read_opened(shown),
        "may_return": shown.state == State.IN_REVIEW,
        "crumbs": _crumbs(shown, is_officer=False),
    }
    return render(request, "review/return.html", context, status=400 if form.is_bound else 200)


@login_required
@read_and_write
def send_back(request: HttpRequest, review: int) -> HttpResponse:
    """An officer gives the answers to the experts again, once every query has its reply."""
    me, today = signed_in(request), timezone.localdate()
    own = get_own_review(me, review, today)
    if request.method == "POST":
        try:
            actions.send_back(person=me, review=own, at=timezone.now())
        except actions.CannotReturn:
            messages.error(request, gettext("Not sent: a query still waits for a reply."))
        except MoveError:
            messages.info(request, gettext("The answers are not with the city at present."))
        else:
            if experts_to_tell(own, today):
                messages.success(request, gettext("The answers are with the experts again."))
            else:
                messages.success(
                    request,
                    gettext(
                        "The answers are sent back. No expert checks them at present; those who coordinate "
                        "the network are told."
                    ),
                )
        return redirect("review:send-back", own.pk)
    context = {
        "review": own,
        "is_returned": own.state == State.RETURNED,
        "waiting": read_queries(own, is_of_city=True).waiting,
        "opened": read_opened(own),
        "crumbs": _crumbs(own, is_officer=True),
    }
    return render(request, "review/send_back.html", context)
