"""What the page says of groups. The camps of the evening: 20 for trams (group A), 12 for cars (group B)."""

from itertools import zip_longest

import pytest
from tests.reports.landscape.evening import FIRM, camps, every_word, far_apart, names, report_of

from tessera.engines.opinion.stability import Stability


def groups_in(report):
    """What would give a group away."""
    return [word for word in ("Group A", "Group B") if word in every_word(report)]


def test_a_group_stands_with_its_size_and_what_sets_it_apart():
    trams, cars = report_of(camps()).differ.groups
    assert (trams.heading, cars.heading) == ("Group A: 20 people", "Group B: 12 people")
    assert [(item.stance, item.statement.name) for item in trams.items] == [
        ("This group agrees:", "Statement s0"),
        ("This group agrees:", "Statement s1"),
        ("This group agrees:", "Statement s2"),
        ("This group disagrees:", "Statement s3"),
        ("This group disagrees:", "Statement s4"),
    ]


def test_the_votes_of_all_others_stand_beside_those_of_the_group():
    # 20 of 20: from 20 / (20 + 1.96^2) on. 0 of 12: up to 1.96^2 / (12 + 1.96^2).
    own, others = report_of(camps()).differ.groups[0].items[0].votes
    assert (own.who, others.who) == ("Group A", "Group B")
    assert own.sentence == "20 of 20 agree: 100% (95% interval: 84% to 100%). Pass: 0. Disagree: 0."
    assert others.sentence == "0 of 12 agree: 0% (95% interval: 0% to 24%). Pass: 0. Disagree: 12."


def test_of_several_groups_all_others_are_counted_together():
    # A third camp is for both. Everybody is also for twenty more statements, and for one to five of another
    # five, of which they see no more: so people of a camp stand close together, and not all on one place. Of
    # so few places the method makes two groups at most, and it begins with those of the first people.
    more = [[1] * (21 + person % 5) + [None] * (4 - person % 5) for person in range(20)]
    trams, cars = camps(20, 0), camps(0, 12)
    turns = zip_longest(trams, cars, [[1] * 7] * 14)
    rows = [[*row, *more[turn]] for turn, together in enumerate(turns) for row in together if row]
    trams, cars, both = report_of(rows).differ.groups
    assert [trams.heading, cars.heading, both.heading] == [
        "Group A: 20 people",
        "Group B: 12 people",
        "Group C: 14 people",
    ]
    (votes,) = (item.votes for item in trams.items if item.statement.name == "Statement s3")
    assert [said.who for said in votes] == ["Group A", "All other groups"]
    assert votes[1].sentence.startswith("0 of 26 disagree")


def test_its_table_holds_both():
    rows = report_of(camps()).differ.groups[0].table.rows
    assert rows[:2] == (
        ("Statement s0", "Group A", "20", "20", "0", "0", "100%", "84%–100%"),
        ("Statement s0", "Group B", "12", "0", "0", "12", "0%", "0%–24%"),
    )


def test_what_all_groups_accept_stands_with_the_share_of_each():
    accept = report_of(camps()).accept
    assert names(accept) == ["Statement s6"]
    assert accept.intro == "With 1 statement, more than half of every group agree."
    assert [(votes.who, votes.sentence[:12]) for votes in accept.items[0].votes] == [
        ("Group A", "20 of 20 agr"),
        ("Group B", "12 of 12 agr"),
    ]
    assert [row[:3] for row in accept.table.rows] == [
        ("Statement s6", "Group A", "20"),
        ("Statement s6", "Group B", "12"),
    ]


def test_of_many_accepted_ones_ten_are_listed_and_all_are_counted():
    rows = camps(more_trams=[[1] * 20] * 11, more_cars=[[1] * 12] * 11)
    accept = report_of(rows).accept
    assert len(accept.items) == 10
    assert accept.intro == (
        "With 12 statements, more than half of every group agree. Here are the 10 that the groups share most."
    )


def test_where_no_statement_is_accepted_by_all_it_says_so():
    accept = report_of([row[:6] for row in camps()]).accept
    assert accept.items == ()
    assert accept.table is None
    assert accept.intro == "There is no statement with which more than half of every group agree."


def few_and_five():
    """Four of the camp for cars agree with s7, five with s8; all others who voted on them disagree."""
    seen = [[1, 1]] * 4 + [[None, 1]] + [[None, None]] * 7
    trams = [[1, 1, 1, 1, 1, 1, 1, -1, -1] for _ in range(20)]
    return trams + [[-1, -1, 1, 1, 1, 1, 1, *both] for both in seen]


def test_a_share_of_other_groups_needs_five_votes():
    shown = {item.statement.name: item.votes for item in report_of(few_and_five()).differ.groups[0].items}
    assert shown["Statement s7"][1].sentence == "Fewer than 5 votes: too few for a share."
    assert shown["Statement s8"][1].sentence.startswith("0 of 5 disagree")


def test_a_group_is_not_set_apart_by_what_fewer_than_five_of_it_voted_on():
    cars = names(report_of(few_and_five()).differ.groups[1])
    assert "Statement s8" in cars
    assert "Statement s7" not in cars


def test_the_map_shows_no_statement_that_is_in_no_list():
    # Of those for trams four voted on s7 as well: too few of either group.
    rows = few_and_five()
    for row in rows[4:20]:
        row[7] = None
    report = report_of(rows)
    listed = {name for part in report.differ.groups for name in names(part)}
    assert "Statement s8" in listed
    assert "Statement s7" not in listed
    assert {f"Statement {mark.number}" for mark in report.differ.map.statements} == listed


def test_groups_that_are_not_firm_are_not_shown():
    report = report_of(camps(), stability=Stability((0.3, 0.599, 0.8)))
    assert groups_in(report) == []
    assert report.differ.map is None
    assert report.differ.groups == ()
    assert report.differ.intro == (
        "The groups that were found are not firm enough to be shown. In 3 trials, each with a fifth of the "
        "votes left out by chance, other groups came out: the likeness was 0.59 in the middle, from 0.30 to "
        "0.80 (1 is the same groups, 0 is pure chance)."
    )
    assert report.accept.items == ()
    assert report.accept.intro == (
        "This rests on the groups, and they are not shown. “Where people differ” says why."
    )


@pytest.mark.parametrize(("cars", "shown"), [(10, True), (9, False)])
def test_a_group_is_shown_from_ten_people_on(cars, shown):
    report = report_of(camps(20, cars))
    assert bool(report.differ.groups) is shown
    assert (report.differ.map is not None) is shown


def test_groups_of_people_who_stand_far_apart_are_shown_without_a_map():
    report = report_of(far_apart())
    assert [part.heading for part in report.differ.groups] == ["Group A: 10 people", "Group B: 10 people"]
    assert report.differ.map is None
    assert report.differ.intro.endswith(
        "There is no map: people stand so far apart that it could give away how somebody voted."
    )
    assert "There are 2 groups. In 20 trials" in report.differ.intro
    assert "map" not in every_word(report.trust)


def test_why_a_small_group_is_not_shown_tells_the_limit_and_not_its_size():
    report = report_of(camps(20, 9))
    assert groups_in(report) == []
    assert report.differ.intro == (
        "One of the groups has fewer than 10 people. To show so small a group could give away how somebody "
        "voted."
    )


def test_of_many_people_a_group_needs_two_per_cent():
    # 2 % of 610 are 12.2.
    report = report_of(camps(598, 12))
    assert "fewer than 13 people" in report.differ.intro


def test_both_reasons_are_given():
    report = report_of(camps(20, 9), stability=Stability((0.1,)))
    assert "not firm enough" in report.differ.intro
    assert "fewer than 10 people" in report.differ.intro


def test_where_all_vote_alike_there_are_no_groups():
    report = report_of([[1] * 8 for _ in range(30)])
    assert report.differ.intro == "There are no groups: the votes do not set people apart."
    assert report.differ.map is None


def test_the_map_says_how_firm_it_is():
    chart = report_of(camps()).differ.map
    assert chart.sentence.startswith(
        "Of the 32 people who took part, 32 voted often enough to be put into a group. There are 2 groups. "
        "In 20 trials, each with a fifth of the votes left out by chance, almost the same groups came back"
    )
    assert "Group A (20 people) and Group B (12 people)" in chart.description


def test_the_table_of_the_map_counts_the_groups():
    # Wilson: 20 of 32 from 45.3 % to 77.1 %; 12 of 32 the rest.
    assert report_of(camps()).differ.map.table.rows == (
        ("Group A", "20", "63%", "45%–77%"),
        ("Group B", "12", "38%", "23%–55%"),
    )


def test_the_map_shows_the_statements_that_set_groups_apart():
    chart = report_of(camps()).differ.map
    assert {mark.number for mark in chart.statements} == {"s0", "s1", "s2", "s3", "s4"}
    # Who is for trams and who agrees with s0 stand on one side.
    places = {mark.number: mark.x for mark in chart.statements}
    (trams,) = (bubble for bubble in chart.bubbles if bubble.group == "A")
    assert trams.x * places["s0"] > 0 > trams.x * places["s3"]


def test_who_is_not_drawn_is_counted():
    assert "not drawn" not in report_of(camps()).differ.map.how_to_read
    # One for trams passes on all but one, and stands alone in the middle.
    rows = camps()
    rows[0] = [0, 0, 0, 0, 0, 0, 1]
    report = report_of(rows, stability=FIRM)
    assert "1 person is not drawn" in report.differ.map.how_to_read
