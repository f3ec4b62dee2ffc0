"""A consultation that is tried out while it is prepared."""

from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.people import make_person

from tessera.apps.dialogue.access import find_consultation_to_try_out
from tessera.apps.dialogue.actions.trial import make_trial_link


def make_token(consultation, *, by="ilze"):
    return make_trial_link(by=make_person(by), consultation=consultation, at=timezone.now())


def try_out(consultation):
    """The consultation as it is for whoever came by a link of its trial."""
    return find_consultation_to_try_out(consultation.slug, make_token(consultation))


def phone_in_trial(consultation, token=None, **about):
    """A phone that opened the link of a trial, and the page to which that led."""
    phone = Phone(consultation, **about)
    page = phone.visit(
        reverse("take_part:trial-link", args=[consultation.slug, token or make_token(consultation)])
    )
    return phone, page
