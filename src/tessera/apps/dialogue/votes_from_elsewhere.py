"""A conversation that was held elsewhere, read from its files.

Two forms are read: that in which Polis publishes its conversations (comments.csv with votes.csv, or with
participants-votes.csv), and the shorter one of statements.csv and votes.csv. What differs between years of
the first, such as seconds for milliseconds, is taken as it comes.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import numpy as np

from tessera.apps.dialogue.vote_files import from_cell
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.votes import Votes, collect_votes, in_order

COMMENTS, STATEMENTS = "comments.csv", "statements.csv"
VOTES, MATRIX = "votes.csv", "participants-votes.csv"
_KNOWN = (COMMENTS, STATEMENTS, VOTES, MATRIX)

MOST_BYTES = 200_000_000
"""Of one file. The largest that Polis published has 60 MB."""
LONGEST_IMPORTED = 1_000
"""Letters of a statement: more than Polis ever took."""
LONGEST_ID = 40
_FROM_HERE_MILLISECONDS = 100_000_000_000
"""Seconds would be in the year 5138."""
_OF_A_PERSON = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
_VOTES = {"1": 1, "0": 0, "-1": -1}
_MODERATED = {"1": False, "0": False, "": False, "-1": True}


class NotReadable(ValueError):
    """The files are not in order; the message names file, row and column."""


@dataclass(frozen=True)
class FoundStatement:
    key: str
    """Its id there."""
    text: str
    is_out: bool
    """It was taken out there."""


@dataclass(frozen=True, eq=False)
class FoundConversation:
    statements: Sequence[FoundStatement]
    """By their ids, whether somebody voted on them or not."""
    votes: Votes
    """With the ids from there. Of two votes of a person on a statement the last is in it."""
    joined_on: Mapping[str, date]
    """The day of a participant's first vote, by their id; empty where the files name no times."""
    ended_on: date | None
    """The day of the last vote; None where the files name no times."""


def read_conversation(path: Path) -> FoundConversation:
    """Read a folder, or a zip archive.

    Raises
    ------
    NotReadable
        There are no such files, or a row is none; the message names file, row and column.
    """
    files = _files_of_archive(path) if path.is_file() else _files_of_folder(path)
    if COMMENTS not in files and STATEMENTS not in files:
        raise NotReadable(f"{path.name}: {COMMENTS} (of Polis) or {STATEMENTS} is expected, and not there.")
    if VOTES not in files and (COMMENTS not in files or MATRIX not in files):
        expected = f"{VOTES} or {MATRIX}" if COMMENTS in files else VOTES
        raise NotReadable(f"{path.name}: {expected} is expected, and not there.")
    if COMMENTS in files:
        statements = _statements(COMMENTS, files[COMMENTS], ("comment-id", "moderated", "comment-body"))
        columns = ("voter-id", "comment-id", "vote", "timestamp")
    else:
        statements = _statements(STATEMENTS, files[STATEMENTS], ("statement", "moderated", "text"))
        columns = ("participant", "statement", "vote", "timestamp_ms")
    known = {each.key for each in statements}
    if VOTES in files:
        events = _events_of_rows(files[VOTES], columns, known)
    else:
        events = _events_of_matrix(files[MATRIX], known)
    found = _collected(statements, events)
    if COMMENTS in files:
        _check_sign(files[COMMENTS], found.votes)
    return found


# The files


def _files_of_folder(folder: Path) -> dict[str, bytes]:
    try:
        names = {entry.name for entry in folder.iterdir()}
        files = {}
        for name in _KNOWN:
            if name in names:
                file = folder / name
                _check_size(name, file.stat().st_size)
                files[name] = file.read_bytes()
    except OSError as error:
        raise NotReadable(f"{folder}: it cannot be read ({error.strerror}).") from None
    return files


def _files_of_archive(path: Path) -> dict[str, bytes]:
    """Those of the known names, in whatever folder of the archive."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = PurePosixPath(entry.filename).name
                if name not in _KNOWN:
                    continue
                if name in files:
                    raise NotReadable(f"{path.name}: there are two files {name}; one is expected.")
                _check_can_be_unpacked(path, entry)
                with archive.open(entry) as packed:
                    # What the archive says of its size may be wrong.
                    files[name] = packed.read(MOST_BYTES + 1)
                _check_size(name, len(files[name]))
    # All that damaged data raise: of the archive, of what is packed in it, and where it breaks off.
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise NotReadable(f"{path.name}: it cannot be read as a zip archive ({error}).") from None
    return files


def _check_can_be_unpacked(path: Path, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise NotReadable(f"{path.name}: {entry.filename} is locked by a password; pack it without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotReadable(f"{path.name}: {entry.filename} is packed in a rare way; pack it as a usual zip.")


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise NotReadable(f"{name}: it is larger than {MOST_BYTES // 1_000_000} MB.")


# Their rows


@dataclass(frozen=True)
class _Row:
    file: str
    number: int
    """As a spreadsheet counts: the header is 1."""
    cells: Mapping[str, str]

    def fault(self, column: str, words: str) -> NotReadable:
        return NotReadable(f"{self.file}, row {self.number}, column {column}: {words}")

    def key(self, column: str) -> str:
        found = self.cells[column]
        if not 0 < len(found) <= LONGEST_ID:
            raise self.fault(column, f"{found[:LONGEST_ID]!r} was found; an id is expected.")
        return found

    def vote(self, column: str) -> int:
        found = self.cells[column]
        if found not in _VOTES:
            raise self.fault(
                column, f"{found[:20]!r} was found; 1 (agree), 0 (pass) or -1 (disagree) is accepted."
            )
        return _VOTES[found]

    def milliseconds(self, column: str) -> int:
        found = self.cells[column]
        if not (found.isascii() and found.isdigit() and len(found) <= 13):
            raise self.fault(column, f"{found[:20]!r} was found; a whole number of milliseconds is expected.")
        number = int(found)
        return number if number >= _FROM_HERE_MILLISECONDS else 1000 * number


def _rows(file: str, content: bytes, required: Sequence[str]) -> Iterator[_Row]:
    """The rows that are not empty, all with the cells of the header. Other columns may be there, too."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable(f"{file}: it is not in UTF-8. Save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise NotReadable(f"{file}: it holds the sign with the number 0, which belongs to no text.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            cells = [cell.strip() for cell in record]
            if number == 1:
                header = cells
                _check_header(file, header, required)
            elif any(cells):
                if len(cells) != len(header):
                    raise NotReadable(
                        f"{file}, row {number}: {len(cells)} cells were found; {len(header)} are expected."
                    )
                yield _Row(file, number, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise NotReadable(f"{file}, row {number + 1}: it is no row of a CSV file ({error}).") from None
    if not header:
        raise NotReadable(f"{file}: it is empty.")


def _check_header(file: str, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise NotReadable(f"{file}, row 1: the column {missing[0]} is missing.")
    twice = [name for name in header if header.count(name) > 1] if len(header) < 50 else []
    if twice or len(set(header)) < len(header):
        raise NotReadable(f"{file}, row 1: a column stands there twice{f', {twice[0]}' if twice else ''}.")


def _statements(file: str, content: bytes, columns: tuple[str, str, str]) -> list[FoundStatement]:
    key_column, out_column, text_column = columns
    found: dict[str, FoundStatement] = {}
    for row in _rows(file, content, columns):
        key, out, text = row.key(key_column), row.cells[out_column], from_cell(row.cells[text_column])
        if key in found:
            raise row.fault(key_column, f"the statement {key} stands there twice.")
        if out not in _MODERATED:
            raise row.fault(out_column, f"{out[:20]!r} was found; -1 (taken out), 0 or 1 is accepted.")
        is_out = _MODERATED[out]
        if not text and not is_out:
            raise row.fault(text_column, "the cell is empty; only what was taken out has no words.")
        if len(text) > LONGEST_IMPORTED:
            raise row.fault(
                text_column, f"{len(text)} letters were found; at most {LONGEST_IMPORTED} are taken."
            )
        found[key] = FoundStatement(key, text, is_out)
    keys = list(found)
    return [found[keys[place]] for place in in_order(keys)]


@dataclass(frozen=True)
class _Event:
    participant: str
    statement: str
    vote: int
    milliseconds: int | None


def _events_of_rows(content: bytes, columns: tuple[str, str, str, str], known: set[str]) -> Iterator[_Event]:
    """One row, one vote. A time is in every row or in none."""
    by, on, vote, time = columns
    for row in _rows(VOTES, content, (by, on, vote)):
        statement = row.key(on)
        if statement not in known:
            raise row.fault(on, f"there is no statement {statement}.")
        moment = row.milliseconds(time) if time in row.cells else None
        yield _Event(row.key(by), statement, row.vote(vote), moment)


def _events_of_matrix(content: bytes, known: set[str]) -> Iterator[_Event]:
    """One row, one participant; one column, one statement."""
    for row in _rows(MATRIX, content, _OF_A_PERSON[:1]):
        participant = row.key("participant")
        for column, cell in row.cells.items():
            if cell and column not in _OF_A_PERSON:
                if column not in known:
                    raise row.fault(column, "there is no such statement.")
                yield _Event(participant, column, row.vote(column), None)


# What they make together


def _collected(statements: Sequence[FoundStatement], events: Iterator[_Event]) -> FoundConversation:
    rows = list(events)
    if not rows:
        raise NotReadable("There are no votes in the files.")
    people = {key: place for place, key in enumerate(dict.fromkeys(each.participant for each in rows))}
    places = {each.key: place for place, each in enumerate(statements)}
    has_times = rows[0].milliseconds is not None
    try:
        votes = collect_votes(
            list(people),
            list(places),
            np.array([people[each.participant] for each in rows], dtype=np.int32),
            np.array([places[each.statement] for each in rows], dtype=np.int32),
            np.array([each.vote for each in rows], dtype=np.int8),
            np.array([each.milliseconds for each in rows], dtype=np.int64) if has_times else None,
            loops=fastest(),
        )
    except VotesError as error:
        raise NotReadable(str(error)) from None
    if not has_times:
        return FoundConversation(statements, votes, {}, None)
    first: dict[str, int] = {}
    for each in rows:
        assert each.milliseconds is not None
        first[each.participant] = min(first.get(each.participant, each.milliseconds), each.milliseconds)
    last = max(each.milliseconds for each in rows if each.milliseconds is not None)
    return FoundConversation(statements, votes, {key: _day(at) for key, at in first.items()}, _day(last))


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def _check_sign(comments: bytes, votes: Votes) -> None:
    """Some programs of Polis wrote -1 for agree: what they counted themselves tells which is which."""
    agree = np.bincount(votes.statements[votes.values == 1], minlength=len(votes.statement_ids))
    disagree = np.bincount(votes.statements[votes.values == -1], minlength=len(votes.statement_ids))
    place = {name: at for at, name in enumerate(votes.statement_ids.tolist())}
    as_written = other_way_round = 0
    for row in _rows(COMMENTS, comments, ("comment-id",)):
        at = place.get(row.cells["comment-id"])
        counted = row.cells.get("agrees", ""), row.cells.get("disagrees", "")
        if at is None or not all(cell.isascii() and cell.isdigit() for cell in counted):
            continue
        agrees, disagrees = map(int, counted)
        as_written += abs(agrees - int(agree[at])) + abs(disagrees - int(disagree[at]))
        other_way_round += abs(agrees - int(disagree[at])) + abs(disagrees - int(agree[at]))
    if other_way_round < as_written:
        raise NotReadable(
            f"By {COMMENTS}, columns agrees and disagrees, the votes stand the other way round: 1 has to "
            "mean agree, and -1 disagree. Turn their signs in the file of votes."
        )
