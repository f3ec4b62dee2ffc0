"""A conversation from elsewhere becomes a closed consultation of a city, and says where it comes from."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.elsewhere import POLIS, SHORT, take_over, write
from tests.builders import make_city
from tests.dialogues import make_consultation
from tests.engines.opinion.conversations import Reference
from tests.people import make_officer, make_person

from tessera.apps.dialogue.actions.importing import CannotImport, import_consultation
from tessera.apps.dialogue.actions.setting_up import AddressTaken
from tessera.apps.dialogue.jobs import forget_codes, refresh_landscapes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Consultation, HidingReason, Landscape, Participant, Vote
from tessera.apps.dialogue.votes_from_elsewhere import read_conversation

pytestmark = pytest.mark.django_db

ATTRIBUTION = "From https://pol.is/abc by A & B, CC BY 4.0"


@pytest.fixture
def found(tmp_path):
    return read_conversation(write(tmp_path / "polis", POLIS))


def test_votes_and_statements_are_kept_in_the_order_from_there(found):
    consultation = take_over(found)
    said = consultation.statements.order_by("pk")
    assert [each.text for each in said] == ['More trams, "soon".', "Buy my hats", "Night trams."]
    numbers = [each.pk for each in said]
    people = list(Participant.objects.order_by("pk").values_list("pk", flat=True))
    kept = Vote.objects.order_by("participant", "statement")
    assert [
        (people.index(each.participant_id), numbers.index(each.statement_id), each.value) for each in kept
    ] == [(0, 0, 1), (1, 0, -1), (1, 1, 0), (2, 0, 1), (2, 2, 1)]


def test_it_is_closed_on_the_day_of_its_last_vote_and_open_to_nobody(found):
    consultation = Consultation.objects.get(pk=take_over(found).pk)
    assert (consultation.state, consultation.closed_on) == (State.CLOSED, date(2017, 7, 19))
    assert not consultation.invented
    assert {each.channel for each in consultation.participants.all()} == {Channel.IMPORTED}
    assert {len(each.code_hash) < 64 for each in consultation.participants.all()} == {True}


def test_what_was_taken_out_there_stays_out_for_that_reason(found):
    states = {each.text: each.hiding_reason for each in take_over(found).statements.all()}
    assert states == {
        'More trams, "soon".': "",
        "Night trams.": "",
        "Buy my hats": HidingReason.ELSEWHERE,
    }


def test_without_times_somebody_says_when_it_ended(tmp_path):
    found = read_conversation(write(tmp_path, SHORT))
    assert take_over(found, closed_on=date(2020, 2, 3)).closed_on == date(2020, 2, 3)
    with pytest.raises(CannotImport, match="on which day"):
        take_over(found, slug="other", closed_on=None)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"slug": "No Address"}, "no address"),
        ({"language": "zh"}, "no pages in 'zh'"),
        ({"title": " "}, "title"),
        ({"attribution": " "}, "attribution"),
    ],
)
def test_what_is_not_right_is_said(found, about, words):
    with pytest.raises(CannotImport, match=words):
        take_over(found, **about)
    assert not Consultation.objects.exists()


def test_an_address_is_given_once(found):
    take_over(found)
    with pytest.raises(AddressTaken):
        take_over(found)
    assert Vote.objects.count() == 5


def test_only_an_officer_of_the_city_takes_something_over(found):
    city = make_city("riga")
    make_officer("chiara", make_city("ravenna", country="IT"))
    with pytest.raises(PermissionDenied):
        import_consultation(
            by=make_person("chiara"),
            city=city,
            slug="trams",
            title="Trams",
            language="en",
            attribution=ATTRIBUTION,
            found=found,
            closed_on=None,
            invented=False,
            at=timezone.now(),
        )


@pytest.mark.parametrize("page", ["begin", "help", "answers", "statement"])
def test_every_page_says_where_the_votes_come_from(client, found, page):
    take_over(found, attribution=ATTRIBUTION)
    shown = client.get(reverse(f"take_part:{page}", args=["trams", "en"])).content.decode()
    assert "A &amp; B, CC BY 4.0" in shown
    assert 'href="https://pol.is/abc"' in shown
    assert "Nobody can take part here." in shown
    assert "With your code you can" not in shown


def test_a_page_of_votes_that_were_given_here_names_no_origin(client):
    make_consultation(make_city("riga"))
    shown = client.get(reverse("take_part:begin", args=["arriving", "en"])).content.decode()
    assert "Origin and licence" not in shown


def test_the_officer_reads_where_it_comes_from(client, found):
    consultation = take_over(found, attribution=ATTRIBUTION)
    client.force_login(make_person("ilze"))
    shown = client.get(consultation.get_absolute_url()).content.decode()
    assert "A &amp; B, CC BY 4.0" in shown


def test_nobody_here_hides_a_statement_for_what_was_decided_elsewhere(client, found):
    statement = take_over(found).statements.shown().first()
    client.force_login(make_person("ilze"))
    assert (
        client.post(reverse("dialogue:decide", args=[statement.pk]), {"act": "elsewhere"}).status_code == 404
    )
    assert (
        "taken out where the votes come from"
        not in client.get(reverse("dialogue:statement", args=[statement.pk])).content.decode()
    )


def test_there_are_no_codes_to_forget(found):
    take_over(found)
    assert forget_codes(date(2100, 1, 1)) == 0


@pytest.mark.parametrize("name", ["brexit-consensus", "scoop-hivemind.biodiversity"])
def test_the_groups_are_those_of_the_reference(shared, name):
    expected = Reference(shared, name)
    found = read_conversation(shared / "data" / "polis" / name)
    consultation = take_over(found)
    assert refresh_landscapes(timezone.localdate()) == 1
    kept = Landscape.objects.get(consultation=consultation)
    labels = expected.labels("two_level")
    assert kept.is_final
    assert kept.overview["n_people"] == len(labels)
    assert kept.overview["sizes"] == [
        int((labels == number).sum()) for number in sorted(set(labels.tolist()) - {-1})
    ]
