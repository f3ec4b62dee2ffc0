"""The pages on which experts write what they conclude, in the order of priority."""

from datetime import datetime
from typing import Any

from babel import Locale
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import LocalText, page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import checks
from tessera.apps.review.access.checking import get_finding, get_review_to_check, get_review_with_findings
from tessera.apps.review.actions import findings as actions
from tessera.apps.review.findings import (
    Bases,
    bases_of,
    bases_offered,
    in_words,
    read_findings,
    read_offered,
    words_of,
)
from tessera.apps.review.forms.findings import FindingForm
from tessera.apps.review.lifecycle import WITH_EXPERTS
from tessera.apps.review.models import Finding, FindingKind, Review

BAD_REQUEST, CONFLICT = 400, 409

Crumbs = list[tuple[str, str]]

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def review_crumbs(me: Person, review: Review) -> Crumbs:
    """The way to a review, which those who read it have before them in different ways."""
    today = timezone.localdate()
    if checks(me, review, today):
        page = "review:board"
    else:
        page = "review:tasks" if acts_for(me, review.city, today) else "review:check-answers"
    return [
        (gettext("Your work"), reverse("web:work")),
        (f"{review.city}, {review.year}", reverse(page, args=[review.pk])),
    ]


def _list_url(review: Review) -> str:
    return reverse("review:findings", args=[review.pk])


# The list


@login_required
@require_safe
def show_findings(request: HttpRequest, review: int) -> HttpResponse:
    """Every finding, the most urgent first."""
    me, today = signed_in(request), timezone.localdate()
    shown = get_review_with_findings(me, review, today)
    is_expert = checks(me, shown, today)
    context = {
        "review": shown,
        "findings": read_findings(shown),
        "is_expert": is_expert,
        "may_write": is_expert and shown.state in WITH_EXPERTS,
        "crumbs": review_crumbs(me, shown),
    }
    return render(request, "review/findings.html", context)


@login_required
@require_POST
def move_finding(request: HttpRequest, review: int, finding: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    way = request.POST.get("way")
    if way not in ("up", "down"):
        raise Http404
    try:
        actions.move_finding(expert=me, review=shown, finding=finding, up=way == "up", at=now)
    except MoveError:
        messages.error(request, _not_with_experts())
    return redirect(f"{_list_url(shown)}#finding-{finding}")


@login_required
@require_POST
def drop_finding(request: HttpRequest, review: int, finding: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    try:
        actions.drop_finding(expert=me, review=shown, finding=finding, at=now)
    except MoveError:
        messages.error(request, _not_with_experts())
    else:
        messages.success(request, gettext("The finding is deleted."))
    return redirect(_list_url(shown))


def _not_with_experts() -> str:
    return gettext("The review is no longer with the experts. Nothing was saved.")


# One finding


@login_required
@read_and_write
def write_finding(request: HttpRequest, review: int, finding: int | None = None) -> HttpResponse:
    """Write a finding, or change one."""
    me, now = signed_in(request), timezone.now()
    shown = get_review_to_check(me, review, timezone.localdate(now))
    if request.method == "POST":
        return FindingPage(request, shown, finding, now).save()
    if finding is not None:
        get_finding(shown, finding)
    if shown.state not in WITH_EXPERTS:
        return redirect(_list_url(shown))
    return FindingPage(request, shown, finding, now).show()


class FindingPage:
    """A finding before an expert: shown, or with what the expert sent."""

    def __init__(self, request: HttpRequest, review: Review, number: int | None, now: datetime) -> None:
        self.request, self.review, self.number, self.now = request, review, number, now
        self.expert = signed_in(request)
        self.offered = read_offered(review, page_language())
        self.standing = (
            review.findings.prefetch_related("bases").filter(pk=number).first()
            if number is not None
            else None
        )

    def show(self) -> HttpResponse:
        return self._page(self._form())

    def save(self) -> HttpResponse:
        if self.request.POST.get("keep") == "theirs" and self.number is not None:
            return redirect("review:finding", self.review.pk, self.number)
        form = self._form(data=self.request.POST)
        if not form.is_valid():
            return self._page(form, status=BAD_REQUEST)
        newer = form.cleaned_data["newer"] if self.request.POST.get("keep") == "mine" else None
        try:
            actions.write_finding(
                expert=self.expert,
                review=self.review,
                finding=self.number,
                kind=FindingKind(form.cleaned_data["kind"]),
                text=form.written,
                next_step=form.suggested,
                bases=form.bases,
                revision=form.cleaned_data["revision"] if newer is None else newer,
                at=self.now,
            )
        except actions.StaleFinding as stale:
            return self._page(form, status=CONFLICT, conflict=self._conflict(form, stale.standing))
        except actions.FindingDropped:
            return self._say_dropped(form)
        except actions.CannotWrite:
            form.add_error(
                "areas",
                gettext("Something that you ticked is not there any more. Look at what is ticked now."),
            )
            return self._page(form, status=CONFLICT)
        except MoveError:
            form.add_error(None, _not_with_experts())
            return self._page(form, status=CONFLICT)
        messages.success(self.request, gettext("The finding is saved."))
        return redirect(_list_url(self.review))

    def _form(self, **content: Any) -> FindingForm:
        return FindingForm(offered=self.offered, standing=self.standing, **content)

    def _say_dropped(self, form: FindingForm) -> HttpResponse:
        """What was written is not lost: it can be saved as a new finding."""
        form.add_error(
            None,
            gettext(
                "The other expert has deleted this finding meanwhile. If you save now, what you wrote "
                "becomes a new one."
            ),
        )
        self.number = None
        return self._page(form, status=CONFLICT)

    def _conflict(self, form: FindingForm, standing: Finding) -> dict[str, object]:
        at = date_format(timezone.localtime(standing.written_at), "DATETIME_FORMAT")
        mine = self._in_words(
            FindingKind(form.cleaned_data["kind"]), form.written, form.suggested, form.bases
        )
        theirs = self._in_words(
            FindingKind(standing.kind), standing.text, standing.next_step, bases_of(standing)
        )
        return {
            "newer": standing.revision,
            "by": standing.written_by,
            "is_own": standing.written_by == self.expert,
            "sides": [
                {
                    "title": gettext("What you wrote"),
                    "text": mine,
                    "name": "keep",
                    "value": "mine",
                    "label": gettext("Keep what you wrote"),
                },
                {
                    "title": gettext("What was saved at %(time)s") % {"time": at},
                    "text": theirs,
                    "name": "keep",
                    "value": "theirs",
                    "label": gettext("Keep what was saved"),
                },
            ],
        }

    def _in_words(self, kind: FindingKind, text: LocalText, next_step: LocalText | None, bases: Bases) -> str:
        rests_on = in_words(bases & bases_offered(self.offered), words_of(self.offered))
        lines = [gettext("Kind: %(kind)s") % {"kind": kind.label}, *_lines(text)]
        if next_step is not None:
            lines += [gettext("Suggested next step:"), *_lines(next_step)]
        return "\n".join([*lines, gettext("Rests on: %(bases)s") % {"bases": "; ".join(rests_on)}])

    def _page(self, form: FindingForm, *, status: int = 200, **more: object) -> HttpResponse:
        address = "review:finding" if self.number is not None else "review:new-finding"
        number = [] if self.number is None else [self.number]
        context = {
            "review": self.review,
            "form": form,
            "is_new": self.number is None,
            "action": reverse(address, args=[self.review.pk, *number]),
            "crumbs": [
                *review_crumbs(self.expert, self.review),
                (gettext("Findings"), _list_url(self.review)),
            ],
            **more,
        }
        return render(self.request, "review/finding.html", context, status=status)


def _lines(text: LocalText) -> list[str]:
    """Every language by its name, where there is more than one."""
    if len(text.texts) == 1:
        return [str(text)]
    names = Locale.parse(page_language()).languages
    return [f"{names[code]}: {words}" for code, words in text.texts.items()]
