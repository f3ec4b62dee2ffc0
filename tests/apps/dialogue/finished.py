"""A consultation that is over, and whose votes are counted. The camps are those of the reports' tests."""

from django.utils import timezone
from tests.builders import make_city
from tests.dialogues import make_consultation
from tests.people import make_person
from tests.reports.landscape.evening import camps

from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.landscapes import refresh_landscape
from tessera.apps.dialogue.models import Channel, Consultation, Participant, Vote

TODAY = timezone.localdate()


def people_of(consultation, rows, *, channels=()):
    """So many people who voted as in the rows, on the statements in their order; None is no vote."""
    statements = list(consultation.statements.order_by("pk"))
    came = [*channels, *[Channel.OPEN_LINK] * (len(rows) - len(channels))]
    first = consultation.participants.count()
    people = Participant.objects.bulk_create(
        Participant(
            consultation=consultation,
            code_hash=f"{consultation.pk}-{first + place}",
            channel=channel,
            language="en",
            joined_on=TODAY,
        )
        for place, channel in enumerate(came)
    )
    Vote.objects.bulk_create(
        Vote(participant=person, statement=statement, value=value, recent_keys="")
        for person, row in zip(people, rows, strict=True)
        for statement, value in zip(statements, row, strict=True)
        if value is not None
    )
    return people


def finish(consultation):
    """Close it, and let the clock count the votes."""
    ilze = make_person("ilze")
    close_consultation(by=ilze, consultation=consultation, reason="Enough was said.", at=timezone.now())
    consultation = Consultation.objects.get(pk=consultation.pk)
    refresh_landscape(consultation, TODAY)
    return consultation


def hold_evening(rows=None, *, city=None, channels=(), **about):
    """20 people for trams, 12 for cars, unless other rows are given; it is closed and counted."""
    rows = camps() if rows is None else rows
    seeds = [f"Words of statement {place}" for place in range(len(rows[0]))]
    consultation = make_consultation(city or make_city(), seeds=seeds, **about)
    people_of(consultation, rows, channels=channels)
    return finish(consultation)
