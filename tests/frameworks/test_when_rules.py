"""What a rule says about answers: one table, worked by hand from the format's own sentences."""

import pytest

from tessera.frameworks.when_rules import (
    All,
    Any,
    AtLeast,
    AtMost,
    Includes,
    Is,
    Not,
    holds,
    questions_named,
    thresholds_named,
)

YES = Is("strategy", ("yes", "partly"))
RADIO = Includes("channels", ("radio", "visits"))
MANY = AtLeast("foreign-born", 10.0)
FEW = AtMost("foreign-born", 10.0)
OLD = AtLeast("strategy-age", 3.0)


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        (YES, {"strategy": "partly"}, True),
        (YES, {"strategy": "no"}, False),
        (YES, {}, False),
        (Not(YES), {"strategy": "no"}, True),
        (Not(YES), {}, True),
        (RADIO, {"channels": ("letters", "radio")}, True),
        (RADIO, {"channels": ("letters",)}, False),
        (RADIO, {}, False),
        (MANY, {"foreign-born": 10.0}, True),
        (MANY, {"foreign-born": 9.9}, False),
        (MANY, {}, False),
        (FEW, {"foreign-born": 10.0}, True),
        (FEW, {"foreign-born": 10.1}, False),
        (FEW, {}, False),
        (OLD, {"strategy-age": "never"}, True),
        (AtMost("strategy-age", 3.0), {"strategy-age": "never"}, False),
        (Is("strategy-age", ("never",)), {"strategy-age": "never"}, True),
        (Is("strategy-age", ("never",)), {"strategy-age": 4.0}, False),
        (All((YES, MANY)), {"strategy": "yes", "foreign-born": 12.0}, True),
        (All((YES, MANY)), {"strategy": "yes"}, False),
        (Any((YES, MANY)), {"foreign-born": 12.0}, True),
        (Any((YES, MANY)), {"strategy": "no", "foreign-born": 1.0}, False),
        (Not(All((YES, Not(MANY)))), {"strategy": "yes", "foreign-born": 12.0}, True),
    ],
)
def test_a_rule_holds_as_the_format_says(rule, answers, expected):
    assert holds(rule, answers) is expected


def test_a_rule_knows_the_questions_and_numbers_in_it():
    rule = All((YES, Any((OLD, AtMost("strategy-age", 7.5))), Not(MANY)))
    assert questions_named(rule) == {"strategy", "strategy-age", "foreign-born"}
    assert thresholds_named(rule, "strategy-age") == {3.0, 7.5}
    assert thresholds_named(rule, "strategy") == frozenset()
