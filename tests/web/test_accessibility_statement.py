def test_it_names_its_status_its_date_and_where_to_complain(client):
    page = client.get("/en/accessibility/").content.decode()
    assert "partially compliant" in page
    assert "22 November 2026" in page
    assert '<a href="mailto:tests@example.org">' in page


def test_it_says_so_in_latvian(client):
    page = client.get("/lv/accessibility/").content.decode()
    assert "daļēji atbilst" in page
    assert "2026. gada 22. novembris" in page


def test_a_copy_without_an_address_says_that_it_has_none(client, settings):
    settings.CONTACT_EMAIL = ""
    page = client.get("/en/accessibility/").content.decode()
    assert "has no address for complaints" in page
    assert "mailto:" not in page
