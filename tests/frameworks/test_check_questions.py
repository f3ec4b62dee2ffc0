"""framework.yaml: one question's type, options and points."""

from tests.frameworks.broken import Broken, assert_refused, table

FILE = "framework.yaml"
CHANNELS = "options: {letters: 1, radio: 1, visits: 2, none-of-these: 0}"
SIXTEEN_MORE = ", ".join(f"way-{number}: 1" for number in range(16))


@table(
    Broken("an unknown type", "type: frequency", "type: often", 11, "meetings", "it must be one of yes-no,"),
    Broken("no type", "        type: frequency\n", "", 10, "meetings", "lacks the key 'type'"),
    Broken(
        "no kind",
        "type: share\n        kind: impact",
        "type: share",
        14,
        "staff-trained",
        "lacks the key 'kind'",
    ),
    Broken("an unknown kind", "kind: impact", "kind: outcome", 16, "staff-trained", "fact, input, impact"),
    Broken("an unknown key", "    cap: 3", "    capp: 3", 28, "channels", "'capp' is not known here"),
    Broken("a key used before", "key: meetings", "key: strategy", 10, "strategy", "first in line 9"),
    Broken("a key of 61 letters", "key: meetings", f"key: {'m' * 61}", 10, "m" * 61, "is no key"),
    Broken("a negative weight", "weight: 0.5", "weight: -0.5", 36, "strategy-age", "must be 0 or more"),
    Broken(
        "an unknown pathway",
        "kind: impact",
        "kind: impact\n        pathway: short",
        17,
        "staff-trained",
        "one of core, full",
    ),
    Broken(
        "an unclear right",
        "not_applicable: allowed",
        "not_applicable: yes",
        17,
        "staff-trained",
        "one of allowed, refused",
    ),
    Broken("an unclear wish", "evidence: wished", "evidence: yes", 9, "strategy", "one of wished, none"),
    Broken(
        "points of another type",
        "points: {all: 10, most: 7.5, some: 2.5, none: 0}",
        "cap: 1",
        18,
        "staff-trained",
        "only for the types multiple",
    ),
    Broken(
        "no points for one option",
        "some: 2.5, none: 0",
        "none: 0",
        18,
        "staff-trained",
        "lacks the key 'some'",
    ),
    Broken(
        "points for an unknown option",
        "none: 0}\n      - key: lead",
        "none: 0, few: 1}\n      - key: lead",
        18,
        "staff-trained",
        "'few' is not known here",
    ),
    Broken(
        "negative points",
        "some: 2.5, none: 0",
        "some: -2.5, none: 0",
        18,
        "staff-trained",
        "must be 0 or more",
    ),
    Broken(
        "no points at all",
        "{mayor: 2, department: 1, nobody: 0}",
        "{mayor: 0, department: 0, nobody: 0}",
        19,
        "lead-office",
        "no answer gives points",
    ),
    Broken(
        "no options",
        "        options: {mayor: 2, department: 1, nobody: 0}\n",
        "",
        19,
        "lead-office",
        "lacks the key 'options'",
    ),
    Broken(
        "one option", "{mayor: 2, department: 1, nobody: 0}", "{mayor: 2}", 22, "lead-office", "at least two"
    ),
    Broken("a scale of one step", "[[1, 3], [5, 0]]", "[[1, 3]]", 37, "strategy-age", "at least two steps"),
    Broken("an option that is no key", "department: 1", "Dept.: 1", 22, "lead-office", "is no key"),
    Broken(
        "too many options",
        CHANNELS,
        CHANNELS.replace("{", f"{{{SIXTEEN_MORE}, "),
        26,
        "channels",
        "16 are the most",
    ),
    Broken(
        "no exclusive option",
        "        exclusive: none-of-these\n",
        "",
        23,
        "channels",
        "lacks the key 'exclusive'",
    ),
    Broken(
        "an unknown exclusive option",
        "exclusive: none-of-these",
        "exclusive: nothing",
        27,
        "channels",
        "it must be one of letters,",
    ),
    Broken(
        "an exclusive option that scores",
        "none-of-these: 0",
        "none-of-these: 1",
        27,
        "channels",
        "it must give 0",
    ),
    Broken("a cap above the sum", "cap: 3", "cap: 5", 28, "channels", "at most 4, the sum"),
    Broken("a cap of 0", "cap: 3", "cap: 0", 28, "channels", "must be above 0"),
    Broken("a scale that does not rise", "[20.5, 1]", "[0, 1]", 32, "foreign-born", "must rise; 0 follows 0"),
    Broken(
        "a scale beyond the longest period",
        "[[1, 3], [5, 0]]",
        "[[1, 3], [201, 0]]",
        37,
        "strategy-age",
        "the scale goes beyond 200 years",
    ),
    Broken("a scale of triples", "[20.5, 1]", "[20.5, 1, 2]", 32, "foreign-born", "[value, points]"),
    Broken(
        "a scale with negative points", "[20.5, 1]", "[20.5, -1]", 32, "foreign-born", "must be 0 or more"
    ),
    Broken("a scale in words", "[20.5, 1]", "[a fifth, 1]", 32, "foreign-born", "such as 2 or 0.5"),
    Broken("no points for never", "        never: 0\n", "", 33, "strategy-age", "lacks the key 'never'"),
)
def test_a_question_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE)
