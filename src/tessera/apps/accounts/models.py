import hashlib
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.signing import Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tessera.apps.accounts.address import AddressField
from tessera.apps.accounts.name import NameField


class Person(AbstractBaseUser):
    """Someone who acts in the network under their own name."""

    email = AddressField(_("e-mail address"), unique=True)
    name = NameField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(
        _("account is open"),
        default=True,
        help_text=_("Someone whose account is closed cannot sign in. What they did stays under their name."),
    )
    gets_notices = models.BooleanField(
        _("gets news about the work of others"),
        default=True,
        help_text=_(
            "Invitations, reminders of one's own deadlines and mails about one's account come in any case."
        ),
    )

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def has_usable_password(self) -> bool:
        """False for someone who was never given a password, which Django takes for a usable one."""
        return bool(self.password) and super().has_usable_password()

    @property
    def offered_language(self) -> str:
        """The language of this person's pages and mails: their own, where the site has it."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def work_url(self) -> str:
        """Where this person lands after signing in."""
        with override(self.offered_language):
            return reverse("web:work")

    @property
    def leave_notices_url(self) -> str:
        """Where this person leaves notices, or comes back to them, without signing in."""
        with override(self.offered_language):
            return reverse("accounts:leave_notices", args=[notices_signer().sign(str(self.pk))])


def notices_signer() -> Signer:
    """Signs the links that stop notices, and nothing else; they are good for as long as the site's key."""
    return Signer(salt="tessera.accounts.notices")


class InvitationState(models.TextChoices):
    OPEN = "open", _("open")
    USED = "used", _("used")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


def token_hash(token: str) -> str:
    """What is kept of a link's token. It is too long to be guessed, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """A link, sent once to one person, with which they choose a password and sign in for the first time."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("person")
    )
    created_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="invitations_sent", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited on"))
    expires_at = models.DateTimeField(_("valid until"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField(_("used on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None),
                name="an_invitation_is_used_or_withdrawn",
                violation_error_message=_("An invitation that was used cannot be withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="an_invitation_is_valid_for_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.created_at:%Y-%m-%d})"

    def state(self, at: datetime) -> InvitationState:
        if self.used_at is not None:
            return InvitationState.USED
        if self.withdrawn_at is not None or not self.person.is_active:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if at < self.expires_at else InvitationState.EXPIRED
