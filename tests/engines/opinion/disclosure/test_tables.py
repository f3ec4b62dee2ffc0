"""The tables of a publication."""

import numpy as np
import pytest
from tests.engines.opinion.disclosure.tables_by_hand import X, one_way, publication

from tessera.engines.opinion.disclosure.tables import Table
from tessera.engines.opinion.errors import DisclosureError


def test_a_share_comes_from_shown_counts_only():
    table = one_way([[30, 10, X], [X, 12, 11], [0, 0, 12]], [90, 80, 70], totals=[50, 22, 30])[-1]
    assert table.agreement(("d0",)) == 0.75
    assert table.agreement(("d1",)) is None
    assert table.agreement(("d2",)) is None


def test_a_table_of_which_nothing_is_shown_is_withheld():
    published = publication(one_way([[X, X, X], [X, X, X]], [90, 80], totals=[9, 9, 9]))
    assert [table.key for table in published.withheld()] == [("s", ("district",))]


def test_a_published_table_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        one_way([[30, 10, 12]], [90])[-1].counts[0, 0] = 1


@pytest.mark.parametrize(
    ("groups", "counts", "message"),
    [
        ((("north",),), [[1, 2]], "1 groups and 3 answers"),
        ((("north",), ("north",)), [[1, 2, 3]] * 2, "a group comes twice"),
        (((),), [[1, 2, 3]], "one value for each"),
        ((("north",),), [[1, 2, -3]], "-3 people"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(groups, counts, message):
    with pytest.raises(DisclosureError, match=message):
        Table("s", ("district",), groups, np.array(counts))
