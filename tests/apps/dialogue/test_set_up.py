"""A consultation is prepared, opened and closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests.builders import make_city
from tests.dialogues import (
    FIRST_DAY,
    LAST_DAY,
    OPENED_AT,
    SEEDS,
    make_consultation,
    make_plan,
)
from tests.people import give, make_officer

from tessera.apps.dialogue.access import consultations_kept_by, get_public_consultation
from tessera.apps.dialogue.actions.setting_up import (
    MOST_LINKS,
    AddressTaken,
    CannotOpen,
    NoReason,
    NotAFacilitator,
    Obstacle,
    PhasesOverlap,
    PlannedPhase,
    change_consultation,
    choose_facilitators,
    close_consultation,
    make_own_links,
    obstacles_to_opening,
    open_consultation,
    prepare_consultation,
)
from tessera.apps.dialogue.lifecycle import Act, State, StatementAct, StatementState, move, move_statement
from tessera.apps.dialogue.models import Consultation, OwnLink, Rule
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

DAY = FIRST_DAY


@pytest.fixture
def riga():
    return make_city()


def at(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def test_it_is_prepared_by_an_officer_of_the_city_and_seen_by_nobody_else(riga):
    consultation = make_consultation(riga, state=State.DRAFT)
    assert (consultation.state, consultation.city) == (State.DRAFT, riga)
    with pytest.raises(Http404):
        get_public_consultation(consultation.slug)
    for who in (
        make_officer("chiara", make_city("ravenna", country="IT")),
        give("andris", Kind.CONTRIBUTOR, riga),
    ):
        with pytest.raises(PermissionDenied):
            prepare_consultation(
                by=who, city=riga, slug="another", plan=make_plan(), invented=False, at=OPENED_AT
            )


def test_of_two_that_are_given_one_address_at_once_the_second_is_refused_and_nothing_is_left_of_it(riga):
    make_consultation(riga, state=State.DRAFT, slug="arriving")
    with pytest.raises(AddressTaken):
        prepare_consultation(
            by=make_officer("ilze", riga),
            city=riga,
            slug="arriving",
            plan=make_plan(),
            invented=False,
            at=OPENED_AT,
        )
    assert Consultation.objects.count() == 1


def test_phases_may_follow_each_other_but_not_overlap(riga):
    one = PlannedPhase(Rule.SAY_AND_VOTE, date(2026, 11, 2), date(2026, 11, 15))
    other = PlannedPhase(Rule.VOTE, date(2026, 11, 16), date(2026, 11, 30))
    consultation = make_consultation(riga, phases=[other, one])
    assert [phase.rule for phase in consultation.all_phases] == [Rule.SAY_AND_VOTE, Rule.VOTE]
    assert consultation.phase_on(date(2026, 11, 15)).takes_statements
    assert not consultation.phase_on(date(2026, 11, 16)).takes_statements
    assert consultation.phase_on(date(2026, 12, 1)) is None
    with pytest.raises(PhasesOverlap):
        make_consultation(
            make_city("ravenna", country="IT"),
            slug="overlap",
            phases=[one, replace(other, starts_on=date(2026, 11, 15))],
        )


def test_a_change_replaces_phases_and_brief_and_keeps_what_is_the_same(riga):
    consultation = make_consultation(riga, brief=("education", "health"))
    [phase] = consultation.phases.all()
    kept = consultation.brief.get(area="education")
    longer = PlannedPhase(Rule.VOTE, LAST_DAY + timedelta(days=1), LAST_DAY + timedelta(days=7))
    plan = make_plan(
        phases=[PlannedPhase(Rule.SAY_AND_VOTE, FIRST_DAY, LAST_DAY), longer], brief=("education", "language")
    )
    officer = make_officer("ilze", riga)
    change_consultation(by=officer, consultation=consultation, plan=plan, at=OPENED_AT)
    changed = Consultation.objects.get()
    assert changed.all_phases[0] == phase
    assert changed.last_day == LAST_DAY + timedelta(days=7)
    assert [item.area for item in changed.brief.all()] == ["education", "language"]
    assert changed.brief.first() == kept


def test_what_is_closed_changes_no_more(riga):
    consultation = make_consultation(riga, state=State.CLOSED)
    officer = make_officer("ilze", riga)
    with pytest.raises(MoveError):
        change_consultation(by=officer, consultation=consultation, plan=make_plan(), at=OPENED_AT)
    with pytest.raises(MoveError):
        make_own_links(by=officer, consultation=consultation, count=1, at=OPENED_AT)


@pytest.mark.parametrize(
    ("about", "day", "obstacles"),
    [
        ({}, FIRST_DAY - timedelta(days=30), []),
        ({}, LAST_DAY, []),
        ({}, LAST_DAY + timedelta(days=1), [Obstacle.PHASES_PAST]),
        ({"seeds": SEEDS[:4]}, DAY, [Obstacle.FEW_STATEMENTS]),
        ({"seeds": ()}, LAST_DAY + timedelta(days=1), [Obstacle.PHASES_PAST, Obstacle.FEW_STATEMENTS]),
    ],
)
def test_it_opens_once_nothing_stands_in_the_way(riga, about, day, obstacles):
    consultation = make_consultation(riga, state=State.DRAFT, **about)
    officer = make_officer("ilze", riga)
    assert obstacles_to_opening(consultation, day) == obstacles
    if obstacles:
        with pytest.raises(CannotOpen) as refused:
            open_consultation(by=officer, consultation=consultation, at=at(day))
        assert refused.value.obstacles == obstacles
    else:
        open_consultation(by=officer, consultation=consultation, at=at(day))
    assert Consultation.objects.get().state == (State.DRAFT if obstacles else State.OPEN)


def test_without_a_phase_or_with_a_text_missing_in_one_of_its_languages_it_stays_shut(riga):
    consultation = make_consultation(riga, state=State.DRAFT, languages=("en", "lv"))
    assert obstacles_to_opening(consultation, DAY) == []
    consultation.contact = LocalText("en", {"en": "Room 12"})
    consultation.save()
    consultation.phases.all().delete()
    again = Consultation.objects.get()
    assert obstacles_to_opening(again, DAY) == [Obstacle.TEXTS_MISSING, Obstacle.NO_PHASE]


def test_who_closes_it_early_says_why_and_on_its_last_day_too(riga):
    consultation = make_consultation(riga)
    officer = make_officer("ilze", riga)
    for reason in ("", "  \n"):
        with pytest.raises(NoReason):
            close_consultation(by=officer, consultation=consultation, reason=reason, at=at(LAST_DAY))
    close_consultation(by=officer, consultation=consultation, reason=" Enough. ", at=at(LAST_DAY))
    closed = Consultation.objects.get()
    assert (closed.state, closed.closed_on, closed.closing_reason) == (State.CLOSED, LAST_DAY, "Enough.")


def test_after_its_last_day_it_needs_no_reason(riga):
    consultation = make_consultation(riga)
    day = LAST_DAY + timedelta(days=1)
    close_consultation(
        by=make_officer("ilze", riga), consultation=consultation, reason="Whatever.", at=at(day)
    )
    closed = Consultation.objects.get()
    assert (closed.closed_on, closed.closing_reason) == (day, "")


def test_facilitators_of_the_city_can_be_given_it_and_nobody_else(riga):
    consultation = make_consultation(riga)
    officer = make_officer("ilze", riga)
    piotr = give("piotr", Kind.FACILITATOR, riga)
    greta = give("greta", Kind.FACILITATOR, riga)
    choose_facilitators(by=officer, consultation=consultation, people=[piotr, greta], at=OPENED_AT)
    choose_facilitators(by=officer, consultation=consultation, people=[piotr], at=OPENED_AT)
    assert list(consultations_kept_by(piotr, DAY)) == [consultation]
    assert not consultations_kept_by(greta, DAY).exists()
    for wrong in (give("andris", Kind.CONTRIBUTOR, riga), officer):
        with pytest.raises(NotAFacilitator):
            choose_facilitators(by=officer, consultation=consultation, people=[wrong], at=OPENED_AT)
    # Whoever keeps it does not choose who else does.
    with pytest.raises(Http404):
        choose_facilitators(by=piotr, consultation=consultation, people=[greta], at=OPENED_AT)


def test_a_facilitator_whose_role_is_over_keeps_nothing(riga):
    consultation = make_consultation(riga)
    piotr = give("piotr", Kind.FACILITATOR, riga, until=DAY)
    officer = make_officer("ilze", riga)
    choose_facilitators(by=officer, consultation=consultation, people=[piotr], at=OPENED_AT)
    assert consultations_kept_by(piotr, DAY).exists()
    assert not consultations_kept_by(piotr, DAY + timedelta(days=1)).exists()


def test_links_are_kept_as_hashes_alone(riga):
    consultation = make_consultation(riga)
    officer = make_officer("ilze", riga)
    tokens = make_own_links(by=officer, consultation=consultation, count=3, at=OPENED_AT)
    assert len(set(tokens)) == 3
    kept = set(OwnLink.objects.values_list("token_hash", flat=True))
    assert len(kept) == 3
    assert not kept & set(tokens)
    for wrong in (0, -1, MOST_LINKS + 1):
        with pytest.raises(ValueError, match="links"):
            make_own_links(by=officer, consultation=consultation, count=wrong, at=OPENED_AT)


@pytest.mark.parametrize("state", State)
def test_a_consultation_goes_one_way_from_prepared_to_answered(state):
    allowed = {
        (State.DRAFT, Act.OPEN): State.OPEN,
        (State.OPEN, Act.CLOSE): State.CLOSED,
        (State.CLOSED, Act.SYNTHESISE): State.SYNTHESISED,
        (State.SYNTHESISED, Act.ANSWER): State.ANSWERED,
    }
    for act in Act:
        if (state, act) in allowed:
            assert move(state, act) == allowed[state, act]
        else:
            with pytest.raises(MoveError):
                move(state, act)


@pytest.mark.parametrize("state", StatementState)
def test_a_statement_is_shown_or_hidden_and_never_waits_again(state):
    refused = {(StatementState.SHOWN, StatementAct.ACCEPT), (StatementState.HIDDEN, StatementAct.HIDE)}
    outcome = {StatementAct.ACCEPT: StatementState.SHOWN, StatementAct.HIDE: StatementState.HIDDEN}
    for act in StatementAct:
        if (state, act) in refused:
            with pytest.raises(MoveError):
                move_statement(state, act)
        else:
            assert move_statement(state, act) == outcome[act]
