import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from tests.reports.read_pdf import (
    CM,
    PrintedWord,
    elements,
    language_of,
    pictures,
    printed_words,
    without_blanks,
)

from tessera.reports.poster import Cards, CardWords, Poster, PosterWords, print_cards, print_poster
from tessera.reports.typesetting import DoesNotFitError, NoLetterError

ReadPrint = Callable[[bytes], str]
"""The fixture `read_print`."""

Paper = Callable[[bytes], Path]
"""The fixture `paper`: lays a PDF down as a file."""

ADDRESS = "https://dialogs.riga.example/d/7KMQ"

WORDS = [
    PosterWords(
        "lv", "Kā mēs Rīgā dzīvojam kopā?", "Sakiet, ko domājat", "5 minūtes, bez konta", "Pēdējā diena:", ""
    ),
    PosterWords(
        "en",
        "How do we live together in Riga?",
        "Say what you think",
        "5 minutes, no account",
        "Last day:",
        "",
    ),
    PosterWords(
        "uk",
        "Як нам живеться разом у Ризі?",
        "Скажіть, що думаєте",
        "5 хвилин, без реєстрації",
        "Останній день:",
        "",
    ),
    PosterWords("ar", "كيف نعيش سويا في ريغا؟", "قل رأيك", "خمس دقائق، دون حساب", "اليوم الأخير:", ""),
    PosterWords(
        "de",
        "Wie leben wir in Riga zusammen?",
        "Sagen Sie Ihre Meinung",
        "5 Minuten, ohne Konto",
        "Letzter Tag:",
        "",
    ),
    PosterWords(
        "es", "¿Cómo convivimos en Riga?", "Diga lo que piensa", "5 minutos, sin cuenta", "Último día:", ""
    ),
    PosterWords(
        "it", "Come viviamo insieme a Riga?", "Di’ la tua", "5 minuti, senza conto", "Ultimo giorno:", ""
    ),
    PosterWords(
        "pl",
        "Jak nam się razem żyje w Rydze?",
        "Powiedz, co myślisz",
        "5 minut, bez konta",
        "Ostatni dzień:",
        "",
    ),
    PosterWords(
        "ro", "Cum trăim împreună la Riga?", "Spuneți ce gândiți", "5 minute, fără cont", "Ultima zi:", ""
    ),
    PosterWords(
        "sv", "Hur lever vi ihop i Riga?", "Säg vad du tycker", "5 minuter, inget konto", "Sista dag:", ""
    ),
]

DATES = {
    "lv": "2027. gada 31. marts",
    "en": "31 March 2027",
    "uk": "31 березня 2027",
    "de": "31. März 2027",
    "es": "31 de marzo de 2027",
    "it": "31 marzo 2027",
    "pl": "31 marca 2027",
    "ro": "31 martie 2027",
    "sv": "31 mars 2027",
}

RULES = {
    "lv": "Vienam cilvēkam. Derīga vienu reizi.",
    "en": "For one person. Works once.",
    "uk": "Для однієї людини. Діє один раз.",
    "ar": "لشخص واحد. يعمل مرة واحدة.",
    "de": "Für eine Person. Gilt nur einmal.",
    "es": "Para una persona. Vale una vez.",
    "it": "Per una persona. Vale una volta.",
    "pl": "Dla jednej osoby. Działa raz.",
    "ro": "Pentru o persoană. Merge o dată.",
    "sv": "För en person. Gäller en gång.",
}

LONG_GERMAN = (
    "Wie wollen wir künftig in unserer Stadt zusammenleben? Bürgerinnen und Bürger sprechen über"
    " Gleichstellungsbeauftragte."
)


def in_languages(*languages: str) -> list[PosterWords]:
    return [next(words for words in WORDS if words.language == language) for language in languages]


def make_poster(words: list[PosterWords], address: str = ADDRESS) -> Poster:
    return Poster("Rīgas pašvaldība", address, date(2027, 3, 31), words)


def make_cards(count: int, words: list[PosterWords]) -> Cards:
    addresses = [f"https://dialogs.riga.example/k/7KMQ-HHPX-{card:04d}-C3WN" for card in range(count)]
    return Cards(
        "Rīgas pašvaldība",
        words[0].title,
        addresses,
        [CardWords(each.language, RULES[each.language]) for each in words],
    )


def with_long_titles(words: list[PosterWords]) -> list[PosterWords]:
    """As long as titles may be: 120 characters."""
    assert 115 <= len(LONG_GERMAN) <= 120
    titles = [LONG_GERMAN if each.language == "de" else (each.title + " ") * 5 for each in words]
    return [replace(each, title=title[:120].strip()) for each, title in zip(words, titles, strict=True)]


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_poster(make_poster(WORDS))


@pytest.fixture(scope="module")
def pdf(printed: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(printed)) as opened:
        yield opened


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    def lay(content: bytes) -> Path:
        file = tmp_path / "printed.pdf"
        file.write_bytes(content)
        return file

    return lay


def find(words: list[PrintedWord], text: str) -> PrintedWord:
    (found,) = [word for word in words if word.text == text]
    return found


def arabic_words(text: str) -> set[str]:
    """Each with its letters sorted: where two are drawn as one, they are read back the wrong way round."""
    return {"".join(sorted(word)) for word in re.findall("[\u0620-\u06d3]+", text)}


def stands_inside(words: list[PrintedWord], edge_cm: float) -> bool:
    """Nothing is cut off: a page is 21 cm by 29.7 cm."""
    edge = edge_cm * CM
    return all(
        word.left >= edge
        and word.top >= edge
        and word.right <= 21 * CM - edge
        and word.bottom <= 29.7 * CM - edge
        for word in words
    )


def overlap(one: PrintedWord, other: PrintedWord) -> bool:
    """Lines stand close, and the boxes of words reach a little into those above and below."""
    middle = (one.top + one.bottom) / 2
    return other.top < middle < other.bottom and one.left < other.right - 1 and other.left < one.right - 1


def test_a_poster_is_tagged_for_assistive_technology(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "lv"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Kā mēs Rīgā dzīvojam kopā?"


def test_the_code_has_its_address_as_its_text(pdf: pikepdf.Pdf) -> None:
    assert [str(figure.Alt) for figure in elements(pdf.Root.StructTreeRoot, "/Figure")] == [ADDRESS]


def test_each_title_but_the_first_is_a_heading_in_its_own_language(pdf: pikepdf.Pdf) -> None:
    headings = list(elements(pdf.Root.StructTreeRoot, "/H1"))
    assert [str(heading.T) for heading in headings] == [words.title for words in WORDS[1:]]
    assert [language_of(heading) for heading in headings] == [words.language for words in WORDS[1:]]


def test_every_word_of_every_language_is_on_the_poster(printed: bytes, read_print: ReadPrint) -> None:
    on_paper = read_print(printed)
    arabic = arabic_words(on_paper)
    others = without_blanks(on_paper)
    for words in WORDS:
        for said in (words.title, words.call, words.how_long, words.last_day):
            if words.language == "ar":
                assert arabic_words(said) <= arabic
            else:
                assert without_blanks(said) in others


def test_the_last_day_stands_in_every_language(printed: bytes, read_print: ReadPrint) -> None:
    on_paper = without_blanks(read_print(printed))
    assert len(DATES) == 9
    for language, day in DATES.items():
        (words,) = in_languages(language)
        assert without_blanks(words.last_day + day) in on_paper
    assert "مارس" in on_paper


def test_who_asks_stands_on_the_poster(printed: bytes, read_print: ReadPrint) -> None:
    assert "Rīgas pašvaldība" in read_print(printed)


def test_a_notice_stands_on_the_poster_in_every_language(read_print: ReadPrint) -> None:
    words = [replace(each, notice=f"Invented {each.language}") for each in in_languages("lv", "en", "uk")]
    on_paper = read_print(print_poster(make_poster(words)))
    assert re.findall(r"Invented (\w\w)", on_paper) == ["lv", "en", "uk"]


def test_all_letters_are_drawn_from_our_own_embedded_fonts(pdf: pikepdf.Pdf) -> None:
    fonts = [
        found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/FontDescriptor" in found
    ]
    families = {re.sub(r"/\w+\+|-.*", "", str(font.BaseFont)) for font in fonts}
    assert families == {"SourceSans3", "Vazirmatn"}
    assert all({"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()) for font in fonts)


def test_arabic_runs_from_right_to_left(printed: bytes, paper: Paper) -> None:
    words = printed_words(paper(printed))
    assert find(words, "خمس"[::-1]).left > find(words, "دون"[::-1]).left > find(words, "حساب"[::-1]).left
    assert find(words, "minutes,").left < find(words, "no").left < find(words, "account").left


def test_arabic_stands_at_the_right_edge_of_its_place(paper: Paper) -> None:
    words = printed_words(paper(print_poster(make_poster(in_languages("lv", "ar")))))
    assert find(words, "خمس"[::-1]).right > find(words, "minūtes,").right


def test_arabic_letters_are_joined(paper: Paper) -> None:
    """Each letter alone ends in a stroke of its own, and the three need more room."""
    (arabic,) = in_languages("ar")
    joined = replace(arabic, how_long="بيت")
    apart = replace(arabic, how_long="بيت".replace("", "\N{ZERO WIDTH NON-JOINER}").strip("\u200c"))

    def width(words: PosterWords) -> float:
        on_paper = printed_words(paper(print_poster(make_poster([words]))))
        word = find([replace(each, text=each.text.replace("\u200c", "")) for each in on_paper], "بيت"[::-1])
        return word.right - word.left

    assert width(joined) < 0.9 * width(apart)


@pytest.mark.parametrize("dots_per_inch", [30, 100])
@pytest.mark.parametrize("languages", [["lv"], ["ar", "lv"], [words.language for words in WORDS]])
def test_a_phone_reads_the_code(languages: list[str], dots_per_inch: int, paper: Paper) -> None:
    file = paper(print_poster(make_poster(in_languages(*languages))))
    (picture,) = pictures(file, dots_per_inch)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_the_code_is_at_least_eight_centimetres_wide_and_grows_where_there_is_room(paper: Paper) -> None:
    widths_cm = []
    for words in (with_long_titles(WORDS), WORDS[:1]):
        (picture,) = pictures(paper(print_poster(make_poster(words))), 100)
        (found,) = zxingcpp.read_barcodes(picture)
        widths_cm.append((found.position.top_right.x - found.position.top_left.x) / 100 * 2.54)
    assert 8 <= widths_cm[0] < 9 < widths_cm[1]


@pytest.mark.parametrize("words", [WORDS, with_long_titles(WORDS)], ids=["short", "long"])
def test_ten_languages_have_room_on_one_page(words: list[PosterWords], paper: Paper) -> None:
    file = paper(print_poster(make_poster(words)))
    on_paper = printed_words(file)
    assert {word.page for word in on_paper} == {0}
    assert stands_inside(on_paper, edge_cm=0.7)
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == 1
        assert [float(edge) for edge in pdf.pages[0].mediabox] == pytest.approx(
            [0, 0, 21 * CM, 29.7 * CM], abs=0.1
        )


@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_long_words_run_neither_into_each_other_nor_over_the_edge(count: int, paper: Paper) -> None:
    title, call = "Gleichstellungsbeauftragte", "Bürgerbeteiligungsverfahren"
    words = [replace(each, title=title, call=call, language="de") for each in WORDS[:count]]
    on_paper = printed_words(paper(print_poster(make_poster(words))))
    assert [word.text for word in on_paper].count(call) == count
    assert stands_inside(on_paper, edge_cm=0.7)
    assert [(one.text, other.text) for one, other in combinations(on_paper, 2) if overlap(one, other)] == []


def test_the_letters_grow_where_there_are_few_languages(paper: Paper) -> None:
    sizes = []
    for count in (10, 4, 1):
        title = find(printed_words(paper(print_poster(make_poster(WORDS[:count])))), "dzīvojam")
        sizes.append(title.bottom - title.top)
    assert sizes == sorted(set(sizes))


def test_the_address_is_written_large_for_those_without_a_scanner(printed: bytes, paper: Paper) -> None:
    """A centimetre and a half for a line: capitals of about six millimetres, read at two metres."""
    typed = find(printed_words(paper(printed)), "dialogs.riga.example/d/7KMQ")
    assert typed.bottom - typed.top >= 1.2 * CM


def test_the_address_runs_from_left_to_right_among_arabic(paper: Paper) -> None:
    address, arabic = "https://1188.lv/d/7KMQ", in_languages("ar")
    poster = print_poster(make_poster(arabic, address))
    assert find(printed_words(paper(poster)), "1188.lv/d/7KMQ").bottom > 26 * CM
    cards = print_cards(replace(make_cards(1, arabic), addresses=[address]))
    assert find(printed_words(paper(cards)), "1188.lv/d/7KMQ").bottom < 8 * CM


def test_a_long_address_is_set_smaller(paper: Paper) -> None:
    address = "https://dialogs.the-name-of-a-municipality.example/consultations/2027/7KMQ"
    words = printed_words(paper(print_poster(make_poster(WORDS, address))))
    assert find(words, address.removeprefix("https://")).right <= 19.6 * CM


def test_the_same_poster_gives_the_same_file(printed: bytes) -> None:
    assert print_poster(make_poster(WORDS)) == printed


def test_a_title_cannot_act_as_markup(read_print: ReadPrint) -> None:
    title = '#panic("x") #read("/etc/passwd") $x$ @label *bold* \\ " ] }'
    poster = make_poster([replace(WORDS[0], title=title), WORDS[1]])
    assert without_blanks(title) in without_blanks(read_print(print_poster(poster)))


@pytest.mark.parametrize(
    ("title", "signs"),
    [("Sveiki 😀", {"😀"}), ("Rīga 漢字", set("漢字")), ("ሰላም Rīga", set("ሰላም")), ("שלום", set("שלום"))],
)
def test_a_sign_without_a_letter_is_refused_and_named(title: str, signs: str) -> None:
    words = [WORDS[1], replace(WORDS[0], title=title)]
    with pytest.raises(NoLetterError) as refused:
        print_poster(make_poster(words))
    assert refused.value.signs == set(signs)
    with pytest.raises(NoLetterError):
        print_cards(make_cards(1, words[::-1]))


def test_a_word_wider_than_the_page_is_refused() -> None:
    with pytest.raises(DoesNotFitError, match="shorten a title"):
        print_poster(make_poster([replace(WORDS[0], title="a" * 120)]))
    with pytest.raises(DoesNotFitError, match="shorten the title"):
        print_cards(make_cards(1, [replace(WORDS[0], title="a" * 120)]))


def test_too_much_text_for_a_page_is_refused() -> None:
    with pytest.raises(DoesNotFitError, match="leave a language out"):
        print_poster(make_poster([replace(each, how_long=each.how_long * 20) for each in WORDS]))


def test_an_address_too_long_to_be_typed_is_refused() -> None:
    address = "https://riga.example/" + "7KMQ" * 40
    with pytest.raises(DoesNotFitError, match="address is too long"):
        print_poster(make_poster(WORDS, address))
    with pytest.raises(DoesNotFitError, match="addresses are too long"):
        print_cards(replace(make_cards(1, WORDS), addresses=[address]))


def test_each_card_has_its_own_code_and_eight_stand_on_a_page(paper: Paper) -> None:
    cards = make_cards(12, WORDS)
    sheets = pictures(paper(print_cards(cards)), 100)
    read = [[found.text for found in zxingcpp.read_barcodes(sheet)] for sheet in sheets]
    assert [len(codes) for codes in read] == [8, 4]
    assert {*read[0], *read[1]} == set(cards.addresses)


def test_each_card_says_in_every_language_that_it_is_for_one_person(read_print: ReadPrint) -> None:
    on_paper = without_blanks(read_print(print_cards(make_cards(12, WORDS))))
    assert on_paper.count(without_blanks(WORDS[0].title)) == 12
    for language, rule in RULES.items():
        said = "لشخص" if language == "ar" else without_blanks(rule)
        assert on_paper.count(said) == 12


def test_each_card_has_its_address_to_type_below_its_own_code(paper: Paper) -> None:
    cards = make_cards(12, WORDS[:2])
    file = paper(print_cards(cards))
    words = printed_words(file)
    codes = [
        (sheet, found)
        for sheet, picture in enumerate(pictures(file, 72))
        for found in zxingcpp.read_barcodes(picture)
    ]
    assert len(codes) == 12
    for sheet, found in codes:
        typed = find(words, found.text.removeprefix("https://"))
        corner = found.position.bottom_left
        assert typed.page == sheet
        assert 0 < typed.top - corner.y < 2 * CM
        assert abs(typed.left - corner.x) < 3 * CM


def test_cards_are_tagged_each_under_its_heading() -> None:
    cards = make_cards(3, WORDS)
    with pikepdf.open(io.BytesIO(print_cards(cards))) as pdf:
        tree = pdf.Root.StructTreeRoot
        assert str(pdf.Root.Lang) == "lv"
        assert [str(figure.Alt) for figure in elements(tree, "/Figure")] == cards.addresses
        assert [str(heading.T) for heading in elements(tree, "/H1")] == [WORDS[0].title] * 3
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "words", [WORDS, with_long_titles(WORDS), WORDS[3:]], ids=["short", "long", "arabic"]
)
def test_nothing_on_a_card_runs_over_its_lines(words: list[PosterWords], paper: Paper) -> None:
    cards = make_cards(8, words)
    on_paper = printed_words(paper(print_cards(cards)))
    rows = list(pairwise((1 + 6.9 * row) * CM for row in range(5)))
    columns = list(pairwise((1 + 9.5 * column) * CM for column in range(3)))
    assert len(on_paper) > 8 * 20
    assert {word.page for word in on_paper} == {0}
    for word in on_paper:
        assert any(up <= word.top < word.bottom <= down for up, down in rows)
        assert any(left <= word.left < word.right <= right for left, right in columns)
    for card, address in enumerate(cards.addresses):
        # The last line of a card: where the words above need too much room, it is pushed over the edge.
        typed = find(on_paper, address.removeprefix("https://"))
        bottom = rows[card // 2][1]
        assert bottom - 1 * CM < typed.top < typed.bottom < bottom - 0.2 * CM
