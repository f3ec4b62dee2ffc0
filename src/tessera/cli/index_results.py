"""The tables that `tessera index` writes.

docs/reference/index-files.md describes every column. A missing figure is an empty cell; figures are written
with all their digits.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tessera.cli.results import Cell, table

if TYPE_CHECKING:
    from tessera.engines.index.audit import Audit
    from tessera.engines.index.compute import Result
    from tessera.engines.index.explanation.contributions import Contributions
    from tessera.engines.index.explanation.difference import Differences
    from tessera.engines.index.explanation.removal import Removals
    from tessera.engines.index.sensitivity import Sensitivity
    from tessera.engines.index.uncertainty import Uncertainty


def scores_table(result: "Result") -> bytes:
    """`unit,code,level,score,rank`."""
    return table(
        ("unit", "code", "level", "score", "rank"),
        ((unit, code, level, score, rank or "") for unit, code, level, score, rank in result.long()),
    )


def trace_table(result: "Result") -> bytes:
    """`step,unit,code,before,after`: the cells that a step changed."""
    trace = result.trace
    return table(
        ("step", "unit", "code", "before", "after"),
        zip(trace.step, trace.row, trace.code, trace.before.tolist(), trace.after.tolist(), strict=True),
    )


def uncertainty_table(found: "Uncertainty") -> bytes:
    """`unit,code,mean,median,q05,q95,rank_mean,rank_median,rank_q05,rank_q95`."""
    figures = ("mean", "median", "q05", "q95", "rank_mean", "rank_median", "rank_q05", "rank_q95")
    columns = [getattr(found, figure) for figure in figures]
    return table(
        ("unit", "code", *figures),
        (
            (row, target, *(float(column[number, place]) for column in columns))
            for place, row in enumerate(found.rows)
            for number, target in enumerate(found.targets)
        ),
    )


def pairs_table(found: "Uncertainty") -> bytes:
    """`code,unit,other,probability,difference`: of every two units that the first is above the other."""
    decided, chances = found.decided(), found.above
    assert chances is not None, "decided() has looked"

    def rows() -> Iterable[Sequence[Cell]]:
        for number, (target, of_target) in enumerate(zip(found.targets, chances, strict=True)):
            for one, other in np.argwhere(~np.isnan(of_target)):
                if one < other:
                    above, below = decided[number, one, other], decided[number, other, one]
                    words = "above" if above else "below" if below else "no clear difference"
                    chance = float(of_target[one, other])
                    yield target, found.rows[one], found.rows[other], chance, words

    return table(("code", "unit", "other", "probability", "difference"), rows())


def rank_shares_table(found: "Uncertainty") -> bytes:
    """`code,unit,rank,share`: the share of runs at each rank that occurred."""
    return table(
        ("code", "unit", "rank", "share"),
        (
            (
                found.targets[number],
                found.rows[place],
                int(rank) * found.rank_width + 1,
                float(found.rank_shares[number, place, rank]),
            )
            for number, place, rank in np.argwhere(found.rank_shares > 0)
        ),
    )


def sensitivity_table(found: "Sensitivity") -> bytes:
    """`factor,target,first,first_low,first_high,total,total_low,total_high`."""
    ends = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    columns = [getattr(found, end) for end in ends]
    return table(
        ("factor", "target", *ends),
        (
            (
                factor,
                f"{group}: {output}",
                *("" if column is None else float(column[place, number]) for column in columns),
            )
            for factor, group, output, place, number in found.long()
        ),
    )


def audit_tables(result: "Result", found: "Audit") -> dict[str, bytes]:
    """The files of `tessera index statistics`, by name."""
    present = found.availability
    kinds = (("unit", result.rows, present.units), ("indicator", result.data.codes, present.indicators))
    return {
        "availability.csv": table(
            ("kind", "name", "present", "applicable", "share", "zero_share", "same_share"),
            (
                (
                    kind,
                    name,
                    int(presence.present[place]),
                    int(presence.applicable[place]),
                    float(presence.share[place]),
                    *(
                        (float(present.zero_share[place]), float(present.same_share[place]))
                        if kind == "indicator"
                        else ("", "")
                    ),
                )
                for kind, names, presence in kinds
                for place, name in enumerate(names)
            ),
        ),
        "correlations.csv": table(
            ("a", "b", "level", "kind", "r", "n", "p"),
            (
                (
                    codes[one],
                    codes[other],
                    level,
                    kind.value,
                    float(pairs.r[one, other]),
                    int(pairs.n[one, other]),
                    float(pairs.p[one, other]),
                )
                for (level, kind), pairs in found.correlations.items()
                for codes in (found.codes_on[level],)
                for one in range(len(codes))
                for other in range(one + 1, len(codes))
            ),
        ),
        "reliability.csv": table(("code", "cronbach"), found.reliability.items()),
        "weights.csv": table(
            ("code", "weight", "effective"),
            ((code, result.weights.get(code, 1.0), found.effective[code]) for code in result.codes),
        ),
        "importance.csv": table(
            ("code", "group", "squared_correlation", "correlation_ratio"),
            (
                (code, str(result.tree.by_code[code].parent), squared, ratio)
                for code, (squared, ratio) in found.importance.items()
            ),
        ),
        "components.csv": table(
            ("group", "component", "eigenvalue", "explained"),
            (
                (group, number, float(value), float(share))
                for group, components in found.components.items()
                for number, (value, share) in enumerate(
                    zip(components.eigenvalues, components.explained, strict=True), 1
                )
            ),
        ),
        "treatment.csv": _treatment_table(result),
        "flags.csv": table(
            ("code", "flag", "value", "threshold"),
            ((flag.code, flag.flag, flag.value, flag.threshold) for flag in found.flags),
        ),
    }


def contributions_table(
    parts: "Contributions", other: "Differences | None", compared: Container[str]
) -> bytes:
    """`unit,code,level,contribution,difference`: the last is empty where nothing is compared."""
    differences: dict[str, float] = {}
    if other is not None:
        pairs = zip(other.codes, other.difference.tolist(), strict=True)
        differences = {code: difference for code, difference in pairs if code in compared}
    return table(
        ("unit", "code", "level", "contribution", "difference"),
        (
            (parts.row, code, int(level), float(contribution), differences.get(code, ""))
            for code, level, contribution in zip(parts.codes, parts.levels, parts.contribution, strict=True)
        ),
    )


def leverage_table(
    row: str,
    codes: Sequence[str],
    slopes: NDArray[np.float64],
    gains: NDArray[np.float64],
    narrowings: NDArray[np.float64],
) -> bytes:
    """`unit,code,leverage,gain,narrowing`: of one unit, a row for each indicator."""
    columns = (slopes.tolist(), gains.tolist(), narrowings.tolist())
    return table(
        ("unit", "code", "leverage", "gain", "narrowing"),
        ((row, code, *figures) for code, *figures in zip(codes, *columns, strict=True)),
    )


def removals_table(nominal: "Result", found: "Removals") -> bytes:
    """`removed,unit,score,rank,nominal_rank`: of the whole, without one indicator or group at a time."""
    ranks = nominal.ranks[:, nominal.codes.index(nominal.tree.root)]
    return table(
        ("removed", "unit", "score", "rank", "nominal_rank"),
        (
            (
                code,
                row,
                float(found.scores[number, place]),
                int(found.ranks[number, place]) or "",
                int(ranks[place]) or "",
            )
            for number, code in enumerate(found.codes)
            for place, row in enumerate(nominal.rows)
        ),
    )


def _treatment_table(result: "Result") -> bytes:
    treated = result.prepared.treated
    figures = ("skew_before", "kurtosis_before", "skew_after", "kurtosis_after")
    return table(
        ("code", "action", "winsorised", *figures),
        (
            (
                code,
                str(treated.action[place]),
                int(treated.winsorised[place]),
                *(float(getattr(treated, figure)[place]) for figure in figures),
            )
            for place, code in enumerate(result.data.codes)
        ),
    )


def runs_table(names: Sequence[str], keys: Iterable[Sequence[int]], failed: Mapping[int, str]) -> bytes:
    """`run`, a column for each factor, `failed`."""
    return table(
        ("run", *names, "failed"),
        ((run, *map(int, row), failed.get(run, "")) for run, row in enumerate(keys, 1)),
    )
