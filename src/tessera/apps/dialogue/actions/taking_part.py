"""What a participant does: vote, say something, report a statement, withdraw everything."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.access import find_unused_link, lock_participant, lock_trial
from tessera.apps.dialogue.landscapes import forget_counted_votes
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.limits import Origin, count_join
from tessera.apps.dialogue.models import (
    KEY_LENGTH,
    KEYS_REMEMBERED,
    LONGEST_STATEMENT,
    Channel,
    Choice,
    Consultation,
    HidingReason,
    Moderation,
    Participant,
    Phase,
    Report,
    Statement,
    Vote,
)
from tessera.apps.records.trail import without_entries

MOST_STATEMENTS = 20
"""That one participant can say: a soft bound, against one person or machine that drowns all others."""

_KEY = re.compile(f"[0-9a-f]{{{KEY_LENGTH}}}")


class CannotTakePart(Exception):
    """Nothing is taken from this person, or now."""


class NotNow(CannotTakePart):
    """The consultation is not open today for what was sent."""


class NoLink(CannotTakePart):
    """Only people with a link of their own take part, and this person has none, or a used one."""


class NotShown(CannotTakePart):
    """There is no such statement to vote on, or no more."""


class WrongKey(ValueError):
    """What came is not a key that a page of ours made."""


class WrongStatement(ValueError):
    """A statement is empty or too long."""


class TooManyStatements(CannotTakePart):
    """This participant has said as much as one can."""


@dataclass(frozen=True)
class Entrance:
    """By what somebody takes part: the code that they hold, and what is needed if it is still nobody's."""

    code: str
    language: str
    origin: Origin
    link_token: str = ""
    """Of a link for one person, by which they came; empty where there is none."""


def cast_vote(
    *, consultation: Consultation, entrance: Entrance, statement: int, choice: Choice, key: str, day: date
) -> Participant:
    """Keep what somebody thinks of a statement; the last vote counts.

    `key` is of the act, made anew for each: a message that comes again, late or twice, changes nothing. So is
    the first vote, which makes its participant: whoever sends it twice with the same code is one.

    Raises WrongKey, NotNow, NoLink, NotShown and `limits.TooManyJoined`.
    """
    check_key(key)
    check_takes_votes(consultation, day)
    about = consultation, token_hash(entrance.code), statement, choice, key
    # For nearly every vote one statement, which is a transaction of its own, does it all.
    if (known := _store(*about)) is not None:
        return known
    with transaction.atomic():
        participant = _let_in(consultation, entrance, day)
        if _store(*about) is None:
            # Where this very message came before, there is nothing to do.
            kept = Vote.objects.filter(participant=participant, statement=statement)
            if not kept.filter(recent_keys__contains=key).exists():
                raise NotShown(f"No statement {statement} is shown in {consultation}.")
    return participant


@transaction.atomic
def take_in_votes(
    *,
    consultation: Consultation,
    code_hash: str,
    channel: Channel,
    language: str,
    votes: Mapping[int, Choice],
    day: date,
) -> Participant:
    """Keep what somebody thinks of several statements, by their keys, which staff typed in for them.

    What is not shown any more is left out. No limit of a network or device is asked: staff answer for it.

    Raises NotNow, NoLink for a code of another consultation, and NotShown where nothing is left to keep.
    """
    check_takes_votes(consultation, day)
    participant, _ = _find_or_make(consultation, code_hash, channel, language, day)
    key = secrets.token_hex(KEY_LENGTH // 2)
    kept = [
        _store(consultation, code_hash, statement, choice, key) is not None
        for statement, choice in votes.items()
    ]
    if not any(kept):
        raise NotShown(f"Nothing that was answered is shown in {consultation}.")
    return participant


@transaction.atomic
def say(*, consultation: Consultation, entrance: Entrance, text: str, key: str, day: date) -> Statement:
    """Take a statement of somebody's own. It is seen once a person has accepted it.

    That its author agrees with it is kept as a vote. A form that comes again brings no second one.

    Raises WrongKey, WrongStatement, NotNow, NoLink, TooManyStatements and `limits.TooManyJoined`.
    """
    check_key(key)
    text = tidy_words(text)
    if not is_statement(text):
        raise WrongStatement(f"{len(text)} signs; from one letter to {LONGEST_STATEMENT} signs are taken.")
    if not _phase(consultation, day).takes_statements:
        raise NotNow(f"{consultation} takes no statements on {day}.")
    # Whoever sends the same form twice at once waits here for the first.
    participant = _let_in(consultation, entrance, day)
    own = Statement.objects.filter(author=participant)
    if (again := own.filter(key=key).first()) is not None:
        return again
    if own.count() >= MOST_STATEMENTS:
        raise TooManyStatements(f"{MOST_STATEMENTS} statements are taken from one participant.")
    statement = Statement.objects.create(
        consultation=consultation,
        text=text,
        language=entrance.language,
        is_seeded=False,
        author=participant,
        key=key,
    )
    Vote.objects.create(
        participant=participant, statement=statement, value=Choice.AGREE.value, recent_keys=key
    )
    return statement


@transaction.atomic
def report_statement(*, participant: Participant, statement: Statement, reason: HidingReason) -> None:
    """Tell those who keep the consultation that a statement is hostile, or gives a person away.

    Raises NotShown where its author has withdrawn it.
    """
    if not Statement.objects.select_for_update(no_key=True).filter(pk=statement.pk):
        raise NotShown(f"Statement {statement.pk} was withdrawn.")
    Report.objects.get_or_create(
        participant=participant, statement=statement, defaults={"reason": reason.value}
    )


@transaction.atomic
def join_and_report(
    *, consultation: Consultation, entrance: Entrance, statement: Statement, reason: HidingReason, day: date
) -> Participant:
    """Report a statement as whoever holds the code; somebody new takes part from then on.

    Hostile words may be the first that somebody reads here, before any vote. Those who take part already can
    report at any time. Raises NotNow, NoLink, NotShown and `limits.TooManyJoined`.
    """
    participant = lock_participant(consultation, entrance.code)
    if participant is None:
        _phase(consultation, day)
        participant = _let_in(consultation, entrance, day)
    report_statement(participant=participant, statement=statement, reason=reason)
    return participant


@transaction.atomic
def withdraw_everything(participant: Participant) -> None:
    """Erase a participant, with every vote, statement and report. Nothing says any more that they were here.

    Votes of others on their statements go with these. What was decided about a statement stays, without its
    words; so does whether an appeal was granted.
    """
    # A vote or report that came between, of theirs or on their statements, would keep them here.
    list(Participant.objects.select_for_update().filter(pk=participant.pk))
    list(participant.statements.select_for_update())
    consultation = participant.consultation_id
    # What was answered stays in the log, as an act of the city; that they asked and wait does not.
    Moderation.objects.filter(appeal__participant=participant, is_granted=None).update(is_appealed=False)
    # What rested on their statements goes along.
    with without_entries():
        participant.delete()
    forget_counted_votes(consultation)


def tidy_words(text: str) -> str:
    """One line, without signs that cannot be seen, as it is kept.

    Examples
    --------
    >>> tidy_words("  More\\n evening\\x00 courses ")
    'More evening courses'
    """
    # Some keyboards write a letter and its mark as two, which would count twice.
    text = unicodedata.normalize("NFC", text).translate(_FILLERS)
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace() or sign in _JOINERS)
    return " ".join(seen.split())


def is_statement(text: str) -> bool:
    """Whether tidied words say something, and no more than one reads at a glance.

    Examples
    --------
    >>> is_statement("More benches"), is_statement("..."), is_statement("a" * 281)
    (True, False, False)
    """
    return says_something(text, longest=LONGEST_STATEMENT)


def says_something(text: str, *, longest: int) -> bool:
    """Whether tidied words have a letter or a digit, and no more signs than are taken.

    Examples
    --------
    >>> says_something("Why?", longest=4), says_something("Why?", longest=3), says_something("?", longest=3)
    (True, False, False)
    """
    return len(text) <= longest and any(sign.isalnum() for sign in text)


_JOINERS = "\u200c\u200d"
"""Invisible, and yet part of words in Persian and of signs of several parts."""
_FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0"))
"""Of Korean; Unicode counts them among the letters, but there is nothing to see."""


def _phase(consultation: Consultation, day: date) -> Phase:
    phase = consultation.phase_on(day)
    if phase is None:
        raise NotNow(f"{consultation} is not open on {day}.")
    return phase


def check_takes_votes(consultation: Consultation, day: date) -> None:
    """Raises NotNow where nobody can vote that day."""
    if not consultation.takes_votes_on(day):
        raise NotNow(f"{consultation} takes no votes on {day}.")


def check_key(key: str) -> None:
    """Raises WrongKey for what no page of ours makes."""
    if not _KEY.fullmatch(key):
        raise WrongKey(f"{key[:40]!r} is no key of {KEY_LENGTH} hexadecimal digits.")


def _let_in(consultation: Consultation, entrance: Entrance, day: date) -> Participant:
    """Who holds the code; with the first vote or statement, its participant is made."""
    known = lock_participant(consultation, entrance.code)
    if known is not None:
        return known
    if consultation.is_tried_out and not lock_trial(consultation):
        raise NotNow(f"The trial of {consultation} is over.")
    channel = _channel(consultation, entrance)
    made, is_new = _find_or_make(consultation, token_hash(entrance.code), channel, entrance.language, day)
    if is_new and channel == Channel.OWN_LINK:
        used = consultation.own_links.filter(token_hash=token_hash(entrance.link_token), is_used=False)
        if not used.update(is_used=True):
            raise NoLink("Somebody used the link a moment ago.")
    elif is_new and not consultation.is_tried_out:
        count_join(consultation, entrance.origin, day)
    return made


def _find_or_make(
    consultation: Consultation, code_hash: str, channel: Channel, language: str, day: date
) -> tuple[Participant, bool]:
    """Whoever holds the code, and whether they are new."""
    made, is_new = Participant.objects.select_for_update(no_key=True).get_or_create(
        code_hash=code_hash,
        defaults={
            "consultation": consultation,
            "channel": channel,
            "language": language,
            "joined_on": day,
        },
    )
    if made.consultation_id != consultation.pk:
        raise NoLink("The code belongs to another consultation.")
    return made, is_new


def _channel(consultation: Consultation, entrance: Entrance) -> Channel:
    if consultation.is_tried_out:
        # Whoever holds its link tries out what others will need a link of their own for.
        return Channel.OPEN_LINK
    if entrance.link_token and find_unused_link(consultation, entrance.link_token) is not None:
        return Channel.OWN_LINK
    if consultation.has_open_link:
        return Channel.OPEN_LINK
    raise NoLink(f"{consultation} is for people with a link of their own.")


def _store(
    consultation: Consultation, code_hash: str, statement: int, choice: Choice, key: str
) -> Participant | None:
    """Who holds the code, where their vote was written.

    It is not where nobody holds it, where the statement is not shown, or where the key is known already.
    """
    # Until the vote is kept, neither its giver nor the statement is withdrawn. SQLite lets one write at a
    # time in any case.
    lock = "FOR NO KEY UPDATE OF me FOR KEY SHARE OF shown" if connection.vendor == "postgresql" else ""
    # A trial that ended a moment ago takes nothing: what comes from it must not count.
    state = State.DRAFT if consultation.is_tried_out else State.OPEN
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE.format(lock=lock),
            [
                choice.value,
                key,
                consultation.pk,
                code_hash,
                statement,
                StatementState.SHOWN.value,
                state.value,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    # What else is known of them is read where it is asked for.
    known = {"id": row[0], "consultation_id": consultation.pk, "code_hash": code_hash}
    return Participant.from_db(connection.alias, list(known), list(known.values()))


# One statement for the check, the first vote and every later one, so that no two messages can come between.
# A condition on the source of the rows is needed by SQLite to tell ON CONFLICT from a join.
_VOTES = Vote._meta.db_table
_STORE = f"""
INSERT INTO {_VOTES} (participant_id, statement_id, value, recent_keys, is_counted)
SELECT me.id, shown.id, %s, %s, FALSE
FROM {Participant._meta.db_table} me
JOIN {Consultation._meta.db_table} asking ON asking.id = me.consultation_id
JOIN {Statement._meta.db_table} shown ON shown.consultation_id = asking.id
WHERE asking.id = %s AND me.code_hash = %s AND shown.id = %s AND shown.state = %s AND asking.state = %s
{{lock}}
ON CONFLICT (participant_id, statement_id) DO UPDATE
SET value = excluded.value,
    is_counted = FALSE,
    recent_keys = substr(excluded.recent_keys || {_VOTES}.recent_keys, 1, {KEY_LENGTH * KEYS_REMEMBERED})
WHERE {_VOTES}.recent_keys NOT LIKE '%%' || excluded.recent_keys || '%%'
RETURNING participant_id
"""
