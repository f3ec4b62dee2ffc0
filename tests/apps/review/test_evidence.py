"""Adding evidence to answers: files, links and quotations, and who gets them back."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.records.given_files import make_pdf, make_picture, upload
from tests.builders import REVIEW, make_city, make_review, make_sheet, open_area
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.files.disk import open_content
from tessera.apps.records.files.storing import check_upload
from tessera.apps.records.models import StoredFile
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.evidence import (
    MOST_PIECES,
    TooManyPieces,
    add_evidence,
    drop_evidence,
    use_evidence,
    write_evidence,
)
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review
from tessera.frameworks.answers import Answer as GivenAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

STRATEGY = GivenAnswer(value="yes")
LINK = {"way": "link", "link-url": "https://example.org/decision", "link-title": "Decision 5"}
SCHOOLS = {"area": "education", "question": "school-mix"}


@pytest.fixture
def review():
    sheet = make_sheet(framework=REVIEW, version=2, answers={"strategy": STRATEGY})
    return make_review(make_city(), sheet, state=State.FILLING)


@pytest.fixture
def ilze(client):
    client.force_login(make_person("ilze"))
    return client


def address(review, name="add-evidence", *more, area="commitment", question="strategy"):
    return reverse(f"review:{name}", args=[review.pk, area, question, *more])


def place_of(review, person="ilze", area="commitment"):
    return open_area(review, area, make_person(person))


def add(review, source, *, kind=EvidenceKind.LINK, question="strategy", area="commitment", **about):
    said = {"title": "", "dated_on": None, "language": "", "is_public": False, **about}
    return add_evidence(
        place=place_of(review, area=area),
        question=question,
        source=source,
        kind=kind,
        at=timezone.now(),
        **said,
    )


def shown_in(page):
    """The mark of a piece as the form of its page keeps it."""
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def colleague_of_education(review):
    """Andris, signed in, to whom Ilze has given the area of education."""
    give("andris", Kind.CONTRIBUTOR, review.city)
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="education",
        colleague=make_person("andris"),
        message="",
        at=timezone.now(),
    )
    andris = Client()
    andris.force_login(make_person("andris"))
    return andris


def send(review):
    review = Review.objects.get(pk=review.pk)
    sign_review(
        person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=timezone.now()
    )


# Adding


def test_a_link_is_added_with_its_date_and_language_and_stands_on_the_page(ilze, review):
    about = {"link-dated_on": "2024-05-06", "link-language": "lv", "link-is_public": "on"}
    answer = ilze.post(address(review), {**LINK, **about}, follow=True)

    piece = Evidence.objects.get()
    assert (piece.kind, piece.url, piece.title) == ("link", "https://example.org/decision", "Decision 5")
    assert (piece.dated_on, piece.language, piece.is_public) == (date(2024, 5, 6), "lv", True)
    assert piece.added_by == make_person("ilze")
    text = answer.content.decode()
    assert 'href="https://example.org/decision"' in text
    assert "6 May 2024 · Latvian · public once the result is published" in " ".join(text.split())
    assert Review.objects.get().sheet().answers["strategy"] == GivenAnswer(
        value="yes", evidence="Decision 5: https://example.org/decision"
    )


def test_a_quotation_may_have_several_lines_and_is_one_piece(ilze, review):
    ilze.post(
        address(review), {"way": "quotation", "quotation-text": "We want to be\nan intercultural city."}
    )

    assert Evidence.objects.get().text == "We want to be\nan intercultural city."
    said = Review.objects.get().sheet().answers["strategy"].evidence
    assert said == "We want to be an intercultural city."


def test_a_file_is_kept_by_its_content_and_comes_back_as_something_to_save(ilze, review):
    content = make_pdf()
    ilze.post(
        address(review), {"way": "file", "file-file": upload(content, "plan.pdf"), "file-title": "Plan"}
    )

    piece = Evidence.objects.get()
    assert piece.file.name == "plan.pdf"
    assert piece.in_words == "Plan: plan.pdf"
    answer = ilze.get(reverse("review:evidence-file", args=[review.pk, piece.pk]))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "not checked for viruses" in ilze.get(address(review, "question")).content.decode()


def test_uploading_twice_keeps_one_file(ilze, review):
    for _ in range(2):
        ilze.post(address(review), {"way": "file", "file-file": upload(make_picture("PNG"), "map.png")})

    assert StoredFile.objects.count() == Evidence.objects.count() == EvidenceUse.objects.count() == 1


def test_one_piece_serves_several_answers_and_is_deleted_with_the_last_of_them(ilze, review):
    ilze.post(address(review), {"way": "file", "file-file": upload(make_pdf(), "plan.pdf")})
    piece = Evidence.objects.get()
    key = piece.file.key
    ilze.post(address(review, question="action-plan"), {"way": "known", "known-evidence": piece.pk})
    assert set(piece.uses.values_list("question", flat=True)) == {"strategy", "action-plan"}

    ilze.post(address(review, "drop-evidence", piece.pk))
    assert set(piece.uses.values_list("question", flat=True)) == {"action-plan"}
    open_content(key).close()

    ilze.post(address(review, "drop-evidence", piece.pk, question="action-plan"))
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_is_said_about_a_piece_can_be_changed_and_its_source_cannot(ilze, review):
    piece = add(review, "https://example.org/decision")
    page = ilze.get(address(review, "change-evidence", piece.pk)).content.decode()
    assert "https://example.org/decision" in page
    assert 'name="url"' not in page

    ilze.post(
        address(review, "change-evidence", piece.pk),
        {"title": "Decision 5", "is_public": "on", "shown": shown_in(page)},
    )

    piece.refresh_from_db()
    assert (piece.title, piece.is_public, piece.url) == ("Decision 5", True, "https://example.org/decision")


@pytest.mark.parametrize("typed", [{}, {"link-title": "Decision 5"}, {"link-language": "lv"}])
def test_a_source_that_is_here_already_serves_a_further_answer(ilze, review, typed):
    piece = add(review, "https://example.org/decision", title="Decision 5", language="lv")
    sent = {"way": "link", "link-url": "https://example.org/decision", **typed}
    for _ in range(2):
        ilze.post(address(review, question="action-plan"), sent)

    assert list(Evidence.objects.all()) == [piece]
    assert set(piece.uses.values_list("question", flat=True)) == {"strategy", "action-plan"}


@pytest.mark.parametrize(
    "typed",
    [
        {"link-title": "Names of families", "link-is_public": "on"},
        {"link-dated_on": "2024-01-02", "link-is_public": "on"},
        {"link-language": "et", "link-is_public": "on"},
        {},
    ],
    ids=["title", "date", "language", "not public"],
)
@pytest.mark.parametrize("question", ["strategy", "action-plan"])
def test_where_something_else_is_said_about_a_source_nothing_that_was_typed_is_lost(
    ilze, review, question, typed
):
    piece = add(
        review,
        "https://example.org/decision",
        title="Decision 5",
        dated_on=date(2023, 5, 6),
        language="lv",
        is_public=True,
    )
    before = list(Evidence.objects.values())
    sent = {"way": "link", "link-url": "https://example.org/decision", **typed}
    refused = ilze.post(address(review, question=question), sent)

    page = refused.content.decode()
    assert refused.status_code == 400
    said = (
        "Decision 5: https://example.org/decision, 6 May 2023, Latvian, public once the result is published"
    )
    assert f"something else is said about it: {said}" in page
    assert ("A piece that is here already”" in page) is (question == "action-plan")
    assert ("change that piece" in page) is (question == "strategy")
    for value in typed.values():
        assert value == "on" or f'value="{value}"' in page
    assert list(Evidence.objects.values()) == before
    assert list(piece.uses.values_list("question", flat=True)) == ["strategy"]


def test_a_change_of_what_somebody_else_changed_meanwhile_shows_both_versions(ilze, review):
    piece = add(review, "https://example.org/decision", title="Old")
    url = address(review, "change-evidence", piece.pk)
    old = shown_in(ilze.get(url).content.decode())
    ilze.post(url, {"title": "Page 7", "dated_on": "2024-01-02", "language": "lv", "shown": old})

    late = {"title": "Old", "is_public": "on", "shown": old}
    refused = ilze.post(url, late)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Page 7<br>2 January 2024<br>Latvian<br>kept by the city" in page
    assert "Old<br>public once the result is published" in page
    piece.refresh_from_db()
    assert (piece.title, piece.is_public) == ("Page 7", False)

    ilze.post(url, {**late, "keep": "theirs"})
    piece.refresh_from_db()
    assert piece.title == "Page 7"
    ilze.post(url, {**late, "keep": re.search(r'name="keep" value="(\w{64})"', page)[1]})
    piece.refresh_from_db()
    assert (piece.title, piece.dated_on, piece.language, piece.is_public) == ("Old", None, "", True)
    # Sent once more it is no change, and so no stale one.
    assert ilze.post(url, late).status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"way": "link", "link-url": ""}, "“Address” is empty"),
        ({"way": "link", "link-url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"way": "link", "link-url": "ftp://example.org/plan"}, "Enter a valid URL"),
        ({"way": "link", "link-url": f"https://example.org/{'a' * 500}"}, "at most 500 characters"),
        ({"way": "quotation", "quotation-text": ""}, "“Quotation” is empty"),
        ({"way": "quotation", "quotation-text": "a\x00b"}, "a sign that cannot be kept"),
        ({"way": "quotation", "quotation-text": "a" * 5_001}, "1 character too long"),
        ({**LINK, "link-dated_on": "yesterday"}, "This is no day"),
        ({**LINK, "link-language": "xx"}, "Select a valid choice"),
        ({**LINK, "link-title": "a" * 201}, "at most 200 characters"),
        ({"way": "file"}, "“File” has no file"),
        ({"way": "known", "known-evidence": "999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(ilze, review, sent, words):
    piece = add(review, "https://example.org/other", question="action-plan")
    answer = ilze.post(address(review), sent)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert list(Evidence.objects.all()) == [piece]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "We do not take this kind of file"),
        (b"<html><script>alert(1)</script></html>", "We do not take this kind of file"),
        (b"MZ\x90\x00", "We do not take this kind of file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "from before 2007"),
        (make_pdf()[:-40], "damaged"),
        (make_pdf() + make_pdf() + b"PK\x05\x06" + bytes(18) + b"%%EOF", "damaged"),
        (b"", "The submitted file is empty"),
    ],
    ids=["SVG", "HTML", "a program", "old office", "cut off", "two kinds at once", "nothing"],
)
def test_a_hostile_file_is_refused_with_words(ilze, review, content, words):
    answer = ilze.post(address(review), {"way": "file", "file-file": upload(content, "plan.pdf")})

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_words_of_a_piece_are_shown_as_words(ilze, review):
    add(review, "<script>alert(1)</script>", kind=EvidenceKind.QUOTATION, title="<img src=x onerror=y>")
    page = ilze.get(address(review, "question")).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


# Who, and when


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_fills_the_area_adds_evidence_to_it(review, who):
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("nuria", Kind.EXPERT, make_network())
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="commitment",
        colleague=make_person("andris"),
        message="",
        at=timezone.now(),
    )
    client = Client()
    client.force_login(make_person(who))

    status = client.post(address(review), LINK).status_code
    elsewhere = client.post(address(review, area="education", question="school-mix"), LINK).status_code

    assert status == (302 if who in ("ilze", "andris") else 404)
    assert elsewhere == (302 if who == "ilze" else 404)


def test_a_colleague_sees_no_piece_of_another_area(review):
    give("andris", Kind.CONTRIBUTOR, review.city)
    piece = add(review, "https://example.org/secret", question="school-mix", area="education")
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="commitment",
        colleague=make_person("andris"),
        message="",
        at=timezone.now(),
    )
    andris = Client()
    andris.force_login(make_person("andris"))

    page = andris.get(address(review)).content.decode()
    assert "secret" not in page
    assert andris.get(address(review, "change-evidence", piece.pk)).status_code == 404
    assert andris.post(address(review), {"way": "known", "known-evidence": piece.pk}).status_code == 400


def test_a_colleague_does_not_learn_that_a_source_is_in_another_area(review):
    andris = colleague_of_education(review)
    add(review, LINK["link-url"], title="Names of families")

    page = andris.post(address(review, **SCHOOLS), LINK, follow=True).content.decode()

    assert "Names of families" not in page
    assert sorted(Evidence.objects.values_list("title", "uses__question")) == [
        ("Decision 5", "school-mix"),
        ("Names of families", "strategy"),
    ]


def test_what_is_said_about_a_piece_of_several_areas_is_changed_by_officers_only(review, ilze):
    andris = colleague_of_education(review)
    piece = add(review, "https://example.org/decision", area="education", question="school-mix")
    url = address(review, "change-evidence", piece.pk, **SCHOOLS)
    sent = {"title": "Decision 5", "is_public": "on", "shown": piece.mark}
    assert 'name="title"' in andris.get(url).content.decode()
    use_evidence(place=place_of(review), question="strategy", evidence=piece)

    page = andris.get(url).content.decode()
    assert 'name="title"' not in page
    assert "Only officers of the city can change what is said about it." in page
    assert andris.post(url, sent).status_code == 403
    piece.refresh_from_db()
    assert (piece.title, piece.is_public) == ("", False)
    ilze.post(url, sent)
    piece.refresh_from_db()
    assert (piece.title, piece.is_public) == ("Decision 5", True)


@pytest.mark.parametrize("name", ["change-evidence", "drop-evidence"])
def test_a_number_that_no_piece_can_have_is_not_found(ilze, review, name):
    act = ilze.get if name == "change-evidence" else ilze.post

    assert act(address(review, name, 10**20)).status_code == 404
    for numbers in [(review.pk, 10**20), (10**20, 1)]:
        assert ilze.get(reverse("review:evidence-file", args=numbers)).status_code == 404
    known = {"way": "known", "known-evidence": 10**20}
    assert ilze.post(address(review), known).status_code == 400


def test_the_page_asks_the_database_as_often_for_many_pieces_as_for_few(ilze, review):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            ilze.get(address(review, "question"))
        return len(asked)

    add(review, "https://example.org/0")
    queries()
    few = queries()
    for number, who in enumerate(("jonas", "chiara", "piotr"), start=1):
        piece = add(review, f"https://example.org/{number}")
        piece.added_by = make_person(who)
        piece.save()

    assert queries() == few


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("is_sent", [False, True], ids=["being filled", "sent"])
def test_a_file_goes_to_who_reads_the_answer_and_to_nobody_else(review, who, is_sent):
    """The coordinator reads answers once they are sent; Andris fills another area."""
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("nuria", Kind.EXPERT, make_network())
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="education",
        colleague=make_person("andris"),
        message="",
        at=timezone.now(),
    )
    piece = add(review, check_upload(upload(make_pdf(), "plan.pdf")), kind=EvidenceKind.FILE)
    if is_sent:
        send(review)
    client = Client()
    client.force_login(make_person(who))

    answer = client.get(reverse("review:evidence-file", args=[review.pk, piece.pk]))
    content = b"".join(answer.streaming_content) if answer.streaming else b""

    assert answer.status_code == (200 if who == "ilze" or (who == "mihai" and is_sent) else 404)
    assert content == (make_pdf() if answer.status_code == 200 else b"")
    visitor = Client().get(reverse("review:evidence-file", args=[review.pk, piece.pk]))
    assert visitor["Location"].startswith("/en/account/sign-in/")


def test_nothing_is_added_or_taken_away_once_the_answers_are_sent(ilze, review):
    piece = add(review, "https://example.org/decision")
    place = place_of(review)
    send(review)

    assert "Nothing can be changed any more." in ilze.post(address(review), LINK).content.decode()
    for page in (address(review), address(review, "change-evidence", piece.pk)):
        assert ilze.get(page)["Location"] == address(review, "question")
        told = ilze.get(page, follow=True).content.decode()
        assert "The answers are sent. Nothing can be changed any more." in told
    ilze.post(address(review, "drop-evidence", piece.pk))
    with pytest.raises(NotOpen):
        use_evidence(place=place, question="action-plan", evidence=piece)
    assert list(piece.uses.values_list("question", flat=True)) == ["strategy"]
    page = ilze.get(address(review, "question")).content.decode()
    assert "https://example.org/decision" in page
    assert "Add evidence" not in page


def test_a_piece_that_the_city_keeps_is_not_among_what_will_be_published(review):
    add(review, "https://example.org/open", is_public=True)
    add(review, "https://example.org/kept")
    review = Review.objects.get(pk=review.pk)

    assert review.public_sheet().answers["strategy"].evidence == "https://example.org/open"
    before = review.content_hash()
    Evidence.objects.filter(url__endswith="kept").update(is_public=True)
    assert Review.objects.get(pk=review.pk).content_hash() != before


def test_a_review_has_room_for_so_many_pieces(review):
    Evidence.objects.bulk_create(
        Evidence(review=review, kind=EvidenceKind.QUOTATION, text=f"Page {number}")
        for number in range(MOST_PIECES)
    )

    with pytest.raises(TooManyPieces):
        add(review, "https://example.org/one-more")
    # What is there already may serve another answer.
    add(review, "Page 7", kind=EvidenceKind.QUOTATION)
    assert Evidence.objects.count() == MOST_PIECES


# From a sheet


def test_a_sheet_says_which_pieces_serve_an_answer(review):
    kept = add(review, "https://example.org/decision", title="Decision 5", is_public=True)
    gone = add(review, "An old page", kind=EvidenceKind.QUOTATION)
    elsewhere = add(review, "Minutes of May", kind=EvidenceKind.QUOTATION, question="action-plan")

    write_evidence(
        place=place_of(review),
        question="strategy",
        before="Decision 5: https://example.org/decision\nAn old page",
        words="Decision 5: https://example.org/decision\nMinutes of May\nPage 12: https://example.org/new\n",
        at=timezone.now(),
    )

    serving = Evidence.objects.filter(uses__question="strategy")
    assert {piece.in_words for piece in serving} == {
        "Decision 5: https://example.org/decision",
        "Minutes of May",
        "Page 12: https://example.org/new",
    }
    assert kept in serving
    assert elsewhere in serving
    assert not Evidence.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    assert kept.is_public


def test_what_a_sheet_names_as_it_stands_changes_nothing(review):
    add(review, "https://example.org/decision", title="Decision 5")
    add(review, check_upload(upload(make_pdf(), "plan.pdf")), kind=EvidenceKind.FILE, title="Plan")
    words = Review.objects.get().sheet().answers["strategy"].evidence
    before = list(Evidence.objects.values())

    write_evidence(place=place_of(review), question="strategy", before=words, words=words, at=timezone.now())

    assert list(Evidence.objects.values()) == before
    assert EvidenceUse.objects.count() == 2


def test_a_known_link_under_another_title_is_another_piece(review):
    piece = add(review, "https://example.org/plan", title="Page 7", question="action-plan", is_public=True)

    write_evidence(
        place=place_of(review),
        question="strategy",
        before="",
        words="Page 12: https://example.org/plan",
        at=timezone.now(),
    )

    added = Evidence.objects.get(uses__question="strategy")
    assert added != piece
    assert (added.in_words, added.is_public) == ("Page 12: https://example.org/plan", False)


def test_two_files_of_one_name_go_together_where_the_sheet_names_them_no_more(review):
    for content in (make_pdf(), make_picture("PNG")):
        add(review, check_upload(upload(content, "plan")), kind=EvidenceKind.FILE, title="Plan")
    Evidence.objects.update(title="")
    StoredFile.objects.update(name="plan")

    write_evidence(place=place_of(review), question="strategy", before="plan", words="", at=timezone.now())

    assert not Evidence.objects.exists()


def test_dropping_twice_is_harmless(review):
    piece = add(review, "https://example.org/decision")
    for _ in range(2):
        drop_evidence(place=place_of(review), question="strategy", evidence=piece)

    assert not Evidence.objects.exists()
