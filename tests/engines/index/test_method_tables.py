"""A method from its tables: what is read, what is refused, and what is written out again."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.errors import MethodError
from tessera.engines.index.factors import Choice, Doubt, UncertainCells, WeightNoise, WeightSets, WeightShares
from tessera.engines.index.method import Method, Screen, Weight, as_tables
from tessera.engines.index.method_tables import read_method
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.structure import Node, Tree

TREE = Tree(
    (
        Node("index", None),
        Node("work", "index"),
        Node("jobs", "work", denominator="people"),
        Node("pay", "work", direction=-1),
        Node("homes", "index"),
    )
)
MEASURED = Tree(
    tuple(
        replace(node, goal_low=0.0, goal_high=10.0, target=8.0) if node.code in TREE.leaves else node
        for node in TREE.nodes
    )
)
SETS = {
    "whole.csv": (("jobs", "pay"), [[1, 2], [0, 1]]),
    "every.csv": (("work", "homes", "jobs", "pay"), [[1, 2, 3, 4]]),
    "part.csv": (("work", "homes", "pay"), [[1, 2, 3]]),
    "nothing.csv": (("jobs", "pay"), [[1, 2], [0, 0]]),
    "rooted.csv": (("index", "jobs", "pay"), [[1, 2, 3]]),
    "stranger.csv": (("nobody",), [[1]]),
}
DOUBTS = (Doubt("Riga", "pay", (1.0, 2.0), (0.25, 0.75)),)


def read(content, tree=TREE):
    return read_method(
        tomllib.loads(content) if isinstance(content, str) else content,
        tree,
        weight_sets=lambda name: (SETS[name][0], np.array(SETS[name][1], dtype=np.float64)),
        doubts=lambda name: DOUBTS,
    )


def factor(rest, name="f"):
    return f'\n[[uncertain]]\nname = "{name}"\n{rest}\n'


def choice(step, values, name="f"):
    return factor(f'step = "{step}"\nvalues = {values}', name)


def test_a_method_of_all_steps_and_kinds_of_factors_is_read():
    method = read(
        "[denominate]\n[screen]\nmin_available = 0.5\n[impute]\nmethod = 'group_median'\ngroup = 'area'\n"
        "[treat]\nmethod = 'boxcox'\nskew = 1\n[normalise]\nmethod = 'minmax'\nlow = 1\n"
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 0.7, pay = 0.3 }\n"
        "[aggregate]\nmethod = 'geometric'\n[aggregate.at.L3]\nmethod = 'power'\npower = 0\n"
        + choice("treat.kurtosis", "[3, 4.5]", "limit")
        + choice("screen", "[{ min_available = 0.5 }, {}]", "screen")
        + factor("weights = { noise = 0.25, levels = [2, 1] }", "noise")
        + factor("weights = { dirichlet = 50, levels = [1] }", "shares")
        + factor("weights = { sets = 'every.csv' }", "experts")
        + factor("cells = { missing = 'class', group = 'area', doubt = 'DOUBT.csv' }", "answers")
    )
    *factors, sets, cells = method.uncertain
    assert replace(method, uncertain=()) == Method(
        True,
        Screen(0.5),
        Impute("group_median", "area"),
        Treat("boxcox", skew=1.0),
        Normalise("minmax", low=1.0),
        Weight("optimise", (("jobs", 0.7), ("pay", 0.3))),
        Aggregate(Rule("geometric"), (("L3", Rule("power", power=0.0)),)),
    )
    assert factors == [
        Choice("limit", "treat", "kurtosis", (3.0, 4.5)),
        Choice("screen", "screen", None, (Screen(0.5), Screen(0.0))),
        WeightNoise("noise", 0.25, (2, 1)),
        WeightShares("shares", 50.0, (1,)),
    ]
    assert isinstance(sets, WeightSets)
    assert (sets.codes, sets.weights.tolist()) == (("work", "homes", "jobs", "pay"), [[1, 2, 3, 4]])
    assert cells == UncertainCells("answers", "class", "area", DOUBTS)


def test_goalposts_everywhere_are_the_default_scale_of_the_method_and_of_its_alternatives():
    content = "[normalise]\nlow = 1\n" + choice(
        "normalise", "[{ low = 1 }, { low = 2 }, { method = 'rank' }]"
    )
    (scales,) = read(content, MEASURED).uncertain
    assert read(content, MEASURED).normalise == Normalise("goalposts", low=1.0)
    assert [value.method for value in scales.values] == ["goalposts", "goalposts", "rank"]
    assert [value.method for value in read(content).uncertain[0].values] == ["minmax", "minmax", "rank"]


@pytest.mark.parametrize(
    "content",
    [
        choice("treat.method", "['none', 'winsorise']"),
        choice("treat", "[{ method = 'log' }, {}]"),
        choice("impute.method", "['none', 'median']"),
        choice("screen.min_available", "[0, 0.5]"),
        "[screen]\nmin_available = 0.5\n" + choice("screen.min_available", "[0.4, 0.6]"),
        "[impute]\nmethod = 'mean'\n" + choice("impute.method", "['mean', 'median']"),
        # What one factor chooses makes the key of another matter.
        choice("treat.method", "['none', 'winsorise']", "g") + choice("treat.max_winsorised", "[1, 5]"),
        "[aggregate]\nzeros = 'floor'\nfloor = 1\n"
        + choice("aggregate.method", "['arithmetic', 'geometric']", "g")
        + choice("aggregate.floor", "[0.1, 1]"),
        "[aggregate]\nmethod = 'geometric'\n"
        + choice("aggregate.floor", "[0.1, 1]")
        + choice("aggregate.zeros", "['floor', 'annihilate']", "g"),
        "[impute]\nmethod = 'mean'\ngroup = 'area'\n" + choice("impute.method", "['mean', 'group_mean']"),
        "[normalise]\nmethod = 'minmax'\nreference = 'Riga'\n"
        + choice("normalise.method", "['minmax', 'distance_to_reference']"),
        "[aggregate]\nmethod = 'power'\npower = 2\n"
        + choice("aggregate.power", "[-1, 2]")
        + choice("aggregate.zeros", "['error', 'annihilate']", "g"),
        "[aggregate.at.work]\nmethod = 'geometric'\n" + choice("aggregate.method", "['arithmetic', 'borda']"),
        choice("normalise.low", "[0, 50]") + choice("normalise.high", "[60, 100]", "g"),
        factor("weights = { noise = 0.1, levels = [1] }") + factor("weights = { sets = 'whole.csv' }", "g"),
        # A table of another program may give the root a weight; it is a share of nothing.
        factor("weights = { sets = 'rooted.csv' }"),
        # Settings without effect in the method itself do no harm.
        "[aggregate]\npower = 3\nzeros = 'annihilate'\n[impute]\nmethod = 'mean'\ngroup = 'area'\n",
    ],
)
def test_what_can_change_something_is_accepted(content):
    assert len(read(content).uncertain) == content.count("[[uncertain]]")


def test_goalposts_and_targets_are_accepted_where_every_indicator_has_them():
    content = choice("normalise.method", "['goalposts', 'minmax', 'distance_to_target']")
    assert read(content, MEASURED).uncertain[0].alternatives == 3


REFUSED = {
    "goalposts without goalposts": (
        choice("normalise.method", "['minmax', 'goalposts']"),
        ["uncertain 'f'.values 'goalposts' needs goal_low and goal_high", "none for jobs, pay, homes"],
    ),
    "targets without targets": (
        choice("normalise.method", "['minmax', 'distance_to_target']"),
        ["uncertain 'f'.values 'distance_to_target' needs target", "none for jobs, pay, homes"],
    ),
    "reference without reference": (
        choice("normalise.method", "['minmax', 'distance_to_reference']"),
        ["uncertain 'f'.values: distance_to_reference needs a key of its own, normalise.reference"],
    ),
    "group mean without group": (
        "[impute]\nmethod = 'mean'\n" + choice("impute.method", "['mean', 'group_mean']"),
        ["group_mean needs a key of its own, impute.group", "or give whole steps as values"],
    ),
    "optimise without importances": (
        choice("weight.method", "['given', 'optimise']"),
        ["optimise needs a key of its own, weight.importances"],
    ),
    "power without power": (
        choice("aggregate.method", "['arithmetic', 'power']"),
        ["power needs a key of its own, aggregate.power"],
    ),
    "floor without floor": (
        "[aggregate]\nmethod = 'geometric'\n" + choice("aggregate.zeros", "['error', 'floor']"),
        ["uncertain 'f'.values: floor needs a key of its own, aggregate.floor"],
    ),
    "whole step without its key": (
        choice("aggregate", "[{}, { method = 'geometric', zeros = 'floor' }]"),
        ["uncertain 'f'.values.zeros \"floor\" needs floor"],
    ),
    "floor where zeros do something else": (
        "[aggregate]\nmethod = 'geometric'\nfloor = 1\n" + choice("aggregate.floor", "[0.1, 1]"),
        ["varies aggregate.floor, which has no effect", "aggregate.zeros is 'error'", "used by 'floor'"],
    ),
    "floor of an arithmetic mean": (
        "[aggregate]\nzeros = 'floor'\nfloor = 1\n" + choice("aggregate.floor", "[0.1, 1]"),
        ["varies aggregate.floor, which has no effect", "'arithmetic'", "used by geometric, harmonic"],
    ),
    "zeros of a power above 0": (
        "[aggregate]\nmethod = 'power'\npower = 2\n" + choice("aggregate.zeros", "['error', 'annihilate']"),
        ["varies aggregate.zeros, which has no effect", "aggregate.method is 'power'", "power up to 0"],
    ),
    "power of another mean": (
        choice("aggregate.power", "[1, 2]"),
        ["varies aggregate.power, which has no effect: aggregate.method is 'arithmetic'", "used by power"],
    ),
    "key under every alternative without it": (
        "[treat]\nmethod = 'log'\n"
        + choice("treat.max_winsorised", "[1, 5]")
        + choice("treat.method", "['log', 'boxcox']", "g"),
        ["varies treat.max_winsorised", "treat.method is 'log' or 'boxcox'", "used by winsorise"],
    ),
    "rule that no group takes, by level": (
        "[aggregate.at.L2]\nmethod = 'geometric'\n[aggregate.at.L3]\nmethod = 'geometric'\n"
        + choice("aggregate.method", "['arithmetic', 'geometric']"),
        ["varies aggregate.method, which has no effect", "every group has a rule of its own in aggregate.at"],
    ),
    "rule that no group takes, by code": (
        "[aggregate.at.work]\nmethod = 'geometric'\n[aggregate.at.L3]\nmethod = 'geometric'\n"
        + choice("aggregate.min_available", "[0, 0.5]"),
        ["varies aggregate.min_available, which has no effect", "aggregate.at"],
    ),
    "treatment that the method lacks": (
        choice("treat.method", "['winsorise', 'log']"),
        ["varies treat.method, a step that the method does not have", "its absence", "method = 'none'"],
    ),
    "imputation that the method lacks": (
        choice("impute.method", "['mean', 'median']"),
        ["varies impute.method, a step that the method does not have"],
    ),
    "imputation that the method lacks, whole": (
        choice("impute", "[{ method = 'mean' }, { method = 'median' }]"),
        ["varies impute, a step that the method does not have"],
    ),
    "screen that the method lacks": (
        choice("screen.min_available", "[0.4, 0.6]"),
        ["varies screen.min_available, a step that the method does not have", "min_available = 0.0"],
    ),
    "low above high": (
        choice("normalise.low", "[0, 100]"),
        ["uncertain 'f'.values: normalise.low 100 is not below normalise.high 100"],
    ),
    "high below low": (
        "[normalise]\nlow = 10\n" + choice("normalise.high", "[5, 50]"),
        ["normalise.low 10 is not below normalise.high 5"],
    ),
    "low above what another factor makes of high": (
        choice("normalise.low", "[0, 50]") + choice("normalise.high", "[40, 100]", "g"),
        ["normalise.low 50 is not below normalise.high 40"],
    ),
    "true for a level": (factor("weights = { noise = 0.1, levels = [true] }"), ["levels is [True]", "1, 2"]),
    "half a level": (factor("weights = { dirichlet = 9, levels = [1.0] }"), ["levels is [1.0]"]),
    "level twice": (factor("weights = { noise = 0.1, levels = [1, 1] }"), ["levels is [1, 1]", "each once"]),
    "level of the root": (factor("weights = { noise = 0.1, levels = [3] }"), ["levels is [3]"]),
    "no level": (factor("weights = { noise = 0.1, levels = [] }"), ["levels is []"]),
    "level that is no list": (factor("weights = { noise = 0.1, levels = 1 }"), ["levels is 1"]),
    "factor named run": (
        choice("aggregate.method", "['arithmetic', 'borda']", "run"),
        ["uncertain.1.name is 'run'", "column of RUNS.csv", "not run or failed"],
    ),
    "factor named failed": (
        factor("cells = { missing = 'class' }", "failed"),
        ["uncertain.1.name is 'failed'"],
    ),
    "blank name": (factor("cells = { missing = 'class' }", "  "), ["uncertain.1.name is '  '"]),
    "empty name": (factor("cells = { missing = 'class' }", ""), ["uncertain.1.name is ''"]),
    "name with blanks around": (factor("cells = { missing = 'class' }", " f"), ["name is ' f'", "no blanks"]),
    "importances of nothing": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 0, pay = 0 }\n",
        ["weight.importances of jobs, pay sum to 0; shares of 1"],
    ),
    "importances above all": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 70, pay = 30 }\n",
        ["weight.importances of jobs, pay sum to 100"],
    ),
    "importance of the root": (
        "[weight]\nmethod = 'optimise'\nimportances = { index = 1 }\n",
        ["weight.importances names index, the whole index"],
    ),
    "negative importance": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 1.5, pay = -0.5 }\n",
        ["weight.importances.pay is -0.5", "from 0"],
    ),
    "importance of some children": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 1 }\n",
        ["weight.importances names some children of work and not pay"],
    ),
    "importances among the alternatives": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = 0.5, pay = 0.5 }\n"
        + choice("weight.importances", "[{ jobs = 0.7, pay = 0.3 }, { jobs = 0.7, pay = 0.2 }]"),
        ["uncertain 'f'.values of jobs, pay sum to 0.9"],
    ),
    "whole step and a key of it": (
        "[treat]\nmethod = 'winsorise'\n"
        + choice("treat.max_winsorised", "[1, 5]", "cap")
        + choice("treat", "[{ method = 'winsorise' }, { method = 'log' }]", "way"),
        ["uncertain 'cap' and 'way' vary treat", "whole step would replace", "one factor"],
    ),
    "whole step twice": (
        choice("aggregate", "[{}, { method = 'borda' }]", "one")
        + choice("aggregate", "[{}, { method = 'copeland' }]", "two"),
        ["uncertain 'one' and 'two' vary aggregate"],
    ),
    "key twice": (
        "[treat]\nmethod = 'log'\n"
        + choice("treat.skew", "[1, 2]", "a")
        + choice("treat.skew", "[2, 3]", "b"),
        ["uncertain 'a' and 'b' vary treat.skew", "replace the other"],
    ),
    "name twice": (
        factor("weights = { noise = 0.1, levels = [1] }") + factor("cells = { missing = 'class' }"),
        ["two factors are named 'f'"],
    ),
    "sets twice": (
        factor("weights = { sets = 'whole.csv' }", "a") + factor("weights = { sets = 'every.csv' }", "b"),
        ["uncertain 'a' and 'b' are both sets of weights"],
    ),
    "sets of some siblings": (
        factor("weights = { sets = 'part.csv' }"),
        ["uncertain 'f'.weights.sets names pay of the group work and not jobs", "all children of it or none"],
    ),
    "set without any weight": (
        factor("weights = { sets = 'nothing.csv' }"),
        ["uncertain 'f'.weights.sets: set 2 gives all children of work the weight 0"],
    ),
    "sets of a stranger": (
        factor("weights = { sets = 'stranger.csv' }"),
        ["sets names nobody, which is not in the structure"],
    ),
    "equal values": (
        "[treat]\nmethod = 'log'\n" + choice("treat.skew", "[1, 2, 1.0]"),
        ["uncertain 'f'.values: the alternatives 1 and 3 are equal"],
    ),
    "equal steps": (
        choice("normalise", "[{}, { method = 'minmax', low = 0 }]"),
        ["uncertain 'f'.values: the alternatives 1 and 2 are equal"],
    ),
    "unknown key of denominate": ("[denominate]\nby = 'people'\n", ["denominate.by is not known"]),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_method_cannot_mean_is_refused_by_its_place(content, words):
    with pytest.raises(MethodError) as caught:
        read(content)
    for word in words:
        assert word in str(caught.value), str(caught.value)


def test_another_step_or_key_leaves_the_rest_of_a_method_as_it_was():
    method = Method(
        treat=Treat("log", skew=1.0), aggregate=Aggregate(Rule("geometric"), (("L3", Rule("borda")),))
    )
    assert method.with_setting("treat", "kurtosis", 9.0) == replace(
        method, treat=Treat("log", skew=1.0, kurtosis=9.0)
    )
    assert method.with_setting("treat", None, Treat()) == replace(method, treat=Treat())
    # The rules of single levels stay when that of all groups changes, and go with the whole step.
    zeros = method.with_setting("aggregate", "zeros", "annihilate").aggregate
    assert zeros == Aggregate(Rule("geometric", zeros="annihilate"), (("L3", Rule("borda")),))
    assert method.with_setting("aggregate", None, Aggregate()).aggregate == Aggregate()
    assert Choice("f", "treat", "skew", (1.5, 3.0)).chosen(method, 2).treat.skew == 3.0


def test_a_method_is_written_out_with_its_defaults_and_without_what_is_not_set():
    assert as_tables(Method()) == {
        "screen": {"min_available": 0.0},
        "impute": {"method": "none"},
        "treat": {"method": "none", "max_winsorised": 5, "skew": 2.0, "kurtosis": 3.5},
        "normalise": {
            "method": "minmax", "low": 0.0, "high": 100.0, "mean": 0.0, "sd": 1.0, "cap": True
        },
        "weight": {"method": "given"},
        "aggregate": {"method": "arithmetic", "zeros": "error", "min_available": 0.0},
        "uncertain": [],
    }  # fmt: skip


def test_factors_are_written_out_with_all_that_their_files_say():
    sets = WeightSets("experts", ("jobs", "pay"), np.array([[1.0, 2.0]]))
    cells = UncertainCells("answers", "class", None, DOUBTS)
    steps = Choice("rule", "aggregate", None, (Aggregate(), Aggregate(Rule("borda"), (("L2", Rule()),))))
    found = as_tables(Method(uncertain=(sets, cells, steps)))["uncertain"]
    assert found[0] == {"name": "experts", "codes": ["jobs", "pay"], "weights": [[1.0, 2.0]]}
    assert found[1] == {
        "name": "answers",
        "missing": "class",
        "doubts": [{"row": "Riga", "code": "pay", "values": [1.0, 2.0], "probabilities": [0.25, 0.75]}],
    }
    assert [value["method"] for value in found[2]["values"]] == ["arithmetic", "borda"]
    assert found[2]["values"][1]["at"]["L2"]["method"] == "arithmetic"


methods = st.builds(
    Method,
    denominate=st.booleans(),
    screen=st.builds(Screen, st.floats(0, 1)),
    impute=st.sampled_from([Impute(), Impute("em"), Impute("group_mean", "area"), Impute("mean", "area")]),
    treat=st.builds(Treat, st.sampled_from(["none", "log"]), st.integers(0, 9), st.floats(0.1, 9)),
    normalise=st.builds(
        Normalise,
        st.sampled_from(["goalposts", "minmax", "zscore", "distance_to_target", "distance_to_reference"]),
        low=st.floats(0, 1),
        high=st.floats(2, 100),
        cap=st.booleans(),
        reference=st.just("Riga"),
    ),
    weight=st.sampled_from([Weight(), Weight("pca"), Weight("optimise", (("jobs", 0.25), ("pay", 0.75)))]),
    aggregate=st.sampled_from(
        [
            Aggregate(),
            Aggregate(Rule("power", power=0.0, zeros="floor", floor=0.5, min_available=0.5)),
            Aggregate(Rule("copeland"), (("L2", Rule("harmonic")), ("index", Rule("power", power=-2.0)))),
        ]
    ),
)


@given(methods)
def test_what_is_written_out_is_read_back_as_the_same_method(method):
    assert read(as_tables(method), MEASURED) == method


LONELY = Tree((Node("index", None), Node("work", "index"), Node("jobs", "work"), Node("pay", "work")))


@pytest.mark.parametrize("kind", ["noise = 0.2", "dirichlet = 9"])
def test_weights_of_nodes_without_siblings_cannot_be_uncertain(kind):
    content = f"[[uncertain]]\nname = 'w'\nweights = {{ {kind}, levels = [2] }}"
    with pytest.raises(MethodError, match="no node there has siblings, so nothing would move"):
        read(content, LONELY)


@pytest.mark.parametrize("codes", [("index",), ("work",), ("index", "work")])
def test_a_set_of_weights_that_moves_nothing_is_refused(codes):
    with pytest.raises(MethodError, match=r"names no node with siblings.*; accepted: the children of work"):
        read_method(
            tomllib.loads("[[uncertain]]\nname = 'w'\nweights = { sets = 'W.csv' }"),
            LONELY,
            weight_sets=lambda name: (codes, np.ones((2, len(codes)))),
            doubts=lambda name: (),
        )


def test_what_a_level_or_a_group_leaves_out_is_as_for_all():
    found = read(
        "[aggregate]\nmethod = 'geometric'\nzeros = 'floor'\nfloor = 2\n"
        "[aggregate.at.L2]\nmin_available = 0.5\n[aggregate.at.index]\nmethod = 'harmonic'"
    ).aggregate
    assert found.rule_for("work", 2) == Rule("geometric", zeros="floor", floor=2.0, min_available=0.5)
    assert found.rule_for("index", 3) == Rule("harmonic", zeros="floor", floor=2.0)
