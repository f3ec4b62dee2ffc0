from collections.abc import Collection
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from tessera.apps.accounts.models import Person
from tessera.apps.review.models.reviews import Review
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.sheets.marks import answer_mark
from tessera.frameworks.sheets.read import FilledSheet
from tessera.frameworks.sheets.returned import Difference, compare_sheets

_SHEET = TypeAdapter(AnswerSheet)


class Upload(models.Model):
    """A sheet that an officer brought back, until they say which of its answers shall stand.

    What nobody takes over is forgotten within a day.
    """

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="uploads"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("brought back by"), on_delete=models.CASCADE, related_name="uploads"
    )
    brought_at = models.DateTimeField(_("brought back"))
    sheet_json = models.TextField(_("answers"))
    marks = models.JSONField(_("marks"), help_text=_("of the answers as they were downloaded"))

    class Meta:
        verbose_name = _("sheet that came back")
        verbose_name_plural = _("sheets that came back")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person"], name="a_person_brings_back_one_sheet_of_a_review_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.review}"

    @property
    def sheet(self) -> AnswerSheet:
        return _SHEET.validate_json(self.sheet_json)

    def hold(self, sheet: AnswerSheet, marks: dict[str, str]) -> None:
        self.sheet_json, self.marks = _SHEET.dump_json(sheet).decode(), marks

    def hold_only(self, questions: Collection[str]) -> None:
        """Forget what is settled: a question with neither answer nor mark changes nothing."""
        sheet = self.sheet
        answers = {key: answer for key, answer in sheet.answers.items() if key in questions}
        marks = {key: mark for key, mark in self.marks.items() if key in questions}
        self.hold(replace(sheet, answers=answers), marks)

    def differences(self, review: Review) -> tuple[Difference, ...]:
        """What it would change of the review, which comes with its answers as they are now."""
        return compare_sheets(
            review.framework,
            review.sheet_pathway,
            returned=FilledSheet(review.framework, self.sheet, self.marks),
            present=review.sheet().answers,
        )

    def mark_of_present(self, difference: Difference) -> str:
        """Shows whether the answer that is here is still the one that somebody had before them."""
        question, sheet = self.review.framework.question(difference.question), self.sheet
        return answer_mark(question, difference.present, city=sheet.city, year=sheet.year)
