from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalTextField
from tessera.apps.network.models.cities import City, Network


class Organisation(models.Model):
    """A town hall, an association, a university: what a person works for."""

    slug = models.SlugField(max_length=60, unique=True)
    name = LocalTextField(_("name"))
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 code of two letters")
    )
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"),
                name="the_country_of_an_organisation_has_two_letters",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


Row = TypeVar("Row", bound=models.Model)


class Dated(models.Model):
    """Something that holds from a day on, and until another day or without an end."""

    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def ends_after(self, day: date) -> bool:
        """Whether it holds on the day or will later."""
        return self.until is None or self.until >= day


class DatedQuerySet(models.QuerySet[Row]):
    def on(self, day: date) -> Self:
        """What held on a day; both its first and its last day count."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def within(self, first: date, last: date) -> Self:
        """What held on at least one day from the first to the last."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=first), since__lte=last)


class Representation(Dated):
    """That an organisation acts for a city."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="representations")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="representations")

    objects = DatedQuerySet["Representation"].as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        ordering = ["-since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "city", "since"], name="a_representation_is_written_down_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_representation_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.city}"

    @property
    def trail_city_id(self) -> int:
        return self.city_id


class Kind(models.TextChoices):
    """What a role lets a person do; `tessera.apps.network.access` says what that is."""

    COORDINATOR = "coordinator", _("coordinator")
    EXPERT = "expert", _("expert")
    OFFICER = "officer", pgettext_lazy("of a city", "officer")
    CONTRIBUTOR = "contributor", _("contributor")
    FACILITATOR = "facilitator", _("facilitator")


KINDS_OF_A_NETWORK = (Kind.COORDINATOR, Kind.EXPERT)
KINDS_OF_A_CITY = (Kind.OFFICER, Kind.CONTRIBUTOR, Kind.FACILITATOR)


class Role(Dated):
    """What a person does for a network or for a city, and from when until when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(_("role"), max_length=20, choices=Kind.choices)
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, related_name="roles", null=True, blank=True
    )
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="roles", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="roles",
        null=True,
        blank=True,
        help_text=_("whom the person works for"),
    )

    objects = DatedQuerySet["Role"].as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=KINDS_OF_A_NETWORK, network__isnull=False, city__isnull=True)
                | Q(kind__in=KINDS_OF_A_CITY, network__isnull=True, city__isnull=False),
                name="a_role_belongs_to_a_network_or_to_a_city",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "network", "since"],
                condition=Q(network__isnull=False),
                name="a_role_in_a_network_is_written_down_once",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "city", "since"],
                condition=Q(city__isnull=False),
                name="a_role_in_a_city_is_written_down_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_role_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}, {self.scope}"

    @property
    def scope(self) -> City | Network:
        scope = self.city or self.network
        # One of the two is there: a constraint holds it.
        assert scope is not None
        return scope

    @property
    def trail_city_id(self) -> int | None:
        return self.city_id


class Tie(Dated):
    """That a person works or worked for a city beside their roles here, as they declared it themselves."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties")
    city = models.ForeignKey(City, verbose_name=_("city"), on_delete=models.PROTECT, related_name="ties")
    work = models.CharField(_("what you do or did for the city"), max_length=300)
    declared_at = models.DateTimeField(_("declared"))

    objects = DatedQuerySet["Tie"].as_manager()

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_tie_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.city}"

    @property
    def trail_city_id(self) -> int:
        return self.city_id
