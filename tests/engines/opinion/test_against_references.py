"""What the definition gives for four real conversations (section A of the README in data/polis/reference).

Made there in float64 by another program; the tolerances are those that its README suggests.
"""

import numpy as np
import pytest
from tests.engines.opinion.conversations import numbers

from tessera.engines.opinion.kmeans import kmeans
from tessera.engines.opinion.landscape import read_groups
from tessera.engines.opinion.loops.choice import fastest

LABELS = ("production", "reddwarf", "best_kmeans")


@pytest.fixture(params=LABELS)
def reading(request, reference, landscape):
    """What the engine says of groups that are given, and the name under which the reference has them."""
    name = f"kmeans{reference.summary['best_k']}" if request.param == "best_kmeans" else request.param
    groups = reference.labels(name)
    return name, read_groups(reference.votes, landscape.axes, groups, groups >= 0, loops=fastest())


def test_the_same_people_and_statements_are_there(reference):
    assert reference.votes.participant_ids.tolist() == [row["participant"] for row in reference.participants]
    assert reference.votes.statement_ids.tolist() == [row["statement"] for row in reference.statements]
    assert reference.votes.n_votes.tolist() == [int(row["n_votes"]) for row in reference.participants]
    assert len(reference.votes.values) == reference.summary["votes"]


def test_the_axes_are_those_of_the_reference(reference, landscape):
    assert np.abs(landscape.axes.mean - numbers(reference.statements, "mean")).max() < 1e-9
    expected = reference.summary["explained_variance_ratio"]
    assert landscape.axes.explained == pytest.approx(expected, abs=1e-9)
    for axis, column in enumerate(("pc1", "pc2")):
        component = numbers(reference.statements, column)
        cosine = component @ landscape.axes.components[:, axis] / np.linalg.norm(component)
        # The reference has the same rule of signs.
        assert cosine >= 1 - 1e-8


def test_everybody_and_every_statement_stands_where_the_reference_has_it(reference, landscape):
    for axis, (person, statement) in enumerate((("x", "proj_x"), ("y", "proj_y"))):
        assert np.abs(landscape.places[:, axis] - numbers(reference.participants, person)).max() < 1e-6
        places = landscape.axes.statement_places[:, axis]
        assert np.abs(places - numbers(reference.statements, statement)).max() < 1e-6
    assert np.abs(landscape.axes.extremity - numbers(reference.statements, "extremity")).max() < 1e-6


def test_the_groups_are_the_two_level_groups(reference, landscape):
    two_level = reference.summary["two_level"]
    assert landscape.in_conversation.tolist() == [row["in_conv"] == "1" for row in reference.participants]
    assert landscape.groups.of_participants.tolist() == reference.labels("two_level").tolist()
    assert landscape.groups.n_base == two_level["base_clusters"]
    assert len(landscape.groups.numbers) == two_level["k"]
    silhouettes = {str(k): split.silhouette for k, split in landscape.groups.splits.items()}
    assert silhouettes == pytest.approx(two_level["silhouette"], abs=1e-9)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_plain_k_means_is_as_compact_as_the_best_known(reference, landscape, k):
    points = landscape.places[landscape.in_conversation]
    found = kmeans(points, k, np.random.default_rng(1), loops=fastest())
    assert found.inertia <= reference.summary["kmeans"][str(k)]["inertia"] * 1.0001


def test_the_statistics_of_given_groups_are_those_of_the_reference(reference, reading):
    name, found = reading
    expected = [row for row in reference.group_stats if row["labels"] == name]
    statistics = found.statistics
    shape = statistics.tally.n.shape
    assert len(expected) == shape[0] * shape[1] > 0
    for figures, column in (
        (statistics.tally.agree, "na"),
        (statistics.tally.disagree, "nd"),
        (statistics.tally.n, "ns"),
        (statistics.tally.smoothed_agree, "pa"),
        (statistics.tally.smoothed_disagree, "pd"),
        (statistics.agree_z, "pat"),
        (statistics.disagree_z, "pdt"),
        (statistics.agree_ratio, "ra"),
        (statistics.disagree_ratio, "rd"),
        (statistics.agree_ratio_z, "rat"),
        (statistics.disagree_ratio_z, "rdt"),
    ):
        assert figures == pytest.approx(numbers(expected, column).reshape(shape), rel=1e-8, abs=1e-8), column


def test_consensus_and_priority_of_given_groups_are_those_of_the_reference(reference, reading):
    name, found = reading
    for figures, column in (
        (found.consensus.product, "gac_agree"),
        (found.priority, "priority"),
    ):
        expected = numbers(reference.statements, f"{column}__{name}")
        assert figures == pytest.approx(expected, rel=1e-8, abs=1e-9), column


def test_the_lists_are_those_of_the_reference_in_its_order(reference, reading):
    name, found = reading
    ids = reference.votes.statement_ids
    for group, expected in reference.summary["representative"][name].items():
        listed = [
            (int(ids[each.statement]), each.direction, each.count, each.n, each.agreed_most)
            for each in found.representative[int(group)]
        ]
        assert listed == [
            (
                each["tid"],
                each["repful_for"],
                each["n_success"],
                each["n_trials"],
                each.get("best_agree", False),
            )
            for each in expected
        ]
    for direction, expected in reference.summary["consensus"].items():
        listed = [(int(ids[each.statement]), each.count, each.n) for each in found.majority[direction]]
        assert listed == [(each["tid"], each["n_success"], each["n_trials"]) for each in expected]
