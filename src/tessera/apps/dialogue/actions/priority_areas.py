"""The priority areas that a city sets up itself, beside those that come with Tessera."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import check_prepares
from tessera.apps.dialogue.access.summing_up import get_own_priority_area
from tessera.apps.dialogue.models import PriorityArea, Theme
from tessera.apps.dialogue.priority_areas import areas_of
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City

LONGEST_KEY = 40


class AreaInUse(ValueError):
    """A theme is in the area."""


@transaction.atomic
def add_priority_area(*, by: Person, city: City, name: LocalText, at: datetime) -> PriorityArea:
    """Its key is made of its name once, and stays. Raises PermissionDenied unless `by` is officer."""
    check_prepares(by, city, timezone.localdate(at))
    # Whoever else adds one waits, so that their keys differ.
    city = City.objects.select_for_update(no_key=True).get(pk=city.pk)
    return PriorityArea.objects.create(city=city, key=_free_key(city, name), name=name)


def _free_key(city: City, name: LocalText) -> str:
    plain = slugify(name.in_language("en")).replace("_", "-")[: LONGEST_KEY - 4].strip("-") or "area"
    taken = areas_of(city)
    endings = ["", *(f"-{number}" for number in range(2, len(taken) + 3))]
    return next(f"{plain}{ending}" for ending in endings if f"{plain}{ending}" not in taken)


@transaction.atomic
def rename_priority_area(*, by: Person, area: PriorityArea, name: LocalText, at: datetime) -> None:
    """Raises Http404 unless `by` is officer of its city."""
    area = get_own_priority_area(by, area.pk, timezone.localdate(at))
    area.name = name
    area.save(update_fields=["name"])


@transaction.atomic
def remove_priority_area(*, by: Person, area: PriorityArea, at: datetime) -> None:
    """Raises Http404 unless `by` is officer of its city, and AreaInUse."""
    area = get_own_priority_area(by, area.pk, timezone.localdate(at))
    if Theme.objects.filter(consultation__city=area.city, area=area.key).exists():
        raise AreaInUse(f"A theme is in {area}.")
    area.delete()
