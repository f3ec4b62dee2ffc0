"""Sheets of paper that were printed, and what is typed in from them."""

from datetime import UTC, datetime

from tests.dialogues import OPENED_AT
from tests.people import make_person

from tessera.apps.dialogue.actions.on_paper import enter_first, enter_second, print_sheets
from tessera.apps.dialogue.models import Choice, Sheet

TYPED_AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
"""On a day on which the consultations of the builders take votes."""
AGREE, DISAGREE, PASS = Choice.AGREE, Choice.DISAGREE, Choice.PASS


def print_for(consultation, count=1, *, language="en", statements=None, at=OPENED_AT):
    """New sheets with all shown statements in their order, unless a test gives others; each with its code."""
    keys = [each.pk for each in statements or consultation.statements.shown().order_by("pk")]
    return print_sheets(
        by=make_person("ilze"),
        consultation=consultation,
        language=language,
        statements=keys,
        count=count,
        at=at,
    )


def make_sheet(consultation, **about):
    [new] = print_for(consultation, **about)
    return Sheet.objects.get(pk=new.number)


def read_once(sheet, answers, *, by=None, at=TYPED_AT):
    enter_first(by=by or make_person("ilze"), sheet=sheet, answers=answers, at=at)
    return Sheet.objects.get(pk=sheet.pk)


def read_twice(sheet, first, second, *, by=None, again_by=None, at=TYPED_AT):
    read_once(sheet, first, by=by, at=at)
    enter_second(by=again_by or make_person("ilze"), sheet=sheet, answers=second, at=at)
    return Sheet.objects.get(pk=sheet.pk)


def votes_of(participant):
    """By the places of statements in their order."""
    statements = list(participant.consultation.statements.order_by("pk").values_list("pk", flat=True))
    votes = dict(participant.votes.values_list("statement", "value"))
    return {place: votes[key] for place, key in enumerate(statements, start=1) if key in votes}
