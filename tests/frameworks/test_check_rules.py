"""framework.yaml: rules, and what may name what."""

from tests.frameworks.broken import Broken, assert_refused, copy_definition, edit, table

from tessera.frameworks.load import check_definition

FILE = "framework.yaml"
MEETINGS = "when: {question: strategy, is: [yes, partly]}"


@table(
    Broken(
        "an unknown option",
        MEETINGS,
        "when: {question: strategy, is: maybe}",
        13,
        "meetings",
        "is not an option of strategy; its options are yes, partly, no",
    ),
    Broken(
        "an unknown question",
        MEETINGS,
        "when: {question: strategie, is: yes}",
        13,
        "meetings",
        "'strategie', which is no question",
    ),
    Broken(
        "the question itself",
        MEETINGS,
        "when: {question: meetings, is: often}",
        13,
        "meetings",
        "is the question itself",
    ),
    Broken(
        "a later question",
        MEETINGS,
        "when: {question: staff-trained, is: all}",
        13,
        "meetings",
        "stands below it",
    ),
    Broken(
        "an option named twice", "is: [yes, partly]", "is: [yes, yes]", 13, "meetings", "names 'yes' twice"
    ),
    Broken("no option", "is: [yes, partly]", "is: []", 13, "meetings", "must not be an empty list"),
    Broken(
        "two comparisons",
        "is: [yes, partly]",
        "is: yes, at_least: 1",
        13,
        "meetings",
        "no rule has the keys question, is, at_least",
    ),
    Broken("no comparison", ", is: [yes, partly]", "", 13, "meetings", "no rule has the keys question"),
    Broken(
        "an unknown operator",
        "is: [yes, partly]",
        "equals: yes",
        13,
        "meetings",
        "no rule has the keys question, equals",
    ),
    Broken("a word for a rule", MEETINGS, "when: always", 13, "meetings", "a rule must hold keys"),
    Broken(
        "a rule beside 'all'",
        MEETINGS,
        "when: {all: [{question: strategy, is: yes}], any: []}",
        13,
        "meetings",
        "no rule has the keys all, any",
    ),
    Broken("an empty 'any'", MEETINGS, "when: {any: []}", 13, "meetings", "'any' must not be an empty list"),
    Broken(
        "'is' on a choice of several",
        "includes: [radio, visits]",
        "is: radio",
        43,
        "strategy-age",
        "compare it with 'includes'",
    ),
    Broken(
        "'includes' on a choice of one",
        "is: [yes, partly]",
        "includes: yes",
        13,
        "meetings",
        "compare it with 'is'",
    ),
    Broken(
        "'is' on a number", "at_most: 10", "is: 10", 44, "strategy-age", "compare it with at_least or at_most"
    ),
    Broken("'at_most' on options", "is: [yes, partly]", "at_most: 2", 13, "meetings", "compare it with 'is'"),
    Broken(
        "a number beyond the scale",
        "at_most: 10",
        "at_most: 101",
        44,
        "strategy-age",
        "foreign-born takes 0 to 100",
    ),
    Broken(
        "a period before the scale",
        "at_least: 3",
        "at_least: 0.5",
        48,
        "strategy-renewed",
        "strategy-age takes 1 to 200",
    ),
    Broken(
        "a period beyond the longest one",
        "at_least: 3",
        "at_least: 201",
        48,
        "strategy-renewed",
        "strategy-age takes 1 to 200",
    ),
    Broken(
        "a period that is an option",
        "at_least: 3",
        "is: old",
        48,
        "strategy-renewed",
        "its options are never",
    ),
    Broken(
        "a question without weight",
        "weight: 0.5",
        "weight: 0",
        48,
        "strategy-renewed",
        "strategy-age, which has the weight 0",
    ),
)
def test_a_rule_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE)


@table(
    Broken(
        "a core question on one of the full pathway",
        "kind: input, weight: 0.25}",
        "kind: input}, {key: lane, type: yes-no, kind: input, pathway: core, "
        "when: {question: street, is: yes}}",
        11,
        "lane",
        "a core question may depend on core questions only",
    ),
    Broken(
        "a question of another area",
        "kind: input, weight: 0.25",
        "kind: input, when: {question: school, is: yes}",
        11,
        "street",
        "another area, schools",
    ),
)
def test_a_rule_must_not_make_depend(broken, tmp_path):
    folder = copy_definition("nested-areas/1", tmp_path)
    edit(folder / FILE, broken.old, broken.new)
    (complaint,) = [each for each in check_definition(folder) if each.file == FILE]
    assert (complaint.line, complaint.question) == (broken.line, broken.question)
    assert broken.words in complaint.message


@table(
    Broken(
        "without a consequence",
        "    then: {not: {question: strategy, is: no}}",
        "",
        50,
        None,
        "lacks the key 'then'",
    ),
    Broken(
        "with an unknown option",
        "then: {not: {question: strategy, is: no}}",
        "then: {question: strategy, is: sure}",
        52,
        None,
        "'sure' is not an option of strategy",
    ),
    Broken(
        "with an unknown question",
        "if: {question: statement, is: yes}",
        "if: {question: speech, is: yes}",
        51,
        None,
        "'speech', which is no question",
    ),
    Broken(
        "with a key that is none",
        "key: statement-needs-a-plan",
        "key: Statement needs a plan",
        50,
        None,
        "is no key",
    ),
    Broken(
        "with a key used before",
        "constraints:",
        "constraints:\n  - {key: statement-needs-a-plan, if: {question: statement, is: no}, "
        "then: {question: strategy, is: no}}",
        51,
        None,
        "first in line 50",
    ),
)
def test_a_constraint_is_refused(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE)


def test_rules_with_more_completions_than_a_band_can_walk_are_refused(tmp_path):
    # Thirteen options, one of them exclusive, can be chosen in 2 to the power of 12 = 4,096 ways, the most
    # that there may be. The second question doubles them.
    folder = copy_definition("nested-areas/1", tmp_path)
    options = ", ".join(f"way-{number}: 1" for number in range(12))
    edit(
        folder / FILE,
        "{key: council, type: yes-no, kind: input}",
        f"{{key: ways, type: multiple, kind: input, options: {{{options}, none: 0}}, exclusive: none}}, "
        "{key: first, type: yes-no, kind: input}, "
        "{key: council, type: yes-no, kind: input, when: {question: ways, includes: way-1}}",
    )
    assert [each for each in check_definition(folder) if each.file == FILE] == []
    edit(
        folder / FILE,
        "includes: way-1}",
        "includes: way-1}}, {key: last, type: yes-no, kind: input, when: {question: first, is: yes}",
    )
    (complaint,) = [each for each in check_definition(folder) if each.file == FILE]
    assert complaint.line == 12
    assert "the area voice (ways, first) can be answered in 8,192 ways" in complaint.message
