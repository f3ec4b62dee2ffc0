"""What the tutorial of a review shows and names; `tests/browser/test_review_journey.py` walks it."""

import re
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/tutorial/one-review-from-cycle-to-publication.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs/images/tutorial"
WALK = (ROOT / "tests/browser/test_review_journey.py").read_text(encoding="utf-8")
MOST_BYTES = 80_000

SHOWN = re.findall(r"!\[([^\]]*)\]\(\.\./images/tutorial/([\w-]+)\.png\)", PAGE)
NAMED = {
    " ".join(words.split())
    for words in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", re.sub(r"!\[[^\]]*\]", "", PAGE))
}
"""What stands in italics: the words of a page, a link or a button."""

FROM_THE_QUESTIONNAIRE = {"Labour market mobility"}


def test_every_picture_is_there_and_every_one_that_is_there_is_shown():
    assert len(SHOWN) == 14
    assert sorted(name for _alt, name in SHOWN) == sorted(file.stem for file in PICTURES.iterdir())


def test_every_picture_is_taken_by_the_walk():
    taken = re.findall(r'walk\.look\(page, "([\w-]+)"', WALK) + re.findall(r'tasks, "([\w-]+)"\)', WALK)
    assert sorted(taken) == sorted(name for _alt, name in SHOWN)


@pytest.mark.parametrize(("alt", "name"), SHOWN, ids=[name for _alt, name in SHOWN])
def test_a_picture_is_small_and_says_in_words_what_it_shows(alt, name):
    assert (PICTURES / f"{name}.png").stat().st_size < MOST_BYTES
    assert len(alt.split()) > 8


def _wordings():
    """Each wording of the pages, as a pattern in which anything may stand for what is put in."""
    source = ROOT / "src/tessera"
    for file in source.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        yield from re.findall(r'{% translate "([^"]+)"', page)
        for body in re.findall(r"{% blocktranslate.*?%}(.*?){% endblocktranslate %}", page, re.DOTALL):
            yield from body.split("{% plural %}")
    for file in source.rglob("*.py"):
        yield from re.findall(r'_?(?:gettext(?:_lazy)?|_|N_)\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))


def test_every_page_and_button_is_called_as_it_is():
    patterns = [
        re.compile(re.sub(r"\\{\\{.*?\\}\\}|%\\?\(\w+\\?\)s", ".+", re.escape(unescape(words.strip()))))
        for words in _wordings()
    ]

    assert len(NAMED) > 30
    unknown = {words for words in NAMED if not any(pattern.fullmatch(words) for pattern in patterns)}
    assert unknown == FROM_THE_QUESTIONNAIRE
