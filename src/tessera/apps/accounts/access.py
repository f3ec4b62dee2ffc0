"""Who may sign in with what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest

from tessera.apps.accounts.models import Invitation, InvitationState, Person, notices_signer, token_hash


def signed_in(request: HttpRequest) -> Person:
    """Who is signed in. For views behind `login_required`, which sends everybody else away."""
    assert isinstance(request.user, Person)
    return request.user


def has_second_factor(person: Person) -> bool:
    """Whether a password alone does not let anybody in under this name. Recovery codes do not count."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=person, type__in=kinds).exists()


def offered_providers() -> list[dict[str, Any]]:
    """The organisations whose account opens one here, each with `provider_id` and `name`."""
    offered: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return offered


def may_sign_in_without_password(person: Person, at: datetime) -> bool:
    """Whether someone whose address another site vouches for may come in: they did before, or are invited."""
    wanted = (InvitationState.OPEN, InvitationState.USED)
    return person.has_usable_password() or any(
        invitation.state(at) in wanted for invitation in person.invitations.select_related("person")
    )


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state it is; None where nobody was sent this link."""
    people = ("person", "created_by")
    return Invitation.objects.select_related(*people).filter(token_hash=token_hash(token)).first()


def find_reader_of_notices(token: str) -> Person | None:
    """The person whose notices a link stops; None where nobody was sent this link."""
    try:
        key = notices_signer().unsign(token)
    except BadSignature:
        return None
    return Person.objects.filter(pk=key).first()


def who_signs_in(people: Iterable[Person]) -> set[Person]:
    """Those who can sign in by now: with a password, or with an account that they have elsewhere."""
    others = {person for person in people if not person.has_usable_password()}
    came = set(SocialAccount.objects.filter(user__in=others).values_list("user_id", flat=True))
    return set(people) - {person for person in others if person.pk not in came}


def signs_in(person: Person) -> bool:
    return person in who_signs_in([person])
