from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import Network
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Framework, Pathway

MOST_SIGNATURES = 2


class PathwayChoices(models.TextChoices):
    CORE = Pathway.CORE.value, pgettext_lazy("pathway of a questionnaire", "core")
    FULL = Pathway.FULL.value, pgettext_lazy("pathway of a questionnaire", "full")


class Cycle(models.Model):
    """A round in which cities of a network answer one questionnaire about one year."""

    network = models.ForeignKey(
        Network, verbose_name=_("network"), on_delete=models.PROTECT, related_name="cycles"
    )
    framework_id = models.CharField(_("questionnaire"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    pathway = models.CharField(_("pathway"), max_length=8, choices=PathwayChoices.choices)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("the year that the answers describe"))
    due_on = models.DateField(_("answers are due on"))
    signatures = models.PositiveSmallIntegerField(
        _("signatures"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SIGNATURES)],
        help_text=_("how many officers of a city sign before its answers are sent"),
    )
    opened_by = models.ForeignKey(
        Person, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="cycles_opened"
    )
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "framework_id", "year"],
                name="a_network_has_one_cycle_of_a_questionnaire_and_year",
            ),
            models.CheckConstraint(
                condition=Q(signatures__gte=1, signatures__lte=MOST_SIGNATURES),
                name="one_officer_signs_or_two_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework_id} {self.year}, {self.network}"

    def get_absolute_url(self) -> str:
        return reverse("review:cycle", args=[self.pk])

    @cached_property
    def framework(self) -> Framework:
        return find_framework(self.framework_id, self.version)

    @property
    def asked_pathway(self) -> Pathway:
        return Pathway(self.pathway)

    @property
    def title(self) -> str:
        """That of the questionnaire, in the page's language."""
        return self.framework.text(page_language()).title
