from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.lifecycle import ENDED, PUBLIC, State
from tessera.apps.network.local_text import LocalTextField
from tessera.apps.network.models import City
from tessera.apps.review.models import Finding, Review

CODES_ARE_KEPT_DAYS = 365
"""After a consultation is closed, unless it says otherwise: time enough for the city to answer."""
LONGEST_KEPT_DAYS = 3 * 365


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def public(self) -> "ConsultationQuerySet":
        """Those that whoever has the address can read."""
        return self.filter(state__in=PUBLIC)


class Consultation(models.Model):
    """A question of a city to the people who live in it: they vote on statements, and say their own."""

    city = models.ForeignKey(
        City, verbose_name=_("city"), on_delete=models.PROTECT, related_name="consultations"
    )
    slug = models.SlugField(
        _("address"),
        max_length=40,
        unique=True,
        # It is part of an address that people type from a poster.
        validators=[RegexValidator("^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens only."))],
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    title = LocalTextField(_("title"))
    asked_by = LocalTextField(_("who asks, and why"))
    what_follows = LocalTextField(_("what will happen with it"))
    contact = LocalTextField(_("help and contact"))
    languages = models.JSONField(
        _("languages"), help_text=_("the texts are written in the first, and put into the others")
    )
    has_open_link = models.BooleanField(
        _("open to everybody"),
        default=True,
        help_text=_("else only people who were given a link of their own take part"),
    )
    kept_days = models.PositiveSmallIntegerField(
        _("days for which receipt codes are kept"),
        default=CODES_ARE_KEPT_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_KEPT_DAYS)],
        help_text=_("after it is closed; then no code tells any more whose a vote is"),
    )
    trial_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("of the link with which it is tried out while it is prepared"),
    )
    invented = models.BooleanField(_("invented"), default=False)
    attribution = models.TextField(
        _("origin and licence"),
        blank=True,
        help_text=_("of votes that were taken over from elsewhere; empty where people voted here"),
    )
    review = models.ForeignKey(
        Review,
        verbose_name=_("review"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultations",
        help_text=_("whose findings and areas it is about"),
    )
    prepared_by = models.ForeignKey(
        Person,
        verbose_name=_("prepared by"),
        on_delete=models.PROTECT,
        related_name="consultations_prepared",
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing_reason = models.TextField(
        _("why it was closed early"), blank=True, help_text=_("empty where it ran to its last day")
    )
    synthesised_on = models.DateField(_("themes published on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    codes_forgotten_on = models.DateField(_("receipt codes forgotten on"), null=True, blank=True)

    is_tried_out = False
    """Whether whoever asks came by the link of its trial: `access` says so, and nothing keeps it."""

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_on__isnull=False)
                | (~Q(state__in=ENDED) & Q(closed_on__isnull=True)),
                name="a_closed_consultation_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SYNTHESISED, State.ANSWERED], synthesised_on__isnull=False)
                | (~Q(state__in=[State.SYNTHESISED, State.ANSWERED]) & Q(synthesised_on__isnull=True)),
                name="a_consultation_with_public_themes_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ANSWERED, answered_on__isnull=False)
                | (~Q(state=State.ANSWERED) & Q(answered_on__isnull=True)),
                name="an_answered_consultation_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Where staff keep it; residents' pages stand under `take_part_url`."""
        return reverse("dialogue:consultation", args=[self.pk])

    @property
    def take_part_url(self) -> str:
        return reverse("take_part:choose-language", args=[self.slug])

    @property
    def trail_city_id(self) -> int:
        return self.city_id

    @property
    def has_ended(self) -> bool:
        """Whether nobody takes part any more."""
        return self.state in ENDED

    @property
    def has_public_themes(self) -> bool:
        return self.synthesised_on is not None

    @property
    def first_language(self) -> str:
        code: str = self.languages[0]
        return code

    @property
    def offered_languages(self) -> list[Language]:
        return [find_language(code) for code in self.languages]

    @cached_property
    def all_phases(self) -> list["Phase"]:
        """In the order of their days."""
        return list(self.phases.all())

    def phase_on(self, day: date) -> "Phase | None":
        """The one that runs, as long as the consultation is open; in a trial the first, whatever the day."""
        if self.is_tried_out:
            return next(iter(self.all_phases), None)
        if self.state != State.OPEN:
            return None
        return next((phase for phase in self.all_phases if phase.starts_on <= day <= phase.ends_on), None)

    def takes_votes_on(self, day: date) -> bool:
        phase = self.phase_on(day)
        return phase is not None and phase.takes_votes

    def next_phase_after(self, day: date) -> "Phase | None":
        """The first that is still to come, as long as the consultation is open."""
        if self.state != State.OPEN:
            return None
        return next((phase for phase in self.all_phases if phase.starts_on > day), None)

    @property
    def last_day(self) -> date | None:
        """On which one can take part; None where no phase is planned yet."""
        return max((phase.ends_on for phase in self.all_phases), default=None)

    @property
    def codes_kept_until(self) -> date | None:
        """The last day on which a receipt code opens anything; None while it is not closed."""
        return None if self.closed_on is None else self.closed_on + timedelta(days=self.kept_days)


class Rule(models.TextChoices):
    """What people can do in a phase."""

    SAY_AND_VOTE = "say-and-vote", _("vote, and say something of one's own")
    VOTE = "vote", _("vote only")
    SAY = "say", _("say something only")


class Phase(models.Model):
    """A stretch of days in which people take part, and what they can do in it."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="phases"
    )
    rule = models.CharField(_("rule"), max_length=12, choices=Rule.choices, default=Rule.SAY_AND_VOTE)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = pgettext_lazy("of a consultation", "phase")
        verbose_name_plural = pgettext_lazy("of a consultation", "phases")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_phase_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["consultation", "starts_on"], name="phases_of_a_consultation_begin_on_different_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}: {self.starts_on} – {self.ends_on}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id

    @property
    def takes_votes(self) -> bool:
        return self.rule != Rule.SAY

    @property
    def takes_statements(self) -> bool:
        return self.rule != Rule.VOTE


class BriefItem(models.Model):
    """One thing that a consultation is about: a finding, or an area, of the city's review."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="brief"
    )
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consultations",
    )
    area = models.CharField(_("area"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("part of a brief")
        verbose_name_plural = _("parts of a brief")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area="", finding__isnull=False) | (~Q(area="") & Q(finding__isnull=True)),
                name="a_brief_names_findings_and_areas",
            ),
            models.UniqueConstraint(
                fields=["consultation", "finding"],
                condition=Q(finding__isnull=False),
                name="a_brief_names_a_finding_once",
            ),
            models.UniqueConstraint(
                fields=["consultation", "area"], condition=~Q(area=""), name="a_brief_names_an_area_once"
            ),
        ]

    def __str__(self) -> str:
        return self.area or str(self.finding)

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class Facilitation(models.Model):
    """That a facilitator of the city keeps a consultation, beside its officers."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="facilitations"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("facilitator"), on_delete=models.PROTECT, related_name="facilitations"
    )

    class Meta:
        verbose_name = _("facilitation")
        verbose_name_plural = _("facilitations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person"], name="a_person_facilitates_a_consultation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.consultation}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class Stewardship(models.Model):
    """That somebody may take all votes of a consultation, each on its own, to check the results."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="stewardships"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("steward"), on_delete=models.PROTECT, related_name="stewardships"
    )
    named_by = models.ForeignKey(
        Person, verbose_name=_("named by"), on_delete=models.PROTECT, related_name="stewardships_given"
    )
    named_on = models.DateField(_("named on"))
    purpose = models.CharField(_("what for"), max_length=200)

    class Meta:
        verbose_name = _("stewardship of votes")
        verbose_name_plural = _("stewardships of votes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person"], name="a_person_is_steward_of_a_consultation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.consultation}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class VotesTaken(models.Model):
    """That a steward took all votes of a consultation, each on its own."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="votes_taken"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("steward"), on_delete=models.PROTECT, related_name="votes_taken"
    )
    at = models.DateTimeField(_("taken at"))
    count = models.PositiveIntegerField(_("votes"))
    digest = models.CharField(_("checksum of the file of votes (SHA-256)"), max_length=64)

    class Meta:
        verbose_name = _("handing out of votes")
        verbose_name_plural = _("handings out of votes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.consultation}, {self.at:%Y-%m-%d}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id
