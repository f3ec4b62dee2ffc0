import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction

from tessera.apps.records.mail import (
    WrittenMail,
    compose,
    keep_mail,
    send_mail_to,
    send_notice_to,
    tame_subject,
)
from tessera.apps.records.models import OutgoingMail

LINK = "/account/invitation/a-token-that-is-much-longer-than-a-line-of-seventy-two-signs-in-the-mail/"


@pytest.fixture
def site(settings):
    settings.BASE_URL = "https://tessera.example.org"
    settings.CONTACT_EMAIL = "help@example.org"


@pytest.fixture
def invite(trial_mail, site, ilze):
    def write(inviter="Nuria", city="Riga"):
        return send_mail_to(ilze, trial_mail, {"inviter": inviter, "city": city}, "invitation")

    return write


def test_a_mail_waits_for_its_person_in_their_language(invite, ilze):
    mail = invite()

    assert (mail.to, mail.person, mail.language, mail.purpose) == (ilze.email, ilze, "lv", "invitation")
    assert mail.subject == "Nuria asks Ilze to take part"
    assert f"https://tessera.example.org/lv{LINK}" in mail.text
    assert '<html lang="lv">' in mail.html
    assert "<h1>Nuria asks Ilze to take part</h1>" in mail.html
    assert list(OutgoingMail.objects.waiting()) == [mail]


def test_whoever_reads_a_language_that_the_site_lacks_gets_the_sites_own(invite, ilze):
    ilze.language = "pl"

    assert invite().language == "en"


def test_the_text_is_wrapped_and_no_link_is_broken(invite):
    lines = invite().text.splitlines()

    assert lines[:2] == [
        "Nuria would like you to fill the review of Riga together with the",
        "colleagues of the town hall.",
    ]
    assert lines[3].startswith("- The review has eight areas.")
    assert lines[4].startswith("  ")
    assert [line for line in lines if len(line) > 72] == [f"https://tessera.example.org/lv{LINK}"]


def test_a_mail_says_who_sent_it_and_where_questions_go(invite):
    mail = invite()
    for written in (mail.text, mail.html):
        assert "https://tessera.example.org" in written
        assert "help@example.org" in written


@pytest.fixture
def notice(trial_mail, site, ilze):
    def write(person=ilze):
        return send_notice_to(person, trial_mail, {"inviter": "Nuria", "city": "Riga"}, "area-complete")

    return write


def test_a_notice_says_in_its_foot_how_to_stop_such_mails(notice, ilze):
    mail = notice()

    assert mail.leave_url == f"https://tessera.example.org{ilze.leave_notices_url}"
    assert mail.text.count(mail.leave_url) == 1
    assert mail.text.endswith(f"\n{mail.leave_url}\n")
    assert mail.html.count(f'<a href="{mail.leave_url}">') == 1


def test_a_mail_that_always_comes_offers_no_way_to_stop_it(invite):
    mail = invite()

    assert mail.leave_url == ""
    assert "/account/notices/" not in mail.text + mail.html


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("gets_notices", [True, False])
def test_no_notice_is_written_to_one_who_left_and_reminders_still_are(
    notice, invite, ilze, gets_notices, is_active
):
    ilze.gets_notices, ilze.is_active = gets_notices, is_active
    is_wanted = gets_notices and is_active

    assert (notice() is not None) == is_wanted
    assert OutgoingMail.objects.filter(purpose="area-complete").count() == is_wanted
    invite()
    assert OutgoingMail.objects.filter(purpose="invitation").count() == 1


def test_the_text_is_no_html_and_the_html_runs_nothing(invite):
    mail = invite(inviter="<script>alert('O\u2019Neill & Sons')</script>")

    assert mail.subject.startswith("<script>alert('O\u2019Neill & Sons')</script> asks")
    assert mail.text.startswith("<script>alert('O\u2019Neill & Sons')</script> would")
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_an_act_that_is_rolled_back_sends_nothing(invite):
    with transaction.atomic():
        invite()
        transaction.set_rollback(True)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Invitation\r\nBcc: everybody@example.org", "Invitation Bcc: everybody@example.org"),
        ("Invit\x00ation", "Invit ation"),
        ("From \u202eazliI\u202c, \u2067truly\u2069", "From azliI, truly"),
        ("Half \ud83d of a sign\u2028and more", "Half of a sign and more"),
        ("  \t Rīgas   pārskats\n", "Rīgas pārskats"),
    ],
)
def test_a_subject_is_one_line_that_steers_no_program(given, kept):
    assert tame_subject(given) == kept


def test_a_long_subject_is_cut_and_says_so():
    assert tame_subject("x" * 150) == "x" * 150
    assert tame_subject("x" * 151) == "x" * 149 + "…"


@pytest.mark.parametrize("hostile", ["\x00", "\x1b[2J", "\ud800", "x" * 100_000, "\r\n.\r\nQUIT\r\n"])
def test_hostile_words_in_a_mail_can_be_kept(invite, hostile):
    mail = invite(inviter=f"Eve{hostile}", city=f"Riga{hostile}")
    mail.refresh_from_db()

    assert mail.text.startswith("Eve")
    assert not {"\x00", "\x1b", "\r", "\ud800"} & {*mail.subject, *mail.text, *mail.html}


@pytest.mark.parametrize(
    "address", ["", "ilze", "ilze@example.org\nBcc: all@example.org", "a@b.org, c@d.org"]
)
def test_an_address_that_is_none_is_refused(db, address):
    with pytest.raises(ValidationError):
        keep_mail(WrittenMail("S", "T", ""), to=address, person=None, language="en", purpose="trial")


def test_a_site_that_does_not_know_its_address_writes_no_mail(trial_mail, settings):
    settings.BASE_URL = ""
    with pytest.raises(ImproperlyConfigured, match="Set TESSERA_BASE_URL"):
        compose(trial_mail, {}, "en")
