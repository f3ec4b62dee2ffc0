from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "tessera.apps.accounts"

    def ready(self) -> None:
        # allauth's signals can be imported only once every app is known.
        from allauth.mfa.signals import authenticator_added

        authenticator_added.connect(_end_other_sessions, dispatch_uid="end_other_sessions")


def _end_other_sessions(request: HttpRequest, **signal: Any) -> None:
    """Whoever signed in elsewhere without the new second step has not proved who they are by it."""
    from tessera.apps.accounts.actions import end_sessions

    end_sessions(person=signal["user"], but=request.session.session_key or "")
