"""What in a statement looks like a personal detail, to warn its writer before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tessera.apps.dialogue.personal_details.addresses import find_addresses
from tessera.apps.dialogue.personal_details.contacts import find_emails, find_links
from tessera.apps.dialogue.personal_details.names import find_names
from tessera.apps.dialogue.personal_details.numbers import find_personal_numbers, find_phones, find_plates


class DetailKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    """An address on the web, or a name there: @somebody."""
    ADDRESS = "address"
    PLATE = "plate"
    PERSONAL_NUMBER = "personal_number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Detail:
    kind: DetailKind
    start: int
    """The first sign of it in the text, counted from 0."""
    end: int
    """The first sign behind it."""
    words: str
    """As they stand in the text."""


def find_personal_details(text: str, language: str) -> list[Detail]:
    """Find what looks like a personal detail: a hint to whoever wrote it, and no proof.

    It would rather miss one than cry wolf. Streets, numbers and plates are looked for as all the countries of
    our languages write them, whatever the language of the text: newcomers write of the street they live in.

    Parameters
    ----------
    text : str
        A statement, as it was typed.
    language : str
        Its code. It says what capital letters mean: in German any noun has one and Arabic has none, so that
        there names are found only behind a title such as Herr or السيدة.

    Returns
    -------
    list of Detail
        In the order of the text, none over another.
    """
    found: list[Detail] = []
    for kind, spans in _spans(text, language):
        for start, end in spans:
            if all(end <= detail.start or detail.end <= start for detail in found):
                found.append(Detail(kind, start, end, text[start:end]))
    return sorted(found, key=lambda detail: detail.start)


def _spans(text: str, language: str) -> Iterator[tuple[DetailKind, Iterator[tuple[int, int]]]]:
    """The surer kinds first: what one has found is left to it by the others."""
    yield DetailKind.EMAIL, find_emails(text)
    yield DetailKind.LINK, find_links(text)
    yield DetailKind.ADDRESS, find_addresses(text)
    yield DetailKind.PERSONAL_NUMBER, find_personal_numbers(text)
    yield DetailKind.PHONE, find_phones(text)
    yield DetailKind.PLATE, find_plates(text)
    yield DetailKind.NAME, find_names(text, language)
