"""`tessera portfolio shares`, run on the second worked example of equalshares.net."""

import csv
import hashlib
import json

import pytest
from tests.cli.index_command import refuse
from tests.cli.running import tessera
from tests.oracles import equal_shares_worked as worked

SELECTION = "project,title,cost,votes,chosen,round,why"
ROUNDS = "round,project,bought,tied,votes,with_money,money,missing,price,pays_at_most,all_money"
COMPARISON = (
    "rule,projects,cost,share_of_budget,voters_served,share_served,mean_projects,mean_share_of_budget,"
    "prefer_published,prefer_this,prefer_neither"
)

RULES = ["equal shares, cost", "greedy by votes", "greedy by votes per cost", "phragmen"]


@pytest.fixture
def folder(tmp_path):
    ballots = [
        f"voter {number},{project}"
        for number, ballot in enumerate(worked.SECOND_BALLOTS)
        for project in ballot
    ]
    (tmp_path / "BALLOTS.csv").write_text("\n".join(["voter,project", *ballots]) + "\n")
    projects = [f"{project},{cost},The {project}" for project, cost in worked.COSTS.items()]
    more = ["statue,50,", "tunnel,5000,"]
    (tmp_path / "PROJECTS.csv").write_text("\n".join(["project,cost,title", *projects, *more]) + "\n")
    return tmp_path


def shares(folder, *options, budget=worked.BUDGET):
    given = ("BALLOTS.csv", "PROJECTS.csv", "--budget", budget, "-o", "out")
    return tessera("portfolio", "shares", *given, *options, folder=folder)


def rows_of(path, header):
    with path.open(encoding="utf-8", newline="") as file:
        assert file.readline() == header + "\n"
        file.seek(0)
        return list(csv.DictReader(file))


def test_every_project_is_listed_with_the_reason(folder):
    run = shares(folder, "--completion", "none")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "3 of 7 projects, 850.00 of 1100.00 EUR, written to out\n"
    rows = rows_of(folder / "out" / "selection.csv", SELECTION)
    assert [(row["project"], row["chosen"], row["round"]) for row in rows] == [
        *((project, "yes", str(number)) for number, project in enumerate(worked.SECOND_CHOSEN, 1)),
        ("bike path", "no", ""),
        ("library for kids", "no", ""),
        ("statue", "no", ""),
        ("tunnel", "no", ""),
    ]
    park, library = rows[1], rows[4]
    assert (park["title"], park["cost"], park["votes"]) == ("The new park", "250.00", "5")
    # (250 - 3 x 300/7) / 2 for the park. Of the library's three, one is left with 100 less that again.
    assert park["why"].startswith("5 supporters pay at most 60.7143 EUR each; 3 of them have less")
    assert library["why"] == "its supporters have 39.28 EUR left in the end; 60.72 EUR are missing"
    assert [row["why"] for row in rows[5:]] == ["nobody is for it"] * 2


def test_what_supporters_pay_is_told_for_one_and_without_needless_digits(tmp_path):
    (tmp_path / "PROJECTS.csv").write_text("project,cost\ngym,250.50\npark,100\npool,0.50\n")
    voters = [
        *(f"{number},park" for number in range(3)),
        "3,gym",
        *(f"{number},pool" for number in range(4, 12)),
    ]
    (tmp_path / "BALLOTS.csv").write_text("\n".join(["voter,project", *voters]) + "\n")
    assert shares(tmp_path, "--completion", "none", budget="6000").returncode == 0
    why = {row["project"]: row["why"] for row in rows_of(tmp_path / "out" / "selection.csv", SELECTION)}
    assert why == {
        "gym": "1 supporter pays at most 250.50 EUR",
        "park": "3 supporters pay at most 33.3333 EUR each",
        "pool": "8 supporters pay at most 0.0625 EUR each",
    }


def test_one_supporter_with_less_than_the_others_is_told_in_the_singular(tmp_path):
    # A euro each. Voter 1 pays 0.30 for the gym, so that of 1.50 for the park 0.80 are left to voter 2.
    (tmp_path / "PROJECTS.csv").write_text("project,cost\ngym,0.90\npark,1.50\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,gym\n3,gym\n4,gym\n1,park\n2,park\n")
    assert shares(tmp_path, "--completion", "none", budget="4").returncode == 0
    rows = rows_of(tmp_path / "out" / "selection.csv", SELECTION)
    assert [row["why"] for row in rows] == [
        "3 supporters pay at most 0.30 EUR each",
        "2 supporters pay at most 0.80 EUR each; 1 of them has less and pays what is left, if anything",
    ]


def test_one_supporter_without_enough_money_is_told_in_the_singular(tmp_path):
    # A euro each, of which the park takes 0.60.
    (tmp_path / "PROJECTS.csv").write_text("project,cost\ngym,0.50\npark,1.20\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,gym\n1,park\n2,park\n")
    assert shares(tmp_path, "--completion", "none", budget="2").returncode == 0
    why = {row["project"]: row["why"] for row in rows_of(tmp_path / "out" / "selection.csv", SELECTION)}
    assert why["park"] == "2 supporters pay at most 0.60 EUR each"
    assert why["gym"].startswith("its supporter has 0.40 EUR left in the end; 0.10 EUR are missing")


def test_rounds_show_what_each_project_would_have_cost(folder):
    assert shares(folder, "--completion", "none").returncode == 0
    rows = rows_of(folder / "out" / "rounds.csv", ROUNDS)
    second = [row for row in rows if row["round"] == "2"]
    assert [row["project"] for row in second] == [
        "new park",
        "new playground",
        "library for kids",
        "bike path",
    ]
    park, bike = second[0], second[-1]
    assert 1 / float(park["price"]) == pytest.approx(worked.SECOND_PARK_EFFECTIVE_VOTES, abs=0.05)
    assert (park["bought"], park["tied"], park["votes"], park["with_money"]) == ("yes", "no", "5", "5")
    assert float(park["money"]) == pytest.approx(3 * 300 / 7 + 200)
    assert float(bike["missing"]) == pytest.approx(700 - 6 * 300 / 7)
    assert (bike["price"], bike["pays_at_most"], bike["all_money"]) == ("", "", "700.0")


def test_by_number_of_projects_the_price_is_in_euros_a_project(folder):
    assert shares(folder, "--utility", "cardinality").returncode == 0
    rows = rows_of(folder / "out" / "rounds.csv", ROUNDS)
    priced = [row for row in rows if row["price"]]
    assert len(priced) > 5
    assert all(row["price"] == row["pays_at_most"] for row in priced)


def test_other_rules_stand_beside_the_published_count(folder):
    run = shares(folder, "--completion", "none")
    rows = rows_of(folder / "out" / "comparison.csv", COMPARISON)
    assert [row["rule"] for row in rows] == RULES
    greedy = rows[1]
    # Gym for 7 and bike path for 6 of 11, against gym, park for 5 and playground for 4.
    assert (greedy["projects"], greedy["cost"], greedy["voters_served"]) == ("2", "1100.00", "7")
    assert float(greedy["mean_share_of_budget"]) == pytest.approx((7 * 400 + 6 * 700) / 11 / 1100)
    assert float(rows[0]["mean_projects"]) == pytest.approx((7 + 5 + 4) / 11)
    assert [greedy[f"prefer_{whom}"] for whom in ("published", "this", "neither")] == ["4", "3", "4"]
    assert run.stderr == ""


def test_the_settings_sums_and_hashes_are_kept(folder):
    run = shares(folder)
    said = json.loads((folder / "out" / "portfolio.json").read_text())
    assert said["settings"] == {
        "utility": "cost",
        "completion": "percent",
        "fill": False,
        "lot": [],
        "top": None,
    }
    assert said["sizes"] == {"projects": 7, "voters": 11, "approvals": 25}
    spent = float(said["sums"]["spent"])
    assert f"{spent:.2f} of 1100.00 EUR" in run.stdout
    assert spent + float(said["sums"]["left"]) == float(said["sums"]["budget"]) == 1100
    assert said["endowment"]["first"] == 100
    assert said["endowment"]["last"] == pytest.approx(100 + said["endowment"]["raises"])
    for name, digest in {
        "BALLOTS.csv": said["inputs"]["ballots"]["sha256"],
        "PROJECTS.csv": said["inputs"]["projects"]["sha256"],
        **{f"out/{name}": digest for name, digest in said["outputs"].items()},
    }.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert list(said["outputs"]) == ["selection.csv", "rounds.csv", "comparison.csv"]
    assert said["chosen"]["greedy by votes"] == ["outdoor gym", "bike path"]


def test_the_shares_rise_by_a_euro_if_that_is_asked_for(folder):
    assert shares(folder, "--completion", "unit").returncode == 0
    said = json.loads((folder / "out" / "portfolio.json").read_text())
    assert said["endowment"]["last"] == 100 + said["endowment"]["raises"] > 100


def test_what_is_filled_in_is_marked(tmp_path):
    # a costs 50 and is bought; b's voter never gets the 60 before the budget is passed; c is filled in.
    (tmp_path / "PROJECTS.csv").write_text("project,cost\na,0.50\nb,0.60\nc,0.48\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,a\n1,c\n2,b\n3,b\n4,a\n")
    run = shares(tmp_path, "--fill", budget="1")
    assert run.returncode == 0, run.stderr
    said = json.loads((tmp_path / "out" / "portfolio.json").read_text())
    rows = rows_of(tmp_path / "out" / "selection.csv", SELECTION)
    filled = [
        row["project"] for row in rows if row["why"].startswith("filled in at the end by its votes; its")
    ]
    assert said["filled"] == filled == ["c"]
    assert [row["chosen"] for row in rows if row["project"] in filled] == ["yes"]


def test_a_tie_that_only_the_ids_decide_is_said(tmp_path):
    (tmp_path / "PROJECTS.csv").write_text("project,cost\nb,5\na,5\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,a\n2,b\n")
    run = shares(tmp_path, budget="10")
    assert "a and b are equal, in cost and votes, too; the order of their ids decided" in run.stderr
    said = json.loads((tmp_path / "out" / "portfolio.json").read_text())
    assert said["ties"] == [{"round": 1, "chosen": "a", "tied": ["b"]}]
    rows = rows_of(tmp_path / "out" / "selection.csv", SELECTION)
    assert rows[0]["why"].endswith("as cheap: b; the order for ties decided")
    assert [row["tied"] for row in rows_of(tmp_path / "out" / "rounds.csv", ROUNDS)] == ["no", "yes", "no"]


def test_a_lot_decides_such_a_tie_by_every_rule(tmp_path):
    (tmp_path / "PROJECTS.csv").write_text("project,cost\nb,5\na,5\nc,4\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,a\n1,b\n2,a\n2,b\n3,c\n")
    run = shares(tmp_path, "--lot", "b", budget="9")
    assert (run.returncode, run.stderr) == (0, "")
    said = json.loads((tmp_path / "out" / "portfolio.json").read_text())
    assert [(rule, set(chosen)) for rule, chosen in said["chosen"].items()] == [
        (rule, {"b", "c"}) for rule in RULES
    ]
    assert said["settings"]["lot"] == ["b"]
    refuse(shares(tmp_path, "--lot", "x", budget="9"), ["drawn by lot were x"])


def test_more_voters_who_would_do_better_by_votes_alone_are_said(tmp_path):
    # A third each is 33.33: the gym needs 80 from two voters, and is not paid for.
    (tmp_path / "PROJECTS.csv").write_text("project,cost\ngym,80\npool,30\n")
    (tmp_path / "BALLOTS.csv").write_text("voter,project\n1,gym\n2,gym\n3,pool\n")
    run = shares(tmp_path, "--completion", "none", budget="100")
    said = "Voters who do better by votes alone: 2; by Equal Shares: 1. See comparison.csv\n"
    assert run.stderr == said


def test_a_pabulib_file_stands_for_both_tables(tmp_path):
    (tmp_path / "vote.pb").write_text(
        "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;4\n2;5\n"
        "VOTES\nvoter_id;vote\n1;1\n2;1,2\n"
    )
    run = tessera("portfolio", "shares", "vote.pb", "-o", "out", folder=tmp_path)
    assert (run.returncode, run.stdout) == (0, "2 of 2 projects, 9.00 of 9.00 EUR, written to out\n")
    run = tessera("portfolio", "shares", "vote.pb", "--budget", "4", "-o", "out", folder=tmp_path)
    assert run.stdout == "1 of 2 projects, 4.00 of 4.00 EUR, written to out\n"


def test_what_does_not_go_together_is_refused(folder):
    (folder / "vote.pb").write_text("META\n")
    both = tessera("portfolio", "shares", "vote.pb", "PROJECTS.csv", "-o", "out", folder=folder)
    refuse(both, ["vote.pb has its projects inside"])
    alone = tessera("portfolio", "shares", "BALLOTS.csv", "--budget", "5", "-o", "out", folder=folder)
    refuse(alone, ["the file of the projects is expected, too"])
    unpaid = tessera("portfolio", "shares", "BALLOTS.csv", "PROJECTS.csv", "-o", "out", folder=folder)
    refuse(unpaid, ["the budget is expected, in euros"])
    refuse(shares(folder, "--fill", "--completion", "none"), ["what is filled in completes the count"])
    refuse(shares(folder, "--top", "2"), ["the ballots have no points or ranks"])
    refuse(shares(folder, budget="0"), ["the budget is '0'; an amount in euros above 0 and below"])
    assert not (folder / "out").exists()


def test_faults_of_a_file_end_the_command_with_words(folder):
    (folder / "BALLOTS.csv").write_text("voter,project\n1,zoo\n")
    refuse(shares(folder), ["BALLOTS.csv, row 2, column project: there is no project 'zoo'"])
