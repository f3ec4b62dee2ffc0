"""The method of an index: what each step does."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from tessera.engines.index.factors import Factor
from tessera.engines.index.steps.aggregate import Aggregate
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat


@dataclass(frozen=True)
class Screen:
    """Units with fewer of the indicators that apply to them are left out. A share, 0 to 1."""

    min_available: float = 0.0


@dataclass(frozen=True)
class Weight:
    """Where the weights come from: the structure ("given"), "equal", "pca", or "optimise".

    ``importances`` belongs to "optimise": the share of importance by code; a group whose children are not
    named keeps the weights given.
    """

    method: str = "given"
    importances: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Method:
    """What each step does, in their order. The default does as little as a scale from 0 to 100 needs."""

    denominate: bool = False
    screen: Screen = field(default_factory=Screen)
    impute: Impute = field(default_factory=Impute)
    treat: Treat = field(default_factory=Treat)
    normalise: Normalise = field(default_factory=Normalise)
    weight: Weight = field(default_factory=Weight)
    aggregate: Aggregate = field(default_factory=Aggregate)
    uncertain: tuple[Factor, ...] = ()

    def with_setting(self, step: str, key: str | None, value: Any) -> "Method":
        """The method with another step, or another value of one key of a step.

        A key of ``aggregate`` is one of the rule for all groups.

        Examples
        --------
        >>> Method().with_setting("aggregate", "method", "geometric").aggregate.rule.method
        'geometric'
        """
        if key is None:
            return replace(self, **{step: value})
        now = getattr(self, step)
        if step == "aggregate":
            return replace(self, aggregate=replace(now, rule=replace(now.rule, **{key: value})))
        return replace(self, **{step: replace(now, **{key: value})})


def as_tables(method: Method) -> dict[str, Any]:
    """The method as plain values in the shape of its file, all defaults written out: for a manifest.

    What the tables of its factors name is written out, too, which no file does.

    Examples
    --------
    >>> as_tables(Method())["aggregate"]
    {'method': 'arithmetic', 'zeros': 'error', 'min_available': 0.0}
    """
    found: dict[str, Any] = {}
    for step in fields(method):
        value = getattr(method, step.name)
        if step.name == "denominate":
            found |= {"denominate": {}} if value else {}
        elif step.name == "uncertain":
            found["uncertain"] = [_plain(factor) for factor in value]
        else:
            found[step.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Aggregate):
        at = {name: _plain(rule) for name, rule in value.at}
        return {**_plain(value.rule), **({"at": at} if at else {})}
    if isinstance(value, Weight):
        importances = dict(value.importances)
        return {"method": value.method, **({"importances": importances} if importances else {})}
    if hasattr(value, "__dataclass_fields__"):
        read = {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        return {name: given for name, given in read.items() if given is not None}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value
