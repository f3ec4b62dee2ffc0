from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.best_worst import (
    ALTERNATIVES,
    COUNTED_BEST,
    COUNTED_DIFFERENCE,
    COUNTED_ORDER,
    COUNTED_TASKS,
    COUNTED_WORST,
    PAIRED_SHARES,
)

from tessera.engines.portfolio.errors import ChoiceError
from tessera.engines.portfolio.maxdiff import Choice, count_choices

ITEMS = ("bus", "park", "school", "clinic", "square")
NORMAL_975 = 1.959964  # printed tables
STUDENT_975 = {7: 2.364624, 9: 2.262157, 39: 2.022691}


def choose(person, *shown, best, worst):
    return Choice(person, shown, best, worst)


@st.composite
def panels(draw):
    choices = []
    for _ in range(draw(st.integers(1, 12))):
        shown = draw(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=4, unique=True))
        best, worst = draw(st.permutations(shown))[:2]
        choices.append(Choice(draw(st.sampled_from(["anna", "ben", "cilda"])), tuple(shown), best, worst))
    return choices


def test_the_worked_example_is_counted_as_printed():
    choices = [Choice("respondent", *task) for task in COUNTED_TASKS]
    counts = count_choices(choices, ALTERNATIVES)
    assert counts.n_persons == 1
    assert counts.n_tasks == 6
    assert tuple(counts.shown) == (3, 3, 3, 3, 3, 3)
    assert tuple(counts.best) == COUNTED_BEST
    assert tuple(counts.worst) == COUNTED_WORST
    assert counts.score == pytest.approx(np.array(COUNTED_DIFFERENCE) / 3, rel=1e-12)
    assert tuple(counts.rank) == COUNTED_ORDER


def test_a_person_with_one_order_in_mind_scores_the_items_evenly():
    # All ten triples of five items. The first is in C(4, 2) = 6 of them and always best; the second is best
    # where the first is not: C(3, 2) = 3; the third is best once and worst once; and so on, mirrored.
    choices = [Choice("anna", triple, triple[0], triple[2]) for triple in combinations(ITEMS, 3)]
    counts = count_choices(choices, ITEMS)
    assert counts.best.tolist() == [6, 3, 1, 0, 0]
    assert counts.worst.tolist() == [0, 0, 1, 3, 6]
    assert counts.score.tolist() == [1.0, 0.5, 0.0, -0.5, -1.0]


def test_the_interval_is_the_published_one_but_for_student_s_t():
    data = PAIRED_SHARES
    answers = (
        [("bus", "park")] * data["one_way"]
        + [("park", "bus")] * data["other_way"]
        + [("park", "school")] * (data["n"] - data["one_way"] - data["other_way"])
    )
    choices = [
        choose(f"person {number}", "bus", "park", "school", best=best, worst=worst)
        for number, (best, worst) in enumerate(answers)
    ]
    counts = count_choices(choices, ITEMS)
    half = (data["high"] - data["low"]) / 2 * STUDENT_975[data["n"] - 1] / NORMAL_975
    centre = (data["high"] + data["low"]) / 2
    assert counts.score[0] == 22 / 40
    assert counts.low[0] == pytest.approx(centre - half, abs=1e-6)
    assert counts.high[0] == pytest.approx(centre + half, abs=1e-6)


def test_the_interval_keeps_a_width_where_all_agree():
    # Eight persons and the two that are added: centre 8 / 10, squares 8 * 0.04 + 0.04 + 3.24 = 3.6.
    choices = [choose(str(n), "bus", "park", best="bus", worst="park") for n in range(8)]
    counts = count_choices(choices, ITEMS)
    low = 0.8 - STUDENT_975[7] * 3.6**0.5 / 10
    assert counts.score[:2].tolist() == [1.0, -1.0]
    assert counts.low[:2] == pytest.approx([low, -1.0], abs=1e-6)
    assert counts.high[:2] == pytest.approx([1.0, -low], abs=1e-6)


def test_many_answers_of_one_person_are_no_more_persons():
    # Ten persons of three tasks; five always find it best, five worst: squares 10 * 9 + 2, places 30 + 2.
    # With thirty persons of one task the squares would be 32, and the interval far narrower.
    choices = [
        choose(str(n), "bus", "park", best="bus" if n < 5 else "park", worst="park" if n < 5 else "bus")
        for n in range(10)
    ] * 3
    counts = count_choices(choices, ITEMS)
    assert counts.n_persons == 10
    assert counts.high[0] == pytest.approx(STUDENT_975[9] * 92**0.5 / 32, abs=1e-6)


def test_the_interval_holds_the_score_of_all_nineteen_times_in_twenty():
    # A city of three sorts of people, each with one order in mind; a person answers all ten triples. The
    # score of all is then 1, 0.5, 0, -0.5, -1 down each order, weighted by how many are of the sort.
    orders, shares = [(0, 1, 2, 3, 4), (2, 0, 4, 1, 3), (4, 1, 0, 3, 2)], [0.5, 0.3, 0.2]
    scores = np.array([[1 - order.index(item) / 2 for item in range(5)] for order in orders])
    everybody = shares @ scores
    rng = np.random.default_rng(1)
    held = []
    for _ in range(200):
        choices = []
        for person, sort in enumerate(rng.choice(3, size=8, p=shares)):
            for triple in combinations(orders[sort], 3):
                names = tuple(ITEMS[place] for place in triple)
                choices.append(Choice(str(person), names, names[0], names[2]))
        counts = count_choices(choices, ITEMS)
        held.append((counts.low <= everybody) & (everybody <= counts.high))
    assert 0.93 <= np.mean(held) <= 0.99


def test_an_item_that_was_never_shown_has_no_score_and_no_rank():
    counts = count_choices(
        [choose("anna", "bus", "park", best="bus", worst="park")], ["park", "clinic", "bus"]
    )
    assert counts.rank.tolist() == [2, 0, 1]
    assert counts.score.tolist() == pytest.approx([-1.0, np.nan, 1.0], nan_ok=True)
    assert np.isnan(counts.low[1])


def test_one_person_alone_gives_scores_without_an_interval():
    choices = [choose("anna", "bus", "park", best="bus", worst="park")] * 3
    counts = count_choices([*choices, choose("ben", "bus", "school", best="bus", worst="school")], ITEMS)
    # Two persons saw the bus, one each the others.
    assert np.isnan(counts.low[:3]).tolist() == [False, True, True]
    assert np.isnan(counts.high[:3]).tolist() == [False, True, True]


def test_equal_shares_of_different_counts_tie():
    # The bus: best in 1 of 3. The clinic: best in 2 of 6.
    choices = [choose("anna", "bus", "park", best="bus", worst="park")]
    choices += [choose("anna", "bus", "park", "school", best="park", worst="school")] * 2
    choices += [choose("ben", "clinic", "square", best="clinic", worst="square")] * 2
    choices += [choose("ben", "clinic", "square", "park", best="square", worst="park")] * 4
    counts = count_choices(choices, ITEMS)
    assert counts.score[0] == counts.score[3] == 1 / 3
    assert counts.rank[0] == counts.rank[3]


@given(panels(), st.randoms(use_true_random=False))
def test_neither_the_order_of_answers_nor_that_of_items_counts(choices, random):
    counts = count_choices(choices, ITEMS)
    shuffled = random.sample(choices, len(choices))
    order = random.sample(range(len(ITEMS)), len(ITEMS))
    other = count_choices(shuffled, [ITEMS[place] for place in order])
    for name in ("shown", "best", "worst", "score", "rank"):
        np.testing.assert_array_equal(getattr(other, name), getattr(counts, name)[order])
    np.testing.assert_allclose(other.low, counts.low[order], atol=1e-12)
    np.testing.assert_allclose(other.high, counts.high[order], atol=1e-12)


@given(panels())
def test_every_task_has_one_best_and_one_worst_and_the_score_lies_in_its_interval(choices):
    counts = count_choices(choices, ITEMS)
    assert counts.best.sum() == counts.worst.sum() == len(choices)
    assert counts.shown.sum() == sum(len(choice.shown) for choice in choices)
    known = ~np.isnan(counts.low)
    assert (counts.low[known] <= counts.score[known]).all()
    assert (counts.score[known] <= counts.high[known]).all()
    assert (counts.low[known] < counts.high[known]).all()
    assert (np.abs(counts.low[known]) <= 1).all()
    assert (np.abs(counts.high[known]) <= 1).all()


@given(panels())
def test_asking_for_the_worst_first_turns_the_scores_over(choices):
    counts = count_choices(choices, ITEMS)
    turned = count_choices([replace(c, best=c.worst, worst=c.best) for c in choices], ITEMS)
    np.testing.assert_array_equal(turned.score, -counts.score)
    np.testing.assert_allclose(turned.low, -counts.high, atol=1e-12)


GOOD = choose("anna", "bus", "park", "school", best="bus", worst="park")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (replace(GOOD, worst="bus"), r"choice 2, of 'anna': 'bus' is both the best and the worst"),
        (
            replace(GOOD, best="clinic"),
            r"choice 2, of 'anna': the best, 'clinic', was not shown; expected one",
        ),
        (replace(GOOD, worst=""), r"the worst, '', was not shown; .* Leave out a task that was not answered"),
        (replace(GOOD, shown=("bus", "park", "buss")), r"choice 2, of 'anna': 'buss' is not in the list"),
        (replace(GOOD, shown=("bus", "park", "bus")), r"'bus' was shown twice in one task"),
        (replace(GOOD, shown=("bus",)), r"1 items were shown; a best and a worst need at least two"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_number_and_person(choice, message):
    with pytest.raises(ChoiceError, match=message):
        count_choices([GOOD, choice], ITEMS)


def test_no_answers_and_poor_lists_of_items_are_refused():
    with pytest.raises(ChoiceError, match="there is no choice to count"):
        count_choices([], ITEMS)
    with pytest.raises(ChoiceError, match="the item 'bus' stands twice in the list of items"):
        count_choices([GOOD], ["bus", "park", "school", "bus"])
    with pytest.raises(ChoiceError, match="the list of items has 1"):
        count_choices([GOOD], ["bus"])
