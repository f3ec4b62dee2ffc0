"""What experts hold right, and the sheet with their answers in place of the city's."""

import json

import pytest
from tests.frameworks.small import DOES_NOT_APPLY, area, framework, question, sheet

from tessera.frameworks.answers import Answer
from tessera.frameworks.expert_words import (
    ExpertWords,
    Finding,
    FindingKind,
    Opinion,
    Sureness,
    TranslatedText,
    with_opinions,
)
from tessera.frameworks.scoring import score_sheet

YES, PARTLY, NO = (Answer(value) for value in ("yes", "partly", "no"))


def single(
    answer: Answer | None, *, by: str = "Nuria", question: str = "plan", reason: str = "Read it."
) -> Opinion:
    return Opinion(question, (by,), answer, reason, Sureness.HIGH)


def joint(answer: Answer | None, question: str = "plan") -> Opinion:
    return Opinion(question, ("Nuria", "Piotr"), answer, "Both of us.", None)


@pytest.mark.parametrize(
    ("opinions", "held"),
    [
        ([single(None)], YES),
        ([single(PARTLY)], PARTLY),
        ([single(PARTLY), single(PARTLY, by="Piotr")], PARTLY),
        ([single(PARTLY), single(NO, by="Piotr")], None),
        ([single(None), single(NO, by="Piotr")], None),
        # To hold right what the city says is to accept it.
        ([single(None), single(YES, by="Piotr")], YES),
        ([single(None), single(NO, by="Piotr"), joint(PARTLY)], PARTLY),
        ([single(None), single(NO, by="Piotr"), joint(None)], YES),
        ([single(Answer(not_applicable=True))], Answer(not_applicable=True)),
    ],
)
def test_what_two_hold_together_counts_first_and_then_what_all_hold(
    opinions: list[Opinion], held: Answer | None
) -> None:
    assert ExpertWords(opinions=tuple(opinions)).held_right(sheet(plan="yes")) == {"plan": held}


def test_where_experts_differ_or_accept_the_answer_of_the_city_stays_with_its_note() -> None:
    given = sheet(plan=Answer("yes", note="In May"), courses=Answer("no", note="Not yet"), budget="yes")
    said = ExpertWords(
        opinions=(
            single(None),
            single(NO, question="courses"),
            single(PARTLY, question="courses", by="Piotr"),
            single(PARTLY, question="budget"),
        )
    )

    changed = with_opinions(given, said)

    assert changed.answers == {**given.answers, "budget": PARTLY}
    assert given.answers["budget"] == YES


def test_an_answer_that_the_city_did_not_give_is_put_in_and_one_that_does_not_apply_leaves_the_score() -> (
    None
):
    """By hand: 0 of the one answer; with the experts 100 and 50 of two, the third left out."""
    made = framework(area("policy", question("plan"), question("courses"), question("budget")))
    given = sheet(plan="no")
    said = ExpertWords(
        opinions=(
            single(YES),
            single(PARTLY, question="courses"),
            single(Answer(not_applicable=True), question="budget"),
        )
    )

    profile = score_sheet(made, with_opinions(given, said))

    assert profile.area("policy").score.points == 75
    assert profile.area("policy").score.coverage == 1


def test_to_accept_that_nothing_applies_or_nothing_is_answered_changes_nothing() -> None:
    given = sheet(plan=DOES_NOT_APPLY)
    said = ExpertWords(opinions=(single(None), single(None, question="courses")))

    assert with_opinions(given, said) == given


def test_the_file_of_what_experts_say_has_the_keys_that_its_page_names() -> None:
    text = TranslatedText("en", {"en": "No plan."})
    said = ExpertWords((Finding(FindingKind.GAP, text, None, ("policy",), (), (), 1),), (single(PARTLY),))

    written = json.loads(said.to_json())

    assert written == {
        "findings": [
            {
                "kind": "gap",
                "text": {"source": "en", "texts": {"en": "No plan."}},
                "next_step": None,
                "areas": ["policy"],
                "questions": [],
                "evidence": [],
                "kept_evidence": 1,
            }
        ],
        "opinions": [
            {
                "question": "plan",
                "experts": ["Nuria"],
                "answer": {
                    "value": "partly",
                    "not_applicable": False,
                    "reason": "",
                    "note": "",
                    "evidence": "",
                },
                "reason": "Read it.",
                "sureness": "high",
            }
        ],
    }
    assert ExpertWords.from_json(said.to_json()) == said
