"""What experts say of a review, as it is frozen with what the city says."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.builders import (
    CHECKED_AT,
    PUBLISHED_AT,
    REVIEW,
    VALIDATED_AT,
    add_quotation,
    appoint,
    make_city,
    make_finding,
    make_review,
    make_sheet,
    publish,
    validate,
)
from tests.people import make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Tie
from tessera.apps.review.actions.checking import agree, give_opinion, reconcile
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import FindingKind, Strength
from tessera.frameworks import expert_words as words
from tessera.frameworks.answers import Answer
from tessera.frameworks.expert_words import ExpertWords

KEY, OTHER = "health-score", "education-score"


def judge(review, who="nuria", *, question=KEY, other=None, reason="", strength=Strength.HIGH, revision=1):
    give_opinion(
        expert=make_person(who),
        review=review,
        question=question,
        other=other,
        reason=reason,
        strength=strength,
        answer_revision=revision,
        at=CHECKED_AT,
    )


@pytest.fixture
def review(db):
    review = make_review(make_city("riga"), state=State.SUBMITTED)
    appoint(review, "nuria")
    return review


def test_opinions_are_published_with_the_answer_under_the_experts_name(review):
    judge(review, question=OTHER)
    judge(review, other=Answer(value=40.0), reason="The report says 40.")

    publication = publish(validate(review))

    assert publication.sheet.answers[KEY] == Answer(value=60.0)
    assert publication.words.opinions_on(KEY) == (
        words.Opinion(KEY, ("Nuria",), Answer(value=40.0), "The report says 40.", words.Sureness.HIGH),
    )
    assert publication.words.opinions_on(OTHER) == (
        words.Opinion(OTHER, ("Nuria",), None, "", words.Sureness.HIGH),
    )
    # In the order of the questionnaire, not in that in which they were given.
    asked = [question.key for question in review.framework.questions(review.sheet_pathway)]
    said = [opinion.question for opinion in publication.words.opinions]
    assert said == sorted(said, key=asked.index)


def test_what_two_hold_together_stands_behind_what_each_said(review):
    appoint(review, "piotr")
    judge(review)
    judge(review, "piotr", other=Answer(value=40.0), reason="The report says 40.")
    proposed = reconcile(
        expert=make_person("nuria"),
        review=review,
        question=KEY,
        other=Answer(value=50.0),
        reason="The later edition says 50.",
        answer_revision=1,
        at=CHECKED_AT,
    )
    assert len(read_expert_words(review, only_public=True).opinions) == 2
    piotr = make_person("piotr")
    agree(expert=piotr, review=review, question=KEY, shown=proposed.mark, at=CHECKED_AT)

    first, second, joint = read_expert_words(review, only_public=True).opinions

    assert (first.experts, second.experts) == (("Nuria",), ("Piotr",))
    assert joint.experts == ("Nuria", "Piotr")
    assert (joint.answer, joint.sureness) == (Answer(value=50.0), None)


def test_an_opinion_on_an_answer_that_was_changed_since_says_nothing_of_the_new_one(review):
    judge(review)
    KeptAnswer.objects.filter(review=review, question=KEY).update(revision=2)

    assert read_expert_words(review, only_public=True).opinions == ()


def test_an_expert_who_may_not_judge_the_city_any_more_is_not_published(review):
    judge(review)
    Tie.objects.create(
        person=make_person("nuria"),
        city=review.city,
        since=date(2015, 1, 1),
        work="A study",
        declared_at=CHECKED_AT,
    )

    assert read_expert_words(review, only_public=True).opinions == ()


def test_an_opinion_on_a_question_that_is_not_asked_any_more_is_not_published(db):
    answers = {"strategy": Answer(value="no"), "action-plan": Answer(value="partly")}
    sheet = make_sheet(framework=REVIEW, version=2, answers=answers)
    review = make_review(make_city("riga"), sheet, state=State.SUBMITTED)
    appoint(review, "nuria")
    judge(review, question="strategy")
    judge(review, question="action-plan")

    said = read_expert_words(review, only_public=True).opinions

    assert [opinion.question for opinion in said] == ["strategy"]


def test_findings_are_published_in_their_order_with_what_they_rest_on(review):
    make_finding(review, "Second", place=2, areas=["health"])
    make_finding(
        review,
        LocalText("en", {"en": "First", "lv": "Pirmais"}),
        place=1,
        kind=FindingKind.PRIORITY,
        next_step="Write it down.",
        questions=[OTHER, KEY],
    )

    show_draft(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)

    first, second = publish(validate(review)).words.findings

    assert first == words.Finding(
        kind=words.FindingKind.PRIORITY,
        text=words.TranslatedText("en", {"en": "First", "lv": "Pirmais"}),
        next_step=words.TranslatedText("en", {"en": "Write it down."}),
        areas=(),
        questions=tuple(
            question.key
            for question in review.framework.questions(review.sheet_pathway)
            if question.key in (KEY, OTHER)
        ),
        evidence=(),
        kept_evidence=0,
    )
    assert (second.text.in_language("lv"), second.areas) == ("Second", ("health",))


def test_evidence_that_the_city_keeps_is_counted_and_not_named(db):
    review = make_review(make_city("riga"), state=State.FILLING)
    for text, is_public in (("For all", True), ("For us alone", False)):
        add_quotation(review, text, is_public=is_public)
    make_finding(review, "It rests on both.", evidence=review.evidence.all())

    (public,) = read_expert_words(review, only_public=True).findings
    (whole,) = read_expert_words(review, only_public=False).findings

    assert (public.evidence, public.kept_evidence) == (("For all",), 1)
    assert (whole.evidence, whole.kept_evidence) == (("For all", "For us alone"), 0)


def test_words_are_read_back_as_they_were_written():
    said = ExpertWords(
        findings=(
            words.Finding(
                words.FindingKind.GAP,
                words.TranslatedText("lv", {"lv": "Trūkst plāna"}),
                None,
                ("health",),
                (),
                ("Lēmums 5",),
                2,
            ),
        ),
        opinions=(
            words.Opinion(KEY, ("Nuria",), Answer(value=("a", "b")), "Tā ir.", words.Sureness.LOW),
            words.Opinion(OTHER, ("Nuria", "Piotr"), Answer(not_applicable=True), "Nav.", None),
        ),
    )

    assert ExpertWords.from_json(said.to_json()) == said
    assert said.content_hash() != ExpertWords(said.findings).content_hash()


BEFORE = [("review", "0010_experts_check_reviews")]


@pytest.mark.django_db(transaction=True)
def test_what_an_older_site_published_stands_after_the_change_and_after_going_back():
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    city, nuria = make_city("riga"), make_person("nuria")
    review = old.get_model("review", "Review").objects.create(
        city_id=city.pk,
        framework_id="mipex-2015",
        version=1,
        pathway="full",
        year=2023,
        state="published",
        validated_by_id=nuria.pk,
        validated_at=VALIDATED_AT,
    )
    frozen = {"sheet_json": '{"answers": {}}', "profile_json": "{}", "profile_hash": "5" * 64}
    old.get_model("review", "Publication").objects.create(
        review=review, published_by_id=nuria.pk, published_at=PUBLISHED_AT, **frozen
    )

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    new = executor.loader.project_state(executor.loader.graph.leaf_nodes()).apps
    standing = new.get_model("review", "Review").objects.get().standing_publication

    assert (standing.number, standing.validated_by.name, standing.validated_at) == (1, "Nuria", VALIDATED_AT)
    assert ExpertWords.from_json(standing.words_json) == ExpertWords()

    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    back = executor.loader.project_state(BEFORE).apps.get_model("review", "Publication").objects.get()
    assert (back.review_id, back.profile_hash) == (review.pk, "5" * 64)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
