from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalTextField
from tessera.apps.review.models.evidence import Evidence
from tessera.apps.review.models.publications import Correction
from tessera.apps.review.models.reviews import Review
from tessera.frameworks import expert_words
from tessera.frameworks.expert_words import ExpertWords


class FindingKind(models.TextChoices):
    STRENGTH = expert_words.FindingKind.STRENGTH, pgettext_lazy("kind of finding", "strength")
    GAP = expert_words.FindingKind.GAP, pgettext_lazy("kind of finding", "gap")
    PRIORITY = expert_words.FindingKind.PRIORITY, pgettext_lazy("kind of finding", "priority")


class Finding(models.Model):
    """What experts conclude from a city's answers. What it rests on stands in its bases."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="findings"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind.choices)
    text = LocalTextField(_("text"))
    next_step = LocalTextField(_("suggested next step"), null=True, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), help_text=_("1 for the most urgent"))
    revision = models.PositiveIntegerField(
        _("revision"), default=1, help_text=_("how often the finding was saved")
    )
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="findings"
    )
    written_at = models.DateTimeField(_("written on"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class FindingBasis(models.Model):
    """One thing that a finding rests on: an area, the answer to a question, or a piece of evidence."""

    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="bases"
    )
    area = models.CharField(_("area"), max_length=60, blank=True)
    question = models.CharField(_("question"), max_length=60, blank=True)
    # A city may take a piece away while it has its review again; a finding that then rests on nothing
    # cannot be validated.
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("piece of evidence"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="findings_resting_on_it",
    )

    class Meta:
        verbose_name = _("basis of a finding")
        verbose_name_plural = _("bases of findings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(area="") & Q(question="", evidence__isnull=True))
                | (~Q(question="") & Q(area="", evidence__isnull=True))
                | Q(area="", question="", evidence__isnull=False),
                name="a_finding_rests_on_one_thing_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["finding", "area", "question"],
                condition=Q(evidence__isnull=True),
                name="a_finding_rests_on_an_area_or_answer_once",
            ),
            models.UniqueConstraint(
                fields=["finding", "evidence"],
                condition=Q(evidence__isnull=False),
                name="a_finding_rests_on_a_piece_once",
            ),
        ]

    def __str__(self) -> str:
        return self.area or self.question or str(self.evidence)

    @property
    def trail_city_id(self) -> int:
        return self.finding.trail_city_id


class DraftQuerySet(models.QuerySet["Draft"]):
    def not_past(self) -> "DraftQuerySet":
        """Without those that were shown before the correction that is being prepared now."""
        later = Correction.objects.filter(
            review=models.OuterRef("review"), ended_at=None, begun_at__gt=models.OuterRef("shown_at")
        )
        return self.filter(~models.Exists(later))


class Draft(models.Model):
    """What experts showed a city before they validate its review: their findings and opinions of that day."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="drafts"
    )
    shown_by = models.ForeignKey(
        Person, verbose_name=_("shown by"), on_delete=models.PROTECT, related_name="drafts_shown"
    )
    shown_at = models.DateTimeField(_("shown on"))
    message = models.TextField(_("message"), blank=True)
    words_json = models.TextField(_("what the experts say"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a report")
        verbose_name_plural = _("drafts of reports")
        ordering = ["shown_at", "pk"]

    def __str__(self) -> str:
        return f"{self.review}, {self.shown_at:%Y-%m-%d}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @cached_property
    def words(self) -> ExpertWords:
        return ExpertWords.from_json(self.words_json)


class CityReply(models.Model):
    """What a city says to a draft."""

    draft = models.ForeignKey(
        Draft, verbose_name=_("draft"), on_delete=models.CASCADE, related_name="replies"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="replies_to_drafts"
    )
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written on"))

    class Meta:
        verbose_name = _("reply to a draft")
        verbose_name_plural = _("replies to drafts")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.draft}"

    @property
    def trail_city_id(self) -> int:
        return self.draft.trail_city_id
