"""Files as people give them, each really made: by the library that reads it elsewhere, or part by part."""

import zipfile
from io import BytesIO

import openpyxl
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
OPENDOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}


def upload(content, name="file"):
    return SimpleUploadedFile(name, content)


def make_pdf():
    """The same bytes each time: without that the id of a PDF changes with the second."""
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content, deterministic_id=True)
    return content.getvalue()


def make_picture(kind, size=(40, 20), *, mode="RGB", **options):
    content = BytesIO()
    Image.new(mode, size, "navy").save(content, kind, **options)
    return content.getvalue()


def make_archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    """Parts in order, by name; or pairs, where a name comes twice."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, part in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, part)
    return content.getvalue()


def openxml_parts(ending="docx", *, types="", main_type=None):
    """The parts of a small office file, with more content types if a test says so."""
    part, named = MAIN_PARTS[ending]
    return {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{main_type or named}"/>{types}</Types>',
        "_rels/.rels": '<?xml version="1.0"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="{part}"/></Relationships>',
        part: "<?xml version='1.0'?><a>Text</a>",
    }


def opendocument_parts(ending="odt", *, manifest=""):
    return {
        "mimetype": OPENDOCUMENT[ending],
        "content.xml": "<?xml version='1.0'?><a>Text</a>",
        "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry>'
        "</manifest:manifest>",
    }


def make_xlsx():
    content = BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Rīga"
    workbook.save(content)
    return content.getvalue()


def make_file(ending):
    """An honest file of each kind that we take."""
    if ending == "pdf":
        return make_pdf()
    if ending in ("png", "webp"):
        return make_picture(ending)
    if ending == "jpg":
        return make_picture("jpeg")
    if ending == "xlsx":
        return make_xlsx()
    if ending in OPENDOCUMENT:
        return make_archive(opendocument_parts(ending))
    return make_archive(openxml_parts(ending))
