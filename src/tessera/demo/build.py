"""Building the demonstration network, through the same actions that people use."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    City,
    CityFact,
    Kind,
    Membership,
    Network,
    Organisation,
    Representation,
    Role,
    Topic,
    Unit,
)
from tessera.apps.review.actions.publishing import publish_review, record_review
from tessera.apps.review.models import Review
from tessera.demo.answers import Wording, invent_sheet
from tessera.demo.data import invented, real_facts
from tessera.demo.dialogue import hold_consultations
from tessera.demo.running import run_cycle
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway

FRAMEWORK = "intercultural-review"
OFFICERS_SINCE = date(2020, 1, 1)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and of how many."""


@dataclass(frozen=True)
class _Entrant:
    """A city that answers in both cycles."""

    city: City
    officer: Person
    answers: str
    """full, core or sparse."""

    @property
    def pathway(self) -> Pathway:
        return Pathway.CORE if self.answers == "core" else Pathway.FULL


@transaction.atomic
def build_network(progress: Progress = lambda step, done, total: None) -> None:
    """Fill an empty database with the pact's cities, invented cities beside them, two cycles of reviews that
    are over, one that runs, and consultations in every state.

    In each past cycle every review is recorded before the first is published, so that each is compared with
    its whole class.
    """
    people = {key: _record_person(**person) for key, person in invented()["people"].items()}
    entrants = _record_real_cities(people) + _record_invented_cities()
    _record_running_network()
    _record_organisations()
    _record_roles(people)
    expert = people[invented()["expert"]]
    cycles = invented()["cycles"]
    total = 2 * len(entrants) * len(cycles)
    done = 0
    for number, cycle in enumerate(cycles):
        reviews = []
        for entrant in entrants:
            progress(f"{entrant.city}, {cycle['year']}: answers", done, total)
            reviews.append(_record_review(entrant, number, cycle, expert, is_last=cycle is cycles[-1]))
            done += 1
        for entrant, review in zip(entrants, reviews, strict=True):
            progress(f"{entrant.city}, {cycle['year']}: result", done, total)
            at = datetime.fromisoformat(cycle["published_at"])
            publish_review(review=review, person=entrant.officer, at=at)
            done += 1
    now = timezone.now()
    run_cycle(FRAMEWORK, now)
    progress("Consultations", total, total)
    hold_consultations(now)
    progress("", total, total)


def _record_person(name: str, email: str, language: str, about: str) -> Person:
    return Person.objects.create(name=name, email=email, language=language, password=_password())


@cache
def _password() -> str:
    """One that nobody knows: in the demonstration one signs in by a click. Made once, since it is costly."""
    return make_password(secrets.token_urlsafe())


def _record_officer(name: str, city: City) -> Person:
    person = Person.objects.create(name=name, email=f"{city.slug}@example.org", password=_password())
    Role.objects.create(person=person, kind=Kind.OFFICER, city=city, since=OFFICERS_SINCE)
    return person


def _record_running_network() -> None:
    about = invented()["network"]
    source = invented()["source"]
    network = Network.objects.create(
        slug=about["slug"],
        name=_local(about["name"]),
        starts_on=about["starts_on"],
        ends_on=about["ends_on"],
        source_name=source,
    )
    for city in City.objects.exclude(slug__in=about["without"]):
        Membership.objects.create(city=city, network=network, since=about["starts_on"], source_name=source)


def _record_organisations() -> None:
    for entry in invented()["organisations"]:
        organisation = Organisation.objects.create(
            slug=entry["slug"], name=_local(entry["name"]), country=entry["country"]
        )
        city = City.objects.get(slug=entry["acts_for"])
        Representation.objects.create(organisation=organisation, city=city, since=OFFICERS_SINCE)
        for role in Role.objects.filter(city=city):
            role.organisation = organisation
            role.save(update_fields=["organisation"])


def _record_roles(people: Mapping[str, Person]) -> None:
    """Those beside the officers of the cities."""
    for entry in invented()["roles"]:
        city = City.objects.filter(slug=entry.get("city")).first()
        Role.objects.create(
            person=people[entry["person"]],
            kind=Kind(entry["kind"]),
            city=city,
            network=None if city else Network.objects.get(slug=entry["network"]),
            organisation=Organisation.objects.filter(slug=entry.get("organisation")).first(),
            since=OFFICERS_SINCE,
        )


def _record_real_cities(people: Mapping[str, Person]) -> list[_Entrant]:
    data = real_facts()
    about = data["network"]
    network = Network.objects.create(
        slug=about["slug"],
        name=_local(about["name"]),
        starts_on=about["starts_on"],
        ends_on=about["ends_on"],
        **_source(about),
    )
    entrants = []
    for entry in data["cities"]:
        city = City.objects.create(slug=entry["slug"], name=_local(entry["name"]), country=entry["country"])
        member = entry["membership"]
        Membership.objects.create(
            city=city,
            network=network,
            since=member.get("since"),
            until=member.get("until"),
            left_before=member.get("left_before"),
            note=_local(member.get("note")),
            **_source(member),
        )
        CityFact.objects.bulk_create(_fact(city, fact) for fact in entry["facts"])
        officer = invented()["officers"].get(city.slug)
        if officer in people:
            Role.objects.create(person=people[officer], kind=Kind.OFFICER, city=city, since=OFFICERS_SINCE)
            entrants.append(_Entrant(city, people[officer], "full"))
        elif officer:
            entrants.append(_Entrant(city, _record_officer(officer, city), "full"))
    return entrants


def _record_invented_cities() -> list[_Entrant]:
    entrants = []
    for entry in invented()["cities"]:
        name = LocalText("en", {"en": entry["name"]})
        city = City.objects.create(slug=entry["slug"], name=name, invented=True)
        CityFact.objects.create(
            city=city,
            topic=Topic.POPULATION,
            figure=entry["population"],
            unit=Unit.INHABITANTS,
            year=invented()["cycles"][0]["year"],
            source_name=invented()["source"],
        )
        entrants.append(_Entrant(city, _record_officer(entry["officer"], city), entry["answers"]))
    return entrants


def _record_review(
    entrant: _Entrant, number: int, cycle: Mapping[str, Any], expert: Person, *, is_last: bool
) -> Review:
    answers = invent_sheet(
        find_framework(FRAMEWORK, cycle["version"]),
        slug=entrant.city.slug,
        city=str(entrant.city),
        year=cycle["year"],
        cycle=number,
        pathway=entrant.pathway,
        sparse=is_last and entrant.answers == "sparse",
        wording=Wording(invented()["reasons"], invented()["notes"], invented()["evidence"]),
    )
    return record_review(
        city=entrant.city,
        sheet=answers.sheet,
        validated_by=expert,
        validated_at=datetime.fromisoformat(cycle["validated_at"]),
        public_notes=answers.public_notes,
    )


def _fact(city: City, fact: Mapping[str, Any]) -> CityFact:
    return CityFact(
        city=city,
        topic=Topic(fact["topic"]),
        text=_local(fact.get("text")),
        figure=Decimal(str(fact["figure"])) if "figure" in fact else None,
        approximate=fact.get("approximate", False),
        unit=Unit(fact["unit"]) if "figure" in fact else "",
        year=fact.get("year"),
        **_source(fact),
    )


def _local(text: Mapping[str, str] | None) -> LocalText | None:
    if text is None:
        return None
    return LocalText(
        text["source"], {language: words for language, words in text.items() if language != "source"}
    )


def _source(entry: Mapping[str, Any]) -> dict[str, str]:
    source = real_facts()["sources"][entry["source"]]
    return {"source_name": source["name"], "source_url": source["url"]}
