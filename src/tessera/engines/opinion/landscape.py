"""The landscape of a consultation: from votes to groups, what each stands for, and what all can accept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cluster import Groups, find_groups, in_conversation, renumbered
from tessera.engines.opinion.co_votes import CoVotes, co_votes
from tessera.engines.opinion.consensus import GroupConsensus, group_consensus
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.priority import priorities
from tessera.engines.opinion.project import Axes, find_axes, participant_places
from tessera.engines.opinion.representative import (
    FEWEST_VOTES,
    Majority,
    Representative,
    majority_statements,
    representative_statements,
)
from tessera.engines.opinion.statistics import GroupStatistics, Tally, count_votes, group_statistics
from tessera.engines.opinion.votes import Votes


@dataclass(frozen=True, eq=False)
class Reading:
    """What given groups say: their statistics, and the lists and scores that follow."""

    everybody: Tally
    """Votes of all participants, grouped or not."""
    statistics: GroupStatistics
    representative: Mapping[int, tuple[Representative, ...]]
    """By the number of the group."""
    majority: Mapping[str, tuple[Majority, ...]]
    """Under "agree" and "disagree"."""
    consensus: GroupConsensus
    priority: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Landscape:
    axes: Axes
    places: NDArray[np.float64]
    """Of the participants: shape (n_participants, 2)."""
    in_conversation: NDArray[np.bool_]
    groups: Groups
    reading: Reading


def find_landscape(
    votes: Votes,
    moderated_out: NDArray[np.bool_],
    *,
    loops: Loops,
    sums: CoVotes | None = None,
    earlier: Mapping[str, int] | None = None,
    k: int | None = None,
) -> Landscape:
    """Find out who agrees with whom.

    Parameters
    ----------
    votes : Votes
    moderated_out : ndarray of bool, shape (n_statements,)
        Statements that take no part in the axes and are never selected. Votes on them still count for how
        active somebody is, and are counted.
    sums : CoVotes or None
        Of the same votes, where they are kept up to date or were made in parts; None to make them.
    earlier : mapping of participant to group number, or None
        Of an earlier landscape; groups take the numbers of those they share the most people with.
    k : int or None
        So many groups, if so many can be found; None for as many as are told apart best.
    """
    axes = find_axes(co_votes(votes, loops=loops) if sums is None else sums, moderated_out)
    places = participant_places(votes, axes, loops=loops)
    grouped = in_conversation(votes.n_votes, axes.n_seen)
    groups = find_groups(places, grouped, k=k, loops=loops)
    if earlier is not None:
        groups = renumbered(groups, votes.participant_ids, earlier)
    reading = read_groups(votes, axes, groups.of_participants, grouped, loops=loops)
    return Landscape(axes, places, grouped, groups, reading)


def read_groups(
    votes: Votes,
    axes: Axes,
    groups: NDArray[np.int32],
    asked: NDArray[np.bool_],
    *,
    loops: Loops,
) -> Reading:
    """Find out what given groups stand for.

    Parameters
    ----------
    votes : Votes
    axes : Axes
        Of the same votes.
    groups : ndarray of int, shape (n_participants,)
        The number of each participant's group, from 0; -1 for none.
    asked : ndarray of bool, shape (n_participants,)
        Whose votes decide what is shown next where there are no groups; else it is those who are grouped.
    """
    statistics = group_statistics(votes, groups, loops=loops)
    everybody = count_votes(votes, np.ones_like(asked), loops=loops)
    grouped = statistics.everybody if statistics.numbers else count_votes(votes, asked, loops=loops)
    return read_counts(everybody, statistics, priorities(grouped, axes.extremity), axes.moderated_out)


def read_counts(
    everybody: Tally,
    statistics: GroupStatistics,
    priority: NDArray[np.float64],
    moderated_out: NDArray[np.bool_],
) -> Reading:
    """The lists and scores that follow from the counts; nobody's votes are needed for them any more."""
    return Reading(
        everybody,
        statistics,
        representative_statements(statistics, moderated_out),
        majority_statements(everybody, moderated_out, fewest_votes=FEWEST_VOTES),
        group_consensus(statistics),
        priority,
    )
