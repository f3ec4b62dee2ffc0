"""What was published before reviews could be corrected stays, there and back."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("review", "0013_a_publication_is_whole"), ("records", "0004_files_that_people_give")]
AFTER = [("review", "0016_published_evidence"), ("records", "0005_a_file_may_be_erased")]
AT = datetime(2026, 11, 1, tzinfo=UTC)


def move_to(state):
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    # A later phase rests on the review of today, and would bring it along.
    moved = {app for app, _ in state} | {"dialogue"}
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in moved]
    return executor.loader.project_state([*state, *others]).apps


@pytest.fixture
def rewound():
    yield move_to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def publish_something(apps):
    """A review with a public link, a public file, a public link of an answer that was not published, and a
    link that the city keeps."""

    def create(model, **fields):
        return apps.get_model(*model.split(".")).objects.create(**fields)

    person = create("accounts.Person", name="Ilze", email="ilze@example.org")
    name = {"source": "lv", "texts": {"lv": "Rīga"}}
    city = create("network.City", slug="riga", country="LV", name=name)
    asked = {"framework_id": "mipex-2015", "version": 1, "pathway": "full", "year": 2023}
    judged = {"validated_by": person, "validated_at": AT}
    review = create("review.Review", city=city, state="validated", **asked, **judged)
    stored = create(
        "records.StoredFile",
        name="plan.pdf",
        kind="application/pdf",
        size_bytes=1,
        sha256="x",
        stored_by=person,
        stored_at=AT,
    )
    for question, piece in (
        ("health-score", {"kind": "link", "url": "https://example.org/a", "title": "A", "is_public": True}),
        ("health-score", {"kind": "file", "file": stored, "is_public": True}),
        ("education-score", {"kind": "link", "url": "https://example.org/b", "is_public": True}),
        ("health-score", {"kind": "link", "url": "https://example.org/c"}),
    ):
        kept = create("review.Evidence", review=review, **piece)
        create("review.EvidenceUse", evidence=kept, question=question)
    publication = create(
        "review.Publication",
        review=review,
        published_by=person,
        published_at=AT,
        sheet_json='{"answers": {"health-score": {"value": 60.0}}}',
        profile_json="{}",
        profile_hash="x",
        words_json="{}",
        **judged,
    )
    review.state, review.standing_publication = "published", publication
    review.save()
    return publication.pk


def refuses_change(publication):
    with pytest.raises(IntegrityError, match="A publication never changes"), transaction.atomic():
        connection.cursor().execute("UPDATE review_publication SET profile_json = '1'")
    return publication


def test_a_published_review_stays_published_forwards_and_back(rewound):
    pk = publish_something(rewound)

    apps = move_to(AFTER)
    publication = refuses_change(apps.get_model("review", "Publication").objects.get(pk=pk))
    assert (publication.number, publication.note, publication.profile_json) == (1, "", "{}")
    assert publication.review.standing_publication_id == pk
    pieces = apps.get_model("review", "PublishedPiece").objects.all()
    # No file: whoever published it was told that its name becomes public, and no more.
    assert [(piece.publication_id, piece.evidence.url, piece.title) for piece in pieces] == [
        (pk, "https://example.org/a", "A")
    ]
    with pytest.raises(IntegrityError, match="A published piece never changes"), transaction.atomic():
        pieces.update(title="B")

    publication = refuses_change(move_to(BEFORE).get_model("review", "Publication").objects.get(pk=pk))
    assert (publication.number, publication.review.state) == (1, "published")
    apps = move_to(AFTER)
    refuses_change(apps.get_model("review", "Publication").objects.get(pk=pk))
    assert apps.get_model("review", "PublishedPiece").objects.count() == 1
