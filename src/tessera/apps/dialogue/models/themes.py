from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.models.coding import Excerpt
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.statements import Statement
from tessera.apps.network.local_text import LocalTextField
from tessera.apps.network.models import City
from tessera.apps.review.models import Finding


class PriorityArea(models.Model):
    """A field of policy that a city set up itself, beside those that come with Tessera."""

    city = models.ForeignKey(
        City, verbose_name=_("city"), on_delete=models.CASCADE, related_name="own_priority_areas"
    )
    key = models.SlugField(
        _("key"),
        max_length=40,
        validators=[RegexValidator("^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens only."))],
    )
    name = LocalTextField(_("name"))

    class Meta:
        verbose_name = _("priority area")
        verbose_name_plural = _("priority areas")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "key"], name="keys_of_priority_areas_of_a_city_differ"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def trail_city_id(self) -> int:
        return self.city_id


class Theme(models.Model):
    """What people said, summed up. What it rests on stands in its bases."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="themes"
    )
    title = LocalTextField(_("title"))
    summary = LocalTextField(_("summary"))
    area = models.CharField(
        _("priority area"),
        max_length=40,
        blank=True,
        help_text=_("its key; empty as long as it is no priority"),
    )
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="themes"
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class ThemeBasis(models.Model):
    """One thing that a theme rests on: a finding, a statement, or an excerpt of a session."""

    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.CASCADE, related_name="bases")
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_bases",
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name=_("statement"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_bases",
    )
    excerpt = models.ForeignKey(
        Excerpt,
        verbose_name=_("excerpt"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_bases",
    )

    class Meta:
        verbose_name = _("basis of a theme")
        verbose_name_plural = _("bases of themes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, statement__isnull=True, excerpt__isnull=True)
                | Q(finding__isnull=True, statement__isnull=False, excerpt__isnull=True)
                | Q(finding__isnull=True, statement__isnull=True, excerpt__isnull=False),
                name="a_theme_rests_on_one_thing_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["theme", "finding"],
                condition=Q(finding__isnull=False),
                name="a_theme_rests_on_a_finding_once",
            ),
            models.UniqueConstraint(
                fields=["theme", "statement"],
                condition=Q(statement__isnull=False),
                name="a_theme_rests_on_a_statement_once",
            ),
            models.UniqueConstraint(
                fields=["theme", "excerpt"],
                condition=Q(excerpt__isnull=False),
                name="a_theme_rests_on_an_excerpt_once",
            ),
        ]

    def __str__(self) -> str:
        # The trail keeps it: no words that somebody may withdraw.
        return f"{self.theme_id}: {self.pk}"

    @property
    def trail_city_id(self) -> int:
        return self.theme.trail_city_id


class Outcome(models.TextChoices):
    """What the city does with what people said."""

    ADOPTED = "adopted", _("we do it")
    PARTLY = "partly", _("we do a part of it")
    NOT_ADOPTED = "not-adopted", _("we do not do it")


class Disposition(models.Model):
    """What became of a theme, or of a statement that is in none, with the reason.

    Everybody can read it from the day on which the consultation is answered.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="dispositions"
    )
    theme = models.OneToOneField(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="disposition",
    )
    statement = models.OneToOneField(
        Statement,
        verbose_name=_("statement"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="disposition",
    )
    outcome = models.CharField(_("what became of it"), max_length=12, choices=Outcome.choices)
    reason = LocalTextField(_("reason"))
    decided_by = models.ForeignKey(
        Person, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="dispositions"
    )
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(theme__isnull=False, statement__isnull=True)
                | Q(theme__isnull=True, statement__isnull=False),
                name="a_disposition_is_about_a_theme_or_a_statement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme or self.statement_id}: {self.outcome}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id
