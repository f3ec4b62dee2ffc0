"""The files of an opinion landscape, read into what the engine computes with.

They are described in docs/reference/opinion-files.md. A fault is named by file, row and column, with what is
accepted instead; all faults of a table are reported together.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.cli.long_tables import Cell, Part, long_table, plain
from tessera.cli.tables import Fault, read_csv
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes, collect_votes, in_order

PARTICIPANT, STATEMENT, VOTE, TIME = "participant", "statement", "vote", "timestamp_ms"
GROUP = "group"
STATEMENT_COLUMNS = (STATEMENT, TIME, "author", "moderated", "text", "lang")

MOST_CHARACTERS = 200
"""Of an id. The engine keeps ids side by side, each in the room of the longest."""

_VOTES = {"1": AGREE, "+1": AGREE, "0": PASS, "-1": DISAGREE}
_NO_VOTE = 2
_VOTE_EXPECTED = "1 (agree), 0 (pass) or -1 (disagree) is accepted"
_TIME_EXPECTED = "a whole number of milliseconds is expected"
_MODERATED = {"1": False, "0": False, "": False, "-1": True}
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
"""With 18 digits it fits into 64 bits; and one with more counts no milliseconds."""
_LATEST = 10**18 - 1
_GROUP = re.compile(r"-1|[0-9]{1,9}")


def read_votes(path: Path, *, loops: Loops) -> Votes:
    """Read the votes of a conversation.

    Parameters
    ----------
    path : Path
        ``VOTES.csv``, or the same table as ``.parquet``: the columns ``participant``, ``statement`` and
        ``vote``, and ``timestamp_ms`` or not, in any order. Ids are text and stay as they stand there.
    loops : Loops
        Who puts the votes together.

    Returns
    -------
    Votes
        Of two votes of one participant on one statement the one with the later time counts; at the same time,
        or without times, the one further down. A table without rows gives votes of nobody.

    Raises
    ------
    VotesError
        The file cannot be read, or a row is no vote; the message names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "VOTES.csv")
    ...     size = written.write_text("participant,statement,vote\\nanna,7,1\\nivo,7,0\\nanna,7,-1\\n")
    ...     votes = read_votes(written, loops=fastest())
    >>> votes.participant_ids.tolist(), votes.statement_ids.tolist(), votes.values.tolist()
    (['anna', 'ivo'], ['7'], [-1, 0])
    """
    events = _Events()
    with long_table(path, VotesError) as table:
        required = (PARTICIPANT, STATEMENT, VOTE)
        table.refuse_columns(VotesError, required=required, accepted=(*required, TIME))
        for part in table.parts:
            table.faults.extend(events.add(part))
        table.refuse_faults(VotesError)
    try:
        return events.collected(loops)
    except VotesError as error:
        raise VotesError(f"{path.name}: {error}") from None


@dataclass(frozen=True)
class StatementTexts:
    """What was put to the vote, and what the moderators took out."""

    name: str
    """The file."""
    ids: tuple[str, ...]
    """In the order of the file."""
    out: frozenset[str]
    """The ids of the statements that were moderated out."""
    texts: dict[str, str]
    """By id; empty where there is none."""
    langs: dict[str, str]


def read_statements(path: Path) -> StatementTexts:
    """Read the statements of a conversation.

    Parameters
    ----------
    path : Path
        ``STATEMENTS.csv``: the column ``statement``, each id once, and any of ``timestamp_ms``, ``author``,
        ``moderated``, ``text`` and ``lang``. ``moderated`` is -1 (taken out), 0 (not looked at) or 1
        (accepted); an empty cell is 0. Times and authors are not used.

    Raises
    ------
    VotesError
        The file cannot be read, or a row is no statement; the message names file, row and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "STATEMENTS.csv")
    ...     size = written.write_text("statement,moderated,text\\n1,,More trams\\n2,-1,Buy my hats\\n")
    ...     statements = read_statements(written)
    >>> statements.ids, sorted(statements.out), statements.texts["1"], statements.langs["1"]
    (('1', '2'), ['2'], 'More trams', '')
    """
    table = read_csv(path, VotesError)
    table.refuse_columns(VotesError, required=(STATEMENT,), accepted=STATEMENT_COLUMNS)
    rows: dict[str, int] = {}
    cells_by_id: dict[str, dict[str, str]] = {}
    for row, values in table.rows:
        cells = dict(zip(table.header, values, strict=True))
        moderated, found = cells.get("moderated", ""), cells[STATEMENT]
        if moderated not in _MODERATED:
            words = f"{moderated!r} was found; -1 (taken out), 0, 1 or an empty cell is accepted"
            table.faults.append(Fault(row, "moderated", words))
        words = _wrong_with_id(found)
        if words:
            table.faults.append(Fault(row, STATEMENT, words))
        elif found in rows:
            table.faults.append(Fault(row, STATEMENT, f"{found} stands in row {rows[found]} already"))
        rows.setdefault(found, row)
        cells_by_id[found] = cells
    table.refuse_faults(VotesError)
    return StatementTexts(
        path.name,
        tuple(cells_by_id),
        frozenset(found for found, cells in cells_by_id.items() if _MODERATED[cells.get("moderated", "")]),
        {found: cells.get("text", "") for found, cells in cells_by_id.items()},
        {found: cells.get("lang", "") for found, cells in cells_by_id.items()},
    )


@dataclass(frozen=True, eq=False)
class Conversation:
    """Votes, and what is known of their statements."""

    votes: Votes
    moderated_out: NDArray[np.bool_]
    """Shape (n_statements,), in the order of ``votes.statement_ids``."""
    statements: StatementTexts | None
    without_votes: tuple[str, ...]
    """Statements of the file on which nobody voted."""
    unlisted: tuple[str, ...]
    """Statements with votes which the file lacks; they count as not moderated out."""


def read_conversation(votes: Path, statements: Path | None, *, loops: Loops) -> Conversation:
    """Read the votes, and the statements if there is a file of them.

    Raises
    ------
    VotesError
        As `read_votes` and `read_statements`.
    """
    given = read_votes(votes, loops=loops)
    ids = given.statement_ids.tolist()
    if statements is None:
        return Conversation(given, np.zeros(len(ids), dtype=bool), None, (), ())
    known = read_statements(statements)
    voted, listed = set(ids), set(known.ids)
    ordered = [known.ids[place] for place in in_order(known.ids)]
    return Conversation(
        given,
        np.array([found in known.out for found in ids], dtype=bool),
        known,
        tuple(found for found in ordered if found not in voted),
        tuple(found for found in ids if found not in listed),
    )


def read_labels(path: Path) -> dict[str, int]:
    """Read to which group each participant belongs.

    Parameters
    ----------
    path : Path
        ``LABELS.csv``, or the same table as ``.parquet``: the columns ``participant``, each once, and
        ``group``, a whole number from -1 (no group). Other columns are not read, so that the participants.csv
        of a landscape can be read as it is.

    Raises
    ------
    VotesError
        The file cannot be read, or a row is no label; the message names file, row and column.
    """
    labels: dict[str, int] = {}
    rows: dict[str, int] = {}
    with long_table(path, VotesError) as table:
        table.refuse_columns(VotesError, required=(PARTICIPANT, GROUP), accepted=table.header)
        for part in table.parts:
            cells = zip(part.rows, part.columns[PARTICIPANT], part.columns[GROUP], strict=True)
            for row, participant, group in cells:
                found, label = plain(participant), plain(group)
                words = _wrong_with_id(found)
                if words:
                    table.faults.append(Fault(row, PARTICIPANT, words))
                elif found in rows:
                    words = f"{found} stands in row {rows[found]} already"
                    table.faults.append(Fault(row, PARTICIPANT, words))
                if _GROUP.fullmatch(label):
                    labels[found] = int(label)
                else:
                    words = f"{label!r} was found; a whole number from 0, or -1 (no group), is accepted"
                    table.faults.append(Fault(row, GROUP, words))
                rows.setdefault(found, row)
        table.refuse_faults(VotesError)
    return labels


class _Codes(dict[Cell, int]):
    """The ids of a column by number, in the order in which they first occur."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.refused: dict[int, str] = {}
        """What is wrong with an id, by its number."""

    def __missing__(self, cell: Cell) -> int:
        found = plain(cell)
        code = self.get(found)
        if code is None:
            code = self[found] = len(self.ids)
            self.ids.append(found)
            words = _wrong_with_id(found)
            if words:
                self.refused[code] = words
        self[cell] = code
        return code


class _VoteOfCell(dict[Cell, int]):
    def __missing__(self, cell: Cell) -> int:
        return self.setdefault(cell, _VOTES.get(plain(cell), _NO_VOTE))


class _Events:
    """Votes as they are read, in arrays that grow without being copied: 9 bytes each, or 17 with a time."""

    def __init__(self) -> None:
        self.participant_codes, self.statement_codes = _Codes(), _Codes()
        self.vote_of_cell = _VoteOfCell()
        self.participants, self.statements = array("i"), array("i")
        self.values, self.times = array("b"), array("q")
        self.first_row = 0
        self.has_times = False
        """Whether the first row has one."""

    def add(self, part: Part) -> Iterator[Fault]:
        """Take the votes of a part, and say what is wrong with it."""
        if not part.rows:
            return
        for column, codes, into in (
            (PARTICIPANT, self.participant_codes, self.participants),
            (STATEMENT, self.statement_codes, self.statements),
        ):
            found = _each(codes, part.columns[column], np.int32)
            into.frombytes(found.tobytes())
            if codes.refused:
                for place in np.flatnonzero(np.isin(found, list(codes.refused))).tolist():
                    yield Fault(part.rows[place], column, codes.refused[int(found[place])])
        values = _each(self.vote_of_cell, part.columns[VOTE], np.int8)
        self.values.frombytes(values.tobytes())
        for place in np.flatnonzero(values == _NO_VOTE).tolist():
            words = f"{plain(part.columns[VOTE][place]) or 'an empty cell'} was found; {_VOTE_EXPECTED}"
            yield Fault(part.rows[place], VOTE, words)
        if TIME in part.columns:
            yield from self._add_times(part.rows, part.columns[TIME])

    def _add_times(self, rows: Sequence[int], cells: Sequence[Cell]) -> Iterator[Fault]:
        if not self.first_row:
            self.first_row = rows[0]
            self.has_times = bool(plain(cells[0]))
        times = _times_at_once(cells) if self.has_times else None
        if times is not None:
            self.times.frombytes(times.tobytes())
            return
        for row, cell in zip(rows, cells, strict=True):
            text = plain(cell)
            if not text and self.has_times:
                words = (
                    f"the cell is empty, and row {self.first_row} has a time; {_TIME_EXPECTED} in every row"
                )
                yield Fault(row, TIME, words)
            elif text and not self.has_times:
                words = (
                    f"{text} was found, and row {self.first_row} has no time; times are expected in every "
                    "row or in none"
                )
                yield Fault(row, TIME, words)
            elif text and not _WHOLE_NUMBER.fullmatch(text):
                yield Fault(row, TIME, f"{text} was found; {_TIME_EXPECTED}")
            elif text:
                self.times.append(int(text))

    def collected(self, loops: Loops) -> Votes:
        return collect_votes(
            self.participant_codes.ids,
            self.statement_codes.ids,
            np.asarray(self.participants),
            np.asarray(self.statements),
            np.asarray(self.values),
            np.asarray(self.times) if self.has_times else None,
            loops=loops,
        )


def _each(
    numbers: _Codes | _VoteOfCell, cells: Sequence[Cell], kind: type[np.signedinteger[Any]]
) -> NDArray[Any]:
    return np.fromiter(map(numbers.__getitem__, cells), dtype=kind, count=len(cells))


def _times_at_once(cells: Sequence[Cell]) -> NDArray[np.int64] | None:
    """The times of cells that are whole numbers at first sight; None where each must be looked at."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    numbers = [cell for cell in cells if type(cell) is int]
    if len(texts) == len(cells):
        together, lengths = "".join(texts), set(map(len, texts))
        if together.isascii() and together.isdigit() and 0 not in lengths and max(lengths) < 19:
            numbers = list(map(int, texts))
    if len(numbers) < len(cells) or max(numbers) > _LATEST or min(numbers) < -_LATEST:
        return None
    return np.array(numbers, dtype=np.int64)


def _wrong_with_id(found: str) -> str:
    if not found:
        return "the cell is empty; an id is expected"
    if len(found) > MOST_CHARACTERS:
        return (
            f"{found[:20]!r} and so on has {len(found)} characters; an id of at most {MOST_CHARACTERS} is "
            "expected"
        )
    if "\0" in found:
        return f"{found!r} holds the sign with the number 0, which belongs to no text"
    return ""
