import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from tests.reports.read_pdf import CM, elements, printed_words

from tessera.reports.answer_sheet import AnswerSheets, SheetCopy, SheetLine, SheetWords, print_answer_sheets
from tessera.reports.typesetting import DoesNotFitError, NoLetterError

Paper = Callable[[bytes], Path]
"""The fixture `paper`: lays a PDF down as a file."""

STRIP_CM = 5.4
"""From the foot of the page: what is torn off."""

WORDS = SheetWords(
    follows="What happens with your answers",
    how="Tick one box in each line.",
    no_name="Do not write your name on this sheet.",
    typed_twice="Your answers are typed in twice.",
    hand_in="Hand this sheet in by 3 May 2027.",
    number="Sheet",
    line="Line",
    sentence="Sentence",
    agree="I agree",
    disagree="I disagree",
    do_not_know="I do not know",
    by_machine="Translated by a machine.",
    keep="Tear this off and keep it",
    your_code="Your code:",
    good_for="With this code you can see your answers:",
    lose="Do not show it to others.",
)
TEXT = "Newcomers find a language course in their part of the city."


def make_lines(count: int, text: str = TEXT, language: str = "en") -> list[SheetLine]:
    return [SheetLine(f"{place}Q", text, language, "", "") for place in range(1, count + 1)]


def make_sheets(lines: int = 5, copies: int = 1) -> AnswerSheets:
    return AnswerSheets(
        language="en",
        city="Riga",
        title="Arriving in the city",
        asked_by="The city asks.\nIt writes its strategy.",
        what_follows="The city answers each theme.",
        notice="",
        address="https://riga.example/take-part/arriving/en/code/",
        words=WORDS,
        lines=make_lines(lines),
        copies=[SheetCopy(f"{1000 + copy}B", f"0123-4567-89AB-{copy:04d}") for copy in range(copies)],
    )


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    def lay(content: bytes) -> Path:
        file = tmp_path / "printed.pdf"
        file.write_bytes(content)
        return file

    return lay


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(print_answer_sheets(make_sheets(lines=30)))) as opened:
        yield opened


def test_a_sheet_is_tagged_for_assistive_technology(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Arriving in the city"


def test_the_statements_are_one_table_whose_boxes_have_headings(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.StructTreeRoot
    assert len(list(elements(tree, "/Table"))) == 1
    assert len(list(elements(tree, "/TH"))) == 5
    assert len(list(elements(tree, "/TD"))) == 30 * 5


def test_the_strip_is_read_with_the_sheet(pdf: pikepdf.Pdf) -> None:
    headings = [str(each.T) for each in elements(pdf.Root.StructTreeRoot, "/H1") if "/T" in each]
    assert headings == [WORDS.follows, WORDS.keep]


def test_whoever_tears_the_strip_off_takes_no_line_along(paper: Paper) -> None:
    words = printed_words(paper(print_answer_sheets(make_sheets(lines=40))))
    assert {word.page for word in words} >= {0, 1}
    strip = (29.7 - STRIP_CM) * CM
    torn_off = [word for word in words if word.bottom > strip]
    assert {word.page for word in torn_off} == {0}
    assert [word.text for word in torn_off if word.text.endswith("Q")] == []
    [code] = [word for word in words if word.text == "0123-4567-89AB-0000"]
    assert code.top > strip


def test_every_sheet_begins_on_a_front_side_with_a_code_of_its_own(paper: Paper) -> None:
    words = printed_words(paper(print_answer_sheets(make_sheets(lines=5, copies=3))))
    codes = {word.text: word.page for word in words if word.text.startswith("0123-")}
    assert codes == {"0123-4567-89AB-0000": 0, "0123-4567-89AB-0001": 2, "0123-4567-89AB-0002": 4}


def test_the_number_stands_once_on_every_page_of_its_sheet(paper: Paper) -> None:
    words = printed_words(paper(print_answer_sheets(make_sheets(lines=40, copies=2))))
    pages = [(word.text, word.page) for word in words if word.text in ("1000B", "1001B")]
    assert len(pages) == len(set(pages)) >= 4
    assert {page for _, page in pages} == {word.page for word in words}


def test_arabic_runs_from_right_to_left_and_codes_do_not(paper: Paper) -> None:
    text = "كيف نعيش سويا في ريغا؟"
    sheets = replace(make_sheets(), language="ar", title=text, lines=make_lines(5, text, "ar"))
    words = printed_words(paper(print_answer_sheets(sheets)))
    [line] = [word for word in words if word.text == "3Q"]
    assert line.left > 15 * CM
    assert "0123-4567-89AB-0000" in {word.text.strip("\u202a") for word in words}


def test_long_words_over_the_boxes_do_not_run_into_each_other(paper: Paper) -> None:
    headed = replace(WORDS, agree="Погоджуюся", disagree="Погоджуюся", do_not_know="Погоджуюся")
    words = printed_words(paper(print_answer_sheets(replace(make_sheets(), words=headed))))
    first, second, third = sorted(
        (word for word in words if word.text == "Погоджуюся"), key=lambda word: word.left
    )
    assert first.right < second.left
    assert second.right < third.left < third.right < 20 * CM


def test_what_a_machine_said_stands_with_its_original_in_its_language() -> None:
    line = SheetLine("1Q", TEXT, "en", "Jaunpienācēji atrod valodas kursu.", "lv")
    printed = print_answer_sheets(replace(make_sheets(), lines=[line]))
    with pikepdf.open(io.BytesIO(printed)) as opened:
        drawn = b"".join(page.Contents.read_bytes() for page in opened.pages)
    assert set(re.findall(rb"/Lang\((.+?)\)", drawn)) == {b"lv"}


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert print_answer_sheets(make_sheets()) == print_answer_sheets(make_sheets())


def test_a_sign_without_a_letter_is_named() -> None:
    with pytest.raises(NoLetterError) as raised:
        print_answer_sheets(replace(make_sheets(), lines=make_lines(1, "A 🏙 for all")))
    assert raised.value.signs == {"🏙"}


@pytest.mark.parametrize(
    "long",
    [{"asked_by": "Words. " * 800}, {"what_follows": "Words.\n" * 60}, {"title": "Words " * 200}],
)
def test_texts_that_leave_no_room_are_refused(long: dict[str, str]) -> None:
    with pytest.raises(DoesNotFitError, match="shorten"):
        print_answer_sheets(replace(make_sheets(), **long))
