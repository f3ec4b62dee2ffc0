"""The page on which an expert validates a review, and that on which its city publishes it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import get_own_review
from tessera.apps.review.access.checking import get_review_to_check
from tessera.apps.review.actions import checking as actions
from tessera.apps.review.actions import publishing
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.forms.corrections import NoteForm
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Review
from tessera.apps.review.published import page_drawing, preview_report
from tessera.apps.review.sharing import read_sharing
from tessera.apps.review.to_publish import standing_before
from tessera.reports.pages import review_context
from tessera.reports.wording import Wording

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(review: Review, page: str) -> list[tuple[str, str]]:
    return [
        (gettext("Your work"), reverse("web:work")),
        (f"{review.city}, {review.year}", reverse(page, args=[review.pk])),
    ]


@login_required
@read_and_write
def validate_review(request: HttpRequest, review: int) -> HttpResponse:
    """What stands against it, or what it means, and the button."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_review_to_check(me, review, today)
    status = 200
    if request.method == "POST":
        try:
            actions.validate_review(expert=me, review=shown, at=timezone.now())
        except actions.CannotValidate:
            # The page names what stands against it.
            status = 409
        except MoveError:
            # A tab that was pressed twice, or the other expert was faster: the page says what is.
            return redirect("review:validate", shown.pk)
        else:
            return redirect("review:validate", shown.pk)
    obstacles = actions.obstacles_to(shown)
    questions = shown.framework.text(page_language()).questions
    context = {
        "review": shown,
        "is_done": shown.state in JUDGED,
        "may_validate": shown.state == State.IN_REVIEW and not obstacles,
        "obstacles": obstacles,
        "areas": [shown.area_title(key) for key in obstacles.areas],
        "queries": [(query.pk, questions[query.question].text) for query in obstacles.queries],
        "apart": [(key, questions[key].text) for key in obstacles.apart],
        "baseless": obstacles.baseless,
        "crumbs": _crumbs(shown, "review:board"),
    }
    return render(request, "review/validate.html", context, status=status)


@login_required
@read_and_write
def publish_review(request: HttpRequest, review: int) -> HttpResponse:
    """What becomes public and what does not, and the button."""
    me, today = signed_in(request), timezone.localdate()
    own = get_own_review(me, review, today)
    # Whoever corrects says what; a first publication corrects nothing.
    form = NoteForm(request.POST or None) if own.is_being_corrected else None
    if request.method == "POST" and (form is None or form.is_valid()):
        note = form.cleaned_data["note"] if form else ""
        try:
            publishing.publish_review(review=own, person=me, at=timezone.now(), note=note)
        except (MoveError, publishing.WrongNote):
            # A tab that was pressed twice, or a colleague was faster: the page says what is.
            messages.info(request, gettext("Nothing was published now."))
            return redirect("review:publish", own.pk)
        return redirect(own.get_absolute_url())
    notes, serving = own.answers.exclude(note=""), own.evidence.filter(uses__isnull=False).distinct()
    standing = standing_before(own).first()
    words = read_expert_words(own, only_public=True)
    context = {
        "review": own,
        "form": form,
        "is_ready": own.state == State.VALIDATED,
        "is_public": own.state in (State.PUBLISHED, State.SUPERSEDED),
        "later": standing if standing and standing.year > own.year else None,
        "earlier": standing
        if standing and standing.year < own.year and standing.is_being_corrected
        else None,
        "answers": sum(answer.says_something for answer in own.answers.all()),
        "public_notes": notes.filter(is_note_public=True).count(),
        "kept_notes": notes.filter(is_note_public=False).count(),
        "public_evidence": serving.filter(is_public=True).count(),
        "kept_evidence": serving.filter(is_public=False).count(),
        "findings": len(words.findings),
        "opinions": len(words.opinions),
        "experts": Wording(page_language()).listed(words.experts),
        "sharing": read_sharing(own, today),
        "crumbs": _crumbs(own, "review:tasks"),
    }
    status = 400 if form is not None and form.is_bound else 200
    return render(request, "review/publish.html", context, status=status)


@login_required
@require_safe
def preview_publication(request: HttpRequest, review: int) -> HttpResponse:
    """The report as anybody will read it, while it waits to be published."""
    own = get_own_review(signed_in(request), review, timezone.localdate())
    if own.state != State.VALIDATED:
        return redirect("review:publish", own.pk)
    publish = (gettext("Publish the review"), reverse("review:publish", args=[own.pk]))
    context = {
        "review": own,
        **review_context(preview_report(own, page_language()), page_drawing),
        "crumbs": [*_crumbs(own, "review:tasks"), publish],
    }
    return render(request, "review/publish_preview.html", context)
