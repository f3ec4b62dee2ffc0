"""The pages in the room: plan, read out, write down what is said; nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.dialogue.rooms import days_ago, hold, make_heard, mark, name_stakeholder, note
from tests.apps.dialogue.staff import browser_of, page_of, today
from tests.dialogues import make_key, put_in_state

from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import ConsentText, Note, Session, SessionKind, SessionParticipant

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    return make_heard(languages=("en", "lv"))


@pytest.fixture
def session(heard):
    return hold(heard, people=3)


def url(name, thing):
    return reverse(f"dialogue:{name}", args=[thing.pk])


def send(name, thing, /, **said):
    return browser_of("ilze").post(url(name, thing), said)


def plan_of(led_by, **said):
    return {
        "kind": "round-table",
        "title": "Housing",
        "held_on": today().isoformat(),
        "place": "Town hall",
        "languages": ["lv", "fa"],
        "led_by": led_by,
        "agenda": "First: welcome.\nThen: rents.",
    } | said


def test_an_officer_plans_a_session_changes_and_deletes_it(heard):
    me = heard.prepared_by_id
    answer = send("new-session", heard, **plan_of(me))
    kept = Session.objects.get()
    assert answer.url == url("session", kept)
    assert (str(kept.title), kept.languages, kept.agenda) == (
        "Housing",
        ["lv", "fa"],
        "First: welcome.\nThen: rents.",
    )
    assert 'value="Housing"' in page_of("ilze", url("change-session", kept))
    send("change-session", kept, **plan_of(me, outputs="Three offices."))
    page = page_of("ilze", url("session", kept))
    assert "Three offices." in page
    assert "Persian" in page
    assert "Delete the session?" in page_of("ilze", url("delete-session", kept))
    send("delete-session", kept)
    assert not Session.objects.exists()


def test_a_plan_that_lacks_something_comes_back_with_what_was_typed(heard):
    answer = send("new-session", heard, **plan_of(heard.prepared_by_id, held_on="soon", languages=[]))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This is no day." in page
    assert "First: welcome." in page
    assert not Session.objects.exists()


def test_the_list_is_in_the_order_of_the_days(heard):
    hold(heard, title="Parents", held_on=today(), people=1)
    hold(heard, title="Night workers", held_on=days_ago(3), people=2)
    page = page_of("ilze", url("sessions", heard))
    assert page.index("Night workers") < page.index("Parents")


def test_the_list_says_how_many_round_tables_the_city_has_held(heard):
    hold(heard, kind=SessionKind.ROUND_TABLE, consented=False)
    page = page_of("ilze", url("sessions", heard))
    assert "Round tables held in Riga, in all its consultations: 1 of 3" in page


def test_the_consent_text_begins_with_words_in_the_languages_of_the_site(heard):
    page = page_of("ilze", url("consent-text", heard))
    assert "Do you agree that we begin?" in page
    assert "The city of Riga has invited you" in page
    send("consent-text", heard, text_en="Do you agree?", text_lv="Vai piekrītat?")
    send("consent-text", heard, text_en="Do you all agree?", text_lv="Vai piekrītat?")
    assert [each.version for each in ConsentText.objects.order_by("version")] == [1, 2]
    assert "Do you all agree?" in page_of("ilze", url("consent-text", heard))


def test_first_the_text_is_written_then_read_out_then_notes_are_taken(heard):
    session = hold(heard, consented=False)
    early = send("notes", session, text="Too early.", language="en", key=make_key(1))
    assert early.url == url("record-consent", session)
    assert browser_of("ilze").get(url("record-consent", session)).url == url("consent-text", heard)
    send("consent-text", heard, text_en="Do you agree?", text_lv="Vai piekrītat?")
    page = page_of("ilze", url("record-consent", session))
    assert "Vai piekrītat?" in page
    unticked = send("record-consent", session, version="1", language="lv")
    assert unticked.status_code == 400
    send("record-consent", session, version="1", language="lv", agreed="on")
    session.refresh_from_db()
    assert session.consent_language == "lv"
    send("notes", session, text="Now.", language="en", key=make_key(1))
    assert [each.text for each in Note.objects.all()] == ["Now."]


def test_the_version_that_was_read_out_is_kept_also_where_another_was_written_meanwhile(heard):
    session = hold(heard, consented=False)
    send("consent-text", heard, text_en="Do you agree?")
    assert '<input type="hidden" name="version" value="1"' in page_of("ilze", url("record-consent", session))
    send("consent-text", heard, text_en="Do you agree, and to photographs, too?")
    assert send("record-consent", session, language="en", agreed="on").status_code == 400
    assert send("record-consent", session, version="3", language="en", agreed="on").status_code == 400
    send("record-consent", session, version="1", language="en", agreed="on")
    session.refresh_from_db()
    assert session.consent.version == 1


def test_notes_are_written_one_after_the_other_and_the_cursor_stands_in_the_box(session):
    browser = browser_of("ilze")
    speaker = session.participants.get(code="P2")
    first = {"text": "Slēgts.", "language": "lv", "speaker": speaker.pk, "key": make_key(1)}
    assert "autofocus" not in browser.get(url("notes", session)).content.decode()
    answer = browser.post(url("notes", session), first, follow=True)
    page = answer.content.decode()
    assert "Saved " in page
    assert page.index("Saved ") > page.index("Write the next note")
    assert "Slēgts." in page
    assert "autofocus" in page
    assert f'<option value="{speaker.pk}" selected>' in page
    assert '<option value="lv" selected>' in page
    assert "#" not in answer.redirect_chain[0][0]
    browser.post(url("notes", session), first)
    assert Note.objects.count() == 1


def test_a_note_that_is_too_long_comes_back_whole(session):
    words = "a" * 4001
    answer = send("notes", session, text=words, language="en", key=make_key(1))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert make_key(1) in answer.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize("key", ["", "mine", "g" * 16])
def test_a_form_without_a_whole_key_is_refused(session, key):
    assert send("notes", session, text="Yes.", language="en", key=key).status_code == 400
    assert not Note.objects.exists()


def test_what_looks_like_a_personal_detail_is_pointed_out_and_kept(session):
    note(session, "Write to anna@example.org about it.")
    page = page_of("ilze", url("notes", session))
    assert "This looks like an e-mail address:" in page
    assert "Write to anna@example.org about it." in page


def test_a_long_session_shows_the_last_notes_and_leads_to_the_earlier_ones(session):
    for number in range(1, 53):
        note(session, f"Number {number}.", key=number)
    page = page_of("ilze", url("notes", session))
    assert "Number 52." in page
    assert "Number 50." not in page
    assert "Number 50." in page_of("ilze", f"{url('notes', session)}?page=1")


def test_the_notes_ask_the_database_the_same_number_of_times_whatever_their_number(
    session, django_assert_max_num_queries
):
    for number in range(1, 51):
        note(session, f"Number {number}.", speaker="P1", key=number)
    browser = browser_of("ilze")
    with django_assert_max_num_queries(24):
        browser.get(url("notes", session))


def test_a_file_is_loaded_or_refused_with_its_line(session):
    def load(content, key=9):
        file = SimpleUploadedFile("notes.txt", content, "text/plain")
        return send("load-notes", session, file=file, language="en", key=make_key(key))

    wrong = load(b"P1: One.\nP7: Two.")
    assert wrong.status_code == 400
    assert "Line 2: nobody here has the code P7. Nothing was loaded." in wrong.content.decode()
    assert "This is no text file in UTF-8." in load(b"\xff\xfe\x00").content.decode()
    assert "The file is too large." in load(b"a\n" * 600_000).content.decode()
    assert not Note.objects.exists()
    assert load("P1: One.\nP3: Trīs.".encode()).status_code == 302
    assert load("P1: One.\nP3: Trīs.".encode()).status_code == 302
    assert [(each.speaker.code, each.text) for each in Note.objects.all()] == [
        ("P1", "One."),
        ("P3", "Trīs."),
    ]


def test_a_note_is_changed_translated_and_deleted(session):
    said = note(session)
    send("change-note", said, text="It closes at one.", language="en", speaker="")
    send("note", said, text_lv="Slēdz vienos.")
    said.refresh_from_db()
    assert (said.text, said.translations.get().text) == ("It closes at one.", "Slēdz vienos.")
    send("change-note", said, text="It closes at two.", language="en", speaker="")
    page = page_of("ilze", url("note", said))
    assert "outdated: the original was changed" in page
    send("note", said, text_lv="Slēdz vienos.", right_lv="on")
    assert "State: by a person" in page_of("ilze", url("note", said))
    send("delete-note", said)
    assert not Note.objects.exists()


def test_a_note_in_which_something_is_marked_says_why_it_stays(session):
    said = note(session)
    mark(said)
    page = page_of("ilze", url("note", said))
    assert "1 passage of it is marked, so its words stay as they are." in page
    assert url("change-note", said) not in page
    for name in ("change-note", "delete-note"):
        assert send(name, said, text="Other.", language="en").url == url("note", said)
    assert Note.objects.get().text == "The office closes at noon."


def test_participants_are_added_placed_and_taken_out_after_being_asked_once(heard, session):
    students = name_stakeholder(heard, "Students")
    send("add-participants", session, count="2", stakeholder=students.pk)
    assert [each.code for each in session.participants.filter(stakeholder=students)] == ["P4", "P5"]
    too_many = send("add-participants", session, count="197")
    assert too_many.status_code == 400
    first = session.participants.get(code="P1")
    send("participants", session, **{f"place_{first.pk}": students.pk})
    # What was not chosen in the form is nobody's any more.
    assert [each.code for each in session.participants.filter(stakeholder=students)] == ["P1"]
    mark(note(session, speaker="P1"))
    page = page_of("ilze", url("remove-participant", first))
    assert "1 note of what this person said is erased" in page
    assert "1 excerpt is erased" in page
    assert Note.objects.exists()
    send("remove-participant", first)
    assert not Note.objects.exists()
    assert not SessionParticipant.objects.filter(pk=first.pk).exists()


def test_a_round_table_shows_who_was_there_by_organisation(heard):
    students, union = name_stakeholder(heard, "Students"), name_stakeholder(heard, "Union")
    table = hold(heard, kind=SessionKind.ROUND_TABLE, people=2, stakeholder=union, agenda="Rents.")
    for stakeholder, count in ((students, "3"), (None, "1")):
        send("add-participants", table, count=count, stakeholder=stakeholder.pk if stakeholder else "")
    page = page_of("ilze", url("session", table))
    places = [page.index(words) for words in (">Students</bdi>: 3", ">Union</bdi>: 2", "organisation: 1")]
    assert places == sorted(places)
    assert "Rents." in page


def test_once_the_themes_are_public_only_taking_back_consent_is_offered(heard, session):
    said = note(session, speaker="P1")
    put_in_state(heard, State.SYNTHESISED)
    offered = page_of("ilze", url("session", session)) + page_of("ilze", url("sessions", heard))
    for name, thing in (
        ("new-session", heard),
        ("consent-text", heard),
        ("change-session", session),
        ("load-notes", session),
        ("record-consent", session),
    ):
        assert url(name, thing) not in offered
        assert browser_of("ilze").get(url(name, thing)).status_code == 302, name
    assert "<textarea" not in page_of("ilze", url("notes", session))
    assert send("notes", session, text="Late.", language="en", key=make_key(3)).url == url("sessions", heard)
    assert url("change-note", said) not in page_of("ilze", url("note", said))
    assert url("remove-participant", said.speaker) in page_of("ilze", url("participants", session))
    send("remove-participant", said.speaker)
    assert not Note.objects.exists()


@pytest.mark.parametrize("name", ["participants", "remove-participant"])
def test_people_and_what_they_said_are_read_in_as_few_questions_whatever_their_number(
    heard, session, name, django_assert_max_num_queries
):
    students = name_stakeholder(heard, "Students")
    send("add-participants", session, count="40", stakeholder=students.pk)
    for key in range(1, 41):
        mark(note(session, speaker="P1", key=key))
    put_in_state(heard, State.SYNTHESISED)
    thing = session if name == "participants" else session.participants.get(code="P1")
    browser = browser_of("ilze")
    with django_assert_max_num_queries(28):
        page = browser.get(url(name, thing)).content.decode()
    assert ("Students" if name == "participants" else "40 excerpts are erased") in page
