"""A participant says something of their own."""

import pytest
from tests.builders import make_city
from tests.dialogues import DAY, make_consultation, make_entrance, speak, vote

from tessera.apps.dialogue.actions.taking_part import (
    MOST_STATEMENTS,
    NotNow,
    TooManyStatements,
    WrongKey,
    WrongStatement,
    say,
)
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.models import LONGEST_STATEMENT, Choice, Participant, Rule, Statement, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city(), languages=("en", "uk"))


def own():
    return Statement.objects.filter(is_seeded=False)


def test_it_waits_in_the_language_in_which_it_was_written(consultation):
    me = make_entrance(language="uk")
    statement = speak(consultation, "Потрібні вечірні курси.", entrance=me)
    assert (statement.text, statement.language) == ("Потрібні вечірні курси.", "uk")
    assert (statement.state, statement.is_seeded) == (StatementState.PENDING, False)
    assert statement.author == Participant.objects.get()


def test_who_says_it_agrees_with_it(consultation):
    statement = speak(consultation, "More evening courses.")
    assert list(Vote.objects.values_list("participant", "statement", "value")) == [
        (statement.author_id, statement.pk, Choice.AGREE)
    ]


def test_a_form_that_comes_again_brings_no_second_one(consultation):
    me = make_entrance()
    first = speak(consultation, "More evening courses.", entrance=me, key=1)
    assert speak(consultation, "More evening courses.", entrance=me, key=1) == first
    second = speak(consultation, "More evening courses.", entrance=me, key=2)
    assert {first, second} == set(own())


def test_two_people_may_send_the_same_key(consultation):
    """A key is that of a form; that it is made twice is unlikely, and takes nothing from anybody."""
    speak(consultation, "More evening courses.", key=1)
    speak(consultation, "More benches.", key=1)
    assert own().count() == 2


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  More\n\n evening\tcourses ", "More evening courses"),
        ("More\x00 evening\u202e courses", "More evening courses"),
        ("a" * LONGEST_STATEMENT, "a" * LONGEST_STATEMENT),
        # Some blanks at the ends are no letters.
        (f"  {'a' * LONGEST_STATEMENT}  ", "a" * LONGEST_STATEMENT),
        # A letter with its mark beside it is one letter.
        ("a\u0304" * LONGEST_STATEMENT, "\u0101" * LONGEST_STATEMENT),
        ("More\u3164 benches\u115f", "More benches"),
    ],
)
def test_what_is_kept_is_one_line_that_can_be_seen(consultation, written, kept):
    assert speak(consultation, written).text == kept


@pytest.mark.parametrize(
    "written", ["", " \n ", "\u200b", "\u200d", "\u3164", " ... ", "a" * (LONGEST_STATEMENT + 1)]
)
def test_nothing_and_too_much_are_refused_and_nobody_joins_by_them(consultation, written):
    with pytest.raises(WrongStatement):
        speak(consultation, written)
    assert not Participant.objects.exists()


def test_one_participant_says_so_many_and_no_more(consultation):
    me = make_entrance()
    for number in range(MOST_STATEMENTS):
        speak(consultation, f"Thought {number}.", entrance=me, key=number)
    with pytest.raises(TooManyStatements):
        speak(consultation, "One more.", entrance=me, key=MOST_STATEMENTS)
    # What came before may come again.
    speak(consultation, "Thought 0.", entrance=me, key=0)
    assert own().count() == MOST_STATEMENTS
    speak(consultation, "Somebody else's.")


@pytest.mark.parametrize("about", [{"state": State.DRAFT}, {"state": State.CLOSED}, {"rule": Rule.VOTE}])
def test_no_statements_are_taken_outside_their_phases(about):
    consultation = make_consultation(make_city(), **about)
    with pytest.raises(NotNow):
        speak(consultation, "More evening courses.")
    assert not own().exists()


def test_where_statements_alone_are_taken_they_are():
    consultation = make_consultation(make_city(), rule=Rule.SAY)
    speak(consultation, "More evening courses.")
    with pytest.raises(NotNow):
        vote(consultation, consultation.statements.first())


def test_a_wrong_key_is_refused(consultation):
    with pytest.raises(WrongKey):
        say(consultation=consultation, entrance=make_entrance(), text="A thought.", key="x", day=DAY)
