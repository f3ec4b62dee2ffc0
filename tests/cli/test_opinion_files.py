"""The files of an opinion landscape: what is read from good ones, and how each kind of bad one is refused."""

import csv
import io
import random

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.cli.long_tables import BYTES_AT_ONCE
from tessera.cli.opinion_files import read_conversation, read_labels, read_statements, read_votes
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.plain import Plain
from tessera.engines.opinion.votes import collect_votes

LOOPS = Plain()


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def parquet(folder, name, select):
    path = folder / name
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def votes_of(path):
    return as_rows(read_votes(path, loops=LOOPS))


def as_rows(votes):
    """The votes as {(participant, statement): vote}, in the order in which they are kept."""
    rows = np.repeat(votes.participant_ids, votes.n_votes)
    kept = zip(
        rows.tolist(), votes.statement_ids[votes.statements].tolist(), votes.values.tolist(), strict=True
    )
    return {(participant, statement): value for participant, statement, value in kept}


def refusal(read, *arguments, **settings):
    with pytest.raises(VotesError) as caught:
        read(*arguments, **settings)
    return str(caught.value)


def assert_one_fault(message, words):
    assert len(message.splitlines()) == 1, message
    for word in words:
        assert word in message, message


def csv_text(header, rows):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


# Votes


@pytest.mark.parametrize(
    "content",
    [
        "participant,statement,vote\nanna,7,1\nivo,7,0\nanna,8,-1\n",
        "vote,participant,statement\n1,anna,7\n0,ivo,7\n-1,anna,8",
        b"\xef\xbb\xbfparticipant,statement,vote\r\nanna,7,1\r\nivo,7,0\r\nanna,8,-1\r\n",
        "participant,statement,vote\ranna,7,1\rivo,7,0\ranna,8,-1\r",
        ' participant , statement,"vote"\n anna , 7,1 \nivo,7,  0\nanna,"8",-1\n',
        'participant,statement,vote\n"anna",7,"1"\n"ivo",7,"0"\n"anna",8,"-1"\n',
        "participant,statement,vote\n\nanna,7,1\n,,\nivo,7,0\n , ,\nanna,8,-1\n\n",
        "participant,statement,vote\n,,\nanna,7,1\nivo,7,0\n\t, ,\nanna,8,-1\n",
        "participant,statement,vote\nanna,7,+1\nivo,7,0\nanna,8,-1\n",
        "participant,statement,vote,timestamp_ms\nanna,7,1,\nivo,7,0,\nanna,8,-1,\n",
    ],
    ids=[
        "plain",
        "other order, open end",
        "byte order mark, CRLF",
        "CR alone",
        "blanks",
        "quoted",
        "empty rows",
        "rows of empty cells",
        "plus",
        "no times in the column of times",
    ],
)
def test_the_same_votes_in_another_dress_are_the_same(tmp_path, content):
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {
        ("anna", "7"): 1,
        ("anna", "8"): -1,
        ("ivo", "7"): 0,
    }


def test_without_times_the_lower_row_counts(tmp_path):
    path = written(tmp_path, "VOTES.csv", "participant,statement,vote\na,s,1\na,s,-1\nb,s,0\na,s,0\n")
    assert votes_of(path) == {("a", "s"): 0, ("b", "s"): 0}


def test_with_times_the_later_vote_counts_wherever_it_stands(tmp_path):
    content = "participant,statement,vote,timestamp_ms\na,s,1,1500000000002\na,s,-1,1500000000001\n"
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {("a", "s"): 1}


def test_at_the_same_time_the_lower_row_counts(tmp_path):
    content = "participant,statement,vote,timestamp_ms\na,s,1,5\na,s,-1,5\nb,s,1,4\n"
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {("a", "s"): -1, ("b", "s"): 1}


def test_times_before_1970_and_with_signs_are_times(tmp_path):
    content = "participant,statement,vote,timestamp_ms\na,s,1,+3\na,s,-1,-7\n"
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {("a", "s"): 1}


def test_ids_stay_as_they_are_written(tmp_path):
    content = "participant,statement,vote\n007,a b,1\n7, a b,0\n7.0,A B,-1\nĀne,1,1\n"
    votes = read_votes(written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert votes.participant_ids.tolist() == ["007", "7", "7.0", "Āne"]
    assert votes.statement_ids.tolist() == ["1", "A B", "a b"]


def test_ids_that_are_all_whole_numbers_stand_in_their_order(tmp_path):
    content = "participant,statement,vote\n10,100,1\n9,20,1\n"
    votes = read_votes(written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert (votes.participant_ids.tolist(), votes.statement_ids.tolist()) == (["9", "10"], ["20", "100"])


def test_a_quoted_id_may_hold_commas_and_line_ends(tmp_path):
    content = 'participant,statement,vote\na,1,1\n"b, the ""second""\nof two",1,-1\nc,1,0\n'
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {
        ("a", "1"): 1,
        ('b, the "second"\nof two', "1"): -1,
        ("c", "1"): 0,
    }


@pytest.mark.parametrize("content", ["participant,statement,vote\n", "participant,statement,vote\n\n,,\n"])
def test_a_table_without_rows_gives_votes_of_nobody(tmp_path, content):
    votes = read_votes(written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert (len(votes.participant_ids), len(votes.statement_ids), len(votes.values)) == (0, 0, 0)
    assert votes.starts.tolist() == [0]


VOTES = {
    "empty file": ("", ["VOTES.csv is empty", "names of the columns"]),
    "blank file": (" \n\n", ["VOTES.csv is empty"]),
    "empty first row": (",,\nparticipant,statement,vote\n", ["VOTES.csv, row 1", "names of the columns"]),
    "semicolons": (
        "participant;statement;vote\na;1;1\n",
        ["VOTES.csv, row 1", "semicolons", "a comma is expected"],
    ),
    "tabs": ("participant\tstatement\tvote\n", ["VOTES.csv, row 1", "tabs", "a comma is expected"]),
    "not UTF-8": (b"participant,statement,vote\na,1,1\nG\xf6,1,1\n", ["VOTES.csv, line 3", "UTF-8"]),
    "UTF-16": ("participant,statement,vote\n".encode("utf-16"), ["VOTES.csv, line 1", "UTF-8"]),
    "open quotation mark": (
        'participant,statement,vote\na,1,1\nb,"1,1\n',
        ["VOTES.csv, line 3", "quotation marks"],
    ),
    "absent column": (
        "participant,vote\na,1\n",
        ["VOTES.csv, header", "the column statement is absent", "columns: participant, vote"],
    ),
    "unknown column": (
        "participant,statement,vote,weight\na,1,1,2\n",
        ["VOTES.csv, header", "'weight' is not known", "participant, statement, vote, timestamp_ms"],
    ),
    "column twice": (
        "participant,statement,vote,vote\na,1,1,1\n",
        ["VOTES.csv, header, column vote", "more than once"],
    ),
    "column without name": (
        "participant,statement,vote,\na,1,1,\n",
        ["header", "column number 4 has no name"],
    ),
    "row too short": (
        "participant,statement,vote\na,1,1\nb,1\n",
        ["VOTES.csv, row 3:", "2 cells, and the header has 3"],
    ),
    "row too long": (
        "participant,statement,vote\n\na,1,1\nb,1,1,4\n",
        ["VOTES.csv, row 4:", "4 cells, and the header has 3", "quotation marks"],
    ),
    "row too long among quoted ones": (
        'participant,statement,vote\n"a\nb",1,1\nb,1,1,4\n',
        ["VOTES.csv, row 3:", "4 cells"],
    ),
    "vote of 2": (
        "participant,statement,vote\na,1,1\nb,1,2\n",
        ["VOTES.csv, row 3, column vote: 2 was found; 1 (agree), 0 (pass) or -1 (disagree) is accepted"],
    ),
    "vote with decimals": ("participant,statement,vote\na,1,1.0\n", ["row 2, column vote: 1.0 was found"]),
    "vote in words": ("participant,statement,vote\na,1,agree\n", ["row 2, column vote: agree was found"]),
    "empty vote": ("participant,statement,vote\na,1,\n", ["row 2, column vote: an empty cell was found"]),
    "empty participant": (
        "participant,statement,vote\na,1,1\n,1,1\n",
        ["VOTES.csv, row 3, column participant: the cell is empty; an id is expected"],
    ),
    "empty statement": (
        "participant,statement,vote\na,1,1\na,  ,1\n",
        ["VOTES.csv, row 3, column statement: the cell is empty; an id is expected"],
    ),
    "text for an id": (
        f"participant,statement,vote\na,1,1\na,{'x' * 201},1\n",
        [
            "VOTES.csv, row 3, column statement: 'xxxxxxxxxxxxxxxxxxxx' and so on has 201 characters",
            "at most 200",
        ],
    ),
    "NUL in an id": ("participant,statement,vote\na\0,1,1\n", ["row 2, column participant", r"'a\x00'"]),
    "time with decimals": (
        "participant,statement,vote,timestamp_ms\na,1,1,5\na,1,1,1.5e12\n",
        ["VOTES.csv, row 3, column timestamp_ms: 1.5e12 was found; a whole number of milliseconds"],
    ),
    "time in words": (
        "participant,statement,vote,timestamp_ms\na,1,1,2020-05-01\n",
        ["row 2, column timestamp_ms: 2020-05-01 was found; a whole number"],
    ),
    "time in other digits": (
        "participant,statement,vote,timestamp_ms\na,1,1,5\na,1,1,٣\n",
        ["row 3, column timestamp_ms: ٣ was found; a whole number"],
    ),
    "time in nanoseconds": (
        "participant,statement,vote,timestamp_ms\na,1,1,1500000000000000000\n",
        ["row 2, column timestamp_ms: 1500000000000000000 was found; a whole number of milliseconds"],
    ),
    "time missing": (
        "participant,statement,vote,timestamp_ms\na,1,1,5\na,1,1,\n",
        ["row 3, column timestamp_ms: the cell is empty, and row 2 has a time", "in every row"],
    ),
    "time in a later row only": (
        "participant,statement,vote,timestamp_ms\na,1,1,\na,1,1,5\n",
        ["row 3, column timestamp_ms: 5 was found, and row 2 has no time", "in every row or in none"],
    ),
}


@pytest.mark.parametrize(("content", "words"), VOTES.values(), ids=VOTES)
def test_a_bad_file_of_votes_is_refused_by_place(tmp_path, content, words):
    path = written(tmp_path, "VOTES.csv", content)
    assert_one_fault(refusal(read_votes, path, loops=LOOPS), words)


def test_the_export_of_polis_is_refused_by_its_columns(tmp_path):
    content = "timestamp,datetime,comment-id,voter-id,vote\n1500000000,Fri,0,0,1\n"
    message = refusal(read_votes, written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    for column in ("timestamp", "datetime", "comment-id", "voter-id"):
        assert f"the column '{column}' is not known" in message
    assert "the column participant is absent" in message


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "nowhere.csv cannot be read" in refusal(read_votes, tmp_path / "nowhere.csv", loops=LOOPS)
    assert "VOTES.parquet cannot be read" in refusal(read_votes, tmp_path / "VOTES.parquet", loops=LOOPS)


def test_faults_of_all_kinds_are_named_together_in_the_order_of_rows(tmp_path):
    content = "participant,statement,vote,timestamp_ms\na,1,1,5\n,1,3,6\na,1\na,,1,x\n"
    message = refusal(read_votes, written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert [line.partition(":")[0] for line in message.splitlines()] == [
        "VOTES.csv, row 3, column participant",
        "VOTES.csv, row 3, column vote",
        "VOTES.csv, row 4",
        "VOTES.csv, row 5, column statement",
        "VOTES.csv, row 5, column timestamp_ms",
    ]


def test_a_row_too_short_and_one_too_long_do_not_make_good_for_each_other(tmp_path):
    content = "participant,statement,vote\na,1\nb,1,1,1\n"
    message = refusal(read_votes, written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert [line.partition(" cells")[0] for line in message.splitlines()] == [
        "VOTES.csv, row 2: 2",
        "VOTES.csv, row 3: 4",
    ]


def test_of_many_faults_the_first_twenty_are_named_and_the_others_counted(tmp_path):
    # Enough rows for several parts.
    n = BYTES_AT_ONCE // 4
    content = "participant,statement,vote\n" + "a,1,1\n" * 10 + "a,1,9\n" * n
    lines = refusal(read_votes, written(tmp_path, "VOTES.csv", content), loops=LOOPS).splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("VOTES.csv, row 12, column vote: 9 was found")
    assert lines[19].startswith("VOTES.csv, row 31, column vote: 9 was found")
    assert lines[20] == f"and {n - 20} more"


ODD_ROWS = {
    "plain": "b,2,9",
    "after blanks": " b,2,9",
    "quoted": '"b",2,9',
    "too short": "b,2",
    "not UTF-8": b"\xe4,2,1",
}


@pytest.mark.parametrize("odd", ODD_ROWS.values(), ids=ODD_ROWS)
@pytest.mark.parametrize("before", [1, 20_000, 60_000])
def test_a_fault_far_down_is_found_by_its_row(tmp_path, odd, before):
    odd = odd if isinstance(odd, bytes) else odd.encode()
    content = (
        b"participant,statement,vote\r\n" + b"a,1,1\r\n" * before + odd + b"\r\n" + b"a,1,1\r\n" * 20_000
    )
    message = refusal(read_votes, written(tmp_path, "VOTES.csv", content), loops=LOOPS)
    assert f", row {before + 2}" in message or f", line {before + 2}:" in message
    assert len(message.splitlines()) == 1


def test_a_long_file_with_every_dress_gives_all_votes(tmp_path):
    rows = [f"p{number},{number % 50},{number % 3 - 1}" for number in range(30_000)]
    rows[5_000] = " p5000 ,0,1"
    rows[12_000] = "\n\np12000,0,-1"
    rows[20_000] = '"p20000","0","1"'
    content = "participant,statement,vote\n" + "\n".join(rows)
    assert votes_of(written(tmp_path, "VOTES.csv", content)) == {
        (f"p{number}", str(number % 50)): number % 3 - 1 for number in range(30_000)
    }


def test_too_many_statements_are_refused_with_the_name_of_the_file(tmp_path):
    rows = ((0, statement, 1) for statement in range(10_001))
    path = written(tmp_path, "VOTES.csv", csv_text(["participant", "statement", "vote"], rows))
    assert_one_fault(
        refusal(read_votes, path, loops=LOOPS), ["VOTES.csv: ", "10,001 statements", "at most 10,000"]
    )


# Votes in Parquet


def test_parquet_may_hold_ids_as_numbers_or_as_text(tmp_path):
    numbers = parquet(
        tmp_path,
        "n.parquet",
        "SELECT * FROM (VALUES (10, 7::TINYINT, 1), (9, 7, -1)) v(participant, statement, vote)",
    )
    texts = parquet(
        tmp_path,
        "t.parquet",
        "SELECT * FROM (VALUES ('10', ' 7', '1'), ('9', '7', '-1')) v(participant, statement, vote)",
    )
    assert votes_of(numbers) == votes_of(texts) == {("9", "7"): -1, ("10", "7"): 1}


def test_parquet_text_that_is_not_marked_as_text_is_text(tmp_path):
    path = parquet(
        tmp_path, "VOTES.parquet", "SELECT 'a'::BLOB AS participant, 's' AS statement, '1'::BLOB AS vote"
    )
    assert votes_of(path) == {("a", "s"): 1}


def test_parquet_keeps_the_last_vote_by_time(tmp_path):
    path = parquet(
        tmp_path,
        "VOTES.parquet",
        "SELECT * FROM (VALUES (1500000000002, 'a', 's', 1), (1500000000001, 'a', 's', -1)) "
        "v(timestamp_ms, participant, statement, vote)",
    )
    assert votes_of(path) == {("a", "s"): 1}


def test_a_folder_with_a_name_like_a_partition_adds_no_column(tmp_path):
    folder = tmp_path / "year=2024"
    folder.mkdir()
    path = parquet(folder, "VOTES.parquet", "SELECT 'a' AS participant, 's' AS statement, 1 AS vote")
    assert votes_of(path) == {("a", "s"): 1}


def test_a_parquet_table_without_rows_gives_votes_of_nobody(tmp_path):
    path = parquet(
        tmp_path, "VOTES.parquet", "SELECT 'a' AS participant, 's' AS statement, 1 AS vote WHERE false"
    )
    assert votes_of(path) == {}


PARQUETS = {
    "vote of 2": ("'a', 's', 2", ["VOTES.parquet, row 2, column vote: 2 was found; 1 (agree)"]),
    "vote with decimals": ("'a', 's', 1.5::DOUBLE", ["row 2, column vote: 1.5 was found"]),
    "no vote": ("'a', 's', NULL", ["row 2, column vote: an empty cell was found"]),
    "no participant": ("NULL, 's', 1", ["row 2, column participant: the cell is empty"]),
    "blank statement": ("'a', ' ', 1", ["row 2, column statement: the cell is empty"]),
}


@pytest.mark.parametrize(("second", "words"), PARQUETS.values(), ids=PARQUETS)
def test_a_bad_parquet_row_is_refused_by_place(tmp_path, second, words):
    path = parquet(
        tmp_path,
        "VOTES.parquet",
        f"SELECT * FROM (VALUES ('b', 's', 1), ({second})) v(participant, statement, vote)",
    )
    message = refusal(read_votes, path, loops=LOOPS)
    assert any(words[0] in line for line in message.splitlines()), message


def test_parquet_votes_with_decimals_are_refused_even_if_they_are_whole(tmp_path):
    path = parquet(
        tmp_path, "VOTES.parquet", "SELECT 'a' AS participant, 's' AS statement, 1.0::DOUBLE AS vote"
    )
    assert_one_fault(refusal(read_votes, path, loops=LOOPS), ["row 1, column vote: 1.0 was found"])


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("TIMESTAMP '2020-05-01 12:00:00'", "2020-05-01 12:00:00 was found; a whole number of milliseconds"),
        ("-1500000000000000000", "-1500000000000000000 was found; a whole number of milliseconds"),
        ("1500000000000000000", "1500000000000000000 was found; a whole number of milliseconds"),
        ("18446744073709551615::UBIGINT", "18446744073709551615 was found; a whole number of milliseconds"),
    ],
)
def test_parquet_times_other_than_milliseconds_are_refused(tmp_path, time, words):
    path = parquet(
        tmp_path,
        "VOTES.parquet",
        f"SELECT 'a' AS participant, 's' AS statement, 1 AS vote, {time} AS timestamp_ms",
    )
    assert_one_fault(refusal(read_votes, path, loops=LOOPS), ["row 1, column timestamp_ms", words])


def test_parquet_with_an_unknown_column_is_refused(tmp_path):
    path = parquet(
        tmp_path, "VOTES.parquet", "SELECT 'a' AS participant, 's' AS statement, 1 AS vote, 2 AS w"
    )
    assert_one_fault(refusal(read_votes, path, loops=LOOPS), ["VOTES.parquet, header", "'w' is not known"])


def test_what_is_not_parquet_is_refused(tmp_path):
    path = written(tmp_path, "VOTES.parquet", "participant,statement,vote\n")
    assert "VOTES.parquet cannot be read as Parquet" in refusal(read_votes, path, loops=LOOPS)


def test_parquet_that_is_damaged_further_down_is_refused(tmp_path):
    # Several groups of rows, of which the last is damaged.
    path = parquet(
        tmp_path,
        "VOTES.parquet",
        "SELECT hash(i) AS participant, i % 9 AS statement, 1 AS vote FROM range(400000) r(i)",
    )
    content = bytearray(path.read_bytes())
    content[-300_000:-100_000] = b"x" * 200_000
    path.write_bytes(content)
    assert "VOTES.parquet cannot be read as Parquet" in refusal(read_votes, path, loops=LOOPS)


def test_a_file_with_the_signs_of_a_pattern_in_its_name_is_that_file(tmp_path):
    parquet(tmp_path, "VOTES1.parquet", "SELECT 'b' AS participant, 's' AS statement, 1 AS vote")
    path = parquet(tmp_path, "aside", "SELECT 'a' AS participant, 's' AS statement, 1 AS vote")
    assert votes_of(path.rename(tmp_path / "VOTES[1].parquet")) == {("a", "s"): 1}


# What is read is what was written

IDS = st.text(min_size=1, max_size=6).filter(
    lambda text: text == text.strip() and "\0" not in text and text.isprintable()
) | st.sampled_from(["0", "7", "007", "10", "9", "-3", 'a "b"', "x,y", "p\nq", "Ķ"])
EVENTS = st.lists(
    st.tuples(IDS, IDS, st.sampled_from([1, 0, -1]), st.integers(-(10**17), 10**17)), max_size=30
)


def collected(events, *, with_times):
    participants, statements = ({event[place]: None for event in events} for place in (0, 1))
    participants, statements = list(participants), list(statements)
    return as_rows(
        collect_votes(
            participants,
            statements,
            np.array([participants.index(event[0]) for event in events], dtype=np.int32),
            np.array([statements.index(event[1]) for event in events], dtype=np.int32),
            np.array([event[2] for event in events], dtype=np.int8),
            np.array([event[3] for event in events], dtype=np.int64) if with_times else None,
            loops=LOOPS,
        )
    )


def in_files(folder, events, *, with_times):
    """The events as CSV with and without quotation marks round all, and as Parquet."""
    header = ["participant", "statement", "vote", "timestamp_ms"][: 4 if with_times else 3]
    rows = [event[: len(header)] for event in events]
    yield written(folder, "VOTES.csv", csv_text(header, rows))
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    yield written(folder, "quoted.csv", quoted.getvalue())
    types = ["VARCHAR", "VARCHAR", "TINYINT", "BIGINT"]
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in zip(header, types, strict=False))
        connection.execute(f"CREATE TABLE votes ({columns})")
        if rows:
            connection.executemany(f"INSERT INTO votes VALUES ({', '.join('?' * len(header))})", rows)
        connection.execute(f"COPY votes TO '{folder / 'VOTES.parquet'}' (FORMAT parquet)")
    yield folder / "VOTES.parquet"


@settings(max_examples=25)
@given(events=EVENTS, with_times=st.booleans())
def test_what_is_read_is_what_the_engine_makes_of_the_same_events(tmp_path_factory, events, with_times):
    expected = collected(events, with_times=with_times)
    for path in in_files(tmp_path_factory.mktemp("votes"), events, with_times=with_times):
        assert list(votes_of(path).items()) == list(expected.items())


@settings(max_examples=25)
@given(events=EVENTS, seed=st.integers(0, 1000))
def test_where_no_two_times_are_the_same_the_order_of_rows_changes_nothing(tmp_path_factory, events, seed):
    events = list({event[3]: event for event in events}.values())
    shuffled = random.Random(seed).sample(events, len(events))
    expected = collected(events, with_times=True)
    for path in in_files(tmp_path_factory.mktemp("votes"), shuffled, with_times=True):
        assert list(votes_of(path).items()) == list(expected.items())


# Participants, statements and votes: the table of shared/data/polis/README.md.
CONVERSATIONS = {
    "vtaiwan.uberx": (1_921, 197, 49_443),
    "american-assembly.bowling-green": (2_031, 896, 225_524),
    "scoop-hivemind.biodiversity": (536, 314, 29_719),
    "brexit-consensus": (204, 50, 5_303),
}


@pytest.mark.parametrize(("name", "figures"), CONVERSATIONS.items(), ids=CONVERSATIONS)
def test_a_published_conversation_has_the_published_size(shared, name, figures):
    folder = shared / "data/polis" / name
    votes = read_votes(folder / "votes.csv", loops=LOOPS)
    assert (len(votes.participant_ids), len(votes.statement_ids), len(votes.values)) == figures


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_statements_of_a_published_conversation_that_were_taken_out_are_known(shared, name):
    folder = shared / "data/polis" / name
    found = read_conversation(folder / "votes.csv", folder / "statements.csv", loops=LOOPS)
    with (shared / "data/polis/reference" / name / "statements.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        published = {row["statement"]: row["moderated_out"] == "1" for row in csv.DictReader(file)}
    read = dict(zip(found.votes.statement_ids.tolist(), found.moderated_out.tolist(), strict=True))
    assert read == {name: published[name] for name in read}
    assert found.unlisted == ()


# Statements


def test_a_file_with_all_columns_of_statements_is_read(tmp_path):
    content = (
        "lang,statement,timestamp_ms,author,moderated,text\n"
        'lv,10,1500000000000,4,1,"Vairāk tramvaju, ""lūdzu"""\n'
        'en,9,,,0,"Two\nlines"\n'
        ",x,,,-1,\n"
    )
    statements = read_statements(written(tmp_path, "STATEMENTS.csv", content))
    assert statements.name == "STATEMENTS.csv"
    assert statements.ids == ("10", "9", "x")
    assert statements.out == {"x"}
    assert statements.texts == {"10": 'Vairāk tramvaju, "lūdzu"', "9": "Two\nlines", "x": ""}
    assert statements.langs == {"10": "lv", "9": "en", "x": ""}


def test_a_list_of_ids_is_a_file_of_statements(tmp_path):
    statements = read_statements(written(tmp_path, "STATEMENTS.csv", "statement\n007\n7\n"))
    assert (statements.ids, statements.out) == (("007", "7"), frozenset())
    assert (statements.texts, statements.langs) == ({"007": "", "7": ""}, {"007": "", "7": ""})


STATEMENTS = {
    "empty file": ("", ["STATEMENTS.csv is empty"]),
    "no column of ids": ("text\nTrams\n", ["header", "the column statement is absent"]),
    "unknown column": (
        "statement,moderatd\n1,0\n",
        ["STATEMENTS.csv, header", "'moderatd' is not known", "moderated, text, lang"],
    ),
    "empty id": ("statement,text\n,Trams\n", ["STATEMENTS.csv, row 2, column statement: the cell is empty"]),
    "twice": ("statement,text\n1,a\n2,b\n1,c\n", ["row 4, column statement: 1 stands in row 2 already"]),
    "moderated in words": (
        "statement,moderated\n1,0\n2,no\n",
        ["row 3, column moderated: 'no' was found; -1 (taken out), 0, 1 or an empty cell is accepted"],
    ),
    "text with an open comma": ("statement,text\n1,Trams, please\n", ["row 2: 3 cells", "quotation marks"]),
}


@pytest.mark.parametrize(("content", "words"), STATEMENTS.values(), ids=STATEMENTS)
def test_a_bad_file_of_statements_is_refused_by_place(tmp_path, content, words):
    assert_one_fault(refusal(read_statements, written(tmp_path, "STATEMENTS.csv", content)), words)


def conversation(folder, content, *, voted):
    votes = csv_text(["participant", "statement", "vote"], [("a", statement, 1) for statement in voted])
    statements = written(folder, "STATEMENTS.csv", content) if content else None
    return read_conversation(written(folder, "VOTES.csv", votes), statements, loops=LOOPS)


def test_what_was_taken_out_stands_in_the_order_of_the_votes(tmp_path):
    found = conversation(tmp_path, "statement,moderated\n10,-1\n2,1\n9,\n4,-1\n", voted=["10", "9", "2"])
    assert found.votes.statement_ids.tolist() == ["2", "9", "10"]
    assert found.moderated_out.tolist() == [False, False, True]
    assert (found.without_votes, found.unlisted) == (("4",), ())


def test_a_statement_that_the_file_lacks_was_not_moderated_out(tmp_path):
    found = conversation(tmp_path, "statement,moderated\n1,-1\n", voted=range(3))
    assert found.moderated_out.tolist() == [False, True, False]
    assert found.unlisted == ("0", "2")


def test_without_a_file_of_statements_nothing_was_moderated_out(tmp_path):
    found = conversation(tmp_path, None, voted=range(2))
    assert found.moderated_out.tolist() == [False, False]
    assert (found.statements, found.without_votes, found.unlisted) == (None, (), ())


def test_statements_without_votes_are_named_in_their_order(tmp_path):
    found = conversation(tmp_path, "statement\n10\n9\n1\n2\n", voted=["1"])
    assert found.without_votes == ("2", "9", "10")


# Labels


def test_each_participant_has_one_group_or_none(tmp_path):
    path = written(tmp_path, "LABELS.csv", "group,participant\n3,10\n-1,2\n 0 , 9\n")
    assert read_labels(path) == {"10": 3, "2": -1, "9": 0}


def test_further_columns_of_labels_are_not_read(tmp_path):
    content = "participant,n_votes,in_conv,x,y,group\na,1,1,0.5,-2,1\nb,1,0,,,-1\n"
    assert read_labels(written(tmp_path, "participants.csv", content)) == {"a": 1, "b": -1}


def test_labels_are_read_from_parquet(tmp_path):
    path = parquet(
        tmp_path, "LABELS.parquet", 'SELECT * FROM (VALUES (8, 0), (7, 2)) v(participant, "group")'
    )
    assert read_labels(path) == {"8": 0, "7": 2}


LABELS = {
    "no column of groups": (
        "participant,group_production\na,0\n",
        ["LABELS.csv, header", "the column group is absent", "columns: participant, group_production"],
    ),
    "column twice": ("participant,group,group\na,0,0\n", ["header, column group", "more than once"]),
    "empty participant": ("participant,group\n,1\n", ["row 2, column participant: the cell is empty"]),
    "twice": ("participant,group\na,0\nb,0\na,0\n", ["row 4, column participant: a stands in row 2 already"]),
    "empty group": (
        "participant,group\na,\n",
        ["row 2, column group: '' was found; a whole number from 0, or -1 (no group), is accepted"],
    ),
    "group of -2": ("participant,group\na,-2\n", ["row 2, column group: '-2' was found"]),
    "group with decimals": ("participant,group\na,1.0\n", ["row 2, column group: '1.0' was found"]),
    "group in words": ("participant,group\na,red\n", ["row 2, column group: 'red' was found"]),
    "group too large": (
        "participant,group\na,10000000000\n",
        ["row 2, column group: '10000000000' was found"],
    ),
}


@pytest.mark.parametrize(("content", "words"), LABELS.values(), ids=LABELS)
def test_a_bad_file_of_labels_is_refused_by_place(tmp_path, content, words):
    assert_one_fault(refusal(read_labels, written(tmp_path, "LABELS.csv", content)), words)
