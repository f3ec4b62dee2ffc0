"""The files of others are whole, licensed, and as they were fetched."""

import hashlib
import tomllib
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src/tessera"
PRINT_FONTS = SOURCE / "reports/fonts"
FOLDERS = sorted([*(SOURCE / "web/static/web/vendor").iterdir(), *PRINT_FONTS.iterdir()])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_file_is_as_it_was_fetched_and_comes_with_its_licence(folder):
    vendored = tomllib.loads((folder / "vendor.toml").read_text(encoding="utf-8"))
    sums = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name != "vendor.toml"
    }
    assert vendored["sha256"] == sums
    assert any(name.startswith("LICENSE") for name in sums)
    assert vendored["licence"] in ("MIT", "OFL-1.1", "0BSD")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_folder_carries_the_version(folder):
    version = tomllib.loads((folder / "vendor.toml").read_text(encoding="utf-8"))["version"]
    assert folder.name.endswith(f"-{version}")


FONT = SOURCE / "web/static/web/vendor/source-sans-3.52.0/source-sans-3.woff2"
PRINT_FONT = [PRINT_FONTS / f"source-sans-3.52.0/SourceSans3-{style}.ttf" for style in ("Regular", "Bold")]


def test_the_font_of_the_pages_is_light():
    assert FONT.stat().st_size <= 40_000


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("lv", "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus ĒĢĪĶĻŅŠŪŽ"),
        ("de", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich ÄÖÜ"),
        ("es", "¿El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia, añoraba a su niño?"),
        ("it", "Però c’è più virtù, città, lunedì: È vero"),
        ("pl", "Pchnąć w tę łódź jeża lub ośm skrzyń fig ŻÓŁĆ"),
        ("ro", "Gheorghe, obezul, a reuşit să obțină jucându-se un flux în Quebec ȘȚÎÂ"),
        ("sv", "Flygande bäckasiner söka hwila på mjuka tuvor ÅÄÖ é"),
        ("en", "“Quick” – it’s 50 % → 3 × 2 …"),
    ],
)
def test_the_fonts_have_every_letter_of_the_languages(language, sentence):
    ttlib = pytest.importorskip("fontTools.ttLib", reason="fontTools comes with the group 'assets'")
    for file in (FONT, *PRINT_FONT):
        letters = ttlib.TTFont(file).getBestCmap()
        assert [letter for letter in sentence if ord(letter) not in letters] == [], file.name


@pytest.mark.parametrize(
    ("family", "sentence"),
    [
        ("source-sans-3.52.0/SourceSans3", "Чуєш їх, доцю, га? Кумедна ж ти, прощайся без ґольфів! І м’яч."),
        (
            "vazirmatn-0.4.1/Vazirmatn",
            "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق، إلى آخره؛ أليس ئؤ؟ مَعًا",
        ),
    ],
)
def test_the_printed_fonts_have_the_letters_of_residents_languages(family, sentence):
    ttlib = pytest.importorskip("fontTools.ttLib", reason="fontTools comes with the group 'assets'")
    for style in ("Regular", "Bold"):
        letters = ttlib.TTFont(PRINT_FONTS / f"{family}-{style}.ttf").getBestCmap()
        assert [letter for letter in sentence if ord(letter) not in letters] == [], style


def test_the_font_of_the_pages_has_the_weights_that_they_use():
    ttlib = pytest.importorskip("fontTools.ttLib", reason="fontTools comes with the group 'assets'")
    (axis,) = ttlib.TTFont(FONT)["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)
