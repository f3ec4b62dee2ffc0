"""A rule in words, as a person reads it beside the question."""

import pytest
from tests.frameworks.sheets import WORDED

from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Includes, Is, Not
from tessera.frameworks.words import rule_in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Is("strategy", ("yes", "partly")), "the answer to “Strategy?” is “Yes” or “Partly”"),
        (Is("last-survey", ("never",)), "the answer to “Last survey?” is “Never”"),
        (
            Includes("languages-offered", ("arabic",)),
            "the answers to “Languages offered?” include “Arabic”",
        ),
        (AtLeast("foreign-born", 12.5), "the answer to “Foreign born?” is at least 12.5 per cent"),
        (AtMost("last-survey", 2.0), "the answer to “Last survey?” is at most 2 years"),
        (Not(Is("statement", ("no",))), "it is not so that the answer to “Statement?” is “No”"),
        (
            All((Is("statement", ("yes",)), Any((Is("lead", ("office",)), AtLeast("foreign-born", 10.0))))),
            (
                "the answer to “Statement?” is “Yes” and (the answer to “Lead?” is “An office” "
                "or the answer to “Foreign born?” is at least 10 per cent)"
            ),
        ),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rule_in_words(WORDED, rule, language="en") == words


def test_a_rule_is_said_in_latvian_with_its_numbers():
    rule = All((Is("strategy", ("yes", "partly")), AtLeast("foreign-born", 12.5)))
    assert rule_in_words(WORDED, rule, language="lv") == (
        "atbilde uz jautājumu “Strategy?” ir “Jā” vai “Daļēji” "
        "un atbilde uz jautājumu “Foreign born?” ir vismaz 12,5 procenti"
    )
