from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from tessera.apps.accounts.access import has_second_factor
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import must_use_second_step

# Features of the browser that are off on every page, unless its view asks for one in this very header.
_SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)


def isolate(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the headers that Django has no setting for: who may embed our files, what a page may ask for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        asked = response.headers.get("Permissions-Policy", "")
        off = [f"{feature}=()" for feature in _SWITCHED_OFF if feature not in asked]
        response.headers["Permissions-Policy"] = ", ".join([*off, asked] if asked else off)
        return response

    return middleware


def ask_for_second_step(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send whoever holds a role with access to what is not public to set up a second step of the sign-in.

    Everything behind the sign-in stands under the address of one's work; public pages know no person.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SECOND_STEP_REQUIRED and request.path.startswith(reverse("web:work")):
            person = request.user
            if (
                isinstance(person, Person)
                and must_use_second_step(person, timezone.localdate())
                and not has_second_factor(person)
            ):
                return redirect("mfa_index")
        return get_response(request)

    return middleware


def keep_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No cache keeps an answer about a person: a page of one's work or account, nor a refusal with a name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith((reverse("web:work"), reverse("accounts:own"))):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware
