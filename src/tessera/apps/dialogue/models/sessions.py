import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.stakeholders import Stakeholder
from tessera.apps.dialogue.models.statements import TranslationState
from tessera.apps.network.local_text import LocalTextField

LONGEST_NOTE = 4000
"""Letters: what one person said in one go."""


class SessionKind(models.TextChoices):
    FOCUS_GROUP = "focus-group", _("focus group")
    INTERVIEW = "interview", _("interview")
    ROUND_TABLE = "round-table", _("round table")
    OPEN_DAY = "open-day", _("open day")


class ConsentText(models.Model):
    """What is read out before anything is written down. A version never changes: a new one is written."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="consent_texts"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    text = LocalTextField(_("text"))
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="consent_texts"
    )
    written_on = models.DateField(_("written on"))

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="versions_of_a_consent_text_differ"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class Session(models.Model):
    """A meeting whose words are written down: people speak, and are known by codes."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="sessions"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=SessionKind.choices)
    title = LocalTextField(_("title"))
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200)
    languages = models.JSONField(_("languages spoken"))
    interpreter = models.CharField(
        _("interpreter"), max_length=200, blank=True, help_text=_("between which languages, and who paid it")
    )
    led_by = models.ForeignKey(
        Person, verbose_name=_("led by"), on_delete=models.PROTECT, related_name="sessions_led"
    )
    agenda = models.TextField(_("agenda"), blank=True)
    outputs = models.TextField(_("what came out of it"), blank=True)
    consent = models.ForeignKey(
        ConsentText,
        verbose_name=_("consent text"),
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="sessions",
        help_text=_("as it was read out; before that nothing is written down"),
    )
    consent_language = models.CharField(_("read out in"), max_length=8, blank=True)
    codes_given = models.PositiveSmallIntegerField(default=0, editable=False)
    """The highest number of a code so far. Whoever is taken out has theirs on a card still."""

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__isnull=True, consent_language="")
                | (Q(consent__isnull=False) & ~Q(consent_language="")),
                name="a_consent_text_is_read_out_in_a_language",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class SessionParticipant(models.Model):
    """Somebody at a session, known by a code, and where it matters by the group or organisation."""

    # Not `session`: the trail takes such a name for something that lets its holder in.
    held_in = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="participants"
    )
    code = models.CharField(_("code"), max_length=8)
    stakeholder = models.ForeignKey(
        Stakeholder,
        verbose_name=_("group or organisation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participants",
    )

    class Meta:
        verbose_name = _("participant of a session")
        verbose_name_plural = _("participants of sessions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["held_in", "code"], name="codes_in_a_session_differ"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def trail_city_id(self) -> int:
        return self.held_in.consultation.city_id


class Note(models.Model):
    """What somebody said at a session, as it was written down. Excerpts are marked in it."""

    held_in = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="notes"
    )
    speaker = models.ForeignKey(
        SessionParticipant,
        verbose_name=_("who said it"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        help_text=_("empty for several people, and for what was seen"),
    )
    text = models.TextField(_("text"), max_length=LONGEST_NOTE)
    language = models.CharField(_("language"), max_length=8)
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="session_notes"
    )
    key = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("of the form that brought it, so that it comes once"),
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["held_in", "key"], condition=~Q(key=""), name="a_form_brings_a_note_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_in_id}: {self.pk}"

    @property
    def trail_city_id(self) -> int:
        return self.held_in.consultation.city_id

    @property
    def digest(self) -> str:
        """Of the words as they stand: a translation of other words is outdated."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class NoteTranslation(models.Model):
    """A note, put into another language by a person. The original stays as it was."""

    note = models.ForeignKey(
        Note, verbose_name=_("note"), on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(_("text"), max_length=2 * LONGEST_NOTE)
    source_digest = models.CharField(_("what was translated"), max_length=64, editable=False)
    written_by = models.ForeignKey(
        Person, verbose_name=_("translated by"), on_delete=models.PROTECT, related_name="notes_translated"
    )

    class Meta:
        verbose_name = _("translation of a note")
        verbose_name_plural = _("translations of notes")
        ordering = ["note", "language"]
        constraints = [
            models.UniqueConstraint(fields=["note", "language"], name="a_note_is_put_into_a_language_once"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.language}"

    @property
    def trail_city_id(self) -> int:
        return self.note.trail_city_id

    @property
    def state(self) -> TranslationState:
        is_outdated = self.source_digest != self.note.digest
        return TranslationState.OUTDATED if is_outdated else TranslationState.REVIEWED
