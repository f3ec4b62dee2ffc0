from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from tessera.apps.records.files.disk import open_content
from tessera.apps.records.models import StoredFile


def serve_file(request: HttpRequest, stored: StoredFile, *, kept_seconds: int = 0) -> HttpResponseBase:
    """The file as something to save, never to show. The view asks before who may have it.

    `kept_seconds` says how long anybody may keep a copy of a public file; 0 for one that is not public. Of an
    erased file there is nothing to serve: raises FileNotFoundError.
    """
    if stored.erased_at is not None:
        raise FileNotFoundError(f"{stored.key} was erased.")
    etag = quote_etag(stored.sha256)
    # Asked before the file is opened, since nobody would close it.
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or FileResponse(
        open_content(stored.key), as_attachment=True, filename=stored.name, content_type=stored.kind
    )
    response.headers["ETag"] = etag
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = (
        f"public, max-age={kept_seconds}" if kept_seconds else "private, no-store"
    )
    return response
