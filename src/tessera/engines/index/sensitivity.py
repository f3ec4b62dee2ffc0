"""Which uncertain choice matters: shares of the variance of scores and ranks that its factors bring about."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import compute, ranks_within
from tessera.engines.index.draws.runs import Runs, alternatives_at
from tessera.engines.index.errors import MethodError, NotComputable
from tessera.engines.index.sobol import exact_indices, generalised_index, saltelli_points, sobol_indices
from tessera.engines.index.steps.rank import rank_shift

MOST_COMBINATIONS = 1_000_000
RESAMPLES = 1000
ALL_SCORES = "all scores"
ALL_RANKS = "all ranks"
RANK_SHIFT = "rank shift"


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol' indices of each factor for each output.

    Parameters
    ----------
    factors : tuple of str
    targets : tuple of (str, str)
        The group, and the output: "score of ROW", "rank of ROW", "rank shift" (the mean number of places by
        which a row moves from its nominal rank), "all scores" and "all ranks" (the generalised index, in
        which each row counts by its variance).
    first, total : ndarray of float, shape (n_factors, n_targets)
        The share of the variance that a factor brings about by itself, and with all that it takes part in.
        NaN for an output that does not vary.
    first_low, first_high, total_low, total_high : ndarray of float or None
        Ends of the 95 % bootstrap interval. None where the indices are exact; NaN for the generalised index.
    runs : int
        How often the index was made.
    failed : int
        Rows of the design that were left out because a run in them failed.
    reasons : tuple of str
        Why they failed, each reason once.
    """

    factors: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    first: NDArray[np.float64]
    total: NDArray[np.float64]
    first_low: NDArray[np.float64] | None
    first_high: NDArray[np.float64] | None
    total_low: NDArray[np.float64] | None
    total_high: NDArray[np.float64] | None
    runs: int
    failed: int
    reasons: tuple[str, ...]

    def long(self) -> Iterator[tuple[str, str, str, int, int]]:
        """Factor, group and output, with their places in the arrays."""
        for place, factor in enumerate(self.factors):
            for column, (group, output) in enumerate(self.targets):
                yield factor, group, output, place, column


def sampled(runs: Runs, rows: int) -> Sensitivity:
    """Indices from a sample: (n_factors + 2) x rows runs on scrambled Sobol' points.

    A factor without alternatives takes a fresh draw in each of both halves of the design.

    Parameters
    ----------
    rows : int
        A power of two.

    Raises
    ------
    MethodError
        ``rows`` is no power of two.
    NotComputable
        Every run with an alternative fails, or fewer than two rows of the design are without a failed run.

    References
    ----------
    Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola (2010), Computer Physics Communications 181.
    """
    a, b = saltelli_points(len(runs.factors), rows, runs.seed)
    first, second = _keys_at(runs, a, 1), _keys_at(runs, b, rows + 1)
    designs = [first, second]
    for place in range(len(runs.factors)):
        mixed = first.copy()
        mixed[:, place] = second[:, place]
        designs.append(mixed)
    outputs, targets, failed = _outputs(runs, np.concatenate(designs))
    kept = np.ones(rows, dtype=bool)
    for run in failed:
        kept[run % rows] = False
    _refuse_dead_alternatives(runs, np.concatenate(designs), failed)
    if kept.sum() < 2:
        raise NotComputable(f"too many runs fail: {next(iter(failed.values()))}")
    f_a, f_b, *f_ab = outputs.reshape(len(designs), rows, -1)[:, kept]
    found = sobol_indices(f_a, f_b, np.array(f_ab), bootstrap=RESAMPLES, seed=runs.seed)
    scores, ranks = _places(targets, "score of"), _places(targets, "rank of")

    def with_all(indices: NDArray[np.float64]) -> NDArray[np.float64]:
        return _with_generalised(runs, indices, found.variance, scores, ranks)

    def without(ends: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([ends, np.full((len(ends), 2 * len(runs.targets)), np.nan)], axis=1)

    return Sensitivity(
        runs.names,
        (*targets, *_generalised_targets(runs)),
        with_all(found.first),
        with_all(found.total),
        without(found.first_low),
        without(found.first_high),
        without(found.total_low),
        without(found.total_high),
        len(designs) * rows,
        int(rows - kept.sum()),
        tuple(dict.fromkeys(failed.values())),
    )


def _refuse_dead_alternatives(runs: Runs, keys: NDArray[np.int64], failed: dict[int, str]) -> None:
    """Without all runs of an alternative its factor would seem not to matter."""
    for place, factor in enumerate(runs.factors):
        if not failed or factor.alternatives is None:
            continue
        for number in np.unique(keys[:, place]).tolist():
            with_it = np.flatnonzero(keys[:, place] == number).tolist()
            if all(run in failed for run in with_it):
                raise NotComputable(
                    f"{factor.name}: every run with alternative {number} fails: {failed[with_it[0]]}"
                )


def exact(runs: Runs) -> Sensitivity:
    """Indices from every combination of alternatives, without any sampling error.

    Raises
    ------
    MethodError
        A factor has no alternatives to list, or there are more than a million combinations.
    NotComputable
        A combination fails: what is left out would no longer be every combination.
    """
    counts = []
    for factor in runs.factors:
        if factor.alternatives is None:
            raise MethodError(f"{factor.name} has no alternatives to list one by one; use a sample instead")
        counts.append(factor.alternatives)
    if prod(counts) > MOST_COMBINATIONS:
        raise MethodError(
            f"there are {prod(counts):,} combinations of alternatives, more than {MOST_COMBINATIONS:,}; "
            "use a sample instead"
        )
    keys = np.stack(np.meshgrid(*(np.arange(1, n + 1) for n in counts), indexing="ij"), axis=-1)
    keys = keys.reshape(-1, len(counts))
    outputs, targets, failed = _outputs(runs, keys)
    if failed:
        place = min(failed)
        chosen = ", ".join(f"{name} {key}" for name, key in zip(runs.names, keys[place], strict=True))
        raise NotComputable(
            f"{len(failed)} of {prod(counts)} combinations of alternatives fail, first that of {chosen}: "
            f"{failed[place]}"
        )
    found = exact_indices(outputs.reshape(*counts, -1))
    scores, ranks = _places(targets, "score of"), _places(targets, "rank of")
    return Sensitivity(
        runs.names,
        (*targets, *_generalised_targets(runs)),
        _with_generalised(runs, found.first, found.variance, scores, ranks),
        _with_generalised(runs, found.total, found.variance, scores, ranks),
        *(None,) * 4,
        runs=prod(counts),
        failed=0,
        reasons=(),
    )


def _keys_at(runs: Runs, points: NDArray[np.float64], first_draw: int) -> NDArray[np.int64]:
    """The keys that points of the unit cube stand for, shape (n_points, n_factors)."""
    numbers = np.arange(first_draw, first_draw + len(points))
    columns = [
        numbers if factor.alternatives is None else alternatives_at(points[:, place], factor.alternatives)
        for place, factor in enumerate(runs.factors)
    ]
    return np.stack(columns, axis=1)


def _outputs(
    runs: Runs, keys: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[tuple[str, str], ...], dict[int, str]]:
    """All outputs of some runs, shape (n_runs, n_targets); rows without a score have none."""
    nominal = compute(runs.tree, runs.data, runs.method)
    at_once = runs.block
    parts = [runs.scores(keys[first : first + at_once]) for first in range(0, len(keys), at_once)]
    scores = np.concatenate([part.scores for part in parts])
    failed = {
        place + number * at_once: reason
        for number, part in enumerate(parts)
        for place, reason in part.failed.items()
    }
    good = np.setdiff1d(np.arange(len(keys)), list(failed))
    columns, targets = [], []
    for place, target in enumerate(runs.targets):
        ranks = ranks_within(runs.periods, scores[:, place])
        # A row that is screened out in some runs has no score to speak of in the others.
        scored = (ranks[good] > 0).all(axis=0) if len(good) else np.zeros(scores.shape[2], dtype=bool)
        rows = [row for row, there in zip(runs.data.rows, scored, strict=True) if there]
        shifts = np.zeros(len(keys))
        shifts[good] = rank_shift(ranks[good], nominal.ranks[:, nominal.codes.index(target)])
        columns += [scores[:, place, scored], ranks[:, scored].astype(np.float64), shifts[:, None]]
        targets += [(target, f"score of {row}") for row in rows]
        targets += [(target, f"rank of {row}") for row in rows]
        targets.append((target, RANK_SHIFT))
    return np.concatenate(columns, axis=1), tuple(targets), failed


def _places(targets: tuple[tuple[str, str], ...], kind: str) -> dict[str, list[int]]:
    """By group the columns of one kind of output."""
    found: dict[str, list[int]] = {}
    for place, (group, output) in enumerate(targets):
        found.setdefault(group, [])
        if output.startswith(kind):
            found[group].append(place)
    return found


def _generalised_targets(runs: Runs) -> list[tuple[str, str]]:
    return [(target, kind) for target in runs.targets for kind in (ALL_SCORES, ALL_RANKS)]


def _with_generalised(
    runs: Runs,
    indices: NDArray[np.float64],
    variance: NDArray[np.float64],
    scores: dict[str, list[int]],
    ranks: dict[str, list[int]],
) -> NDArray[np.float64]:
    added = [
        generalised_index(indices[:, places[target]], variance[places[target]])
        for target in runs.targets
        for places in (scores, ranks)
    ]
    return np.concatenate([indices, np.stack(added, axis=1)], axis=1)
