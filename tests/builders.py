"""Things that tests are about. A test states only what matters to it."""

from datetime import UTC, datetime

from tests.people import make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City, CityFact, Topic, Unit
from tessera.apps.review.actions.publishing import publish_review, record_review
from tessera.apps.review.lifecycle import State
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway

SCORES = "mipex-2015"
"""The smallest questionnaire that is shipped: eight areas of one number each, all of the same weight."""

REVIEW = "intercultural-review"
VALIDATED_AT = datetime(2024, 3, 4, 10, tzinfo=UTC)
PUBLISHED_AT = datetime(2024, 3, 18, 10, tzinfo=UTC)


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


def make_review(city, sheet=None, *, state=State.VALIDATED, officer="ilze", public_notes=()):
    """A review as an expert leaves it, or as its own city published it.

    One that is superseded has a later review, of the year after and with the same answers.
    """
    sheet = sheet or make_sheet()
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
