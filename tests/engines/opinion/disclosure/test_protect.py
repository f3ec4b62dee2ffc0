"""What leaves through the door: by hand, against the adversary, over many invented consultations.

With TESSERA_FAULTS=full, as `make faults` sets it, they are a thousand.
"""

import dataclasses
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.opinion.disclosure.consultations import Consultation
from tests.engines.opinion.disclosure.tables_by_hand import X, crossed, one_way, publication, shown
from tests.oracles.cell_suppression import INVESTMENT, SENSITIVE

from tessera.engines.opinion.disclosure.attack import pin_down
from tessera.engines.opinion.disclosure.protect import protect
from tessera.engines.opinion.disclosure.tables import HIDDEN, Table
from tessera.engines.opinion.errors import DisclosureError

PEOPLE = [90, 80, 70]
CONSULTATIONS = 1000 if os.environ.get("TESSERA_FAULTS") == "full" else 100


def exposed(publications, threshold=10):
    """What few people make up and a reader knows: simply shown, or pinned down."""
    attack = pin_down(publications, enough=1)
    return [*attack.revealed, *(found for found in attack.pinned if abs(found.low) < threshold)]


def only_few_hidden(tables, threshold=10):
    """Primary suppression and no more."""
    return publication(
        (table.with_hidden(table.counts < threshold) if table.attributes else table for table in tables),
        threshold,
    )


def all_hidden(tables):
    return publication(
        table.with_hidden(np.ones(table.counts.shape, dtype=bool)) if table.attributes else table
        for table in tables
    )


def test_tables_without_small_cells_stay_as_they_are():
    counts = [[30, 20, 15], [25, 13, 12], [18, 14, 11]]
    published = protect(one_way(counts, PEOPLE), [])
    assert shown(published) == counts
    assert published.withheld() == ()


def test_a_small_cell_takes_the_smallest_other_one_of_its_column_with_it():
    published = protect(one_way([[30, 20, 15], [25, 3, 12], [18, 14, 11]], PEOPLE), [])
    assert shown(published) == [[30, 20, 15], [25, X, 12], [18, X, 11]]


def test_two_small_cells_that_hold_too_few_together_take_a_third():
    published = protect(one_way([[30, 20, 15], [25, 3, 12], [18, 4, 11]], PEOPLE), [])
    assert shown(published) == [[30, X, 15], [25, X, 12], [18, X, 11]]


def test_a_group_in_which_all_agree_does_not_show_that_nobody_disagrees():
    published = protect(one_way([[30, 20, 15], [40, 0, 0], [18, 14, 11]], PEOPLE), [])
    assert shown(published) == [[30, 20, 15], [40, X, X], [18, X, X]]


def test_a_cell_is_hidden_where_the_participants_would_bound_its_neighbour():
    # 38 of 40 people agree: shown, that leaves room for 2, and a reader knows that fewer than 10 disagree.
    published = protect(one_way([[30, 20, 15], [38, 2, 0], [18, 14, 11]], [90, 40, 70]), [])
    assert published.table("s", ("district",)).count(("d1",), "agree") is None


def test_a_cell_that_can_hardly_rise_must_be_able_to_fall():
    # 8 of the 12 people of d0 disagree. Of those 8, d1 could take 2 and no more: it has 74 participants.
    counts = [[2, 8, 1], [25, 14, 33], [18, 40, 13]]
    published = protect(one_way(counts, [12, 74, 200]), [])
    (cell,) = (
        found
        for found in pin_down([published], enough=10**6).hidden
        if (found.figure.group, found.figure.answer) == (("d0",), "disagree")
    )
    assert (cell.low <= 2, cell.high) == (True, 12)


def test_a_group_of_few_participants_shows_no_answers():
    published = protect(one_way([[30, 20, 15], [4, 0, 1], [18, 14, 11]], [90, 6, 70]), [])
    assert shown(published, None)[1] == [X]
    assert shown(published)[1] == [X, X, X]


def test_totals_are_shown_whatever_they_are():
    published = protect(one_way([[30, 2, 15], [25, 3, 12]], [90, 80]), [])
    assert shown(published, "s", ()) == [[55, 5, 27]]


def test_a_cell_that_one_person_joined_is_not_shown_anew():
    first = protect(one_way([[30, 20, 15], [25, 13, 12], [18, 14, 11]], PEOPLE), [])
    second = protect(one_way([[31, 20, 15], [45, 13, 12], [38, 14, 11]], [91, 100, 90]), [first])
    assert shown(second, None)[0] == [X]
    assert shown(second)[0] == [X, X, X]
    assert exposed([first, second]) == []


def test_the_same_figures_may_be_shown_again():
    tables = one_way([[30, 20, 15], [25, 3, 12], [18, 14, 11]], PEOPLE)
    first = protect(tables, [])
    second = protect(tables, [first])
    assert shown(second) == shown(first)
    assert pin_down([first, second], enough=1).pinned == ()


def test_a_cell_is_shown_anew_once_enough_people_came():
    first = protect(one_way([[30, 20, 15], [25, 13, 12], [18, 14, 11]], PEOPLE), [])
    counts = [[45, 40, 30], [40, 33, 27], [33, 34, 26]]
    assert shown(protect(one_way(counts, [150, 140, 130]), [first])) == counts


def test_an_erased_person_is_not_seen_in_the_difference():
    first = protect(one_way([[30, 20, 15], [25, 13, 12], [18, 14, 11]], PEOPLE), [])
    second = protect(one_way([[30, 20, 15], [25, 13, 12], [17, 14, 11]], [90, 80, 69]), [first])
    assert exposed([first, second]) == []
    assert shown(second)[2] == [X, X, X]


def test_the_textbook_table_hides_a_way_round_for_its_sensitive_cell():
    counts = np.array(INVESTMENT)
    counts[SENSITIVE] = 4
    published = protect(crossed(counts), [])
    inner = np.array(shown(published, None, ("activity", "region"))).reshape(3, 3)
    hidden = inner == HIDDEN
    small = counts < 10
    assert hidden[small].all()
    assert (hidden.sum(axis=0) != 1).all()
    assert (hidden.sum(axis=1) != 1).all()
    assert not exposed([published])


def test_crosses_are_protected_together_with_their_margins():
    consultation = next(found for seed in range(100) if (found := Consultation(seed)).crossed)
    tables = consultation.tables()
    assert exposed([only_few_hidden(tables)]) != []
    assert exposed([protect(tables, [])]) == []


def test_no_consultation_gives_anything_away():
    publications = 0
    for seed in range(CONSULTATIONS):
        consultation = Consultation(seed)
        published = []
        for _ in range(consultation.n_publications):
            published.append(protect(consultation.tables(), published))
            consultation.live_on()
        assert exposed(published) == [], f"consultation {seed}"
        publications += len(published)
    assert publications > 1.5 * CONSULTATIONS


def test_without_secondary_suppression_most_consultations_give_something_away():
    broken = sum(exposed([only_few_hidden(Consultation(seed).tables())]) != [] for seed in range(100))
    assert broken > 40


def test_without_a_look_at_earlier_publications_differences_give_people_away():
    broken = 0
    for seed in range(30):
        consultation = Consultation(seed)
        first = protect(consultation.tables(), [])
        consultation.live_on()
        broken += exposed([first, protect(consultation.tables(), [])]) != []
    assert broken > 7


@given(st.integers(2000, 10**6))
@settings(max_examples=8, deadline=None)
def test_a_publication_narrows_no_hidden_figure_below_what_was_public_anyway(seed):
    consultation = Consultation(seed)
    published = []
    for _ in range(consultation.n_publications):
        tables = consultation.tables()
        anyway = {
            found.figure: found.high - found.low
            for found in pin_down([*published, all_hidden(tables)], enough=10).hidden
        }
        published.append(protect(tables, published))
        for found in pin_down(published, enough=10).hidden:
            assert found.high - found.low >= min(10, anyway.get(found.figure, 10), found.widest)
        consultation.live_on()


@given(st.integers(2000, 10**6))
@settings(max_examples=15, deadline=None)
def test_every_shown_count_is_true_and_not_small(seed):
    tables = Consultation(seed).tables()
    published = protect(tables, [])
    for true, table in zip(tables, published.tables, strict=True):
        visible = table.counts != HIDDEN
        assert (table.counts[visible] == true.counts[visible]).all()
        assert not table.attributes or (table.counts[visible] >= 10).all()


def test_the_order_of_groups_does_not_change_what_is_hidden():
    counts, order = np.array([[30, 20, 15], [25, 3, 12], [18, 14, 11]]), [2, 0, 1]
    straight = protect(one_way(counts, PEOPLE), [])
    turned = protect(one_way(counts[order], np.array(PEOPLE)[order]), [])
    assert np.array_equal(np.array(shown(straight))[order], shown(turned))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda tables: tables[:2] + tables[3:], "needs the total over everybody"),
        (lambda tables: [tables[0], *tables[2:]], "the participants by the same attributes"),
        (lambda tables: [*tables, tables[-1]], "a table comes twice"),
        (lambda tables: one_way([[30, 20, X]], [90], totals=[30, 20, 4]), "holds hidden cells"),
        (
            lambda tables: one_way([[30, 20, 4]], [90], totals=[31, 20, 4]),
            "30 people for agree, the total says 31",
        ),
    ],
)
def test_tables_that_cannot_be_protected_are_refused(change, message):
    with pytest.raises(DisclosureError, match=message):
        protect(change(one_way([[30, 20, 15], [25, 13, 12]], [90, 80])), [])


def test_a_threshold_of_one_is_refused():
    with pytest.raises(DisclosureError, match="at least 2"):
        protect([], [], threshold=1)


def test_an_earlier_breakdown_without_its_total_is_refused():
    tables = one_way([[30, 20, 15], [25, 13, 12]], [90, 80])
    earlier = dataclasses.replace(publication(tables), tables=tuple(tables[1:]))
    with pytest.raises(DisclosureError, match="without its total"):
        protect(tables, [earlier])


def test_a_statement_that_came_later_has_no_history():
    first = publication(one_way([[30, 20, 15], [25, 13, 12]], [90, 80])[:2])
    counts = [[30, 20, 15], [25, 13, 12]]
    assert shown(protect(one_way(counts, [90, 80]), [first])) == counts


def test_a_group_that_came_later_is_looked_at_from_then_on():
    first = protect(one_way([[30, 20, 15], [25, 13, 12]], [90, 80]), [])
    second = protect(one_way([[45, 40, 30], [40, 33, 27], [3, 4, 2]], [150, 140, 30]), [first])
    assert shown(second)[2] == [X, X, X]
    assert exposed([first, second]) == []


def test_tables_are_matched_by_what_they_count():
    tables = one_way([[30, 20, 15], [25, 3, 12], [18, 14, 11]], PEOPLE)
    other = [Table("t", table.attributes, table.groups, table.counts) for table in tables if table.statement]
    published = protect([*tables, *other], [])
    assert shown(published, "t") == shown(published, "s")
