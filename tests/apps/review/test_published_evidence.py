"""Public evidence can be had by anybody once it is published, until its city withdraws a file."""

import re
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.apps.records.given_files import make_pdf, upload
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    CORRECTED_AT,
    REVIEW,
    appoint,
    correct,
    make_city,
    make_finding,
    make_review,
    make_sheet,
    open_area,
    publish,
    validate,
)
from tests.people import make_person

from tessera.apps.records.files import disk
from tessera.apps.records.files.storing import check_upload
from tessera.apps.records.models import StoredFile
from tessera.apps.review.actions.evidence import add_evidence, change_evidence, drop_evidence, use_evidence
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.actions.withdrawing import CannotWithdraw, withdraw_published_file
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, PublishedPiece, Review
from tessera.frameworks.answers import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

PDF = make_pdf()
REASON = "It names a child."


def add(
    review, source, question="health-score", *, kind=EvidenceKind.FILE, title="", is_public=True, **about
):
    said = {"dated_on": None, "language": "", **about}
    return add_evidence(
        place=place_of(review, question),
        question=question,
        source=check_upload(upload(source, "plan.pdf")) if kind is EvidenceKind.FILE else source,
        kind=kind,
        title=title,
        is_public=is_public,
        at=ANSWERED_AT,
        **said,
    )


def place_of(review, question="health-score"):
    return open_area(review, review.framework.question(question).area, make_person("ilze"))


def sign_and_validate(review):
    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    return validate(review)


@pytest.fixture
def validated():
    """A public file and link, and a file and a link that the city keeps."""
    review = make_review(make_city("riga"), state=State.FILLING)
    add(review, PDF, title="The plan", dated_on=date(2023, 5, 6), language="lv")
    add(review, make_pdf() + b"kept", title="Between us", is_public=False)
    add(review, "https://example.org/decision", kind=EvidenceKind.LINK, title="Decision 7")
    add(review, "https://example.org/kept", kind=EvidenceKind.LINK, is_public=False)
    add(review, "So it was decided.", kind=EvidenceKind.QUOTATION)
    return sign_and_validate(review)


@pytest.fixture
def review(validated):
    publish(validated)
    return Review.objects.get(pk=validated.pk)


@pytest.fixture
def plan(review):
    return review.evidence.get(title="The plan")


def public(review, name="review", *more):
    return reverse(f"review:{name}", args=[review.city.slug, review.framework_id, review.year, *more])


def without_bdi(response):
    """A page without what keeps the direction of one text from another."""
    return re.sub("</?bdi>", "", " ".join(response.content.decode().split()))


def page_of(review):
    return without_bdi(Client().get(public(review)))


def had(browser, url):
    """What a download gives, and its answer."""
    answered = browser.get(url)
    content = b"".join(answered.streaming_content) if answered.streaming else answered.content
    return content, answered


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def withdraw(piece, reason=REASON, who="ilze"):
    withdraw_published_file(person=make_person(who), evidence=piece, reason=reason, at=CORRECTED_AT)


# Having it


def test_what_is_public_and_serves_a_published_answer_belongs_to_the_publication(review):
    pieces = review.publication.pieces.all()
    assert sorted((piece.kind, piece.title) for piece in pieces) == [
        ("file", "The plan"),
        ("link", "Decision 7"),
        ("quotation", ""),
    ]


def test_evidence_of_an_answer_that_a_rule_hides_is_not_published():
    """Whether there is an action plan is asked of cities with a strategy alone."""
    said = {"strategy": Answer(value="no"), "coordination": Answer(value="nobody")}
    sheet = make_sheet(framework=REVIEW, version=2, answers=said)
    review = make_review(make_city("riga"), sheet, state=State.FILLING)
    add(review, "https://example.org/hidden", "action-plan", kind=EvidenceKind.LINK)
    add(review, "https://example.org/shown", "strategy", kind=EvidenceKind.LINK)
    publication = publish(sign_and_validate(review))

    assert [piece.url for piece in publication.pieces.all()] == ["https://example.org/shown"]


def test_the_page_lists_files_and_links_with_what_is_known_of_them(review, plan):
    page = page_of(review)
    listed = page[page.index('id="evidence"') : page.index('id="files"')]

    assert f'href="{public(review, "published-file", plan.pk)}"' in listed
    assert f"PDF document · {len(PDF)}" in listed.replace("\xa0bytes", "")
    assert "6 May 2023 · Latvian" in listed
    assert 'href="https://example.org/decision" rel="noreferrer"' in listed
    assert "link to example.org" in listed
    for words in ("Between us", "example.org/kept", "So it was decided."):
        assert words not in listed


def test_a_review_without_public_evidence_lists_none():
    review = make_review(make_city("graz"), state=State.PUBLISHED)
    assert "Evidence that the city publishes" not in page_of(review)


def test_anybody_gets_the_file_as_something_to_save(review, plan):
    content, answered = had(Client(), public(review, "published-file", plan.pk))

    assert (answered.status_code, content) == (200, PDF)
    assert answered["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert answered["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answered["Cache-Control"] == "public, max-age=300"
    assert not answered.cookies


def test_nobody_gets_a_file_that_is_kept_or_not_published_yet_or_of_another_review(validated):
    plan, kept = validated.evidence.get(title="The plan"), validated.evidence.get(title="Between us")
    graz = make_review(make_city("graz"), state=State.PUBLISHED, officer="jonas")
    get = Client().get
    assert get(public(validated, "published-file", plan.pk)).status_code == 404
    publish(validated)

    link = validated.evidence.get(title="Decision 7")
    for piece in (kept, link):
        assert get(public(validated, "published-file", piece.pk)).status_code == 404
    assert get(public(graz, "published-file", plan.pk)).status_code == 404
    assert get(public(validated, "published-file", 10**18)).status_code == 404
    assert Client().post(public(validated, "published-file", plan.pk)).status_code == 405


def test_what_a_page_names_takes_the_same_number_of_queries_however_many_pieces(
    validated, django_assert_max_num_queries
):
    publish(validated)
    other = make_review(make_city("graz"), make_sheet(year=2022), state=State.FILLING)
    for number in range(20):
        add(other, f"https://example.org/{number}", kind=EvidenceKind.LINK)
        add(other, make_pdf() + str(number).encode(), title=f"File {number}")
    publish(sign_and_validate(other))
    addresses = [public(validated), public(other)]
    with django_assert_max_num_queries(100) as few:
        Client().get(addresses[0])
    with django_assert_max_num_queries(100) as many:
        page = Client().get(addresses[1]).content.decode()
    assert page.count("link to example.org") == 20
    assert len(many) == len(few)


# It stays as it was published


def test_a_piece_that_is_published_is_not_deleted_when_its_last_answer_drops_it(review, plan):
    corrected = correct(review)
    drop_evidence(place=place_of(corrected), question="health-score", evidence=plan)

    plan.refresh_from_db()
    assert not plan.uses.exists()
    assert had(Client(), public(review, "published-file", plan.pk))[0] == PDF
    kept = corrected.evidence.get(title="Between us")
    drop_evidence(place=place_of(corrected), question="health-score", evidence=kept)
    assert not Evidence.objects.filter(pk=kept.pk).exists()


def test_what_a_correction_drops_is_not_in_its_list_and_stays_with_the_publication_before(review, plan):
    first = review.publication
    corrected = correct(review)
    drop_evidence(place=place_of(corrected), question="health-score", evidence=plan)
    corrected.state = State.IN_REVIEW
    corrected.save(update_fields=["state"])
    second = publish(validate(corrected), note="Without the plan.", at=CORRECTED_AT)

    assert plan in first.pieces.all()
    assert plan not in second.pieces.all()
    assert "The plan" not in page_of(review)[page_of(review).index('id="evidence"') :]
    assert Client().get(public(review, "published-file", plan.pk)).status_code == 404


def test_a_file_that_a_correction_keeps_to_the_city_goes_to_nobody_else_any_more(review, plan):
    corrected = correct(review)
    change_evidence(
        place=place_of(corrected),
        question="health-score",
        evidence=plan,
        title=plan.title,
        dated_on=plan.dated_on,
        language=plan.language,
        is_public=False,
        shown=plan.mark,
    )
    assert had(Client(), public(review, "published-file", plan.pk))[0] == PDF
    corrected.state = State.IN_REVIEW
    corrected.save(update_fields=["state"])
    publish(validate(corrected), note="Without the plan.", at=CORRECTED_AT)

    assert Client().get(public(review, "published-file", plan.pk)).status_code == 404


def test_a_finding_does_not_name_what_a_correction_took_away():
    review = make_review(make_city("riga"), state=State.FILLING)
    link = "https://example.org/decision"
    piece = add(review, link, kind=EvidenceKind.LINK)
    make_finding(review, "It was decided.", areas=["health"], evidence=[piece])
    content = Review.objects.get(pk=review.pk).content_hash()
    sign_review(person=make_person("ilze"), review=review, content_hash=content, at=ANSWERED_AT)
    show_draft(expert=appoint(review), review=review, message="", at=CHECKED_AT)
    publish(validate(review))
    assert Review.objects.get(pk=review.pk).publication.words.findings[0].evidence == (link,)

    corrected = correct(Review.objects.get(pk=review.pk))
    drop_evidence(place=place_of(corrected), question="health-score", evidence=piece)
    corrected.state = State.IN_REVIEW
    corrected.save(update_fields=["state"])
    show_draft(expert=make_person("nuria"), review=corrected, message="", at=CORRECTED_AT)
    second = publish(validate(corrected), note="Without the link.", at=CORRECTED_AT)

    assert (second.words.findings[0].evidence, second.words.findings[0].areas) == ((), ("health",))
    assert link not in page_of(review)


def test_what_is_said_about_a_piece_later_does_not_change_what_was_published(review, plan):
    corrected = correct(review)
    change_evidence(
        place=place_of(corrected),
        question="health-score",
        evidence=plan,
        title="Another name",
        dated_on=None,
        language="",
        is_public=False,
        shown=plan.mark,
    )
    page = page_of(review)

    assert "The plan" in page
    assert "Another name" not in page
    assert had(Client(), public(review, "published-file", plan.pk))[0] == PDF


@pytest.mark.parametrize("column", ["title", "language"])
def test_the_database_refuses_to_change_a_published_piece(review, column):
    piece = review.publication.published_pieces.first()
    setattr(piece, column, "x")
    for change in (
        piece.save,
        lambda: PublishedPiece.objects.update(**{column: "x"}),
        lambda: connection.cursor().execute(f"UPDATE review_publishedpiece SET {column} = 'x'"),
    ):
        with pytest.raises(IntegrityError, match="A published piece never changes"), transaction.atomic():
            change()


# Withdrawing a file


def test_a_withdrawn_file_is_gone_and_the_page_says_when_and_why_and_the_figures_stay(
    review, plan, django_capture_on_commit_callbacks
):
    before = Client().get(public(review, "profile")).content
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(plan)

    assert f"Withdrawn on 8 April 2024: {REASON}" in page_of(review)
    assert public(review, "published-file", plan.pk) not in page_of(review)
    content, answered = had(Client(), public(review, "published-file", plan.pk))
    assert answered.status_code == 410
    page = " ".join(content.decode().split())
    assert "Riga withdrew it on 8 April 2024" in page
    assert REASON in page
    assert Client().get(public(review, "profile")).content == before
    for name in ("report", "sheet"):
        assert Client().get(public(review, name)).status_code == 200


def test_the_content_is_really_gone_from_the_storage_and_the_name_from_the_database(
    review, plan, files_folder, django_capture_on_commit_callbacks
):
    key = plan.file.key
    others = StoredFile.objects.exclude(key=key)
    disk.open_content(key).close()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(plan)

    with pytest.raises(FileNotFoundError):
        disk.open_content(key)
    lying = [path.read_bytes() for path in files_folder.rglob("*") if path.is_file()]
    assert len(lying) == others.count() == 1
    assert PDF not in lying
    erased = StoredFile.objects.get(key=key)
    assert (erased.name, erased.erased_at) == ("erased.pdf", CORRECTED_AT)


def test_nobody_who_signed_in_gets_the_file_either(review, plan, django_capture_on_commit_callbacks):
    url = reverse("review:evidence-file", args=[review.pk, plan.pk])
    assert had(as_("ilze"), url)[0] == PDF
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(plan)

    for who in ("ilze", "nuria", "mihai"):
        content, answered = had(as_(who), url)
        assert answered.status_code == 410
        assert REASON in content.decode()
        page = as_(who).get(reverse("review:check-answers", args=[review.pk])).content.decode()
        assert f'href="{url}"' not in page
        assert REASON in page


def test_the_signatures_under_the_answers_stay(review, plan):
    before = Review.objects.get(pk=review.pk).content_hash()
    withdraw(plan)
    assert Review.objects.get(pk=review.pk).content_hash() == before


def test_twice_is_harmless_and_the_first_reason_stays(review, plan):
    withdraw(plan)
    withdraw(plan, "Another reason.")

    plan.refresh_from_db()
    assert (plan.withdrawal_reason, plan.withdrawn_by) == (REASON, make_person("ilze"))


def test_a_reason_is_needed(review, plan):
    with pytest.raises(CannotWithdraw):
        withdraw(plan, "  ")
    assert page_of(review).count("Withdrawn on") == 0


def test_a_link_is_not_withdrawn(review):
    link = review.evidence.get(title="Decision 7")
    page = as_("ilze").get(reverse("review:withdraw-file", args=[review.pk, link.pk]))
    assert page.status_code == 404


def test_a_withdrawn_file_serves_no_further_answer_and_can_be_given_anew(review, plan):
    corrected = correct(review, "health-score", "education-score")
    withdraw(plan)
    with pytest.raises(Evidence.DoesNotExist):
        use_evidence(place=place_of(corrected, "education-score"), question="education-score", evidence=plan)
    url = reverse("review:add-evidence", args=[review.pk, "education", "education-score"])
    assert f'value="{plan.pk}"' not in as_("ilze").get(url).content.decode()

    again = add(corrected, PDF, title="The plan without names")
    assert again != plan
    assert again.file.erased_at is None


@pytest.mark.parametrize(
    "about", [{"withdrawn_at": CORRECTED_AT}, {"withdrawal_reason": REASON}, {"withdrawn_at": None}]
)
def test_the_database_holds_that_a_withdrawn_file_says_when_by_whom_and_why(review, plan, about):
    if about == {"withdrawn_at": None}:
        withdraw(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=plan.pk).update(**about)


def test_the_trail_says_who_withdrew_it_and_why(review, plan):
    withdraw(plan)
    entry = LogEntry.objects.get_for_object(plan).filter(action=LogEntry.Action.UPDATE).get()
    assert set(entry.changes) == {"withdrawn_at", "withdrawn_by", "withdrawal_reason"}
    assert entry.additional_data["city"] == review.city_id


# The pages of the city


def test_an_officer_reads_what_it_means_gives_a_reason_and_sees_that_it_is_done(review, plan):
    ilze, published = as_("ilze"), reverse("review:published", args=[review.pk])
    url = reverse("review:withdraw-file", args=[review.pk, plan.pk])
    assert f'href="{url}"' in ilze.get(published).content.decode()
    assert "erased for good" in ilze.get(url).content.decode()

    assert ilze.post(url, {"reason": ""}).status_code == 400
    answered = ilze.post(url, {"reason": REASON}, follow=True)
    page = without_bdi(answered)
    assert "The file is withdrawn, and its content is erased." in page
    assert f"withdrawn by Ilze on {date_format(timezone.localdate())}: {REASON}" in page
    assert f'href="{url}"' not in page
    assert ilze.get(url)["Location"] == ilze.post(url, {"reason": "Again."})["Location"] == published


@pytest.mark.parametrize("who", ["nuria", "mihai", "chiara"])
def test_nobody_else_sees_the_page_or_withdraws_a_file(review, plan, who):
    url = reverse("review:withdraw-file", args=[review.pk, plan.pk])
    assert as_(who).get(url).status_code == as_(who).post(url, {"reason": REASON}).status_code == 404
    with pytest.raises(PermissionDenied):
        withdraw(plan, who=who)


def test_the_page_of_a_question_says_that_its_file_is_withdrawn(review, plan):
    correct(review)
    withdraw(plan)
    url = reverse("review:question", args=[review.pk, "health", "health-score"])
    page = as_("ilze").get(url).content.decode()

    assert REASON in page
    assert reverse("review:evidence-file", args=[review.pk, plan.pk]) not in page
