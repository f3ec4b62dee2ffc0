import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models.cycles import Cycle, PathwayChoices
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Framework, Pathway
from tessera.frameworks.scores.reading import read_answers
from tessera.frameworks.when_rules import Value

if TYPE_CHECKING:
    from tessera.apps.review.models.publications import Correction, Publication


class ReviewQuerySet(models.QuerySet["Review"]):
    def with_answers(self) -> "ReviewQuerySet":
        """With all that a sheet is made of, in the same number of queries however many reviews."""
        return self.select_related("city").prefetch_related("answers", "evidence__uses", "evidence__file")

    def published(self) -> "ReviewQuerySet":
        """The review that stands now for its city, also while something in it is corrected."""
        return self.public().exclude(state=State.SUPERSEDED)

    def public(self) -> "ReviewQuerySet":
        """Those that anybody may see: published, and the superseded ones as history."""
        return self.filter(standing_publication__isnull=False)

    def in_class_of(self, review: "Review") -> "ReviewQuerySet":
        """Validated reviews that a review is compared with, whether published yet or not.

        Those of the same questionnaire, version, pathway and year, of the other cities in the same size
        class; of all other cities where the size of the city is not known. Invented answers are compared
        with invented ones only. What counts of each is its `validated_sheet`.
        """
        reviews = self.filter(
            Q(state__in=JUDGED) | Q(standing_publication__isnull=False),
            framework_id=review.framework_id,
            version=review.version,
            pathway=review.pathway,
            year=review.year,
            invented=review.invented,
        ).exclude(city=review.city)
        size = review.city.size
        return reviews if size is None else reviews.filter(city__in=City.objects.of_size(size))


class Review(models.Model):
    """One city's answers to one questionnaire for one year, from the first of them to what is published."""

    city = models.ForeignKey(City, verbose_name=_("city"), on_delete=models.PROTECT, related_name="reviews")
    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("cycle"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        help_text=_("empty where the answers were recorded as a whole"),
    )
    framework_id = models.CharField(_("questionnaire"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    pathway = models.CharField(_("pathway"), max_length=8, choices=PathwayChoices.choices)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("the year that the answers describe"))
    invented = models.BooleanField(_("invented"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.FILLING)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    due_on = models.DateField(_("answers are due on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    returned_at = models.DateTimeField(
        _("returned"), null=True, blank=True, help_text=_("when the experts first returned it to the city")
    )
    validated_by = models.ForeignKey(
        Person,
        verbose_name=_("validated by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="validated_reviews",
    )
    validated_at = models.DateTimeField(_("validated"), null=True, blank=True)
    standing_publication = models.OneToOneField(
        "review.Publication",
        verbose_name=_("publication that stands"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("what the public reads now; empty before the first publication"),
    )

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
                condition=Q(standing_publication__isnull=False) & ~Q(state=State.SUPERSEDED),
                name="one_review_of_a_questionnaire_stands_for_a_city",
            ),
            models.CheckConstraint(
                condition=(~Q(state__in=JUDGED) & Q(validated_by__isnull=True) & Q(validated_at__isnull=True))
                | (Q(state__in=JUDGED) & Q(validated_by__isnull=False) & Q(validated_at__isnull=False)),
                name="a_validated_review_names_who_validated_it_and_when",
            ),
            models.CheckConstraint(
                condition=Q(cycle__isnull=True) | Q(due_on__isnull=False),
                name="a_review_of_a_cycle_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=Q(cycle__isnull=True) | Q(opened_at__isnull=False),
                name="a_review_of_a_cycle_says_when_it_was_opened",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SUBMITTED) | Q(submitted_at__isnull=False),
                name="a_review_that_is_sent_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PUBLISHED, State.SUPERSEDED])
                | Q(standing_publication__isnull=False),
                name="a_published_review_has_a_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("review:review", args=[self.city.slug, self.framework_id, self.year])

    @property
    def trail_city_id(self) -> int:
        return self.city_id

    @property
    def publication(self) -> "Publication":
        """What the public reads now. Raises ValueError where nothing is published."""
        if self.standing_publication is None:
            raise ValueError(f"Nothing of {self} is published.")
        return self.standing_publication

    @property
    def is_being_corrected(self) -> bool:
        """Whether it is published, and on its way to be published again."""
        is_over = self.state in (State.PUBLISHED, State.SUPERSEDED)
        return self.standing_publication_id is not None and not is_over

    @property
    def correction(self) -> "Correction | None":
        """What is corrected in it now."""
        return self.corrections.filter(ended_at=None).first()

    @cached_property
    def framework(self) -> Framework:
        return find_framework(self.framework_id, self.version)

    @property
    def title(self) -> str:
        """That of the questionnaire, in the page's language."""
        return self.framework.text(page_language()).title

    def area_title(self, area: str) -> str:
        """In the page's language. Raises KeyError for an unknown area."""
        return self.framework.text(page_language()).areas[area].title

    def days_late(self, day: date) -> int:
        """How many days ago the answers were due; 0 in good time, and once they are sent."""
        if self.state != State.FILLING or self.due_on is None:
            return 0
        return max(0, (day - self.due_on).days)

    @property
    def sheet_pathway(self) -> Pathway:
        return Pathway(self.pathway)

    def sheet(self) -> AnswerSheet:
        """The answers as they were recorded, with every note and piece of evidence."""
        return self._sheet(only_public=False)

    def validated_sheet(self) -> AnswerSheet:
        """The answers as an expert validated them last: what stands, while something in it is corrected.

        Raises ValueError where nobody ever did.
        """
        return self.sheet() if self.state in JUDGED else self.publication.sheet

    def public_sheet(self) -> AnswerSheet:
        """What is published: without what a rule hides, and what the city keeps to itself."""
        sheet = self._sheet(only_public=True)
        states = read_answers(self.framework, sheet).states
        answers = {
            question: given
            for question, given in sheet.answers.items()
            if states.get(question) is not QuestionState.HIDDEN
        }
        return replace(sheet, answers=answers)

    def _sheet(self, *, only_public: bool) -> AnswerSheet:
        evidence: dict[str, list[str]] = defaultdict(list)
        for piece in self.evidence.all():
            for use in piece.uses.all():
                if piece.is_public or not only_public:
                    evidence[use.question].append(piece.in_words)
        answers = {answer.question: answer.given(only_public=only_public) for answer in self.answers.all()}
        for question, pieces in evidence.items():
            given = answers.get(question, GivenAnswer())
            answers[question] = replace(given, evidence="\n".join(pieces))
        return self.sheet_of(answers)

    def sheet_of(self, answers: Mapping[str, GivenAnswer]) -> AnswerSheet:
        """With answers that were read elsewhere."""
        nothing = GivenAnswer()
        return AnswerSheet(
            framework_id=self.framework_id,
            version=self.version,
            pathway=self.sheet_pathway,
            city=self.city.name.in_language(self.city.name.source),
            year=self.year,
            invented=self.invented,
            answers={question: given for question, given in answers.items() if given != nothing},
        )

    def content_hash(self) -> str:
        """SHA-256 of every answer, note and piece of evidence, and of which of them are public."""
        content = [
            sorted(
                _answer_plainly(answer) for answer in self.answers.all() if answer.given() != GivenAnswer()
            ),
            sorted(piece.plainly() for piece in self.evidence.all()),
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def area_hash(self, area: str) -> str:
        """SHA-256 of the revisions of an area's answers, and of the evidence for them.

        An expert who verifies the area sends it along, and so stands for nothing unread. Raises KeyError for
        an unknown area.
        """
        asked = {question.key for question in self.framework.area(area).questions}
        content = [
            sorted(
                [each.question, str(each.revision)] for each in self.answers.all() if each.question in asked
            ),
            sorted(
                piece.plainly()
                for piece in self.evidence.all()
                if any(use.question in asked for use in piece.uses.all())
            ),
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _answer_plainly(answer: "Answer") -> list[str]:
    given = answer.given()
    said = json.dumps(written_value(given.value), ensure_ascii=False)
    public_note = answer.given(only_public=True).note
    return [answer.question, said, str(given.not_applicable), given.reason, given.note, public_note]


class Answer(models.Model):
    """What the city said to one question.

    A question that nobody touched has no row. An answer that was taken back leaves an empty one, so that
    whoever has the earlier text before them is told.
    """

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="answers"
    )
    question = models.CharField(_("question"), max_length=60)
    value = models.JSONField(_("value"), null=True, blank=True)
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)
    is_note_public = models.BooleanField(
        _("note is public"), default=False, help_text=_("the city agreed that anybody may read it")
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=1, help_text=_("how often the answer was saved")
    )
    changed_by = models.ForeignKey(
        Person,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers_given",
        help_text=_("empty where the answers were recorded as a whole"),
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

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

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def says_something(self) -> bool:
        return self.not_applicable or self.value is not None

    def given(self, *, only_public: bool = False) -> GivenAnswer:
        """What is kept here of an answer: all but its evidence."""
        note = "" if only_public and not self.is_note_public else self.note
        return GivenAnswer(read_value(self.value), self.not_applicable, self.reason, note)


def written_value(value: Value | None) -> Any:
    """A value as JSON keeps it."""
    return list(value) if isinstance(value, tuple) else value


def read_value(stored: Any) -> Value | None:
    if isinstance(stored, list):
        return tuple(stored)
    # JSON writes 40.0 as 40.0 in SQLite and as 40 in PostgreSQL.
    return float(stored) if isinstance(stored, int | float) else stored
