"""Names of people: behind a title, or two to four words in a row with capital letters."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from tessera.apps.dialogue.personal_details.letters import CAPITAL, MARKS
from tessera.apps.dialogue.personal_details.name_words import (
    ARABIC_NO_NAMES,
    ARABIC_TITLES,
    GIVEN_NAMES,
    NO_NAMES,
    NO_NAMES_BEFORE_KUNGS,
    OFFICES,
    SMALL_WORDS,
    SURNAME_ENDINGS,
    THINGS,
    TITLES,
    TITLES_BEHIND,
    WOMAN_IN_GENERAL,
)

LANGUAGES_WHERE_CAPITALS_SAY_NOTHING = ("de", "ar")

MOST_WORDS = 4
"""A longer run is a headline, or the name of an institution."""

_WORD = re.compile(rf"[^\W\d_](?:[\w{MARKS}]|['’ʼ-](?=\w))*")
_CAPITALISED = re.compile(
    rf"(?:(?:[ODL]['’])?{CAPITAL}[{MARKS}]?(?!{CAPITAL}|\b)|(?:al|el|Al|El)-{CAPITAL}).*", re.DOTALL
)
_INITIAL = re.compile(rf"{CAPITAL}[{MARKS}]?")
_WITHIN_A_NAME = re.compile(r"[ \u00a0]{1,2}")
_BEHIND_A_TITLE = re.compile(r"\.?[ \u00a0]{0,2}")
_NEXT_TO = re.compile(r"\.?\s{1,2}")
_SENTENCE_ENDS = re.compile(r"[.!?…:؟•\n\"“”„«»(–—-]\s*$|^\s*$")

Word = re.Match[str]


def find_names(text: str, language: str) -> Iterator[tuple[int, int]]:
    words = list(_WORD.finditer(text))
    yield from _behind_titles(text, words)
    yield from _before_titles(text, words)
    if language not in LANGUAGES_WHERE_CAPITALS_SAY_NOTHING:
        for first, last in _runs(text, words):
            yield from _names_in(text, words, first, last)


def _behind_titles(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    for at, title in enumerate(words[:-1]):
        small = title[0].casefold()
        if small in ARABIC_TITLES:
            name = list(takewhile(lambda word: word[0] not in ARABIC_NO_NAMES, words[at + 1 : at + 2]))
        elif small in TITLES and not title[0].isupper() and not _is_woman_in_general(words, at):
            name = _capitalised_from(text, words, at + 1)
        else:
            continue
        if name and _BEHIND_A_TITLE.fullmatch(text, title.end(), name[0].start()):
            yield title.start(), name[-1].end()


def _is_woman_in_general(words: Sequence[Word], at: int) -> bool:
    return words[at][0] == "Frau" and at > 0 and words[at - 1][0].casefold() in WOMAN_IN_GENERAL


def _capitalised_from(text: str, words: Sequence[Word], at: int) -> list[Word]:
    name: list[Word] = []
    for word in words[at : at + 3]:
        apart = bool(name) and not _follows(text, name[-1], word)
        capital = _CAPITALISED.fullmatch(word[0]) or _INITIAL.fullmatch(word[0])
        if apart or not capital or _is_no_name(word):
            break
        name.append(word)
    return name if any(len(word[0]) > 1 for word in name) else []


def _before_titles(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    for name, title in pairwise(words):
        if (
            title[0] in TITLES_BEHIND
            and _follows(text, name, title)
            and _CAPITALISED.fullmatch(name[0])
            and name[0].casefold() not in NO_NAMES_BEFORE_KUNGS
            and not _is_no_name(name)
        ):
            yield name.start(), title.end()


def _runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Words in a row with capital letters, or initials: the place of the first and that behind the last."""
    first = 0
    while first < len(words):
        last = first
        while (
            last < len(words)
            and (_CAPITALISED.fullmatch(words[last][0]) or _is_initial(text, words[last]))
            and (last == first or _follows(text, words[last - 1], words[last]))
        ):
            last += 1
        if 2 <= last - first <= MOST_WORDS:
            yield first, last
        first = max(last, first + 1)


def _names_in(text: str, words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    run = words[first:last]
    if any(word[0].casefold() in THINGS for word in [*run, *_beside(text, words, first, last)]):
        return
    starts = _SENTENCE_ENDS.search(text, max(0, run[0].start() - 3), run[0].start()) is not None
    known = _looks_like_a_name(run)
    if any(len(word[0]) > 1 and word[0].casefold() in SMALL_WORDS for word in run[1:]):
        return
    if starts and not known:
        run = run[1:]
    while run and _is_no_name(run[0]):
        run = run[1:]
    run = list(takewhile(lambda word: not _is_no_name(word), run))
    whole = [word for word in run if len(word[0]) > 1]
    if len(whole) >= 2 or (len(run) >= 2 and _looks_like_a_name(run)):
        yield run[0].start(), run[-1].end()


def _beside(text: str, words: Sequence[Word], first: int, last: int) -> Iterator[Word]:
    """The words right before and right behind a run."""
    if first > 0 and _NEXT_TO.fullmatch(text, words[first - 1].end(), words[first].start()):
        yield words[first - 1]
    if last < len(words) and _NEXT_TO.fullmatch(text, words[last - 1].end(), words[last].start()):
        yield words[last]


def _looks_like_a_name(run: Sequence[Word]) -> bool:
    """Whether more than the capital letters speak for it."""
    return run[0][0].casefold() in GIVEN_NAMES or run[-1][0].casefold().endswith(SURNAME_ENDINGS)


def _is_initial(text: str, word: Word) -> bool:
    return _INITIAL.fullmatch(word[0]) is not None and text[word.end() : word.end() + 1] == "."


def _follows(text: str, word: Word, other: Word) -> bool:
    start = word.end() + (len(word[0]) == 1 and text[word.end()] == ".")
    return _WITHIN_A_NAME.fullmatch(text, start, other.start()) is not None


def _is_no_name(word: Word) -> bool:
    small = word[0].casefold()
    return len(small) > 1 and any(
        small in words for words in (OFFICES, NO_NAMES, THINGS, TITLES, SMALL_WORDS)
    )
