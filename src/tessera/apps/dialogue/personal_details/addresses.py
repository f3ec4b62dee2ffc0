"""Addresses: a street and the number of a house."""

import re
from collections.abc import Iterator

from tessera.apps.dialogue.personal_details.letters import CAPITAL, MARKS

_NAME = rf"{CAPITAL}[\w{MARKS}.'’ʼ-]{{0,30}}"
_SMALL_WORD = rf"[^\W\d_][\w{MARKS}.'’ʼ-]{{0,30}}"
_LINK_WORDS = "de|del|la|las|los|el|y|di|dei|della|delle|degli|św\\.|gen\\.|ks\\."
_STREET_NAME = rf"(?:(?:{_LINK_WORDS})\s)*{_NAME}(?:\s(?:(?:{_LINK_WORDS})\s)*{_NAME}){{0,3}}"

_HOUSE = r"""
    (?P<house>\d{1,3}(?!\d)\s?(?:[A-Za-zА-Яа-яІі](?![\w.]))?)
    (?:\s?[-/]\s?\d{1,3}\b | (?:,\s?)?\s?(?:m|lok|dz|ap|кв)\.\s?\d{1,3}\b)?
"""
_NUMBER_SIGN = r"(?:nr\.?|no\.?|num\.?|n\.|n[º°]|№|буд\.|б\.)\s?"

_NO_HOUSE = (
    r"(?:[.,:]\d | \s?[%€$£°] | \s(?:"
    "eur|euro|eiro|zł|lei|kr|грн|km|km/h|"
    "min|minutes|minutės|minūt|minut|минут|хвилин|hours|stund|godzin|годин|timmar|ore|"
    "years|gad|lat|let|jahre|años|anni|ani|år|рок|"
    "people|cilvēk|osób|personas|persone|persoane|personer|menschen|personen|осіб|людей|"
    r"times|reiz|razy|mal|veces|volte|ori|gånger|разів)\w*)"
)
"""Behind a number, it counts something: minutes, years, people, money."""

_WHOLE_WORDS = "Calle|Avenida|Paseo|Plaza|Via|Viale|Corso|Piazza|Vicolo|Strada|Bulevardul|Calea|Aleea|Rue"
_STREET_FIRST = re.compile(
    rf"""(?<![\w.])(?:
      (?i:ulica|ulicy|ulicę|вулиця|вулиці|вулицю|проспект|проспекті|бульвар|бульварі|площа|площі)\s{_STREET_NAME}
    | (?:{_WHOLE_WORDS}|{_WHOLE_WORDS.lower()})\s{_STREET_NAME}
    | C/\s?{_STREET_NAME}
    | (?i:ul|al|os|pl)\.\s?{_STREET_NAME}
    | (?i:ul|str|bd|bld|șos|avda|avd|вул|просп|бульв|пров)\.\s?{_SMALL_WORD}(?:\s{_NAME}){{0,3}}
    ),?\s{{1,2}}(?:{_NUMBER_SIGN})?{_HOUSE}(?!\w)(?!{_NO_HOUSE})""",
    re.VERBOSE,
)

_KIND_BEHIND = (
    "iela|ielā|ielas|ielu|gatve|gatvē|bulvāris|bulvārī|prospekts|prospektā|laukums|laukumā|"
    "Straße|Strasse|Str\\.|Allee|Platz|Weg|Gasse|gatan|vägen|[Ss]treet|[Rr]oad"
)
_NO_NAMES = (
    "Mūsu|Šajā|Šī|Manā|Mana|Tajā|Tā|Katrā|Katra|Viena|Vienā|Our|My|This|The|That|Die|Der|Diese|Meine|Mein"
)
_COMPOUND = (
    rf"(?!Arbeits|Schul|Rad|Fuß|Geh|Heim|Spiel|Park|Sport|Ausbildungs|Studien|Cykel|Gång){CAPITAL}[\w{MARKS}-]{{0,30}}"
    "(?:straße|strasse|str\\.|gasse|allee|platz|weg|gatan|vägen|gränden)"
)
_STREET_IN_FRONT = re.compile(
    rf"(?<![\w.])(?:(?!(?:{_NO_NAMES})\s){_NAME}(?:\s{_NAME}){{0,2}}\s(?:{_KIND_BEHIND})|{_COMPOUND})"
    rf"\s{{1,2}}{_HOUSE}(?!\w)(?!{_NO_HOUSE})",
    re.VERBOSE,
)

_HOUSE_FIRST = re.compile(
    rf"(?<![\w.,:/-])\d{{1,3}}[A-Za-z]?,?\s{_NAME}(?:\s{_NAME}){{0,2}}?"
    r"\s(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Terrace|Gardens|Crescent)\b"
)

_ARABIC_SMALL_WORDS = "في|من|على|منذ|إلى|الى|مع|عن|قبل|بعد|كل|كان|فيه|فيها|هناك"
_ARABIC = re.compile(
    rf"""(?<!\w)[وبلف]?(?:ال)?شارع(?:\s(?!(?:{_ARABIC_SMALL_WORDS})\s)[^\W\d_]+){{1,3}}
    ،?\s(?:رقم\s)?(?:منزل\s|بناية\s)?\d{{1,3}}(?!\w)(?!\s?[%٪]|\s(?:سنة|سنوات|عام|أعوام|يوم|أيام|دقيقة|دقائق|شخص|متر|مرة))""",
    re.VERBOSE,
)

_LATVIAN_POSTCODE = re.compile(r"(?<![\w-])LV\s?-\s?\d{4}(?!\w)")


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_STREET_FIRST, _STREET_IN_FRONT, _HOUSE_FIRST, _ARABIC, _LATVIAN_POSTCODE):
        yield from (found.span() for found in pattern.finditer(text))
