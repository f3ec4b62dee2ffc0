"""Who may read themes before everybody does, write them, and decide about them, in every state."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from tests.apps.dialogue.staff import give_to
from tests.apps.dialogue.summed_up import say_at_a_session
from tests.builders import make_city, make_review
from tests.dialogues import make_consultation, words
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import summing_up
from tessera.apps.dialogue.actions import answering, priority_areas, themes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Disposition, Outcome, PriorityArea, Theme
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError
from tessera.apps.review.lifecycle import State as ReviewState

pytestmark = pytest.mark.django_db

AT = timezone.now()
TODAY = timezone.localdate()
OFFICER, KEEPERS, READERS = {"ilze"}, {"ilze", "piotr"}, {"ilze", "piotr", "mihai", "nuria"}
WITH_WORDS = {"ilze", "piotr", "nuria"}
NOBODY: set[str] = set()
BEFORE = (State.OPEN, State.CLOSED)
"""The states in which themes are written."""


@pytest.fixture
def riga():
    """Everybody in their places; Nuria took on the city's review, Piotr was given the consultation."""
    riga = make_city("riga")
    make_review(riga, state=ReviewState.IN_REVIEW)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    make_person("greta")
    return riga


def made(riga, state):
    """A consultation about the review, with a theme; whatever state it is put in."""
    consultation = make_consultation(riga)
    give_to("piotr", consultation)
    Theme.objects.create(
        consultation=consultation,
        title=words("Places to sit"),
        summary=words("Benches."),
        written_by=make_person("ilze"),
    )
    Consultation.objects.filter(pk=consultation.pk).update(
        review=riga.reviews.get(),
        state=state,
        closed_on=TODAY if state not in (State.DRAFT, State.OPEN) else None,
        synthesised_on=TODAY if state in (State.SYNTHESISED, State.ANSWERED) else None,
        answered_on=TODAY if state == State.ANSWERED else None,
    )
    return Consultation.objects.get(pk=consultation.pk)


def let_in(act):
    """Those for whom it neither is not there nor refused, and those of them who come at the wrong time."""
    let, late = set(), set()
    for key in EVERYBODY:
        try:
            act(make_person(key))
        except (Http404, PermissionDenied):
            continue
        except MoveError:
            late.add(key)
        except (themes.CannotSynthesise, answering.CannotAnswer):
            pass
        let.add(key)
    return let, late


def write(consultation):
    return lambda by: themes.write_theme(
        by=by,
        consultation=consultation,
        pk=None,
        title=words("Lamps"),
        summary=words("Lamps."),
        area="",
        at=AT,
    )


def choose(consultation):
    theme, statement = consultation.themes.first(), consultation.statements.first()
    bases = themes.Bases(frozenset({statement.pk}))
    return lambda by: themes.choose_bases(by=by, theme=theme, add=bases, remove=themes.Bases(), at=AT)


def delete(consultation):
    def act(by):
        theme = Theme.objects.create(
            consultation=consultation, title=words("x"), summary=words("x"), written_by=make_person("ilze")
        )
        themes.delete_theme(by=by, theme=theme, at=AT)

    return act


def decide(consultation):
    theme = consultation.themes.first()
    return lambda by: answering.decide_theme(
        by=by, theme=theme, outcome=Outcome.ADOPTED, reason=words("Yes."), at=AT
    )


def publish(consultation):
    return lambda by: themes.publish_themes(by=by, consultation=consultation, at=AT)


def publish_answer(consultation):
    return lambda by: answering.publish_answer(by=by, consultation=consultation, at=AT)


ACTS = {
    write: (KEEPERS, BEFORE),
    choose: (KEEPERS, BEFORE),
    delete: (KEEPERS, BEFORE),
    publish: (OFFICER, (State.CLOSED,)),
    decide: (OFFICER, (State.SYNTHESISED,)),
    publish_answer: (OFFICER, (State.SYNTHESISED,)),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_for_its_people_in_its_states(riga, act, state):
    people, states = ACTS[act]
    consultation = made(riga, state)
    if act is decide and state == State.ANSWERED:
        # A theme that is answered; about what is not answered see test_answer.
        Disposition.objects.create(
            consultation=consultation,
            theme=consultation.themes.get(),
            outcome=Outcome.PARTLY,
            reason=words("A part."),
            decided_by=make_person("ilze"),
            decided_on=date(2026, 11, 1),
        )
    let, late = let_in(act(consultation))
    assert let == people
    assert late == (NOBODY if state in states else people)


@pytest.mark.parametrize("state", State)
def test_themes_are_read_before_they_are_public_by_those_who_see_the_consultation_and_its_expert(riga, state):
    consultation = made(riga, state)
    theme = consultation.themes.get()
    for read in (
        lambda by: summing_up.get_consultation_with_themes(by, consultation.pk, TODAY),
        lambda by: summing_up.get_theme_to_read(by, theme.pk, TODAY),
    ):
        assert let_in(read) == (READERS, NOBODY)
    assert let_in(lambda by: summing_up.get_theme_to_keep(by, theme.pk, TODAY))[0] == KEEPERS
    assert let_in(lambda by: summing_up.get_theme_to_decide(by, theme.pk, TODAY))[0] == OFFICER


def test_who_coordinates_the_network_reads_no_words_of_sessions(riga):
    consultation = made(riga, State.CLOSED)
    say_at_a_session(consultation)
    found = Consultation.objects.select_related("review__city").get(pk=consultation.pk)
    assert {key for key in EVERYBODY if access.hears(make_person(key), found, TODAY)} == WITH_WORDS


def test_only_officers_set_up_areas_of_their_own_city(riga):
    def add(by):
        priority_areas.add_priority_area(by=by, city=riga, name=words("Trams"), at=AT)

    assert let_in(add) == (OFFICER, NOBODY)
    area = PriorityArea.objects.get()
    assert let_in(
        lambda by: priority_areas.rename_priority_area(by=by, area=area, name=words("Buses"), at=AT)
    ) == (OFFICER, NOBODY)
    assert let_in(lambda by: priority_areas.remove_priority_area(by=by, area=area, at=AT)) == (
        OFFICER,
        NOBODY,
    )


@pytest.mark.parametrize("state", State)
def test_the_desk_names_what_an_officer_has_still_to_answer(riga, state):
    made(riga, state)
    awaited = {
        key for key in EVERYBODY if summing_up.consultations_to_answer(make_person(key), TODAY).exists()
    }
    assert awaited == (OFFICER if state in (State.CLOSED, State.SYNTHESISED) else NOBODY)
    Consultation.objects.update(attribution="Elsewhere, CC BY")
    assert not summing_up.consultations_to_answer(make_person("ilze"), TODAY).exists()
