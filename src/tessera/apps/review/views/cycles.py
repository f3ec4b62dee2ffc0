"""The pages on which a coordinator opens rounds of reviews and sees how far each city has come.

They show progress, never an answer; not even how many questions apply, which would tell of answers.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.lists import format_list
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import check_coordinates, networks_of
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City, Network
from tessera.apps.review.access import (
    cities_to_review,
    cities_with_review,
    cities_without_officer,
    cycles_kept_by,
    get_cycle,
    get_review_of_cycle,
)
from tessera.apps.review.actions import cycles as actions
from tessera.apps.review.forms.cycles import CitiesForm, CycleForm, DueDateForm
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Cycle, Review
from tessera.apps.review.progress import AreaState, ReviewProgress, read_progress

read_and_write = require_http_methods(["GET", "HEAD", "POST"])

Cell = dict[str, object]
Table = dict[str, object]
Crumbs = list[tuple[str, str]]


def _today() -> date:
    return timezone.localdate()


def _crumbs(*cycles: Cycle) -> Crumbs:
    own = [(_name(cycle), cycle.get_absolute_url()) for cycle in cycles]
    return [
        (gettext("Your work"), reverse("web:work")),
        (gettext("Review cycles"), reverse("review:cycles")),
        *own,
    ]


def _name(cycle: Cycle) -> str:
    return gettext("%(title)s, %(year)s") % {"title": cycle.title, "year": cycle.year}


def _ask(request: HttpRequest, form: forms.Form, **page: Any) -> HttpResponse:
    """A page with one form. A form with errors is no success, and says so to programs, too."""
    status = 400 if form.is_bound else 200
    return render(request, "review/cycle_form.html", {"form": form, **page}, status=status)


@login_required
@require_safe
def show_cycles(request: HttpRequest) -> HttpResponse:
    cycles = cycles_kept_by(signed_in(request), _today())
    context = {"table": _cycles_table(cycles), "crumbs": _crumbs()[:1]}
    return render(request, "review/cycles.html", context)


@login_required
@read_and_write
def open_cycle(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    check_coordinates(me, today)
    networks = networks_of(me, today)
    # Which cities there are to choose from depends on it.
    chosen = [each for each in networks if len(networks) == 1 or each.slug == request.GET.get("network")]
    if not chosen:
        return render(request, "review/cycle_network.html", {"networks": networks, "crumbs": _crumbs()})
    cities = cities_to_review(chosen[0], today)
    form = CycleForm(
        request.POST or None,
        cities=cities,
        today=today,
        initial={"year": today.year - 1, "signatures": 1, "cities": cities},
    )
    if form.is_valid() and (cycle := _open(form, me, chosen[0])):
        messages.success(request, _said_of(len(form.cleaned_data["cities"])))
        return redirect(cycle)
    return _ask(
        request,
        form,
        title=gettext("Open a cycle"),
        lead=gettext(
            "Every city that you tick begins a review, and its officers are told by e-mail at once."
        ),
        button=gettext("Open the cycle"),
        crumbs=_crumbs(),
    )


def _open(form: CycleForm, me: Person, network: Network) -> Cycle | None:
    """Open the cycle that a form asks for; what stands against it is said at the form."""
    given = form.cleaned_data
    framework = given["questionnaire"]
    try:
        return actions.open_cycle(
            by=me,
            network=network,
            framework_id=framework.id,
            version=framework.version,
            pathway=given["pathway"],
            year=given["year"],
            due_on=given["due_on"],
            signatures=given["signatures"],
            cities=given["cities"],
            invented=settings.DEMO,
            at=timezone.now(),
        )
    except actions.HasCycle:
        form.add_error(
            "year",
            gettext(
                "There is a cycle of this questionnaire and year already. You can add further cities to it."
            ),
        )
    except actions.HasReview as error:
        form.add_error("cities", _has_review(error.cities))
    except actions.WrongDueDate:
        form.add_error("due_on", _days_for_answers())
    return None


def _what_opening_does() -> str:
    return gettext("Every city that you tick begins a review, and its officers are told by e-mail at once.")


def _has_review(cities: Sequence[City]) -> str:
    return gettext(
        "There is a review of this questionnaire and year already, so take the tick away: %(cities)s."
    ) % {"cities": _listed(cities)}


def _days_for_answers() -> str:
    today = _today()
    days = {"first": date_format(today), "last": date_format(today + actions.LONGEST_TIME)}
    return gettext("Give a day from %(first)s to %(last)s.") % days


def _said_of(count: int) -> str:
    said = ngettext("%(count)s city begins its review.", "%(count)s cities begin their reviews.", count)
    return said % {"count": count}


@login_required
@read_and_write
def add_cities(request: HttpRequest, cycle: int) -> HttpResponse:
    """Further cities of the network begin a review in a cycle that is open already."""
    me, today = signed_in(request), _today()
    kept = get_cycle(me, cycle, today)
    cities = cities_to_review(kept.network, today).exclude(
        pk__in=cities_with_review(kept.framework_id, kept.year)
    )
    if not cities:
        messages.info(
            request, gettext("Every city of the network has a review of this questionnaire and year.")
        )
        return redirect(kept)
    initial = {"due_on": kept.due_on} if kept.due_on >= today else {}
    form = CitiesForm(request.POST or None, cities=cities, initial=initial)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("cities", "due_on")}
        try:
            actions.take_into_cycle(by=me, cycle=kept, invented=settings.DEMO, at=timezone.now(), **given)
        except actions.HasReview as error:
            form.add_error("cities", _has_review(error.cities))
        except actions.WrongDueDate:
            form.add_error("due_on", _days_for_answers())
        else:
            messages.success(request, _said_of(len(given["cities"])))
            return redirect(kept)
    return _ask(
        request,
        form,
        title=gettext("Add further cities"),
        lead=_what_opening_does(),
        button=gettext("Add the cities"),
        crumbs=_crumbs(kept),
    )


@login_required
@read_and_write
def extend_review(request: HttpRequest, review: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    extended = get_review_of_cycle(me, review, today)
    assert extended.cycle is not None
    form = DueDateForm(request.POST or None, initial={"due_on": extended.due_on})
    if form.is_valid():
        due_on = form.cleaned_data["due_on"]
        try:
            actions.extend_review(by=me, review=extended, due_on=due_on, at=timezone.now())
        except actions.WrongDueDate:
            form.add_error("due_on", _days_for_answers())
        except actions.CannotExtend:
            messages.error(
                request,
                gettext("%(city)s has sent its answers in the meantime. Nothing was changed.")
                % {"city": extended.city},
            )
            return redirect(extended.cycle)
        else:
            messages.success(
                request,
                gettext("The answers of %(city)s are due on %(day)s.")
                % {"city": extended.city, "day": date_format(due_on)},
            )
            return redirect(extended.cycle)
    return _ask(
        request,
        form,
        title=gettext("Change the day for the answers of %(city)s") % {"city": extended.city},
        lead=gettext(
            "The officers of the city are told by e-mail, and so are the colleagues who still answer an area."
        ),
        button=gettext("Change the day"),
        crumbs=_crumbs(extended.cycle),
    )


@login_required
@read_and_write
def take_out(request: HttpRequest, review: int) -> HttpResponse:
    """Delete the review of a city that has not begun to answer, after saying what that means."""
    me, today = signed_in(request), _today()
    taken = get_review_of_cycle(me, review, today)
    assert taken.cycle is not None
    if request.method == "POST":
        city = {"city": taken.city}
        try:
            actions.take_out_of_cycle(by=me, review=taken, at=timezone.now())
        except actions.CannotTakeOut:
            said = gettext("%(city)s has begun to answer, and so it stays in the cycle. Nothing was changed.")
            messages.error(request, said % city)
        else:
            messages.success(request, gettext("%(city)s is not in the cycle any more.") % city)
        return redirect(taken.cycle)
    return _ask(
        request,
        forms.Form(),
        title=gettext("Take %(city)s out of the cycle?") % {"city": taken.city},
        lead=gettext(
            "This works as long as the city has answered nothing. Its officers, and the colleagues who have "
            "an area, are told by e-mail that they need not answer. You can add the city again."
        ),
        button=gettext("Take the city out"),
        crumbs=_crumbs(taken.cycle),
    )


@login_required
@require_POST
def remind_late(request: HttpRequest, cycle: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    kept = get_cycle(me, cycle, today)
    count = actions.remind_late(by=me, cycle=kept, at=timezone.now())
    if count:
        said = ngettext("%(count)s reminder was sent.", "%(count)s reminders were sent.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(
            request,
            gettext(
                "No reminder was sent. Cities that are late were reminded today already, or have no officer."
            ),
        )
    return redirect(kept)


@login_required
@require_safe
def show_cycle(request: HttpRequest, cycle: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    kept = get_cycle(me, cycle, today)
    cities = City.objects.filter(reviews__cycle=kept)
    place = {city.pk: number for number, city in enumerate(cities.alphabetical())}
    progress = sorted(
        read_progress(Review.objects.filter(cycle=kept)), key=lambda each: place[each.review.city_id]
    )
    reviews = [each.review for each in progress]
    context = {
        "cycle": kept,
        "name": _name(kept),
        "facts": _facts(kept),
        "total": len(reviews),
        "late": sum(review.days_late(today) > 0 for review in reviews),
        "sent": sum(review.state != State.FILLING for review in reviews),
        "without_officer": _listed(cities_without_officer(cities, today).alphabetical()),
        "cities_table": _cities_table(progress, today),
        "areas_table": _areas_table(progress),
        "crumbs": _crumbs(),
    }
    return render(request, "review/cycle.html", context)


def _facts(cycle: Cycle) -> list[dict[str, object]]:
    by = gettext("%(name)s, on %(day)s") % {
        "name": cycle.opened_by,
        "day": date_format(timezone.localdate(cycle.opened_at)),
    }
    facts = [
        (gettext("Network"), str(cycle.network)),
        (
            gettext("Questionnaire"),
            gettext("%(title)s, version %(version)s") % {"title": cycle.title, "version": cycle.version},
        ),
        (gettext("How much of it"), capfirst(cycle.get_pathway_display())),
        (gettext("Year"), str(cycle.year)),
        (gettext("Officers who sign"), str(cycle.signatures)),
        (gettext("Opened by"), by),
    ]
    return [{"term": term, "value": value} for term, value in facts]


def _cycles_table(cycles: QuerySet[Cycle]) -> Table:
    # Django drops the order of a model where it counts.
    counted = cycles.annotate(
        total=Count("reviews"), sent=Count("reviews", filter=~Q(reviews__state=State.FILLING))
    ).order_by("-year", "-pk")
    rows = [
        [
            _cell(_name(cycle), cycle.get_absolute_url()),
            _cell(str(cycle.network)),
            _cell(date_format(cycle.due_on)),
            _cell(gettext("%(part)s of %(total)s") % {"part": cycle.sent, "total": cycle.total}),
        ]
        for cycle in counted
    ]
    header = [
        gettext("Cycle"),
        gettext("Network"),
        gettext("Answers due on"),
        gettext("Cities that sent them"),
    ]
    return _table(gettext("Review cycles, the newest year first"), header, rows)


def _cities_table(progress: Sequence[ReviewProgress], today: date) -> Table:
    rows = [
        [
            _cell(str(each.review.city)),
            _review_state(each.review, today),
            _cell(date_format(_due_on(each.review))),
            _cell(gettext("%(part)s of %(total)s") % {"part": each.done, "total": len(each.areas)}),
            _acts(each),
        ]
        for each in progress
    ]
    header = [
        gettext("City"),
        gettext("State"),
        gettext("Answers due on"),
        gettext("Areas complete"),
        gettext("What to do"),
    ]
    return _table(gettext("How far each city has come"), header, rows)


def _due_on(review: Review) -> date:
    # A constraint holds that a review of a cycle has one.
    assert review.due_on is not None
    return review.due_on


def _review_state(review: Review, today: date) -> Cell:
    if days := review.days_late(today):
        return _tag(ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}, "warning")
    if review.state == State.FILLING:
        return _tag(review.get_state_display(), "info")
    if review.state == State.SUBMITTED:
        assert review.submitted_at is not None
        day = date_format(timezone.localdate(review.submitted_at))
        return _tag(gettext("sent on %(day)s") % {"day": day}, "success")
    if review.is_being_corrected:
        return _tag(gettext("a correction is being prepared"), "info")
    return _tag(review.get_state_display(), "success")


def _acts(progress: ReviewProgress) -> Cell:
    review = progress.review
    if review.state != State.FILLING:
        acts = [(gettext("Read the answers"), "review:check-answers")]
    else:
        acts = [(gettext("Change the day"), "review:extend-review")]
        if not progress.answered:
            acts.append((gettext("Take the city out"), "review:take-out"))
    acts.append((gettext("Experts"), "review:experts"))
    return {"acts": [{"label": act, "url": reverse(address, args=[review.pk])} for act, address in acts]}


def _areas_table(progress: Sequence[ReviewProgress]) -> Table:
    """A line for each city, with the state of each of its areas in words."""
    tags = {state: _tag(str(state.label), state.color) for state in AreaState}
    rows = [[_cell(str(each.review.city)), *(tags[area.state] for area in each.areas)] for each in progress]
    # All cities of a cycle answer the same questionnaire.
    areas = [each.review.area_title(area.area.key) for each in progress[:1] for area in each.areas]
    return _table(gettext("The state of each area"), [gettext("City"), *areas], rows)


def _table(caption: str, header: Sequence[str], rows: list[list[Cell]]) -> Table:
    return {
        "caption": caption,
        "columns": [{"label": label, "kind": "text"} for label in header],
        "rows": rows,
    }


def _cell(text: str, url: str = "") -> Cell:
    return {"text": text, "url": url}


def _tag(label: str, color: str) -> Cell:
    return {"tag": {"label": label, "color": color}}


def _listed(cities: Sequence[City]) -> str:
    return format_list([str(city) for city in cities], locale=page_language()) if cities else ""
