"""What must always hold of reviews, by its number in the design.

1 is tested with the questionnaires, 2 to 4 and 8 with the filling.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from tests.builders import REVIEW, answer, make_city, make_review, make_sheet, open_area
from tests.people import give, make_officer, make_person
from tests.web.test_access_matrix import ROWS

from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import may_validate
from tessera.apps.review.actions.delegation import delegate_by_link, withdraw_assignment
from tessera.apps.review.actions.publishing import record_review
from tessera.apps.review.actions.submission import withdraw_submission
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Assignment, Evidence, EvidenceKind, EvidenceUse, Review
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers
from tessera.frameworks.scoring import score_sheet

pytestmark = pytest.mark.django_db


def half_answered():
    """Every second question of the large questionnaire, with bands that are drawn by chance."""
    questions = list(find_framework(REVIEW, 2).questions())
    answers = {question.key: Answer(value=representative_answers(question)[0]) for question in questions[::2]}
    return make_sheet(framework=REVIEW, version=2, answers=answers)


SCORE = """
import sys
from pydantic import TypeAdapter
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.scoring import score_sheet

sheet = TypeAdapter(AnswerSheet).validate_json(sys.stdin.read())
sys.stdout.write(score_sheet(find_framework(sheet.framework_id, sheet.version), sheet).model_dump_json())
"""


def test_invariant_5_the_same_answers_give_the_same_profile_to_the_last_digit():
    """Whether they were recorded as a whole or saved one by one from the last to the first, and in processes
    in which the order of sets and the number of threads are others."""
    sheet = half_answered()
    backwards = make_sheet(framework=REVIEW, version=2, answers=dict(reversed(sheet.answers.items())))
    as_a_whole = make_review(make_city("riga"), sheet, state=State.PUBLISHED)
    one_by_one = make_review(make_city("ravenna"), backwards, state=State.FILLING, officer="chiara")
    found = score_sheet(one_by_one.framework, one_by_one.sheet())
    frozen = as_a_whole.publication.profile_json

    assert found.model_copy(update={"city": "Riga"}).model_dump_json() == frozen
    profile = json.loads(frozen)
    assert any(area["score"]["likely_band"] for area in profile["areas"])
    for seed, threads in (("0", "1"), ("4711", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads}
        elsewhere = subprocess.run(
            [sys.executable, "-c", SCORE],
            input=as_a_whole.publication.sheet_json,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert elsewhere.stdout == frozen


def test_invariant_5_a_profile_says_from_what_and_by_which_engine_it_was_made():
    review = make_review(make_city(), half_answered(), state=State.PUBLISHED)
    profile = review.publication.profile

    assert profile.hashes.answers == review.sheet().content_hash()
    assert profile.hashes.framework == review.framework.content_hash
    assert profile.hashes.scheme == review.framework.scheme_hash
    assert profile.engine == version("tessera")


def test_invariant_6_an_expert_opens_no_area_and_so_changes_no_answer(client):
    review = make_review(make_city(), state=State.SUBMITTED)
    give("nuria", Kind.EXPERT, review.cycle.network)

    with pytest.raises(Http404):
        open_area(review, "education", make_person("nuria"))
    with pytest.raises(Http404):
        answer(review, "education-score", Answer(value=1.0), person=make_person("nuria"), revision=1)


def test_invariant_6_nobody_validates_what_one_submitted():
    city = make_city()
    make_review(city, state=State.SUBMITTED)

    assert not may_validate(make_person("ilze"), city, date(2024, 3, 4))
    with pytest.raises(PermissionDenied, match="cannot validate"):
        record_review(
            city=city,
            sheet=make_sheet(year=2022),
            validated_by=make_person("ilze"),
            validated_at=datetime(2024, 3, 4, tzinfo=UTC),
        )


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (date(2024, 2, 1), False),
        (date(2024, 2, 10), False),
        (date(2026, 2, 9), False),
        (date(2026, 2, 10), False),
        (date(2026, 2, 11), True),
    ],
)
def test_invariant_6_who_filled_an_area_does_not_judge_the_city_for_two_years(day, may):
    """Nuria had an area of Riga until 10 February 2024."""
    city = make_city()
    review = make_review(city, state=State.FILLING)
    delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area="education",
        email=make_person("nuria").email,
        name="",
        language="en",
        until=date(2024, 3, 1),
        message="",
        at=datetime(2024, 1, 20, 10, tzinfo=UTC),
    )
    withdraw_assignment(
        by=make_person("ilze"),
        assignment=Assignment.objects.get(),
        at=datetime(2024, 2, 10, 10, tzinfo=UTC),
    )

    assert may_validate(make_person("nuria"), city, day) == may


@pytest.mark.parametrize("state", JUDGED)
def test_invariant_7_nothing_is_validated_without_the_name_of_who_did_it(state):
    review = make_review(make_city())

    for missing in ({"validated_by": None}, {"validated_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(state=state, **missing)


@pytest.mark.parametrize("state", [State.FILLING, State.SUBMITTED])
def test_invariant_7_what_is_not_validated_names_nobody_who_did_it(state):
    review = make_review(make_city(), state=state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            validated_by=make_person("nuria"), validated_at=timezone.now()
        )


MARKS = ("zibens", "pērkons", "varavīksne", "https://example.org/krusa", "migla", "63,21", "63.21")
"""Planted in a note, a reason, a title, an address, a quotation and a figure: no page says them by chance."""


def plant(city):
    """A review in filling that says something of every kind."""
    answers = {
        "strategy": Answer(value="yes", note="zibens"),
        "school-mix": Answer(not_applicable=True, reason="pērkons"),
        "foreign-born-share": Answer(value=63.21),
    }
    review = make_review(city, make_sheet(framework=REVIEW, version=2, answers=answers), state=State.FILLING)
    link = Evidence.objects.create(
        review=review,
        kind=EvidenceKind.LINK,
        title="varavīksne",
        url="https://example.org/krusa",
        is_public=True,
    )
    quotation = Evidence.objects.create(review=review, kind=EvidenceKind.QUOTATION, text="migla")
    for piece in (link, quotation):
        EvidenceUse.objects.create(evidence=piece, question="strategy")
    return review


def marks_in(text):
    return {mark for mark in MARKS if mark in text}


def addresses(review):
    """Every address of the site that takes nothing, or only what a coordinator could put there by hand."""
    about = {
        "review": review.pk,
        "cycle": review.cycle_id,
        "area": "commitment",
        "question": "strategy",
        "city": review.city.slug,
        "framework": review.framework_id,
        "year": review.year,
        "version": review.version,
    }
    names = {row.name for row in ROWS} | {
        f"review:{name}" for name in ("tasks", "area-to-fill", "question", "check-answers", "receipt")
    }
    for name in sorted(names - {"account_logout"}):
        for keys in (
            (),
            ("review",),
            ("review", "area"),
            ("review", "area", "question"),
            ("cycle",),
            ("city",),
            ("city", "framework", "year"),
            ("framework", "year", "area"),
            ("framework", "version"),
        ):
            try:
                yield reverse(name, kwargs={key: about[key] for key in keys})
            except NoReverseMatch:
                continue


def crawl(client, review):
    """All that a coordinator gets: from the addresses of the site, and by every link from there."""
    waiting, seen, pages = list(addresses(review)), set(), {}
    while waiting:
        address = waiting.pop()
        if address in seen or "sign-out" in address or not address.startswith("/en/"):
            continue
        seen.add(address)
        answered = client.get(address)
        if answered.status_code in (301, 302):
            waiting.append(answered["Location"].partition("#")[0])
            continue
        if answered.status_code != 200 or answered.streaming:
            continue
        if not answered["Content-Type"].startswith("text/html"):
            pages[address] = answered.content.decode("utf-8", "replace")
            continue
        pages[address] = answered.content.decode()
        links = re.findall(r'href="([^"#]*)', pages[address])
        waiting += [link.replace("&amp;", "&") for link in links if link]
    return pages


def test_invariant_9_a_coordinator_reads_no_answer_before_it_is_sent(client):
    """On no page that a coordinator reaches, and in no mail; once it is sent they can, while it is."""
    riga = make_city()
    review = plant(riga)
    mihai, ilze = make_person("mihai"), make_officer("ilze", riga)
    client.force_login(mihai)

    pages = crawl(client, review)
    assert len(pages) > 20
    assert reverse("web:work") in pages
    assert reverse("network:edit-city", args=["riga"]) in pages
    assert {address: marks_in(page) for address, page in pages.items() if marks_in(page)} == {}

    client.force_login(ilze)
    check = reverse("review:check-answers", args=[review.pk])
    said = client.get(check).content.decode()
    client.post(
        reverse("review:sign", args=[review.pk]),
        {"answers": Review.objects.get().content_hash(), "declared": "on"},
    )
    client.force_login(mihai)
    assert marks_in(said) == set(MARKS) - {"63,21"}
    assert marks_in(crawl(client, review)[check]) == marks_in(said)
    mails = OutgoingMail.objects.all()
    assert mails.filter(person=mihai).exists()
    assert not any(marks_in(mail.subject + mail.text + mail.html) for mail in mails)

    withdraw_submission(person=ilze, review=review, at=timezone.now())
    assert not any(marks_in(page) for page in crawl(client, review).values())
