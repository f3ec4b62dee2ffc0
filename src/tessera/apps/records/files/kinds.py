from typing import IO

from tessera.apps.records.files.packages import kind_of_package
from tessera.apps.records.files.refusals import Broken, OldOrLocked, WrongKind
from tessera.apps.records.models import FileKind

# How a container begins that holds a .doc, .xls or .ppt file, or a newer one with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where every reader looks for the end of a PDF; a mail program may have added some bytes behind it.
_PDF_TAIL_BYTES = 1024
_ZIP_END = b"PK\x05\x06"
# As far from the end as a program that unpacks looks for that mark.
_ZIP_TAIL_BYTES = 65_557


def find_kind(file: IO[bytes]) -> FileKind:
    """What a file is by its content alone. Pictures are only looked at here: `pictures` reads them.

    Raises FileRefused for what we do not take.
    """
    file.seek(0)
    head = file.read(16)
    if head.startswith(b"%PDF-"):
        _check_pdf(file)
        return FileKind.PDF
    if head.startswith(b"PK\x03\x04"):
        return kind_of_package(file)
    if head.startswith(_OLE):
        raise OldOrLocked
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.WEBP
    raise WrongKind


def _check_pdf(file: IO[bytes]) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - _ZIP_TAIL_BYTES))
    tail = file.read()
    if b"%%EOF" not in tail[-_PDF_TAIL_BYTES:]:
        raise Broken("cut off")
    if _ZIP_END in tail:
        raise Broken("an archive hangs on the end")
