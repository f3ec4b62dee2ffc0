"""The step from officers to roles, and back."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("network", "0001_cities_facts_and_officers")
WITH_ROLES = ("network", "0004_officer_goes")


def move_to(target):
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    people = executor.loader.graph.leaf_nodes("accounts")
    return executor.loader.project_state([target, *people]).apps


@pytest.fixture
def rewound():
    yield move_to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_each_officer_becomes_a_role_with_the_same_days_and_back(rewound):
    person = rewound.get_model("accounts", "Person").objects.create(email="ilze@example.org", name="Ilze")
    name = {"source": "lv", "texts": {"lv": "Rīga"}}
    city = rewound.get_model("network", "City").objects.create(slug="riga", country="LV", name=name)
    rewound.get_model("network", "Officer").objects.create(
        person=person, city=city, since=date(2020, 1, 1), until=date(2021, 12, 31)
    )

    later = move_to(WITH_ROLES)
    role = later.get_model("network", "Role").objects.get()
    assert (role.kind, role.person_id, role.city_id) == ("officer", person.pk, city.pk)
    assert (role.since, role.until) == (date(2020, 1, 1), date(2021, 12, 31))

    earlier = move_to(BEFORE)
    officer = earlier.get_model("network", "Officer").objects.get()
    assert (officer.person_id, officer.city_id) == (person.pk, city.pk)
    assert (officer.since, officer.until) == (date(2020, 1, 1), date(2021, 12, 31))
