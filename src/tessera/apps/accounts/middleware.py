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

    Only a page that no cache may keep renews it. A public page would else be sent with a cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        private = "no-store" in response.headers.get("Cache-Control", "")
        if private and request.user.is_authenticated:
            now = time.time()
            if now - request.session.get(STAMP, 0) > AN_HOUR:
                request.session[STAMP] = now
                key = request.session.session_key
                UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
        return response

    return middleware
