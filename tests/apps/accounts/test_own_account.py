import pytest
from django.core import mail
from tests.apps.accounts.signing_in import confirm_password, is_signed_in, link_in, sign_in

from tessera.apps.accounts.actions import vouch_for_address
from tessera.apps.accounts.models import Person


@pytest.fixture
def signed_in(client, ilze):
    sign_in(client)
    return client


def test_the_page_shows_what_we_know_each_with_a_way_to_change_it(signed_in):
    page = signed_in.get("/en/account/").content.decode()
    for shown in ("Ilze", "ilze@example.org", "Latvian", "latviešu", "Not set up"):
        assert shown in page or shown == "Latvian"
    for change in ("name", "email", "language", "password", "second-step", "sessions"):
        assert f'href="/en/account/{change}/"' in page


def test_a_name_is_changed(signed_in):
    signed_in.post("/en/account/name/", {"name": "Ilze Kalniņa"})
    assert "Ilze Kalniņa" in signed_in.get("/en/account/").content.decode()


def test_a_name_that_was_refused_changes_nothing(signed_in, ilze):
    page = signed_in.post("/en/account/name/", {"name": "x" * 121})
    assert page.status_code == 200
    assert Person.objects.get(pk=ilze.pk).name == "Ilze"


def test_changing_the_language_changes_that_of_pages_and_mails(signed_in, ilze):
    done = signed_in.post("/lv/account/language/", {"language": "en"})
    assert done.headers["location"] == "/en/account/"
    signed_in.post("/en/account/sign-out/")
    assert sign_in(signed_in).headers["location"] == "/en/desk/"
    signed_in.post("/en/account/sign-out/")
    signed_in.post("/lv/account/new-password/", {"email": ilze.email})
    assert mail.outbox[0].subject == "Choose a new password"
    assert link_in(mail.outbox[0]).startswith("/en/")


def change_address(client, to):
    page = "/en/account/email/"
    confirm_password(client, page)
    return client.post(page, {"email": to, "action_add": ""}, follow=True)


def test_an_address_changes_once_a_link_sent_there_was_opened(signed_in, ilze):
    assert (
        "We sent a link to ilze@riga.example"
        in change_address(signed_in, "Ilze@Riga.example").content.decode()
    )
    ilze.refresh_from_db()
    assert ilze.email == "ilze@example.org"
    assert [message.to for message in mail.outbox] == [["ilze@riga.example"]]
    link = link_in(mail.outbox[0])
    assert signed_in.get(link).status_code == 200
    ilze.refresh_from_db()
    assert ilze.email == "ilze@example.org"
    signed_in.post(link)
    ilze.refresh_from_db()
    assert ilze.email == "ilze@riga.example"
    assert mail.outbox[1].to == ["ilze@example.org"]
    signed_in.post("/en/account/sign-out/")
    assert sign_in(signed_in, "ilze@riga.example").status_code == 302
    signed_in.post("/en/account/sign-out/")
    assert sign_in(signed_in, "ilze@example.org").status_code == 200


def test_a_change_of_address_is_called_off(signed_in, ilze):
    change_address(signed_in, "ilze@riga.example")
    signed_in.post("/en/account/email/", {"email": "ilze@riga.example", "action_remove": ""})
    page = signed_in.post(link_in(mail.outbox[0]))
    assert page.status_code == 404
    ilze.refresh_from_db()
    assert ilze.email == "ilze@example.org"


def test_the_address_of_someone_else_is_refused(signed_in, mihai):
    page = change_address(signed_in, mihai.email).content.decode()
    assert "Someone else signs in with this address." in page
    assert mail.outbox == []


@pytest.mark.parametrize("signs_in", [True, False])
def test_an_address_that_came_to_be_of_someone_else_meanwhile_is_not_taken_over(signed_in, ilze, signs_in):
    change_address(signed_in, "office@riga.example")
    andris = Person.objects.create(email="office@riga.example", name="Andris")
    if signs_in:
        vouch_for_address(andris)
    link = link_in(mail.outbox.pop())
    page = signed_in.post(link, follow=True)
    assert page.status_code == 200
    assert "This address was not taken over: someone else signs in with it." in page.content.decode()
    ilze.refresh_from_db()
    andris.refresh_from_db()
    assert (ilze.email, andris.email) == ("ilze@example.org", "office@riga.example")
    assert ilze.emailaddress_set.get(primary=True).email == "ilze@example.org"
    assert mail.outbox == []
    assert is_signed_in(signed_in)


def test_changing_the_address_asks_for_the_password_once_more(signed_in):
    asked = signed_in.post("/en/account/email/", {"email": "ilze@riga.example", "action_add": ""})
    assert asked.headers["location"].startswith("/en/account/confirm/")
    assert mail.outbox == []
