"""Things that tests are about. A test states only what matters to it."""

from datetime import UTC, date, datetime

from django.utils import timezone
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City, CityFact, Kind, Membership, Topic, Unit
from tessera.apps.review.access import OpenArea, areas_asked, get_area
from tessera.apps.review.actions.checking import (
    ask,
    return_review,
    send_back,
    settle,
    validate_review,
    verify_area,
)
from tessera.apps.review.actions.correcting import begin_correction
from tessera.apps.review.actions.cycles import open_cycle
from tessera.apps.review.actions.evidence import add_evidence
from tessera.apps.review.actions.experts import accept_appointment, appoint_expert
from tessera.apps.review.actions.filling import save_answer
from tessera.apps.review.actions.findings import write_finding
from tessera.apps.review.actions.publishing import publish_review, record_review
from tessera.apps.review.actions.sharing import agree_to_comparison
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.findings import Bases
from tessera.apps.review.lifecycle import JUDGED, WITH_EXPERTS, QueryAct, State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import EvidenceKind, Finding, FindingBasis, FindingKind, Review, written_value
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway

SCORES = "mipex-2015"
"""The smallest questionnaire that is shipped: eight areas of one number each, all of the same weight."""

REVIEW = "intercultural-review"
OPENED_AT = datetime(2024, 1, 8, 10, tzinfo=UTC)
ANSWERED_AT = datetime(2024, 2, 5, 10, tzinfo=UTC)
DUE_ON = date(2024, 3, 1)
CHECKED_AT = datetime(2024, 2, 20, 10, tzinfo=UTC)
VALIDATED_AT = datetime(2024, 3, 4, 10, tzinfo=UTC)
PUBLISHED_AT = datetime(2024, 3, 18, 10, tzinfo=UTC)
CORRECTED_AT = datetime(2024, 4, 8, 10, tzinfo=UTC)


def make_city(slug="riga", *, name=None, country="LV", invented=False, population=None):
    city = City.objects.create(
        slug=slug,
        name=name or LocalText("en", {"en": slug.capitalize()}),
        country="" if invented else country,
        invented=invented,
    )
    if population is not None:
        CityFact.objects.create(
            city=city,
            topic=Topic.POPULATION,
            figure=population,
            unit=Unit.INHABITANTS,
            year=2020,
            source_name="A census",
        )
    return city


def make_sheet(points=60.0, *, framework=SCORES, version=1, year=2023, pathway=Pathway.FULL, answers=None):
    """A sheet of numbers: the same one everywhere, or one for each question; None leaves it unanswered."""
    if answers is None:
        questions = [question.key for question in find_framework(framework, version).questions()]
        numbers = points if isinstance(points, list) else [points] * len(questions)
        answers = {
            key: Answer(value=float(number))
            for key, number in zip(questions, numbers, strict=True)
            if number is not None
        }
    return AnswerSheet(framework, version, pathway, "A city", year, True, answers)


def make_cycle(*cities, framework=SCORES, version=1, year=2023, pathway=Pathway.FULL, signatures=1):
    """A cycle that Mihai opened for cities of his network; every review in it is being filled."""
    network = make_network()
    coordinator = give("mihai", Kind.COORDINATOR, network)
    for city in cities:
        Membership.objects.get_or_create(
            city=city, network=network, since=date(2015, 1, 1), defaults={"source_name": "A site"}
        )
    return open_cycle(
        by=coordinator,
        network=network,
        framework_id=framework,
        version=version,
        pathway=pathway,
        year=year,
        due_on=DUE_ON,
        signatures=signatures,
        cities=cities,
        invented=True,
        at=OPENED_AT,
    )


def open_area(review, area, person):
    """The area as somebody with an account has it before them today."""
    return get_area(person, {}, review.pk, area, timezone.localdate())


def answer(review, question, given, *, person=None, revision=0, is_note_public=False, at=ANSWERED_AT):
    """Save an answer as an officer of the city does."""
    place = open_area(
        review, review.framework.question(question).area, person or make_officer("ilze", review.city)
    )
    return save_answer(
        place=place,
        question=question,
        given=given,
        is_note_public=is_note_public,
        revision=revision,
        at=at,
    )


def add_quotation(review, source, question="health-score", *, is_public, at=ANSWERED_AT):
    """Evidence that Ilze, officer of the city, adds while it fills its review."""
    return add_evidence(
        place=open_area(review, review.framework.question(question).area, make_person("ilze")),
        question=question,
        source=source,
        kind=EvidenceKind.QUOTATION,
        title="",
        dated_on=None,
        language="",
        is_public=is_public,
        at=at,
    )


def make_review(city, sheet=None, *, state=State.VALIDATED, officer="ilze", public_notes=()):
    """A review as the city fills it or sent it, as an expert leaves it, or as its own city published it.

    In one that is being checked Nuria has verified the first area; in one that is returned she asks about
    the second. One that is superseded has a later review, of the year after and with the same answers.
    """
    sheet = sheet or make_sheet()
    if state is State.FILLING or state in WITH_EXPERTS:
        return _make_review_of_a_cycle(city, sheet, officer, state)
    review = record_review(
        city=city,
        sheet=sheet,
        validated_by=make_person("nuria"),
        validated_at=VALIDATED_AT,
        public_notes=public_notes,
    )
    if state is not State.VALIDATED:
        publish_review(review=review, person=make_officer(officer, city), at=PUBLISHED_AT)
    if state is State.SUPERSEDED:
        later = make_sheet(
            framework=sheet.framework_id,
            version=sheet.version,
            year=sheet.year + 1,
            pathway=sheet.pathway,
            answers=sheet.answers,
        )
        make_review(city, later, state=State.PUBLISHED, officer=officer)
    review.refresh_from_db()
    return review


def _make_review_of_a_cycle(city, sheet, officer, state):
    about = {"framework": sheet.framework_id, "version": sheet.version, "pathway": sheet.pathway}
    make_cycle(city, year=sheet.year, **about)
    review = Review.objects.get(city=city, year=sheet.year)
    person = make_officer(officer, city)
    areas = {area.key: area for area in areas_asked(review)}
    for question, given in sheet.answers.items():
        # As `open_area` would give it: many tests make a review, and this is where most of their time went.
        place = OpenArea(review, areas[review.framework.question(question).area], person, None)
        save_answer(
            place=place, question=question, given=given, is_note_public=False, revision=0, at=ANSWERED_AT
        )
    if state in WITH_EXPERTS:
        sign_review(person=person, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    if state in (State.IN_REVIEW, State.RETURNED):
        nuria = appoint(review)
        first, second = areas_asked(review)[:2]
        verify(review, first.key)
        if state is State.RETURNED:
            question = second.asked(review.sheet_pathway)[0].key
            ask(expert=nuria, review=review, question=question, text="Which year is this?", at=CHECKED_AT)
            return_review(expert=nuria, review=review, message="", at=CHECKED_AT)
    return Review.objects.get(pk=review.pk)


def appoint(review, key="nuria"):
    """An expert of the network, who takes the review on."""
    expert = give(key, Kind.EXPERT, review.cycle.network)
    appointment = appoint_expert(by=make_person("mihai"), review=review, expert=expert, at=ANSWERED_AT)
    accept_appointment(expert=expert, appointment=appointment, at=ANSWERED_AT)
    return expert


def conclude(
    review,
    text="Schools do well.",
    *,
    key="nuria",
    kind=FindingKind.STRENGTH,
    next_step=None,
    areas=("education",),
    questions=(),
    evidence=(),
    finding=None,
    revision=0,
):
    """The expert writes a finding in English, or changes the one that is given."""
    return write_finding(
        expert=make_person(key),
        review=review,
        finding=finding,
        kind=kind,
        text=text if isinstance(text, LocalText) else LocalText("en", {"en": text}),
        next_step=LocalText("en", {"en": next_step}) if next_step else None,
        bases=Bases(frozenset(areas), frozenset(questions), frozenset(evidence)),
        revision=revision,
        at=CHECKED_AT,
    )


def verify(review, area, key="nuria", *, shown=None, at=CHECKED_AT):
    """The expert verifies an area as it is now, or as a page showed it."""
    if shown is None:
        shown = Review.objects.get(pk=review.pk).area_hash(area)
    verify_area(expert=make_person(key), review=review, area=area, shown=shown, at=at)


def validate(review, key="nuria"):
    """The expert, who takes it on unless one has, settles and verifies all there is, and validates it."""
    expert = make_person(key) if review.appointments.exists() else appoint(review, key)
    for area in areas_asked(review):
        verify(review, area.key, key)
    for query in review.queries.unsettled():
        settle(expert=expert, query=query, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    validate_review(expert=expert, review=review, at=VALIDATED_AT)
    return Review.objects.get(pk=review.pk)


def make_validated_cycle(points, *, shared=None, officer="ilze", **about):
    """A cycle whose reviews are validated, with numbers as `make_sheet` takes them, or answers, by city.

    The cities agree to be compared, all of them or those in `shared`; one person is officer of all.
    """
    cities = [City.objects.filter(slug=slug).first() or make_city(slug) for slug in points]
    cycle = make_cycle(*cities, **about)
    for city in cities:
        review = Review.objects.get(cycle=cycle, city=city)
        given = points[city.slug]
        answers = given if isinstance(given, dict) else make_sheet(given).answers
        KeptAnswer.objects.bulk_create(
            KeptAnswer(review=review, question=question, value=written_value(answer.value))
            for question, answer in answers.items()
        )
        put_in_state(review, State.VALIDATED)
        person = make_officer(officer, city)
        if shared is None or city.slug in shared:
            agree_to_comparison(person=person, review=review, at=VALIDATED_AT)
    return cycle


def make_finding(
    review, text, *, kind=FindingKind.GAP, areas=(), questions=(), evidence=(), next_step=None, place=1
):
    """A finding as Nuria left it, in whatever state the review is: texts in English, or a `LocalText`."""
    finding = Finding.objects.create(
        review=review,
        kind=kind,
        text=text if isinstance(text, LocalText) else LocalText("en", {"en": text}),
        next_step=LocalText("en", {"en": next_step}) if isinstance(next_step, str) else next_step,
        place=place,
        written_by=make_person("nuria"),
        written_at=CHECKED_AT,
    )
    for area in areas:
        FindingBasis.objects.create(finding=finding, area=area)
    for question in questions:
        FindingBasis.objects.create(finding=finding, question=question)
    for piece in evidence:
        FindingBasis.objects.create(finding=finding, evidence=piece)
    return finding


def publish(review, *, note="", at=PUBLISHED_AT):
    """The city publishes a validated review, or a correction of it."""
    person = make_officer("ilze", review.city)
    return publish_review(review=review, person=person, note=note, at=at)


def correct(review, *questions, state=State.RETURNED, reason="The year was wrong."):
    """A published review whose city corrects some answers, by itself or as the experts have it again."""
    ilze = make_person("ilze")
    begin_correction(
        person=ilze, review=review, reason=reason, questions=questions or ["health-score"], at=CORRECTED_AT
    )
    if state is not State.RETURNED:
        send_back(person=ilze, review=review, at=CORRECTED_AT)
    if state is State.VALIDATED:
        validate(review)
    return Review.objects.get(pk=review.pk)


def put_in_state(review, state):
    """The review in a state, without what leads there: only what a judged one cannot be without."""
    reviews = Review.objects.filter(pk=review.pk)
    if state not in JUDGED:
        reviews.update(state=state)
        return reviews.get()
    reviews.update(state=State.VALIDATED, validated_by=make_person("nuria"), validated_at=VALIDATED_AT)
    if state is not State.VALIDATED:
        publish_review(review=review, person=make_officer("ilze", review.city), at=PUBLISHED_AT)
    reviews.update(state=state)
    return reviews.get()
