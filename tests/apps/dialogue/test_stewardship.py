"""Only a named steward takes all votes, after the end, and it is written down."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.apps.accounts.signing_in import PASSWORD
from tests.apps.dialogue.elsewhere import votes_in
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of, today
from tests.builders import make_city
from tests.dialogues import make_entrance, speak, vote
from tests.people import give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.actions.stewardship import (
    NamedAlready,
    NoPurpose,
    NotOfTheCity,
    NoVotes,
    StillOpen,
    end_stewardship,
    name_steward,
    take_votes,
)
from tessera.apps.dialogue.models import Choice, HidingReason, Stewardship, VotesTaken
from tessera.apps.dialogue.votes_from_elsewhere import read_conversation
from tessera.apps.network.models import Kind, Role

pytestmark = pytest.mark.django_db

URL = "https://tessera.example/take-part/arriving/"
PURPOSE = "To count again before the council votes."


@pytest.fixture
def running():
    """Two people voted: the first agrees with the first and passes on the second, the other disagrees."""
    running = make_running(make_city("riga"))
    first, second, *_ = running.statements.all()
    me, other = make_entrance(), make_entrance()
    vote(running, first, entrance=me, day=today() - timedelta(days=1))
    vote(running, second, Choice.PASS, entrance=me, key=2, day=today())
    vote(running, first, Choice.DISAGREE, entrance=other, day=today())
    return running


def close(consultation):
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=timezone.now())


def name(consultation, key="piotr", *, by="ilze", purpose=PURPOSE):
    return name_steward(
        by=make_person(by),
        consultation=consultation,
        person=make_person(key),
        purpose=purpose,
        at=timezone.now(),
    )


def take(consultation, key="piotr"):
    return take_votes(by=make_person(key), consultation=consultation, url=URL, at=timezone.now())


@pytest.fixture
def closed(running):
    """Closed, with Piotr as its steward: a facilitator of the city who does not keep it."""
    give("piotr", Kind.FACILITATOR, running.city)
    Person.objects.update(language="en")
    name(running)
    close(running)
    return running


def files_in(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows_in(text):
    return list(csv.reader(io.StringIO(text)))


def test_an_officer_names_somebody_of_the_city_once_and_for_a_purpose(running):
    give("piotr", Kind.FACILITATOR, running.city)
    stewardship = name(running)
    assert (str(stewardship.person), stewardship.purpose) == ("Piotr", PURPOSE)
    assert (stewardship.named_by, stewardship.named_on) == (make_person("ilze"), today())
    with pytest.raises(NamedAlready):
        name(running)
    assert Stewardship.objects.count() == 1


def test_who_has_no_role_in_the_city_is_not_named(running):
    make_officer("chiara", make_city("ravenna", country="IT"))
    with pytest.raises(NotOfTheCity):
        name(running, "chiara")


def test_nobody_is_named_for_nothing(running):
    with pytest.raises(NoPurpose):
        name(running, "ilze", purpose=" ")


def test_only_an_officer_of_the_city_names_and_ends(running):
    give_to("piotr", running)
    stewardship = name(running)
    with pytest.raises(Http404):
        name(running, "ilze", by="piotr")
    with pytest.raises(Http404):
        end_stewardship(by=make_person("piotr"), stewardship=stewardship, at=timezone.now())
    end_stewardship(by=make_person("ilze"), stewardship=stewardship, at=timezone.now())
    assert not Stewardship.objects.exists()


def test_votes_are_taken_only_once_nobody_votes_any_more(running):
    name(running, "ilze")
    with pytest.raises(StillOpen):
        take(running, "ilze")
    close(running)
    assert take(running, "ilze").record.count == 3


def test_without_votes_there_is_nothing_to_take():
    running = make_running(make_city("riga"))
    name(running, "ilze")
    close(running)
    with pytest.raises(NoVotes):
        take(running, "ilze")
    assert not VotesTaken.objects.exists()


def test_an_officer_who_is_not_named_takes_nothing(closed):
    with pytest.raises(Http404):
        take(closed, "ilze")


def test_a_steward_who_left_the_city_takes_nothing(closed):
    Role.objects.filter(person=make_person("piotr")).update(until=today() - timedelta(days=1))
    with pytest.raises(Http404):
        take(closed)


def test_each_taking_is_kept_with_the_checksum_of_the_votes_and_in_the_trail(closed):
    taken = take(closed)
    votes = files_in(taken.archive)["tessera/VOTES.csv"]
    kept = VotesTaken.objects.get()
    assert (kept.person, kept.count) == (make_person("piotr"), 3)
    assert kept.digest == hashlib.sha256(votes.encode()).hexdigest()
    of_taking = ContentType.objects.get_for_model(VotesTaken)
    assert LogEntry.objects.filter(content_type=of_taking, object_id=kept.pk).count() == 1
    take(closed)
    assert VotesTaken.objects.count() == 2


def test_the_votes_are_those_of_the_site_by_its_numbers(closed):
    first, second, *_ = closed.statements.values_list("pk", flat=True)
    me, other = closed.participants.order_by("pk").values_list("pk", flat=True)
    assert rows_in(files_in(take(closed).archive)["tessera/VOTES.csv"]) == [
        ["participant", "statement", "vote"],
        [str(me), str(first), "1"],
        [str(me), str(second), "0"],
        [str(other), str(first), "-1"],
    ]


def test_in_the_format_of_polis_a_vote_has_the_day_on_which_its_participant_came(closed):
    first, second, *_ = closed.statements.values_list("pk", flat=True)
    header, *rows = rows_in(files_in(take(closed).archive)["polis/votes.csv"])
    assert header == ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    assert [row[2:] for row in rows] == [
        [str(first), "0", "1"],
        [str(first), "1", "-1"],
        [str(second), "0", "0"],
    ]
    assert {int(row[0]) % 86_400_000 for row in rows} == {0}
    # The first came yesterday, and their later vote tells no more than that.
    assert rows[0][:2] == rows[2][:2]
    assert int(rows[1][0]) - int(rows[0][0]) == 86_400_000
    assert rows[0][1].endswith(f"00:00:00 UTC {(today() - timedelta(days=1)).year}")


def test_the_other_files_of_polis_have_its_columns_and_their_counts(closed):
    files = files_in(take(closed).archive)
    first, second, *others = map(str, closed.statements.values_list("pk", flat=True))
    comments = rows_in(files["polis/comments.csv"])
    assert comments[0] == [
        "timestamp",
        "datetime",
        "comment-id",
        "author-id",
        "agrees",
        "disagrees",
        "moderated",
        "comment-body",
    ]
    assert [row[2:7] for row in comments[1:3]] == [[first, "", "1", "1", "1"], [second, "", "0", "0", "1"]]
    people = rows_in(files["polis/participants-votes.csv"])
    assert people[0] == [
        "participant",
        "group-id",
        "n-comments",
        "n-votes",
        "n-agree",
        "n-disagree",
        first,
        second,
        *others,
    ]
    assert [[row[0], *row[3:]] for row in people[1:]] == [
        ["0", "2", "1", "0", "1", "0", "", "", ""],
        ["1", "1", "0", "1", "-1", "", "", "", ""],
    ]
    summary = dict(rows_in(files["polis/summary.csv"]))
    assert list(summary) == [
        "topic",
        "url",
        "views",
        "voters",
        "voters-in-conv",
        "commenters",
        "comments",
        "groups",
        "conversation-description",
    ]
    assert (summary["url"], summary["voters"], summary["comments"]) == (URL, "2", "5")


def test_what_is_hidden_has_no_words_and_nothing_tells_who_said_it(running):
    me = make_entrance()
    said = speak(running, "My landlord at the corner shop threatens me.", entrance=me, day=today())
    hide_statement(by=make_person("ilze"), statement=said, reason=HidingReason.PERSONAL, at=timezone.now())
    waiting = speak(running, "Nobody has read this.", entrance=me, key=2, day=today())
    name(running, "ilze")
    close(running)
    files = files_in(take(running, "ilze").archive)
    assert not any("landlord" in text or "Nobody has read" in text for text in files.values())
    rows = {row[2]: row for row in rows_in(files["polis/comments.csv"])[1:]}
    assert (rows[str(said.pk)][3], rows[str(said.pk)][6:]) == ("", ["-1", ""])
    # What waits was put to nobody.
    assert str(waiting.pk) not in rows


def test_no_code_and_no_language_of_anybody_is_in_it(closed):
    closed.participants.update(language="uk")
    text = "".join(files_in(take(closed).archive).values())
    assert not any(each.code_hash in text for each in closed.participants.all())
    assert ",uk" not in text


def test_no_cell_is_taken_for_a_formula(closed):
    first = closed.statements.first()
    type(first).objects.filter(pk=first.pk).update(text='=HYPERLINK("https://x.example")')
    files = files_in(take(closed).archive)
    for name_of_file in ("tessera/STATEMENTS.csv", "polis/comments.csv"):
        cells = [cell for row in rows_in(files[name_of_file]) for cell in row]
        assert '\'=HYPERLINK("https://x.example")' in cells
        assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_what_was_taken_can_be_taken_over_elsewhere(closed, tmp_path):
    packed = tmp_path / "votes.zip"
    packed.write_bytes(take(closed).archive)
    found = read_conversation(packed)
    first, second, *_ = map(str, closed.statements.values_list("pk", flat=True))
    assert votes_in(found) == [("0", first, 1), ("0", second, 0), ("1", first, -1)]


def test_the_readme_says_who_what_for_and_that_no_times_are_kept(closed):
    taken = take(closed)
    readme = files_in(taken.archive)["README.txt"]
    for words in ("Piotr", PURPOSE, taken.record.digest, "No times are kept", URL):
        assert words in readme


# Pages


def take_page(consultation):
    return reverse("dialogue:take-votes", args=[consultation.pk])


def confirmed(key):
    """Somebody who gave their password a moment ago."""
    person = make_person(key)
    person.set_password(PASSWORD)
    person.save()
    browser = browser_of(key)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def test_the_page_of_votes_exists_for_the_steward_alone(closed):
    asked = {who: browser_of(who).get(take_page(closed)).status_code for who in ("piotr", "ilze", "greta")}
    assert asked == {"piotr": 200, "ilze": 404, "greta": 404}
    assert browser_of("visitor").get(take_page(closed)).status_code == 302
    assert confirmed("ilze").post(take_page(closed)).status_code == 404
    assert not VotesTaken.objects.exists()


def test_looking_at_the_page_takes_nothing_and_names_the_purpose(closed):
    assert PURPOSE in page_of("piotr", take_page(closed))
    assert not VotesTaken.objects.exists()


def test_votes_are_given_only_to_who_proves_that_it_is_they(closed):
    person = make_person("piotr")
    person.set_password(PASSWORD)
    person.save()
    browser = browser_of("piotr")
    asked = browser.post(take_page(closed))
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert not VotesTaken.objects.exists()
    given = browser.post(asked.url, {"password": PASSWORD, "next": take_page(closed)})
    assert given["Content-Type"] == "application/zip"
    assert given["Content-Disposition"] == 'attachment; filename="votes-arriving.zip"'
    assert "no-store" in given["Cache-Control"]
    assert VotesTaken.objects.count() == 1


def test_before_the_end_the_page_offers_nothing(running):
    name(running, "ilze")
    page = page_of("ilze", take_page(running))
    assert "once the consultation is closed" in page
    assert "Take the votes for this purpose" not in page
    answer = confirmed("ilze").post(take_page(running), follow=True).content.decode()
    assert "Votes can be taken once the consultation is closed." in answer


def test_officers_read_who_took_the_votes(closed):
    taken = take(closed)
    page = page_of("ilze", reverse("dialogue:stewards", args=[closed.pk]))
    assert taken.record.digest in page
    assert page.count("Piotr") >= 2


def test_an_officer_names_and_ends_by_the_page(running):
    give("piotr", Kind.FACILITATOR, running.city)
    ilze, address = browser_of("ilze"), reverse("dialogue:stewards", args=[running.pk])
    sent = ilze.post(address, {"person": make_person("piotr").pk, "purpose": PURPOSE})
    assert (sent.status_code, sent.url) == (302, address)
    (stewardship,) = Stewardship.objects.all()
    assert ilze.post(address, {"person": make_person("piotr").pk, "purpose": PURPOSE}).status_code == 400
    ended = ilze.post(reverse("dialogue:end-stewardship", args=[stewardship.pk]))
    assert ended.status_code == 302
    assert not Stewardship.objects.exists()


def test_others_end_nothing(closed):
    make_officer("chiara", make_city("ravenna", country="IT"))
    address = reverse("dialogue:end-stewardship", args=[closed.stewardships.get().pk])
    assert [browser_of(who).post(address).status_code for who in ("piotr", "chiara", "greta")] == [404] * 3
    assert browser_of("ilze").get(address).status_code == 405
    assert Stewardship.objects.count() == 1


def test_a_steward_finds_the_way_though_they_do_not_keep_the_consultation(closed):
    assert f'href="{take_page(closed)}"' in page_of("piotr", reverse("dialogue:consultations"))
    assert f'href="{take_page(closed)}"' not in page_of("ilze", reverse("dialogue:consultations"))
    assert f'href="{take_page(closed)}"' not in page_of("ilze", closed.get_absolute_url())


def test_people_who_take_part_read_that_votes_may_be_taken(client, running):
    page = client.get(reverse("take_part:begin", args=[running.slug, "en"])).content.decode()
    assert "the city can name a person who may take all answers, without names" in page
