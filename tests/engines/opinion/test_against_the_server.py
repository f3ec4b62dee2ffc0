"""What Polis' server itself made of two conversations (section B of the README in data/polis/reference).

Groups are taken from the server, since its own depend on its history. It counts agreement as -1.
"""

import numpy as np
import pytest

from tessera.engines.opinion.co_votes import co_votes
from tessera.engines.opinion.landscape import read_groups
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.project import find_axes


@pytest.fixture(scope="session")
def axes(server):
    return find_axes(co_votes(server.votes, loops=fastest()), server.moderated_out)


@pytest.fixture(scope="session")
def reading(server, axes):
    return read_groups(server.votes, axes, server.groups, server.groups >= 0, loops=fastest())


def in_its_order(server, figures):
    """Figures by statement, as the server lists them."""
    place = {name: at for at, name in enumerate(server.votes.statement_ids.tolist())}
    return figures[[place[tid] for tid in server.tids]]


def test_the_axes_are_the_servers(server, axes):
    pca = server.math["pca"]
    assert in_its_order(server, axes.mean) == pytest.approx(-np.array(pca["center"]), abs=1e-12)
    for axis, component in enumerate(np.array(pca["comps"])):
        cosine = abs(component @ in_its_order(server, axes.components[:, axis])) / np.linalg.norm(component)
        assert cosine >= 1 - 1e-10
    assert in_its_order(server, axes.extremity) == pytest.approx(pca["comment_extremity"], abs=1e-6)


def test_the_votes_of_each_group_are_the_servers(server, reading):
    tally = reading.statistics.tally
    for row, group in enumerate(reading.statistics.numbers):
        votes = server.math["group_votes"][str(group)]["votes"]
        assert len(votes) == len(server.tids)
        for place, name in enumerate(server.votes.statement_ids.tolist()):
            expected = votes[name]
            assert (tally.agree[row, place], tally.disagree[row, place], tally.n[row, place]) == (
                expected["A"],
                expected["D"],
                expected["S"],
            )


def test_consensus_and_priorities_are_the_servers(server, reading):
    consensus = server.math["group_aware_consensus"]
    priority = server.math["comment_priorities"]
    meta = {str(tid) for tid in server.math["meta_tids"]}
    asked = [(place, name) for place, name in enumerate(server.votes.statement_ids.tolist())]
    for place, name in asked:
        assert reading.consensus.product[place] == pytest.approx(consensus[name], rel=1e-12)
        if name not in meta:
            assert reading.priority[place] == pytest.approx(priority[name], rel=1e-9)


def test_the_lists_are_the_servers_in_its_order(server, reading):
    ids = server.votes.statement_ids
    for group, expected in server.math["repness"].items():
        listed = [(int(ids[each.statement]), each.direction) for each in reading.representative[int(group)]]
        assert listed == [(each["tid"], each["repful-for"]) for each in expected]
    for direction, expected in server.math["consensus"].items():
        listed = [int(ids[each.statement]) for each in reading.majority[direction]]
        assert listed == [each["tid"] for each in expected]
