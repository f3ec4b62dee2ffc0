"""Who may do what with people, cities and organisations. Views, the API and later phases ask here only.

A coordinator manages the people of the cities of a network; that never opens a city's answers. An officer
manages the people of the own city.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import (
    KINDS_OF_A_CITY,
    KINDS_OF_A_NETWORK,
    City,
    CityFact,
    CityQuerySet,
    Kind,
    Membership,
    Network,
    Organisation,
    Representation,
    Role,
    Tie,
)

WITH_SECOND_STEP = (Kind.COORDINATOR, Kind.EXPERT, Kind.OFFICER, Kind.FACILITATOR)
"""Roles that open what is not public, beyond single areas of a questionnaire."""

YEARS_A_TIE_LASTS = 2


@dataclass(frozen=True)
class Grant:
    """A role that one person may give another: its kind, and the network or city it is for."""

    kind: Kind
    scope: Network | City

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind.value}-{type(self.scope).__name__.lower()}-{self.scope.pk}"


def holds(person: Person, kind: Kind, day: date) -> bool:
    return Role.objects.on(day).filter(person=person, kind=kind).exists()


def acts_for(person: Person, city: City, day: date) -> bool:
    return Role.objects.on(day).filter(person=person, kind=Kind.OFFICER, city=city).exists()


def networks_of(person: Person, day: date) -> list[Network]:
    """Those that a person coordinates."""
    return list(
        Network.objects.filter(
            roles__in=Role.objects.on(day).filter(person=person, kind=Kind.COORDINATOR)
        ).distinct()
    )


def cities_acted_for(person: Person, day: date) -> CityQuerySet:
    """Those that a person is officer of."""
    own = Role.objects.on(day).filter(person=person, kind=Kind.OFFICER)
    return City.objects.filter(pk__in=own.values("city"))


def cities_managed_by(person: Person, day: date) -> CityQuerySet:
    """Cities whose people a person manages: of the networks one coordinates, and those one is officer of."""
    return City.objects.filter(
        Q(pk__in=cities_acted_for(person, day)) | Q(pk__in=cities_coordinated_by(person, day))
    )


def must_use_second_step(person: Person, day: date) -> bool:
    return Role.objects.on(day).filter(person=person, kind__in=WITH_SECOND_STEP).exists()


def cities_tied_to(person: Person, day: date) -> CityQuerySet:
    """Cities that a person works for, or did in the two years before: these one does not judge.

    By a role in the city, by a role on behalf of an organisation while that acts or acted for the city, or
    by a tie that the person declared.
    """
    first = ties_count_since(day)
    own = Role.objects.within(first, day).filter(person=person)
    ties = Tie.objects.within(first, day).filter(person=person)
    meanwhile = own.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("since")),
        organisation=OuterRef("organisation"),
        since__lte=Coalesce(OuterRef("until"), Value(day), output_field=DateField()),
    )
    acting = Representation.objects.within(first, day).filter(Exists(meanwhile))
    return City.objects.filter(
        Q(pk__in=own.filter(city__isnull=False).values("city"))
        | Q(pk__in=ties.values("city"))
        | Q(pk__in=acting.values("city"))
    )


def has_worked_for(person: Person, city: City, day: date) -> bool:
    """Whether a city is one of `cities_tied_to`."""
    return cities_tied_to(person, day).filter(pk=city.pk).exists()


def ties_count_since(day: date) -> date:
    """Whoever worked for a city on this day or later does not judge it on the given one."""
    return day.replace(year=day.year - YEARS_A_TIE_LASTS, day=min(day.day, 28))


def cities_worked_for(person: Person, day: date) -> CityQuerySet:
    """Those in which a person has a role: officer or contributor."""
    own = Role.objects.on(day).filter(person=person, kind__in=KINDS_OF_A_CITY)
    return City.objects.filter(pk__in=own.values("city"))


def people_of(city: City, day: date) -> QuerySet[Person]:
    """Those with a role in the city itself."""
    roles = Role.objects.on(day).filter(kind__in=KINDS_OF_A_CITY, city=city)
    return Person.objects.filter(pk__in=roles.values("person"))


def officers_of(city: City, day: date) -> QuerySet[Person]:
    roles = Role.objects.on(day).filter(kind=Kind.OFFICER, city=city)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


def coordinators_of(network: Network, day: date) -> QuerySet[Person]:
    roles = Role.objects.on(day).filter(kind=Kind.COORDINATOR, network=network)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


def experts_of(network: Network, day: date) -> QuerySet[Person]:
    roles = Role.objects.on(day).filter(kind=Kind.EXPERT, network=network)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


def coordinates(person: Person, network: Network, day: date) -> bool:
    return Role.objects.on(day).filter(person=person, kind=Kind.COORDINATOR, network=network).exists()


def grants_of(person: Person, day: date) -> list[Grant]:
    """The roles that a person may give others, in the order in which a form offers them."""
    networks = networks_of(person, day)
    cities = cities_managed_by(person, day).alphabetical()
    return [Grant(kind, network) for network in networks for kind in KINDS_OF_A_NETWORK] + [
        Grant(kind, city) for city in cities for kind in KINDS_OF_A_CITY
    ]


def employers_offered_to(person: Person, day: date) -> QuerySet[Organisation]:
    """Organisations that a person may name as somebody's employer.

    A tie to a city follows from it, and so an officer names only those that act for the own city.
    """
    if holds(person, Kind.COORDINATOR, day):
        return organisations_kept_by(person, day)
    acting = Representation.objects.on(day).filter(city__in=cities_acted_for(person, day))
    return Organisation.objects.filter(pk__in=acting.values("organisation"))


def organisations_kept_by(person: Person, day: date) -> QuerySet[Organisation]:
    """Those of a coordinator: that act or acted for a city of the own network, or for none at all."""
    own = Representation.objects.filter(city__in=cities_coordinated_by(person, day))
    return Organisation.objects.filter(
        Q(representations__isnull=True) | Q(pk__in=own.values("organisation"))
    ).distinct()


def declares_ties(person: Person, day: date) -> bool:
    return holds(person, Kind.EXPERT, day)


def check_declares_ties(person: Person, day: date) -> None:
    """Raises PermissionDenied for everyone but experts."""
    if not declares_ties(person, day):
        raise PermissionDenied(f"{person} judges no city, and so has no ties to declare.")


def manages_people(person: Person, day: date) -> bool:
    return Role.objects.on(day).filter(person=person, kind__in=(Kind.COORDINATOR, Kind.OFFICER)).exists()


def check_manages_people(person: Person, day: date) -> None:
    """Raises PermissionDenied for everyone but coordinators and officers."""
    if not manages_people(person, day):
        raise PermissionDenied(f"{person} manages nobody: only coordinators and officers do.")


def roles_seen_by(person: Person, day: date) -> QuerySet[Role]:
    """Roles, past ones too, in what a person manages; whose page is seen, `people_seen_by` says."""
    return Role.objects.filter(
        Q(network__in=networks_of(person, day)) | Q(city__in=cities_managed_by(person, day))
    )


def get_person_to_manage(manager: Person, pk: int, day: date) -> Person:
    """Someone with a role in what the manager manages. Raises Http404 for anybody else."""
    check_manages_people(manager, day)
    found = people_seen_by(manager, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_role_to_end(manager: Person, pk: int, day: date) -> Role:
    """A role in what the manager manages, that is not over. Raises Http404 for any other."""
    check_manages_people(manager, day)
    roles = roles_seen_by(manager, day).select_related("person", "city", "network")
    found = roles.filter(Q(until__isnull=True) | Q(until__gte=day), pk=pk).first()
    if found is None:
        raise Http404
    return found


def people_seen_by(manager: Person, day: date) -> QuerySet[Person]:
    """Everybody who has a role in what the manager manages, or will have one.

    Whoever has none any more is out of sight: what for would their address be shown?
    """
    roles = roles_seen_by(manager, day).filter(Q(until__isnull=True) | Q(until__gte=day))
    return Person.objects.filter(pk__in=roles.values("person"))


def cities_coordinated_by(person: Person, day: date) -> CityQuerySet:
    """Cities that are in a network which a person coordinates, on that day."""
    return City.objects.filter(pk__in=memberships_kept_by(person, day).values("city"))


def get_representation_to_end(person: Person, pk: int, day: date) -> Representation:
    """That of a city of a network that a person coordinates. Raises Http404 for any other."""
    check_coordinates(person, day)
    found = Representation.objects.select_related("organisation", "city").filter(
        pk=pk, city__in=cities_coordinated_by(person, day)
    )
    if not found:
        raise Http404
    return found[0]


def check_coordinates(person: Person, day: date) -> None:
    """Raises PermissionDenied unless a person coordinates a network."""
    if not holds(person, Kind.COORDINATOR, day):
        raise PermissionDenied(f"{person} coordinates no network.")


def get_city_to_edit(person: Person, slug: str, day: date) -> City:
    """A city of a network that a person coordinates. Raises PermissionDenied for any other that exists."""
    city = City.objects.filter(slug=slug).first()
    if city is None:
        raise Http404
    if not cities_coordinated_by(person, day).filter(pk=city.pk).exists():
        raise PermissionDenied(f"{city} is in no network that {person} coordinates.")
    return city


def get_figure_to_edit(person: Person, pk: int, day: date) -> CityFact:
    """A figure of a city of a network that a person coordinates. Raises Http404 for any other."""
    check_coordinates(person, day)
    facts = CityFact.objects.select_related("city").filter(figure__isnull=False)
    found = facts.filter(pk=pk, city__in=cities_coordinated_by(person, day)).first()
    if found is None:
        raise Http404
    return found


def memberships_kept_by(person: Person, day: date) -> QuerySet[Membership]:
    """Those that hold, in networks which a person coordinates."""
    return Membership.objects.on(day).filter(network__in=networks_of(person, day))


def get_membership_to_end(person: Person, pk: int, day: date) -> Membership:
    """Raises Http404 for one of another network, or one that is over."""
    check_coordinates(person, day)
    found = memberships_kept_by(person, day).select_related("city", "network").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_city_for_trail(person: Person, slug: str, day: date) -> City:
    """A city whose audit trail a person may read: its officers alone."""
    city = City.objects.filter(slug=slug).first()
    if city is None:
        raise Http404
    if not acts_for(person, city, day):
        raise PermissionDenied(f"{person} does not act for {city}.")
    return city


def get_organisation_to_edit(person: Person, slug: str, day: date) -> Organisation:
    """Raises Http404 for one that acts only for cities of other networks."""
    check_coordinates(person, day)
    found = organisations_kept_by(person, day).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def earliest_end(began: date, day: date) -> date:
    """The earliest last day that something which holds can be given: yesterday, which ends it at once.

    An earlier one would shorten the time in which one does not judge the city.
    """
    return max(began, day - timedelta(days=1))


def get_own_tie(person: Person, pk: int, day: date) -> Tie:
    """A tie that the person declared and that still holds. Raises Http404 for another's, or a past one."""
    ties = Tie.objects.select_related("city").filter(Q(until__isnull=True) | Q(until__gte=day))
    found = ties.filter(pk=pk, person=person).first()
    if found is None:
        raise Http404
    return found
