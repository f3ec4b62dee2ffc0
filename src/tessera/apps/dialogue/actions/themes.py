"""Summing up what people said in themes, and publishing these."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import lock_consultation_to_keep, lock_own_consultation
from tessera.apps.dialogue.access.in_the_room import excerpts_of
from tessera.apps.dialogue.access.summing_up import findings_for_themes, get_theme_of
from tessera.apps.dialogue.actions.setting_up import check_not_synthesised
from tessera.apps.dialogue.landscapes import is_counted
from tessera.apps.dialogue.lifecycle import Act, State, move
from tessera.apps.dialogue.models import Consultation, Theme, ThemeBasis
from tessera.apps.dialogue.priority_areas import areas_of
from tessera.apps.dialogue.themes_page import standing_bases
from tessera.apps.network.local_text import LocalText


class Obstacle(Enum):
    """Why the themes of a consultation cannot be published yet."""

    NOT_COUNTED = "not-counted"
    NO_THEME = "no-theme"
    NO_BASIS = "no-basis"
    TEXTS_MISSING = "texts-missing"


class CannotSynthesise(Exception):
    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(f"It cannot be published yet: {', '.join(each.value for each in obstacles)}.")


class UnknownArea(ValueError):
    """The city has no such priority area."""


class NotOfTheConsultation(ValueError):
    """A theme rests on what is shown, was said, or is found where it belongs; not on anything else."""


@dataclass(frozen=True)
class Bases:
    """Things that a theme rests on, by their keys."""

    statements: frozenset[int] = frozenset()
    excerpts: frozenset[int] = frozenset()
    findings: frozenset[int] = frozenset()


@transaction.atomic
def write_theme(
    *,
    by: Person,
    consultation: Consultation,
    pk: int | None,
    title: LocalText,
    summary: LocalText,
    area: str,
    at: datetime,
) -> Theme:
    """Begin a theme, or, with `pk`, put one otherwise. With an area it is a priority of the city.

    Raises Http404 unless `by` keeps the consultation, MoveError while that is prepared and once its themes
    are public, and UnknownArea.
    """
    consultation = lock_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    _check_takes_themes(consultation)
    if area and area not in areas_of(consultation.city):
        raise UnknownArea(f"{consultation.city} has no priority area {area!r}.")
    new = Theme(consultation=consultation, written_by=by)
    theme = new if pk is None else get_theme_of(consultation, pk)
    theme.title, theme.summary, theme.area = title, summary, area
    theme.save()
    return theme


@transaction.atomic
def choose_bases(*, by: Person, theme: Theme, add: Bases, remove: Bases, at: datetime) -> None:
    """Say what else a theme rests on, and on what it does not rest any more.

    Raises Http404 unless `by` keeps its consultation, MoveError once the themes are public, and
    NotOfTheConsultation for a statement that is not shown, and for anything from elsewhere.
    """
    consultation = lock_consultation_to_keep(by, theme.consultation_id, timezone.localdate(at))
    _check_takes_themes(consultation)
    theme = get_theme_of(consultation, theme.pk)
    _change(theme, "statement", add.statements, remove.statements, consultation.statements.shown())
    _change(theme, "excerpt", add.excerpts, remove.excerpts, excerpts_of(consultation))
    _change(theme, "finding", add.findings, remove.findings, findings_for_themes(consultation))


def _change(
    theme: Theme, kind: str, add: Collection[int], remove: Collection[int], offered: QuerySet
) -> None:
    found = set(offered.filter(pk__in=add).values_list("pk", flat=True))
    if strange := set(add) - found:
        raise NotOfTheConsultation(f"{theme} cannot rest on {kind} {min(strange)}.")
    kept = {getattr(each, f"{kind}_id"): each for each in theme.bases.filter(**{f"{kind}__isnull": False})}
    for key in sorted(set(remove) & set(kept)):
        kept[key].delete()
    for key in sorted(found - set(kept)):
        ThemeBasis.objects.create(theme=theme, **{f"{kind}_id": key})


@transaction.atomic
def delete_theme(*, by: Person, theme: Theme, at: datetime) -> None:
    """Raises Http404 unless `by` keeps its consultation, and MoveError once the themes are public."""
    consultation = lock_consultation_to_keep(by, theme.consultation_id, timezone.localdate(at))
    _check_takes_themes(consultation)
    get_theme_of(consultation, theme.pk).delete()


def _check_takes_themes(consultation: Consultation) -> None:
    """Raises MoveError before anybody was asked, and once the themes are public."""
    check_not_synthesised(consultation)
    if consultation.state == State.DRAFT:
        move(consultation.state, Act.SYNTHESISE)


def obstacles_to_synthesis(consultation: Consultation) -> list[Obstacle]:
    """What has to be done before the themes can be published; empty when nothing stands in the way."""
    found = []
    if not is_counted(consultation):
        found.append(Obstacle.NOT_COUNTED)
    if not consultation.themes.exists():
        found.append(Obstacle.NO_THEME)
    if themes_without_basis(consultation):
        found.append(Obstacle.NO_BASIS)
    if themes_not_translated(consultation):
        found.append(Obstacle.TEXTS_MISSING)
    return found


def themes_without_basis(consultation: Consultation) -> list[Theme]:
    """Those that rest on nothing that is still there."""
    rests = Exists(standing_bases(consultation).filter(theme=OuterRef("pk")))
    return list(consultation.themes.filter(~rests))


def themes_not_translated(consultation: Consultation) -> dict[Theme, list[str]]:
    """Those that are not in every language of the consultation, each with the languages that are missing."""
    found = {
        theme: languages_missing(consultation, theme.title, theme.summary)
        for theme in consultation.themes.all()
    }
    return {theme: missing for theme, missing in found.items() if missing}


def languages_missing(consultation: Consultation, *texts: LocalText) -> list[str]:
    """Of the consultation's, in which one of the texts is not written."""
    return [code for code in consultation.languages if any(not text.texts.get(code) for text in texts)]


@transaction.atomic
def publish_themes(*, by: Person, consultation: Consultation, at: datetime) -> None:
    """Let everybody read the themes and what they rest on; from then on they stay as they are.

    Raises Http404 unless `by` is officer of the city, MoveError unless it is closed, and CannotSynthesise.
    """
    day = timezone.localdate(at)
    consultation = lock_own_consultation(by, consultation.pk, day)
    state = move(consultation.state, Act.SYNTHESISE)
    if obstacles := obstacles_to_synthesis(consultation):
        raise CannotSynthesise(obstacles)
    consultation.state, consultation.synthesised_on = state, day
    consultation.save(update_fields=["state", "synthesised_on"])
