from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.models.consultations import Consultation


class Channel(models.TextChoices):
    """How somebody came to take part, which says how sure it is that each is one person."""

    OPEN_LINK = "open-link", _("open link")
    OWN_LINK = "own-link", _("link for one person")
    PAPER = "paper", _("on paper")
    ASSISTED = "assisted", _("with a facilitator")
    IMPORTED = "imported", _("taken over from elsewhere")


class Participant(models.Model):
    """Somebody who took part, known by nothing but a code that only they hold.

    No name, address, program or hour is kept with it.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="participants"
    )
    code_hash = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        help_text=_("no hash at all once the codes of the consultation are forgotten"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=8)
    joined_on = models.DateField(_("day of the first vote or statement"))

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")

    def __str__(self) -> str:
        return f"participant {self.pk}"


class OwnLink(models.Model):
    """A link for one person, that works once.

    It does not say who came by it: whoever handed it out would else know whose the votes are.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="own_links"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_used = models.BooleanField(_("used"), default=False)

    class Meta:
        verbose_name = _("link for one person")
        verbose_name_plural = _("links for one person")

    def __str__(self) -> str:
        return f"link {self.pk}"


class Salt(models.Model):
    """What network addresses are mixed with before they are counted; forgotten after its day."""

    day = models.DateField(unique=True)
    value = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return str(self.day)


class Tally(models.Model):
    """How many joined a consultation today from one network, or from one device. Forgotten with its salt."""

    salt = models.ForeignKey(Salt, on_delete=models.CASCADE, related_name="tallies")
    bucket = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tally of a day")
        verbose_name_plural = _("tallies of days")
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="a_tally_counts_somebody")]

    def __str__(self) -> str:
        return f"{self.count}"
