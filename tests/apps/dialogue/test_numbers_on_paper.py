"""The letter behind a number on paper shows a slip of eye or hand."""

from itertools import product

import pytest

from tessera.apps.dialogue.numbers_on_paper import read_number, spell_number


def test_the_letter_is_that_of_spanish_identity_cards():
    # The example of the Spanish authority: https://ordenacionjuego.es/ca/calculo-digito-control
    assert spell_number(12345678) == "12345678Z"
    # And one worked out by hand there by others: 56789423 leaves 8, P. https://teleacademia.es (NIF)
    assert spell_number(56789423) == "56789423P"


@pytest.mark.parametrize("number", [1, 12, 907, 1042, 98765])
def test_no_wrong_digit_and_no_swapped_pair_goes_unseen(number):
    written = spell_number(number)
    digits, letter = written[:-1], written[-1]
    slips = {
        digits[:place] + other + digits[place + 1 :]
        for place, other in product(range(len(digits)), "0123456789")
    }
    slips |= {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    }
    slips -= {digits}
    assert len(slips) >= 9 * len(digits)
    assert [slip for slip in slips if read_number(slip + letter) is not None] == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12N", 12),
        (" 12 - n ", 12),
        ("012N", 12),
        ("12", None),
        ("N", None),
        ("12NN", None),
        ("", None),
        ("١٢N", None),
        ("1" * 19 + "T", None),
    ],
)
def test_a_number_is_read_as_people_write_it(written, number):
    assert read_number(written) == number
