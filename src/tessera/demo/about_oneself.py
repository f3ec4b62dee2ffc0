"""What the invented people say about themselves, and of how many residents the same is true."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zlib import crc32

import numpy as np
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.about_oneself import choose_questions, declare, state_population
from tessera.apps.dialogue.models import Attribute, Consultation
from tessera.demo.data import invented

SHARE_WHO_SAY_SOMETHING = 0.85
SHARE_LEFT_OUT = 0.08
"""Of the questions, by those who say something."""


def ask_about_oneself(
    about: Mapping[str, Any], consultation: Consultation, officer: Person, at: datetime
) -> None:
    """Choose the questions, and state the residents where the data have any."""
    choose_questions(by=officer, consultation=consultation, keys=list(about["about_oneself"]), at=at)
    for question in consultation.attributes.all():
        residents = about.get("residents", {}).get(question.key)
        if residents:
            state_population(
                by=officer,
                consultation=consultation,
                pk=question.pk,
                residents={value.pk: residents[value.key] for value in question.values.all()},
                source=invented()["source"],
                counted_on=timezone.localdate(at),
                at=at,
            )


def invent_answers(about: Mapping[str, Any], group: str, number: int) -> dict[str, str]:
    """What the visitor of this number says, by the keys of the questions; the same every time.

    It is drawn from a stream of its own, so that nobody votes otherwise because they are asked something.
    """
    rng = np.random.default_rng([about["seed"], number, crc32(b"about oneself")])
    place = [each["name"] for each in about["groups"]].index(group)
    if rng.random() > SHARE_WHO_SAY_SOMETHING:
        return {}
    said = {}
    for question, answers in about.get("about_oneself", {}).items():
        drawn = list(answers)[rng.choice(len(answers), p=[shares[place] for shares in answers.values()])]
        if rng.random() > SHARE_LEFT_OUT:
            said[question] = drawn
    return said


def say_about_oneself(
    consultation: Consultation, asked: Iterable[Attribute], code: str, said: Mapping[str, str], day: date
) -> None:
    """As from the page: all questions that are asked at once, with those that are left out."""
    answers = {question.pk: _answer(question, said.get(question.key)) for question in asked}
    declare(consultation=consultation, code=code, answers=answers, day=day)


def _answer(question: Attribute, key: str | None) -> int | None:
    return next((value.pk for value in question.values.all() if value.key == key), None)
