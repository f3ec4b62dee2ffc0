"""What the page says of everybody. The camps of the evening: 20 for trams, 12 for cars, and all for s6.

Intervals are worked out by hand after Wilson (1927), with z = 1.96: of n out of n from n / (n + z^2) to 1.
"""

import pytest
from tests.reports.landscape.evening import camps, every_word, names, report_of

from tessera.engines.opinion.lists import ListCheck, RepresentativeList, Rule
from tessera.engines.opinion.stability import Stability
from tessera.reports.landscape.method import Made
from tessera.reports.parts import WrittenText


def test_it_begins_with_how_many_took_part_and_the_day():
    report = report_of(camps(), about=WrittenText("The city asked at the library.", ""))
    assert report.facts == (
        ("People who took part", "32"),
        ("Votes", "224"),
        ("Statements voted on", "7"),
        ("Votes as of", "29 November 2026"),
    )
    assert report.about == "The city asked at the library."


def test_where_the_day_of_the_votes_is_not_known_it_is_that_of_the_page():
    facts = report_of(camps(), day_is_of_votes=False).facts
    assert facts[-1] == ("Page made on", "29 November 2026")


def test_it_speaks_of_people_who_took_part_and_never_of_residents():
    report = report_of(camps())
    assert "people who took part" in report.notice
    for word in ("resident", "inhabitant", "citizen"):
        assert word not in every_word(report).lower()


def test_a_share_stands_with_its_count_its_total_and_its_interval():
    (everybody,) = report_of(camps()).agree[0].items[0].votes
    assert everybody.sentence == ("32 of 32 agree: 100% (95% interval: 89% to 100%). Pass: 0. Disagree: 0.")
    assert everybody.bar.agree == 1
    assert everybody.bar.low == pytest.approx(32 / (32 + 1.96**2), abs=1e-4)


def test_one_who_agrees_or_disagrees_is_one():
    rows = [row[:5] for row in camps()]
    rows[20][0], rows[21][3] = 1, -1
    trams = report_of(rows).differ.groups[0]
    others = {item.statement.name: item.votes[1].sentence for item in trams.items}
    assert others["Statement s0"].startswith("1 of 12 agrees: ")
    assert others["Statement s3"].startswith("1 of 12 disagrees: ")
    assert others["Statement s1"].startswith("0 of 12 agree: ")


def test_what_most_disagree_with_is_measured_from_the_other_end():
    # 20 of 24 against s3 and its like: from 64.1 % to 93.3 %, drawn from the right.
    disagree = report_of(camps(20, 4)).agree[1]
    assert names(disagree) == ["Statement s3", "Statement s4", "Statement s5"]
    (everybody,) = disagree.items[0].votes
    assert everybody.sentence == ("20 of 24 disagree: 83% (95% interval: 64% to 93%). Pass: 0. Agree: 4.")
    assert (everybody.bar.low, everybody.bar.high) == pytest.approx((0.067, 0.359), abs=1e-3)


def test_nothing_is_called_agreed_on_fewer_than_ten_votes():
    nine, ten = [1] * 9 + [None] * 11, [1] * 10 + [None] * 10
    rows = camps(20, 20, more_trams=[nine, ten], more_cars=[[None] * 20] * 2)
    assert names(report_of(rows).agree[0]) == ["Statement s6", "Statement s8"]


def test_without_a_majority_it_says_so():
    agree, disagree = report_of(camps(16, 16)).agree
    assert names(agree) == ["Statement s6"]
    assert disagree.items == ()
    assert disagree.table is None
    assert disagree.intro == "There is no statement with which clearly more than half disagree."


def test_a_table_holds_the_same_figures():
    agree = report_of(camps()).agree[0]
    assert agree.table.header == (
        "Statement",
        "Votes",
        "Agreed",
        "Passed",
        "Disagreed",
        "Share",
        "Interval (95%)",
    )
    assert agree.table.rows[0] == ("Statement s6", "32", "32", "0", "0", "100%", "89%–100%")


def test_a_statement_without_a_text_is_named_by_its_number():
    report = report_of(camps(16, 6))
    assert [item.statement.text for item in report.agree[0].items] == [
        "Buses should run at night",
        "",
        "",
        "",
    ]
    assert names(report.agree[0]) == ["Statement s6", "Statement s0", "Statement s1", "Statement s2"]


def test_what_was_moderated_out_is_in_no_list_and_is_counted():
    report = report_of(camps(16, 6), out=["s6", "s0"])
    listed = [*report.agree, report.accept, report.together, *report.differ.groups]
    assert {"Statement s6", "Statement s0"}.isdisjoint(name for part in listed for name in names(part))
    assert report.facts[2] == ("Statements voted on", "5")
    assert dict(report.counted.paragraphs)["Moderation"] == (
        "2 statements were taken out by those who ran the consultation. They are in no list and are not "
        "counted as statements; the votes on them are counted as votes."
    )


def test_the_list_says_whom_it_serves():
    report = report_of(camps())
    assert report.headings.together == "7 statements that together speak for most people"
    assert names(report.together)[0] == "Statement s6"
    assert (
        "Of the 32 people who voted often enough to be counted here, 32 agreed with at least one of these "
        "statements: 100% (95% interval: 89% to 100%)."
    ) in report.together.intro


def check(left_out, statement=3, *, people=100, served=80):
    return RepresentativeList(
        tuple(range(5)), Rule.SEQUENTIAL_PAV, ListCheck(5, people, served, left_out, statement)
    )


def test_the_largest_group_left_out_stands_beside_the_list():
    # With a list of 5, a fifth of 99 people deserve a statement: 19.8, so 20.
    said = report_of(camps(), together=check(19, people=99)).together.intro
    assert "has 19 people (Statement s3)" in said
    assert "A group of 20 such people would deserve a statement of its own, so none is passed over." in said
    assert "80 agreed" in said


def test_one_person_who_deserves_a_statement_is_one():
    rows = camps(more_trams=[[1] * 20] * 3, more_cars=[[1] * 12] * 3)
    ten = RepresentativeList(tuple(range(10)), Rule.SEQUENTIAL_PAV, ListCheck(10, 10, 10, 0, None))
    said = report_of(rows, together=ten).together.intro
    assert "Even 1 such person would deserve a statement of their own, so none is passed over." in said


def test_a_list_that_passes_a_group_over_says_so():
    said = report_of(camps(), together=check(20)).together.intro
    assert "A group of 20 such people deserves a statement of its own, so this one is passed over." in said


def test_fewer_than_ten_people_left_out_are_not_told_apart():
    said = report_of(camps(), together=check(9)).together.intro
    assert "fewer than 10 agree on any other statement" in said
    assert "s3" not in said
    assert " 9 " not in said


def test_with_fewer_than_ten_people_there_is_no_list():
    report = report_of(camps(6, 3))
    assert report.together.items == ()
    assert report.together.table is None
    assert "fewer than 10 people voted often enough" in report.together.intro
    assert report.headings.together == "Statements that together speak for most people"


def test_a_statement_on_the_list_with_fewer_than_ten_votes_has_no_share():
    # Nobody but these nine agrees with anything else.
    rows = [[-1] * 7 + [1] for _ in range(9)] + [[1] * 7 + [None] for _ in range(20)]
    report = report_of(rows)
    (item,) = (item for item in report.together.items if item.statement.name == "Statement s7")
    assert item.votes[0].sentence == "Fewer than 10 votes: too few for a share."
    assert item.votes[0].bar is None
    (row,) = (row for row in report.together.table.rows if row[0] == "Statement s7")
    assert row == ("Statement s7", "fewer than 10", "", "", "", "", "")


def test_it_says_how_it_was_counted():
    counted = report_of(camps()).counted
    assert ("Checksum of the file of votes (SHA-256)", "00ff") in counted.origin
    assert ("Checksum of the file of statements (SHA-256)", "11ee") in counted.origin
    assert ("Start number of the trials", "7") in counted.origin
    assert ("Engine", "Tessera 1.2.3") in counted.origin
    rules = dict(counted.paragraphs)
    assert "at least 0.60 in the middle" in rules["When groups are shown"]
    assert "at least 10 people and 2% of all" in rules["When groups are shown"]
    assert (
        "sequential proportional approval voting" in rules["Statements that together speak for most people"]
    )


def test_where_no_statements_were_given_there_is_no_checksum_of_them():
    counted = report_of(camps(), made=Made("00ff", None, 7, "1.2.3")).counted
    assert [label for label, _ in counted.origin] == [
        "Checksum of the file of votes (SHA-256)",
        "Start number of the trials",
        "Engine",
    ]


def test_the_rule_of_the_list_is_the_one_that_was_taken():
    found = check(0)
    other = RepresentativeList(found.statements, Rule.GREEDY_CHAMBERLIN_COURANT, found.check)
    rules = dict(report_of(camps(), together=other).counted.paragraphs)
    assert "greedy Chamberlin-Courant" in rules["Statements that together speak for most people"]


def test_it_says_how_far_it_can_be_believed():
    trust = report_of(camps(), stability=Stability((0.7, 0.85, 0.9999))).trust
    assert "half of the people voted on at least 7 of 7" in trust[1]
    assert trust[3] == (
        "In 3 trials, each with a fifth of the votes left out by chance, mostly the same groups came back: "
        "the likeness was 0.85 in the middle, from 0.70 to 0.99 (1 is the same groups, 0 is pure chance)."
    )
    assert "They hold 100% of all differences between votes" in trust[4]


def test_it_says_how_much_half_of_the_people_voted():
    rows = [[1, 1, 1, None, None]] * 2 + [[1, 1, 1, 1, None]] + [[1, -1, 1, -1, 1]] * 2
    assert "half of the people voted on at least 4 of 5" in report_of(rows).trust[1]


def test_how_much_people_voted_is_told_of_the_statements_that_were_left_in():
    # Without s0 and s1 the five people voted on 1, 1, 2, 3 and 3 of three statements.
    rows = [[1, 1, 1, None, None]] * 2 + [[1, 1, 1, 1, None]] + [[1, -1, 1, -1, 1]] * 2
    report = report_of(rows, out=["s0", "s1"])
    assert report.facts[2] == ("Statements voted on", "3")
    assert "half of the people voted on at least 2 of 3" in report.trust[1]


def test_where_every_statement_was_taken_out_it_does_not_say_how_much_people_voted():
    assert "half of the people" not in every_word(report_of(camps(), out=[f"s{n}" for n in range(7)]).trust)


@pytest.mark.parametrize(
    ("median", "words"),
    [
        (0.9, "almost the same groups came back"),
        (0.8, "mostly the same groups came back"),
        (0.65, "the same groups came back only in broad outline"),
        (0.6, "the same groups came back only roughly"),
        (0.59, "other groups came out"),
    ],
)
def test_how_firm_groups_are_is_said_in_words(median, words):
    assert words in report_of(camps(), stability=Stability((median,))).trust[3]


def test_nobody_is_named_and_nobody_stands_anywhere():
    assert "person-" not in every_word(report_of(camps()))


def test_one_who_votes_alone_gives_a_page_without_shares():
    report = report_of([[1, 1, -1]])
    assert report.facts[0] == ("People who took part", "1")
    assert [part.items for part in (*report.agree, report.accept, report.together)] == [()] * 4
    assert report.differ.intro == "There are no groups: the votes do not set people apart."


def test_it_says_the_same_in_latvian():
    report = report_of(camps(), language="lv")
    assert report.facts[3] == ("Balsojumu stāvokļa datums", "2026. gada 29. novembris")
    assert report.agree[0].items[0].votes[0].sentence == (
        "Piekrīt 32 no 32: 100\u00a0% (95\u00a0% intervāls: no 89\u00a0% līdz 100\u00a0%). "
        "Atturas: 0. Nepiekrīt: 0."
    )
    assert report.headings.together == "7 apgalvojumi, kas kopā izsaka vairākuma domas"
    assert [part.heading for part in report.differ.groups] == [
        "Grupa A: 20 cilvēki",
        "Grupa B: 12 cilvēki",
    ]


def test_a_list_of_which_a_statement_was_taken_out_since_does_not_say_whom_it_serves():
    report = report_of(camps(), taken_since=["s6"])
    assert "Statement s6" not in names(report.together)
    assert len(report.together.items) == 6
    assert report.headings.together == "Statements that together speak for most people"
    assert report.together.intro == (
        "1 statement of this list was taken out after the votes were counted. For how many people the others "
        "speak was not counted again."
    )


def test_a_list_of_which_every_statement_was_taken_out_since_does_not_say_that_nobody_agreed():
    together = report_of(camps(), taken_since=[f"s{n}" for n in range(7)]).together
    assert together.items == ()
    assert together.intro.startswith("7 statements of this list were taken out")


def test_whom_a_list_leaves_out_is_not_said_of_a_statement_that_was_taken_out_since():
    found = RepresentativeList((0, 1, 2, 4, 5), Rule.SEQUENTIAL_PAV, ListCheck(5, 100, 80, 19, 3))
    said = report_of(camps(), together=found, taken_since=["s3"]).together.intro
    assert "80 agreed with at least one of these statements" in said
    assert "19" not in said
    assert "s3" not in said


def test_what_was_taken_out_since_is_told_apart_from_what_never_counted():
    report = report_of(camps(), out=["s5"], taken_since=["s6", "s0"])
    assert dict(report.counted.paragraphs)["Moderation"] == (
        "3 statements were taken out by those who ran the consultation. They are in no list and are not "
        "counted as statements; the votes on them are counted as votes. 2 of them were taken out only after "
        "the votes were counted; all other figures stand as they were."
    )
    assert report.facts[2] == ("Statements voted on", "4")


def test_how_much_people_voted_is_not_said_of_fewer_statements_than_were_counted():
    assert "half of the people" not in every_word(report_of(camps(), taken_since=["s6"]).trust)
