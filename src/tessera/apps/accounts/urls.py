"""Signing in and one's own account: our pages, and of allauth's those that we offer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.http import HttpResponseBase
from django.urls import URLPattern, include, path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.cache import cache_control

from tessera.apps.accounts import views

View = Callable[..., HttpResponseBase]


class PersonConverter(StringConverter):
    """How allauth writes the number of a person in a link."""

    regex = "[0-9A-Za-z]+"


register_converter(PersonConverter, "person")


def private(route: str, view: View, name: str) -> URLPattern:
    """A page about one person, which no cache may keep."""
    return path(route, cache_control(private=True, no_store=True)(view), name=name)


def with_passkeys(view: View) -> View:
    """The page may ask the browser for a passkey, which is switched off on all others."""

    @wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response.headers["Permissions-Policy"] = "publickey-credentials-get=(self)"
        return response

    return allowed


own = [
    private("", views.show_account, "own"),
    private("name/", views.change_name, "change_name"),
    private("language/", views.change_language, "change_language"),
    private("notices/", views.change_notices, "change_notices"),
    private("notices/<str:token>/", views.leave_notices, "leave_notices"),
    private("invitation/<str:token>/", views.invitation, "invitation"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    private("sign-in/", views.SignInView.as_view(), "account_login"),
    private("sign-out/", account.logout, "account_logout"),
    private("closed/", account.account_inactive, "account_inactive"),
    private("confirm/", views.confirm, "account_reauthenticate"),
    private("email/", views.change_address, "account_email"),
    private("email/<str:key>/", account.confirm_email, "account_confirm_email"),
    private("password/", views.change_password, "account_change_password"),
    private("new-password/", account.password_reset, "account_reset_password"),
    private("new-password/sent/", account.password_reset_done, "account_reset_password_done"),
    private(
        "new-password/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"
    ),
    private(
        "new-password/<person:uidb36>-<str:key>/",
        account.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    private("sessions/", views.ListSessionsView.as_view(), "usersessions_list"),
    private("second-step/", second_step.index, "mfa_index"),
    private("second-step/sign-in/", with_passkeys(second_step.authenticate), "mfa_authenticate"),
    private("second-step/confirm/", second_step.reauthenticate, "mfa_reauthenticate"),
    private("second-step/app/", totp.activate_totp, "mfa_activate_totp"),
    private("second-step/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    private("second-step/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    private("second-step/passkeys/add/", with_passkeys(passkeys.add_webauthn), "mfa_add_webauthn"),
    private(
        "second-step/passkeys/confirm/",
        with_passkeys(passkeys.reauthenticate_webauthn),
        "mfa_reauthenticate_webauthn",
    ),
    private("second-step/passkeys/<int:pk>/name/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    private("second-step/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    private("second-step/codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    private("second-step/codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
]

with_provider = [
    private("with/<slug:provider_id>/", views.sign_in_with_provider, "account_with_provider"),
    private(
        "with/<slug:provider_id>/callback/", views.return_from_provider, "account_with_provider_callback"
    ),
]
if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
    urlpatterns += with_provider
