"""The ASEM index through the command line: scores, ranks and their uncertainty as COINr has them.

COINr's results lie in the shared data; see the README beside them.
"""

import csv
import math

import numpy as np
import pytest
from tests.cli.index_command import SCORES, UNCERTAINTY, by_unit_and_code, rows_of, run_well
from tests.engines.index import asem


@pytest.fixture(scope="module")
def asem_folder(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("asem")
    columns = {"code": "iCode", "parent": "Parent", "weight": "Weight", "direction": "Direction"}
    columns["denominator"] = "Denominator"
    with (
        (shared / "data/coinr/asem_iMeta.csv").open(encoding="utf-8", newline="") as meta,
        (folder / "STRUCTURE.csv").open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(columns)
        nodes = [row for row in csv.DictReader(meta) if row["Type"] in ("Indicator", "Aggregate")]
        writer.writerows([row[name] for name in columns.values()] for row in nodes)
    with (
        (shared / "data/coinr/asem_iData.csv").open(encoding="utf-8", newline="") as source,
        (folder / "DATA.csv").open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.reader(source)
        header = next(table)
        place = header.index("uCode")
        writer = csv.writer(file)
        writer.writerow(["unit", *header[:place], *header[place + 1 :]])
        writer.writerows([row[place], *row[:place], *row[place + 1 :]] for row in table)
    with (
        (shared / "data/coinr/ua_weight_sets.csv").open(encoding="utf-8", newline="") as source,
        (folder / "WEIGHTS.csv").open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        for number, (code, _level, *weights) in enumerate(csv.reader(source)):
            # The whole has no weight.
            if code != "Index":
                writer.writerow(["code" if number == 0 else code, *weights])
    (folder / "METHOD.toml").write_text(
        "[denominate]\n"
        "[impute]\nmethod = 'group_mean'\ngroup = 'EurAsia_group'\n"
        "[treat]\nmethod = 'winsorise_then_log'\nmax_winsorised = 5\n"
        "[[uncertain]]\nname = 'winsorising'\nstep = 'treat.max_winsorised'\nvalues = [1, 2, 3, 4, 5]\n"
        "[[uncertain]]\nname = 'normalisation'\nstep = 'normalise'\n"
        "values = [{ method = 'minmax', low = 1, high = 100 }, { method = 'zscore', mean = 10, sd = 2 }]\n"
        "[[uncertain]]\nname = 'weights'\nweights = { sets = 'WEIGHTS.csv' }\n"
        "[[uncertain]]\nname = 'aggregation'\nstep = 'aggregate.method'\n"
        "values = ['arithmetic', 'geometric']\n"
    )
    return folder


def test_the_scores_and_ranks_of_the_asem_index_are_those_of_coinr(shared, asem_folder):
    run_well("score", asem_folder, "-o", "scores.csv")
    scores = by_unit_and_code(asem_folder / "scores.csv", SCORES, "score")
    ranks = by_unit_and_code(asem_folder / "scores.csv", SCORES, "rank")
    compared = 0
    for name in ("aggregated_minmax_0_100__a_amean.csv", "normalised_minmax_0_100.csv"):
        units, codes, figures = asem.table(shared, name)
        found = [[scores[unit, code] for code in codes] for unit in units]
        np.testing.assert_allclose(found, figures, rtol=1e-9, atol=1e-9)
        compared += figures.size
    assert compared == len(scores) == 51 * 60
    units, codes, figures = asem.table(shared, "ranks_minmax_0_100__a_amean.csv")
    assert [[ranks[unit, code] for code in codes] for unit in units] == figures.tolist()


def test_the_uncertainty_of_the_asem_index_is_that_of_coinr_within_its_sampling_error(shared, asem_folder):
    drawn = 20_000
    run_well(
        "uncertainty", asem_folder, "-o", "u.csv", "--draws", drawn, "--target", "Index", "--ranks", "r.csv"
    )
    shares = {}
    for row in rows_of(asem_folder / "r.csv", "code,unit,rank,share"):
        shares.setdefault(row["unit"], []).append((int(row["rank"]), float(row["share"])))
    units, columns, figures = asem.table(shared, "UA_N1000_rankstats.csv")
    assert columns == ["Nominal", "Mean", "Median", "Q5", "Q95"]
    found = {row["unit"]: row for row in rows_of(asem_folder / "u.csv", UNCERTAINTY)}
    assert len(units) == len(found) == 51
    for unit, (_, mean, *quantiles) in zip(units, figures.tolist(), strict=True):
        own = found[unit]
        rank_mean = float(own["rank_mean"])
        variance = sum(share * (rank - rank_mean) ** 2 for rank, share in shares[unit])
        # COINr drew 1,000 runs.
        error = math.sqrt(variance / 1000 + variance / drawn)
        assert abs(rank_mean - mean) <= 4 * error + 1e-9, unit
        for name, share, theirs in zip(
            ("rank_median", "rank_q05", "rank_q95"), (0.5, 0.05, 0.95), quantiles, strict=True
        ):
            # Where the ranks have two peaks, the median of 1,000 draws may lie anywhere between them.
            away = 4 * math.sqrt(share * (1 - share) * (1 / 1000 + 1 / drawn))
            low, high = (at_share(shares[unit], share + shift) for shift in (-away, away))
            assert low - 0.5 <= theirs <= high + 0.5, (unit, name)
            assert low <= float(own[name]) <= high, (unit, name)


def at_share(shares, share):
    """The first rank up to which there is this share of the runs."""
    reached = 0.0
    for rank, part in sorted(shares):
        reached += part
        if reached >= share:
            return rank
    return rank
