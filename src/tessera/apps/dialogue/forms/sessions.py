"""The forms with which sessions are planned, consent is recorded, and notes are taken."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.actions.notes import MOST_PARTICIPANTS
from tessera.apps.dialogue.actions.sessions import SessionPlan
from tessera.apps.dialogue.actions.taking_part import WrongKey, check_key
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.setting_up import LONGEST_TITLE
from tessera.apps.dialogue.forms.statements import WordsInOtherLanguages
from tessera.apps.dialogue.languages import SPOKEN, find_language
from tessera.apps.dialogue.models import (
    KEY_LENGTH,
    LONGEST_NOTE,
    ConsentText,
    Note,
    Session,
    SessionKind,
    SessionParticipant,
    Stakeholder,
    TranslationState,
)
from tessera.apps.dialogue.moderation_queue import translation_states
from tessera.apps.dialogue.session_notes import (
    MAX_NOTES_BYTES,
    MOST_NOTES,
    NotesFault,
    SaidLine,
    WrongNotes,
    read_notes,
)
from tessera.apps.network.forms import day_field
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.forms.answers import Prose

LONGEST_PLACE = 200
LONGEST_CONSENT = 3_000
"""Letters: three minutes, read aloud."""


def _choose_from(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def choose_stakeholder(field: forms.Field, stakeholders: Sequence[Stakeholder]) -> None:
    """Offer them by name, and nobody's."""
    _choose_from(field, [("", gettext("none")), *((each.pk, each.name) for each in stakeholders)])


def _spoken() -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in SPOKEN), key=lambda choice: choice[1])


class SessionForm(forms.Form):
    """When and where a session is, who leads it, and what came out of it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices, widget=forms.RadioSelect)
    title = NameInput(label=_("Title"), max_length=LONGEST_TITLE)
    held_on = day_field(_("Day"))
    place = NameInput(
        label=_("Place"),
        max_length=LONGEST_PLACE,
        help_text=_("A house, not somebody’s home: others who keep the consultation read it."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), choices=_spoken, widget=forms.CheckboxSelectMultiple
    )
    interpreter = NameInput(
        label=_("Interpreter"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("Between which languages, and who pays. No name."),
    )
    led_by = forms.TypedChoiceField(label=_("Led by"), coerce=int)
    agenda = Prose(label=_("Agenda"), required=False)
    outputs = Prose(
        label=_("What came out of it"),
        required=False,
        help_text=_(
            "Afterwards: what was agreed, and who does what. The coordinator of the network reads it."
        ),
    )

    def __init__(
        self, *args: Any, keepers: Sequence[Person], language: str, standing: Session | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._language, self._people = language, {person.pk: person for person in keepers}
        if standing is not None:
            self._people.setdefault(standing.led_by_id, standing.led_by)
            self.initial = {
                name: getattr(standing, name)
                for name in ("kind", "held_on", "place", "languages", "interpreter", "agenda", "outputs")
            } | {"title": standing.title.in_language(language), "led_by": standing.led_by_id}
        _choose_from(self.fields["led_by"], [(pk, str(person)) for pk, person in self._people.items()])
        self.fields["title"].widget.attrs |= {
            "lang": language,
            "dir": find_language(language).direction,
            "autocomplete": "off",
        }

    @property
    def plan(self) -> SessionPlan:
        found = self.cleaned_data
        return SessionPlan(
            kind=SessionKind(found["kind"]),
            title=LocalText(self._language, {self._language: found["title"]}),
            held_on=found["held_on"],
            place=found["place"],
            languages=[code for code in SPOKEN if code in found["languages"]],
            interpreter=found["interpreter"],
            led_by=self._people[found["led_by"]],
            agenda=found["agenda"],
            outputs=found["outputs"],
        )


class ConsentTextForm(forms.Form):
    """What is read out, in the languages of the consultation; the first one is needed."""

    def __init__(self, *args: Any, languages: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._languages = languages
        for code in languages:
            field = Prose(
                label=gettext("Text, %(language)s") % {"language": language_name(code)},
                required=code == languages[0],
                longest=LONGEST_CONSENT,
            )
            field.widget.attrs |= {"lang": code, "dir": find_language(code).direction, "rows": 12}
            self.fields[f"text_{code}"] = field

    @property
    def text(self) -> LocalText:
        given = {code: self.cleaned_data[f"text_{code}"] for code in self._languages}
        return LocalText(self._languages[0], {code: text for code, text in given.items() if text})


class ConsentForm(forms.Form):
    """In which language a version of the text was read out, and that nobody objected."""

    version = forms.ChoiceField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Read out in"), widget=forms.RadioSelect)
    agreed = forms.BooleanField(
        label=_("I have read it out, or the interpreter has. Whoever stays in the room agreed.")
    )

    def __init__(self, *args: Any, consent: ConsentText, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["version"] = consent.version
        _choose_from(self.fields["version"], [(consent.version, consent.version)])
        _choose_from(
            self.fields["language"],
            [(code, language_name(code)) for code in SPOKEN if consent.text.texts.get(code)],
        )


class ParticipantsForm(forms.Form):
    """How many people more are there, and from where they come."""

    count = forms.IntegerField(
        label=_("How many people more?"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PARTICIPANTS)],
        help_text=_("Each is given a code, such as P1. Write their names down nowhere."),
    )
    stakeholder = forms.TypedChoiceField(
        label=_("Group or organisation"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Where all of them belong to one. You can say it of each later, too."),
    )

    def __init__(self, *args: Any, stakeholders: Sequence[Stakeholder], **options: Any) -> None:
        super().__init__(*args, **options)
        self._stakeholders = {each.pk: each for each in stakeholders}
        choose_stakeholder(self.fields["stakeholder"], stakeholders)

    @property
    def chosen(self) -> Stakeholder | None:
        return self._stakeholders.get(self.cleaned_data["stakeholder"])


class PlacesForm(forms.Form):
    """To which group or organisation each participant belongs."""

    def __init__(
        self,
        *args: Any,
        participants: Sequence[SessionParticipant],
        stakeholders: Sequence[Stakeholder],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._participants = participants
        self._stakeholders = {each.pk: each for each in stakeholders}
        for each in participants:
            name = f"place_{each.pk}"
            self.fields[name] = forms.TypedChoiceField(
                label=gettext("Group or organisation of %(code)s") % {"code": each.code},
                required=False,
                coerce=int,
                empty_value=None,
            )
            choose_stakeholder(self.fields[name], stakeholders)
            self.initial[name] = each.stakeholder_id

    @property
    def places(self) -> dict[SessionParticipant, Stakeholder | None]:
        """Of those who were placed anew."""
        return {
            each: self._stakeholders.get(self.cleaned_data[f"place_{each.pk}"])
            for each in self._participants
            if f"place_{each.pk}" in self.changed_data
        }

    def rows(self) -> Iterator[tuple[SessionParticipant, forms.BoundField]]:
        for each in self._participants:
            yield each, self[f"place_{each.pk}"]


class KeyedForm(forms.Form):
    """A form that brings what it holds once, however often it is sent."""

    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["key"] = secrets.token_hex(KEY_LENGTH // 2)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        try:
            check_key(key)
        except WrongKey:
            raise ValidationError(gettext("This form is not whole. Open the page anew.")) from None
        return key


class SaidForm(forms.Form):
    """What somebody said, in which language, and who."""

    speaker = forms.TypedChoiceField(label=_("Who?"), required=False, coerce=int, empty_value=None)
    language = forms.ChoiceField(label=_("Language"))
    text = Prose(
        label=_("What was said"),
        longest=LONGEST_NOTE,
        help_text=_("As it was said, in the language in which it was said. No names and no addresses."),
    )

    def __init__(self, *args: Any, session: Session, **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {each.pk: each for each in session.participants.all()}
        _choose_from(
            self.fields["speaker"],
            [
                ("", gettext("several people, or what was seen")),
                *((pk, each.code) for pk, each in self._people.items()),
            ],
        )
        _choose_from(self.fields["language"], [(code, language_name(code)) for code in session.languages])
        self.fields["text"].widget.attrs |= {"dir": "auto"}

    @property
    def chosen(self) -> SessionParticipant | None:
        return self._people.get(self.cleaned_data["speaker"])


class NoteForm(KeyedForm, SaidForm):
    """A new note."""

    field_order = ("speaker", "language", "text")


class NotesFileForm(KeyedForm):
    """Notes that were typed elsewhere."""

    language = forms.ChoiceField(label=_("Language of the notes"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("A text file (.txt, UTF-8)."),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def __init__(self, *args: Any, session: Session, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose_from(self.fields["language"], [(code, language_name(code)) for code in session.languages])

    def clean_file(self) -> list[SaidLine]:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > MAX_NOTES_BYTES:
            size = filesizeformat(MAX_NOTES_BYTES)
            raise ValidationError(gettext("The file is too large. We take up to %(size)s.") % {"size": size})
        try:
            return read_notes(upload.read())
        except WrongNotes as error:
            raise ValidationError(_say_wrong(error)) from error

    def say_wrong(self, error: WrongNotes) -> None:
        """What showed only beside who is there."""
        self.add_error("file", _say_wrong(error))


def _say_wrong(error: WrongNotes) -> str:
    match error.fault:
        case NotesFault.NOT_TEXT:
            said = gettext("This is no text file in UTF-8. Save it as plain text, with that encoding.")
        case NotesFault.EMPTY:
            said = gettext("There is nothing in the file.")
        case NotesFault.TOO_MANY:
            said = gettext("The file has more than %(most)s notes. Load it in parts.")
        case NotesFault.TOO_LONG:
            said = gettext(
                "Line %(line)s: the note that begins here has more than %(longest)s letters. Divide it."
            )
        case NotesFault.WRONG_SIGN:
            said = gettext("Line %(line)s holds a sign that cannot be kept. Type the line anew.")
        case NotesFault.NO_WORDS:
            said = gettext("Line %(line)s: behind the code nothing was said.")
        case NotesFault.UNKNOWN_CODE:
            said = gettext("Line %(line)s: nobody here has the code %(code)s. Nothing was loaded.")
    return said % {
        "line": error.line,
        "code": error.code,
        "most": MOST_NOTES,
        "longest": LONGEST_NOTE,
    }


class NoteTranslationsForm(WordsInOtherLanguages):
    """The words of a note in the other languages of its consultation."""

    def __init__(self, *args: Any, note: Note, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = {each.language: each for each in note.translations.all()}
        self._states = translation_states(note, note.held_in.consultation.languages)
        for code, state in self._states.items():
            field = Prose(
                label=gettext("In this language: %(language)s") % {"language": language_name(code)},
                required=False,
                longest=2 * LONGEST_NOTE,
            )
            field.widget.attrs |= {"lang": code, "dir": find_language(code).direction}
            self.fields[f"text_{code}"] = field
            self.initial[f"text_{code}"] = kept[code].text if code in kept else ""
            if state is TranslationState.OUTDATED:
                self.fields[f"right_{code}"] = forms.BooleanField(
                    label=gettext("It fits the original as it is now"), required=False
                )
