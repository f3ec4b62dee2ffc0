"""Hostile words that were taken: every page, mail and file that shows them holds them as words.

One review of one city, from its first answer to its publication, in which every text is hostile.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.records.given_files import make_pdf, upload
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    PUBLISHED_AT,
    REVIEW,
    answer,
    appoint,
    conclude,
    make_city,
    make_cycle,
    open_area,
    validate,
)
from tests.people import give, make_network, make_person
from tests.web.hostile import HOSTILE, MARK, ON_A_PAGE, faults_of

from tessera.apps.accounts.forms import AcceptInvitationForm
from tessera.apps.network.forms import FigureForm, OrganisationForm, TieForm
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import CityFact, Kind, Organisation, Role, Tie
from tessera.apps.records.files.storing import check_upload
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.checking import ask, give_opinion, reply, return_review, send_back, settle
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.evidence import add_evidence
from tessera.apps.review.actions.experts import appoint_expert, decline_appointment
from tessera.apps.review.actions.findings import reply_to_draft, show_draft
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.forms import delegation
from tessera.apps.review.forms.evidence import LinkForm, QuotationForm
from tessera.apps.review.forms.experts import RefusalForm
from tessera.apps.review.forms.findings import DraftReplyForm, FindingForm, ShowDraftForm
from tessera.apps.review.forms.queries import ReplyForm, ReturnForm
from tessera.apps.review.lifecycle import QueryAct
from tessera.apps.review.models import EvidenceKind, Phrase, Review, Strength
from tessera.frameworks.answers import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

QUESTION, AREA = "strategy", "commitment"


def taken(form: type[forms.Form], name: str, given: str) -> str:
    """What the field of a form makes of the words; where it refuses them, something that it takes."""
    field = form.base_fields[name]
    try:
        return field.clean(given)
    except ValidationError:
        return "https://www.example.org/" if isinstance(field, forms.URLField) else "Words"


def make_hostile_review(given: str) -> Review:
    name = LocalText("en", dict.fromkeys(("en", "lv"), taken(OrganisationForm, "original", given)))
    riga = make_city(name=name, population=600_000)
    _around(riga, given)
    make_cycle(riga, framework=REVIEW, version=2)
    review = Review.objects.get()
    _fill(review, given)
    _give_away(review, given)
    ilze = make_person("ilze")
    sign_review(person=ilze, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    _check(review, given)
    review = validate(review)
    publish_review(review=review, person=ilze, at=PUBLISHED_AT)
    office = Organisation.objects.create(slug="office", name=name)
    Role.objects.update(organisation=office)
    return review


def _around(city, given: str) -> None:
    for key in ("ilze", "andris", "nuria", "piotr"):
        person = make_person(key)
        person.name = taken(AcceptInvitationForm, "name", given)
        person.save()
    for key, kind, scope in (
        ("ilze", Kind.OFFICER, city),
        ("andris", Kind.CONTRIBUTOR, city),
        ("nuria", Kind.EXPERT, make_network()),
        ("piotr", Kind.EXPERT, make_network()),
    ):
        give(key, kind, scope)
    CityFact.objects.update(source_name=taken(FigureForm, "source_name", given))
    tie = {"work": taken(TieForm, "work", given), "since": "2010-01-01", "declared_at": ANSWERED_AT}
    Tie.objects.create(person=make_person("nuria"), city=make_city("graz", country="AT"), **tie)


def _fill(review: Review, given: str) -> None:
    ilze = make_person("ilze")
    lines = taken(ReplyForm, "text", given)
    answer(review, QUESTION, Answer(value="yes", note=lines), is_note_public=True)
    answer(review, "public-commitment", Answer(value="council-decision", note=lines))
    answer(review, "school-mix", Answer(not_applicable=True, reason=lines))
    title = taken(QuotationForm, "title", given)
    pieces = [
        (EvidenceKind.FILE, check_upload(upload(make_pdf(), _as_text(given))), ""),
        (EvidenceKind.LINK, taken(LinkForm, "url", given), ""),
        (EvidenceKind.LINK, "https://www.example.org/decision", title),
        (EvidenceKind.QUOTATION, taken(QuotationForm, "text", given), title),
    ]
    for kind, source, called in pieces:
        add_evidence(
            place=open_area(review, AREA, ilze),
            question=QUESTION,
            source=source,
            kind=kind,
            title=called,
            dated_on=None,
            language="",
            is_public=True,
            at=ANSWERED_AT,
        )


def _give_away(review: Review, given: str) -> None:
    about = {"by": make_person("ilze"), "review": review, "at": ANSWERED_AT}
    about["message"] = taken(delegation.LinkForm, "message", given)
    delegate_area(area=AREA, colleague=make_person("andris"), **about)
    delegate_by_link(
        area="education",
        email="dace@example.org",
        name=taken(delegation.LinkForm, "name", given),
        language="lv",
        until=timezone.localdate(ANSWERED_AT) + timedelta(days=10),
        **about,
    )


def _check(review: Review, given: str) -> None:
    lines = taken(ReplyForm, "text", given)
    mihai, piotr = make_person("mihai"), make_person("piotr")
    asked = appoint_expert(by=mihai, review=review, expert=piotr, at=ANSWERED_AT)
    decline_appointment(
        expert=piotr, appointment=asked, reason=taken(RefusalForm, "reason", given), at=ANSWERED_AT
    )
    about = {"expert": appoint(review), "review": review, "at": CHECKED_AT}
    Phrase.objects.create(person=about["expert"], text=" ".join(lines.split()))
    give_opinion(
        question=QUESTION,
        other=Answer(value="no"),
        reason=lines,
        strength=Strength.HIGH,
        answer_revision=1,
        **about,
    )
    query = ask(question=QUESTION, text=lines, **about)
    found, step = (taken(FindingForm, name, given) for name in ("text", "next_step"))
    conclude(review, found, next_step=step, questions=[QUESTION], evidence=[review.evidence.first().pk])
    draft = show_draft(message=taken(ShowDraftForm, "message", given), **about)
    return_review(message=taken(ReturnForm, "message", given), **about)
    reply_to_draft(
        person=make_person("ilze"), draft=draft, text=taken(DraftReplyForm, "text", given), at=CHECKED_AT
    )
    reply(person=make_person("ilze"), query=query, text=lines, at=CHECKED_AT)
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)
    settle(expert=about["expert"], query=query, act=QueryAct.CLOSE, at=CHECKED_AT)


def _as_text(words: str) -> str:
    return words.encode(errors="replace").decode()


def _addresses(review: Review) -> dict[str, list[tuple[str, list]]]:
    """Every page that shows something of the review, and to whom."""
    question, query = [review.pk, QUESTION], [review.queries.get().pk]
    public = [review.city.slug, review.framework_id, review.year]
    place = [review.pk, AREA]
    work = ("web:work", [])
    own = [work, ("accounts:own", []), ("review:inbox", [])]
    officer = [
        *((f"review:{name}", [review.pk]) for name in ("tasks", "check-answers", "receipt", "queries")),
        *((f"review:{name}", [review.pk]) for name in ("publish", "sheets", "draft")),
        ("review:area-to-fill", place),
        ("review:give-area", place),
        ("review:give-area", [review.pk, "education"]),
        ("review:question", [*place, QUESTION]),
        ("review:query", query),
        ("network:people", []),
        ("network:person", [make_person("andris").pk]),
        ("network:trail", [review.city.slug]),
    ]
    expert = [
        ("review:board", [review.pk]),
        ("review:judge", question),
        ("review:findings", [review.pk]),
        ("review:draft", [review.pk]),
        ("review:query", query),
        ("review:validate", [review.pk]),
        ("review:phrases", []),
        ("network:ties", []),
    ]
    coordinator = [
        ("review:cycle", [review.cycle_id]),
        ("review:experts", [review.pk]),
        ("review:check-answers", [review.pk]),
        ("network:cities", []),
        ("network:edit-city", [review.city.slug]),
        ("network:organisations", []),
        ("network:edit-organisation", ["office"]),
    ]
    everybody = [("web:home", []), ("web:cities", []), ("web:city", [review.city.slug])]
    everybody += [("review:review", public), ("review:area", [review.framework_id, review.year, AREA])]
    return {
        "ilze": own + officer,
        "andris": [*own, ("review:area-to-fill", place), ("review:query", query)],
        "nuria": own + expert,
        "mihai": [work, *coordinator],
        "": everybody,
    }


def _pages(review: Review) -> Iterator[tuple[str, str]]:
    for who, addresses in _addresses(review).items():
        client = Client()
        if who:
            client.force_login(make_person(who))
        for name, about in addresses:
            shown = client.get(reverse(name, args=about))
            assert shown.status_code == 200, (name, who, shown.status_code)
            yield f"{name} for {who or 'everybody'}", shown.content.decode()


def _get(person: str, name: str, about: list) -> bytes:
    client = Client()
    if person:
        client.force_login(make_person(person))
    answered = client.get(reverse(name, args=about))
    assert answered.status_code == 200
    return answered.content


def _faults_of_workbook(content: bytes) -> Iterator[str]:
    """What a spreadsheet program would do with a cell, beside showing it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any("externalLink" in name or "vba" in name.lower() for name in archive.namelist()):
            yield "links or macros"
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if MARK in str(cell.value) and (cell.data_type == "f" or cell.hyperlink is not None):
                yield f"{sheet.title}!{cell.coordinate}: {cell.data_type} {str(cell.value)[:60]!r}"


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


@pytest.mark.parametrize("words", ON_A_PAGE)
def test_no_page_mail_or_file_of_a_review_does_harm(words):
    review = make_hostile_review(HOSTILE[words])
    faults = []
    for what, page in _pages(review):
        faults += [f"{what}: {fault}" for fault in faults_of(page)]
    mails = list(OutgoingMail.objects.all())
    for mail in mails:
        faults += [f"mail {mail.purpose}: {fault}" for fault in faults_of(mail.html)]
        if "\n" in mail.subject or "\nBcc" in mail.text.split("\n\n")[0]:
            faults.append(f"mail {mail.purpose}: a header")
    public = [review.city.slug, review.framework_id, review.year]
    for book in (
        _get("ilze", "review:download-answers", [review.pk]),
        _get("", "review:sheet", public),
        _get("ilze", "review:download-form", [review.pk]),
    ):
        faults += _faults_of_workbook(book)

    assert len(mails) > 8
    assert not faults, "\n".join(faults)
    for name in ("profile", "findings-file"):
        json.loads(_get("", f"review:{name}", public))
    with pikepdf.open(io.BytesIO(_get("", "review:report", public))) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        acts = [note.A for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
        assert {str(act.S) for act in acts} <= {"/URI", "/GoTo"}
        links = [str(act.URI) for act in acts if act.S == "/URI"]
        assert [link for link in links if not link.startswith(("http://", "https://"))] == []


def test_the_words_do_stand_on_the_pages_that_are_looked_at():
    review = make_hostile_review(HOSTILE["a script"])

    without = [what for what, page in _pages(review) if MARK not in page]
    assert without == []
