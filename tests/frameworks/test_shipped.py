"""The definitions that come with the package."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tessera.frameworks.errors import UnknownFramework
from tessera.frameworks.load import DEFINITIONS, check_definition, find_framework, shipped_frameworks
from tessera.frameworks.schema import Change, Pathway, QuestionType, Texts

REVIEW = "intercultural-review"
LATVIAN_LETTERS = set("āčēģīķļņšūž")
# A published version never changes: cities have answered it. Whoever finds this table in the way makes a new
# version with a change map (docs/how-to/add-a-framework.md) and adds its line; no line is ever edited.
PUBLISHED = {
    ("intercultural-review", 1): "d3939edba2ea24b9cf4cbfd863db58161a42fdca342fd042dfac170c7213dee2",
    ("intercultural-review", 2): "705f6a46c34ce074419e3194e7ab132dc7df601a645b28a681ee0b11cbca5426",
    ("mipex-2015", 1): "671c4894f9e6ad0e8600307f8661385e968fdd2f0e03a72a92311df22a9cca25",
}
SHIPPED = list(PUBLISHED)


def test_three_definitions_are_shipped():
    assert shipped_frameworks() == SHIPPED


@pytest.mark.parametrize(("id_", "version"), SHIPPED)
def test_invariant_1_a_published_version_is_as_it_was_published(id_, version):
    assert find_framework(id_, version).content_hash == PUBLISHED[id_, version]


@pytest.mark.parametrize(("id_", "version"), SHIPPED)
def test_a_shipped_definition_is_in_order_and_published_in_both_languages(id_, version):
    assert check_definition(DEFINITIONS / id_ / str(version)) == []
    framework = find_framework(id_, version)
    assert framework.published is not None
    assert set(framework.languages) == {"en", "lv"}


def test_the_newest_published_version_is_found_and_only_once_read():
    newest = find_framework(REVIEW)
    assert newest.version == 2
    assert find_framework(REVIEW, 2) is newest


def test_an_unknown_version_is_refused_by_naming_those_there_are():
    with pytest.raises(UnknownFramework, match="intercultural-review has no version 7; it has: 1, 2"):
        find_framework(REVIEW, 7)


@pytest.mark.parametrize("version", [1, 2])
def test_the_review_has_the_areas_of_the_contract(version):
    framework = find_framework(REVIEW, version)
    assert len(framework.areas) == 12
    assert [area.key for area in framework.areas if area.optional] == ["participation", "interaction"]
    (lens,) = [area for area in framework.areas if area.composite]
    assert lens.key == "intercultural-lens"
    assert len(lens.areas) == 6


@pytest.mark.parametrize("version", [1, 2])
def test_the_review_asks_about_85_questions_and_25_in_the_core_pathway(version):
    framework = find_framework(REVIEW, version)
    assert 83 <= len(list(framework.questions())) <= 87
    assert len(list(framework.questions(Pathway.CORE))) == 25


def test_the_review_uses_every_type_of_question_and_rules_and_constraints():
    framework = find_framework(REVIEW, 1)
    assert {question.type for question in framework.questions()} == set(QuestionType)
    rules = [question.when for question in framework.questions() if question.when is not None]
    assert len(rules) >= 8
    assert len(framework.constraints) >= 4


def test_every_kind_of_change_occurs_between_the_two_versions_of_the_review():
    changes = find_framework(REVIEW, 2).changes
    assert changes is not None
    old, new = Counter(changes.old.values()), Counter(changes.new.values())
    assert set(old) | set(new) == set(Change)
    assert old[Change.SAME] == new[Change.SAME] > 70


def test_mipex_has_eight_areas_of_equal_weight_each_with_the_published_score():
    framework = find_framework("mipex-2015")
    assert len(framework.areas) == 8
    assert {area.weight for area in framework.areas} == {1}
    assert [(len(area.questions), area.questions[0].scale) for area in framework.areas] == [
        (1, ((0, 0), (100, 100)))
    ] * 8


def wordings(texts: Texts) -> Iterator[tuple[str, str]]:
    yield "title", texts.title
    yield "description", texts.description
    for key, area in texts.areas.items():
        yield f"{key} title", area.title
        yield f"{key} about", area.about
    for key, question in texts.questions.items():
        yield from ((f"{key} {part}", getattr(question, part)) for part in ("text", "help", "why", "unit"))
        yield from ((f"{key} option {option}", label) for option, label in question.options.items())
    yield from texts.constraints.items()


@pytest.mark.parametrize(("id_", "version"), SHIPPED)
def test_latvian_is_latvian(id_, version):
    framework = find_framework(id_, version)
    english, latvian = dict(wordings(framework.text("en"))), dict(wordings(framework.text("lv")))
    assert english.keys() == latvian.keys()
    untranslated = {what for what, text in latvian.items() if len(text) > 12 and text == english[what]}
    # A whole sentence without a single Latvian letter is English, or has lost its diacritics.
    bare = {
        what for what, text in latvian.items() if len(text) > 60 and not set(text.lower()) & LATVIAN_LETTERS
    }
    assert (untranslated, bare) == (set(), set())


@pytest.mark.parametrize(("id_", "version"), SHIPPED)
@pytest.mark.parametrize("language", ["en", "lv"])
def test_wordings_have_no_stray_spaces_or_doubled_stops(id_, version, language):
    texts = dict(wordings(find_framework(id_, version).text(language)))
    careless = ("  ", " ,", " .", " ?", "..", ",,", "??")
    assert {what: text for what, text in texts.items() if any(mark in text for mark in careless)} == {}


@pytest.mark.parametrize(("id_", "version"), SHIPPED)
def test_no_shipped_text_claims_a_native_review_that_has_not_been(id_, version):
    framework = find_framework(id_, version)
    assert [framework.text(language).native_review for language in ("en", "lv")] == [False, False]


def test_the_source_says_that_the_review_is_not_the_council_of_europes():
    for version in (1, 2):
        assert "Council of Europe" in find_framework(REVIEW, version).source
