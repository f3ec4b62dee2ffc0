"""A sheet that was filled offline comes back, and colleagues have gone on answering meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.frameworks.invented import answers_to, texts
from tests.frameworks.sheets import WORDED, answer_sheet, cell, change, only_worded, write

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.sheets.read import FilledSheet, read_filled_sheet
from tessera.frameworks.sheets.returned import Difference, Kind, compare_sheets
from tessera.frameworks.sheets.write import write_sheet

YES, NO, BLANK = Answer("yes"), Answer("no"), Answer()


def compare(path, pathway=Pathway.FULL, **present):
    """What the sheet would change in answers by key, with underscores for hyphens."""
    return compare_sheets(
        WORDED,
        pathway,
        returned=read_filled_sheet(path, only_worded),
        present={key.replace("_", "-"): answer for key, answer in present.items()},
    )


def fill(key, column, value):
    def act(book):
        cell(book, key, column).value = value

    return act


def without_marks(book):
    for sheet in book.worksheets:
        for entry in list(sheet[1]):
            if entry.value == "mark":
                sheet.delete_cols(entry.column)


@pytest.mark.parametrize("downloaded", [None, YES])
@pytest.mark.parametrize("present", [None, YES, NO])
@pytest.mark.parametrize("returned", [None, YES, NO, Answer("yes", note="Said twice.")])
def test_only_what_was_touched_in_the_sheet_is_a_difference(tmp_path, downloaded, present, returned):
    path = write(tmp_path, answer_sheet(**({"statement": downloaded} if downloaded else {})))
    if returned != downloaded:
        label = {"yes": "Yes", "no": "No"}[returned.value] if returned else None
        change(path, fill("statement", "answer", label))
        change(path, fill("statement", "note", returned.note if returned else None))

    found = compare(path, **({"statement": present} if present else {}))

    if returned in (downloaded, present):
        assert found == ()
        return
    expected = {
        (None, None): Kind.NEW,
        (None, YES): Kind.CONFLICT,
        (None, NO): Kind.CONFLICT,
        (YES, None): Kind.NEW,
        (YES, YES): Kind.CHANGED if returned else Kind.CLEARED,
        (YES, NO): Kind.CONFLICT,
    }[downloaded, present]
    assert found == (Difference("statement", expected, present or BLANK, returned or BLANK),)


@pytest.mark.parametrize(
    ("written", "present", "found"),
    [
        (None, YES, None),
        ("Yes", YES, None),
        ("Yes", None, Difference("statement", Kind.NEW, BLANK, YES)),
        ("Yes", NO, Difference("statement", Kind.CONFLICT, NO, YES)),
        # Blank cells change nothing, so the note that is there stays.
        ("Yes", Answer("yes", note="Twice."), None),
        (
            "Yes",
            Answer("no", note="Twice."),
            Difference("statement", Kind.CONFLICT, Answer("no", note="Twice."), Answer("yes", note="Twice.")),
        ),
    ],
)
def test_without_a_mark_blank_cells_change_nothing(tmp_path, written, present, found):
    write_sheet(WORDED, pathway=Pathway.FULL, language="en", target=tmp_path / "blank.xlsx")

    def act(book):
        cell(book, "city", "value").value, cell(book, "year", "value").value = "Rīga", 2023
        cell(book, "statement", "answer").value = written

    path = change(tmp_path / "blank.xlsx", act)

    assert read_filled_sheet(path, only_worded).marks == {}
    assert compare(path, **({"statement": present} if present else {})) == ((found,) if found else ())


def test_without_a_mark_evidence_is_only_added(tmp_path):
    present = Answer("yes", evidence="Decision 5\nMinutes of May")
    path = change(
        write(tmp_path, answer_sheet(statement=Answer("yes", evidence="Decision 7\nMinutes  of May"))),
        without_marks,
    )

    (found,) = compare(path, statement=present)

    assert found.returned == Answer("yes", evidence="Decision 5\nMinutes of May\nDecision 7")


def test_a_reason_does_not_outlive_the_answer_that_it_explained(tmp_path):
    present = Answer(not_applicable=True, reason="No schools.")
    path = change(write(tmp_path, answer_sheet(trained_teachers=Answer("all"))), without_marks)

    (found,) = compare(path, trained_teachers=present)

    assert (found.kind, found.returned) == (Kind.CONFLICT, Answer("all"))


def test_a_sheet_of_another_year_is_new_where_nothing_is_there(tmp_path):
    # Last year's file with the year changed by hand: its marks belong to the old answers.
    path = write(tmp_path, answer_sheet(statement=YES, strategy=NO))
    change(path, fill("year", "value", 2024))

    found = compare(path, strategy=Answer("partly"))

    assert [(each.question, each.kind) for each in found] == [
        ("statement", Kind.NEW),
        ("strategy", Kind.CONFLICT),
    ]


def test_differences_come_in_the_order_of_the_questionnaire(tmp_path):
    late_and_early = answer_sheet(foreign_born=Answer(12.0), strategy=YES, statement=YES)
    path = change(write(tmp_path, late_and_early), without_marks)

    assert [each.question for each in compare(path)] == ["statement", "strategy", "foreign-born"]
    assert [each.question for each in compare(path, Pathway.CORE)] == ["statement", "strategy"]


def test_the_marks_stay_out_of_sight_and_locked(tmp_path):
    sheet = load_workbook(write(tmp_path, answer_sheet(statement=YES)))["Commitment"]
    marks = [entry for entry in sheet["K"] if entry.value]

    assert sheet.column_dimensions["K"].hidden
    assert [entry.value for entry in marks[:2]] == ["mark", "mark"]
    assert len(marks) == 2 + 4
    assert all(entry.protection.locked for entry in marks)
    assert sheet.print_area.endswith("$J$7")


def test_a_row_that_was_deleted_with_its_answer_changes_nothing(tmp_path):
    def delete(book):
        entry = cell(book, "strategy", "answer")
        entry.parent.delete_rows(entry.row)

    path = change(write(tmp_path, answer_sheet(strategy=YES)), delete)

    assert compare(path, strategy=YES) == ()


def test_what_a_cell_cannot_hold_is_no_difference(tmp_path):
    # As a browser sends it, and as the options were ticked.
    present = {
        "statement": Answer("yes", note="Said by the mayor.\r\nTwice.\x0b "),
        "languages-offered": Answer(("english", "ukrainian"), evidence="x" * 40_000),
        "foreign-born": Answer(100 / 3),
    }
    path = write(tmp_path, answer_sheet(**present))

    returned = read_filled_sheet(path, only_worded)

    assert compare_sheets(WORDED, Pathway.FULL, returned=returned, present=present) == ()
    # As other programs save it.
    change(path, fill("statement", "note", "Said by the mayor.\nTwice."))
    assert compare(path, **present) == ()
    assert compare(change(path, without_marks), **present) == ()


def frameworks():
    return st.sampled_from([WORDED, find_framework("intercultural-review"), find_framework("mipex-2015")])


typed = st.sampled_from(["", "Fine.\r\nAs ever.", " =1+1 ", "_x0041_", "\ttab\t"])


@pytest.mark.parametrize("language", ["en", "lv"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_answers_written_and_read_again_are_no_difference(tmp_path, language, data):
    framework, pathway = data.draw(frameworks()), data.draw(st.sampled_from(Pathway))
    # Any text at all where there are few questions; a hundred of them would take long to invent.
    present = data.draw(answers_to(framework, pathway, typed | texts if framework is WORDED else typed))
    sheet = AnswerSheet(framework.id, framework.version, pathway, " Rīga ", 2023, True, present)
    write_sheet(framework, pathway=pathway, language=language, target=tmp_path / "sheet.xlsx", answers=sheet)

    returned = read_filled_sheet(tmp_path / "sheet.xlsx", lambda *_: framework)
    unmarked = FilledSheet(framework, returned.sheet, {})
    elsewhere = replace(returned, sheet=replace(returned.sheet, year=2024))

    assert len(returned.marks) == len(list(framework.questions(pathway)))
    # The mark of the answer, not only its being equal, says that it was not touched.
    assert compare_sheets(framework, pathway, returned=returned, present={}) == ()
    for each in (returned, unmarked, elsewhere):
        assert compare_sheets(framework, pathway, returned=each, present=present) == ()
