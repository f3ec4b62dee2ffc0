"""Who may take all votes of a consultation, each on its own, and the taking of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    get_consultation_as_steward,
    get_own_consultation,
    get_stewardship_to_end,
    people_to_name_steward,
)
from tessera.apps.dialogue.archives import pack_files
from tessera.apps.dialogue.landscapes import moderated_out, read_votes
from tessera.apps.dialogue.models import Consultation, Statement, Stewardship, VotesTaken
from tessera.apps.dialogue.polis_files import Conversation, write_polis_files
from tessera.apps.dialogue.vote_files import write_statements, write_votes
from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.votes import Votes


class NotOfTheCity(ValueError):
    """Only who acts for the city, or facilitates there, can be named."""


class NamedAlready(ValueError):
    """The person is steward of the consultation."""


class NoPurpose(ValueError):
    """Who names a steward says what for."""


class StillOpen(Exception):
    """Votes are taken only once nobody votes any more."""


class NoVotes(Exception):
    """Nobody voted, or everybody withdrew."""


@dataclass(frozen=True)
class Taken:
    """What a steward is given."""

    archive: bytes
    """A zip."""
    record: VotesTaken
    """What is kept of it."""


@transaction.atomic
def name_steward(
    *, by: Person, consultation: Consultation, person: Person, purpose: str, at: datetime
) -> Stewardship:
    """Let somebody of the city take all votes, for a purpose that everybody who keeps it can read.

    Raises Http404 unless `by` is officer of its city, NotOfTheCity, NamedAlready, and NoPurpose.
    """
    day = timezone.localdate(at)
    consultation = get_own_consultation(by, consultation.pk, day)
    if not purpose.strip():
        raise NoPurpose(f"What is {person} to be steward of {consultation} for?")
    if not people_to_name_steward(consultation.city, day).filter(pk=person.pk).exists():
        raise NotOfTheCity(f"{person} neither acts for {consultation.city} nor facilitates there.")
    stewardship, is_new = Stewardship.objects.get_or_create(
        consultation=consultation,
        person=person,
        defaults={"named_by": by, "named_on": day, "purpose": purpose.strip()},
    )
    if not is_new:
        raise NamedAlready(f"{person} is steward of {consultation} already.")
    return stewardship


@transaction.atomic
def end_stewardship(*, by: Person, stewardship: Stewardship, at: datetime) -> None:
    """Let somebody take no more votes. What they took stays written down.

    Raises Http404 unless `by` is officer of the city.
    """
    get_stewardship_to_end(by, stewardship.pk, timezone.localdate(at)).delete()


@transaction.atomic
def take_votes(*, by: Person, consultation: Consultation, url: str, at: datetime) -> Taken:
    """All votes as they stand now, in files; and that they were taken is written down.

    `url` is where people took part. Raises Http404 unless `by` is steward of it, StillOpen, and NoVotes.
    """
    consultation = get_consultation_as_steward(by, consultation.pk, timezone.localdate(at))
    if not consultation.has_ended:
        raise StillOpen(f"{consultation} is {consultation.state}.")
    votes = read_votes(consultation)
    if not len(votes.values):
        raise NoVotes(f"{consultation} has no votes.")
    statements = list(consultation.statements.decided().order_by("pk"))
    files = {
        "tessera/VOTES.csv": write_votes(votes),
        "tessera/STATEMENTS.csv": write_statements(statements),
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    record = VotesTaken.objects.create(
        consultation=consultation,
        person=by,
        at=at,
        count=len(votes.values),
        digest=digests["tessera/VOTES.csv"],
    )
    of_polis = write_polis_files(_conversation(consultation, statements, votes, url))
    readme = render_to_string(
        "dialogue/files/votes_readme.txt",
        {
            "consultation": consultation,
            "record": record,
            "steward": by,
            "purpose": consultation.stewardships.get(person=by).purpose,
            "digests": digests,
            "url": url,
        },
    )
    archive = pack_files(
        {
            "README.txt": readme.encode(),
            **{f"polis/{name}": content for name, content in of_polis.items()},
            **files,
        }
    )
    return Taken(archive, record)


def _conversation(
    consultation: Consultation, statements: Sequence[Statement], votes: Votes, url: str
) -> Conversation:
    first = consultation.first_language
    authors = {each.author_id for each in statements} - {None}
    return Conversation(
        topic=consultation.title.in_language(first),
        description=consultation.asked_by.in_language(first),
        url=url,
        statements=statements,
        votes=votes,
        landscape=find_landscape(votes, moderated_out(votes, statements), loops=fastest()),
        joined_on=_days_of(consultation, votes),
        n_commenters=len(authors) if consultation.codes_forgotten_on is None else None,
    )


def _days_of(consultation: Consultation, votes: Votes) -> list[date]:
    joined = dict(consultation.participants.values_list("pk", "joined_on"))
    return [joined[int(name)] for name in votes.participant_ids.tolist()]
