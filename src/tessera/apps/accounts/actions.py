"""Inviting people and what becomes of an invitation; ending sessions and closing accounts."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from tessera.apps.accounts.models import Invitation, InvitationState, Person, token_hash
from tessera.apps.accounts.sealing import Unreadable, is_sealed_with_newest_key, seal, unseal

VALID_FOR = timedelta(days=14)


class CannotInvite(ValueError):
    """The person signs in already, or their account is closed."""


class UnusableInvitation(ValueError):
    """The link was used, withdrawn or left too long; or, where `state` is None, nobody was sent it."""

    def __init__(self, state: InvitationState | None) -> None:
        self.state = state
        super().__init__(f"The invitation is {state or 'unknown'}; only an open one can be accepted.")


@transaction.atomic
def invite(*, person: Person, by: Person, at: datetime) -> tuple[Invitation, str]:
    """Make the link for a person who cannot sign in yet; an earlier link stops working.

    The token is returned once; only its hash is kept here. The mail that carries the link holds it until it
    is sent or given up. Raises CannotInvite.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise CannotInvite(f"The account of {person} is closed. Open it again before you invite them.")
    if person.has_usable_password():
        raise CannotInvite(f"{person} signs in already and needs no invitation.")
    _withdraw_open(person, at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person,
        created_by=by,
        created_at=at,
        expires_at=at + VALID_FOR,
        token_hash=token_hash(token),
    )
    return invitation, token


@transaction.atomic
def accept_invitation(*, token: str, password: str, name: str, language: str, at: datetime) -> Person:
    """Give the person a name, a language and a password; the link is used up.

    Whoever holds the link read it in the mailbox, so the address counts as verified. The password must have
    been checked. Raises UnusableInvitation.
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    state = invitation.state(at) if invitation else None
    if invitation is None or state is not InvitationState.OPEN:
        raise UnusableInvitation(state)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    person = invitation.person
    person.name = name
    person.language = language
    person.set_password(password)
    person.save(update_fields=["name", "language", "password"])
    vouch_for_address(person)
    return person


@transaction.atomic
def use_up_invitation(*, person: Person, at: datetime) -> None:
    """What follows when somebody came in without the link: it works no more, and the address is verified."""
    for invitation in Invitation.objects.select_for_update().filter(person=person):
        if invitation.state(at) is InvitationState.OPEN:
            invitation.used_at = at
            invitation.save(update_fields=["used_at"])
    vouch_for_address(person)


def vouch_for_address(person: Person) -> None:
    """Count the address that the person signs in with as verified: it was proven when they were invited.

    allauth, when another one replaces it, drops an address that nobody vouched for at once.
    """
    known = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=known)


@transaction.atomic
def reseal_second_step(person: Person) -> None:
    """Lock with the newest key of the site what an earlier one locks, so that the earlier may be given up.

    What no key opens stays as it is: someone with a passkey still signs in.
    """
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for authenticator in Authenticator.objects.select_for_update().filter(user=person, type__in=kinds):
        name = "secret" if authenticator.type == Authenticator.Type.TOTP else "seed"
        if is_sealed_with_newest_key(authenticator.data[name]):
            continue
        with suppress(Unreadable):
            authenticator.data[name] = seal(unseal(authenticator.data[name]))
            authenticator.save(update_fields=["data"])


@transaction.atomic
def withdraw(*, invitation: Invitation, at: datetime) -> None:
    """The link stops working. Raises UnusableInvitation where it does not work any more."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    state = invitation.state(at)
    if state not in (InvitationState.OPEN, InvitationState.EXPIRED):
        raise UnusableInvitation(state)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])


def _withdraw_open(person: Person, at: datetime) -> None:
    # One by one, so that each leaves an entry in the trail.
    for invitation in Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None):
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])


def end_sessions(*, person: Person, but: str = "") -> None:
    """End every session of a person but the one with this key."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but):
        session.end()


@transaction.atomic
def close_account(*, person: Person) -> None:
    """The person cannot sign in any more, and is signed out everywhere."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person=person)


@transaction.atomic
def forget_second_step(*, person: Person) -> None:
    """For somebody who lost app, passkey and codes; they are signed out everywhere."""
    for authenticator in Authenticator.objects.filter(user=person):
        authenticator.delete()
    end_sessions(person=person)
