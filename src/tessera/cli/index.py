"""`tessera index`: composite indices from tables of figures, with how sure they are."""

import math
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tessera.cli.writing import plain_words_for, write_files

if TYPE_CHECKING:
    from tessera.engines.index.compute import Result
    from tessera.engines.index.data import Data
    from tessera.engines.index.draws.runs import Runs
    from tessera.engines.index.draws.summary import Summary
    from tessera.engines.index.explanation.difference import Differences
    from tessera.engines.index.method import Method
    from tessera.engines.index.structure import Tree

app = typer.Typer(
    help="Composite indices from tables of figures: scores, statistics, how sure they are, and why.",
    no_args_is_help=True,
)

KEPT_AT_MOST = 10_000_000
"""Scores of an uncertainty analysis, 80 MB: up to here their quantiles are exact."""

StructureFile = Annotated[
    Path, typer.Argument(metavar="STRUCTURE.csv", help="The tree of the index.", exists=True, dir_okay=False)
]
DataFile = Annotated[
    Path,
    typer.Argument(
        metavar="DATA.csv", help="Units by indicators; a .parquet file, too.", exists=True, dir_okay=False
    ),
]
MethodFile = Annotated[
    Path | None,
    typer.Option(
        metavar="METHOD.toml",
        help="What each step does. Without it: a scale from 0 to 100 and weighted arithmetic means.",
        exists=True,
        dir_okay=False,
    ),
]
NeededMethodFile = Annotated[
    Path,
    typer.Option(
        metavar="METHOD.toml",
        help="What each step does, and what of it is uncertain.",
        exists=True,
        dir_okay=False,
    ),
]
OutputFile = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT.csv", help="The table to write.", dir_okay=False)
]
Seed = Annotated[int, typer.Option(min=0, help="Of the random draws: the same seed gives the same figures.")]
Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="CODE", help="A group to look at, again for another; all without it."),
]


Charts = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for charts of the result, as SVG files.", file_okay=False),
]
Fast = Annotated[
    bool, typer.Option("--fast", help="Draw single answers by compiled loops (needs the extra fast).")
]


@app.command()
def score(
    structure: StructureFile,
    data: DataFile,
    output: OutputFile,
    method: MethodFile = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            metavar="TRACE.csv", help="Where to write which cells each step changed.", dir_okay=False
        ),
    ] = None,
    charts: Charts = None,
) -> None:
    """Score and rank every unit on every level.

    Beside OUT.csv a manifest is written (OUT.manifest.json): what it takes to make the same file again.
    """
    from tessera.cli.index_drawings import of_scores
    from tessera.cli.index_results import scores_table, trace_table
    from tessera.engines.index.compute import compute

    _refuse_one_file_for_two(structure, data, method, output, trace)
    tree, figures, chosen = _read(structure, data, method)
    result = compute(tree, figures, chosen)
    tables = {output: scores_table(result)}
    if trace:
        tables[trace] = trace_table(result)
    if charts:
        _add_charts(tables, of_scores(charts, result))
    _write(
        "score",
        structure,
        data,
        method,
        chosen,
        tables,
        screened_out=list(result.screened_out),
        unfilled=[f"{row}, {code}" for row, code in result.unfilled],
        importances_not_reached=list(result.unreached),
    )
    for code in result.unreached:
        typer.echo(
            f"{code}: no weights from 0 bring about the importances stated; the nearest were taken.", err=True
        )
    for row in result.screened_out:
        typer.echo(f"{row} has too few indicators and no score.", err=True)
    if result.unfilled:
        typer.echo(f"Missing cells that could not be filled: {len(result.unfilled)}", err=True)
    typer.echo(f"{len(result.rows)} units, {len(result.codes)} scores each, written to {output}")


@app.command()
def statistics(
    structure: StructureFile,
    data: DataFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the tables.", file_okay=False)
    ],
    method: MethodFile = None,
    charts: Charts = None,
) -> None:
    """Examine the data and the structure: what is missing, what goes together, what does not fit.

    Writes availability, correlations, reliability, weights, importance, components, treatment and flags, each
    as a CSV file.
    """
    from tessera.cli.index_drawings import of_audit
    from tessera.cli.index_results import audit_tables
    from tessera.engines.index.audit import audit
    from tessera.engines.index.compute import compute

    tree, figures, chosen = _read(structure, data, method)
    result = compute(tree, figures, chosen)
    found = audit(result)
    tables = {output / name: content for name, content in audit_tables(result, found).items()}
    written = len(tables)
    if charts:
        _add_charts(tables, of_audit(charts, found))
    _write("statistics", structure, data, method, chosen, tables, beside=output / "statistics.csv")
    typer.echo(f"{len(found.flags)} flags; {written} tables written to {output}")


@app.command()
def uncertainty(
    structure: StructureFile,
    data: DataFile,
    method: NeededMethodFile,
    output: OutputFile,
    draws: Annotated[int, typer.Option(min=2, help="How often the index is made.")] = 10_000,
    seed: Seed = 1,
    target: Targets = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="PAIRS.csv",
            help="Where to write how likely each unit is above each other.",
            dir_okay=False,
        ),
    ] = None,
    ranks: Annotated[
        Path | None,
        typer.Option(metavar="RANKS.csv", help="Where to write the share of each rank.", dir_okay=False),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="RUNS.csv", help="Where to write what each run chose.", dir_okay=False),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="RUNS.csv",
            help="Run again what was recorded, with the same seed.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes of this machine.")] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster, such as tcp://host:8786."),
    ] = None,
    fast: Fast = False,
    charts: Charts = None,
) -> None:
    """Make the index many times over what is uncertain of its method: how sure are scores and ranks?"""
    from tessera.cli.index_drawings import of_uncertainty
    from tessera.cli.index_files import read_runs
    from tessera.cli.index_results import pairs_table, rank_shares_table, runs_table, uncertainty_table
    from tessera.cli.workers import executor
    from tessera.engines.index.uncertainty import Analysis, read, together

    if record and replay:
        raise typer.BadParameter("runs are recorded or replayed, not both", param_hint="--record")
    _refuse_one_file_for_two(structure, data, method, output, pairs, ranks, record, replay)
    tree, figures, chosen = _read(structure, data, method)
    runs = _runs(tree, figures, chosen, target, seed, fast)
    replayed = read_runs(replay, runs.factors) if replay else None
    draws = draws if replayed is None else len(replayed)
    keep = draws * len(runs.targets) * len(figures.units) <= KEPT_AT_MOST
    analysis = Analysis(runs, pairs=pairs is not None, keep=keep, replayed=replayed)
    parts = len(analysis.parts(draws))
    with executor(workers, cluster) as made_by:
        summary = together(_shown(analysis.summaries(draws, made_by), parts))
    found = read(analysis, summary)
    tables = {output: uncertainty_table(found)}
    if pairs:
        tables[pairs] = pairs_table(found)
    if ranks:
        tables[ranks] = rank_shares_table(found)
    if charts:
        _add_charts(tables, of_uncertainty(charts, found))
    if record:
        tables[record] = runs_table(runs.names, analysis.keys(0, draws), found.failed)
    _write(
        "uncertainty",
        structure,
        data,
        method,
        chosen,
        tables,
        more={"runs": replay},
        seed=seed,
        draws=draws,
        fast=fast,
        targets=list(runs.targets),
        failed=_counted(found.failed),
        largest_error_of_a_score_quantile=float(found.score_error[found.score_error > 0].max(initial=0)),
        mean_rank_shift=dict(zip(found.targets, found.mean_shift.tolist(), strict=True)),
    )
    for reason, count in _counted(found.failed).items():
        typer.echo(f"{count} of {draws} runs failed and are in no figure: {reason}", err=True)
    typer.echo(f"{draws} runs over {', '.join(runs.names)}, written to {output}")


@app.command()
def sensitivity(
    structure: StructureFile,
    data: DataFile,
    method: NeededMethodFile,
    output: OutputFile,
    draws: Annotated[int, typer.Option(min=2, help="Rows of the sample: a power of two.")] = 512,
    exact: Annotated[
        bool, typer.Option("--exact", help="Run every combination of alternatives instead of a sample.")
    ] = False,
    seed: Seed = 1,
    target: Targets = None,
    removal: Annotated[
        Path | None,
        typer.Option(
            metavar="REMOVAL.csv",
            help="Where to write the scores of the whole without each indicator and group.",
            dir_okay=False,
        ),
    ] = None,
    fast: Fast = False,
    charts: Charts = None,
) -> None:
    """Say which uncertain choice matters: the share of the variance that each brings about (Sobol')."""
    from tessera.cli.index_drawings import of_sensitivity
    from tessera.cli.index_results import removals_table, sensitivity_table
    from tessera.engines.index.compute import compute
    from tessera.engines.index.explanation.removal import removals
    from tessera.engines.index.sensitivity import exact as of_every_combination
    from tessera.engines.index.sensitivity import sampled

    _refuse_one_file_for_two(structure, data, method, output, removal)
    tree, figures, chosen = _read(structure, data, method)
    runs = _runs(tree, figures, chosen, target, seed, fast)
    found = of_every_combination(runs) if exact else sampled(runs, draws)
    tables = {output: sensitivity_table(found)}
    if removal:
        nominal = compute(tree, figures, chosen)
        tables[removal] = removals_table(nominal, removals(nominal))
    if charts:
        _add_charts(tables, of_sensitivity(charts, found))
    _write(
        "sensitivity",
        structure,
        data,
        method,
        chosen,
        tables,
        seed=seed,
        draws=None if exact else draws,
        exact=exact,
        fast=fast,
        targets=list(runs.targets),
        runs=found.runs,
        rows_left_out=found.failed,
        reasons=list(found.reasons),
    )
    if found.failed:
        reasons = "; ".join(found.reasons)
        typer.echo(f"{found.failed} of {draws} rows of the sample are left out: {reasons}", err=True)
    typer.echo(f"{found.runs} runs over {', '.join(runs.names)}, written to {output}")


@app.command()
def explain(
    structure: StructureFile,
    data: DataFile,
    output: OutputFile,
    unit: Annotated[str, typer.Option(help="The unit; in a panel with its period, as 'Riga 2023'.")],
    against: Annotated[
        str | None, typer.Option(help="Another unit, or another period of the unit, to compare it with.")
    ] = None,
    against_structure: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD_STRUCTURE.csv",
            help="The tree in which the other is scored, if it is not the same.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    against_data: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD_DATA.csv",
            help="The figures of the other, if they stand in another file.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    changes: Annotated[
        Path | None,
        typer.Option(
            metavar="CHANGES.csv",
            help="What became of indicators since the other: what is not comparable stands apart.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    leverage: Annotated[
        Path | None,
        typer.Option(
            metavar="LEVERAGE.csv",
            help="Where to write what another figure of each indicator would do to the score.",
            dir_okay=False,
        ),
    ] = None,
    method: MethodFile = None,
) -> None:
    """Say what the score of a unit is made of, and what makes it differ from another."""
    from tessera.cli.index_files import read_changes
    from tessera.cli.index_results import contributions_table
    from tessera.engines.index.compute import compute
    from tessera.engines.index.explanation.contributions import contributions
    from tessera.engines.index.explanation.difference import difference

    of_the_other = {"against_structure": against_structure, "against_data": against_data, "changes": changes}
    for name, file in of_the_other.items():
        if file and against is None:
            option = f"--{name.replace('_', '-')}"
            raise typer.BadParameter("name the other unit or period with --against", param_hint=option)
    _refuse_one_file_for_two(structure, data, method, output, leverage, *of_the_other.values())
    tree, figures, chosen = _read(structure, data, method)
    result = compute(tree, figures, chosen)
    row = result.rows[figures.row_of(unit)]
    parts = contributions(result, row)
    found, compared = None, set[str]()
    if against is not None:
        other = result
        if against_structure or against_data:
            other = _other_result(against_structure or structure, against_data or data, method)
        crosswalk = read_changes(changes, other.tree, tree) if changes else None
        found = difference(other, other.rows[other.data.row_of(against)], result, row, crosswalk=crosswalk)
        compared = _compared(found, other.tree, tree)
    tables = {output: contributions_table(parts, found, compared)}
    if leverage:
        tables[leverage] = _leverage_table(leverage, result, row)
    _write(
        "explain",
        structure,
        data,
        method,
        chosen,
        tables,
        more=of_the_other,
        unit=unit,
        against=against,
        framework_change=found and found.framework_change,
        apart=list(found.apart) if found else [],
    )
    if found and found.apart:
        typer.echo(
            f"Like for like {row} has {found.difference[0]:+.4g} points against {found.row_a}; what is not "
            f"comparable adds {found.framework_change:+.4g}: {', '.join(dict.fromkeys(found.apart))}"
        )
    typer.echo(f"What makes the score of {row}, written to {output}")


@app.command()
def example(
    name: Annotated[str, typer.Argument(metavar="NAME", help="asem-like")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The new folder.", file_okay=False)
    ],
) -> None:
    """Write a small example with its explanations to start from: structure, data and method."""
    shipped = files("tessera.cli") / "examples"
    names = sorted(entry.name for entry in shipped.iterdir())
    if name not in names:
        raise typer.BadParameter(
            f"there is no example {name!r}; examples: {', '.join(names)}", param_hint="NAME"
        )
    if output.exists():
        raise typer.BadParameter(f"{output} is there already; name a new folder", param_hint="--output")
    with plain_words_for(output), as_file(shipped / name) as folder:
        shutil.copytree(folder, output)
    typer.echo(f"Written to {output}; README.txt there says what to try first.")


def _refuse_one_file_for_two(*named: Path | None) -> None:
    files = [file.resolve() for file in named if file is not None]
    for file in files:
        if files.count(file) > 1:
            raise typer.BadParameter(f"{file.name} is named twice; each table needs a file of its own")


def _read(structure: Path, data: Path, method: Path | None) -> "tuple[Tree, Data, Method]":
    from tessera.cli.index_files import read_data, read_method_file, read_structure

    tree = read_structure(structure)
    return tree, read_data(data, tree), read_method_file(method, tree)


def _other_result(structure: Path, data: Path, method: Path | None) -> "Result":
    from tessera.engines.index.compute import compute
    from tessera.engines.index.errors import MethodError, NotComputable

    try:
        return compute(*_read(structure, data, method))
    except (MethodError, NotComputable) as error:
        # Neither names these files, and the same method is in order for the others.
        raise type(error)(f"{structure.name} with {data.name}: {error}") from None


def _compared(found: "Differences", old: "Tree", new: "Tree") -> set[str]:
    """The codes of the new tree of which there is a difference: comparable indicators and their groups."""
    # Each comparable indicator has one on the other side, so that as many are left on both; a code may stand
    # apart in the old tree and mean something comparable in the new one.
    alone = (len(found.apart) + len(new.leaves) - len(old.leaves)) // 2
    codes = set(new.leaves) - set(found.apart[:alone])
    for group in new.groups:
        if any(child.code in codes for child in new.children[group]):
            codes.add(group)
    return codes


def _leverage_table(path: Path, result: "Result", row: str) -> bytes:
    import numpy as np

    from tessera.cli.index_results import leverage_table
    from tessera.engines.index.errors import NotComputable
    from tessera.engines.index.explanation.leverage import band_narrowing, gain_of_next, leverage

    steps = _scores_that_occur(result)
    place = result.rows.index(row)
    try:
        narrowings = band_narrowing(result, steps)[place]
    except NotComputable as error:
        typer.echo(f"No narrowing in {path}: {error}", err=True)
        narrowings = np.full(len(steps), np.nan)
    slopes, gains = leverage(result)[place], gain_of_next(result, steps)[place]
    return leverage_table(row, result.tree.leaves, slopes, gains, narrowings)


def _scores_that_occur(result: "Result") -> list[list[float]]:
    """For each indicator the scores that a row has, rising; under goalposts with the ends of the scale."""
    spec = result.method.normalise
    ends = {spec.low, spec.high} if spec.method == "goalposts" else set[float]()
    return [
        sorted(ends | {score for score in result.column(leaf).tolist() if not math.isnan(score)})
        for leaf in result.tree.leaves
    ]


def _runs(
    tree: "Tree", data: "Data", method: "Method", targets: list[str] | None, seed: int, fast: bool
) -> "Runs":
    from tessera.engines.index.draws.runs import Runs

    from_the_top = tuple(code for code in tree.downward if code in tree.children)
    return Runs(tree, data, method, tuple(dict.fromkeys(targets)) if targets else from_the_top, seed, fast)


def _shown(summaries: Iterator["Summary"], parts: int) -> Iterator["Summary"]:
    """Show on a terminal how much is done."""
    if not sys.stderr.isatty():
        yield from summaries
        return
    with typer.progressbar(summaries, length=parts, label="Runs", file=sys.stderr) as progress:
        yield from progress


def _add_charts(tables: dict[Path, bytes], drawn: Mapping[Path, bytes]) -> None:
    twice = [path for path in drawn if path in tables]
    if twice:
        raise typer.BadParameter(
            f"{twice[0]} would be a chart and a table; name another folder", param_hint="--charts"
        )
    tables.update(drawn)


def _counted(failed: Mapping[int, str]) -> dict[str, int]:
    reasons = list(failed.values())
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _write(
    command: str,
    structure: Path,
    data: Path,
    method_file: Path | None,
    method: "Method",
    tables: Mapping[Path, bytes],
    *,
    beside: Path | None = None,
    more: Mapping[str, Path | None] | None = None,
    **said: Any,
) -> None:
    from tessera.cli.results import as_json, provenance
    from tessera.engines.index.method import as_tables

    first = beside or next(iter(tables))
    inputs = {"structure": structure, "data": data, "method": method_file, **(more or {})}
    content = provenance(command, inputs, tables, method=as_tables(method), **said)
    write_files({**tables, first.with_suffix(".manifest.json"): as_json(content)})
