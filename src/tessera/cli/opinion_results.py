"""The files that `tessera opinion` writes. docs/reference/opinion-files.md describes every column and key."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import chain
from math import ceil, floor, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.cli.results import Cell, table
from tessera.engines.opinion.cluster import (
    BASE_CLUSTERS,
    FEWEST_GROUPED,
    MOST_GROUPS,
    VOTES_TO_BE_GROUPED,
    Groups,
)
from tessera.engines.opinion.consensus import FEWEST_VOTES_IN_A_GROUP, Accepted, accepted_by_all
from tessera.engines.opinion.kmeans import kmeans
from tessera.engines.opinion.landscape import Landscape, Reading
from tessera.engines.opinion.lists import (
    LENGTH,
    Agreements,
    ListCheck,
    check_list,
    list_by_score,
    representative_list,
)
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.project import Axes
from tessera.engines.opinion.representative import FEWEST_VOTES, Majority, Representative
from tessera.engines.opinion.shares import wilson_interval
from tessera.engines.opinion.stability import (
    KEPT_SHARE,
    RERUNS,
    STABLE_FROM,
    Stability,
    fewest_in_a_group,
    why_withheld,
)
from tessera.engines.opinion.statistics import SURE_ENOUGH, GroupStatistics, Tally, one_share_z
from tessera.engines.opinion.votes import Votes

EVERYBODY = ""
"""In place of a group's number in shares.csv."""


def participants_table(votes: Votes, found: Landscape) -> bytes:
    """`participant,n_votes,in_conv,x,y,group`."""
    return table(
        ("participant", "n_votes", "in_conv", "x", "y", "group"),
        zip(
            votes.participant_ids.tolist(),
            votes.n_votes.tolist(),
            found.in_conversation.astype(int).tolist(),
            found.places[:, 0].tolist(),
            found.places[:, 1].tolist(),
            found.groups.of_participants.tolist(),
            strict=True,
        ),
    )


def statements_table(votes: Votes, axes: Axes, reading: Reading, bridging: NDArray[np.float64]) -> bytes:
    """`statement,moderated_out,mean,pc1 …`: where each stands, and how far all accept it."""
    places = axes.statement_places
    columns = {
        "moderated_out": axes.moderated_out.astype(int),
        "mean": axes.mean,
        "pc1": axes.components[:, 0],
        "pc2": axes.components[:, 1],
        "proj_x": places[:, 0],
        "proj_y": places[:, 1],
        "extremity": axes.extremity,
        "consensus": reading.consensus.product,
        "consensus_geometric": reading.consensus.geometric,
        "bridging": bridging,
        "priority": reading.priority,
    }
    rows = zip(votes.statement_ids.tolist(), *(column.tolist() for column in columns.values()), strict=True)
    return table(("statement", *columns), rows)


def groups_table(votes: Votes, statistics: GroupStatistics) -> bytes:
    """`group,statement,na,nd,ns,pa …`: the statistics of each group on each statement."""
    tally = statistics.tally
    columns = {
        "na": tally.agree,
        "nd": tally.disagree,
        "ns": tally.n,
        "pa": tally.smoothed_agree,
        "pd": tally.smoothed_disagree,
        "pat": statistics.agree_z,
        "pdt": statistics.disagree_z,
        "ra": statistics.agree_ratio,
        "rd": statistics.disagree_ratio,
        "rat": statistics.agree_ratio_z,
        "rdt": statistics.disagree_ratio_z,
    }
    named = ((number, name) for number in statistics.numbers for name in votes.statement_ids.tolist())
    figures = zip(*(column.ravel().tolist() for column in columns.values()), strict=True)
    return table(
        ("group", "statement", *columns), ((*name, *row) for name, row in zip(named, figures, strict=True))
    )


def shares_table(votes: Votes, reading: Reading) -> bytes:
    """`group,statement,n,agree,agree_low …`: shares with 95 % intervals; no group is everybody."""
    header = ("group", "statement", "n")
    shares = [f"{answer}{end}" for answer in ("agree", "disagree", "pass") for end in ("", "_low", "_high")]
    tally = reading.statistics.tally
    of_groups = (
        _share_rows(votes, number, Tally(tally.agree[row], tally.disagree[row], tally.passed[row]))
        for row, number in enumerate(reading.statistics.numbers)
    )
    rows = chain(_share_rows(votes, EVERYBODY, reading.everybody), chain.from_iterable(of_groups))
    return table((*header, *shares), rows)


def sizes(votes: Votes, found: Landscape, without_votes: Sequence[str]) -> dict[str, Any]:
    """How many of everything; statements without a vote are in no table and are named here."""
    axes, groups = found.axes, found.groups
    return {
        "participants": len(votes.participant_ids),
        "statements": axes.n_seen,
        "votes": len(votes.values),
        "moderated_out": int((axes.moderated_out & axes.seen).sum()),
        "without_votes": list(without_votes),
        "in_conversation": int(found.in_conversation.sum()),
        "groups": dict(zip(map(str, groups.numbers), groups.sizes, strict=True)),
    }


def how_grouped(found: Landscape, stability: Stability | None, seed: int, *, loops: Loops) -> dict[str, Any]:
    """How the groups were found, how far to believe them, and whether to show them.

    The inertias are those of plain k-means for the same numbers of groups: the least that is known.
    """
    groups, points = found.groups, found.places[found.in_conversation]
    return {
        "k": len(groups.numbers),
        "base_clusters": groups.n_base,
        "silhouettes": {str(k): split.silhouette for k, split in groups.splits.items()},
        "inertias": {
            str(k): kmeans(points, k, np.random.default_rng([seed, k]), loops=loops).inertia
            for k in groups.splits
        },
        "two_level": {
            str(k): {"inertia": split.inertia, "sizes": list(split.sizes)}
            for k, split in groups.splits.items()
        },
        "stability": stability
        and {
            "median": stability.median,
            "lowest": stability.lowest,
            "highest": stability.highest,
            "reruns": list(stability.reruns),
        },
        "withheld": why(groups, stability, public=False),
        "withheld_from_the_public": why(groups, stability, public=True),
    }


def why(groups: Groups, stability: Stability | None, *, public: bool) -> list[str]:
    """Why no map of groups is to be shown, in words; nothing if it may be."""
    least = fewest_in_a_group(sum(groups.sizes), public=public)
    # Rounded down, so that no 0.60 is said to be too little.
    median = floor(stability.median * 100) / 100 if stability else 0.0
    words = {
        "alike": "all who were to be grouped stand on one place",
        "unstable": f"the median stability is {median:.2f}; {STABLE_FROM} is needed",
        "small": f"people in the smallest group: {min(groups.sizes, default=0)}; {ceil(least)} are needed",
    }
    return [words[reason] for reason in why_withheld(groups.sizes, stability, public=public)]


def what_they_say(votes: Votes, reading: Reading, moderated_out: NDArray[np.bool_]) -> dict[str, Any]:
    """Statements that represent each group, those of a majority of all, and those that all groups accept."""
    ids = votes.statement_ids
    return {
        "representative": {
            str(number): [_named(ids, found) for found in listed]
            for number, listed in reading.representative.items()
        },
        "consensus": {
            direction: [_named(ids, found) for found in listed]
            for direction, listed in reading.majority.items()
        },
        "accepted_by_all_groups": [
            _named(ids, found)
            for found in accepted_by_all(reading.statistics, reading.consensus, moderated_out)
        ],
        "agrees_least": _agrees_least(votes, reading),
    }


def lists(
    votes: Votes, agreements: Agreements, reading: Reading, bridging: NDArray[np.float64], *, loops: Loops
) -> dict[str, Any]:
    """The representative list, and beside it those by three scores, each with its check."""
    found = representative_list(agreements, LENGTH, loops=loops)
    scores = {
        "group_product": reading.consensus.product,
        "majority": reading.everybody.smoothed_agree
        * one_share_z(reading.everybody.agree, reading.everybody.n),
        "bridging": bridging,
    }
    listed = {
        name: list_by_score(agreements, score, LENGTH)
        for name, score in scores.items()
        if not np.isnan(score).all()
    }
    return {
        "representative": {"rule": found.rule.value, **_checked(votes, found.statements, found.check)},
        **{
            name: _checked(votes, listed[name], check_list(agreements, listed[name], loops=loops))
            if name in listed
            else None
            for name in scores
        },
    }


SETTINGS = {
    "votes_to_be_in_the_conversation": VOTES_TO_BE_GROUPED,
    "fewest_in_the_conversation": FEWEST_GROUPED,
    "z_of_lists": SURE_ENOUGH,
    "fewest_votes_of_a_consensus": FEWEST_VOTES,
    "fewest_votes_of_a_group_for_it": FEWEST_VOTES_IN_A_GROUP,
    "intervals": "Wilson, 95 %",
    "length_of_lists": LENGTH,
}
"""What is fixed beforehand."""

SETTINGS_OF_GROUPS = {
    "most_base_clusters": BASE_CLUSTERS,
    "most_groups": MOST_GROUPS,
    "reruns_of_stability": RERUNS,
    "share_of_votes_in_a_rerun": KEPT_SHARE,
    "stable_from": STABLE_FROM,
}
"""And where the groups are found."""


def _agrees_least(votes: Votes, reading: Reading) -> dict[str, Any]:
    """For each statement the group with the smallest smoothed share that agrees, with its 95 % interval."""
    if not reading.statistics.numbers:
        return {}
    worst, tally = reading.consensus.worst_row, reading.statistics.tally
    at = worst, np.arange(len(worst))
    counts, totals = tally.agree[at], tally.n[at]
    interval = wilson_interval(counts, totals)
    columns = (reading.consensus.worst_group, counts, totals, interval.low, interval.high)
    names = ("group", "count", "n", "low", "high")
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        str(name): {key: None if value != value else value for key, value in zip(names, row, strict=True)}
        for name, row in zip(votes.statement_ids.tolist(), rows, strict=True)
    }


def _share_rows(votes: Votes, group: Cell, tally: Tally) -> Iterable[Sequence[Cell]]:
    columns = []
    for counts in (tally.agree, tally.disagree, tally.passed):
        interval = wilson_interval(counts, tally.n)
        share = np.divide(counts, tally.n, out=np.full(len(counts), np.nan), where=tally.n > 0)
        columns += [share.tolist(), interval.low.tolist(), interval.high.tolist()]
    rows = zip(votes.statement_ids.tolist(), tally.n.tolist(), *columns, strict=True)
    return ((group, *row) for row in rows)


def _named(ids: NDArray[np.str_], found: Representative | Majority | Accepted) -> dict[str, Any]:
    interval = wilson_interval(found.count, found.n)
    return {
        **asdict(found),
        "statement": str(ids[found.statement]),
        "low": float(interval.low),
        "high": float(interval.high),
    }


def _checked(votes: Votes, statements: Sequence[int], check: ListCheck) -> dict[str, Any]:
    ids = votes.statement_ids
    left_out = check.left_out_statement
    return {
        "statements": [str(ids[place]) for place in statements],
        "people": check.n_people,
        "served": check.n_served,
        "coverage": None if isnan(check.coverage) else check.coverage,
        "largest_left_out": check.largest_left_out,
        "left_out_statement": None if left_out is None else str(ids[left_out]),
        "jr_ratio": None if isnan(check.jr_ratio) else check.jr_ratio,
        "justified_representation": check.is_justified,
    }
