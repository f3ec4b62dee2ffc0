import re

import pytest
from tools.assemble_css import (
    DIALOGUE,
    PARTS,
    RESIDENTS_PARTS,
    RESIDENTS_SHEET,
    RESULTS_SHEET,
    SHEET,
    STATIC,
    assemble,
    assemble_for_residents,
    assemble_for_results,
    read_colours,
)

FOR_RESIDENTS = [DIALOGUE / "resident" / part for part in RESIDENTS_PARTS]
OWN = [
    *(STATIC / part for part in PARTS if not part.startswith("vendor/") and part != "theme.css"),
    *FOR_RESIDENTS,
]


def read_rules(file):
    return re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)


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
        rules = read_rules(file)
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|\boklch\(", rules) == [], file.name


def test_the_sheet_fetches_only_our_own_font():
    fetched = [url for url in re.findall(r'url\("?([^")]+)', assemble()) if not url.startswith("data:")]
    assert fetched == ["vendor/source-sans-3.52.0/source-sans-3.woff2"]


def test_every_token_that_is_used_is_defined():
    sheet = assemble()
    used = set(re.findall(r"var\((--(?:t|chart)-[\w-]+)\)", sheet))
    assert used
    assert used <= set(re.findall(r"(--(?:t|chart)-[\w-]+):", sheet))


def test_the_sheet_of_residents_is_assembled_from_its_parts():
    written = RESIDENTS_SHEET.read_text(encoding="utf-8")
    assert written == assemble_for_residents(), "run tools/assemble_css.py"
    assert {file.name for file in (DIALOGUE / "resident").glob("*.css")} == set(RESIDENTS_PARTS)


def test_the_sheet_of_results_is_that_of_the_file_and_what_the_page_adds():
    assert RESULTS_SHEET.read_text(encoding="utf-8") == assemble_for_results(), "run tools/assemble_css.py"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_residents_see_the_colours_of_the_theme(scheme):
    sheet = assemble_for_residents()
    light, dark = sheet.split("prefers-color-scheme: dark", 1)
    given = dict(re.findall(r"(--ds-color-[\w-]+): (#\w+);", {"light": light, "dark": dark}[scheme]))
    assert "--ds-color-accent-base-default" in given
    assert given.keys() == set(re.findall(r"var\((--ds-color-[\w-]+)", sheet))
    assert given.items() <= read_colours(scheme).items()


def test_the_sheet_of_residents_can_be_read_by_their_phones_and_from_right_to_left():
    for file in FOR_RESIDENTS:
        rules = read_rules(file)
        # Chrome before 79, 99, 88 and 105: what holds one of these is skipped as a whole.
        assert re.findall(r"clamp\(|min\(|max\(|@layer|:where\(|:is\(|:has\(|\(width", rules) == [], file.name
        sided = re.findall(r"(?:margin|border|inset)-(?:left|right)|text-align: (?:left|right)|float:", rules)
        assert sided == [], file.name


def test_the_sheet_of_residents_fetches_nothing():
    assert "url(" not in assemble_for_residents()
    assert "@import" not in assemble_for_residents()
