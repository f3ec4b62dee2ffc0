from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import SizeClass
from tessera.apps.review.models.reviews import Review
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.profile import Profile

_SHEET = TypeAdapter(AnswerSheet)


class Publication(models.Model):
    """What is published of a review: its answers and its profile, frozen on that day.

    It never changes: a trigger in the database refuses it. Deleting is not refused, so that what holds
    personal data can be erased.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="publications")
    published_at = models.DateTimeField(_("published"))
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

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

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
    def profile(self) -> Profile:
        return Profile.model_validate_json(self.profile_json)
