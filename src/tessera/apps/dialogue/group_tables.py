"""How groups of opinion answered, for the open data: counted once, hidden where few people are in a cell."""

from datetime import date

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from tessera.apps.dialogue.models import Consultation, GroupTables, Landscape
from tessera.engines.opinion.disclosure.as_json import from_json, to_json
from tessera.engines.opinion.disclosure.protect import THRESHOLD, protect
from tessera.engines.opinion.disclosure.tables import Publication, Table
from tessera.engines.opinion.overview import Overview
from tessera.engines.opinion.overview import from_json as overview_from_json
from tessera.engines.opinion.statistics import Tally

GROUP = "group"
NOT_GROUPED = "none"
"""People who voted on too few statements to be in a group."""


def landscapes_to_publish() -> QuerySet[Landscape]:
    """Those that are final, and whose groups were not counted yet."""
    counted = GroupTables.objects.filter(
        consultation=OuterRef("consultation"), votes_digest=OuterRef("votes_digest")
    )
    return Landscape.objects.filter(~Exists(counted), is_final=True, overview__isnull=False)


def publish_group_tables(landscape: Landscape, day: date) -> bool:
    """Count how the groups of a final landscape answered; whether it is shown.

    It is shown once. Where people withdraw and groups are found again, others go over into other groups, too:
    from two such tables one could read more of some people than either of them shows.
    """
    assert landscape.overview is not None
    overview = overview_from_json(landscape.overview)
    is_told = GroupTables.objects.filter(consultation=landscape.consultation_id).exists()
    tables = () if is_told or overview.withheld else protect(count_groups(overview), []).tables
    GroupTables.objects.get_or_create(
        consultation_id=landscape.consultation_id,
        votes_digest=landscape.votes_digest,
        defaults={"made_on": day, "tables": to_json(tables), "threshold": THRESHOLD},
    )
    return bool(tables)


def read_group_tables(consultation: Consultation, votes_digest: str) -> Publication | None:
    """Those of the landscape of these votes; None where they are not counted, or no groups are shown."""
    kept = consultation.group_tables.filter(votes_digest=votes_digest).first()
    return Publication(from_json(kept.tables), kept.threshold) if kept is not None and kept.tables else None


def count_groups(overview: Overview) -> tuple[Table, ...]:
    """Everybody, and how each group answered each statement that takes part.

    The true counts: for nobody's eyes. Who is in no group has a row, or else the totals would tell of them.
    """
    n_apart = overview.n_people - overview.n_grouped
    sizes = [*overview.sizes, n_apart] if n_apart else list(overview.sizes)
    names = [str(number) for number in overview.numbers] + ([NOT_GROUPED] if n_apart else [])
    groups = tuple((name,) for name in names)
    tables = [
        Table(None, (), ((),), np.array([[overview.n_people]])),
        Table(None, (GROUP,), groups, np.array(sizes)[:, np.newaxis]),
    ]
    everybody, by_group = _counts(overview.reading.everybody), _counts(overview.reading.statistics.tally)
    for place in np.flatnonzero(~overview.axes.moderated_out).tolist():
        statement, total, rows = overview.statement_ids[place], everybody[place], by_group[:, place]
        if n_apart:
            rows = np.vstack([rows, total - rows.sum(axis=0)])
        tables += [
            Table(statement, (), ((),), total[np.newaxis]),
            Table(statement, (GROUP,), groups, rows),
        ]
    return tuple(tables)


def _counts(tally: Tally) -> NDArray[np.int64]:
    """In the order of the answers of a table, as the last axis."""
    return np.stack([tally.agree, tally.disagree, tally.passed], axis=-1).astype(np.int64)
