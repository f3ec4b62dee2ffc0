"""Sheets of paper on which people answer: what was printed, and what of it has been typed in."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.lifecycle import SheetState
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.statements import Statement


class Printing(models.Model):
    """Sheets that were printed together, with the same statements in the same order."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="printings"
    )
    language = models.CharField(_("language"), max_length=8)
    printed_by = models.ForeignKey(
        Person, verbose_name=_("printed by"), on_delete=models.PROTECT, related_name="sheets_printed"
    )
    printed_on = models.DateField(_("printed on"))

    class Meta:
        verbose_name = _("printing of sheets")
        verbose_name_plural = _("printings of sheets")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.consultation}, {self.language}, {self.printed_on}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class PrintedStatement(models.Model):
    """One line of the sheets of a printing. With a statement that its author withdraws, it goes."""

    printing = models.ForeignKey(
        Printing, verbose_name=_("printing of sheets"), on_delete=models.CASCADE, related_name="lines"
    )
    place = models.PositiveSmallIntegerField(_("place on the sheet"))
    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.CASCADE, related_name="printed"
    )

    class Meta:
        verbose_name = _("line of a sheet")
        verbose_name_plural = _("lines of sheets")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["printing", "place"], name="a_place_on_a_sheet_has_one_statement"
            ),
            models.UniqueConstraint(fields=["printing", "statement"], name="a_sheet_has_a_statement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.statement}"


class SheetQuerySet(models.QuerySet["Sheet"]):
    def unfinished(self) -> "SheetQuerySet":
        """Typed in, and not taken in yet."""
        return self.filter(state__in=(SheetState.ENTERED_ONCE, SheetState.DIFFERING))

    def forget_entries(self) -> int:
        """Erase what was typed in from sheets that are not taken in; returns how many there were."""
        nothing: dict[str, Any] = dict.fromkeys(
            ("first_choices", "second_choices", "first_by", "second_by"), None
        )
        return self.unfinished().update(state=SheetState.PRINTED, **nothing)


class Sheet(models.Model):
    """A sheet for one person, known by its number, which is its key.

    The code that is printed on it becomes the participant's. Once the sheet is taken in, nothing here tells
    any more which participant that is.
    """

    printing = models.ForeignKey(
        Printing, verbose_name=_("printing of sheets"), on_delete=models.CASCADE, related_name="sheets"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=SheetState.choices, default=SheetState.PRINTED
    )
    code_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("empty once the sheet is taken in")
    )
    first_choices = models.JSONField(
        null=True, editable=False, help_text=_("by places; erased once the sheet is taken in")
    )
    second_choices = models.JSONField(null=True, editable=False)
    first_by = models.ForeignKey(
        Person,
        verbose_name=_("typed in by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sheets_entered_first",
    )
    second_by = models.ForeignKey(
        Person,
        verbose_name=_("typed in again by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sheets_entered_second",
    )
    taken_in_on = models.DateField(_("taken in on"), null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=SheetState.TAKEN_IN,
                    taken_in_on__isnull=False,
                    code_hash="",
                    first_choices__isnull=True,
                    second_choices__isnull=True,
                )
                | (~Q(state=SheetState.TAKEN_IN) & Q(taken_in_on__isnull=True) & ~Q(code_hash="")),
                name="a_sheet_that_is_taken_in_keeps_no_answers",
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(code_hash=""), name="codes_on_sheets_differ"
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.pk}"

    @property
    def differing_places(self) -> list[int]:
        """At which what was typed in twice is not the same, and whose statement is still there."""
        first, second = self.first_choices or {}, self.second_choices or {}
        places = self.printing.lines.values_list("place", flat=True)
        return [place for place in places if first.get(str(place)) != second.get(str(place))]
