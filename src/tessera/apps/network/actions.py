"""Giving people roles and taking them back, and starting a network."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from tessera.apps.accounts.access import signs_in
from tessera.apps.accounts.actions import CannotInvite, invite, withdraw
from tessera.apps.accounts.models import InvitationState, Person
from tessera.apps.network.access import (
    Grant,
    earliest_end,
    employers_offered_to,
    get_role_to_end,
    grants_of,
)
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    KINDS_OF_A_CITY,
    City,
    Kind,
    Membership,
    Network,
    Organisation,
    Role,
)
from tessera.apps.records.mail import send_mail_to


class CannotGive(ValueError):
    """The person has this role already, or one that does not go together with it."""


class CannotEnd(ValueError):
    """A role cannot end on that day, or not at all."""


@transaction.atomic
def give_role(
    *,
    by: Person,
    email: str,
    name: str,
    language: str,
    grant: Grant,
    organisation: Organisation | None,
    since: date,
    until: date | None,
    at: datetime,
) -> Role:
    """Give somebody a role, and tell them. Whoever cannot sign in yet is invited.

    The name and language count only for an address that is new. Raises PermissionDenied where `by` may not
    give this role, or says so of an employer; CannotGive where the person is `by`, has the role in that
    time, or would both coordinate and act for a city; and CannotInvite where their account is closed.
    """
    day = timezone.localdate(at)
    if grant not in grants_of(by, day):
        raise PermissionDenied(f"{by} may not make anybody {grant.kind.label} of {grant.scope}.")
    if organisation is not None and organisation not in employers_offered_to(by, day):
        raise PermissionDenied(f"{by} may not say that somebody works for {organisation}.")
    if since < day:
        raise CannotGive(f"A role begins on {day} or later, not on {since}.")
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": name, "language": language})
    # Two who give roles at once must see each other's.
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person == by:
        raise CannotGive("Nobody gives a role to themselves.")
    if not person.is_active:
        raise CannotInvite(f"The account of {person} is closed.")
    place = _place(grant.scope)
    meanwhile = Role.objects.within(since, until or date.max).filter(person=person)
    if meanwhile.filter(kind=grant.kind, **place).exists():
        raise CannotGive(f"{person} is {grant.kind.label} of {grant.scope} at that time already.")
    # To coordinate never opens a city's answers: so nobody does both.
    if grant.kind == Kind.COORDINATOR and meanwhile.filter(kind__in=KINDS_OF_A_CITY).exists():
        raise CannotGive(f"{person} has a role in a city at that time, and so cannot coordinate.")
    if grant.kind in KINDS_OF_A_CITY and meanwhile.filter(kind=Kind.COORDINATOR).exists():
        raise CannotGive(f"{person} coordinates a network at that time, and so can have no role in a city.")
    role = Role.objects.create(
        person=person, kind=grant.kind, organisation=organisation, since=since, until=until, **place
    )
    if signs_in(person):
        send_mail_to(person, "network/mail/role", {"role": role, "by": by}, "role")
    else:
        send_invitation(person=person, by=by, at=at)
    return role


@transaction.atomic
def send_invitation(*, person: Person, by: Person, at: datetime) -> str:
    """Send somebody the link to their first sign-in; a link that was sent before stops working.

    Returns the link. Raises CannotInvite for one who signs in already.
    """
    invitation, token = invite(person=person, by=by, at=at)
    with translation.override(person.offered_language):
        path = reverse("accounts:invitation", args=[token])
    link = f"{settings.BASE_URL}{path}"
    context = {"roles": _roles_to_come(person, at), "by": by, "link": link, "invitation": invitation}
    send_mail_to(person, "network/mail/invitation", context, "invitation")
    return link


@transaction.atomic
def end_role(*, role: Role, by: Person, last_day: date, at: datetime) -> None:
    """A role ends with a day: at once, or later, but never later than it ends already.

    A role that has not begun is taken back altogether, if that day comes first. With the last role, the link
    to a first sign-in stops working. Raises Http404 where `by` may not end it, and CannotEnd for a day that
    cannot be, or where a network would be left without anybody to coordinate it.
    """
    day = timezone.localdate(at)
    role = get_role_to_end(by, role.pk, day)
    ahead = role.since > day
    if not ahead and last_day < earliest_end(role.since, day):
        raise CannotEnd(f"The role can end on {earliest_end(role.since, day)} or later, not on {last_day}.")
    if role.until is not None and last_day > role.until:
        raise CannotEnd(f"The role ends on {role.until}; a later day is a new role.")
    if role.kind == Kind.COORDINATOR and not _others_coordinate(role, last_day):
        raise CannotEnd(f"{role.person} is the last one to coordinate {role.network}. Invite another first.")
    if ahead and last_day < role.since:
        role.delete()
    else:
        role.until = last_day
        role.save(update_fields=["until"])
    if not _roles_to_come(role.person, at, after=last_day):
        for invitation in role.person.invitations.all():
            if invitation.state(at) is InvitationState.OPEN:
                withdraw(invitation=invitation, at=at)


@transaction.atomic
def start_network(
    *,
    slug: str,
    name: LocalText,
    first_day: date,
    last_day: date,
    coordinator: str,
    email: str,
    language: str,
    at: datetime,
) -> str:
    """Begin a network with the first person who coordinates it; returns the link for their first sign-in.

    Somebody who signs in already is told of the role, and the link is empty. Asked again for a network that
    nobody coordinates who can sign in, it puts this person in the place of whoever was to. Raises CannotGive
    where somebody coordinates the network already, and CannotInvite where the account is closed.
    """
    day = timezone.localdate(at)
    network, _ = Network.objects.get_or_create(
        slug=slug,
        defaults={"name": name, "starts_on": first_day, "ends_on": last_day, "source_name": str(name)},
    )
    coordinators = Role.objects.on(day).filter(kind=Kind.COORDINATOR, network=network)
    if any(role.person.is_active and signs_in(role.person) for role in coordinators):
        raise CannotGive(f"{network} is coordinated already. Its coordinators invite others.")
    coordinators.exclude(person__email=email.lower()).delete()
    person, _ = Person.objects.get_or_create(
        email=email, defaults={"name": coordinator, "language": language}
    )
    if not person.is_active:
        raise CannotInvite(f"The account of {person} is closed.")
    role = coordinators.filter(person=person).first() or Role.objects.create(
        person=person, kind=Kind.COORDINATOR, network=network, since=day
    )
    if signs_in(person):
        send_mail_to(person, "network/mail/role", {"role": role, "by": person}, "role")
        return ""
    return send_invitation(person=person, by=person, at=at)


@transaction.atomic
def take_in(*, city: City, network: Network, day: date) -> Membership:
    """A city joins a network. Raises CannotGive where it is in it already."""
    if Membership.objects.on(day).filter(city=city, network=network).exists():
        raise CannotGive(f"{city} is in {network} already.")
    return Membership.objects.create(city=city, network=network, since=day, source_name=str(network))


def _others_coordinate(role: Role, last_day: date) -> bool:
    """Whether somebody else still coordinates the network on the day after."""
    after = last_day + timedelta(days=1)
    others = Role.objects.on(after).filter(kind=Kind.COORDINATOR, network=role.network)
    return others.exclude(person=role.person).exists()


def _roles_to_come(person: Person, at: datetime, after: date | None = None) -> list[Role]:
    """Roles that a person has, or will have, after a day or today."""
    day = after + timedelta(days=1) if after else timezone.localdate(at)
    roles = Role.objects.filter(Q(until__isnull=True) | Q(until__gte=day), person=person)
    return list(roles.select_related("city", "network"))


def _place(scope: Network | City) -> dict[str, Network | City]:
    return {"city": scope} if isinstance(scope, City) else {"network": scope}
