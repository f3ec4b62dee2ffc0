"""`tessera index uncertainty` and `sensitivity`, against every choice of the example made one by one."""

import itertools
import json
import math
import socket
import statistics

import numpy as np
import pytest
from tests.cli.asem_like import CHOICES, NOMINAL, UNITS, ranks_of, scores_of
from tests.cli.index_command import (
    SENSITIVITY,
    UNCERTAINTY,
    by_unit_and_code,
    digest,
    edit,
    index,
    rows_of,
    run_well,
)


def every_choice(folder):
    """A file of runs with each combination of the alternatives once."""
    lines = ["run,winsorising,normalisation,aggregation,failed"]
    numbered = itertools.product((1, 2, 3), (1, 2), (1, 2))
    lines += [f"{run},{cap},{scale},{mean}," for run, (cap, scale, mean) in enumerate(numbered, 1)]
    (folder / "every.csv").write_text("\n".join(lines) + "\n")
    return "every.csv"


def type_7(values, share):
    return float(np.quantile(values, share, method="linear"))


def test_the_uncertainty_over_every_choice_is_that_of_the_runs_made_one_by_one(discrete):
    options = ("--pairs", "pairs.csv", "--ranks", "ranks.csv", "--target", "index", "--target", "nature")
    run = run_well("uncertainty", discrete, "-o", "u.csv", "--replay", every_choice(discrete), *options)
    assert run.stdout == "12 runs over winsorising, normalisation, aggregation, written to u.csv\n"
    made = [scores_of(discrete, *choice) for choice in CHOICES]
    rows = rows_of(discrete / "u.csv", UNCERTAINTY)
    assert [(row["unit"], row["code"]) for row in rows] == list(itertools.product(UNITS, ("index", "nature")))
    ranks = {code: [ranks_of(scores, code) for scores in made] for code in ("index", "nature")}
    # So few runs are kept, and their quantiles are exact.
    assert json.loads((discrete / "u.manifest.json").read_text())["largest_error_of_a_score_quantile"] == 0
    for row in rows:
        unit, code = row["unit"], row["code"]
        scores, own = [s[unit, code] for s in made], [r[unit] for r in ranks[code]]
        assert float(row["mean"]) == pytest.approx(statistics.fmean(scores), rel=1e-12)
        for column, share in (("median", 0.5), ("q05", 0.05), ("q95", 0.95)):
            assert float(row[column]) == pytest.approx(type_7(scores, share), rel=1e-12)
        assert float(row["rank_mean"]) == pytest.approx(statistics.fmean(own), rel=1e-12)
        for column, share in (("rank_median", 0.5), ("rank_q05", 0.05), ("rank_q95", 0.95)):
            assert float(row[column]) == pytest.approx(type_7(own, share), rel=1e-12)

    pairs = rows_of(discrete / "pairs.csv", "code,unit,other,probability,difference")
    assert len(pairs) == 2 * 16 * 15 / 2
    for row in pairs:
        code, one, other = row["code"], row["unit"], row["other"]
        above = [scores[one, code] > scores[other, code] for scores in made]
        assert float(row["probability"]) == pytest.approx(sum(above) / 12)
        words = {0: "below", 12: "above"}.get(sum(above), "no clear difference")
        assert row["difference"] == words

    shares = {
        (row["code"], row["unit"], int(row["rank"])): float(row["share"])
        for row in rows_of(discrete / "ranks.csv", "code,unit,rank,share")
    }
    assert shares == {
        (code, unit, rank): pytest.approx(own.count(rank) / 12)
        for code in ranks
        for unit in UNITS
        for own in ([r[unit] for r in ranks[code]],)
        for rank in set(own)
    }


def test_drawn_runs_come_to_the_mean_over_all_choices(discrete):
    run_well("uncertainty", discrete, "-o", "u.csv", "--draws", 4000, "--target", "index")
    made = [scores_of(discrete, *choice) for choice in CHOICES]
    found = by_unit_and_code(discrete / "u.csv", UNCERTAINTY, "mean")
    assert len(found) == 16
    for unit in UNITS:
        scores = [s[unit, "index"] for s in made]
        error = statistics.pstdev(scores) / math.sqrt(4000)
        assert abs(found[unit, "index"] - statistics.fmean(scores)) < 5 * error


def test_quantiles_of_more_scores_than_are_kept_are_right_to_the_error_that_is_said(tmp_path):
    # One target and 5,000 units: the scores of 2,000 runs are ten million, which are kept.
    figures = {f"u{unit}": (unit, unit * unit % 4999) for unit in range(5000)}
    # With the ends of both scales, a few units have the scores that they have among all.
    few = {"u77", "u1234", "u3333", "u0", "u4999", max(figures, key=lambda unit: figures[unit][1])}
    (tmp_path / "STRUCTURE.csv").write_text("code,parent\nindex,\na,index\nb,index\n")
    (tmp_path / "METHOD.toml").write_text(
        '[[uncertain]]\nname = "weights"\nweights = { noise = 0.5, levels = [1] }\n'
    )

    def quantiles(units, draws):
        rows = "".join(f"{unit},{a},{b}\n" for unit, (a, b) in figures.items() if unit in units)
        (tmp_path / "DATA.csv").write_text("unit,a,b\n" + rows)
        run_well("uncertainty", tmp_path, "-o", "u.csv", "--draws", draws)
        manifest = json.loads((tmp_path / "u.manifest.json").read_text())
        columns = ("median", "q05", "q95")
        found = {column: by_unit_and_code(tmp_path / "u.csv", UNCERTAINTY, column) for column in columns}
        return found, manifest["largest_error_of_a_score_quantile"]

    assert quantiles(figures, 2000)[1] == 0
    binned, error = quantiles(figures, 2001)
    exact, none = quantiles(few, 2001)
    assert none == 0
    assert 0 < error < 1
    off = [abs(binned[name][unit, "index"] - exact[name][unit, "index"]) for name in exact for unit in few]
    assert 0 < max(off) <= error


def test_without_a_target_every_group_is_looked_at_from_the_top(example):
    run_well("uncertainty", example, "-o", "u.out", "--draws", 50)
    codes = [row["code"] for row in rows_of(example / "u.out", UNCERTAINTY) if row["unit"] == "Alvora"]
    assert codes == ["index", "links", "exchange", "nature"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(example):
    for name, seed in (("one.out", 7), ("two.out", 7), ("three.out", 8)):
        run_well("uncertainty", example, "-o", name, "--draws", 200, "--seed", seed)
        run_well("sensitivity", example, "-o", f"s{name}", "--draws", 8, "--seed", seed)
    for kind in ("", "s"):
        one, two, three = ((example / f"{kind}{name}.out").read_bytes() for name in ("one", "two", "three"))
        assert one == two
        assert one != three


def test_recorded_runs_are_replayed_to_the_same_tables(example):
    drawn = run_well("uncertainty", example, "-o", "drawn.out", "--draws", 300, "--record", "runs.out")
    assert (
        drawn.stdout
        == "300 runs over winsorising, normalisation, aggregation, weights, written to drawn.out\n"
    )
    rows = rows_of(example / "runs.out", "run,winsorising,normalisation,aggregation,weights,failed")
    assert [row["run"] for row in rows] == [str(run) for run in range(1, 301)]
    assert {row["winsorising"] for row in rows} == {"1", "2", "3"}
    run_well("uncertainty", example, "-o", "again.out", "--replay", "runs.out")
    assert (example / "again.out").read_bytes() == (example / "drawn.out").read_bytes()
    said = json.loads((example / "again.manifest.json").read_text())
    assert said["inputs"]["runs"] == {"file": "runs.out", "sha256": digest(example / "runs.out")}
    assert said["draws"] == 300


def test_runs_are_recorded_or_replayed_not_both(discrete):
    every_choice(discrete)
    run = index("uncertainty", discrete, "-o", "no.out", "--record", "r.out", "--replay", "every.csv")
    assert run.returncode == 2
    assert "recorded or replayed, not both" in run.stderr


def test_two_processes_write_the_same_bytes_as_one(example):
    # A part has at most 16 x 1,024 runs.
    options = ("--draws", 20_000, "--target", "index")
    run_well("uncertainty", example, "-o", "alone.out", *options)
    run_well("uncertainty", example, "-o", "both.out", *options, "--workers", 2)
    assert (example / "alone.out").read_bytes() == (example / "both.out").read_bytes()


def test_a_cluster_that_does_not_answer_is_named(example):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    run = index("uncertainty", example, "-o", "never.out", "--cluster", address)
    assert run.returncode == 2
    assert f"no scheduler answers at {address}" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (example / "never.out").exists()


def test_runs_that_fail_are_counted_and_are_in_no_figure(discrete):
    # From 0 on, the lowest of each indicator has no geometric mean; as a z-score it has.
    edit(discrete / "METHOD.toml", "low = 1", "low = 0")
    run = run_well(
        *("uncertainty", discrete, "-o", "u.csv", "--replay", every_choice(discrete)),
        *("--target", "links", "--pairs", "pairs.csv"),
    )
    failing = [choice for choice in CHOICES if choice[1:] == ("minmax", "geometric")]
    assert len(failing) == 3
    said = json.loads((discrete / "u.manifest.json").read_text())["failed"]
    assert sum(said.values()) == 3
    lines = [line for line in run.stderr.splitlines() if "failed" in line]
    assert lines == [
        f"{count} of 12 runs failed and are in no figure: {reason}" for reason, count in said.items()
    ]
    # The geometric means of the z-scores need no scale; the arithmetic ones are those of 1 to 100, moved.
    made = [scores_of(discrete, *choice) for choice in CHOICES if choice not in failing]
    for scores, choice in zip(made, (c for c in CHOICES if c not in failing), strict=True):
        if choice[1] == "minmax":
            scores.update({key: (score - 1) * 100 / 99 for key, score in scores.items()})
    found = by_unit_and_code(discrete / "u.csv", UNCERTAINTY, "mean")
    for unit in UNITS:
        assert found[unit, "links"] == pytest.approx(statistics.fmean(s[unit, "links"] for s in made))


def test_what_fails_in_every_run_is_refused(discrete):
    edit(discrete / "METHOD.toml", "low = 1", "low = 0")
    (discrete / "failing.csv").write_text("run,winsorising,normalisation,aggregation\n1,1,1,2\n2,2,1,2\n")
    run = index("uncertainty", discrete, "-o", "u.csv", "--replay", "failing.csv")
    assert run.returncode == 2
    assert "every run fails" in run.stderr
    assert not (discrete / "u.csv").exists()


def variance_shares(outputs, place):
    """First and total index of one of the factors of CHOICES, from every combination."""
    whole = statistics.pvariance(outputs)

    def grouped(key):
        groups = {}
        for choice, output in zip(CHOICES, outputs, strict=True):
            groups.setdefault(key(choice), []).append(output)
        return groups.values()

    first = statistics.pvariance([statistics.fmean(group) for group in grouped(lambda c: c[place])])
    rest = grouped(lambda c: c[:place] + c[place + 1 :])
    return first / whole, statistics.fmean(map(statistics.pvariance, rest)) / whole


def test_exact_sensitivity_is_the_variance_of_every_combination_taken_apart(discrete):
    run = run_well("sensitivity", discrete, "-o", "s.csv", "--exact", "--target", "index")
    assert run.stdout == "12 runs over winsorising, normalisation, aggregation, written to s.csv\n"
    rows = rows_of(discrete / "s.csv", SENSITIVITY)
    assert len(rows) == 3 * (16 + 16 + 1 + 2)
    assert {row[end] for row in rows for end in ("first_low", "first_high", "total_low", "total_high")} == {
        ""
    }
    found = {(row["factor"], row["target"]): row for row in rows}
    made = [scores_of(discrete, *choice) for choice in CHOICES]
    nominal = ranks_of(scores_of(discrete, *NOMINAL), "index")
    ranks = [ranks_of(scores, "index") for scores in made]
    shifts = [statistics.fmean(abs(own[unit] - nominal[unit]) for unit in UNITS) for own in ranks]
    outputs = {f"index: score of {unit}": [s[unit, "index"] for s in made] for unit in UNITS}
    outputs["index: rank of Brenmark"] = [own["Brenmark"] for own in ranks]
    outputs["index: rank shift"] = shifts
    for place, factor in enumerate(("winsorising", "normalisation", "aggregation")):
        for target, values in outputs.items():
            expected = variance_shares(values, place)
            row = found[factor, target]
            assert (float(row["first"]), float(row["total"])) == pytest.approx(expected, abs=1e-9)
        scores = [outputs[f"index: score of {unit}"] for unit in UNITS]
        weights = [statistics.pvariance(values) for values in scores]
        totals = [variance_shares(values, place)[1] for values in scores]
        together = sum(map(math.prod, zip(weights, totals, strict=True))) / sum(weights)
        assert float(found[factor, "index: all scores"]["total"]) == pytest.approx(together)


def test_sampled_sensitivity_comes_near_the_exact_one(discrete):
    run = run_well("sensitivity", discrete, "-o", "s.csv", "--draws", 1024, "--target", "index")
    assert run.stdout == "5120 runs over winsorising, normalisation, aggregation, written to s.csv\n"
    outputs = [scores_of(discrete, *choice)["Alvora", "index"] for choice in CHOICES]
    found = {(row["factor"], row["target"]): row for row in rows_of(discrete / "s.csv", SENSITIVITY)}
    for place, factor in enumerate(("winsorising", "normalisation", "aggregation")):
        first, total = variance_shares(outputs, place)
        row = {
            name: float(text)
            for name, text in found[factor, "index: score of Alvora"].items()
            if text[0] in "-0123456789"
        }
        assert row["first"] == pytest.approx(first, abs=0.08)
        assert row["total"] == pytest.approx(total, abs=0.08)
        assert row["first_low"] <= row["first"] <= row["first_high"]
        assert row["total_low"] <= row["total"] <= row["total_high"]


def test_rows_of_a_sample_with_a_failed_run_are_left_out_and_counted(discrete):
    edit(discrete / "METHOD.toml", "low = 1", "low = 0")
    run = run_well("sensitivity", discrete, "-o", "s.csv", "--draws", 64, "--target", "links")
    said = json.loads((discrete / "s.manifest.json").read_text())
    assert 0 < said["rows_left_out"] < 64
    assert f"{said['rows_left_out']} of 64 rows of the sample are left out" in run.stderr
    refused = index("sensitivity", discrete, "-o", "e.csv", "--exact", "--target", "links")
    assert refused.returncode == 2
    assert "3 of 12 combinations of alternatives fail" in refused.stderr
