import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.accounts.signing_in import PASSWORD, sign_in

from tessera.apps.accounts.actions import accept_invitation, invite
from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import one_line

TURNED = "Eve \u202eazliI\u2066\r\nBērziņa\x1b"
PLAIN = "Eve azliI Bērziņa"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ilze Bērziņa-Ozola", "Ilze Bērziņa-Ozola"),
        ("  O\u2019Neill \u00a0 Seán\t", "O\u2019Neill Seán"),
        (TURNED, PLAIN),
        ("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
        ("Ilze\x00\x07\u2028Ozola\ud83d\ufffe", "Ilze Ozola"),
        # Written from right to left by themselves, and joined by a sign that some languages need.
        ("נועה \u05d1\u05e8", "נועה \u05d1\u05e8"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_steers(given, kept):
    assert one_line(given) == kept


@given(st.text(st.characters(codec=None)))
def test_no_name_turns_or_breaks_what_stands_after_it(words):
    """Turning is what Unicode's annex 9 calls explicit formatting; breaking is a control or a new line."""
    line = one_line(words)
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert [sign for sign in line if unicodedata.bidirectional(sign) in turning] == []
    assert [sign for sign in line if unicodedata.category(sign) in ("Cc", "Cs")] == []
    assert line.splitlines() == ([line] if line else [])
    assert one_line(line) == line


def test_a_name_comes_in_without_marks_whichever_way(db):
    person, _ = Person.objects.get_or_create(email="eve@example.org", defaults={"name": TURNED})
    assert person.name == PLAIN
    person.name = f"{TURNED} Z"
    person.save()
    assert Person.objects.get().name == f"{PLAIN} Z"


def test_a_new_name_comes_in_without_marks(client, ilze):
    sign_in(client)
    client.post("/en/account/name/", {"name": TURNED})
    ilze.refresh_from_db()
    assert ilze.name == PLAIN


def test_a_name_of_nothing_but_marks_is_none(client, ilze):
    sign_in(client)
    answer = client.post("/en/account/name/", {"name": "\u202e\u2066"})
    assert "“Name” is empty. Fill it in." in answer.content.decode()
    ilze.refresh_from_db()
    assert ilze.name == "Ilze"


def test_who_accepts_an_invitation_gives_a_name_without_marks(client, ilze, mihai):
    now = datetime.now(UTC)
    _, token = invite(person=mihai, by=ilze, at=now)
    page = f"/en/account/invitation/{token}/"
    typed = {"name": "\u202e", "language": "en", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page, typed).status_code == 200
    assert client.post(page, {**typed, "name": TURNED}).status_code == 302
    mihai.refresh_from_db()
    assert mihai.name == PLAIN


def test_no_mark_comes_in_past_the_forms(ilze, mihai):
    now = datetime.now(UTC)
    _, token = invite(person=mihai, by=ilze, at=now)
    accept_invitation(token=token, password=PASSWORD, name=TURNED, language="en", at=now)
    mihai.refresh_from_db()
    assert mihai.name == PLAIN
