import csv
import json

import pytest
from tests.cli.running import tessera
from tests.engines.opinion.conversations import numbers, rows_of

STATEMENT_COLUMNS = (
    "statement,moderated_out,mean,pc1,pc2,proj_x,proj_y,extremity,"
    "consensus,consensus_geometric,bridging,priority"
)
FILES = ("groups.csv", "landscape.json", "participants.csv", "shares.csv", "statements.csv")
QUESTIONS = (("trams", 1, -1), ("cars", -1, 1), ("trees", 1, 1), ("taken out", 1, -1))


@pytest.fixture
def camps(tmp_path):
    """Twenty for trams and against cars, twelve the other way round; all for trees."""
    votes = [
        (person, statement, vote if person <= 20 else other)
        for person in range(1, 33)
        for statement, vote, other in (
            ("trams", 1, -1),
            ("cars", -1, 1),
            ("trees", 1, 1),
            ("taken out", 1, -1),
        )
    ]
    return (
        written(tmp_path / "VOTES.csv", "participant,statement,vote", votes),
        written(
            tmp_path / "STATEMENTS.csv",
            "statement,moderated,text",
            [
                ("trams", 1, "More"),
                ("cars", 0, ""),
                ("trees", "", ""),
                ("taken out", -1, ""),
                ("late", 1, ""),
            ],
        ),
    )


def written(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def landscape(camps, folder, *more):
    votes, statements = camps
    return tessera("opinion", "landscape", votes, "--statements", statements, "-o", folder, *more)


def said(folder):
    return json.loads((folder / "landscape.json").read_text(encoding="utf-8"))


def test_two_camps_become_two_groups_in_five_files(camps, tmp_path):
    done = landscape(camps, tmp_path / "out")
    assert done.returncode == 0
    assert "Participants: 32, votes: 128, statements: 4, groups: 2. Written to" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    people = rows_of(tmp_path / "out/participants.csv")
    assert list(people[0]) == ["participant", "n_votes", "in_conv", "x", "y", "group"]
    assert [row["participant"] for row in people] == [str(number) for number in range(1, 33)]
    assert [row["group"] for row in people] == ["0"] * 20 + ["1"] * 12
    assert {(row["n_votes"], row["in_conv"]) for row in people} == {("4", "1")}


def test_the_figures_of_two_camps_by_hand(camps, tmp_path):
    landscape(camps, tmp_path)
    statements = rows_of(tmp_path / "statements.csv")
    assert ",".join(statements[0]) == STATEMENT_COLUMNS
    by_name = {row["statement"]: row for row in statements}
    assert list(by_name) == ["cars", "taken out", "trams", "trees"]
    assert [row["moderated_out"] for row in statements] == ["0", "1", "0", "0"]
    assert float(by_name["trams"]["mean"]) == pytest.approx((20 - 12) / 32)
    assert by_name["taken out"]["mean"] == "0.0"
    assert by_name["taken out"]["bridging"] == ""
    # 21/22 of the one group and 13/14 of the other are for trees.
    assert float(by_name["trees"]["consensus"]) == pytest.approx(21 / 22 * 13 / 14)
    assert float(by_name["trees"]["consensus_geometric"]) == pytest.approx((21 / 22 * 13 / 14) ** 0.5)
    groups = {(row["group"], row["statement"]): row for row in rows_of(tmp_path / "groups.csv")}
    assert len(groups) == 8
    assert [groups["1", "trams"][name] for name in ("na", "nd", "ns")] == ["0", "12", "12"]
    shares = {(row["group"], row["statement"]): row for row in rows_of(tmp_path / "shares.csv")}
    assert len(shares) == 12
    assert float(shares["", "trams"]["agree"]) == 20 / 32
    # Wilson: (20 + 1.9208) / (32 + 3.8415) -+ 1.96 sqrt(20 x 12 / 32 + 0.9604) / 35.8415.
    assert float(shares["", "trams"]["agree_low"]) == pytest.approx(0.4525, abs=1e-4)
    assert float(shares["", "trams"]["agree_high"]) == pytest.approx(0.7707, abs=1e-4)


def test_the_landscape_says_how_far_to_believe_it_and_what_all_accept(camps, tmp_path):
    landscape(camps, tmp_path, "--seed", "7")
    found = said(tmp_path)
    assert found["sizes"] == {
        "participants": 32,
        "statements": 4,
        "votes": 128,
        "moderated_out": 1,
        "without_votes": ["late"],
        "in_conversation": 32,
        "groups": {"0": 20, "1": 12},
    }
    assert found["k"] == 2
    assert found["stability"]["median"] >= 0.6
    assert len(found["stability"]["reruns"]) == 20
    assert found["withheld"] == found["withheld_from_the_public"] == []
    assert found["settings"]["seed"] == 7
    assert [each["statement"] for each in found["accepted_by_all_groups"]] == ["trees"]
    # 20 of 32: z = 2 sqrt(33) (21/33 - 1/2) = 1.57.
    assert [each["statement"] for each in found["consensus"]["agree"]] == ["trees", "trams"]
    assert found["representative"]["1"][0]["statement"] == "cars"
    chosen = found["lists"]["representative"]
    assert chosen["statements"][0] == "trees"
    assert (chosen["people"], chosen["served"], chosen["justified_representation"]) == (32, 32, True)
    assert set(found["lists"]) == {"representative", "group_product", "majority", "bridging"}
    assert [entry["file"] for entry in found["inputs"].values()] == ["VOTES.csv", "STATEMENTS.csv"]


def test_a_small_group_is_named_as_a_reason_to_show_no_map(camps, tmp_path):
    votes, _ = camps
    with votes.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = [row for row in rows if int(row[0]) < 24]
    fewer = written(tmp_path / "FEWER.csv", ",".join(header), rows)
    done = tessera("opinion", "landscape", fewer, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert (
        "A map of the groups should not be shown: people in the smallest group: 3; 5 are needed."
        in done.stderr
    )
    assert (
        "people in the smallest group: 3; 10 are needed" in said(tmp_path / "out")["withheld_from_the_public"]
    )


def test_the_same_votes_and_seed_give_the_same_files_with_any_number_of_processes(camps, tmp_path):
    for folder, more in (("one", ()), ("two", ("--workers", "2"))):
        assert landscape(camps, tmp_path / folder, *more).returncode == 0
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_cluster_makes_the_same_files(camps, tmp_path):
    distributed = pytest.importorskip("distributed")
    landscape(camps, tmp_path / "here")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        done = landscape(camps, tmp_path / "there", "--cluster", cluster.scheduler_address)
    assert done.returncode == 0
    for name in FILES:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_groups_keep_the_numbers_of_an_earlier_landscape(camps, tmp_path):
    landscape(camps, tmp_path / "first")
    people = rows_of(tmp_path / "first/participants.csv")
    swapped = [(row["participant"], 1 - int(row["group"])) for row in people] + [("erased since", 1)]
    earlier = written(tmp_path / "EARLIER.csv", "participant,group", swapped)
    assert landscape(camps, tmp_path / "then", "--earlier", earlier).returncode == 0
    then = rows_of(tmp_path / "then/participants.csv")
    assert [int(row["group"]) for row in then] == [1] * 20 + [0] * 12


def test_given_groups_have_the_same_files_without_stability(camps, tmp_path):
    votes, statements = camps
    labels = written(
        tmp_path / "LABELS.csv", "participant,group", [(number, number % 2) for number in range(1, 31)]
    )
    done = tessera(
        "opinion", "statistics", votes, "--labels", labels, "--statements", statements, "-o", tmp_path / "out"
    )
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    people = rows_of(tmp_path / "out/participants.csv")
    assert [row["group"] for row in people] == ["1", "0"] * 15 + ["-1", "-1"]
    found = said(tmp_path / "out")
    assert found["sizes"]["groups"] == {"0": 15, "1": 15}
    assert "stability" not in found
    assert "k" not in found


def test_the_statistics_of_a_real_conversation_are_those_of_the_reference(shared, tmp_path):
    folder = shared / "data/polis"
    people = rows_of(folder / "reference/brexit-consensus/participants.csv")
    labels = written(
        tmp_path / "LABELS.csv",
        "participant,group",
        [(row["participant"], row["label_production"] or -1) for row in people],
    )
    conversation = folder / "brexit-consensus"
    tessera(
        "opinion", "statistics", conversation / "votes.csv", "--labels", labels,
        "--statements", conversation / "statements.csv", "-o", tmp_path / "out",
    )  # fmt: skip
    expected = [
        row
        for row in rows_of(folder / "reference/brexit-consensus/group_stats.csv")
        if row["labels"] == "production"
    ]
    found = rows_of(tmp_path / "out/groups.csv")
    assert list(found[0]) == [name for name in expected[0] if name != "labels"]
    assert [(row["group"], row["statement"]) for row in found] == [
        (row["group"], row["statement"]) for row in expected
    ]
    for column in list(found[0])[2:]:
        assert numbers(found, column) == pytest.approx(numbers(expected, column), rel=1e-8, abs=1e-8)


def test_people_without_a_vote_and_statements_that_are_not_listed_are_told(camps, tmp_path):
    votes, _ = camps
    labels = written(tmp_path / "LABELS.csv", "participant,group", [(1, 0), (2, 1), ("a stranger", 0)])
    short = written(tmp_path / "SHORT.csv", "statement", [("trams",)])
    done = tessera(
        "opinion", "statistics", votes, "--labels", labels, "--statements", short, "-o", tmp_path / "out"
    )
    assert done.returncode == 0
    assert "Without a vote, and in no figure: 1 of LABELS.csv" in done.stderr
    assert (
        "SHORT.csv lacks statements with votes: cars, taken out, trees. They count as accepted."
        in done.stderr
    )


def test_labels_of_nobody_who_voted_are_refused(camps, tmp_path):
    votes, _ = camps
    labels = written(tmp_path / "LABELS.csv", "participant,group", [("a stranger", 0)])
    done = tessera("opinion", "statistics", votes, "--labels", labels, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "LABELS.csv: nobody of it has a vote in VOTES.csv" in done.stderr


def test_an_earlier_landscape_of_others_is_told(camps, tmp_path):
    earlier = written(tmp_path / "EARLIER.csv", "participant,group", [("a stranger", 0)])
    done = landscape(camps, tmp_path / "out", "--earlier", earlier)
    assert done.returncode == 0
    assert "Nobody of the earlier landscape has a vote here" in done.stderr


def test_what_was_read_is_not_overwritten(camps, tmp_path):
    votes, statements = camps
    read = statements.rename(tmp_path / "statements.csv")
    before = read.read_bytes()
    done = landscape((votes, read), tmp_path)
    assert done.returncode == 2
    assert "statements.csv is what was read and is not overwritten; name another place" in done.stderr
    assert read.read_bytes() == before
    assert not (tmp_path / "groups.csv").exists()


def test_where_nobody_differs_there_is_no_list_by_groups(tmp_path):
    # More statements than are decomposed as a whole.
    votes = [(person, statement, 1) for person in range(20) for statement in range(150)]
    path = written(tmp_path / "VOTES.csv", "participant,statement,vote", votes)
    done = tessera("opinion", "landscape", path, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    found = said(tmp_path / "out")
    assert found["explained"] == [0.0, 0.0]
    assert found["lists"]["group_product"] is None
    assert found["lists"]["majority"]["coverage"] == 1.0
    assert found["agrees_least"] == {}


def test_the_group_that_agrees_least_is_named_for_each_statement(camps, tmp_path):
    landscape(camps, tmp_path / "out")
    found = said(tmp_path / "out")["agrees_least"]
    assert {name: (each["group"], each["count"], each["n"]) for name, each in found.items()} == {
        "cars": (0, 0, 20),
        "taken out": (1, 0, 12),
        "trams": (1, 0, 12),
        "trees": (1, 12, 12),
    }
    # Wilson with 12 of 12: 12 / (12 + 1.96^2).
    assert found["trees"]["low"] == pytest.approx(12 / (12 + 3.8415), abs=1e-4)


def test_no_votes_make_empty_tables(tmp_path):
    votes = written(tmp_path / "VOTES.csv", "participant,statement,vote", [])
    done = tessera("opinion", "landscape", votes, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert rows_of(tmp_path / "out/participants.csv") == rows_of(tmp_path / "out/groups.csv") == []
    found = said(tmp_path / "out")
    assert (found["k"], found["stability"]) == (0, None)
    assert found["withheld"] == ["all who were to be grouped stand on one place"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("participant,statement,vote\n1,a,2\n", "VOTES.csv, row 2, column vote: 2 was found"),
        ("person,statement,vote\n", "the column participant is absent"),
        ("", "is empty"),
    ],
)
def test_votes_that_are_not_in_order_are_refused_in_plain_words(tmp_path, content, words):
    (tmp_path / "VOTES.csv").write_text(content, encoding="utf-8")
    done = tessera("opinion", "landscape", tmp_path / "VOTES.csv", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(camps, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = landscape(camps, tmp_path / "taken/out")
    assert done.returncode == 2
    assert "taken/out" in done.stderr
