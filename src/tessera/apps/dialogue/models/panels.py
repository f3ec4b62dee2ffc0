from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.dialogue.lifecycle import PanelState, StatementState
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.stakeholders import Stakeholder
from tessera.apps.dialogue.models.themes import Theme
from tessera.apps.network.local_text import LocalTextField
from tessera.engines.portfolio.delphi import HIGHEST, LOWEST, ConsensusRule

LONGEST_COMMENT = 500
"""Letters."""


class PanelKind(models.TextChoices):
    DELPHI = "delphi", _("Delphi: rate each item, in up to three rounds")
    MAXDIFF = "maxdiff", _("MaxDiff: pick the most and the least important of a few, several times")


class Panel(models.Model):
    """A small number of people who were asked on purpose, and what they are asked."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="panels"
    )
    kind = models.CharField(_("method"), max_length=8, choices=PanelKind.choices)
    title = LocalTextField(_("title"))
    question = LocalTextField(_("what is asked"))
    state = models.CharField(
        _("state"), max_length=12, choices=PanelState.choices, default=PanelState.PREPARING
    )
    least_percent = models.PositiveSmallIntegerField(
        _("at least so many of a hundred on one side"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    opposed_below_percent = models.PositiveSmallIntegerField(
        _("fewer than so many of a hundred on the other"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    seed = models.PositiveIntegerField(
        _("seed of the tasks"), null=True, blank=True, help_text=_("from which they can be made again")
    )
    tasks = models.JSONField(
        _("tasks"),
        default=list,
        blank=True,
        help_text=_("of a MaxDiff: sheets of tasks, each with the keys of the items it shows"),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PanelState.ENDED, ended_on__isnull=False)
                | (~Q(state=PanelState.ENDED) & Q(ended_on__isnull=True)),
                name="an_ended_panel_says_when",
            ),
            models.CheckConstraint(
                condition=Q(opposed_below_percent__lte=F("least_percent")),
                name="no_item_of_a_panel_is_in_and_out_at_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("dialogue:panel", args=[self.pk])

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id

    @property
    def is_delphi(self) -> bool:
        return self.kind == PanelKind.DELPHI

    @property
    def rule(self) -> ConsensusRule:
        return ConsensusRule(self.least_percent / 100, self.opposed_below_percent / 100)

    @property
    def open_round(self) -> "PanelRound | None":
        return self.rounds.filter(closed_on=None).first()

    def round_on(self, day: date) -> "PanelRound | None":
        """The one in which its members can answer on a day."""
        return self.rounds.filter(closed_on=None, last_day__gte=day).first()


class PanelItem(models.Model):
    """One thing that a panel weighs. Its words stay as they were when the first round began."""

    panel = models.ForeignKey(Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(_("place in the list"))
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="panel_items",
        help_text=_("whose title it is, where it is one"),
    )
    text = LocalTextField(_("text"))

    class Meta:
        verbose_name = _("item of a panel")
        verbose_name_plural = _("items of panels")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "theme"],
                condition=Q(theme__isnull=False),
                name="a_panel_weighs_a_theme_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def trail_city_id(self) -> int:
        return self.panel.trail_city_id


class PanelMember(models.Model):
    """Somebody on a panel, known by a number, and where it matters by the group or organisation.

    No name, address or account is kept with it. Who holds which link is known only to whoever handed the
    link out, and stands nowhere here. Through the rounds of a panel the answers of one member hang together;
    no page shows them.
    """

    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="members"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    stakeholder = models.ForeignKey(
        Stakeholder,
        verbose_name=_("group or organisation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="panel_members",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of panels")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "number"], name="numbers_of_a_panel_s_members_differ"),
        ]

    def __str__(self) -> str:
        return f"M{self.number}"

    @property
    def trail_city_id(self) -> int:
        return self.panel.trail_city_id

    @property
    def tasks(self) -> list[list[int]]:
        """Of a MaxDiff: the keys of the items of each task. Members take the sheets in turn."""
        sheets: list[list[list[int]]] = self.panel.tasks
        return sheets[(self.number - 1) % len(sheets)] if sheets else []


class PanelRound(models.Model):
    """A stretch of days in which the members of a panel answer."""

    panel = models.ForeignKey(Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    opened_on = models.DateField(_("opened on"))
    last_day = models.DateField(_("last day"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a panel", "round")
        verbose_name_plural = pgettext_lazy("of a panel", "rounds")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "number"], name="rounds_of_a_panel_have_numbers"),
            models.UniqueConstraint(
                fields=["panel"],
                condition=Q(closed_on__isnull=True),
                name="one_round_of_a_panel_is_open_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("opened_on")), name="a_round_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel}: {self.number}"

    @property
    def trail_city_id(self) -> int:
        return self.panel.trail_city_id


class Rating(models.Model):
    """What a member of a Delphi thinks of an item in a round, and why, if they said it."""

    round = models.ForeignKey(PanelRound, on_delete=models.CASCADE, related_name="ratings")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="ratings")
    item = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField(
        _("points"), null=True, blank=True, help_text=_("1 to 9; empty where the member cannot say")
    )
    comment = models.CharField(_("comment"), max_length=LONGEST_COMMENT, blank=True)
    comment_state = models.CharField(
        max_length=12, choices=StatementState.choices, default=StatementState.PENDING
    )

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member", "item"], name="a_member_rates_an_item_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=LOWEST, value__lte=HIGHEST),
                name="a_rating_is_from_1_to_9",
            ),
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"


class BestWorst(models.Model):
    """What a member of a MaxDiff picks in one of their tasks."""

    round = models.ForeignKey(PanelRound, on_delete=models.CASCADE, related_name="picks")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="picks")
    task = models.PositiveSmallIntegerField(_("task"), help_text=_("its place on the member's sheet, from 1"))
    best = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="+")
    worst = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pick of the most and the least important")
        verbose_name_plural = _("picks of the most and the least important")
        constraints = [
            models.UniqueConstraint(fields=["round", "member", "task"], name="a_task_is_answered_once"),
            models.CheckConstraint(condition=~Q(best=F("worst")), name="the_most_is_not_the_least_important"),
        ]

    def __str__(self) -> str:
        return f"pick {self.pk}"
