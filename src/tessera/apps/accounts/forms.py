"""The forms of signing in: allauth's in our words, and our own."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.usersessions.internal.flows import sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import NameInput

Words = Mapping[str, Any]

PASSWORD_HINT = _(
    "At least 12 characters. Three or four words that do not belong together are easy to remember "
    "and hard to guess."
)
CODE_HINT = _("The six digits that your app shows now, or one of your recovery codes.")


def reword(form: forms.BaseForm, labels: Words, hints: Words) -> None:
    """Put our labels and hints in place of a package's. A text inside a box is gone once one types."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.help_text = hints.get(name, "")
        field.widget.attrs.pop("placeholder", None)


def check_passwords_agree(form: forms.BaseForm) -> None:
    first, second = form.cleaned_data.get("password1"), form.cleaned_data.get("password2")
    if first and second and first != second:
        form.add_error("password2", gettext("The two passwords differ. Type the same one twice."))


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"login": _("E-mail address"), "password": _("Password")}, {})
        # What a browser keeps beside a password.
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ConfirmPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"password": _("Password")}, {})


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("New password again"),
        }
        reword(self, labels, {"password1": PASSWORD_HINT})

    def clean(self) -> dict[str, Any]:
        check_passwords_agree(self)
        return self.cleaned_data


class AskForNewPasswordForm(account.ResetPasswordForm):
    users: list[Person]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"email": _("E-mail address")}, {})

    def clean_email(self) -> str:
        email = super().clean_email()
        # An invitation that waits to be accepted is no account yet.
        self.users = [person for person in self.users if person.has_usable_password()]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A stranger's mailbox gets a mail, too, so that nobody sees from outside whom we know."""
        if self.users:
            return super().save(request, **kwargs)
        email: str = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class ChooseNewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"password1": _("New password"), "password2": _("New password again")}
        reword(self, labels, {"password1": PASSWORD_HINT})

    def clean(self) -> dict[str, Any]:
        check_passwords_agree(self)
        return self.cleaned_data


class ChangeAddressForm(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"email": _("New e-mail address")}, {})

    def clean_email(self) -> str:
        email = super().clean_email()
        if Person.objects.filter(email=email).exists():
            raise forms.ValidationError(
                gettext("Someone else signs in with this address. Give one that only you read.")
            )
        return email


class SecondStepForm(second_step.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"code": _("Code")}, {"code": CODE_HINT})


class ConfirmSecondStepForm(second_step.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"code": _("Code")}, {"code": CODE_HINT})


class AddAppForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("The six digits that your app shows now. They change every half minute.")
        reword(self, {"code": _("Code")}, {"code": hint})
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


PASSKEY_LABELS = {"name": _("Name of the passkey")}
PASSKEY_HINTS = {"name": _("So that you know it again, such as: my phone.")}


# What the library raises for an answer that no passkey gives.
NONSENSE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


@contextmanager
def refuse_strange_passkeys() -> Iterator[None]:
    refusal = forms.ValidationError(
        gettext("The passkey was not recognised. Try again or take the other way.")
    )
    try:
        yield
    except forms.ValidationError as error:
        # Said of a code, which nobody typed here.
        raise refusal if error.code == "incorrect_code" else error from None
    except NONSENSE as error:
        raise refusal from error


class SecondStepPasskeyForm(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with refuse_strange_passkeys():
            return super().clean_credential()


class ConfirmPasskeyForm(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with refuse_strange_passkeys():
            return super().clean_credential()


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = gettext("Passkey")
        reword(self, PASSKEY_LABELS, PASSKEY_HINTS)

    def clean(self) -> dict[str, Any]:
        with refuse_strange_passkeys():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, PASSKEY_LABELS, PASSKEY_HINTS)


class EndSessionsForm(forms.Form):
    """Ends the session that is named, or all but the one that asks."""

    session = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def save(self, request: HttpRequest) -> None:
        person = request.user
        assert isinstance(person, Person)
        if (session := self.cleaned_data["session"]) is None:
            sessions.end_other_sessions(request, person)
        else:
            sessions.end_sessions(request, UserSession.objects.filter(user=person, pk=session))


class NameForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name"]
        labels = {"name": _("Name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class LanguageForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Pages and mails come in this language."),
    )

    class Meta:
        model = Person
        fields = ["language"]


class NoticesForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["gets_notices"]
        labels = {"gets_notices": _("Send me news about the work of others")}
        help_texts = {
            "gets_notices": _("Such as: a colleague has finished an area, or a city has sent its answers.")
        }


class AcceptInvitationForm(forms.Form):
    name = NameInput(
        label=_("Your name"),
        max_length=120,
        help_text=_("Colleagues see it beside what you do here."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Pages and mails come in this language."),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password1")
        if password:
            named = Person(email=self.person.email, name=self.cleaned_data.get("name", self.person.name))
            try:
                validate_password(password, named)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        check_passwords_agree(self)
        return self.cleaned_data
