"""How far those who code the same excerpts give them the same codes, and where they differ."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access.in_the_room import excerpts_coded_by, excerpts_of
from tessera.apps.dialogue.models import Code, Coding, Consultation, Excerpt
from tessera.apps.dialogue.vote_files import in_cell, write_table
from tessera.engines.index.agreement import Level, krippendorff_alpha
from tessera.engines.index.errors import NotComputable

RELIABLE_FROM, TENTATIVE_FROM = 0.8, 0.667
"""Krippendorff (2004), Content Analysis, second edition, page 241."""


class Verdict(StrEnum):
    """What an alpha lets one conclude."""

    RELIABLE = "reliable"
    TENTATIVE = "tentative"
    UNRELIABLE = "unreliable"
    NOT_ENOUGH = "not-enough"
    """There is none: nobody else coded the same, or nothing varies."""


@dataclass(frozen=True)
class Agreement:
    """Over decisions whether a code is given to an excerpt, each made by two people or more."""

    decisions: int
    same: int
    """Of them, in how many all were of one mind."""
    alpha: float | None
    """Krippendorff's, nominal; None where there is none."""

    @property
    def verdict(self) -> Verdict:
        if self.alpha is None:
            return Verdict.NOT_ENOUGH
        if self.alpha >= RELIABLE_FROM:
            return Verdict.RELIABLE
        return Verdict.TENTATIVE if self.alpha >= TENTATIVE_FROM else Verdict.UNRELIABLE


@dataclass(frozen=True)
class CodingAgreement:
    coders: tuple[Person, ...]
    """Who has coded anything, by name."""
    excerpts: int
    """Which two people or more have coded."""
    overall: Agreement
    """Over all pairs of an excerpt and a code."""
    by_code: tuple[tuple[Code, Agreement], ...]


@dataclass(frozen=True)
class Disagreement:
    """A code that some gave to an excerpt, and others who coded it did not."""

    excerpt: Excerpt
    code: Code
    given_by: tuple[Person, ...]
    not_given_by: tuple[Person, ...]


def read_agreement(consultation: Consultation) -> CodingAgreement:
    """Of all who coded excerpts of a consultation, and whatever their number; four queries."""
    codes = list(consultation.codes.all())
    excerpts = list(excerpts_of(consultation).values_list("pk", flat=True))
    codings = list(
        Coding.objects.filter(excerpt__in=excerpts).select_related("coder").prefetch_related("codes")
    )
    coders = sorted({each.coder for each in codings}, key=lambda person: (person.name, person.pk))
    given = _given(codings, coders, excerpts, codes)
    times_coded = Counter(each.excerpt_id for each in codings)
    return CodingAgreement(
        coders=tuple(coders),
        excerpts=sum(times >= 2 for times in times_coded.values()),
        overall=_agree(given.reshape(len(coders), len(excerpts) * len(codes))),
        by_code=tuple((code, _agree(given[:, :, place])) for place, code in enumerate(codes)),
    )


def _given(
    codings: Sequence[Coding], coders: Sequence[Person], excerpts: Sequence[int], codes: Sequence[Code]
) -> NDArray[np.float64]:
    """1 for given, 0 for not, and NaN for what somebody has not coded, (n_coders, n_excerpts, n_codes)."""
    rows = {person.pk: place for place, person in enumerate(coders)}
    columns = {pk: place for place, pk in enumerate(excerpts)}
    layers = {code.pk: place for place, code in enumerate(codes)}
    given = np.full((len(coders), len(excerpts), len(codes)), nan)
    for each in codings:
        decided = given[rows[each.coder_id], columns[each.excerpt_id]]
        decided[:] = 0
        decided[[layers[code.pk] for code in each.codes.all()]] = 1
    return given


def _agree(given: NDArray[np.float64]) -> Agreement:
    shared = given[:, (~np.isnan(given)).sum(axis=0) >= 2]
    same = 0 if not shared.size else int((np.nanmin(shared, axis=0) == np.nanmax(shared, axis=0)).sum())
    try:
        alpha = krippendorff_alpha(given, Level.NOMINAL)
    except NotComputable:
        alpha = None
    return Agreement(decisions=shared.shape[1], same=same, alpha=alpha)


def disagreements_shown_to(person: Person, consultation: Consultation) -> Iterator[Disagreement]:
    """Of the excerpts that the person has coded, too; by excerpt, then by code."""
    codes = list(consultation.codes.all())
    excerpts = excerpts_coded_by(person, consultation)
    for excerpt in excerpts.prefetch_related("codings__codes", "codings__coder"):
        gave = {
            each.coder: {code.pk for code in each.codes.all()}
            for each in sorted(excerpt.codings.all(), key=lambda coding: (coding.coder.name, coding.coder_id))
        }
        for code in codes:
            given_by = tuple(coder for coder, given in gave.items() if code.pk in given)
            if given_by and len(given_by) < len(gave):
                not_given_by = tuple(coder for coder in gave if coder not in given_by)
                yield Disagreement(excerpt, code, given_by, not_given_by)


def write_disagreements(disagreements: Iterator[Disagreement]) -> bytes:
    """`excerpt,session,day,words,language,code,given_by,not_given_by`, as a CSV file."""
    header = ("excerpt", "session", "day", "words", "language", "code", "given_by", "not_given_by")
    return write_table(
        header,
        (
            (
                each.excerpt.pk,
                in_cell(str(each.excerpt.note.held_in.title)),
                each.excerpt.note.held_in.held_on,
                in_cell(each.excerpt.words),
                each.excerpt.note.language,
                each.code.key,
                in_cell("; ".join(person.name for person in each.given_by)),
                in_cell("; ".join(person.name for person in each.not_given_by)),
            )
            for each in disagreements
        ),
    )
