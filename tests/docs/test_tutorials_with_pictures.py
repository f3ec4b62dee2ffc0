"""What the tutorials with pictures show and name; a walk in a browser does the same, and takes them."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_BYTES = 80_000


@dataclass(frozen=True)
class Tutorial:
    page: str
    folder: str
    walk: str
    pictures: int
    from_data: frozenset[str]
    """What is named and stands in no template: words of a questionnaire, or of the demonstration."""

    @property
    def text(self):
        return (ROOT / f"docs/tutorial/{self.page}.md").read_text(encoding="utf-8")

    @property
    def shown(self):
        return re.findall(rf"!\[([^\]]*)\]\(\.\./images/{self.folder}/([\w-]+)\.png\)", self.text)

    @property
    def names_shown(self):
        return sorted(name for _alt, name in self.shown)

    @property
    def files(self):
        return sorted((ROOT / "docs/images" / self.folder).iterdir())

    @property
    def named(self):
        """What stands in italics: the words of a page, a link or a button."""
        without_pictures = re.sub(r"!\[[^\]]*\]", "", self.text)
        found = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", without_pictures)
        return {" ".join(words.split()) for words in found}


OF_A_REVIEW = Tutorial(
    page="one-review-from-cycle-to-publication",
    folder="tutorial",
    walk="test_review_journey",
    pictures=14,
    from_data=frozenset({"Labour market mobility"}),
)
BY_PHONE = Tutorial(
    page="a-consultation-by-phone",
    folder="by-phone",
    walk="test_tutorial_by_phone",
    pictures=6,
    from_data=frozenset({"English"}),
)
each_tutorial = pytest.mark.parametrize("tutorial", [OF_A_REVIEW, BY_PHONE], ids=lambda each: each.page)


@each_tutorial
def test_every_picture_is_there_and_every_one_that_is_there_is_shown(tutorial):
    assert len(tutorial.shown) == tutorial.pictures
    assert tutorial.names_shown == [file.stem for file in tutorial.files]


@each_tutorial
def test_every_picture_is_taken_by_the_walk(tutorial):
    walk = (ROOT / f"tests/browser/{tutorial.walk}.py").read_text(encoding="utf-8")
    taken = re.findall(r'(?:walk\.look\(page|_take\(walk, page|_sign_and_send\(.*tasks), "([\w-]+)"', walk)
    assert sorted(taken) == tutorial.names_shown


@each_tutorial
def test_a_picture_is_small_and_says_in_words_what_it_shows(tutorial):
    too_large = [file.stem for file in tutorial.files if file.stat().st_size >= MOST_BYTES]
    assert too_large == []
    assert [alt for alt, _name in tutorial.shown if len(alt.split()) <= 8] == []


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


@each_tutorial
def test_every_page_and_button_is_called_as_it_is(tutorial):
    patterns = [
        re.compile(re.sub(r"\\{\\{.*?\\}\\}|%\\?\(\w+\\?\)s", ".+", re.escape(unescape(words.strip()))))
        for words in _wordings()
    ]

    assert len(tutorial.named) > 20
    unknown = {words for words in tutorial.named if not any(pattern.fullmatch(words) for pattern in patterns)}
    assert unknown == tutorial.from_data
