import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

AN_HOUR = 3600
STAMP = "renewed_at"


def renew_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a session run on while it is used: its fortnight begins anew, at most once an hour.

    Only a page that no cache may keep renews it, and that asked who somebody is. A public page would else be
    sent with a cookie; and when somebody takes part in a consultation would stand beside their name.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Nor does one that says what broke: it may be the database, which knows the person.
        private = "no-store" in response.headers.get("Cache-Control", "") and response.status_code < 500
        if private and request.session.accessed and request.user.is_authenticated:
            now = time.time()
            if now - request.session.get(STAMP, 0) > AN_HOUR:
                request.session[STAMP] = now
                key = request.session.session_key
                UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
        return response

    return middleware
