"""A consultation on paper: a poster for the wall, and cards with a link for one person each.

Every word is passed in, in each language; this file adds the date in that language and the codes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date

from tessera.reports.qr import draw_qr
from tessera.reports.typesetting import typeset

# British English has the day first, as on the pages.
_DATES = {"en": "en_GB"}


@dataclass(frozen=True)
class PosterWords:
    """What a poster says in one language."""

    language: str  # its code; the direction of writing follows from it
    title: str
    call: str  # "Have your say": large, beside the code
    how_long: str  # "5 minutes, no account needed"
    last_day: str  # a label, "Last day:"; the date follows it
    notice: str  # what must not be overlooked, such as that all is invented; often ""


@dataclass(frozen=True)
class Poster:
    city: str  # who asks
    address: str  # the whole address that the code opens
    ends_on: date
    words: Sequence[PosterWords]  # the first is set largest


@dataclass(frozen=True)
class CardWords:
    """What a card says in one language."""

    language: str
    rule: str  # "For one person. Works once."


@dataclass(frozen=True)
class Cards:
    city: str  # who asks
    title: str  # in the first language only: a card is small
    addresses: Sequence[str]  # one for each card, each for one person
    words: Sequence[CardWords]


def print_poster(poster: Poster) -> bytes:
    """Set a poster: one A4 page, upright.

    The letters are as large as the page allows for so many languages.

    Returns
    -------
    bytes
        A tagged PDF (PDF/UA-1) in the first language, each other marked as such; the code has the address as
        its text. The same poster gives the same bytes.

    Raises
    ------
    NoLetterError
        A sign has no letter in our fonts: Latin, Greek, Cyrillic and Arabic letters have. Nothing is printed
        with boxes in it.
    DoesNotFitError
        There is too much text for one page even in the smallest letters, or a word is wider than its place.
    """
    words = [
        {
            **asdict(words),
            "direction": _direction(words.language),
            "last_day": f"{words.last_day} {_long_date(poster.ends_on, words.language)}",
        }
        for words in poster.words
    ]
    return typeset(
        "poster.typ",
        {
            "city": poster.city,
            "address": poster.address,
            "typed": address_to_type(poster.address),
            "code": draw_qr(poster.address),
            "words": words,
        },
    )


def print_cards(cards: Cards) -> bytes:
    """Set cards for handing out, eight on an A4 page, with lines to cut along.

    Returns
    -------
    bytes
        A tagged PDF (PDF/UA-1) in the first language; each card is a section of its own. The same cards give
        the same bytes.

    Raises
    ------
    NoLetterError
        A sign has no letter in our fonts.
    DoesNotFitError
        There is too much text for a card even in the smallest letters.
    """
    return typeset(
        "cards.typ",
        {
            "city": cards.city,
            "title": cards.title,
            "words": [{**asdict(words), "direction": _direction(words.language)} for words in cards.words],
            "cards": [
                {"address": address, "typed": address_to_type(address), "code": draw_qr(address)}
                for address in cards.addresses
            ],
        },
    )


def address_to_type(address: str) -> str:
    """An address as people type it: browsers add the ``https://`` themselves.

    Examples
    --------
    >>> address_to_type("https://riga.example/d/7KMQ"), address_to_type("http://localhost:8000/d/7KMQ")
    ('riga.example/d/7KMQ', 'http://localhost:8000/d/7KMQ')
    """
    return address.removeprefix("https://").removesuffix("/")


def _long_date(day: date, language: str) -> str:
    return format_date(day, format="long", locale=_DATES.get(language, language))


def _direction(language: str) -> str:
    direction: str = Locale.parse(language).text_direction
    return direction
