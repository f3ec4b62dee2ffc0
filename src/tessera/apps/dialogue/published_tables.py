"""Tables by attribute as they were made public last: all that anybody sees of them, staff included.

Shares and differences are those of `tessera.reports.landscape.compared_groups`, as in the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tessera.apps.dialogue.models import Attribute, Consultation
from tessera.apps.dialogue.publish_tables import as_published
from tessera.apps.network.local_text import LocalText
from tessera.engines.opinion.disclosure.breakdown import NOT_SAID
from tessera.engines.opinion.disclosure.tables import Publication, Table
from tessera.reports.landscape.compared_groups import AskedAttribute, Comparison, CountedGroup


@dataclass(frozen=True)
class PublishedAttribute(AskedAttribute[LocalText]):
    """A question about oneself, as it was made public."""

    key: str


@dataclass(frozen=True)
class GroupAnswers:
    """How people of one group answered a statement; what is None is hidden."""

    label: LocalText | None
    """None: those who did not say."""
    agree: int | None
    disagree: int | None
    passed: int | None
    agreement: float | None
    """Of those who agree or disagree, 0 to 1."""


@dataclass(frozen=True)
class PublishedTables:
    made_on: date
    is_final: bool
    """Of all votes, after the end; before that there is only who takes part."""
    threshold: int
    """No cell of fewer people is shown."""
    everybody: int
    """People who take part."""
    attributes: tuple[PublishedAttribute, ...]
    answers: Mapping[tuple[int, str], tuple[GroupAnswers, ...]]
    """By the number of the statement and the key of the attribute."""

    def missing(self) -> list[tuple[PublishedAttribute, Comparison[LocalText]]]:
        """Groups that are heard less than they are there, of all attributes, the most missing first."""
        found = [(attribute, each) for attribute in self.attributes for each in attribute.comparisons()]
        return sorted((row for row in found if row[1].is_missing), key=lambda row: row[1].place)


def read_published(consultation: Consultation) -> PublishedTables | None:
    """What was made public last; None before anything was. Three queries, whatever the size."""
    kept = consultation.publications.order_by("pk").last()
    if kept is None:
        return None
    asked = {each.key: each for each in consultation.attributes.prefetch_related("values")}
    published = as_published(kept)
    answers = {
        (int(table.statement), table.attributes[0]): _answers(asked[table.attributes[0]], table)
        for table in published.tables
        if table.statement is not None and table.attributes
    }
    everybody = _table(published).counts[0, 0]
    return PublishedTables(
        kept.made_on,
        kept.is_final,
        kept.threshold,
        int(everybody),
        tuple(_attribute(each, published, int(everybody)) for each in asked.values()),
        answers,
    )


def _table(published: Publication, *attributes: str) -> Table:
    """Of who takes part."""
    found = published.table(None, attributes)
    assert found is not None, f"who takes part by {attributes} is in every publication"
    return found


def _attribute(asked: Attribute, published: Publication, everybody: int) -> PublishedAttribute:
    table = _table(published, asked.key)
    groups = tuple(
        CountedGroup(value.label, table.count((value.key,), "participants"), value.population)
        for value in asked.values.all()
    )
    return PublishedAttribute(
        question=asked.question,
        groups=groups,
        everybody=everybody,
        not_said=table.count((NOT_SAID,), "participants"),
        source=asked.population_source,
        counted_on=asked.population_on,
        key=asked.key,
    )


def _answers(asked: Attribute, table: Table) -> tuple[GroupAnswers, ...]:
    labels = {value.key: value.label for value in asked.values.all()}
    return tuple(
        GroupAnswers(
            labels.get(group[0]),
            table.count(group, "agree"),
            table.count(group, "disagree"),
            table.count(group, "pass"),
            table.agreement(group),
        )
        for group in table.groups
    )
