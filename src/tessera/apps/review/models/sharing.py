from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.review.models.reviews import Review


class Sharing(models.Model):
    """That a city lets the cities of its cycle read its validated review beside theirs.

    They read its profile and its findings, never an answer, a note or a piece of evidence. The row is deleted
    when the city takes that back.
    """

    review = models.OneToOneField(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="sharing"
    )
    agreed_by = models.ForeignKey(
        Person, verbose_name=_("agreed by"), on_delete=models.PROTECT, related_name="sharings"
    )
    agreed_at = models.DateTimeField(_("agreed on"))

    class Meta:
        verbose_name = _("agreement to a comparison")
        verbose_name_plural = _("agreements to a comparison")
        ordering = ["agreed_at", "pk"]

    def __str__(self) -> str:
        return str(self.review)

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id
