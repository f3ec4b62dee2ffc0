"""The whole without each indicator and group, through the command line."""

from tests.cli.index_command import SCORES, rows_of, run_well

REMOVAL = "removed,unit,score,rank,nominal_rank"


def without(folder, code):
    """The scores and ranks of the index from a structure that never had the indicator."""
    path = folder / "STRUCTURE.csv"
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{code},")]
    path.write_text("\n".join(kept) + "\n")
    run_well("score", folder, "-o", "smaller.csv")
    rows = [row for row in rows_of(folder / "smaller.csv", SCORES) if row["code"] == "index"]
    return {row["unit"]: (float(row["score"]), row["rank"]) for row in rows}


def test_each_indicator_and_group_is_left_out_in_turn(own):
    run_well("sensitivity", own, "-o", "s.csv", "--draws", "64", "--removal", "removal.csv")
    rows = rows_of(own / "removal.csv", REMOVAL)
    run_well("score", own, "-o", "scores.csv")
    nominal = {
        row["unit"]: row["rank"] for row in rows_of(own / "scores.csv", SCORES) if row["code"] == "index"
    }
    codes = list(dict.fromkeys(row["removed"] for row in rows))
    assert len(codes) == 13
    assert len(rows) == 13 * 16
    assert {row["unit"]: row["nominal_rank"] for row in rows} == nominal
    expected = without(own, "forest")
    found = {row["unit"]: row for row in rows if row["removed"] == "forest"}
    assert found.keys() == expected.keys()
    for unit, (score, rank) in expected.items():
        assert abs(float(found[unit]["score"]) - score) < 1e-9
        assert found[unit]["rank"] == rank
