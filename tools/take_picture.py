"""Take the picture of the README from a demonstration that is being served.

    uv run tessera demo --no-browser
    uv run --group e2e tools/take_picture.py http://127.0.0.1:8000

The city is an invented one, so that the picture says nothing about a real city wherever it is copied.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "published-review.png"
PAGE = "/en/cities/nordavik/reviews/intercultural-review/2023/"
MARGIN_PX = 30


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.goto(site.rstrip("/") + PAGE, wait_until="networkidle")
        heading = page.locator("#areas-heading").bounding_box()
        drawing = page.locator("#areas .t-chart__picture").bounding_box()
        assert heading is not None
        assert drawing is not None
        top = heading["y"] - MARGIN_PX
        # Half of it below, where the table under the drawing begins.
        bottom = drawing["y"] + drawing["height"] + MARGIN_PX / 2
        area = {"x": 0.0, "y": top, "width": 1280.0, "height": bottom - top}
        page.screenshot(path=PICTURE, full_page=True, clip=area)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
