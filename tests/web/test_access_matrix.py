"""Every address of the site, asked by every standing person: who gets the page, and who does not.

The addresses come from the site's own list, so that a new one without a row here fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from tests.apps.records.given_files import make_pdf, upload
from tests.builders import SCORES, appoint, conclude, make_city, make_review, make_sheet, open_area
from tests.people import give, make_network, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    CityFact,
    Kind,
    Membership,
    Network,
    Organisation,
    Representation,
    Role,
    Tie,
    Topic,
    Unit,
)
from tessera.apps.records.files.storing import check_upload
from tessera.apps.review.actions.checking import ask, return_review
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.evidence import add_evidence
from tessera.apps.review.actions.findings import show_draft
from tessera.apps.review.actions.sheets import bring_back
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import EvidenceKind
from tessera.frameworks.sheets.read import FilledSheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

EVERYBODY = ("visitor", "mihai", "ilze", "andris", "chiara", "nuria", "piotr", "greta", "jonas", "aino")
SIGNED_IN = EVERYBODY[1:]
COORDINATOR = ("mihai",)
ELSEWHERE = ("aino",)
"""Coordinates another network, without a city."""
RIGA = ("ilze",)
OFFICERS = ("ilze", "chiara", "jonas")


@dataclass(frozen=True)
class Row:
    """An address, and who may open it; all others who are signed in get ``else_``, a visitor the sign-in."""

    name: str
    may: tuple[str, ...]
    about: tuple[str, ...] = ()
    """Keys of `things`, or words, that the address names."""
    else_: int = 403
    visitor: int = 302
    found: int = 200
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)

    def expected(self, who: str) -> int:
        if who in self.may:
            return self.found
        return self.visitor if who == "visitor" else self.else_


REVIEW = ("riga", SCORES, "2023")
PUBLISHED = ("review", "report", "sheet", "profile", "findings-file")
QUERY = ("query about education",)
RETURNED = {"returned review of riga", "appointment of nuria", *QUERY}
ROWS = [
    # Public: everybody, and nobody needs to be known.
    *(Row(name, EVERYBODY) for name in ("web:home", "web:cities", "web:about", "web:accessibility")),
    Row("web:city", EVERYBODY, ("riga",)),
    *(Row(f"review:{name}", EVERYBODY, REVIEW) for name in PUBLISHED),
    # Graz has a validated review that it did not publish.
    *(Row(f"review:{name}", (), ("graz", SCORES, "2023"), else_=404, visitor=404) for name in PUBLISHED),
    Row("review:area", EVERYBODY, (SCORES, "2023", "education")),
    # On a developer's machine alone.
    *([Row("design", EVERYBODY)] if settings.DESIGN_PAGE else []),
    Row("review:questionnaires", EVERYBODY),
    Row("review:questionnaire", EVERYBODY, (SCORES, "1")),
    # One's own account: signing in is for visitors, all else for those who did.
    Row("account_login", ("visitor",), else_=302),
    Row("account_reset_password", EVERYBODY),
    Row("account_reset_password_done", EVERYBODY),
    Row("account_reset_password_from_key", EVERYBODY, ("1", "wrong-key")),
    Row("account_reset_password_from_key_done", EVERYBODY),
    Row("account_inactive", EVERYBODY),
    Row("accounts:invitation", (), ("no-such-token",), else_=404, visitor=404),
    Row("accounts:leave_notices", (), ("no-such-token",), else_=404, visitor=404),
    Row("accounts:leave_notices", EVERYBODY, ("notices of andris",)),
    Row("account_logout", SIGNED_IN, visitor=302),
    *(
        Row(name, SIGNED_IN)
        for name in (
            "accounts:own",
            "accounts:change_name",
            "accounts:change_language",
            "accounts:change_notices",
            "account_email",
            "usersessions_list",
            "mfa_index",
        )
    ),
    # Work.
    Row("web:work", SIGNED_IN),
    Row("network:people", COORDINATOR + ELSEWHERE + OFFICERS),
    Row("network:add-person", COORDINATOR + ELSEWHERE + OFFICERS),
    Row("network:person", COORDINATOR + RIGA, ("person in riga",), else_=403),
    Row("network:person", (*COORDINATOR, "chiara"), ("person in ravenna",), else_=403),
    Row("network:add-role", COORDINATOR + RIGA, ("person in riga",)),
    Row("network:end-role", COORDINATOR + RIGA, ("role in riga",)),
    Row("network:end-role", COORDINATOR, ("role in the network",)),
    Row("network:invite-again", COORDINATOR + RIGA, ("person in riga",), method="post", found=302),
    Row("network:cities", COORDINATOR + ELSEWHERE),
    Row("network:add-city", COORDINATOR + ELSEWHERE),
    Row("network:edit-city", COORDINATOR, ("riga",)),
    Row("network:edit-city", (), ("graz",)),
    Row("network:add-figure", COORDINATOR, ("riga",)),
    Row("network:add-figure", (), ("graz",)),
    Row("network:trail", RIGA, ("riga",)),
    Row("network:trail", ("chiara",), ("ravenna",)),
    Row("network:organisations", COORDINATOR + ELSEWHERE),
    Row("network:add-organisation", COORDINATOR + ELSEWHERE),
    Row("network:edit-organisation", COORDINATOR, ("institute",)),
    Row("network:add-representation", COORDINATOR, ("institute",)),
    Row("network:end-representation", COORDINATOR, ("representation",)),
    Row("network:join-city", COORDINATOR + ELSEWHERE),
    Row("network:end-membership", COORDINATOR, ("membership of riga",)),
    Row("network:edit-figure", COORDINATOR, ("figure of riga",)),
    Row("network:edit-figure", (), ("figure of graz",)),
    Row("network:withdraw-invitation", COORDINATOR + RIGA, ("person in riga",), method="post", found=302),
    Row("network:ties", ("nuria",)),
    Row("network:add-tie", ("nuria",)),
    Row("network:end-tie", ("nuria",), ("tie of nuria",), else_=404),
    # Cycles, for those who coordinate the network.
    Row("review:cycles", COORDINATOR + ELSEWHERE),
    Row("review:open-cycle", COORDINATOR + ELSEWHERE),
    Row("review:cycle", COORDINATOR, ("cycle of riga",)),
    Row("review:add-cities", COORDINATOR, ("cycle of riga",)),
    Row("review:remind-late", COORDINATOR, ("cycle of riga",), method="post", found=302),
    Row("review:extend-review", COORDINATOR, ("review of riga",)),
    Row("review:take-out", COORDINATOR, ("review of riga",)),
    # Answers, for the city's officers and for whoever has the area.
    Row("review:tasks", RIGA, ("review of riga",), else_=404),
    *(
        Row(f"review:{name}", (*RIGA, "andris"), ("review of riga", "education"), else_=404)
        for name in ("area-to-fill", "presence")
    ),
    *(
        Row(f"review:{name}", RIGA, ("review of riga", "health"), else_=404)
        for name in ("area-to-fill", "presence")
    ),
    *(
        Row(
            f"review:{name}",
            (*RIGA, "andris"),
            ("review of riga", "education"),
            else_=404,
            method="post",
            found=302,
        )
        for name in ("complete-area", "reopen-area")
    ),
    Row(
        "review:question",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score"),
        else_=404,
    ),
    Row("review:question", RIGA, ("review of riga", "health", "health-score"), else_=404),
    # Evidence: Andris adds to the answers of his area; a piece and its file go to whoever has the answer.
    Row(
        "review:add-evidence",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score"),
        else_=404,
    ),
    Row("review:add-evidence", RIGA, ("review of riga", "health", "health-score"), else_=404),
    Row(
        "review:change-evidence",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score", "evidence in education"),
        else_=404,
    ),
    Row(
        "review:change-evidence",
        RIGA,
        ("review of riga", "health", "health-score", "evidence in health"),
        else_=404,
    ),
    Row(
        "review:drop-evidence",
        RIGA,
        ("review of riga", "health", "health-score", "evidence in health"),
        else_=404,
        method="post",
        found=302,
    ),
    Row("review:evidence-file", (*RIGA, "andris"), ("review of riga", "evidence in education"), else_=404),
    Row("review:evidence-file", RIGA, ("review of riga", "evidence in health"), else_=404),
    # All answers at once. To sign, one comes from there; a receipt comes once they are sent.
    Row("review:check-answers", RIGA, ("review of riga",), else_=404),
    *(
        Row(f"review:{name}", RIGA, ("review of riga",), else_=404)
        for name in ("sheets", "download-answers", "download-empty-sheet", "download-form")
    ),
    Row("review:take-over-sheet", RIGA, ("review of riga", "sheet of ilze"), else_=404),
    *(
        Row(f"review:{name}", RIGA, ("review of riga",), else_=404, found=302)
        for name in ("sign", "receipt", "withdraw-submission")
    ),
    # Experts, whom the coordinator asks; and what they read and judge.
    Row("review:experts", COORDINATOR, ("review of riga",)),
    Row("review:release-expert", COORDINATOR, ("appointment of nuria",), method="post", found=302),
    Row("review:appointment", ("nuria",), ("appointment of nuria",), else_=404),
    Row("review:board", (), ("review of riga",), else_=404),
    Row("review:board", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:judge", ("nuria",), ("returned review of riga", "education-score"), else_=404),
    Row("review:check-answers", (*RIGA, *COORDINATOR, "nuria"), ("returned review of riga",), else_=404),
    *(
        Row(
            f"review:{name}",
            ("nuria",),
            ("returned review of riga", about),
            else_=404,
            method="post",
            found=302,
        )
        for name, about in (
            ("verify-area", "health"),
            ("unverify-area", "health"),
            ("open-answer", "health-score"),
        )
    ),
    Row("review:phrases", ("nuria",)),
    # Queries: experts ask, the city replies. Riga's review of 2025 is returned with one about Andris's area.
    Row("review:inbox", SIGNED_IN),
    Row("review:queries", RIGA, ("review of riga",), else_=404),
    Row("review:queries", (*RIGA, "nuria"), ("returned review of riga",), else_=404),
    Row("review:query", (*RIGA, "nuria", "andris"), QUERY, else_=404),
    Row(
        "review:settle-query",
        ("nuria",),
        QUERY,
        method="post",
        data={"act": "withdraw"},
        found=302,
    ),
    Row("review:return-review", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:send-back", RIGA, ("returned review of riga",), else_=404),
    # Findings, which the experts write; the city reads the draft that it is shown.
    Row("review:findings", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:findings", (), ("review of riga",), else_=404),
    Row("review:new-finding", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:finding", ("nuria",), ("returned review of riga", "finding about education"), else_=404),
    *(
        Row(
            f"review:{name}",
            ("nuria",),
            ("returned review of riga", "finding about education"),
            else_=404,
            method="post",
            data=data,
            found=302,
        )
        for name, data in (("drop-finding", {}), ("move-finding", {"way": "up"}))
    ),
    Row("review:draft", (*RIGA, "nuria"), ("returned review of riga",), else_=404),
    Row("review:draft", (), ("review of riga",), else_=404),
    Row(
        "review:show-draft",
        ("nuria",),
        ("returned review of riga",),
        else_=404,
        method="post",
        data={"message": "Please read."},
        found=302,
    ),
    Row(
        "review:reply-to-draft",
        RIGA,
        ("returned review of riga",),
        else_=404,
        method="post",
        data={"text": "We see."},
        found=400,
    ),
    Row("review:validate", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:publish", RIGA, ("returned review of riga",), else_=404),
    # It leads on to the page before until the review is validated.
    Row("review:publish-preview", RIGA, ("returned review of riga",), else_=404, found=302),
    # Areas that an officer gives to colleagues, and the personal links among them.
    Row("review:give-area", RIGA, ("review of riga", "education"), else_=404),
    Row("review:give-area", RIGA, ("review of riga", "health"), else_=404),
    Row("review:send-link-again", RIGA, ("assignment by link",), else_=404),
    Row("review:withdraw-assignment", RIGA, ("assignment by link",), else_=404),
    Row("review:withdraw-assignment", RIGA, ("assignment of andris",), else_=404),
    # Whoever is signed in as somebody else is asked to sign out first.
    Row("review:use-link", SIGNED_IN, ("token of a link",)),
    Row("review:use-link", (), ("no-such-token",), else_=404, visitor=404),
    Row("review:use-copied-link", SIGNED_IN, ("token of a link",)),
    Row("review:use-copied-link", (), ("no-such-token",), else_=404, visitor=404),
    Row("review:leave-link", EVERYBODY),
]
HIDDEN = {
    # Whoever manages people, but not these, is not told whether they exist.
    "network:person": {"aino", "chiara", "ilze", "jonas"},
    "network:add-role": {"aino", "chiara", "jonas"},
    "network:end-role": {"aino", "chiara", "ilze", "jonas"},
    "network:invite-again": {"aino", "chiara", "jonas"},
    "network:withdraw-invitation": {"aino", "chiara", "jonas"},
    "network:end-membership": {"aino"},
    "network:edit-figure": {"aino", "mihai"},
    "network:edit-organisation": {"aino"},
    "network:add-representation": {"aino"},
    "network:end-representation": {"aino"},
    "review:cycle": {"aino"},
    "review:add-cities": {"aino"},
    "review:remind-late": {"aino"},
    "review:extend-review": {"aino"},
    "review:experts": {"aino"},
    "review:release-expert": {"aino"},
    "review:settle-query": {"mihai", "chiara", "piotr", "greta", "jonas", "aino"},
    "review:take-out": {"aino"},
}
"""Who gets 404 instead of 403."""

ASKED_AGAIN = {
    "account_reauthenticate",
    # A recent proof that it is really they: allauth sends everybody on to give it.
    "account_change_password",
    "account_confirm_email",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
"""Pages of the sign-in that need more than being signed in; `tests/apps/accounts` walks them."""


def make_things(row):
    """What the rows name. Reviews take a while, and so are there only where one is asked for."""
    network = make_network()
    riga, ravenna, graz = (make_city(slug) for slug in ("riga", "ravenna", "graz"))
    for city in (riga, ravenna):
        Membership.objects.create(city=city, network=network, since=date(2015, 1, 1), source_name="A site")
    if row.name.startswith("review:"):
        make_review(riga, state=State.PUBLISHED)
        make_review(graz, state=State.VALIDATED)
    give("mihai", Kind.COORDINATOR, network)
    give("ilze", Kind.OFFICER, riga)
    give("andris", Kind.CONTRIBUTOR, riga)
    filling = make_review_being_filled(riga) if row.name.startswith("review:") else {}
    returned = make_returned_review(riga) if RETURNED & {*row.about} else {}
    give("chiara", Kind.OFFICER, ravenna)
    give("nuria", Kind.EXPERT, network)
    give("jonas", Kind.OFFICER, graz)
    north = Network.objects.create(
        slug="north",
        name=LocalText("en", {"en": "North"}),
        starts_on=date(2015, 1, 1),
        ends_on=date(2040, 1, 1),
        source_name="A site",
    )
    Role.objects.create(
        person=person_of("aino"), kind=Kind.COORDINATOR, network=north, since=date(2015, 1, 1)
    )
    figures = {
        f"figure of {city.slug}": CityFact.objects.create(
            city=city,
            topic=Topic.POPULATION,
            figure=1000,
            unit=Unit.INHABITANTS,
            year=2020,
            source_name="A census",
        ).pk
        for city in (riga, graz)
    }
    institute = Organisation.objects.create(slug="institute", name=LocalText("en", {"en": "Institute"}))
    tie = Tie.objects.create(
        person=make_person("nuria"),
        city=graz,
        work="A study",
        since=date(2010, 1, 1),
        declared_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    acting = Representation.objects.create(organisation=institute, city=riga, since=date(2020, 1, 1))
    return {
        "person in riga": make_person("andris").pk,
        "notices of andris": make_person("andris").leave_notices_url.split("/")[-2],
        "person in ravenna": make_person("chiara").pk,
        "role in riga": Role.objects.get(person=make_person("andris")).pk,
        "role in the network": Role.objects.get(person=make_person("nuria")).pk,
        "representation": acting.pk,
        "tie of nuria": tie.pk,
        "membership of riga": riga.memberships.get().pk,
        **figures,
        **filling,
        **returned,
    }


def make_review_being_filled(city):
    """Riga's next review: Andris has one area, and Dace has another one by a personal link."""
    review = make_review(city, make_sheet([None] * 8, year=2024), state=State.FILLING)
    about = {"by": make_person("ilze"), "review": review, "message": "", "at": timezone.now()}
    given = delegate_area(area="education", colleague=make_person("andris"), **about)
    link = delegate_by_link(
        area="health",
        email="dace@example.org",
        name="Dace",
        language="lv",
        until=timezone.localdate(),
        **about,
    )
    return {
        "cycle of riga": review.cycle_id,
        "review of riga": review.pk,
        "assignment of andris": given.pk,
        "sheet of ilze": bring_back_a_sheet(review).pk,
        "assignment by link": review.assignments.get(area="health").pk,
        "token of a link": link.split("/")[-2],
        **{f"evidence in {area}": add_file(review, area).pk for area in ("education", "health")},
    }


def make_returned_review(city):
    """Riga's review after the next, which Nuria checks: she asks about the area that Andris had."""
    review = make_review(city, make_sheet(year=2025), state=State.FILLING)
    ilze = make_person("ilze")
    delegate_area(
        by=ilze,
        review=review,
        area="education",
        colleague=make_person("andris"),
        message="",
        at=timezone.now(),
    )
    sign_review(person=ilze, review=review, content_hash=review.content_hash(), at=timezone.now())
    about = {"expert": appoint(review), "review": review, "at": timezone.now()}
    query = ask(question="education-score", text="Of which year?", **about)
    finding = conclude(review)
    show_draft(message="", **about)
    return_review(message="", **about)
    return {
        "finding about education": finding.pk,
        "returned review of riga": review.pk,
        "appointment of nuria": review.appointments.get().pk,
        "query about education": query.pk,
    }


def add_file(review, area):
    return add_evidence(
        place=open_area(review, area, make_person("ilze")),
        question=f"{area}-score",
        source=check_upload(upload(make_pdf() + area.encode(), "plan.pdf")),
        kind=EvidenceKind.FILE,
        title="",
        dated_on=None,
        language="",
        is_public=False,
        at=timezone.now(),
    )


def bring_back_a_sheet(review):
    filled = FilledSheet(review.framework, make_sheet(year=2024), {})
    return bring_back(person=make_person("ilze"), review=review, filled=filled, at=timezone.now())


def person_of(key):
    if key == "aino":
        return Person.objects.get_or_create(email="aino@example.org", defaults={"name": "Aino"})[0]
    return make_person(key)


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def test_every_address_has_a_row():
    names = set(_names(get_resolver()))

    assert len(names) > 50
    assert names - {row.name for row in ROWS} - ASKED_AGAIN == set()
    assert ({row.name for row in ROWS} | ASKED_AGAIN) - names == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join((row.name, *row.about)))
def test_the_right_people_get_the_page(row):
    things = make_things(row)
    address = reverse(row.name, args=[things.get(each, each) for each in row.about])
    found = {}
    for who in EVERYBODY:
        client = Client()
        if who != "visitor":
            client.force_login(person_of(who))
        answer = getattr(client, row.method)(address, row.data)
        if answer.streaming:
            # Read to its end, a file is closed.
            b"".join(answer.streaming_content)
        found[who] = answer.status_code

    expected = {who: row.expected(who) for who in EVERYBODY}
    for who in HIDDEN.get(row.name, set()) - set(row.may):
        expected[who] = 404
    assert found == expected


WRITING = [row for row in ROWS if row.name.startswith(("network:", "review:")) and row.method == "get"]


@pytest.mark.parametrize("row", WRITING, ids=lambda row: " ".join((row.name, *row.about)))
def test_whoever_may_not_see_a_form_may_not_send_it(row):
    things = make_things(row)
    address = reverse(row.name, args=[things.get(each, each) for each in row.about])
    found = {}
    for who in set(EVERYBODY) - set(row.may):
        client = Client()
        if who != "visitor":
            client.force_login(person_of(who))
        found[who] = client.post(address, {}).status_code

    hidden = HIDDEN.get(row.name, set())
    expected = {who: 404 if who in hidden else row.expected(who) for who in found}
    # Pages that show only take nothing from anybody.
    assert found == expected or set(found.values()) <= {302, 405}


@pytest.mark.parametrize("name", sorted(ASKED_AGAIN))
def test_a_visitor_gets_none_of_the_pages_that_ask_for_a_proof(client, name):
    args = {"mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1], "account_confirm_email": ["wrong-key"]}
    answer = client.get(reverse(name, args=args.get(name)))

    if name == "account_confirm_email":
        # A link of a mail, opened where one is not signed in: it says that it does not fit.
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/en/account/sign-in/")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join((row.name, *row.about)))
def test_nothing_is_changed_by_a_form_from_elsewhere(row):
    """Without the mark of our own forms the answer is 403, or 405 where nothing can be sent at all."""
    things = make_things(row)
    address = reverse(row.name, args=[things.get(each, each) for each in row.about])
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(row.may[0] if row.may and row.may[0] != "visitor" else "mihai"))

    assert client.post(address, row.data).status_code in (403, 405)
