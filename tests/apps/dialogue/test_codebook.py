"""The codebook is kept by hand or by a file, which is taken whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.dialogue.sessions_and_notes import (
    give_codes,
    make_code,
    make_excerpt,
    make_note,
    make_session,
)
from tests.apps.dialogue.staff import browser_of, make_running, page_of
from tests.builders import make_city
from tests.dialogues import put_in_state

from tessera.apps.dialogue.codebook_files import write_codebook
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Code

pytestmark = pytest.mark.django_db

HEADER = "key,name,definition,includes,excludes\n"


@pytest.fixture
def running():
    return make_running(make_city("riga"))


def url(running, name="codebook"):
    return reverse(f"dialogue:{name}", args=[running.pk])


def bring(running, content, who="ilze"):
    content = content.encode() if isinstance(content, str) else content
    return browser_of(who).post(url(running), {"file": SimpleUploadedFile("codebook.csv", content)})


def kept():
    return list(Code.objects.values_list("key", "name", "definition", "includes", "excludes"))


def test_a_code_is_added_and_changed_and_its_key_stays(running):
    browser = browser_of("ilze")
    filled = {
        "key": "waiting",
        "name": "Waiting",
        "definition": "Long waits.",
        "includes": "",
        "excludes": "",
    }
    assert browser.post(url(running, "add-code"), filled).status_code == 302
    code = Code.objects.get()
    changed = {**filled, "key": "other", "name": "Waiting lists", "excludes": "Queues at a desk."}
    assert browser.post(reverse("dialogue:code", args=[code.pk]), changed).status_code == 302
    assert kept() == [("waiting", "Waiting lists", "Long waits.", "", "Queues at a desk.")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "Long Waits"}, "Small letters, digits and hyphens only."),
        ({"key": "waiting"}, "Another code has this key."),
        ({"definition": ""}, "“What it means” is empty."),
        ({"includes": "a" * 2001}, "“When to give it” is 1 character too long."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(running, change, said):
    make_code(running, "waiting")
    filled = {
        "key": "new",
        "name": "My name",
        "definition": "Mine.",
        "includes": "",
        "excludes": "",
        **change,
    }
    answer = browser_of("ilze").post(url(running, "add-code"), filled)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count(said) == 2
    assert 'value="My name"' in page
    assert Code.objects.count() == 1


def test_removal_asks_first_and_says_how_often_the_code_was_given(running):
    code = make_code(running, "waiting")
    excerpt = make_excerpt(make_note(make_session(running)))
    give_codes("ilze", excerpt, code, make_code(running, "school"))
    address = reverse("dialogue:remove-code", args=[code.pk])
    assert "It was given 1 time." in page_of("ilze", address)
    assert Code.objects.filter(pk=code.pk).exists()
    browser_of("ilze").post(address)
    [coding] = excerpt.codings.all()
    assert [each.key for each in coding.codes.all()] == ["school"]


def test_a_file_adds_codes_and_changes_those_that_are_there(running):
    make_code(running, "waiting")
    make_code(running, "kept")
    content = (
        f'{HEADER}waiting,Waits,"Long, long waits.",,\nschool,School,Places in schools.,Also nurseries.,\n'
    )
    answer = bring(running, content)
    assert answer.status_code == 302
    assert kept() == [
        ("kept", "Kept", "About kept.", "", ""),
        ("school", "School", "Places in schools.", "Also nurseries.", ""),
        ("waiting", "Waits", "Long, long waits.", "", ""),
    ]
    page = page_of("ilze", url(running))
    assert "Places in schools." in page


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffkey;name;definition;includes;excludes\r\nwaiting;Waits;Long, long waits.;;\r\n;;;;\r\n",
        'KEY, Name ,definition,includes,excludes,note\nwaiting,Waits,"Long, long waits.",,,mine\n\n',
        HEADER + 'waiting,Waits,"Long, long waits."\n',
    ],
    ids=["as Excel writes it", "other columns", "short rows"],
)
def test_files_as_people_save_them_are_taken(running, content):
    assert bring(running, content).status_code == 302
    assert kept() == [("waiting", "Waits", "Long, long waits.", "", "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("key,name,definition\na,A,B\n", "Not there: includes, excludes."),
        ("", "The submitted file is empty."),
        (HEADER, "There is no code in the file."),
        (b"key,name,definition,includes,excludes\na,G\xfctig,B,,\n", "Save it as “CSV UTF-8”."),
        (HEADER + 'a,A,"B,,\n', "Is a quotation mark left open?"),
        (
            HEADER + "good,Good,Fine.,,\nBad Key,B,C,,\n",
            "Line 3, key: Small letters, digits and hyphens only.",
        ),
        (HEADER + 'good,Good,"Two\nlines",,\ntwo,,C,,\n', "Line 4, name: “Name” is empty. Fill it in."),
        (HEADER + "good,Good,Fine.,,\ngood,B,C,,\n", "Line 3: the key “good” is in line 2, too."),
        (HEADER + "k" * 41 + ",B,C,,\n", "Line 2, key:"),
        (HEADER + "nul,B,C\0D,,\n", "Line 2, definition:"),
    ],
)
def test_one_fault_and_nothing_is_taken(running, content, said):
    answer = bring(running, content)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert kept() == []


def test_what_is_given_out_comes_back_as_it_was_and_is_no_formula(running):
    code = make_code(running, "sum", "=1+1")
    code.excludes = "@home; see “desk”,\nsecond line"
    code.save()
    content = browser_of("ilze").get(url(running, "codebook-file")).content
    assert content.startswith(b"\xef\xbb\xbfkey,name,definition,includes,excludes\n")
    assert b"'=1+1" in content
    assert b"\"'@home" in content
    before = kept()
    Code.objects.all().delete()
    assert bring(running, content).status_code == 302
    assert kept() == before


def test_an_empty_codebook_is_a_header(running):
    assert write_codebook([]) == b"\xef\xbb\xbfkey,name,definition,includes,excludes\n"


def test_once_the_themes_are_public_the_codebook_is_only_read(running):
    code = make_code(running, "waiting")
    put_in_state(running, State.SYNTHESISED)
    page = page_of("ilze", url(running))
    assert "Waiting" in page
    assert reverse("dialogue:add-code", args=[running.pk]) not in page
    browser = browser_of("ilze")
    filled = {"key": "new", "name": "N", "definition": "D"}
    for address in (url(running, "add-code"), reverse("dialogue:code", args=[code.pk])):
        assert "The themes are public" in browser.post(address, filled, follow=True).content.decode()
    browser.post(reverse("dialogue:remove-code", args=[code.pk]))
    assert bring(running, f"{HEADER}new,N,D,,\n").status_code == 302
    assert kept() == [("waiting", "Waiting", "About waiting.", "", "")]


def test_a_key_is_free_in_another_consultation(running):
    other = make_running(running.city, slug="other")
    make_code(other, "waiting")
    filled = {"key": "waiting", "name": "Waiting", "definition": "Long waits."}
    assert browser_of("ilze").post(url(running, "add-code"), filled).status_code == 302
    assert running.codes.count() == other.codes.count() == 1
