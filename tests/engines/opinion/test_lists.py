"""Representative lists: published elections, every group of a few people, and real conversations."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.opinion.small_votes import votes_of
from tests.oracles.approval_elections import (
    BOOK,
    BOOK_STEPS,
    GREEDY_CHAMBERLIN_COURANT,
    RUNNING,
    RUNNING_LARGEST_COVERAGE,
    SEQUENTIAL_PAV,
    TWO_OF_SIX,
    TWO_OF_SIX_LISTS,
    UNJUSTIFIED,
    UNJUSTIFIED_LEFT_OUT,
    UNJUSTIFIED_SEATS,
)

from tessera.engines.opinion.bridging import bridging_scores
from tessera.engines.opinion.errors import NotComputable
from tessera.engines.opinion.lists import (
    Rule,
    check_list,
    find_agreements,
    greedy_chamberlin_courant,
    list_by_score,
    representative_list,
    sequential_pav,
)
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.compiled import Compiled
from tessera.engines.opinion.loops.plain import Plain

LOOPS = fastest()


def matrices(most_people=7, most_statements=6):
    """Votes of a few people on a few statements; the first votes on all, so that each has a vote."""
    vote = st.sampled_from([1, 0, -1, None])
    return st.tuples(st.integers(1, most_people), st.integers(1, most_statements)).flatmap(
        lambda shape: st.tuples(
            st.lists(st.sampled_from([1, 0, -1]), min_size=shape[1], max_size=shape[1]),
            st.lists(
                st.lists(vote, min_size=shape[1], max_size=shape[1]).filter(
                    lambda line: any(cell is not None for cell in line)
                ),
                min_size=shape[0] - 1,
                max_size=shape[0] - 1,
            ),
        ).map(lambda lines: [lines[0], *lines[1]])
    )


def agreements_of(votes, people=None, out=(), loops=None):
    moderated_out = np.isin(np.arange(len(votes.statement_ids)), list(out))
    everyone = np.ones(len(votes.participant_ids), dtype=bool)
    return find_agreements(
        votes, everyone if people is None else np.array(people), moderated_out, loops=loops or LOOPS
    )


def election(ballots):
    """Agreements of voters of whom each saw all candidates and approves of some; candidates are letters."""
    candidates = sorted(set("".join(ballots)))
    lines = [
        [2 * (name in ballot) - 1 for name in candidates]
        for ballot in ballots
        for _ in range(ballots[ballot])
    ]
    return agreements_of(votes_of(lines, statements=candidates))


def letters(agreements, places):
    return "".join(agreements.votes.statement_ids[list(places)])


def pav_in_fractions(matrix, length):
    """By the definition alone, the whole sum anew for each statement."""
    agreed = [{place for place, vote in enumerate(line) if vote == 1} for line in matrix]
    votes = {place: sum(place in own for own in agreed) for place in range(len(matrix[0]))}
    found = []
    while len(found) < length:
        gains = {
            place: sum(Fraction(1, 1 + len(own & set(found))) for own in agreed if place in own)
            for place in votes
            if votes[place] and place not in found
        }
        if not gains:
            break
        found.append(max(gains, key=lambda place: (gains[place], votes[place], -place)))
    return tuple(found)


def largest_group_left_out(matrix, listed):
    """By the definition alone: every group of people is looked at."""
    agreed = [{place for place, vote in enumerate(line) if vote == 1} for line in matrix]
    largest = 0
    for size in range(1, len(agreed) + 1):
        for group in combinations(agreed, size):
            if set.intersection(*group) and not set.union(*group) & set(listed):
                largest = size
    return largest


@pytest.mark.parametrize("name", SEQUENTIAL_PAV)
def test_sequential_pav_elects_the_published_committees(name):
    ballots, seats, committee = SEQUENTIAL_PAV[name]
    agreements = election(ballots)
    assert set(letters(agreements, sequential_pav(agreements, seats, loops=LOOPS))) == set(committee)


@pytest.mark.parametrize("name", GREEDY_CHAMBERLIN_COURANT)
def test_greedy_chamberlin_courant_elects_the_published_committees(name):
    ballots, seats, committee = GREEDY_CHAMBERLIN_COURANT[name]
    agreements = election(ballots)
    found = greedy_chamberlin_courant(agreements, seats, loops=LOOPS)
    assert set(letters(agreements, found)) == set(committee)


def test_sequential_pav_takes_the_steps_of_the_book():
    agreements = election(BOOK)
    assert letters(agreements, sequential_pav(agreements, 2, loops=LOOPS)) == BOOK_STEPS


def test_greedy_chamberlin_courant_reaches_everybody_in_the_running_example():
    agreements = election(RUNNING)
    found = greedy_chamberlin_courant(agreements, 4, loops=LOOPS)
    assert set(letters(agreements, found)) == RUNNING_LARGEST_COVERAGE
    assert check_list(agreements, found, loops=LOOPS).coverage == 1


def test_where_sequential_pav_leaves_too_many_out_the_other_rule_makes_the_list(loops):
    agreements = election(UNJUSTIFIED)
    by_pav = sequential_pav(agreements, UNJUSTIFIED_SEATS, loops=loops)
    check = check_list(agreements, by_pav, loops=loops)
    assert letters(agreements, [check.left_out_statement]) == UNJUSTIFIED_LEFT_OUT
    assert (check.largest_left_out, check.is_justified) == (120, False)
    assert check.jr_ratio == pytest.approx(120 / 119.9)
    found = representative_list(agreements, UNJUSTIFIED_SEATS, loops=loops)
    assert found.rule is Rule.GREEDY_CHAMBERLIN_COURANT
    assert UNJUSTIFIED_LEFT_OUT in letters(agreements, found.statements)
    assert found.check.is_justified


def test_as_many_as_deserve_a_statement_and_have_none_make_a_list_unjustified():
    agreements = election(TWO_OF_SIX)
    for listed, is_justified in TWO_OF_SIX_LISTS.items():
        places = ["abcd".index(name) for name in listed]
        assert check_list(agreements, places, loops=LOOPS).is_justified is is_justified
    assert check_list(agreements, (0, 1, 2), loops=LOOPS).jr_ratio == 1


def test_a_list_by_sequential_pav_that_leaves_nobody_out_stays():
    agreements = election(BOOK)
    found = representative_list(agreements, 2, loops=LOOPS)
    assert found.rule is Rule.SEQUENTIAL_PAV
    assert letters(agreements, found.statements) == BOOK_STEPS
    assert found.check == check_list(agreements, found.statements, loops=LOOPS)


@pytest.mark.parametrize("n", range(2, 13))
def test_parts_of_a_vote_add_up_to_a_whole_one(n):
    # n people who agree on n statements give n times 1 / n to their last. The vote of one more for the first
    # statement is as much, and has fewer people behind it. In floating point three thirds fall short of it.
    lines = [[-1] + [1] * n] * n + [[1] + [-1] * n]
    found = sequential_pav(agreements_of(votes_of(lines)), n, loops=LOOPS)
    assert found == tuple(range(1, n + 1))


def test_of_equally_good_statements_more_agree_votes_count_then_the_order_of_ids():
    lines = [[1, 1, 1, -1], [1, 1, 1, -1], [-1, -1, 1, 1]]
    agreements = agreements_of(votes_of(lines, statements=["10", "9", "8", "7"]))
    # 8 has three. Nobody is left then, and of the others 9 and 10 have two.
    found = greedy_chamberlin_courant(agreements, 4, loops=LOOPS)
    assert agreements.votes.statement_ids[list(found)].tolist() == ["8", "9", "10", "7"]


def test_statements_that_nobody_agrees_with_fill_no_list():
    agreements = agreements_of(votes_of([[1, 0, -1], [1, None, 0]]))
    assert sequential_pav(agreements, 3, loops=LOOPS) == (0,)
    assert greedy_chamberlin_courant(agreements, 3, loops=LOOPS) == (0,)


def test_only_the_people_who_count_are_asked():
    lines = [[1, None], [1, None], [None, 1]]
    agreements = agreements_of(votes_of(lines), people=[True, False, True])
    check = check_list(agreements, (), loops=LOOPS)
    assert (check.n_people, check.largest_left_out, agreements.n_agreeing.tolist()) == (2, 1, [1, 1])


def test_what_is_moderated_out_is_not_listed_and_leaves_nobody_out(loops):
    lines = [[1, 1, -1], [1, -1, -1], [1, -1, 1]]
    agreements = agreements_of(votes_of(lines), out=[0], loops=loops)
    assert sequential_pav(agreements, 3, loops=loops) == (1, 2)
    assert greedy_chamberlin_courant(agreements, 3, loops=loops) == (1, 2)
    assert list_by_score(agreements, np.array([3.0, 2.0, 1.0])) == (1, 2)
    # Of 1 and 2, but nobody of 0.
    assert agreements.starts.tolist() == [0, 0, 1, 2]
    assert agreements.agreeing.tolist() == [0, 2]
    check = check_list(agreements, (1,), loops=loops)
    assert (check.n_served, check.largest_left_out, check.left_out_statement) == (1, 1, 2)


def test_where_nobody_counts_there_is_no_list_and_no_share():
    agreements = agreements_of(votes_of([[1, 1]]), people=[False])
    found = representative_list(agreements, loops=LOOPS)
    assert found.statements == ()
    assert np.isnan([found.check.coverage, found.check.jr_ratio]).all()
    assert found.check.is_justified


def test_a_list_by_score_puts_the_largest_first_and_leaves_out_what_has_no_score():
    agreements = agreements_of(votes_of([[1, 1, 1, 1, 1], [1, -1, -1, 1, -1]]))
    scores = np.array([0.1, 0.9, np.nan, 0.9, 0.9])
    assert list_by_score(agreements, scores) == (3, 1, 4, 0)
    assert list_by_score(agreements, scores, 1) == (3,)


@given(matrices(), st.integers(1, 10))
def test_sequential_pav_is_that_of_its_definition(matrix, length):
    assert sequential_pav(agreements_of(votes_of(matrix)), length, loops=LOOPS) == pav_in_fractions(
        matrix, length
    )


@given(matrices(), st.data())
def test_the_largest_group_left_out_is_that_of_all_groups(matrix, data):
    listed = data.draw(st.lists(st.integers(0, len(matrix[0]) - 1), unique=True))
    check = check_list(agreements_of(votes_of(matrix)), listed, loops=LOOPS)
    assert check.largest_left_out == largest_group_left_out(matrix, listed)
    assert check.n_served == sum(any(line[place] == 1 for place in listed) for line in matrix)


@given(matrices(10, 8), st.integers(1, 10))
def test_greedy_chamberlin_courant_never_leaves_out_who_deserves_a_statement(matrix, length):
    agreements = agreements_of(votes_of(matrix))
    found = greedy_chamberlin_courant(agreements, length, loops=LOOPS)
    assert largest_group_left_out(matrix, found) * length < len(matrix)
    assert check_list(agreements, found, loops=LOOPS).is_justified


@given(matrices(), st.integers(1, 6), st.data())
def test_the_order_of_people_changes_no_list(matrix, length, data):
    order = data.draw(st.permutations(range(len(matrix))))
    one = representative_list(agreements_of(votes_of(matrix)), length, loops=LOOPS)
    other = representative_list(
        agreements_of(votes_of([matrix[place] for place in order])), length, loops=LOOPS
    )
    assert one == other


@given(matrices(), st.data())
def test_numpy_and_compiled_loops_find_the_same_agreements_and_sums(matrix, data):
    some = st.lists(st.booleans(), min_size=len(matrix), max_size=len(matrix))
    people, out = data.draw(some), data.draw(st.sets(st.integers(0, len(matrix[0]) - 1)))
    votes = votes_of(matrix)
    one, other = (agreements_of(votes, people, out, loops) for loops in (Plain(), Compiled()))
    assert one.starts.tolist() == other.starts.tolist()
    assert one.agreeing.tolist() == other.agreeing.tolist()
    asked = np.flatnonzero(people).astype(np.int32)
    amounts = np.arange(len(asked)) - 2
    sums = [np.arange(len(matrix[0])), np.arange(len(matrix[0]))]
    for loops, into in zip((Plain(), Compiled()), sums, strict=True):
        loops.add_agreed(votes.starts, votes.statements, votes.values, asked, amounts, into)
    assert sums[0].tolist() == sums[1].tolist()
    assert sums[0].tolist() == [
        place
        + sum(amount for person, amount in zip(asked, amounts, strict=True) if matrix[person][place] == 1)
        for place in range(len(matrix[0]))
    ]


@pytest.mark.parametrize(
    ("listed", "message"),
    [((2, 0), "statement 0 is on the list, but was moderated"), ((1, 2, 1), "1 is twice")],
)
def test_a_list_with_what_is_out_or_twice_the_same_is_refused(listed, message):
    agreements = agreements_of(votes_of([[1, 1, 1]]), out=[0])
    with pytest.raises(NotComputable, match=message):
        check_list(agreements, listed, loops=LOOPS)


def test_a_list_too_long_for_exact_sums_is_refused():
    agreements = agreements_of(votes_of([[1]] * 50))
    assert sequential_pav(agreements, 40, loops=LOOPS) == (0,)
    with pytest.raises(NotComputable, match="a list of 43 statements for 50 people"):
        sequential_pav(agreements, 43, loops=LOOPS)


# Percent who agreed with a listed statement, and the JR ratio, of the top ten: ../shared/opinion.md, 6.
REAL = {
    "american-assembly.bowling-green": {
        "group product": (77, 0.54),
        "majority": (78, 0.44),
        "bridging": (77, 0.54),
        "sequential PAV": (89, 0.10),
        "greedy CC": (89, 0.10),
    },
    "scoop-hivemind.biodiversity": {
        "group product": (89, 0.36),
        "majority": (88, 0.39),
        "sequential PAV": (95, 0.09),
        "greedy CC": (97, 0.05),
    },
}


@pytest.mark.parametrize(("reference", "figures"), REAL.items(), indirect=["reference"])
def test_lists_of_real_conversations_serve_as_many_as_measured(reference, landscape, figures):
    votes = reference.votes
    agreements = find_agreements(votes, landscape.in_conversation, reference.moderated_out, loops=LOOPS)
    scores = {
        "group product": landscape.reading.consensus.product,
        "majority": landscape.reading.everybody.smoothed_agree,
        "bridging": bridging_scores(votes, landscape.axes, loops=LOOPS),
    }
    lists = {name: list_by_score(agreements, score) for name, score in scores.items()}
    lists["sequential PAV"] = sequential_pav(agreements, loops=LOOPS)
    lists["greedy CC"] = greedy_chamberlin_courant(agreements, loops=LOOPS)
    found = {name: check_list(agreements, listed, loops=LOOPS) for name, listed in lists.items()}
    assert {
        name: (round(100 * found[name].coverage), round(found[name].jr_ratio, 2)) for name in figures
    } == figures


def test_an_empty_list_leaves_out_whoever_agrees_with_anything():
    some = check_list(agreements_of(votes_of([[1, 1], [1, None]])), (), loops=LOOPS)
    assert (some.largest_left_out, some.is_justified, np.isnan(some.jr_ratio)) == (2, False, True)
    nothing = check_list(agreements_of(votes_of([[-1], [0]])), (), loops=LOOPS)
    assert (nothing.largest_left_out, nothing.is_justified) == (0, True)
