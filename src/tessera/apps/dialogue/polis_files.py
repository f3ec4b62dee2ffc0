"""Votes and statements in the format in which Polis publishes its conversations.

The columns are those of https://github.com/compdemocracy/openData. What is not kept here stays empty there,
or is a day instead of a moment; the readme that goes along says so.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from tessera.apps.dialogue.models import Statement
from tessera.apps.dialogue.vote_files import in_cell, moderated, words_of, write_rows, write_table
from tessera.engines.opinion.cluster import NO_GROUP
from tessera.engines.opinion.landscape import Landscape
from tessera.engines.opinion.votes import Votes

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, eq=False)
class Conversation:
    """All that the files are made of."""

    topic: str
    description: str
    url: str
    """Where it took place."""
    statements: Sequence[Statement]
    """By their numbers, whether somebody voted on them or not."""
    votes: Votes
    landscape: Landscape
    """Of these votes."""
    joined_on: Sequence[date]
    """Of each participant of the votes, in their order."""
    n_commenters: int | None
    """Who said something of their own; None where nobody knows any more."""


def write_polis_files(about: Conversation) -> dict[str, bytes]:
    """The four files by their names. Participants are numbered anew, from 0 in the order of the votes."""
    return {
        "summary.csv": _summary(about),
        "comments.csv": _comments(about),
        "votes.csv": _votes(about),
        "participants-votes.csv": _participants_votes(about),
    }


def _summary(about: Conversation) -> bytes:
    """A line for each figure, without a header."""
    return write_rows(
        [
            ("topic", in_cell(about.topic)),
            ("url", about.url),
            # Nobody who only looks is counted here.
            ("views", ""),
            ("voters", len(about.votes.participant_ids)),
            ("voters-in-conv", int(about.landscape.in_conversation.sum())),
            ("commenters", "" if about.n_commenters is None else about.n_commenters),
            ("comments", len(about.statements)),
            ("groups", len(about.landscape.groups.numbers)),
            ("conversation-description", in_cell(about.description)),
        ]
    )


def _comments(about: Conversation) -> bytes:
    header = (
        "timestamp",
        "datetime",
        "comment-id",
        "author-id",
        "agrees",
        "disagrees",
        "moderated",
        "comment-body",
    )
    tally = about.landscape.reading.everybody
    place = {int(name): at for at, name in enumerate(about.votes.statement_ids.tolist())}
    # No day is kept of a statement: all have that on which the first came who took part.
    moment = _moment(min(about.joined_on))

    def rows() -> Iterator[tuple[object, ...]]:
        for each in about.statements:
            at = place.get(each.pk)
            agrees, disagrees = (0, 0) if at is None else (int(tally.agree[at]), int(tally.disagree[at]))
            # Who wrote it stands nowhere: with the votes beside it, the words could tell who somebody is.
            yield (*moment, each.pk, "", agrees, disagrees, moderated(each), words_of(each))

    return write_table(header, rows())


def _votes(about: Conversation) -> bytes:
    """By statement, then by participant."""
    votes = about.votes
    people = np.repeat(np.arange(len(votes.participant_ids)), votes.n_votes)
    moments = [_moment(day) for day in about.joined_on]
    ids = votes.statement_ids.tolist()
    rows = (
        (*moments[person], ids[statement], person, value)
        for statement, person, value in sorted(
            zip(votes.statements.tolist(), people.tolist(), votes.values.tolist(), strict=True)
        )
    )
    return write_table(("timestamp", "datetime", "comment-id", "voter-id", "vote"), rows)


def _participants_votes(about: Conversation) -> bytes:
    votes, groups = about.votes, about.landscape.groups.of_participants.tolist()
    ids = [each.pk for each in about.statements]
    column = {str(pk): at for at, pk in enumerate(ids)}
    columns = [column[name] for name in votes.statement_ids.tolist()]

    def rows() -> Iterator[list[object]]:
        for person, (start, end) in enumerate(zip(votes.starts[:-1], votes.starts[1:], strict=True)):
            values = votes.values[start:end].tolist()
            counts = Counter(values)
            cells: list[object] = [""] * len(ids)
            for at, value in zip(votes.statements[start:end].tolist(), values, strict=True):
                cells[columns[at]] = value
            group = "" if groups[person] == NO_GROUP else groups[person]
            yield [person, group, "", len(values), counts[1], counts[-1], *cells]

    header = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
    return write_table((*header, *map(str, ids)), rows())


def _moment(day: date) -> tuple[int, str]:
    """Its first, in milliseconds, and in words whose language is that of the format."""
    start = datetime.combine(day, time(), UTC)
    words = f"{_DAYS[day.weekday()]} {_MONTHS[day.month - 1]} {day:%d} 00:00:00 UTC {day.year}"
    return round(start.timestamp() * 1000), words
