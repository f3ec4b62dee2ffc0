"""Files that want something else than to be read. None of them is taken, each for the reason that fits."""

import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.records.clamd import EICAR
from tests.apps.records.given_files import (
    make_archive,
    make_file,
    make_pdf,
    make_picture,
    opendocument_parts,
    openxml_parts,
    upload,
)

from tessera.apps.records.files.pictures import MAX_PHOTO_PIXELS, MAX_PIXELS
from tessera.apps.records.files.refusals import (
    Broken,
    FileRefused,
    HasMacros,
    OldOrLocked,
    TooManyPixels,
    WrongKind,
)
from tessera.apps.records.files.storing import check_upload

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
MACRO_DOCUMENT = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_TEMPLATE = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
WORKBOOK = (
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
)
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
MACRO_SHEET = '<Override PartName="/xl/s.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
ACTIVE_X = '<Override PartName="/word/x.xml" ContentType="application/vnd.ms-office.activeX+xml"/>'
MANY_TYPES = "".join(f'<Default Extension="{n}" ContentType="text/{n}"/>' for n in range(25_000))
ENTITIES = '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>'
LAUGHS = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'
COMMENT = f"<!--{'x' * 70_000}-->"


def document(**more):
    """A Word document with more parts."""
    return make_archive({**openxml_parts(), **more})


def part(name, content):
    return make_archive({**openxml_parts(), name: content})


def opendocument(name, content=b"x"):
    return make_archive({**opendocument_parts(), name: content})


def patched(content, old, new):
    assert content.count(old) >= 1
    return content.replace(old, new)


def png_of(width, height):
    """Declares a size, and holds next to nothing."""

    def chunk(kind, body):
        return struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))

    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_of(width, height):
    content = bytearray(make_picture("jpeg", (16, 16)))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack("!HH", height, width)
    return bytes(content)


def text_bomb():
    """A picture whose note grows from kilobytes to gigabytes."""
    picture = make_picture("png")
    note = b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000)
    chunk = struct.pack("!L", len(note)) + b"zTXt" + note + struct.pack("!L", zlib.crc32(b"zTXt" + note))
    return picture[:33] + chunk + picture[33:]


def encrypted_archive():
    """One bit of each entry says that a password is needed."""
    content = bytearray(make_archive(openxml_parts()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


def lying_archive():
    """Declares that an entry is small, and unpacks to 50 megabytes."""
    content = bytearray(make_archive({**openxml_parts(), "word/media/a.png": b"\0" * 50_000_000}))
    size = struct.pack("<L", 50_000_000)
    assert content.count(size) == 2
    return bytes(content.replace(size, struct.pack("<L", 1_000)))


def overlapping_archive():
    """Many entries that share one packed body: the sum of their packed sizes says nothing."""
    content = bytearray(make_archive({**openxml_parts(), "word/a.bin": b"\0" * 900_000}))
    end = content.rindex(b"PK\x05\x06")
    entry_at = content.rindex(b"PK\x01\x02")
    entry = bytes(content[entry_at:end])
    copies = b"".join(patched(entry, b"word/a.bin", b"word/%03d.b" % number) for number in range(200))
    count, size, start = struct.unpack_from("<HLL", content, end + 10)
    closing = struct.pack(
        "<4sHHHHLLH", b"PK\x05\x06", 0, 0, count + 200, count + 200, size + len(copies), start, 0
    )
    return bytes(content[:end]) + copies + closing


def twice(name):
    with pytest.warns(UserWarning, match="Duplicate name"):
        return make_archive([*openxml_parts().items(), (name, "<a/>")])


def lzma_archive():
    return make_archive(openxml_parts(), compression=zipfile.ZIP_LZMA)


HOSTILE = {
    # By name one of ours, by content another.
    "nothing": (b"", WrongKind),
    "a web page": (HTML, WrongKind),
    "a web page after blank lines": (b"\n\n\n" + HTML, WrongKind),
    "a drawing with a script": (SVG, WrongKind),
    "a drawing as xml": (b'<?xml version="1.0"?>' + SVG, WrongKind),
    "a packed drawing": (b"\x1f\x8b" + SVG, WrongKind),
    "a program for Windows": (b"MZ\x90\0" + b"\0" * 100, WrongKind),
    "a program for Linux": (b"\x7fELF" + b"\0" * 100, WrongKind),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", WrongKind),
    "a php script": (b"<?php system($_GET['c']);", WrongKind),
    "the test file of EICAR": (EICAR, WrongKind),
    "a gif": (make_picture("gif"), WrongKind),
    "a bitmap": (make_picture("bmp"), WrongKind),
    "a tiff": (make_picture("tiff"), WrongKind),
    "an icon": (make_picture("ico"), WrongKind),
    "a sound that begins as a webp": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 30, WrongKind),
    "postscript": (b"%!PS-Adobe-3.0\n", WrongKind),
    "rich text": (rb"{\rtf1\ansi{\object\objdata 00}}", WrongKind),
    # Two kinds at once.
    "a web page that is a pdf further on": (HTML + make_pdf(), WrongKind),
    "a gif that is a script": (b"GIF89a/*" + b"*/=1;alert(1)//", WrongKind),
    "a pdf with an archive behind": (make_pdf() + make_archive({"a": "b"}), Broken),
    "a pdf with an archive before its end": (make_pdf() + document() + b"\n%%EOF\n", Broken),
    "an archive with a web page behind": (document() + HTML, Broken),
    "an archive with a page before": (HTML + document(), WrongKind),
    "two archives": (document() + make_archive({"a.html": HTML}), Broken),
    "an archive with a comment": (
        document()[:-2] + b"\x05\0<svg>",
        Broken,
    ),
    # PDF.
    "a pdf without an end": (make_pdf()[:-30], Broken),
    "a web page that calls itself a pdf": (b"%PDF-1.7\n" + HTML, Broken),
    "a pdf from its second byte on": (b"\n" + make_pdf(), WrongKind),
    # Office.
    "an old document": (OLE + b"\0" * 1000, OldOrLocked),
    "an archive with a password": (encrypted_archive(), OldOrLocked),
    "an OpenDocument file with a password": (
        make_archive(opendocument_parts(manifest="<manifest:encryption-data/>")),
        OldOrLocked,
    ),
    "a document that may hold macros": (make_archive(openxml_parts(main_type=MACRO_DOCUMENT)), HasMacros),
    "a template that may hold macros": (make_archive(openxml_parts(main_type=MACRO_TEMPLATE)), HasMacros),
    "a document with a macro by its type": (make_archive(openxml_parts(types=VBA)), HasMacros),
    "a document with a macro by its name": (part("word/vbaProject.bin", b"x"), HasMacros),
    "a document with a macro in capitals": (part("WORD/VBAPROJECT.BIN", b"x"), HasMacros),
    "a workbook with a macro sheet": (make_archive(openxml_parts("xlsx", types=MACRO_SHEET)), HasMacros),
    "a document with a control": (make_archive(openxml_parts(types=ACTIVE_X)), HasMacros),
    "a control by its name": (part("word/activeX/activeX1.bin", b"x"), HasMacros),
    "an OpenDocument file with Basic": (opendocument("Basic/Standard/Module1.xml"), HasMacros),
    "an OpenDocument file with Python": (opendocument("Scripts/python/a.py"), HasMacros),
    "a template": (make_archive(openxml_parts(main_type=TEMPLATE)), WrongKind),
    "a drawing of OpenDocument": (
        make_archive({"mimetype": "application/vnd.oasis.opendocument.graphics"}),
        WrongKind,
    ),
    "a book": (make_archive({"mimetype": "application/epub+zip"}), WrongKind),
    "a kind without end": (make_archive({"mimetype": "x" * 10_000}), WrongKind),
    "a plain archive": (make_archive({"a.txt": "text"}), WrongKind),
    "a program of Java": (make_archive({"META-INF/MANIFEST.MF": "Main-Class: A"}), WrongKind),
    "two documents in one": (
        make_archive({**openxml_parts("xlsx"), **openxml_parts("docx", types=WORKBOOK)}),
        WrongKind,
    ),
    "a document without its text": (
        make_archive({k: v for k, v in openxml_parts().items() if "document" not in k}),
        Broken,
    ),
    "an OpenDocument file without manifest": (
        make_archive({k: v for k, v in opendocument_parts().items() if "META" not in k}),
        Broken,
    ),
    "a part that comes twice": (twice("word/document.xml"), Broken),
    "a part that comes twice, in capitals": (part("WORD/document.xml", "<a/>"), Broken),
    "an outside entity in the text": (part("word/a.xml", ENTITIES), Broken),
    "an outside entity after a long comment": (part("word/a.xml", COMMENT + ENTITIES), Broken),
    "an outside entity in UTF-16": (part("word/a.xml", ENTITIES.encode("utf-16")), Broken),
    "entities that grow": (part("word/_rels/a.xml.rels", LAUGHS), Broken),
    "an entity in the list of parts": (part("[Content_Types].xml", ENTITIES), Broken),
    "an entity in the manifest": (opendocument("META-INF/manifest.xml", ENTITIES), Broken),
    "a part that is no xml": (part("word/a.xml", b"\xff\xfe\xfd"), Broken),
    # Bombs.
    "a part that grows a thousandfold": (part("word/a.bin", b"\0" * 20_000_000), Broken),
    "a thousand and more parts": (document(**{f"word/{n}.bin": b"" for n in range(1000)}), Broken),
    "an entry that lies about its size": (lying_archive(), Broken),
    "entries that overlap": (overlapping_archive(), Broken),
    "a compression that needs much memory": (lzma_archive(), Broken),
    "a list of parts without end": (make_archive(openxml_parts(types=MANY_TYPES)), Broken),
    "a picture of many pixels": (png_of(60_000, 60_000), TooManyPixels),
    "a picture of more pixels than we read": (png_of(5_001, 5_000), TooManyPixels),
    "a photo of many pixels": (jpeg_of(65_500, 65_500), TooManyPixels),
    "a photo of more pixels than a telephone makes": (jpeg_of(10_001, 5_000), TooManyPixels),
    "a picture with a note that grows": (text_bomb(), Broken),
    # Damaged.
    "a picture cut off": (make_picture("png", (200, 200))[:-40], Broken),
    "a photo cut off": (make_picture("jpeg", (200, 200))[:300], Broken),
    "a webp cut off": (make_picture("webp", (200, 200))[:40], Broken),
    "the beginning of a picture": (b"\x89PNG\r\n\x1a\n", Broken),
    "a gif with the beginning of a photo": (b"\xff\xd8\xff" + make_picture("gif"), Broken),
    "an archive cut off": (document()[:-60], Broken),
    "an archive with a wrong checksum": (
        patched(make_archive(openxml_parts(), compression=zipfile.ZIP_STORED), b"<a>Text", b"<a>Tixt"),
        Broken,
    ),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_the_reason_that_fits(name):
    content, refusal = HOSTILE[name]
    with pytest.raises(FileRefused) as refused:
        check_upload(upload(content, "report.pdf"))
    assert type(refused.value) is refusal


def test_pillow_s_own_warning_of_a_flood_is_a_refusal_too():
    with pytest.raises(TooManyPixels):
        check_upload(upload(png_of(10_000, 10_000)))


def test_just_as_many_pixels_as_we_read_are_no_flood():
    assert (MAX_PIXELS, MAX_PHOTO_PIXELS) == (5_000 * 5_000, 10_000 * 5_000)
    assert check_upload(upload(jpeg_of(10_000, 5_000))).kind.endings[0] == "jpg"
    # The other one holds none of the pixels that it declares, which shows only when it is read.
    with pytest.raises(Broken):
        check_upload(upload(png_of(5_000, 5_000)))


def test_the_honest_neighbours_of_hostile_office_files_are_taken():
    """What the refusals above must not hit: pictures, embedded workbooks, settings of a printer."""
    printer = (
        '<Default Extension="bin" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/>'
    )
    parts = {
        **openxml_parts(types=printer),
        "word/media/image1.png": make_picture("png"),
        "word/embeddings/sheet.xlsx": make_file("xlsx"),
        "word/printerSettings1.bin": b"\0" * 200,
        "word/empty.xml": b"",
        "customXml/item1.xml": "<!-- a note --><a/>",
    }
    assert check_upload(upload(make_archive(parts))).kind.endings == ("docx",)


BEGINNINGS = (b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP")


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300))
def test_whatever_follows_an_honest_beginning_a_refusal_is_the_worst(beginning, rest):
    with suppress(FileRefused):
        check_upload(upload(beginning + rest))


HONEST = {ending: make_file(ending) for ending in ("pdf", "png", "jpg", "webp", "docx", "xlsx", "odt")}


@given(st.sampled_from(sorted(HONEST)), st.data())
def test_an_honest_file_with_some_bytes_changed_is_taken_or_refused(ending, data):
    content = bytearray(HONEST[ending])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    with suppress(FileRefused):
        check_upload(upload(bytes(content)))
