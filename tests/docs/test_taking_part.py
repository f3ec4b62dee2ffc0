"""The figures and reasons that the pages about consultations give, held against the program."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from tessera.apps.dialogue.actions.about_oneself import FEWEST_ANSWERS, MOST_ANSWERS, MOST_QUESTIONS
from tessera.apps.dialogue.actions.setting_up import FEWEST_STATEMENTS
from tessera.apps.dialogue.codes import ALPHABET, LENGTH
from tessera.apps.dialogue.languages import CODES
from tessera.apps.dialogue.limits import FROM_ONE_DEVICE, FROM_ONE_NETWORK
from tessera.apps.dialogue.live_counts import STEP
from tessera.apps.dialogue.models import (
    KEYS_REMEMBERED,
    LONGEST_APPEAL,
    LONGEST_STATEMENT,
    REASONS_TO_HIDE,
    Participant,
)
from tessera.apps.dialogue.models.consultations import CODES_ARE_KEPT_DAYS
from tessera.apps.dialogue.publish_tables import WAIT
from tessera.apps.dialogue.views.voting import ABOUT_ME_AFTER
from tessera.engines.opinion.disclosure.protect import THRESHOLD
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP, SMALLEST_SHARE

DOCS = Path(__file__).parents[2] / "docs"


def _read(name):
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


HOW_TO = _read("how-to/run-a-consultation.md")
EXPLANATION = _read("explanation/taking-part.md")
RECORD = _read("decisions/0010-votes-without-accounts.md")


@pytest.mark.parametrize(
    ("page", "sentence", "figures"),
    [
        (HOW_TO, "Residents' pages are there in ten languages", len(CODES) == 10),
        (HOW_TO, "Five at least", FEWEST_STATEMENTS == 5),
        (HOW_TO, "in at most 280 letters", LONGEST_STATEMENT == 280),
        (HOW_TO, "a year, if you change nothing", CODES_ARE_KEPT_DAYS == 365),
        (
            EXPLANATION,
            "sixteen letters and digits, 80 bits",
            (LENGTH, len(ALPHABET) ** LENGTH) == (16, 2**80),
        ),
        (EXPLANATION, "the keys of the last eight acts", KEYS_REMEMBERED == 8),
        (
            EXPLANATION,
            "at most 300 from one network, and 60 from one network with one kind of browser",
            (FROM_ONE_NETWORK, FROM_ONE_DEVICE) == (300, 60),
        ),
        (
            HOW_TO,
            "At most five; each with two to eight answers",
            (MOST_QUESTIONS, FEWEST_ANSWERS, MOST_ANSWERS) == (5, 2, 8),
        ),
        (HOW_TO, "after their seventh answer", ABOUT_ME_AFTER == 7),
        (
            HOW_TO,
            "at most once in seven days and only when ten more have come",
            (WAIT.days, STEP, THRESHOLD) == (7, 10, 10),
        ),
        (HOW_TO, "in up to 500 letters", LONGEST_APPEAL == 500),
        (
            EXPLANATION,
            "no group of fewer than ten, or of less than two in a hundred",
            (FEWEST_IN_A_PUBLIC_GROUP, SMALLEST_SHARE) == (10, 0.02),
        ),
        (RECORD, "Sixteen characters", LENGTH == 16),
        (RECORD, "the last eight of them", KEYS_REMEMBERED == 8),
    ],
)
def test_a_figure_on_the_page_is_the_program_s(page, sentence, figures):
    assert sentence in page
    assert figures


def test_the_reasons_for_hiding_are_those_that_can_be_given():
    page = (DOCS / "how-to/run-a-consultation.md").read_text(encoding="utf-8")
    table = page.split("| reason | for example |", 1)[1].split("\n\n", 1)[0]
    reasons = re.findall(r"^\| ([a-z].+?) \|", table, re.MULTILINE)
    with translation.override("en"):
        assert reasons == [str(reason.label) for reason in REASONS_TO_HIDE]


def test_of_a_participant_no_more_is_stored_than_the_page_says():
    """A hash of the code, the channel, the language and the day; and the number that votes refer to."""
    stored = {field.attname for field in Participant._meta.concrete_fields}
    assert stored == {"id", "consultation_id", "code_hash", "channel", "language", "joined_on"}
