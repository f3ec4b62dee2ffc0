"""A real conversation that whoever starts the demonstration adds to it, from files of their own."""

from datetime import date

import pytest
from django.utils import timezone
from tests.apps.dialogue.elsewhere import POLIS, write
from tests.builders import make_city
from tests.people import make_officer

from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.votes_from_elsewhere import read_conversation
from tessera.demo.elsewhere import add_conversation, has_conversation

pytestmark = pytest.mark.django_db

ATTRIBUTION = "From pol.is/abc, CC BY 4.0"


@pytest.fixture(autouse=True)
def outside():
    """The city outside the network, with Jonas as its officer."""
    city = make_city("sankt-evald", invented=True)
    make_officer("jonas", city)
    return city


def add(folder):
    return add_conversation(read_conversation(folder), ATTRIBUTION, timezone.now())


def test_it_is_closed_and_not_invented_and_says_where_it_comes_from(outside, tmp_path, client):
    assert not has_conversation()
    made = add(write(tmp_path / "files", POLIS))

    assert has_conversation()
    assert (made.city, made.state, made.invented) == (outside, State.CLOSED, False)
    assert made.closed_on == date(2017, 7, 19)
    assert str(made.title) == "Polis import example, real votes, other topic"
    for address in (f"/en/consultations/{made.slug}/", f"/take-part/{made.slug}/en/"):
        assert ATTRIBUTION in client.get(address).content.decode()


def test_what_people_said_about_brexit_is_counted_as_it_was_published(shared):
    """204 people and 50 statements, by the summary of those who published it."""
    made = add(shared / "data" / "polis" / "brexit-consensus")

    kept = Consultation.objects.get(pk=made.pk)
    assert (kept.participants.count(), kept.statements.count()) == (204, 50)
    assert read_shown(kept).is_final
    assert kept.group_tables.exists()
