"""Two camps that answered a consultation of nine statements, and the landscape that was found from it."""

from tests.dialogues import TODAY, hold_consultation

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.landscapes import refresh_landscape
from tessera.apps.dialogue.models import Channel, Participant, Vote

TRAMS = ("More trams.", "Trams at night.", "Trams before cars.")
CARS = ("More parking.", "A new ring road.", "Cars in the old town.")
SHARED, MOSTLY, NOBODY = "Benches at the stops.", "Trees along the streets.", "A toll for pedestrians."
ASKED = (*TRAMS, *CARS, SHARED, MOSTLY, NOBODY)


def hold(**about):
    return hold_consultation(seeds=ASKED, **about)


def of_camp(side, place):
    """For trams (1) or for cars (-1). Each passes on one of what divides them, each fifth on trees."""
    votes = [side] * 3 + [-side] * 3 + [1, 0 if place % 5 == 0 else 1, -1]
    votes[place % 6] = 0
    return votes


def answer(consultation, rows):
    """Somebody new for each row, with a vote on each statement or None; their codes."""
    codes = [make_code() for _ in rows]
    people = Participant.objects.bulk_create(
        Participant(
            consultation=consultation,
            code_hash=token_hash(code),
            channel=Channel.OPEN_LINK,
            language="en",
            joined_on=TODAY,
        )
        for code in codes
    )
    keys = list(consultation.statements.order_by("pk").values_list("pk", flat=True))
    Vote.objects.bulk_create(
        Vote(participant=person, statement_id=key, value=value)
        for person, row in zip(people, rows, strict=True)
        for key, value in zip(keys, row, strict=False)
        if value is not None
    )
    return codes


def take_sides(consultation, *, trams=30, cars=18):
    """Both camps answer everything, and it is shown. The codes of both, trams first."""
    rows = [of_camp(1, place) for place in range(trams)] + [of_camp(-1, place) for place in range(cars)]
    codes = answer(consultation, rows)
    refresh_landscape(consultation, TODAY)
    return codes[:trams], codes[trams:]
