"""The adversary: against a textbook, against listing every table, and on figures by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.opinion.disclosure.tables_by_hand import X, crossed, one_way, publication
from tests.oracles.cell_suppression import HIDDEN_CELLS, INVESTMENT, SENSITIVE, SENSITIVE_INTERVAL

from tessera.engines.opinion.disclosure.attack import pin_down
from tessera.engines.opinion.disclosure.equations import Guess
from tessera.engines.opinion.disclosure.tables import HIDDEN

EVERYTHING = 10**6


def ranges(publications, statement="s", **wanted):
    """The interval of each hidden count of a statement, by group and answer."""
    return {
        (found.figure.group, found.figure.answer): (found.low, found.high)
        for found in pin_down(publications, enough=EVERYTHING).hidden
        if found.figure.statement == statement
        and all(getattr(found.figure, name) == value for name, value in wanted.items())
    }


def test_the_sensitive_cell_of_the_textbook_lies_where_the_textbook_says():
    found = ranges([publication(crossed(INVESTMENT, hidden=HIDDEN_CELLS))], statement=None)
    activity, region = SENSITIVE
    assert found[(f"activity {activity}", f"region {region}"), "participants"] == SENSITIVE_INTERVAL
    assert len(found) == len(HIDDEN_CELLS)


def test_one_hidden_cell_in_a_column_is_pinned_by_the_total():
    tables = one_way([[30, 20, 15], [25, X, 12]], [90, 80], totals=[55, 23, 27])
    (pinned,) = pin_down([publication(tables)], enough=10).pinned
    assert (pinned.figure.group, pinned.figure.answer, pinned.low) == (("d1",), "disagree", 3)


def test_participants_bound_the_answers_of_their_group():
    tables = one_way([[30, X, 15], [25, X, 12]], [90, 41], totals=[55, 23, 27])
    assert ranges([publication(tables)]) == {(("d0",), "disagree"): (19, 23), (("d1",), "disagree"): (0, 4)}


def test_what_the_total_alone_says_is_not_called_pinned():
    tables = one_way([[30, X, 15], [25, X, 12]], [90, 80], totals=[55, 0, 27])
    attack = pin_down([publication(tables)], enough=10)
    assert [(found.low, found.high, found.widest) for found in attack.hidden] == [(0, 0, 0)] * 2
    assert attack.pinned == ()


def test_a_shown_cell_of_few_people_is_revealed():
    attack = pin_down([publication(one_way([[30, 20, 15], [25, 3, 12]], [90, 80]))], enough=10)
    assert [(found.figure.group, found.low) for found in attack.revealed] == [(("d1",), 3)]


def test_a_shown_difference_of_few_people_is_revealed():
    first = publication(one_way([[30, 20, 15], [25, 12, 12]], [90, 80]))
    second = publication(one_way([[31, 20, 15], [45, 12, 12]], [91, 100]))
    revealed = {
        (found.figure.statement, found.figure.group, found.figure.answer): found.low
        for found in pin_down([first, second], enough=10).revealed
    }
    assert revealed == {("s", ("d0",), "agree"): 1, (None, ("d0",), "participants"): 1}


def test_who_came_between_two_publications_is_pinned_when_nobody_left():
    first = publication(one_way([[30, 20, 15], [25, 12, 12], [40, 30, 20]], [90, 80, 99]))
    second = publication(
        one_way([[X, 20, 15], [X, 12, 12], [52, 30, 20]], [90, 80, 112], totals=[108, 62, 47], people=282)
    )
    pinned = {
        (found.figure.group, found.figure.since): found.low
        for found in pin_down([first, second], enough=10).pinned
        if found.figure.guess is Guess.NO_VOTE_CHANGED and found.figure.statement == "s"
    }
    assert pinned == {}
    third = publication(
        one_way([[X, 20, 15], [X, 12, 12], [52, 30, 20]], [90, 80, 112], totals=[107, 62, 47], people=282)
    )
    pinned = {
        (found.figure.group, found.figure.since): found.low
        for found in pin_down([first, third], enough=10).pinned
        if found.figure.guess is Guess.NO_VOTE_CHANGED and found.figure.statement == "s"
    }
    assert pinned == {(("d0",), None): 30, (("d1",), None): 25, (("d0",), 0): 0, (("d1",), 0): 0}


def test_a_guess_that_contradicts_the_figures_says_nothing():
    first = publication(one_way([[30, 20, 15], [25, 12, X]], [90, 80], totals=[55, 32, 27]))
    second = publication(one_way([[X, X, 15], [X, X, X]], [90, 80], totals=[40, 32, 27]))
    guesses = {found.figure.guess for found in pin_down([first, second], enough=10).hidden}
    assert guesses == set(Guess) - {Guess.NO_VOTE_CHANGED, Guess.NOBODY_ERASED}


def every_table(shape, sums, caps):
    """All whole-number tables with given column sums and at most so many people in a row."""
    columns = [
        [column for column in itertools.product(range(total + 1), repeat=shape) if sum(column) == total]
        for total in sums
    ]
    for table in itertools.product(*columns):
        table = np.array(table).T
        if (table.sum(axis=1) <= caps).all():
            yield table


small_tables = st.integers(2, 3).flatmap(
    lambda rows: st.tuples(
        st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=rows, max_size=rows),
        st.lists(st.integers(0, 2), min_size=rows, max_size=rows),
        st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=rows, max_size=rows),
    )
)


@given(small_tables)
@settings(max_examples=40, deadline=None)
def test_the_intervals_are_those_of_listing_every_table(drawn):
    counts, silent, hidden = (np.array(part) for part in drawn)
    hidden = hidden.astype(bool)
    caps = counts.sum(axis=1) + silent
    published = publication(
        one_way(np.where(hidden, HIDDEN, counts).tolist(), caps.tolist(), totals=counts.sum(axis=0))
    )
    fitting = np.array(
        [
            table
            for table in every_table(len(counts), counts.sum(axis=0), caps)
            if (table[~hidden] == counts[~hidden]).all()
        ]
    )
    answers = ("agree", "disagree", "pass")
    assert ranges([published]) == {
        ((f"d{row}",), answers[column]): (fitting[:, row, column].min(), fitting[:, row, column].max())
        for row, column in np.argwhere(hidden).tolist()
    }


@pytest.mark.parametrize(
    ("guess", "expected"),
    [
        (Guess.NOTHING, {(("d0",), "agree"): (0, 5), (("d1",), "agree"): (0, 5)}),
        (Guess.NO_VOTE_CHANGED, {(("d0",), "agree"): (2, 4), (("d1",), "agree"): (1, 3)}),
    ],
)
def test_earlier_counts_are_the_least_when_nobody_left(guess, expected):
    first = publication(one_way([[2, 1, 0], [1, 1, 1]], [9, 9]), threshold=2)
    second = publication(one_way([[X, 1, 0], [X, 1, 1]], [9, 9], totals=[5, 2, 1]), threshold=2)
    assert ranges([first, second], publication=1, since=None, guess=guess) == expected
