"""Put the style sheets together into the one file that a page loads.

    uv run tools/assemble_css.py           write src/tessera/web/static/web/tessera.css, and in
                                           src/tessera/apps/dialogue/static/dialogue/ resident.css for
                                           residents and results.css for the results of a consultation

The parts stay files of their own, because one reads and changes them one at a time; a browser would fetch a
dozen of them one after the other. A test holds the result against its parts.
"""

import re
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src/tessera/web/static/web"
SHEET = STATIC / "tessera.css"

# Later parts win over earlier ones: the theme's tokens, Designsystemet's components, ours, and print.
PARTS = (
    "theme.css",
    "fonts.css",
    *(
        f"vendor/designsystemet-css-1.22.0/{name}.css"
        for name in (
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
    ),
    "tokens.css",
    "layout.css",
    *(
        f"components/{name}.css"
        for name in (
            "site-header",
            "site-footer",
            "page-heading",
            "city-tile",
            "score",
            "chart",
            "data-table",
            "summary-list",
            "notice",
            "section-nav",
            "download-list",
            "empty",
            "definitions",
            "mosaic",
            "hero",
            "phases",
            "columns",
            "question",
            "form",
            "choices",
            "buttons",
            "work-bar",
            "messages",
            "task-list",
            "devices",
            "codes",
            "trail",
            "progress",
            "save",
            "compare",
            "differences",
            "steps",
            "receipt",
            "file-list",
        )
    ),
    "../../../reports/html/review.css",
    "print.css",
)

DIALOGUE = Path(__file__).parents[1] / "src/tessera/apps/dialogue/static/dialogue"
RESIDENTS_SHEET = DIALOGUE / "resident.css"
RESIDENTS_PARTS = ("frame.css", "forms.css", "voting.css", "notice.css", "print.css")

RESULTS_SHEET = DIALOGUE / "results.css"
# Beside the sheet of every page: that of the file that one downloads.
RESULTS_PARTS = ("../../../../reports/html/landscape.css", "results/page.css")


def assemble() -> str:
    """Join the parts in their order, without comments and needless blanks."""
    return tighten("\n".join((STATIC / part).read_text(encoding="utf-8") for part in PARTS))


def assemble_for_residents() -> str:
    """Join the parts of residents' pages behind those colours of the theme that they use.

    The whole theme is many times their weight, and old phones skip it, since it stands in cascade layers.
    """
    parts = "\n".join((DIALOGUE / "resident" / part).read_text(encoding="utf-8") for part in RESIDENTS_PARTS)
    used = sorted(set(re.findall(r"var\((--ds-color-[\w-]+)\)", parts)))
    light, dark = (
        "\n".join(f"{token}: {colours[token]};" for token in used)
        for colours in (read_colours("light"), read_colours("dark"))
    )
    return tighten(
        f":root {{\n{light}\n}}\n@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}\n}}\n}}\n{parts}"
    )


def assemble_for_results() -> str:
    return tighten("\n".join((DIALOGUE / part).read_text(encoding="utf-8") for part in RESULTS_PARTS))


def read_colours(scheme: str) -> dict[str, str]:
    """The theme's tokens of the light or the dark scheme."""
    theme = (STATIC / "theme.css").read_text(encoding="utf-8")
    block = re.search(rf'\[data-color-scheme="{scheme}"\] {{(.*?)}}', theme, flags=re.DOTALL)
    if block is None:
        raise ValueError(f"theme.css has no colours for the {scheme} scheme")
    return dict(re.findall(r"(--ds-color-[\w-]+): ([^;]+);", block[1]))


def tighten(sheet: str) -> str:
    """The sheet without comments and needless blanks."""
    sheet = sheet.replace('@charset "UTF-8";', "")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return '@charset "UTF-8";\n' + re.sub(r"\s*\n\s*", "\n", sheet).strip() + "\n"


if __name__ == "__main__":
    SHEET.write_text(assemble(), encoding="utf-8")
    RESIDENTS_SHEET.write_text(assemble_for_residents(), encoding="utf-8")
    RESULTS_SHEET.write_text(assemble_for_results(), encoding="utf-8")
