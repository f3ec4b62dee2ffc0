import hashlib

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.participants import Participant
from tessera.apps.review.models import Finding

LONGEST_STATEMENT = 280
"""Letters: room for a thought in the longest of the languages, still read at a glance on a phone."""


class HidingReason(models.TextChoices):
    """Why a statement is not shown. They are public; so is how often each was given."""

    PERSONAL = "personal", _("it names or describes a person, or gives a way to reach one")
    HOSTILE = "hostile", _("it insults, threatens or disparages people")
    OFF_TOPIC = "off-topic", _("it is not about what the consultation asks")
    UNCLEAR = "unclear", _("one cannot simply agree or disagree: it asks, or says several things")
    REPEATED = "repeated", _("another statement says the same")
    UNLAWFUL = "unlawful", _("it breaks the law")
    ELSEWHERE = "elsewhere", _("it was taken out where the votes come from")


REASONS_TO_HIDE = tuple(reason for reason in HidingReason if reason is not HidingReason.ELSEWHERE)
"""Those that somebody here can give."""


class StatementQuerySet(models.QuerySet["Statement"]):
    def shown(self) -> "StatementQuerySet":
        return self.filter(state=StatementState.SHOWN)

    def to_begin_with(self) -> "StatementQuerySet":
        """Those of the city's own that are shown: what people say in a trial is not among them."""
        return self.shown().filter(is_seeded=True)

    def decided(self) -> "StatementQuerySet":
        """That were put to people, or would have been: somebody has accepted or hidden them."""
        return self.exclude(state=StatementState.PENDING)

    def pending(self) -> "StatementQuerySet":
        return self.filter(state=StatementState.PENDING)

    def to_moderate(self) -> "StatementQuerySet":
        """About which nobody decided yet, and which were reported since somebody did."""
        is_reported = Exists(Report.objects.filter(statement=OuterRef("pk")))
        return self.filter(Q(state=StatementState.PENDING) | Q(is_reported, state=StatementState.SHOWN))

    def appealed(self) -> "StatementQuerySet":
        """Whose authors wait for an answer to why they are hidden."""
        return self.filter(Exists(Appeal.objects.waiting().filter(moderation__statement=OuterRef("pk"))))

    def to_decide(self) -> "StatementQuerySet":
        """Which wait for those who keep the consultation, for one reason or the other."""
        return self.to_moderate() | self.appealed()


class Statement(models.Model):
    """A sentence that people agree or disagree with: from the city at the start, or from a participant."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="statements"
    )
    text = models.TextField(_("text"), max_length=LONGEST_STATEMENT)
    language = models.CharField(_("language"), max_length=8)
    state = models.CharField(
        _("state"), max_length=8, choices=StatementState.choices, default=StatementState.PENDING
    )
    hiding_reason = models.CharField(
        _("why it is hidden"), max_length=10, choices=HidingReason.choices, blank=True
    )
    is_seeded = models.BooleanField(_("by the city"), help_text=_("written before the consultation opened"))
    author = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="statements",
    )
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("that it is about"),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
        help_text=_("another that says the same; both texts are kept"),
    )
    key = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("of the form that brought it, so that it comes once"),
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "state"], name="dialogue_statement_state")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=StatementState.HIDDEN) & ~Q(hiding_reason=""))
                | (~Q(state=StatementState.HIDDEN) & Q(hiding_reason="")),
                name="a_hidden_statement_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_seeded=False) | Q(author__isnull=True), name="a_seeded_statement_has_no_author"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(hiding_reason=HidingReason.REPEATED),
                name="what_is_merged_is_hidden_as_repeated",
            ),
            models.UniqueConstraint(
                fields=["author", "key"], condition=~Q(key=""), name="a_form_brings_a_statement_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id

    @property
    def digest(self) -> str:
        """Of the words as they stand: a translation of other words is outdated."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def is_translated_by_people(self) -> bool:
        """Into any language; what a machine made does not count."""
        return any(not each.machine for each in self.translations.all())


class TranslationState(models.TextChoices):
    MISSING = "missing", _("missing")
    MACHINE = "machine", _("by a machine, and read by nobody")
    OUTDATED = "outdated", _("outdated: the original was changed")
    REVIEWED = "reviewed", _("by a person")


class Translation(models.Model):
    """A statement, put into another language by a person or a machine. The original stays as it was."""

    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=8)
    # A translation may be longer than its original, which alone is limited.
    text = models.TextField(_("text"), max_length=2 * LONGEST_STATEMENT)
    source_digest = models.CharField(_("what was translated"), max_length=64, editable=False)
    written_by = models.ForeignKey(
        Person,
        verbose_name=_("translated by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations_of_statements",
    )
    machine = models.CharField(
        _("machine"), max_length=60, blank=True, help_text=_("the program, where no person translated it")
    )

    class Meta:
        verbose_name = _("translation of a statement")
        verbose_name_plural = _("translations of statements")
        ordering = ["statement", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "language"], name="a_statement_is_put_into_a_language_once"
            ),
            models.CheckConstraint(
                condition=Q(written_by__isnull=False, machine="")
                | (Q(written_by__isnull=True) & ~Q(machine="")),
                name="a_translation_is_by_a_person_or_a_machine",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def trail_city_id(self) -> int:
        return self.statement.consultation.city_id

    @property
    def state(self) -> TranslationState:
        if self.source_digest != self.statement.digest:
            return TranslationState.OUTDATED
        return TranslationState.MACHINE if self.machine else TranslationState.REVIEWED


class Moderation(models.Model):
    """That somebody decided about a statement. Without its words, and so it stays when they are erased."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="moderations"
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name=_("statement"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="moderations",
    )
    number = models.PositiveBigIntegerField(_("number of the statement"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=StatementState.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=HidingReason.choices, blank=True)
    by = models.ForeignKey(
        Person, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="moderations"
    )
    at = models.DateTimeField(_("decided on"))
    is_appealed = models.BooleanField(
        _("appealed"), default=False, help_text=_("it stays so when the words of the appeal are erased")
    )
    is_granted = models.BooleanField(
        _("appeal granted"), null=True, help_text=_("unknown until the appeal is answered")
    )

    class Meta:
        verbose_name = _("decision about a statement")
        verbose_name_plural = _("decisions about statements")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_appealed=False, is_granted__isnull=True)
                | Q(is_appealed=True, outcome=StatementState.HIDDEN),
                name="only_hiding_is_appealed_and_only_appeals_are_granted",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=StatementState.HIDDEN) & ~Q(reason=""))
                | (Q(outcome=StatementState.SHOWN) & Q(reason="")),
                name="who_hides_a_statement_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


LONGEST_APPEAL = 500
"""Letters, of what its author says and of what is answered."""


class AppealQuerySet(models.QuerySet["Appeal"]):
    def waiting(self) -> "AppealQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(answered_on__isnull=True)


class Appeal(models.Model):
    """What the author of a hidden statement says when they ask to look at it again, and what is answered.

    Whether it was granted stands in the decision, which outlasts these words.
    """

    moderation = models.OneToOneField(
        Moderation, verbose_name=_("decision"), on_delete=models.CASCADE, related_name="appeal"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="appeals"
    )
    words = models.TextField(_("what they say"), max_length=LONGEST_APPEAL)
    language = models.CharField(_("language"), max_length=8)
    made_on = models.DateField(_("made on"))
    answer = models.TextField(_("answer"), max_length=LONGEST_APPEAL, blank=True)
    answered_by = models.ForeignKey(
        Person,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals_answered",
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_on__isnull=True)
                | (Q(answered_by__isnull=False, answered_on__isnull=False) & ~Q(answer="")),
                name="an_appeal_is_answered_in_words_or_not_yet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moderation}"

    @property
    def trail_city_id(self) -> int:
        return self.moderation.consultation.city_id


REPORT_REASONS = (HidingReason.PERSONAL, HidingReason.HOSTILE)


class Report(models.Model):
    """That a participant finds a statement hostile, or thinks that it gives a person away."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="reports"
    )
    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.CASCADE, related_name="reports"
    )
    reason = models.CharField(
        _("reason"),
        max_length=10,
        choices=[(each.value, each.label) for each in REPORT_REASONS],
    )

    class Meta:
        verbose_name = _("report of a statement")
        verbose_name_plural = _("reports of statements")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "statement"], name="a_participant_reports_a_statement_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.reason}"
