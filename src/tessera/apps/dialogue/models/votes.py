from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.dialogue.models.participants import Participant
from tessera.apps.dialogue.models.statements import Statement

KEY_LENGTH = 16
KEYS_REMEMBERED = 8
"""Of the acts that last set a vote: more often, nobody changes their mind while a message is on its way."""


class Choice(models.IntegerChoices):
    """As `tessera.engines.opinion` counts them."""

    AGREE = 1, pgettext_lazy("a vote", "agree")
    DISAGREE = -1, pgettext_lazy("a vote", "disagree")
    PASS = 0, pgettext_lazy("a vote", "pass")


class Vote(models.Model):
    """What a participant thinks of a statement: one row, whatever was sent and however often."""

    # Its own key, so that a second row for the two cannot exist.
    pk = models.CompositePrimaryKey("participant_id", "statement_id")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="votes"
    )
    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.CASCADE, related_name="votes"
    )
    value = models.SmallIntegerField(_("vote"), choices=Choice.choices)
    recent_keys = models.CharField(
        max_length=KEY_LENGTH * KEYS_REMEMBERED,
        editable=False,
        help_text=_("of the acts that last set it, so that one that comes again does nothing"),
    )
    is_counted = models.BooleanField(
        default=False, editable=False, help_text=_("as it stands, in the sums of the landscape")
    )

    class Meta:
        verbose_name = pgettext_lazy("of a participant", "vote")
        verbose_name_plural = pgettext_lazy("of a participant", "votes")
        indexes = [
            # Of the few that came since the sums were last brought up to date.
            models.Index(fields=["statement"], condition=Q(is_counted=False), name="dialogue_votes_to_count"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__in=[1, 0, -1]), name="a_vote_agrees_disagrees_or_passes"
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)
