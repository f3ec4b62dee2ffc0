import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

from babel import Locale
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tessera.apps.network.local_text import LocalTextField


class SizeClass(models.TextChoices):
    """Classes of cities by their number of inhabitants, for comparison with similar cities."""

    SMALL = "under-100000", _("under 100,000 inhabitants")
    MEDIUM = "100000-250000", _("100,000 to 250,000 inhabitants")
    LARGE = "over-250000", _("250,000 inhabitants or more")


# A city on a bound belongs to the class above it. Two of the bounds between the sizes of city in
# Dijkstra and Poelman (2012), "Cities in Europe: the new OECD-EC definition"; the sizes beyond are merged
# with their neighbours, so that a network of a few dozen cities has enough in each.
SIZE_BOUNDS = (0, 100_000, 250_000)


def size_class(population: Decimal | int | None) -> SizeClass | None:
    """The class of a city with so many inhabitants; None where that is not known.

    Examples
    --------
    >>> size_class(99_999).value, size_class(100_000).value, size_class(None)
    ('under-100000', '100000-250000', None)
    """
    if population is None:
        return None
    bounds = [*SIZE_BOUNDS, float("inf")]
    return next(
        size
        for size, (low, high) in zip(SizeClass, pairwise(bounds), strict=True)
        if low <= population < high
    )


class Network(models.Model):
    """Cities that work together for a time."""

    slug = models.SlugField(max_length=60, unique=True)
    name = LocalTextField(_("name"))
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    source_name = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_network_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class CityQuerySet(models.QuerySet["City"]):
    def of_size(self, size: SizeClass) -> "CityQuerySet":
        """Cities whose newest known population lies in the class."""
        newest = CityFact.objects.filter(city=models.OuterRef("pk"), topic=Topic.POPULATION).order_by(
            "-year", "-pk"
        )
        low = SIZE_BOUNDS[list(SizeClass).index(size)]
        above = [bound for bound in SIZE_BOUNDS if bound > low]
        cities = self.annotate(population=models.Subquery(newest.values("figure")[:1])).filter(
            population__gte=low
        )
        return cities.filter(population__lt=above[0]) if above else cities

    def alphabetical(self) -> list["City"]:
        """By name in the page's language. Accents count for nothing, so that Ādaži stands with the As."""

        def letters(city: City) -> str:
            bare = unicodedata.normalize("NFKD", str(city.name))
            return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()

        return sorted(self, key=letters)


class City(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = LocalTextField(_("name"))
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("ISO 3166-1 code of two letters; empty when invented"),
    )
    eurostat_code = models.CharField(
        _("Eurostat's code"),
        max_length=8,
        blank=True,
        help_text=_("of the city statistics, such as LV001C; empty where there is none"),
    )
    invented = models.BooleanField(_("invented"), default=False)

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            models.CheckConstraint(
                condition=(Q(invented=True) & Q(country=""))
                | (Q(invented=False) & Q(country__regex="^[A-Z]{2}$")),
                name="a_real_city_has_a_country_and_an_invented_one_has_none",
            ),
            models.CheckConstraint(
                condition=Q(eurostat_code="") | Q(eurostat_code__regex="^[A-Z]{2}[0-9]{3}C[0-9]?$"),
                name="a_code_of_the_city_statistics_looks_like_one",
                violation_error_message=_("A code of the city statistics looks like LV001C."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("web:city", args=[self.slug])

    @property
    def trail_city_id(self) -> int:
        return self.pk

    @property
    def country_name(self) -> str:
        """In the page's language, after the tables of the Unicode project; empty for an invented city."""
        if not self.country:
            return ""
        return Locale.parse(get_language() or settings.LANGUAGE_CODE).territories[self.country]

    @property
    def newest_population(self) -> "CityFact | None":
        # Over all facts, so that a list that has fetched them asks nothing more.
        known = [fact for fact in self.facts.all() if fact.topic == Topic.POPULATION]
        return max(known, key=lambda fact: (fact.year or 0, fact.pk), default=None)

    @property
    def size(self) -> SizeClass | None:
        newest = self.newest_population
        return size_class(newest.figure if newest else None)


class Topic(models.TextChoices):
    """What a fact is about. A city's page lists each of them, known or not."""

    POPULATION = "population", _("Inhabitants")
    FOREIGN_SHARE = "foreign-share", _("Foreign nationals")
    DIVERSITY = "diversity", _("Who lives here")
    PUBLISHED_INDEX = "published-index", _("Result")
    PRIORITIES = "priorities", _("Priorities")
    PILOT = "pilot", _("Pilot")
    POLICY = "policy", _("Strategy and bodies")
    REPRESENTATION = "representation", _("Represented by")
    NETWORKS = "networks", _("Work with other cities")


class Unit(models.TextChoices):
    INHABITANTS = "inhabitants", pgettext_lazy("unit", "inhabitants")
    PERCENT = "percent", pgettext_lazy("unit", "%")
    NATIONALITIES = "nationalities", pgettext_lazy("unit", "nationalities")
    POINTS = "points", pgettext_lazy("unit", "points of 100")
    PEOPLE = "people", pgettext_lazy("unit", "people")


class CityFact(models.Model):
    """Something that a source says about a city: words, or a figure with its unit and year."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="facts")
    topic = models.CharField(_("topic"), max_length=30, choices=Topic.choices)
    text = LocalTextField(_("text"), null=True, blank=True)
    figure = models.DecimalField(_("figure"), max_digits=14, decimal_places=2, null=True, blank=True)
    approximate = models.BooleanField(_("approximate"), default=False)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source_name = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=300, blank=True)

    class Meta:
        ordering = ["topic", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__isnull=False) | Q(text__isnull=False), name="a_fact_says_something"
            ),
            models.CheckConstraint(
                condition=(Q(figure__isnull=True) & Q(unit="")) | (Q(figure__isnull=False) & ~Q(unit="")),
                name="a_figure_has_a_unit",
            ),
            models.CheckConstraint(condition=~Q(source_name=""), name="a_fact_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.get_topic_display()}"

    @property
    def trail_city_id(self) -> int:
        return self.city_id


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Those that hold on a day, as far as is known: an unknown day bounds nothing."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            Q(until__isnull=True) | Q(until__gte=day),
            Q(left_before__isnull=True) | Q(left_before__gt=day),
        )


class Membership(models.Model):
    """A city's time in a network. A day that is not known stays empty."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="memberships")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    left_before = models.DateField(
        _("left before"), null=True, blank=True, help_text=_("where only this much is known of when it left")
    )
    note = LocalTextField(_("note"), null=True, blank=True)
    source_name = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_membership_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(left_before__isnull=True),
                name="a_membership_ends_on_a_day_or_before_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} – {self.network}"

    @property
    def trail_city_id(self) -> int:
        return self.city_id
