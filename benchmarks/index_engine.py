"""How long the index engine takes: make bench

CPU seconds of one thread, the median of several runs, beside a product of matrices and a sort of the same
size in the same run: the machine may be busy with other things, their ratio is not. With --write the table
goes to docs/reference/benchmarks.md.

COINr's ASEM example (51 units, 49 indicators, 8 + 2 + 1 groups) is read from the shared data, which must be
at hand: beside the clone, or where TESSERA_SHARED points. All other figures are invented.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from benchmarks.lines import Line, as_rows, as_text, machine
from benchmarks.timing import cpu

from tessera.cli.index_files import read_data, read_method_file, read_structure
from tessera.cli.workers import Processes
from tessera.engines.index import sensitivity
from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.explanation.removal import removals
from tessera.engines.index.factors import Doubt, UncertainCells, WeightNoise
from tessera.engines.index.method import Method
from tessera.engines.index.sobol import sobol_indices
from tessera.engines.index.steps.aggregate import copeland
from tessera.engines.index.structure import Node, Tree
from tessera.engines.index.uncertainty import Analysis, read, together

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/benchmarks.md"
SHARED = Path(os.environ.get("TESSERA_SHARED", ROOT.parent / "shared"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the index engine.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/tessera-bench"), help="for the example's files"
    )
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        parser.error("numpy must be read in with one thread: OPENBLAS_NUM_THREADS=1, as make bench has it")
    if not SHARED.is_dir():
        parser.error(f"there are no shared data in {SHARED}; set TESSERA_SHARED to their folder")
    options.folder.mkdir(parents=True, exist_ok=True)
    files = write_example(options.folder)
    lines = measure(*files)
    print(as_text(lines))
    if options.write:
        PAGE.write_text(page(lines), encoding="utf-8")


def measure(structure: Path, figures: Path, method: Path) -> list[Line]:
    tree = read_structure(structure)
    data = read_data(figures, tree)
    vignette = read_method_file(method, tree)
    small = invented(51, 49, 8)
    large = invented(1000, 90, 12)
    lines = references()

    def analyse() -> None:
        tree = read_structure(structure)
        chosen = read_method_file(method, tree)
        analysis = Analysis(Runs(tree, read_data(figures, tree), chosen, (tree.root,), 1))
        read(analysis, together(analysis.summaries(1000)))

    lines.append(
        Line(
            "uncertainty analysis of COINr's example, 1,000 draws, files in, ranks out",
            cpu(analyse),
            "s",
            "0.06 s",
            "COINr 132.5 s",
        )
    )
    free = replace(vignette, uncertain=(WeightNoise("weights", 0.25, (1,)),))
    lines.append(
        Line(
            "10^6 draws, 51 x 49, all 49 weights free",
            drawing(tree, data, free, 1_000_000, 3),
            "s",
            "1.0 s",
            "pymcdm 1.2 s for 1,000",
        )
    )
    lines.append(
        Line(
            "10^5 draws, 1,000 x 90, all 90 weights free",
            drawing(*large, replace(Method(), uncertain=free.uncertain), 100_000, 1),
            "s",
            "4 s",
        )
    )
    for name, table, draws, bars in (
        ("51 x 49", small, 4096, ("20 us", "10 us")),
        ("1,000 x 90", large, 256, ("700 us", "400 us")),
    ):
        noisy = Method(uncertain=(UncertainCells("noise", doubts=doubts(*table)),))
        for way, bar in zip(("numpy alone", "with the extra fast"), bars, strict=True):
            seconds = drawing(*table, noisy, draws, 5, compiled=way != "numpy alone") / draws
            peer = "ProMCDA 36 ms" if table is small else ""
            lines.append(Line(f"every cell noisy, {name}, a draw, {way}", seconds, "us", bar, peer))
    runs = Runs(tree, data, vignette, (tree.root,), 1)
    lines.append(
        Line(
            "exact Sobol' indices, 2,000 combinations",
            cpu(lambda: sensitivity.exact(runs)),
            "ms",
            "50 ms",
            "COINr, sampled, 438 s",
        )
    )
    one, many = (indices_of(outputs) for outputs in (1, 51))
    lines.append(Line("Sobol' indices of 51 outputs over those of one", many / one, "x", "3 x"))
    made = compute(small[0], small[1], Method())
    assessment = cpu(lambda: compute(small[0], small[1], Method()), 21)
    lines.append(
        Line(
            "removal of each indicator and group over one assessment",
            cpu(lambda: removals(made), 21) / assessment,
            "x",
            "3 x",
            "COINr 6.2 s",
        )
    )
    lines.append(
        Line(
            "one assessment, 51 x 49, all steps",
            cpu(lambda: compute(tree, data, vignette), 21),
            "ms",
            "",
            "COINr 102 ms",
        )
    )
    weights = np.ones(49)
    lines.append(
        Line(
            "Copeland, 51 x 49",
            cpu(lambda: copeland(small[1].values, weights), 21),
            "ms",
            "2 ms",
            "COINr 1.7 s",
        )
    )
    lines.append(
        Line("Copeland, 1,000 x 90", cpu(lambda: copeland(large[1].values, np.ones(90)), 3), "s", "1.5 s")
    )
    lines += cities()
    lines.append(
        Line("two workers over one, CPU, 10,000 cities, 1,024 draws", in_two_processes(), "x", "1.1 x")
    )
    lines.append(Line("import of the engine over that of numpy", import_cost(), "ms", "150 ms"))
    return lines


def references() -> list[Line]:
    """What the machine can do: the parts of a draw that no method avoids."""
    draws = 4096
    lines = []
    for rows, columns in ((51, 49), (1000, 90)):
        rng = np.random.default_rng(1)
        weights, table = rng.random((draws, columns)), rng.random((columns, rows))
        scores = weights @ table
        lines.append(
            Line(
                f"machine: product of matrices, {rows} x {columns}, a draw",
                cpu(lambda w=weights, t=table: w @ t) / draws,
                "us",
                "",
            )
        )
        lines.append(
            Line(
                f"machine: sort of {rows} with their places, a draw",
                cpu(lambda s=scores: np.argsort(s, axis=1)) / draws,
                "us",
                "",
            )
        )
    return lines


def drawing(
    tree: Tree, data: Data, method: Method, draws: int, times: int, *, compiled: bool = False
) -> float:
    analysis = Analysis(Runs(tree, data, method, (tree.root,), 1, compiled))
    together(analysis.summaries(1024))
    taken = []
    for _ in range(times):
        started = time.process_time()
        read(analysis, together(analysis.summaries(draws)))
        taken.append(time.process_time() - started)
    return sorted(taken)[times // 2]


def indices_of(outputs: int) -> float:
    rng = np.random.default_rng(1)
    a, b, ab = rng.random((512, outputs)), rng.random((512, outputs)), rng.random((4, 512, outputs))
    return cpu(lambda: sobol_indices(a, b, ab, bootstrap=1000, seed=1))


def cities() -> list[Line]:
    """Ten thousand cities whose answers are all uncertain, in processes of their own for the memory."""
    lines = []
    for cities, draws in ((5_000, 32), (10_000, 32), (10_000, 64)):
        seconds, megabytes = in_a_process(cities, draws)
        lines.append(
            Line(
                f"{cities:,} cities x 85 uncertain answers, {draws} draws ({megabytes:,.0f} MB)",
                seconds,
                "s",
                "linear; 1,000 MB",
            )
        )
    return lines


def in_two_processes() -> float:
    """CPU of all processes, with two workers over that without any, each the median of three."""
    table = invented(10_000, 85, 12)
    method = Method(uncertain=(UncertainCells("noise", doubts=doubts(*table)),))
    analysis = Analysis(Runs(*table, method, (table[0].root,), 1))

    def taken(executor: Processes | None) -> float:
        before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        together(analysis.summaries(1024, executor))
        after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(
            b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True)
        )

    alone, shared = zip(*((taken(None), taken(Processes(2))) for _ in range(3)), strict=True)
    return sorted(shared)[1] / sorted(alone)[1]


def in_a_process(cities: int, draws: int) -> tuple[float, float]:
    code = (
        "import sys, time, resource; sys.path.insert(0, sys.argv[1]); import index_engine as b;"
        "table = b.invented(int(sys.argv[2]), 85, 12);"
        "method = b.Method(uncertain=(b.UncertainCells('noise', doubts=b.doubts(*table)),));"
        "analysis = b.Analysis(b.Runs(*table, method, (table[0].root,), 1));"
        "started = time.process_time(); b.read(analysis, b.together(analysis.summaries(int(sys.argv[3]))));"
        "print(time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(cities), str(draws)]
    seconds, megabytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(megabytes)


def import_cost() -> float:
    def taken(modules: str) -> float:
        code = f"import time, {modules}; print(time.process_time())"
        runs = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code], check=True, capture_output=True, text=True
                ).stdout
            )
            for _ in range(7)
        ]
        return sorted(runs)[3]

    return taken("numpy, tessera.engines.index.uncertainty") - taken("numpy")


def invented(units: int, indicators: int, groups: int) -> tuple[Tree, Data]:
    rng = np.random.default_rng(7)
    codes = [f"i{number}" for number in range(indicators)]
    nodes = [Node("index", None), *(Node(f"g{number}", "index") for number in range(groups))]
    nodes += [Node(code, f"g{number % groups}") for number, code in enumerate(codes)]
    tree = Tree(tuple(nodes))
    return tree, Data(
        tuple(f"u{number}" for number in range(units)), tuple(codes), rng.random((units, indicators))
    )


def doubts(tree: Tree, data: Data) -> tuple[Doubt, ...]:
    """Each answer is as given, or a little less or more."""
    return tuple(
        Doubt(unit, code, (0.95 * value, value, 1.05 * value), (0.25, 0.5, 0.25))
        for unit, row in zip(data.units, data.values.tolist(), strict=True)
        for code, value in zip(data.codes, row, strict=True)
    )


def write_example(folder: Path) -> tuple[Path, Path, Path]:
    """COINr's example as files of ours: structure, data, and the method with its four factors."""
    meta, figures, weights = (
        list(csv.DictReader((SHARED / "data/coinr" / name).open(encoding="utf-8", newline="")))
        for name in ("asem_iMeta.csv", "asem_iData.csv", "ua_weight_sets.csv")
    )
    nodes = [row for row in meta if row["Type"] in ("Indicator", "Aggregate")]
    codes = [row["iCode"] for row in nodes if row["Type"] == "Indicator"]
    structure, data, sets, method = (
        folder / name for name in ("STRUCTURE.csv", "DATA.csv", "WEIGHTS.csv", "METHOD.toml")
    )
    write(
        structure,
        ["code", "parent", "weight", "direction", "denominator"],
        [[row["iCode"], row["Parent"], row["Weight"], row["Direction"], row["Denominator"]] for row in nodes],
    )
    others = ["EurAsia_group", "Area", "Energy", "GDP", "Population"]
    write(
        data,
        ["unit", *codes, *others],
        [[row["uCode"], *(row[name] for name in (*codes, *others))] for row in figures],
    )
    names = [name for name in weights[0] if name.startswith("w")]
    write(sets, ["code", *names], [[row["iCode"], *(row[name] for name in names)] for row in weights])
    method.write_text(VIGNETTE, encoding="utf-8")
    return structure, data, method


VIGNETTE = """\
[denominate]
[impute]
method = "group_mean"
group = "EurAsia_group"
[treat]
method = "winsorise_then_log"
[normalise]
method = "minmax"
low = 1
[[uncertain]]
name = "winsorising"
step = "treat.max_winsorised"
values = [1, 2, 3, 4, 5]
[[uncertain]]
name = "normalisation"
step = "normalise"
values = [{ method = "minmax", low = 1, high = 100 }, { method = "zscore", mean = 10, sd = 2 }]
[[uncertain]]
name = "weights"
weights = { sets = "WEIGHTS.csv" }
[[uncertain]]
name = "mean"
step = "aggregate.method"
values = ["arithmetic", "geometric"]
"""


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def page(lines: Sequence[Line]) -> str:
    return PAGE_TEXT.format(rows=as_rows(lines), machine=machine())


PAGE_TEXT = """\
# Benchmarks

<!-- Written by `make bench`: run it again to change it. -->

CPU seconds of one thread, medians. A bar is what the engine is held to; it is not asked in the tests, since a
machine that is busy with other things would fail them. The first lines are what the same machine took in the
same minute for a product of matrices and a sort of the same size: a draw cannot do without them, so the ratio
to their sum says more than the seconds.

Measured {machine}, by `make bench`.

| what | took | bar | peers, measured elsewhere |
|---|---|---|---|
{rows}

The peers' figures were measured on a machine of the same kind in a quiet hour: COINr 1.1.14 (R 4.2.2),
ProMCDA (August 2026) and pymcdm 1.4.0, the same data and set-up, one thread.
"""

if __name__ == "__main__":
    main()
