"""What a facilitator types in for somebody counts once, with a consent that leads to nobody."""

from datetime import timedelta

import pytest
from django.http import Http404
from tests.apps.dialogue.sheets import AGREE, DISAGREE, TYPED_AT, votes_of
from tests.builders import make_city
from tests.dialogues import OPENED_AT, make_consultation, make_entrance, make_key, vote
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.assisted import Spoken, take_spoken_answers
from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.setting_up import choose_facilitators
from tessera.apps.dialogue.actions.taking_part import (
    NoLink,
    NotNow,
    NotShown,
    WrongKey,
    withdraw_everything,
)
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, HidingReason, Participant, Rule, SpokenConsent, Tally
from tessera.apps.network.models import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city("riga"), languages=("en", "lv"))


def spoken(consultation, answers, *, number=1, code=None, key=None):
    statements = list(consultation.statements.order_by("pk"))
    votes = {statements[place - 1].pk: choice for place, choice in answers.items()}
    return Spoken(key or make_key(number), code or make_code(), "lv", votes)


def take(consultation, said, *, by=None, at=TYPED_AT):
    take_spoken_answers(by=by or make_person("ilze"), consultation=consultation, spoken=said, at=at)


def test_somebody_takes_part_by_speaking_and_holds_the_code(consultation):
    said = spoken(consultation, {1: AGREE, 3: DISAGREE})
    take(consultation, said)
    me = find_participant(consultation, said.code)
    assert (me.channel, me.language, me.joined_on) == (Channel.ASSISTED, "lv", TYPED_AT.date())
    assert votes_of(me) == {1: 1, 3: -1}


def test_the_consent_says_who_heard_it_and_on_which_day_and_not_whose_it_is(consultation):
    said = spoken(consultation, {1: AGREE})
    take(consultation, said)
    [consent] = SpokenConsent.objects.all()
    assert (consent.heard_by, consent.heard_on) == (make_person("ilze"), TYPED_AT.date())
    kept = {field.name for field in SpokenConsent._meta.get_fields()}
    assert kept == {"id", "consultation", "heard_by", "heard_on", "key"}
    [vote] = Participant.objects.get().votes.all()
    assert consent.key not in vote.recent_keys


def test_a_form_that_comes_again_does_nothing_also_after_everything_was_withdrawn(consultation):
    said = spoken(consultation, {1: AGREE})
    take(consultation, said)
    take(consultation, spoken(consultation, {2: AGREE}, code=said.code))
    me = find_participant(consultation, said.code)
    assert votes_of(me) == {1: 1}
    withdraw_everything(me)
    take(consultation, said)
    assert not Participant.objects.exists()
    assert SpokenConsent.objects.count() == 1


def test_one_device_and_network_may_bring_as_many_as_sit_down(consultation):
    for number in range(70):
        take(consultation, spoken(consultation, {1: AGREE}, number=number))
    assert Participant.objects.count() == 70
    assert not Tally.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 16, "0" * 15])
def test_what_is_no_key_of_a_page_is_refused(consultation, key):
    said = spoken(consultation, {1: AGREE})
    with pytest.raises(WrongKey):
        take(consultation, Spoken(key, said.code, "lv", said.votes))


def test_hidden_statements_are_left_out_and_nothing_is_recorded_where_nothing_is_left(consultation):
    first = consultation.statements.order_by("pk").first()
    hide_statement(by=make_person("ilze"), statement=first, reason=HidingReason.HOSTILE, at=TYPED_AT)
    with pytest.raises(NotShown):
        take(consultation, spoken(consultation, {1: AGREE}))
    assert not SpokenConsent.objects.exists()
    assert not Participant.objects.exists()
    take(consultation, spoken(consultation, {1: AGREE, 2: AGREE}))
    assert votes_of(Participant.objects.get()) == {2: 1}


def test_a_code_of_another_consultation_is_refused(consultation):
    other = make_consultation(make_city("ravenna"), slug="other")
    entrance = make_entrance()
    vote(other, other.statements.first(), entrance=entrance)
    make_officer("ilze", consultation.city)
    with pytest.raises(NoLink):
        take(consultation, spoken(consultation, {1: AGREE}, code=entrance.code))


def test_on_days_without_votes_nothing_is_taken(consultation):
    with pytest.raises(NotNow):
        take(consultation, spoken(consultation, {1: AGREE}), at=TYPED_AT + timedelta(days=40))
    say_only = make_consultation(make_city("ravenna"), slug="say", rule=Rule.SAY)
    with pytest.raises(NotNow):
        take(say_only, spoken(say_only, {1: AGREE}))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_keeps_an_open_consultation_types_in(who, state):
    riga = make_city("riga")
    make_officer("ilze", riga)
    asked = make_consultation(riga, state=state)
    give("andris", Kind.FACILITATOR, riga)
    give("piotr", Kind.FACILITATOR, riga)
    choose_facilitators(
        by=make_person("ilze"), consultation=asked, people=[make_person("piotr")], at=OPENED_AT
    )
    make_officer("chiara", make_city("ravenna", country="IT"))
    said = spoken(asked, {1: AGREE})
    if who in ("ilze", "piotr") and state is State.OPEN:
        take(asked, said, by=make_person(who))
        assert Participant.objects.count() == 1
        return
    with pytest.raises(NotNow if who in ("ilze", "piotr") else Http404):
        take(asked, said, by=make_person(who))
    assert not Participant.objects.exists()
    assert not SpokenConsent.objects.exists()
