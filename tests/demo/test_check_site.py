import pytest
from tests.builders import make_city, make_review, make_sheet

from tessera.apps.review.lifecycle import State
from tessera.demo.crawl import check_site


@pytest.mark.django_db
def test_a_sound_site_is_asked_for_every_page_and_file_and_has_no_fault():
    """In each of two languages: home, cities, 2 cities with their threads, about, accessibility, design,
    questionnaires and 3 of them; 3 reviews with 3 files each; 8 areas of the small questionnaire in each of
    two years.

    The page of components is a developer's: its examples lead nowhere.
    """
    make_review(make_city("nowhere", invented=True), make_sheet(30), state=State.PUBLISHED, officer="chiara")
    riga = make_city()
    make_review(riga, make_sheet(40, year=2020), state=State.PUBLISHED)
    make_review(riga, state=State.PUBLISHED)

    findings = check_site()

    assert [fault for fault in findings.faults if "/design/" not in fault.address] == []
    assert findings.pages == 2 * (13 + 3 + 16)
    assert findings.files >= 2 * 9


def test_each_kind_of_fault_is_found_and_named_with_its_page(settings):
    settings.ROOT_URLCONF = "tests.demo.faulty_site"

    findings = check_site()

    assert sorted(map(str, findings.faults)) == [
        "/en/cookie/: sets a cookie: taste",
        "/en/headless/: has 0 headings of the first level instead of one",
        "/en/links/: leads to #gone of /en/sound/, which has no such mark",
        "/en/nowhere/: answered 404; linked from /en/links/",
        "/en/raw/: shows {{, an unrendered piece of a template",
        "/en/tongue/: says lang='lv', its address says 'en'",
        "/take-part/arriving/ar/: says lang='uk', its address says 'ar'",
    ]
    assert (findings.pages, findings.files) == (10, 0)
