from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import NameField
from tessera.apps.review.models.reviews import Review


class AreaWork(models.Model):
    """How far the work on one area has come. An area that nobody looked at has no row."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="area_works"
    )
    area = models.CharField(_("area"), max_length=60)
    opened_at = models.DateTimeField(_("first looked at"))
    done_at = models.DateTimeField(_("marked as complete"), null=True, blank=True)
    done_by = models.ForeignKey(
        Person,
        verbose_name=_("marked as complete by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="areas_completed",
    )
    told_on = models.DateField(
        null=True, editable=False, help_text="when the officers were last told that it is complete"
    )

    class Meta:
        verbose_name = _("work on an area")
        verbose_name_plural = _("work on areas")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "area"], name="the_work_on_an_area_is_written_down_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="an_area_is_complete_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.area}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self, day: date) -> "AssignmentQuerySet":
        """Those that are neither withdrawn nor past their last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), withdrawn_at=None)


class Assignment(models.Model):
    """That a colleague fills one area: with an account of the city, or by a personal link.

    The link works for this area and this person only, until its last day. Of its token only the hash is kept
    here; the mail that carries the link holds it until it is sent or given up.
    """

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="assignments"
    )
    area = models.CharField(_("area"), max_length=60)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="assignments"
    )
    name = NameField(
        _("name"), max_length=120, blank=True, help_text=_("as it was typed; empty with an account")
    )
    message = models.TextField(_("message"), blank=True)
    given_by = models.ForeignKey(
        Person, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="assignments_given"
    )
    given_at = models.DateTimeField(_("given on"))
    sent_again_on = models.DateField(_("link sent again on"), null=True, blank=True)
    until = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("empty for somebody with an account")
    )
    token_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text="empty for somebody with an account"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "area"],
                condition=Q(withdrawn_at=None),
                name="an_area_is_assigned_to_one_person_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="a_link_leads_to_one_area"
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(until__isnull=False), name="a_link_has_a_last_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_shown}: {self.review}, {self.area}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def area_title(self) -> str:
        """In the page's language."""
        return self.review.area_title(self.area)

    @property
    def name_shown(self) -> str:
        """How the city's pages name the person.

        By a link it is the name that was typed there: whose address it is, nobody learns by sending a link.
        """
        return self.name or self.person.name

    @property
    def asked_on(self) -> date:
        """The day on which the person was last asked: that of the newest link, if there is one."""
        return self.sent_again_on or timezone.localdate(self.given_at)

    @property
    def due_on(self) -> date:
        """The day on which the area must be filled.

        By a link it is the last one on which that works, if that comes first or the answers were late when it
        was sent.
        """
        due_on = self.review.due_on
        # A constraint holds that a review of a cycle has one.
        assert due_on is not None
        if self.until is None:
            return due_on
        return self.until if due_on < self.asked_on else min(due_on, self.until)

    @property
    def is_by_link(self) -> bool:
        return bool(self.token_hash)

    def stands(self, day: date) -> bool:
        return self.withdrawn_at is None and (self.until is None or day <= self.until)


class Presence(models.Model):
    """Who had an area open, and when last. It tells colleagues, and is forgotten within a day."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="presences")
    area = models.CharField(_("area"), max_length=60)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["review", "area", "person"], name="a_person_is_in_an_area_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.area}"


class Signature(models.Model):
    """That an officer signed the answers as they were: they, and no others, are what was declared."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="signatures"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("signed by"), on_delete=models.PROTECT, related_name="signatures"
    )
    signed_at = models.DateTimeField(_("signed on"))
    content_hash = models.CharField(
        _("mark of the answers"), max_length=64, help_text=_("of every answer, note and piece of evidence")
    )

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person", "content_hash"], name="nobody_signs_the_same_answers_twice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.review}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class Reminder(models.Model):
    """That somebody was told when answers are due, of the review or of areas in it.

    So nobody is told twice on one day, and what a mail has said already is not said again.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    sent_on = models.DateField(_("sent on"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person", "sent_on"], name="nobody_is_reminded_twice_on_one_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.review}, {self.sent_on}"
