"""Consultations that ask people about themselves, and crowds that answer."""

from django.utils import timezone
from tests.builders import make_city
from tests.dialogues import DAY, OPENED_AT, TODAY, hold_consultation, make_consultation, words
from tests.people import make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.about_oneself import choose_questions, write_own_question
from tessera.apps.dialogue.actions.setting_up import open_consultation
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    AttributeValue,
    Channel,
    Choice,
    Consultation,
    Declaration,
    Participant,
    Vote,
)

GENDERS = ("woman", "man", "other")


def make_asking(city=None, *, keys=("gender",), own=(), state=State.OPEN, **about):
    """One that asks shipped questions, and own ones, each its words and those of its answers."""
    draft = make_consultation(city or make_city(), state=State.DRAFT, **about)
    return _ask(draft, keys, own, state, about.get("at", OPENED_AT))


def hold_asking(city=None, *, keys=("gender",), own=(), state=State.OPEN, **about):
    """The same, and it runs today."""
    draft = hold_consultation(city, state=State.DRAFT, **about)
    Person.objects.update(language="en")
    return _ask(draft, keys, own, state, timezone.now())


def _ask(draft, keys, own, state, at):
    ilze = make_person("ilze")
    choose_questions(by=ilze, consultation=draft, keys=keys, at=at)
    for question, *answers in own:
        write_own_question(
            by=ilze,
            consultation=draft,
            pk=None,
            question=words(question),
            answers=[words(answer) for answer in answers],
            at=at,
        )
    if state is not State.DRAFT:
        open_consultation(by=ilze, consultation=draft, at=at)
    return Consultation.objects.get(pk=draft.pk)


def join(consultation, count, *, day=DAY, votes=None, **said):
    """So many new people vote alike, and say the same about themselves: `gender="woman"`.

    They agree with the first statement, unless a test gives votes by statement.
    """
    first = Participant.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    people = Participant.objects.bulk_create(
        Participant(
            consultation=consultation,
            code_hash=f"{consultation.pk} {first + number}",
            channel=Channel.OPEN_LINK,
            language="en",
            joined_on=day,
        )
        for number in range(count)
    )
    votes = votes or {consultation.statements.order_by("pk").first(): Choice.AGREE}
    Vote.objects.bulk_create(
        Vote(participant=person, statement=statement, value=value, recent_keys="")
        for person in people
        for statement, value in votes.items()
    )
    for key, value in said.items():
        found = value_of(consultation, key.replace("_", "-"), value)
        Declaration.objects.bulk_create(
            Declaration(participant=person, attribute=found.attribute, value=found) for person in people
        )
    return people


def value_of(consultation, key, value):
    return AttributeValue.objects.get(attribute__consultation=consultation, attribute__key=key, key=value)


__all__ = ["DAY", "GENDERS", "TODAY", "hold_asking", "join", "make_asking", "value_of"]
