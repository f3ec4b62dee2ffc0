import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pikepdf
import pytest
from tests.reports.read_pdf import elements, without_blanks
from tests.reports.reviews import answered, large_framework, large_review

from tessera.frameworks.answers import Answer
from tessera.frameworks.scoring import score_sheet
from tessera.reports.pages import render_html
from tessera.reports.parts import ReviewReport
from tessera.reports.pdf import render_pdf
from tessera.reports.review import build_review_report

ReadPrint = Callable[[bytes], str]
"""The fixture `read_print`."""

LETTERS = "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ ăâîșț ĂÂÎȘȚ åäö ñ ß"


@pytest.fixture(scope="module")
def report() -> ReviewReport:
    made, answers, before, profile = large_review()
    letters = {"commitment-0": Answer(value="yes", note=LETTERS)}
    answers = replace(answers, answers={**answers.answers, **letters})
    return build_review_report(made, answers, profile, language="lv", previous_sheet=before)


@pytest.fixture(scope="module")
def printed(report: ReviewReport) -> bytes:
    return render_pdf(report)


@pytest.fixture(scope="module")
def pdf(printed: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(printed)) as opened:
        yield opened


def test_it_is_tagged_for_assistive_technology(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "lv"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Rīga, 2023. gads: Starpkultūru pārskats"


def test_it_has_an_outline_of_its_sections(report: ReviewReport, pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        sections = [str(item.title) for item in outline.root]
    assert [heading for _, heading in report.contents] == sections


def test_every_drawing_has_its_description(report: ReviewReport, pdf: pikepdf.Pdf) -> None:
    described = [str(figure.Alt) for figure in elements(pdf.Root.StructTreeRoot, "/Figure")]
    assert described == [chart.description for chart in report.charts]


def test_tables_have_headings_of_columns(pdf: pikepdf.Pdf) -> None:
    tables = list(elements(pdf.Root.StructTreeRoot, "/Table"))
    assert len(tables) > 20
    assert all(list(elements(table, "/TH")) for table in tables)


def test_all_letters_are_drawn_from_our_own_embedded_font(printed: bytes, pdf: pikepdf.Pdf) -> None:
    fonts = [
        found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/FontDescriptor" in found
    ]
    assert fonts
    for font in fonts:
        assert "SourceSans3" in str(font.BaseFont)
        assert {"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())


def test_the_letters_of_our_languages_can_be_read_back(printed: bytes, read_print: ReadPrint) -> None:
    assert without_blanks(LETTERS) in without_blanks(read_print(printed))


def test_page_and_print_say_the_same(report: ReviewReport, printed: bytes, read_print: ReadPrint) -> None:
    said = [report.title, report.lead, report.notice, report.areas.chart.sentence, report.gaps.intro]
    said += [part.score.basis for part in report.overall]
    said += [each.question + each.answer for item in report.strengths.items for each in item.questions]
    assert report.moved is not None
    assert report.moved.chart is not None
    assert report.contradictions is not None
    said += [*report.moved.sentences, report.moved.chart.sentence, *report.contradictions.items]
    said += [area.sentence for area in report.moved.areas]
    said += [area.score.basis for area in report.details.areas]
    said += [question.text for area in report.details.areas for question in area.questions]
    said += [meaning for _, meaning in report.method.paragraphs] + [
        value for _, value in report.method.origin
    ]
    on_paper = without_blanks(read_print(printed))
    on_page = without_blanks(
        re.sub(r"<[^>]+>", "", render_html(report)).replace("&quot;", '"').replace("&#x27;", "'")
    )
    assert len(said) > 150
    for sentence in map(without_blanks, said):
        assert sentence in on_page
        assert sentence in on_paper


def test_the_same_report_gives_the_same_file(report: ReviewReport, printed: bytes) -> None:
    assert render_pdf(report) == printed


def note_printed(note: str, read_print: ReadPrint) -> str:
    made = large_framework()
    answers = answered(made, said={"commitment-0": Answer(value="yes", note=note)})
    report = build_review_report(made, answers, score_sheet(made, answers), language="en")
    return without_blanks(read_print(render_pdf(report)))


def test_a_note_cannot_act_as_markup(read_print: ReadPrint) -> None:
    note = '#panic("x") #read("/etc/passwd") $x$ @label *bold* \\ " ] }'
    assert without_blanks(note) in note_printed(note, read_print)


def test_a_sign_without_a_letter_is_a_square_and_does_not_stop_the_report(read_print: ReadPrint) -> None:
    assert "Note:yes□and□" in note_printed("yes 😀 and 漢", read_print)
