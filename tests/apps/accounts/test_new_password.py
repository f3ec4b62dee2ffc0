import re

import pytest
from django.core import mail
from tests.apps.accounts.signing_in import PASSWORD, is_signed_in, link_in, sign_in, without_token

NEW = "nine slow barges pass"


def ask(client, email, language="en"):
    return client.post(f"/{language}/account/new-password/", {"email": email}, follow=True)


def choose(client, link, password=NEW, again=None):
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(form, {"password1": password, "password2": again or password}, follow=True)


def test_a_new_password_is_chosen_by_a_link_in_the_mail(client, ilze):
    ilze.language = "en"
    ilze.save()
    ask(client, ilze.email)
    done = choose(client, link_in(mail.outbox[0]))
    assert "Your password was changed" in done.content.decode()
    assert sign_in(client, password=PASSWORD).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302


def test_the_mail_is_in_the_language_of_the_person_and_not_of_the_page(client, ilze):
    ask(client, ilze.email, language="en")
    assert link_in(mail.outbox[0]).startswith("/lv/account/new-password/")


def test_the_link_works_once(client, ilze):
    ask(client, ilze.email)
    link = link_in(mail.outbox[0])
    choose(client, link)
    assert client.get(link).status_code == 200
    assert '<form class="t-form"' not in client.get(link).content.decode()


def test_a_link_that_is_not_whole_says_so(client, ilze):
    page = client.get("/en/account/new-password/1-abc-def/").content.decode()
    assert "This link does not work" in page


def test_everybody_gets_the_same_page_and_one_mail(client, ilze, mihai):
    pages = []
    for email in (ilze.email, mihai.email, "nobody@example.org"):
        mail.outbox.clear()
        pages.append(without_token(ask(client, email).content))
        assert [message.to for message in mail.outbox] == [[email]]
    assert pages[0] == pages[1] == pages[2]


def test_who_has_no_password_yet_gets_no_link_to_choose_one(client, mihai):
    mihai.language = "en"
    mihai.save()
    ask(client, mihai.email)
    assert "Nobody signs in to Tessera with it." in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body


def test_a_closed_account_gets_no_link(client, ilze):
    ilze.is_active = False
    ilze.save()
    ask(client, ilze.email)
    assert "http" not in mail.outbox[0].body


def test_one_address_gets_five_mails_an_hour_at_most(client, ilze):
    for number in range(5):
        asked = client.post(
            "/en/account/new-password/", {"email": ilze.email}, REMOTE_ADDR=f"10.0.0.{number}"
        )
        assert asked.status_code == 302
    refused = client.post("/en/account/new-password/", {"email": ilze.email}, REMOTE_ADDR="10.0.0.9")
    assert refused.status_code == 429
    assert "Too many tries" in refused.content.decode()
    assert len(mail.outbox) == 5


def test_changing_the_password_asks_for_the_present_one_and_tells_by_mail(client, ilze):
    ilze.language = "en"
    ilze.save()
    sign_in(client)
    page = "/en/account/password/"
    wrong = client.post(page, {"oldpassword": "?", "password1": NEW, "password2": NEW})
    assert "This is not your present password." in wrong.content.decode()
    assert mail.outbox == []
    done = client.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert done.headers["location"] == "/en/account/"
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]
    assert "If that was not you" in mail.outbox[0].body
    assert is_signed_in(client)


def test_the_notice_is_in_the_language_of_the_person_down_to_its_date(client, ilze):
    sign_in(client)
    client.post("/en/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert re.search(r"20\d\d\. gada \d", mail.outbox[0].body)


def test_all_other_sessions_end_when_the_password_changes(client, ilze):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    client.post("/en/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_a_new_password_by_link_ends_every_session(client, ilze):
    other = type(client)()
    sign_in(other)
    ask(client, ilze.email)
    choose(client, link_in(mail.outbox[0]))
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("eleven sign", "at least 12 characters"),
        ("q1w2e3r4t5y6", "too common"),
        ("ilze@example.org", "too similar"),
    ],
)
def test_a_weak_password_is_refused(client, ilze, password, words):
    sign_in(client)
    page = client.post(
        "/en/account/password/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert words in page.content.decode()


def test_a_password_that_was_mistyped_the_second_time_is_refused(client, ilze):
    sign_in(client)
    page = client.post(
        "/en/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "!"}
    )
    assert "The two passwords differ." in page.content.decode()


def test_who_has_no_password_has_none_to_change(client, mihai):
    client.force_login(mihai)
    assert client.get("/en/account/password/").headers["location"] == "/en/account/"
