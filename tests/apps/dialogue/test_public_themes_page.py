"""Everybody reads what people said, summed up in themes, and what the city does about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from tests.apps.dialogue.finished import finish, people_of
from tests.apps.dialogue.summed_up import (
    answer,
    decide,
    hold_and_end,
    publish,
    said_by_people,
    say_at_a_session,
    sum_up,
    write,
)
from tests.builders import make_city, make_finding, make_review
from tests.builders import publish as publish_review
from tests.dialogues import hold_consultation, words
from tests.people import make_person

from tessera.apps.dialogue.actions.answering import decide_statements, publish_answer
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    Consultation,
    HidingReason,
    Outcome,
    Session,
    SessionParticipant,
    Stakeholder,
    Statement,
)
from tessera.apps.review.models import Finding

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def address(consultation, language="en"):
    return reverse("results:themes", args=[consultation.slug]).replace("/en/", f"/{language}/", 1)


def read(consultation, language="en"):
    response = Client().get(address(consultation, language))
    assert response.status_code == 200
    [main] = html.document_fromstring(response.content.decode()).xpath("//main")
    return main


def said(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("state", [State.DRAFT, State.OPEN, State.CLOSED])
def test_nobody_reads_themes_before_they_are_published(state):
    consultation = hold_and_end()
    write(consultation, statements=said_by_people(consultation)[:1])
    closed_on = consultation.closed_on if state == State.CLOSED else None
    Consultation.objects.update(state=state, closed_on=closed_on)
    assert Client().get(address(consultation)).status_code == 404


def test_a_theme_stands_in_its_area_with_what_it_rests_on():
    riga = make_city("riga")
    consultation = hold_and_end(riga)
    [benches, _] = said_by_people(consultation)
    excerpt = say_at_a_session(consultation, "Name of a person.", quote="We sit on the kerb.")
    write(consultation, "Lamps", statements=said_by_people(consultation)[1:])
    write(consultation, "Places to sit", statements=[benches], excerpts=[excerpt], area="housing")
    main = read(publish(consultation))
    assert [said(each) for each in main.xpath(".//h2")] == [
        "Housing",
        "Other themes",
        "Sessions that were held",
    ]
    theme = main.xpath(".//article")[0]
    assert said(theme.xpath(".//h3")[0]) == "Places to sit"
    assert "Summary of Places to sit." in said(theme)
    assert "We need benches." in said(theme)
    assert "We sit on the kerb." in said(theme)
    assert "Name of a person." not in said(main)
    assert "We need lamps." in said(main.xpath(".//article")[1])


def test_what_a_session_said_is_not_read_unless_it_was_cleared():
    consultation = hold_and_end()
    excerpt = say_at_a_session(consultation, "Not for everybody.")
    write(consultation, excerpts=[excerpt])
    main = read(publish(consultation))
    assert "Not for everybody." not in said(main)
    assert "Nothing of what it rests on can be shown." in said(main)


def test_a_finding_is_read_once_its_review_is_published_and_leads_to_it():
    riga = make_city("riga")
    review = make_review(riga)
    finding = make_finding(review, "Few benches in the north.")
    consultation = hold_and_end(riga)
    Consultation.objects.update(review=review)
    write(consultation, findings=[finding])
    consultation = publish(consultation)
    assert "Few benches in the north." not in said(read(consultation))
    publish_review(review)
    main = read(consultation)
    assert "Few benches in the north." in said(main)
    assert main.xpath(f'.//a[@href="{review.get_absolute_url()}"]')


def test_what_a_correction_changes_in_a_finding_is_read_once_that_is_published():
    riga = make_city("riga")
    review = make_review(riga)
    finding = make_finding(review, "Few benches in the north.")
    publish_review(review)
    consultation = hold_and_end(riga)
    Consultation.objects.update(review=review)
    write(consultation, findings=[finding])
    consultation = publish(consultation)
    Finding.objects.update(text=words("No bench in the north."))
    assert "No bench" not in said(read(consultation))


def test_figures_are_those_of_the_final_count_with_their_interval_and_day():
    # 8 of 12 agree: Wilson's interval is 0.391 to 0.862 (Newcombe 1998, method 3, worked by hand).
    consultation = hold_consultation(make_city("riga"), seeds=["More trams."] * 1 + ["Words."] * 4)
    people_of(consultation, [[1, None, None, None, None]] * 8 + [[-1, None, None, None, None]] * 4)
    consultation = finish(consultation)
    write(consultation, statements=[consultation.statements.first()])
    main = read(publish(consultation))
    assert "8 of 12 agree: 67% (95% interval: 39% to 86%). Pass: 0. Disagree: 4." in said(main)
    assert f"counted on {timezone.localdate():%-d %B %Y}" in said(main)


def test_without_enough_votes_no_figure_stands_there():
    main = read(sum_up())
    assert "none are shown" in said(main)
    assert "agree:" not in said(main)


def test_what_becomes_of_it_is_read_from_the_day_of_the_answer_on():
    consultation = sum_up()
    decide(consultation, outcome=Outcome.PARTLY, reason="Six in the first year.")
    before = said(read(consultation))
    assert "Six in the first year." not in before
    assert "What becomes of them stands here once the city has decided" in before
    publish_answer(by=make_person("ilze"), consultation=consultation, at=timezone.now())
    main = read(consultation)
    assert said(main).count("Six in the first year.") == 2
    assert [said(tag) for tag in main.xpath('.//*[@class="ds-tag"]')] == ["we do a part of it"] * 2
    assert f"Decided on {timezone.localdate():%-d %B %Y}." in said(main)


def test_a_statement_outside_the_themes_stands_with_its_own_answer():
    consultation = sum_up()
    decide(consultation)
    decide_statements(
        by=make_person("ilze"),
        consultation=consultation,
        statements=[said_by_people(consultation)[1].pk],
        outcome=Outcome.NOT_ADOPTED,
        reason=words("The lamps are the state's."),
        at=timezone.now(),
    )
    publish_answer(by=make_person("ilze"), consultation=consultation, at=timezone.now())
    [outside] = read(consultation).xpath('.//section[@aria-labelledby="outside"]')
    assert "We need lamps." in said(outside)
    assert "The lamps are the state's." in said(outside)
    assert "We need benches." not in said(outside)


def test_the_page_lives_with_what_is_hidden_or_withdrawn_after_the_answer():
    consultation = answer(sum_up())
    in_theme, outside = said_by_people(consultation)
    hide_statement(
        by=make_person("ilze"), statement=in_theme, reason=HidingReason.PERSONAL, at=timezone.now()
    )
    outside.author.delete()
    main = said(read(consultation))
    assert "We need" not in main
    assert "Nothing of what it rests on can be shown." in main


def test_a_statement_that_was_shown_after_the_answer_says_that_it_is_not_answered():
    consultation = sum_up()
    late = said_by_people(consultation)[1]
    hide_statement(by=make_person("ilze"), statement=late, reason=HidingReason.UNCLEAR, at=timezone.now())
    consultation = answer(consultation)
    accept_statement(by=make_person("ilze"), statement=Statement.objects.get(pk=late.pk), at=timezone.now())
    assert "It was shown only after the city had answered" in said(read(consultation))


def test_sessions_stand_in_the_order_of_their_days():
    consultation = hold_and_end()
    say_at_a_session(consultation, kind="interview", people=9)
    earlier = say_at_a_session(consultation, kind="round-table", people=10).note.held_in
    Session.objects.filter(pk=earlier.pk).update(held_on=earlier.held_on - timedelta(days=1))
    write(consultation, statements=said_by_people(consultation)[:1])
    [section] = read(publish(consultation)).xpath('.//section[@aria-labelledby="sessions"]')
    assert [said(each).partition(",")[0] for each in section.xpath(".//li")] == ["Round table", "Interview"]


def test_sessions_are_counted_from_ten_people_on_and_organisations_named_at_round_tables_only():
    consultation = hold_and_end()
    few = say_at_a_session(consultation, kind="interview", people=9).note.held_in
    many = say_at_a_session(consultation, kind="round-table", people=10).note.held_in
    library = Stakeholder.objects.create(consultation=consultation, kind="organisation", name="City library")
    newcomers = Stakeholder.objects.create(consultation=consultation, kind="group", name="Newcomers")
    one, other = SessionParticipant.objects.filter(held_in=many)[:2]
    SessionParticipant.objects.filter(pk=one.pk).update(stakeholder=library)
    SessionParticipant.objects.filter(pk=other.pk).update(stakeholder=newcomers)
    # Who was interviewed could be found by the organisation.
    SessionParticipant.objects.filter(held_in=few).update(stakeholder=library)
    write(consultation, statements=said_by_people(consultation)[:1])
    [section] = read(publish(consultation)).xpath('.//section[@aria-labelledby="sessions"]')
    day = f"{few.held_on:%-d %B %Y}"
    assert [said(each) for each in section.xpath(".//li")] == [
        f"Interview, {day}: fewer than 10 people",
        f"Round table, {day}: 10 people; organisations: City library",
    ]


def test_words_in_another_language_than_the_pages_say_so():
    main = read(sum_up(), "lv")
    [title] = main.xpath(".//article/h3/bdi")
    assert title.get("lang") == "en"


def test_the_results_and_residents_pages_lead_to_it_once_it_is_there():
    consultation = hold_and_end()
    write(consultation, statements=said_by_people(consultation)[:1])
    places = [
        reverse("results:page", args=[consultation.slug]),
        *(
            reverse(f"take_part:{name}", args=[consultation.slug, "en"])
            for name in ("begin", "picture", "code")
        ),
    ]
    link = f'href="{address(consultation)}"'
    assert [link in Client().get(place).content.decode() for place in places] == [False] * 4
    publish(consultation)
    assert [link in Client().get(place).content.decode() for place in places] == [True] * 4


def test_it_asks_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries):
    consultation = hold_and_end(said=[f"We need thing {number}." for number in range(12)])
    everything = said_by_people(consultation)
    for number in range(6):
        write(
            consultation,
            f"Theme {number}",
            statements=everything[: number + 1],
            excerpts=[say_at_a_session(consultation, quote="We sit on the kerb.", people=number + 1)],
        )
    consultation = answer(publish(consultation))
    with django_assert_max_num_queries(MOST_QUERIES):
        read(consultation)
