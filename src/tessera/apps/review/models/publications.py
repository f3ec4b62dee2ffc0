from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import SizeClass
from tessera.apps.review.models.reviews import Review
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import Profile

_SHEET = TypeAdapter(AnswerSheet)


class Publication(models.Model):
    """What is published of a review: its answers, its profile and what the experts say, frozen on that day.

    It never changes: a trigger in the database refuses it. Deleting is not refused, so that what holds
    personal data can be erased. Whatever was wrong is put right by a further publication of the same review.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(
        _("number"), default=1, help_text=_("1 for the first publication of the review")
    )
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="publications")
    published_at = models.DateTimeField(_("published"))
    validated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="publications_validated")
    validated_at = models.DateTimeField(_("validated"))
    previous = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    size_class = models.CharField(_("size class"), max_length=20, choices=SizeClass.choices, blank=True)
    class_reviews = models.ManyToManyField(Review, related_name="compared_in")
    sheet_json = models.TextField(
        _("answers"), help_text=_("without the notes and the evidence that the city keeps to itself")
    )
    profile_json = models.TextField(_("profile"))
    profile_hash = models.CharField(_("hash of the profile"), max_length=64)
    words_json = models.TextField(
        _("what the experts say"), help_text=_("their findings and opinions, without evidence that is kept")
    )

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["published_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="publications_of_a_review_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.review}, {self.published_at:%Y-%m-%d}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @staticmethod
    def write_sheet(sheet: AnswerSheet) -> str:
        return _SHEET.dump_json(sheet).decode()

    @cached_property
    def sheet(self) -> AnswerSheet:
        return _SHEET.validate_json(self.sheet_json)

    @cached_property
    def words(self) -> ExpertWords:
        return ExpertWords.from_json(self.words_json)

    @cached_property
    def profile(self) -> Profile:
        return Profile.model_validate_json(self.profile_json)
