"""The landscape: every vote in it once, what is shown ten people apart, and nothing kept of who withdrew."""

import random

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders import make_city
from tests.dialogues import (
    DAY,
    LAST_DAY,
    OPENED_AT,
    make_consultation,
    make_entrance,
    speak,
    vote,
)
from tests.people import make_person

from tessera.apps.dialogue import landscapes
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.jobs import forget_codes, refresh_landscapes
from tessera.apps.dialogue.landscapes import read_priorities, read_shown, read_votes, refresh_landscape
from tessera.apps.dialogue.models import Choice, CountedVotes, HidingReason, Landscape, Vote
from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.live import LiveVotes
from tessera.engines.opinion.loops.choice import fastest

pytestmark = pytest.mark.django_db

SEEDS = tuple(f"Statement number {place}." for place in range(8))


@pytest.fixture
def riga():
    return make_city("riga")


def hold(riga, **about):
    return make_consultation(riga, seeds=SEEDS, **about)


def side(place):
    """Of two camps, one after the other."""
    return Choice.AGREE if place % 2 else Choice.DISAGREE


def take_part(consultation, number, *, first=0):
    """So many people of two camps vote on everything; they are returned."""
    statements = list(consultation.statements.shown().order_by("pk"))
    came = []
    for place in range(first, first + number):
        me = make_entrance()
        for nth, statement in enumerate(statements):
            choice = side(place) if nth < 6 else Choice.AGREE
            if nth == place % 7:
                choice = Choice.PASS
            participant = vote(consultation, statement, choice, entrance=me, key=nth)
        came.append((me, participant))
    return came


def close(consultation):
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=OPENED_AT)
    consultation.refresh_from_db()


def sums_made_anew(consultation):
    return LiveVotes.of(read_votes(consultation), loops=fastest())


def sums_kept(consultation):
    kept = CountedVotes.objects.get(consultation=consultation)
    return LiveVotes.restored(bytes(kept.saved), loops=fastest())


def same(one, other):
    ids = sorted(one.statement_ids)
    return (
        sorted(one.statement_ids) == sorted(other.statement_ids)
        and np.array_equal(one.sums_of(ids).sums, other.sums_of(ids).sums)
        and one.n_votes == other.n_votes
    )


def test_sums_kept_up_to_date_are_those_made_from_all_votes(riga):
    consultation = hold(riga)
    drawn = random.Random(3)
    people = [make_entrance() for _ in range(12)]
    statements = list(consultation.statements.all())
    for turn in range(5):
        for _ in range(30):
            me, statement = drawn.choice(people), drawn.choice(statements)
            choice = drawn.choice(list(Choice))
            vote(consultation, statement, choice, entrance=me, key=drawn.randrange(2**60))
        if turn == 2:
            said = speak(consultation, "Something of my own.", entrance=people[0])
            accept_statement(by=make_person("ilze"), statement=said, at=OPENED_AT)
        assert refresh_landscape(consultation, DAY)
        assert same(sums_kept(consultation), sums_made_anew(consultation))


def test_that_authors_agree_with_themselves_counts_once_others_see_it(riga):
    consultation = hold(riga)
    take_part(consultation, 3)
    said = speak(consultation, "Something of my own.")
    refresh_landscape(consultation, DAY)
    assert str(said.pk) not in sums_kept(consultation).statement_ids
    assert not refresh_landscape(consultation, DAY)
    accept_statement(by=make_person("ilze"), statement=said, at=OPENED_AT)
    refresh_landscape(consultation, DAY)
    assert sums_kept(consultation).n_votes == 3 * 8 + 1
    assert same(sums_kept(consultation), sums_made_anew(consultation))


def test_very_many_votes_are_counted_in_several_rounds_and_shown_when_all_are(riga, monkeypatch):
    monkeypatch.setattr(landscapes, "MOST_COUNTED_AT_ONCE", 50)
    consultation = hold(riga)
    take_part(consultation, 12)
    close(consultation)
    for _ in range(2):
        # 12 people and 8 statements: 96 votes.
        assert read_shown(consultation) is None
        assert refresh_landscape(consultation, LAST_DAY)
    assert read_shown(consultation).overview.n_votes == 96
    assert not refresh_landscape(consultation, LAST_DAY)


def test_where_nothing_came_nothing_is_done(riga):
    consultation = hold(riga)
    assert not refresh_landscape(consultation, DAY)
    take_part(consultation, 3)
    assert refresh_landscape(consultation, DAY)
    assert not refresh_landscape(consultation, DAY)


def test_a_vote_that_is_sent_again_counts_as_nothing_new(riga):
    consultation = hold(riga)
    ((me, _),) = take_part(consultation, 1)
    refresh_landscape(consultation, DAY)
    vote(consultation, consultation.statements.first(), entrance=me, key=0)
    assert not refresh_landscape(consultation, DAY)


@pytest.mark.parametrize("left", [b"", b"torn"])
def test_a_state_that_cannot_be_read_is_made_from_the_votes(riga, left):
    consultation = hold(riga)
    take_part(consultation, 3)
    refresh_landscape(consultation, DAY)
    CountedVotes.objects.update(saved=left)
    take_part(consultation, 1)
    assert refresh_landscape(consultation, DAY)
    assert same(sums_kept(consultation), sums_made_anew(consultation))


def test_a_state_that_lacks_votes_is_doubted_and_made_from_the_votes(riga):
    consultation = hold(riga)
    take_part(consultation, 3)
    refresh_landscape(consultation, DAY)
    before = bytes(CountedVotes.objects.get().saved)
    take_part(consultation, 3)
    refresh_landscape(consultation, DAY)
    # As after a backup of one table that is older than the other.
    CountedVotes.objects.update(saved=before)
    take_part(consultation, 1)
    assert refresh_landscape(consultation, DAY)
    assert same(sums_kept(consultation), sums_made_anew(consultation))


def test_nothing_of_a_person_who_withdraws_stays_in_the_sums(riga):
    consultation = hold(riga)
    (_, leaving), *_ = take_part(consultation, 4)
    refresh_landscape(consultation, DAY)
    withdraw_everything(leaving)
    assert CountedVotes.objects.get().saved is None
    assert refresh_landscape(consultation, DAY)
    assert same(sums_kept(consultation), sums_made_anew(consultation))
    assert sums_kept(consultation).votes_of(str(leaving.pk)) == {}


def test_who_withdraws_while_sums_are_made_is_in_none_of_them(riga, monkeypatch):
    consultation = hold(riga)
    (_, leaving), *_ = take_part(consultation, 4)
    restored = landscapes._restored

    def slowly(sums):
        found = restored(sums)
        withdraw_everything(leaving)
        return found

    monkeypatch.setattr(landscapes, "_restored", slowly)
    # On SQLite and here both are one connection: the revision alone tells.
    assert not refresh_landscape(consultation, DAY)
    assert not Landscape.objects.exists()


def test_before_ten_people_have_voted_nothing_is_shown(riga):
    consultation = hold(riga)
    take_part(consultation, 9)
    refresh_landscape(consultation, DAY)
    assert read_shown(consultation) is None
    take_part(consultation, 1, first=9)
    refresh_landscape(consultation, DAY)
    shown = read_shown(consultation)
    assert (shown.overview.n_people, shown.found_on, shown.is_final) == (10, DAY, False)


def test_what_is_shown_changes_with_ten_more_people_and_not_before(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    take_part(consultation, 9, first=12)
    refresh_landscape(consultation, DAY)
    assert read_shown(consultation).overview.n_people == 12
    take_part(consultation, 1, first=21)
    refresh_landscape(consultation, DAY)
    assert read_shown(consultation).overview.n_people == 22


@pytest.mark.parametrize(("withdraw", "is_shown"), [(9, True), (10, False)])
def test_when_ten_have_withdrawn_and_fewer_are_left_nothing_is_shown_any_more(riga, withdraw, is_shown):
    consultation = hold(riga)
    people = [participant for _, participant in take_part(consultation, 12)]
    refresh_landscape(consultation, DAY)
    for participant in people[:withdraw]:
        withdraw_everything(participant)
    refresh_landscape(consultation, DAY)
    assert (read_shown(consultation) is not None) is is_shown


def test_votes_of_people_who_are_known_change_what_is_wanted_and_not_what_is_shown(riga):
    consultation = hold(riga)
    people = take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    wanted, shown = read_priorities(consultation), Landscape.objects.get().overview
    first = consultation.statements.order_by("pk").first()
    for me, _ in people:
        vote(consultation, first, Choice.AGREE, entrance=me, key=99)
    refresh_landscape(consultation, DAY)
    # All agree with it now, so that it no longer tells anybody apart.
    assert read_priorities(consultation)[first.pk] < wanted[first.pk]
    assert Landscape.objects.get().overview == shown


def test_how_much_votes_are_wanted_is_what_the_engine_finds(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    votes = read_votes(consultation)
    found = find_landscape(votes, np.zeros(8, bool), loops=fastest())
    expected = dict(zip(map(int, votes.statement_ids), found.reading.priority, strict=True))
    assert read_priorities(consultation) == pytest.approx(expected)


def test_a_statement_that_is_hidden_is_out_of_what_is_shown_at_once(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    last = consultation.statements.order_by("pk").last()
    row = read_shown(consultation).overview.rows[str(last.pk)]
    assert row in [one.statement for one in read_shown(consultation).overview.reading.majority["agree"]]
    hide_statement(by=make_person("ilze"), statement=last, reason=HidingReason.HOSTILE, at=OPENED_AT)
    hidden = read_shown(consultation).overview
    assert row not in [one.statement for one in hidden.reading.majority["agree"]]
    assert row not in hidden.together.statements


def test_after_the_end_all_votes_count_though_fewer_than_ten_came_since(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    take_part(consultation, 3, first=12)
    close(consultation)
    assert refresh_landscape(consultation, LAST_DAY)
    shown = read_shown(consultation)
    assert (shown.overview.n_people, shown.is_final, shown.found_on) == (15, True, LAST_DAY)
    assert not refresh_landscape(consultation, LAST_DAY)


def test_after_the_end_no_second_copy_of_the_votes_is_kept(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    close(consultation)
    refresh_landscape(consultation, LAST_DAY)
    assert not CountedVotes.objects.exists()


def test_the_last_landscape_does_not_depend_on_those_before(riga):
    one, other = hold(riga), hold(riga, slug="other")
    # In one, what is shown was found again and again while people came.
    for consultation in (one, other):
        for turn in range(3):
            take_part(consultation, 11, first=11 * turn)
            if consultation == one:
                refresh_landscape(consultation, DAY)
        close(consultation)
        refresh_landscape(consultation, LAST_DAY)
    found, anew = (read_shown(each).overview for each in (one, other))
    assert found.sizes == anew.sizes
    assert found.stability == anew.stability
    assert np.array_equal(found.reading.statistics.tally.agree, anew.reading.statistics.tally.agree)


@pytest.mark.parametrize("people", [0, 9])
def test_one_that_ends_with_fewer_than_ten_people_shows_nothing(riga, people):
    consultation = hold(riga)
    take_part(consultation, people)
    close(consultation)
    assert refresh_landscape(consultation, LAST_DAY)
    assert read_shown(consultation) is None
    assert not refresh_landscape(consultation, LAST_DAY)


def test_after_the_end_figures_change_only_when_ten_have_withdrawn(riga):
    consultation = hold(riga)
    people = [participant for _, participant in take_part(consultation, 25)]
    close(consultation)
    refresh_landscape(consultation, LAST_DAY)
    for participant in people[:9]:
        withdraw_everything(participant)
    assert not refresh_landscape(consultation, LAST_DAY)
    withdraw_everything(people[9])
    assert refresh_landscape(consultation, LAST_DAY)
    assert read_shown(consultation).overview.n_people == 15


def test_another_number_of_groups_is_shown_once_it_was_found_four_times(riga, monkeypatch):
    consultation = hold(riga)
    landscape = Landscape(consultation=consultation)
    found = [2, 3, 3, 2, 3, 3, 3, 3]
    waited = []
    for number in found:
        landscapes._wait_for_number(landscape, number)
        waited.append(landscape.rounds_waiting)
    assert waited == [1, 1, 2, 1, 1, 2, 3, 4]


def test_the_job_goes_through_all_that_are_public(riga):
    one, other = hold(riga), hold(riga, slug="other")
    for consultation in (one, other):
        take_part(consultation, 2)
    assert refresh_landscapes(DAY) == 2
    assert refresh_landscapes(DAY) == 0


def test_when_codes_are_forgotten_the_landscape_stays(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    close(consultation)
    refresh_landscape(consultation, LAST_DAY)
    before = Landscape.objects.get().overview
    assert forget_codes(consultation.codes_kept_until.replace(year=2028)) == 1
    assert refresh_landscapes(LAST_DAY) == 0
    assert Landscape.objects.get().overview == before


def test_two_queries_read_what_is_shown(riga):
    consultation = hold(riga)
    take_part(consultation, 12)
    refresh_landscape(consultation, DAY)
    with CaptureQueriesContext(connection) as asked:
        read_shown(consultation)
    assert len(asked) == 2


def test_every_vote_is_marked_once_it_is_counted_and_unmarked_when_it_changes(riga):
    consultation = hold(riga)
    ((me, _),) = take_part(consultation, 1)
    refresh_landscape(consultation, DAY)
    assert not Vote.objects.filter(is_counted=False).exists()
    vote(consultation, consultation.statements.first(), Choice.DISAGREE, entrance=me, key=77)
    assert Vote.objects.filter(is_counted=False).count() == 1
