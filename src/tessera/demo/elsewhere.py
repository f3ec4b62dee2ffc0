"""A real conversation beside the invented ones, from files of whoever starts the demonstration."""

from datetime import datetime

from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.importing import import_consultation
from tessera.apps.dialogue.jobs import publish_groups, refresh_landscapes
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.votes_from_elsewhere import FoundConversation
from tessera.apps.network.models import City
from tessera.demo.data import invented

SLUG = "polis-import-example"


def has_conversation() -> bool:
    """Whether one was added since the demonstration was built."""
    return Consultation.objects.filter(slug=SLUG).exists()


def add_conversation(found: FoundConversation, attribution: str, now: datetime) -> Consultation:
    """Take it over into the invented city outside the network, with its figures, as from a site's own jobs.

    Raises AddressTaken where one is there already, and CannotImport.
    """
    about = invented()["import"]
    made = import_consultation(
        by=Person.objects.get(email=invented()["people"][about["officer"]]["email"]),
        city=City.objects.get(slug=about["city"]),
        slug=SLUG,
        title=about["title"],
        language=about["language"],
        attribution=attribution,
        found=found,
        closed_on=None,
        # The one thing in the demonstration that people did say.
        invented=False,
        at=now,
    )
    today = timezone.localdate(now)
    refresh_landscapes(today)
    publish_groups(today)
    return made
