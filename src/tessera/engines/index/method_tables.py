"""A method from the tables of its file; docs/reference/index-files.md describes them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from tessera.engines.index.errors import MethodError
from tessera.engines.index.factor_tables import WeightTable, read_factors
from tessera.engines.index.factors import Doubt
from tessera.engines.index.method import Method
from tessera.engines.index.step_tables import STEPS, read_step, read_table, refuse_unknown
from tessera.engines.index.structure import Tree


def read_method(
    tables: Mapping[str, Any],
    tree: Tree,
    *,
    weight_sets: Callable[[str], WeightTable],
    doubts: Callable[[str], Iterable[Doubt]],
) -> Method:
    """A method from the tables of its file.

    Parameters
    ----------
    tables : mapping
        As `tomllib` gives them. An empty mapping is the default method.
    weight_sets, doubts : function of a file's name
        Read the tables that a factor names.

    Raises
    ------
    MethodError
        An unknown table or key, a value that is not accepted, or one that does not fit the tree; the message
        names the place and what is accepted.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("jobs", "index"), Node("homes", "index")))
    >>> tables = {"aggregate": {"method": "geometric"}}
    >>> method = read_method(tables, tree, weight_sets=lambda name: ..., doubts=lambda name: ...)
    >>> method.aggregate.rule.method, method.normalise.method
    ('geometric', 'minmax')
    """
    refuse_unknown("", tables, ("denominate", *STEPS, "aggregate", "uncertain"))
    # The scale that is the default depends on the tree.
    given = {"normalise": {}, **tables}
    steps = {
        name: read_step(name, name, given[name], tree) for name in (*STEPS, "aggregate") if name in given
    }
    if "denominate" in tables:
        refuse_unknown("denominate", read_table("denominate", tables["denominate"]), ())
        steps["denominate"] = True
    method = Method(**steps)
    uncertain = tables.get("uncertain", [])
    if not isinstance(uncertain, list):
        raise MethodError("[uncertain] is one table; a list is expected: [[uncertain]]")
    return replace(
        method, uncertain=read_factors(uncertain, method, tree, weight_sets=weight_sets, doubts=doubts)
    )
