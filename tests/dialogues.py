"""Consultations that tests are about. A test states only what matters to it."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from tests.builders import make_city
from tests.people import make_officer

from tessera.apps.dialogue.actions.moderation import seed_statement
from tessera.apps.dialogue.actions.setting_up import (
    Plan,
    PlannedPhase,
    close_consultation,
    open_consultation,
    prepare_consultation,
)
from tessera.apps.dialogue.actions.taking_part import Entrance, cast_vote, say
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.lifecycle import ENDED, State
from tessera.apps.dialogue.limits import Origin
from tessera.apps.dialogue.models import Choice, Consultation, Rule
from tessera.apps.network.local_text import LocalText

OPENED_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 2)
LAST_DAY = date(2026, 11, 30)
DAY = date(2026, 11, 10)
SEEDS = (
    "Newcomers find a language course in their part of the city.",
    "The city's pages tell newcomers where to begin.",
    "My neighbours know me by name.",
    "A person who speaks my language helps me at the town hall.",
    "Employers here recognise what people learned abroad.",
)


def words(text, **others):
    """A text written in English, and put into other languages."""
    return LocalText("en", {"en": text, **others})


def make_plan(
    *, languages=("en",), rule=Rule.SAY_AND_VOTE, phases=None, has_open_link=True, kept_days=365, brief=()
):
    def everywhere(text):
        return LocalText(languages[0], {code: f"{text} ({code})" for code in languages})

    return Plan(
        title=everywhere("Arriving in the city"),
        asked_by=everywhere("The city asks, because it writes its strategy."),
        what_follows=everywhere("The city answers each theme."),
        contact=everywhere("Room 12, Monday to Friday."),
        languages=languages,
        phases=phases or [PlannedPhase(rule, FIRST_DAY, LAST_DAY)],
        has_open_link=has_open_link,
        kept_days=kept_days,
        review=None,
        findings=[],
        areas=brief,
    )


def make_consultation(city, *, state=State.OPEN, slug="arriving", seeds=SEEDS, at=OPENED_AT, **plan):
    """As Ilze, officer of the city, prepared it with statements of the city's own, opened it or closed it.

    Nobody wrote themes or an answer for one that is summed up or answered: tests/apps/dialogue/summed_up.py.
    """
    officer = make_officer("ilze", city)
    consultation = prepare_consultation(
        by=officer, city=city, slug=slug, plan=make_plan(**plan), invented=True, at=at
    )
    for seed in seeds:
        seed_statement(by=officer, consultation=consultation, text=words(seed), at=at)
    if state is not State.DRAFT:
        open_consultation(by=officer, consultation=consultation, at=at)
    if state in ENDED:
        close_consultation(by=officer, consultation=consultation, reason="Enough was said.", at=at)
    if state in ENDED[1:]:
        put_in_state(consultation, state, at.date())
    return Consultation.objects.get(pk=consultation.pk)


def put_in_state(consultation, state, day=None):
    """In a state, without what leads there: only what the database asks for."""
    dates = ("closed_on", "synthesised_on", "answered_on")[: ENDED.index(state) + 1 if state in ENDED else 0]
    said = dict.fromkeys(dates, day or timezone.localdate())
    Consultation.objects.filter(pk=consultation.pk).update(state=state, **said)
    return Consultation.objects.get(pk=consultation.pk)


def make_entrance(code=None, *, language="en", address="192.0.2.1", program="A phone", link_token=""):
    """The way in of somebody, with a new code unless a test gives one."""
    return Entrance(code or make_code(), language, Origin(address, program), link_token)


def make_key(number):
    """That of an act: the same for the same number."""
    return f"{number:016x}"


def vote(consultation, statement, choice=Choice.AGREE, *, entrance=None, key=1, day=DAY):
    """Somebody votes; somebody new, unless a test says who."""
    return cast_vote(
        consultation=consultation,
        entrance=entrance or make_entrance(),
        statement=statement.pk,
        choice=choice,
        key=make_key(key),
        day=day,
    )


def speak(consultation, text, *, entrance=None, key=1, day=DAY):
    """Somebody says something of their own, which then waits."""
    return say(
        consultation=consultation,
        entrance=entrance or make_entrance(),
        text=text,
        key=make_key(key),
        day=day,
    )


TODAY = timezone.localdate()


def hold_consultation(city=None, *, rule=Rule.SAY_AND_VOTE, begins=-8, ends=20, **about):
    """One whose only phase runs from and to so many days from today, for pages, which know the real day."""
    phases = [PlannedPhase(rule, TODAY + timedelta(days=begins), TODAY + timedelta(days=ends))]
    return make_consultation(city or make_city(), at=timezone.now(), phases=phases, **about)
