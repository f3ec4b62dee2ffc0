"""The pages on which a consultation is prepared and changed."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import setting_up as actions
from tessera.apps.dialogue.forms.setting_up import PlanForm, Scope, ScopeForm
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.staff_pages import BAD_REQUEST, CONFLICT, crumbs_to, mark_language, read_and_write
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City
from tessera.apps.records.moves import MoveError
from tessera.apps.review.models import Finding


@login_required
@read_and_write
def begin(request: HttpRequest, city: str) -> HttpResponse:
    """Prepare a consultation of a city."""
    me, now = signed_in(request), timezone.now()
    found = City.objects.filter(slug=city).first()
    if found is None:
        raise Http404
    access.check_prepares(me, found, timezone.localdate(now))
    return SettingUp(request, found, None, now).answer()


@login_required
@read_and_write
def change(request: HttpRequest, consultation: int) -> HttpResponse:
    """Change the texts, languages, days and rules of a consultation."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_ended:
        messages.error(request, gettext("It is closed, and stays as people found it."))
        return redirect(kept)
    return SettingUp(request, kept.city, kept, now).answer()


class SettingUp:
    """Two pages at one address: the languages and the review first, then what depends on them.

    What was chosen on the first stands in the address of the second, so that nothing is kept until that
    is sent.
    """

    def __init__(
        self, request: HttpRequest, city: City, standing: Consultation | None, now: datetime
    ) -> None:
        self.request, self.city, self.standing, self.now = request, city, standing, now
        self.me = signed_in(request)

    def answer(self) -> HttpResponse:
        is_chosen = "first" in self.request.GET
        if "choose" in self.request.GET or (self.standing is None and not is_chosen):
            return self._ask_scope(self._scope_form(None))
        if not is_chosen and self.standing is not None:
            return self._answer_plan(_scope_of(self.standing))
        form = self._scope_form(self.request.GET)
        return self._answer_plan(form.scope) if form.is_valid() else self._ask_scope(form)

    # The languages and the review

    def _scope_form(self, chosen: QueryDict | None) -> ScopeForm:
        initial: dict[str, object] = {"first": page_language(), "review": ""}
        if self.standing is not None:
            scope = _scope_of(self.standing)
            initial = {
                "first": scope.languages[0],
                "others": scope.languages[1:],
                "review": scope.review.pk if scope.review is not None else "",
            }
        return ScopeForm(chosen, reviews=access.reviews_to_discuss(self.city), initial=initial)

    def _ask_scope(self, form: ScopeForm) -> HttpResponse:
        status = BAD_REQUEST if form.errors else 200
        return render(self.request, "dialogue/scope.html", self._context(form), status=status)

    # What depends on them

    def _answer_plan(self, scope: Scope) -> HttpResponse:
        if self.request.method != "POST":
            return self._ask_plan(self._plan_form(scope, None))
        form = self._plan_form(scope, self.request.POST)
        if not form.is_valid():
            return self._ask_plan(form, status=BAD_REQUEST)
        try:
            kept = self._save(form)
        except actions.PhasesOverlap as overlap:
            form.say_overlap(overlap.starts_on)
            return self._ask_plan(form, status=BAD_REQUEST)
        except actions.CannotStayOpen as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, _why_not(obstacle))
            return self._ask_plan(form, status=BAD_REQUEST)
        except actions.AddressTaken:
            form.say_taken()
            return self._ask_plan(form, status=CONFLICT)
        except MoveError:
            form.add_error(None, gettext("It was closed meanwhile. Nothing was saved."))
            return self._ask_plan(form, status=CONFLICT)
        messages.success(self.request, gettext("Saved."))
        if "choose" in self.request.POST:
            return HttpResponseRedirect(f"{reverse('dialogue:change', args=[kept.pk])}?choose")
        return redirect(kept)

    def _plan_form(self, scope: Scope, sent: QueryDict | None) -> PlanForm:
        return PlanForm(sent, scope=scope, findings=list(self._findings(scope)), standing=self.standing)

    def _findings(self, scope: Scope) -> QuerySet[Finding]:
        return access.findings_to_discuss(self.city).filter(review=scope.review)

    def _save(self, form: PlanForm) -> Consultation:
        if self.standing is None:
            return actions.prepare_consultation(
                by=self.me,
                city=self.city,
                slug=form.address_for(self.city),
                plan=form.plan,
                invented=settings.DEMO,
                at=self.now,
            )
        actions.change_consultation(by=self.me, consultation=self.standing, plan=form.plan, at=self.now)
        return self.standing

    def _ask_plan(self, form: PlanForm, *, status: int = 200) -> HttpResponse:
        query = urlencode(form.scope.as_query)
        context = {**self._context(form), "action": f"{self.request.path}?{query}"}
        return render(self.request, "dialogue/plan.html", context, status=status)

    def _context(self, form: PlanForm | ScopeForm) -> dict[str, object]:
        return {
            "form": form,
            "city": self.city,
            "consultation": self.standing,
            "marked_title": "" if self.standing is None else mark_language(self.standing.title),
            "crumbs": crumbs_to() if self.standing is None else crumbs_to(self.standing),
        }


def _scope_of(consultation: Consultation) -> Scope:
    return Scope(tuple(consultation.languages), consultation.review)


def _why_not(obstacle: actions.Obstacle) -> str:
    if obstacle is actions.Obstacle.TEXTS_MISSING:
        return gettext("The consultation is open: every text has to be there in every language of it.")
    return gettext(
        "The consultation is open, and needs days to come. To end it, close it: then everybody can read why."
    )
