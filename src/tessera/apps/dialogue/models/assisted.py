from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.votes import KEY_LENGTH


class SpokenConsent(models.Model):
    """That somebody agreed to have their answers typed in by a facilitator; not who it was."""

    consultation = models.ForeignKey(
        Consultation,
        verbose_name=_("consultation"),
        on_delete=models.CASCADE,
        related_name="spoken_consents",
    )
    heard_by = models.ForeignKey(
        Person, verbose_name=_("heard by"), on_delete=models.PROTECT, related_name="consents_heard"
    )
    heard_on = models.DateField(_("heard on"))
    key = models.CharField(
        max_length=KEY_LENGTH,
        editable=False,
        help_text=_("of the form that brought it, so that one that comes again does nothing"),
    )

    class Meta:
        verbose_name = _("spoken consent")
        verbose_name_plural = _("spoken consents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="a_consent_is_recorded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}, {self.heard_on}"
