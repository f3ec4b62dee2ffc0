"""Excerpts of what was said, the codes that are given to them, and the quotations that come of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import lock_consultation_to_keep
from tessera.apps.dialogue.access.in_the_room import get_code_to_keep, get_excerpt_to_keep, lock_note_to_keep
from tessera.apps.dialogue.actions.setting_up import check_not_synthesised
from tessera.apps.dialogue.models import Code, Coding, Consultation, Excerpt, Note, Theme
from tessera.apps.dialogue.sentences import trimmed
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.models import Finding


class WrongPassage(ValueError):
    """There are no words at that place of the note."""


class MarkedAlready(ValueError):
    """The very same words are an excerpt already."""


class NotOfTheBrief(ValueError):
    """An excerpt is about a finding of the brief, or about none."""


class ThemesRestOnIt(Exception):
    """An excerpt on which a theme rests stays."""

    def __init__(self, themes: Sequence[Theme]) -> None:
        self.themes = themes
        super().__init__(f"It carries {', '.join(map(str, themes))}.")


class KeyTaken(ValueError):
    """Another code of the codebook has the key."""


class NotOfTheCodebook(ValueError):
    """Only codes that the consultation has can be given to its excerpts."""


@dataclass(frozen=True)
class CodeWords:
    """What a code says, as a form or a file brings it."""

    key: str
    name: str
    definition: str
    includes: str
    excludes: str


# Excerpts


@transaction.atomic
def mark_excerpt(
    *, by: Person, note: Note, starts: int, ends: int, finding: Finding | None, at: datetime
) -> Excerpt:
    """Mark a passage of a note, from one letter until before another. Space around its words falls off.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, WrongPassage,
    MarkedAlready, and NotOfTheBrief.
    """
    consultation = _lock(by, note.held_in.consultation_id, at)
    note = lock_note_to_keep(by, note.pk, timezone.localdate(at))
    found = trimmed(note.text, starts, ends) if 0 <= starts < ends <= len(note.text) else None
    if found is None:
        raise WrongPassage(
            f"Note {note.pk} has {len(note.text)} letters, and no words from {starts} to {ends}."
        )
    _check_of_brief(consultation, finding)
    excerpt, is_new = Excerpt.objects.get_or_create(
        note=note, starts=found[0], ends=found[1], defaults={"marked_by": by, "finding": finding}
    )
    if not is_new:
        raise MarkedAlready(f"Letters {found[0]} to {found[1]} of note {note.pk} are excerpt {excerpt.pk}.")
    return excerpt


@transaction.atomic
def set_finding(*, by: Person, excerpt: Excerpt, finding: Finding | None, at: datetime) -> None:
    """Say which finding of the brief an excerpt is about, or that it is about none.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and
    NotOfTheBrief.
    """
    excerpt, consultation = _lock_excerpt(by, excerpt, at)
    _check_of_brief(consultation, finding)
    excerpt.finding = finding
    excerpt.save(update_fields=["finding"])


def _check_of_brief(consultation: Consultation, finding: Finding | None) -> None:
    if finding is not None and not consultation.brief.filter(finding=finding).exists():
        raise NotOfTheBrief(f"{consultation} is not about finding {finding.pk}.")


@transaction.atomic
def remove_excerpt(*, by: Person, excerpt: Excerpt, at: datetime) -> None:
    """Take an excerpt away, with its codings and its quotation. The note stays as it is.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and
    ThemesRestOnIt.
    """
    excerpt, _ = _lock_excerpt(by, excerpt, at)
    if themes := list(Theme.objects.filter(bases__excerpt=excerpt)):
        raise ThemesRestOnIt(themes)
    excerpt.delete()


# The codebook


@transaction.atomic
def add_code(*, by: Person, consultation: Consultation, words: CodeWords, at: datetime) -> Code:
    """Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, KeyTaken."""
    consultation = _lock(by, consultation.pk, at)
    try:
        with transaction.atomic():
            return Code.objects.create(consultation=consultation, **vars(words))
    except IntegrityError:
        if consultation.codes.filter(key=words.key).exists():
            raise KeyTaken(f"{consultation} has a code {words.key!r} already.") from None
        raise


@transaction.atomic
def change_code(*, by: Person, code: Code, words: CodeWords, at: datetime) -> None:
    """Change what a code says. Its key stays: files name it.

    Raises Http404 unless `by` keeps the consultation, and MoveError once its themes are public.
    """
    _write_code(_lock_code(by, code, at), words)


def _write_code(code: Code, words: CodeWords) -> None:
    code.name, code.definition = words.name, words.definition
    code.includes, code.excludes = words.includes, words.excludes
    code.save()


@transaction.atomic
def remove_code(*, by: Person, code: Code, at: datetime) -> None:
    """Take a code away, also from the excerpts to which it was given: they stay coded, without it.

    Raises Http404 unless `by` keeps the consultation, and MoveError once its themes are public.
    """
    _lock_code(by, code, at).delete()


@transaction.atomic
def take_codebook(*, by: Person, consultation: Consultation, words: Sequence[CodeWords], at: datetime) -> int:
    """Add the codes of a file, and change those whose keys are there already; none is taken away.

    How many are new. Raises Http404 unless `by` keeps the consultation, and MoveError once its themes are
    public.
    """
    consultation = _lock(by, consultation.pk, at)
    kept = {code.key: code for code in consultation.codes.all()}
    for each in words:
        if each.key in kept:
            _write_code(kept[each.key], each)
        else:
            Code.objects.create(consultation=consultation, **vars(each))
    return sum(each.key not in kept for each in words)


# Codings


@transaction.atomic
def code_excerpt(*, by: Person, excerpt: Excerpt, codes: Collection[Code], at: datetime) -> Coding:
    """Give codes to an excerpt, instead of those that `by` gave it before; no codes mean that none fits.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and
    NotOfTheCodebook.
    """
    excerpt, consultation = _lock_excerpt(by, excerpt, at)
    if not set(consultation.codes.all()).issuperset(codes):
        raise NotOfTheCodebook(f"Not all of {', '.join(map(str, codes))} are codes of {consultation}.")
    coding, _ = Coding.objects.get_or_create(excerpt=excerpt, coder=by)
    coding.codes.set(codes)
    return coding


# Quotations


@transaction.atomic
def clear_quote(*, by: Person, excerpt: Excerpt, quote: LocalText, at: datetime) -> None:
    """Let everybody read an excerpt, in these words.

    Raises Http404 unless `by` keeps the consultation, and MoveError once its themes are public.
    """
    excerpt, _ = _lock_excerpt(by, excerpt, at)
    excerpt.quote, excerpt.cleared_by = quote, by
    excerpt.save(update_fields=["quote", "cleared_by"])


@transaction.atomic
def take_quote_back(*, by: Person, excerpt: Excerpt, at: datetime) -> None:
    """Let nobody quote an excerpt any more, as whoever said it may ask, also once its themes are public.

    Raises Http404 unless `by` keeps the consultation.
    """
    day = timezone.localdate(at)
    excerpt = get_excerpt_to_keep(by, excerpt.pk, day)
    lock_consultation_to_keep(by, excerpt.note.held_in.consultation_id, day)
    excerpt.quote = excerpt.cleared_by = None
    excerpt.save(update_fields=["quote", "cleared_by"])


def _lock(by: Person, consultation: int, at: datetime) -> Consultation:
    """Whoever else changes its excerpts or codes, or publishes its themes, waits."""
    found = lock_consultation_to_keep(by, consultation, timezone.localdate(at))
    check_not_synthesised(found)
    return found


def _lock_excerpt(by: Person, excerpt: Excerpt, at: datetime) -> tuple[Excerpt, Consultation]:
    day = timezone.localdate(at)
    found = get_excerpt_to_keep(by, excerpt.pk, day)
    consultation = _lock(by, found.note.held_in.consultation_id, at)
    return get_excerpt_to_keep(by, excerpt.pk, day), consultation


def _lock_code(by: Person, code: Code, at: datetime) -> Code:
    day = timezone.localdate(at)
    _lock(by, get_code_to_keep(by, code.pk, day).consultation_id, at)
    return get_code_to_keep(by, code.pk, day)
