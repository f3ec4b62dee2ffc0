"""The pages on which an officer gives areas to colleagues, and where personal links lead."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.review import access
from tessera.apps.review.actions import delegation as actions
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.forms.delegation import ColleagueForm, LinkForm, NewLinkForm, offered_last_day
from tessera.apps.review.models import Assignment, Review

OPENED = "review_links"
"""In a session: what is kept of the personal links that were opened in it, by their assignment's number."""

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _today() -> date:
    return timezone.localdate()


@login_required
@read_and_write
def give_area(request: HttpRequest, review: int, area: str) -> HttpResponse:
    """Who has an area, and two ways to give it to somebody: with an account, or by a personal link."""
    me, today = signed_in(request), _today()
    place = access.get_area_to_give(me, review, area, today)
    way = request.POST.get("way")
    colleague_form = ColleagueForm(
        request.POST if way == "colleague" else None,
        prefix="colleague",
        colleagues=access.colleagues_of(me, place.review.city, today),
    )
    link_form = LinkForm(
        request.POST if way == "link" else None,
        prefix="link",
        initial={"language": me.offered_language, "until": offered_last_day(place.review, today)},
    )
    try:
        if colleague_form.is_valid() and _give(colleague_form, actions.delegate_area, me, place):
            said = gettext("%(name)s has the area “%(area)s” now, and is told by e-mail.")
            about = {"name": colleague_form.cleaned_data["colleague"], "area": place.title}
            messages.success(request, said % about)
            return redirect("review:tasks", review)
        if link_form.is_valid() and _give(link_form, actions.delegate_by_link, me, place):
            said = gettext("A personal link to the area “%(area)s” is on its way to %(email)s.")
            messages.success(request, said % {"email": link_form.cleaned_data["email"], "area": place.title})
            return redirect("review:tasks", review)
    except NotOpen:
        messages.error(request, _sent_already())
        return redirect("review:give-area", review, area)
    assignment = place.review.assignments.filter(area=area, withdrawn_at=None).first()
    context = {
        "place": place,
        "assignment": assignment,
        "shut": _why_shut(assignment, today) if assignment else None,
        "colleague_form": colleague_form,
        "link_form": link_form,
        # That which was sent: the page's title says whether there is an error.
        "form": link_form if link_form.is_bound else colleague_form,
        "crumbs": _crumbs(place.review),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "review/give_area.html", context, status=status)


def _why_shut(assignment: Assignment, day: date) -> access.Shut | None:
    return access.why_shut(assignment, access.let_in([assignment], day), day)


def _give(
    form: ColleagueForm | LinkForm, act: Callable[..., object], me: Person, place: access.OpenArea
) -> bool:
    """Do what a form asks for; what stands against it is said at the form."""
    try:
        act(by=me, review=place.review, area=place.area.key, at=timezone.now(), **form.cleaned_data)
    except actions.HasItAlready:
        form.add_error(form.names_person, form.repetition)
    except actions.WrongLastDay:
        form.add_error("until", _days_of_a_link())
    except actions.CannotDelegate:
        form.add_error(form.names_person, form.refusal)
    else:
        return True
    return False


@login_required
@read_and_write
def send_link_again(request: HttpRequest, assignment: int) -> HttpResponse:
    """A new link, and with it a new last day; the earlier one stops working."""
    me, today = signed_in(request), _today()
    standing = access.get_own_assignment(me, assignment, today)
    if not standing.is_by_link or standing.withdrawn_at:
        raise Http404
    offered = standing.until if standing.stands(today) else offered_last_day(standing.review, today)
    form = NewLinkForm(request.POST or None, initial={"until": offered})
    if form.is_valid():
        try:
            actions.send_link_again(
                by=me, assignment=standing, until=form.cleaned_data["until"], at=timezone.now()
            )
        except NotOpen:
            form.add_error(None, _sent_already())
        except actions.WrongLastDay:
            form.add_error("until", _days_of_a_link())
        except actions.CannotDelegate:
            form.add_error(None, LinkForm.refusal)
        else:
            said = gettext("A new link is on its way to %(email)s. The earlier one no longer works.")
            messages.success(request, said % {"email": standing.person.email})
            return redirect("review:tasks", standing.review_id)
    context = {"assignment": standing, "form": form, "crumbs": _assignment_crumbs(standing)}
    status = 400 if form.is_bound else 200
    return render(request, "review/assignment_new_link.html", context, status=status)


@login_required
@read_and_write
def withdraw_assignment(request: HttpRequest, assignment: int) -> HttpResponse:
    """Take an area back, after saying what that means. Sending it twice is harmless."""
    me, today = signed_in(request), _today()
    taken = access.get_own_assignment(me, assignment, today)
    if request.method == "POST":
        actions.withdraw_assignment(by=me, assignment=taken, at=timezone.now())
        said = gettext("%(name)s does not have the area “%(area)s” any more.")
        messages.success(request, said % {"name": taken.name_shown, "area": taken.area_title})
        return redirect("review:tasks", taken.review_id)
    if taken.withdrawn_at:
        return redirect("review:give-area", taken.review_id, taken.area)
    context = {"assignment": taken, "crumbs": _assignment_crumbs(taken)}
    return render(request, "review/assignment_take_back.html", context)


def _sent_already() -> str:
    return gettext("The answers are sent. No area can be given to anybody until they are taken back.")


def _days_of_a_link() -> str:
    today = _today()
    days = {"first": date_format(today), "last": date_format(today + actions.LONGEST_LINK)}
    return gettext("Give a day from %(first)s to %(last)s.") % days


def _crumbs(review: Review, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    own = (f"{review.city}, {review.year}", reverse("review:tasks", args=[review.pk]))
    return [(gettext("Your work"), reverse("web:work")), own, *steps]


def _assignment_crumbs(assignment: Assignment) -> list[tuple[str, str]]:
    review, area = assignment.review, assignment.area
    return _crumbs(review, (assignment.area_title, reverse("review:give-area", args=[review.pk, area])))


@require_safe
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where a personal link leads. Mail scanners open it, too, and change nothing by it."""
    found = access.find_link(token, _today())
    if found is None:
        return _keep_token(render(request, "review/link_unusable.html", status=404))
    if request.user.is_authenticated and request.user != found.person:
        return _keep_token(render(request, "review/link_of_another.html"))
    if not request.user.is_authenticated:
        # Nobody who knew the session before shares what the link opens, and it ends with the browser.
        request.session.cycle_key()
        request.session.set_expiry(0)
    request.session[OPENED] = {**request.session.get(OPENED, {}), str(found.pk): found.token_hash}
    return _keep_token(redirect("review:area-to-fill", found.review_id, found.area))


@read_and_write
def leave_link(request: HttpRequest) -> HttpResponse:
    """Close the personal links that are open in this browser, such as one that others use, too."""
    if request.method == "POST":
        request.session.pop(OPENED, None)
        return redirect("review:leave-link")
    return render(request, "review/link_leave.html", {"is_open": bool(opened_links(request))})


def opened_links(request: HttpRequest) -> dict[int, str]:
    """The hashes of the personal links that were opened in this browser, as `access.get_area` takes them."""
    return {int(number): kept for number, kept in request.session.get(OPENED, {}).items()}


def _keep_token(response: HttpResponse) -> HttpResponse:
    """No page that is opened from here learns the link."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
