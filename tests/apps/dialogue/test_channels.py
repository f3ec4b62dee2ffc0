"""How many people came by which channel: told at the end, and so that it gives nobody away."""

import pytest
from tests.apps.dialogue.finished import TODAY, hold_evening
from tests.reports.landscape.evening import camps

from tessera.apps.dialogue.channels import tell_channels
from tessera.apps.dialogue.landscapes import read_shown, refresh_landscape
from tessera.apps.dialogue.models import Channel


def told(open_link=0, own_link=0, imported=0, *, before=()):
    people = ["open-link"] * open_link + ["own-link"] * own_link + ["imported"] * imported
    return tell_channels(people, before)


def test_ten_people_are_told_and_nine_are_not():
    assert told(30, 10)["by_channel"] == {"open-link": 30, "own-link": 10}
    assert told(30, 9)["by_channel"] == {"open-link": None, "own-link": None}


def test_one_channel_alone_is_everybody():
    assert told(30)["by_channel"] == {"open-link": 30}


def test_of_three_the_smallest_other_is_hidden_with_that_of_few():
    assert told(30, 3, 12)["by_channel"] == {"imported": None, "open-link": 30, "own-link": None}


def test_that_few_left_one_channel_cannot_be_read_from_two_tellings():
    # Nine left by one way and two by the other: the difference would tell of those two.
    first = told(40, 30)
    second = told(31, 28, before=[first])["by_channel"]
    assert second == {"open-link": None, "own-link": None}


def test_a_channel_that_everybody_left_stays_among_those_that_are_told():
    first = told(40, 30)
    second = told(40, before=[first])["by_channel"]
    assert second == {"open-link": None, "own-link": None}


@pytest.mark.django_db
def test_who_withdraws_after_the_end_changes_no_figure_alone():
    consultation = hold_evening(camps(30, 20), channels=[Channel.OWN_LINK] * 20)
    assert read_shown(consultation).people_by_channel == {"open-link": 30, "own-link": 20}

    for person in consultation.participants.order_by("pk")[:9]:
        person.delete()
    refresh_landscape(consultation, TODAY)

    assert read_shown(consultation).people_by_channel == {"open-link": 30, "own-link": 20}


@pytest.mark.django_db
def test_when_ten_withdrew_they_are_told_anew_with_the_rest():
    consultation = hold_evening(camps(30, 20), channels=[Channel.OWN_LINK] * 30)
    assert read_shown(consultation).people_by_channel == {"open-link": 20, "own-link": 30}

    for person in consultation.participants.order_by("pk")[:10]:
        person.delete()
    assert refresh_landscape(consultation, TODAY)

    # Ten by their own links: that nobody else left would be told by the other figure, as it did not change.
    shown = read_shown(consultation)
    assert shown.overview.n_people == 40
    assert shown.people_by_channel == {"open-link": None, "own-link": None}


@pytest.mark.django_db
def test_few_people_on_paper_are_not_shown_nor_who_would_give_them_away():
    consultation = hold_evening(
        camps(30, 20), channels=[Channel.PAPER] * 4 + [Channel.ASSISTED] * 12 + [Channel.OWN_LINK] * 14
    )
    shown = read_shown(consultation).people_by_channel
    assert shown == {"assisted": None, "open-link": 20, "own-link": 14, "paper": None}
