"""The steps of a method from the tables of its file; docs/reference/index-files.md describes them."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tessera.engines.index.errors import MethodError
from tessera.engines.index.method import Screen, Weight
from tessera.engines.index.steps.aggregate import POWERS, Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import METHODS as SCALES
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.steps.weight import TARGETS_SUM_WITHIN
from tessera.engines.index.structure import Tree

# Reads one value, or complains about it: the place it stands at, and the value.
Reader = Callable[[str, object], Any]


def one_of(*names: str) -> Reader:
    """A value that is one of some names."""

    def read(place: str, value: object) -> str:
        if value not in names:
            raise MethodError(f"{place} is {value!r}; accepted: {', '.join(names)}")
        return str(value)

    return read


def number(*, low: float = -math.inf, above: float = -math.inf, high: float = math.inf) -> Reader:
    """A finite number within limits."""

    def read(place: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise MethodError(f"{place} is {value!r}; a number is expected")
        if not (low <= value <= high and value > above):
            limits = [f"from {low:g}"] * (low > -math.inf) + [f"above {above:g}"] * (above > -math.inf)
            limits += [f"up to {high:g}"] * (high < math.inf)
            raise MethodError(f"{place} is {value:g}; a number {' '.join(limits)} is expected")
        return float(value)

    return read


def whole(low: int) -> Reader:
    """A whole number from a limit up."""

    def read(place: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise MethodError(f"{place} is {value!r}; a whole number from {low} is expected")
        return value

    return read


def text(place: str, value: object) -> str:
    """A text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise MethodError(f"{place} is {value!r}; a name in quotation marks is expected")
    return value


def flag(place: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise MethodError(f"{place} is {value!r}; true or false is expected")
    return value


def shares(place: str, value: object) -> tuple[tuple[str, float], ...]:
    """Codes with their shares, from 0."""
    if not isinstance(value, Mapping) or not value:
        raise MethodError(f"{place} is {value!r}; codes with their shares are expected, as {{CODE = 0.5}}")
    share = number(low=0)
    return tuple((str(code), share(f"{place}.{code}", given)) for code, given in value.items())


_SHARE = number(low=0, high=1)
RULE: dict[str, Reader] = {
    "method": one_of(*POWERS, "power", "copeland", "borda"),
    "power": number(),
    "zeros": one_of("error", "floor", "annihilate"),
    "floor": number(above=0),
    "min_available": _SHARE,
}
STEPS: dict[str, tuple[type, dict[str, Reader]]] = {
    "screen": (Screen, {"min_available": _SHARE}),
    "impute": (
        Impute,
        {
            "method": one_of(
                "none", "mean", "median", "group_mean", "group_median", "row_mean", "carry", "em"
            ),
            "group": text,
        },
    ),
    "treat": (
        Treat,
        {
            "method": one_of("none", "winsorise", "log", "boxcox", "winsorise_then_log"),
            "max_winsorised": whole(0),
            "skew": number(above=0),
            "kurtosis": number(),
        },
    ),
    "normalise": (
        Normalise,
        {
            "method": one_of(*SCALES),
            "low": number(),
            "high": number(),
            "mean": number(),
            "sd": number(above=0),
            "cap": flag,
            "reference": text,
        },
    ),
    "weight": (
        Weight,
        {"method": one_of("given", "equal", "pca", "optimise"), "importances": shares},
    ),
}

NEEDS = {
    ("impute", "method", "group_mean"): ("group", "'group_mean' needs group: the name of a column"),
    ("impute", "method", "group_median"): ("group", "'group_median' needs group: the name of a column"),
    ("normalise", "method", "distance_to_reference"): (
        "reference",
        "'distance_to_reference' needs reference: the name of a unit",
    ),
    ("weight", "method", "optimise"): (
        "importances",
        "'optimise' needs importances: codes with their shares",
    ),
    ("aggregate", "method", "power"): ("power", '"power" needs power: a number'),
    ("aggregate", "zeros", "floor"): ("floor", '"floor" needs floor: a number above 0'),
}
"""By step, key and value: another key that must be given, and how to say so."""


def read_step(step: str, place: str, given: object, tree: Tree) -> Any:
    """A step from its table.

    Parameters
    ----------
    step : str
        One of `STEPS`, or "aggregate".
    place : str
        Where the table stands, for the messages.
    given : object
        The table, as `tomllib` reads it.

    Raises
    ------
    MethodError
        An unknown key, a value that is not accepted, or one that does not fit the tree.
    """
    if step == "aggregate":
        return _read_aggregate(place, given, tree)
    made, readers = STEPS[step]
    read = read_keys(place, given, readers)
    if step == "normalise":
        read.setdefault("method", "goalposts" if _has_goalposts(tree) else "minmax")
    found = made(**read)
    _refuse_absent_keys(step, place, found)
    if isinstance(found, Normalise):
        if found.low >= found.high:
            raise MethodError(f"{place}.low is {found.low:g}, not below {place}.high {found.high:g}")
        refuse_absent_scales(f"{place}.method", found.method, tree)
    if isinstance(found, Weight):
        refuse_unfit_importances(f"{place}.importances", found.importances, tree)
    return found


def refuse_absent_scales(place: str, method: str, tree: Tree) -> None:
    """Complain about a normalisation for which the structure lacks goalposts or targets."""
    wanted = {"goalposts": "goal_low", "distance_to_target": "target"}.get(method)
    if wanted is None:
        return
    absent = [code for code in tree.leaves if getattr(tree.by_code[code], wanted) is None]
    if absent:
        columns = "goal_low and goal_high" if wanted == "goal_low" else "target"
        raise MethodError(
            f"{place} {method!r} needs {columns} for every indicator; "
            f"the structure has none for {', '.join(absent[:8])}"
        )


def refuse_unfit_importances(place: str, importances: Sequence[tuple[str, float]], tree: Tree) -> None:
    """Complain about importances that are not shares among all children of a group."""
    wanted = dict(importances)
    for code in wanted:
        if code not in tree.by_code:
            raise MethodError(f"{place} names {code}, which is not in the structure")
    if tree.root in wanted:
        raise MethodError(f"{place} names {tree.root}, the whole index; importances are of its parts")
    for group in tree.groups:
        children = [child.code for child in tree.children[group]]
        absent = [code for code in children if code not in wanted]
        if len(absent) == len(children):
            continue
        if absent:
            raise MethodError(
                f"{place} names some children of {group} and not {', '.join(absent)}; "
                "a group has an importance, from 0, for each child or for none"
            )
        total = math.fsum(wanted[code] for code in children)
        if abs(total - 1) > TARGETS_SUM_WITHIN:
            raise MethodError(f"{place} of {', '.join(children)} sum to {total:g}; shares of 1 are expected")


def read_keys(place: str, given: object, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The values of a table, each by the reader of its key."""
    table = read_table(place, given)
    refuse_unknown(place, table, tuple(readers))
    return {key: readers[key](f"{place}.{key}", value) for key, value in table.items()}


def read_table(place: str, given: object) -> Mapping[str, Any]:
    """A table, its keys unread."""
    if not isinstance(given, Mapping):
        raise MethodError(f"{place} is {given!r}; a table is expected")
    return given


def refuse_unknown(place: str, table: Mapping[str, Any], accepted: Sequence[str]) -> None:
    """Complain about the first key that is not accepted; the place is empty for the file itself."""
    unknown = [key for key in table if key not in accepted]
    if unknown:
        where = f"{place}.{unknown[0]}" if place else f"[{unknown[0]}]"
        raise MethodError(f"{where} is not known; accepted: {', '.join(accepted) or 'nothing'}")


def _read_aggregate(place: str, given: object, tree: Tree) -> Aggregate:
    table = read_table(place, given)
    at = read_table(f"{place}.at", table.get("at", {}))
    levels = [f"L{level}" for level in range(2, tree.levels[tree.root] + 1)]
    for name in at:
        if name not in levels and name not in tree.groups:
            raise MethodError(
                f"{place}.at.{name} is no level and no group; accepted: {', '.join((*levels, *tree.groups))}"
            )
    general = {key: value for key, value in table.items() if key != "at"}
    # What a level or group does not say stands as for all.
    special = {name: {**general, **read_table(f"{place}.at.{name}", own)} for name, own in at.items()}
    rules = tuple((name, _read_rule(f"{place}.at.{name}", own)) for name, own in special.items())
    return Aggregate(_read_rule(place, general), rules)


def _read_rule(place: str, given: object) -> Rule:
    found = Rule(**read_keys(place, given, RULE))
    _refuse_absent_keys("aggregate", place, found)
    return found


def _refuse_absent_keys(step: str, place: str, found: Any) -> None:
    for (of, key, value), (needed, words) in NEEDS.items():
        if of == step and getattr(found, key) == value and getattr(found, needed) in (None, ()):
            raise MethodError(f"{place}.{key} {words}")


def _has_goalposts(tree: Tree) -> bool:
    return all(tree.by_code[code].goal_low is not None for code in tree.leaves)
