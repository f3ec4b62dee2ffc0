"""What a written answer sheet holds and shows."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.frameworks.sheets import WORDED, answer_sheet, cell, read, write

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import AreaText, Pathway
from tessera.frameworks.sheets.layout import column_headings, tab_names
from tessera.frameworks.sheets.write import write_sheet


def opened(folder, answers, language="en"):
    return load_workbook(write(folder, answers, language))


def rule_of(entry):
    """What a cell accepts."""
    rules = entry.parent.data_validations.dataValidation
    (found,) = [rule for rule in rules if entry.coordinate in rule.sqref]
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from("=+-@\t\r\n\0 #'\""), st.text(max_size=20))
def test_no_text_becomes_a_formula_whatever_it_begins_with(tmp_path, first, rest):
    hostile = Answer("yes", reason=first + rest, note=first + rest, evidence=first + "cmd|' /C calc'!A0")
    path = write(tmp_path, replace(answer_sheet(statement=hostile), city=first + rest + "x"))
    for part, text in ((name, ZipFile(path).read(name)) for name in ZipFile(path).namelist()):
        assert b"<f>" not in text, part
        assert b"<f " not in text, part
    kinds = {entry.data_type for sheet in load_workbook(path) for row in sheet.rows for entry in row}
    assert kinds == {"s", "n"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "#REF!"])
def test_a_text_stays_the_same_text_and_stays_text_when_edited(tmp_path, text):
    entry = cell(opened(tmp_path, answer_sheet(statement=Answer("yes", note=text))), "statement", "note")
    assert (entry.value, entry.data_type, entry.number_format) == (text, "s", "@")
    assert entry.quotePrefix is (text[0] in "=+-@")


def test_only_the_cells_to_fill_are_open(tmp_path):
    book = opened(tmp_path, answer_sheet())
    open_cells = {
        entry.coordinate for row in book["Commitment"].rows for entry in row if not entry.protection.locked
    }
    # F answer, G does not apply, H reason, I note, J evidence; the questions of rows 4 and 7 always apply.
    to_fill = {f"{column}{row}" for row in (4, 5, 6, 7) for column in "FGHIJ"}
    assert open_cells == to_fill - {"G4", "H4", "G7", "H7"}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)


def test_the_question_row_of_several_choices_is_closed_and_its_options_are_open(tmp_path):
    book = opened(tmp_path, answer_sheet())
    assert cell(book, "languages-offered", "answer").protection.locked
    assert not cell(book, "languages-offered/arabic", "answer").protection.locked
    assert cell(book, "languages-offered/arabic", "note").protection.locked


def test_an_answer_is_chosen_from_the_options_in_the_sheets_language(tmp_path):
    book = opened(tmp_path, answer_sheet(), "lv")
    entry = cell(book, "lead", "answer")
    (rule,) = [
        found for found in entry.parent.data_validations.dataValidation if entry.coordinate in found.sqref
    ]
    tab, _, cells = rule.formula1.partition("!")
    labels = [row[0].value for row in book[tab][cells.replace("$", "")]]
    assert labels == ["Mērs vai vietnieks", "Nodaļa", "Neviens"]
    assert book[tab].sheet_state == "hidden"


@pytest.mark.parametrize(
    ("key", "kind", "limits"),
    [
        ("foreign-born", "decimal", ("0.0", "100.0")),
        ("last-survey", "custom", ('OR(AND(ISNUMBER(F5),F5>=0.0,F5<=200.0),F5="Never")', None)),
    ],
)
def test_a_number_is_held_to_its_scale(tmp_path, key, kind, limits):
    entry = cell(opened(tmp_path, answer_sheet()), key, "answer")
    (rule,) = [
        found for found in entry.parent.data_validations.dataValidation if entry.coordinate in found.sqref
    ]
    assert (rule.type, rule.formula1, rule.formula2) == (kind, *limits)


def test_each_question_shows_its_help_how_to_answer_and_its_weight(tmp_path):
    book = opened(tmp_path, answer_sheet())
    assert cell(book, "strategy", "question").value == "Strategy?"
    assert (
        cell(book, "strategy", "help").value
        == "What counts, and an example.\nWhy we ask: Because it matters."
    )
    assert cell(book, "strategy", "accepted").value == "• Yes\n• Partly\n• No"
    assert cell(book, "strategy", "weight").value == 2
    assert cell(book, "foreign-born", "accepted").value == "A number from 0 to 100: per cent"
    assert cell(book, "last-survey", "accepted").value == "A number of years from 0 to 200\nor “Never”"


def test_a_question_under_a_rule_says_in_words_when_it_is_asked(tmp_path):
    book = opened(tmp_path, answer_sheet())
    assert cell(book, "strategy-reviewed", "help").value.startswith(
        "Asked only if the answer to “Strategy?” is “Yes” or “Partly”.\n"
    )


def test_the_core_pathway_asks_core_questions_only(tmp_path):
    book = opened(tmp_path, answer_sheet(Pathway.CORE))
    # Interaction has no core question, and so no tab.
    assert book.sheetnames == ["Start", "Commitment", "Schools", "Business and the labour market…", "Lists"]
    with pytest.raises(KeyError):
        cell(book, "arabic-forms", "answer")


def test_invented_answers_are_called_so_on_the_first_tab_and_on_every_printed_page(tmp_path):
    book = opened(tmp_path, answer_sheet(invented=True), "lv")
    warning = "Izdomāti dati. Šīs atbildes ir izdomātas; tās neko nesaka ne par vienu pilsētu."
    assert warning in [entry.value for entry in book["Sākums"]["B"]]
    assert cell(book, "invented", "value").value == "jā"
    assert {sheet.oddHeader.center.text for sheet in book.worksheets} == {"Izdomāti dati"}
    assert {sheet.oddFooter.left.text for sheet in book.worksheets} == {warning}


def test_real_answers_are_not_called_invented(tmp_path):
    book = opened(tmp_path, answer_sheet())
    texts = [entry.value for sheet in book for row in sheet.rows for entry in row]
    assert not [text for text in texts if "Invented data" in str(text)]
    assert {sheet.oddHeader.center.text for sheet in book.worksheets} == {None}


def test_an_ampersand_in_a_name_is_no_code_in_the_header(tmp_path):
    book = opened(tmp_path, replace(answer_sheet(), city="Ab & Cd"))
    assert book["Start"].oddHeader.left.text == "Ab && Cd 2023 · A questionnaire for trials 3"


def test_every_word_of_the_sheet_is_there_in_latvian():
    # A word without translation would come back in English.
    assert not set(column_headings("lv").values()) & set(column_headings("en").values())


def test_tab_names_are_short_safe_and_unlike_each_other():
    titles = {
        "commitment": "History",
        "schools": "What / which: the [old] city's very long title",
        "business": "WHAT which the old city's very long title",
        "interaction": "'Start'",
    }
    areas = {key: AreaText(titles.get(key, key), "") for key in WORDED.texts["en"].areas}
    titled = replace(WORDED, texts={"en": replace(WORDED.texts["en"], areas=areas)})
    names = tab_names(titled, pathway=Pathway.FULL, language="en")
    assert names == {
        "commitment": "History 2",
        "schools": "What which the old city's very…",
        "business": "WHAT which the old city's ve… 2",
        "interaction": "Start 2",
    }
    assert max(map(len, names.values())) == 31


def test_a_sheet_is_written_into_a_stream(tmp_path):
    stream = BytesIO()
    write_sheet(WORDED, pathway=Pathway.FULL, language="en", target=stream)
    (tmp_path / "sheet.xlsx").write_bytes(stream.getvalue())
    assert load_workbook(tmp_path / "sheet.xlsx").sheetnames[0] == "Start"


def test_a_language_that_the_framework_lacks_is_refused():
    with pytest.raises(ValueError, match="worded is not in 'de', only in en, lv"):
        write_sheet(WORDED, pathway=Pathway.FULL, language="de", target=BytesIO())


def test_answers_to_another_pathway_are_refused():
    with pytest.raises(ValueError, match="do not fit worded 3 core"):
        write_sheet(
            WORDED, pathway=Pathway.CORE, language="en", target=BytesIO(), answers=answer_sheet(Pathway.FULL)
        )


def test_characters_that_xml_cannot_hold_are_left_out(tmp_path):
    path = write(tmp_path, answer_sheet(statement=Answer("yes", note="be\x00fore\x0b _x0041_")))
    assert read(path).answers["statement"].note == "before _x0041_"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_a_sign_that_no_spreadsheet_can_hold_is_left_out(tmp_path, sign):
    answers = answer_sheet(statement=Answer("yes", note=f"one{sign}two"))

    book = opened(tmp_path, replace(answers, city=f"Ri{sign}ga"))

    assert cell(book, "statement", "note").value == "onetwo"
