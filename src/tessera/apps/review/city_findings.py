"""The findings about a city, with what they rest on, as somebody may read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City
from tessera.apps.review.access import public_reviews
from tessera.apps.review.access.checking import reviews_with_findings_seen_by
from tessera.apps.review.expert_words import finding_in_words
from tessera.apps.review.models import Finding, Review
from tessera.frameworks import expert_words as words
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import Profile
from tessera.frameworks.scoring import score_sheet
from tessera.reports.findings import build_findings
from tessera.reports.parts import FindingText
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class CityFinding:
    finding: Finding
    review: Review
    text: FindingText
    """Its words, and what it rests on."""


def read_city_findings(
    city: City, person: Person | None, day: date, language: str
) -> list[tuple[Review, list[CityFinding]]]:
    """By review, the newest first, and the most urgent first; without reviews of which nothing is seen.

    Anybody reads those of published reviews as they were published: one that was changed since, while its
    review is corrected, is left out until the correction is published. Whoever sees the findings of a review
    before or beside that reads them as they stand, with all answers and pieces of evidence. Two queries for
    anybody and twelve for whoever is signed in, whatever their number.
    """
    public = list(public_reviews().filter(city=city).select_related("standing_publication"))
    seen = [] if person is None else list(_seen_by(person, city, day))
    reviews = {review.pk: review for review in [*public, *seen]}
    standing = {review.pk for review in seen}
    found: dict[int, list[Finding]] = {key: [] for key in reviews}
    for finding in _findings_of(reviews, standing):
        found[finding.review_id].append(finding)
    listed = sorted(reviews.values(), key=lambda review: (review.year, review.pk), reverse=True)
    by_review = (
        (
            review,
            _as_they_stand(review, found[review.pk], language)
            if review.pk in standing
            else _as_published(review, found[review.pk], language),
        )
        for review in listed
    )
    return [(review, findings) for review, findings in by_review if findings]


def _seen_by(person: Person, city: City, day: date) -> Iterable[Review]:
    return reviews_with_findings_seen_by(person, day).filter(city=city).with_answers()


def _findings_of(reviews: Iterable[int], standing: Iterable[int]) -> Iterator[Finding]:
    findings = Finding.objects.order_by("place", "pk")
    yield from findings.filter(review__in=set(reviews) - set(standing))
    if standing:
        yield from findings.filter(review__in=standing).prefetch_related("bases__evidence__file")


def _as_they_stand(review: Review, findings: Sequence[Finding], language: str) -> list[CityFinding]:
    said = {finding: finding_in_words(review, finding, only_public=False) for finding in findings}
    sheet = review.sheet()
    return _worded(review, said, sheet, score_sheet(review.framework, sheet), language) if said else []


def _as_published(review: Review, findings: Sequence[Finding], language: str) -> list[CityFinding]:
    publication, said = review.publication, published_among(review, findings)
    return _worded(review, said, publication.sheet, publication.profile, language) if said else []


def published_among(review: Review, findings: Iterable[Finding]) -> dict[Finding, words.Finding]:
    """Of a public review: those that read as they were published, each with what was published of it."""
    published = {_mark(said.kind, said.text): said for said in review.publication.words.findings}
    marks = {finding: _mark(finding.kind, finding.text) for finding in findings}
    return {finding: published[mark] for finding, mark in marks.items() if mark in published}


def _mark(kind: str, text: LocalText | words.TranslatedText) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What tells a finding from the others of its review, kept or published."""
    return (str(kind), text.source, tuple(sorted(text.texts.items())))


def _worded(
    review: Review,
    said: Mapping[Finding, words.Finding],
    sheet: AnswerSheet,
    profile: Profile,
    language: str,
) -> list[CityFinding]:
    texts = review.framework.text(language)
    report = build_findings(
        Wording(language), review.framework, texts, sheet, profile, ExpertWords(tuple(said.values()))
    )
    assert report is not None, "there is a finding"
    return [CityFinding(finding, review, text) for finding, text in zip(said, report.items, strict=True)]
