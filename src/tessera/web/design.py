"""Example data for the page that shows every component. Nothing here is a fact about a city."""

from datetime import UTC, datetime

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message


class ExampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-mail address",
        help_text="We write to it when something waits for you.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        help_text="At least 12 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    since = forms.DateField(label="Acts for the city since")
    city = forms.ChoiceField(
        choices=[("", "Choose a city"), ("exampleton", "Exampleton"), ("q", "Quietburg")]
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    role = forms.ChoiceField(
        help_text="An officer can submit the review, a contributor cannot.",
        choices=[("officer", "Officer"), ("contributor", "Contributor")],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        choices=[("education", "Education"), ("media", "Media and communication"), ("housing", "Housing")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    evidence = forms.FileField(help_text="A PDF, an image or an office file of at most 20 MB.")
    declares = forms.BooleanField(
        label="I have no tie to this city", help_text="A tie is work for it in the last two years."
    )


class DifferencesForm(forms.Form):
    """Which of two answers stands."""

    languages = forms.ChoiceField(
        choices=[("present", "Keep what is here"), ("returned", "Take the sheet")], widget=forms.RadioSelect
    )
    mediators = forms.ChoiceField(
        choices=[("present", "Keep what is here"), ("returned", "Take the sheet")], widget=forms.RadioSelect
    )


def differences() -> list[dict[str, object]]:
    form = DifferencesForm({"differences-languages": "returned"}, prefix="differences")
    return [
        {
            "title": "In which languages can newcomers read the city's pages?",
            "url": "#",
            "state": "New",
            "color": "info",
            "now": "",
            "returned": "Latvian, English, Ukrainian",
            "field": form["languages"],
        },
        {
            "title": "Does the city employ mediators?",
            "url": "#",
            "state": "Changed in both places",
            "color": "warning",
            "now": "Yes\nThree of them, since 2021.",
            "returned": "Yes\nFour of them since the spring, one at each school of the northern district.",
            "field": form["mediators"],
        },
    ]


def empty_form() -> ExampleForm:
    """As it opens, with some of it chosen."""
    return ExampleForm(prefix="empty", initial={"role": "officer", "areas": ["media"]})


def wrong_form() -> ExampleForm:
    """As it comes back: nearly all of it wrong."""
    form = ExampleForm(
        {"wrong-name": "Ilze", "wrong-email": "ilze@", "wrong-areas": ["harbour"]}, prefix="wrong"
    )
    form.add_error(None, "This person already acts for Exampleton. Change the role instead.")
    return form


EXAMPLE = {
    "crumbs": [("Home", "#"), ("Cities", "#"), ("Exampleton", "#")],
    "colours": [
        "accent",
        "neutral",
        "clay",
        "ochre",
        "olive",
        "lapis",
        "info",
        "success",
        "warning",
        "danger",
    ],
    "sections": [
        {"label": "Overview", "url": "#1", "is_current": True},
        {"label": "Areas", "url": "#2", "is_current": False},
        {"label": "Questions", "url": "#3", "is_current": False},
    ],
    "cities": [
        {
            "name": "Exampleton",
            "url": "#",
            "country": "Nowhere",
            "facts": ["Reviews: 2020, 2023", "218,528 inhabitants"],
        },
        {
            "name": "Long-Named-upon-Riverside",
            "url": "#",
            "country": "Nowhere",
            "tone": "clay",
            "facts": ["Review: 2023"],
        },
        {"name": "Quietburg", "url": "#", "country": "Nowhere", "tone": "ochre"},
    ],
    "scores": [
        {
            "label": "Overall (core)",
            "score": 64.4,
            "low": 58.0,
            "high": 71.25,
            "coverage": 0.87,
            "large": True,
        },
        {"label": "Everything answered", "score": 81.5, "low": 81.5, "high": 81.5, "coverage": 1.0},
        {"label": "Too little answered", "score": None, "low": 12.5, "high": 87.5, "coverage": 0.25},
        {"label": "The lowest score", "score": 0.0, "low": 0.0, "high": 4.0, "coverage": 0.96},
    ],
    "table": {
        "caption": "Points by area",
        "columns": [
            {"label": "Area", "kind": "text"},
            {"label": "Points", "kind": "number"},
            {"label": "Band", "kind": "number"},
            {"label": "Class median", "kind": "number"},
        ],
        "rows": [
            [{"text": "Welcoming newcomers", "url": "#"}, {"text": "81"}, {"text": "72–89"}, {"text": "66"}],
            [{"text": "Education", "url": "#"}, {"text": "54"}, {"text": "45–63"}, {"text": "58"}],
            [
                {"text": "Media and communication", "url": "#"},
                {"text": "42"},
                {"text": "32–58"},
                {"text": ""},
            ],
        ],
    },
    "people": {
        "caption": "People who act for Exampleton",
        "columns": [
            {"label": "Name", "kind": "text"},
            {"label": "Role", "kind": "text"},
            {"label": "Since", "kind": "text"},
            {"label": "State", "kind": "text"},
            {"label": "What you can do", "kind": "text"},
        ],
        "rows": [
            [
                {"text": "Example Person"},
                {"text": "Officer"},
                {"text": "1 May 2024"},
                {"tag": {"label": "Active", "color": "success"}},
                {"acts": [{"label": "Change role", "url": "#"}, {"label": "End role", "url": "#"}]},
            ],
            [
                {"text": "Another Person-with-a-Long-Name"},
                {"text": "Contributor"},
                {"text": "3 June 2024"},
                {"tag": {"label": "Invited", "color": "info"}},
                {"acts": [{"label": "Invite again", "url": "#"}]},
            ],
        ],
    },
    "person": {"name": "Example Person"},
    "tasks": [
        {
            "title": "Set up a second step",
            "url": "#",
            "hint": "It keeps others out of your account.",
            "state": "To do",
            "color": "accent",
        },
        {"title": "Say which cities you have ties to", "url": "#", "state": "Begun", "color": "info"},
        {
            "title": "Education",
            "url": "#",
            "owner": "Another Person-with-a-Long-Name",
            "progress": {"answered": 12, "total": 20},
            "state": "Begun",
            "color": "info",
        },
        {"title": "Read how a review goes", "url": "#", "state": "Done", "color": ""},
        {
            "title": "Check the answers",
            "hint": "Waits until the city has submitted them.",
            "state": "Cannot begin yet",
            "color": "",
        },
    ],
    "account": [
        {"term": "Name", "value": "Example Person", "change": {"label": "Change", "url": "#"}},
        {"term": "Second step", "value": "App on a phone", "change": {"label": "Change", "url": "#"}},
        {"term": "E-mail address", "value": "person@exampleton.example"},
    ],
    "messages": [
        Message(constants.SUCCESS, "Example Person is invited. The link works for 14 days."),
        Message(constants.ERROR, "This link was used already. Sign in with your password."),
        Message(constants.INFO, "You will be signed out at midnight."),
    ],
    "empty_form": empty_form,
    "wrong_form": wrong_form,
    "facts": [
        {
            "term": "Inhabitants",
            "value": "218,528",
            "source": {"label": "City register", "url": "#", "date": "1 January 2014"},
        },
        {"term": "Partner", "value": "since 2020", "source": {"label": "Grant agreement"}},
        {"term": "Foreign nationals", "value": ""},
    ],
    "notices": [
        {"kind": "invented", "title": "Invented answers", "text": "The city is real, its answers are not."},
        {
            "kind": "info",
            "title": "Not comparable",
            "text": "Two questions were reworded between 2020 and 2023.",
        },
        {"kind": "warning", "title": "Withdrawn", "text": "This review was replaced on 3 May 2023."},
        {"kind": "success", "title": "Submitted", "text": "The experts have been told."},
        {"kind": "error", "title": "Not saved", "text": "Andris changed this answer while you wrote."},
    ],
    "files": [
        {"label": "Report", "url": "#", "format": "PDF", "size": 184_320},
        {"label": "Answers", "url": "#", "format": "XLSX", "size": 48_102},
        {"label": "Profile", "url": "#", "format": "JSON"},
    ],
    "saved_at": datetime(2024, 5, 3, 14, 2, tzinfo=UTC),
    "names": ["Example Person", "Another Person-with-a-Long-Name"],
    "sides": [
        {
            "title": "What you wrote",
            "text": "The city runs a welcome desk.\nIt is open on two evenings a week.",
            "name": "keep",
            "value": "own",
            "label": "Keep what you wrote",
        },
        {
            "title": "What Example Person saved at 14:01",
            "text": "",
            "name": "keep",
            "value": "other",
            "label": "Keep what Example Person saved",
        },
    ],
    "differences": differences,
    "steps": [
        {"title": "Has the city a strategy?", "url": "#1", "state": "answered", "is_current": False},
        {"title": "Who is it for?", "url": "#2", "state": "open", "is_current": True},
        {"title": "Is there money for it?", "url": "#3", "state": "open", "is_current": False},
        {
            "title": "Which islands does it cover?",
            "url": "#4",
            "state": "not-applicable",
            "is_current": False,
        },
        {"title": "When was it last renewed?", "state": "hidden", "is_current": False},
    ],
    "sent": [
        {"term": "Sent by", "value": "Example Person"},
        {"term": "Sent on", "value": "3 May 2024, 14:02"},
        {"term": "Receipt", "value": "7F3A-22C9"},
    ],
    "next": [
        "Two experts read your answers. They may ask about some of them.",
        "You get an e-mail when there is a question.",
        "When all is clear, the experts release the profile.",
    ],
    "attached": [
        {
            "name": "Integration plan 2024–2027.pdf",
            "url": "#",
            "kind": "PDF",
            "size": 1_843_200,
            "is_scanned": True,
            "note": "Page 12 holds the budget.",
            "acts": [{"label": "Take away", "url": "#"}],
        },
        {
            "name": "minutes_of_the_council_with_a_name_that_nobody_would_ever_type_twice.docx",
            "url": "#",
            "kind": "DOCX",
            "size": 48_102,
            "is_scanned": False,
        },
    ],
    "terms": [
        ("Coverage", "The share of the weight that applies which was answered."),
        ("Band", "The interval in which the score lies, whatever the missing answers are."),
    ],
}
