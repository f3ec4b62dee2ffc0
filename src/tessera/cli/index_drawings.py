"""The charts that `tessera index` writes beside its tables."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import typer

from tessera.engines.index.errors import IndexEngineError
from tessera.reports import index_charts

if TYPE_CHECKING:
    from tessera.engines.index.audit import Audit
    from tessera.engines.index.compute import Result
    from tessera.engines.index.sensitivity import Sensitivity
    from tessera.engines.index.uncertainty import Uncertainty
    from tessera.reports.charts import Spec


def of_scores(folder: Path, result: "Result") -> dict[Path, bytes]:
    """The structure, and what the scores of the whole are made of."""
    root = result.tree.root
    return _drawn(
        folder,
        {
            "structure": partial(index_charts.structure, result.tree, result.weights),
            f"parts-{root}": partial(index_charts.component_bars, result, root),
        },
    )


def of_audit(folder: Path, found: "Audit") -> dict[Path, bytes]:
    """What goes together with what (Pearson), on each level."""
    from tessera.engines.index.statistics import Kind

    return _drawn(
        folder,
        {
            f"correlations-L{level}": partial(
                index_charts.correlation_map, codes, found.correlations[level, Kind.PEARSON], level
            )
            for level, codes in found.codes_on.items()
        },
    )


def of_uncertainty(folder: Path, found: "Uncertainty") -> dict[Path, bytes]:
    """Where the ranks lie, for each group."""
    return _drawn(
        folder,
        {f"ranks-{target}": partial(index_charts.rank_bands, found, target) for target in found.targets},
    )


def of_sensitivity(folder: Path, found: "Sensitivity") -> dict[Path, bytes]:
    """Which choice matters for the ranks, for each group."""
    from tessera.engines.index.sensitivity import ALL_RANKS

    targets = [target for target in found.targets if target[1] == ALL_RANKS]
    return _drawn(
        folder,
        {f"choices-{target[0]}": partial(index_charts.sobol_bars, found, target) for target in targets},
    )


def _drawn(folder: Path, charts: "dict[str, Callable[[], Spec]]") -> dict[Path, bytes]:
    """Draw each chart that can be drawn, and say why another cannot."""
    files = {}
    for name, make in charts.items():
        try:
            spec = make()
        except IndexEngineError as error:
            typer.echo(f"No chart {name}: {error}", err=True)
            continue
        files[folder / f"{quote(name, safe='')}.svg"] = index_charts.as_svg(spec).encode()
    return files
