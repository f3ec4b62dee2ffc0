"""What may be kept and shown of a landscape: counts and sums over people, nobody's vote and nobody's place.

A landscape that is refreshed while people vote is kept as this. Put into JSON and read again, it is the same
to the last digit.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cells import Cell, Cells, find_cells
from tessera.engines.opinion.cluster import NO_GROUP, Groups
from tessera.engines.opinion.landscape import Landscape, Reading, read_counts
from tessera.engines.opinion.lists import (
    ListCheck,
    RepresentativeList,
    Rule,
    find_agreements,
    representative_list,
)
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.project import Axes, participant_places
from tessera.engines.opinion.stability import Stability, why_withheld
from tessera.engines.opinion.statistics import GroupStatistics, Tally
from tessera.engines.opinion.votes import Votes


@dataclass(frozen=True, eq=False)
class Overview:
    """A landscape without its people. Shapes are in the order of ``statement_ids``.

    It says where the middles of groups stand, and where at least ten of a group stand together; what of it
    may be shown to the public, `why_withheld` tells.
    """

    statement_ids: tuple[str, ...]
    n_people: int
    """Who have a vote."""
    n_votes: int
    median_votes: int
    """Half of the people voted on so many statements or more; those that are moderated out do not count."""
    axes: Axes
    sizes: tuple[int, ...]
    """People of each group, in the order of the numbers."""
    middles: NDArray[np.float64]
    """Of the groups: shape (n_groups, 2)."""
    reading: Reading
    stability: Stability | None
    """None if there are no groups."""
    cells: Cells | None
    """Where people may be drawn; None if there are no groups."""
    together: RepresentativeList
    """Shorter than its check says where statements of it were taken out since."""
    n_taken_since: int = 0
    """Statements that were moderated out after the votes were counted. It is not kept."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the groups, ascending."""
        return self.reading.statistics.numbers

    @property
    def n_left_in(self) -> int:
        """Statements that are not moderated out."""
        return int((~self.axes.moderated_out).sum())

    @property
    def n_grouped(self) -> int:
        return sum(self.sizes)

    @cached_property
    def withheld(self) -> tuple[str, ...]:
        """Why nothing is shown to the public that rests on the groups, as codes of `why_withheld`."""
        return why_withheld(self.sizes, self.stability, public=True)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The place of each statement among ``statement_ids``."""
        return {name: row for row, name in enumerate(self.statement_ids)}

    def without(self, statement_ids: Collection[str]) -> "Overview":
        """The same counts, with these statements in no list any more: for what was moderated out since."""
        axes = self.axes
        taken = np.array([name in statement_ids for name in self.statement_ids], dtype=bool)
        out = axes.moderated_out | taken
        if np.array_equal(out, axes.moderated_out):
            # To read the counts again takes long, and every page that is shown asks for it.
            return self
        statistics, together = self.reading.statistics, self.together
        return replace(
            self,
            axes=replace(axes, moderated_out=out),
            reading=read_counts(self.reading.everybody, statistics, self.reading.priority, out),
            together=replace(
                together, statements=tuple(place for place in together.statements if not out[place])
            ),
            n_taken_since=self.n_taken_since + int((out & ~axes.moderated_out).sum()),
        )

    def place_of(self, votes: Mapping[str, int]) -> NDArray[np.float64] | None:
        """Where somebody stands who voted so, by statement id: shape (2,). None without a vote on these.

        The formula is that of `participant_places`.
        """
        axes = self.axes
        known = [name for name in votes if name in self.rows and axes.seen[self.rows[name]]]
        if not known:
            return None
        places = np.array([self.rows[name] for name in known])
        values = np.array([votes[name] for name in known], dtype=np.float64)
        out = axes.moderated_out & axes.seen
        counted = ~out[places]
        away = ((values - axes.mean[places])[:, np.newaxis] * axes.components[places])[counted].sum(axis=0)
        n_seen = int(counted.sum()) + int(out.sum())
        found: NDArray[np.float64] = away * np.sqrt(axes.n_seen / max(n_seen, 1))
        return found

    def group_near(self, place: NDArray[np.float64]) -> int:
        """The number of the group whose middle is nearest; -1 without groups."""
        if not len(self.middles):
            return NO_GROUP
        return self.numbers[int(np.hypot(*(self.middles - place).T).argmin())]


def find_overview(
    votes: Votes,
    landscape: Landscape,
    stability: Stability | None,
    *,
    loops: Loops,
    together: RepresentativeList | None = None,
) -> Overview:
    """Leave the people out of a landscape.

    Parameters
    ----------
    votes : Votes
    landscape : Landscape
        Of these votes.
    stability : Stability or None
        Of its groups; None if there are none.
    together : RepresentativeList or None
        Of the people who are in the conversation, where it is known; None to make it.
    """
    groups, axes = landscape.groups, landscape.axes
    if together is None:
        agreements = find_agreements(votes, landscape.in_conversation, axes.moderated_out, loops=loops)
        together = representative_list(agreements, loops=loops)
    return Overview(
        tuple(votes.statement_ids.tolist()),
        int((votes.n_votes > 0).sum()),
        len(votes.values),
        _median_votes(votes, ~axes.moderated_out),
        axes,
        groups.sizes,
        _middles(landscape.places, groups),
        landscape.reading,
        stability,
        find_cells(landscape.places, groups) if groups.numbers else None,
        together,
    )


def groups_of_overview(votes: Votes, overview: Overview, *, loops: Loops) -> Mapping[str, int]:
    """In which group of an earlier overview each participant would be, by the votes of now.

    It makes `find_landscape` go on with the numbers of groups, though nobody's group was kept.
    """
    if not len(overview.middles):
        return {}
    rows = [overview.rows.get(name, -1) for name in votes.statement_ids.tolist()]
    known = np.array(rows) >= 0
    axes = overview.axes

    def of_now(values: NDArray[Any]) -> NDArray[Any]:
        found = np.zeros((len(rows), *values.shape[1:]), dtype=values.dtype)
        found[known] = values[np.array(rows)[known]]
        return found

    then = Axes(
        of_now(axes.seen),
        of_now(axes.moderated_out),
        of_now(axes.mean),
        of_now(axes.components),
        axes.explained,
    )
    places = participant_places(votes, then, loops=loops)
    there = ~np.isnan(places).any(axis=1)
    away = np.hypot(*(places[there, np.newaxis] - overview.middles).transpose(2, 0, 1))
    nearest = np.array(overview.numbers)[away.argmin(axis=1)]
    return dict(zip(votes.participant_ids[there].tolist(), nearest.tolist(), strict=True))


def to_json(overview: Overview) -> dict[str, Any]:
    """As values that JSON knows; floats keep every digit."""
    axes, reading = overview.axes, overview.reading
    return {
        "statement_ids": list(overview.statement_ids),
        "n_people": overview.n_people,
        "n_votes": overview.n_votes,
        "median_votes": overview.median_votes,
        "axes": {name: getattr(axes, name).tolist() for name in _AXES},
        "sizes": list(overview.sizes),
        "middles": overview.middles.tolist(),
        "numbers": list(overview.numbers),
        "everybody": _counts(reading.everybody),
        "groups": _counts(reading.statistics.tally),
        "priority": reading.priority.tolist(),
        "stability": None if overview.stability is None else list(overview.stability.reruns),
        "cells": None if overview.cells is None else asdict(overview.cells),
        "together": {**asdict(overview.together), "rule": overview.together.rule.value},
    }


def from_json(kept: Mapping[str, Any]) -> Overview:
    """What `to_json` gave."""
    n = len(kept["statement_ids"])
    axes = Axes(**{name: np.array(kept["axes"][name], dtype=kind) for name, kind in _AXES.items()})
    axes = Axes(axes.seen, axes.moderated_out, axes.mean, axes.components.reshape(n, 2), axes.explained)
    statistics = GroupStatistics(tuple(kept["numbers"]), _tally(kept["groups"], (len(kept["numbers"]), n)))
    cells, listed = kept["cells"], kept["together"]
    return Overview(
        tuple(kept["statement_ids"]),
        kept["n_people"],
        kept["n_votes"],
        kept["median_votes"],
        axes,
        tuple(kept["sizes"]),
        np.array(kept["middles"], dtype=np.float64).reshape(-1, 2),
        read_counts(
            _tally(kept["everybody"], (n,)),
            statistics,
            np.array(kept["priority"], dtype=np.float64),
            axes.moderated_out,
        ),
        None if kept["stability"] is None else Stability(tuple(kept["stability"])),
        None
        if cells is None
        else Cells(cells["width"], tuple(Cell(**each) for each in cells["drawn"]), cells["n_left_out"]),
        RepresentativeList(tuple(listed["statements"]), Rule(listed["rule"]), ListCheck(**listed["check"])),
    )


_AXES = {"seen": bool, "moderated_out": bool, "mean": float, "components": float, "explained": float}


def _counts(tally: Tally) -> dict[str, Any]:
    return {name: getattr(tally, name).tolist() for name in ("agree", "disagree", "passed")}


def _tally(kept: Mapping[str, Any], shape: tuple[int, ...]) -> Tally:
    def counts(name: str) -> NDArray[np.int64]:
        return np.array(kept[name], dtype=np.int64).reshape(shape)

    return Tally(counts("agree"), counts("disagree"), counts("passed"))


def _median_votes(votes: Votes, left_in: NDArray[np.bool_]) -> int:
    n_participants = len(votes.participant_ids)
    if not n_participants:
        return 0
    voters = np.repeat(np.arange(n_participants), votes.n_votes)
    n_votes = np.bincount(voters[left_in[votes.statements]], minlength=n_participants)
    return int(np.median(n_votes))


def _middles(places: NDArray[np.float64], groups: Groups) -> NDArray[np.float64]:
    rows = [places[groups.of_participants == number].mean(axis=0) for number in groups.numbers]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)
