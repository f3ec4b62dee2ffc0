"""What becomes of each theme, and of each contribution outside one, before a city has answered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.apps.dialogue.summed_up import answer, decide, hold_and_end, publish, said_by_people, sum_up, write
from tests.dialogues import words
from tests.people import make_person

from tessera.apps.dialogue.actions.answering import (
    CannotAnswer,
    NotInEveryLanguage,
    NotOutside,
    Obstacle,
    decide_statements,
    decide_theme,
    obstacles_to_answering,
    publish_answer,
)
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement, merge_statement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Disposition, HidingReason, Outcome, Statement
from tessera.apps.dialogue.what_became import contributions_outside, undisposed
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate()


def say_of(
    consultation, *statements, outcome=Outcome.NOT_ADOPTED, reason="There is no money.", at=NOW, **also
):
    decide_statements(
        by=make_person("ilze"),
        consultation=consultation,
        statements=[each.pk for each in statements],
        outcome=outcome,
        reason=words(reason, **also),
        at=at,
    )


def answer_now(consultation):
    publish_answer(by=make_person("ilze"), consultation=consultation, at=NOW)


def test_every_theme_and_every_contribution_outside_one_waits_for_an_answer():
    consultation = sum_up()
    [theme] = consultation.themes.all()
    [_, outside] = said_by_people(consultation)
    found = undisposed(consultation)
    assert (found.themes, found.statements) == ([theme], [outside])
    assert found


def test_the_citys_own_statements_and_hidden_ones_are_no_contributions():
    consultation = sum_up()
    [_, outside] = said_by_people(consultation)
    assert consultation.statements.filter(is_seeded=True).count() == 5
    hide_statement(by=make_person("ilze"), statement=outside, reason=HidingReason.REPEATED, at=NOW)
    assert not contributions_outside(consultation).exists()


def test_nothing_is_answered_before_everything_is_decided():
    consultation = sum_up()
    say_of(consultation, said_by_people(consultation)[1])
    assert obstacles_to_answering(consultation) == [Obstacle.UNDISPOSED]
    with pytest.raises(CannotAnswer):
        answer_now(consultation)
    decide(consultation)
    assert obstacles_to_answering(consultation) == []
    answer_now(consultation)
    consultation.refresh_from_db()
    assert (consultation.state, consultation.answered_on) == (State.ANSWERED, TODAY)
    assert not undisposed(consultation)


def test_a_reason_in_one_language_of_two_is_not_enough():
    consultation = sum_up(languages=("en", "lv"))
    decide(consultation)
    assert obstacles_to_answering(consultation) == [Obstacle.REASONS_MISSING]
    decide(consultation, also=("lv",))
    assert obstacles_to_answering(consultation) == []


def test_several_statements_get_the_same_answer_at_once():
    consultation = sum_up(said=("We need benches.", "We need lamps.", "We need trees."))
    [_, lamps, trees] = said_by_people(consultation)
    say_of(consultation, lamps, trees)
    kept = Disposition.objects.order_by("statement").values_list("statement", "outcome", "decided_on")
    assert list(kept) == [(lamps.pk, "not-adopted", TODAY), (trees.pk, "not-adopted", TODAY)]


def test_who_decides_again_writes_over_what_was_decided():
    consultation = sum_up()
    [_, lamps] = said_by_people(consultation)
    say_of(consultation, lamps)
    say_of(consultation, lamps, outcome=Outcome.PARTLY, reason="Six of them.", at=NOW + timedelta(days=1))
    [kept] = Disposition.objects.all()
    assert (kept.outcome, str(kept.reason), kept.decided_on) == (
        "partly",
        "Six of them.",
        TODAY + timedelta(days=1),
    )


def test_what_is_in_a_theme_or_from_the_city_is_not_decided_about_by_itself():
    consultation = sum_up()
    in_theme, outside = said_by_people(consultation)
    for strange in (in_theme, consultation.statements.filter(is_seeded=True).first()):
        with pytest.raises(NotOutside):
            say_of(consultation, outside, strange)
    assert not Disposition.objects.exists()


def test_nothing_is_decided_before_the_themes_are_public():
    consultation = hold_and_end()
    with pytest.raises(MoveError):
        say_of(consultation, *said_by_people(consultation))


def test_what_everybody_can_read_is_not_changed_any_more():
    consultation = answer(sum_up())
    with pytest.raises(MoveError):
        say_of(consultation, said_by_people(consultation)[1])
    with pytest.raises(MoveError):
        decide_theme(
            by=make_person("ilze"),
            theme=consultation.themes.get(),
            outcome=Outcome.PARTLY,
            reason=words("A part."),
            at=NOW,
        )
    assert set(Disposition.objects.values_list("outcome", flat=True)) == {"adopted"}


def test_a_statement_that_was_shown_after_the_answer_is_answered_later_in_every_language():
    consultation = sum_up(languages=("en", "lv"))
    [_, late] = said_by_people(consultation)
    hide_statement(by=make_person("ilze"), statement=late, reason=HidingReason.UNCLEAR, at=NOW)
    consultation = answer(consultation)
    accept_statement(by=make_person("ilze"), statement=Statement.objects.get(pk=late.pk), at=NOW)
    assert undisposed(consultation).statements == [late]
    with pytest.raises(NotInEveryLanguage):
        say_of(consultation, late)
    say_of(consultation, late, lv="Nav naudas.")
    assert not undisposed(consultation)
    with pytest.raises(MoveError):
        say_of(consultation, late, lv="Naudas nav.")


def test_who_withdraws_what_they_said_takes_its_answer_away_too():
    consultation = answer(sum_up())
    [_, outside] = said_by_people(consultation)
    outside.author.delete()
    assert Disposition.objects.filter(statement__isnull=False).count() == 0
    assert Consultation.objects.get().state == State.ANSWERED


def test_what_was_hidden_after_it_was_decided_about_needs_no_other_language():
    consultation = sum_up(languages=("en", "lv"))
    [_, outside] = said_by_people(consultation)
    say_of(consultation, outside)
    [theme] = consultation.themes.all()
    decide_theme(
        by=make_person("ilze"),
        theme=theme,
        outcome=Outcome.ADOPTED,
        reason=words("We do.", lv="Mēs darām."),
        at=NOW,
    )
    assert obstacles_to_answering(consultation) == [Obstacle.REASONS_MISSING]
    hide_statement(by=make_person("ilze"), statement=outside, reason=HidingReason.HOSTILE, at=NOW)
    assert obstacles_to_answering(consultation) == []


def test_a_statement_of_the_city_is_answered_where_what_somebody_said_was_merged_into_it():
    consultation = hold_and_end()
    first, second = said_by_people(consultation)
    seeded = consultation.statements.filter(is_seeded=True).first()
    merge_statement(by=make_person("ilze"), statement=second, into=seeded, at=NOW)
    write(consultation, statements=[first])
    consultation = publish(consultation)
    assert undisposed(consultation).statements == [seeded]
