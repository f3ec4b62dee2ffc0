import pytest
from django.core.signing import Signer
from django.test import Client
from tests.apps.accounts.signing_in import sign_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(ilze):
    return ilze.leave_notices_url


def gets_notices(person):
    person.refresh_from_db()
    return person.gets_notices


def test_everybody_gets_notices_until_they_leave(ilze, mihai):
    assert gets_notices(ilze)
    assert gets_notices(mihai)


def test_opening_the_link_leaves_nothing(client, ilze, link):
    """Programs that look for dangerous mails open every link."""
    for method in (client.get, client.head):
        assert method(link).status_code == 200
    assert gets_notices(ilze)


def test_the_link_is_in_the_language_of_its_reader(client, link):
    assert link.startswith("/lv/account/notices/")


def test_one_leaves_with_the_button_of_the_page_and_comes_back_with_another(ilze, mihai, link):
    link = link.replace("/lv/", "/en/")
    client = Client(enforce_csrf_checks=True)
    page = client.get(link)
    assert "Ilze" in page.content.decode()
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}

    left = client.post(link, token, follow=True)
    assert "You get no more news about the work of others" in left.content.decode()
    assert left.redirect_chain == [(link, 302)]
    assert not gets_notices(ilze)
    assert gets_notices(mihai)

    back = client.post(link, {**token, "return": ""}, follow=True)
    assert "Stop news about the work of others?" in back.content.decode()
    assert gets_notices(ilze)


def test_leaving_twice_is_leaving(client, ilze, link):
    client.post(link)
    client.post(link)
    assert not gets_notices(ilze)


@pytest.mark.parametrize("coded", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_leaves_for_its_reader_in_one_click(ilze, link, coded):
    """RFC 8058, 3.2 and 5: either way of coding, without cookies, and the answer leads to no other page."""
    if coded.startswith("multipart"):
        asked = {"data": ONE_CLICK}
    else:
        asked = {"data": "List-Unsubscribe=One-Click", "content_type": coded}
    answer = Client(enforce_csrf_checks=True).post(link, **asked)
    assert answer.status_code == 200
    assert not gets_notices(ilze)


def test_a_form_of_another_site_changes_nothing(ilze, link):
    client = Client(enforce_csrf_checks=True)
    for body in ({}, {"return": ""}, {"List-Unsubscribe": "Two-Clicks"}):
        assert client.post(link, body).status_code == 403
    assert gets_notices(ilze)


def test_a_link_that_was_not_sent_leaves_nothing_and_says_what_to_try(client, ilze, mihai, link):
    key, signature = link.split("/")[-2].split(":")
    wrong = [
        f"{mihai.pk}:{signature}",
        f"{key}:{signature[:-1]}",
        f"{key}:",
        key,
        "<script>",
        "%00",
        "ā" * 5,
        # Signed by the site, but for something else.
        Signer().sign(str(ilze.pk)),
    ]
    for token in wrong:
        for answer in (
            client.get(f"/en/account/notices/{token}/"),
            client.post(f"/en/account/notices/{token}/"),
        ):
            assert answer.status_code == 404
            assert "This link does not work" in answer.content.decode()
        assert client.post(f"/en/account/notices/{token}/", ONE_CLICK).status_code == 404
    assert gets_notices(ilze)
    assert gets_notices(mihai)


def test_a_link_of_before_a_new_key_of_the_site_leaves_while_the_site_knows_the_earlier_one(
    client, ilze, link, settings
):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", []
    assert client.post(link).status_code == 404
    settings.SECRET_KEY_FALLBACKS = ["a key for the tests only"]
    client.post(link)
    assert not gets_notices(ilze)


def test_no_other_site_learns_the_link(client, link):
    for answer in (
        client.get(link),
        client.post(link),
        client.post(link, ONE_CLICK),
        client.get(f"{link[:-2]}/"),
    ):
        assert answer.headers["referrer-policy"] == "same-origin"


def test_one_says_in_the_account_whether_one_gets_news(client, ilze):
    sign_in(client)
    assert "Sent by e-mail" in client.get("/en/account/").content.decode()

    done = client.post("/en/account/notices/", {}, follow=True).content.decode()
    assert "From now on, you get no news about the work of others." in done
    assert "Not sent" in done
    assert not gets_notices(ilze)

    done = client.post("/en/account/notices/", {"gets_notices": "on"}, follow=True).content.decode()
    assert "From now on, you get news about the work of others." in done
    assert gets_notices(ilze)
