import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| English |")
]

# The words of the design, section 4: the whole journey, also its phases to come.
WORDS = """
framework, area, question, option, answer, evidence, query, opinion, profile, coverage, band, class, finding,
consultation, statement, vote, landscape, group, session, excerpt, theme, disposition, objective, measure,
funding line, gap (money), target, reading, lesson, practice, adaptation, recommendation, commitment,
signatory, grant, contribution, deliverable, obligation
"""


def test_every_term_has_both_languages_and_a_meaning():
    assert len(ROWS) > 40
    assert [row for row in ROWS if len(row) != 3 or not all(row)] == []


def test_every_word_of_the_design_is_explained():
    terms = {row[0] for row in ROWS}
    assert sorted({word.strip() for word in WORDS.split(",")} - terms) == []


def test_no_word_means_two_things_in_either_language():
    for column in (0, 1):
        words = [row[column] for row in ROWS]
        assert sorted({w for w in words if words.count(w) > 1}) == []


def test_latvian_words_are_written_with_latvian_letters_alone():
    latvian = "".join(row[1] for row in ROWS).lower()
    assert re.sub(r"[aābcčdeēfgģhiījkķlļmnņoprsštuūvzž ]", "", latvian) == ""
