"""Numbers that lead to one person: telephones, personal numbers of the state, plates of vehicles."""

import re
import unicodedata
from collections.abc import Iterator

from tessera.apps.dialogue.personal_details.letters import SIGNS_OF_DIRECTION

_CURRENCIES = (
    "EUR",
    "PLN",
    "RON",
    "SEK",
    "GBP",
    "USD",
    "CHF",
    "CZK",
    "DKK",
    "NOK",
    "HUF",
    "MDL",
    "RUB",
    "TRY",
    "LVL",
)

_YEAR = re.compile(r"(?:19|20)\d\d")

_DATE_OR_TIME = re.compile(
    r"""(?<![\d.-])(?:
      [0-3]?\d(?P<mark>[./-])[01]?\d(?P=mark)(?:19|20)\d\d
    | (?:19|20)\d\d(?P<sign>[./-])[01]?\d(?P=sign)[0-3]?\d
    | [0-2]?\d\.[0-5]\d (?:\s?[-–]\s?[0-2]?\d\.[0-5]\d)?
    )(?![\d]|\.\d)""",
    re.VERBOSE,
)

_BETWEEN = rf"[\s./()\-‐-―{SIGNS_OF_DIRECTION}]"
_DIGITS = re.compile(rf"(?<![\w+])[+(]{{0,2}}\d(?:{_BETWEEN}{{0,3}}\d)*(?![\w])")
_GROUP = re.compile(r"\d+")
_AMOUNT = re.compile(
    r"\s?(?:[€$£%]|(?:eur|euro|eiro|zł|pln|lei|ron|kr|sek|грн|євро|يورو)\w*\b)",
    re.IGNORECASE,
)
_MOST_GROUPS = 8

_CALLING_CODES = ("371", "380", "34", "39", "40", "44", "46", "48", "49")

_WITHIN_A_COUNTRY = re.compile(
    r"""
      0[1-9]\d*(?:\ \d{2,})*                                  # trunk prefix: nine to twelve digits, see below
    | [26]\d{7} | [26]\d{3}\ \d{4} | [26]\d\ \d{3}\ \d{3}        # lv
    | [26]\d\ \d\d\ \d\d\ \d\d | [26]\d\d\ \d\d\ \d{3}
    | [1-9]\d{8} | [1-9]\d\d\ \d{3}\ \d{3}                    # pl, es
    | [1-9]\d\ \d{3}\ \d\d\ \d\d | [679]\d\d\ \d\d\ \d\d\ \d\d
    | 3\d{9} | 3\d\d\ \d{7} | 3\d\d\ \d{3}\ \d{4}             # it
    | 3\d\d\ \d{3}\ \d\d\ \d\d | 3\d\d\ \d\d\ \d\d\ \d{3}
    """,
    re.VERBOSE,
)
"""Digits of a number without a country's code, as people group them."""

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"

_PERSONAL_NUMBER = re.compile(
    rf"""(?<![\w+.-])(?:
      {_DAY}{_MONTH}\d\d[-–]?[0-2]\d{{4}} | 32\d{{4}}[-–]?\d{{5}} | 3[3-9]\d{{4}}[-–]\d{{5}}  # lv
    | [1-9]\d\d{_MONTH}{_DAY}\d{{6}}                                            # ro: CNP
    | (?:19|20)?\d\d{_MONTH}{_DAY}[-–+]\d{{4}}                                 # sv, with a dash
    | (?:19|20)\d\d{_MONTH}{_DAY}\d{{4}}                                      # sv, with the century
    | \d\d(?:[02468][1-9]|[13579][0-2]){_DAY}\d{{5}}                           # pl: PESEL
    | [1-4]\d{{9}}                                                              # uk: number of the taxpayer
    | \d{{8}}[-–\s]?[A-HJ-NP-TV-Z] | \d\d\.\d{{3}}\.\d{{3}}[-–\s]?[A-HJ-NP-TV-Z]  # es: DNI
    | [XYZ][-–\s]?\d{{7}}[-–\s]?[A-HJ-NP-TV-Z]                                  # es: NIE
    | [A-Z]{{6}}\d\d[A-EHLMPRST]\d\d[A-Z]\d{{3}}[A-Z]                           # it: codice fiscale
    )(?![\w])""",
    re.VERBOSE,
)

_ROMANIAN_COUNTIES = (
    "AB|AG|AR|B|BC|BH|BN|BR|BT|BV|BZ|CJ|CL|CS|CT|CV|DB|DJ|GJ|GL|GR|HD|HR|IF|IL|IS|MH|MM|MS|NT|OT|PH|SB|SJ|SM|SV|TL|"
    "TM|TR|VL|VN|VS"
)

_PLATE = re.compile(
    rf"""(?<![\w-])(?:
      (?P<lv>(?!EU|UN|ES)[A-Z]{{2}})-(?P<lv_number>\d{{3,4}})
    | (?P<pl>[A-Z]{{2,3}})[ ]
      (?:\d{{5}}|\d{{4}}[A-Z]|\d{{2,3}}[A-Z]{{1,2}}|\d[A-Z]\d{{2,3}}|\d[A-Z]{{2}}\d\d)
    | [A-ZАВЕІКМНОРСТХ]{{2}}\ ?\d{{4}}\ ?[A-ZАВЕІКМНОРСТХ]{{2}}                   # uk
    | [A-ZÄÖÜ]{{1,3}}-[A-Z]{{1,2}}\ ?\d{{2,4}}[EH]?                              # de
    | (?P<es_number>\d{{4}})[\ -]?(?P<es>[B-DF-HJ-NPR-TV-Z]{{3}})
    | [A-Z]{{2}}\ ?\d{{3}}\ ?[A-Z]{{2}}                                          # it
    | (?:{_ROMANIAN_COUNTIES})[\ -]?\d{{2,3}}[\ -]?(?P<ro>[A-Z]{{3}})
    | (?P<sv>[A-HJ-PR-UW-Z]{{3}})\ ?\d\d[\dA-HJ-PR-UW-Z]
    | [A-Z]{{2}}\d\d\ ?[A-Z]{{3}}                                                # en
    )(?![\w-])""",
    re.VERBOSE,
)


def find_personal_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Shapes with a date in them. The check digits are left alone: a mistyped number tells as much."""
    for found in _PERSONAL_NUMBER.finditer(_plain_digits(text)):
        if not found[0].endswith("000"):
            yield found.span()


def find_phones(text: str) -> Iterator[tuple[int, int]]:
    masked = _DATE_OR_TIME.sub(lambda found: "x" * len(found[0]), _plain_digits(text))
    for run in _DIGITS.finditer(masked):
        if _AMOUNT.match(masked, run.end()):
            continue
        groups = [group.span() for group in _GROUP.finditer(masked, *run.span())]
        at = 0
        while at < len(groups):
            n = _groups_of_a_phone(masked, run.start(), groups[at : at + _MOST_GROUPS])
            if n:
                yield (run.start() if at == 0 else groups[at][0]), groups[at + n - 1][1]
            at += n or 1


def _groups_of_a_phone(text: str, run_start: int, groups: list[tuple[int, int]]) -> int:
    """How many of these groups of digits, from the first one on, make a telephone number: as many as can."""
    abroad = "+" in text[max(run_start, groups[0][0] - 1) : groups[0][0]]
    for n in range(len(groups), 0, -1):
        digits = [text[start:end] for start, end in groups[:n]]
        if _is_abroad("".join(digits)) if abroad else _is_phone(digits):
            return n
    return 0


def _is_abroad(digits: str) -> bool:
    return 8 <= len(digits) <= 15


def _is_phone(groups: list[str]) -> bool:
    digits = "".join(groups)
    if digits.startswith("00"):
        return len(groups[0]) > 2 and digits[2] != "0" and _is_abroad(digits[2:])
    if digits.endswith("000") or all(_YEAR.fullmatch(group) for group in groups):
        return False
    if digits.startswith(_CALLING_CODES) and 11 <= len(digits) <= 12 and len(groups) <= 5:
        return True
    if digits.startswith("0") and not 9 <= len(digits) <= 12:
        return False
    return _WITHIN_A_COUNTRY.fullmatch(" ".join(groups)) is not None


def find_plates(text: str) -> Iterator[tuple[int, int]]:
    if _is_shouted(text):
        return
    for found in _PLATE.finditer(text):
        letters = (found["pl"], found["es"], found["ro"], found["sv"])
        number = found["lv_number"] or found["es_number"] or ""
        if not any(part in _CURRENCIES for part in letters) and not _YEAR.fullmatch(number):
            yield found.span()


def _is_shouted(text: str) -> bool:
    """In a text that is all in capitals, any short word before a number would look like a plate."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 12 and 2 * sum(map(str.isupper, letters)) > len(letters)


def _plain_digits(text: str) -> str:
    """The text with 0 to 9 for the digits of any script, sign by sign."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
