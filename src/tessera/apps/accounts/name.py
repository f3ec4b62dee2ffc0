"""Names of people, which stand in the sentences of others."""

import unicodedata
from typing import Any

from django import forms
from django.db import models

# Marks that turn the direction of writing, and that an unclosed one of would turn what follows, too.
TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# They are no signs at all, and no file of XML may hold them: no drawing, and no spreadsheet.
NO_SIGNS = frozenset("\ufffe\uffff")


def steers(sign: str) -> bool:
    """Whether a sign commands the program that shows it, ends a line, or is none."""
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in NO_SIGNS


def one_line(words: str) -> str:
    """The words alone, in one line: no mark that steers a program or turns what stands after them."""
    kept = "".join(" " if steers(sign) else sign for sign in words if sign not in TURNING_MARKS)
    return " ".join(kept.split())


class NameInput(forms.CharField):
    """Where somebody types a name. One that is nothing but marks is empty."""

    def to_python(self, value: Any) -> Any:
        return one_line(super().to_python(value) or "")


class NameField(models.CharField):
    """A name in one line, whichever way it came in."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return one_line(found) if isinstance(found, str) else found

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": NameInput, **kwargs})
