"""What staff decided about a consultation can be changed, and what is open stays whole."""

from dataclasses import replace
from datetime import date

import pytest
from tests.builders import make_city
from tests.dialogues import DAY, OPENED_AT, make_consultation, make_plan
from tests.people import make_person

from tessera.apps.dialogue.actions.setting_up import (
    CannotStayOpen,
    Obstacle,
    PhasesOverlap,
    PlannedPhase,
    change_consultation,
)
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Rule
from tessera.apps.network.local_text import LocalText
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

PAST = [PlannedPhase(Rule.VOTE, date(2026, 10, 1), date(2026, 11, 1))]


def change(consultation, plan):
    change_consultation(by=make_person("ilze"), consultation=consultation, plan=plan, at=OPENED_AT)
    return Consultation.objects.get(pk=consultation.pk)


def without_arabic_help():
    return replace(make_plan(languages=("en", "ar")), contact=LocalText("en", {"en": "Room 12."}))


def test_days_of_an_open_consultation_can_be_moved():
    later = [PlannedPhase(Rule.VOTE, date(2026, 11, 5), date(2026, 12, 24))]
    changed = change(make_consultation(make_city()), make_plan(phases=later))
    assert (changed.last_day, changed.phase_on(DAY).rule) == (date(2026, 12, 24), Rule.VOTE)


@pytest.mark.parametrize(
    ("plan", "obstacle"),
    [
        (make_plan(phases=PAST), Obstacle.PHASES_PAST),
        (without_arabic_help(), Obstacle.TEXTS_MISSING),
    ],
)
def test_what_is_open_stays_whole_and_what_is_prepared_need_not_be(plan, obstacle):
    city = make_city()
    running = make_consultation(city)
    with pytest.raises(CannotStayOpen) as refused:
        change(running, plan)
    assert refused.value.obstacles == [obstacle]
    assert Consultation.objects.get(pk=running.pk).last_day == date(2026, 11, 30)

    change(make_consultation(city, slug="later", state=State.DRAFT), plan)


def test_two_rules_never_hold_on_one_day():
    both = [
        PlannedPhase(Rule.SAY, date(2026, 11, 2), date(2026, 11, 12)),
        PlannedPhase(Rule.VOTE, date(2026, 11, 12), date(2026, 11, 30)),
    ]
    with pytest.raises(PhasesOverlap) as refused:
        change(make_consultation(make_city(), state=State.DRAFT), make_plan(phases=both))
    assert (refused.value.starts_on, refused.value.ends_on) == (date(2026, 11, 12), date(2026, 11, 12))


def test_what_is_closed_stays_as_it_is():
    with pytest.raises(MoveError):
        change(make_consultation(make_city(), state=State.CLOSED), make_plan(rule=Rule.VOTE))
