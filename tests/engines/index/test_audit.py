"""The audit of an index: each part against the function that makes it, and against COINr's figures."""

import csv

import numpy as np
import pytest
from tests.engines.index.asem import METHOD, data_of, table, tree_of

from tessera.engines.index.audit import audit
from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.method import Method, Weight
from tessera.engines.index.statistics import Kind
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

EVERYWHERE = np.array(True)

nan = np.nan
PLAIN = Method(normalise=Normalise("none"))


@pytest.fixture(scope="module")
def asem(shared):
    tree = tree_of(shared)
    result = compute(tree, data_of(shared, tree), METHOD)
    return result, audit(result)


def test_reliability_is_coinrs_for_the_groups_of_indicators(asem, shared):
    with (shared / "data/coinr/cronbach.csv").open(encoding="utf-8", newline="") as file:
        published = [row for row in csv.DictReader(file) if row["dset"] == "Normalised"]
    assert len(published) == 8
    for row in published:
        assert asem[1].reliability[row["group"]] == pytest.approx(float(row["alpha"]), rel=1e-9)
    assert set(asem[1].reliability) == set(asem[0].tree.groups)


def test_correlations_of_a_level_are_those_of_its_published_scores(asem, shared):
    _, codes, scores = table(shared, "aggregated_minmax_0_100__a_amean.csv")
    found = asem[1]
    assert {level: len(codes) for level, codes in found.codes_on.items()} == {1: 49, 2: 8, 3: 2}
    pillars = found.codes_on[2]
    expected = np.corrcoef(scores[:, [codes.index(code) for code in pillars]], rowvar=False)
    assert np.allclose(found.correlations[2, Kind.PEARSON].r, expected, rtol=1e-9)
    assert set(found.correlations) == {(level, kind) for level in (1, 2, 3) for kind in Kind}


def test_effective_weights_of_asem_sum_to_one_on_the_level_of_indicators(asem):
    effective = asem[1].effective
    assert sum(effective[code] for code in asem[1].codes_on[1]) == pytest.approx(1, rel=1e-12)
    # Equal weights everywhere: LPI is one of 8 in Physical, one of 5 pillars in Conn, one of 2.
    assert effective["LPI"] == pytest.approx(1 / 2 / 5 / 8, rel=1e-12)


UNEVEN = Tree(
    (
        Node("index", None),
        Node("g", "index", 3.0),
        Node("d", "index"),
        Node("a", "g"),
        Node("b", "g", 4.0),
        Node("h", "index", 0.0),
        Node("c", "h"),
        Node("e", "h"),
    )
)


def uneven(values, *, method=PLAIN, applies=EVERYWHERE):
    """An index of d, a, b, c, e."""
    units = tuple(f"u{row}" for row in range(len(values)))
    return audit(compute(UNEVEN, Data(units, UNEVEN.leaves, np.array(values), applies), method))


def columns(**given):
    return np.column_stack([given[code] for code in UNEVEN.leaves])


RISING = np.arange(1.0, 9)
ZIGZAG = np.array([1.0, 8, 2, 7, 3, 6, 4, 5])
BASE = {"a": RISING, "b": RISING**2, "c": ZIGZAG, "e": ZIGZAG**2, "d": -ZIGZAG}


def test_effective_weights_follow_the_weights_that_the_method_gave():
    given = uneven(columns(**BASE)).effective
    assert given == {
        "index": 1,
        "g": 0.75,
        "d": 0.25,
        "h": 0,
        "a": pytest.approx(0.15),
        "b": pytest.approx(0.6),
        "c": 0,
        "e": 0,
    }
    equal = uneven(
        columns(**BASE), method=Method(normalise=Normalise("none"), weight=Weight("equal"))
    ).effective
    assert equal["g"] == equal["d"] == equal["h"] == pytest.approx(1 / 3)
    assert equal["a"] == equal["e"] == pytest.approx(1 / 6)


def test_availability_is_of_all_rows_before_any_step():
    values = columns(**BASE)
    values[0, :3] = nan
    applies = np.ones(values.shape, dtype=bool)
    applies[0, 0] = False
    found = uneven(values, applies=applies).availability
    # Of d 7 of the 7 to which it applies, of a and b 7 of 8.
    assert found.indicators.share.tolist() == [1, 0.875, 0.875, 1, 1]


def flags(found, flag):
    """The code and the other node of each flag of a kind."""
    there = [(one.code, one.flag.removeprefix(flag)) for one in found.flags if one.flag.startswith(flag)]
    assert len(there) == len(set(there))
    return {(code, other.removeprefix(" with ")) for code, other in there}


def test_twins_in_a_group_are_flagged_and_twins_across_groups_are_not():
    found = uneven(columns(**{**BASE, "b": 2 * RISING + 1, "c": RISING + 3}))
    assert flags(found, "redundant") == {("a", "b")}
    assert flags(found, "conflicting") == {("c", "e")}


def test_an_indicator_beside_groups_is_not_judged_by_the_groups_beside_it():
    # d hangs at the root, and g and h are no other home of that height; nor is the root one for a.
    # d is as good as g, and a goes along with the root, which is mostly d, better than with g.
    noise = np.array([3.0, -2, 1, -4, 4, -1, 2, -3])
    found = uneven(columns(a=RISING, b=9 * noise, c=-RISING, e=-(RISING**2), d=100 * RISING))
    scores = np.corrcoef(np.vstack([RISING, (RISING + 36 * noise) / 5, RISING]))
    assert scores[0, 1] < 0.9
    assert flags(found, "stronger") == set()


def test_an_indicator_that_goes_along_with_another_group_is_flagged():
    # c rises with g, and h is led by e.
    found = uneven(columns(**{**BASE, "c": RISING / 100, "e": 50 * ZIGZAG}))
    assert flags(found, "stronger") == {("c", "g")}


def test_an_indicator_that_skips_a_level_is_judged_by_the_groups_of_the_height_of_its_own():
    nodes = [Node("index", None), Node("G", "index"), Node("H", "index"), Node("g", "G"), Node("h", "H")]
    nodes += [Node("a", "g"), Node("b", "g"), Node("c", "h"), Node("e", "h"), Node("d", "H")]
    tree = Tree(tuple(nodes))
    of = {"a": RISING, "b": RISING + 0.1 * ZIGZAG, "c": 90 * ZIGZAG, "e": 80 * ZIGZAG, "d": 2 * RISING}
    values = np.column_stack([of[code] for code in tree.leaves])
    found = audit(compute(tree, Data(tuple("ABCDEFGH"), tree.leaves, values), PLAIN))
    assert flags(found, "stronger") == {("d", "G")}


def test_a_group_with_children_on_several_levels_is_judged_by_all_of_them():
    # The children of the root: g and h on level 2, d on level 1.
    found = uneven(columns(**BASE))
    scores = np.column_stack([(RISING + 4 * RISING**2) / 5, -ZIGZAG, (ZIGZAG + ZIGZAG**2) / 2])
    parts = np.cov(scores, rowvar=False)
    alpha = 3 / 2 * (1 - np.trace(parts) / parts.sum())
    assert found.reliability["index"] == pytest.approx(alpha, rel=1e-9)
    own = [flag for flag in found.flags if (flag.code, flag.flag) == ("index", "unreliable")]
    assert [flag.value for flag in own] == [pytest.approx(alpha, rel=1e-9)]


def test_an_index_of_indicators_alone_can_be_audited():
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    data = Data(tuple("ABCD"), ("a", "b"), np.array([[1.0, 2], [2, 4], [3, 6], [4, 8.5]]))
    found = audit(compute(tree, data, PLAIN))
    assert found.codes_on == {1: ("a", "b")}
    assert flags(found, "redundant") == {("a", "b")}
    assert found.correlations[1, Kind.SPEARMAN].r.tolist() == [[1, 1], [1, 1]]
