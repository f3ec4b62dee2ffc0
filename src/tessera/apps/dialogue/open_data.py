"""The open data of a finished consultation: tables of counts, never rows of people."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from tessera.apps.dialogue.archives import pack_files
from tessera.apps.dialogue.group_tables import GROUP, NOT_GROUPED
from tessera.apps.dialogue.vote_files import in_cell, write_table
from tessera.engines.opinion.disclosure.breakdown import NOT_SAID
from tessera.engines.opinion.disclosure.tables import HIDDEN, PARTICIPANTS, Publication, Table
from tessera.engines.opinion.overview import Overview
from tessera.reports.landscape.votes import letter_of

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True)
class OpenStatement:
    """One that is shown."""

    number: int
    text: str
    language: str
    is_seeded: bool
    """By the city, before it opened."""


@dataclass(frozen=True)
class AskedAnswer:
    key: str
    label: str
    residents: int | None
    """Of the city, for whom it is true."""


@dataclass(frozen=True)
class Asked:
    """A question about oneself."""

    key: str
    label: str
    answers: Sequence[AskedAnswer]
    source: str
    """Of the residents."""
    counted_on: date | None


@dataclass(frozen=True, eq=False)
class OpenData:
    """All that the archive is made of."""

    slug: str
    title: str
    city: str
    url: str
    """Where it took place."""
    invented: bool
    attribution: str
    """Origin and licence of votes that were taken over from elsewhere; empty where people voted here."""
    closed_on: date
    found_on: date
    engine: str
    seed: int
    votes_digest: str
    statements_digest: str
    statements: Sequence[OpenStatement]
    overview: Overview
    groups: Publication | None
    """None where no groups are shown."""
    asked: Sequence[Asked]
    channels: Mapping[str, int | None]
    """People by how they came; None is hidden."""
    by_attribute: Publication | None
    """By these; None where nothing was asked, or nothing made public."""


@dataclass(frozen=True)
class _Column:
    name: str
    kind: str
    """Of a Frictionless table schema."""
    meaning: str
    meanings: Mapping[str, str] | None = None
    """Of its values, where they are codes."""


@dataclass(frozen=True)
class _File:
    name: str
    title: str
    columns: Sequence[_Column]
    rows: Sequence[Sequence[object]]

    @property
    def content(self) -> bytes:
        return write_table([column.name for column in self.columns], self.rows)


_HIDDEN = "Empty: not shown, so that nothing can be worked out about few people."
_STATEMENT = _Column("statement", "integer", "Number of the statement.")
_OF_EVERYBODY = (
    _Column("agree", "integer", "People who agree."),
    _Column("disagree", "integer", "People who disagree."),
    _Column("pass", "integer", "People who chose neither."),
)
_OF_SOME = tuple(_Column(each.name, each.kind, f"{each.meaning} {_HIDDEN}") for each in _OF_EVERYBODY)


def pack_open_data(about: OpenData) -> bytes:
    """A zip archive with a data package; the same data give the same bytes.

    Its format is described at https://specs.frictionlessdata.io/data-package/.
    """
    tables = list(_files(about))
    files = {table.name: table.content for table in tables}
    files["codebook.csv"] = _codebook(tables)
    files["datapackage.json"] = _package(about, tables, files)
    readme = render_to_string("dialogue/files/open_data_readme.txt", {"about": about, "tables": tables})
    return pack_files({"README.txt": readme.encode(), **files})


def _files(about: OpenData) -> Iterator[_File]:
    yield _statements(about)
    yield _channels(about)
    if about.groups is not None:
        yield from _by_group(about.groups, _numbers(about))
    if about.by_attribute is not None:
        yield from _by_attribute(about.by_attribute, about.asked, _numbers(about))


def _numbers(about: OpenData) -> set[str]:
    return {str(each.number) for each in about.statements}


def _statements(about: OpenData) -> _File:
    tally, places = about.overview.reading.everybody, about.overview.rows

    def counts(number: int) -> tuple[int, int, int, int]:
        place = places.get(str(number))
        if place is None:
            return 0, 0, 0, 0
        each = int(tally.agree[place]), int(tally.disagree[place]), int(tally.passed[place])
        return (*each, sum(each))

    columns = (
        _STATEMENT,
        _Column("text", "string", "As it was written. An apostrophe stands before =, +, - or @."),
        _Column("language", "string", "In which it was written (BCP 47)."),
        _Column("by_city", "boolean", "Written by the city before the beginning; else by a participant."),
        *_OF_EVERYBODY,
        _Column("votes", "integer", "People who answered."),
    )
    rows = [
        (each.number, in_cell(each.text), each.language, _true(each.is_seeded), *counts(each.number))
        for each in about.statements
    ]
    return _File("statements.csv", "The statements that are shown, and how people answered", columns, rows)


def _channels(about: OpenData) -> _File:
    meanings = {
        "open-link": "By an address that was open to everybody.",
        "own-link": "By a link that let one person in, once.",
        "paper": "On a sheet of paper, which was typed in twice.",
        "assisted": "By speaking to a facilitator, who typed it in.",
        "imported": "Taken over from elsewhere.",
    }
    columns = (
        _Column("channel", "string", "How people came to take part.", meanings),
        _Column("people", "integer", f"How many they are. {_HIDDEN}"),
    )
    rows = [(name, "" if people is None else people) for name, people in about.channels.items()]
    return _File("channels.csv", "How people came to take part", columns, rows)


def _by_group(published: Publication, numbers: set[str]) -> Iterator[_File]:
    people = published.table(None, (GROUP,))
    assert people is not None, "who is in which group is in every publication of groups"
    meanings = {
        _group(name): "People who voted on too few statements to be in a group."
        if name == NOT_GROUPED
        else f"Group {_group(name)}, found from the votes."
        for (name,) in people.groups
    }
    group = _Column("group", "string", "Group of people who vote alike.", meanings)
    yield _File(
        "groups.csv",
        "The groups",
        (group, _Column("people", "integer", f"How many they are. {_HIDDEN}")),
        [(_group(name), *_cells(people, (name,))) for (name,) in people.groups],
    )
    rows = [
        (table.statement, _group(name), *_cells(table, (name,)))
        for table in published.tables
        if table.attributes == (GROUP,) and table.statement in numbers
        for (name,) in table.groups
    ]
    yield _File("answers-by-group.csv", "How each group answered", (_STATEMENT, group, *_OF_SOME), rows)


def _group(name: str) -> str:
    return name if name == NOT_GROUPED else letter_of(int(name))


def _by_attribute(published: Publication, asked: Sequence[Asked], numbers: set[str]) -> Iterator[_File]:
    question = _Column("question", "string", "About oneself.", {each.key: each.label for each in asked})
    labels = {f"{each.key}/{answer.key}": answer.label for each in asked for answer in each.answers}
    answer = _Column(
        "answer",
        "string",
        "As people gave it themselves. The codebook names the question before it.",
        {**labels, NOT_SAID: "People who did not say."},
    )
    residents = (
        _Column("residents", "integer", "Of the city, for whom it is true. Empty: not known."),
        _Column("source", "string", "Of the residents."),
        _Column("counted_on", "date", "Of the residents."),
    )
    yield _File(
        "who-took-part.csv",
        "Who took part",
        (question, answer, _Column("people", "integer", f"Who took part. {_HIDDEN}"), *residents),
        [row for each in asked for row in _who_took_part(published, each)],
    )
    rows = [
        (table.statement, each.key, group[0], *_cells(table, group))
        for table in published.tables
        if table.statement in numbers
        for each in asked
        if table.attributes == (each.key,)
        for group in table.groups
    ]
    if rows:
        columns = (_STATEMENT, question, answer, *_OF_SOME)
        yield _File("answers-by-attribute.csv", "How people answered, by themselves", columns, rows)


def _who_took_part(published: Publication, asked: Asked) -> Iterator[tuple[object, ...]]:
    table = published.table(None, (asked.key,))
    known = {each.key: each.residents for each in asked.answers}
    for group in table.groups if table is not None else ():
        assert table is not None
        residents = known.get(group[0])
        of_city = (
            ("", "", "") if residents is None else (residents, in_cell(asked.source), asked.counted_on or "")
        )
        yield (asked.key, group[0], *_cells(table, group), *of_city)


def _cells(table: Table, group: tuple[str, ...]) -> list[object]:
    row = table.counts[table.groups.index(group)].tolist()
    assert len(row) == (len(PARTICIPANTS) if table.statement is None else len(_OF_SOME))
    return ["" if count == HIDDEN else count for count in row]


def _true(is_so: bool) -> str:
    return "true" if is_so else "false"


def _codebook(tables: Sequence[_File]) -> bytes:
    """What each column and each code means."""
    rows = []
    for table in tables:
        for column in table.columns:
            rows.append((table.name, column.name, "", column.kind, column.meaning))
            for value, meaning in (column.meanings or {}).items():
                rows.append((table.name, column.name, in_cell(value), "", in_cell(meaning)))
    return write_table(("file", "column", "value", "type", "meaning"), rows)


def _package(about: OpenData, tables: Sequence[_File], files: Mapping[str, bytes]) -> bytes:
    described: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": about.slug,
        "title": f"{about.title} ({about.city})",
        "created": f"{about.found_on}T00:00:00Z",
        "homepage": about.url,
        "sources": [{"title": about.attribution or about.city, "path": about.url}],
        "resources": [_resource(table, files[table.name]) for table in tables],
    }
    if not about.attribution:
        # What others gave under terms of their own is not ours to license.
        described["licenses"] = [LICENCE]
    return json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"


def _resource(table: _File, content: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name.removesuffix(".csv"),
        "path": table.name,
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                {"name": column.name, "type": column.kind, "description": column.meaning}
                for column in table.columns
            ],
            "missingValues": [""],
        },
    }
