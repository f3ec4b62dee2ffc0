from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning


def a_site_can_send_mail(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Nobody can be invited to a site whose mails do not leave it, or lead nowhere."""
    found: list[CheckMessage] = []
    if not settings.MAIL_SERVER:
        found.append(
            Warning("No mail leaves this site.", hint="Set TESSERA_EMAIL_URL.", id="tessera.W002"),
        )
    if not settings.BASE_URL:
        found.append(
            Warning(
                "The links in mails have no address to lead to.",
                hint="Set TESSERA_BASE_URL, or allow one host only.",
                id="tessera.W003",
            )
        )
    return found
