import socketserver
import struct
from datetime import UTC, datetime

import pytest
from tests.apps.records.clamd import EICAR, free_port, running_scanner
from tests.apps.records.given_files import make_archive, make_pdf, make_picture, openxml_parts, upload

from tessera.apps.records.files.refusals import Infected, NotScanned, WrongKind
from tessera.apps.records.files.storing import check_upload, store_file
from tessera.project.settings import parse_scanner

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)


def document_with(part):
    return make_archive({**openxml_parts(), "word/media/image1.png": part}, compression=0)


@pytest.fixture
def scanner(settings):
    with running_scanner() as server:
        settings.CLAMAV = server.server_address
        yield server


def test_without_a_scanner_a_file_is_not_scanned(settings):
    settings.CLAMAV = None
    assert not check_upload(upload(make_pdf())).is_scanned


def test_the_scanner_gets_every_byte(scanner):
    """More than one piece of it, and the last one not full."""
    given = document_with(bytes(range(256)) * 3_000)
    assert check_upload(upload(given)).is_scanned
    assert scanner.seen == [given]


def test_of_a_picture_it_gets_what_will_be_kept(scanner):
    checked = check_upload(upload(make_picture("png") + EICAR))
    assert checked.is_scanned
    assert scanner.seen == [b"".join(checked.content.chunks())]


def test_an_infected_file_is_refused_by_the_name_of_its_threat(scanner):
    with pytest.raises(Infected) as refusal:
        check_upload(upload(document_with(EICAR)))
    assert refusal.value.threat == "Eicar-Test-Signature"


def test_a_file_that_we_do_not_take_does_not_trouble_the_scanner(scanner):
    with pytest.raises(WrongKind):
        check_upload(upload(EICAR))
    assert scanner.seen == []


@pytest.mark.django_db
@pytest.mark.usefixtures("files_folder")
def test_the_row_says_when_a_file_was_found_clean(scanner, ilze):
    stored = store_file(file=check_upload(upload(make_pdf())), by=ilze, at=AT)
    stored.refresh_from_db()
    assert stored.scanned_at == AT


def test_a_scanner_behind_a_socket_of_the_machine_is_asked(settings, tmp_path):
    path = str(tmp_path / "clamd.ctl")
    settings.CLAMAV = parse_scanner(f"unix:{path}")
    with running_scanner(socketserver.ThreadingUnixStreamServer, path) as server:
        assert check_upload(upload(make_pdf())).is_scanned
    assert len(server.seen) == 1


@pytest.mark.parametrize("address", ["unix", "tcp"])
def test_while_the_scanner_is_away_no_file_is_taken(settings, tmp_path, address, caplog):
    settings.CLAMAV = str(tmp_path / "clamd.ctl") if address == "unix" else ("127.0.0.1", free_port())
    with pytest.raises(NotScanned):
        check_upload(upload(make_pdf()))
    assert "TESSERA_CLAMAV cannot be asked" in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"",
        b"\xff\xfe\0",
        b"stream: OK not really\0",
        b"stream: O",
        b"x" * 100_000,
    ],
)
def test_an_answer_that_says_nothing_of_the_file_takes_no_file(settings, answer, caplog):
    with running_scanner(answer=lambda content: answer) as server:
        settings.CLAMAV = server.server_address
        with pytest.raises(NotScanned):
            check_upload(upload(make_pdf()))
    assert "TESSERA_CLAMAV" in caplog.text


class HangsUp(socketserver.BaseRequestHandler):
    """As the daemon does in the middle of a file that is too large for it."""

    def handle(self):
        self.request.recv(20)
        # Nothing lingers: what was not read is lost, and the sender learns it.
        self.request.setsockopt(
            socketserver.socket.SOL_SOCKET, socketserver.socket.SO_LINGER, struct.pack("ii", 1, 0)
        )


def test_a_scanner_that_hangs_up_takes_no_file(settings):
    with running_scanner(handler=HangsUp) as server:
        settings.CLAMAV = server.server_address
        with pytest.raises(NotScanned):
            check_upload(upload(document_with(bytes(5_000_000))))
