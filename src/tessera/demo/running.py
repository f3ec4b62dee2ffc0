"""The cycle that runs while one looks at the demonstration: some cities fill their reviews, one is being
checked, and one has its answers back with queries.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City, Kind, Network, Role
from tessera.apps.review.access import areas_asked, get_area
from tessera.apps.review.actions.checking import ask, give_opinion, reply, return_review, verify_area
from tessera.apps.review.actions.cycles import extend_review, open_cycle
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.experts import accept_appointment, appoint_expert
from tessera.apps.review.actions.filling import complete_area, look_at, save_answer
from tessera.apps.review.actions.findings import show_draft, write_finding
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.findings import Bases
from tessera.apps.review.models import Answer, FindingKind, Review, Strength
from tessera.demo.answers import InventedSheet, Wording, invent_sheet
from tessera.demo.data import invented
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.schema import Pathway, Question, representative_answers

CYCLE = 2
"""The third one: cities are mostly better in each."""


def run_cycle(framework_id: str, now: datetime) -> None:
    about = invented()["running"]
    network = Network.objects.get(slug=invented()["network"]["slug"])
    coordinator = Role.objects.get(network=network, kind=Kind.COORDINATOR).person
    opened_at = now - timedelta(days=about["opened_days_ago"])
    today = timezone.localdate(now)
    cycle = open_cycle(
        by=coordinator,
        network=network,
        framework_id=framework_id,
        version=about["version"],
        pathway=Pathway.FULL,
        year=today.year - 1,
        due_on=today + timedelta(days=about["due_in_days"]),
        signatures=1,
        cities=City.objects.filter(slug__in=[entry["city"] for entry in about["reviews"]]),
        invented=True,
        at=opened_at,
    )
    reviews = {review.city.slug: review for review in cycle.reviews.select_related("city")}
    for entry in about["reviews"]:
        _fill(reviews[entry["city"]], entry, coordinator, now)
    for given in about["assignments"]:
        review = reviews[given["city"]]
        delegate_area(
            by=_officer(review),
            review=review,
            area=given["area"],
            colleague=Person.objects.get(email=invented()["people"][given["person"]]["email"]),
            message=given["message"],
            at=now - timedelta(days=6),
        )
    for given in about["links"]:
        review = reviews[given["city"]]
        delegate_by_link(
            by=_officer(review),
            review=review,
            area=given["area"],
            email=given["email"],
            name=given["name"],
            language=given["language"],
            until=today + timedelta(days=given["for_days"]),
            message=given["message"],
            at=now - timedelta(days=3),
        )
    for check in about["checks"]:
        _check(Review.objects.get(cycle=cycle, city__slug=check["city"]), check, coordinator, now)


def _officer(review: Review) -> Person:
    return officers_of(review.city, timezone.localdate()).get()


def _fill(review: Review, entry: Mapping[str, Any], coordinator: Person, now: datetime) -> None:
    officer = _officer(review)
    every_area = [area.key for area in areas_asked(review)]
    done = every_area if entry.get("is_sent") else entry.get("done", [])
    invented_answers = _invent(review)
    first_morning = now.replace(hour=8, minute=10) - timedelta(days=40)
    for number, area in enumerate([*done, *entry.get("begun", [])]):
        at = first_morning + timedelta(days=number)
        _answer_area(review, area, officer, invented_answers, at, is_whole=area in done)
    if "due_in_days" in entry:
        due_on = timezone.localdate(now) + timedelta(days=entry["due_in_days"])
        extend_review(by=coordinator, review=review, due_on=due_on, at=now - timedelta(days=9))
    if entry.get("is_sent"):
        review = Review.objects.get(pk=review.pk)
        sign_review(
            person=officer, review=review, content_hash=review.content_hash(), at=now - timedelta(days=5)
        )


def _invent(review: Review) -> InventedSheet:
    return invent_sheet(
        review.framework,
        slug=review.city.slug,
        city=str(review.city),
        year=review.year,
        cycle=CYCLE,
        pathway=review.sheet_pathway,
        sparse=False,
        wording=Wording(invented()["reasons"], invented()["notes"], invented()["evidence"]),
    )


def _answer_area(
    review: Review, area: str, officer: Person, said: InventedSheet, at: datetime, *, is_whole: bool
) -> None:
    place = get_area(officer, {}, review.pk, area, timezone.localdate())
    look_at(place, at)
    asked = [question.key for question in place.questions if question.key in said.sheet.answers]
    for number, question in enumerate(asked if is_whole else asked[: len(asked) // 2]):
        save_answer(
            place=place,
            question=question,
            given=replace(said.sheet.answers[question], evidence=""),
            is_note_public=question in said.public_notes,
            revision=0,
            at=at + timedelta(minutes=2 * number),
        )
    if is_whole:
        complete_area(place=place, at=at + timedelta(minutes=50))


def _check(review: Review, about: Mapping[str, Any], coordinator: Person, now: datetime) -> None:
    """The days are those after `_fill` has sent the answers."""
    expert = Person.objects.get(email=invented()["people"][invented()["expert"]]["email"])
    appointment = appoint_expert(
        by=coordinator, review=review, expert=expert, at=now - timedelta(days=4, hours=3)
    )
    accept_appointment(expert=expert, appointment=appointment, at=now - timedelta(days=4))
    at = now - timedelta(days=2)
    _judge(review, about, expert, at)
    for entry in about["queries"]:
        query = ask(expert=expert, review=review, question=entry["question"], text=entry["text"], at=at)
        if "reply" in entry:
            reply(person=_officer(review), query=query, text=entry["reply"], at=at + timedelta(hours=5))
    for entry in about.get("findings", []):
        _conclude(review, entry, expert, at + timedelta(hours=1))
    if "draft" in about:
        show_draft(expert=expert, review=review, message=about["draft"], at=now - timedelta(hours=20))
    if "message" in about:
        return_review(expert=expert, review=review, message=about["message"], at=now - timedelta(days=1))


def _judge(review: Review, about: Mapping[str, Any], expert: Person, at: datetime) -> None:
    others = {entry["question"]: entry["reason"] for entry in about.get("others", [])}
    answers = {answer.question: answer for answer in review.answers.all()}
    for area in areas_asked(review):
        if area.key not in about["verified"]:
            continue
        for question in area.asked(review.sheet_pathway):
            answer = answers.get(question.key)
            if answer is None:
                continue
            other = _another(question, answer) if question.key in others else None
            give_opinion(
                expert=expert,
                review=review,
                question=question.key,
                other=other,
                reason=others.get(question.key, ""),
                strength=Strength.MEDIUM if other else Strength.HIGH,
                answer_revision=answer.revision,
                at=at,
            )
        verify_area(expert=expert, review=review, area=area.key, at=at)


def _conclude(review: Review, about: Mapping[str, Any], expert: Person, at: datetime) -> None:
    write_finding(
        expert=expert,
        review=review,
        finding=None,
        kind=FindingKind(about["kind"]),
        text=LocalText(**about["text"]),
        next_step=LocalText(**about["next_step"]) if "next_step" in about else None,
        bases=Bases(frozenset(about["areas"]), frozenset(about.get("questions", []))),
        revision=0,
        at=at,
    )


def _another(question: Question, answer: Answer) -> GivenAnswer:
    values = representative_answers(question)
    return GivenAnswer(value=next(value for value in values if value != answer.given().value))
