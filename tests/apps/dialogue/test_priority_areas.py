"""The areas among which a city has its priorities: five that come with Tessera, and its own."""

import pytest
from django.utils import timezone
from tests.apps.dialogue.summed_up import hold_and_end, write
from tests.builders import make_city
from tests.dialogues import words
from tests.people import make_officer, make_person

from tessera.apps.dialogue.actions.priority_areas import (
    AreaInUse,
    add_priority_area,
    remove_priority_area,
    rename_priority_area,
)
from tessera.apps.dialogue.languages import CODES
from tessera.apps.dialogue.models import PriorityArea
from tessera.apps.dialogue.priority_areas import areas_of, shipped_areas
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OF_EPI = ["inclusion", "housing", "basic-services", "cultural-exchange", "labour-market"]
"""In the order in which the project names them (grant 863614)."""


def add(city, name):
    return add_priority_area(by=make_officer("ilze", city), city=city, name=name, at=NOW)


def test_five_areas_come_with_tessera_in_every_language_of_residents():
    assert list(shipped_areas()) == OF_EPI
    assert [sorted(name.texts) for name in shipped_areas().values()] == [sorted(CODES)] * 5
    names = [name.texts[code] for name in shipped_areas().values() for code in CODES]
    assert all(name.strip() for name in names)


def test_a_city_adds_its_own_behind_them_and_no_other_city_has_it():
    riga, ravenna = make_city("riga"), make_city("ravenna")
    add(riga, words("Public transport", lv="Sabiedriskais transports"))
    assert list(areas_of(riga)) == [*OF_EPI, "public-transport"]
    assert areas_of(riga)["public-transport"].in_language("lv") == "Sabiedriskais transports"
    assert list(areas_of(ravenna)) == OF_EPI


def test_keys_differ_and_stay_when_an_area_is_named_otherwise():
    riga = make_city("riga")
    keys = [
        add(riga, name).key
        for name in (words("Housing"), words("Trams"), words("Trams"), LocalText("uk", {"uk": "Трамваї"}))
    ]
    assert keys == ["housing-2", "trams", "trams-2", "area"]
    trams = PriorityArea.objects.get(key="trams")
    rename_priority_area(by=make_person("ilze"), area=trams, name=words("Buses"), at=NOW)
    assert str(areas_of(riga)["trams"]) == "Buses"


def test_an_area_that_a_theme_is_in_is_not_removed():
    consultation = hold_and_end()
    area = add(consultation.city, words("Trams"))
    theme = write(consultation, area="trams")
    with pytest.raises(AreaInUse):
        remove_priority_area(by=make_person("ilze"), area=area, at=NOW)
    theme.delete()
    remove_priority_area(by=make_person("ilze"), area=area, at=NOW)
    assert not PriorityArea.objects.exists()
