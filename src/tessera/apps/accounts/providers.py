"""Signing in with the account of one's organisation, by OpenID Connect.

It opens the account of somebody whom we know, and never makes one.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from requests import RequestException

from tessera.apps.accounts.access import may_sign_in_without_password
from tessera.apps.accounts.actions import use_up_invitation
from tessera.apps.accounts.models import Person

logger = logging.getLogger(__name__)

REFUSALS = {
    "unverified": 403,
    "unknown": 403,
    "other": 403,
    "unfinished": 400,
    "silent": 502,
}
"""Why nobody was signed in, with the status of the page that says so."""

SILENT = (RequestException, OAuth2Error)
# What the package raises for an answer that no provider should give.
NONSENSE = (AttributeError, ImproperlyConfigured, KeyError, TypeError, ValueError)


def refuse(
    request: HttpRequest, name: str, reason: str, email: str = "", error: Exception | None = None
) -> HttpResponse:
    if reason == "silent":
        logger.warning("%s did not sign anybody in.", name, exc_info=error)
    context = {"name": name, "reason": reason, "email": email}
    return render(request, "accounts/provider_refused.html", context, status=REFUSALS[reason])


@contextmanager
def refuse_strange_answers() -> Iterator[None]:
    try:
        yield
    except NONSENSE as error:
        raise OAuth2Error("The provider's answer is not what OpenID Connect describes.") from error


class ProviderClient(OpenIDConnectOAuth2Adapter):
    """What is said to a provider, and what it answers."""

    @property
    def openid_config(self) -> dict[str, Any]:
        with refuse_strange_answers():
            config: dict[str, Any] = super().openid_config
            for name in ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint"):
                if not isinstance(config[name], str):
                    raise TypeError(name)
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The same for every language, as a provider takes only the one that it was told beforehand."""
        with translation.override(settings.LANGUAGE_CODE):
            path = reverse("account_with_provider_callback", args=[self.provider_id])
        return request.build_absolute_uri(path)

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with refuse_strange_answers():
            data: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        return data

    def parse_token(self, data: dict[str, Any]) -> Any:
        with refuse_strange_answers():
            return super().parse_token(data)

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        with refuse_strange_answers():
            login = super().complete_login(*args, **kwargs)
            parts = login.account.extra_data.values()
            if len({part["sub"] for part in parts}) != 1:
                raise ValueError("It speaks of two people at once.")
        # Of what it tells about a person we need nothing later.
        login.account.extra_data = {}
        return login


class OrganisationProvider(OpenIDConnectProvider):
    oauth2_adapter_class = ProviderClient


class ProviderAdapter(DefaultSocialAccountAdapter):
    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OrganisationProvider:
        return OrganisationProvider(request, app=self.get_app(request, provider, client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose sign-in this is, or answer with the page that says why it is nobody's."""
        # It would lie in the session while the second step is asked for.
        sociallogin.token = None
        name = sociallogin.provider.name
        if sociallogin.is_existing:
            return
        email, verified = _address(sociallogin)
        if not verified:
            raise ImmediateHttpResponse(refuse(request, name, "unverified", email))
        person = Person.objects.filter(email=email).first()
        if person and not person.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        now = datetime.now(UTC)
        if person is None or not may_sign_in_without_password(person, now):
            raise ImmediateHttpResponse(refuse(request, name, "unknown", email))
        # An address that was given to a new colleague must not open the account of the one before.
        known = SocialAccount.objects.filter(user=person, provider=sociallogin.account.provider)
        if known.exists():
            raise ImmediateHttpResponse(refuse(request, name, "other", email))
        with transaction.atomic():
            use_up_invitation(person=person, at=now)
            sociallogin.connect(request, person)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason = "silent" if isinstance(exception, SILENT) else "unfinished"
        raise ImmediateHttpResponse(refuse(request, provider.name, reason, error=exception))


def _address(login: SocialLogin) -> tuple[str, bool]:
    """The address that the provider gives, and whether it says that it is verified."""
    given = next(iter(login.email_addresses), None)
    return (given.email, given.verified) if given else ("", False)
