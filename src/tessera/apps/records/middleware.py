from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tessera.apps.records.acting import acting_in


def know_who_acts(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let each entry of the trail say who acts.

    The visitor's address is not kept, and no header that a visitor may fill.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting_in(request):
            return get_response(request)

    return middleware
