"""The files of a vote on projects, read into what the portfolio engine counts.

They are described in docs/reference/portfolio-files.md. A fault is named by file, row and column, with what
is accepted instead; all faults of a table are reported together.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tessera.cli.tables import Fault, Table, hint_on, not_closed, number_in, read_csv, read_text, table_of
from tessera.engines.portfolio.ballots import approvals_of_points, approvals_of_ranks
from tessera.engines.portfolio.errors import BallotError, PortfolioError, ProjectError, RuleError, some
from tessera.engines.portfolio.problem import MOST_CENTS, Problem, problem_of

VOTER, PROJECT, POINTS = "voter", "project", "points"
COST, TITLE = "cost", "title"

Kind = Literal["approval", "points", "ranking"]
_KINDS: dict[str, Kind] = {
    "approval": "approval",
    "ordinal": "ranking",
    "cumulative": "points",
    "scoring": "points",
}
"""The vote types of Pabulib."""

_EUROS = re.compile(r"0*([0-9]{1,13})(?:\.([0-9]{1,2}))?", re.ASCII)
_LIMIT = f"{MOST_CENTS // 100:,}".replace(",", " ")
_MONEY_EXPECTED = (
    f"an amount in euros above 0 and below {_LIMIT} is expected, with at most two decimals: 12500 or 12500.50"
)
_LONGEST_SHOWN = 60
"""Characters of a cell that are repeated in a complaint about it."""


@dataclass(frozen=True)
class Vote:
    """A vote as its files have it."""

    problem: Problem
    titles: Mapping[str, str]
    """Of the projects that have one."""
    kind: Kind
    """How the ballots were marked, before they became approvals."""


def cents_in(text: str) -> int | None:
    """The cents that an amount in euros says, None for anything but an amount above 0 and below the limit.

    Examples
    --------
    >>> cents_in("12500.5"), cents_in("0.07"), cents_in("12500,50"), cents_in("1.005"), cents_in("0")
    (1250050, 7, None, None, None)
    """
    found = _EUROS.fullmatch(text)
    if found is None:
        return None
    euros, decimals = found.groups()
    cents = 100 * int(euros) + int((decimals or "").ljust(2, "0"))
    return cents if 0 < cents < MOST_CENTS else None


def read_budget(text: str) -> int:
    """Read a budget that was given in euros, in cents.

    Raises
    ------
    ProjectError
        It is no amount above 0, or one that is too high.

    Examples
    --------
    >>> read_budget("50000")
    5000000
    """
    cents = cents_in(text)
    if cents is None:
        raise ProjectError(f"the budget is {_shown(text)}; {_MONEY_EXPECTED}{hint_on(text)}")
    return cents


def read_vote(ballots: Path, projects: Path, budget: int, *, top: int | None = None) -> Vote:
    """Read a vote from two tables.

    Parameters
    ----------
    ballots : Path
        ``BALLOTS.csv``: a row for each project that a voter is for, ``voter,project``. With the column
        ``points``, what got points is approved.
    projects : Path
        ``PROJECTS.csv``: ``project,cost`` and, if wanted, ``title``. Costs in euros.
    budget : int
        In cents.
    top : int, optional
        How many projects of a ballot with points are approved at most; see `approvals_of_points`.

    Raises
    ------
    ProjectError, BallotError
        A file cannot be read, or is no such table; the message names file, row and column.
    RuleError
        There is a limit and no points.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ballots, projects = Path(folder, "BALLOTS.csv"), Path(folder, "PROJECTS.csv")
    ...     size = projects.write_text("project,cost\\ngym,400\\npark,250.50\\n")
    ...     size = ballots.write_text("voter,project\\nAda,gym\\nAda,park\\nBo,park\\n")
    ...     vote = read_vote(ballots, projects, 500_00)
    >>> vote.problem.projects, vote.problem.costs, vote.problem.votes
    (('gym', 'park'), (40000, 25050), (1, 2))
    """
    table = _read_table(projects, ProjectError, expected="projects are read from a CSV file")
    table.refuse_columns(ProjectError, required=(PROJECT, COST), accepted=(PROJECT, COST, TITLE))
    costs, titles = _projects(table, PROJECT, TITLE)
    expected = "ballots are read from a CSV file, or from a .pb file of Pabulib"
    table = _read_table(ballots, BallotError, expected=expected)
    table.refuse_columns(BallotError, required=(VOTER, PROJECT), accepted=(VOTER, PROJECT, POINTS))
    points = _points(table, costs)
    kind: Kind = "points" if POINTS in table.header else "approval"
    return Vote(problem_of(costs, budget, _approvals(kind, points, {}, top)), titles, kind)


def read_pabulib(path: Path, budget: int | None = None, *, top: int | None = None) -> Vote:
    """Read a vote from a file of Pabulib.

    Parameters
    ----------
    path : Path
        A ``.pb`` file with the sections META, PROJECTS and VOTES. Its unit of money is taken for euros.
    budget : int, optional
        In cents; without it, the budget that META has.
    top : int, optional
        How many projects of a ballot with points or ranks are approved at most.

    Raises
    ------
    PortfolioError
        The file cannot be read, or is no such file; the message names section, row and column.
    RuleError
        There is a limit, and the ballots are approvals.

    References
    ----------
    pabulib.org/format, as of 2026.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "vote.pb")
    ...     size = written.write_text(
    ...         "META\\nkey;value\\nbudget;500\\nvote_type;approval\\n"
    ...         "PROJECTS\\nproject_id;cost\\n1;400\\n2;250\\nVOTES\\nvoter_id;vote\\n7;1,2\\n8;2\\n"
    ...     )
    ...     vote = read_pabulib(written)
    >>> vote.problem.budget, vote.problem.votes
    (50000, (1, 2))
    """
    sections = _sections(path)
    meta = {cells[0].lower(): cells[1] for _, cells in sections["META"].rows if len(cells) > 1}
    kind = _KINDS.get(meta.get("vote_type", "").lower())
    if kind is None:
        found = meta.get("vote_type", "absent")
        raise PortfolioError(f"{path.name}, META: vote_type is {found}; accepted: {', '.join(_KINDS)}")
    if budget is None:
        if "budget" not in meta:
            raise PortfolioError(f"{path.name}, META: there is no budget; give one with --budget")
        budget = cents_in(meta["budget"])
        if budget is None:
            found = _shown(meta["budget"])
            raise PortfolioError(f"{path.name}, META: the budget is {found}; {_MONEY_EXPECTED}")
    projects, votes = sections["PROJECTS"], sections["VOTES"]
    projects.refuse_columns(PortfolioError, required=("project_id", "cost"), accepted=projects.header)
    costs, titles = _projects(projects, "project_id", "name")
    required = ("voter_id", "vote", *((POINTS,) if kind == "points" else ()))
    votes.refuse_columns(PortfolioError, required=required, accepted=votes.header)
    points, ranks = _pabulib_ballots(votes, kind, costs)
    return Vote(problem_of(costs, budget, _approvals(kind, points, ranks, top)), titles, kind)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= _LONGEST_SHOWN else f"a text of {len(text)} characters"


def _read_table(path: Path, error: type[PortfolioError], *, expected: str) -> Table:
    if path.suffix.lower() == ".parquet":
        raise error(f"{path.name} is a Parquet file; {expected}")
    return read_csv(path, error)


def _approvals(
    kind: Kind,
    points: Mapping[str, Mapping[str, int]],
    ranks: Mapping[str, Sequence[str]],
    top: int | None,
) -> Mapping[str, Collection[str]]:
    if kind == "points":
        return approvals_of_points(points, top=top)
    if kind == "ranking":
        return approvals_of_ranks(ranks, top=top)
    if top is not None:
        raise RuleError("the first places of a ballot are asked for, but the ballots have no points or ranks")
    return points


def _projects(table: Table, id_column: str, title_column: str) -> tuple[dict[str, int], dict[str, str]]:
    """The costs in cents and the titles; faults are raised."""
    table.expect_rows("project")
    costs: dict[str, int] = {}
    titles: dict[str, str] = {}
    first: dict[str, int] = {}
    for row, cells in table.rows:
        cell = dict(zip(table.header, cells, strict=True))
        project, cost = cell[id_column], cents_in(cell["cost"])
        if not project:
            table.faults.append(Fault(row, id_column, "the cell is empty; the id of a project is expected"))
        elif project in first:
            table.faults.append(Fault(row, id_column, f"{project} stands in row {first[project]} already"))
        first.setdefault(project, row)
        if cost is None:
            words = f"{_shown(cell['cost'])} is no cost; {_MONEY_EXPECTED}{hint_on(cell['cost'])}"
            table.faults.append(Fault(row, "cost", words))
        costs[project] = cost or 0
        if cell.get(title_column):
            titles[project] = cell[title_column]
    table.refuse_faults(ProjectError)
    return costs, titles


def _points(table: Table, costs: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """For each voter the points of each project, 1 where there are none; faults are raised."""
    table.expect_rows("voter and project")
    ballots: dict[str, dict[str, int]] = {}
    voter_at, project_at = table.header.index(VOTER), table.header.index(PROJECT)
    points_at = table.header.index(POINTS) if POINTS in table.header else None
    for row, cells in table.rows:
        voter, project = cells[voter_at], cells[project_at]
        if not voter:
            table.faults.append(Fault(row, VOTER, "the cell is empty; the id of a voter is expected"))
        _check_project(table, row, PROJECT, project, costs)
        ballot = ballots.setdefault(voter, {})
        if project in ballot:
            words = f"{voter} is for {project} in a row above already; once is enough"
            table.faults.append(Fault(row, PROJECT, words))
        ballot[project] = 1 if points_at is None else _points_in(table, row, cells[points_at])
    table.refuse_faults(BallotError)
    return ballots


def _points_in(table: Table, row: int, text: str) -> int:
    number = number_in(text)
    if number is not None and number >= 0 and number == int(number):
        return int(number)
    words = f"{text!r} is no number of points; a whole number from 0 is expected{hint_on(text)}"
    table.faults.append(Fault(row, POINTS, words))
    return 0


def _check_project(table: Table, row: int, column: str, project: str, costs: Mapping[str, int]) -> None:
    if not project:
        table.faults.append(Fault(row, column, "the cell is empty; the id of a project is expected"))
    elif project not in costs:
        words = f"there is no project {project!r}; projects: {some(list(costs))}"
        table.faults.append(Fault(row, column, words))


def _pabulib_ballots(
    table: Table, kind: Kind, costs: Mapping[str, int]
) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    """The points and the order of the projects on each ballot; faults are raised."""
    table.expect_rows("voter")
    points: dict[str, dict[str, int]] = {}
    ranks: dict[str, list[str]] = {}
    for row, cells in table.rows:
        cell = dict(zip(table.header, cells, strict=True))
        voter, named = cell["voter_id"], _listed(cell["vote"])
        if not voter:
            table.faults.append(Fault(row, "voter_id", "the cell is empty; the id of a voter is expected"))
        elif voter in ranks:
            table.faults.append(Fault(row, "voter_id", f"{voter} stands in a row above already"))
        for project in named:
            _check_project(table, row, "vote", project, costs)
        for project in dict.fromkeys(named):
            if named.count(project) > 1:
                table.faults.append(Fault(row, "vote", f"{project} is named more than once; once is enough"))
        given = [1] * len(named)
        if kind == "points":
            given = [_points_in(table, row, text) for text in _listed(cell["points"])]
            if len(given) != len(named):
                words = f"{len(given)} numbers for {len(named)} projects; one for each is expected"
                table.faults.append(Fault(row, POINTS, words))
        ranks[voter] = named
        points[voter] = dict(zip(named, given, strict=False))
    table.refuse_faults(BallotError)
    return points, ranks


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _sections(path: Path) -> dict[str, Table]:
    """The three parts of a Pabulib file, each as a table. Rows are counted as in the file."""
    text = read_text(path, PortfolioError)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        records = [[cell.strip() for cell in record] for record in reader]
    except csv.Error as reason:
        raise PortfolioError(not_closed(path.name, reader.line_num, reason)) from None
    sections: dict[str, list[tuple[int, list[str]]]] = {"META": [], "PROJECTS": [], "VOTES": []}
    current: list[tuple[int, list[str]]] | None = None
    for row, cells in enumerate(records, 1):
        if not any(cells):
            continue
        if cells[0].upper() in sections and not any(cells[1:]):
            current = sections[cells[0].upper()]
        elif current is None:
            raise PortfolioError(f"{path.name}, row {row}: the section META is expected first")
        else:
            current.append((row, cells))
    for name, rows in sections.items():
        if not rows:
            raise PortfolioError(f"{path.name}: the section {name}, with a header below its name, is absent")
    tables = {}
    for name, ((_, header), *rows) in sections.items():
        columns = [column.lower() for column in header]
        tables[name] = table_of(f"{path.name}, {name}", columns, rows, between="semicolon")
    return tables
