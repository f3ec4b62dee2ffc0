from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning


def contact_is_given(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """A public body must say where to complain: Directive (EU) 2016/2102, article 7."""
    if settings.CONTACT_EMAIL:
        return []
    return [
        Warning(
            "The accessibility statement names no address for complaints.",
            hint="Set TESSERA_CONTACT_EMAIL.",
            id="tessera.W001",
        )
    ]
