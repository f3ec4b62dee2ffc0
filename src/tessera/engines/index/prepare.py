"""From raw figures to normalised ones: the steps before any weight, each kept so that it is done once."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.data import PERIOD, Data
from tessera.engines.index.errors import NotComputable
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import SHARE_TOLERANCE
from tessera.engines.index.steps.impute import Impute, Imputed, impute
from tessera.engines.index.steps.normalise import Normalise, Scales, normalise
from tessera.engines.index.steps.treat import Treat, Treated, treat
from tessera.engines.index.structure import Tree

ONE_TABLE_AT_A_TIME = ("carry", "em")
"""Methods of imputation that do not take a stack."""


KEPT_BYTES = 200_000_000


@dataclass(frozen=True, eq=False)
class Prepared:
    """The tables of each step for the rows that were not screened out, shape (n_kept, n_indicators)."""

    kept: NDArray[np.intp]
    """The places of these rows in the data."""
    denominated: NDArray[np.float64]
    imputed: Imputed
    treated: Treated
    normalised: NDArray[np.float64]


@dataclass(eq=False)
class Preparation:
    """The steps for one tree and its data under any method; a step that two methods share is done once.

    Raises
    ------
    DataError
        The data have no column for an indicator, a group or a denominator.
    NotComputable
        A denominator that is not above 0, no row with enough indicators, or what a step refuses.
    """

    tree: Tree
    data: Data
    _done: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.data = self.data.arranged(self.tree)
        nodes = [self.tree.by_code[code] for code in self.tree.leaves]

        def numbers(name: str) -> NDArray[np.float64]:
            given = (getattr(node, name) for node in nodes)
            return np.array([np.nan if value is None else value for value in given], dtype=np.float64)

        self.scales = Scales(
            self.tree.leaves,
            direction=numbers("direction"),
            goal_low=numbers("goal_low"),
            goal_high=numbers("goal_high"),
            target=numbers("target"),
        )
        parents = [node.parent for node in nodes]
        self._siblings = np.array([parents.index(parent) for parent in parents])

    def under(self, method: Method) -> Prepared:
        """All steps of a method."""
        return Prepared(
            self.kept(method),
            self.denominated(method),
            self.imputed(method),
            self.treated(method),
            self.normalised(method),
        )

    def kept(self, method: Method) -> NDArray[np.intp]:
        """The rows in which enough of the indicators that apply are given."""
        key = (method.denominate, method.screen)
        return self._once("kept", key, lambda: self._screen(method))

    def denominated(self, method: Method) -> NDArray[np.float64]:
        key = (method.denominate, method.screen)
        return self._once("denominated", key, lambda: self._denominate(method)[self.kept(method)])

    def imputed(self, method: Method) -> Imputed:
        key = (method.denominate, method.screen, method.impute)
        return self._once(
            "imputed", key, lambda: self.impute(self.denominated(method), method.impute, self.kept(method))
        )

    def treated(self, method: Method) -> Treated:
        key = (method.denominate, method.screen, method.impute, method.treat)
        return self._once("treated", key, lambda: treat(self.imputed(method).values, method.treat))

    def normalised(self, method: Method) -> NDArray[np.float64]:
        key = (method.denominate, method.screen, method.impute, method.treat, method.normalise)

        def make() -> NDArray[np.float64]:
            return self.normalise(self.treated(method).values, method.normalise, self.kept(method))

        return self._once("normalised", key, make)

    def impute(self, values: NDArray[np.float64], spec: Impute, kept: NDArray[np.intp]) -> Imputed:
        """Fill a table of kept rows, or a stack of such tables."""
        if values.ndim > 2 and spec.method in ONE_TABLE_AT_A_TIME:
            each = [self.impute(table, spec, kept) for table in values]
            return Imputed(np.array([one.values for one in each]), np.array([one.filled for one in each]))
        data = self.data.only(kept)
        groups = None if spec.group is None else data.attribute(spec.group, wanted_by="impute.group")
        order = None
        if spec.method == "carry":
            periods = data.attribute(PERIOD, wanted_by='impute.method "carry"')
            order = list(zip(data.units, periods, strict=True))
        return impute(
            values,
            spec,
            codes=self.tree.leaves,
            applies=data.applies,
            groups=groups,
            siblings=self._siblings,
            order=order,
        )

    def normalise(
        self, values: NDArray[np.float64], spec: Normalise, kept: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Normalise a table of kept rows, or a stack of such tables."""
        reference = None
        if spec.method == "distance_to_reference" and spec.reference is not None:
            place = self.data.row_of(spec.reference)
            if place not in kept:
                raise NotComputable(f"the reference unit {spec.reference} was screened out")
            reference = int(np.searchsorted(kept, place))
        return normalise(values, spec, self.scales, reference_row=reference)

    def _once(self, step: str, key: tuple[Any, ...], make: Any) -> Any:
        if (step, key) not in self._done:
            if len(self._done) * self.data.values.nbytes > KEPT_BYTES:
                # Made again if they are asked for again: a method may have more alternatives than memory.
                self._done.clear()
            self._done[step, key] = make()
        return self._done[step, key]

    def _screen(self, method: Method) -> NDArray[np.intp]:
        values = self._denominate(method)
        asked = self.data.applies.sum(axis=1)
        share = (~np.isnan(values)).sum(axis=1) / np.maximum(asked, 1)
        kept = np.flatnonzero(share >= method.screen.min_available - SHARE_TOLERANCE)
        if not len(kept):
            raise NotComputable(
                f"no unit has the share {method.screen.min_available:g} of its indicators that "
                f"screen.min_available asks for; the highest is {share.max(initial=0):.3g}"
            )
        return kept

    def _denominate(self, method: Method) -> NDArray[np.float64]:
        return self.data.values / self.divisors if method.denominate else self.data.values

    @cached_property
    def divisors(self) -> NDArray[np.float64]:
        """What each cell is divided by, shape (n_rows, n_indicators); 1 without a denominator.

        Raises
        ------
        NotComputable
            A denominator is not above 0.
        """
        found = np.ones(self.data.values.shape)
        for column, code in enumerate(self.tree.leaves):
            name = self.tree.by_code[code].denominator
            if name is None:
                continue
            divisors = self.data.numbers(name, wanted_by=f"the denominator of {code}")
            unfit = np.flatnonzero((divisors <= 0) & ~np.isnan(self.data.values[:, column]))
            if len(unfit):
                raise NotComputable(
                    f"{self.data.rows[unfit[0]]}: {name} is {divisors[unfit[0]]:g}, and {code} is to be "
                    "divided by it; a denominator is above 0: correct it, or leave it empty so that the "
                    "value counts as missing"
                )
            found[:, column] = divisors
        return found


def treat_each(values: NDArray[np.float64], spec: Treat) -> NDArray[np.float64]:
    """Treat each table of a stack by itself, since each has its own outliers."""
    if spec.method == "none":
        return values
    return np.array([treat(table, spec).values for table in values])
