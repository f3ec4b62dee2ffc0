"""Where our rules and wordings enter allauth."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.access import offered_providers
from tessera.apps.accounts.actions import reseal_second_step
from tessera.apps.accounts.models import Person
from tessera.apps.accounts.sealing import Unreadable, seal, unseal

WITH_PROVIDER = "with_provider"
INCORRECT_CODE = _("This code does not fit. Wait for the next one and type it again.")
TOO_MANY_TRIES = _(
    "There were too many failed tries. For half an hour no further try is taken. "
    "Try again then, or choose a new password now."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask the person who invited you."),
        "duplicate_email": _("This is your address already. Give the new one."),
        "email_password_mismatch": _(
            "Address and password do not fit together. Check both and try again, or choose a new password."
        ),
        "enter_current_password": _("This is not your present password. Type it again."),
        "incorrect_code": INCORRECT_CODE,
        "incorrect_password": _("This is not your password. Type it again."),
        "invalid_password_reset": _("This link does not work. Ask for a new one."),
        "max_email_addresses": _("A change of your address is under way. Finish it first."),
        "too_many_login_attempts": TOO_MANY_TRIES,
        "rate_limited": _("There were too many tries in a short time. Wait half an hour and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        assert isinstance(person, Person)
        return person.work_url

    def post_login(
        self, request: HttpRequest, user: Person, *, redirect_url: str | None, **login: Any
    ) -> HttpResponse:
        """Whatever page asked for the sign-in, it is shown in the language of the person who signed in."""
        reseal_second_step(user)
        if redirect_url:
            redirect_url = translate_url(redirect_url, user.offered_language)
        return super().post_login(request, user, redirect_url=redirect_url, **login)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """False, and nothing changed, where somebody else came to have the address since it was asked for."""
        try:
            with transaction.atomic():
                confirmed: bool = super().confirm_email(request, email_address)
        except IntegrityError:
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False
        return confirmed

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:own")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the reader, not in that of the page that the mail was asked for on."""
        person = Person.objects.filter(email=email).first()
        language = person.offered_language if person else translation.get_language()
        links = {key: translate_url(url, language) for key, url in context.items() if key.endswith("_url")}
        with translation.override(language):
            super().send_mail(template_prefix, email, {**context, **links, "person": person})

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        known = [
            {**method, "description": words[method["id"]]} for method in methods if method["id"] in words
        ]
        if not known and user.is_authenticated and offered_providers():
            return [{"id": WITH_PROVIDER, "url": reverse("account_reauthenticate")}]
        return known

    def is_known_by_provider_alone(self, person: Any) -> bool:
        """Whether someone has neither a password nor a second step, and came by their organisation."""
        return [method["id"] for method in self.get_reauthentication_methods(person)] == [WITH_PROVIDER]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever is known by their organisation alone proves that it is they by signing in just before."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        person = self.request.user
        if not required or not self.is_known_by_provider_alone(person):
            return required
        proofs = [
            record["at"]
            for record in get_authentication_records(self.request, person)
            if record["method"] == "socialaccount"
        ]
        return time.time() - max(proofs, default=0) > app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Recovery codes need a second step. Set up an app or a passkey."),
        "incorrect_code": INCORRECT_CODE,
        "unreadable": _(
            "The site cannot read your second step any more, because its secret key was changed. "
            "Ask the people who run the site to give it the earlier key, too."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text)
        except Unreadable as error:
            raise self.validation_error("unreadable") from error

    def build_totp_svg(self, url: str) -> str:
        """On white paper of its own, because a camera reads no black squares on a dark page."""
        paper = '<rect width="100%" height="100%" fill="white"/>'
        return super().build_totp_svg(url).replace("<path", f"{paper}<path", 1)
