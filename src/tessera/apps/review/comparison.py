"""The cities of a cycle side by side: what each review that takes part says, in the order of the alphabet.

Never in the order of scores, without a rank and without a mean: cities read it to learn from each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils import timezone

from tessera.apps.network.models import City
from tessera.apps.review.expert_words import finding_in_words
from tessera.apps.review.models import Cycle, FindingKind, Review, ReviewQuerySet
from tessera.frameworks import expert_words as words
from tessera.frameworks.expert_words import TranslatedText
from tessera.frameworks.profile import Profile
from tessera.frameworks.schema import Area
from tessera.frameworks.scores.reading import CORE, EXTENDED
from tessera.frameworks.scoring import score_sheet

OVERALLS = (CORE, EXTENDED)


@dataclass(frozen=True)
class ComparedFinding:
    """A finding without the evidence that it rests on, which other cities do not read."""

    kind: FindingKind
    text: TranslatedText
    next_step: TranslatedText | None
    areas: tuple[str, ...]
    questions: tuple[str, ...]

    def is_about(self, area: Area) -> bool:
        """Whether it rests on an area, on a part of it, or on an answer in it."""
        inside = {area.key, *(part.key for part in area.areas)}
        asked = {question.key for part in area.plain_areas() for question in part.questions}
        return bool(inside & set(self.areas) or asked & set(self.questions))


@dataclass(frozen=True)
class ComparedReview:
    review: Review
    profile: Profile
    findings: tuple[ComparedFinding, ...]
    """The most urgent first."""
    is_published: bool
    stands_since: date
    """The day on which it was published, or else validated."""


class Reason(Enum):
    """Why a review is not comparable with the others."""

    QUESTIONNAIRE = "another questionnaire or version of it"
    PATHWAY = "more or fewer questions"


@dataclass(frozen=True)
class Comparison:
    cycle: Cycle
    reviews: tuple[ComparedReview, ...]
    not_comparable: tuple[tuple[Review, Reason], ...]
    """Reviews that take part and answer something else than the cycle asks."""

    @property
    def areas(self) -> tuple[Area, ...]:
        """Those with questions that the cycle asks, a composite one before those inside it."""
        pathway = self.cycle.asked_pathway
        return tuple(
            area
            for area in self.cycle.framework.all_areas()
            if any(part.asked(pathway) for part in area.plain_areas())
        )

    @property
    def overalls(self) -> tuple[str, ...]:
        """The overall scores that at least one city has."""
        return tuple(name for name in OVERALLS if any(name in each.profile.overall for each in self.reviews))

    def findings_in(self, area: Area) -> dict[int, tuple[ComparedFinding, ...]]:
        """Of each review, by its number, the findings about an area."""
        return {
            each.review.pk: tuple(finding for finding in each.findings if finding.is_about(area))
            for each in self.reviews
        }

    def other_findings(self) -> dict[int, tuple[ComparedFinding, ...]]:
        """Of each review, by its number, the findings about no area: those that rest on evidence alone."""
        return {
            each.review.pk: tuple(
                finding for finding in each.findings if not any(finding.is_about(area) for area in self.areas)
            )
            for each in self.reviews
        }


def read_comparison(cycle: Cycle, reviews: ReviewQuerySet) -> Comparison:
    """Reviews of a cycle side by side, in the same number of queries however many.

    What is published is read as it was frozen; of any other review the scores come from its answers, and
    other cities play no part in them.
    """
    found = _in_alphabet(
        reviews.with_answers()
        .select_related("city", "standing_publication")
        .prefetch_related("findings__bases__evidence__file")
    )
    reasons = {review.pk: _why_not(cycle, review) for review in found}
    return Comparison(
        cycle=cycle,
        reviews=tuple(_compared(review) for review in found if reasons[review.pk] is None),
        not_comparable=tuple(
            (review, reason) for review in found if (reason := reasons[review.pk]) is not None
        ),
    )


def _in_alphabet(reviews: ReviewQuerySet) -> list[Review]:
    cities = City.objects.filter(pk__in=reviews.values("city"))
    place = {city.pk: number for number, city in enumerate(cities.alphabetical())}
    return sorted(reviews, key=lambda review: place[review.city_id])


def _why_not(cycle: Cycle, review: Review) -> Reason | None:
    if (review.framework_id, review.version) != (cycle.framework_id, cycle.version):
        return Reason.QUESTIONNAIRE
    return None if review.pathway == cycle.pathway else Reason.PATHWAY


def _compared(review: Review) -> ComparedReview:
    if review.standing_publication is not None:
        publication = review.publication
        return ComparedReview(
            review=review,
            profile=publication.profile,
            findings=_findings(publication.words.findings),
            is_published=True,
            stands_since=timezone.localdate(publication.published_at),
        )
    # A constraint holds that a validated review says when it was.
    assert review.validated_at is not None
    return ComparedReview(
        review=review,
        profile=score_sheet(review.framework, review.sheet()),
        findings=_findings(
            finding_in_words(review, finding, only_public=True) for finding in review.findings.all()
        ),
        is_published=False,
        stands_since=timezone.localdate(review.validated_at),
    )


def _findings(findings: Iterable[words.Finding]) -> tuple[ComparedFinding, ...]:
    return tuple(
        ComparedFinding(
            kind=FindingKind(finding.kind),
            text=finding.text,
            next_step=finding.next_step,
            areas=finding.areas,
            questions=finding.questions,
        )
        for finding in findings
    )
