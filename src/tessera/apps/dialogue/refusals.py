"""What residents are told when something is not taken from them. The words stand in `_refusal.html`."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from tessera.apps.dialogue.actions.about_oneself import NotTakingPart, WrongDeclaration
from tessera.apps.dialogue.actions.appeals import AppealedAlready, NotHidden, WrongAppeal
from tessera.apps.dialogue.actions.taking_part import (
    NoLink,
    NotNow,
    NotShown,
    TooManyStatements,
    WrongKey,
    WrongStatement,
)
from tessera.apps.dialogue.limits import TooManyJoined

AN_HOUR = 3600
"""By then somebody may be in another network; the count itself begins anew with the day."""


class FromElsewhere(Exception):
    """A form was sent from a page that is not ours."""


class TrialOver(Exception):
    """What came is from a page of the trial, and the consultation is open meanwhile, or closed."""


class WrongForm(ValueError):
    """What came lacks something that every form of ours has."""


@dataclass(frozen=True)
class Refusal:
    word: str
    """By which the template chooses its sentences, and a program its next step."""
    status: int
    retry_after_seconds: int | None = None


NOT_FOUND = Refusal("not-found", 404)
REFUSALS: Mapping[type[Exception], Refusal] = {
    AppealedAlready: Refusal("appealed-already", 409),
    FromElsewhere: Refusal("from-elsewhere", 403),
    Http404: NOT_FOUND,
    NoLink: Refusal("no-link", 403),
    NotHidden: Refusal("not-hidden", 409),
    NotNow: Refusal("not-now", 409),
    NotShown: Refusal("not-shown", 409),
    NotTakingPart: Refusal("not-taking-part", 409),
    TooManyJoined: Refusal("too-many-joined", 429, AN_HOUR),
    TooManyStatements: Refusal("too-many-statements", 409),
    TrialOver: Refusal("trial-over", 409),
    WrongAppeal: Refusal("wrong-length", 422),
    WrongDeclaration: Refusal("wrong-form", 422),
    WrongForm: Refusal("wrong-form", 422),
    WrongKey: Refusal("wrong-form", 422),
    WrongStatement: Refusal("wrong-length", 422),
}


def refuse_from_elsewhere(request: HttpRequest) -> None:
    """Raises FromElsewhere for a form that another site sent in the name of whoever looks at it.

    These pages keep no secret in a cookie against which a form could be held. The browser says where a form
    comes from. One that is too old to say it sends our cookies with no form from elsewhere; but it would keep
    the code that such a form brings, and its sender could read what somebody answers under it. It names the
    page that it comes from, unless it was told not to.
    """
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise FromElsewhere(f"Sec-Fetch-Site: {site[:40]}")
    ours = f"{request.scheme}://{request.get_host()}"
    if origin is not None and origin != ours:
        raise FromElsewhere(f"Origin: {origin[:200]}")
    referrer = request.headers.get("Referer")
    if site is None and origin is None and referrer is not None and not referrer.startswith(f"{ours}/"):
        raise FromElsewhere(f"Referer: {referrer[:200]}")
