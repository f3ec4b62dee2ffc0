"""Reading all answers once more, signing and sending them, the receipt, and taking them back."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review import access
from tessera.apps.review.access.checking import may_see_findings
from tessera.apps.review.actions import submission
from tessera.apps.review.checking import CheckedReview, check_review
from tessera.apps.review.forms.submission import DeclarationForm
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Review, Signature
from tessera.apps.review.progress import progress_of
from tessera.apps.review.published import page_drawing
from tessera.apps.review.signing import read_signing
from tessera.reports.charts import Width
from tessera.reports.pages import DrawnChart
from tessera.reports.parts import Chart
from tessera.reports.wording import Wording

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(review: Review, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """For the officers of the city."""
    tasks = (f"{review.city}, {review.year}", reverse("review:tasks", args=[review.pk]))
    return [(gettext("Your work"), reverse("web:work")), tasks, *steps]


def _reader_crumbs(me: Person, review: Review, day: date) -> list[tuple[str, str]]:
    """For the experts who check it, and for those who coordinate the network."""
    if access.checks(me, review, day):
        board = (f"{review.city}, {review.year}", reverse("review:board", args=[review.pk]))
        return [(gettext("Your work"), reverse("web:work")), board]
    cycle = review.cycle
    # `get_review_to_read` finds no other.
    assert cycle is not None
    return [
        (gettext("Your work"), reverse("web:work")),
        (gettext("Review cycles"), reverse("review:cycles")),
        (f"{cycle.network}, {cycle.year}", cycle.get_absolute_url()),
    ]


def _read(review: Review) -> CheckedReview:
    return check_review(progress_of(review), page_language())


@login_required
@require_safe
def check_answers(request: HttpRequest, review: int) -> HttpResponse:
    """Every answer of a review, and the scores that they give as they are."""
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_review_to_read(me, review, today)
    checked = _read(shown)
    # With its answers, which the mark of the answers is made of.
    shown = checked.progress.review
    signing, is_own = read_signing(shown, today), acts_for(me, shown.city, today)
    context = {
        "review": shown,
        "checked": checked,
        "report": checked.report,
        "is_own": is_own,
        "is_judged": shown.state in JUDGED,
        "has_findings": may_see_findings(me, shown, today) and shown.findings.exists(),
        "open_questions": access.questions_open(shown),
        "may_change": access.may_change(me, shown, today),
        "signing": signing,
        "has_signed": signing.includes(me),
        "content_hash": shown.content_hash(),
        "areas": _drawn(checked.report.areas.chart),
        "crumbs": _crumbs(shown) if is_own else _reader_crumbs(me, shown, today),
    }
    return render(request, "review/check_answers.html", context)


def _drawn(chart: Chart) -> DrawnChart:
    return DrawnChart(chart, page_drawing(chart, Width.WIDE), page_drawing(chart, Width.NARROW))


@login_required
@read_and_write
def sign(request: HttpRequest, review: int) -> HttpResponse:
    """Declare the answers that one has read, by their mark: they and no others are signed."""
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_review(me, review, today)
    if own.state != State.FILLING:
        return redirect("review:receipt", own.pk)
    checked = _read(own)
    own = checked.progress.review
    signing = read_signing(own, today)
    content_hash = (request.POST or request.GET).get("answers", "")
    if not content_hash or not checked.progress.answered or signing.includes(me):
        return redirect("review:check-answers", own.pk)
    form = DeclarationForm(request.POST or None)
    context = {
        "review": own,
        "checked": checked,
        "signing": signing,
        "is_last": signing.missing == 1,
        "form": form,
        "content_hash": content_hash,
        "crumbs": _crumbs(
            own, (gettext("Check your answers"), reverse("review:check-answers", args=[own.pk]))
        ),
    }
    if content_hash != own.content_hash():
        return render(request, "review/sign_changed.html", context, status=409)
    if form.is_valid():
        try:
            signed = submission.sign_review(
                person=me, review=own, content_hash=content_hash, at=timezone.now()
            )
        except submission.CannotSign:
            return render(request, "review/sign_changed.html", context, status=409)
        except MoveError:
            # A colleague was faster; the receipt says who.
            return redirect("review:receipt", own.pk)
        if signed.state == State.FILLING:
            messages.success(
                request,
                gettext("You have signed the answers. They are sent once another officer signs them."),
            )
            return redirect("review:check-answers", own.pk)
        messages.success(request, gettext("The answers are sent."))
        return redirect("review:receipt", own.pk)
    return render(request, "review/sign.html", context, status=400 if form.is_bound else 200)


@login_required
@require_safe
def show_receipt(request: HttpRequest, review: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_review(me, review, today)
    if own.state == State.FILLING:
        return redirect("review:check-answers", own.pk)
    checked = _read(own)
    own = checked.progress.review
    signing = read_signing(own, today)
    context = {
        "review": own,
        "content_hash": own.content_hash(),
        "may_withdraw": submission.can_be_taken_back(own),
        "signing": signing,
        "facts": [
            _fact(gettext("City"), str(own.city)),
            _fact(gettext("Questionnaire"), own.title),
            _fact(gettext("Year"), str(own.year)),
            _fact(gettext("Sent on"), date_format(timezone.localtime(own.submitted_at), "DATETIME_FORMAT")),
            *(_fact(gettext("Signed by"), _signed(signature)) for signature in signing.sent),
            _fact(
                gettext("Answers"),
                gettext("%(answered)s of %(asked)s questions")
                % {"answered": checked.progress.answered, "asked": checked.progress.asked},
            ),
            _fact(
                gettext("Coverage of the areas that every city answers"),
                Wording(page_language()).percent(checked.coverage),
            ),
        ],
        "next": [
            gettext("Experts of the network read the answers. They may ask the city about some of them."),
            gettext("They may show the city a draft of what they conclude. The city can reply to it."),
            gettext("When every question is settled, an expert validates the answers."),
            gettext("Then the city publishes the result itself. Until that day nothing of it is public."),
        ],
        "crumbs": _crumbs(own),
    }
    return render(request, "review/receipt.html", context)


def _fact(term: str, value: str) -> dict[str, str]:
    return {"term": term, "value": value}


def _signed(signature: Signature) -> str:
    return gettext("%(name)s, %(time)s") % {
        "name": signature.person,
        "time": date_format(timezone.localtime(signature.signed_at), "DATETIME_FORMAT"),
    }


@login_required
@read_and_write
def withdraw_submission(request: HttpRequest, review: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    own = access.get_own_review(me, review, today)
    if request.method == "POST":
        try:
            submission.withdraw_submission(person=me, review=own, at=timezone.now())
        except MoveError:
            messages.error(
                request, gettext("These answers cannot be taken back any more, or are back already.")
            )
        else:
            messages.success(
                request, gettext("The answers are back with you. The signatures under them are void.")
            )
        return redirect("review:check-answers", own.pk)
    if not submission.can_be_taken_back(own):
        return redirect("review:check-answers", own.pk)
    receipt = reverse("review:receipt", args=[own.pk])
    context = {"review": own, "back": receipt, "crumbs": _crumbs(own, (gettext("Receipt"), receipt))}
    return render(request, "review/withdraw.html", context)
