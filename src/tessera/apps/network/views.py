"""The pages on which people, cities and organisations are kept. Only signed-in people reach them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.apps.accounts.access import signed_in, signs_in
from tessera.apps.accounts.actions import CannotInvite, UnusableInvitation, withdraw
from tessera.apps.accounts.models import Invitation, Person
from tessera.apps.network import access, actions, listings
from tessera.apps.network.forms import (
    FIGURES,
    CityForm,
    DatedForm,
    FigureForm,
    InvitationForm,
    JoiningForm,
    LastDayForm,
    NewCityForm,
    OrganisationForm,
    RepresentationForm,
    RoleForm,
    TieForm,
)
from tessera.apps.network.models import City, Membership, Organisation, Representation, Role, Tie
from tessera.apps.records.reading import entries_about, trail_rows

ENTRIES_ON_A_PAGE = 50

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def _today() -> date:
    return timezone.localdate()


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(gettext("Your work"), reverse("web:work")), *steps]


def _ask(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    button: str,
    crumbs: list[tuple[str, str]],
    lead: str = "",
) -> HttpResponse:
    """A page with one form. A form with errors is no success, and says so to programs, too."""
    context = {"form": form, "title": title, "button": button, "crumbs": crumbs, "lead": lead}
    return render(request, "network/form.html", context, status=400 if form.is_bound else 200)


def _save(request: HttpRequest, form: forms.ModelForm, *, back: str, said: str, **page: Any) -> HttpResponse:
    """Save what a form holds and go back; or ask on, with the page of `_ask`."""
    if not form.is_valid():
        return _ask(request, form, **page)
    form.save()
    messages.success(request, said)
    return redirect(back)


@login_required
@require_safe
def show_people(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_manages_people(me, today)
    roles = access.roles_seen_by(me, today).filter(person__in=access.people_seen_by(me, today))
    in_order = roles.select_related("person", "city", "network").order_by("person__name", "person__pk")
    context = {"table": listings.people_table(in_order, today), "crumbs": _crumbs()}
    return render(request, "network/people.html", context)


@login_required
@read_and_write
def add_person(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_manages_people(me, today)
    form = InvitationForm(request.POST or None, **_choices(me, today))
    if form.is_valid() and (role := _give(form, me, form.cleaned_data)):
        known = signs_in(role.person)
        messages.success(
            request,
            gettext("%(name)s has the role now, and was told by e-mail.") % {"name": role.person}
            if known
            else gettext("%(name)s was invited by e-mail. The link in it is good for 14 days.")
            % {"name": role.person},
        )
        return redirect("network:person", role.person.pk)
    return _ask(
        request,
        form,
        title=gettext("Invite somebody"),
        lead=gettext("Whoever has an account already keeps it, and gets the role in addition."),
        button=gettext("Invite"),
        crumbs=_crumbs((gettext("People"), reverse("network:people"))),
    )


@login_required
@read_and_write
def add_role(request: HttpRequest, person: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    shown = access.get_person_to_manage(me, person, today)
    form = RoleForm(request.POST or None, **_choices(me, today))
    known = {"email": shown.email, "name": shown.name, "language": shown.language}
    if form.is_valid() and _give(form, me, {**form.cleaned_data, **known}):
        messages.success(request, gettext("%(name)s has the role now.") % {"name": shown})
        return redirect("network:person", shown.pk)
    return _ask(
        request,
        form,
        title=gettext("Give %(name)s another role") % {"name": shown},
        button=gettext("Give this role"),
        crumbs=_person_crumbs(shown),
    )


def _choices(me: Person, today: date) -> dict[str, Any]:
    """What the forms of roles offer to somebody."""
    return {
        "grants": access.grants_of(me, today),
        "employers": access.employers_offered_to(me, today),
        "today": today,
        "initial": {"since": today},
    }


def _give(form: DatedForm, me: Person, given: Mapping[str, Any]) -> Role | None:
    """Give the role that a form asks for; what stands against it is said at the form."""
    fields = ("email", "name", "language", "grant", "organisation", "since", "until")
    try:
        return actions.give_role(by=me, at=timezone.now(), **{name: given[name] for name in fields})
    except actions.CannotGive:
        form.add_error(
            "grant",
            gettext(
                "This cannot be: the person is you, has the role at that time already, or would coordinate a "
                "network and have a role in a city at once."
            ),
        )
    except CannotInvite:
        form.add_error(
            None, gettext("The account of this person is closed. Whoever runs the site can open it again.")
        )
    return None


@login_required
@require_safe
def show_person(request: HttpRequest, person: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    shown = access.get_person_to_manage(me, person, today)
    roles = access.roles_seen_by(me, today).filter(person=shown)
    invitation = shown.invitations.order_by("-created_at").first()
    context = {
        "shown": shown,
        "table": listings.roles_table(roles.select_related("city", "network", "organisation"), today),
        "signs_in": signs_in(shown),
        "invitation": invitation,
        "invitation_state": invitation.state(timezone.now()) if invitation else "",
        "crumbs": _crumbs((gettext("People"), reverse("network:people"))),
    }
    return render(request, "network/person.html", context)


@login_required
@require_POST
def invite_again(request: HttpRequest, person: int) -> HttpResponse:
    """Send a new link to somebody who has not signed in yet; the old one stops working."""
    me, today = signed_in(request), _today()
    shown = access.get_person_to_manage(me, person, today)
    try:
        actions.send_invitation(person=shown, by=me, at=timezone.now())
    except CannotInvite:
        messages.error(request, gettext("%(name)s signs in already and needs no link.") % {"name": shown})
    else:
        messages.success(request, gettext("A new link was sent. The earlier one no longer works."))
    return redirect("network:person", shown.pk)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, person: int) -> HttpResponse:
    """The link that was sent stops working, such as one that went to a wrong address."""
    shown = access.get_person_to_manage(signed_in(request), person, _today())
    try:
        withdraw(invitation=shown.invitations.latest("created_at"), at=timezone.now())
    except (Invitation.DoesNotExist, UnusableInvitation):
        messages.error(request, gettext("There is no link that works."))
    else:
        messages.success(request, gettext("The link no longer works."))
    return redirect("network:person", shown.pk)


@login_required
@read_and_write
def end_role(request: HttpRequest, role: int) -> HttpResponse:
    me, today = signed_in(request), _today()
    ending = access.get_role_to_end(me, role, today)
    form = LastDayForm(request.POST or None, initial={"last_day": today})
    if form.is_valid():
        try:
            actions.end_role(role=ending, by=me, last_day=form.cleaned_data["last_day"], at=timezone.now())
        except actions.CannotEnd:
            form.add_error("last_day", _why_it_cannot_end(ending, today))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("network:people")
    return _ask(
        request,
        form,
        title=gettext("End this role: %(role)s") % {"role": ending},
        lead=gettext(
            "What the person did stays under their name. Yesterday as the last day ends it at once."
        ),
        button=gettext("End the role"),
        crumbs=_person_crumbs(ending.person),
    )


def _why_it_cannot_end(role: Role, today: date) -> str:
    first = date_format(access.earliest_end(role.since, today))
    if role.until:
        return gettext("Give a day from %(first)s to %(last)s.") % {
            "first": first,
            "last": date_format(role.until),
        }
    return gettext(
        "Give %(first)s or a later day. A network that would be left without anybody to coordinate it needs "
        "another coordinator first."
    ) % {"first": first}


def _person_url(person: Person) -> str:
    return reverse("network:person", args=[person.pk])


def _person_crumbs(person: Person) -> list[tuple[str, str]]:
    return _crumbs((gettext("People"), reverse("network:people")), (str(person), _person_url(person)))


@login_required
@require_safe
def show_cities(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_coordinates(me, today)
    cities = access.cities_coordinated_by(me, today).prefetch_related("facts").alphabetical()
    context = {"table": listings.cities_table(cities), "crumbs": _crumbs()}
    return render(request, "network/cities.html", context)


@login_required
@read_and_write
def add_city(request: HttpRequest) -> HttpResponse:
    """A new city joins a network that one coordinates, from today on."""
    me, today = signed_in(request), _today()
    access.check_coordinates(me, today)
    form = NewCityForm(request.POST or None, networks=access.networks_of(me, today))
    if form.is_valid():
        with transaction.atomic():
            city = form.save()
            actions.take_in(city=city, network=form.cleaned_data["network"], day=today)
        messages.success(request, gettext("%(city)s was added.") % {"city": city})
        return redirect("network:edit-city", city.slug)
    return _ask(
        request,
        form,
        title=gettext("Add a city"),
        lead=gettext("First look whether it is here already, with another network."),
        button=gettext("Add the city"),
        crumbs=_city_crumbs(),
    )


@login_required
@read_and_write
def join_city(request: HttpRequest) -> HttpResponse:
    """A city that is here already joins a network that one coordinates, from today on."""
    me, today = signed_in(request), _today()
    access.check_coordinates(me, today)
    form = JoiningForm(
        request.POST or None,
        networks=access.networks_of(me, today),
        cities=City.objects.exclude(pk__in=access.cities_coordinated_by(me, today)),
    )
    if form.is_valid():
        city = form.cleaned_data["city"]
        actions.take_in(city=city, network=form.cleaned_data["network"], day=today)
        messages.success(request, gettext("%(city)s was added.") % {"city": city})
        return redirect("network:edit-city", city.slug)
    return _ask(
        request,
        form,
        title=gettext("A city joins the network"),
        button=gettext("Let it join"),
        crumbs=_city_crumbs(),
    )


@login_required
@read_and_write
def end_membership(request: HttpRequest, membership: int) -> HttpResponse:
    ending = access.get_membership_to_end(signed_in(request), membership, _today())
    return _end(
        request,
        ending,
        title=gettext("%(city)s leaves the network: %(network)s")
        % {"city": ending.city, "network": ending.network},
        crumbs=_city_crumbs(ending.city),
        back=reverse("network:cities"),
    )


def _city_crumbs(city: City | None = None) -> list[tuple[str, str]]:
    own = [(str(city), reverse("network:edit-city", args=[city.slug]))] if city else []
    return _crumbs((gettext("Cities"), reverse("network:cities")), *own)


@login_required
@read_and_write
def edit_city(request: HttpRequest, city: str) -> HttpResponse:
    me, today = signed_in(request), _today()
    edited = access.get_city_to_edit(me, city, today)
    form = CityForm(request.POST or None, instance=edited)
    if form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        return redirect("network:edit-city", edited.slug)
    context = {
        "city": City.objects.get(pk=edited.pk),
        "form": form,
        "table": listings.figures_table(edited.facts.filter(topic__in=FIGURES, figure__isnull=False)),
        "memberships": access.memberships_kept_by(me, today).filter(city=edited).select_related("network"),
        "crumbs": _city_crumbs(),
    }
    return render(request, "network/city.html", context, status=400 if form.is_bound else 200)


@login_required
@read_and_write
def add_figure(request: HttpRequest, city: str) -> HttpResponse:
    me, today = signed_in(request), _today()
    edited = access.get_city_to_edit(me, city, today)
    form = FigureForm(request.POST or None, this_year=today.year)
    form.instance.city = edited
    return _save(
        request,
        form,
        back=reverse("network:edit-city", args=[edited.slug]),
        said=gettext("Saved."),
        title=gettext("Add a figure about %(city)s") % {"city": edited},
        lead=gettext("Figures of earlier years stay. The newest one decides the size class."),
        button=gettext("Save"),
        crumbs=_city_crumbs(edited),
    )


@login_required
@read_and_write
def edit_figure(request: HttpRequest, fact: int) -> HttpResponse:
    """A slip of the pen is corrected; who corrected what stands in the city's trail."""
    today = _today()
    edited = access.get_figure_to_edit(signed_in(request), fact, today)
    form = FigureForm(request.POST or None, instance=edited, this_year=today.year)
    return _save(
        request,
        form,
        back=reverse("network:edit-city", args=[edited.city.slug]),
        said=gettext("Saved."),
        title=gettext("Correct a figure about %(city)s") % {"city": edited.city},
        button=gettext("Save"),
        crumbs=_city_crumbs(edited.city),
    )


@login_required
@require_safe
def show_trail(request: HttpRequest, city: str) -> HttpResponse:
    """Who changed what about a city, for its officers."""
    shown = access.get_city_for_trail(signed_in(request), city, _today())
    page = Paginator(entries_about(shown.pk), ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"city": shown, "page": page, "rows": trail_rows(page), "crumbs": _crumbs()}
    return render(request, "network/trail.html", context)


@login_required
@require_safe
def show_organisations(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_coordinates(me, today)
    kept = access.organisations_kept_by(me, today)
    organisations = kept.prefetch_related("representations__city").order_by("slug")
    context = {"table": listings.organisations_table(organisations, today), "crumbs": _crumbs()}
    return render(request, "network/organisations.html", context)


@login_required
@read_and_write
def add_organisation(request: HttpRequest) -> HttpResponse:
    access.check_coordinates(signed_in(request), _today())
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        organisation = form.save()
        messages.success(request, gettext("%(name)s was added.") % {"name": organisation})
        return redirect("network:edit-organisation", organisation.slug)
    return _ask(
        request,
        form,
        title=gettext("Add an organisation"),
        button=gettext("Add the organisation"),
        crumbs=_crumbs((gettext("Organisations"), reverse("network:organisations"))),
    )


@login_required
@read_and_write
def edit_organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    me, today = signed_in(request), _today()
    edited = access.get_organisation_to_edit(me, organisation, today)
    form = OrganisationForm(request.POST or None, instance=edited)
    if form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        return redirect("network:edit-organisation", edited.slug)
    context = {
        "organisation": Organisation.objects.get(pk=edited.pk),
        "form": form,
        "table": listings.representations_table(
            edited.representations.select_related("city"),
            set(access.cities_coordinated_by(me, today)),
            today,
        ),
        "crumbs": _crumbs((gettext("Organisations"), reverse("network:organisations"))),
    }
    return render(request, "network/organisation.html", context, status=400 if form.is_bound else 200)


@login_required
@read_and_write
def add_representation(request: HttpRequest, organisation: str) -> HttpResponse:
    me, today = signed_in(request), _today()
    edited = access.get_organisation_to_edit(me, organisation, today)
    form = RepresentationForm(
        request.POST or None, cities=access.cities_coordinated_by(me, today), initial={"since": today}
    )
    form.instance.organisation = edited
    return _save(
        request,
        form,
        back=reverse("network:edit-organisation", args=[edited.slug]),
        said=gettext("Saved."),
        title=gettext("%(organisation)s acts for a city") % {"organisation": edited},
        lead=gettext("Whoever works for the organisation in that time cannot judge the city."),
        button=gettext("Save"),
        crumbs=_organisation_crumbs(edited),
    )


@login_required
@read_and_write
def end_representation(request: HttpRequest, representation: int) -> HttpResponse:
    ending = access.get_representation_to_end(signed_in(request), representation, _today())
    return _end(
        request,
        ending,
        title=gettext("End this: %(organisation)s acts for %(city)s")
        % {"organisation": ending.organisation, "city": ending.city},
        crumbs=_organisation_crumbs(ending.organisation),
        back=reverse("network:edit-organisation", args=[ending.organisation.slug]),
    )


def _organisation_crumbs(organisation: Organisation) -> list[tuple[str, str]]:
    return _crumbs(
        (gettext("Organisations"), reverse("network:organisations")),
        (str(organisation), reverse("network:edit-organisation", args=[organisation.slug])),
    )


@login_required
@require_safe
def show_ties(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_declares_ties(me, today)
    context = {"table": listings.ties_table(me.ties.select_related("city"), today), "crumbs": _crumbs()}
    return render(request, "network/ties.html", context)


@login_required
@read_and_write
def add_tie(request: HttpRequest) -> HttpResponse:
    me, today = signed_in(request), _today()
    access.check_declares_ties(me, today)
    form = TieForm(request.POST or None, today=today)
    form.instance.person, form.instance.declared_at = me, timezone.now()
    return _save(
        request,
        form,
        back=reverse("network:ties"),
        said=gettext("Your tie was written down."),
        title=gettext("Declare a tie to a city"),
        lead=gettext("For the time of the tie and two years after it you do not judge this city."),
        button=gettext("Declare"),
        crumbs=_crumbs((gettext("Your ties"), reverse("network:ties"))),
    )


@login_required
@read_and_write
def end_tie(request: HttpRequest, tie: int) -> HttpResponse:
    today = _today()
    ending = access.get_own_tie(signed_in(request), tie, today)
    return _end(
        request,
        ending,
        earliest=access.earliest_end(ending.since, today),
        title=gettext("End your tie to %(city)s") % {"city": ending.city},
        crumbs=_crumbs((gettext("Your ties"), reverse("network:ties"))),
        back=reverse("network:ties"),
    )


def _end(
    request: HttpRequest,
    ending: Membership | Representation | Tie,
    *,
    title: str,
    crumbs: list[tuple[str, str]],
    back: str,
    earliest: date | None = None,
) -> HttpResponse:
    """Ask for the last day: of the time that it holds, or not before a day that is given."""
    form = LastDayForm(request.POST or None, initial={"last_day": ending.until or _today()})
    earliest = earliest or ending.since or date.min
    if form.is_valid():
        if form.cleaned_data["last_day"] >= earliest:
            ending.until = form.cleaned_data["last_day"]
            ending.save(update_fields=["until"])
            messages.success(request, gettext("Saved."))
            return redirect(back)
        form.add_error(
            "last_day", gettext("Give %(first)s or a later day.") % {"first": date_format(earliest)}
        )
    return _ask(request, form, title=title, button=gettext("Save"), crumbs=crumbs)
