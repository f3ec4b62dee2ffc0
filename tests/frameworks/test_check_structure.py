"""framework.yaml: the framework itself, its areas and constraints."""

from tests.frameworks.broken import Broken, assert_refused, table

FILE = "framework.yaml"


@table(
    Broken("an id unlike its folder", "id: every-type", "id: other", 2, None, "called 'every-type'"),
    Broken("an id that is no key", "id: every-type", "id: Every_type", 2, None, "is no key"),
    Broken("no id", "id: every-type\n", "", 2, None, "lacks the key 'id'"),
    Broken("a version unlike its folder", "version: 1", "version: 2", 3, None, "the folder is called '1'"),
    Broken("a version that is no number", "version: 1", "version: one", 3, None, "a whole number from 1"),
    Broken("a version with a leading zero", "version: 1", "version: 01", 3, None, "a whole number from 1"),
    Broken("an impossible date", "version: 1", "version: 1\npublished: 2026-02-30", 4, None, "2026-01-31"),
    Broken("a date in another form", "version: 1", "version: 1\npublished: 20260130", 4, None, "2026-01-31"),
    Broken("coverage in per cent", "version: 1", "version: 1\nmin_coverage: 50", 4, None, "from 0 to 1"),
    Broken("a decimal comma", "version: 1", "version: 1\nmin_coverage: 0,5", 4, None, "such as 2 or 0.5"),
    Broken("too many digits", "version: 1", f"version: 1\nmin_coverage: 0.{'5' * 15}", 4, None, "15 digits"),
    Broken("an unknown key", "version: 1", "version: 1\nauthor: me", 4, None, "'author' is not known here"),
    Broken(
        "optional areas only", "  - key: plan", "  - key: plan\n    optional: true", 6, None, "every area is"
    ),
    Broken("no language", "languages: [en]", "languages: []", 4, None, "must not be an empty list"),
    Broken("languages that are no list", "languages: [en]", "languages: en", 4, None, "must be a list"),
    Broken("a language named in full", "[en]", "[en, english]", 4, None, "no language code such as en"),
    Broken("a language named twice", "[en]", "[en, en]", 4, None, "named twice"),
)
def test_a_framework_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE)


@table(
    Broken("an unknown key", "    weight: 2", "    wieght: 2", 8, None, "'wieght' is not known here"),
    Broken("a weight of 0", "    weight: 2", "    weight: 0", 8, None, "must be above 0"),
    Broken("a weight in words", "    weight: 2", "    weight: two", 8, None, "such as 2 or 0.5"),
    Broken("an unclear optional", "optional: true", "optional: yes", 13, None, "one of true, false"),
    Broken(
        "an optional area inside another",
        "{key: schools, weight: 3",
        "{key: schools, optional: true",
        10,
        None,
        "only an area at the top",
    ),
    Broken("a key used before", "key: streets", "key: schools", 11, None, "first in line 10"),
    Broken("a key of capitals", "key: streets", "key: STREETS", 11, None, "is no key"),
    Broken(
        "neither areas nor questions",
        "    questions: [{key: council, type: yes-no, kind: input}]\n",
        "",
        12,
        None,
        "neither areas nor questions",
    ),
    Broken(
        "both areas and questions",
        "    optional: true",
        "    areas: []",
        12,
        None,
        "both areas and questions",
    ),
    Broken(
        "an empty list of questions",
        "questions: [{key: council, type: yes-no, kind: input}]",
        "questions: []",
        14,
        None,
        "must not be an empty list",
    ),
    Broken(
        "questions that are not scored",
        "weight: 0.25",
        "weight: 0",
        11,
        None,
        "no question with a weight above 0",
    ),
    Broken(
        "areas nested too deep",
        "key: streets, questions: [{key: street, type: yes-no, kind: input, weight: 0.25}]",
        "key: streets, areas: [{key: lanes, questions: []}]",
        11,
        None,
        "they nest two deep",
    ),
)
def test_an_area_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE, "nested-areas/1")
