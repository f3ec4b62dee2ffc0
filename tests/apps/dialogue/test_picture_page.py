"""Where people stand: the groups and what all share, and one's own place, which nobody else is shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.dialogue.camps import (
    ASKED,
    CARS,
    MOSTLY,
    NOBODY,
    SHARED,
    TRAMS,
    answer,
    hold,
    of_camp,
    take_sides,
)
from tests.apps.dialogue.phone import Phone
from tests.builders import make_city
from tests.dialogues import TODAY, hold_consultation
from tests.people import make_officer, make_person
from tests.web.hostile import HOSTILE, MARK, faults_of

from tessera.apps.dialogue.actions.moderation import hide_statement, translate_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.landscapes import refresh_landscape
from tessera.apps.dialogue.models import HidingReason, Landscape, Rule, Statement

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def consultation():
    return hold()


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


def close(consultation):
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=timezone.now())
    consultation.refresh_from_db()
    refresh_landscape(consultation, TODAY)


def hide(text):
    statement = Statement.objects.get(text=text)
    hide_statement(
        by=make_person("ilze"), statement=statement, reason=HidingReason.HOSTILE, at=timezone.now()
    )


def set_stability(consultation, index):
    """As if in each trial the groups had been so alike."""
    landscape = Landscape.objects.get(consultation=consultation)
    landscape.overview["stability"] = [index] * 20
    landscape.save()


def with_code(consultation, code, language="en"):
    phone = Phone(consultation, language)
    phone.enter(code)
    return phone


# Before there is anything to see


def test_before_ten_people_have_answered_it_says_so_and_what_to_do_meanwhile(consultation, phone):
    answer(consultation, [of_camp(1, place) for place in range(9)])
    refresh_landscape(consultation, TODAY)
    page = phone.open("picture")
    assert page.status == 200
    assert "There is nothing to show yet." in page.words
    assert "made from the answers of ten people or more" in page.words
    assert "Every answer helps." in page.words
    assert page.links()["Go on"] == phone.url("statement")
    assert not any(text in page.words for text in ASKED)


def test_where_answers_are_not_taken_yet_it_says_when_they_are():
    phone = Phone(hold(begins=3))
    words = phone.open("picture").words
    assert "There is nothing to show yet." in words
    assert "It goes on on" in words
    assert "Every answer helps." not in words


def test_after_the_end_nothing_is_promised_where_nothing_will_come(consultation, phone):
    answer(consultation, [of_camp(1, place) for place in range(9)])
    close(consultation)
    words = phone.open("picture").words
    assert "There is nothing to show." in words
    assert "This consultation closed on" in words
    assert "Every answer helps." not in words


def test_a_consultation_that_is_not_public_has_no_such_page(consultation):
    phone = Phone(consultation)
    type(consultation).objects.update(state="draft")
    assert phone.client.get(phone.url("picture")).status_code == 404


# What most people share


def test_what_all_groups_accept_stands_with_the_share_of_everybody(consultation, phone):
    take_sides(consultation)
    words = phone.open("picture").words
    # 48 of 48; and without the fifth of 30 and of 18 (place 0, 5, ...) that passed: 48 - 6 - 4 = 38, 79.2%.
    shared = f"In every group, more than half agree with these sentences. {SHARED} Agree: about 100% {MOSTLY}"
    assert f"{shared} Agree: about 79% Where people differ" in words


def test_of_many_that_all_accept_five_are_listed():
    consultation = hold_consultation(seeds=(*ASKED, *(f"Shared, {place}." for place in range(6))))
    answer(consultation, [[*of_camp(side, place), *[1] * 6] for place in range(20) for side in (1, -1)])
    refresh_landscape(consultation, TODAY)
    shared, *_ = Phone(consultation).open("picture").find("//main//ul[@class='r-answers']")
    assert len(shared.findall("li")) == 5


def test_whoever_is_in_no_group_counts_among_everybody(consultation, phone):
    answer(consultation, [[None] * 7 + [-1]] * 12)
    take_sides(consultation)
    # 38 of 48, and twelve who answered nothing else are against: 38 of 60, 63.3%.
    assert f"{MOSTLY} Agree: about 63%" in phone.open("picture").words


def test_where_groups_share_nothing_it_says_so(consultation, phone):
    take_sides(consultation)
    hide(SHARED)
    hide(MOSTLY)
    assert (
        "There is no sentence with which more than half of every group agree." in phone.open("picture").words
    )


def test_without_groups_it_is_what_most_people_agree_or_disagree_with(consultation, phone):
    take_sides(consultation)
    set_stability(consultation, 0.5)
    words = phone.open("picture").words
    assert f"on one side. {SHARED} Agree: about 100% {MOSTLY} Agree: about 79%" in words
    assert f"{NOBODY} Disagree: about 100%" in words


def test_without_a_clear_majority_it_says_so(consultation, phone):
    answer(consultation, [[1], [-1]] * 10)
    refresh_landscape(consultation, TODAY)
    set_stability(consultation, 0.5)
    assert "There is no sentence on which clearly more than half" in phone.open("picture").words


def test_people_who_took_part_are_not_called_all_the_city(consultation, phone):
    take_sides(consultation)
    words = phone.open("picture").words
    assert "This is what the people who took part think. Others may think otherwise." in words
    assert "resident" not in words.lower()


# Where people differ


def test_each_group_stands_with_its_size_and_three_statements_that_set_it_apart(consultation, phone):
    take_sides(consultation)
    page = phone.open("picture")
    groups = [" ".join(part.text_content().split()) for part in page.find("//section")]
    assert len(groups) == 2
    # 30 and 18 of 48: 62.5% and 37.5%, a half upwards. Of each six one passed: 25 of 30 and 15 of 18, 83.3%.
    [trams] = [words for words in groups if "about 63%" in words]
    [cars] = [words for words in groups if "about 38%" in words]
    for text in TRAMS:
        said = "This group agrees. Agree in this group: about 83% Agree among all others: about 0%"
        assert f"{text} {said}" in trams
    assert sum(text in cars for text in (*TRAMS, *CARS)) == 3
    against = [text for text in TRAMS if text in cars]
    assert against
    for text in against:
        said = "This group disagrees. Disagree in this group: about 83% Disagree among all others: about 0%"
        assert f"{text} {said}" in cars


def test_a_share_of_fewer_than_ten_of_a_group_is_not_shown(consultation, phone):
    take_sides(consultation)
    # Nine of the 18 for cars answered each of what divides the camps.
    landscape = Landscape.objects.get(consultation=consultation)
    row, counts = landscape.overview["sizes"].index(18), landscape.overview["groups"]
    for text in (*TRAMS, *CARS, SHARED, MOSTLY, NOBODY):
        place = landscape.overview["statement_ids"].index(str(Statement.objects.get(text=text).pk))
        counts["agree"][row][place] = 9 * (text in CARS)
        counts["disagree"][row][place] = 9 * (text not in CARS)
        counts["passed"][row][place] = 0
    landscape.save()
    page = phone.open("picture")
    [trams] = [part.text_content() for part in page.find("//section") if "63%" in part.text_content()]
    [cars] = [part.text_content() for part in page.find("//section") if "38%" in part.text_content()]
    assert "Agree in this group:" in trams
    assert "among all others" not in trams
    assert "Too few people of this group answered what might set it apart." in cars
    assert not any(text in cars for text in ASKED)


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (0.95, "almost the same groups come back"),
        (0.85, "mostly the same groups come back"),
        (0.7, "the same groups come back only in broad outline"),
        (0.62, "the same groups come back only roughly"),
    ],
)
def test_how_firm_the_groups_are_stands_in_words(consultation, phone, index, said):
    take_sides(consultation)
    set_stability(consultation, index)
    assert said in phone.open("picture").words


def test_groups_that_are_not_firm_are_not_shown_and_it_says_why(consultation):
    trams, _ = take_sides(consultation)
    set_stability(consultation, 0.5)
    page = with_code(consultation, trams[0]).open("picture")
    assert "There are no clear groups." in page.words
    assert page.find("//section | //main//*[@class='r-map']") == []
    assert not re.search(r"\b[Gg]roup [AB]\b", page.words)
    assert TRAMS[0] not in page.words


def test_a_group_of_nine_is_not_shown_and_it_says_why(consultation, phone):
    take_sides(consultation, cars=9)
    page = phone.open("picture")
    assert "One of the groups has too few people." in page.words
    assert page.find("//section | //main//*[@class='r-map']") == []


def test_where_all_think_alike_there_are_no_groups(consultation, phone):
    answer(consultation, [[1] * 9] * 20)
    refresh_landscape(consultation, TODAY)
    assert "There are no groups: the answers do not set people apart." in phone.open("picture").words


def test_the_map_draws_circles_with_the_letters_of_the_groups(consultation, phone):
    take_sides(consultation)
    [drawing] = phone.open("picture").find("//main//*[@class='r-map']")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "Map of the groups"
    assert sorted({text.text for text in drawing.iter("text")}) == ["A", "B"]


def test_where_nobody_can_be_drawn_the_groups_stand_in_words_alone(consultation):
    trams, _ = take_sides(consultation)
    landscape = Landscape.objects.get(consultation=consultation)
    landscape.overview["cells"].update(drawn=[], n_left_out=48)
    landscape.save()
    page = with_code(consultation, trams[0]).open("picture")
    assert "There is no map: people stand so far apart" in page.words
    assert "You stand near group" in page.words
    assert "On the map" not in page.words
    assert len(page.find("//section")) == 2


# One's own place


def test_whoever_holds_the_code_is_told_near_which_group_they_stand(consultation):
    trams, cars = take_sides(consultation)
    near = []
    for code in (trams[3], cars[3]):
        page = with_code(consultation, code).open("picture")
        near += re.findall(r"You stand near group (\w)\.", page.words)
        assert "Nobody else is shown this." in page.words
        assert len(page.find("//*[@class='r-map__own']")) == 1
        # Their own group, by its size.
        share = "about 63%" if code in trams else "about 38%"
        [group] = [part for part in page.find("//section") if f"Group {near[-1]}" in part.text_content()]
        assert share in group.text_content()
    assert sorted(near) == ["A", "B"]


def test_neither_a_visitor_nor_another_phone_is_shown_the_place_of_somebody(consultation):
    trams, cars = take_sides(consultation)
    mine = with_code(consultation, trams[3]).open("picture")
    visitor, other = Phone(consultation).open("picture"), with_code(consultation, cars[3]).open("picture")
    assert "You stand" not in visitor.words
    assert visitor.find("//*[@class='r-map__own']") == []

    def near(page):
        return re.findall(r"You stand near group (\w)\.", page.words)

    assert near(mine) != near(other)


def test_no_address_names_anybody_and_nothing_is_kept_by_the_browser(consultation):
    trams, _ = take_sides(consultation)
    phone = with_code(consultation, trams[3])
    response = phone.client.get(phone.url("picture"))
    assert "You stand near" in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"
    assert trams[3] not in response.content.decode()


@pytest.mark.parametrize(
    ("answered", "said"),
    [(4, "Answer 3 more sentences, and"), (6, "Answer 1 more sentence, and"), (7, "You stand near group")],
)
def test_with_fewer_than_seven_answers_it_says_how_many_more_are_needed(consultation, answered, said):
    take_sides(consultation)
    [code] = answer(consultation, [of_camp(1, 1)[:answered]])
    page = with_code(consultation, code).open("picture")
    assert said in page.words
    assert len(page.find("//*[@class='r-map__own']")) == (answered == 7)


def test_after_the_end_nobody_is_asked_for_more_answers(consultation):
    [code] = answer(consultation, [of_camp(1, 1)[:4]])
    take_sides(consultation)
    close(consultation)
    words = with_code(consultation, code).open("picture").words
    assert "You answered too few sentences to see here where you stand." in words
    assert "more sentence" not in words


# While it is open, and after


def test_while_it_is_open_no_count_of_people_is_shown(consultation, phone):
    take_sides(consultation)
    page = phone.open("picture")
    words = page.words.replace(f"Last changed on {TODAY.day} ", "").replace(f" {TODAY.year}.", "")
    # Nothing but shares in whole per cent.
    assert set(re.findall(r"\d[\d.,]*%?", words)) == {"100%", "79%", "38%", "63%", "83%", "0%"}
    assert all(f"about {figure}" in words for figure in re.findall(r"\d+%", words))


def test_after_the_end_figures_stand_exactly(consultation, phone):
    take_sides(consultation)
    close(consultation)
    words = phone.open("picture").words
    assert "These are the figures of all answers." in words
    assert f"{MOSTLY} Agree: 79% (38 of 48)" in words
    assert "Of all people in a group: 63% (30 of 48)" in words
    assert "about" not in words.replace("What it is about", "")


def test_a_hidden_statement_is_gone_at_once(consultation, phone):
    take_sides(consultation)
    assert {SHARED, TRAMS[0]} <= {text for text in ASKED if text in phone.open("picture").words}
    hide(SHARED)
    hide(TRAMS[0])
    words = phone.open("picture").words
    assert SHARED not in words
    assert TRAMS[0] not in words
    assert MOSTLY in words


# In the reader's language, and safely


def test_in_arabic_it_runs_from_right_to_left_and_statements_stand_in_arabic_where_there_is_any():
    consultation = hold(languages=("en", "ar"))
    take_sides(consultation)
    translate_statement(
        by=make_person("ilze"),
        statement=Statement.objects.get(text=SHARED),
        texts={"ar": "مقاعد في المحطات."},
        at=timezone.now(),
    )
    page = Phone(consultation, "ar").open("picture")
    root = page.find("/html")[0]
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    first, second, *_ = page.find("//main//ul[@class='r-answers']/li/p[@lang]")
    assert (first.text, first.get("lang"), first.get("dir")) == ("مقاعد في المحطات.", "ar", "rtl")
    assert (second.text, second.get("lang"), second.get("dir")) == (MOSTLY, "en", "ltr")


def test_the_map_is_the_same_from_right_to_left():
    consultation = hold(languages=("en", "ar"))
    take_sides(consultation)
    drawn = [
        [
            (circle.get("cx"), circle.get("cy"), circle.get("r"))
            for circle in Phone(consultation, language).open("picture").find("//main//circle")
        ]
        for language in ("en", "ar")
    ]
    assert drawn[0] == drawn[1] != []


def test_hostile_words_harm_it_not(consultation, phone):
    take_sides(consultation)
    Statement.objects.filter(text=SHARED).update(text=HOSTILE["a script"])
    page = phone.open("picture")
    assert MARK in page.words
    assert list(faults_of(page.response.content.decode())) == []


def test_more_people_and_statements_ask_the_database_no_more():
    counts, riga = [], make_city("riga")
    for number, seeds in ((30, ASKED), (90, (*ASKED, *(f"More of it, {place}." for place in range(60))))):
        consultation = hold_consultation(riga, slug=f"with-{number}", seeds=seeds)
        rows = [[*of_camp(side, place), *[1] * 60] for place in range(number) for side in (1, -1)]
        [*_, code] = answer(consultation, rows)
        refresh_landscape(consultation, TODAY)
        phone = with_code(consultation, code)
        with CaptureQueriesContext(connection) as asked:
            assert "You stand near" in phone.open("picture").words
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


# Where one finds it


def test_whoever_finishes_finds_it_and_so_do_their_answers(consultation, phone):
    assert phone.open("finish").links()["Where people stand"] == phone.url("picture")
    phone.vote(1)
    for name in ("finish", "answers"):
        assert phone.open(name).links()["Where people stand"] == phone.url("picture")


def test_below_a_statement_it_is_hidden_until_seven_are_answered(consultation, phone):
    seen = []
    for _ in range(8):
        page = phone.open("statement")
        [item] = page.find("//li[@data-picture-from='7']")
        seen.append(item.get("hidden") is None)
        phone.vote(1, page)
    assert seen == [False] * 7 + [True]


def test_the_first_page_leads_to_it_only_after_the_end(consultation, phone):
    make_officer("ilze", consultation.city)
    assert "Where people stand" not in phone.open("begin").links()
    close(consultation)
    assert phone.open("begin").links()["Where people stand"] == phone.url("picture")


def test_it_leads_on_to_what_can_be_done():
    consultation = hold(rule=Rule.SAY)
    phone = Phone(consultation)
    links = phone.open("picture").links()
    assert "Go on" not in links
    assert links["Say something of your own"] == phone.url("say")
    assert links["What it is about"] == phone.url("begin")
