"""What a browser sends is cut off before it can fill the disk."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps no more of a file than we take, and still tells its true size, so that a form can refuse it."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.MAX_FILE_BYTES:
            super().receive_data_chunk(raw_data, start)


def refuse_large_bodies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer before anything of a huge request is read. Django reads no more of one than it declares."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > settings.MAX_BODY_BYTES:
            context = {"limit_bytes": settings.MAX_FILE_BYTES}
            return render(request, "records/too_large.html", context, status=413)
        return get_response(request)

    return middleware
