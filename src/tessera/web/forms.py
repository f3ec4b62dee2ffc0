"""How a form looks, whichever app it comes from: ``{{ form }}`` is enough in a template."""

from typing import Any

from django.forms import (
    BoundField,
    CheckboxInput,
    DateInput,
    Field,
    FileInput,
    ModelChoiceField,
    RadioSelect,
    Select,
    Widget,
)
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _


class FieldOnPage(BoundField):
    """A field of a form, with what its template asks about it."""

    def __init__(self, form: Any, field: Any, name: str) -> None:
        super().__init__(form, field, name)
        widget = self.field.widget
        if type(widget) is DateInput:
            # The browser shows such a date in the reader's own way and always sends it as year, month, day.
            widget.input_type = "date"
            widget.format = "%Y-%m-%d"
        if self.field.error_messages.get("required") is Field.default_error_messages["required"]:
            # Django's own sentence names no field, so a list of such errors would say the same thing often.
            self.field.error_messages["required"] = self._nothing_given()
        if "invalid_choice" in self.field.error_messages:
            # What was sent instead is not said again: no page offered it, and it may be as long as one likes.
            self.field.error_messages["invalid_choice"] = ModelChoiceField.default_error_messages[
                "invalid_choice"
            ]

    def _nothing_given(self) -> str:
        if self.is_tick:
            sentence = _("“{label}” is not ticked. Tick it to go on.")
        elif getattr(self.field.widget, "allow_multiple_selected", False):
            sentence = _("“{label}” has no answer. Choose at least one.")
        elif isinstance(self.field.widget, RadioSelect | Select):
            sentence = _("“{label}” has no answer. Choose one.")
        elif isinstance(self.field.widget, FileInput):
            sentence = _("“{label}” has no file. Choose one.")
        else:
            sentence = _("“{label}” is empty. Fill it in.")
        return sentence.format(label=self.label)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return built
        if self.has_choices:
            # A radio button or a tick box of a group is not wrong by itself; the group's error says what is.
            built.pop("aria-invalid", None)
        elif self.use_fieldset:
            # A field of several parts whose names we do not know.
            built["aria-label"] = str(self.label)
        built["class"] = f"ds-input {widget.attrs.get('class', '')}".rstrip()
        return built

    @property
    def is_tick(self) -> bool:
        """One box to tick, which stands before its label."""
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def is_select(self) -> bool:
        """A list that unfolds, and shows so by an arrow."""
        widget = self.field.widget
        return isinstance(widget, Select) and not widget.allow_multiple_selected

    @property
    def has_choices(self) -> bool:
        """Radio buttons or tick boxes below each other, each with a label of its own."""
        return isinstance(self.field.widget, RadioSelect)

    @property
    def anchor(self) -> str:
        """The id that the list of errors leads to: the first thing to fill in, or the group of several."""
        if self.has_choices and self.subwidgets:
            return self.subwidgets[0].id_for_label
        if not self.auto_id or (self.id_for_label and not self.use_fieldset):
            return self.id_for_label or ""
        return f"{self.auto_id}_group"


class FormRenderer(DjangoTemplates):
    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = FieldOnPage
