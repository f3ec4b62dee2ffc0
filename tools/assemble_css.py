"""Put the style sheets together into the one file that a page loads.

    uv run tools/assemble_css.py           write src/tessera/web/static/web/tessera.css

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


def assemble() -> str:
    """Join the parts in their order, without comments and needless blanks."""
    sheet = "\n".join((STATIC / part).read_text(encoding="utf-8") for part in PARTS)
    sheet = sheet.replace('@charset "UTF-8";', "")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return '@charset "UTF-8";\n' + re.sub(r"\s*\n\s*", "\n", sheet).strip() + "\n"


if __name__ == "__main__":
    SHEET.write_text(assemble(), encoding="utf-8")
