"""The files of a vote: what is read from them, and which faults are named."""

import pytest
from tests.engines.portfolio.small_votes import ballots_of

from tessera.cli.portfolio_files import cents_in, read_budget, read_pabulib, read_vote
from tessera.engines.portfolio.errors import BallotError, PortfolioError, ProjectError, RuleError

PROJECTS = "project,cost,title\ngym,400,Outdoor gym\npark,250.5,\npool,1000.05,\n"
BALLOTS = "voter,project\nAda,gym\nBo,park\nAda,park\n"

# The example of pabulib.org/format.
PABULIB = """META
key; value
description; Municipal PB in Wieliczka
num_projects; 5
num_votes; 10
budget; 2500
rule; greedy
vote_type; approval
PROJECTS
project_id; cost; category
1; 600; culture, education
2; 800; sport
4; 1400; culture
5; 1000; health, sport
7; 1200; education
VOTES
voter_id; age; sex; vote
1; 34; f; 1,2,4
2; 51; m; 1,2
3; 23; m; 2,4,5
4; 19; f; 5,7
5; 62; f; 1,4,7
6; 54; m; 1,7
7; 49; m; 5
8; 27; f; 4
9; 39; f; 2,4,5
10; 44; m; 4,5
"""

POINTS_PB = """META
key;value
budget;100.50
vote_type;cumulative

PROJECTS
project_id;cost;name
a;50;"Trees; and benches"
b;60;

VOTES
voter_id;vote;points
7;a,b;3,7
8;b;0
9;;
"""


def vote_of(folder, ballots=BALLOTS, projects=PROJECTS, **options):
    (folder / "BALLOTS.csv").write_text(ballots, encoding="utf-8")
    (folder / "PROJECTS.csv").write_text(projects, encoding="utf-8")
    return read_vote(folder / "BALLOTS.csv", folder / "PROJECTS.csv", 500_00, **options)


def pabulib_of(folder, text, *options, **more):
    (folder / "vote.pb").write_text(text, encoding="utf-8")
    return read_pabulib(folder / "vote.pb", *options, **more)


def test_two_tables_make_a_vote(tmp_path):
    vote = vote_of(tmp_path)
    assert vote.problem.costs == (400_00, 250_50, 1000_05)
    assert ballots_of(vote.problem) == [["gym", "park"], ["park"]]
    assert (vote.kind, vote.titles) == ("approval", {"gym": "Outdoor gym"})


def test_the_order_of_the_rows_changes_nothing_but_the_numbers_of_the_voters(tmp_path):
    header, *rows = BALLOTS.splitlines()
    again = vote_of(tmp_path, "\n".join([header, *reversed(rows)]))
    assert again.problem.votes == vote_of(tmp_path).problem.votes


@pytest.mark.parametrize(("top", "ballots"), [(None, [["gym", "park"], ["pool"]]), (1, [["park"], ["pool"]])])
def test_what_got_points_is_approved_or_the_most_of_it(tmp_path, top, ballots):
    text = "voter,project,points\nAda,gym,3\nAda,park,7\nAda,pool,0\nBo,pool,1\n"
    vote = vote_of(tmp_path, text, top=top)
    assert (ballots_of(vote.problem), vote.kind) == (ballots, "points")


@pytest.mark.parametrize(
    ("projects", "words"),
    [
        (
            "project,price\ngym,4\n",
            ["PROJECTS.csv, header: the column cost is absent", "'price' is not known"],
        ),
        (
            "project,cost\ngym,-4\n",
            ["PROJECTS.csv, row 2, column cost: '-4' is no cost", "in euros above 0 and below"],
        ),
        ("project,cost\ngym,0\n", ["row 2, column cost: '0' is no cost"]),
        (
            'project,cost\ngym,"4,50"\n',
            ["row 2, column cost: '4,50' is no cost", "decimals stand behind a point"],
        ),
        ("project,cost\ngym,4.505\n", ["row 2, column cost: '4.505' is no cost", "at most two decimals"]),
        ("project,cost\ngym,1e3\n", ["'1e3' is no cost"]),
        ("project,cost\ngym,4\ngym,5\n", ["row 3, column project: gym stands in row 2 already"]),
        ("project,cost\n,4\n", ["row 2, column project: the cell is empty"]),
        ("project,cost\n", ["there are no rows below it; a row for each project is expected"]),
        ("", ["PROJECTS.csv is empty"]),
    ],
)
def test_faults_of_the_projects_are_named(tmp_path, projects, words):
    with pytest.raises(ProjectError) as refused:
        vote_of(tmp_path, projects=projects)
    for word in words:
        assert word in str(refused.value)


@pytest.mark.parametrize(
    ("ballots", "words"),
    [
        ("voter\nAda\n", ["BALLOTS.csv, header: the column project is absent"]),
        (
            "voter,project\nAda,zoo\n",
            ["BALLOTS.csv, row 2, column project: there is no project 'zoo'", "gym, park"],
        ),
        (
            "voter,project\nAda,gym\nAda,gym\n",
            ["row 3, column project: Ada is for gym in a row above already"],
        ),
        (
            "voter,project\n,gym\nAda,\n",
            ["row 2, column voter: the cell is empty", "row 3, column project: the"],
        ),
        ("voter,project,points\nAda,gym,1.5\n", ["row 2, column points: '1.5' is no number of points"]),
        ("voter,project,points\nAda,gym,-1\n", ["'-1' is no number of points; a whole number from 0"]),
        ("voter,project,points\nAda,gym,\n", ["'' is no number of points"]),
        ("voter,project\n", ["a row for each voter and project is expected"]),
        ("voter;project\nAda;gym\n", ["separated by semicolons; a comma is expected"]),
        ("", ["BALLOTS.csv is empty"]),
    ],
)
def test_faults_of_the_ballots_are_named(tmp_path, ballots, words):
    with pytest.raises(BallotError) as refused:
        vote_of(tmp_path, ballots)
    for word in words:
        assert word in str(refused.value)


def test_the_first_places_of_plain_approvals_are_refused(tmp_path):
    with pytest.raises(RuleError, match="the ballots have no points or ranks"):
        vote_of(tmp_path, top=2)


@pytest.mark.parametrize("text", ["0", "-5", "1,000", "1e3", "1.005", "", "nan", "٥"])
def test_a_budget_that_is_no_amount_is_refused(text):
    with pytest.raises(
        ProjectError, match=r"the budget is .* an amount in euros above 0 and below .* is expected"
    ):
        read_budget(text)


def test_an_amount_that_is_too_high_is_refused_with_the_limit(tmp_path):
    with pytest.raises(ProjectError, match=r"'10000000000000'; .* and below 10 000 000 000 000 is expected"):
        read_budget("1" + "0" * 13)
    with pytest.raises(
        ProjectError, match=r"column cost: '9{14}' is no cost; .* below 10 000 000 000 000 is"
    ):
        vote_of(tmp_path, projects=f"project,cost\ngym,{'9' * 14}\n")


def test_an_amount_of_thousands_of_digits_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(ProjectError, match="the budget is a text of 5000 characters; an amount in euros"):
        read_budget("9" * 5000)
    with pytest.raises(ProjectError, match="column cost: a text of 5000 characters is no cost; an amount"):
        vote_of(tmp_path, projects=f"project,cost\ngym,{'9' * 5000}\n")
    with pytest.raises(PortfolioError, match="META: the budget is a text of 5000 characters; an amount"):
        pabulib_of(tmp_path, PABULIB.replace("2500", "9" * 5000))


def test_noughts_in_front_change_no_amount():
    assert cents_in("0" * 40 + "12.5") == 12_50


def test_amounts_are_taken_to_the_cent():
    assert [cents_in(text) for text in ("1", "1.5", "1.05", "0.29", "9999999999999.99")] == [
        100,
        150,
        105,
        29,
        999_999_999_999_999,
    ]


def test_the_example_of_pabulib_is_read(tmp_path):
    vote = pabulib_of(tmp_path, PABULIB)
    assert (vote.problem.budget, vote.problem.projects) == (2500_00, ("1", "2", "4", "5", "7"))
    assert vote.problem.costs == (600_00, 800_00, 1400_00, 1000_00, 1200_00)
    assert (vote.problem.n_voters, vote.problem.votes) == (10, (4, 4, 6, 5, 3))
    assert vote.kind == "approval"


def test_points_in_a_pabulib_file_become_approvals_and_an_empty_ballot_counts(tmp_path):
    vote = pabulib_of(tmp_path, POINTS_PB)
    assert (vote.kind, vote.problem.budget) == ("points", 100_50)
    assert vote.titles == {"a": "Trees; and benches"}
    assert ballots_of(vote.problem) == [["a", "b"], [], []]
    assert ballots_of(pabulib_of(tmp_path, POINTS_PB, top=1).problem) == [["b"], [], []]


def test_ranks_in_a_pabulib_file_are_cut_at_the_place_that_is_asked_for(tmp_path):
    text = PABULIB.replace("approval", "ordinal")
    assert ballots_of(pabulib_of(tmp_path, text, top=1).problem)[:3] == [["1"], ["1"], ["2"]]
    assert pabulib_of(tmp_path, text).problem.votes == (4, 4, 6, 5, 3)


def test_another_budget_may_be_given(tmp_path):
    assert pabulib_of(tmp_path, PABULIB, 9_00).problem.budget == 9_00
    assert pabulib_of(tmp_path, PABULIB.replace("budget; 2500\n", ""), 9_00).problem.budget == 9_00


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("budget; 2500\n", "", "vote.pb, META: there is no budget; give one with --budget"),
        ("budget; 2500", "budget; none", "META: the budget is 'none'; an amount in euros"),
        (
            "vote_type; approval",
            "vote_type; choose-1",
            "META: vote_type is choose-1; accepted: approval, ordinal",
        ),
        ("voter_id; age; sex; vote", "voter_id; age; sex; votes", "VOTES, header: the column vote is absent"),
        ("1; 600; culture, education", "1; 600", "PROJECTS, row 11: 2 cells, and the header has 3"),
        ("1; 600; culture, education", "1; 600; a; b", "has 3; a text or number with a semicolon in it must"),
        ("2; 800;", "2; 8 00;", "PROJECTS, row 12, column cost: '8 00' is no cost"),
        ("2; 51; m; 1,2", "2; 51; m; 1,3", "VOTES, row 19, column vote: there is no project '3'"),
        ("2; 51; m; 1,2", "2; 51; m; 1,1", "VOTES, row 19, column vote: 1 is named more than once"),
        ("2; 51; m; 1,2", "1; 51; m; 1,2", "VOTES, row 19, column voter_id: 1 stands in a row above already"),
        ("2; 51; m; 1,2", '2; 51; m;"1,2', "vote.pb, line 27: a cell in quotation marks is not closed"),
        ("num_votes; 10", 'num_votes;"1"0', "vote.pb, line 5: a cell in quotation marks is not closed"),
        ("project_id; cost; category", "project_id; cost; cost", "PROJECTS, header, column cost: the name"),
        ("project_id; cost; category", "project_id; cost; ", "PROJECTS, header: the column number 3 has no"),
        ("META\n", "", "vote.pb, row 1: the section META is expected first"),
        ("VOTES\n", "", "the section VOTES, with a header below its name, is absent"),
        ("META", "PROJECTS", "the section META, with a header below its name, is absent"),
    ],
)
def test_faults_of_a_pabulib_file_are_named(tmp_path, old, new, words):
    assert old in PABULIB
    with pytest.raises(PortfolioError) as refused:
        pabulib_of(tmp_path, PABULIB.replace(old, new, 1))
    assert words in str(refused.value)


def test_points_that_do_not_fit_the_projects_of_a_ballot_are_named(tmp_path):
    with pytest.raises(BallotError, match="row 13, column points: 1 numbers for 2 projects"):
        pabulib_of(tmp_path, POINTS_PB.replace("7;a,b;3,7", "7;a,b;3"))


def test_a_mark_that_is_not_closed_is_named_in_a_large_file_too(tmp_path):
    # 30,000 voters behind it are one cell, which is more than a reader of CSV takes.
    voters = "".join(f"{number};1\n" for number in range(30_000))
    text = (
        "META\nkey;value\nbudget;500\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n"
        f'1;400;"Park\nVOTES\nvoter_id;vote\n{voters}'
    )
    with pytest.raises(
        PortfolioError, match=r"vote\.pb, line [0-9]+: a cell in quotation marks is not closed"
    ):
        pabulib_of(tmp_path, text)


def test_other_files_than_tables_are_refused_with_what_is_read(tmp_path):
    (tmp_path / "BALLOTS.parquet").write_bytes(b"PAR1\x15\x04\xff\xfePAR1")
    (tmp_path / "PROJECTS.csv").write_text(PROJECTS, encoding="utf-8")
    words = "BALLOTS.parquet is a Parquet file; ballots are read from a CSV file, or from a .pb file of"
    with pytest.raises(BallotError, match=words):
        read_vote(tmp_path / "BALLOTS.parquet", tmp_path / "PROJECTS.csv", 500_00)
    (tmp_path / "PROJECTS.parquet").write_bytes(b"PAR1\x15\x04\xff\xfePAR1")
    with pytest.raises(
        ProjectError, match=r"PROJECTS\.parquet is a Parquet file; projects are read from a CSV"
    ):
        read_vote(tmp_path / "BALLOTS.parquet", tmp_path / "PROJECTS.parquet", 500_00)
