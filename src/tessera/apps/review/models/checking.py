import hashlib
import json

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.review.lifecycle import SETTLED, WAITING_FOR_CITY, QueryState
from tessera.apps.review.models.reviews import Review, read_value
from tessera.frameworks.answers import Answer as GivenAnswer


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> "AppointmentQuerySet":
        """Those that were neither declined nor ended."""
        return self.filter(declined_at=None, released_at=None)

    def accepted(self) -> "AppointmentQuerySet":
        return self.standing().filter(accepted_at__isnull=False)


class Appointment(models.Model):
    """That an expert is asked to check a review, and what came of it: accepted, declined or released."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="appointments"
    )
    expert = models.ForeignKey(
        Person, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="appointments"
    )
    appointed_by = models.ForeignKey(
        Person, verbose_name=_("appointed by"), on_delete=models.PROTECT, related_name="appointments_made"
    )
    appointed_at = models.DateTimeField(_("appointed on"))
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, help_text=_("why the expert declined"))
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment of an expert")
        verbose_name_plural = _("appointments of experts")
        ordering = ["appointed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "expert"],
                condition=Q(declined_at=None, released_at=None),
                name="an_expert_is_appointed_to_a_review_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None),
                name="an_appointment_is_accepted_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.review}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def stands(self) -> bool:
        return self.declined_at is None and self.released_at is None

    @property
    def checks(self) -> bool:
        return self.stands and self.accepted_at is not None

    @property
    def in_words(self) -> str:
        if self.declined_at is not None:
            return pgettext("an expert has", "declined")
        if self.released_at is not None:
            return pgettext("an expert was", "released")
        return (
            pgettext("an expert has", "accepted") if self.accepted_at else pgettext("an expert was", "asked")
        )


class QueryQuerySet(models.QuerySet["Query"]):
    def unsettled(self) -> "QueryQuerySet":
        """Those that stand against validation."""
        return self.exclude(state__in=SETTLED)

    def waiting_for_city(self) -> "QueryQuerySet":
        return self.filter(state__in=WAITING_FOR_CITY)

    def waiting_for_expert(self) -> "QueryQuerySet":
        return self.filter(state=QueryState.ANSWERED)


class Query(models.Model):
    """What an expert asks the city about one answer."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="queries"
    )
    question = models.CharField(_("question"), max_length=60)
    state = models.CharField(_("state"), max_length=12, choices=QueryState.choices, default=QueryState.OPEN)
    asked_by = models.ForeignKey(
        Person, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="queries_asked"
    )
    asked_at = models.DateTimeField(_("asked on"))

    objects = QueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question"],
                condition=~Q(state__in=SETTLED),
                name="an_answer_has_one_query_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.question}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def waits_for_city(self) -> bool:
        return self.state in WAITING_FOR_CITY

    @property
    def waits_for_expert(self) -> bool:
        return self.state == QueryState.ANSWERED

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class QueryMessage(models.Model):
    """One contribution to the talk about an answer."""

    query = models.ForeignKey(
        Query, verbose_name=_("query"), on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey(
        Person, verbose_name=_("author"), on_delete=models.PROTECT, related_name="query_messages"
    )
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written on"))
    is_of_city = models.BooleanField(_("of the city"))
    told_at = models.DateTimeField(
        _("told"), null=True, blank=True, help_text=_("when the other side was told of it by e-mail")
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.query}"

    @property
    def trail_city_id(self) -> int:
        return self.query.review.city_id


class OpenedAnswer(models.Model):
    """That the city may change an answer while its review is returned, though nothing was asked about it."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="opened_answers"
    )
    question = models.CharField(_("question"), max_length=60)
    opened_by = models.ForeignKey(
        Person, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="answers_opened"
    )
    opened_at = models.DateTimeField(_("opened on"))

    class Meta:
        verbose_name = _("opened answer")
        verbose_name_plural = _("opened answers")
        constraints = [
            models.UniqueConstraint(fields=["review", "question"], name="an_answer_is_opened_once")
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.question}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class Strength(models.TextChoices):
    """How sure an expert is."""

    LOW = "low", pgettext_lazy("how sure an expert is", "rather unsure")
    MEDIUM = "medium", pgettext_lazy("how sure an expert is", "fairly sure")
    HIGH = "high", pgettext_lazy("how sure an expert is", "sure")


class Judgement(models.Model):
    """What the answer to a question should be, in the eyes of experts: as the city says, or another."""

    question = models.CharField(_("question"), max_length=60)
    accepts = models.BooleanField(_("accepts the answer"))
    value = models.JSONField(_("value"), null=True, blank=True)
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(_("given on"))
    answer_revision = models.PositiveIntegerField(
        _("revision of the answer"), help_text=_("which was judged; 0 where there was no answer")
    )

    class Meta:
        abstract = True

    def is_about(self, revision: int) -> bool:
        """Whether it says something of an answer at this revision: to accept an earlier one does not."""
        return not self.accepts or self.answer_revision == revision

    def given(self, answer: GivenAnswer) -> GivenAnswer:
        """The answer as it should be, beside what the city says."""
        if self.accepts:
            return GivenAnswer(answer.value, answer.not_applicable, answer.reason)
        return GivenAnswer(read_value(self.value), self.not_applicable, self.reason)


def _judges_rightly(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(accepts=True, value__isnull=True, not_applicable=False)
        | (Q(accepts=False) & ~Q(reason="")),
        name=name,
    )


class Opinion(Judgement):
    """One expert's own judgement of one answer. The answer itself stays the city's."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="opinions"
    )
    expert = models.ForeignKey(
        Person, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="opinions"
    )
    strength = models.CharField(
        _("how sure"), max_length=8, choices=Strength.choices, default=Strength.MEDIUM
    )

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question", "expert"], name="an_expert_has_one_opinion_on_an_answer"
            ),
            _judges_rightly("an_opinion_accepts_or_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.review}, {self.question}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class Reconciliation(Judgement):
    """What two experts who differed hold together: one wrote it, and it counts once the other agrees."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="reconciliations"
    )
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="reconciliations"
    )
    agreed_by = models.ForeignKey(
        Person,
        verbose_name=_("agreed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reconciliations_agreed",
        help_text=_("the other expert; empty until then"),
    )
    agreed_at = models.DateTimeField(_("agreed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("joint opinion")
        verbose_name_plural = _("joint opinions")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question"], name="experts_have_one_joint_opinion_on_an_answer"
            ),
            _judges_rightly("a_joint_opinion_accepts_or_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("written_by"))),
                name="a_joint_opinion_is_agreed_by_the_other_expert",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.question}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def mark(self) -> str:
        """Shows whether it is still what the other expert had before them and agrees to."""
        held = [self.accepts, self.value, self.not_applicable, self.reason]
        content = [self.written_by_id, self.answer_revision, *held]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


class Verification(models.Model):
    """That an expert has read every answer of an area and stands for it."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="verifications"
    )
    area = models.CharField(_("area"), max_length=60)
    expert = models.ForeignKey(
        Person, verbose_name=_("verified by"), on_delete=models.PROTECT, related_name="verifications"
    )
    verified_at = models.DateTimeField(_("verified on"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [models.UniqueConstraint(fields=["review", "area"], name="an_area_is_verified_once")]

    def __str__(self) -> str:
        return f"{self.review}: {self.area}"

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id


class Phrase(models.Model):
    """A sentence that an expert uses often when asking."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phrases")
    text = models.TextField(_("text"), max_length=1000)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
