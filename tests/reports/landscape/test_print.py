"""The report of a landscape as a PDF."""

import io
import re
from datetime import date

import pikepdf
import pytest
from tests.reports.landscape.evening import camps, report_of
from tests.reports.read_pdf import elements, language_of, without_blanks

from tessera.reports.landscape.compared_groups import AskedAttribute, CountedGroup
from tessera.reports.landscape.print import print_landscape
from tessera.reports.landscape.took_part import Background, Way
from tessera.reports.parts import WrittenText

GROUPS = (
    CountedGroup(WrittenText("Here", ""), 20, 500),
    CountedGroup(WrittenText("Citur", "lv"), 12, 500),
)
BORN = AskedAttribute(WrittenText("Where were you born?", ""), GROUPS, 32, 0, "A register", date(2026, 1, 1))
BACKGROUND = Background(True, "Data of the City Lab, CC BY 4.0", {Way.OPEN_LINK: 32}, (BORN,))
TEXTS = {
    "s6": WrittenText("Buses should run at night", "en"),
    "s0": WrittenText("يجب أن تسير الحافلات ليلاً", "ar"),
    "s1": WrittenText("Більше трамваїв", "uk-UA"),
    "s2": WrittenText("Words of nobody knows which language", ""),
}


@pytest.fixture(scope="module")
def report():
    about = WrittenText("The city asked at the library.", "")
    return report_of(camps(), background=BACKGROUND, about=about, texts=TEXTS)


@pytest.fixture(scope="module")
def printed(report):
    return print_landscape(report)


@pytest.fixture(scope="module")
def pdf(printed):
    with pikepdf.open(io.BytesIO(printed)) as opened:
        yield opened


def test_it_is_tagged_for_assistive_technology(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "An evening on transport: What the people who took part think"


def test_its_outline_is_the_contents_of_the_page(report, pdf):
    with pdf.open_outline() as outline:
        assert [str(item.title) for item in outline.root] == [heading for _, heading in report.contents]


def test_the_map_has_its_description_and_bars_have_none(report, pdf):
    described = [str(figure.Alt) for figure in elements(pdf.Root.StructTreeRoot, "/Figure")]
    assert described == [report.differ.map.description]


def test_it_holds_every_word_and_figure_of_the_page(report, printed, read_print):
    words = without_blanks(read_print(printed))
    rtl = TEXTS["s0"].text
    for part in (report.facts, report.remarks, report.agree, report.accept, report.together, report.trust):
        for text in sentences(part):
            assert text == rtl or without_blanks(text) in words, text
    for part in (report.took_part, report.counted):
        for text in sentences(part):
            assert without_blanks(text) in words, text


def sentences(part):
    """What a reader reads: anchors, kinds and tables that only a page has left out."""
    if isinstance(part, str):
        return [part] if " " in part else []
    if isinstance(part, tuple):
        return [text for each in part for text in sentences(each)]
    fields = getattr(part, "__dataclass_fields__", ())
    kept = [field for field in fields if field != "table"]
    return [text for field in kept for text in sentences(getattr(part, field))]


def test_words_keep_their_own_language(pdf):
    # The language of some words in a line stands beside them, not in the structure.
    drawn = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert set(re.findall(rb"/Lang\((.+?)\)", drawn)) == {b"en", b"ar", b"uk", b"und"}


def test_so_do_the_headings_of_rows(pdf):
    *_, table = elements(pdf.Root.StructTreeRoot, "/Table")
    cells = [language_of(cell) for cell in elements(table, "/TD")]
    # The label of one group stands in Latvian; all figures, and that of the other, are of the report.
    assert cells == ["lv", *["en"] * 11]


def test_the_same_report_gives_the_same_bytes(report, printed):
    assert print_landscape(report) == printed


def test_a_sign_without_a_letter_stops_nothing(read_print):
    texts = {"s6": WrittenText("夜間公車 at night", "zh-Hant")}
    assert "at night" in read_print(print_landscape(report_of(camps(), texts=texts)))


def test_without_groups_there_is_no_map_and_no_table_of_groups(read_print):
    report = report_of([[1] * 8 for _ in range(30)])
    with pikepdf.open(io.BytesIO(print_landscape(report))) as opened:
        assert not list(elements(opened.Root.StructTreeRoot, "/Figure"))
        assert not list(elements(opened.Root.StructTreeRoot, "/Table"))
