import json
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.accounts.signing_in import PASSWORD
from tests.apps.records.chains import faults
from tests.builders import make_city

from tessera.apps.accounts.actions import invite
from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.records.acting import stand_in
from tessera.apps.records.middleware import know_who_acts
from tessera.apps.records.models import OutgoingMail, TrailHead, TrailLink
from tessera.apps.records.trail import keep_trail, seal_entries, seal_new_entries

pytestmark = pytest.mark.django_db


def test_a_change_of_a_person_leaves_an_entry_with_before_and_after(ilze):
    ilze.name = "Ilze Bērziņa"
    ilze.save()
    entry = LogEntry.objects.get(action=LogEntry.Action.UPDATE)
    assert entry.changes == {"name": ["Ilze", "Ilze Bērziņa"]}
    assert (entry.object_id, entry.object_repr) == (ilze.pk, "Ilze Bērziņa")


def test_neither_a_password_nor_a_sign_in_leaves_an_entry(ilze):
    before = LogEntry.objects.count()
    ilze.set_password("a long secret of Ilze")
    ilze.last_login = timezone.now()
    ilze.save()
    assert LogEntry.objects.count() == before
    written = json.dumps(list(LogEntry.objects.values_list("changes", flat=True)))
    assert "password" not in written
    assert "last_login" not in written


def test_an_entry_belongs_to_the_city_that_its_row_names(monkeypatch):
    monkeypatch.setattr(Person, "trail_city_id", 7, raising=False)
    Person.objects.create(email="ilze@example.org", name="Ilze")
    assert LogEntry.objects.get().additional_data == {"city": 7}


def test_an_entry_about_no_city_names_none(ilze):
    assert LogEntry.objects.get().additional_data is None


def test_a_field_that_is_not_there_cannot_be_left_out():
    with pytest.raises(ValueError, match="OutgoingMail has no field 'txt'"):
        keep_trail(OutgoingMail, leave_out=["txt"])


def answer(request):
    Person.objects.create(email="new@example.org", name="New")
    return HttpResponse()


def test_the_entry_names_the_one_who_is_signed_in_and_no_address(ilze):
    hostile = {
        "HTTP_X_FORWARDED_FOR": "nonsense",
        "HTTP_X_FORWARDED_PORT": "-1",
        "HTTP_X_CORRELATION_ID": "x" * 999,
    }
    request = RequestFactory().post("/", **hostile)
    request.user = ilze
    know_who_acts(answer)(request)

    entry = LogEntry.objects.get(object_repr="New")
    assert (entry.actor, entry.actor_email) == (ilze, ilze.email)
    assert (entry.remote_addr, entry.remote_port, entry.cid) == (None, None, None)


def test_an_entry_of_nobody_who_is_signed_in_names_nobody():
    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    know_who_acts(answer)(request)
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.additional_data) == (None, {"actor": ""})


@pytest.mark.parametrize("somebody_is_signed_in", [False, True])
def test_who_accepts_an_invitation_acts_before_they_are_signed_in(client, ilze, somebody_is_signed_in):
    if somebody_is_signed_in:
        client.force_login(ilze)
    andris = Person.objects.create(email="andris@example.org", name="Andris")
    invitation, token = invite(person=andris, by=ilze, at=timezone.now())
    made = LogEntry.objects.get(object_repr=str(invitation))
    given = {"name": "Andris Z", "language": "en", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"/en/account/invitation/{token}/", given)

    used = LogEntry.objects.filter(content_type=made.content_type).latest("pk")
    renamed = LogEntry.objects.get(object_repr="Andris Z")
    assert (list(used.changes), used.actor, used.additional_data) == (
        ["used_at"],
        andris,
        {"actor": "Andris"},
    )
    assert (renamed.changes, renamed.actor) == ({"name": ["Andris", "Andris Z"]}, andris)
    assert "token" not in json.dumps(list(LogEntry.objects.values_list("changes", flat=True)))


def test_who_came_by_a_link_of_their_own_acts_whoever_is_signed_in_and_only_in_that_request(ilze):
    andris = Person.objects.create(email="andris@example.org", name="Andris")

    def answer_by_link(request):
        stand_in(andris)
        return answer(request)

    request = RequestFactory().post("/")
    request.user = ilze
    know_who_acts(answer_by_link)(request)
    by_link = LogEntry.objects.get(object_repr="New")
    assert (by_link.actor, by_link.actor_email) == (andris, andris.email)
    assert by_link.additional_data == {"actor": "Andris"}

    def answer_later(request):
        andris.name = "Andris Z"
        andris.save()
        return HttpResponse()

    know_who_acts(answer_later)(request)
    assert LogEntry.objects.get(object_repr="Andris Z").actor == ilze


def test_outside_of_a_request_nobody_is_stood_in_for(ilze):
    stand_in(ilze)
    Person.objects.create(email="new@example.org", name="New")
    assert LogEntry.objects.get(object_repr="New").actor is None


def test_of_a_second_step_only_its_kind_is_kept(ilze):
    passkey = Authenticator.objects.create(
        user=ilze, type="webauthn", data={"name": "Phone of Ilze", "credential": {}}
    )
    passkey.record_usage()
    passkey.delete()
    made, deleted = LogEntry.objects.filter(content_type__model="authenticator").order_by("pk")
    assert made.changes == {"user": [None, ilze.pk], "type": [None, "webauthn"]}
    assert deleted.action == LogEntry.Action.DELETE
    assert made.object_repr == deleted.object_repr == "authenticator"


def test_a_text_in_several_languages_is_kept_in_all_of_them():
    city = make_city("riga", name=LocalText("en", {"en": "Riga"}))
    city.name = LocalText("en", {"en": "Riga", "lv": "Rīga"})
    city.save()
    before = {"source": "en", "texts": {"en": "Riga"}}
    after = {"source": "en", "texts": {"en": "Riga", "lv": "Rīga"}}
    assert LogEntry.objects.latest("pk").changes == {"name": [before, after]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, 1])
def test_a_change_whose_entry_cannot_be_written_is_not_kept(key):
    """Neither of a new row, whose entry is written after it, nor of an old one, whose entry comes first."""
    Person.objects.create(pk=1, email="old@example.org", name="Old")

    def refuse(**signal):
        raise OSError("The trail is away.")

    person = Person(pk=key, email="new@example.org", name="New")
    person._state.adding = key is None
    pre_save.connect(refuse, sender=LogEntry)
    try:
        with pytest.raises(OSError, match="The trail is away"):
            person.save()
    finally:
        pre_save.disconnect(refuse, sender=LogEntry)
    assert [person.name for person in Person.objects.all()] == ["Old"]


@pytest.mark.django_db(transaction=True)
def test_the_entry_of_a_change_that_cannot_be_made_is_not_kept():
    Person.objects.create(email="old@example.org", name="Old")
    other = Person.objects.create(email="other@example.org", name="Other")
    before = LogEntry.objects.count()
    other.email = "old@example.org"
    with pytest.raises(IntegrityError):
        other.save()
    assert LogEntry.objects.count() == before


def test_who_acts_is_not_asked_where_nothing_is_written():
    class Untouched:
        @property
        def __class__(self):
            pytest.fail("the person was looked up")

    request = RequestFactory().get("/")
    request.user = Untouched()
    know_who_acts(lambda request: HttpResponse())(request)


def test_all_entries_of_a_transaction_are_sealed_by_one_run_after_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            Person.objects.create(email=f"{number}@example.org", name="Somebody")
    assert len(callbacks) == 1
    assert not TrailLink.objects.exists()

    callbacks[0]()

    links = TrailLink.objects.order_by("sequence")
    assert [link.sequence for link in links] == [1, 2, 3, 4, 5]
    assert [link.previous for link in links] == ["", *(link.link_hash for link in links[:4])]
    assert list(links.values_list("entry_id", flat=True)) == sorted(
        LogEntry.objects.values_list("pk", flat=True)
    )
    assert (TrailHead.objects.get().sequence, TrailHead.objects.get().link_hash) == (5, links[4].link_hash)


@pytest.mark.django_db(transaction=True)
def test_an_act_is_sealed_when_it_is_through():
    Person.objects.create(email="ilze@example.org", name="Ilze")
    assert TrailLink.objects.get().entry == LogEntry.objects.get()


def test_an_entry_that_is_committed_after_one_with_a_greater_number_is_sealed_by_the_job(ilze):
    late = LogEntry.objects.get()
    # As if its transaction were not through yet.
    LogEntry.objects.filter(pk=late.pk).delete()
    Person.objects.create(email="new@example.org", name="New")
    assert seal_new_entries(timezone.now) == 1
    late.save(force_insert=True)

    assert seal_new_entries(timezone.now) == 0
    assert seal_entries(timezone.now) == 1
    assert list(TrailLink.objects.values_list("entry_id", flat=True)) == [late.pk + 1, late.pk]
    assert faults() == ()


def test_sealing_a_new_entry_looks_at_no_older_one():
    """The cost of an act must not grow with the trail: the newest number comes from an index."""
    Person.objects.create(email="new@example.org", name="New")
    with CaptureQueriesContext(connection) as asked:
        assert seal_new_entries(timezone.now) == 1
    assert not [query["sql"] for query in asked if " JOIN " in query["sql"]]


def test_sealing_goes_on_where_it_stopped(ilze):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert seal_entries(lambda: now) == 1
    assert seal_entries(lambda: now) == 0
    Person.objects.create(email="new@example.org", name="New")
    assert seal_entries(lambda: now) == 1
    assert [(link.sequence, link.sealed_at) for link in TrailLink.objects.all()] == [(1, now), (2, now)]


def test_the_same_contents_have_another_digest_each_time(ilze):
    seal_entries(timezone.now)
    first = TrailLink.objects.get()
    TrailLink.objects.all().delete()
    TrailHead.objects.all().delete()
    seal_entries(timezone.now)
    assert TrailLink.objects.get().digest != first.digest
