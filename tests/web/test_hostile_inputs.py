"""Hostile words in every field of every form: no page fails on them, and none comes back harmful.

The pages come from the table of all addresses, their fields from the pages themselves, and the kinds of field
from the forms of the program, so that a new one is met here before anybody meets it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from lxml import html
from tests.apps.accounts.signing_in import PASSWORD, confirm_password, sign_in
from tests.apps.dialogue.asking_about_oneself import hold_asking
from tests.apps.dialogue.panels import MemberPhone, begin, make_panel
from tests.apps.dialogue.phone import Phone
from tests.apps.records.given_files import make_pdf
from tests.builders import SCORES
from tests.dialogues import hold_consultation
from tests.people import make_person
from tests.web.hostile import HOSTILE, IN_A_FORM, MARK, faults_of
from tests.web.test_access_matrix import ROWS
from tests.web.things import person_of, rows_with_things

import tessera
from tessera.apps.accounts.actions import invite
from tessera.apps.accounts.name import TURNING_MARKS, NameInput, steers
from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.forms import appeals, coding, statements
from tessera.apps.dialogue.models import Choice, HidingReason, PanelKind, Statement
from tessera.apps.review.forms import answers, board, cycles, evidence, findings
from tessera.frameworks.load import find_framework

SOURCE = Path(tessera.__file__).parent
PARAMETERS = sorted(
    {
        name
        for file in SOURCE.rglob("*.py")
        for name in re.findall(r'GET\)?\.get\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    | {"next"}
)
"""What an address may carry behind its question mark; `next` is allauth's."""


# What a field lets through


def _number_answer() -> forms.Field:
    framework = find_framework(SCORES, 1)
    question = next(iter(framework.questions()))
    return answers.NumberAnswer(framework, question, label="Points (%(unit)s)", language="en")


CHOICES = [("yes", "Yes"), ("no", "No")]
FIELDS: dict[type[forms.Field], Callable[[], forms.Field]] = {
    forms.CharField: lambda: forms.CharField(max_length=120),
    NameInput: lambda: NameInput(max_length=120),
    evidence.OneLine: lambda: evidence.OneLine(max_length=120),
    statements.OneSentence: lambda: statements.OneSentence(language="ar", longest=120),
    answers.Prose: answers.Prose,
    appeals.Reason: appeals.Reason,
    board.Words: board.Words,
    answers.NumberAnswer: _number_answer,
    answers.OneOption: lambda: answers.OneOption(choices=CHOICES),
    answers.SomeOptions: lambda: answers.SomeOptions(choices=CHOICES),
    coding.FindingChoice: lambda: coding.FindingChoice(findings=[]),
    findings.Ticks: lambda: findings.Ticks(choices=CHOICES),
    cycles.CitiesField: lambda: cycles.CitiesField(apps.get_model("network", "City").objects.all()),
    forms.BooleanField: forms.BooleanField,
    forms.ChoiceField: lambda: forms.ChoiceField(choices=CHOICES),
    forms.TypedChoiceField: lambda: forms.TypedChoiceField(choices=[(1, "One")], coerce=int),
    forms.ModelChoiceField: lambda: forms.ModelChoiceField(apps.get_model("network", "City").objects.all()),
    forms.DateField: forms.DateField,
    forms.DecimalField: lambda: forms.DecimalField(min_value=0, max_digits=14, decimal_places=2),
    forms.EmailField: lambda: forms.EmailField(max_length=254),
    forms.FileField: forms.FileField,
    forms.IntegerField: forms.IntegerField,
    forms.JSONField: forms.JSONField,
    forms.RegexField: lambda: forms.RegexField("^[0-9a-f]{16}$"),
    forms.MultipleChoiceField: lambda: forms.MultipleChoiceField(choices=CHOICES),
    forms.TypedMultipleChoiceField: lambda: forms.TypedMultipleChoiceField(choices=[(1, "One")], coerce=int),
    forms.URLField: lambda: forms.URLField(max_length=300, assume_scheme="https"),
}
"""How to make one of each kind of field that the forms are made of."""
IN_ONE_LINE = (NameInput, evidence.OneLine, statements.OneSentence)
IN_LINES = (answers.Prose, appeals.Reason, board.Words)
MANY = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


def _subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _is_ours(kind: type) -> bool:
    return kind.__module__.startswith("tessera.")


def test_every_kind_of_field_is_met_with_hostile_words():
    # Nobody has imported the forms of a page that no address led to yet.
    assert get_resolver().url_patterns
    ours = [form for form in _subclasses(forms.BaseForm) if _is_ours(form)]
    in_forms = {type(field) for form in ours for field in form.base_fields.values()}
    made_here = {kind for kind in _subclasses(forms.Field) if _is_ours(kind)}
    known = {kind for kind in in_forms if kind.__module__.split(".")[0] in ("django", "tessera")}

    assert len(ours) > 50
    assert (known | made_here) - {*FIELDS, answers.MayStayOpen} == set()


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
@pytest.mark.django_db
def test_a_field_refuses_hostile_words_or_makes_them_fit_to_keep(kind):
    faults = [f"{words}: {fault}" for words, given in HOSTILE.items() for fault in _kept_badly(kind, given)]

    assert not faults, "\n".join(faults)


def _kept_badly(kind: type[forms.Field], given: str) -> Iterator[str]:
    field = FIELDS[kind]()
    field.label = "Words"
    try:
        taken = field.clean([given] if isinstance(field, MANY) else _as_given(kind, given))
    except ValidationError as refused:
        if kind in IN_ONE_LINE + IN_LINES and MARK in str(refused.messages):
            yield "says again what was typed"
        return
    if kind in IN_ONE_LINE and (len(taken) > 120 or any(steers(s) or s in TURNING_MARKS for s in taken)):
        yield f"keeps {taken[:80]!r}"
    if kind in IN_LINES and (len(taken) > 5_000 or any(steers(s) for s in taken if s not in "\n\t")):
        yield f"keeps {taken[:80]!r}"
    if isinstance(taken, str) and "\x00" in taken:
        yield "keeps what PostgreSQL refuses"


def _as_given(kind: type[forms.Field], given: str) -> object:
    return SimpleUploadedFile(_as_text(given), b"content") if kind is forms.FileField else given


# What a page does


def _rows() -> list:
    """Each page once, for somebody who gets it."""
    first = {}
    for row in ROWS:
        if row.may and row.method == "get":
            first.setdefault(row.name, row)
    return list(first.values())


in_every_page = rows_with_things(_rows())
with_people = pytest.mark.usefixtures("a_second_step_is_not_the_subject")


@pytest.fixture
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


def _open(row, things) -> tuple[Client, list[str]]:
    """Somebody who gets the page, and the parts of its address that somebody chose."""
    client = Client()
    if row.may[0] != "visitor":
        client.force_login(person_of(row.may[0]))
    return client, [str(things.get(each, each)) for each in row.about]


FILLED = {
    "date": (timezone.localdate() + timedelta(days=20)).isoformat(),
    "email": "vilma@example.org",
    "url": "https://www.example.org/decision",
    "number": "2023",
    "password": PASSWORD,
    "hidden": "",
}


def _forms(client: Client, address: str) -> list[html.FormElement]:
    answer = client.get(address)
    if answer.streaming:
        # Read to its end, a file is closed.
        b"".join(answer.streaming_content)
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return []
    sent = [form for form in html.document_fromstring(answer.content).forms if form.method == "POST"]
    for form in sent:
        form.action = urljoin(address, form.action or "")
    return [form for form in sent if not form.action.endswith("/sign-out/")]


def _filled(form: html.FormElement) -> tuple[dict[str, list[str]], list[str]]:
    """What somebody sends who fills in everything and presses the first button, and the fields for files."""
    data: dict[str, list[str]] = {}
    files = []
    for element in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name] | .//button[@name]"):
        name, kind = element.get("name"), element.get("type", element.tag)
        if kind == "file":
            files.append(name)
        elif element.tag == "select":
            chosen = [option for option in element.value_options if option]
            data[name] = [element.value or (chosen or [""])[0]]
        elif kind in ("radio", "checkbox"):
            if name not in data or element.checked:
                data[name] = [element.get("value", "on")]
        elif element.tag == "button":
            data.setdefault(name, [element.get("value", "")])
        elif name != "csrfmiddlewaretoken":
            decimal = element.get("inputmode") == "decimal"
            value = element.value if element.tag == "textarea" else element.get("value")
            data[name] = [value or FILLED.get(kind) or ("50" if decimal else "Words")]
    return data, files


def _send(client: Client, form, data: dict[str, list[str]], files: dict[str, str]) -> Iterator:
    """What comes of it, and the page to which it leads. All is undone: the next meets the same state."""
    with transaction.atomic():
        if files:
            uploads = {name: SimpleUploadedFile(called, make_pdf()) for name, called in files.items()}
            plain = {name: [_as_text(value) for value in values] for name, values in data.items()}
            answer = client.post(form.action, {**plain, **uploads})
        else:
            body = urlencode(data, doseq=True, errors="surrogatepass")
            answer = client.post(form.action, body, "application/x-www-form-urlencoded")
        yield answer
        if answer.status_code in (302, 303):
            yield client.get(answer["Location"])
        transaction.set_rollback(True)


def _as_text(words: str) -> str:
    return words.encode(errors="replace").decode()


def _faults(answer) -> Iterator[str]:
    if answer.streaming:
        b"".join(answer.streaming_content)
    elif answer.status_code >= 500:
        yield f"fails with {answer.status_code}"
    elif answer.headers.get("Content-Type", "").startswith("text/html") and answer.content.strip():
        yield from faults_of(answer.content.decode())
    for name, value in answer.headers.items():
        if MARK in value and ("\n" in value or "\r" in value):
            yield f"a header in the header {name}"


def _attack(client: Client, address: str) -> tuple[int, list[str]]:
    """How many answers came, and what was wrong with them."""
    count, faults = 0, []
    for form in _forms(client, address):
        data, files = _filled(form)
        named = dict.fromkeys(files, "plan.pdf")
        for field in (*data, *files):
            for words in IN_A_FORM:
                given = HOSTILE[words]
                if field in files:
                    answers = _send(client, form, data, {**named, field: _as_text(given)[:5000]})
                else:
                    answers = _send(client, form, {**data, field: [given]}, named)
                for answer in answers:
                    count += 1
                    where = f"{words} in {field!r} of {form.action}, at {answer.request['PATH_INFO']}"
                    faults.extend(f"{where}: {fault}" for fault in _faults(answer))
    return count, faults


@in_every_page
@with_people
@pytest.mark.django_db
def test_no_form_of_a_page_comes_to_harm(row, things):
    client, about = _open(row, things)

    _count, faults = _attack(client, reverse(row.name, args=about))

    assert not faults, "\n".join(faults)


IN_AN_ADDRESS = ["a script", "turning marks", "no sign at all", "half a sign", "a path", "400 digits"]


@in_every_page
@with_people
@pytest.mark.django_db
def test_no_part_of_an_address_does_harm(row, things):
    client, about = _open(row, things)
    address = reverse(row.name, args=about)
    faults = []
    for words in IN_AN_ADDRESS:
        typed = quote(HOSTILE[words], safe="", errors="surrogatepass")
        parts = [address.replace(f"/{part}/", f"/{typed}/", 1) for part in about]
        asked = "&".join(f"{name}={typed}" for name in PARAMETERS)
        for changed in (f"{address}?{asked}", *parts):
            faults.extend(f"{words} in {changed[:150]}: {fault}" for fault in _faults(client.get(changed)))

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "page", ["", "email/", "password/", "second-step/app/", "second-step/passkeys/add/", "confirm/"]
)
@with_people
@pytest.mark.django_db
def test_no_form_of_a_page_behind_a_fresh_proof_comes_to_harm(page):
    ilze = make_person("ilze")
    ilze.set_password(PASSWORD)
    ilze.save()
    client = Client()
    sign_in(client, ilze.email)
    confirm_password(client, "/en/account/")

    _count, faults = _attack(client, f"/en/account/{page}")

    assert not faults, "\n".join(faults)


@with_people
@pytest.mark.django_db
def test_the_form_of_an_invitation_comes_to_no_harm():
    _, token = invite(person=make_person("andris"), by=make_person("ilze"), at=timezone.now())

    count, faults = _attack(Client(), f"/en/account/invitation/{token}/")

    assert count > len(IN_A_FORM)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", ["about-me", "appeal", "say"])
@pytest.mark.django_db
def test_no_form_of_somebody_who_takes_part_comes_to_harm(page):
    phone = Phone(hold_asking())
    phone.vote(Choice.AGREE)
    phone.write("Lamps in Lime Street.")
    said = Statement.objects.get(text="Lamps in Lime Street.")
    hide_statement(by=make_person("ilze"), statement=said, reason=HidingReason.PERSONAL, at=timezone.now())

    count, faults = _attack(phone.client, phone.url(page, *([said.pk] if page == "appeal" else [])))

    assert count > len(IN_A_FORM)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("kind", PanelKind)
@pytest.mark.django_db
def test_no_form_of_a_member_of_a_panel_comes_to_harm(kind):
    panel = make_panel(hold_consultation(), kind=kind, items=[f"Item {number}" for number in range(5)])
    begin(panel)
    phone = MemberPhone(panel, panel.tokens[0])

    count, faults = _attack(phone.client, phone.url)

    assert count > len(IN_A_FORM)
    assert not faults, "\n".join(faults)
