"""The engine against the worked example of the Handbook, table by table, and its small examples."""

import itertools

import numpy as np
import pytest
from tests.oracles import technology_achievement as tai

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.explanation.removal import removals
from tessera.engines.index.method import Method
from tessera.engines.index.statistics import (
    Kind,
    correlations,
    correlations_between,
    cronbach_alpha,
    principal_components,
)
from tessera.engines.index.steps.aggregate import Aggregate, Rule, borda, copeland, outranking, power_mean
from tessera.engines.index.steps.normalise import Normalise, Scales, normalise
from tessera.engines.index.steps.rank import rank_shift
from tessera.engines.index.structure import Node, Tree

TABLE = np.array(list(tai.COUNTRIES.values()), dtype=np.float64)
DATA = Data(tuple(tai.COUNTRIES), tai.INDICATORS, TABLE)
POSTS = dict(zip(tai.INDICATORS, tai.GOALPOSTS, strict=True))
BY_GOALPOSTS = Method(normalise=Normalise("goalposts"))

BY_DIMENSION = Tree(
    (
        Node("index", None),
        *(Node(dimension, "index") for dimension in tai.DIMENSIONS),
        *(
            Node(code, dimension, goal_low=POSTS[code][0], goal_high=POSTS[code][1])
            for dimension, codes in tai.DIMENSIONS.items()
            for code in codes
        ),
    )
)

# Rounding to the last digit that is printed; the rest is what binary fractions need.
TWO_DECIMALS = 0.005 + 1e-12
THREE_DECIMALS = 0.0005 + 1e-12
ONE_DECIMAL = 0.05 + 1e-12
NO_DECIMAL = 0.5 + 1e-12


def flat(weights):
    nodes = (
        Node(code, "index", weight, goal_low=POSTS[code][0], goal_high=POSTS[code][1])
        for code, weight in zip(tai.INDICATORS, weights, strict=True)
    )
    return Tree((Node("index", None), *nodes))


def unscaled(number):
    none = np.full(number, np.nan)
    return Scales(tuple(f"i{place}" for place in range(number)), np.ones(number), none, none, none)


def ranks_of(result):
    return dict(zip(result.rows, result.ranks[:, result.codes.index("index")].tolist(), strict=True))


def zscores(table):
    return normalise(table, Normalise("zscore"), unscaled(table.shape[1]))


def without(table, column):
    return np.delete(table, column, axis=1)


def table_35():
    table = TABLE[: len(tai.LOGARITHMS_OF_FIVE)].copy()
    assert tuple(tai.LOGARITHMS_OF_FIVE) == DATA.rows[: len(table)]
    logarithms = np.array(list(tai.LOGARITHMS_OF_FIVE.values()))
    # The figures of Table A.2 with a digit more: 4.145 and 3.865 are rounded down there.
    columns = [tai.INDICATORS.index("telephones"), tai.INDICATORS.index("electricity")]
    np.testing.assert_allclose(table[:, columns], logarithms, rtol=0, atol=TWO_DECIMALS)
    table[:, columns] = logarithms
    return table


def places(orders):
    """Orders as scores, a column for each, and how many indicators give it."""
    names = sorted(next(iter(orders)))
    scores = np.array([[-order.index(name) for order in orders] for name in names], dtype=np.float64)
    return scores, np.array(list(orders.values()), dtype=np.float64)


def support(order, shares):
    """How much is for the one before the other, over all pairs: formula 33 of p. 114."""
    return sum(shares[ahead, behind] for ahead, behind in itertools.combinations(order, 2))


@pytest.fixture(scope="module")
def possible_tables():
    """Tables that round to the printed one.

    The Handbook computed from figures with more digits than Table A.2. It matters for the logarithms, whose
    standard deviations are 0.1 and 0.2: correlations with telephones can move by 0.02 to either side.
    """
    rng = np.random.default_rng(1)
    off = rng.uniform(-0.5, 0.5, (300, *TABLE.shape)) * tai.LAST_DIGIT
    return [TABLE, *(TABLE + off)]


def could_be(published, statistic, tables, rounding):
    """Whether what is published lies, but for its own rounding, where the unrounded data can have been."""
    found = np.array([statistic(table) for table in tables])
    published = np.array(published)
    low, high = found.min(axis=0) - rounding, found.max(axis=0) + rounding
    outside = np.argwhere((published < low) | (published > high)).tolist()
    assert not outside, [(place, published[tuple(place)], low[tuple(place)]) for place in outside]


def test_the_scores_of_finland_and_japan_are_those_of_figure_4():
    result = compute(BY_DIMENSION, DATA, BY_GOALPOSTS)
    for country, (index, indicators) in tai.SCORES.items():
        row = result.rows.index(country)
        scores = [result.column(code)[row] for code in ("index", *tai.INDICATORS)]
        np.testing.assert_allclose(scores, [index, *indicators], rtol=0, atol=NO_DECIMAL)


@pytest.mark.parametrize("weights", ["equal", "budget allocation"])
def test_the_ranks_of_the_weighted_index_are_those_of_table_23(weights):
    result = compute(flat(tai.WEIGHTS[weights]), DATA, BY_GOALPOSTS)
    column = list(tai.WEIGHTS).index(weights)
    assert ranks_of(result) == {country: ranks[column] for country, ranks in tai.RANKS.items()}


@pytest.mark.parametrize("weights", ["factor analysis", "analytic hierarchy"])
def test_no_rank_of_table_23_goes_against_the_scores_by_more_than_the_weights_are_rounded(weights):
    """These weights are printed with two decimals, and countries as near as 0.1 points change places by it:
    Singapore and Canada, the Czech Republic and Slovenia; New Zealand, Israel and Spain."""
    result = compute(flat(tai.WEIGHTS[weights]), DATA, BY_GOALPOSTS)
    column, total = list(tai.WEIGHTS).index(weights), sum(tai.WEIGHTS[weights])
    index = result.column("index")
    scores = np.column_stack([result.column(code) for code in tai.INDICATORS])
    for ahead, behind in itertools.permutations(tai.RANKS, 2):
        if tai.RANKS[ahead][column] < tai.RANKS[behind][column]:
            one, two = result.rows.index(ahead), result.rows.index(behind)
            rounding = 0.005 * np.abs(scores[one] - scores[two]).sum() / total
            assert index[one] - index[two] > -rounding, (ahead, behind)


def test_the_ranks_of_the_geometric_index_are_those_of_table_38():
    # Of the figures as they are: a geometric mean ranks alike in any units of measurement (p. 115).
    method = Method(normalise=Normalise("none"), aggregate=Aggregate(Rule("geometric")))
    result = compute(flat(tai.WEIGHTS["equal"]), DATA, method)
    assert ranks_of(result) == {country: ranks[-1] for country, ranks in tai.RANKS.items()}


def test_the_index_without_the_old_innovations_is_that_of_table_41():
    result = compute(BY_DIMENSION, DATA, BY_GOALPOSTS)
    found = removals(result)
    ranks = found.ranks[found.codes.index("old-innovations")]
    published = np.array([tai.RANKS_WITHOUT_OLD[country] for country in result.rows])
    assert ranks.tolist() == published[:, 1].tolist()
    # The differences that Table 41 prints: two of 1 and three of 2, and 18 of the 23 countries stay.
    assert rank_shift(ranks, published[:, 0]) == pytest.approx(8 / 23, rel=1e-12)
    assert (ranks == published[:, 0]).sum() == 18


def test_correlations_are_those_of_table_6(possible_tables):
    above = np.triu_indices(8, 1)
    published = list(itertools.chain(*tai.CORRELATIONS))
    assert len(published) == 28
    could_be(
        published, lambda table: correlations(table, Kind.PEARSON).r[above], possible_tables, TWO_DECIMALS
    )


def test_eigenvalues_and_the_variance_they_explain_are_those_of_table_7(possible_tables):
    def percent(table):
        return 100 * principal_components(table).explained

    could_be(
        tai.EIGENVALUES,
        lambda table: principal_components(table).eigenvalues,
        possible_tables,
        ONE_DECIMAL,
    )
    could_be(tai.VARIANCE_PERCENT, percent, possible_tables, ONE_DECIMAL)
    could_be(tai.CUMULATIVE_PERCENT, lambda table: percent(table).cumsum(), possible_tables, ONE_DECIMAL)


def test_loadings_are_those_of_table_8_but_for_the_sign_of_a_component(possible_tables):
    def turned(table):
        loadings = principal_components(table).loadings
        return loadings * np.sign((loadings * np.array(tai.LOADINGS)).sum(axis=0))

    could_be(tai.LOADINGS, turned, possible_tables, TWO_DECIMALS)


def test_four_components_explain_of_each_indicator_what_table_9_says(possible_tables):
    could_be(
        tai.COMMUNALITIES,
        lambda table: (principal_components(table).loadings[:, :4] ** 2).sum(axis=1),
        possible_tables,
        TWO_DECIMALS,
    )
    could_be(
        [sum(tai.ROTATED_VARIANCES)],
        lambda table: [principal_components(table).eigenvalues[:4].sum()],
        possible_tables,
        4 * TWO_DECIMALS,
    )


def test_cronbach_alpha_is_that_of_table_11(possible_tables):
    could_be([tai.ALPHA], lambda table: [cronbach_alpha(zscores(table))], possible_tables, TWO_DECIMALS)
    could_be(
        tai.ALPHA_WITHOUT,
        lambda table: [cronbach_alpha(zscores(without(table, column))) for column in range(8)],
        possible_tables,
        THREE_DECIMALS,
    )


def test_correlations_with_the_sum_of_the_others_are_those_of_table_11(possible_tables):
    def with_total(table):
        z = zscores(table)
        totals = np.column_stack([without(z, column).sum(axis=1) for column in range(8)])
        return np.diag(correlations_between(z, totals))

    could_be(tai.CORRELATION_WITH_TOTAL, with_total, possible_tables, THREE_DECIMALS)


# The Handbook's percentile is the rank over the number of countries, and its distances to the mean and to the
# worst country are plain ratios: the engine's methods of these names are others.
@pytest.mark.parametrize(
    ("spec", "column"),
    [
        (Normalise("rank"), 0),
        (Normalise("zscore"), 1),
        (Normalise("minmax", low=0.0, high=1.0), 2),
        (Normalise("distance_to_max"), 2),
        # The United States have the highest value.
        (Normalise("distance_to_reference", reference="United States"), 2),
        (Normalise("fraction_of_max"), 3),
    ],
)
def test_normalised_schooling_is_that_of_table_15(spec, column):
    schooling = TABLE[:, [tai.INDICATORS.index("schooling")]]
    reference = DATA.rows.index("United States") if spec.reference else None
    found = normalise(schooling, spec, unscaled(1), reference_row=reference)[:, 0]
    published = [tai.SCHOOLING[country][column] for country in DATA.rows]
    np.testing.assert_allclose(found, published, rtol=0, atol=1e-12 if column == 0 else TWO_DECIMALS)


@pytest.mark.parametrize("year", tai.LEADING_COUNTRY)
def test_distance_to_the_leading_country_depends_on_the_unit_as_in_table_14(year):
    *countries, published = tai.LEADING_COUNTRY[year]
    tree = Tree((Node("index", None), Node("temperature", "index"), Node("humidity", "index")))
    data = Data(("A", "B"), ("temperature", "humidity"), np.array(countries, dtype=np.float64))
    result = compute(tree, data, Method(normalise=Normalise("fraction_of_max")))
    np.testing.assert_allclose(result.column("index"), published, rtol=0, atol=THREE_DECIMALS)


def test_the_outranking_of_five_countries_is_that_of_table_36():
    shares = outranking(table_35(), np.ones(8))
    np.fill_diagonal(shares, 0)
    np.testing.assert_allclose(shares, tai.OUTRANKING_OF_FIVE, rtol=0, atol=1e-12)


def test_the_support_of_six_orders_of_five_countries_is_that_of_table_37():
    shares = outranking(table_35(), np.ones(8))
    for order, published in tai.SUPPORT_OF_FIVE.items():
        assert support(order, shares) == pytest.approx(published, rel=1e-12)


@pytest.mark.parametrize("example", tai.BORDA)
def test_borda_points_are_those_of_the_handbook(example):
    orders, points = tai.BORDA[example]
    scores, weights = places(orders)
    np.testing.assert_allclose(borda(scores, weights) * weights.sum(), points, rtol=0, atol=1e-12)


@pytest.mark.parametrize("example", tai.OUTRANKING)
def test_outranking_counts_the_indicators_as_the_handbook(example):
    scores, weights = places(tai.BORDA[example][0])
    shares = outranking(scores, weights)
    np.fill_diagonal(shares, 0)
    np.testing.assert_allclose(shares * weights.sum(), tai.OUTRANKING[example], rtol=0, atol=1e-12)


@pytest.mark.parametrize("example", tai.CONDORCET)
def test_copeland_ranks_by_condorcets_rule_and_ties_what_goes_in_a_circle(example):
    scores, weights = places(tai.BORDA[example][0])
    found, ranking = copeland(scores, weights), tai.CONDORCET[example]
    if ranking is None:
        assert found.tolist() == [0.0] * len(found)
    else:
        assert "".join("abcd"[place] for place in np.argsort(-found)) == ranking


def test_the_support_of_all_orders_of_condorcets_example_is_that_of_the_handbook():
    scores, weights = places(tai.BORDA["Tables 28 and 29, p. 108"][0])
    votes = outranking(scores, weights) * weights.sum()
    assert len(tai.SUPPORT) == 6
    for order, published in tai.SUPPORT.items():
        assert support(["abc".index(name) for name in order], votes) == pytest.approx(published, rel=1e-12)


def test_the_geometric_mean_is_that_of_the_handbook_where_the_arithmetic_is_6():
    for scores, published in tai.GEOMETRIC.items():
        before = np.array([scores], dtype=np.float64)
        raised = before + np.array([0, 1, 0, 0])
        assert power_mean(before, np.ones(4), 1.0)[0] == pytest.approx(6, rel=1e-12)
        mean = power_mean(before, np.ones(4), 0.0)[0]
        assert mean == pytest.approx(published, abs=TWO_DECIMALS)
        gain = 100 * (power_mean(raised, np.ones(4), 0.0)[0] / mean - 1)
        assert gain == pytest.approx(tai.GAIN_PERCENT[scores], abs=NO_DECIMAL)


def test_kendalls_coefficient_is_that_of_box_7():
    ranks = np.array([tai.BY_HEIGHT, tai.BY_WEIGHT], dtype=np.float64).T
    found = correlations(np.column_stack([ranks, -ranks[:, 0]]), Kind.KENDALL).r
    assert found[0, 1] == pytest.approx(tai.KENDALL, abs=TWO_DECIMALS)
    assert (found[0, 0], found[0, 2]) == (1.0, -1.0)
