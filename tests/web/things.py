"""What the rows of the access matrix name, made once for all rows that need the same."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from tests.apps.dialogue.asking_about_oneself import hold_asking
from tests.apps.dialogue.finished import finish, people_of
from tests.apps.dialogue.panels import begin, close, make_panel, rate
from tests.apps.dialogue.rooms import hold, name_stakeholder, note
from tests.apps.dialogue.sessions_and_notes import make_code, make_excerpt, rest_theme_on
from tests.apps.dialogue.sheets import make_sheet as make_paper
from tests.apps.dialogue.summed_up import decide, hold_and_end, write
from tests.apps.dialogue.summed_up import publish as publish_themes
from tests.apps.records.given_files import make_pdf, upload
from tests.builders import (
    appoint,
    conclude,
    make_city,
    make_finding,
    make_review,
    make_sheet,
    open_area,
    publish,
    validate,
)
from tests.dialogues import TODAY, hold_consultation, speak, words
from tests.people import give, make_network, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.appeals import appeal
from tessera.apps.dialogue.actions.contacts import keep_contact
from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.priority_areas import add_priority_area
from tessera.apps.dialogue.actions.setting_up import choose_facilitators, make_own_links
from tessera.apps.dialogue.actions.stewardship import name_steward
from tessera.apps.dialogue.jobs import publish_groups, publish_tables
from tessera.apps.dialogue.lifecycle import State as ConsultationState
from tessera.apps.dialogue.models import BriefItem, HidingReason, Purpose
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
from tessera.apps.review.actions.sharing import agree_to_comparison
from tessera.apps.review.actions.sheets import bring_back
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import EvidenceKind, Review
from tessera.frameworks.sheets.read import FilledSheet

NAMED = {
    "returned": {"returned review of riga", "appointment of nuria", "query about education"},
    "compared": {"compared cycle", "compared review of riga"},
    "published": {"published review of riga", "published file"},
    "finished": {"over", "finished consultation", "appeal that only ilze answers"},
    "heard": {
        *("heard consultation", "session", "empty session", "participant", "note", "marked note", "excerpt"),
        *("code", "stakeholder", "contact slip", "theme", "area", "sheet", "panel", "running panel"),
        *("panel with comments", "token of a member", "heard", "statement about riga"),
    },
    "summed up": {"summed-up", "summed up consultation", "finished theme", "counted consultation"},
}
"""What is made only for rows that name some of it."""


def kit_of(row):
    """Which parts of all that there is a row needs. Reviews take a while, and so not every row has them."""
    kit = {part for part, named in NAMED.items() if named & {*row.about}}
    kit |= {"reviews"} if row.name.startswith("review:") else set()
    kit |= {"consultations"} if row.name.startswith(("dialogue:", "results:", "take_part:")) else set()
    # pytest makes a thing anew unless it is asked for by the very same object.
    return _KITS.setdefault(frozenset(kit), frozenset(kit))


_KITS = {}


def rows_with_things(rows):
    """Each row as a test of its own, with the fixture `things`: rows that need the same follow each other."""
    ordered = sorted(rows, key=lambda row: sorted(kit_of(row)))
    given = [pytest.param(kit_of(row), row, id=" ".join((row.name, *row.about))) for row in ordered]
    return pytest.mark.parametrize(("things", "row"), given, indirect=["things"])


def make_things(kit):
    """What rows name, by the names that stand in them."""
    network = make_network()
    riga, ravenna, graz = (make_city(slug) for slug in ("riga", "ravenna", "graz"))
    for city in (riga, ravenna):
        Membership.objects.create(city=city, network=network, since=date(2015, 1, 1), source_name="A site")
    if "reviews" in kit:
        make_review(riga, state=State.PUBLISHED)
        make_review(graz, state=State.VALIDATED)
    give("mihai", Kind.COORDINATOR, network)
    give("ilze", Kind.OFFICER, riga)
    give("andris", Kind.CONTRIBUTOR, riga)
    filling = make_review_being_filled(riga) if "reviews" in kit else {}
    returned = make_returned_review(riga) if "returned" in kit else {}
    compared = make_compared_review(riga) if "compared" in kit else {}
    published = make_published_review(riga) if "published" in kit else {}
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
    consulted = make_consultations(riga) if "consultations" in kit else {}
    finished = make_finished_consultation(riga) if "finished" in kit else {}
    heard = make_heard_consultation(riga) if "heard" in kit else {}
    summed_up = make_summed_up_consultations(riga) if "summed up" in kit else {}
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
        "role in riga": Role.objects.get(person=make_person("andris"), kind=Kind.CONTRIBUTOR).pk,
        "role in the network": Role.objects.get(person=make_person("nuria")).pk,
        "representation": acting.pk,
        "tie of nuria": tie.pk,
        "membership of riga": riga.memberships.get().pk,
        **figures,
        **filling,
        **returned,
        **compared,
        **published,
        **consulted,
        **finished,
        **heard,
        **summed_up,
    }


def make_consultations(city):
    """One that is open, in which somebody has said something; and one that could be opened. Both ask."""
    now = timezone.now()
    asking = hold_asking(city, begins=0, ends=7)
    own = [("Do you work?", "Yes", "No")]
    ready = hold_asking(city, slug="ready", begins=0, ends=7, own=own, state=ConsultationState.DRAFT)
    ilze, andris = make_person("ilze"), give("andris", Kind.FACILITATOR, city)
    choose_facilitators(by=ilze, consultation=asking, people=[andris], at=now)
    [token] = make_own_links(by=ilze, consultation=asking, count=1, at=now)
    shipped_question, own_question = ready.attributes.order_by("pk")
    return {
        "consultation": asking.pk,
        "prepared consultation": ready.pk,
        "statement of the city": asking.statements.first().pk,
        "statement that waits": speak(asking, "More benches.", day=timezone.localdate()).pk,
        "token for one person": token,
        "question": asking.attributes.get().pk,
        "shipped question": shipped_question.pk,
        "own question": own_question.pk,
        "appeal": appeal_in(asking).pk,
        "stewardship": name_andris(asking).pk,
    }


def make_finished_consultation(city):
    """One that is over and counted, which Ilze keeps alone; but Andris may take its votes."""
    over = hold_asking(city, slug="over", begins=0, ends=7)
    people_of(over, [[1] * 5] * 12)
    kept = appeal_in(over)
    name_andris(over)
    finish(over)
    publish_tables(timezone.localdate())
    publish_groups(timezone.localdate())
    return {
        "finished consultation": over.pk,
        "finished question": over.attributes.get().pk,
        "appeal that only ilze answers": kept.pk,
    }


def make_heard_consultation(city):
    """One that is open, with all that is said in rooms and on paper, its codes, a theme and panels."""
    ilze, now = make_person("ilze"), timezone.now()
    heard = give_to_hearers(hold_consultation(city, slug="heard"))
    library = name_stakeholder(heard, "Readers of the library")
    session, empty = hold(heard, people=2, stakeholder=library), hold(heard, consented=False, title="Youth")
    plain, marked = note(session, speaker="P1"), note(session, "We wait for a year. Why?", key=2)
    excerpt = make_excerpt(marked, "We wait for a year.")
    panel, running, commented = (make_panel(heard) for _ in range(3))
    for each in (running, commented):
        begin(each)
    rate(commented, [[9, 1, 5]], comments={(0, 0): "My aunt learned here."})
    close(commented)
    slip = keep_contact(
        by=ilze,
        consultation=heard,
        purpose=Purpose.choices[0][0],
        name="Anna",
        way="anna@example.org",
        language="lv",
        until=TODAY,
        at=now,
    )
    area = add_priority_area(by=ilze, city=city, name=words("Trams"), at=now)
    return {
        "heard consultation": heard.pk,
        "statement about riga": heard.statements.first().pk,
        "session": session.pk,
        "empty session": empty.pk,
        "participant": session.participants.first().pk,
        "note": plain.pk,
        "marked note": marked.pk,
        "excerpt": excerpt.pk,
        "code": make_code(heard, "waiting").pk,
        "stakeholder": library.pk,
        "contact slip": slip.pk,
        "theme": rest_theme_on(excerpt).pk,
        "area": area.pk,
        "sheet": make_paper(heard, at=now).pk,
        "panel": panel.pk,
        "running panel": running.pk,
        "panel with comments": commented.pk,
        "token of a member": running.tokens[0],
    }


def make_summed_up_consultations(city):
    """One whose themes could be published; and one whose themes are, and about which all is decided."""
    counted, over = (
        hold_and_end(city, slug=slug, said=("Lamps.", "Trams.")) for slug in ("counted", "summed-up")
    )
    for each in (counted, over):
        write(each, statements=each.statements.filter(is_seeded=False)[:1])
    over = publish_themes(give_to_hearers(over))
    decide(over)
    return {
        "counted consultation": counted.pk,
        "summed up consultation": over.pk,
        "finished theme": over.themes.get().pk,
    }


def give_to_hearers(consultation):
    """Andris facilitates it, and it takes up a finding of a review that Nuria took on."""
    andris = give("andris", Kind.FACILITATOR, consultation.city)
    choose_facilitators(by=make_person("ilze"), consultation=consultation, people=[andris], at=timezone.now())
    consultation.review = make_review(consultation.city, make_sheet(year=2027), state=State.IN_REVIEW)
    consultation.save(update_fields=["review"])
    finding = make_finding(consultation.review, "Newcomers wait long.")
    BriefItem.objects.create(consultation=consultation, finding=finding)
    return consultation


def appeal_in(consultation):
    """Somebody asks to look again at a statement that Ilze hid."""
    about = {"reason": HidingReason.PERSONAL, "at": timezone.now()}
    statement = speak(consultation, "Lamps in Lime Street.", day=timezone.localdate())
    hide_statement(by=make_person("ilze"), statement=statement, **about)
    return appeal(
        participant=statement.author,
        statement=statement,
        words="It is only a street.",
        language="en",
        day=timezone.localdate(),
    )


def name_andris(consultation):
    return name_steward(
        by=make_person("ilze"),
        consultation=consultation,
        person=give("andris", Kind.FACILITATOR, consultation.city),
        purpose="To count again.",
        at=timezone.now(),
    )


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


def make_compared_review(city):
    """Riga's review of 2022, which Nuria validated, and which the city lets others compare."""
    review = validate(make_review(city, make_sheet(year=2022), state=State.SUBMITTED))
    agree_to_comparison(person=make_person("ilze"), review=review, at=timezone.now())
    return {"compared cycle": review.cycle_id, "compared review of riga": review.pk}


def make_published_review(city):
    """With a file that anybody can have. Nuria checked it."""
    review = make_review(city, make_sheet(year=2026), state=State.FILLING)
    piece = add_file(review, "education", is_public=True)
    ilze = make_person("ilze")
    review = Review.objects.get(pk=review.pk)
    sign_review(person=ilze, review=review, content_hash=review.content_hash(), at=timezone.now())
    publish(validate(review))
    return {"published review of riga": review.pk, "published file": piece.pk}


def add_file(review, area, *, is_public=False):
    return add_evidence(
        place=open_area(review, area, make_person("ilze")),
        question=f"{area}-score",
        source=check_upload(upload(make_pdf() + area.encode(), "plan.pdf")),
        kind=EvidenceKind.FILE,
        title="",
        dated_on=None,
        language="",
        is_public=is_public,
        at=timezone.now(),
    )


def bring_back_a_sheet(review):
    filled = FilledSheet(review.framework, make_sheet(year=2024), {})
    return bring_back(person=make_person("ilze"), review=review, filled=filled, at=timezone.now())


def person_of(key):
    if key == "aino":
        return Person.objects.get_or_create(email="aino@example.org", defaults={"name": "Aino"})[0]
    return make_person(key)
