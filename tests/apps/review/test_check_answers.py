import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests.builders import REVIEW, answer, make_city, make_review, make_sheet
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

pytestmark = pytest.mark.django_db


def check_url(review):
    return reverse("review:check-answers", args=[review.pk])


def page_for(client, review, who="ilze"):
    client.force_login(make_person(who))
    return client.get(check_url(review))


def read(client, review, who="ilze"):
    page = page_for(client, review, who)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def question_on(client, review, key):
    """What stands on the page about one question."""
    page = page_for(client, review).content.decode()
    _, _, after = page.partition(f'id="question-{key}">')
    row, _, _ = after.partition('<div class="t-summary__row"')
    assert row
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def review_with(**answers):
    sheet = make_sheet(
        framework=REVIEW, version=2, answers={key.replace("_", "-"): given for key, given in answers.items()}
    )
    return make_review(make_city(), sheet, state=State.FILLING)


def add_evidence(review, question, *, is_public, title="", url="", text=""):
    kind = EvidenceKind.LINK if url else EvidenceKind.QUOTATION
    piece = Evidence.objects.create(
        review=review, kind=kind, title=title, url=url, text=text, is_public=is_public
    )
    EvidenceUse.objects.create(evidence=piece, question=question)


def complete_answers(*, without=()):
    return {
        question.key: Answer(value=representative_answers(question)[0])
        for question in find_framework(REVIEW, 2).questions()
        if question.key not in without
    }


def test_every_area_shows_its_answers_in_words(client):
    review = review_with(
        strategy=Answer(value="partly"),
        local_language_courses=Answer(value=("beginners", "evenings")),
        attitude_survey=Answer(value=2.0),
        course_wait=Answer(value=6.0),
    )
    texts = review.framework.text("en")
    page = read(client, review)

    assert all(texts.areas[area.key].title in page for area in review.framework.plain_areas())
    in_preparation = texts.questions["strategy"].options["partly"]
    assert in_preparation in question_on(client, review, "strategy")
    labels = texts.questions["local-language-courses"].options
    both = f"{labels['beginners']}; {labels['evenings']}"
    assert both in question_on(client, review, "local-language-courses")
    assert "2 years" in question_on(client, review, "attitude-survey")
    assert f"6 {texts.questions['course-wait'].unit}" in question_on(client, review, "course-wait")


def test_each_state_of_a_question_is_said_in_words(client):
    review = review_with(
        strategy=Answer(value="yes"),
        action_plan=Answer(value="yes"),
        school_mix=Answer(not_applicable=True, reason="There is one school only."),
    )
    answer(review, "strategy", Answer(value="no"), revision=1)

    assert "Not answered" in question_on(client, review, "leaders-speak")
    does_not_apply = question_on(client, review, "school-mix")
    assert "Does not apply" in does_not_apply
    assert "Reason There is one school only." in does_not_apply
    hidden = question_on(client, review, "action-plan")
    assert "another answer rules it out" in hidden
    assert "Kept, and not counted: Yes" in hidden


def test_a_hidden_question_that_does_not_apply_is_kept_with_its_reason(client):
    review = review_with(
        strategy=Answer(value="yes"),
        strategy_evaluated=Answer(not_applicable=True, reason="It is new."),
    )
    answer(review, "strategy", Answer(value="no"), revision=1)

    said = question_on(client, review, "strategy-evaluated")
    assert "Kept, and not counted: Does not apply Reason It is new." in said
    assert "1 answer is kept and does not count" in read(client, review)


def test_a_piece_of_evidence_shows_its_date_and_language(client):
    review = review_with(strategy=Answer(value="yes"))
    add_evidence(review, "strategy", is_public=True, title="Decision 5", url="https://example.org/5")
    Evidence.objects.update(dated_on=date(2019, 5, 6), language="et")

    assert "Decision 5 · 6 May 2019 · Estonian" in question_on(client, review, "strategy")


def test_notes_and_evidence_say_who_will_read_them(client):
    review = review_with(
        strategy=Answer(value="yes", note="An inner note"), coordination=Answer(value="nobody")
    )
    answer(
        review,
        "coordination",
        Answer(value="nobody", note="A note for all"),
        revision=1,
        is_note_public=True,
    )
    add_evidence(review, "strategy", is_public=True, title="Decision 5", url="https://example.org/5")
    add_evidence(review, "coordination", is_public=False, text="An inner memo")

    assert "Note (kept by the city) An inner note" in question_on(client, review, "strategy")
    assert "Evidence (public) Decision 5" in question_on(client, review, "strategy")
    assert "Note (public) A note for all" in question_on(client, review, "coordination")
    assert "Evidence (kept by the city) An inner memo" in question_on(client, review, "coordination")
    assert (
        '<a href="https://example.org/5" rel="noreferrer"><bdi>Decision 5</bdi></a>'
        in page_for(client, review).content.decode()
    )


def test_what_a_city_wrote_is_never_read_as_markup(client):
    review = review_with(strategy=Answer(value="yes", note="<script>alert(1)</script>"))

    page = page_for(client, review).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_is_open_is_named_before_signing_with_its_place(client):
    """Two questions that govern no other are left out of 87, in two areas; whoever can never vote here cannot
    stand as a candidate, says the questionnaire."""
    answers = complete_answers(without=["leaders-speak", "media-watch"])
    answers["local-vote"] = Answer(value="never")
    answers["local-candidacy"] = Answer(value=0.0)
    review = make_review(
        make_city(), make_sheet(framework=REVIEW, version=2, answers=answers), state=State.FILLING
    )
    page = page_for(client, review).content.decode()
    text = read(client, review)

    assert "2 questions have no answer. They count as missing, never as zero." in text
    for area in ("commitment", "media-and-communication"):
        assert f'<a href="{check_url(review)}#area-{area}">' in page
    assert review.framework.text("en").constraints["candidates-without-vote"] in text
    for question in ("local-vote", "local-candidacy"):
        assert f'<a href="{check_url(review)}#question-{question}">' in page
    areas = len(list(review.framework.plain_areas()))
    assert f"{areas} areas are not marked as complete" in text


def test_an_optional_area_that_is_left_out_is_no_gap(client):
    """Two of seventeen areas are optional."""
    optional = [area for area in find_framework(REVIEW, 2).areas if area.optional]
    left_out = [question.key for area in optional for question in area.questions]
    answers = complete_answers(without=left_out)
    review = make_review(
        make_city(), make_sheet(framework=REVIEW, version=2, answers=answers), state=State.FILLING
    )
    page = read(client, review)

    assert "2 optional areas have no answer and are left out. That lowers no score." in page
    assert "have no answer. They count" not in page
    assert "15 areas are not marked as complete" in page


def test_a_review_without_a_gap_says_so(client):
    review = make_review(make_city(), make_sheet(60), state=State.FILLING)
    for area in review.framework.plain_areas():
        review.area_works.create(
            area=area.key,
            opened_at="2024-01-08T10:00Z",
            done_at="2024-01-09T10:00Z",
            done_by=make_person("ilze"),
        )
    for question in review.framework.questions():
        add_evidence(review, question.key, is_public=True, text="Decision 5")

    assert "Every question that applies has an answer" in read(client, review)


def test_an_answer_without_the_evidence_that_is_wished_is_counted(client):
    review = review_with(
        strategy=Answer(value="yes"), coordination=Answer(value="nobody"), leaders_speak=Answer(value="often")
    )
    assert "2 answers have no evidence" in read(client, review)

    add_evidence(review, "strategy", is_public=False, text="Decision 5")

    assert "1 answer has no evidence" in read(client, review)
    assert "Evidence is wished for, and there is none." in question_on(client, review, "coordination")
    assert "Evidence is wished" not in question_on(client, review, "strategy")
    assert "Evidence is wished" not in question_on(client, review, "leaders-speak")


def test_the_scores_are_those_of_the_answers_and_called_provisional(client):
    """Four of eight areas of the same weight: (10 + 20 + 30 + 40) / 4 = 25 with half of the weight; if the
    missing four were all 0 or all 100 the mean would be 100 / 8 = 12.5 or 500 / 8 = 62.5."""
    review = make_review(
        make_city(), make_sheet([10, 20, 30, 40, None, None, None, None]), state=State.FILLING
    )

    page = read(client, review)

    assert "They are provisional: nobody has checked the answers" in page
    assert "25 points of 100" in page
    assert "The answers cover 50% of the weight." in page
    assert "would lie between 13 and 63" in page


def test_reviews_of_other_cities_do_not_show_through(client):
    riga = make_city()
    before = None
    for others in (0, 6):
        for number in range(others):
            make_review(make_city(f"other-{number}"), make_sheet(90))
        if before is None:
            review = make_review(
                riga, make_sheet([10, 20, 30, 40, None, None, None, None]), state=State.FILLING
            )
            before = read(client, review)

    assert read(client, review) == before
    assert "class" not in before.lower().split()


def test_an_officer_changes_each_answer_from_here_while_it_is_filled(client):
    review = review_with(strategy=Answer(value="yes"))

    page = page_for(client, review).content.decode()

    for question in review.framework.questions():
        assert f'href="{reverse("review:question", args=[review.pk, question.area, question.key])}"' in page
    assert "Change<span" in page
    assert "Go on to sign" in page


@pytest.mark.parametrize("who", ["ilze", "mihai"])
def test_once_it_is_sent_nothing_can_be_changed_from_here(client, who):
    review = make_review(make_city(), state=State.SUBMITTED)

    page = page_for(client, review, who).content.decode()

    assert "/questions/" not in page
    assert "Go on to sign" not in page
    assert "Signed by Ilze" in " ".join(page.split())


READS = {
    State.FILLING: {"ilze"},
    State.SUBMITTED: {"ilze", "mihai"},
}


@pytest.mark.parametrize("state", READS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_own_officers_read_always_and_the_coordinator_once_it_is_sent(client, who, state):
    riga = make_city()
    review = make_review(riga, state=state)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("nuria", Kind.EXPERT, review.cycle.network)

    assert page_for(client, review, who).status_code == (200 if who in READS[state] else 404)


def test_a_review_that_was_recorded_as_a_whole_is_not_shown_here(client):
    review = make_review(make_city(), state=State.VALIDATED)
    make_officer("ilze", review.city)

    assert page_for(client, review).status_code == 404


def test_the_page_asks_the_database_as_often_for_many_answers_as_for_few(client):
    few = review_with(strategy=Answer(value="yes", note="A note"))
    add_evidence(few, "strategy", is_public=True, text="Decision 5")
    page_for(client, few)
    with CaptureQueriesContext(connection) as with_few:
        client.get(check_url(few))
    for question, given in complete_answers(without=["strategy"]).items():
        answer(few, question, Answer(value=given.value, note="A note"))
        add_evidence(few, question, is_public=False, text=f"Memo about {question}")
    with CaptureQueriesContext(connection) as with_many:
        client.get(check_url(few))

    assert len(with_many) == len(with_few) < 25


def test_the_page_is_there_in_latvian(client):
    review = review_with(strategy=Answer(value="yes"))
    client.force_login(make_person("ilze"))

    # A page leaves its language behind.
    with translation.override("lv"):
        page = client.get(check_url(review))

    assert page.status_code == 200
    assert review.framework.text("lv").questions["strategy"].text in page.content.decode()
