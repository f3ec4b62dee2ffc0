from urllib.parse import urlsplit

from babel import Locale
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import SizeClass
from tessera.apps.review.models.evidence import TITLE_LENGTH, Evidence
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
    note = models.TextField(
        _("note"), blank=True, help_text=_("what a correction puts right; empty in the first publication")
    )
    pieces = models.ManyToManyField(
        Evidence, through="review.PublishedPiece", related_name="publications", verbose_name=_("evidence")
    )

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["published_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "number"], name="publications_of_a_review_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(number=1, note="") | (Q(number__gt=1) & ~Q(note="")),
                name="a_correction_says_what_it_puts_right",
            ),
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


class PublishedPiece(models.Model):
    """A piece of evidence that anybody may have, with what was said about it when it was published.

    It never changes: a trigger in the database refuses it.
    """

    publication = models.ForeignKey(
        Publication,
        verbose_name=_("publication"),
        on_delete=models.CASCADE,
        related_name="published_pieces",
    )
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("piece of evidence"),
        on_delete=models.PROTECT,
        related_name="published_as",
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    dated_on = models.DateField(_("date of the source"), null=True, blank=True)
    language = models.CharField(_("language of the source"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("published piece of evidence")
        verbose_name_plural = _("published evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "evidence"], name="a_piece_is_published_once_in_a_publication"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.evidence}"

    @property
    def host(self) -> str:
        """Where a link leads; empty for what is no link."""
        return urlsplit(self.evidence.url).hostname or ""

    @property
    def language_name(self) -> str:
        """In the page's language; empty where nobody said it."""
        return Locale.parse(page_language()).languages[self.language] if self.language else ""


class Correction(models.Model):
    """That a city puts something right in what it published, and what came of it.

    What is published stands until the correction is published. One that ended without a publication was
    given up.
    """

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="corrections"
    )
    reason = models.TextField(_("reason"), help_text=_("anybody can read it"))
    begun_by = models.ForeignKey(
        Person, verbose_name=_("begun by"), on_delete=models.PROTECT, related_name="corrections_begun"
    )
    begun_at = models.DateTimeField(_("begun"))
    content_hash_before = models.CharField(
        _("mark of the answers before"), max_length=64, help_text=_("as they were when it was begun")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    publication = models.OneToOneField(
        Publication,
        verbose_name=_("publication"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        help_text=_("empty where it was given up"),
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(ended_at=None),
                name="a_review_has_one_correction_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(publication=None) | Q(ended_at__isnull=False),
                name="a_published_correction_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, {self.begun_at:%Y-%m-%d}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id
