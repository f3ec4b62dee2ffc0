"""What a participant is asked next."""

from collections import Counter

import numpy as np
import pytest
from tests.builders import make_city
from tests.dialogues import make_consultation, make_entrance, speak, vote

from tessera.apps.dialogue.asking import draw_statements, read_progress
from tessera.apps.dialogue.models import Choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city())


def drawn(consultation, participant=None, *, most=10, after=(), seed=1):
    progress = read_progress(consultation, participant)
    rng = np.random.default_rng(seed)
    statements = draw_statements(consultation, progress, "en", most=most, after=after, rng=rng)
    return [each.pk for each in statements]


def keys(consultation):
    return list(consultation.statements.shown().values_list("pk", flat=True))


def test_each_statement_that_is_shown_comes_once_and_those_that_wait_do_not(consultation):
    speak(consultation, "More benches.")
    assert sorted(drawn(consultation)) == keys(consultation)


def test_what_was_answered_comes_no_more(consultation):
    first, second, *rest = consultation.statements.all()
    me = make_entrance()
    vote(consultation, first, entrance=me)
    participant = vote(consultation, second, Choice.PASS, entrance=me, key=2)
    assert sorted(drawn(consultation, participant)) == [each.pk for each in rest]
    # And is still new to everybody else.
    assert len(drawn(consultation)) == 5
    progress = read_progress(consultation, participant)
    assert (progress.answered, progress.total, progress.is_done) == (2, 5, False)


def test_what_was_put_off_comes_when_nothing_else_is_left(consultation):
    put_off = keys(consultation)[:2]
    for seed in range(20):
        order = drawn(consultation, after=put_off, seed=seed)
        assert set(order[3:]) == set(put_off)
    assert drawn(consultation, after=keys(consultation), most=1)[0] in keys(consultation)


def test_whoever_answered_everything_is_asked_nothing(consultation):
    me = make_entrance()
    for key, statement in enumerate(consultation.statements.all()):
        participant = vote(consultation, statement, entrance=me, key=key)
    assert drawn(consultation, participant) == []
    assert read_progress(consultation, participant).is_done


def test_each_has_the_same_chance_to_come_first(consultation):
    """Of 1,000 draws among five, each comes first 200 times, within 5 standard deviations of 12.6."""
    first = Counter(drawn(consultation, most=1, seed=seed)[0] for seed in range(1000))
    assert set(first) == set(keys(consultation))
    assert all(137 <= count <= 263 for count in first.values())
