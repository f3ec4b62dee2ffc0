"""The sentences that somebody ticks begin and end where a reader would say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.apps.dialogue.sentences import find_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("  \n ", []),
        ("No point at all", ["No point at all"]),
        ("One. Two!  Three?", ["One.", "Two!", "Three?"]),
        ("He said: “Wait.” We waited.", ["He said: “Wait.”", "We waited."]),
        ("Really?! Yes…  No.", ["Really?!", "Yes…", "No."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("Mēs ieradāmies 12. maijā. Neviens nezināja.", ["Mēs ieradāmies 12. maijā.", "Neviens nezināja."]),
        ("لماذا ننتظر؟ لا أحد يعرف.", ["لماذا ننتظر؟", "لا أحد يعرف."]),
        ("It costs 3.50 euros.", ["It costs 3.50 euros."]),
    ],
)
def test_sentences(text, sentences):
    assert [each.words for each in find_sentences(text)] == sentences


@given(st.text())
def test_no_word_is_lost_or_doubled_and_each_stands_where_it_says(text):
    found = find_sentences(text)
    assert all(text[each.starts : each.ends] == each.words != "" for each in found)
    between = [0, *(place for each in found for place in (each.starts, each.ends)), len(text)]
    assert between == sorted(between)
    assert "".join("".join(each.words for each in found).split()) == "".join(text.split())
