"""How a form of any app comes out on a page."""

import re
from datetime import date
from html import unescape

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tessera.web.design import ExampleForm


class Invitation(forms.Form):
    name = forms.CharField(help_text="As on letters.")
    nickname = forms.CharField(required=False)
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "wide"}))
    since = forms.DateField(label="Acts since")
    role = forms.ChoiceField(
        choices=[("officer", "Officer"), ("expert", "Expert")],
        widget=forms.RadioSelect,
        help_text="One of them.",
    )
    areas = forms.MultipleChoiceField(
        choices=[("media", "Media"), ("housing", "Housing")], widget=forms.CheckboxSelectMultiple
    )
    city = forms.ChoiceField(choices=[("", "Choose"), ("riga", "Riga")])
    agrees = forms.BooleanField(label="I agree", help_text="To the rules.")
    reminders = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def empty(**changed) -> str:
    return str(Invitation(**changed))


def wrong(**given) -> str:
    return str(Invitation(given))


def tag(shown, id_):
    """The start tag of the element with this id."""
    (found,) = re.findall(rf'<[^>]*\bid="{id_}"[^>]*>', shown)
    return found


def attribute(shown, id_, name):
    found = re.search(rf' {name}="([^"]*)"', tag(shown, id_))
    return found and found[1]


def in_summary(shown) -> list[tuple[str | None, str]]:
    (summary,) = re.findall(r'<div class="ds-error-summary.*?</div>', shown, flags=re.DOTALL)
    entries = re.findall(r'<li>(?:<a href="#([^"]+)">)?([^<]+)', summary)
    return [(anchor or None, unescape(words)) for anchor, words in entries]


def at_the_fields(shown) -> list[str]:
    return [unescape(words) for words in re.findall(r'<p class="ds-validation-message">([^<]+)', shown)]


def test_a_label_belongs_to_its_input_and_the_hint_describes_it():
    shown = empty()
    assert '<label class="ds-label" for="id_name">Name</label>' in shown
    assert attribute(shown, "id_name", "aria-describedby") == "id_name_helptext"
    assert '<div data-field="description" id="id_name_helptext">As on letters.</div>' in shown
    assert attribute(shown, "id_email", "aria-describedby") is None


def test_a_field_that_may_stay_empty_says_so_unless_it_is_one_box_to_tick():
    shown = empty()
    assert re.findall(r'for="(\w+)">[^<]+<span class="t-field__optional">\(optional\)', shown) == [
        "id_nickname"
    ]


def test_an_input_keeps_the_class_and_the_autocomplete_of_its_form():
    shown = empty()
    assert attribute(shown, "id_email", "class") == "ds-input wide"
    assert attribute(shown, "id_email", "autocomplete") == "email"


def test_a_form_without_errors_shows_none_and_takes_no_focus():
    shown = empty()
    assert (
        re.findall("autofocus|aria-invalid|data-invalid|ds-error-summary|ds-validation-message", shown) == []
    )


def test_the_list_of_errors_uses_the_words_at_the_fields_and_leads_to_them():
    shown = wrong(email="ilze@", token="t")
    entries = in_summary(shown)
    assert [words for _, words in entries] == at_the_fields(shown)
    anchors = ["id_name", "id_email", "id_since", "id_role_0", "id_areas_0", "id_city", "id_agrees"]
    assert [anchor for anchor, _ in entries] == anchors
    for anchor in anchors:
        assert tag(shown, anchor)


def test_an_empty_field_is_called_by_its_label():
    words = dict(in_summary(wrong()))
    assert words["id_since"] == "“Acts since” is empty. Fill it in."
    assert words["id_role_0"] == "“Role” has no answer. Choose one."
    assert words["id_areas_0"] == "“Areas” has no answer. Choose at least one."
    assert words["id_agrees"] == "“I agree” is not ticked. Tick it to go on."


def test_a_form_may_word_its_own_error():
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who comes."})

    assert at_the_fields(str(Own({}))) == ["Say who comes."]


def test_an_input_with_an_error_is_marked_and_described_by_hint_and_error():
    shown = wrong()
    assert attribute(shown, "id_name", "aria-invalid") == "true"
    assert attribute(shown, "id_name", "aria-describedby") == "id_name_helptext id_name_error"
    assert '<div class="t-field__errors" id="id_name_error"><p class="ds-validation-message">' in shown


def test_a_group_is_described_as_a_whole_and_its_choices_are_not_wrong_one_by_one():
    shown = wrong()
    (group,) = re.findall(r"<fieldset[^>]*id_role_[^>]*>", shown)
    assert 'aria-describedby="id_role_helptext id_role_error"' in group
    assert '<legend class="ds-label">Role</legend>' in shown
    assert '<label class="ds-label" for="id_role_1">Expert</label>' in shown
    assert attribute(shown, "id_role_0", "aria-invalid") is None
    assert attribute(shown, "id_role_0", "aria-describedby") is None


def test_an_error_of_the_whole_form_or_of_a_hidden_field_stands_in_the_list_without_a_link():
    form = Invitation({"name": "Ilze"})
    form.add_error(None, "Ilze is invited already.")
    entries = in_summary(str(form))
    assert entries[0] == (None, "Ilze is invited already.")
    assert entries[-1] == (None, "“Token” is empty. Fill it in.")


def test_no_id_occurs_twice_even_with_two_forms_on_a_page():
    ids = re.findall(r'\bid="([^"]+)"', str(Invitation({})) + str(Invitation({}, prefix="other")))
    assert len(ids) == len(set(ids))


def test_whatever_an_id_is_named_by_is_there():
    shown = wrong()
    named = " ".join(re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', shown)).split()
    named += re.findall(r'<label[^>]* for="([^"]+)"', shown)
    assert len(named) > 15
    assert set(named) <= set(re.findall(r'\bid="([^"]+)"', shown))


@pytest.mark.parametrize("language", ["en", "lv", "de"])
def test_a_date_is_given_to_the_browser_as_year_month_day_in_every_language(language):
    with translation.override(language):
        shown = empty(initial={"since": date(2026, 5, 3)})
    assert attribute(shown, "id_since", "type") == "date"
    assert attribute(shown, "id_since", "value") == "2026-05-03"


def test_a_select_has_its_arrow_beside_it():
    assert re.search(r'<div class="t-select"><select name="city"', empty())


def test_a_file_is_asked_for_with_its_hint_and_missed_in_its_own_words():
    class Attach(forms.Form):
        evidence = forms.FileField(help_text="At most 20 MB.")

    shown = str(Attach({}, {}))
    assert attribute(shown, "id_evidence", "type") == "file"
    assert attribute(shown, "id_evidence", "aria-describedby") == "id_evidence_helptext id_evidence_error"
    assert in_summary(shown) == [("id_evidence", "“Evidence” has no file. Choose one.")]


def test_a_choice_is_framed_as_a_whole():
    framed = re.findall(r'<div class="ds-field" data-variant="outline"><input type="(\w+)"', empty())
    assert framed == ["radio", "radio", "checkbox", "checkbox"]


def test_a_kind_of_field_that_we_do_not_know_still_has_a_name_a_target_and_its_errors():
    class Meeting(forms.Form):
        begins = forms.SplitDateTimeField(help_text="Local time.")

    shown = str(Meeting({}))
    assert in_summary(shown) == [("id_begins_group", "“Begins” is empty. Fill it in.")]
    group = tag(shown, "id_begins_group")
    assert 'aria-describedby="id_begins_helptext id_begins_error"' in group
    assert 'tabindex="-1"' in group
    for part in ("id_begins_0", "id_begins_1"):
        assert attribute(shown, part, "aria-label") == "Begins"
        assert attribute(shown, part, "aria-invalid") == "true"


@pytest.mark.parametrize("data", [None, {}], ids=["empty", "wrong"])
def test_nothing_in_a_form_needs_a_softer_content_policy(data):
    shown = str(ExampleForm(data))
    assert re.findall(r"<style|<script|\sstyle=|\son\w+=|javascript:", shown) == []


def test_what_a_person_typed_comes_back_as_text():
    shown = wrong(name="<script>", city="<b>")
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert attribute(shown, "id_name", "value") == "&lt;script&gt;"


@pytest.mark.parametrize(("data", "begins"), [(None, False), ({}, True)], ids=["empty", "wrong"])
def test_the_title_says_that_the_form_has_an_error(data, begins):
    request = RequestFactory().get("/en/")
    page = render_to_string("web/base.html", {"form": Invitation(data)}, request)
    assert ("<title>Error: " in page) is begins
