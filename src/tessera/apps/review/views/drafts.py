"""The draft of a report: experts show it to the city, and the city replies."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import checks, get_own_review
from tessera.apps.review.access.checking import get_review_to_check, get_review_with_draft
from tessera.apps.review.actions import findings as actions
from tessera.apps.review.drafts import compare_with_draft, latest_draft, read_draft_report
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.forms.findings import DraftReplyForm, ShowDraftForm
from tessera.apps.review.lifecycle import JUDGED, WITH_EXPERTS
from tessera.apps.review.models import Draft, Review
from tessera.apps.review.published import page_drawing
from tessera.apps.review.views.findings import review_crumbs
from tessera.frameworks.expert_words import ExpertWords, Finding
from tessera.reports.pages import review_context

BAD_REQUEST, CONFLICT = 400, 409

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def show_page(request: HttpRequest, review: int) -> HttpResponse:
    """For experts, the report as the city would see it; for the city, as it was shown last."""
    me, now = signed_in(request), timezone.now()
    shown = get_review_with_draft(me, review, timezone.localdate(now))
    return DraftPage(request, shown, now).show()


@login_required
@read_and_write
def show_to_city(request: HttpRequest, review: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    if request.method != "POST":
        return redirect("review:draft", shown.pk)
    form = ShowDraftForm(request.POST)
    page = DraftPage(request, shown, now)
    if not form.is_valid():
        return page.show(form, status=BAD_REQUEST)
    try:
        actions.show_draft(expert=me, review=shown, message=form.cleaned_data["message"], at=now)
    except actions.CannotShow:
        form.add_error(
            None, gettext("There is nothing to show yet. Write a finding or give an opinion first.")
        )
        return page.show(form, status=CONFLICT)
    except MoveError:
        messages.error(request, gettext("The review is no longer with the experts. Nothing was sent."))
    else:
        messages.success(request, gettext("The city sees the draft now. Its officers are told by e-mail."))
    return redirect("review:draft", shown.pk)


@login_required
@read_and_write
def reply(request: HttpRequest, review: int) -> HttpResponse:
    """The city says something to the draft that it read."""
    me, now = signed_in(request), timezone.now()
    own = get_own_review(me, review, timezone.localdate(now))
    if not own.drafts.exists():
        raise Http404
    if request.method != "POST":
        return redirect("review:draft", own.pk)
    form = DraftReplyForm(request.POST)
    page = DraftPage(request, own, now)
    if not form.is_valid():
        return page.show(form, status=BAD_REQUEST)
    # Compared here: a number may be too large for the database.
    read = next((draft for draft in own.drafts.all() if draft.pk == form.cleaned_data["draft"]), None)
    if read is None:
        raise Http404
    try:
        actions.reply_to_draft(person=me, draft=read, text=form.cleaned_data["text"], at=now)
    except actions.NewerDraft:
        # With what was written, and the number of the draft that the page shows now.
        said = request.POST.copy()
        newest = latest_draft(own)
        assert newest is not None
        said["draft"] = str(newest.pk)
        form = DraftReplyForm(said)
        form.add_error(
            "text",
            gettext(
                "Not sent: the experts have shown another draft meanwhile. Read it, and send your reply "
                "again."
            ),
        )
        return page.show(form, status=CONFLICT)
    except MoveError:
        form.add_error("text", gettext("Not sent: the review is no longer with the experts."))
        return page.show(form, status=CONFLICT)
    messages.success(request, gettext("Sent. The experts are told by e-mail."))
    return redirect("review:draft", own.pk)


Form = ShowDraftForm | DraftReplyForm


class DraftPage:
    """The page of the draft, for whichever side reads it."""

    def __init__(self, request: HttpRequest, review: Review, now: datetime) -> None:
        self.request, self.review, self.now = request, review, now
        self.reader = signed_in(request)

    def show(self, form: Form | None = None, *, status: int = 200) -> HttpResponse:
        self.review.refresh_from_db()
        latest = latest_draft(self.review)
        is_expert = checks(self.reader, self.review, timezone.localdate(self.now))
        more = self._for_expert(latest, form) if is_expert else self._for_city(latest, form)
        context = {
            "review": self.review,
            "is_expert": is_expert,
            "is_judged": self.review.state in JUDGED,
            "draft": latest,
            "drafts": self.review.drafts.select_related("shown_by")
            .prefetch_related("replies__person")
            .order_by("-shown_at", "-pk"),
            "crumbs": review_crumbs(self.reader, self.review),
            **more,
        }
        return render(self.request, "review/draft.html", context, status=status)

    def _for_expert(self, latest: Draft | None, form: Form | None) -> dict[str, object]:
        words = read_expert_words(self.review, only_public=False)
        change = compare_with_draft(words, latest.words) if latest else None
        # Of the other expert's opinions, the page shows those alone that the expert sees elsewhere.
        shown = read_expert_words(self.review, only_public=False, shown_to=self.reader)
        return {
            **self._report(shown),
            "is_part_hidden": shown.opinions != words.opinions,
            "change": change,
            "written": [_text(finding) for finding in change.written] if change else [],
            "gone": [_text(finding) for finding in change.gone] if change else [],
            "has_words": bool(words.findings or words.opinions),
            "form": (form or ShowDraftForm()) if self._is_open else form,
        }

    def _for_city(self, latest: Draft | None, form: Form | None) -> dict[str, object]:
        # The city has no page before it was shown a draft.
        assert latest is not None
        blank = DraftReplyForm(initial={"draft": latest.pk})
        is_open = self._is_open and self.review.drafts.not_past().filter(pk=latest.pk).exists()
        shown = (form or blank) if is_open else form
        return {**self._report(latest.words), "form": shown, "is_past": not is_open}

    @property
    def _is_open(self) -> bool:
        return self.review.state in WITH_EXPERTS

    def _report(self, words: ExpertWords) -> dict[str, object]:
        return dict(review_context(read_draft_report(self.review, words, page_language()), page_drawing))


def _text(finding: Finding) -> dict[str, str]:
    language = finding.text.shown_in(page_language())
    return {"language": language, "text": finding.text.texts[language]}
