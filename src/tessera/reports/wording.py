"""Words, numbers and dates of a report in its language.

The catalogue is the one of the pages; a report is also made where there are no Django settings.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from tessera.frameworks.words import catalogue

LANGUAGES = ("en", "lv")
"""The languages in which every text of a report is there."""

MINUS = "\N{MINUS SIGN}"

# Latvian sets the sign apart, as the questionnaires do; the tables of Babel do not.
_PERCENT = {"lv": "#,##0\N{NO-BREAK SPACE}%"}

# British English has the day first, as on the pages.
_DATES = {"en": "en_GB"}

# Binary floats miss a half by some 1e-14. Rounding is decided on the figure as it was meant.
NOISE_DIGITS = 9


class UnknownLanguageError(ValueError):
    """There are no texts for a report in this language."""


def display_points(points: float) -> int:
    """Whole points, half away from zero: the one rounding for display.

    Parameters
    ----------
    points : float
        Points or a difference of points.

    Returns
    -------
    int

    References
    ----------
    Contract *Questionnaire scores*: rounding is for display only.

    Examples
    --------
    >>> display_points(62.5), display_points(-0.5), display_points(0.1 * 3 * 205 / 0.6 - 40)
    (63, -1, 63)
    """
    return int(_meant(points).quantize(Decimal(1), ROUND_HALF_UP))


def display_parts(parts: Sequence[float]) -> list[Decimal]:
    """Parts of a sum in tenths, rounded so that what is shown adds up.

    Each part is rounded to one of its two neighbours; those nearest to the next tenth are moved first.

    Parameters
    ----------
    parts : sequence of float
        Points; may be negative.

    Returns
    -------
    list of Decimal
        Their sum is the sum of the parts, rounded to a tenth, half away from zero.

    Examples
    --------
    >>> [str(part) for part in display_parts([0.14, 0.14, 0.14])]
    ['0.1', '0.1', '0.2']
    """
    meant = [_meant(part) * 10 for part in parts]
    floors = [int(part.to_integral_value(ROUND_FLOOR)) for part in meant]
    total = int(sum(meant, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
    by_remainder = sorted(range(len(meant)), key=lambda i: (meant[i] - floors[i], i), reverse=True)
    up = set(by_remainder[: total - sum(floors)])
    return [Decimal(floor + (i in up)).scaleb(-1) for i, floor in enumerate(floors)]


def _meant(number: float) -> Decimal:
    return Decimal(repr(round(number, NOISE_DIGITS))) + 0


class Wording:
    """The words and number formats of one language.

    Parameters
    ----------
    language : str
        One of ``LANGUAGES``.

    Raises
    ------
    UnknownLanguageError
        Names the languages that there are.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownLanguageError(
                f"There are no reports in {language!r}. Languages: {', '.join(LANGUAGES)}."
            )
        self.language = language
        self._locale = Locale.parse(language)
        self.gettext = catalogue(language).gettext
        self.ngettext = catalogue(language).ngettext
        self.pgettext = catalogue(language).pgettext

    def points(self, points: float) -> str:
        """Whole points with a real minus."""
        return self.number(display_points(points))

    def tenths(self, points: float) -> str:
        """Points of which a small part matters, to a tenth, half away from zero."""
        # Nothing has no sign.
        shown = _meant(points).quantize(Decimal("0.1"), ROUND_HALF_UP) + 0
        return format_decimal(shown, format="#,##0.0", locale=self._locale).replace("-", MINUS)

    def signed(self, difference: float | Decimal) -> str:
        """A difference with its sign: whole points of a float, a Decimal as it is."""
        shown = difference if isinstance(difference, Decimal) else Decimal(display_points(difference))
        sign = "+" if shown > 0 else MINUS if shown < 0 else ""
        places = max(0, -int(shown.as_tuple().exponent))
        return sign + format_decimal(abs(shown), format="#,##0." + "0" * places, locale=self._locale)

    def number(self, number: float) -> str:
        """A number as it was given, with a real minus."""
        return format_decimal(number, locale=self._locale).replace("-", MINUS)

    def percent(self, share: float) -> str:
        """A share 0 to 1 in whole per cent; 0 % and 100 % only for none and all."""
        if 0 < share < 1:
            share = min(max(display_points(share * 100), 1), 99) / 100
        return format_percent(share, format=_PERCENT.get(self.language), locale=self._locale)

    def percent_range(self, least: float, most: float) -> str:
        """Shares 0 to 1 between which another lies, as `percent`; one figure where both look the same."""
        ends = self.percent(least), self.percent(most)
        return ends[0] if ends[0] == ends[1] else "–".join(ends)

    def hundredths(self, number: float) -> str:
        """A figure to a hundredth, rounded down, for what must not look better than it is."""
        shown = _meant(number).quantize(Decimal("0.01"), ROUND_FLOOR) + 0
        return format_decimal(shown, format="0.00", locale=self._locale).replace("-", MINUS)

    def day(self, day: date) -> str:
        return format_date(day, format="long", locale=_DATES.get(self.language, self.language))

    def years(self, years: float) -> str:
        return format_unit(years, "duration-year", locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """*a, b and c*."""
        return format_list(list(items), locale=self._locale)
