"""The files of an index, read into what the engine computes with.

They are described in docs/reference/index-files.md. A fault is named by file, row and column, with what is
accepted instead; all faults of a table are reported together.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tessera.cli.tables import (
    HEADER,
    Fault,
    Table,
    hint_on,
    number_in,
    read_csv,
    read_parquet,
    read_text,
)
from tessera.engines.index.data import PERIOD, Data
from tessera.engines.index.errors import DataError, MethodError, StructureError, some
from tessera.engines.index.factors import SUM_TOLERANCE, Doubt, Factor
from tessera.engines.index.method import Method
from tessera.engines.index.method_tables import WeightTable, read_method
from tessera.engines.index.structure import Node, Tree
from tessera.frameworks.schema import Change

UNIT = "unit"
NODE_COLUMNS = ("code", "parent", "weight", "direction", "goal_low", "goal_high", "target", "denominator")
RUN, FAILED = "run", "failed"
DOUBT_COLUMNS = ("unit", "code", "value", "probability")
CHANGE_COLUMNS = ("old", "new", "kind")

_NODE_NUMBERS = {
    "weight": "a number from 0, or an empty cell (1), is expected",
    "direction": "1 (more is better), -1 (less is better), or an empty cell (1), is expected",
    "goal_low": "a number, or an empty cell, is expected",
    "goal_high": "a number, or an empty cell, is expected",
    "target": "a number, or an empty cell, is expected",
}
_VALUE_EXPECTED = "a number, an empty cell (missing) or n/a (does not apply) is expected"


def read_structure(path: Path) -> Tree:
    """Read the tree of an index.

    Parameters
    ----------
    path : Path
        ``STRUCTURE.csv``: the columns ``code`` and ``parent``, and any of ``weight``, ``direction``,
        ``goal_low``, ``goal_high``, ``target`` and ``denominator``. An empty cell is the default.

    Raises
    ------
    StructureError
        The file cannot be read, or is no structure; the message names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "STRUCTURE.csv")
    ...     size = written.write_text("code,parent,weight\\nindex,,\\njobs,index,2\\nhomes,index,\\n")
    ...     tree = read_structure(written)
    >>> tree.leaves, tree.by_code["jobs"].weight, tree.by_code["homes"].weight
    (('jobs', 'homes'), 2.0, 1.0)
    """
    table = read_csv(path, StructureError)
    table.refuse_columns(StructureError, required=("code", "parent"), accepted=NODE_COLUMNS)
    nodes: dict[int, Node] = {}
    for row, cells in table.rows:
        nodes[row] = _node(row, dict(zip(table.header, cells, strict=True)), table.faults)
    _refuse_scales_of_groups(nodes, table.faults)
    table.refuse_faults(StructureError)
    try:
        return Tree(tuple(nodes.values()))
    except StructureError as error:
        # The tree knows no rows; its complaint begins with the code.
        code = str(error).partition(":")[0]
        rows = [str(row) for row, node in nodes.items() if node.code == code]
        place = f", row {' and '.join(rows)}" if rows else ""
        raise StructureError(f"{path.name}{place}: {error}") from None


def read_data(path: Path, tree: Tree) -> Data:
    """Read the figures of an index.

    Parameters
    ----------
    path : Path
        ``DATA.csv``, or the same table as ``.parquet``. The first column is ``unit``; each indicator of the
        tree has a column with its code; every other column is an attribute, and so is an indicator by which
        another is divided. An empty cell is missing, ``n/a`` means that the indicator does not apply to the
        unit.

    Returns
    -------
    Data
        The indicators stand in the order of the tree.

    Raises
    ------
    DataError
        The file cannot be read, or does not fit the tree; the message names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> tree = Tree((Node("index", None), Node("jobs", "index"), Node("homes", "index")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "DATA.csv")
    ...     size = written.write_text("unit,homes,country,jobs\\nRiga,,Latvia,61.5\\nBrno,n/a,Czechia,58\\n")
    ...     data = read_data(written, tree)
    >>> data.values.tolist(), data.applies.tolist(), data.attributes["country"]
    ([[61.5, nan], [58.0, nan]], [[True, True], [True, False]], ('Latvia', 'Czechia'))
    """
    table = read_parquet(path, DataError) if path.suffix.lower() == ".parquet" else read_csv(path, DataError)
    _check_data_columns(table, tree)
    # A column for each name of the header, also where no row fits it.
    columns = list(zip(*(cells for _, cells in table.rows), strict=True)) or [()] * len(table.header)
    by_name = dict(zip(table.header, columns, strict=True))
    rows = [row for row, _ in table.rows]
    leaves = [code for code in tree.leaves if code in by_name]
    values = np.full((len(rows), len(leaves)), np.nan)
    applies = np.ones(values.shape, dtype=bool)
    for place, code in enumerate(leaves):
        values[:, place], applies[:, place] = _column(code, rows, by_name[code], table.faults)
    _check_units(rows, by_name[UNIT], by_name.get(PERIOD), table.faults)
    table.refuse_faults(DataError)
    attributes = {name: column for name, column in by_name.items() if name not in (UNIT, *leaves)}
    denominators = {node.denominator for node in tree.nodes}
    for code in (code for code in leaves if code in denominators):
        attributes[code] = tuple("" if _is_not_applicable(cell) else cell for cell in by_name[code])
    return Data(by_name[UNIT], tree.leaves, values, applies, attributes)


def read_method_file(path: Path | None, tree: Tree) -> Method:
    """Read the method of an index, with the tables of weights and of doubtful answers that it names.

    Parameters
    ----------
    path : Path or None
        ``method.toml``. The files that it names lie relative to its folder. None is the default method.

    Raises
    ------
    MethodError
        The method file cannot be read or is not accepted; the message names the line or the key.
    DataError
        A table that it names cannot be read; the message names file, row and column.

    Examples
    --------
    >>> tree = Tree((Node("index", None), Node("jobs", "index"), Node("homes", "index")))
    >>> read_method_file(None, tree).normalise.method
    'minmax'
    """
    file = Path("method.toml") if path is None else path
    tables = {} if path is None else _read_toml(path)
    try:
        return read_method(
            tables,
            tree,
            weight_sets=lambda name: _read_weight_sets(file.parent / name, tree),
            doubts=lambda name: _read_doubts(file.parent / name, tree),
        )
    except MethodError as error:
        raise MethodError(f"{file.name}: {error}") from None


def read_runs(path: Path, factors: Sequence[Factor]) -> NDArray[np.int64]:
    """Read the runs of an uncertainty analysis that was recorded.

    Parameters
    ----------
    path : Path
        ``RUNS.csv``: the column ``run``, with the numbers from 1 in any order, and one for each factor by its
        name. The column ``failed`` may stand there; it is not read.
    factors : sequence of Factor

    Returns
    -------
    ndarray of int, shape (n_runs, n_factors)
        The keys, in the order of the runs and of the factors.

    Raises
    ------
    DataError
        The file cannot be read or is of other factors, a key is no number of an alternative, or a run stands
        twice or is absent; the message names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> from tessera.engines.index.factors import Choice, WeightNoise
    >>> factors = (WeightNoise("weights", 0.25, (1,)), Choice("points", "treat", "max_winsorised", (1, 2, 3)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "RUNS.csv")
    ...     size = written.write_text("run,points,weights,failed\\n2,3,18,\\n1,2,17,\\n")
    ...     keys = read_runs(written, factors)
    >>> keys.tolist()
    [[17, 2], [18, 3]]
    """
    most = {RUN: None, **{factor.name: factor.alternatives for factor in factors}}
    table = read_csv(path, DataError)
    table.refuse_columns(DataError, required=tuple(most), accepted=(*most, FAILED))
    table.expect_rows(RUN)
    places = [(table.header.index(name), name, highest) for name, highest in most.items()]
    found = np.array(
        [
            [_whole(row, name, cells[place], highest, table.faults) for place, name, highest in places]
            for row, cells in table.rows
        ],
        dtype=np.int64,
    )
    if not table.faults:
        _check_runs([row for row, _ in table.rows], found[:, 0].tolist(), table.faults)
    table.refuse_faults(DataError)
    keys: NDArray[np.int64] = found[np.argsort(found[:, 0]), 1:]
    return keys


def read_changes(path: Path, old: Tree, new: Tree) -> dict[str, str]:
    """Read what became of the nodes of one structure in another, as the crosswalk of a difference.

    Parameters
    ----------
    path : Path
        ``CHANGES.csv``: the columns ``old``, ``new`` and ``kind``. Compared are nodes that are the same or
        reworded; every other node that the file names stands apart.
    old, new : Tree
        May be one tree, of which a node means something else than before.

    Returns
    -------
    dict of code to code
        By the new code the old one; the old root, which is nobody's counterpart, where it stands apart.

    Raises
    ------
    DataError
        The file cannot be read, a code or a kind is not known, or rows contradict each other; the message
        names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> old = Tree((Node("index", None), Node("jobs", "index"), Node("homes", "index")))
    >>> new = Tree((Node("index", None), Node("work", "index"), Node("homes", "index")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "CHANGES.csv")
    ...     size = written.write_text("old,new,kind\\njobs,work,reworded\\nhomes,homes,changed\\n")
    ...     crosswalk = read_changes(written, old, new)
    >>> crosswalk
    {'work': 'jobs', 'homes': 'index'}
    """
    table = read_csv(path, DataError)
    table.refuse_columns(DataError, required=CHANGE_COLUMNS, accepted=CHANGE_COLUMNS)
    table.expect_rows("change")
    changes = [_Change(row, **dict(zip(table.header, cells, strict=True))) for row, cells in table.rows]
    for change in changes:
        _check_change(change, old, new, table.faults)
    if not table.faults:
        _check_named_once(changes, table.faults)
    table.refuse_faults(DataError)
    crosswalk = {change.new: change.old for change in changes if Change(change.kind).comparable}
    for code in (code for change in changes for code in (change.new, change.old)):
        if code in new.by_code and code != new.root:
            crosswalk.setdefault(code, old.root)
    return crosswalk


class _Change(NamedTuple):
    row: int
    old: str
    new: str
    kind: str


def _check_change(change: _Change, old: Tree, new: Tree, faults: list[Fault]) -> None:
    row, early, late, kind = change
    if kind not in set(Change):
        faults.append(Fault(row, "kind", f"{kind!r} is not accepted; accepted: {', '.join(Change)}"))
        return
    before = len(faults)
    for column, code, tree, empty_for in (
        ("old", early, old, Change.NEW),
        ("new", late, new, Change.DROPPED),
    ):
        if kind != empty_for:
            _check_code(row, code, tuple(tree.by_code), faults, column=column)
        elif code:
            faults.append(Fault(row, column, f"{code!r} stands beside {kind!r}; leave the cell empty"))
    if len(faults) > before:
        return
    comparable = Change(kind).comparable
    if (early == old.root or late == new.root) and not (
        comparable and early == old.root and late == new.root
    ):
        words = "the root is compared with the root whatever happened below it; leave the row out"
        faults.append(Fault(row, "", words))
    elif comparable and (early in old.children) != (late in new.children):
        group, indicator = (early, late) if early in old.children else (late, early)
        words = f"{kind!r} is not accepted: {group} is a group and {indicator} an indicator; write changed"
        faults.append(Fault(row, "kind", words))


def _check_named_once(changes: Sequence[_Change], faults: list[Fault]) -> None:
    """A code has one row, but for what was split into several, and what several were merged into."""
    for column, many in (("old", Change.SPLIT), ("new", Change.MERGED)):
        first: dict[str, _Change] = {}
        for change in changes:
            code = getattr(change, column)
            if not code:
                continue
            before = first.setdefault(code, change)
            if before is not change and not before.kind == change.kind == many:
                words = f"{code} stands in row {before.row} already; only rows of the kind {many} repeat it"
                faults.append(Fault(change.row, column, words))


def _node(row: int, cells: dict[str, str], faults: list[Fault]) -> Node:
    if not cells["code"]:
        faults.append(Fault(row, "code", "the cell is empty; every row needs a code"))
    numbers: dict[str, float] = {}
    for column, expected in _NODE_NUMBERS.items():
        text = cells.get(column, "")
        if not text:
            continue
        figure = number_in(text)
        if figure is None:
            faults.append(Fault(row, column, f"{text!r} is not a number; {expected}{hint_on(text)}"))
        elif (column == "weight" and figure < 0) or (column == "direction" and figure not in (1, -1)):
            faults.append(Fault(row, column, f"{text} is not accepted; {expected}"))
        else:
            numbers[column] = figure
    return Node(
        cells["code"],
        cells["parent"] or None,
        weight=numbers.get("weight", 1.0),
        direction=int(numbers.get("direction", 1)),
        goal_low=numbers.get("goal_low"),
        goal_high=numbers.get("goal_high"),
        target=numbers.get("target"),
        denominator=cells.get("denominator") or None,
    )


def _refuse_scales_of_groups(nodes: dict[int, Node], faults: list[Fault]) -> None:
    """What would have no effect must not pass for a setting: only raw figures have a scale."""
    parents = {node.parent for node in nodes.values()}
    for row, node in nodes.items():
        if node.code not in parents:
            continue
        given = [
            column
            for column in ("goal_low", "goal_high", "target", "denominator")
            if getattr(node, column) is not None
        ]
        for column in (["direction"] if node.direction == -1 else []) + given:
            words = f"{node.code} is a group and its score is computed; leave the cell empty"
            faults.append(Fault(row, column, words))


def _check_data_columns(table: Table, tree: Tree) -> None:
    if table.header[0] != UNIT:
        words = f"the first column is {table.header[0]!r}; {UNIT!r}, with the names of the units, is expected"
        table.faults[:] = [Fault(HEADER, "", words)]
        table.refuse_faults(DataError)
    absent = [code for code in tree.leaves if code not in table.header]
    for code in absent:
        others = [name for name in table.header[1:] if name not in tree.by_code]
        words = f"no column for the indicator {code}; columns that are no indicators: {some(others)}"
        table.faults.append(Fault(HEADER, "", words))
    for code in tree.groups:
        if code in table.header:
            words = "this is a group of the structure; its scores are computed, so leave the column out"
            table.faults.append(Fault(HEADER, code, words))
    table.expect_rows("unit")


def _check_units(
    rows: Sequence[int], units: Sequence[str], periods: Sequence[str] | None, faults: list[Fault]
) -> None:
    first: dict[tuple[str, str], int] = {}
    for row, unit, period in zip(rows, units, periods or ("",) * len(units), strict=True):
        if not unit:
            faults.append(Fault(row, UNIT, "the cell is empty; the name of a unit is expected"))
        elif periods is not None and not period:
            faults.append(Fault(row, PERIOD, f"the cell is empty; the period of {unit} is expected"))
        elif (unit, period) in first:
            place = f"{unit} stands in row {first[unit, period]} already"
            remedy = (
                f"; for several years of a unit, add the column {PERIOD}"
                if periods is None
                else f" with the period {period}"
            )
            faults.append(Fault(row, UNIT, place + remedy))
        else:
            first[unit, period] = row


def _column(
    code: str, rows: Sequence[int], cells: Sequence[str], faults: list[Fault]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values of an indicator, and where it applies."""
    together = "".join(cells)
    applies = np.ones(len(cells), dtype=bool)
    if "/" in together:
        applies[:] = [not _is_not_applicable(cell) for cell in cells]
        cells = ["" if _is_not_applicable(cell) else cell for cell in cells]
    try:
        values = np.fromiter((float(cell) if cell else math.nan for cell in cells), np.float64, len(cells))
    except ValueError:
        values = np.array([])
    # Python reads nan, inf, 1_000 and the digits of other scripts as numbers, too.
    if (
        np.isfinite(values).sum() == len(cells) - cells.count("")
        and "_" not in together
        and together.isascii()
    ):
        return values, applies
    values = np.full(len(cells), np.nan)
    for place, (row, text) in enumerate(zip(rows, cells, strict=True)):
        number = number_in(text)
        if number is not None:
            values[place] = number
        elif text:
            words = f"{text!r} is not a number; {_VALUE_EXPECTED}{hint_on(text)}"
            faults.append(Fault(row, code, words))
    return values, applies


def _is_not_applicable(cell: str) -> bool:
    return cell.lower() == "n/a"


def _read_weight_sets(path: Path, tree: Tree) -> WeightTable:
    table = read_csv(path, DataError)
    sets = [name for name in table.header if name != "code"]
    table.refuse_columns(DataError, required=("code",), accepted=("code", *sets))
    others = [name for name in sets if not re.fullmatch(r"w\d+", name)]
    if others:
        words = f"the column {others[0]!r} is no set of weights; w1, w2 and so on are expected beside code"
        table.faults.append(Fault(HEADER, "", words))
    if not sets:
        table.faults.append(Fault(HEADER, "", "a column for each set of weights, such as w1, is expected"))
    table.expect_rows("code")
    place = table.header.index("code")
    first: dict[str, int] = {}
    weights = np.zeros((len(sets), len(table.rows)))
    for number, (row, cells) in enumerate(table.rows):
        code = cells[place]
        _check_code(row, code, tuple(tree.by_code), table.faults)
        if code in first:
            table.faults.append(Fault(row, "code", f"{code} stands in row {first[code]} already"))
        first.setdefault(code, row)
        texts = cells[:place] + cells[place + 1 :]
        weights[:, number] = [
            _from_zero(row, name, text, table.faults) for name, text in zip(sets, texts, strict=True)
        ]
    table.refuse_faults(DataError)
    return tuple(first), weights


def _read_doubts(path: Path, tree: Tree) -> Iterable[Doubt]:
    table = read_csv(path, DataError)
    table.refuse_columns(DataError, required=DOUBT_COLUMNS, accepted=DOUBT_COLUMNS)
    table.expect_rows("value")
    found: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    for row, cells in table.rows:
        cell = dict(zip(table.header, cells, strict=True))
        if not cell["unit"]:
            table.faults.append(Fault(row, "unit", "the cell is empty; the name of a unit is expected"))
        _check_code(row, cell["code"], tree.leaves, table.faults)
        value = number_in(cell["value"])
        if value is None:
            words = f"{cell['value']!r} is not a number; a number is expected{hint_on(cell['value'])}"
            table.faults.append(Fault(row, "value", words))
        probability = _from_zero(row, "probability", cell["probability"], table.faults)
        found.setdefault((cell["unit"], cell["code"]), []).append((row, value or 0.0, probability))
    if not table.faults:
        _check_sums(found, table.faults)
    table.refuse_faults(DataError)
    return [
        Doubt(unit, code, tuple(value for _, value, _ in given), tuple(share for _, _, share in given))
        for (unit, code), given in found.items()
    ]


def _check_sums(found: dict[tuple[str, str], list[tuple[int, float, float]]], faults: list[Fault]) -> None:
    for (unit, code), given in found.items():
        total = math.fsum(probability for _, _, probability in given)
        if abs(total - 1) > SUM_TOLERANCE:
            words = f"those of {unit}, {code} sum to {total:.7g}; a sum of 1 is expected"
            faults.append(Fault(given[0][0], "probability", words))


def _check_code(
    row: int, code: str, accepted: Sequence[str], faults: list[Fault], *, column: str = "code"
) -> None:
    if code not in accepted:
        structure = "old structure" if column == "old" else "structure"
        found = f"{code!r} is not in the {structure}" if code else "the cell is empty"
        faults.append(Fault(row, column, f"{found}; accepted: {some(accepted)}"))


def _from_zero(row: int, column: str, text: str, faults: list[Fault]) -> float:
    number = number_in(text)
    if number is None or number < 0:
        words = f"{text!r} is not accepted; a number from 0 is expected{hint_on(text)}"
        faults.append(Fault(row, column, words))
        return 0.0
    return number


def _whole(row: int, column: str, text: str, highest: int | None, faults: list[Fault]) -> int:
    # A key must be a 64-bit number; with 18 digits it is.
    if text.isascii() and text.isdigit() and len(text) <= 18:
        found = int(text)
        if found >= 1 and (highest is None or found <= highest):
            return found
    accepted = "from 1 on" if highest is None else f"from 1 to {highest}"
    faults.append(Fault(row, column, f"{text!r} is not accepted; a whole number {accepted} is expected"))
    return 0


def _check_runs(rows: Sequence[int], runs: Sequence[int], faults: list[Fault]) -> None:
    first: dict[int, int] = {}
    for row, run in zip(rows, runs, strict=True):
        if run in first:
            faults.append(Fault(row, RUN, f"the run {run} stands in row {first[run]} already"))
        first.setdefault(run, row)
    if not faults:
        absent = [str(run) for run in range(1, len(runs) + 1) if run not in first]
        if absent:
            words = f"absent: {some(absent)}; with {len(runs)} rows, the runs 1 to {len(runs)} are expected"
            faults.append(Fault(HEADER, RUN, words))


def _read_toml(path: Path) -> dict[str, Any]:
    text = read_text(path, MethodError, may_be_empty=True)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise MethodError(f"{path.name} is not TOML: {reason}{_hint_on_toml(text, str(reason))}") from None


def _hint_on_toml(text: str, reason: str) -> str:
    """What to write instead of a number or a word that TOML does not take for one.

    The parser says where it stopped, and only in its words.

    Examples
    --------
    >>> _hint_on_toml("[treat]\\nskew = .2\\n", "Invalid value (at line 2, column 8)")
    "; '.2' is no number in TOML: write 0.2"
    """
    place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    if place is None:
        return ""
    line, column = text.split("\n")[int(place[1]) - 1], int(place[2]) - 1
    around = next(
        (word for word in re.finditer(r"[\w.,+-]+", line) if word.start() <= column < word.end()), None
    )
    given = "" if around is None else around[0].rstrip(",")
    number = re.fullmatch(r"([+-]?)(\d*)\.(\d*)", given)
    if number is not None and number[2] + number[3]:
        sign, whole, decimals = number.groups()
        return f"; {given!r} is no number in TOML: write {sign}{whole or 0}.{decimals or 0}"
    if "," in given:
        return hint_on(given)
    if reason.startswith("Invalid value") and given.isidentifier():
        written = given.lower() if given.lower() in ("true", "false") else f'"{given}"'
        return f"; {given!r} is no value in TOML: write {written}"
    return ""
