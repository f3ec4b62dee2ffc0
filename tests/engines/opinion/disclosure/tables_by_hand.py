"""Small publications for the tests: one attribute, one statement, figures typed in."""

import numpy as np

from tessera.engines.opinion.disclosure.tables import HIDDEN, Publication, Table

X = HIDDEN


def one_way(counts, participants, *, people=None, totals=None):
    """Totals, and tables by district; ``people`` and ``totals`` where the rows hide something."""
    districts = tuple((f"d{i}",) for i in range(len(participants)))
    people = sum(participants) if people is None else people
    totals = np.sum(counts, axis=0) if totals is None else totals
    return [
        Table(None, (), ((),), np.array([[people]])),
        Table(None, ("district",), districts, np.array(participants)[:, None]),
        Table("s", (), ((),), np.array([totals])),
        Table("s", ("district",), districts, np.array(counts)),
    ]


def crossed(counts, *, hidden=()):
    """Who takes part by activity and region, with both margins."""
    counts = np.array(counts)
    inner = counts.copy()
    for cell in hidden:
        inner[cell] = HIDDEN
    activities = [f"activity {i}" for i in range(counts.shape[0])]
    regions = [f"region {i}" for i in range(counts.shape[1])]
    pairs = tuple((activity, region) for activity in activities for region in regions)
    return [
        Table(None, (), ((),), np.array([[counts.sum()]])),
        Table(None, ("activity",), tuple((name,) for name in activities), counts.sum(axis=1)[:, None]),
        Table(None, ("region",), tuple((name,) for name in regions), counts.sum(axis=0)[:, None]),
        Table(None, ("activity", "region"), pairs, inner.reshape(-1, 1)),
    ]


def publication(tables, threshold=10):
    return Publication(tuple(tables), threshold)


def shown(published, statement="s", attributes=("district",)):
    return published.table(statement, attributes).counts.tolist()
