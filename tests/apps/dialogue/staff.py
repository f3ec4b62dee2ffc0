"""Staff at the pages of a consultation, and a consultation that runs today."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.dialogues import make_consultation
from tests.people import give, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.setting_up import PlannedPhase, choose_facilitators
from tessera.apps.dialogue.models import Rule
from tessera.apps.network.models import Kind


def today():
    return timezone.localdate()


def days(first, last, rule=Rule.SAY_AND_VOTE):
    """A phase from so many days after today until so many."""
    return PlannedPhase(rule, today() + timedelta(days=first), today() + timedelta(days=last))


def make_running(city, *, phases=None, **about):
    """One that began a week ago and goes on for another, unless a test gives other days."""
    running = make_consultation(city, phases=phases or [days(-7, 7)], at=timezone.now(), **about)
    Person.objects.update(language="en")
    return running


def give_to(key, consultation):
    """The person as facilitator of the city, who was given the consultation."""
    person = give(key, Kind.FACILITATOR, consultation.city)
    choose_facilitators(by=make_person("ilze"), consultation=consultation, people=[person], at=timezone.now())
    return person


def browser_of(who):
    browser = Client()
    if who != "visitor":
        browser.force_login(make_person(who))
    return browser


def page_of(who, address):
    answer = browser_of(who).get(address)
    assert answer.status_code == 200
    return answer.content.decode()
