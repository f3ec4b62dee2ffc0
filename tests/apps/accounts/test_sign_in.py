import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from tests.apps.accounts.signing_in import is_signed_in, sign_in, without_token
from tests.people import make_person

WRONG = "seven grey herons sleep"


def test_a_person_signs_in_and_lands_at_work_in_their_own_language(client, ilze):
    assert ilze.language == "lv"
    response = sign_in(client)
    assert (response.status_code, response.headers["location"]) == (302, "/lv/desk/")
    assert is_signed_in(client)


def test_a_person_whose_language_the_site_does_not_have_works_in_english(client, ilze):
    ilze.language = "ro"
    ilze.save()
    assert sign_in(client).headers["location"] == "/en/desk/"


@pytest.mark.parametrize("typed", ["Ilze@Example.ORG", " ilze@example.org "])
def test_the_address_may_be_typed_in_capitals_and_with_blanks(client, ilze, typed):
    assert sign_in(client, typed).status_code == 302


def test_an_address_is_kept_in_small_letters(db):
    person = make_person("chiara")
    person.email = "Chiara@Example.ORG"
    person.save()
    person.refresh_from_db()
    assert person.email == "chiara@example.org"
    assert type(person).objects.get(email="CHIARA@example.org") == person


def test_after_signing_in_the_page_that_was_asked_for_is_shown_in_ones_own_language(client, ilze):
    asked = client.get("/en/account/sessions/")
    assert asked.headers["location"] == "/en/account/sign-in/?next=/en/account/sessions/"
    page = client.get(asked.headers["location"]).content.decode()
    assert '<input type="hidden" name="next" value="/en/account/sessions/">' in page
    assert sign_in(client, next="/en/account/sessions/").headers["location"] == "/lv/account/sessions/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client, ilze, elsewhere):
    assert sign_in(client, next=elsewhere).headers["location"] == "/lv/desk/"


def test_a_wrong_password_says_what_to_do_and_not_which_of_the_two_is_wrong(client, ilze):
    page = sign_in(client, password=WRONG)
    assert page.status_code == 200
    assert "Address and password do not fit together." in page.content.decode()
    assert not is_signed_in(client)


def test_known_and_unknown_addresses_get_the_same_page(client, ilze):
    make_person("andris")
    pages = [
        without_token(sign_in(client, email, WRONG).content).replace(email.encode(), b"")
        for email in ("ilze@example.org", "andris@example.org", "nobody@example.org")
    ]
    assert pages[0] == pages[1] == pages[2]


class CountingHasher(MD5PasswordHasher):
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["ilze@example.org", "andris@example.org", "nobody@example.org"])
def test_a_failed_try_costs_one_hash_whoever_it_is(client, ilze, settings, email):
    make_person("andris")
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    ilze.set_password("something else entirely")
    ilze.save()
    CountingHasher.count = 0
    sign_in(client, email, WRONG)
    assert CountingHasher.count == 1


def test_after_five_wrong_passwords_the_right_one_does_not_help_from_anywhere(client, ilze):
    for number in range(5):
        tried = client.post(
            "/en/account/sign-in/",
            {"login": ilze.email, "password": WRONG},
            REMOTE_ADDR=f"10.0.0.{number}",
        )
        assert "do not fit together" in tried.content.decode()
    page = sign_in(client).content.decode()
    assert "There were too many failed tries." in page
    assert not is_signed_in(client)


def test_after_five_failed_tries_a_network_waits_whatever_address_it_tries(client, ilze):
    for number in range(5):
        sign_in(client, f"guess{number}@example.org", WRONG)
    assert "There were too many failed tries." in sign_in(client).content.decode()
    elsewhere = client.post(
        "/en/account/sign-in/",
        {"login": ilze.email, "password": "seven grey herons wait"},
        REMOTE_ADDR="10.0.0.9",
    )
    assert elsewhere.status_code == 302


def test_the_lock_is_the_same_for_an_unknown_address(client, ilze):
    pages = []
    for email in ("ilze@example.org", "nobody@example.org"):
        for number in range(6):
            page = client.post(
                "/en/account/sign-in/",
                {"login": email, "password": WRONG},
                REMOTE_ADDR=f"10.0.{len(email)}.{number}",
            )
        pages.append(without_token(page.content).replace(email.encode(), b""))
    assert pages[0] == pages[1]
    assert b"There were too many failed tries." in pages[0]


def test_signing_in_does_not_use_up_the_tries(client, ilze):
    for _ in range(7):
        assert sign_in(client).status_code == 302
        client.post("/en/account/sign-out/")


def test_a_person_without_a_password_cannot_sign_in(client, mihai):
    for tried in ("", "x", "!"):
        assert sign_in(client, mihai.email, tried).status_code == 200
    assert not is_signed_in(client)


def test_a_closed_account_opens_no_more_and_its_session_is_dead(client, ilze):
    sign_in(client)
    ilze.is_active = False
    ilze.save()
    assert not is_signed_in(client)
    response = sign_in(client)
    assert response.headers["location"] == "/en/account/closed/"
    assert "This account is closed" in client.get("/en/account/closed/").content.decode()


def test_signing_out_leads_home_and_says_so(client, ilze):
    sign_in(client)
    response = client.post("/en/account/sign-out/")
    assert response.headers["location"] == "/en/"
    assert not is_signed_in(client)


def test_opening_the_sign_out_page_signs_nobody_out(client, ilze):
    sign_in(client)
    assert client.get("/en/account/sign-out/").status_code == 200
    assert is_signed_in(client)


@pytest.mark.parametrize("address", ["signup/", "sign-up/", "social/connections/"])
def test_there_is_no_way_to_open_an_account_oneself(client, address):
    assert client.get(f"/en/account/{address}").status_code == 404


def test_behind_a_proxy_tries_are_counted_for_the_visitor(client, ilze, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        client.post(
            "/en/account/sign-in/",
            {"login": f"guess{number}@example.org", "password": WRONG},
            headers={"x-forwarded-for": f"192.0.2.{number}, 203.0.113.7"},
        )
    locked = client.post(
        "/en/account/sign-in/",
        {"login": ilze.email, "password": "seven grey herons wait"},
        headers={"x-forwarded-for": "203.0.113.7"},
    )
    assert "too many failed tries" in locked.content.decode()
    assert sign_in(client).status_code == 302
