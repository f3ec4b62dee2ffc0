"""Staff decide which statements people see, and put them into other languages."""

import pytest
from django.http import Http404
from tests.builders import make_city
from tests.dialogues import OPENED_AT, make_consultation, make_entrance, speak, vote, words
from tests.people import give, make_officer

from tessera.apps.dialogue.access import find_participant, get_shown_statement, statements_to_moderate
from tessera.apps.dialogue.actions.moderation import (
    IsTranslated,
    TooLong,
    accept_statement,
    hide_statement,
    keep_shown,
    seed_statement,
    set_language,
    translate_statement,
)
from tessera.apps.dialogue.actions.taking_part import report_statement
from tessera.apps.dialogue.asking import own_answers, word_statement
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.models import (
    LONGEST_STATEMENT,
    HidingReason,
    Moderation,
    Report,
    Statement,
    Translation,
    TranslationState,
)
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city(), languages=("en", "lv", "ar"))


@pytest.fixture
def ilze(consultation):
    return make_officer("ilze", consultation.city)


def test_a_statement_is_seen_by_nobody_until_it_is_accepted(consultation, ilze):
    statement = speak(consultation, "More benches.")
    assert list(statements_to_moderate(consultation)) == [statement]
    with pytest.raises(Http404):
        get_shown_statement(consultation, statement.pk)
    accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    assert get_shown_statement(consultation, statement.pk) == statement
    assert not statements_to_moderate(consultation)


def test_who_hides_it_says_why_and_it_can_be_shown_again(consultation, ilze):
    statement = speak(consultation, "You know who is to blame.")
    hide_statement(by=ilze, statement=statement, reason=HidingReason.HOSTILE, at=OPENED_AT)
    with pytest.raises(Http404):
        get_shown_statement(consultation, statement.pk)
    accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    assert Statement.objects.get(pk=statement.pk).hiding_reason == ""
    decisions = Moderation.objects.values_list("number", "outcome", "reason", "by")
    assert list(decisions) == [
        (statement.pk, "hidden", "hostile", ilze.pk),
        (statement.pk, "shown", "", ilze.pk),
    ]


def test_what_is_shown_is_not_accepted_twice_and_what_is_hidden_not_hidden_twice(consultation, ilze):
    statement = speak(consultation, "More benches.")
    accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    with pytest.raises(MoveError):
        accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    hide_statement(by=ilze, statement=statement, reason=HidingReason.REPEATED, at=OPENED_AT)
    with pytest.raises(MoveError):
        hide_statement(by=ilze, statement=statement, reason=HidingReason.HOSTILE, at=OPENED_AT)
    assert Moderation.objects.count() == 2


def test_what_is_hidden_is_gone_from_everybodys_answers(consultation, ilze):
    me = make_entrance()
    statement = consultation.statements.first()
    participant = vote(consultation, statement, entrance=me)
    assert [worded.pk for worded in own_answers(participant, "en")] == [statement.pk]
    hide_statement(by=ilze, statement=statement, reason=HidingReason.UNLAWFUL, at=OPENED_AT)
    assert own_answers(participant, "en") == []


def test_a_report_brings_it_back_to_those_who_decide_until_they_do(consultation, ilze):
    statement = consultation.statements.first()
    participant = vote(consultation, statement)
    for _ in range(2):
        report_statement(participant=participant, statement=statement, reason=HidingReason.PERSONAL)
    assert Report.objects.count() == 1
    assert list(statements_to_moderate(consultation)) == [statement]
    keep_shown(by=ilze, statement=statement, at=OPENED_AT)
    assert not statements_to_moderate(consultation)
    assert Statement.objects.get(pk=statement.pk).state == StatementState.SHOWN
    # Whoever finds it worse than that may say so again.
    report_statement(participant=participant, statement=statement, reason=HidingReason.HOSTILE)
    hide_statement(by=ilze, statement=statement, reason=HidingReason.HOSTILE, at=OPENED_AT)
    assert not Report.objects.exists()


def test_what_is_hidden_waits_for_nobody_even_if_a_report_comes_late(consultation, ilze):
    statement = consultation.statements.first()
    participant = vote(consultation, statement)
    hide_statement(by=ilze, statement=statement, reason=HidingReason.HOSTILE, at=OPENED_AT)
    report_statement(participant=participant, statement=statement, reason=HidingReason.HOSTILE)
    assert not statements_to_moderate(consultation)


def test_a_statement_of_the_city_is_shown_at_once_in_its_languages(consultation, ilze):
    text = words("The park is for everybody.", lv="Parks ir visiem.")
    statement = seed_statement(by=ilze, consultation=consultation, text=text, at=OPENED_AT)
    assert (statement.state, statement.is_seeded, statement.language) == (StatementState.SHOWN, True, "en")
    assert word_statement(statement, "lv").text == "Parks ir visiem."
    with pytest.raises(TooLong):
        seed_statement(
            by=ilze, consultation=consultation, text=words("a" * (LONGEST_STATEMENT + 1)), at=OPENED_AT
        )


def test_a_closed_consultation_takes_no_more_of_them(ilze, consultation):
    closed = make_consultation(consultation.city, slug="over", state=State.CLOSED)
    with pytest.raises(MoveError):
        seed_statement(by=ilze, consultation=closed, text=words("Late."), at=OPENED_AT)


def test_a_translation_never_touches_the_original_and_is_outdated_when_that_changes(consultation, ilze):
    statement = consultation.statements.first()
    original = statement.text
    translate_statement(by=ilze, statement=statement, texts={"ar": "جيراني", "en": "No!"}, at=OPENED_AT)
    statement.refresh_from_db()
    assert statement.text == original
    [translation] = statement.translations.all()
    assert (translation.language, translation.state) == ("ar", TranslationState.REVIEWED)
    worded = word_statement(statement, "ar")
    assert (worded.text, worded.language.direction, worded.is_original) == ("جيراني", "rtl", False)

    Statement.objects.filter(pk=statement.pk).update(text="Something else.")
    again = Statement.objects.get(pk=statement.pk)
    assert again.translations.get().state == TranslationState.OUTDATED
    worded = word_statement(again, "ar")
    assert (worded.text, worded.language.code, worded.is_original) == ("Something else.", "en", True)


def test_an_empty_translation_takes_it_away_and_a_new_one_replaces_it(consultation, ilze):
    statement = consultation.statements.first()
    for text in ("Pirmais.", "Otrais."):
        translate_statement(by=ilze, statement=statement, texts={"lv": text}, at=OPENED_AT)
    assert [each.text for each in statement.translations.all()] == ["Otrais."]
    translate_statement(by=ilze, statement=statement, texts={"lv": ""}, at=OPENED_AT)
    assert not statement.translations.exists()


def test_what_was_written_in_another_language_than_the_page_is_said_to_be_in_it(consultation, ilze):
    statement = speak(consultation, "أريد دروسًا في المساء.")
    accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    set_language(by=ilze, statement=statement, language="ar", at=OPENED_AT)
    for page in ("en", "ar"):
        worded = word_statement(Statement.objects.get(pk=statement.pk), page)
        assert (worded.language.code, worded.language.direction, worded.is_original) == ("ar", "rtl", True)


def test_once_somebody_translated_it_its_language_stays(consultation, ilze):
    statement = speak(consultation, "Vairāk soliņu.")
    translate_statement(by=ilze, statement=statement, texts={"ar": "مقاعد"}, at=OPENED_AT)
    with pytest.raises(IsTranslated):
        set_language(by=ilze, statement=statement, language="lv", at=OPENED_AT)
    assert Statement.objects.get(pk=statement.pk).language == "en"


def test_what_a_machine_took_for_another_language_goes_when_its_language_is_said(consultation, ilze):
    statement = speak(consultation, "Vairāk soliņu.")
    Translation.objects.create(
        statement=statement, language="de", text="?", source_digest=statement.digest, machine="A machine"
    )
    set_language(by=ilze, statement=statement, language="lv", at=OPENED_AT)
    assert Statement.objects.get(pk=statement.pk).language == "lv"
    assert not statement.translations.exists()


def test_whoever_does_not_keep_it_decides_nothing(consultation):
    statement = speak(consultation, "More benches.")
    strangers = [
        make_officer("chiara", make_city("ravenna", country="IT")),
        give("andris", Kind.CONTRIBUTOR, consultation.city),
        give("piotr", Kind.FACILITATOR, consultation.city),
    ]
    for stranger in strangers:
        about = {"by": stranger, "statement": statement, "at": OPENED_AT}
        with pytest.raises(Http404):
            accept_statement(**about)
        with pytest.raises(Http404):
            hide_statement(**about, reason=HidingReason.HOSTILE)
        with pytest.raises(Http404):
            keep_shown(**about)
        with pytest.raises(Http404):
            translate_statement(**about, texts={"lv": "Vairāk soliņu."})
        with pytest.raises(Http404):
            set_language(**about, language="lv")
        with pytest.raises(Http404):
            seed_statement(by=stranger, consultation=consultation, text=words("Mine."), at=OPENED_AT)
    assert Statement.objects.get(pk=statement.pk).state == StatementState.PENDING
    assert not Moderation.objects.exists()


def test_a_code_finds_its_participant_in_its_own_consultation_alone(consultation):
    me = make_entrance()
    participant = vote(consultation, consultation.statements.first(), entrance=me)
    other = make_consultation(make_city("ravenna", country="IT"), slug="ravenna")
    assert find_participant(consultation, me.code) == participant
    assert find_participant(other, me.code) is None
