from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.models.consultations import Consultation


class CountedVotes(models.Model):
    """The sums of a consultation's votes, with the votes that are in them, so that they are not made anew.

    They hold everybody's votes, and so they go when somebody withdraws; then they are made from the votes.
    """

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="counted_votes")
    revision = models.PositiveIntegerField(help_text=_("one more with each change: who read another, lost"))
    saved = models.BinaryField(
        null=True, help_text=_("of tessera.engines.opinion.live; none where they are to be made anew")
    )

    class Meta:
        verbose_name = _("sums of votes")
        verbose_name_plural = _("sums of votes")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.revision}"


class Landscape(models.Model):
    """The map of opinion as it was last found: counts and sums over people, nobody's vote or place."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="landscape")
    priorities = models.JSONField(
        _("how much votes on a statement are wanted"), help_text=_("by its number, a few seconds old")
    )
    overview = models.JSONField(
        _("what is shown"),
        null=True,
        help_text=_("of tessera.engines.opinion.overview; none before ten people have voted"),
    )
    found_on = models.DateField(_("day of what is shown"), null=True)
    is_final = models.BooleanField(_("of all votes, after the end"), default=False)
    seed = models.PositiveIntegerField(_("start number of the trials"))
    engine = models.CharField(_("engine"), max_length=40)
    votes_digest = models.CharField(_("checksum of the votes (SHA-256)"), max_length=64)
    statements_digest = models.CharField(_("checksum of the statements (SHA-256)"), max_length=64)
    channels_told = models.JSONField(
        _("how many people came by which channel"),
        default=list,
        help_text=_("of tessera.apps.dialogue.channels, after the end; the newest last"),
    )
    number_waiting = models.PositiveSmallIntegerField(
        default=0, help_text=_("a number of groups that was found of late, and is not shown yet")
    )
    rounds_waiting = models.PositiveSmallIntegerField(default=0)
    language_flags = models.JSONField(
        _("where one language votes otherwise"),
        default=dict,
        help_text=_("languages by statement: its translation may say something else"),
    )

    class Meta:
        verbose_name = _("landscape")
        verbose_name_plural = _("landscapes")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.found_on}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class GroupTables(models.Model):
    """How groups of opinion answered, as it was made public after the end, with what was hidden in it.

    One for each landscape that was final: the first with tables, any later one without.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="group_tables"
    )
    made_on = models.DateField(_("made on"))
    votes_digest = models.CharField(
        _("checksum of the votes (SHA-256)"), max_length=64, help_text=_("of the landscape with these groups")
    )
    tables = models.JSONField(
        _("tables"), help_text=_("of tessera.engines.opinion.disclosure; none where no groups are shown")
    )
    threshold = models.PositiveSmallIntegerField(_("fewest people in a cell"))

    class Meta:
        verbose_name = _("tables of groups")
        verbose_name_plural = _("tables of groups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "votes_digest"], name="groups_of_a_landscape_are_made_public_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.made_on}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id
