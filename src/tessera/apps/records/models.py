import uuid
from datetime import datetime

from auditlog.models import LogEntry
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person

FILE_NAME_LENGTH = 100


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at=None, next_try_at__isnull=False)

    def over(self) -> "OutgoingMailQuerySet":
        return self.filter(next_try_at=None)

    def due(self, at: datetime) -> "OutgoingMailQuerySet":
        return self.waiting().filter(next_try_at__lte=at).order_by("next_try_at", "pk")


class OutgoingMail(models.Model):
    """A mail to one address, kept in the transaction of the act that it tells of, and sent by a job.

    Once sent or given up it holds neither text nor link: a link may let its reader in.
    """

    to = models.EmailField(_("to"))
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="outgoing_mails"
    )
    language = models.CharField(_("language"), max_length=8)
    purpose = models.CharField(_("purpose"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text with layout"), blank=True)
    leave_url = models.TextField(
        _("where to stop such mails"), blank=True, help_text=_("empty in a mail that always comes")
    )
    message_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    next_try_at = models.DateTimeField(
        _("next attempt"),
        default=timezone.now,
        null=True,
        blank=True,
        help_text=_("empty once the mail is sent or given up"),
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="mails_that_wait",
            )
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class TrailHead(models.Model):
    """The end of the chain, in the only row of its table. Who seals locks this row first."""

    sequence = models.PositiveBigIntegerField(default=0)
    link_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("head of the trail")
        verbose_name_plural = _("heads of the trail")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the_trail_has_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.link_hash}"


class TrailLink(models.Model):
    """What seals one entry of the trail: a digest of its contents, chained to the link before.

    An erased entry has lost its contents and the salt, so that nobody can guess them from the digest; the
    chain holds without them.
    """

    sequence = models.PositiveBigIntegerField(
        _("number"), primary_key=True, help_text=_("from 1, without holes")
    )
    # Always there, unless somebody went past the program: verifying must be able to say that it is gone.
    entry = models.OneToOneField(
        LogEntry, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="trail_link"
    )
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    previous = models.CharField(
        max_length=64, blank=True, help_text=_("hash of the link before; empty in the first")
    )
    link_hash = models.CharField(_("hash of the link"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("sealed"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    erasure_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(erased_at=None) & ~Q(salt="")) | (Q(erased_at__isnull=False) & Q(salt="")),
                name="an_entry_is_erased_together_with_its_salt",
            )
        ]

    def __str__(self) -> str:
        return str(self.sequence)


class FileKind(models.TextChoices):
    """What we take, by its media type."""

    PDF = "application/pdf", _("PDF document")
    PNG = "image/png", _("PNG picture")
    JPEG = "image/jpeg", _("JPEG picture")
    WEBP = "image/webp", _("WebP picture")
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _("Word document")
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _("Excel workbook")
    PPTX = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _("PowerPoint presentation"),
    )
    ODT = "application/vnd.oasis.opendocument.text", _("OpenDocument text")
    ODS = "application/vnd.oasis.opendocument.spreadsheet", _("OpenDocument spreadsheet")
    ODP = "application/vnd.oasis.opendocument.presentation", _("OpenDocument presentation")

    @property
    def endings(self) -> tuple[str, ...]:
        """What a name of this kind may end with; the first is ours."""
        return ("jpg", "jpeg") if self is FileKind.JPEG else (self.name.lower(),)


class StoredFile(models.Model):
    """A file that somebody gave. Its content lies on the disk under its key, and never changes.

    Of one that is erased the row alone is left, without the name.

    The row that it belongs to says which city's it is, and who may have it.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=FILE_NAME_LENGTH)
    kind = models.CharField(_("kind"), max_length=80, choices=FileKind.choices)
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="stored_files", verbose_name=_("stored by")
    )
    stored_at = models.DateTimeField(_("stored"))
    scanned_at = models.DateTimeField(
        _("found free of malware"),
        null=True,
        blank=True,
        help_text=_("empty when the site had no scanner"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["stored_at", "key"]

    def __str__(self) -> str:
        return self.name
