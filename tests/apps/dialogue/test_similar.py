"""Statements that say nearly the same. All of them are invented; what is said of the likeness is by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.apps.dialogue.similar import find_similar

SCHOOL = "Schools should offer more Latvian lessons to newcomers' children."
BUS = "The last bus to the suburbs leaves too early in the evening."


def likes(text, other):
    return find_similar(text, [("the other", other)]) == ["the other"]


def test_the_most_alike_come_first_and_three_at_most():
    others = [
        ("bus", BUS),
        (
            "longer",
            "Schools should offer more Latvian lessons to newcomers' children, in the afternoon as well.",
        ),
        ("same", SCHOOL),
        ("shorter", "Schools should offer more Latvian lessons to children."),
        (
            "other way",
            "Newcomers' children need more Latvian lessons; schools should offer them for at least a year.",
        ),
    ]

    assert find_similar(SCHOOL, others) == ["same", "shorter", "longer"]  # by letters: 1, 92/101, 110/130


def test_of_equally_alike_ones_the_first_given_comes_first():
    assert find_similar(SCHOOL, [(7, SCHOOL), (3, SCHOOL.upper()), (5, SCHOOL)]) == [7, 3, 5]


def test_a_statement_in_several_languages_is_found_once_by_the_one_that_is_most_alike():
    others = [
        (1, "Skolās vajadzētu vairāk latviešu valodas stundu."),
        (2, "Skolās vajadzētu daudz vairāk latviešu valodas stundu."),
        (1, "Schools should have more Latvian lessons."),
        (1, "Skolās vajadzētu vairāk latviešu valodas stundu, arī vecākiem."),
    ]

    assert find_similar("Skolās vajadzētu vairāk latviešu valodas stundu", others) == [1, 2]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("adazos vajag jaunu bernudarzu", "Ādažos vajag jaunu bērnudārzu!"),  # typed without marks
        (
            "A\u0304daz\u030cos vajag jaunu bērnudārzu",
            "Ādažos vajag jaunu bērnudārzu",
        ),  # marks as signs apart
        ("Zolty autobus jest zawsze spozniony rano", "Żółty autobus jest zawsze spóźniony rano"),
        ("Обов'язково потрібні курси мови ввечері", "Обовʼязково потрібні курси мови ввечері"),
        ("نحتاج إلى دروس اللغة في المساء", "نَحْتَاجُ إِلَى دُرُوسِ اللُّغَةِ فِي المَسَاءِ"),  # with the vowels
        ("نحتاج إلى دروس اللغة في المساء", "نحتــاج إلى دروس اللغة في المســاء"),  # words stretched
        ("نحتاج الي دروس اللغه في المساء", "نحتاج إلى دروس اللغة في المساء"),  # plain letters
        ("We can\u200bnot find a flat to rent", "We cannot find a flat to rent"),
        ("Die Straßenbahn fährt abends zu selten", "DIE STRASSENBAHN FÄHRT ABENDS ZU SELTEN"),
        (
            "It's hard to see a doctor without an interpreter",
            "It’s hard... to see a doctor, without an interpreter!",
        ),
    ],
)
def test_case_marks_and_punctuation_make_no_difference(text, other):
    assert find_similar(text, [("a letter more", f"{text}q"), ("the same", other)]) == [
        "the same",
        "a letter more",
    ]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Bērniem vajag vairāk rotaļu laukumu pagalmos", "Vairāk rotaļu laukumu vajadzētu bērniem pagalmā"),
        ("W szkołach potrzeba więcej lekcji języka polskiego", "Potrzeba więcej lekcji polskiego w szkole"),
        ("У школах потрібно більше уроків української мови", "Більше уроків української мови у школі"),
        (
            "Orașul are nevoie de mai multe locuri de joacă",
            "Mai multe locuri de joacă pentru copiii orașului",
        ),
    ],
)
def test_other_endings_and_another_order_of_the_words_are_found(text, other):
    assert likes(text, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (SCHOOL, BUS),
        ("The city should build more playgrounds.", "The city should open a night bus."),
        ("Pilsētai vajag vairāk rotaļu laukumu.", "Pilsētā trūkst ārstu, kas runā angliski."),
        ("У місті потрібно більше автобусів.", "У місті бракує лікарів, які говорять англійською."),
        ("نحتاج إلى دروس اللغة في المساء", "المواصلات إلى المدرسة بعيدة جدا"),
    ],
)
def test_what_says_something_else_is_not_found(text, other):
    assert not likes(text, other)


def test_a_bit_more_than_half_of_the_trigrams_in_common_is_enough():
    """A word has as many trigrams as letters, for its two ends count as signs."""
    shared = "abcdefgh ij"  # 10 trigrams
    assert likes(f"{shared} klmnopqr", f"{shared} stuvwx")  # 2 x 10 / (18 + 16) = 0.588
    assert likes(f"{shared} klmnopqr", f"{shared} stuvwxyz")  # 2 x 10 / (18 + 18) = 0.556
    assert not likes(f"{shared} klmnopqr", f"{shared} stuvwxyz1")  # 2 x 10 / (18 + 19) = 0.541


def test_a_trigram_said_twice_counts_once():
    shared = "abcdefgh ij"  # as above: 0.556 with any number of repetitions
    assert likes(f"{shared} klmnopqr", f"{shared} stuvwxyz stuvwxyz stuvwxyz ij ij")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ,.!? ",
        "more parks",
        "playgrounds, playgrounds",
        "we do it",  # three words of six letters
        "go to town",  # eight letters
    ],
)
def test_a_very_short_text_finds_nothing(text):
    assert find_similar(text, [(1, text)]) == []


@pytest.mark.parametrize("text", ["more green parks", "go to the sea"])
def test_three_words_of_ten_letters_are_enough(text):
    assert find_similar(text, [(1, text)]) == [1]


def test_statements_without_a_word_are_never_found():
    assert find_similar(SCHOOL, [(1, ""), (2, "!?"), (3, "\u200f\u0640")]) == []


@given(st.text(max_size=280), st.lists(st.text(max_size=280), max_size=6))
def test_any_text_is_accepted_and_only_what_was_given_is_found(text, others):
    found = find_similar(text, list(enumerate(others)))

    assert len(found) == len(set(found)) <= 3
    assert set(found) <= set(range(len(others)))


@given(st.text(alphabet="abcdeē '\u0301-", max_size=60), st.text(alphabet="abcdeē '\u0301-", max_size=60))
def test_of_two_long_enough_texts_either_finds_the_other(one, other):
    padding = "three long words "
    assert likes(padding + one, padding + other) == likes(padding + other, padding + one)
