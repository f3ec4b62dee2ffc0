"""Fetch the files of others that the pages carry, and make what is derived from them.

    uv run --group assets tools/vendor_assets.py styles | theme | font | arabic | htmx | axe

``styles`` are the sheets of Designsystemet that we use; ``theme`` is our own, made by Designsystemet's token
tool from ``tools/theme.json``; ``font`` is Source Sans 3, a subset for the pages and whole files for PDF;
``arabic`` is Vazirmatn, whole files for PDF; ``htmx`` fetches parts of the pages behind the sign-in;
``axe`` is the accessibility checker of the browser tests.
Needs npm and the package registry; nothing here is needed to run or test Tessera. After ``styles`` or
``theme`` run ``tools/assemble_css.py``.
"""

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/tessera/web/static/web"
REPORT_FONTS = ROOT / "src/tessera/reports/fonts"
BROWSER_TESTS = ROOT / "tests/browser"

DESIGNSYSTEMET = ("@digdir/designsystemet-css", "1.22.0", "MIT")
DESIGNSYSTEMET_TOKENS = "@digdir/designsystemet@1.15.0"
SOURCE_SANS = ("source-sans", "3.52.0", "OFL-1.1")
# Its letters are whole glyphs. Those of Noto are put together from parts, and text copied or read out from a
# PDF then has letters twice. Of the package we take only the font, which is under this licence.
VAZIRMATN = ("@expo-google-fonts/vazirmatn", "0.4.1", "OFL-1.1")
# Not 4, which npm gives when no version is named: it speaks another language of attributes.
HTMX = ("htmx.org", "2.0.11", "0BSD")
AXE = ("axe-core", "4.14.1", "MPL-2.0")

STYLES = (
    "base",
    "breadcrumbs",
    "button",
    "details",
    "error-summary",
    "field",
    "fieldset",
    "input",
    "label",
    "link",
    "skip-link",
    "tag",
    "validation-message",
)

# Letters beyond ASCII of the eight languages, lower case; capitals are added. Romanian is also met with
# cedillas instead of commas, in older names.
LETTERS = {
    "lv": "āčēģīķļņšūž",
    "de": "äöüß",
    "es": "áéíñóúü",
    "it": "àèéìîòóù",
    "pl": "ąćęłńóśźż",
    "ro": "ăâîșțşţ",
    "sv": "åäöé",
}
PUNCTUATION = "¡¿«»‹›„“”‘’‚…–—−·•§©°±×÷≤≥≈€%‰½¼¾²³ªº→←↑↓↗↘✓\u00a0\u2009\u202f"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]


def fetch(name: str, version: str, into: Path) -> Path:
    """Unpack one package of the npm registry below a folder and give its path."""
    subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent"], cwd=into, check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = into.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    return into / "package"


def write_vendor_toml(folder: Path, package: tuple[str, str, str], made_by: str) -> None:
    """Say beside the files what they are, so that a test can tell when one was edited by hand."""
    name, version, licence = package
    lines = [
        f'name = "{name}"',
        f'version = "{version}"',
        f'licence = "{licence}"',
        f'made_by = "{made_by}"',
        "",
        "[sha256]",
    ]
    for file in sorted(folder.iterdir()):
        if file.name != "vendor.toml":
            lines.append(f'"{file.name}" = "{hashlib.sha256(file.read_bytes()).hexdigest()}"')
    (folder / "vendor.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def fetch_styles(scratch: Path) -> None:
    name, version, _ = DESIGNSYSTEMET
    package = fetch(name, version, scratch)
    folder = empty_folder(STATIC / f"vendor/designsystemet-css-{version}")
    for style in STYLES:
        shutil.copy(package / f"dist/src/{style}.css", folder)
    shutil.copy(package / "LICENSE", folder)
    write_vendor_toml(folder, DESIGNSYSTEMET, "tools/vendor_assets.py styles")


def make_theme(scratch: Path) -> None:
    shutil.copy(ROOT / "tools/theme.json", scratch / "designsystemet.config.json")
    tool = ["npx", "--yes", DESIGNSYSTEMET_TOKENS, "tokens"]
    subprocess.run([*tool, "create"], cwd=scratch, check=True)
    subprocess.run([*tool, "build", "--out-dir", "built"], cwd=scratch, check=True)
    shutil.copy(scratch / "built/tessera.css", STATIC / "theme.css")


def cut_font(whole: Path, text: str) -> bytes:
    """The letters of a text from a variable font, weights 400 to 700, as woff2."""
    options = subset.Options(layout_features=FEATURES, hinting=False)
    narrowed = io.BytesIO()
    instancer.instantiateVariableFont(TTFont(whole), {"wght": (400, 400, 700)}).save(narrowed)
    # Read again: the subsetter trips over glyphs that the instancer has left half-loaded.
    font = TTFont(narrowed)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.flavor = "woff2"
    woff2 = io.BytesIO()
    font.save(woff2)
    return woff2.getvalue()


def make_fonts(scratch: Path) -> None:
    name, version, _ = SOURCE_SANS
    package = fetch(name, version, scratch)
    letters = "".join(LETTERS.values())
    ascii_text = "".join(map(chr, range(0x20, 0x7F)))

    folder = empty_folder(STATIC / f"vendor/{name}-{version}")
    (folder / "source-sans-3.woff2").write_bytes(
        cut_font(
            package / "VF/SourceSans3VF-Upright.ttf",
            ascii_text + letters + letters.upper() + "ẞ" + PUNCTUATION,
        )
    )
    shutil.copy(package / "LICENSE.md", folder)
    write_vendor_toml(folder, SOURCE_SANS, "tools/vendor_assets.py font")

    folder = empty_folder(REPORT_FONTS / f"{name}-{version}")
    for style in ("Regular", "Bold"):
        shutil.copy(package / f"TTF/SourceSans3-{style}.ttf", folder)
    shutil.copy(package / "LICENSE.md", folder)
    write_vendor_toml(folder, SOURCE_SANS, "tools/vendor_assets.py font")


def fetch_arabic_font(scratch: Path) -> None:
    name, version, _ = VAZIRMATN
    package = fetch(name, version, scratch)
    folder = empty_folder(REPORT_FONTS / f"vazirmatn-{version}")
    for weight, style in ((400, "Regular"), (700, "Bold")):
        shutil.copy(
            package / f"{weight}{style}/Vazirmatn_{weight}{style}.ttf",
            folder / f"Vazirmatn-{style}.ttf",
        )
    shutil.copy(package / "LICENSE_FONT", folder)
    write_vendor_toml(folder, VAZIRMATN, "tools/vendor_assets.py arabic")


def fetch_htmx(scratch: Path) -> None:
    name, version, _ = HTMX
    package = fetch(name, version, scratch)
    folder = empty_folder(STATIC / f"vendor/htmx-{version}")
    shutil.copy(package / "dist/htmx.min.js", folder)
    shutil.copy(package / "LICENSE", folder)
    write_vendor_toml(folder, HTMX, "tools/vendor_assets.py htmx")


def fetch_axe(scratch: Path) -> None:
    name, version, _ = AXE
    package = fetch(name, version, scratch)
    folder = empty_folder(BROWSER_TESTS / f"vendor/{name}-{version}")
    for file in ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"):
        shutil.copy(package / file, folder)
    write_vendor_toml(folder, AXE, "tools/vendor_assets.py axe")


COMMANDS = {
    "styles": fetch_styles,
    "theme": make_theme,
    "font": make_fonts,
    "arabic": fetch_arabic_font,
    "htmx": fetch_htmx,
    "axe": fetch_axe,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Say what to fetch: {', '.join(COMMANDS)}.\n\n{__doc__}")
    with tempfile.TemporaryDirectory() as scratch:
        COMMANDS[sys.argv[1]](Path(scratch))
