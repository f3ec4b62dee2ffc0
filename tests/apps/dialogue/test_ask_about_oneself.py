"""What people are asked about themselves: who chooses it, until when, and of whom the city consists."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse
from tests.apps.dialogue.asking_about_oneself import hold_asking, value_of
from tests.apps.dialogue.staff import browser_of, page_of, today
from tests.builders import make_city
from tests.dialogues import OPENED_AT, make_consultation, words
from tests.people import make_officer, make_person

from tessera.apps.dialogue.actions.about_oneself import (
    IncompletePopulation,
    TooManyQuestions,
    WrongAnswers,
    choose_questions,
    state_population,
    write_own_question,
)
from tessera.apps.dialogue.actions.setting_up import (
    CannotOpen,
    Obstacle,
    close_consultation,
    obstacles_to_opening,
    open_consultation,
)
from tessera.apps.dialogue.languages import CODES
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Attribute, AttributeValue
from tessera.apps.dialogue.shipped_questions import shipped_questions
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

PART = ("In which part of the city do you live?", "North", "South")


@pytest.fixture
def draft():
    return hold_asking(make_city("riga"), keys=(), state=State.DRAFT, languages=("en", "lv"))


def choose(consultation, *keys, by="ilze"):
    choose_questions(by=make_person(by), consultation=consultation, keys=keys, at=OPENED_AT)


def write(consultation, question, *answers, pk=None):
    return write_own_question(
        by=make_person("ilze"),
        consultation=consultation,
        pk=pk,
        question=words(question),
        answers=[answer if not isinstance(answer, str) else words(answer) for answer in answers],
        at=OPENED_AT,
    )


def state(consultation, residents, source="A census", counted_on=date(2026, 1, 1), pk=None):
    state_population(
        by=make_person("ilze"),
        consultation=consultation,
        pk=consultation.attributes.first().pk if pk is None else pk,
        residents=residents,
        source=source,
        counted_on=counted_on,
        at=OPENED_AT,
    )


def keys(consultation):
    return list(consultation.attributes.values_list("key", flat=True))


def labels(attribute):
    return [str(value.label) for value in attribute.values.all()]


# The shipped ones


def test_shipped_questions_are_few_and_broad_and_in_every_language():
    assert list(shipped_questions()) == ["age", "gender", "years", "born"]
    for shipped in shipped_questions().values():
        assert 2 <= len(shipped.answers) <= 8
        for texts in (shipped.question, *shipped.answers.values()):
            assert set(texts) == set(CODES)
            assert all(texts.values())
        for code in CODES:
            assert len({texts[code] for texts in shipped.answers.values()}) == len(shipped.answers)


# Choosing


def test_chosen_questions_are_kept_with_their_answers_in_all_languages(draft):
    choose(draft, "born")
    [attribute] = draft.attributes.all()
    assert attribute.question.in_language("de") == "Wo sind Sie geboren?"
    assert labels(attribute) == ["In this country", "In another country of the European Union", "Elsewhere"]
    assert [value.label.in_language("lv") for value in attribute.values.all()][2] == "Citur"


def test_what_is_not_chosen_any_more_goes_and_the_rest_stays(draft):
    choose(draft, "age", "gender")
    age = draft.attributes.get(key="age").pk
    choose(draft, "age", "born")
    assert keys(draft) == ["age", "born"]
    assert draft.attributes.get(key="age").pk == age


def test_an_own_question_stays_until_it_is_left_out(draft):
    write(draft, *PART)
    choose(draft, "age", "own-1")
    assert set(keys(draft)) == {"age", "own-1"}
    choose(draft, "age")
    assert keys(draft) == ["age"]


@pytest.mark.parametrize("key", ["own-1", "colour", ""])
def test_a_key_of_no_question_is_refused(draft, key):
    with pytest.raises(ValueError, match="no question"):
        choose(draft, "age", key)
    assert keys(draft) == []


def test_more_than_five_are_refused(draft):
    write(draft, *PART)
    write(draft, "Do you rent?", "Yes", "No")
    with pytest.raises(TooManyQuestions):
        choose(draft, "age", "gender", "years", "born", "own-1", "own-2")
    choose(draft, "age", "gender", "years", "born", "own-1")
    with pytest.raises(TooManyQuestions):
        write(draft, "Do you rent?", "Yes", "No")


@pytest.mark.parametrize("state_then", [State.OPEN, State.CLOSED])
def test_they_are_fixed_once_it_is_open(draft, state_then):
    attribute = write(draft, *[PART[0], words("North", lv="Ziemeļi"), words("South", lv="Dienvidi")])
    Attribute.objects.update(question=words(PART[0], lv="Kur?"))
    choose(draft, "age", "own-1")
    open_consultation(by=make_person("ilze"), consultation=draft, at=OPENED_AT)
    if state_then is State.CLOSED:
        close_consultation(by=make_person("ilze"), consultation=draft, reason="Enough.", at=OPENED_AT)
    for act in (
        lambda: choose(draft, "age"),
        lambda: write(draft, *PART),
        lambda: write(draft, *PART, pk=attribute.pk),
    ):
        with pytest.raises(MoveError):
            act()
    assert set(keys(draft)) == {"age", "own-1"}


def test_officers_of_other_cities_choose_nothing(draft):
    make_officer("chiara", make_city("ravenna", country="IT"))
    with pytest.raises(Http404):
        choose(draft, "age", by="chiara")


# One's own


@pytest.mark.parametrize("answers", [["North"], [str(number) for number in range(9)], ["North", "North"]])
def test_a_question_has_two_to_eight_different_answers(draft, answers):
    with pytest.raises(WrongAnswers):
        write(draft, PART[0], *answers)
    assert keys(draft) == []


def test_two_answers_that_are_the_same_in_one_language_are_refused(draft):
    with pytest.raises(WrongAnswers):
        write(draft, PART[0], words("North", lv="Centrs"), words("South", lv="Centrs"))


def test_residents_stay_where_only_a_translation_changes(draft):
    attribute = write(draft, *PART)
    north, south = attribute.values.all()
    state(draft, {north.pk: 10, south.pk: 20})
    write(draft, PART[0], words("North", lv="Ziemeļi"), words("South", lv="Dienvidi"), pk=attribute.pk)
    assert list(attribute.values.values_list("population", flat=True)) == [10, 20]
    assert attribute.values.first().label.in_language("lv") == "Ziemeļi"


def test_residents_go_where_an_answer_changes(draft):
    attribute = write(draft, *PART)
    north, south = attribute.values.all()
    state(draft, {north.pk: 10, south.pk: 20})
    write(draft, PART[0], "North", "East", pk=attribute.pk)
    attribute = draft.attributes.get()
    assert [(str(value.label), value.population) for value in attribute.values.all()] == [
        ("North", None),
        ("East", None),
    ]
    assert (attribute.population_source, attribute.population_on) == ("", None)


def test_a_shipped_question_is_not_put_otherwise(draft):
    choose(draft, "age")
    with pytest.raises(Http404):
        write(draft, *PART, pk=draft.attributes.get().pk)


def test_it_cannot_be_opened_before_its_own_questions_are_in_every_language(draft):
    choose(draft, "age")
    assert obstacles_to_opening(draft, today()) == []
    attribute = write(draft, *PART)
    assert obstacles_to_opening(draft, today()) == [Obstacle.QUESTIONS_NOT_TRANSLATED]
    with pytest.raises(CannotOpen):
        open_consultation(by=make_person("ilze"), consultation=draft, at=OPENED_AT)
    assert "A question about oneself is not in every language yet." in page_of(
        "ilze", draft.get_absolute_url()
    )
    write_own_question(
        by=make_person("ilze"),
        consultation=draft,
        pk=attribute.pk,
        question=words(PART[0], lv="Kur?"),
        answers=[words("North", lv="Ziemeļi"), words("South", lv="Dienvidi")],
        at=OPENED_AT,
    )
    assert obstacles_to_opening(draft, today()) == []


# Residents


@pytest.mark.parametrize(
    ("counts", "source", "counted_on"),
    [
        ((10, 20), "", date(2026, 1, 1)),
        ((10, 20), "A census", None),
        ((10,), "A census", date(2026, 1, 1)),
        ((0, 0), "A census", date(2026, 1, 1)),
        ((), "A census", None),
    ],
)
def test_residents_come_with_their_source_and_day_or_not_at_all(draft, counts, source, counted_on):
    values = write(draft, *PART).values.all()
    residents = dict(zip([value.pk for value in values], counts, strict=False))
    with pytest.raises(IncompletePopulation):
        state(draft, residents, source, counted_on)


def test_residents_can_be_taken_away_again(draft):
    north, south = write(draft, *PART).values.all()
    state(draft, {north.pk: 10, south.pk: 20})
    state(draft, {}, "", None)
    assert set(AttributeValue.objects.values_list("population", flat=True)) == {None}


def test_residents_can_be_stated_until_it_is_closed():
    asking = hold_asking(make_city("riga"))
    residents = {value_of(asking, "gender", key).pk: 5 for key in ("woman", "man")}
    state(asking, residents)
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=OPENED_AT)
    with pytest.raises(MoveError):
        state(asking, {})
    assert value_of(asking, "gender", "woman").population == 5


def test_residents_of_a_question_of_another_consultation_are_refused(draft):
    choose(draft, "age")
    other = make_consultation(make_city("ravenna", country="IT"), slug="other", state=State.DRAFT)
    with pytest.raises(Http404):
        state(other, {}, "", None, pk=draft.attributes.get().pk)


# The pages


def url(name, consultation, *about):
    return reverse(f"dialogue:{name}", args=[consultation.pk, *about])


def send(address, **form):
    return browser_of("ilze").post(address, form)


def test_questions_are_ticked_and_shown_with_their_answers(draft):
    answer = send(url("about", draft), questions=["age", "born"])
    assert answer["Location"] == url("about", draft)
    assert keys(draft) == ["age", "born"]
    page = page_of("ilze", url("about", draft))
    assert "Where were you born?" in page
    assert "In another country of the European Union" in page
    assert "Where were you born?" in page_of("ilze", draft.get_absolute_url())


def test_a_sixth_question_is_refused_in_words(draft):
    choose(draft, "age")
    write(draft, *PART)
    write(draft, "Do you rent?", "Yes", "No")
    answer = send(url("about", draft), questions=["age", "gender", "years", "born", "own-1", "own-2"])
    assert answer.status_code == 400
    assert "Choose at most 5." in answer.content.decode()


def test_once_it_is_open_they_are_only_read():
    asking = hold_asking(make_city("riga"))
    page = page_of("ilze", url("about", asking))
    assert 'name="questions"' not in page
    assert "What is your gender?" in page
    answer = browser_of("ilze").post(url("about", asking), {"questions": ["age"]}, follow=True)
    assert "stays as it is" in answer.content.decode()
    assert keys(asking) == ["gender"]
    assert send(url("own-question", asking)).status_code == 302


def test_an_own_question_is_written_one_answer_in_a_line(draft):
    answer = send(
        url("own-question", draft),
        question_en=PART[0],
        answers_en="North\r\n\r\n South \r\n",
        question_lv="Kur jūs dzīvojat?",
        answers_lv="Ziemeļi\nDienvidi",
    )
    assert answer["Location"] == url("about", draft)
    attribute = draft.attributes.get()
    assert attribute.question == words(PART[0], lv="Kur jūs dzīvojat?")
    assert [value.label for value in attribute.values.all()] == [
        words("North", lv="Ziemeļi"),
        words("South", lv="Dienvidi"),
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"answers_en": "North"}, "Write from 2 to 8 answers, one in a line."),
        ({"answers_en": "North\nNorth"}, "Two answers are the same."),
        ({"answers_en": f"North\n{'x' * 61}"}, "An answer has at most 60 letters."),
        ({"question_lv": "Kur?"}, "write the question and the answers, or neither"),
        ({"question_lv": "Kur?", "answers_lv": "Ziemeļi"}, "the same answers as in the first language"),
    ],
)
def test_what_is_wrong_with_an_own_question_is_said_and_nothing_typed_is_lost(draft, written, said):
    answer = send(
        url("own-question", draft), **{"question_en": PART[0], "answers_en": "North\nSouth", **written}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert PART[0] in page
    assert keys(draft) == []


def test_an_own_question_comes_back_as_it_was_written(draft):
    attribute = write(draft, *PART)
    page = page_of("ilze", url("change-own-question", draft, attribute.pk))
    assert PART[0] in page
    assert "North\nSouth" in page
    choose(draft, "age")
    assert (
        browser_of("ilze").get(url("change-own-question", draft, draft.attributes.get().pk)).status_code
        == 404
    )


def test_residents_are_stated_and_shown_with_their_source():
    asking = hold_asking(make_city("riga"))
    attribute = asking.attributes.get()
    counts = {"woman": "338000", "man": "267000", "other": ""}
    answer = send(
        url("population", asking, attribute.pk),
        source="Central Statistical Bureau",
        counted_on="2026-01-01",
        **{f"residents_{value_of(asking, 'gender', key).pk}": count for key, count in counts.items()},
    )
    assert answer["Location"] == url("about", asking)
    assert [value.population for value in attribute.values.all()] == [338000, 267000, None]
    page = page_of("ilze", url("about", asking))
    assert "338,000 residents" in page
    assert "Central Statistical Bureau" in page


@pytest.mark.parametrize(
    "wrong", [{"source": ""}, {"counted_on": ""}, {"counted_on": "soon"}, {"residents": "-1"}]
)
def test_incomplete_residents_are_asked_for_again(wrong):
    asking = hold_asking(make_city("riga"))
    attribute = asking.attributes.get()
    residents = wrong.pop("residents", "5")
    form = {"source": "A census", "counted_on": "2026-01-01", **wrong}
    for value in attribute.values.all():
        form[f"residents_{value.pk}"] = residents
    assert send(url("population", asking, attribute.pk), **form).status_code == 400
    assert attribute.values.first().population is None


def test_after_the_end_residents_stay_as_they_are():
    asking = hold_asking(make_city("riga"), begins=-8, ends=20)
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=OPENED_AT)
    answer = browser_of("ilze").get(url("population", asking, asking.attributes.get().pk))
    assert answer["Location"] == url("about", asking)


def test_a_question_of_another_consultation_has_no_page(draft):
    asking = hold_asking(make_city("ravenna", country="IT"), slug="other")
    elsewhere = asking.attributes.get().pk
    assert browser_of("ilze").get(url("population", draft, elsewhere)).status_code == 404
