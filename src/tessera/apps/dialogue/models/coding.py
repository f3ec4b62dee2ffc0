from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.sessions import Note
from tessera.apps.network.local_text import LocalTextField
from tessera.apps.review.models import Finding


class Excerpt(models.Model):
    """A passage of a note that says something: it is coded, and themes rest on it."""

    note = models.ForeignKey(Note, verbose_name=_("note"), on_delete=models.CASCADE, related_name="excerpts")
    starts = models.PositiveIntegerField(_("first letter"), help_text=_("counted from 0"))
    ends = models.PositiveIntegerField(_("letter after the last"))
    marked_by = models.ForeignKey(
        Person, verbose_name=_("marked by"), on_delete=models.PROTECT, related_name="excerpts_marked"
    )
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="excerpts",
        help_text=_("that it is about"),
    )
    quote = LocalTextField(
        _("quotation"),
        null=True,
        blank=True,
        help_text=_("as everybody may read it; empty as long as it is not cleared"),
    )
    cleared_by = models.ForeignKey(
        Person,
        verbose_name=_("cleared by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes_cleared",
    )

    class Meta:
        verbose_name = _("excerpt")
        verbose_name_plural = _("excerpts")
        ordering = ["note", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="an_excerpt_has_words"),
            models.UniqueConstraint(fields=["note", "starts", "ends"], name="an_excerpt_is_marked_once"),
            models.CheckConstraint(
                condition=Q(quote__isnull=True, cleared_by__isnull=True)
                | Q(quote__isnull=False, cleared_by__isnull=False),
                name="somebody_cleared_a_quotation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.starts}-{self.ends}"

    @property
    def trail_city_id(self) -> int:
        return self.note.trail_city_id

    @property
    def words(self) -> str:
        """As they stand in the note, in its language."""
        return self.note.text[self.starts : self.ends]


class Code(models.Model):
    """What an excerpt is said to be about. All of them are the codebook of a consultation."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="codes"
    )
    key = models.SlugField(
        _("key"),
        max_length=40,
        validators=[RegexValidator("^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens only."))],
    )
    name = models.CharField(_("name"), max_length=120)
    definition = models.TextField(_("what it means"))
    includes = models.TextField(_("when to give it"), blank=True)
    excludes = models.TextField(_("when not to give it"), blank=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="keys_in_a_codebook_differ"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class Coding(models.Model):
    """That a person coded an excerpt: with some codes, or with none because no code fits."""

    excerpt = models.ForeignKey(
        Excerpt, verbose_name=_("excerpt"), on_delete=models.CASCADE, related_name="codings"
    )
    coder = models.ForeignKey(
        Person, verbose_name=_("coder"), on_delete=models.PROTECT, related_name="codings"
    )
    codes = models.ManyToManyField(Code, verbose_name=_("codes"), related_name="codings", blank=True)

    class Meta:
        verbose_name = _("coding")
        verbose_name_plural = _("codings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["excerpt", "coder"], name="a_person_codes_an_excerpt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.excerpt_id}: {self.coder_id}"

    @property
    def trail_city_id(self) -> int:
        return self.excerpt.trail_city_id
