from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils.html import escape
from tests.apps.accounts.signing_in import PASSWORD, is_signed_in, sign_in
from tests.people import make_person

from tessera.apps.accounts.actions import (
    CannotInvite,
    UnusableInvitation,
    accept_invitation,
    invite,
    withdraw,
)
from tessera.apps.accounts.models import Invitation, InvitationState, Person

DAY = timedelta(days=1)
GIVEN = {"name": "Mihai", "language": "en", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invited(ilze, mihai):
    """An invitation of today, and the token in its link."""
    return invite(person=mihai, by=ilze, at=datetime.now(UTC))


def page(token, language="en"):
    return f"/{language}/account/invitation/{token}/"


def test_the_page_says_who_invites_and_keeps_the_invitation_open(client, invited):
    invitation, token = invited
    for _ in range(2):
        shown = client.get(page(token))
        assert shown.status_code == 200
    assert "Ilze invites you to work with Tessera." in shown.content.decode()
    assert 'value="Mihai"' in shown.content.decode()
    invitation.refresh_from_db()
    assert invitation.state(datetime.now(UTC)) is InvitationState.OPEN


def test_accepting_signs_in_and_leads_to_work_in_the_chosen_language(client, invited):
    _, token = invited
    response = client.post(page(token), {**GIVEN, "name": "Mihai Pop", "language": "lv"})
    assert (response.status_code, response.headers["location"]) == (302, "/lv/desk/")
    assert is_signed_in(client)
    person = Person.objects.get(email="mihai@example.org")
    assert (person.name, person.language) == ("Mihai Pop", "lv")
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("mihai@example.org", True, True)
    client.post("/en/account/sign-out/")
    assert sign_in(client, "mihai@example.org").status_code == 302


def test_after_accepting_the_second_step_is_set_up_without_typing_the_password_again(client, invited):
    _, token = invited
    client.post(page(token), GIVEN)
    assert client.get("/en/account/second-step/app/").status_code == 200


def test_the_link_works_once(client, invited):
    _, token = invited
    client.post(page(token), GIVEN)
    client.post("/en/account/sign-out/")
    for answer in (client.get(page(token)), client.post(page(token), {**GIVEN, "password1": "x" * 12})):
        assert answer.status_code == 410
        assert "This invitation was used already" in answer.content.decode()
    assert sign_in(client, "mihai@example.org").status_code == 302


def test_a_withdrawn_link_says_so_and_whom_to_ask(client, invited):
    invitation, token = invited
    withdraw(invitation=invitation, at=datetime.now(UTC))
    answer = client.get(page(token))
    assert answer.status_code == 410
    assert "This invitation was withdrawn" in answer.content.decode()
    assert "ilze@example.org" in answer.content.decode()


def test_an_old_link_says_so_and_whom_to_ask(client, ilze, mihai):
    _, token = invite(person=mihai, by=ilze, at=datetime.now(UTC) - 15 * DAY)
    answer = client.post(page(token), GIVEN)
    assert answer.status_code == 410
    assert "This invitation has run out" in answer.content.decode()
    assert "ilze@example.org" in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "ā" * 5, "<script>"])
def test_a_garbled_link_says_what_to_try(client, db, token):
    answer = client.get(page(token))
    assert answer.status_code == 404
    assert "This invitation does not exist" in answer.content.decode()


def test_a_link_of_which_a_sign_is_missing_opens_nothing(client, invited):
    _, token = invited
    assert client.post(page(token[:-1]), GIVEN).status_code == 404
    assert not is_signed_in(client)


def test_the_token_is_kept_nowhere(invited):
    invitation, token = invited
    row = Invitation.objects.values().get(pk=invitation.pk)
    assert len(token) >= 43
    assert token not in str(row)


def test_an_invitation_is_valid_for_fourteen_days(ilze, mihai):
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    invitation, _ = invite(person=mihai, by=ilze, at=start)
    assert invitation.state(start + 14 * DAY - timedelta(seconds=1)) is InvitationState.OPEN
    assert invitation.state(start + 14 * DAY) is InvitationState.EXPIRED


def test_a_new_invitation_ends_the_earlier_one(client, invited, ilze, mihai):
    _, old = invited
    _, new = invite(person=mihai, by=ilze, at=datetime.now(UTC))
    assert client.get(page(old)).status_code == 410
    assert client.get(page(new)).status_code == 200


def test_who_signs_in_already_is_not_invited_again(ilze, mihai):
    with pytest.raises(CannotInvite, match="signs in already"):
        invite(person=ilze, by=mihai, at=datetime.now(UTC))


def test_a_closed_account_is_not_invited_and_its_link_is_dead(client, invited, ilze, mihai):
    _, token = invited
    mihai.is_active = False
    mihai.save()
    assert client.post(page(token), GIVEN).status_code == 410
    with pytest.raises(CannotInvite, match="closed"):
        invite(person=mihai, by=ilze, at=datetime.now(UTC))


def test_a_used_invitation_cannot_be_withdrawn(invited):
    invitation, token = invited
    now = datetime.now(UTC)
    accept_invitation(token=token, password=PASSWORD, name="Mihai", language="en", at=now)
    with pytest.raises(UnusableInvitation, match="used"):
        withdraw(invitation=invitation, at=now)
    with pytest.raises(UnusableInvitation, match="used"):
        accept_invitation(token=token, password=PASSWORD, name="Mihai", language="en", at=now)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"name": "Seven Herons", "password1": "seven herons", "password2": "seven herons"}, "too similar"),
        ({"password2": "something else"}, "The two passwords differ."),
        ({"language": "tlh"}, "Select a valid choice."),
        ({"name": ""}, "is empty."),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_good(client, invited, changed, words):
    _, token = invited
    answer = client.post(page(token), {**GIVEN, **changed})
    assert answer.status_code == 200
    assert escape(words) in answer.content.decode()
    assert not is_signed_in(client)
    assert client.post(page(token), GIVEN).status_code == 302


def test_a_name_is_shown_as_it_is_written_and_never_run(client, ilze):
    ilze.name = "<script>alert(1)</script>"
    ilze.save()
    _, token = invite(person=make_person("mihai"), by=ilze, at=datetime.now(UTC))
    shown = client.get(page(token)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; invites you" in shown
    assert "<script" not in shown


def test_no_other_site_learns_the_link(client, invited):
    assert client.get(page(invited[1])).headers["referrer-policy"] == "same-origin"
