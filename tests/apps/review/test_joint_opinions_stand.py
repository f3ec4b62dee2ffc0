"""What two experts held together before the other had to agree stands where the review is validated."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.builders import CHECKED_AT, VALIDATED_AT, make_city
from tests.people import make_person

BEFORE = [("review", "0016_published_evidence")]


def migrate(state):
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    return executor.loader.project_state(state).apps


@pytest.mark.django_db(transaction=True)
def test_a_joint_opinion_stands_where_a_review_is_validated_and_waits_where_it_is_checked():
    old = migrate(BEFORE)
    nuria, piotr = make_person("nuria"), make_person("piotr")
    judged = {"validated_by_id": nuria.pk, "validated_at": VALIDATED_AT}
    for state, about in (("validated", judged), ("in-review", {})):
        review = old.get_model("review", "Review").objects.create(
            city_id=make_city(state).pk,
            framework_id="mipex-2015",
            version=1,
            pathway="full",
            year=2023,
            state=state,
            **about,
        )
        said = {"review": review, "question": "health-score", "answer_revision": 1, "given_at": CHECKED_AT}
        for expert in (nuria, piotr):
            old.get_model("review", "Opinion").objects.create(expert_id=expert.pk, accepts=True, **said)
        old.get_model("review", "Reconciliation").objects.create(written_by_id=nuria.pk, accepts=True, **said)

    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    joint = migrate(leaves).get_model("review", "Reconciliation").objects
    found = {
        each.review.state: (each.agreed_by_id, each.agreed_at) for each in joint.select_related("review")
    }

    assert found == {"validated": (piotr.pk, CHECKED_AT), "in-review": (None, None)}
