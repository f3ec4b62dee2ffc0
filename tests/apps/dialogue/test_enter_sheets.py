"""Sheets of paper are typed in twice, taken in once, and forgotten as answers of their own."""

from datetime import timedelta

import pytest
from django.http import Http404
from tests.apps.dialogue.sheets import (
    AGREE,
    DISAGREE,
    PASS,
    TYPED_AT,
    make_sheet,
    print_for,
    read_once,
    read_twice,
    votes_of,
)
from tests.builders import make_city
from tests.dialogues import LAST_DAY, OPENED_AT, make_consultation, make_entrance, put_in_state, speak
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.on_paper import (
    MOST_LINES,
    MOST_SHEETS,
    EmptySheet,
    OtherDifferences,
    begin_anew,
    decide_differences,
    enter_first,
    enter_second,
    print_sheets,
)
from tessera.apps.dialogue.actions.setting_up import choose_facilitators, close_consultation
from tessera.apps.dialogue.actions.taking_part import NotNow, NotShown, withdraw_everything
from tessera.apps.dialogue.jobs import close_past_consultations, forget_codes
from tessera.apps.dialogue.lifecycle import ENDED, SheetState, State
from tessera.apps.dialogue.models import (
    Channel,
    Consultation,
    HidingReason,
    Participant,
    Printing,
    Rule,
    Sheet,
    Vote,
)
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city("riga"))


@pytest.fixture
def ilze(consultation):
    return make_person("ilze")


def close(consultation):
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=TYPED_AT)


# Printing


def test_codes_of_printed_sheets_are_kept_only_as_hashes_and_belong_to_nobody(consultation):
    new = print_for(consultation, count=3)
    assert len({each.code for each in new}) == 3
    for each in new:
        sheet = Sheet.objects.get(pk=each.number)
        assert (sheet.state, sheet.code_hash) == (SheetState.PRINTED, token_hash(each.code))
    assert not Participant.objects.exists()


def test_the_lines_of_a_printing_stay_whatever_is_shown_later(consultation, ilze):
    sheet = make_sheet(consultation)
    first, *others = consultation.statements.order_by("pk")
    hide_statement(by=ilze, statement=first, reason=HidingReason.HOSTILE, at=TYPED_AT)
    new = speak(consultation, "More benches.")
    accept_statement(by=ilze, statement=new, at=TYPED_AT)
    lines = list(sheet.printing.lines.values_list("place", "statement"))
    assert lines == [(place, each.pk) for place, each in enumerate([first, *others], start=1)]


@pytest.mark.parametrize(("count", "lines"), [(0, 5), (MOST_SHEETS + 1, 5), (1, 0), (1, MOST_LINES + 1)])
def test_no_sheets_too_many_and_empty_ones_are_refused(consultation, ilze, count, lines):
    keys = [each.pk for each in consultation.statements.all()]
    with pytest.raises(ValueError, match=f"{count} sheets of {lines} lines"):
        print_sheets(
            by=ilze,
            consultation=consultation,
            language="en",
            statements=(keys * MOST_LINES)[:lines],
            count=count,
            at=OPENED_AT,
        )
    assert not Printing.objects.exists()


def test_sheets_are_printed_in_languages_of_the_consultation_only(consultation):
    with pytest.raises(ValueError, match="not held in 'lv'"):
        print_for(consultation, language="lv")


# Who may


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_keeps_the_consultation_prints_and_types_in_and_only_while_it_is_open(who, state):
    riga = make_city("riga")
    make_officer("ilze", riga)
    given = make_consultation(riga, state=State.OPEN if state in ENDED else state)
    give("andris", Kind.FACILITATOR, riga)
    give("piotr", Kind.FACILITATOR, riga)
    choose_facilitators(
        by=make_person("ilze"), consultation=given, people=[make_person("piotr")], at=OPENED_AT
    )
    make_officer("chiara", make_city("ravenna", country="IT"))
    sheet, other = make_sheet(given), make_sheet(given)
    if state is State.OPEN:
        read_once(other, {1: AGREE})
    if state in ENDED:
        close(given)
    if state in ENDED[1:]:
        put_in_state(given, state, TYPED_AT.date())
    keys = [each.pk for each in given.statements.all()]
    person = make_person(who)

    def refusal(act, **about):
        try:
            act(by=person, at=TYPED_AT, **about)
        except (Http404, MoveError, NotNow) as error:
            return type(error)
        return None

    found = [
        refusal(print_sheets, consultation=given, language="en", statements=keys, count=1),
        refusal(enter_first, sheet=sheet, answers={1: AGREE}),
        refusal(enter_second, sheet=other, answers={1: DISAGREE}),
        refusal(decide_differences, sheet=other, decided={1: AGREE}),
        refusal(begin_anew, sheet=sheet),
    ]
    if who not in ("ilze", "piotr"):
        assert found == [Http404] * 5
        assert not Participant.objects.exists()
    elif state is State.OPEN:
        assert found == [None] * 5
    elif state is State.DRAFT:
        assert found == [None, NotNow, NotNow, NotNow, MoveError]
    else:
        assert found == [MoveError, NotNow, NotNow, NotNow, MoveError]


# Typing in


def test_a_sheet_that_reads_the_same_twice_becomes_one_participant_with_the_code_of_its_strip(consultation):
    [new] = print_for(consultation)
    sheet = Sheet.objects.get(pk=new.number)
    read_once(sheet, {1: AGREE, 2: DISAGREE, 3: None, 4: PASS})
    assert not Participant.objects.exists()
    read = {1: AGREE, 2: DISAGREE, 4: PASS, 5: None}
    piotr = give("piotr", Kind.FACILITATOR, consultation.city)
    choose_facilitators(by=make_person("ilze"), consultation=consultation, people=[piotr], at=OPENED_AT)
    enter_second(by=piotr, sheet=sheet, answers=read, at=TYPED_AT)
    [me] = Participant.objects.all()
    assert find_participant(consultation, new.code) == me
    assert (me.channel, me.language, me.joined_on) == (Channel.PAPER, "en", TYPED_AT.date())
    assert votes_of(me) == {1: 1, 2: -1, 4: 0}


def test_a_sheet_that_is_taken_in_says_who_typed_and_nothing_of_whose_it_is(consultation):
    sheet = read_twice(make_sheet(consultation), {1: AGREE}, {1: AGREE})
    assert sheet.state == SheetState.TAKEN_IN
    assert (sheet.first_by, sheet.second_by) == (make_person("ilze"), make_person("ilze"))
    assert sheet.taken_in_on == TYPED_AT.date()
    assert (sheet.code_hash, sheet.first_choices, sheet.second_choices) == ("", None, None)


def test_a_sheet_is_taken_in_once_also_when_its_answers_were_withdrawn(consultation, ilze):
    sheet = read_twice(make_sheet(consultation), {1: AGREE}, {1: AGREE})
    withdraw_everything(Participant.objects.get())
    for act in (enter_first, enter_second):
        with pytest.raises(MoveError):
            act(by=ilze, sheet=sheet, answers={1: AGREE}, at=TYPED_AT)
    with pytest.raises(MoveError):
        begin_anew(by=ilze, sheet=sheet, at=TYPED_AT)
    assert not Participant.objects.exists()


def test_where_two_readings_differ_nothing_counts_before_somebody_decides(consultation, ilze):
    sheet = read_twice(make_sheet(consultation), {1: AGREE, 2: AGREE}, {1: AGREE, 2: DISAGREE, 3: PASS})
    assert sheet.state == SheetState.DIFFERING
    assert sheet.differing_places == [2, 3]
    assert not Vote.objects.exists()
    decide_differences(by=ilze, sheet=sheet, decided={2: DISAGREE, 3: None}, at=TYPED_AT)
    assert votes_of(Participant.objects.get()) == {1: 1, 2: -1}
    kept = Sheet.objects.get(pk=sheet.pk)
    assert (kept.state, kept.first_choices, kept.second_choices) == (SheetState.TAKEN_IN, None, None)


@pytest.mark.parametrize("decided", [{}, {2: AGREE}, {1: AGREE, 2: AGREE, 3: AGREE}, {9: AGREE}])
def test_exactly_what_differs_is_decided(consultation, ilze, decided):
    sheet = read_twice(make_sheet(consultation), {1: AGREE, 2: AGREE}, {1: AGREE, 3: PASS})
    with pytest.raises(OtherDifferences):
        decide_differences(by=ilze, sheet=sheet, decided=decided, at=TYPED_AT)
    assert not Vote.objects.exists()


def test_a_sheet_on_which_nothing_stands_is_not_taken_in(consultation, ilze):
    sheet = make_sheet(consultation)
    for answers in ({}, {1: None, 2: None}):
        with pytest.raises(EmptySheet):
            enter_first(by=ilze, sheet=sheet, answers=answers, at=TYPED_AT)
    sheet = read_once(sheet, {1: AGREE})
    with pytest.raises(EmptySheet):
        enter_second(by=ilze, sheet=sheet, answers={1: None}, at=TYPED_AT)
    sheet = read_twice(make_sheet(consultation), {1: AGREE}, {2: AGREE})
    with pytest.raises(EmptySheet):
        decide_differences(by=ilze, sheet=sheet, decided={1: None, 2: None}, at=TYPED_AT)
    assert not Participant.objects.exists()


def test_what_was_typed_under_a_wrong_number_is_erased(consultation, ilze):
    for sheet in (
        read_once(make_sheet(consultation), {1: AGREE}),
        read_twice(make_sheet(consultation), {1: AGREE}, {1: DISAGREE}),
    ):
        begin_anew(by=ilze, sheet=sheet, at=TYPED_AT)
        anew = Sheet.objects.get(pk=sheet.pk)
        assert (anew.state, anew.first_choices, anew.second_choices) == (SheetState.PRINTED, None, None)
        assert (anew.first_by, anew.second_by) == (None, None)
    assert read_twice(anew, {1: AGREE}, {1: AGREE}).state == SheetState.TAKEN_IN


def test_what_is_hidden_meanwhile_is_left_out_and_a_sheet_with_nothing_else_waits(consultation, ilze):
    sheet, other = make_sheet(consultation), make_sheet(consultation)
    first = consultation.statements.order_by("pk").first()
    hide_statement(by=ilze, statement=first, reason=HidingReason.HOSTILE, at=TYPED_AT)
    read_twice(sheet, {1: AGREE, 2: AGREE}, {1: AGREE, 2: AGREE})
    assert votes_of(Participant.objects.get()) == {2: 1}
    read_once(other, {1: AGREE})
    with pytest.raises(NotShown):
        enter_second(by=ilze, sheet=other, answers={1: AGREE}, at=TYPED_AT)
    assert Sheet.objects.get(pk=other.pk).state == SheetState.ENTERED_ONCE
    assert Participant.objects.count() == 1


def test_a_line_whose_author_took_the_statement_back_is_no_difference(consultation, ilze):
    entrance = make_entrance()
    said = speak(consultation, "More benches.", entrance=entrance)
    accept_statement(by=ilze, statement=said, at=TYPED_AT)
    sheet = read_once(make_sheet(consultation), {1: AGREE, 6: DISAGREE})
    withdraw_everything(find_participant(consultation, entrance.code))
    enter_second(by=ilze, sheet=sheet, answers={1: AGREE}, at=TYPED_AT)
    assert Sheet.objects.get(pk=sheet.pk).state == SheetState.TAKEN_IN
    assert votes_of(Participant.objects.get()) == {1: 1}


def test_sheets_are_typed_in_only_on_days_on_which_people_vote(ilze, consultation):
    sheet = make_sheet(consultation)
    with pytest.raises(NotNow):
        read_once(sheet, {1: AGREE}, at=TYPED_AT + timedelta(days=40))
    say_only = make_consultation(make_city("ravenna"), slug="say", rule=Rule.SAY)
    with pytest.raises(NotNow):
        read_once(make_sheet(say_only), {1: AGREE})


@pytest.mark.parametrize("end", ["an officer", "the clock"])
def test_what_waits_is_erased_when_the_consultation_closes(consultation, ilze, end):
    waits = read_twice(make_sheet(consultation), {1: AGREE}, {1: DISAGREE})
    taken = read_twice(make_sheet(consultation), {1: AGREE}, {1: AGREE})
    if end == "an officer":
        close(consultation)
    else:
        assert close_past_consultations(LAST_DAY + timedelta(days=1)) == 1
    erased = Sheet.objects.get(pk=waits.pk)
    assert (erased.state, erased.first_choices, erased.second_choices) == (SheetState.PRINTED, None, None)
    assert Sheet.objects.get(pk=taken.pk).state == SheetState.TAKEN_IN
    assert Vote.objects.count() == 1


def test_codes_of_sheets_that_never_came_back_are_forgotten_with_all_others(consultation):
    make_sheet(consultation)
    read_twice(make_sheet(consultation), {1: AGREE}, {1: AGREE})
    close(consultation)
    closed = Consultation.objects.get()
    assert forget_codes(closed.codes_kept_until + timedelta(days=1)) == 1
    assert not Sheet.objects.exists()
    assert Vote.objects.count() == 1
