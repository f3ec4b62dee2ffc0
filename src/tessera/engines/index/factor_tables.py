"""The uncertain factors of a method from their tables; docs/reference/index-files.md describes them.

A factor that could change nothing, or whose draws another factor would overwrite, must not pass for
robustness: it is refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from tessera.engines.index.errors import MethodError
from tessera.engines.index.factors import (
    Choice,
    Doubt,
    Factor,
    UncertainCells,
    WeightNoise,
    WeightSets,
    WeightShares,
)
from tessera.engines.index.method import Method
from tessera.engines.index.step_tables import (
    NEEDS,
    RULE,
    STEPS,
    number,
    one_of,
    read_keys,
    read_step,
    read_table,
    refuse_absent_scales,
    refuse_unfit_importances,
    refuse_unknown,
    text,
)
from tessera.engines.index.steps.aggregate import Rule
from tessera.engines.index.structure import Tree

WeightTable = tuple[Sequence[str], Any]
"""Codes, and the weights in the shape (n_sets, n_codes)."""

# Columns of RUNS.csv beside those of the factors.
RESERVED = ("run", "failed")

# The value of a key with which a method goes without the step.
_ABSENT = {
    "screen": ("min_available", 0.0),
    "impute": ("method", "none"),
    "treat": ("method", "none"),
    "normalise": ("method", "none"),
}

# The keys that do something only with some methods of their step: a factor that varies one of them under
# another method would vary nothing.
_USED_BY = {
    ("impute", "group"): ("group_mean", "group_median"),
    ("treat", "max_winsorised"): ("winsorise", "winsorise_then_log"),
    ("treat", "skew"): ("winsorise", "log", "boxcox", "winsorise_then_log"),
    ("treat", "kurtosis"): ("winsorise", "log", "boxcox", "winsorise_then_log"),
    ("normalise", "low"): ("goalposts", "minmax"),
    ("normalise", "high"): ("goalposts", "minmax"),
    ("normalise", "mean"): ("zscore",),
    ("normalise", "sd"): ("zscore",),
    ("normalise", "cap"): ("distance_to_target",),
    ("normalise", "reference"): ("distance_to_reference",),
    ("weight", "importances"): ("optimise",),
    ("aggregate", "power"): ("power",),
}


def read_factors(
    tables: Sequence[object],
    method: Method,
    tree: Tree,
    *,
    weight_sets: Callable[[str], WeightTable],
    doubts: Callable[[str], Iterable[Doubt]],
) -> tuple[Factor, ...]:
    """The factors of a method from their tables.

    Parameters
    ----------
    tables : sequence
        Those of ``[[uncertain]]``.
    method : Method
        With the steps that the factors vary.
    weight_sets, doubts : function of a file's name
        Read the tables that a factor names.

    Raises
    ------
    MethodError
        A key or value that is not accepted, a factor that could change nothing, or two of which one would
        overwrite the other; the message names the factor.
    """
    factors = tuple(
        _read_factor(f"uncertain.{place}", table, tree, weight_sets, doubts)
        for place, table in enumerate(tables, 1)
    )
    for one, other in combinations(factors, 2):
        _refuse_rivals(one, other)
    choices = [factor for factor in factors if isinstance(factor, Choice)]
    for choice in choices:
        _refuse_step_never_there(choice, method)
        if choice.key is not None:
            _refuse_unmet_needs(choice, choices, method, tree)
            _refuse_key_without_effect(choice, choices, method, tree)
    return factors


def _read_factor(
    place: str,
    given: object,
    tree: Tree,
    weight_sets: Callable[[str], WeightTable],
    doubts: Callable[[str], Iterable[Doubt]],
) -> Factor:
    table = read_table(place, given)
    if "name" not in table:
        raise MethodError(f"{place} has no name")
    name = text(f"{place}.name", table["name"])
    if name in RESERVED or name != name.strip():
        raise MethodError(
            f"{place}.name is {name!r}; it is a column of RUNS.csv, so a name is expected that has no blanks "
            f"around it and is not {' or '.join(RESERVED)}"
        )
    place = f"uncertain {name!r}"
    refuse_unknown(place, table, ("name", "step", "values", "weights", "cells"))
    kind = _only_kind(place, table, ("step", "weights", "cells"))
    if kind == "step":
        return _read_choice(name, place, table, tree)
    if "values" in table:
        raise MethodError(f"{place}.values belongs to a step, not to {kind}")
    if kind == "weights":
        return _read_weights(name, f"{place}.weights", table["weights"], tree, weight_sets)
    return _read_cells(name, f"{place}.cells", table["cells"], doubts)


def _only_kind(place: str, table: Mapping[str, Any], accepted: Sequence[str]) -> str:
    kinds = [key for key in accepted if key in table]
    if len(kinds) != 1:
        names = f"{', '.join(accepted[:-1])} and {accepted[-1]}"
        raise MethodError(f"{place} has {' and '.join(kinds) or 'none'} of {names}; one is expected")
    return kinds[0]


def _read_choice(name: str, place: str, table: Mapping[str, Any], tree: Tree) -> Choice:
    step, _, key = text(f"{place}.step", table["step"]).partition(".")
    if step not in (*STEPS, "aggregate"):
        raise MethodError(f"{place}.step is {step!r}; accepted: {', '.join((*STEPS, 'aggregate'))}")
    readers = RULE if step == "aggregate" else STEPS[step][1]
    if key and key not in readers:
        raise MethodError(f"{place}.step names {key!r} of {step}; accepted: {', '.join(readers)}")
    values = table.get("values")
    if not isinstance(values, list) or len(values) < 2:
        raise MethodError(f"{place}.values is {values!r}; a list of two values or more is expected")
    at = f"{place}.values"
    read = tuple(readers[key](at, value) if key else read_step(step, at, value, tree) for value in values)
    for (first, one), (second, other) in combinations(enumerate(read, 1), 2):
        if one == other:
            raise MethodError(f"{at}: the alternatives {first} and {second} are equal; each is to be another")
    return Choice(name, step, key or None, read)


def _read_weights(
    name: str, place: str, given: object, tree: Tree, weight_sets: Callable[[str], WeightTable]
) -> Factor:
    table = read_table(place, given)
    kind = _only_kind(place, table, ("noise", "sets", "dirichlet"))
    refuse_unknown(place, table, (kind,) if kind == "sets" else (kind, "levels"))
    if kind == "sets":
        codes, weights = weight_sets(text(f"{place}.sets", table["sets"]))
        found = WeightSets(name, tuple(codes), np.asarray(weights, dtype=np.float64))
        _refuse_unfit_sets(f"{place}.sets", found, tree)
        return found
    levels = _read_levels(f"{place}.levels", table.get("levels"), tree)
    if kind == "noise":
        return WeightNoise(name, number(above=0, high=1)(f"{place}.noise", table["noise"]), levels)
    return WeightShares(name, number(above=0)(f"{place}.dirichlet", table["dirichlet"]), levels)


def _read_levels(place: str, given: object, tree: Tree) -> tuple[int, ...]:
    accepted = range(1, tree.levels[tree.root])
    if (
        not isinstance(given, list)
        or not given
        # By type: true and 1.0 are equal to 1, and neither is a level.
        or any(type(level) is not int or level not in accepted for level in given)
        or len(set(given)) < len(given)
    ):
        found = "absent" if given is None else repr(given)
        raise MethodError(
            f"{place} is {found}; a list of levels is expected, each once, from: "
            f"{', '.join(map(str, accepted))} (1 = indicators)"
        )
    if not any(tree.levels[code] in given and _has_siblings(tree, code) for code in tree.downward[1:]):
        raise MethodError(f"{place} is {given!r}; no node there has siblings, so nothing would move")
    return tuple(given)


def _has_siblings(tree: Tree, code: str) -> bool:
    return len(tree.children[str(tree.by_code[code].parent)]) > 1


def _refuse_unfit_sets(place: str, sets: WeightSets, tree: Tree) -> None:
    for code in sets.codes:
        if code not in tree.by_code:
            raise MethodError(f"{place} names {code}, which is not in the structure")
    contested = [code for code in sets.codes if code != tree.root and _has_siblings(tree, code)]
    if not contested:
        raise MethodError(
            f"{place} names no node with siblings, so it would move nothing; "
            f"accepted: the children of {', '.join(g for g in tree.groups if len(tree.children[g]) > 1)}"
        )
    for group in tree.groups:
        children = [child.code for child in tree.children[group]]
        named = [code for code in children if code in sets.codes]
        absent = [code for code in children if code not in sets.codes]
        if named and absent:
            raise MethodError(
                f"{place} names {', '.join(named)} of the group {group} and not {', '.join(absent)}; "
                "weights are relative within a group, so a set has all children of it or none"
            )
        empty = sets.without_weight(named) if named else None
        if empty is not None:
            raise MethodError(
                f"{place}: set {empty} gives all children of {group} the weight 0; one of them needs another"
            )


def _read_cells(
    name: str, place: str, given: object, doubts: Callable[[str], Iterable[Doubt]]
) -> UncertainCells:
    read = read_keys(place, given, {"missing": one_of("class"), "group": text, "doubt": text})
    if not {"missing", "doubt"} & set(read):
        raise MethodError(f'{place} needs missing = "class", or doubt = a file, or both')
    if "group" in read and "missing" not in read:
        raise MethodError(f'{place}.group is the class of missing = "class", which is not there')
    found = tuple(doubts(read["doubt"])) if "doubt" in read else ()
    return UncertainCells(name, read.get("missing"), read.get("group"), found)


def _refuse_rivals(one: Factor, other: Factor) -> None:
    """Two factors of which the later would overwrite the earlier."""
    if one.name == other.name:
        raise MethodError(f"two factors are named {one.name!r}; each needs a name of its own")
    both = f"uncertain {one.name!r} and {other.name!r}"
    if isinstance(one, WeightSets) and isinstance(other, WeightSets):
        raise MethodError(f"{both} are both sets of weights, and one would replace the other; keep one")
    if not isinstance(one, Choice) or not isinstance(other, Choice) or one.step != other.step:
        return
    if one.key is None or other.key is None:
        raise MethodError(
            f"{both} vary {one.step}, and a whole step would replace the key or step that the other chose; "
            "make them one factor"
        )
    if one.key == other.key:
        raise MethodError(f"{both} vary {one.step}.{one.key}, and one would replace the other; keep one")


def _refuse_step_never_there(choice: Choice, method: Method) -> None:
    """A step that the method lacks is varied only if its absence is one of the alternatives."""
    key, absent = _ABSENT.get(choice.step, ("", None))
    if not key or choice.key not in (None, key) or getattr(getattr(method, choice.step), key) != absent:
        return
    values = [getattr(value, key) if choice.key is None else value for value in choice.values]
    if absent not in values:
        raise MethodError(
            f"{_where(choice)}, a step that the method does not have; "
            f"give the method the step, or make its absence one of the values: {key} = {absent!r}"
        )


def _refuse_unmet_needs(choice: Choice, choices: Sequence[Choice], method: Method, tree: Tree) -> None:
    """Alternatives of one key that ask for something which the method or the tree does not give."""
    place = f"uncertain {choice.name!r}.values"
    step = choice.step
    for value in choice.values:
        needed, _ = NEEDS.get((step, str(choice.key), value), ("", ""))
        if needed and not set(_possible(step, needed, choices, method)).isdisjoint((None, ())):
            raise MethodError(
                f"{place}: {value} needs a key of its own, {step}.{needed}, which the method does not give; "
                "give it, or give whole steps as values"
            )
        if (step, choice.key) == ("normalise", "method"):
            refuse_absent_scales(place, value, tree)
        if (step, choice.key) == ("weight", "importances"):
            refuse_unfit_importances(place, value, tree)
    if step == "normalise" and choice.key in ("low", "high"):
        low = max(_possible(step, "low", choices, method))
        high = min(_possible(step, "high", choices, method))
        if low >= high:
            raise MethodError(f"{place}: normalise.low {low:g} is not below normalise.high {high:g}")


def _refuse_key_without_effect(choice: Choice, choices: Sequence[Choice], method: Method, tree: Tree) -> None:
    """A key that no run would look at."""
    step, key = choice.step, str(choice.key)
    users = _USED_BY.get((step, key))
    if users:
        in_use = _possible(step, "method", choices, method)
        if set(users).isdisjoint(in_use):
            raise MethodError(
                f"{_where(choice)}, which has no effect: {step}.method is {_listed(in_use)}, "
                f"and it is used by {', '.join(users)}"
            )
    if step == "aggregate":
        _refuse_rule_without_effect(choice, choices, method, tree)


def _refuse_rule_without_effect(
    choice: Choice, choices: Sequence[Choice], method: Method, tree: Tree
) -> None:
    """The same for what depends on more than the method of the step."""
    words = f"{_where(choice)}, which has no effect"
    own = dict(method.aggregate.at)
    if all(code in own or f"L{tree.levels[code]}" in own for code in tree.groups):
        raise MethodError(f"{words}: every group has a rule of its own in aggregate.at")
    if choice.key not in ("zeros", "floor"):
        return
    means = _possible("aggregate", "method", choices, method)
    powers = _possible("aggregate", "power", choices, method)
    exponents = [Rule(mean, power).exponent for mean in means for power in powers]
    if not any(exponent is not None and exponent <= 0 for exponent in exponents):
        raise MethodError(
            f"{words}: aggregate.method is {_listed(means)}, and it is used by geometric, harmonic, and by "
            "power up to 0"
        )
    zeros = _possible("aggregate", "zeros", choices, method)
    if choice.key == "floor" and "floor" not in zeros:
        raise MethodError(f"{words}: aggregate.zeros is {_listed(zeros)}, and it is used by 'floor'")


def _possible(step: str, key: str, choices: Sequence[Choice], method: Method) -> tuple[Any, ...]:
    """All values that a key has in some run."""
    for choice in choices:
        if (choice.step, choice.key) == (step, key):
            return choice.values
    now = getattr(method, step)
    return (getattr(now.rule if step == "aggregate" else now, key),)


def _where(choice: Choice) -> str:
    what = choice.step if choice.key is None else f"{choice.step}.{choice.key}"
    return f"uncertain {choice.name!r} varies {what}"


def _listed(values: Iterable[object]) -> str:
    return " or ".join(repr(value) for value in values)
