"""Counting by declared attribute."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.opinion.disclosure.consultations import Consultation

from tessera.engines.opinion.disclosure.breakdown import Attribute, break_down
from tessera.engines.opinion.errors import DisclosureError

DISTRICT = Attribute("district", ("north", "south"), np.array([0, 0, 1, -1]), optional=True)
AGE = Attribute("age", ("young", "old"), np.array([0, 1, 1, 1]), optional=False)
# North: two agree on a. South: one disagrees on a and passes b. Not said: agrees on b.
BY, ON, VOTES = np.array([0, 1, 2, 2, 3]), np.array([0, 0, 0, 1, 1]), np.array([1, 1, -1, 0, 1])


def counts(tables, statement, attributes):
    return next(table.counts.tolist() for table in tables if table.key == (statement, attributes))


def test_answers_are_counted_by_group_with_not_said_as_one():
    tables = break_down([DISTRICT, AGE], [], ["a", "b"], BY, ON, VOTES)
    assert counts(tables, None, ("district",)) == [[2], [1], [1]]
    assert counts(tables, "a", ("district",)) == [[2, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert counts(tables, "b", ("district",)) == [[0, 0, 0], [0, 0, 1], [1, 0, 0]]
    assert counts(tables, "a", ()) == [[2, 1, 0]]
    assert counts(tables, "a", ("age",)) == [[1, 0, 0], [1, 1, 0]]


def test_a_cross_has_a_row_for_each_pair_of_values():
    tables = break_down([DISTRICT, AGE], [("age", "district")], ["a", "b"], BY, ON, VOTES)
    table = next(table for table in tables if table.key == ("a", ("age", "district")))
    assert len(table.groups) == 6
    assert table.count(("old", "south"), "disagree") == 1
    assert table.count(("young", "south"), "disagree") == 0


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_the_rows_of_every_table_add_up_to_its_total(seed):
    tables = Consultation(seed).tables()
    totals = {table.statement: table.counts[0] for table in tables if not table.attributes}
    for table in tables:
        assert (table.counts.sum(axis=0) == totals[table.statement]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Attribute("age", ("young",), np.array([1]), optional=False), "codes run from 1 to 1"),
        (lambda: Attribute("age", ("young",), np.array([-1]), optional=False), "expected 0 to 0"),
        (lambda: Attribute("age", ("not-said",), np.array([0]), optional=True), "use the code -1"),
        (lambda: break_down([AGE, AGE], [], ["a", "b"], BY, ON, VOTES), "same name"),
        (
            lambda: break_down([AGE], [("age", "sex")], ["a", "b"], BY, ON, VOTES),
            "asks for the attribute sex",
        ),
        (
            lambda: break_down([AGE], [("age", "age")], ["a", "b"], BY, ON, VOTES),
            "two different attributes",
        ),
        (
            lambda: break_down(
                [AGE, DISTRICT], [("age", "district"), ("district", "age")], ["a", "b"], BY, ON, VOTES
            ),
            "each two are crossed once",
        ),
        (lambda: break_down([], [], ["a", "b"], BY, ON, VOTES), "speak of no participants"),
        (lambda: break_down([AGE], [], ["a", "b"], BY, ON, VOTES * 2), "a vote of 2"),
        (lambda: break_down([AGE], [], ["a", "b"], BY + 1, ON, VOTES), "not among the 4"),
        (lambda: break_down([AGE], [], ["a"], BY, ON, VOTES), "not among the 1"),
        (lambda: break_down([AGE], [], ["a", "b"], BY[[0, 0]], ON[[0, 0]], VOTES[[0, 0]]), "two votes"),
        (lambda: break_down([AGE], [], ["a", "b"], BY[:2], ON, VOTES), "2 voters, 5 statements and 5 votes"),
    ],
)
def test_what_cannot_be_counted_is_refused(call, message):
    with pytest.raises(DisclosureError, match=message):
        call()
