"""Who took part beside who lives in the city. Shares are worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import html
from tests.reports.landscape.evening import camps, every_word, report_of

from tessera.reports.landscape.compared_groups import AskedAttribute, CountedGroup
from tessera.reports.landscape.page import render_landscape
from tessera.reports.landscape.took_part import Background, Way
from tessera.reports.parts import WrittenText

OPEN = (
    "Shares are of the people in the groups that are compared. Where one of these groups is not shown, a "
    "share lies between two figures, and the difference is at least as large as it says."
)


def asked(*groups, people=100, silent=20, source="City register"):
    """Of 80 who answered, unless a test says otherwise.

    Groups are label, people and residents, and the language of the label where it is not that of the report.
    """
    return AskedAttribute(
        WrittenText("Where were you born?", ""),
        tuple(
            CountedGroup(WrittenText(label, language), people, residents)
            for label, people, residents, language in (
                (*group, "") if len(group) == 3 else group for group in groups
            )
        ),
        people,
        silent,
        source,
        date(2026, 1, 1) if source else None,
    )


def told(*attributes, came=None):
    background = Background(False, "", came or {}, attributes)
    return report_of(camps(), background=background).took_part


BORN = (("Here", 60, 500), ("In the EU", 12, 100), ("Elsewhere", 8, 400))
"""Of 80: 75 %, 15 % and 10 %. Of the residents: 50 %, 10 % and 40 %."""


def test_the_group_that_is_missing_most_stands_first():
    (born,) = told(asked(*BORN)).compared
    assert born.table.header == (
        "Group",
        "People",
        "Share of those who answered",
        "Residents of the city",
        "Share of residents",
        "Difference (percentage points)",
    )
    assert born.table.rows == (
        ("Elsewhere", "8", "10%", "400", "40%", "−30"),
        ("In the EU", "12", "15%", "100", "10%", "+5"),
        ("Here", "60", "75%", "500", "50%", "+25"),
    )
    assert born.source == "Residents: City register, 1 January 2026."


def test_a_sentence_names_who_is_missing_and_of_how_many_it_is_said():
    (born,) = told(asked(*BORN)).compared
    assert born.sentences == (
        "80 of 100 people answered this.",
        "Missing most, compared with the city: Elsewhere (−30 percentage points).",
    )


def test_three_that_are_missing_are_named_and_the_table_has_all():
    # Of 100 who answered: 96 and 1 each; of the residents a fifth each.
    groups = [("A", 96, 20), *((name, 1, 20 + place) for place, name in enumerate("BCDE"))]
    (many,) = told(asked(*groups, silent=0)).compared
    assert many.sentences[1].startswith("Missing most, compared with the city: E (")
    assert " B (" not in many.sentences[1]
    assert [row[0] for row in many.table.rows] == ["E", "D", "C", "B", "A"]


def test_where_no_group_is_missing_it_says_so():
    (even,) = told(asked(("A", 40, 1), ("B", 40, 1))).compared
    assert even.sentences[1] == (
        "Of the groups that are shown, none is missing by a percentage point or more."
    )


def test_a_hidden_group_is_not_shown_and_leaves_the_shares_open():
    groups = (("Here", 60, 500), ("In the EU", None, 100), ("Elsewhere", None, 400))
    (born,) = told(asked(*groups)).compared
    # Between 60 of the 80 who answered, and 60 of 60: 50 % of the residents, so 25 points more at least.
    assert born.table.rows == (
        ("Here", "60", "75%–100%", "500", "50%", "+25"),
        ("In the EU", "not shown", "not shown", "100", "10%", ""),
        ("Elsewhere", "not shown", "not shown", "400", "40%", ""),
    )
    assert born.sentences[2] == OPEN
    assert "fewer" not in every_word(born)


def test_where_it_is_hidden_too_who_said_nothing_a_share_lies_between_two_figures():
    groups = (("Here", 50, 500), ("In the EU", 25, 400), ("Elsewhere", None, 100))
    (born,) = told(asked(*groups, silent=None)).compared
    # Of 75 to 100 people.
    assert born.table.rows == (
        ("In the EU", "25", "25%–33%", "400", "40%", "−7"),
        ("Here", "50", "50%–67%", "500", "50%", "0"),
        ("Elsewhere", "not shown", "not shown", "100", "10%", ""),
    )
    assert born.sentences == (
        "How many people answered this is not shown.",
        "Missing most, compared with the city: In the EU (−7 percentage points).",
        OPEN,
    )


def test_where_every_group_is_hidden_nothing_is_compared():
    (born,) = told(asked(("Here", None, 500), ("Elsewhere", None, 500), silent=None)).compared
    assert born.sentences[1] == "It cannot be compared with the city."


def test_half_a_point_is_a_point_as_it_is_shown_and_less_is_not_missing():
    # Of 1,000: 49.5 % and 49.6 % of what are halves of the residents.
    (half,) = told(asked(("A", 495, 1), ("B", 505, 1), people=1000, silent=0)).compared
    (less,) = told(asked(("A", 496, 1), ("B", 504, 1), people=1000, silent=0)).compared
    assert half.sentences[1] == "Missing most, compared with the city: A (−1 percentage points)."
    assert less.sentences[1].startswith("Of the groups that are shown, none is missing")


def test_a_group_whose_residents_are_not_stated_is_not_compared_and_no_share_counts_it():
    (born,) = told(asked(("Here", 40, 500), ("Elsewhere", 10, 500), ("On the way", 30, None))).compared
    # Of the 50 people in the two groups that are compared.
    assert born.table.header[2] == "Share"
    assert born.table.rows == (
        ("Elsewhere", "10", "20%", "500", "50%", "−30"),
        ("Here", "40", "80%", "500", "50%", "+30"),
        ("On the way", "30", "–", "not known", "not known", ""),
    )
    assert born.sentences[2] == OPEN


def test_so_it_is_where_every_group_that_is_compared_is_hidden():
    (born,) = told(asked(("Here", None, 500), ("Elsewhere", None, 500), ("On the way", 30, None))).compared
    assert born.table.rows[2] == ("On the way", "30", "–", "not known", "not known", "")


def test_without_any_residents_nothing_is_compared_and_shares_are_of_those_who_answered():
    (born,) = told(asked(("Here", 60, None), ("Elsewhere", 20, None), source="")).compared
    assert born.sentences == ("80 of 100 people answered this.", "It cannot be compared with the city.")
    assert born.table.header[2] == "Share of those who answered"
    assert born.table.rows == (
        ("Here", "60", "75%", "not known", "not known", ""),
        ("Elsewhere", "20", "25%", "not known", "not known", ""),
    )
    assert born.source == ""


def test_words_that_stand_in_another_language_say_in_which():
    groups = (("Šeit", 60, 500, "lv"), ("Elsewhere", 20, 500))
    question = WrittenText("Kur dzimis?", "lv")
    background = Background(False, "", {}, (replace(asked(*groups), question=question),))
    page = html.document_fromstring(render_landscape(report_of(camps(), background=background)))
    [table] = page.xpath("//section[@id='took-part']//table")
    marked = [(each.get("lang"), each.text) for each in table.xpath(".//*[@lang]")]
    assert marked == [("lv", "Kur dzimis?"), ("lv", "Šeit")]
    assert [each.text for each in table.xpath(".//tbody//th[not(*)]")] == ["Elsewhere"]


def test_where_people_were_asked_nothing_it_says_that_nothing_is_known():
    part = told()
    assert part.compared == ()
    assert part.intro.startswith("It is not known which groups of the city are missing")


def test_how_people_came_stands_with_how_sure_it_is_that_each_is_one():
    part = told(came={Way.OWN_LINK: 12, Way.OPEN_LINK: 1})
    assert [term for term, _ in part.channels] == ["Open link: 1 person", "Link for one person: 12 people"]
    assert "do not rule it out" in part.channels[0][1]
    assert part.channels_intro.endswith(
        "Nobody was checked against a list of residents, which would be surest."
    )


def test_of_votes_from_elsewhere_it_does_not_say_how_people_were_checked():
    part = told(came={Way.ELSEWHERE: None})
    assert part.channels == (
        (
            "Taken over from elsewhere: not shown",
            "Not known here: it depends on how people took part where the votes come from.",
        ),
    )
    assert "Nobody was checked" not in every_word(part)


def test_a_page_of_votes_alone_has_no_such_part():
    report = report_of(camps())
    assert report.took_part is None
    assert "took-part" not in dict(report.contents)


@pytest.mark.parametrize(("language", "point"), [("en", "−30"), ("lv", "−30")])
def test_it_is_there_in_both_languages(language, point):
    background = Background(False, "", {}, (asked(*BORN),))
    part = report_of(camps(), background=background, language=language).took_part
    assert part.compared[0].table.rows[0][-1] == point
