"""The pages on which a city keeps what it published: correct it, give that up, and withdraw a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.records.moves import MoveError
from tessera.apps.review import access
from tessera.apps.review.actions import correcting, withdrawing
from tessera.apps.review.forms.corrections import CorrectionForm, WithdrawalForm
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(review: Review, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    tasks = (f"{review.city}, {review.year}", reverse("review:tasks", args=[review.pk]))
    return [(gettext("Your work"), reverse("web:work")), tasks, *steps]


def _published(review: Review) -> tuple[str, str]:
    return gettext("What is published"), reverse("review:published", args=[review.pk])


@login_required
@require_safe
def show_published(request: HttpRequest, review: int) -> HttpResponse:
    """What stands, what stood before it, and which files anybody can have."""
    own = access.get_own_public_review(signed_in(request), review, timezone.localdate())
    context = {
        "review": own,
        "correction": own.correction,
        "may_correct": own.state == State.PUBLISHED,
        "may_give_up": correcting.may_be_given_up(own),
        "publications": own.publications.select_related("published_by").order_by("-number"),
        "pieces": access.published_files(own),
        "crumbs": _crumbs(own),
    }
    return render(request, "review/published.html", context)


@login_required
@read_and_write
def begin_correction(request: HttpRequest, review: int) -> HttpResponse:
    """Say what is wrong, and which answers are to be corrected."""
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_public_review(me, review, today)
    form = CorrectionForm(request.POST or None, review=own)
    if own.state != State.PUBLISHED and not form.is_bound:
        return redirect("review:published", own.pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            correcting.begin_correction(
                person=me, review=own, reason=reason, questions=form.questions, at=timezone.now()
            )
        except MoveError:
            # A tab that was pressed twice, or a colleague was faster: the page says what is.
            messages.info(request, gettext("Nothing was begun now: see what stands."))
            return redirect("review:published", own.pk)
        messages.success(request, gettext("The answers that you chose are open to the city again."))
        return redirect("review:tasks", own.pk)
    context = {"review": own, "form": form, "crumbs": _crumbs(own, _published(own))}
    return render(request, "review/correct.html", context, status=400 if form.is_bound else 200)


@login_required
@require_POST
def give_up_correction(request: HttpRequest, review: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_public_review(me, review, today)
    try:
        correcting.give_up_correction(person=me, review=own, at=timezone.now())
    except correcting.CannotGiveUp:
        messages.error(
            request,
            gettext(
                "Not given up: something was changed since the correction was begun, or the experts have "
                "written something. Put back what was changed, or publish the correction."
            ),
        )
    except MoveError:
        messages.info(request, gettext("Nothing is being corrected at present."))
    else:
        messages.success(request, gettext("The correction is given up. What is published stays as it is."))
    return redirect("review:published", own.pk)


@login_required
@read_and_write
def withdraw_file(request: HttpRequest, review: int, evidence: int) -> HttpResponse:
    """What it means to take a published file from the public, and why it is done."""
    me, today = signed_in(request), timezone.localdate()
    piece = access.get_file_to_withdraw(me, review, evidence, today)
    own = piece.review
    form = WithdrawalForm(request.POST or None)
    if piece.withdrawn_at is not None:
        # Who presses twice, or is slower than a colleague: the page says what is.
        return redirect("review:published", own.pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        withdrawing.withdraw_published_file(person=me, evidence=piece, reason=reason, at=timezone.now())
        messages.success(request, gettext("The file is withdrawn, and its content is erased."))
        return redirect("review:published", own.pk)
    context = {
        "review": own,
        "piece": piece,
        "form": form,
        "back": reverse("review:published", args=[own.pk]),
        "crumbs": _crumbs(own, _published(own)),
    }
    return render(request, "review/withdraw_file.html", context, status=400 if form.is_bound else 200)
