"""Sessions are planned and changed, and nothing is written down before the consent text is read out."""

from datetime import date

import pytest
from django.utils import timezone
from tests.apps.dialogue.rooms import days_ago, hold, make_heard, mark, note, plan
from tests.apps.dialogue.staff import make_running, today
from tests.builders import make_city
from tests.dialogues import make_key, words
from tests.people import make_person

from tessera.apps.dialogue.actions.notes import NoConsent, load_notes
from tessera.apps.dialogue.actions.sessions import (
    HasNotes,
    NotAKeeper,
    NotTheText,
    begin_session,
    change_session,
    delete_session,
    record_consent,
    write_consent_text,
)
from tessera.apps.dialogue.models import ConsentText, Note, Session, SessionKind, SessionParticipant
from tessera.apps.dialogue.session_list import count_round_tables
from tessera.apps.dialogue.session_notes import SaidLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    return make_heard()


def write(consultation, text):
    return write_consent_text(by=make_person("ilze"), consultation=consultation, text=text, at=timezone.now())


def record(session, consent, language="en"):
    record_consent(
        by=make_person("ilze"), session=session, consent=consent, language=language, at=timezone.now()
    )


def test_a_session_is_kept_as_it_was_planned_and_changed(heard):
    day = date(2026, 11, 5)
    said = plan("piotr", title="At the hall", held_on=day, languages=("ar", "lv"), agenda="Tea.")
    session = begin_session(by=make_person("ilze"), consultation=heard, plan=said, at=timezone.now())
    kept = Session.objects.get(pk=session.pk)
    assert (str(kept.title), kept.held_on, kept.languages) == ("At the hall", day, ["ar", "lv"])
    assert (kept.led_by, kept.agenda, kept.consent) == (make_person("piotr"), "Tea.", None)
    change_session(by=make_person("piotr"), session=kept, plan=plan(outputs="A list."), at=timezone.now())
    kept.refresh_from_db()
    assert (str(kept.title), kept.outputs, kept.led_by) == ("Parents", "A list.", make_person("ilze"))


def test_only_one_who_keeps_it_leads_a_session(heard):
    with pytest.raises(NotAKeeper):
        begin_session(by=make_person("ilze"), consultation=heard, plan=plan("mihai"), at=timezone.now())
    assert not Session.objects.exists()


def test_who_led_it_stays_the_leader_after_their_role_ended(heard):
    session = hold(heard, by="piotr")
    heard.facilitations.all().delete()
    change_session(
        by=make_person("ilze"), session=session, plan=plan("piotr", outputs="Late."), at=timezone.now()
    )
    assert Session.objects.get().outputs == "Late."


def test_a_session_is_deleted_only_while_nothing_is_written_down(heard):
    with_note, without = hold(heard, people=1), hold(heard, people=2)
    note(with_note)
    delete_session(by=make_person("ilze"), session=without, at=timezone.now())
    with pytest.raises(HasNotes):
        delete_session(by=make_person("ilze"), session=with_note, at=timezone.now())
    assert list(Session.objects.all()) == [with_note]
    assert SessionParticipant.objects.count() == 1


def test_a_changed_consent_text_is_a_new_version_and_the_old_one_stays(heard):
    first = write(heard, words("Do you agree?"))
    again = write(heard, words("Do you agree?"))
    second = write(heard, words("Do you all agree?", lv="Vai piekrītat?"))
    assert (first.version, again.pk, second.version) == (1, first.pk, 2)
    assert [str(each.text) for each in ConsentText.objects.order_by("version")] == [
        "Do you agree?",
        "Do you all agree?",
    ]


def test_versions_are_counted_in_each_consultation(heard):
    write(heard, words("Do you agree?"))
    other = make_running(make_city("lublin", country="PL"), slug="other")
    assert write(other, words("Do you agree?")).version == 1


def test_nothing_is_written_down_before_the_text_is_read_out(heard):
    session = hold(heard, people=1, consented=False)
    with pytest.raises(NoConsent):
        note(session)
    with pytest.raises(NoConsent):
        load_notes(
            by=make_person("ilze"),
            session=session,
            lines=[SaidLine(1, "", "From a file.")],
            language="en",
            key=make_key(1),
            at=timezone.now(),
        )
    assert not Note.objects.exists()
    record(session, write(heard, words("Do you agree?", lv="Vai piekrītat?")), "lv")
    session.refresh_from_db()
    assert (session.consent.version, session.consent_language) == (1, "lv")
    assert note(session).text == "The office closes at noon."


def test_a_text_is_read_out_only_in_a_language_that_it_has(heard):
    session = hold(heard, consented=False)
    consent = write(heard, words("Do you agree?"))
    with pytest.raises(NotTheText):
        record(session, consent, "lv")
    other = write(make_running(make_city("lublin", country="PL"), slug="other"), words("Theirs?"))
    with pytest.raises(NotTheText):
        record(session, other)
    session.refresh_from_db()
    assert session.consent is None


def test_what_was_read_out_stays_once_something_is_written_down(heard):
    session = hold(heard)
    second = write(heard, words("Do you all agree?"))
    record(session, second)
    mark(note(session))
    with pytest.raises(HasNotes):
        record(session, write(heard, words("A third?")))
    session.refresh_from_db()
    assert session.consent == second


def test_round_tables_of_a_city_are_counted_over_its_consultations_until_today(heard):
    other = make_running(heard.city, slug="other")
    for consultation, day in ((heard, days_ago(3)), (other, today()), (other, days_ago(-1))):
        hold(consultation, kind=SessionKind.ROUND_TABLE, held_on=day, consented=False)
    hold(heard, kind=SessionKind.OPEN_DAY, consented=False)
    elsewhere = make_running(make_city("lublin", country="PL"), slug="elsewhere")
    hold(elsewhere, kind=SessionKind.ROUND_TABLE, consented=False)
    assert count_round_tables(heard.city, today()) == 2
