from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import City
from tessera.apps.review.lifecycle import State
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Framework, Pathway
from tessera.frameworks.when_rules import Value


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> "ReviewQuerySet":
        """The review that stands now for its city."""
        return self.filter(state=State.PUBLISHED)

    def public(self) -> "ReviewQuerySet":
        """Those that anybody may see: published, and the superseded ones as history."""
        return self.filter(state__in=[State.PUBLISHED, State.SUPERSEDED])

    def in_class_of(self, review: "Review") -> "ReviewQuerySet":
        """Reviews that a review is compared with, whether published yet or not.

        Those of the same questionnaire, version, pathway and year, of the other cities in the same size
        class; of all other cities where the size of the city is not known. Invented answers are compared
        with invented ones only.
        """
        reviews = self.filter(
            framework_id=review.framework_id,
            version=review.version,
            pathway=review.pathway,
            year=review.year,
            invented=review.invented,
        ).exclude(city=review.city)
        size = review.city.size
        return reviews if size is None else reviews.filter(city__in=City.objects.of_size(size))


class Review(models.Model):
    """One city's validated answers to one questionnaire for one year."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="reviews")
    framework_id = models.CharField(_("questionnaire"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    pathway = models.CharField(
        _("pathway"), max_length=8, choices=[(way.value, way.value) for way in Pathway]
    )
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("the year that the answers describe"))
    invented = models.BooleanField(_("invented"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.VALIDATED)
    validated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="validated_reviews")
    validated_at = models.DateTimeField(_("validated"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "framework_id", "year"],
                name="a_city_has_one_review_of_a_questionnaire_and_year",
            ),
            models.UniqueConstraint(
                fields=["city", "framework_id"],
                condition=Q(state=State.PUBLISHED),
                name="one_review_of_a_questionnaire_stands_for_a_city",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("review:review", args=[self.city.slug, self.framework_id, self.year])

    @property
    def framework(self) -> Framework:
        return find_framework(self.framework_id, self.version)

    def sheet(self) -> AnswerSheet:
        """The answers as they were recorded, with every note and piece of evidence."""
        return self._sheet({answer.question: answer.given() for answer in self.answers.all()})

    def public_sheet(self) -> AnswerSheet:
        """The answers without the notes and the evidence that the city keeps to itself."""
        answers = {}
        for answer in self.answers.all():
            given = answer.given()
            answers[answer.question] = (
                given if answer.is_note_public else replace(given, note="", evidence="")
            )
        return self._sheet(answers)

    def _sheet(self, answers: Mapping[str, GivenAnswer]) -> AnswerSheet:
        return AnswerSheet(
            framework_id=self.framework_id,
            version=self.version,
            pathway=Pathway(self.pathway),
            city=self.city.name.in_language(self.city.name.source),
            year=self.year,
            invented=self.invented,
            answers=answers,
        )


class Answer(models.Model):
    """What the city said to one question. A question without an answer, a note or evidence has no row."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=60)
    value = models.JSONField(_("value"), null=True, blank=True)
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    is_note_public = models.BooleanField(
        _("note and evidence are public"),
        default=False,
        help_text=_("the city agreed that anybody may read them"),
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question"], name="a_question_is_answered_once_in_a_review"
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | (Q(value__isnull=True) & ~Q(reason="")),
                name="what_does_not_apply_has_a_reason_and_no_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.question}"

    def given(self) -> GivenAnswer:
        return GivenAnswer(
            _read_value(self.value), self.not_applicable, self.reason, self.note, self.evidence
        )


def answer_rows(review: Review, sheet: AnswerSheet, *, public_notes: Iterable[str]) -> list[Answer]:
    """The rows that keep a sheet's answers; `Review.sheet` is the way back."""
    public = frozenset(public_notes)
    return [
        Answer(
            review=review,
            question=question,
            value=list(given.value) if isinstance(given.value, tuple) else given.value,
            not_applicable=given.not_applicable,
            reason=given.reason,
            note=given.note,
            evidence=given.evidence,
            is_note_public=question in public,
        )
        for question, given in sheet.answers.items()
    ]


def _read_value(stored: Any) -> Value | None:
    if isinstance(stored, list):
        return tuple(stored)
    # JSON writes 40.0 as 40.0 in SQLite and as 40 in PostgreSQL.
    return float(stored) if isinstance(stored, int | float) else stored
