"""Where the groups stand and what all agree on, as residents are shown it; and where one stands oneself."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tessera.apps.dialogue.asking import Worded, word_statements
from tessera.apps.dialogue.group_map import GroupMap, draw_map
from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.models import Consultation, Landscape, Participant
from tessera.engines.opinion.cluster import VOTES_TO_BE_GROUPED
from tessera.engines.opinion.consensus import accepted_by_all
from tessera.engines.opinion.overview import Overview, from_json
from tessera.engines.opinion.representative import FEWEST_VOTES
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP, Likeness
from tessera.engines.opinion.statistics import Tally
from tessera.reports.landscape.votes import AGREE, DISAGREE, letter_of

MOST_LISTED = 5
"""Statements that all groups accept: a phone is small."""
MOST_APART = 3
"""Statements that set a group apart."""


@dataclass(frozen=True)
class Share:
    """So many people out of so many."""

    count: int
    whole: int

    @property
    def percent(self) -> int:
        """Whole, a half upwards.

        Examples
        --------
        >>> Share(1, 8).percent, Share(2, 3).percent
        (13, 67)
        """
        return (200 * self.count + self.whole) // (2 * self.whole)


@dataclass(frozen=True)
class Side:
    """How many are on one side of a statement."""

    place: int
    """Of the statement, in the overview."""
    direction: str
    """"agree" or "disagree"."""
    share: Share
    others: Share | None
    """Of all other groups, where a group is meant; None where too few of them answered."""


@dataclass(frozen=True)
class Listed:
    statement: Worded
    side: Side


@dataclass(frozen=True)
class GroupShown:
    letter: str
    row: int
    """Its place among the groups, by which it has its colour."""
    share: Share
    """Of all people who are in a group."""
    apart: list[Listed]
    """What sets it apart most."""


@dataclass(frozen=True, eq=False)
class OwnPlace:
    """Where the reader stands: nobody else is shown it."""

    missing: int
    """So many more answers are needed before it can be said."""
    at: NDArray[np.float64] | None
    """Among the places of the landscape: shape (2,). None while answers are missing."""
    letter: str
    """Of the group that is nearest; empty while answers are missing."""


@dataclass(frozen=True)
class Picture:
    found_on: date
    is_final: bool
    """Only then are figures exact, and stand with their counts."""
    withheld: tuple[str, ...]
    """Why no groups are shown, as codes of `why_withheld`."""
    likeness: Likeness | None
    """How firm the groups are."""
    shared: list[Listed]
    """What all groups accept, where groups are shown; else with what most agree, then disagree."""
    groups: list[GroupShown]
    own: OwnPlace | None
    """None where no groups are shown, or nobody known is reading."""
    map: GroupMap | None


def read_picture(
    consultation: Consultation, participant: Participant | None, language: str
) -> Picture | None:
    """The last landscape, in the words of a language; None before ten people have voted.

    Parameters
    ----------
    consultation : Consultation
    participant : Participant or None
        Who holds the code and so may be shown their own place.
    language : str
        In which statements are worded, where somebody has put them into it.
    """
    shown = read_shown(consultation)
    if shown is None:
        return None
    overview = shown.overview
    shows_groups = not overview.withheld
    shared = _accepted(overview) if shows_groups else _majorities(overview)
    apart = [_apart(overview, row) for row in range(len(overview.numbers))] if shows_groups else []
    words = _Words(consultation, overview, [*shared, *(side for sides in apart for side in sides)], language)
    own = _own_place(overview, participant) if participant is not None and shows_groups else None
    return Picture(
        found_on=shown.found_on,
        is_final=shown.is_final,
        withheld=overview.withheld,
        likeness=overview.stability.likeness if overview.stability else None,
        shared=words.listed(shared),
        groups=[
            GroupShown(
                letter_of(overview.numbers[row]),
                row,
                Share(overview.sizes[row], overview.n_grouped),
                words.listed(sides),
            )
            for row, sides in enumerate(apart)
        ],
        own=own,
        map=_map(overview, own) if shows_groups else None,
    )


def read_agreement(consultations: Iterable[Consultation]) -> dict[int, Share]:
    """How many agree of those who answered, by the number of the statement: the figures after the end.

    Without statements on which too few voted for a share, as in the results. One query, whatever the number
    of consultations.
    """
    final = Landscape.objects.filter(consultation__in=consultations, is_final=True, overview__isnull=False)
    shares = {}
    for kept in final.only("overview"):
        assert kept.overview is not None, "others are left out"
        overview = from_json(kept.overview)
        everybody = overview.reading.everybody
        for place, name in enumerate(overview.statement_ids):
            if everybody.n[place] >= FEWEST_VOTES:
                shares[int(name)] = _share(everybody, place, AGREE)
    return shares


class _Words:
    """The words of all statements that are listed, read at once."""

    def __init__(
        self, consultation: Consultation, overview: Overview, sides: Iterable[Side], language: str
    ) -> None:
        self._ids = overview.statement_ids
        keys = {int(self._ids[side.place]) for side in sides}
        self._words = {each.pk: each for each in word_statements(consultation, sorted(keys), language)}

    def listed(self, sides: Sequence[Side]) -> list[Listed]:
        """Without those that were hidden a moment ago."""
        with_keys = ((int(self._ids[side.place]), side) for side in sides)
        return [Listed(self._words[key], side) for key, side in with_keys if key in self._words]


def _accepted(overview: Overview) -> list[Side]:
    reading = overview.reading
    found = accepted_by_all(reading.statistics, reading.consensus, overview.axes.moderated_out)
    return [_side(reading.everybody, each.statement, AGREE) for each in found[:MOST_LISTED]]


def _majorities(overview: Overview) -> list[Side]:
    reading = overview.reading
    return [
        _side(reading.everybody, each.statement, direction)
        for direction in (AGREE, DISAGREE)
        for each in reading.majority[direction]
    ]


def _apart(overview: Overview, row: int) -> list[Side]:
    """What sets a group apart, as far as enough of it voted on it."""
    reading = overview.reading
    grouped, tally = reading.statistics.everybody, reading.statistics.tally
    own = Tally(tally.agree[row], tally.disagree[row], tally.passed[row])
    others = Tally(grouped.agree - own.agree, grouped.disagree - own.disagree, grouped.passed - own.passed)
    found = [
        each
        for each in reading.representative[overview.numbers[row]]
        if own.n[each.statement] >= FEWEST_IN_A_PUBLIC_GROUP
    ]
    return [_side(own, each.statement, each.direction, others) for each in found[:MOST_APART]]


def _side(tally: Tally, place: int, direction: str, others: Tally | None = None) -> Side:
    has_others = others is not None and others.n[place] >= FEWEST_IN_A_PUBLIC_GROUP
    return Side(
        place,
        direction,
        _share(tally, place, direction),
        _share(others, place, direction) if others is not None and has_others else None,
    )


def _share(tally: Tally, place: int, direction: str) -> Share:
    counts = tally.agree if direction == AGREE else tally.disagree
    return Share(int(counts[place]), int(tally.n[place]))


def _own_place(overview: Overview, participant: Participant) -> OwnPlace:
    votes = {str(key): value for key, value in participant.votes.values_list("statement", "value")}
    missing = _missing(overview, votes)
    at = overview.place_of(votes) if not missing else None
    return OwnPlace(missing, at, "" if at is None else letter_of(overview.group_near(at)))


def _missing(overview: Overview, votes: Collection[str]) -> int:
    """How many more answers somebody must give to be put into a group; to what can still be answered."""
    counted = overview.axes.seen & ~overview.axes.moderated_out
    answered = sum(name in overview.rows and bool(counted[overview.rows[name]]) for name in votes)
    return max(0, max(1, min(VOTES_TO_BE_GROUPED, int(counted.sum()))) - answered)


def _map(overview: Overview, own: OwnPlace | None) -> GroupMap | None:
    letters = [letter_of(number) for number in overview.numbers]
    at = own.at if own is not None else None
    return draw_map(overview.cells, letters, at) if overview.cells is not None else None
