"""From a finding to what people said about it, and back to the answers it rests on, as somebody reads it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.urls import reverse

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    consultations_heard_by,
    consultations_kept_by,
    consultations_read_by,
    consultations_seen_as_a_whole_by,
    consultations_seen_by,
    findings_to_discuss,
)
from tessera.apps.dialogue.asking import Worded, word_statement
from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.lifecycle import PUBLIC
from tessera.apps.dialogue.models import (
    BriefItem,
    Consultation,
    ConsultationQuerySet,
    Disposition,
    Excerpt,
    Statement,
    Theme,
    ThemeBasis,
    Translation,
)
from tessera.apps.dialogue.picture import Share, read_agreement
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City
from tessera.apps.review.city_findings import read_city_findings
from tessera.apps.review.models import Finding, Review
from tessera.reports.parts import FindingText


@dataclass(frozen=True)
class ThreadConsultation:
    consultation: Consultation
    url: str
    """Where the reader goes on: staff to the page on which it is kept."""


@dataclass(frozen=True)
class ThreadStatement:
    words: Worded
    agreed: Share | None
    """None until the votes are counted after the end, and where too few answered."""
    duplicates: Sequence[Statement]
    """That were merged into it; for those who keep the consultation."""


@dataclass(frozen=True)
class ThreadExcerpt:
    """What somebody said in the room: as it was written down, or as everybody may read it."""

    written: str
    """Empty for those who may not read it."""
    language: Language
    quote: LocalText | None


@dataclass(frozen=True)
class Said:
    """What people said about a finding, or in a theme."""

    statements: Sequence[ThreadStatement]
    excerpts: Sequence[ThreadExcerpt]
    unread_count: int
    """Excerpts that the reader may not read."""

    def __bool__(self) -> bool:
        return bool(self.statements or self.excerpts or self.unread_count)


@dataclass(frozen=True)
class ThreadTheme:
    theme: Theme
    consultation: ThreadConsultation
    disposition: Disposition | None
    """None as long as there is none, or not for the reader."""
    said: Said
    findings: Sequence[Finding]
    """That it rests on, as far as the reader sees them."""
    unread_count: int
    """Findings that it rests on, and the reader does not see."""

    @property
    def rests_on_a_finding(self) -> bool:
        return bool(self.findings or self.unread_count)


@dataclass(frozen=True)
class ThreadFinding:
    finding: Finding
    review: Review
    text: FindingText | None
    """With what it rests on; None for those who see its words alone."""
    consultations: Sequence[ThreadConsultation]
    """Those that are about it."""
    said: Said
    themes: Sequence[Theme]
    is_discussed: bool
    """Whether a consultation that is not only prepared is about it, or somebody said something about it."""


@dataclass(frozen=True)
class Thread:
    findings: Sequence[ThreadFinding]
    """The newest review first, and the most urgent first."""
    themes: Sequence[ThreadTheme]

    @property
    def is_invented(self) -> bool:
        """Whether something of it is made up for a demonstration or a test."""
        return any(each.review.invented for each in self.findings) or any(
            each.consultation.consultation.invented for each in self.themes
        )

    @property
    def not_discussed(self) -> list[ThreadFinding]:
        return [each for each in self.findings if not each.is_discussed]

    @property
    def without_finding(self) -> list[ThreadTheme]:
        return [each for each in self.themes if not each.rests_on_a_finding]


def read_thread(city: City, person: Person | None, day: date, language: str) -> Thread:
    """All threads of a city, in a language; about a dozen queries for anybody, and twice as many for staff.

    Who sees what is asked of `access` of the review and of the dialogue alone: anybody reads what is
    published, and those who keep, coordinate or check read more.
    """
    reader = _Reader(city, person, day)
    people = _WhatPeopleSaid(reader, language)
    found: list[tuple[Finding, Review, FindingText | None]] = [
        (each.finding, each.review, each.text)
        for _review, findings in read_city_findings(city, person, day, language)
        for each in findings
    ]
    known = {finding.pk for finding, _review, _text in found}
    if reader.keeps:
        # Whoever keeps a consultation chooses among these what it is about.
        others = findings_to_discuss(city).exclude(pk__in=known).order_by("-review__year", "place", "pk")
        found += [(finding, finding.review, None) for finding in others]
    findings = {finding.pk: finding for finding, _review, _text in found}
    return Thread(
        [people.about(finding, review, text) for finding, review, text in found],
        [people.in_theme(theme, findings) for theme in people.themes],
    )


class _Reader:
    """Which consultations of the city somebody sees, and how much of each."""

    def __init__(self, city: City, person: Person | None, day: date) -> None:
        read = consultations_read_by(person, city, day)
        self.consultations = {each.pk: each for each in read}
        if person is None:
            self.seen = self.whole = self.heard = self.keeps = frozenset[int]()
            return
        self.seen = self._among(consultations_seen_by(person, day))
        self.whole = self._among(consultations_seen_as_a_whole_by(person, day))
        self.heard = self._among(consultations_heard_by(person, day))
        self.keeps = self._among(consultations_kept_by(person, day))

    def _among(self, allowed: ConsultationQuerySet) -> frozenset[int]:
        ours = allowed.order_by().filter(pk__in=self.consultations)
        return frozenset(ours.values_list("pk", flat=True))

    def with_themes(self) -> list[Consultation]:
        return [
            each for each in self.consultations.values() if each.has_public_themes or each.pk in self.whole
        ]

    def link(self, consultation: Consultation) -> ThreadConsultation:
        if consultation.pk in self.seen:
            url = consultation.get_absolute_url()
        elif consultation.pk in self.whole:
            # An expert of its review does not come to its own page.
            url = reverse("dialogue:themes", args=[consultation.pk])
        elif consultation.has_ended:
            url = reverse("results:page", args=[consultation.slug])
        else:
            url = consultation.take_part_url
        return ThreadConsultation(consultation, url)


class _WhatPeopleSaid:
    """Read at once for all findings and themes."""

    def __init__(self, reader: _Reader, language: str) -> None:
        self._reader, self._language = reader, language
        consultations = reader.consultations
        self._shares = read_agreement(each for each in consultations.values() if each.has_ended)
        self._brief: dict[int, list[Consultation]] = defaultdict(list)
        for item in BriefItem.objects.filter(consultation__in=consultations, finding__isnull=False):
            assert item.finding_id is not None
            self._brief[item.finding_id].append(consultations[item.consultation_id])
        themes = Theme.objects.filter(consultation__in=reader.with_themes()).select_related("disposition")
        self.themes = list(themes.order_by("-consultation", "pk"))
        self._bases: dict[int, list[ThemeBasis]] = defaultdict(list)
        for basis in ThemeBasis.objects.filter(theme__in=self.themes):
            self._bases[basis.theme_id].append(basis)
        self._statements = {each.pk: each for each in self._read_statements()}
        self._excerpts = {each.pk: each for each in self._read_excerpts()}

    def _read_statements(self) -> Iterable[Statement]:
        in_themes = {each.statement_id for bases in self._bases.values() for each in bases}
        merged = Statement.objects.filter(consultation__in=self._reader.keeps)
        return (
            Statement.objects.shown()
            .filter(
                Q(finding__isnull=False) | Q(pk__in=in_themes - {None}),
                consultation__in=self._reader.consultations,
            )
            .prefetch_related(
                Prefetch("translations", Translation.objects.filter(language=self._language)),
                Prefetch("duplicates", merged),
            )
        )

    def _read_excerpts(self) -> Iterable[Excerpt]:
        in_themes = {each.excerpt_id for bases in self._bases.values() for each in bases}
        return Excerpt.objects.filter(
            Q(finding__isnull=False) | Q(pk__in=in_themes - {None}),
            note__held_in__consultation__in=self._reader.consultations,
        ).select_related("note__held_in")

    def about(self, finding: Finding, review: Review, text: FindingText | None) -> ThreadFinding:
        themes = [
            theme
            for theme in self.themes
            if any(basis.finding_id == finding.pk for basis in self._bases[theme.pk])
        ]
        bases = [basis for theme in themes for basis in self._bases[theme.pk]]
        in_themes = {basis.statement_id for basis in bases}, {basis.excerpt_id for basis in bases}
        statements = [
            each
            for each in self._statements.values()
            if each.finding_id == finding.pk or each.pk in in_themes[0]
        ]
        excerpts = [
            each
            for each in self._excerpts.values()
            if each.finding_id == finding.pk or each.pk in in_themes[1]
        ]
        said = self._said(statements, excerpts)
        about_it = self._brief[finding.pk]
        return ThreadFinding(
            finding,
            review,
            text,
            [self._reader.link(each) for each in about_it],
            said,
            themes,
            bool(said or themes or any(each.state in PUBLIC for each in about_it)),
        )

    def in_theme(self, theme: Theme, findings: dict[int, Finding]) -> ThreadTheme:
        consultation = self._reader.consultations[theme.consultation_id]
        bases = self._bases[theme.pk]
        rests_on = {basis.finding_id for basis in bases if basis.finding_id is not None}
        may_see = consultation.answered_on is not None or consultation.pk in self._reader.whole
        return ThreadTheme(
            theme,
            self._reader.link(consultation),
            getattr(theme, "disposition", None) if may_see else None,
            self._said(
                [self._statements[pk] for pk in _known(self._statements, (b.statement_id for b in bases))],
                [self._excerpts[pk] for pk in _known(self._excerpts, (b.excerpt_id for b in bases))],
            ),
            [findings[pk] for pk in findings if pk in rests_on],
            len(rests_on - findings.keys()),
        )

    def _said(self, statements: Iterable[Statement], excerpts: Collection[Excerpt]) -> Said:
        may_hear = [each for each in excerpts if self._may_hear(each)]
        return Said(
            [
                ThreadStatement(
                    word_statement(each, self._language),
                    self._shares.get(each.pk),
                    list(each.duplicates.all()),
                )
                for each in statements
            ],
            [self._excerpt(each) for each in may_hear],
            len(excerpts) - len(may_hear),
        )

    def _may_hear(self, excerpt: Excerpt) -> bool:
        """A cleared quotation is for everybody with the themes; until then it can be taken back."""
        consultation = self._reader.consultations[excerpt.note.held_in.consultation_id]
        is_public = excerpt.quote is not None and consultation.has_public_themes
        return is_public or consultation.pk in self._reader.heard

    def _excerpt(self, excerpt: Excerpt) -> ThreadExcerpt:
        hears = excerpt.note.held_in.consultation_id in self._reader.heard
        return ThreadExcerpt(
            excerpt.words if hears else "", find_language(excerpt.note.language), excerpt.quote
        )


def _known(kept: Collection[int], keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None and key in kept]
