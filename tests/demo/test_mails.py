import base64
import hashlib
import re

import pytest
from django.core.mail import EmailMessage, get_connection
from django.utils import translation

from tessera.apps.accounts.models import Person
from tessera.apps.records.mail import WrittenMail, keep_mail
from tessera.apps.records.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.ROOT_URLCONF = "tests.demo.demo_urls"
    settings.BASE_URL = "http://127.0.0.1:8000"


def keep(subject, text="Text", language="en"):
    """As a mail of another package is kept, with our frame around it."""
    with translation.override(language):
        message = EmailMessage(subject, text, to=["ilze@example.org"])
        get_connection("tessera.apps.records.backend.OutboxBackend").send_messages([message])
    return OutgoingMail.objects.get(subject=subject)


def read(client, address="/en/demo/mails/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_mails_stand_on_the_page_the_newest_first_with_all_that_they_say(client):
    Person.objects.create(email="ilze@example.org", name="Ilze Bērziņa")
    keep("First")
    keep("Second", "Come and see.")
    page = read(client)
    assert re.findall(r"<h2 [^>]*>(\w+)</h2>", page) == ["Second", "First"]
    assert "Ilze Bērziņa, ilze@example.org" in page
    assert "Come and see." in page


def test_a_link_in_a_mail_leads_to_where_the_demonstration_is_served(client):
    mail = keep("Welcome", "Go to http://127.0.0.1:8000/lv/account/ now.")
    for address in ("/en/demo/mails/", f"/en/demo/mails/{mail.pk}/"):
        page = read(client, address)
        assert 'href="http://testserver/lv/account/"' in page
        assert "127.0.0.1" not in page


def test_a_mail_is_shown_alone_in_its_own_language(client):
    mail = keep("Sveika", language="lv")
    page = read(client)
    assert f'<article class="t-section" lang="lv" aria-labelledby="mail-{mail.pk}">' in page
    assert f'href="/lv/demo/mails/{mail.pk}/"' in page
    assert '<html lang="lv">' in read(client, f"/lv/demo/mails/{mail.pk}/")


def test_a_mail_alone_may_use_its_own_style_and_nothing_else(client):
    mail = keep("Welcome")
    response = client.get(f"/en/demo/mails/{mail.pk}/")
    [style] = re.findall("<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert policy[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def test_what_a_mail_says_cannot_run_on_the_page(client):
    mail = WrittenMail("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "")
    keep_mail(mail, to="ilze@example.org", person=None, language="en", purpose="trial")
    page = read(client)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_without_a_mail_the_page_says_how_to_make_one(client):
    assert "No mail yet" in read(client)


def test_nobody_keeps_a_copy_of_the_page(client):
    assert "no-store" in client.get("/en/demo/mails/").headers["Cache-Control"]


def test_a_real_site_has_no_such_page(client, settings):
    settings.ROOT_URLCONF = "tessera.project.urls"
    assert client.get("/en/demo/mails/").status_code == 404
