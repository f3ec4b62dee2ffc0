"""The ASEM example of COINr, read from the shared data; see its README there for what was done to it."""

import csv

import numpy as np

from tessera.engines.index.data import Data
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.structure import Node, Tree

METHOD = Method(
    denominate=True,
    screen=Screen(0.0),
    impute=Impute("group_mean", "EurAsia_group"),
    treat=Treat("winsorise_then_log", max_winsorised=5),
    aggregate=Aggregate(Rule("arithmetic")),
)


def tree_of(shared):
    rows = [row for row in _rows(shared, "asem_iMeta.csv") if row["Type"] in ("Indicator", "Aggregate")]
    return Tree(
        tuple(
            Node(
                row["iCode"],
                row["Parent"] or None,
                float(row["Weight"]),
                direction=int(row["Direction"]),
                denominator=row["Denominator"] or None,
            )
            for row in rows
        )
    )


def data_of(shared, tree):
    rows = _rows(shared, "asem_iData.csv")
    attributes = [name for name in rows[0] if name not in (*tree.leaves, "uCode", "uName", "Time")]
    values = [[float(row[code]) if row[code] else np.nan for code in tree.leaves] for row in rows]
    return Data(
        tuple(row["uCode"] for row in rows),
        tree.leaves,
        np.array(values),
        attributes={name: tuple(row[name] for row in rows) for name in attributes},
    )


def table(shared, name):
    """A table of COINr's results: units, codes and figures."""
    rows = _rows(shared, name)
    codes = [code for code in rows[0] if code != "uCode"]
    figures = np.array([[float(row[code]) if row[code] else np.nan for code in codes] for row in rows])
    return [row["uCode"] for row in rows], codes, figures


def _rows(shared, name):
    with (shared / "data/coinr" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
