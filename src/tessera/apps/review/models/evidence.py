import hashlib
import json
import re
from collections.abc import Iterator

from babel import Locale
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.records.models import StoredFile
from tessera.apps.review.models.reviews import Review

TITLE_LENGTH = 200
URL_LENGTH = 500


class EvidenceKind(models.TextChoices):
    FILE = "file", pgettext_lazy("kind of evidence", "file")
    LINK = "link", pgettext_lazy("kind of evidence", "link")
    QUOTATION = "quotation", pgettext_lazy("kind of evidence", "quotation")


class Evidence(models.Model):
    """What a city rests its answers on: one piece, which may serve several of them."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="evidence"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    url = models.URLField(_("address"), max_length=URL_LENGTH, blank=True)
    text = models.TextField(_("quotation"), blank=True)
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    dated_on = models.DateField(_("date of the source"), null=True, blank=True)
    language = models.CharField(_("language of the source"), max_length=8, blank=True)
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("the city agreed that anybody may read it")
    )
    added_by = models.ForeignKey(
        Person,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence_added",
        help_text=_("empty where the answers were recorded as a whole"),
    )
    added_at = models.DateTimeField(_("added"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, blank=True, help_text=_("when a published file was taken from the public")
    )
    withdrawn_by = models.ForeignKey(
        Person,
        verbose_name=_("withdrawn by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence_withdrawn",
    )
    withdrawal_reason = models.TextField(
        _("reason for the withdrawal"), blank=True, help_text=_("anybody can read it")
    )

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=EvidenceKind.FILE, url="", text="", file__isnull=False)
                | (Q(kind=EvidenceKind.LINK, text="", file__isnull=True) & ~Q(url=""))
                | (Q(kind=EvidenceKind.QUOTATION, url="", file__isnull=True) & ~Q(text="")),
                name="a_piece_of_evidence_is_a_file_a_link_or_a_quotation",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | (
                    Q(kind=EvidenceKind.FILE, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
                name="a_withdrawn_file_says_when_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words

    @property
    def trail_city_id(self) -> int:
        return self.review.city_id

    @property
    def in_words(self) -> str:
        """On one line, as an answer sheet says it; `pieces_in` is the way back."""
        said = str(self.file) if self.file else self.url or " ".join(self.text.split())
        return f"{self.title}: {said}" if self.title else said

    @property
    def language_name(self) -> str:
        """In the page's language; empty where nobody said it."""
        return Locale.parse(page_language()).languages[self.language] if self.language else ""

    @property
    def mark(self) -> str:
        """Shows whether what is said about the piece is still what somebody had before them."""
        return hashlib.sha256(json.dumps(self._about()).encode()).hexdigest()

    def plainly(self) -> list[str]:
        """All that is said about the piece, what it is, and which answers it serves."""
        # Two files may have the same name.
        source = [self.kind, self.url, self.text, self.file.sha256 if self.file else ""]
        return [*source, *self._about(), *sorted(use.question for use in self.uses.all())]

    def _about(self) -> list[str]:
        return [self.title, str(self.dated_on or ""), self.language, str(self.is_public)]


class EvidenceUse(models.Model):
    """That a piece of evidence serves the answer to a question."""

    evidence = models.ForeignKey(
        Evidence, verbose_name=_("piece of evidence"), on_delete=models.CASCADE, related_name="uses"
    )
    question = models.CharField(_("question"), max_length=60)

    class Meta:
        verbose_name = _("use of evidence")
        verbose_name_plural = _("uses of evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "question"], name="a_piece_of_evidence_serves_an_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.question}"

    @property
    def trail_city_id(self) -> int:
        return self.evidence.trail_city_id


_LINK = re.compile(r"(?:(?P<title>.*\S)\s*:\s+)?(?P<url>https?://\S+)")


def pieces_in(words: str) -> Iterator[Evidence]:
    """The pieces of evidence that an answer sheet names, one a line: links, with or without a title, and
    quotations. They belong to no review yet."""
    for line in words.splitlines():
        line = " ".join(line.split())
        if not line:
            continue
        link = _LINK.fullmatch(line)
        if link and len(link["url"]) <= URL_LENGTH and len(link["title"] or "") <= TITLE_LENGTH:
            yield Evidence(kind=EvidenceKind.LINK, title=link["title"] or "", url=link["url"])
        else:
            yield Evidence(kind=EvidenceKind.QUOTATION, text=line)
