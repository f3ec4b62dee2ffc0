"""Whoever comes back with their receipt code reads what became of what they said."""

import pytest
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.summed_up import answer, decide, hold_and_end, publish, said_by_people, sum_up, write
from tests.dialogues import make_entrance
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.codes import make_code, spell_code
from tessera.apps.dialogue.models import HidingReason, Outcome, Statement

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def code():
    return make_code()


def my_answers(consultation, code, language="en"):
    return Phone(consultation, language).enter(spell_code(code))


def own(consultation, code, language="en"):
    """What stands about each thing that was said under the code."""
    page = my_answers(consultation, code, language)
    entries = page.find("//li[contains(@class, 'r-answer')][.//*[starts-with(@id, 'own-')]]")
    return [" ".join(each.text_content().split()) for each in entries]


def test_before_the_themes_are_public_nothing_became_of_it(code):
    consultation = hold_and_end(entrance=make_entrance(code))
    write(consultation, statements=said_by_people(consultation)[:1])
    assert "theme" not in " ".join(own(consultation, code))


def test_it_says_which_theme_it_went_into_and_that_the_city_has_not_answered(code):
    consultation = sum_up(entrance=make_entrance(code))
    decide(consultation, reason="Not yet for everybody.")
    in_theme, alone = own(consultation, code)
    assert "It is part of this theme: Places to sit" in in_theme
    assert "It is in no theme, and is answered by itself." in alone
    for each in (in_theme, alone):
        assert "The city has not said yet what it does about it." in each
        assert "Not yet for everybody." not in each


def test_it_says_what_the_city_does_and_why(code):
    consultation = answer(sum_up(entrance=make_entrance(code)))
    for each in own(consultation, code):
        assert "The city does it." in each
        assert "Why: We put up ten." in each
        assert f"{timezone.localdate():%-d %B %Y}" in each


def test_a_statement_in_two_themes_says_both(code):
    consultation = hold_and_end(entrance=make_entrance(code))
    first = said_by_people(consultation)[:1]
    write(consultation, "Places to sit", statements=first)
    write(consultation, "Parks", statements=first)
    in_themes, _ = own(publish(consultation), code)
    assert in_themes.count("It is part of this theme:") == 2


def test_what_was_merged_into_another_reads_what_became_of_that(code):
    consultation = hold_and_end(entrance=make_entrance(code))
    kept, other = said_by_people(consultation)
    write(consultation, statements=[kept])
    hide_statement(by=make_person("ilze"), statement=other, reason=HidingReason.REPEATED, at=timezone.now())
    Statement.objects.filter(pk=other.pk).update(merged_into=kept)
    _, merged = own(answer(publish(consultation)), code)
    assert "This sentence says the same, and stands for yours: We need benches." in merged
    assert "It is part of this theme: Places to sit" in merged
    assert "The city does it." in merged


def test_what_is_not_shown_became_nothing(code):
    consultation = sum_up(entrance=make_entrance(code))
    hidden = said_by_people(consultation)[1]
    hide_statement(by=make_person("ilze"), statement=hidden, reason=HidingReason.HOSTILE, at=timezone.now())
    _, mine = own(answer(consultation), code)
    assert "The city" not in mine


def test_the_page_leads_to_everything_else_and_says_when_the_city_answered(code):
    consultation = answer(sum_up(entrance=make_entrance(code)))
    page = my_answers(consultation, code)
    assert page.links()["What became of what people said"].endswith(f"/{consultation.slug}/themes/")
    assert f"On {timezone.localdate():%-d %B %Y} the city answered what people said." in page.words


def test_a_reason_stands_in_the_language_of_the_page(code):
    consultation = sum_up(entrance=make_entrance(code), languages=("en", "ar"))
    decide(consultation, outcome=Outcome.PARTLY, reason="Ten", also=("ar",))
    consultation = answer(consultation)
    mine = " ".join(own(consultation, code, "ar"))
    assert "Places to sit (ar)" in mine
    assert "(ar)" in mine.split("Places to sit (ar)")[1]


def test_it_asks_the_database_as_often_for_many_as_for_few(code, django_assert_max_num_queries):
    consultation = hold_and_end(
        entrance=make_entrance(code), said=[f"We need {number}." for number in range(5)]
    )
    for number, statement in enumerate(said_by_people(consultation)[:4]):
        write(consultation, f"Theme {number}", statements=[statement])
    consultation = answer(publish(consultation))
    phone = Phone(consultation)
    phone.enter(spell_code(code))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "Theme 3" in phone.open("answers").words
