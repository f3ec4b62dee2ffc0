from django.http import FileResponse

from tessera.apps.records.files.disk import open_content
from tessera.apps.records.models import StoredFile


def serve_file(stored: StoredFile) -> FileResponse:
    """The file as something to save, never to show. The view asks before who may have it."""
    response = FileResponse(
        open_content(stored.key), as_attachment=True, filename=stored.name, content_type=stored.kind
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["ETag"] = f'"{stored.sha256}"'
    return response
