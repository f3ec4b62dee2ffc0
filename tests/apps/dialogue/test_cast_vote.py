"""A participant votes: once per statement, whatever is sent and however often."""

from datetime import timedelta

import pytest
from tests.builders import make_city
from tests.dialogues import (
    DAY,
    FIRST_DAY,
    LAST_DAY,
    OPENED_AT,
    make_consultation,
    make_entrance,
    speak,
    vote,
)
from tests.people import make_officer

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.setting_up import make_own_links
from tessera.apps.dialogue.actions.taking_part import NoLink, NotNow, NotShown, WrongKey, cast_vote
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Choice, HidingReason, Participant, Rule, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city())


@pytest.fixture
def statement(consultation):
    return consultation.statements.first()


def votes():
    return list(Vote.objects.values_list("participant", "statement", "value"))


def test_the_first_vote_makes_a_participant_and_keeps_one_row(consultation, statement):
    participant = vote(consultation, statement, Choice.DISAGREE)
    assert votes() == [(participant.pk, statement.pk, -1)]
    assert (participant.channel, participant.language, participant.joined_on) == (
        Channel.OPEN_LINK,
        "en",
        DAY,
    )


def test_voting_again_changes_the_vote(consultation, statement):
    me = make_entrance()
    first = vote(consultation, statement, Choice.AGREE, entrance=me, key=1)
    again = vote(consultation, statement, Choice.PASS, entrance=me, key=2)
    assert votes() == [(first.pk, statement.pk, 0)]
    assert again == first


def test_a_message_that_comes_again_after_a_change_of_mind_changes_nothing(consultation, statement):
    me = make_entrance()
    vote(consultation, statement, Choice.AGREE, entrance=me, key=1)
    vote(consultation, statement, Choice.DISAGREE, entrance=me, key=2)
    vote(consultation, statement, Choice.AGREE, entrance=me, key=1)
    assert [value for *_, value in votes()] == [-1]


def test_the_same_mind_may_come_back_with_a_new_act(consultation, statement):
    me = make_entrance()
    for key, choice in enumerate([Choice.AGREE, Choice.DISAGREE, Choice.AGREE], start=1):
        vote(consultation, statement, choice, entrance=me, key=key)
    assert [value for *_, value in votes()] == [1]


def test_a_first_vote_that_is_sent_ten_times_makes_one_participant(consultation, statement):
    me = make_entrance()
    made = {vote(consultation, statement, entrance=me).pk for _ in range(10)}
    assert len(made) == Participant.objects.count() == Vote.objects.count() == 1


def test_what_is_hidden_takes_no_vote_and_says_so_even_to_who_voted_before(consultation, statement):
    me = make_entrance()
    vote(consultation, statement, Choice.AGREE, entrance=me, key=1)
    officer = make_officer("ilze", consultation.city)
    hide_statement(by=officer, statement=statement, reason=HidingReason.HOSTILE, at=OPENED_AT)
    with pytest.raises(NotShown):
        vote(consultation, statement, Choice.DISAGREE, entrance=me, key=2)
    # The message that was acknowledged before is acknowledged again.
    vote(consultation, statement, Choice.AGREE, entrance=me, key=1)
    assert [value for *_, value in votes()] == [1]


def test_what_waits_for_a_decision_or_belongs_elsewhere_takes_no_vote(consultation):
    waiting = speak(consultation, "Benches at the bus stop would help.")
    other = make_consultation(make_city("ravenna", country="IT"), slug="ravenna")
    people = Participant.objects.count()
    for wrong in (waiting, other.statements.first()):
        with pytest.raises(NotShown):
            vote(consultation, wrong)
    # And nobody has joined by it.
    assert Participant.objects.count() == people


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (FIRST_DAY - timedelta(days=1), False),
        (FIRST_DAY, True),
        (LAST_DAY, True),
        (LAST_DAY + timedelta(days=1), False),
    ],
)
def test_votes_are_taken_from_the_first_day_to_the_last(consultation, statement, day, taken):
    if taken:
        vote(consultation, statement, day=day)
    else:
        with pytest.raises(NotNow):
            vote(consultation, statement, day=day)
    assert Vote.objects.count() == taken


@pytest.mark.parametrize("about", [{"state": State.DRAFT}, {"state": State.CLOSED}, {"rule": Rule.SAY}])
def test_no_votes_are_taken_before_it_opens_after_it_closes_or_where_the_phase_takes_none(about):
    consultation = make_consultation(make_city(), **about)
    with pytest.raises(NotNow):
        vote(consultation, consultation.statements.first())
    assert not Participant.objects.exists()


def test_a_consultation_that_is_closed_meanwhile_takes_no_vote(consultation, statement):
    """The page was read while it was open."""
    type(consultation).objects.update(state=State.CLOSED, closed_on=DAY)
    with pytest.raises(NotShown):
        vote(consultation, statement)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("key", ["", "1", "0" * 15, "0" * 17, "g" * 16, "%" * 16, "_" * 16])
def test_a_key_that_no_page_made_is_refused(consultation, statement, key):
    with pytest.raises(WrongKey):
        cast_vote(
            consultation=consultation,
            entrance=make_entrance(),
            statement=statement.pk,
            choice=Choice.AGREE,
            key=key,
            day=DAY,
        )


def test_a_code_of_another_consultation_lets_nobody_in(consultation, statement):
    other = make_consultation(make_city("ravenna", country="IT"), slug="ravenna")
    me = make_entrance()
    vote(other, other.statements.first(), entrance=me)
    with pytest.raises(NoLink):
        vote(consultation, statement, entrance=me)
    assert Vote.objects.count() == 1


def test_a_link_for_one_person_lets_in_one_and_the_same_code_again():
    consultation = make_consultation(make_city(), has_open_link=False)
    first, second = list(consultation.statements.all()[:2])
    officer = make_officer("ilze", consultation.city)
    [token] = make_own_links(by=officer, consultation=consultation, count=1, at=OPENED_AT)
    me = make_entrance(link_token=token)
    participant = vote(consultation, first, entrance=me)
    assert participant.channel == Channel.OWN_LINK
    # Afterwards the code is enough, and the link is good for nobody else.
    assert vote(consultation, second, entrance=make_entrance(me.code)) == participant
    with pytest.raises(NoLink):
        vote(consultation, first, entrance=make_entrance(link_token=token))
    with pytest.raises(NoLink):
        vote(consultation, first)
    assert Participant.objects.count() == 1


def test_where_everybody_may_come_a_used_link_is_as_good_as_none():
    consultation = make_consultation(make_city())
    officer = make_officer("ilze", consultation.city)
    [token] = make_own_links(by=officer, consultation=consultation, count=1, at=OPENED_AT)
    channels = [
        vote(consultation, consultation.statements.first(), entrance=make_entrance(link_token=token)).channel
        for _ in range(2)
    ]
    assert channels == [Channel.OWN_LINK, Channel.OPEN_LINK]


def test_nothing_says_which_link_brought_whom():
    consultation = make_consultation(make_city(), has_open_link=False)
    officer = make_officer("ilze", consultation.city)
    [token] = make_own_links(by=officer, consultation=consultation, count=1, at=OPENED_AT)
    vote(consultation, consultation.statements.first(), entrance=make_entrance(link_token=token))
    fields = {field.name for field in consultation.own_links.model._meta.get_fields()}
    assert fields == {"id", "consultation", "token_hash", "is_used"}
