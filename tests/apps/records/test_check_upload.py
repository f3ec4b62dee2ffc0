import hashlib
import subprocess
from io import BytesIO

import pytest
from PIL import Image
from tests.apps.records.given_files import make_file, make_picture, upload

from tessera.apps.records.files.names import tame_name
from tessera.apps.records.files.refusals import TooLarge
from tessera.apps.records.files.storing import check_upload
from tessera.apps.records.models import FILE_NAME_LENGTH, FileKind

PICTURES = ("png", "jpg", "webp")
OTHERS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp")
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def camera_notes(**more):
    notes = Image.Exif()
    notes[MAKER] = "A camera of Ilze"
    notes[GPS] = {1: "N", 2: (56.0, 57.0, 8.0)}
    notes.update(more.get("tags", {}))
    return notes


@pytest.mark.parametrize("ending", [*PICTURES, *OTHERS])
def test_each_kind_is_known_by_its_content_and_named_after_it(ending):
    checked = check_upload(upload(make_file(ending), "Pārskats"))
    assert (checked.name, checked.kind.endings[0]) == (f"Pārskats.{ending}", ending)


@pytest.mark.parametrize("ending", OTHERS)
def test_what_is_no_picture_is_taken_as_it_is(ending):
    given = make_file(ending)
    checked = check_upload(upload(given))
    assert b"".join(checked.content.chunks()) == given
    assert checked.size_bytes == len(given)
    assert checked.sha256 == hashlib.sha256(given).hexdigest()


@pytest.mark.parametrize("ending", PICTURES)
def test_hash_and_size_are_those_of_the_picture_that_is_written_anew(ending):
    given = make_file(ending) + b"something behind the picture"
    checked = check_upload(upload(given))
    written = b"".join(checked.content.chunks())
    assert b"something behind" not in written
    assert (checked.size_bytes, checked.sha256) == (len(written), hashlib.sha256(written).hexdigest())


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_picture_loses_place_camera_texts_and_profile(kind):
    profile = b"a profile of Ilze's screen" * 10
    given = make_picture(
        kind, exif=camera_notes(), icc_profile=profile, comment=b"by Ilze", xmp=b"<x>Ilze</x>"
    )
    assert b"Ilze" in given
    written = b"".join(check_upload(upload(given)).content.chunks())
    assert b"Ilze" not in written
    with Image.open(BytesIO(written)) as picture:
        assert dict(picture.getexif()) == {}
        assert "icc_profile" not in picture.info


def test_a_photo_of_a_telephone_in_two_parts_becomes_one_jpeg():
    """Some keep a second picture behind the first; Pillow takes that for a kind of its own."""
    content = BytesIO()
    first, second = Image.new("RGB", (40, 20), "navy"), Image.new("RGB", (40, 20), "red")
    first.save(content, "MPO", save_all=True, append_images=[second])
    checked = check_upload(upload(content.getvalue()))
    with Image.open(checked.content) as picture:
        assert (picture.format, checked.kind, getattr(picture, "n_frames", 1)) == ("JPEG", FileKind.JPEG, 1)


def test_a_picture_that_is_only_marked_as_turned_is_turned():
    content = BytesIO()
    picture = Image.new("RGB", (64, 32), "navy")
    picture.paste("red", (0, 0, 32, 32))
    picture.save(content, "jpeg", exif=camera_notes(tags={ORIENTATION: 6}))
    with Image.open(check_upload(upload(content.getvalue())).content) as written:
        assert written.size == (32, 64)
        # Turned to the right, what was left is above.
        red, navy = written.getpixel((16, 5)), written.getpixel((16, 60))
    assert red[0] > 200 > 60 > red[2]
    assert navy[2] > 90 > 40 > navy[0]


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_of_a_moving_picture_the_first_stays(kind):
    content = BytesIO()
    first, second = Image.new("RGB", (40, 20), "navy"), Image.new("RGB", (40, 20), "red")
    first.save(content, kind, save_all=True, append_images=[second], lossless=True)
    with Image.open(check_upload(upload(content.getvalue())).content) as written:
        assert getattr(written, "n_frames", 1) == 1
        assert written.convert("RGB").getpixel((5, 5)) == pytest.approx((0, 0, 128), abs=4)


def test_a_transparent_picture_stays_transparent():
    content = BytesIO()
    picture = Image.new("P", (4, 4), 1)
    picture.putpixel((0, 0), 0)
    picture.save(content, "png", transparency=0)
    with Image.open(check_upload(upload(content.getvalue())).content) as written:
        alphas = [written.convert("RGBA").getpixel(at)[3] for at in ((0, 0), (1, 1))]
    assert alphas == [0, 255]


def test_a_large_photo_is_read_at_half_its_width():
    photo = make_picture("jpeg", (6400, 4000), mode="L")
    with Image.open(check_upload(upload(photo)).content) as written:
        assert written.size == (3200, 2000)


def test_a_file_above_the_limit_is_refused_and_one_at_it_is_not(settings):
    given = make_file("pdf")
    settings.MAX_FILE_BYTES = len(given)
    check_upload(upload(given))
    settings.MAX_FILE_BYTES -= 1
    with pytest.raises(TooLarge) as refusal:
        check_upload(upload(given))
    assert refusal.value.limit_bytes == len(given) - 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("report.PDF", "report.pdf"),
        ("report.exe", "report.exe.pdf"),
        ("report.pdf.html", "report.pdf.html.pdf"),
        ("report.v2", "report.v2.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\Ilze\report.pdf", "report.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        ("two\r\nlines: yes.pdf", "two lines_ yes.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("nul\x00\x07.pdf", "nul.pdf"),
        ("lone\ud800.pdf", "lone.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("a\u00a0b\u2028c.pdf", "a b c.pdf"),
        ("Ru\u0304jiena.pdf", "R\u016bjiena.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("/", "file.pdf"),
        (".pdf", "file.pdf"),
        ("x" * 500 + ".pdf", "x" * (FILE_NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_a_name_is_one_line_without_path_that_ends_as_the_content_demands(given, name):
    assert tame_name(given, FileKind.PDF) == name


def test_a_jpeg_may_end_in_two_ways_and_gets_one():
    assert [tame_name(name, FileKind.JPEG) for name in ("a.jpeg", "a.JPG", "a.heic")] == [
        "a.jpg",
        "a.jpg",
        "a.heic.jpg",
    ]


def test_what_libreoffice_saves_is_taken(soffice, tmp_path):
    """Its spreadsheet program alone is asked for: that is what a machine that tests has."""
    (tmp_path / "figures.csv").write_text("Rīga,1\n", encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for ending in ("ods", "xlsx", "pdf"):
        order = [soffice, profile, "--headless", "--convert-to", ending, "figures.csv"]
        subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        saved = (tmp_path / f"figures.{ending}").read_bytes()
        assert check_upload(upload(saved)).kind.endings == (ending,)
