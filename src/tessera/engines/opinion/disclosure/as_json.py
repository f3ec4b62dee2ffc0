"""Tables as values that JSON knows, so that a publication can be kept and reckoned with later."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tessera.engines.opinion.disclosure.tables import Table


def to_json(tables: Iterable[Table]) -> list[dict[str, Any]]:
    """Each table as its statement, attributes, groups and counts; a hidden cell is ``HIDDEN`` there, too.

    Examples
    --------
    >>> to_json([Table("1", ("age",), (("young",), ("old",)), np.array([[30, 12, -1], [41, 15, -1]]))])
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'statement': '1', 'attributes': ['age'], 'groups': [['young'], ['old']],
      'counts': [[30, 12, -1], [41, 15, -1]]}]
    """
    return [
        {
            "statement": table.statement,
            "attributes": list(table.attributes),
            "groups": [list(group) for group in table.groups],
            "counts": table.counts.tolist(),
        }
        for table in tables
    ]


def from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Table, ...]:
    """What `to_json` was given.

    Raises
    ------
    DisclosureError
        The counts do not fit the groups: it was changed since.
    """
    return tuple(
        Table(
            each["statement"],
            tuple(each["attributes"]),
            tuple(tuple(group) for group in each["groups"]),
            np.array(each["counts"], dtype=np.int64),
        )
        for each in kept
    )
