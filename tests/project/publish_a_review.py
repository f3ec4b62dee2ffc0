"""Put one published review into the database of a site, in a process of its own.

python tests/project/publish_a_review.py
"""

from datetime import UTC, date, datetime

import django

if __name__ == "__main__":
    django.setup()

    from tessera.apps.accounts.models import Person
    from tessera.apps.network.local_text import LocalText
    from tessera.apps.network.models import City, Kind, Role
    from tessera.apps.review.actions.publishing import publish_review, record_review
    from tessera.frameworks.answers import AnswerSheet
    from tessera.frameworks.schema import Pathway

    at = datetime(2026, 11, 1, tzinfo=UTC)
    expert = Person.objects.create(name="Nuria", email="nuria@example.org")
    officer = Person.objects.create(name="Jonas", email="jonas@example.org")
    city = City.objects.create(
        slug="examplebridge", name=LocalText("en", {"en": "Examplebridge"}), invented=True
    )
    Role.objects.create(person=officer, kind=Kind.OFFICER, city=city, since=date(2026, 1, 1))
    sheet = AnswerSheet("intercultural-review", 1, Pathway.CORE, "Examplebridge", 2026, invented=True)
    review = record_review(city=city, sheet=sheet, validated_by=expert, validated_at=at)
    publish_review(review=review, person=officer, at=at)
