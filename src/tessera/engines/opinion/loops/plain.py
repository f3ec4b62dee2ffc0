"""The passes over the votes by numpy: the reference, which always works."""

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import UNSEEN, Codes, Floats, Starts, Statements, Values

AT_ONCE = 1 << 22
"""Numbers of a temporary table: 32 MB."""


class Plain:
    """Each pass takes the votes of participant i at ``starts[i]:starts[i + 1]`` of the two other arrays."""

    def compress(
        self,
        participants: Codes,
        statements: Codes,
        values: Values,
        participant_ranks: NDArray[np.int32],
        statement_ranks: Statements,
        n_participants: int,
        n_statements: int,
        /,
    ) -> tuple[Starts, Statements, Values]:
        """Turn events, in the order in which they count, into rows; the last vote of a pair stays.

        The ranks say in which row a participant and in which place a statement belongs.
        """
        rows, places = participant_ranks[participants], statement_ranks[statements]
        pair = rows.astype(np.int64) * n_statements + places
        order = np.argsort(pair, kind="stable")
        pair = pair[order]
        last = np.ones(len(pair), dtype=bool)
        last[:-1] = pair[1:] != pair[:-1]
        order = order[last]
        starts = np.zeros(n_participants + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows[order], minlength=n_participants), out=starts[1:])
        return starts, places[order], values[order]

    def thin(
        self, starts: Starts, statements: Statements, values: Values, kept: NDArray[np.bool_], /
    ) -> tuple[Starts, Statements, Values]:
        """Leave out votes; a participant may be left without any."""
        before = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum(kept, out=before[1:])
        return before[starts], statements[kept], values[kept]

    def add_co_votes(
        self, starts: Starts, statements: Statements, values: Values, sums: NDArray[np.int32], /
    ) -> None:
        """Add what `CoVotes` keeps of each pair of statements that one participant voted on.

        A product of matrices per sum; their whole numbers are far from where float32 rounds.
        """
        n_statements = len(sums)
        block = max(1, AT_ONCE // max(1, n_statements))
        upper = np.triu(np.ones((n_statements, n_statements), dtype=bool))
        for first in range(0, len(starts) - 1, block):
            ends = starts[first : first + block + 1]
            part = slice(int(ends[0]), int(ends[-1]))
            rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
            seen = np.zeros((len(ends) - 1, n_statements), dtype=np.float32)
            vote = np.zeros_like(seen)
            seen[rows, statements[part]] = 1.0
            vote[rows, statements[part]] = values[part]
            with_first = vote.T @ seen
            for place, product in enumerate((seen.T @ seen, with_first, with_first.T, vote.T @ vote)):
                sums[..., place] += np.where(upper, product, 0).astype(np.int32)

    def take_vote(
        self,
        sums: NDArray[np.int32],
        statements: Statements,
        values: Values,
        n: int,
        statement: int,
        value: int,
        /,
    ) -> int:
        """Take one participant's vote on a statement, in their row and in the sums of `CoVotes`.

        The row is the first ``n`` of ``statements`` and ``values``, in no order, with room for one more; the
        number of its votes afterwards is returned. ``UNSEEN`` as a value takes a vote back.
        """
        found = np.flatnonzero(statements[:n] == statement)
        at = int(found[0]) if len(found) else n
        before = int(values[at]) if at < n else UNSEEN
        others = np.delete(statements[:n], found).astype(np.intp)
        votes = np.delete(values[:n], found).astype(np.int32)
        first = others < statement
        low, high = np.where(first, others, statement), np.where(first, statement, others)
        for vote, sign in ((before, -1), (value, 1)):
            if vote != UNSEEN:
                sums[low, high, 0] += sign
                sums[low, high, 1] += sign * np.where(first, votes, vote)
                sums[low, high, 2] += sign * np.where(first, vote, votes)
                sums[low, high, 3] += sign * votes * vote
                sums[statement, statement] += sign * np.array([1, vote, vote, vote * vote], dtype=np.int32)
        if value == UNSEEN:
            statements[: n - len(found)] = others
            values[: n - len(found)] = votes
            return n - len(found)
        statements[at], values[at] = statement, value
        return max(n, at + 1)

    def project(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        mean: Floats,
        components: Floats,
        counted: NDArray[np.bool_],
        /,
    ) -> Floats:
        """Sum (vote - mean) x component over the votes of each participant, and count the votes.

        Shape (n_participants, 3): a sum for each of the two components, and how many of the votes are on
        statements that are ``counted``.
        """
        found = np.zeros((len(starts) - 1, 3))
        for first, ends, part in _parts(starts):
            rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
            on = statements[part]
            centred = values[part] - mean[on]
            for place, weights in enumerate(
                (centred * components[on, 0], centred * components[on, 1], counted[on])
            ):
                found[first : first + len(ends) - 1, place] = np.bincount(rows, weights, len(ends) - 1)
        return found

    def count(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        rows: NDArray[np.int32],
        n_rows: int,
        n_statements: int,
        /,
    ) -> NDArray[np.int64]:
        """Count disagree, pass and agree: shape (n_rows, n_statements, 3).

        ``rows`` says for each participant in which row to count; -1 for none.
        """
        found = np.zeros(n_rows * n_statements * 3, dtype=np.int64)
        for first, ends, part in _parts(starts):
            row = np.repeat(rows[first : first + len(ends) - 1].astype(np.int64), np.diff(ends))
            place = (row * n_statements + statements[part]) * 3 + values[part] + 1
            found += np.bincount(place[row >= 0], minlength=len(found))
        return found.reshape(n_rows, n_statements, 3)

    def nearest(self, points: Floats, centres: Floats, /) -> NDArray[np.int32]:
        """Number of the nearest centre of each point; of two equally near ones the first."""
        found = np.empty(len(points), dtype=np.int32)
        block = max(1, AT_ONCE // max(1, len(centres)))
        for first in range(0, len(points), block):
            part = points[first : first + block]
            away = (part[:, :1] - centres[:, 0]) ** 2
            away += (part[:, 1:] - centres[:, 1]) ** 2
            found[first : first + block] = away.argmin(axis=1)
        return found

    def centre_sums(
        self, points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int, /
    ) -> Floats:
        """Sum weight, weight x x and weight x y over the points of each centre: shape (n_centres, 3)."""
        columns = (weights, weights * points[:, 0], weights * points[:, 1])
        return np.stack([np.bincount(nearest, column, n_centres) for column in columns], axis=1)

    def sweep(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        n_votes: NDArray[np.int64],
        mean: float,
        before: Floats,
        intercept_ridge: float,
        factor_ridge: float,
        /,
    ) -> Floats:
        """One sweep of the bridging model: solve each participant, then each statement.

        ``before`` and what comes back have an intercept and a factor for each statement: shape
        (n_statements, 2). ``n_votes`` are the votes on each statement.
        """
        offsets, factors = mean + before[:, 0], before[:, 1]
        sums = np.zeros((4, len(before)))
        for _, ends, part in _parts(starts):
            lengths = np.diff(ends)
            rows = np.repeat(np.arange(len(lengths)), lengths)
            on, vote = statements[part], values[part]
            own = np.empty((4, len(lengths)))
            for into, term in zip(own, _terms(factors[on], vote - offsets[on]), strict=True):
                into[:] = np.bincount(rows, term, len(lengths))
            intercept, slope = _ridge(lengths, own, intercept_ridge, factor_ridge)
            # Onto the sums of the parts before: to add up sums of parts would round otherwise.
            for into, term in zip(sums, _terms(slope[rows], vote - (mean + intercept)[rows]), strict=True):
                np.add.at(into, on, term)
        return np.stack(_ridge(n_votes, sums, intercept_ridge, factor_ridge), axis=1)

    def agreeing(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        people: NDArray[np.bool_],
        listable: NDArray[np.bool_],
        /,
    ) -> tuple[Starts, NDArray[np.int32]]:
        """Who of the ``people`` agreed with each statement that is ``listable``.

        Those who agreed with statement j are ``second[first[j]:first[j + 1]]``, ascending.
        """
        found_statements, found_participants = [], []
        for first, ends, part in _parts(starts):
            rows = np.repeat(np.arange(first, first + len(ends) - 1, dtype=np.int32), np.diff(ends))
            kept = (values[part] == 1) & listable[statements[part]] & people[rows]
            found_statements.append(statements[part][kept])
            found_participants.append(rows[kept])
        on = np.concatenate([*found_statements, np.empty(0, dtype=np.uint16)])
        who = np.concatenate([*found_participants, np.empty(0, dtype=np.int32)])
        begins = np.zeros(len(listable) + 1, dtype=np.int64)
        np.cumsum(np.bincount(on, minlength=len(listable)), out=begins[1:])
        return begins, who[np.argsort(on, kind="stable")]

    def add_agreed(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        participants: NDArray[np.int32],
        amounts: NDArray[np.int64],
        sums: NDArray[np.int64],
        /,
    ) -> None:
        """Add each one's amount to the sum of every statement that he or she agreed with."""
        lengths = starts[participants + 1] - starts[participants]
        for first, ends, _ in _parts(np.concatenate(([0], np.cumsum(lengths)))):
            some = slice(first, first + len(ends) - 1)
            rows = np.repeat(np.arange(len(ends) - 1), lengths[some])
            place = np.arange(len(rows)) - (ends[:-1] - ends[0])[rows] + starts[participants[some]][rows]
            agreed = values[place] == 1
            np.add.at(sums, statements[place[agreed]], amounts[some][rows[agreed]])


def _terms(factor: Floats, rest: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """What a ridge regression of the rests on the factors sums up."""
    return factor, factor * factor, rest, rest * factor


def _ridge(
    n: NDArray[np.int64], sums: Floats, intercept_ridge: float, factor_ridge: float
) -> tuple[Floats, Floats]:
    """Intercepts and slopes of ridge regressions of n votes each, from the sums of their terms."""
    factor, square, rest, product = sums
    first, last = n + intercept_ridge, square + factor_ridge
    determinant = first * last - factor * factor
    return (
        (rest * last - factor * product) / determinant,
        (first * product - factor * rest) / determinant,
    )


def _parts(starts: Starts) -> list[tuple[int, Starts, slice]]:
    """Whole participants with about as many votes together as are handled at once."""
    parts = []
    first, last = 0, len(starts) - 1
    while first < last:
        end = int(np.searchsorted(starts, starts[first] + AT_ONCE, side="right")) - 1
        end = min(max(end, first + 1), last)
        ends = starts[first : end + 1]
        parts.append((first, ends, slice(int(ends[0]), int(ends[-1]))))
        first = end
    return parts
