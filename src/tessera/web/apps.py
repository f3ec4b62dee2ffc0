from django.apps import AppConfig
from django.core import checks

from tessera.web.checks import contact_is_given


class WebConfig(AppConfig):
    name = "tessera.web"

    def ready(self) -> None:
        checks.register(contact_is_given, checks.Tags.security, deploy=True)
