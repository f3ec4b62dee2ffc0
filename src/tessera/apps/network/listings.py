"""The lists of people, cities and organisations, as the table component takes them."""

from collections.abc import Iterable, Sequence
from datetime import date

from babel.numbers import format_decimal
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext

from tessera.apps.accounts.access import who_signs_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.models import City, CityFact, Organisation, Representation, Role, Tie

Cell = dict[str, object]
Table = dict[str, object]


def people_table(roles: Iterable[Role], today: date) -> Table:
    """A line for each person, with the roles that they hold today or will hold."""
    held: dict[Person, list[Role]] = {}
    for role in roles:
        held.setdefault(role.person, []).append(role)
    known = who_signs_in(held)
    rows = []
    for person, own in held.items():
        current = [
            f"{capfirst(role.get_kind_display())}: {role.scope}" for role in own if role.ends_after(today)
        ]
        rows.append(
            [
                _cell(str(person), reverse("network:person", args=[person.pk])),
                _cell("; ".join(current) or gettext("none any more")),
                _cell(gettext("signs in") if person in known else gettext("has not signed in yet")),
            ]
        )
    return _table(gettext("People"), [gettext("Name"), gettext("Roles"), gettext("Sign-in")], rows)


def roles_table(roles: Iterable[Role], today: date) -> Table:
    rows = [
        [
            _cell(capfirst(role.get_kind_display())),
            _cell(str(role.scope)),
            _cell(str(role.organisation) if role.organisation else gettext("not said")),
            _cell(_time(role)),
            _acts(
                [(gettext("End"), reverse("network:end-role", args=[role.pk]))]
                if role.ends_after(today)
                else []
            ),
        ]
        for role in roles
    ]
    header = [gettext("Role"), gettext("Where"), gettext("Works for"), gettext("Time"), gettext("What to do")]
    return _table(gettext("Roles, the newest first"), header, rows)


def cities_table(cities: Sequence[City]) -> Table:
    rows = [
        [
            _cell(str(city), reverse("network:edit-city", args=[city.slug])),
            _cell(city.country_name),
            _cell(_figure(city.newest_population) if city.newest_population else ""),
            _cell(str(city.size.label) if city.size else ""),
        ]
        for city in cities
    ]
    header = [gettext("City"), gettext("Country"), gettext("Inhabitants"), gettext("Size class")]
    return _table(gettext("Cities of the network"), header, rows)


def figures_table(facts: Iterable[CityFact]) -> Table:
    rows = [
        [
            _cell(fact.get_topic_display()),
            _cell(_figure(fact)),
            _cell(str(fact.year) if fact.year else ""),
            _cell(fact.source_name, fact.source_url),
            _acts([(gettext("Correct"), reverse("network:edit-figure", args=[fact.pk]))]),
        ]
        for fact in facts
    ]
    header = [gettext("What"), gettext("Figure"), gettext("Year"), gettext("Source"), gettext("What to do")]
    return _table(gettext("Figures"), header, rows)


def organisations_table(organisations: Iterable[Organisation], today: date) -> Table:
    rows = []
    for organisation in organisations:
        acts_for = [str(each.city) for each in organisation.representations.all() if each.ends_after(today)]
        rows.append(
            [
                _cell(str(organisation), reverse("network:edit-organisation", args=[organisation.slug])),
                _cell(", ".join(acts_for) or gettext("no city")),
            ]
        )
    return _table(gettext("Organisations"), [gettext("Organisation"), gettext("Acts for")], rows)


def representations_table(representations: Iterable[Representation], cities: set[City], today: date) -> Table:
    """Ends can be set for the cities given only."""
    rows = [
        [
            _cell(str(each.city)),
            _cell(_time(each)),
            _acts(
                [(gettext("End"), reverse("network:end-representation", args=[each.pk]))]
                if each.city in cities and each.ends_after(today)
                else []
            ),
        ]
        for each in representations
    ]
    return _table(
        gettext("Cities that it acts for"), [gettext("City"), gettext("Time"), gettext("What to do")], rows
    )


def ties_table(ties: Iterable[Tie], today: date) -> Table:
    rows = [
        [
            _cell(str(tie.city)),
            _cell(tie.work),
            _cell(_time(tie)),
            _cell(date_format(tie.declared_at)),
            _acts(
                [(gettext("End"), reverse("network:end-tie", args=[tie.pk]))] if tie.ends_after(today) else []
            ),
        ]
        for tie in ties
    ]
    header = [gettext("City"), gettext("Work"), gettext("Time"), gettext("Declared"), gettext("What to do")]
    return _table(gettext("Your ties to cities"), header, rows)


def _table(caption: str, header: Sequence[str], rows: list[list[Cell]]) -> Table:
    return {
        "caption": caption,
        "columns": [{"label": label, "kind": "text"} for label in header],
        "rows": rows,
    }


def _cell(text: str, url: str = "") -> Cell:
    return {"text": text, "url": url}


def _acts(acts: Sequence[tuple[str, str]]) -> Cell:
    if not acts:
        return {"text": "–"}
    return {"acts": [{"label": label, "url": url} for label, url in acts]}


def _time(dated: Role | Representation | Tie) -> str:
    since = date_format(dated.since)
    if dated.until is None:
        return gettext("since %(day)s") % {"day": since}
    return pgettext("from a day to a day", "%(first)s – %(last)s") % {
        "first": since,
        "last": date_format(dated.until),
    }


def _figure(fact: CityFact) -> str:
    assert fact.figure is not None
    return f"{format_decimal(fact.figure, locale=get_language())} {fact.get_unit_display()}"
