"""The open data hold counts of a finished consultation, and nothing from which a few people can be read."""

import csv
import hashlib
import io
import json
import random
import zipfile
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.elsewhere import take_over_votes
from tests.apps.dialogue.finished import hold_evening
from tests.builders import make_city
from tests.dialogues import hold_consultation, make_entrance, vote

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import publish_groups, refresh_landscapes
from tessera.apps.dialogue.models import (
    Attribute,
    AttributeValue,
    Channel,
    Choice,
    GroupTables,
    HidingReason,
    Landscape,
    Participant,
    Publication,
)
from tessera.engines.opinion.disclosure.as_json import to_json
from tessera.engines.opinion.disclosure.attack import pin_down
from tessera.engines.opinion.disclosure.breakdown import Attribute as Declared
from tessera.engines.opinion.disclosure.breakdown import break_down
from tessera.engines.opinion.disclosure.protect import protect
from tessera.engines.opinion.disclosure.tables import HIDDEN, Table
from tessera.engines.opinion.disclosure.tables import Publication as Tables

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def camps(seed, *, people=(40, 30), statements=10, skip=0.1, quiet=0):
    """Votes of two camps that mostly answer the other way round; some differ, and some answer little."""
    chance = random.Random(seed)
    rows = [
        [
            None
            if chance.random() < skip
            else side * (1 if number % 2 else -1)
            if chance.random() < 0.85
            else chance.choice([-1, 0, 1])
            for number in range(statements)
        ]
        for side, size in zip((1, -1), people, strict=True)
        for _ in range(size)
    ]
    return rows + [[1, -1] + [None] * (statements - 2) for _ in range(quiet)]


def large_camps():
    """On each of six statements ten or more of each camp agree, disagree and pass."""

    def answers(side, place):
        return [
            side * (1 if number % 2 else -1) * (1, 1, 1, 1, 1, 1, -1, 0)[(place + number) % 8]
            for number in range(6)
        ]

    return [answers(1, place) for place in range(150)] + [answers(-1, place) for place in range(120)]


def finish(folder, votes, **about):
    texts = [f"Sentence {number}." for number in range(len(votes[0]))]
    consultation = take_over_votes(folder, texts, votes, closed_on=TODAY - timedelta(days=1), **about)
    refresh_landscapes(TODAY)
    publish_groups(TODAY)
    return consultation


def address(consultation):
    return reverse("results:open-data", args=[consultation.slug])


def open_data(client, consultation):
    answer = client.get(address(consultation))
    assert answer.status_code == 200
    return answer.content


def files_in(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows_in(text):
    return list(csv.DictReader(io.StringIO(text)))


ANSWERS = ("agree", "disagree", "pass")


def number_in(cell):
    return HIDDEN if cell == "" else int(cell)


def tables_in(files, n_people):
    """What a reader of the files knows, as the tables that the attack works on."""
    tables = [Table(None, (), ((),), np.array([[n_people]]))]
    for row in rows_in(files["statements.csv"]):
        tables.append(
            Table(row["statement"], (), ((),), np.array([[int(row[answer]) for answer in ANSWERS]]))
        )
    if "groups.csv" in files:
        tables += _by_one(files, "groups.csv", "answers-by-group.csv", lambda row: "group", "group")
    if "who-took-part.csv" in files:
        tables += _by_one(
            files, "who-took-part.csv", "answers-by-attribute.csv", lambda row: row["question"], "answer"
        )
    return Tables(tuple(tables), 10)


def _by_one(files, of_people, of_answers, attribute_of, value):
    people, answers = {}, {}
    for row in rows_in(files[of_people]):
        people.setdefault(attribute_of(row), []).append((row[value], number_in(row["people"])))
    for row in rows_in(files[of_answers]):
        cells = [number_in(row[answer]) for answer in ANSWERS]
        answers.setdefault((row["statement"], attribute_of(row)), []).append((row[value], cells))
    for attribute, found in people.items():
        groups, counts = zip(*found, strict=True)
        yield Table(None, (attribute,), tuple((each,) for each in groups), np.array(counts)[:, np.newaxis])
    for (statement, attribute), found in answers.items():
        groups, counts = zip(*found, strict=True)
        yield Table(statement, (attribute,), tuple((each,) for each in groups), np.array(counts))


def ask_about_district(consultation, votes):
    """Half of them live in the north, and three do not say; made public as it is made after the end."""
    attribute = Attribute.objects.create(
        consultation=consultation,
        key="district",
        question=consultation.title,
        population_source="Register",
        population_on=TODAY,
    )
    for key, residents in (("north", 4000), ("south", None)):
        AttributeValue.objects.create(
            attribute=attribute, key=key, label=consultation.title, population=residents
        )
    codes = np.array([-1 if place < 3 else place % 2 for place in range(len(votes))])
    declared = Declared("district", ("north", "south"), codes, optional=True)
    by, on, values = zip(
        *(
            (person, number, value)
            for person, row in enumerate(votes)
            for number, value in enumerate(row)
            if value is not None
        ),
        strict=True,
    )
    statements = [str(key) for key in consultation.statements.order_by("pk").values_list("pk", flat=True)]
    tables = break_down([declared], [], statements, np.array(by), np.array(on), np.array(values))
    Publication.objects.create(
        consultation=consultation,
        made_on=TODAY,
        is_final=True,
        tables=to_json(protect(tables, []).tables),
        threshold=10,
    )


def test_statements_come_with_the_counts_of_all_votes(client, tmp_path):
    votes = camps(1)
    consultation = finish(tmp_path, votes)
    rows = rows_in(files_in(open_data(client, consultation))["statements.csv"])
    assert [row["text"] for row in rows] == [f"Sentence {number}." for number in range(10)]
    assert [[int(row[name]) for name in (*ANSWERS, "votes")] for row in rows] == [
        [
            *(sum(row[number] == value for row in votes) for value in (1, -1, 0)),
            sum(row[number] is not None for row in votes),
        ]
        for number in range(10)
    ]
    assert {(row["language"], row["by_city"]) for row in rows} == {("en", "false")}


def test_groups_come_with_their_sizes_and_large_counts(client, tmp_path):
    votes = large_camps()
    consultation = finish(tmp_path, votes)
    files = files_in(open_data(client, consultation))
    assert {row["group"]: row["people"] for row in rows_in(files["groups.csv"])} == {"A": "150", "B": "120"}
    answers = rows_in(files["answers-by-group.csv"])
    first = [[row[name] for name in ANSWERS] for row in answers[:2]]
    assert first == [
        [str(sum(row[0] == value for row in camp)) for value in (1, -1, 0)]
        for camp in (votes[:150], votes[150:])
    ]
    cells = [int(row[name]) for row in answers for name in ANSWERS if row[name]]
    assert min(cells) >= 10


@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_few_people_can_be_worked_out_from_all_files_together(client, tmp_path, seed):
    votes = camps(seed, people=(33 + seed, 24), statements=8, quiet=seed * 3)
    consultation = finish(tmp_path, votes)
    ask_about_district(consultation, votes)
    files = files_in(open_data(client, consultation))
    assert {"answers-by-group.csv", "answers-by-attribute.csv"} <= files.keys()
    attack = pin_down([tables_in(files, len(votes))], enough=10)
    assert len(attack.hidden) > 0
    assert attack.pinned == ()
    assert attack.revealed == ()


def test_the_attack_finds_what_is_not_hidden(client, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "tessera.apps.dialogue.group_tables.protect", lambda tables, before: Tables(tuple(tables), 10)
    )
    votes = camps(1)
    files = files_in(open_data(client, finish(tmp_path, votes)))
    assert pin_down([tables_in(files, len(votes))], enough=10).revealed


def test_groups_are_shown_once_since_two_pictures_tell_more_than_one(client, tmp_path):
    votes = camps(2, people=(60, 45), statements=6)
    consultation = finish(tmp_path, votes)
    assert "groups.csv" in files_in(open_data(client, consultation))
    # The first twelve withdraw, and the landscape is found again.
    gone = consultation.participants.order_by("pk").values_list("pk", flat=True)[:12]
    Participant.objects.filter(pk__in=list(gone)).delete()
    type(consultation).objects.update(codes_forgotten_on=None)
    assert refresh_landscapes(TODAY) == 1
    # Neither before it is counted nor after.
    assert "groups.csv" not in files_in(open_data(client, consultation))
    assert publish_groups(TODAY) == 0
    files = files_in(open_data(client, consultation))
    assert "groups.csv" not in files
    assert "people have withdrawn" in files["README.txt"]
    assert publish_groups(TODAY) == 0
    assert GroupTables.objects.count() == 2


def test_groups_that_may_not_be_shown_are_not_there(client, tmp_path):
    consultation = finish(tmp_path, camps(1, people=(40, 6)))
    files = files_in(open_data(client, consultation))
    assert "groups.csv" not in files
    assert "answers-by-group.csv" not in files
    assert "no groups were found that are stable and large" in files["README.txt"]


def test_groups_are_counted_once(tmp_path):
    finish(tmp_path, camps(1))
    assert publish_groups(TODAY) == 0
    assert GroupTables.objects.count() == 1


def test_who_took_part_stands_beside_the_residents(client, tmp_path):
    votes = camps(1)
    consultation = finish(tmp_path, votes)
    ask_about_district(consultation, votes)
    rows = rows_in(files_in(open_data(client, consultation))["who-took-part.csv"])
    assert [(row["question"], row["answer"], row["residents"], row["source"]) for row in rows] == [
        ("district", "north", "4000", "Register"),
        ("district", "south", "", ""),
        ("district", "not-said", "", ""),
    ]
    # Three did not say: neither they nor those who would give them away are shown.
    assert rows[2]["people"] == ""
    assert "" in (rows[0]["people"], rows[1]["people"])


def test_no_file_has_a_row_for_each_person_or_each_vote(client, tmp_path):
    consultation = finish(tmp_path, camps(1, skip=0))
    files = files_in(open_data(client, consultation))
    assert set(files) == {
        "README.txt",
        "statements.csv",
        "channels.csv",
        "groups.csv",
        "answers-by-group.csv",
        "codebook.csv",
        "datapackage.json",
    }
    names = {name for text in files.values() for name in text.partition("\n")[0].split(",")}
    assert not names & {"participant", "voter-id", "vote", "timestamp"}
    assert len(rows_in(files["answers-by-group.csv"])) == 2 * 10


def test_how_people_came_stands_in_it_as_on_the_page_and_few_people_do_not(client):
    consultation = hold_evening(channels=[Channel.PAPER] * 11 + [Channel.OWN_LINK] * 4)
    files = files_in(open_data(client, consultation))
    came = {row["channel"]: row["people"] for row in rows_in(files["channels.csv"])}
    assert came == {"open-link": "17", "own-link": "", "paper": ""}
    meanings = {row["value"] for row in rows_in(files["codebook.csv"]) if row["file"] == "channels.csv"}
    assert meanings == {"", *Channel.values}


def test_a_statement_that_is_hidden_afterwards_leaves_all_files(client, tmp_path):
    consultation = finish(tmp_path, camps(1))
    hidden = consultation.statements.order_by("pk")[3]
    hide_statement(
        by=consultation.prepared_by, statement=hidden, reason=HidingReason.PERSONAL, at=timezone.now()
    )
    files = files_in(open_data(client, consultation))
    assert "Sentence 3." not in files["statements.csv"]
    for name in ("statements.csv", "answers-by-group.csv"):
        assert str(hidden.pk) not in {row["statement"] for row in rows_in(files[name])}


def test_no_text_is_taken_for_a_formula(client, tmp_path):
    consultation = finish(tmp_path, camps(1))
    consultation.statements.filter(text="Sentence 0.").update(text="=1+1")
    rows = rows_in(files_in(open_data(client, consultation))["statements.csv"])
    assert rows[0]["text"] == "'=1+1"


def test_the_data_package_describes_every_table_as_it_is(client, tmp_path):
    consultation = finish(tmp_path, camps(1))
    files = files_in(open_data(client, consultation))
    package = json.loads(files["datapackage.json"])
    assert [each["path"] for each in package["resources"]] == [
        "statements.csv",
        "channels.csv",
        "groups.csv",
        "answers-by-group.csv",
    ]
    for each in package["resources"]:
        content = files[each["path"]]
        assert each["hash"] == f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
        assert each["bytes"] == len(content.encode())
        header = content.partition("\n")[0].split(",")
        assert [field["name"] for field in each["schema"]["fields"]] == header
    described = {(row["file"], row["column"]) for row in rows_in(files["codebook.csv"])}
    assert ("answers-by-group.csv", "group") in described


def test_votes_from_elsewhere_keep_the_licence_that_they_came_with(client, tmp_path):
    consultation = finish(tmp_path, camps(1), attribution="By A & B, under terms of theirs")
    files = files_in(open_data(client, consultation))
    assert "By A & B, under terms of theirs" in files["README.txt"]
    assert "CC BY" not in files["README.txt"]
    assert "licenses" not in json.loads(files["datapackage.json"])


def test_votes_of_the_city_are_given_under_cc_by_with_source_engine_and_checksums(client):
    consultation = hold_consultation(make_city("riga"))
    choices = (Choice.AGREE, Choice.DISAGREE)
    for place in range(10):
        entrance = make_entrance()
        for key, statement in enumerate(consultation.statements.all()):
            vote(consultation, statement, choices[place % 2], entrance=entrance, key=key, day=TODAY)
    assert client.get(address(consultation)).status_code == 404
    close_consultation(
        by=consultation.prepared_by, consultation=consultation, reason="Enough.", at=timezone.now()
    )
    assert client.get(address(consultation)).status_code == 404
    refresh_landscapes(TODAY)
    files = files_in(open_data(client, consultation))
    kept = Landscape.objects.get()
    for words in ("CC BY 4.0", "Riga", kept.votes_digest, kept.statements_digest, kept.engine, "invented"):
        assert words in files["README.txt"]
    assert json.loads(files["datapackage.json"])["licenses"][0]["name"] == "CC-BY-4.0"
    assert {row["by_city"] for row in rows_in(files["statements.csv"])} == {"true"}


def test_a_consultation_that_nobody_sees_has_none(client):
    assert client.get(reverse("results:open-data", args=["nothing"])).status_code == 404


def test_the_same_data_give_the_same_bytes(client, tmp_path):
    consultation = finish(tmp_path, camps(1))
    assert open_data(client, consultation) == open_data(client, consultation)


def test_it_asks_the_database_as_often_for_many_statements_as_for_few(client, tmp_path):
    counts = []
    for number in (6, 30):
        about = {"slug": f"with-{number}"}
        consultation = finish(tmp_path / f"{number}", camps(1, statements=number), **about)
        with CaptureQueriesContext(connection) as asked:
            open_data(client, consultation)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
