"""`tessera index` in a folder of files, and how its tables are read and its refusals looked at."""

import csv
import hashlib
import re

from tests.cli.running import tessera

SCORES = "unit,code,level,score,rank"
UNCERTAINTY = "unit,code,mean,median,q05,q95,rank_mean,rank_median,rank_q05,rank_q95"
SENSITIVITY = "factor,target,first,first_low,first_high,total,total_low,total_high"
EXPLAIN = "unit,code,level,contribution,difference"


def edit(path, pattern, replacement):
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
    assert count > 0, pattern
    path.write_text(text, encoding="utf-8")


def index(command, folder, *options, method="METHOD.toml"):
    given = ("--method", method) if method else ()
    return tessera("index", command, "STRUCTURE.csv", "DATA.csv", *given, *options, folder=folder)


def run_well(command, folder, *options, method="METHOD.toml"):
    run = index(command, folder, *options, method=method)
    assert run.returncode == 0, run.stderr
    return run


def refuse(run, words):
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    said = " ".join(run.stderr.split())
    for word in words:
        assert word in said, run.stderr


def rows_of(path, header):
    with path.open(encoding="utf-8", newline="") as file:
        assert file.readline() == header + "\n"
        file.seek(0)
        return list(csv.DictReader(file))


def by_unit_and_code(path, header, column):
    return {(row["unit"], row["code"]): float(row[column] or "nan") for row in rows_of(path, header)}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
