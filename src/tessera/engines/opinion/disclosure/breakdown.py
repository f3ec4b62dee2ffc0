"""Counts of answers by declared attribute: the true tables, for nobody's eyes before ``protect``."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.disclosure.tables import ANSWERS, Table
from tessera.engines.opinion.errors import DisclosureError

NOT_SAID = "not-said"
VOTE_OF_ANSWER = (1, -1, 0)


@dataclass(frozen=True, eq=False)
class Attribute:
    """What participants declared of themselves in one respect.

    Parameters
    ----------
    name : str
    values : tuple of str
        Those that the form offers, whether somebody chose them or not.
    codes : ndarray of int, shape (n_participants,)
        Position in ``values``; -1 means not said, which is a group of its own.
    optional : bool
        Whether the form lets people say nothing. If so, *not said* has a row even when nobody used it: a row
        that comes and goes would tell when the first such person came.

    Raises
    ------
    DisclosureError
        A code without a value, or nothing said where something had to be.
    """

    name: str
    values: tuple[str, ...]
    codes: NDArray[np.int64]
    optional: bool

    def __post_init__(self) -> None:
        lowest = -1 if self.optional else 0
        if self.codes.size and not (lowest <= self.codes.min() and self.codes.max() < len(self.values)):
            raise DisclosureError(
                f"attribute {self.name}: codes run from {self.codes.min()} to {self.codes.max()}; expected "
                f"{lowest} to {len(self.values) - 1}, the positions of its {len(self.values)} values"
                f"{' and -1 for not said' if self.optional else ''}"
            )
        if NOT_SAID in self.values:
            raise DisclosureError(f"attribute {self.name}: {NOT_SAID} is no value; use the code -1")

    @property
    def groups(self) -> tuple[str, ...]:
        """The values, and *not said* last where it is possible."""
        return (*self.values, NOT_SAID) if self.optional else self.values

    @property
    def rows(self) -> NDArray[np.int64]:
        """Position of each participant in ``groups``."""
        return np.where(self.codes < 0, len(self.values), self.codes)


def break_down(
    attributes: Sequence[Attribute],
    crosses: Sequence[tuple[str, str]],
    statements: Sequence[str],
    voted_by: NDArray[np.int64],
    voted_on: NDArray[np.int64],
    votes: NDArray[np.int64],
) -> tuple[Table, ...]:
    """Count who takes part and who answered what, in total, by each attribute and by each asked-for cross.

    Parameters
    ----------
    attributes : sequence of Attribute
        All over the same participants.
    crosses : sequence of pairs of str
        Names of attributes to be crossed.
    statements : sequence of str
        Ids.
    voted_by, voted_on, votes : ndarray of int, shape (n_votes,)
        Position of the participant, position of the statement, and 1 agree, -1 disagree, 0 pass. One entry
        per participant and statement; a statement that somebody did not see has none.

    Returns
    -------
    tuple of Table
        Who takes part first, then statement by statement; within each the total, the attributes, the crosses.

    Raises
    ------
    DisclosureError
        Attributes of different lengths, a name twice, a cross of an unknown attribute, of one with itself, or
        the same cross twice, a vote other than 1,
        0 and -1, of somebody unknown or on something unknown, or two votes of one person on one statement.

    Examples
    --------
    >>> district = Attribute("district", ("north", "south"), np.array([0, 0, 1]), optional=False)
    >>> people, votes = np.array([0, 1, 2]), np.array([1, 1, -1])
    >>> tables = break_down([district], [], ["1"], people, np.array([0, 0, 0]), votes)
    >>> tables[-1].name, tables[-1].counts.tolist()
    ('statement 1 by district', [[2, 0, 0], [0, 1, 0]])
    """
    by_name = {attribute.name: attribute for attribute in attributes}
    if len(by_name) < len(attributes):
        raise DisclosureError("two attributes have the same name; give each its own")
    unknown = [name for cross in crosses for name in cross if name not in by_name]
    if unknown:
        raise DisclosureError(
            f"a cross asks for the attribute {unknown[0]}; there are {', '.join(by_name) or 'none'}"
        )
    crossed = [frozenset(cross) for cross in crosses]
    if any(len(cross) < 2 for cross in crossed) or len(set(crossed)) < len(crossed):
        raise DisclosureError("a cross needs two different attributes, and each two are crossed once")
    sizes = {len(attribute.codes) for attribute in attributes}
    if len(sizes) != 1:
        raise DisclosureError(
            f"the attributes speak of {' or '.join(map(str, sorted(sizes))) or 'no'} participants; "
            "give each a code for every participant"
        )
    (n_participants,) = sizes
    _check_votes(voted_by, voted_on, votes, n_participants, len(statements))
    everybody = ((), ((),), np.zeros(n_participants, dtype=np.int64))
    divisions = [everybody, *(_divide([attribute]) for attribute in attributes)]
    divisions += [_divide([by_name[name] for name in cross]) for cross in crosses]
    tables = [
        Table(None, names, groups, np.bincount(rows, minlength=len(groups))[:, None])
        for names, groups, rows in divisions
    ]
    column = np.select([votes == vote for vote in VOTE_OF_ANSWER], range(len(ANSWERS)))
    by_division = [
        _tally(rows[voted_by], voted_on, column, (len(statements), len(groups), len(ANSWERS)))
        for _, groups, rows in divisions
    ]
    for position, statement in enumerate(statements):
        tables += [
            Table(statement, names, groups, counts[position])
            for (names, groups, _), counts in zip(divisions, by_division, strict=True)
        ]
    return tuple(tables)


def _check_votes(
    voted_by: NDArray[np.int64],
    voted_on: NDArray[np.int64],
    votes: NDArray[np.int64],
    n_participants: int,
    n_statements: int,
) -> None:
    if not len(voted_by) == len(voted_on) == len(votes):
        raise DisclosureError(
            f"{len(voted_by)} voters, {len(voted_on)} statements and {len(votes)} votes; "
            "expected one of each for a vote"
        )
    if not len(votes):
        return
    strange = votes[~np.isin(votes, VOTE_OF_ANSWER)]
    if strange.size:
        raise DisclosureError(f"a vote of {strange[0]}; expected 1 (agree), -1 (disagree) or 0 (pass)")
    if voted_by.min() < 0 or voted_by.max() >= n_participants:
        raise DisclosureError(f"a vote of a participant who is not among the {n_participants} known ones")
    if voted_on.min() < 0 or voted_on.max() >= n_statements:
        raise DisclosureError(f"a vote on a statement that is not among the {n_statements} known ones")
    if len(np.unique(voted_by * n_statements + voted_on)) < len(votes):
        raise DisclosureError("somebody has two votes on one statement; keep the last one")


def _divide(
    attributes: Sequence[Attribute],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], NDArray[np.int64]]:
    """Names, groups, and the row of each participant."""
    groups = tuple(itertools.product(*(attribute.groups for attribute in attributes)))
    rows = np.ravel_multi_index(
        [attribute.rows for attribute in attributes], [len(attribute.groups) for attribute in attributes]
    )
    return tuple(attribute.name for attribute in attributes), groups, rows


def _tally(
    group: NDArray[np.int64],
    statement: NDArray[np.int64],
    answer: NDArray[np.int64],
    shape: tuple[int, int, int],
) -> NDArray[np.int64]:
    """People by statement, group and answer."""
    cell = np.ravel_multi_index((statement, group, answer), shape)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
