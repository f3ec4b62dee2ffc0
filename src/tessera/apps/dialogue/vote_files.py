"""Votes and statements as the files that `tessera opinion` reads: whoever has them can count again."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Statement
from tessera.engines.opinion.votes import Votes

_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet computes. https://owasp.org/www-community/attacks/CSV_Injection"""


def write_votes(votes: Votes) -> bytes:
    """`participant,statement,vote`: the same votes give the same bytes."""
    people = np.repeat(votes.participant_ids, votes.n_votes).tolist()
    statements = votes.statement_ids[votes.statements].tolist()
    return write_table(
        ("participant", "statement", "vote"), zip(people, statements, votes.values.tolist(), strict=True)
    )


def write_statements(statements: Iterable[Statement]) -> bytes:
    """`statement,moderated,text,lang`, by their numbers. What was hidden stands there without its words."""
    return write_table(
        ("statement", "moderated", "text", "lang"),
        (
            (each.pk, moderated(each), words_of(each), each.language)
            for each in sorted(statements, key=lambda statement: statement.pk)
        ),
    )


def moderated(statement: Statement) -> int:
    """1 for what is shown, -1 for what takes no part."""
    return 1 if statement.state == StatementState.SHOWN else -1


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8."""
    return write_rows([header, *rows])


def write_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """The same, without a header."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def words_of(statement: Statement) -> str:
    """As they may leave: of what is not shown, none."""
    return in_cell(statement.text) if statement.state == StatementState.SHOWN else ""


def in_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before one that looks so.

    Examples
    --------
    >>> in_cell("=1+1"), in_cell("More trams")
    ("'=1+1", 'More trams')
    """
    return f"'{text}" if text.startswith(_LIKE_A_FORMULA) else text


def from_cell(text: str) -> str:
    """What `in_cell` was given.

    Examples
    --------
    >>> from_cell("'=1+1"), from_cell("'Lexit' is a dream")
    ('=1+1', "'Lexit' is a dream")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(_LIKE_A_FORMULA) else text
