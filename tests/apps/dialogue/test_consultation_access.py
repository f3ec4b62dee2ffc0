"""Who may see a consultation, keep it and decide about it, asked at the door itself."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests.builders import make_city
from tests.dialogues import make_consultation, make_plan, put_in_state, speak, words
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions import moderation, setting_up
from tessera.apps.dialogue.actions.setting_up import PlannedPhase
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import HidingReason, Rule
from tessera.apps.network.models import Kind, Membership
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 10, 10, tzinfo=UTC)
TODAY = AT.date()
OFFICER, KEEPERS, READERS = {"ilze"}, {"ilze", "piotr"}, {"ilze", "piotr", "mihai"}


@pytest.fixture
def riga():
    """A city of the network, and everybody in their places. Piotr is facilitator in Riga here."""
    network = make_network()
    cities = {slug: make_city(slug) for slug in ("riga", "ravenna", "graz")}
    for slug in ("riga", "ravenna"):
        Membership.objects.create(
            city=cities[slug], network=network, since=date(2015, 1, 1), source_name="A site"
        )
    make_officer("ilze", cities["riga"])
    give("andris", Kind.CONTRIBUTOR, cities["riga"])
    make_officer("chiara", cities["ravenna"])
    give("nuria", Kind.EXPERT, network)
    give("piotr", Kind.FACILITATOR, cities["riga"])
    give("mihai", Kind.COORDINATOR, network)
    make_person("greta")
    make_officer("jonas", cities["graz"])
    return cities["riga"]


def made(riga, state, **about):
    consultation = make_consultation(riga, state=state, **about)
    setting_up.choose_facilitators(
        by=make_person("ilze"), consultation=consultation, people=[make_person("piotr")], at=AT
    )
    return consultation


def who_is_let(act):
    """Everybody for whom the act neither ends in 404 nor in a refusal."""
    let = set()
    for key in EVERYBODY:
        try:
            act(make_person(key))
        except (Http404, PermissionDenied):
            continue
        except MoveError:
            pass
        let.add(key)
    return let


# Everybody x every state, for what changes nothing.


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("ask", "let"),
    [
        (access.get_consultation_to_see, READERS),
        (access.get_consultation_to_keep, KEEPERS),
        (access.get_own_consultation, OFFICER),
    ],
)
def test_who_is_given_a_consultation(riga, state, ask, let):
    consultation = made(riga, state)
    assert who_is_let(lambda person: ask(person, consultation.pk, TODAY)) == let


@pytest.mark.parametrize("state", State)
def test_who_is_given_a_statement_to_moderate(riga, state):
    statement = made(riga, state).statements.first()
    assert who_is_let(lambda person: access.get_statement_to_moderate(person, statement.pk, TODAY)) == KEEPERS


# Everybody x every act, the refused ones first, so that nothing was done before.

ACTS = {
    "prepare": (
        OFFICER,
        lambda by, it: setting_up.prepare_consultation(
            by=by, city=it.city, slug=f"{it.slug}-{by.pk}", plan=make_plan(), invented=True, at=AT
        ),
    ),
    "change": (
        KEEPERS,
        lambda by, it: setting_up.change_consultation(by=by, consultation=it, plan=make_plan(), at=AT),
    ),
    "open": (OFFICER, lambda by, it: setting_up.open_consultation(by=by, consultation=it, at=AT)),
    "close": (
        OFFICER,
        lambda by, it: setting_up.close_consultation(by=by, consultation=it, reason="Enough.", at=AT),
    ),
    "choose facilitators": (
        OFFICER,
        lambda by, it: setting_up.choose_facilitators(
            by=by, consultation=it, people=[make_person("piotr")], at=AT
        ),
    ),
    "make links": (
        KEEPERS,
        lambda by, it: setting_up.make_own_links(by=by, consultation=it, count=2, at=AT),
    ),
    "seed": (
        KEEPERS,
        lambda by, it: moderation.seed_statement(by=by, consultation=it, text=words("More parks."), at=AT),
    ),
    "translate": (
        KEEPERS,
        lambda by, it: moderation.translate_statement(
            by=by, statement=it.statements.first(), texts={"lv": "Latviski."}, at=AT
        ),
    ),
    "accept": (
        KEEPERS,
        lambda by, it: moderation.accept_statement(by=by, statement=it.statements.last(), at=AT),
    ),
    "hide": (
        KEEPERS,
        lambda by, it: moderation.hide_statement(
            by=by, statement=it.statements.last(), reason=HidingReason.HOSTILE, at=AT
        ),
    ),
    "leave shown": (
        KEEPERS,
        lambda by, it: moderation.keep_shown(by=by, statement=it.statements.first(), at=AT),
    ),
}
STATES_FOR = {
    "change": {State.DRAFT, State.OPEN},
    "open": {State.DRAFT},
    "close": {State.OPEN},
    "make links": {State.DRAFT, State.OPEN},
    "seed": {State.DRAFT, State.OPEN},
}
"""In which an act is possible at all; those that are not named are possible in all."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_do_what_in_which_state(riga, act, state):
    consultation = made(riga, State.OPEN)
    speak(consultation, "Waiting.")
    put_in_state(consultation, state)
    let, do = ACTS[act]
    assert who_is_let(lambda person: do(person, consultation)) == let

    possible = state in STATES_FOR.get(act, set(State))
    one = made(riga, State.OPEN, slug="another")
    speak(one, "Waiting.", key=2)
    put_in_state(one, state)
    if possible:
        do(make_person("ilze"), one)
    else:
        with pytest.raises(MoveError):
            do(make_person("ilze"), one)


# What ends it


def test_a_facilitator_whose_role_ended_keeps_nothing(riga):
    consultation = made(riga, State.OPEN)
    piotr = make_person("piotr")
    piotr.roles.update(until=date(2026, 11, 9))
    assert access.consultations_kept_by(piotr, date(2026, 11, 9)).contains(consultation)
    assert not access.consultations_kept_by(piotr, TODAY).contains(consultation)


def test_a_facilitator_of_the_city_keeps_only_what_was_given(riga):
    made(riga, State.OPEN)
    other = make_consultation(riga, slug="other")
    assert not access.consultations_kept_by(make_person("piotr"), TODAY).contains(other)


def test_residents_find_what_is_open_to_everybody_and_was(riga):
    shown = {made(riga, state, slug=f"{state}-one") for state in (State.OPEN, State.CLOSED)}
    made(riga, State.DRAFT, slug="draft")
    hidden = made(riga, State.OPEN, slug="by-cards", has_open_link=False)
    assert set(access.public_consultations(riga)) == shown
    # It has an address all the same.
    assert access.get_public_consultation("by-cards") == hidden
    with pytest.raises(Http404):
        access.get_public_consultation("draft")


def test_only_phases_to_come_open_a_consultation(riga):
    past = [PlannedPhase(Rule.VOTE, date(2026, 11, 1), date(2026, 11, 9))]
    draft = make_consultation(riga, state=State.DRAFT, slug="past", phases=past)
    with pytest.raises(setting_up.CannotOpen):
        setting_up.open_consultation(by=make_person("ilze"), consultation=draft, at=AT)
