"""Experts write what they conclude: a finding rests on something, and nobody overwrites another's words."""

import pytest
from django.core.exceptions import PermissionDenied
from tests.apps.review.test_lifecycle import make_checked_review
from tests.builders import (
    CHECKED_AT,
    VALIDATED_AT,
    answer,
    appoint,
    conclude,
    make_city,
    make_review,
    make_sheet,
    open_area,
)
from tests.people import EVERYBODY, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import ask, open_answer, return_review
from tessera.apps.review.actions.evidence import add_evidence, drop_evidence
from tessera.apps.review.actions.findings import (
    CannotWrite,
    FindingDropped,
    StaleFinding,
    drop_finding,
    move_finding,
    reply_to_draft,
    show_draft,
)
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.findings import Bases, baseless_findings, bases_of, bases_offered, read_offered
from tessera.apps.review.lifecycle import WITH_EXPERTS, State
from tessera.apps.review.models import (
    CityReply,
    Draft,
    Evidence,
    EvidenceKind,
    Finding,
    FindingBasis,
    FindingKind,
    Review,
)
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    """Sent, with education unanswered, and taken on by Nuria."""
    review = make_review(make_city("riga"), make_sheet([60.0] * 2 + [None] + [60.0] * 5), state=State.FILLING)
    return send(review)


def send(review):
    review = Review.objects.get(pk=review.pk)
    mark = review.content_hash()
    sign_review(person=make_person("ilze"), review=review, content_hash=mark, at=CHECKED_AT)
    appoint(review)
    return Review.objects.get(pk=review.pk)


def make_other_review():
    """Ravenna's, which Nuria checks as well."""
    ravenna = make_city("ravenna", country="IT")
    return make_review(ravenna, make_sheet(year=2022), state=State.IN_REVIEW, officer="chiara")


def texts(review):
    return [str(finding) for finding in review.findings.all()]


def places(review):
    return [finding.place for finding in review.findings.all()]


def move(review, finding, *, up):
    move_finding(expert=make_person("nuria"), review=review, finding=finding.pk, up=up, at=CHECKED_AT)


def drop(review, finding):
    drop_finding(expert=make_person("nuria"), review=review, finding=finding.pk, at=CHECKED_AT)


# Who may, and when


ACTS = {
    "write": lambda person, review, finding, draft: conclude(review, "New.", key=person),
    "change": lambda person, review, finding, draft: conclude(
        review, "Changed.", key=person, finding=finding.pk, revision=1
    ),
    "move": lambda person, review, finding, draft: move_finding(
        expert=make_person(person), review=review, finding=finding.pk, up=False, at=CHECKED_AT
    ),
    "drop": lambda person, review, finding, draft: drop_finding(
        expert=make_person(person), review=review, finding=finding.pk, at=CHECKED_AT
    ),
    "show": lambda person, review, finding, draft: show_draft(
        expert=make_person(person), review=review, message="Read this.", at=CHECKED_AT
    ),
    "reply": lambda person, review, finding, draft: reply_to_draft(
        person=make_person(person), draft=draft, text="We see.", at=CHECKED_AT
    ),
}


def everything():
    return (
        list(Finding.objects.values_list("pk", "text", "place").order_by("pk")),
        list(FindingBasis.objects.values_list("finding", "area").order_by("pk")),
        Draft.objects.count(),
        CityReply.objects.count(),
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_only_who_checks_writes_and_shows_and_only_the_city_replies_while_experts_have_it(act, state):
    """Everybody else is refused for the person, whatever the state; Piotr is an expert of no review."""
    review = make_checked_review(state)
    rows = [
        Finding.objects.create(
            review=review,
            kind=FindingKind.GAP,
            text=LocalText("en", {"en": words}),
            place=place,
            written_by=make_person("nuria"),
            written_at=CHECKED_AT,
        )
        for place, words in enumerate(["One.", "Two."], start=1)
    ]
    for row in rows:
        FindingBasis.objects.create(finding=row, area="education")
    draft = Draft.objects.create(
        review=review,
        shown_by=make_person("nuria"),
        shown_at=CHECKED_AT,
        words_json=read_expert_words(review, only_public=False).to_json(),
    )
    allowed, before = "ilze" if act == "reply" else "nuria", everything()

    for who in EVERYBODY:
        if who != allowed:
            with pytest.raises(PermissionDenied):
                ACTS[act](who, review, rows[0], draft)
    assert everything() == before
    if state not in WITH_EXPERTS:
        with pytest.raises(MoveError):
            ACTS[act](allowed, review, rows[0], draft)
        assert everything() == before
    else:
        ACTS[act](allowed, review, rows[0], draft)
        assert everything() != before
    review.refresh_from_db()
    begins = state is State.SUBMITTED and act != "reply"
    assert review.state == (State.IN_REVIEW if begins else state)


# Writing


def test_a_finding_keeps_its_words_in_every_language_and_what_it_rests_on(review):
    text = LocalText("lv", {"lv": "Veselība ir vāja.", "en": "Health is weak."})
    finding = conclude(
        review,
        text,
        kind=FindingKind.GAP,
        next_step="Ask the clinics.",
        areas=["health"],
        questions=["health-score"],
    )

    kept = Finding.objects.get()
    assert kept == finding
    assert (kept.kind, kept.text, kept.next_step) == (
        "gap",
        text,
        LocalText("en", {"en": "Ask the clinics."}),
    )
    assert bases_of(kept) == Bases(frozenset({"health"}), frozenset({"health-score"}))
    assert (kept.place, kept.revision, kept.written_by, kept.written_at) == (
        1,
        1,
        make_person("nuria"),
        CHECKED_AT,
    )


def test_the_same_finding_sent_twice_is_kept_once_and_in_another_place_it_is_another(review):
    conclude(review)
    conclude(review)
    assert texts(review) == ["Schools do well."]
    conclude(review, areas=["health"])
    assert places(review) == [1, 2]


def test_a_change_replaces_what_was_said_and_what_it_rested_on(review):
    finding = conclude(review, next_step="Go on.", areas=["education", "health"])
    conclude(
        review, "Schools do ill.", kind=FindingKind.GAP, areas=["health"], finding=finding.pk, revision=1
    )

    kept = Finding.objects.get()
    assert (str(kept.text), kept.kind, kept.next_step, kept.revision) == ("Schools do ill.", "gap", None, 2)
    assert bases_of(kept) == Bases(frozenset({"health"}))
    # What stayed was not written anew.
    assert FindingBasis.objects.count() == 1


def test_only_what_it_rests_on_may_change_and_that_counts_as_a_change(review):
    finding = conclude(review)
    conclude(review, areas=["health"], finding=finding.pk, revision=1)
    assert Finding.objects.get().revision == 2


def test_saving_the_same_again_is_no_change(review):
    finding = conclude(review)
    conclude(review, finding=finding.pk, revision=1)
    assert Finding.objects.get().revision == 1


def test_a_stale_save_is_refused_and_says_what_stands(review):
    appoint(review, "piotr")
    finding = conclude(review)
    conclude(review, "Piotr's words.", key="piotr", finding=finding.pk, revision=1)

    with pytest.raises(StaleFinding) as refused:
        conclude(review, "Nuria's words.", finding=finding.pk, revision=1)

    assert str(refused.value.standing.text) == "Piotr's words."
    assert texts(review) == ["Piotr's words."]
    conclude(review, "Nuria's words.", finding=finding.pk, revision=2)
    assert texts(review) == ["Nuria's words."]


def test_what_was_dropped_meanwhile_is_not_changed(review):
    finding = conclude(review)
    drop(review, finding)
    with pytest.raises(FindingDropped):
        conclude(review, "Changed.", finding=finding.pk, revision=1)
    assert texts(review) == []


def test_a_finding_of_another_review_is_not_changed(review):
    other = make_other_review()
    finding = conclude(other)
    with pytest.raises(FindingDropped):
        conclude(review, "Changed.", finding=finding.pk, revision=1)
    assert texts(other) == ["Schools do well."]


# What it rests on


@pytest.mark.parametrize(
    "bases",
    [
        {"areas": []},
        {"areas": ["no-such-area"]},
        {"areas": [], "questions": ["education-score"]},
        {"areas": [], "questions": ["no-such-question"]},
        {"areas": [], "evidence": [99_999]},
        {"areas": ["education"], "evidence": [99_999]},
    ],
    ids=["nothing", "no area", "not answered", "no question", "no piece", "one of two"],
)
def test_a_finding_rests_on_something_that_the_review_has(review, bases):
    """Education was not answered: the area can be named, and not its answer."""
    with pytest.raises(CannotWrite):
        conclude(review, **bases)
    assert not Finding.objects.exists()


def piece_of(review, question="health-score", area="health"):
    return add_evidence(
        place=open_area(review, area, make_person("ilze")),
        question=question,
        source="https://example.org/plan",
        kind=EvidenceKind.LINK,
        title="The plan",
        dated_on=None,
        language="",
        is_public=False,
        at=CHECKED_AT,
    )


def with_evidence():
    review = make_review(make_city("riga"), state=State.FILLING)
    piece = piece_of(review)
    return send(review), piece


def test_a_finding_may_rest_on_a_piece_of_evidence_alone_and_not_on_one_of_another_review():
    review, piece = with_evidence()
    other = make_other_review()
    with pytest.raises(CannotWrite):
        conclude(other, areas=[], evidence=[piece.pk])
    conclude(review, areas=[], evidence=[piece.pk])
    assert bases_of(Finding.objects.get()) == Bases(evidence=frozenset({piece.pk}))


def test_what_is_offered_stands_under_its_area_and_a_piece_that_serves_two_under_the_first():
    review = make_review(make_city("riga"), make_sheet([60.0] * 2 + [None] + [60.0] * 5), state=State.FILLING)
    piece = piece_of(review)
    review = Review.objects.get(pk=review.pk)
    offered = {each.area.key: each for each in read_offered(review, "en")}

    assert len(offered) == 8
    assert offered["education"].questions == ()
    assert [key for key, _words in offered["health"].questions] == ["health-score"]
    assert offered["health"].evidence == (piece,)
    assert bases_offered(offered.values()).evidence == {piece.pk}


def test_a_finding_is_baseless_once_all_that_it_rested_on_is_taken_away():
    """The review is returned, and the city takes its piece away, or its answer."""
    review, piece = with_evidence()
    nuria = make_person("nuria")
    on_piece = conclude(review, "On a piece.", areas=[], evidence=[piece.pk])
    on_answer = conclude(review, "On an answer.", areas=[], questions=["health-score"])
    conclude(review, "On an answer and an area.", areas=["health"], questions=["health-score"])
    ask(expert=nuria, review=review, question="health-score", text="Why?", at=CHECKED_AT)
    return_review(expert=nuria, review=review, message="", at=CHECKED_AT)
    assert baseless_findings(review) == []

    place = open_area(Review.objects.get(pk=review.pk), "health", make_person("ilze"))
    drop_evidence(place=place, question="health-score", evidence=piece)
    assert baseless_findings(review) == [on_piece]
    answer(Review.objects.get(pk=review.pk), "health-score", Answer(), revision=2)
    assert baseless_findings(review) == [on_piece, on_answer]
    assert not Evidence.objects.exists()


# The order


def test_findings_move_by_one_and_not_beyond_the_ends(review):
    one, two, three = (conclude(review, words) for words in ("One.", "Two.", "Three."))
    move(review, one, up=True)
    move(review, three, up=False)
    assert texts(review) == ["One.", "Two.", "Three."]
    move(review, three, up=True)
    assert texts(review) == ["One.", "Three.", "Two."]
    move(review, one, up=False)
    assert texts(review) == ["Three.", "One.", "Two."]
    assert places(review) == [1, 2, 3]
    two.refresh_from_db()
    assert two.revision == 1


def test_dropping_closes_the_gap_and_twice_is_harmless_as_is_moving_what_is_gone(review):
    one, two, _three = (conclude(review, words) for words in ("One.", "Two.", "Three."))
    drop(review, one)
    drop(review, one)
    move_finding(expert=make_person("nuria"), review=review, finding=one.pk or 0, up=True, at=CHECKED_AT)
    assert (texts(review), places(review)) == (["Two.", "Three."], [1, 2])
    conclude(review, "Four.")
    assert places(review) == [1, 2, 3]
    assert two.pk in {finding.pk for finding in review.findings.all()}


def test_a_finding_of_another_review_is_neither_moved_nor_dropped(review):
    other = make_other_review()
    first, second = conclude(other, "One."), conclude(other, "Two.")
    move(review, second, up=True)
    drop(review, first)
    assert texts(other) == ["One.", "Two."]


def test_an_opened_answer_and_a_finding_both_begin_the_checking(review):
    assert review.state == State.SUBMITTED
    conclude(review)
    review.refresh_from_db()
    assert review.state == State.IN_REVIEW
    open_answer(expert=make_person("nuria"), review=review, question="health-score", at=VALIDATED_AT)
