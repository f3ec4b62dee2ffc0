"""Tables that are kept and read again are the same."""

import json

import numpy as np
import pytest
from tests.engines.opinion.disclosure.tables_by_hand import X, crossed, one_way

from tessera.engines.opinion.disclosure.as_json import from_json, to_json
from tessera.engines.opinion.disclosure.tables import Table
from tessera.engines.opinion.errors import DisclosureError


def through_json(tables):
    return from_json(json.loads(json.dumps(to_json(tables))))


@pytest.mark.parametrize(
    "tables",
    [one_way([[30, X, 15], [25, X, 12]], [90, 80], totals=[55, 5, 27]), crossed([[30, 20], [X, 15]])],
)
def test_tables_come_back_as_they_were_hidden_cells_too(tables):
    read = through_json(tables)
    assert len(read) == len(tables)
    for before, after in zip(tables, read, strict=True):
        assert (after.key, after.groups) == (before.key, before.groups)
        assert np.array_equal(after.counts, before.counts)


def test_what_does_not_fit_is_refused():
    [kept] = to_json([Table(None, ("age",), (("young",), ("old",)), np.array([[30], [12]]))])
    with pytest.raises(DisclosureError):
        from_json([{**kept, "counts": [[30]]}])
