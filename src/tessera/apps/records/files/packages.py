"""Office files: archives of XML. They are checked and kept as they are, never unpacked to a disk."""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from tessera.apps.records.files.refusals import Broken, HasMacros, OldOrLocked, WrongKind
from tessera.apps.records.models import FileKind

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
"""Unpacked to packed; ordinary office files stay under 20."""
_MAX_INDEX_BYTES = 1_000_000
"""Of the part that lists the others."""
_PROLOGUE_BYTES = 65_536
"""Within these the first element must begin. A document type can only stand before it."""
_END_BYTES = 22
"""Of the record that closes an archive without a comment."""
_CONTENT_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN_TYPES = {
    f"{_OFFICE}wordprocessingml.document.main+xml": FileKind.DOCX,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": FileKind.XLSX,
    f"{_OFFICE}presentationml.presentation.main+xml": FileKind.PPTX,
}
_RUNS_IN_OOXML = re.compile(r"macroenabled|vbaproject|vbadata|macrosheet|activex", re.IGNORECASE)
_RUNS_IN_ODF = re.compile(r"(Basic|Dialogs|Scripts)/.", re.IGNORECASE)

Attributes = dict[str, str]


def kind_of_package(file: IO[bytes]) -> FileKind:
    """Which office file an archive is, by what it says of itself inside.

    Raises FileRefused for one of no kind that we take, with macros or a password, that is damaged, declares
    entities, or grows beyond measure when unpacked.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_company(archive, file)
            _refuse_bomb(archive, file.seek(0, 2))
            kind = _kind_of_opendocument(archive) or _kind_of_openxml(archive)
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")) and entry.file_size:
                    _refuse_entities(archive, entry)
            # Unpacks each entry up to its declared size, and compares the checksum.
            if archive.testzip() is not None:
                raise Broken("a checksum is wrong")
            return kind
    # What zipfile says of damaged archives: NotImplementedError of a version, RuntimeError of a password.
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise Broken(str(error)) from error


def _refuse_company(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    """An archive with something before or behind it is a file of two kinds."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES))
    if not file.read().startswith(b"PK\x05\x06"):
        raise Broken("something hangs on the archive")
    if min((entry.header_offset for entry in archive.infolist()), default=0) > 0:
        raise Broken("something stands before the archive")


def _refuse_bomb(archive: zipfile.ZipFile, packed_bytes: int) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Broken(f"{len(entries)} parts")
    # Two programs could each open another one of two parts that share a name.
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Broken("two parts of one name")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Broken("a compression that office files do not use")
    if any(entry.flag_bits & 1 for entry in entries):
        raise OldOrLocked
    # Measured against the file: entries that overlap would each count what they share.
    unpacked_bytes = sum(entry.file_size for entry in entries)
    if unpacked_bytes > min(MAX_UNPACKED_BYTES, MAX_RATIO * packed_bytes):
        raise Broken(f"{unpacked_bytes} bytes when unpacked")


def _kind_of_opendocument(archive: zipfile.ZipFile) -> FileKind | None:
    """None when it is no OpenDocument file: those begin with a part that names their kind."""
    entries = archive.infolist()
    if not entries or entries[0].filename != "mimetype":
        return None
    named = archive.read("mimetype") if entries[0].file_size < 100 else b""
    kinds = {kind.value.encode(): kind for kind in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
    if named not in kinds:
        raise WrongKind
    if any(_RUNS_IN_ODF.match(entry.filename) for entry in entries):
        raise HasMacros

    def refuse_password(name: str, attributes: Attributes) -> None:
        if name.rpartition(":")[2] == "encryption-data":
            raise OldOrLocked

    _walk(archive, _MANIFEST, refuse_password)
    return kinds[named]


def _kind_of_openxml(archive: zipfile.ZipFile) -> FileKind:
    names = archive.namelist()
    if _CONTENT_TYPES not in names:
        raise WrongKind
    types: dict[str, str] = {}

    def note_type(name: str, attributes: Attributes) -> None:
        if content_type := attributes.get("ContentType"):
            types[attributes.get("PartName") or f"*.{attributes.get('Extension')}"] = content_type

    _walk(archive, _CONTENT_TYPES, note_type)
    if any(_RUNS_IN_OOXML.search(word) for word in (*names, *types.values())):
        raise HasMacros
    mains = [(part, _MAIN_TYPES[named]) for part, named in types.items() if named in _MAIN_TYPES]
    if len(mains) != 1:
        raise WrongKind
    [(part, kind)] = mains
    archive.getinfo(part.removeprefix("/"))
    return kind


def _walk(archive: zipfile.ZipFile, part: str, start: Callable[[str, Attributes], None]) -> None:
    if archive.getinfo(part).file_size > _MAX_INDEX_BYTES:
        raise Broken(f"{part} is too long")
    parser = _parser(start)
    parser.Parse(archive.read(part), True)


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as stream:
        beginning = stream.read(_PROLOGUE_BYTES)
    parser = _parser(_stop)
    try:
        parser.Parse(beginning, False)
    except _ElementBegins:
        return
    raise Broken(f"{entry.filename} has no element")


class _ElementBegins(Exception):
    """From here on no document type can follow."""


def _stop(name: str, attributes: Attributes) -> None:
    raise _ElementBegins


def _parser(start: Callable[[str, Attributes], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    return parser


def _refuse_doctype(*_: object) -> None:
    # No office file has one; only there can entities be declared.
    raise Broken("a document type inside, as attacks have")
