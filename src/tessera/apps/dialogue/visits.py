"""Somebody on a page of a consultation: what they hold, and what they can do today."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tessera.apps.dialogue.access import find_participant, find_unused_link
from tessera.apps.dialogue.actions.taking_part import Entrance, NoLink
from tessera.apps.dialogue.codes import make_code, tidy_code
from tessera.apps.dialogue.languages import Language
from tessera.apps.dialogue.limits import Origin
from tessera.apps.dialogue.models import Consultation, Participant, Phase
from tessera.apps.dialogue.refusals import WrongForm

LONGEST_COOKIE = timedelta(days=90)
"""A phone is passed on or sold; the code on paper lasts longer."""


@dataclass
class Visit:
    request: HttpRequest
    consultation: Consultation
    language: Language
    day: date

    @cached_property
    def kept_code(self) -> str | None:
        """What their device holds."""
        return tidy_code(self.request.COOKIES.get(_code_cookie(self.consultation), ""))

    @cached_property
    def _given_code(self) -> str | None:
        # A vote that waited on a shared tablet goes to whoever gave it, and not to whoever holds it now.
        return tidy_code(self.request.POST.get("code", "")) or self.kept_code

    @cached_property
    def code(self) -> str:
        """The code that they gave or their device holds; else a new one, which is nobody's yet."""
        return self._given_code or make_code()

    @cached_property
    def participant(self) -> Participant | None:
        return find_participant(self.consultation, self._given_code) if self._given_code else None

    @cached_property
    def phase(self) -> Phase | None:
        return self.consultation.phase_on(self.day)

    @property
    def next_phase(self) -> Phase | None:
        return self.consultation.next_phase_after(self.day)

    @property
    def takes_votes(self) -> bool:
        return self.phase is not None and self.phase.takes_votes

    @property
    def takes_statements(self) -> bool:
        return self.phase is not None and self.phase.takes_statements

    @property
    def asks_about_oneself(self) -> bool:
        return self.consultation.attributes.exists()

    @cached_property
    def may_join(self) -> bool:
        """Whether they take part already, or could."""
        if self.consultation.has_open_link or self.consultation.is_tried_out or self.participant is not None:
            return True
        return bool(self._link_token) and find_unused_link(self.consultation, self._link_token) is not None

    def check_may_join(self) -> None:
        """Raises NoLink for those from whom nothing would be taken, before they write anything."""
        if not self.may_join:
            raise NoLink(f"{self.consultation} is for people with a link of their own.")

    @property
    def entrance(self) -> Entrance:
        address = get_adapter().get_client_ip(self.request)
        origin = Origin(address, self.request.headers.get("User-Agent", ""))
        return Entrance(self.code, self.language.code, origin, self._link_token)

    @property
    def _link_token(self) -> str:
        return self.request.COOKIES.get(_link_cookie(self.consultation), "")

    def number(self, name: str) -> int:
        """A number of a statement in a form. Raises WrongForm where it is none."""
        found = read_numbers(self.request.POST.get(name, ""))
        if len(found) != 1:
            raise WrongForm(f"{name} names no statement.")
        return found[0]

    # What their device holds

    def keep_code(self, response: HttpResponse, code: str) -> None:
        """Let the device hold a code; a link for one person, by which they came, has done its work."""
        left = (self.consultation.last_day or self.day) + timedelta(days=1) - self.day
        # Once it is over, until the browser is closed: long enough to read, or to withdraw.
        lasting = min(left, LONGEST_COOKIE) if left > timedelta(0) else None
        _set_cookie(response, _code_cookie(self.consultation), code, lasting)
        if self._link_token:
            response.delete_cookie(_link_cookie(self.consultation), samesite="Lax")

    def keep_link(self, response: HttpResponse, token: str) -> None:
        """Let the device hold a link for one person, who is somebody new."""
        self.forget(response)
        _set_cookie(response, _link_cookie(self.consultation), token, LONGEST_COOKIE)

    def forget(self, response: HttpResponse) -> None:
        """Let the device hold nothing of this consultation."""
        for name in (_code_cookie(self.consultation), _link_cookie(self.consultation)):
            if name in self.request.COOKIES:
                response.delete_cookie(name, samesite="Lax")


def read_trial_token(request: HttpRequest, slug: str) -> str:
    """Of the trial of a consultation, where the device came by its link; else nothing."""
    return request.COOKIES.get(_trial_cookie(slug), "")


def keep_trial_token(response: HttpResponse, slug: str, token: str) -> None:
    _set_cookie(response, _trial_cookie(slug), token, LONGEST_COOKIE)


def forget_trial_token(response: HttpResponse, slug: str) -> None:
    response.delete_cookie(_trial_cookie(slug), samesite="Lax")


_NUMBER = re.compile("[0-9]{1,18}", re.ASCII)
MOST_NUMBERS = 100
"""More than anybody puts off; an address has no room for many more."""


def read_numbers(written: str) -> list[int]:
    """Numbers of statements, with commas between them. What is none, or too large for one, is left out.

    Examples
    --------
    >>> read_numbers("3,12,x,-1"), read_numbers("")
    ([3, 12], [])
    """
    parts = written.split(",", MOST_NUMBERS)[:MOST_NUMBERS]
    return [int(part) for part in parts if _NUMBER.fullmatch(part)]


def _set_cookie(response: HttpResponse, name: str, value: str, lasting: timedelta | None) -> None:
    response.set_cookie(
        name, value, max_age=lasting, secure=not settings.ON_LOOPBACK, httponly=True, samesite="Lax"
    )


def _code_cookie(consultation: Consultation) -> str:
    return f"{settings.COOKIE_PREFIX}part-{consultation.pk}"


def _link_cookie(consultation: Consultation) -> str:
    return f"{settings.COOKIE_PREFIX}link-{consultation.pk}"


def _trial_cookie(slug: str) -> str:
    return f"{settings.COOKIE_PREFIX}trial-{slug}"
