"""What is sent to us is cut off before it fills the disk or keeps a worker."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from django.urls import path
from tests.apps.records.clamd import free_port
from tests.apps.records.given_files import make_pdf, upload

from tessera.apps.records.files.refusals import TooLarge
from tessera.apps.records.files.storing import check_upload
from tessera.project.urls import urlpatterns as site_patterns

ROOT = Path(__file__).parents[3]
GRANIAN = Path(sys.executable).with_name("granian")


def receive(request):
    """Says what came of a file, and why it is not taken."""
    file = request.FILES["file"]
    written = os.fstat(file.fileno()).st_size if isinstance(file, TemporaryUploadedFile) else file.size
    try:
        words = check_upload(file).name
    except TooLarge as refusal:
        words = f"more than {refusal.limit_bytes}"
    return HttpResponse(f"{file.size} {written} {words}")


urlpatterns = [*site_patterns, path("receive/", receive)]


@pytest.fixture
def send(settings, client):
    settings.ROOT_URLCONF = __name__
    return lambda content: client.post("/receive/", {"file": upload(content, "report.pdf")})


def test_a_small_file_stays_in_the_memory_and_a_larger_one_goes_to_the_disk(send, settings):
    given = make_pdf()
    assert send(given).content.decode() == f"{len(given)} {len(given)} report.pdf"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    assert send(given).content.decode() == f"{len(given)} {len(given)} report.pdf"


def test_of_a_file_that_is_too_large_no_more_is_written_and_its_form_can_say_so(send, settings):
    settings.MAX_FILE_BYTES = 200_000
    size, written, words = send(b"%PDF-" + bytes(4_000_000)).content.decode().split(" ", 2)
    assert int(size) == 4_000_005
    # Whole pieces are written, of 64 kB each.
    assert 200_000 < int(written) <= 200_000 + 65_536
    assert words == "more than 200000"


def test_a_file_just_at_the_limit_comes_whole(send, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    given = make_pdf() + b"\n" * 200_000 + b"%%EOF"
    settings.MAX_FILE_BYTES = len(given)
    assert send(given).content.decode() == f"{len(given)} {len(given)} report.pdf"


@pytest.mark.parametrize(("language", "words"), [("en", "20.0\xa0MB"), ("lv", "20,0\xa0MB")])
def test_a_huge_request_is_refused_by_what_it_declares(client, settings, language, words):
    response = client.post(f"/{language}/", CONTENT_LENGTH=str(settings.MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert words in response.content.decode()


def test_a_request_at_the_limit_goes_on(client, settings):
    assert client.post("/en/", CONTENT_LENGTH=str(settings.MAX_BODY_BYTES)).status_code == 405


@pytest.mark.parametrize("length", ["", "many", "-1"])
def test_a_length_that_is_none_is_django_s_business(client, length):
    assert client.post("/en/", CONTENT_LENGTH=length).status_code == 405


def test_the_real_server_answers_before_a_huge_body_is_sent(tmp_path):
    port = free_port()
    site = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    site |= {"TESSERA_DEBUG": "true", "TESSERA_DATA_DIR": str(tmp_path), "TESSERA_SECRET_KEY": "x" * 60}
    order = [GRANIAN, "--interface", "wsgi", "--port", str(port), "tessera.project.wsgi:application"]
    server = subprocess.Popen(order, cwd=ROOT, env=site, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = _connect(port)
        with connection:
            connection.settimeout(20)
            connection.sendall(
                b"POST /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                b"Content-Length: 5000000000\r\n\r\n--x\r\n"
            )
            assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    finally:
        server.terminate()
        server.wait(20)


def _connect(port):
    give_up = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
