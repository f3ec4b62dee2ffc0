import re

from tools.assemble_css import PARTS, SHEET, STATIC, assemble

OWN = [STATIC / part for part in PARTS if not part.startswith("vendor/") and part != "theme.css"]


def test_the_sheet_is_assembled_from_its_parts():
    assert SHEET.read_text(encoding="utf-8") == assemble(), "run tools/assemble_css.py"


def test_every_component_is_part_of_the_sheet():
    lying_about = {f"components/{file.name}" for file in (STATIC / "components").glob("*.css")}
    assert lying_about
    assert lying_about <= set(PARTS)


def test_colours_come_from_tokens_alone():
    for file in OWN:
        if file.name in ("tokens.css", "print.css"):
            continue
        rules = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|\boklch\(", rules) == [], file.name


def test_the_sheet_fetches_only_our_own_font():
    fetched = [url for url in re.findall(r'url\("?([^")]+)', assemble()) if not url.startswith("data:")]
    assert fetched == ["vendor/source-sans-3.52.0/source-sans-3.woff2"]


def test_every_token_that_is_used_is_defined():
    sheet = assemble()
    used = set(re.findall(r"var\((--(?:t|chart)-[\w-]+)\)", sheet))
    assert used
    assert used <= set(re.findall(r"(--(?:t|chart)-[\w-]+):", sheet))
