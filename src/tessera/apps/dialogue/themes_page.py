"""Themes with what they rest on, as staff read them while they sum up, and everybody once they are public."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import (
    Consultation,
    Disposition,
    Excerpt,
    SessionKind,
    SessionParticipant,
    Stakeholder,
    StakeholderKind,
    Theme,
    ThemeBasis,
)
from tessera.apps.dialogue.priority_areas import areas_of
from tessera.apps.dialogue.results import texts_of_statements
from tessera.apps.dialogue.what_became import contributions_outside, undisposed
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.access import public_reviews
from tessera.apps.review.city_findings import published_among
from tessera.apps.review.models import Finding
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP
from tessera.reports.landscape.parts import ListedStatement, StatementText
from tessera.reports.landscape.votes import AGREE, VoteWriting
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class ThemeShown:
    theme: Theme
    area: LocalText | None
    """None as long as it is no priority."""
    statements: Sequence[ListedStatement]
    excerpts: Sequence[Excerpt]
    findings: Sequence[Finding]
    disposition: Disposition | None


@dataclass(frozen=True)
class AreaShown:
    """Themes that belong together."""

    name: LocalText | None
    """None for those that are no priority."""
    themes: Sequence[ThemeShown]


@dataclass(frozen=True)
class OutsideShown:
    """A contribution that is in no theme."""

    statement: ListedStatement
    disposition: Disposition | None


@dataclass(frozen=True)
class SessionShown:
    kind: str
    """In words."""
    held_on: date
    people: int | None
    """None for fewer than `FEWEST_IN_A_PUBLIC_GROUP`."""
    organisations: Sequence[str]
    """That came to a round table. At other sessions they could tell who said what is quoted."""


@dataclass(frozen=True)
class PublicThemes:
    """All that everybody may read of what came of a consultation."""

    areas: Sequence[AreaShown]
    outside: Sequence[OutsideShown]
    sessions: Sequence[SessionShown]
    counted_on: date | None
    """The day of the figures; None where too few people voted for any."""

    @property
    def theme_count(self) -> int:
        return sum(len(area.themes) for area in self.areas)


@dataclass(frozen=True)
class ListedStatements:
    """The shown statements in the words of a language, each with how people voted once that is final."""

    by_key: Mapping[int, ListedStatement]
    counted_on: date | None


@dataclass(frozen=True)
class SummingUp:
    """How far staff are with themes and answer, in numbers."""

    themes: int
    priorities: int
    undecided: int
    """Themes, and contributions outside them, about which nothing is decided; 0 before they are public."""


def count_summing_up(consultation: Consultation) -> SummingUp:
    """Three queries at most."""
    areas = list(consultation.themes.values_list("area", flat=True))
    missing = undisposed(consultation) if consultation.has_public_themes else None
    return SummingUp(
        len(areas),
        sum(area != "" for area in areas),
        0 if missing is None else len(missing.themes) + len(missing.statements),
    )


def standing_bases(consultation: Consultation) -> QuerySet[ThemeBasis]:
    """What its themes rest on. A statement that was hidden since is no basis any more."""
    is_shown = Q(statement__isnull=True) | Q(statement__state=StatementState.SHOWN)
    return ThemeBasis.objects.filter(is_shown, theme__consultation=consultation)


def list_statements(consultation: Consultation, language: str) -> ListedStatements:
    """Four queries, whatever the size."""
    words, texts = Wording(language), texts_of_statements(consultation, language)
    shown = read_shown(consultation)
    if shown is None or not shown.is_final:
        name = words.gettext("Statement %(number)s")
        plain = {
            int(key): ListedStatement(StatementText(name % {"number": key}, text.text, text.language), "", ())
            for key, text in texts.items()
        }
        return ListedStatements(plain, None)
    return ListedStatements(_with_votes(VoteWriting(words, shown.overview, texts)), shown.found_on)


def _with_votes(writing: VoteWriting) -> dict[int, ListedStatement]:
    rows = writing.overview.rows
    listed = {}
    for key, text in writing.texts.items():
        if key in rows:
            votes = (writing.in_words("", writing.of_everybody(rows[key]), AGREE),)
            listed[int(key)] = ListedStatement(writing.statement(rows[key]), "", votes)
        else:
            name = writing.words.gettext("Statement %(number)s") % {"number": key}
            listed[int(key)] = ListedStatement(StatementText(name, text.text, text.language), "", ())
    return listed


def read_themes(consultation: Consultation, language: str) -> list[ThemeShown]:
    """As staff read them, in the order in which they were written. Seven queries, whatever the size."""
    listed, areas = list_statements(consultation, language), areas_of(consultation.city)
    themes = consultation.themes.select_related("disposition", "written_by")
    return _join(standing_bases(consultation), themes, listed, areas)


def read_public_themes(consultation: Consultation, language: str) -> PublicThemes:
    """As everybody reads them: quotations that were cleared, and findings as their reviews were published.

    What the city answers is in it from the day on which that was published. Ten queries, whatever the size.
    """
    is_public = Exists(public_reviews().filter(pk=OuterRef("finding__review")))
    bases = standing_bases(consultation).filter(
        Q(statement__isnull=False) | Q(excerpt__quote__isnull=False) | is_public
    )
    bases = bases.select_related("finding__review__standing_publication")
    listed, areas = list_statements(consultation, language), areas_of(consultation.city)
    themes = consultation.themes.select_related("disposition")
    outside = contributions_outside(consultation).select_related("disposition")
    is_answered = consultation.answered_on is not None
    return PublicThemes(
        areas=by_area(_as_published(_join(bases, themes, listed, areas)), areas),
        outside=[
            OutsideShown(listed.by_key[each.pk], getattr(each, "disposition", None) if is_answered else None)
            for each in outside
            if each.pk in listed.by_key
        ],
        sessions=_sessions(consultation),
        counted_on=listed.counted_on,
    )


def _as_published(themes: Sequence[ThemeShown]) -> Sequence[ThemeShown]:
    """Without findings that a correction of their review changed, until that is published."""
    # All are of the review that the consultation is about.
    review = next((finding.review for each in themes for finding in each.findings), None)
    if review is None:
        return themes
    return [replace(each, findings=list(published_among(review, each.findings))) for each in themes]


def _join(
    bases: QuerySet[ThemeBasis],
    themes: Iterable[Theme],
    listed: ListedStatements,
    areas: Mapping[str, LocalText],
) -> list[ThemeShown]:
    found: dict[int, list[ThemeBasis]] = {}
    for basis in bases.select_related("excerpt__note__held_in", "finding__review__city"):
        found.setdefault(basis.theme_id, []).append(basis)
    return [_shown(theme, found.get(theme.pk, []), listed, areas) for theme in themes]


def _shown(
    theme: Theme,
    bases: Sequence[ThemeBasis],
    listed: ListedStatements,
    areas: Mapping[str, LocalText],
) -> ThemeShown:
    return ThemeShown(
        theme,
        areas.get(theme.area),
        [
            listed.by_key[each.statement_id]
            for each in bases
            if each.statement_id is not None and each.statement_id in listed.by_key
        ],
        [each.excerpt for each in bases if each.excerpt is not None],
        [each.finding for each in bases if each.finding is not None],
        getattr(theme, "disposition", None),
    )


def by_area(themes: Sequence[ThemeShown], areas: Mapping[str, LocalText]) -> list[AreaShown]:
    """In the order of the areas, those without a theme left out; then the themes that are no priority."""
    found = [
        AreaShown(name, [each for each in themes if each.theme.area == key]) for key, name in areas.items()
    ]
    found.append(AreaShown(None, [each for each in themes if each.area is None]))
    return [area for area in found if area.themes]


def _sessions(consultation: Consultation) -> list[SessionShown]:
    """Those that were held before the themes were published."""
    # Django drops the order of a model where it counts.
    held = consultation.sessions.filter(held_on__lte=consultation.synthesised_on).order_by("held_on", "pk")
    of_organisations = Stakeholder.objects.filter(kind=StakeholderKind.ORGANISATION)
    participants = SessionParticipant.objects.filter(stakeholder__in=of_organisations)
    spoke = Prefetch("participants", participants.select_related("stakeholder"), to_attr="of_organisations")
    return [
        SessionShown(
            session.get_kind_display(),
            session.held_on,
            session.people if session.people >= FEWEST_IN_A_PUBLIC_GROUP else None,
            sorted({str(each.stakeholder) for each in session.of_organisations})
            if session.kind == SessionKind.ROUND_TABLE
            else [],
        )
        for session in held.annotate(people=Count("participants")).prefetch_related(spoke)
    ]
