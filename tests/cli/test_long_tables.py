"""Tables read part by part: that nothing of a part stays when the next one is read."""

import tracemalloc

import pytest

from tessera.cli.long_tables import long_table
from tessera.cli.tables import MOST_FAULTS

N_ROWS = 100_000


@pytest.mark.parametrize(
    "row", ["{0},{0},1\n", '"{0}",{0},1\n', " {0},{0},1\n"], ids=["plain", "quoted", "with blanks"]
)
def test_a_long_file_is_never_held_as_a_whole(tmp_path, row):
    path = tmp_path / "T.csv"
    path.write_text("a,b,c\n" + "".join(row.format(number) for number in range(N_ROWS)))
    tracemalloc.start()
    try:
        with long_table(path, ValueError) as table:
            n_rows = sum(len(part.rows) for part in table.parts)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_rows == N_ROWS
    # As lists of cells the rows would take more than 200 bytes each.
    assert most < 40 * N_ROWS


def test_of_many_faults_only_the_first_are_kept_while_the_file_is_read(tmp_path):
    path = tmp_path / "T.csv"
    path.write_text("a,b\n" + "1\n" * N_ROWS)
    with long_table(path, ValueError) as table:
        for _ in table.parts:
            assert len(table.faults) < N_ROWS / 2
        assert [fault.row for fault in table.faults] == list(range(2, 2 + MOST_FAULTS))
        assert table.faults.n_more == N_ROWS - MOST_FAULTS
