"""What older sites kept beside an answer becomes pieces of evidence, and goes back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("review", "0003_a_review_is_filled_before_it_is_validated")]
IN_PIECES = [("review", "0004_evidence_in_pieces")]


def move_to(state):
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    return executor.loader.project_state(state).apps


@pytest.fixture
def rewound():
    yield move_to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_a_line_becomes_a_piece_that_serves_every_answer_that_named_it_and_back(rewound):
    name = {"source": "lv", "texts": {"lv": "Rīga"}}
    city = rewound.get_model("network", "City").objects.create(slug="riga", country="LV", name=name)
    review = rewound.get_model("review", "Review").objects.create(
        city=city, framework_id="intercultural-review", version=2, pathway="full", year=2023, state="filling"
    )
    answers = rewound.get_model("review", "Answer").objects
    both = "Decision 5\nhttps://example.org/plan"
    for question, value, evidence, public in (
        ("strategy", "yes", both, True),
        ("action-plan", "no", "Decision 5", True),
        ("budget", "no", "Decision 5", False),
        ("staff-code", None, "Only a source", False),
        ("course-wait", 2.0, "", False),
    ):
        answers.create(
            review=review, question=question, value=value, evidence=evidence, is_note_public=public
        )

    pieces = move_to(IN_PIECES).get_model("review", "Evidence").objects.order_by("pk")
    found = [
        (piece.kind, piece.text or piece.url, piece.is_public, sorted(u.question for u in piece.uses.all()))
        for piece in pieces
    ]
    assert found == [
        ("quotation", "Decision 5", True, ["action-plan", "strategy"]),
        ("link", "https://example.org/plan", True, ["strategy"]),
        ("quotation", "Decision 5", False, ["budget"]),
        ("quotation", "Only a source", False, ["staff-code"]),
    ]
    kept = move_to(BEFORE).get_model("review", "Answer").objects
    assert dict(kept.values_list("question", "evidence")) == {
        "strategy": both,
        "action-plan": "Decision 5",
        "budget": "Decision 5",
        "staff-code": "Only a source",
        "course-wait": "",
    }
