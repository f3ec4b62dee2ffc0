from contextlib import ExitStack, closing
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from django.urls import path
from tests.apps.records.given_files import make_file, make_pdf, upload

from tessera.apps.records.files.serving import serve_file
from tessera.apps.records.files.storing import check_upload, store_file
from tessera.apps.records.models import StoredFile
from tessera.project.urls import urlpatterns as site_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]
AT = datetime(2026, 12, 1, 8, tzinfo=UTC)


def give(request, key):
    return serve_file(request, StoredFile.objects.get(key=key))


# The tests' own address for a file: who may have which one is asked by the app that it belongs to.
urlpatterns = [*site_patterns, path("files/<uuid:key>/", give)]


@pytest.fixture
def get(settings, client, ilze):
    settings.ROOT_URLCONF = __name__

    def get_file(content, name):
        stored = store_file(file=check_upload(upload(content, name)), by=ilze, at=AT)
        # Closed at the end, as a server does.
        return responses.enter_context(closing(client.get(f"/files/{stored.key}/")))

    with ExitStack() as responses:
        yield get_file


@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "webp", "docx", "xlsx", "pptx", "odt", "ods", "odp"])
def test_a_file_is_something_to_save_and_never_to_show(get, ending):
    response = get(make_file(ending), "report")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="report.{ending}"'
    assert response["Content-Type"] == StoredFile.objects.get().kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"


def test_what_comes_is_what_was_given(get):
    given = make_pdf()
    assert b"".join(get(given, "report.pdf").streaming_content) == given


def test_a_name_of_other_letters_arrives_whole(get):
    header = get(make_pdf(), "Rīgas plāns 📄.pdf")["Content-Disposition"]
    start, _, encoded = header.partition("filename*=utf-8''")
    assert (start, unquote(encoded)) == ("attachment; ", "Rīgas plāns 📄.pdf")
    assert header.isascii()


@pytest.mark.parametrize(
    "name", ['a".pdf\r\nX-Evil: 1', 'a"; filename=evil.html; x=".pdf', 'a\\".pdf', "%22.pdf", "\u202efdp.exe"]
)
def test_no_name_breaks_out_of_its_header(get, name):
    response = get(make_pdf(), name)
    header = response["Content-Disposition"]
    assert "X-Evil" not in response.headers
    assert header.startswith('attachment; filename="')
    assert header.endswith('.pdf"')
    assert header.count('"') == 2


def test_who_has_the_file_already_gets_no_copy(get, client):
    first = get(make_pdf(), "report.pdf")
    stored = StoredFile.objects.get()
    assert first["ETag"] == f'"{stored.sha256}"'
    again = client.get(f"/files/{stored.key}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_public_file_may_be_kept_for_a_while(rf, ilze):
    stored = store_file(file=check_upload(upload(make_pdf(), "report.pdf")), by=ilze, at=AT)
    with closing(serve_file(rf.get("/"), stored, kept_seconds=300)) as response:
        assert response["Cache-Control"] == "public, max-age=300"


def test_nothing_is_served_of_an_erased_file(rf, ilze):
    stored = store_file(file=check_upload(upload(make_pdf(), "report.pdf")), by=ilze, at=AT)
    stored.erased_at = AT
    with pytest.raises(FileNotFoundError):
        serve_file(rf.get("/"), stored)
