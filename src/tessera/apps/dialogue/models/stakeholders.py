from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.network.models import Organisation


class StakeholderKind(models.TextChoices):
    GROUP = "group", _("group of people")
    ORGANISATION = "organisation", _("organisation")


class Stakeholder(models.Model):
    """A group of people, or an organisation, whom a consultation should hear. Nobody by name."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="stakeholders"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=StakeholderKind.choices)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="heard_in",
        help_text=_("of the network, where it is one"),
    )
    why = models.TextField(_("why we should hear them"), blank=True)
    reached_by = models.CharField(_("how to reach them"), max_length=200, blank=True)
    invited_on = models.DateField(_("invited on"), null=True, blank=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "name"], name="a_consultation_names_a_stakeholder_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class Purpose(models.TextChoices):
    """What somebody left a way to reach them for."""

    TELL_ANSWER = "tell-answer", _("to tell them what the city answers")
    INVITE = "invite", _("to invite them to another meeting")


class ContactSlip(models.Model):
    """How to reach somebody who wished it, for one purpose and until a day. Nothing else knows of it.

    No participant of a session or of a vote is tied to a slip.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="contact_slips"
    )
    purpose = models.CharField(_("what for"), max_length=12, choices=Purpose.choices)
    name = models.CharField(_("name, as they gave it"), max_length=120)
    way = models.CharField(_("e-mail address or telephone number"), max_length=200)
    language = models.CharField(_("language"), max_length=8)
    consented_on = models.DateField(_("agreed on"))
    until = models.DateField(_("erased after"))

    class Meta:
        verbose_name = _("contact slip")
        verbose_name_plural = _("contact slips")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("consented_on")),
                name="a_contact_slip_is_erased_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.purpose}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id
